"""Predict past cases by the dispute of three moves whose payoffs are estimated from earlier cases."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from tocsin.backtest.results import FIRST_DECADE
from tocsin.evidence.hostility.fit import fit
from tocsin.evidence.past.samples import GENERAL, IMMEDIATE, OUTCOMES, Past
from tocsin.evidence.stages.game import StageGame
from tocsin.evidence.stages.history import History


def forward(past: Mapping[str, Past], history: History) -> dict[str, dict[str, np.ndarray]]:
    """Return the game's predictions by kind and outcome, (cases,); those of a decade are learned from all years before it.

    Years of rivalry are learned from years of the same kind, and disputes beside years of the kind `GENERAL`. Predictions are NaN before
    `FIRST_DECADE`.

    Args:
        past: past cases of each kind in `OUTCOMES`.
        history: the record of all pairs.
    """
    found = {kind: {name: np.full(part.cases.height, np.nan) for name in OUTCOMES[kind]} for kind, part in past.items()}
    last = max(int(part.cases["year"].max()) for part in past.values())  # type: ignore[arg-type]
    for start in range(FIRST_DECADE, last + 1, 10):
        games = {kind: _learned(past, kind, history, start) for kind in OUTCOMES if kind != IMMEDIATE}
        for kind, part in past.items():
            years = part.cases["year"].to_numpy()
            rows = np.flatnonzero((years >= start) & (years < start + 10))
            if rows.size:
                predicted = games.get(kind, games[GENERAL]).predict(_unseen(part.cases[rows.tolist()]), history)
                for name, values in found[kind].items():
                    in_year = name == "war" and kind != IMMEDIATE
                    values[rows] = predicted["war in year" if in_year else name]
    return found


def _learned(past: Mapping[str, Past], kind: str, history: History, start: int) -> StageGame:
    """Return the game learned from the years of a kind and the disputes before a year."""
    before = pl.col("year") < start
    years, disputes = past[kind].cases.filter(before), past[IMMEDIATE].cases.filter(before)
    hostility = fit(history.record, years, years["press"].to_numpy()).parameters
    return StageGame.fit(years, disputes, history, hostility)


def _unseen(cases: pl.DataFrame) -> pl.DataFrame:
    return cases.drop({name for names in OUTCOMES.values() for name in names}, strict=False)
