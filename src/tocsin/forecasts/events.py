"""Days of events, from a data set or a table, and how far the list reaches."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.case.types import is_after
from tocsin.data.dated import DATED
from tocsin.errors import InputError, did_you_mean
from tocsin.translation import message

if TYPE_CHECKING:
    import polars as pl

Where = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class EventDays:
    """The days with a selected event in a list of dated events.

    Attributes:
        name: data set or file.
        cite: who made the list.
        sha256: of the file.
        days: with at least one selected event, rising.
        undated: months and years of selected events whose day is not known, as written.
        first: from which the list covers events.
        last: of the list's last event, selected or not; up to it a day without an event is known to have none.
        remains: the list's last event before it was cut, if it was cut.
    """

    name: str
    cite: str
    sha256: str
    days: tuple[date, ...]
    undated: tuple[str, ...]
    first: date
    last: date
    remains: date | None = None

    def until(self, day: date) -> EventDays:
        """Return the same list without anything after a day; events whose day is not known stay if all of their time is before it."""
        return EventDays(
            name=self.name,
            cite=self.cite,
            sha256=self.sha256,
            days=tuple(item for item in self.days if item <= day),
            undated=tuple(item for item in self.undated if is_after(day.isoformat(), item)),
            first=self.first,
            last=min(self.last, day),
            remains=self.last if self.last > day else None,
        )


def read_register(name: str, where: Where) -> EventDays:
    """Return the days of the selected events of a data set in the cache.

    Raises:
        InputError: if no such data set lists events by day, or the selection names a value that no event has.
        SolveError: if the data set is not in the cache.
    """
    import polars as pl

    from tocsin.data.cache import cache_path, checksum
    from tocsin.data.readers import read
    from tocsin.data.registry import source

    if name not in DATED:
        raise InputError(
            message("unknown register of dated events `{name}`", name=name), remedy=did_you_mean(name, DATED)
        )
    origin = source(name)
    frame = read(name).with_columns(pl.col("date").cast(pl.String))
    return event_days(
        frame,
        where,
        name=name,
        cite=origin.cite,
        sha256=checksum(cache_path(origin)),
        first=date(origin.years[0], 1, 1),
    )


def read_event_table(file: Path, shown: str, where: Where) -> EventDays:
    """Return the days of the selected events of a table with a column `date`; it covers the time from its first event on.

    Raises:
        InputError: if the file is no such table, a date in it is none, or no event has a value that the selection names.
    """
    import polars as pl

    from tocsin.reading.frames import read_table_file

    frame = read_table_file(file, ("date",)).frame.with_columns(pl.col("date").cast(pl.String))
    if frame.is_empty():
        raise InputError(
            message("the table has no events"), file=shown, remedy=message("name a table with at least one row")
        )
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return event_days(frame, where, name=shown, cite=shown, sha256=digest, first=None)


def event_days(
    frame: pl.DataFrame, where: Where, *, name: str, cite: str, sha256: str, first: date | None
) -> EventDays:
    """Return the days of the selected events of a frame whose column `date` holds texts YYYY, YYYY-MM or YYYY-MM-DD.

    Args:
        frame: one row for each event, at least one.
        where: values by column; an event is selected if it has one of them in every column.
        name, cite, sha256: see `EventDays`.
        first: first day that the list covers; that of its first event if None.

    Raises:
        InputError: if a date is none, a column is missing, or no event has a value that the selection names.
    """
    import polars as pl

    texts = frame["date"].to_list()
    days = [_day(text, name, row) for row, text in enumerate(texts, 1)]
    known = [day for day in days if day is not None]
    if not known:
        raise InputError(message("no event has a full date"), file=name, remedy=message("write dates as YYYY-MM-DD"))
    selected = pl.Series([True] * frame.height)
    for column, values in where.items():
        selected &= _matches(frame, column, values, name)
    rows = [index for index, chosen in enumerate(selected.to_list()) if chosen]
    return EventDays(
        name=name,
        cite=cite,
        sha256=sha256,
        days=tuple(sorted({day for index in rows if (day := days[index]) is not None})),
        undated=tuple(str(texts[index]) for index in rows if days[index] is None),
        first=min(known) if first is None else first,
        last=max(known),
    )


def _day(text: str | None, name: str, row: int) -> date | None:
    """Return the day of an event; None if only its year or month is known."""
    parts = (text or "").split("-")
    try:
        if len(parts) == 3:
            return date.fromisoformat(text or "")
        date(int(parts[0]), int(parts[1]) if len(parts) == 2 else 1, 1)
    except ValueError:
        remedy = message("write YYYY-MM-DD, or YYYY-MM where the day is not known")
        raise InputError(
            message("{text} in row {row} is not a date", text=repr(text), row=row), file=name, remedy=remedy
        ) from None
    return None


def _matches(frame: pl.DataFrame, column: str, values: Sequence[str], name: str) -> pl.Series:
    import polars as pl

    if column not in frame.columns:
        remedy = did_you_mean(column, frame.columns)
        raise InputError(message("unknown column `{column}` of the events", column=column), file=name, remedy=remedy)
    cells = frame[column].cast(pl.String)
    for value in values:
        if value not in cells:
            remedy = did_you_mean(value, (cell for cell in cells.unique() if cell is not None))
            raise InputError(
                message("no event has {column} `{value}`", column=column, value=value), file=name, remedy=remedy
            )
    return cells.is_in(list(values)).fill_null(value=False)
