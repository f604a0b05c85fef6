"""Turn dates that are stored as numbers into days: seconds, milliseconds, microseconds or nanoseconds since 1970 in UTC."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator

from tocsin.rhetoric.archive.tables import COLUMN_NAMES, Row

LIMIT = 4_200_000_000
"""Largest number of seconds from 1970, about 133 years; a larger number counts smaller units."""
MIN_SECONDS = 10**8
"""Smallest number that counts seconds (1973); a smaller one may be a year, a day of a spreadsheet or YYYYMMDD."""
_UNITS = (1, 10**3, 10**6, 10**9)
_START = dt.date(1970, 1, 1)


def with_days(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows of one file with the days that its numeric dates name.

    The first such number decides the unit of the file. A number that would need another unit becomes a text, which is no date: a wrong
    unit would give a wrong day.
    """
    unit: int | None = None
    for row in rows:
        values = dict(row.values or {})
        for column in COLUMN_NAMES["date"]:
            value = values.get(column)
            if isinstance(value, bool) or not isinstance(value, int | float):
                continue
            if isinstance(value, float) and not math.isfinite(value):
                continue
            number = int(value)
            own = _unit(number)
            unit = unit or own
            values[column] = str(number) if own is None or own != unit else _day(number, own)
        yield row if row.values is None else row._replace(values=values)


def _unit(number: int) -> int | None:
    """Return how many units make a second, or None if the number is no time."""
    if abs(number) < MIN_SECONDS:
        return None
    return next((unit for unit in _UNITS if abs(number) <= LIMIT * unit), None)


def _day(number: int, unit: int) -> dt.date:
    return _START + dt.timedelta(days=number // (86_400 * unit))
