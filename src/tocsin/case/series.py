"""What a test computes from facts: a number from a yearly series, the first day in a register, a day that is moved."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from tocsin.case.nodes import FirstOf, Number, Series
from tocsin.case.units import TIMES, Quantity
from tocsin.case.values import Value

if TYPE_CHECKING:
    from tocsin.case.breaks import Break

_FUNCTIONS: Mapping[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "sum": lambda numbers: sum(numbers, Fraction(0)),
    "mean": lambda numbers: _mean(numbers),
    "max": max,
    "min": min,
}


def years_known(keys: Iterable[str], key: str, first: int, last: int) -> tuple[int, ...]:
    """Return the years from `first` to `last` for which `keys` has KEY.YEAR, rising."""
    known = set(keys)
    return tuple(year for year in range(first, last + 1) if f"{key}.{year}" in known)


def numbers_of(node: Series, values: Mapping[str, Value]) -> list[Fraction]:
    """Return the numbers of the known years of a series at scale 1, in the order of the years."""
    read = [values[f"{node.key}.{year}"] for year in node.known]
    return [value.base for value in read if isinstance(value, Quantity)]


def series_value(node: Series, values: Mapping[str, Value]) -> Fraction | None:
    """Return what a function gives of a series, at scale 1 and exactly; None where it is undefined.

    `known` is the number of years with a fact. Every other function is undefined if a year of the span has none. `growth` is
    last / first - 1, undefined unless the first number is above 0. `change` is the mean of the years from `start` on minus that
    of the years before. `break_in` is the year in which the trend breaks, undefined unless chance rarely breaks one as much.
    """
    if node.function == "known":
        return Fraction(len(node.known))
    if node.missing:
        return None
    numbers = numbers_of(node, values)
    if node.function == "growth":
        return numbers[-1] / numbers[0] - 1 if numbers[0] > 0 else None
    if node.function == "change":
        before, after = parts(node, numbers)
        return _mean(after) - _mean(before)
    if node.function == "break_in":
        from tocsin.case.breaks import LEVEL

        broken = break_of(node, values)
        return Fraction(node.first + broken.index) if broken.p < LEVEL else None
    return _FUNCTIONS[node.function](numbers)


def break_of(node: Series, values: Mapping[str, Value]) -> Break:
    """Return the largest break in the trend of a series whose years all have a fact."""
    from tocsin.case.breaks import trend_break  # imported here: few cases need it

    return trend_break(tuple(float(number) for number in numbers_of(node, values)))


def parts(node: Series, numbers: Sequence[Fraction]) -> tuple[Sequence[Fraction], Sequence[Fraction]]:
    """Return the numbers of a change before its year, and those from it on."""
    split = (node.start or node.first) - node.first
    return numbers[:split], numbers[split:]


def _mean(numbers: Sequence[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0)) / len(numbers)


def first_day(node: FirstOf, values: Mapping[str, Value]) -> date | None:
    """Return the first day of a kind in a register, later than `after` if that is given; None if there is none."""
    days = [value for key in node.known if isinstance(value := values[key], date)]
    return min((day for day in days if node.after is None or day > node.after), default=None)


def moved(day: date, by: Number) -> date | None:
    """Return a day moved by a whole number of days, months or years; None outside the calendar.

    Months and years are those of the calendar. Where the month has no such day, the result is its last: a month after
    31 January is 28 February.
    """
    count = int(by.value)
    try:
        if by.unit.scale == TIMES["days"]:
            return day + timedelta(days=count)
        months = day.year * 12 + day.month - 1 + count * (12 if by.unit.scale == TIMES["years"] else 1)
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(day.day, monthrange(year, month)[1]))
    except (ValueError, OverflowError):
        return None
