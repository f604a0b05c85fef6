"""Weigh the worlds of past cases as `tocsin assess` weighs them: by the challenger's pressure in the pair's own earlier years.

Each earlier year is compared with the model of that year, at the forces of that year. A past year weighs as much as the series of earlier
years is worth in independent years (`record_blocks.independent_share`).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.backtest.play import Played
from tocsin.case.record_blocks import independent_share


def log_weights(played: Played, years: pl.DataFrame, cases: pl.DataFrame) -> np.ndarray:
    """Return the log weights of types and worlds in each case, (types, cases, worlds); 0 for pairs without earlier years.

    Args:
        played: the years of rivalry in every world.
        years: these years: challenger, target, year and press, 1 if the challenger began a dispute.
        cases: the cases: challenger, target and year.
    """
    press = np.clip(played.press, 1e-9, 1.0 - 1e-9)
    begun = years["press"].to_numpy()
    logs = np.where(begun[None, :, None] == 1, np.log(press), np.log1p(-press))
    logs = np.where(played.settled, logs, 0.0)
    earlier = _rows_by_pair(years)
    weights = np.zeros((len(played.weights), cases.height, press.shape[2]))
    for case, (challenger, target, year) in enumerate(cases.select("challenger", "target", "year").iter_rows()):
        when, rows = earlier.get((challenger, target), (np.empty(0), np.empty(0, dtype=int)))
        before = rows[: np.searchsorted(when, year)]
        if before.size:
            share = independent_share([float(value) for value in begun[before]])
            weights[:, case] = share * logs[:, before].sum(axis=1)
    return weights


def _rows_by_pair(years: pl.DataFrame) -> dict[tuple[int, int], tuple[np.ndarray, np.ndarray]]:
    """Return for each pair its years in order, and their rows."""
    groups = years.with_row_index("row").sort("year").group_by("challenger", "target", maintain_order=True)
    return {(int(pair[0]), int(pair[1])): (group["year"].to_numpy(), group["row"].to_numpy()) for pair, group in groups}
