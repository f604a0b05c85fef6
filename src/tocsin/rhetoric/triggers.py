"""Turn dated events and fixed anniversaries into weekly columns of the account."""

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

from tocsin.errors import InputError, did_you_mean
from tocsin.rhetoric.targets import target_code
from tocsin.translation import either, in_commas, in_semicolons, message

WINDOWS: Mapping[str, tuple[int, int]] = MappingProxyType({"before": (-4, -1), "at": (0, 1), "after": (2, 5)})
"""First and last week of each window, counted from the week of the event. Words often rise before a formal act."""
REACH = 3
"""Days before and after an anniversary that count as part of it."""
EVENT_COLUMNS = ("date", "actor", "category")
_COLUMNS = (*EVENT_COLUMNS, "precision", "confidence", "size")


@dataclass(frozen=True)
class TriggerClass:
    """A class of triggers.

    Attributes:
        name: short name; says: its name in texts.
        categories: categories of its events.
        any: whether events of every actor count, not only those of the target.
    """

    name: str
    says: str
    categories: tuple[str, ...]
    any: bool


@cache
def classes() -> tuple[TriggerClass, ...]:
    """Return the classes of triggers of `triggers.toml`."""
    data = tomllib.loads((files("tocsin.rhetoric") / "triggers.toml").read_text(encoding="utf-8"))
    return tuple(
        TriggerClass(name, entry["says"], tuple(entry["categories"]), entry.get("any", False))
        for name, entry in data.items()
    )


@dataclass(frozen=True)
class Trigger:
    """A dated event of a class. `size` is in the unit of the class, NaN if unknown."""

    date: dt.date
    group: str
    size: float


@dataclass(frozen=True)
class Triggers:
    """The events that are used, and the number of events left out, by reason."""

    used: tuple[Trigger, ...]
    left_out: Mapping[str, int]

    def require_within(self, weeks: np.ndarray, file: str | None = None) -> None:
        """Check that the windows of at least one event touch these weeks, Mondays in order.

        Raises:
            InputError: if none does.
        """
        lags = _lags(weeks[[0, -1]], self.used)
        if not ((lags[0] <= WINDOWS["after"][1]) & (lags[1] >= WINDOWS["before"][0])).any():
            raise InputError(
                message(
                    "no event lies in the weeks of the series, {first} to {last}",
                    first=str(weeks[0]),
                    last=str(weeks[-1]),
                ),
                file=file,
                remedy=message("give events of these years, or counts of the years of the events with --counts"),
            )


def triggers(events: pl.DataFrame, target: str, *, confirmed: bool = False, file: str | None = None) -> Triggers:
    """Select the events that can trigger words about a target.

    Args:
        events: columns date, actor (codes or names of states, separated by `;`) and category; optional precision (only `day` is
            used), confidence and size. Capitals do not matter.
        target: ISO code.
        confirmed: use only events whose confidence is `confirmed`.
        file: name of the table in errors.

    Raises:
        InputError: if a column is missing, or an event of precision `day` has no date, or an ambiguous or doubtful one.
    """
    events = events.rename({name: name.strip().lower() for name in events.columns if name.strip().lower() in _COLUMNS})
    if missing := [name for name in EVENT_COLUMNS if name not in events.columns]:
        raise InputError(
            message("the events have no column `{column}`", column=missing[0]),
            file=file,
            remedy=message("give columns {names}", names=in_commas(EVENT_COLUMNS)),
        )
    known = {category: group for group in classes() for category in group.categories}
    used: list[Trigger] = []
    left_out: dict[str, int] = {}
    for line, row in enumerate(events.iter_rows(named=True), start=2):
        group = known.get(str(row["category"] or "").strip().lower())
        reason = _reason(row, group, target, confirmed=confirmed)
        if reason:
            left_out[reason] = left_out.get(reason, 0) + 1
        elif group is not None:
            used.append(Trigger(_day(row["date"], file, line), group.name, _size(row.get("size"), file, line)))
    return Triggers(tuple(used), MappingProxyType(left_out))


def _reason(row: Mapping[str, str | None], group: TriggerClass | None, target: str, *, confirmed: bool) -> str | None:
    """Return why an event is left out, or None if it is used. The reasons are keys of the account's JSON: do not reword them."""
    if group is None:
        return f"category {row['category']} is of no class"
    if not group.any and target not in _actors(row["actor"]):
        return f"{target} has no part in it"
    if (row.get("precision") or "day") != "day":
        return "its day is not known"
    if confirmed and row.get("confidence") != "confirmed":
        return "its date is not confirmed"
    return None


