"""Give the rate at which one state begins disputes with another in a year after the data, from the stored result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tocsin.data.names import find_code
from tocsin.errors import InputError
from tocsin.evidence.hostility.expected import Rates
from tocsin.evidence.hostility.filter import Sums, gamma
from tocsin.evidence.hostility.parameters import Parameters, parameters_of
from tocsin.evidence.results import EstimateRow, Result
from tocsin.translation import message

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
    rng = _generator(result)
    expected = _expected(result, sums_at(result, challenger, target, when), rng)
    draws = rng.gamma(expected.shapes, 1.0 / expected.rates, size=(DRAWS // MOVES, MOVES))
    return EstimateRow.from_draws({"challenger": challenger, "target": target, "year": str(when)}, draws, digits=5)


def expected_at(result: Result, sums: Sums) -> Rates:
    """Return what the stored parameters let one expect of a pair with some sums.

    It covers what is not known of the rate and of the parameters, at the estimated half-life.
    """
    return _expected(result, sums, _generator(result))


def has_dispute(result: Result, challenger: str, target: str) -> bool:
    """Return whether the data have a dispute between two states, given by code, that still tells."""
    pairs: Any = result.figures.details["pairs"]
    return f"{challenger}/{target}" in pairs


def is_state(result: Result, code: str) -> bool:
    """Return whether a code is that of a state in the last year of the data."""
    since: Any = result.figures.details["since"]
    return code in since


def sums_at(result: Result, challenger: str, target: str, year: int) -> Sums:
    """Return the sums of a pair of states, given by code, at 1 January of a year after the data.

    Raises:
        InputError: if the year is not after the data, or after `LAST_YEAR`.
    """
    details: Mapping[str, Any] = result.figures.details
    first = int(details["year"])
    if year < first:
        raise InputError(
            message(
                "the record that ships with the program gives rates from {first} on, not in {year}",
                first=first,
                year=year,
            ),
            remedy=message(
                "run `tocsin evidence hostility {challenger} {target} --year {year}`, which computes the rate of that year from earlier disputes in your cache, and state the range that it prints",
                challenger=challenger,
                target=target,
                year=year,
            ),
        )
    if year > LAST_YEAR:
        raise InputError(
            message("a record says nothing of {year}", year=year),
            remedy=message("name a year up to {last}", last=LAST_YEAR),
        )
    half_life = parameters_of(result).half_life
    known = _known(details, challenger, target, half_life)
    return Sums(*(value * 2.0 ** (-(year - first) / half_life) for value in known))


def _generator(result: Result) -> np.random.Generator:
    return np.random.default_rng(int(result.figures.diagnostics["seed"]))


def _expected(result: Result, sums: Sums, rng: np.random.Generator) -> Rates:
    details: Mapping[str, Any] = result.figures.details
    logs, covariance = np.array(details["logs"]), np.array(details["covariance"])
    size = len(logs) - 1
    moved = rng.multivariate_normal(logs[:size], covariance.reshape(size, size), size=MOVES, method="cholesky")
    shapes, rates = zip(*(gamma(sums, Parameters.of_logs([*move, logs[-1]])) for move in moved), strict=True)
    return Rates(np.array(shapes), np.array(rates))


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
            message("no estimate {estimate} in the result {name}", estimate=repr(key), name="hostility"),
            remedy=message("write for example {example}", example="evidence/hostility/PRK/KOR/2025"),
        )
    challenger, target = map(find_code, parts[:2])
    if challenger == target:
        raise InputError(
            message("{challenger} cannot be hostile to itself", challenger=challenger),
            remedy=message("name two states"),
        )
    return challenger, target, int(parts[2])
