"""Read the record of disputes of ordered pairs of states, year by year, and sum it with weights that halve as time passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.evidence.hostility.filter import Sums
from tocsin.evidence.past.begun import disputes_begun


@dataclass(frozen=True)
class Record:
    """What happened between ordered pairs of states.

    Attributes:
        pairs: (P, 2) numbers of the challenger and the target, each pair once.
        first: the first year.
        began, against, going, covered: (P, T) 1 where the year counts; see `Sums`.
    """

    pairs: np.ndarray
    first: int
    began: np.ndarray
    against: np.ndarray
    going: np.ndarray
    covered: np.ndarray

    @cached_property
    def _index(self) -> Mapping[tuple[int, int], int]:
        return {(int(challenger), int(target)): row for row, (challenger, target) in enumerate(self.pairs)}

    @property
    def last(self) -> int:
        """Return the last year."""
        return self.first + self.began.shape[1] - 1

    def rows(self, cases: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows of pairs and the columns of years of cases with columns challenger, target and year.

        Raises:
            InputError: if a year lies before the record or more than a year after it.
        """
        first, last = self.first, self.last + 1
        if outside := [year for year in cases["year"].unique().sort() if not first <= year <= last]:
            raise InputError(f"no record of disputes for {outside[0]}", remedy=f"use cases of {first} to {last}")
        pairs = [self._index[pair] for pair in zip(cases["challenger"], cases["target"], strict=True)]
        return np.array(pairs, dtype=int), cases["year"].to_numpy().astype(int) - self.first

    def of(self, cases: pl.DataFrame) -> Record:
        """Return the record of the pairs of some cases, up to the year of the last case."""
        rows, columns = self.rows(cases)
        pair_rows = np.unique(rows)
        arrays = {name: getattr(self, name)[pair_rows, : columns.max() + 1] for name in _ARRAYS}
        return Record(self.pairs[pair_rows], self.first, **arrays)

    def until(self, year: int) -> Record:
        """Return the record up to a year that is not before its last; added years are not covered."""
        more = ((0, 0), (0, year - self.last))
        return Record(self.pairs, self.first, **{name: np.pad(getattr(self, name), more) for name in _ARRAYS})

    def sums(self, half_life: float) -> Sums:
        """Return sums at 1 January of each year and of the year after the last, (P, T + 1), of the years before it.

        A year s counts 2 ** (-(t - 1 - s) / half_life) in the sum of year t.

        Args:
            half_life: in years, above 0.
        """
        return Sums(*(decayed(values, half_life) for values in self._values))

    def sum_slopes(self, half_life: float) -> Sums:
        """Return the derivatives of the sums by the logarithm of the half-life."""
        return Sums(*(decayed_slope(values, half_life) for values in self._values))

    @property
    def _values(self) -> tuple[np.ndarray, ...]:
        return self.began, self.against, self.going, self.covered


_ARRAYS = ("began", "against", "going", "covered")


def decayed(values: np.ndarray, half_life: float) -> np.ndarray:
    """Return sums (P, T + 1) over earlier years of values (P, T) that lose half their weight in `half_life` years."""
    return _filtered(values, [0.0, 1.0], [1.0, -(2.0 ** (-1.0 / half_life))])


def decayed_slope(values: np.ndarray, half_life: float) -> np.ndarray:
    """Return the derivative of `decayed` by the logarithm of the half-life.

    With ratio r = 2 ** (-1 / h), the sum of r ** k x has the slope k r ** (k - 1) x by r, and r the slope r log(2) / h by log h.
    """
    ratio = 2.0 ** (-1.0 / half_life)
    return _filtered(values, [0.0, 0.0, 1.0], [1.0, -2.0 * ratio, ratio**2]) * ratio * np.log(2.0) / half_life


def _filtered(values: np.ndarray, moving: Sequence[float], recursive: Sequence[float]) -> np.ndarray:
    from scipy.signal import lfilter

    return np.asarray(lfilter(moving, recursive, np.pad(values, ((0, 0), (0, 1))), axis=1))


def record(mids: pl.DataFrame, states: pl.DataFrame, pairs: Sequence[tuple[int, int]]) -> Record:
    """Return the record of some ordered pairs, from the first to the last year of the disputes.

    Args:
        mids, states: the sources mid_dyads and states.
        pairs: numbers of challenger and target; repeated pairs count once.
    """
    first, last = int(mids["year"].min()), int(mids["year"].max())  # type: ignore[arg-type]
    wanted = np.array(sorted(set(pairs)), dtype=int).reshape(-1, 2)
    shape = (len(wanted), last - first + 1)
    index = {(int(challenger), int(target)): row for row, (challenger, target) in enumerate(wanted)}

    def marked(rows: pl.DataFrame, one: str, other: str) -> np.ndarray:
        table = np.zeros(shape)
        for challenger, target, year in rows.select(one, other, "year").iter_rows():
            if (row := index.get((challenger, target))) is not None:
                table[row, year - first] = 1.0
        return table

    begun = disputes_begun(mids)
    present = _present(states, np.unique(wanted), first, last)
    return Record(
        pairs=wanted,
        first=first,
        began=marked(begun, "challenger", "target"),
        against=marked(begun, "target", "challenger"),
        going=marked(mids.filter(pl.col("ongoing") == 1), "state1", "state2"),
        covered=np.array([present[one] * present[other] for one, other in wanted]).reshape(shape),
    )


def _present(states: pl.DataFrame, numbers: np.ndarray, first: int, last: int) -> dict[int, np.ndarray]:
    """Return for each state the years, (T,), in which it was on the list of states."""
    present = {int(number): np.zeros(last - first + 1) for number in numbers}
    for number, begin, end in states.select("state", "first", "last").iter_rows():
        if number in present:
            present[number][max(begin - first, 0) : max(end - first + 1, 0)] = 1.0
    return present


def pair_numbers(cases: pl.DataFrame) -> np.ndarray:
    """Return for each case the number of its two states, whichever of them is the challenger."""
    low, high = (cases.select(of("challenger", "target")).to_series() for of in (pl.min_horizontal, pl.max_horizontal))
    return (low * 1000 + high).rank("dense").to_numpy().astype(int) - 1