def _actors(text: str | None) -> set[str]:
    """Return the codes of the actors; an actor that is no known state keeps its name in capitals."""
    return {_actor(part.strip()) for part in str(text or "").split(";")}


@cache
def _actor(name: str) -> str:
    try:
        return target_code(name)
    except InputError:
        return name.upper()


def usable_triggers(events: pl.DataFrame, target: str, *, confirmed: bool = False, file: str | None = None) -> Triggers:
    """Return `triggers`, and refuse a table of which no event can be used.

    Raises:
        InputError: also if no event can be used; the error names the categories or actors that are not understood.
    """
    selected = triggers(events, target, confirmed=confirmed, file=file)
    if selected.used:
        return selected
    reasons = in_semicolons(f"{reason} ({count})" for reason, count in selected.left_out.items())
    raise InputError(
        message("no event can be used for {target}: {reasons}", target=target, reasons=reasons)
        if reasons
        else message("the table of events has no rows"),
        file=file,
        remedy=_unusable_remedy(events, target),
    )


def _unusable_remedy(events: pl.DataFrame, target: str) -> str:
    """Return the category or actor that was probably meant."""
    if events.is_empty():
        return message("add events, one a row: {names}", names=in_commas(EVENT_COLUMNS))
    columns = {name.strip().lower(): events[name].cast(pl.String).fill_null("") for name in events.columns}
    known = [category for group in classes() for category in group.categories]
    categories, actors = (sorted({name.strip() for name in columns[key]}) for key in ("category", "actor"))
    if unknown := next((name for name in categories if name and name.lower() not in known), None):
        longer = [f"`{category}`" for category in known if unknown.lower() in category]
        return (
            message("did you mean {names}?", names=either(longer)) if longer else did_you_mean(unknown.lower(), known)
        )
    if target not in set().union(*map(_actors, actors)):
        others = [name for name in actors if name][:5]
        if others:
            return message("write {target} as an actor instead of {names}", target=target, names=in_commas(others))
        return message("write {target} as an actor", target=target)
    return message("give events with a confirmed date and precision `day`")


def _day(value: object, file: str | None, line: int) -> dt.date:
    """Return the day of an event. It may lie ahead by as many weeks as words can rise before an event."""
    from tocsin.rhetoric.archive.dates import date_problem, latest_today, read_date

    reading = read_date(value)
    problem = date_problem(reading, latest_today() - dt.timedelta(weeks=WINDOWS["before"][0]))
    if problem or reading.date is None:
        raise InputError(
            message("date {text}: {problem}", text=repr(str(value or "")), problem=problem),
            file=file,
            line=line,
            remedy=message("write YYYY-MM-DD, or set precision to month"),
        )
    return reading.date


def _size(text: object, file: str | None, line: int) -> float:
    if text is None or text == "":
        return float("nan")
    try:
        return float(str(text))
    except ValueError as error:
        raise InputError(
            message("size {text} is not a number", text=repr(text)),
            file=file,
            line=line,
            remedy=message("write a number, or leave the cell empty"),
        ) from error


@dataclass(frozen=True)
class Columns:
    """Weekly columns that the account's rate depends on.

    Attributes:
        calendar: (weeks, occasions) share of the week's days that belong to the occasion, 0 to 1.
        occasions: their names.
        triggers: (weeks, classes, windows) 1 if the week lies in this window of any event of the class, else 0. Events whose windows
            overlap count once.
        classes: names of the classes that have an event.
        dosed: indices of the classes with a dose: `MIN_SIZES` or more events of known size, not all equal.
        dose: (weeks, dosed classes) size of the largest event whose `at` or `after` window includes the week; 0 outside these
            windows. Sizes are standardised by the mean and standard deviation of the class.
    """

    calendar: np.ndarray
    occasions: tuple[str, ...]
    triggers: np.ndarray
    classes: tuple[str, ...]
    dosed: tuple[int, ...]
    dose: np.ndarray


MIN_SIZES = 5
"""Events of known size that a class needs for a dose effect."""


