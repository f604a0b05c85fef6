"""Dated events and fixed anniversaries as columns of weeks: what the account may put words down to."""

from __future__ import annotations

import datetime as dt
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np
import polars as pl

from tocsin.errors import InputError

WINDOWS: Mapping[str, tuple[int, int]] = MappingProxyType({"before": (-4, -1), "at": (0, 1), "after": (2, 5)})
"""First and last week of each window, counted from the week of the event: surges often lead the formal act."""
REACH = 3
"""Days before and after an anniversary that belong to it."""
EVENT_COLUMNS = ("date", "actor", "category")


@dataclass(frozen=True)
class TriggerClass:
    """A class of triggers: its name, how a text calls it, its categories, and whether every actor's events count."""

    name: str
    says: str
    categories: tuple[str, ...]
    any: bool


@cache
def classes() -> tuple[TriggerClass, ...]:
    """The classes of triggers, from `triggers.toml`."""
    data = tomllib.loads((files("tocsin.rhetoric") / "triggers.toml").read_text(encoding="utf-8"))
    return tuple(
        TriggerClass(name, each["says"], tuple(each["categories"]), each.get("any", False))
        for name, each in data.items()
    )


@dataclass(frozen=True)
class Trigger:
    """An event of a class. `size` is how big a step it was, in a unit of the class's own; nan where not given."""

    date: dt.date
    group: str
    size: float


@dataclass(frozen=True)
class Triggers:
    """The events used, and those that were not, each with the reason."""

    used: tuple[Trigger, ...]
    left_out: Mapping[str, int]


def triggers(events: pl.DataFrame, target: str, *, certain: bool = False) -> Triggers:
    """The events that may have set off words about a target.

    Args:
        events: columns date (YYYY-MM-DD), actor (codes parted by `;`), category; optional precision (only `day` is dated well
            enough), confidence and size.
        target: ISO code.
        certain: only events whose confidence is `confirmed`.

    Raises:
        InputError: if a column is missing or a date of precision `day` is none.
    """
    if missing := [name for name in EVENT_COLUMNS if name not in events.columns]:
        raise InputError(f"the events have no column `{missing[0]}`", remedy=f"give columns {', '.join(EVENT_COLUMNS)}")
    known = {category: group for group in classes() for category in group.categories}
    used: list[Trigger] = []
    left: dict[str, int] = {}
    for line, row in enumerate(events.iter_rows(named=True), start=2):
        group = known.get(row["category"])
        reason = _reason(row, group, target, certain=certain)
        if reason:
            left[reason] = left.get(reason, 0) + 1
        elif group is not None:
            used.append(Trigger(_day(row["date"], line), group.name, _size(row.get("size"), line)))
    return Triggers(tuple(used), MappingProxyType(left))


def _reason(row: Mapping[str, str | None], group: TriggerClass | None, target: str, *, certain: bool) -> str | None:
    """Why an event is not used, if it is not."""
    if group is None:
        return f"category {row['category']} is of no class"
    if not group.any and target not in (row["actor"] or "").split(";"):
        return f"{target} has no part in it"
    if (row.get("precision") or "day") != "day":
        return "its day is not known"
    if certain and row.get("confidence") != "confirmed":
        return "its date is not confirmed"
    return None


def _day(text: str | None, line: int) -> dt.date:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError as error:
        raise InputError(
            f"{text!r} is no date", line=line, remedy="write YYYY-MM-DD, or set precision to month"
        ) from error


def _size(text: object, line: int) -> float:
    if text is None or text == "":
        return float("nan")
    try:
        return float(str(text))
    except ValueError as error:
        raise InputError(
            f"size {text!r} is no number", line=line, remedy="leave it empty where it is not known"
        ) from error


@dataclass(frozen=True)
class Columns:
    """What the account's rate may hang on, week by week.

    Attributes:
        calendar: (weeks, occasions) share of the week's days that belong to an occasion, 0 to 1.
        occasions: their names.
        triggers: (weeks, classes, windows) 1 where the week lies in that window of an event of that class, else 0: two events
            whose windows overlap are not counted twice.
        classes: names of the classes that have an event.
        dosed: indices of the classes with `FEWEST_SIZES` or more steps of known size.
        dose: (weeks, dosed classes) how much the largest step whose `at` or `after` window a week lies in exceeds the mean step of
            its class, in standard deviations; 0 elsewhere.
    """

    calendar: np.ndarray
    occasions: tuple[str, ...]
    triggers: np.ndarray
    classes: tuple[str, ...]
    dosed: tuple[int, ...]
    dose: np.ndarray


