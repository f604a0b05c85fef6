"""Judge a week: is what was said of a target outside what one expects, at a stated rate of false alarms?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from tocsin.rhetoric.series import critical_items
from tocsin.rhetoric.triggers import Trigger
from tocsin.rhetoric.watch.expectation import Expectation, WeekTable, expect
from tocsin.rhetoric.watch.learning import Learned

ALL = "all"
"""Name of the count of all rungs together."""
RARE = "rare"
"""Name of the count of the rungs without a group of their own."""
FINEST = 0.0001
"""Smallest probability that is told: 20 000 samples do not tell smaller ones apart."""
SPOKEN = {
    "commentary": "commentaries",
    "newspaper": "newspaper articles",
    "ministry": "statements of officials",
    "quoted": "items that quote foreign voices",
    RARE: "items of a rung that hardly ever speaks",
}


@dataclass(frozen=True)
class Judgement:
    """What a week looks like beside its expectation.

    Attributes:
        target: ISO code; week: its Monday.
        items, expected: critical items of the week, and their mean in the prediction.
        calendar, events, carried: parts of `expected`: level and calendar, what events add, and what the weeks before add.
        count: the count that lies farthest out: `all`, `rare` or a rung.
        count_items, count_expected, count_limit: its items, their mean, and the largest number that does not ring.
        theme: the most frequent theme of the count's items, empty if it has none.
        probability: probability of a week whose farthest count lies as far out, if nothing unusual happens.
        level: probability up to which a week rings.
        chance: probability that such a week rings if nothing unusual happens. Counts are whole numbers, so it is at most `level`.
        open: whether the week is not over; it is then compared with a whole week of a large output.
    """

    target: str
    week: dt.date
    items: int
    expected: float
    calendar: float
    events: float
    carried: float
    count: str
    count_items: int
    count_expected: float
    count_limit: int
    theme: str
    probability: float
    level: float
    chance: float
    open: bool = False

    @property
    def rings(self) -> bool:
        """Return whether the week is outside what one expects."""
        return self.probability <= self.level

    @property
    def reason(self) -> str:
        """Return one sentence that says why the week rings."""
        what = "critical items" if self.count == ALL else SPOKEN.get(self.count, self.count)
        about = f", mostly on {self.theme.replace('_', ' ')}" if self.theme else ""
        parts = (
            f" (level and calendar {self.calendar:.1f}, events {self.events:+.1f}, weeks before {self.carried:+.1f})"
            if self.count == ALL
            else ""
        )
        probable = f"{self.probability:.2g}" if self.probability >= FINEST else f"below {FINEST:.4f}"
        has, whole = (", which is not over, already has", " in a whole week") if self.open else (" has", "")
        return (
            f"the week of {self.week}{has} {self.count_items} {what} about {self.target}{about}, where {self.count_expected:.1f} are "
            f"expected{whole}{parts} and up to {self.count_limit} are usual: the probability of such a week is {probable}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        numbers = {name: float(f"{getattr(self, name):.4g}") for name in _NUMBERS}
        return {**vars(self), "week": self.week.isoformat(), **numbers, "rings": self.rings}


_NUMBERS = ("expected", "calendar", "events", "carried", "count_expected", "probability", "level", "chance")


def target_level(rate: float, targets: int) -> float:
    """Return the level of each target for a rate of false alarms over all targets (Šidák 1967).

    Args:
        rate: probability that a week rings for any target if nothing unusual happens.
        targets: number of targets.
    """
    return float(1.0 - (1.0 - rate) ** (1.0 / targets))


def judge(
    learned: Learned,
    counts: pl.DataFrame,
    events: Sequence[Trigger],
    week: dt.date,
    *,
    level: float,
    usual_output: float | None = None,
    seed: int = 1,
) -> Judgement:
    """Judge one week by its number of critical items in all and by rung.

    The counts of a week are tested together: the smallest of their tail probabilities is compared with the smallest ones of sampled
    weeks (Westfall and Young 1993, the min-p rule), so several rungs do not make false alarms more frequent.

    Args:
        learned: what the weeks before the year of `week` tell.
        counts: weekly counts, as `series.tally` returns them. Weeks after `week` are not read.
        events: as `triggers.triggers` selects them; only those up to the end of the week are used.
        week: a Monday with output.
        level: probability up to which the week rings; see `target_level`.
        usual_output: for a week that is not over, the number of items of the outlet in a whole week; see `coverage.whole_output`.
        seed: seed of the samples.

    Raises:
        SolveError: if the prediction fails; see `expect`.
    """
    own = counts.filter(pl.col("from") == week)
    table = WeekTable.of(counts.filter(pl.col("from") <= week))
    output = table.output[week] if usual_output is None else max(usual_output, table.output[week])
    expected = expect(learned, table, events, week, output, seed=seed)
    names, sampled = _statistics(learned, expected)
    by_rung = table.row(week, learned.rungs)
    rare = sum(table.row(week, learned.rare))
    by_name = {ALL: sum(by_rung), **dict(zip(learned.rungs, by_rung, strict=True)), RARE: rare}
    observed = np.array([by_name[name] for name in names])
    tested = _test(sampled, observed, level)
    count = names[tested.farthest]
    return Judgement(
        target=learned.target,
        week=week,
        items=sum(by_rung) + rare,
        expected=expected.mean + float(expected.rare.mean()),
        calendar=expected.calendar,
        events=expected.events,
        carried=expected.carried,
        count=count,
        count_items=by_name[count],
        count_expected=float(sampled[:, tested.farthest].mean()),
        count_limit=tested.limit,
        theme=_theme(own, _rungs_of(learned, count)),
        probability=tested.probability,
        level=level,
        chance=tested.chance,
        open=usual_output is not None,
    )


class _Tested(NamedTuple):
    """Index of the count that lies farthest out, its largest number that does not ring, and the two probabilities of `Judgement`."""

    farthest: int
    limit: int
    probability: float
    chance: float


def _test(sampled: np.ndarray, observed: np.ndarray, level: float) -> _Tested:
    """Test several counts together by the smallest of their tail probabilities.

    Args:
        sampled: (samples, counts) numbers drawn from the prediction; observed: (counts,); level: probability up to which a week rings.
    """
    tails, observed_tails = _tails(sampled, observed)
    smallest, farthest = tails.min(axis=1), int(observed_tails.argmin())
    adjusted = _adjusted(smallest, np.append(smallest, observed_tails.min()))
    quiet = adjusted[:-1] > level
    threshold = smallest[~quiet].max(initial=0.0)
    usual = sampled[tails[:, farthest] > threshold, farthest]
    return _Tested(farthest, int(usual.max(initial=0)), float(adjusted[-1]), float(1.0 - quiet.mean()))


def _statistics(learned: Learned, expected: Expectation) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the names of the counts, and their samples, (samples, counts). A single rung is the same as all."""
    rungs = learned.rungs if len(learned.rungs) > 1 else ()
    columns = [expected.items.sum(axis=1), *(expected.items.T if rungs else ())]
    if learned.rare:
        return (ALL, *rungs, RARE), np.column_stack([*columns, expected.rare])
    return (ALL, *rungs), np.column_stack(columns)


def _tails(sampled: np.ndarray, observed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the tail probabilities of samples, (samples, counts), and of what was observed, (counts,)."""
    number = sampled.shape[0]
    ordered = np.sort(sampled, axis=0)
    tails = np.empty(sampled.shape)
    own = np.empty(observed.size)
    for column in range(observed.size):
        tails[:, column] = number - np.searchsorted(ordered[:, column], sampled[:, column])
        own[column] = number - np.searchsorted(ordered[:, column], observed[column])
    return tails / number, own / number


def _adjusted(smallest: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the probability of a smallest tail probability of at most each value."""
    return (1 + np.searchsorted(np.sort(smallest), values, side="right")) / (1 + smallest.size)


def _rungs_of(learned: Learned, count: str) -> tuple[str, ...]:
    return (*learned.rungs, *learned.rare) if count == ALL else learned.rare if count == RARE else (count,)


def _theme(own: pl.DataFrame, rungs: Sequence[str]) -> str:
    items = critical_items(own).filter(pl.col("rung").is_in(list(rungs))).group_by("theme").agg(pl.col("items").sum())
    ordered = items.sort("items", "theme", descending=[True, False])
    return str(ordered["theme"][0]) if ordered.height else ""
