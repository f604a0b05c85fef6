"""Read from the data sets what is known, at 1 January of a year, of two states' past disputes, rivalry and other quarrels.

MID codes hostility once for a whole dispute. So how a dispute went is known only when it is over, or from the second year after it began;
that it began is known at the end of its first year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import polars as pl

from tocsin.evidence.hostility.record import Record, decayed, onsets, record
from tocsin.evidence.past.samples import stood_firm

SOURCES = ("mid_dyads", "mid_disputes", "states", "rivalries_tss")
TYPES = ("positional", "spatial", "ideological", "interventionary")
"""What a rivalry is about (Thompson, Sakuwa and Suhas 2021)."""
ACT, FORCE, WAR = 2, 4, 5
"""Least levels of hostility (Correlates of War) of an act in return, of a use of force, and of war."""


@dataclass(frozen=True)
class Known:
    """How often something happened, by the year in which its dispute began.

    Attributes:
        prompt: (rows, T) in disputes that ended in the year they began: known at the end of that year.
        late: (rows, T) in longer disputes: known a year later.
    """

    prompt: np.ndarray
    late: np.ndarray

    def decayed(self, half_life: float) -> np.ndarray:
        """Return sums (rows, T + 1) of what is known at 1 January; see `record.decayed`."""
        late = decayed(self.late, half_life)
        return decayed(self.prompt, half_life) + np.pad(late[:, :-1], ((0, 0), (1, 0))) * 2.0 ** (-1.0 / half_life)


@dataclass(frozen=True)
class History:
    """What happened between ordered pairs of states, whose numbers are in `record.pairs`.

    Attributes:
        record: of all pairs that ever had a dispute or a rivalry.
        begun: (P, T) disputes that the first state began with the second.
        answered: those of `begun` in which the second acted in return.
        fought: those of `begun` in which both came to war.
        judged, yielded: years of `begun` of whose end one knows whether the second stood firm, and those in which it yielded or lost.
        forced: disputes in which the first state used force against the second, whoever began them.
        types: (P, T + 1, 4) 1 while a rivalry of each of `TYPES` lasts; a rivalry may have several.
        rivals: (P, T + 1) 1 while a rivalry of any type lasts.
        world: (1, T) disputes begun in a year, per state on the list.
    """

    record: Record
    begun: Known
    answered: Known
    fought: Known
    judged: Known
    yielded: Known
    forced: Known
    types: np.ndarray
    rivals: np.ndarray
    world: np.ndarray

    @cached_property
    def states(self) -> np.ndarray:
        """Return the numbers of all states, (S,), in ascending order."""
        return np.unique(self.record.pairs)

    @cached_property
    def state_rows(self) -> np.ndarray:
        """Return the rows (P, 2) of the states of each pair in `states`."""
        return np.searchsorted(self.states, self.record.pairs)

    def by_state(self, values: np.ndarray, side: int) -> np.ndarray:
        """Return sums (S, ...) over the pairs in which a state is first (`side` 0) or second (1)."""
        sums = np.zeros((len(self.states), *values.shape[1:]))
        np.add.at(sums, self.state_rows[:, side], values)
        return sums


def history(tables: Mapping[str, pl.DataFrame]) -> History:
    """Return what the sources in `SOURCES` say, of all pairs that ever had a dispute or a rivalry."""
    mids, rivalries = tables["mid_dyads"], tables["rivalries_tss"]
    pairs = pl.concat([part.select("state1", "state2") for part in (mids, rivalries)]).unique()
    recorded = record(mids, tables["states"], [*pairs.iter_rows(), *pairs.select("state2", "state1").iter_rows()])
    spells = _spells(mids)
    begun = spells.join(onsets(mids), on=["dispute", "state1", "state2"], how="semi")
    known = partial(_known, recorded)
    ends = _ends(begun, stood_firm(mids, tables["mid_disputes"]))
    types, rivals = _rivalries(recorded, rivalries)
    return History(
        record=recorded,
        begun=known(begun),
        answered=known(begun.filter(pl.col("hostility2") >= ACT)),
        fought=known(begun.filter(pl.min_horizontal("hostility1", "hostility2") == WAR)),
        judged=known(ends),
        yielded=known(ends.filter(pl.col("firm") == 0)),
        forced=known(spells.filter(pl.col("hostility1") >= FORCE)),
        types=types,
        rivals=rivals,
        world=recorded.began.sum(axis=0, keepdims=True) / _listed(tables["states"], recorded),
    )


def _spells(mids: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each dispute and ordered pair: first year `year`, `last` year, and the hostility of both sides."""
    return mids.group_by("dispute", "state1", "state2").agg(
        year=pl.col("year").min(), last=pl.col("year").max(), hostility1=pl.col("hostility1").max(), hostility2=pl.col("hostility2").max()
    )


def _ends(begun: pl.DataFrame, firm: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each ordered pair and year of disputes begun of which one knows whether the target stood firm."""
    years = begun.group_by("state1", "state2", "year").agg(pl.col("last").max())
    return years.join(firm.drop_nulls().rename({"challenger": "state1", "target": "state2"}), on=["state1", "state2", "year"])


def _known(recorded: Record, rows: pl.DataFrame) -> Known:
    """Return how many rows each pair and year has, by when they are known."""
    prompt = pl.col("last") == pl.col("year")
    return Known(*(_counts(recorded, rows.filter(part)) for part in (prompt, ~prompt)))


def _counts(recorded: Record, rows: pl.DataFrame) -> np.ndarray:
    """Return how many rows each pair and year has, (P, T)."""
    counts = np.zeros_like(recorded.began)
    np.add.at(counts, recorded.rows(rows.select(challenger="state1", target="state2", year="year")), 1.0)
    return counts


def _listed(states: pl.DataFrame, recorded: Record) -> np.ndarray:
    """Return the number of states on the list in each year, (T,)."""
    years = np.arange(recorded.first, recorded.last + 1)
    first, last = (states[name].to_numpy()[:, None] for name in ("first", "last"))
    return np.asarray(((first <= years) & (years <= last)).sum(axis=0))


def _rivalries(recorded: Record, rivalries: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the types and the presence of rivalries; see `History`."""
    shape = (len(recorded.pairs), recorded.began.shape[1] + 1)
    types, rivals = np.zeros((*shape, len(TYPES))), np.zeros(shape)
    years = recorded.first + np.arange(shape[1])
    index = {tuple(pair): row for row, pair in enumerate(recorded.pairs.tolist())}
    for row in rivalries.iter_rows(named=True):
        lasts = (years >= row["first"]) & (years <= row["last"])
        for pair in ((row["state1"], row["state2"]), (row["state2"], row["state1"])):
            rivals[index[pair], lasts] = 1.0
            types[index[pair], lasts] = np.maximum(types[index[pair], lasts], [row[name] == 1 for name in TYPES])
    return types, rivals