def columns(weeks: np.ndarray, anniversaries: pl.DataFrame, events: Sequence[Trigger]) -> Columns:
    """Return anniversaries and events as weekly columns.

    Args:
        weeks: Mondays.
        anniversaries: columns month_day (`MM-DD`, or `MM-DD/MM-DD` for a span within the year) and occasion.
        events: dated events. Events whose windows miss these weeks have no effect.

    Raises:
        InputError: if a column is missing, or a month_day is not a day of every year.
    """
    needed = ("month_day", "occasion")
    if missing := [name for name in needed if name not in anniversaries.columns]:
        raise InputError(
            message("the anniversaries have no column `{column}`", column=missing[0]),
            remedy=message("give columns {names}", names=in_commas(needed)),
        )
    names = tuple(group.name for group in classes() if any(event.group == group.name for event in events))
    indicators = np.zeros((weeks.size, len(names), len(WINDOWS)))
    doses: dict[int, np.ndarray] = {}
    for index, name in enumerate(names):
        of_class = [event for event in events if event.group == name]
        lags = _lags(weeks, of_class)
        for window, (first, last) in enumerate(WINDOWS.values()):
            indicators[:, index, window] = ((lags >= first) & (lags <= last)).any(axis=1)
        sizes = np.array([event.size for event in of_class])
        known = sizes[~np.isnan(sizes)]
        if known.size >= MIN_SIZES and known.std() > 0:
            doses[index] = _dose(lags, (sizes - known.mean()) / known.std())
    none = np.zeros((weeks.size, 0))
    return Columns(
        calendar=np.column_stack([none, *(occasion_share(weeks, 7, text) for text in anniversaries["month_day"])]),
        occasions=tuple(anniversaries["occasion"]),
        triggers=indicators,
        classes=names,
        dosed=tuple(doses),
        dose=np.column_stack([none, *doses.values()]),
    )


def _lags(weeks: np.ndarray, events: Sequence[Trigger]) -> np.ndarray:
    """Return the number of weeks since the week of each event, (weeks, events); negative before it."""
    days = [event.date - dt.timedelta(days=event.date.weekday()) for event in events]
    return (weeks[:, None] - np.array(days, dtype="datetime64[D]")[None, :]).astype(int) // 7


def _dose(lags: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return the largest size of the events active in each week, (weeks,); 0 if there are none."""
    active = (lags >= WINDOWS["at"][0]) & (lags <= WINDOWS["after"][1]) & ~np.isnan(sizes)[None, :]
    largest = np.where(active, np.nan_to_num(sizes)[None, :], -np.inf).max(axis=1)
    return np.where(active.any(axis=1), largest, 0.0)


def occasion_share(first_days: np.ndarray, length: int, text: str) -> np.ndarray:
    """Return the share of the days of each span that belong to a yearly occasion, (spans,).

    Args:
        first_days: (spans,) first day of each span, in order.
        length: days of a span.
        text: `MM-DD`, which counts with `REACH` days before and after it, or `MM-DD/MM-DD`.

    Raises:
        InputError: if the text is not a day of every year.
    """
    first, last = _bounds(text)
    days = first_days[:, None] + np.arange(length)[None, :]
    share = np.zeros(days.shape, dtype=bool)
    years = np.unique(days.astype("datetime64[Y]").astype(int) + 1970)
    for year in range(years.min() - 1, years.max() + 2):
        share |= (days >= _shifted(year, *first)) & (days <= _shifted(year, *last))
    return share.mean(axis=1)


def _bounds(text: str) -> tuple[tuple[str, int], tuple[str, int]]:
    """Return the first and last day of a yearly occasion, each as month and day and a number of days to add."""
    first, _, last = text.partition("/")
    try:
        days = [dt.date.fromisoformat(f"2001-{day}") for day in (first, last or first)]
    except ValueError:
        days = []
    if not days or days[1] < days[0]:
        raise InputError(
            message("{text} is not a day of every year", text=repr(text)),
            remedy=message("write MM-DD, or MM-DD/MM-DD for a span within the year"),
        )
    return ((first, 0), (last, 0)) if last else ((first, -REACH), (first, REACH))


def _shifted(year: int, month_day: str, days: int) -> np.datetime64:
    return np.datetime64(f"{year}-{month_day}") + days


def stored_anniversaries() -> pl.DataFrame:
    """Return the table of North Korea's fixed anniversaries and yearly spans that comes with the program."""
    return pl.read_csv(
        io.StringIO((files("tocsin.rhetoric") / "anniversaries.csv").read_text(encoding="utf-8")), infer_schema=False
    )
