"""Estimate the filter from all years of strategic rivalry, and give the rate of any pair in any later year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from tocsin.data.codes import by_code, code_of
from tocsin.data.names import find_code
from tocsin.errors import InputError
from tocsin.evidence.hostility.filter import Parameters, gamma
from tocsin.evidence.hostility.fit import Fit, fit
from tocsin.evidence.hostility.record import Record, Sums, record
from tocsin.evidence.past.samples import PAIR, begun, rival_years
from tocsin.evidence.results import EstimateRow, Result, StoredFigures

SOURCES = ("mid_dyads", "mid_disputes", "rivalries_tss", "states")
DRAWS = 4_000
NAMES: Mapping[str, str] = {
    "strength": "weight of the mean, in years",
    "mean": "rate of a pair without a record, per year",
    "began": "added by a year in which the challenger began a dispute",
    "against": "added by a year in which the target began one",
    "going": "added by a year in which a dispute went on",
    "half_life": "half-life, in years",
}
"""The parameters of the filter in words."""
LEAST = 0.005
"""Pairs whose sum of years with a dispute is smaller are not stored; their record no longer tells."""


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
    found = fitted(tables)
    draws = np.exp(found.draws(DRAWS, seed=seed))
    rows = [
        EstimateRow.from_draws({"what": what.replace(",", "")}, draws[:, index])
        for index, what in enumerate(NAMES.values())
    ]
    mids = tables["mid_dyads"]
    pairs = list(mids.select("state1", "state2").unique().iter_rows())
    history = record(mids, tables["states"], pairs)
    parameters = found.parameters
    spread = found.covariance[:-1, :-1].ravel()
    return StoredFigures(
        counted=tuple(_stored(history, parameters)),
        estimated=tuple(rows),
        diagnostics={"seed": seed, "draws": DRAWS},
        cases=found.cases,
        details={
            "year": float(history.last + 1),
            "logs": [round(float(value), 6) for value in parameters.logs],
            "covariance": [round(float(value), 8) for value in spread],
        },
    )


def _stored(history: Record, parameters: Parameters) -> list[dict[str, str | int | float]]:
    sums = history.sums(parameters.half_life).some((slice(None), -1))
    rows: list[dict[str, str | int | float]] = []
    for index in np.flatnonzero(sums.going >= LEAST):
        challenger, target = (code_of(int(state), history.last) for state in history.pairs[index])
        values = {name: round(float(values[index]), 4) for name, values in zip(Sums._fields, sums, strict=True)}
        rows.append({"challenger": challenger, "target": target, **values})
    return rows


def row_at(result: Result, key: str) -> EstimateRow:
    """Return the rate at which one state begins disputes with another in a year after the data, per year.

    The interval covers what is not known of the rate and of the parameters, at the estimated half-life.

    Args:
        result: the stored result.
        key: CHALLENGER/TARGET/YEAR, such as PRK/KOR/2025.

    Raises:
        InputError: if the key has another form, a state is not known, or the year is not after the data.
    """
    challenger, target, when = _parts(key)
    first = int(result.figures.details["year"])  # type: ignore[arg-type]
    if when < first:
        raise InputError(
            f"the record that ships with the program gives rates from {first} on, not in {when}",
            remedy=f"name {first} or a later year, or run `tocsin evidence hostility {challenger} {target}`",
        )
    rows = result.figures.counted
    sums = next((row for row in rows if (row["challenger"], row["target"]) == (challenger, target)), None)
    logs, covariance = (np.array(result.figures.details[name]) for name in ("logs", "covariance"))
    size = len(logs) - 1
    fade = 2.0 ** (-(when - first) / float(np.exp(logs[-1])))
    known = Sums(*(np.array(fade * float(sums[name] if sums else 0.0)) for name in Sums._fields))
    rng = np.random.default_rng(int(result.figures.diagnostics["seed"]))
    moved = rng.multivariate_normal(logs[:size], covariance.reshape(size, size), size=DRAWS, method="cholesky")
    shape, rate = gamma(known, Parameters(*np.exp(moved).T, half_life=float(np.exp(logs[-1]))))
    return EstimateRow.from_draws(
        {"challenger": challenger, "target": target, "year": str(when)}, rng.gamma(shape, 1.0 / rate), digits=5
    )


def _parts(key: str) -> tuple[str, str, int]:
    parts = key.split("/")
    if len(parts) != 3 or not parts[2].isdigit():
        raise InputError(f"no estimate {key!r} in the result hostility", remedy="write for example evidence/hostility/PRK/KOR/2025")
    challenger, target = (part if part in by_code() else find_code(part) for part in parts[:2])
    if challenger == target:
        raise InputError(f"{challenger} cannot be hostile to itself", remedy="name two states")
    return challenger, target, int(parts[2])
