"""Estimate the filter from all years of strategic rivalry, and store what it needs to give the rate of any pair in any later year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from tocsin.data.codes import code_of
from tocsin.evidence.hostility.filter import Sums
from tocsin.evidence.hostility.fit import Fit, fit
from tocsin.evidence.hostility.record import Record, record
from tocsin.evidence.past.roles import PAIR
from tocsin.evidence.past.samples import begun, rival_years
from tocsin.evidence.results import EstimateRow, StoredFigures

SOURCES = ("mid_dyads", "mid_disputes", "rivalries_tss", "states")
DRAWS = 4_000
NAMES: Mapping[str, str] = {
    "strength": "weight of the mean in years",
    "mean": "rate of a pair without a record per year",
    "began": "added by a year in which the challenger began a dispute",
    "against": "added by a year in which the target began one",
    "going": "added by a year in which a dispute went on",
    "half_life": "half-life in years",
}
"""The parameters of the filter in words."""
LEAST = 0.005
"""The sums of a pair are stored if that of its years with a dispute is at least this; a smaller one no longer tells."""


def years_of_risk(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return years of rivalry with no dispute going on when they begin: challenger, target, year and `press`, 0 or 1.

    Args:
        tables: the sources in `SOURCES`, by name.
    """
    years, _ = rival_years(tables, begun(tables))
    return years.select(*PAIR, "press").sort(PAIR)


def fitted(tables: Mapping[str, pl.DataFrame]) -> Fit:
    """Return the filter fitted to all years of risk, with errors; `tables` as in `years_of_risk`."""
    cases = years_of_risk(tables)
    history = record(tables["mid_dyads"], tables["states"], list(cases.select(PAIR[:2]).unique().iter_rows()))
    return fit(history, cases, cases["press"].to_numpy(), with_errors=True)


def estimate(tables: Mapping[str, pl.DataFrame], *, seed: int) -> StoredFigures:
    """Return the parameters, and for each pair with a dispute its sums at 1 January after the last year of the data.

    Args:
        tables: the sources in `SOURCES`, by name.
        seed: seed of the draws of the parameters.
    """
    model = fitted(tables)
    draws = np.exp(model.draws(DRAWS, seed=seed))
    rows = [EstimateRow.from_draws({"what": what}, draws[:, index]) for index, what in enumerate(NAMES.values())]
    mids = tables["mid_dyads"]
    pairs = list(mids.select("state1", "state2").unique().iter_rows())
    history = record(mids, tables["states"], pairs)
    return StoredFigures(
        counted=({"what": "years of risk", "years": model.cases, "disputes begun": model.events},),
        estimated=tuple(rows),
        diagnostics={"seed": seed, "draws": DRAWS},
        cases=model.cases,
        details={
            "year": float(history.last + 1),
            "logs": [round(float(value), 6) for value in model.parameters.logs],
            "covariance": [round(float(value), 8) for value in model.covariance[:-1, :-1].ravel()],
            "pairs": _pairs(history, model.parameters.half_life),
            "since": _since(tables["states"], history.last),
        },
    )


def _pairs(history: Record, half_life: float) -> dict[str, str]:
    """Return the sums of pairs at 1 January after the last year, in the order of `Sums`, by CHALLENGER/TARGET."""
    sums = Sums(*(values[:, -1] for values in history.sums(half_life)))
    texts = {}
    for index in np.flatnonzero(sums.going >= LEAST):
        names = (code_of(int(state), history.last) for state in history.pairs[index])
        texts["/".join(names)] = " ".join(f"{values[index]:.4f}" for values in sums)
    return texts


def _since(states: pl.DataFrame, last: int) -> dict[str, str]:
    """Return the first year of the present spell of each state of the last year, by code."""
    present = states.filter(pl.col("first") <= last, pl.col("last") >= last)
    return {code_of(state, last): str(first) for state, first in present.select("state", "first").iter_rows()}
