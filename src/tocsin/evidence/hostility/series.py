"""Follow the hostility of one state towards another through the years of the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.data.states import find_states
from tocsin.errors import InputError
from tocsin.evidence.hostility.estimate import fitted
from tocsin.evidence.hostility.filter import chance, gamma
from tocsin.evidence.hostility.parameters import Parameters
from tocsin.evidence.hostility.record import record


@dataclass(frozen=True)
class Series:
    """The chance that one state begins a dispute with another, year by year.

    Attributes:
        challenger, target: names of the states.
        years: (T,) from the first year in which both were states to the year after the data, or a later one that was asked for.
        chance: (T,) probability, at 1 January, of a dispute begun within the year, from earlier years only.
        low, high: (T,) 5 % and 95 % points of the yearly rate of disputes.
        began: years in which the challenger began one.
        against: years in which the target began one with the challenger.
        going: years in which one between them went on.
        last: the last year of the data.
        parameters: those of the filter, fitted to all years of rivalry.
    """

    challenger: str
    target: str
    years: np.ndarray
    chance: np.ndarray
    low: np.ndarray
    high: np.ndarray
    began: frozenset[int]
    against: frozenset[int]
    going: frozenset[int]
    last: int
    parameters: Parameters


def series(tables: Mapping[str, pl.DataFrame], challenger: str, target: str, *, until: int | None = None) -> Series:
    """Return the hostility of one state towards another through the years.

    Args:
        tables: the sources in `estimate.SOURCES`, by name.
        challenger, target: codes, COW numbers or names.
        until: last year; that after the data if None or earlier.

    Raises:
        InputError: if a state is not known, both are the same, or they were never states in the same year.
    """
    from scipy.special import gammaincinv

    mids, states = tables["mid_dyads"], tables["states"]
    span = int(mids["year"].min()), int(mids["year"].max())  # type: ignore[arg-type]
    one, other = (find_states(text, span, states)[-1] for text in (challenger, target))
    if one == other:
        raise InputError(f"{challenger} and {target} are one state", remedy="name two states")
    parameters = fitted(tables).parameters
    history = record(mids, states, [(one, other)])
    together = np.flatnonzero(history.covered[0])
    if not together.size:
        raise InputError(
            f"{challenger} and {target} were never states in the same year", remedy="name two other states"
        )
    columns = np.arange(together[0], max(history.last + 1, until or 0) - history.first + 1)
    sums = (
        history.until(int(columns[-1]) + history.first - 1)
        .sums(parameters.half_life)
        .at(np.zeros_like(columns), columns)
    )
    shape, rate = gamma(sums, parameters)
    names = dict(states.select("state", "name").iter_rows())
    return Series(
        challenger=names[one],
        target=names[other],
        years=columns + history.first,
        chance=chance(sums, parameters),
        low=gammaincinv(shape, 0.05) / rate,
        high=gammaincinv(shape, 0.95) / rate,
        began=_marked(history.began[0], history.first),
        against=_marked(history.against[0], history.first),
        going=_marked(history.going[0], history.first),
        last=history.last,
        parameters=parameters,
    )


def _marked(values: np.ndarray, first: int) -> frozenset[int]:
    return frozenset((np.flatnonzero(values) + first).tolist())
