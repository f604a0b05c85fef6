"""Give the rate at which one state begins disputes with another in a year after the data, from the stored result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tocsin.data.names import find_code
from tocsin.errors import InputError
from tocsin.evidence.hostility.filter import Parameters, Sums, gamma
from tocsin.evidence.results import EstimateRow, Result

LAST_YEAR = 2100
DRAWS, MOVES = 4_000, 400
"""Draws of a rate, and draws of the parameters behind them."""


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
    details: Mapping[str, Any] = result.figures.details
    first = int(details["year"])
    if when < first:
        raise InputError(
            f"the record that ships with the program gives rates from {first} on, not in {when}",
            remedy=f"name {first} or a later year, or run `tocsin evidence hostility {challenger} {target}`",
        )
    if when > LAST_YEAR:
        raise InputError(f"a record says nothing of {when}", remedy=f"name a year up to {LAST_YEAR}")
    logs, covariance = np.array(details["logs"]), np.array(details["covariance"])
    size, half_life = len(logs) - 1, float(np.exp(logs[-1]))
    known = _known(details, challenger, target, half_life)
    known = Sums(*(value * 2.0 ** (-(when - first) / half_life) for value in known))
    rng = np.random.default_rng(int(result.figures.diagnostics["seed"]))
    moved = rng.multivariate_normal(logs[:size], covariance.reshape(size, size), size=MOVES, method="cholesky")
    shapes, rates = zip(*(gamma(known, Parameters.of_logs([*move, logs[-1]])) for move in moved), strict=True)
    draws = rng.gamma(np.array(shapes), 1.0 / np.array(rates), size=(DRAWS // MOVES, MOVES))
    return EstimateRow.from_draws({"challenger": challenger, "target": target, "year": str(when)}, draws, digits=5)


def _known(details: Mapping[str, Any], challenger: str, target: str, half_life: float) -> Sums:
    """Return a pair's sums at 1 January after the last year; years without a dispute count if both were states."""
    if (stored := details["pairs"].get(f"{challenger}/{target}")) is not None:
        return Sums(*(np.array(float(value)) for value in stored.split()))
    starts = [details["since"].get(state) for state in (challenger, target)]
    years = 0 if None in starts else int(details["year"]) - max(map(int, starts))
    ratio = 2.0 ** (-1.0 / half_life)
    return Sums(*map(np.array, (0.0, 0.0, 0.0, (1.0 - ratio**years) / (1.0 - ratio))))


def _parts(key: str) -> tuple[str, str, int]:
    parts = key.split("/")
    if len(parts) != 3 or not parts[2].isdigit():
        raise InputError(
            f"no estimate {key!r} in the result hostility", remedy="write for example evidence/hostility/PRK/KOR/2025"
        )
    challenger, target = map(find_code, parts[:2])
    if challenger == target:
        raise InputError(f"{challenger} cannot be hostile to itself", remedy="name two states")
    return challenger, target, int(parts[2])