FEWEST_SIZES = 5
"""Steps of known size below which a class has no dose-response."""


def columns(weeks: np.ndarray, anniversaries: pl.DataFrame, found: Sequence[Trigger]) -> Columns:
    """Anniversaries and events as columns of weeks.

    Args:
        weeks: Mondays.
        anniversaries: columns month_day (`MM-DD`, or `MM-DD/MM-DD` for a window that does not cross the year's end) and occasion.
        found: events; those too far from these weeks touch none of them.

    Raises:
        InputError: if a column is missing or an occasion is no day of every year.
    """
    if missing := [name for name in ("month_day", "occasion") if name not in anniversaries.columns]:
        raise InputError(f"the anniversaries have no column `{missing[0]}`", remedy="give columns month_day, occasion")
    named = tuple(group.name for group in classes() if any(each.group == group.name for each in found))
    indicators = np.zeros((weeks.size, len(named), len(WINDOWS)))
    doses: dict[int, np.ndarray] = {}
    for at, name in enumerate(named):
        own = [each for each in found if each.group == name]
        lags = _lags(weeks, own)
        for window, (first, last) in enumerate(WINDOWS.values()):
            indicators[:, at, window] = ((lags >= first) & (lags <= last)).any(axis=1)
        sizes = np.array([each.size for each in own])
        known = sizes[~np.isnan(sizes)]
        if known.size >= FEWEST_SIZES and known.std() > 0:
            doses[at] = _dose(lags, (sizes - known.mean()) / known.std())
    none = np.zeros((weeks.size, 0))
    return Columns(
        calendar=np.column_stack([none, *(_share(weeks, text) for text in anniversaries["month_day"])]),
        occasions=tuple(anniversaries["occasion"]),
        triggers=indicators,
        classes=named,
        dosed=tuple(doses),
        dose=np.column_stack([none, *doses.values()]),
    )


def _lags(weeks: np.ndarray, found: Sequence[Trigger]) -> np.ndarray:
    """(weeks, events) weeks since the week of each event; negative before it."""
    days = [each.date - dt.timedelta(days=each.date.weekday()) for each in found]
    return (weeks[:, None] - np.array(days, dtype="datetime64[D]")[None, :]).astype(int) // 7


def _dose(lags: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    felt = (lags >= WINDOWS["at"][0]) & (lags <= WINDOWS["after"][1]) & ~np.isnan(sizes)[None, :]
    largest = np.where(felt, np.nan_to_num(sizes)[None, :], -np.inf).max(axis=1)
    return np.where(felt.any(axis=1), largest, 0.0)


def _share(weeks: np.ndarray, text: str) -> np.ndarray:
    """The share of each week's days that belong to a yearly occasion."""
    first, last = _bounds(text)
    days = weeks[:, None] + np.arange(7)[None, :]
    share = np.zeros(days.shape, dtype=bool)
    years = np.unique(days.astype("datetime64[Y]").astype(int) + 1970)
    for year in range(years.min() - 1, years.max() + 2):
        share |= (days >= _shifted(year, *first)) & (days <= _shifted(year, *last))
    return share.mean(axis=1)


def _bounds(text: str) -> tuple[tuple[str, int], tuple[str, int]]:
    """First and last day of a yearly occasion, each as a month and day and the days to be added."""
    first, _, last = text.partition("/")
    try:
        days = [dt.date.fromisoformat(f"2001-{each}") for each in (first, last or first)]
    except ValueError:
        days = []
    if not days or days[1] < days[0]:
        raise InputError(
            f"{text!r} is no day of every year", remedy="write MM-DD, or MM-DD/MM-DD for a window within the year"
        )
    return ((first, 0), (last, 0)) if last else ((first, -REACH), (first, REACH))


def _shifted(year: int, month_day: str, days: int) -> np.datetime64:
    return np.datetime64(f"{year}-{month_day}") + days


def anniversaries() -> pl.DataFrame:
    """North Korea's fixed anniversaries and yearly windows, with their sources: what comes with the program."""
    return pl.read_csv(
        io.StringIO((files("tocsin.rhetoric") / "anniversaries.csv").read_text(encoding="utf-8")), infer_schema=False
    )
