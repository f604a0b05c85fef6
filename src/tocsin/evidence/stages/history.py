"""Count what is known, at 1 January of each year, of the past disputes and the rivalries of ordered pairs of states.

A past dispute counts half after `HALF_LIFE` years. MID codes hostility once for a whole dispute. So how a dispute went counts only from the
year after it ended, or from the second year after it began; that it began counts from the year after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from tocsin.evidence.hostility.record import Record, decayed, record
from tocsin.evidence.past.begun import onsets
from tocsin.evidence.past.samples import stood_firm

SOURCES = ("mid_dyads", "mid_disputes", "states", "rivalries_tss")
TYPES = ("positional", "spatial", "ideological", "interventionary")
"""What a rivalry is about (Thompson, Sakuwa and Suhas 2021)."""
ACT, FORCE, WAR = 2, 4, 5
"""Least levels of hostility (Correlates of War) of an act in return, of a use of force, and of war."""
HALF_LIFE, RECENT = 10.0, 5.0
"""Half-lives, in years, of how a state acts in disputes, and of how many it has with others."""


@dataclass(frozen=True)
class History:
    """What is known of ordered pairs of states at 1 January of each year, to the year after the last of the record.

    Arrays are (P, T + 1) for the pairs in `record.pairs`. Counts are decayed, with `HALF_LIFE` unless another is given.

    Attributes:
        record: of all pairs that ever had a dispute or a rivalry.
        recent: disputes that the first state began with the second, with `RECENT`.
        begun: the same disputes, known to their end or for a year.
        answered: those in which the second acted in return.
        fought: those in which both came to war.
        judged: those of which one knows whether the second stood firm; counted by years in which they began.
        yielded: those in which it yielded or lost; counted in the same way.
        forced: disputes in which the first state used force against the second, whoever began them.
        types: (P, T + 1, 4) 1 while a rivalry of each of `TYPES` lasts; a rivalry may have several.
        rivals: 1 while a rivalry of any type lasts.
        world: (T + 1,) disputes begun per year and state on the list, with `RECENT`.
    """

    record: Record
    recent: np.ndarray
    begun: np.ndarray
    answered: np.ndarray
    fought: np.ndarray
    judged: np.ndarray
    yielded: np.ndarray
    forced: np.ndarray
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

    @cached_property
    def state_sums(self) -> Mapping[tuple[str, int], np.ndarray]:
        """Return counts (S, T + 1) by name and side: over the pairs in which a state is first (0) or second (1)."""
        names = {"recent": (0, 1), "begun": (1,), "answered": (1,), "judged": (1,), "yielded": (1,)}
        member = {side: np.equal.outer(np.arange(len(self.states)), self.state_rows[:, side]) for side in (0, 1)}
        return {
            (name, side): member[side].astype(float) @ getattr(self, name)
            for name, sides in names.items()
            for side in sides
        }


def history(tables: Mapping[str, pl.DataFrame]) -> History:
    """Return what the sources in `SOURCES` say, of all pairs that ever had a dispute or a rivalry."""
    mids, rivalries = tables["mid_dyads"], tables["rivalries_tss"]
    pairs = pl.concat([part.select("state1", "state2") for part in (mids, rivalries)]).unique()
    recorded = record(mids, tables["states"], [*pairs.iter_rows(), *pairs.select("state2", "state1").iter_rows()])
    spells = _spells(mids)
    begun = spells.join(onsets(mids), on=["dispute", "state1", "state2"], how="semi")
    ends = _ends(begun, stood_firm(mids, tables["mid_disputes"]))
    counted = {
        "begun": begun,
        "answered": begun.filter(pl.col("hostility2") >= ACT),
        "fought": begun.filter(pl.min_horizontal("hostility1", "hostility2") == WAR),
        "judged": ends,
        "yielded": ends.filter(pl.col("firm") == 0),
        "forced": spells.filter(pl.col("hostility1") >= FORCE),
    }
    types, rivals = _rivalries(recorded, rivalries)
    return History(
        record=recorded,
        recent=decayed(recorded.began, RECENT),
        types=types,
        rivals=rivals,
        world=_world(recorded, tables["states"]),
        **{name: _known(recorded, rows) for name, rows in counted.items()},
    )


def _spells(mids: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each dispute and ordered pair: its `year`, the `last` year of the dispute, and the hostility of both sides."""
    ends = mids.group_by("dispute").agg(last=pl.col("year").max())
    sides = mids.group_by("dispute", "state1", "state2").agg(
        pl.col("year").min(), pl.col("hostility1", "hostility2").max()
    )
    return sides.join(ends, on="dispute")


def _ends(begun: pl.DataFrame, firm: pl.DataFrame) -> pl.DataFrame:
    """Return the ordered pairs and years of disputes begun of which one knows whether the target stood firm."""
    years = begun.group_by("state1", "state2", "year").agg(pl.col("last").max())
    known = firm.drop_nulls().rename({"challenger": "state1", "target": "state2"})
    return years.join(known, on=["state1", "state2", "year"])


def _known(recorded: Record, rows: pl.DataFrame) -> np.ndarray:
    """Return decayed counts (P, T + 1) of rows, each from the year after its `last`, or from the second after its `year`."""
    prompt = pl.col("last") == pl.col("year")
    at_once, later = (_counts(recorded, rows.filter(part)) for part in (prompt, ~prompt))
    delayed = np.pad(decayed(later, HALF_LIFE)[:, :-1], ((0, 0), (1, 0)))
    return np.asarray(decayed(at_once, HALF_LIFE) + delayed * 2.0 ** (-1.0 / HALF_LIFE))


def _counts(recorded: Record, rows: pl.DataFrame) -> np.ndarray:
    """Return how many rows each pair and year has, (P, T)."""
    counts = np.zeros_like(recorded.began)
    np.add.at(counts, recorded.rows(rows.select(challenger="state1", target="state2", year="year")), 1.0)
    return counts


def _world(recorded: Record, states: pl.DataFrame) -> np.ndarray:
    """Return the yearly rate of disputes begun per state on the list, (T + 1,); 0 at the first year."""
    years = np.arange(recorded.first, recorded.last + 1)
    first, last = (states[name].to_numpy()[:, None] for name in ("first", "last"))
    rate = recorded.began.sum(axis=0) / ((first <= years) & (years <= last)).sum(axis=0)
    rates, weights = decayed(np.stack([rate, np.ones_like(rate)]), RECENT)
    return np.asarray(rates / np.maximum(weights, 1.0))


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
