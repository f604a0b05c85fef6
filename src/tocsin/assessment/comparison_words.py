"""Say how two numbers or days compare, with as many digits as show the outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from tocsin.assessment.amounts import Amount, amount
from tocsin.case.units import COUNTED, SHARES, TIMES, Unit
from tocsin.translation import Text, message, template

FIRST_DIGITS, LAST_DIGITS = 4, 24
"""Significant digits of a computed number, and the most that it gets where fewer would hide the verdict."""

_ABOVE, _BELOW = template("{value}, above {limit}"), template("{value}, below {limit}")
_SAME, _OTHER = template("{value}, equal to {limit}"), template("{value}, not {limit}")
NUMBERS: Mapping[tuple[str, bool], str] = {
    (">", True): _ABOVE,
    (">", False): template("{value}, not above {limit}"),
    (">=", True): template("{value}, at least {limit}"),
    (">=", False): _BELOW,
    ("<", True): _BELOW,
    ("<", False): template("{value}, not below {limit}"),
    ("<=", True): template("{value}, at most {limit}"),
    ("<=", False): _ABOVE,
    ("==", True): _SAME,
    ("==", False): _OTHER,
    ("!=", True): _OTHER,
    ("!=", False): _SAME,
}
_AFTER, _BEFORE = template("{value}, after {limit}"), template("{value}, before {limit}")
_NOT_AFTER, _NOT_BEFORE = template("{value}, not after {limit}"), template("{value}, not before {limit}")
ORDER_OF_DAYS: Mapping[tuple[str, bool], str] = {
    **NUMBERS,
    (">", True): _AFTER,
    (">", False): _NOT_AFTER,
    (">=", True): _NOT_BEFORE,
    (">=", False): _BEFORE,
    ("<", True): _BEFORE,
    ("<", False): _NOT_BEFORE,
    ("<=", True): _NOT_AFTER,
    ("<=", False): _AFTER,
}
_WITHIN, _NOT_WITHIN = (
    template("{value}, within {distance} of {limit}"),
    template("{value}, not within {distance} of {limit}"),
)
DISTANCES: Mapping[tuple[str, bool], str] = {
    ("<", True): _WITHIN,
    ("<", False): _NOT_WITHIN,
    ("<=", True): _WITHIN,
    ("<=", False): _NOT_WITHIN,
    (">", True): template("{value}, more than {distance} from {limit}"),
    (">", False): template("{value}, not more than {distance} from {limit}"),
    (">=", True): template("{value}, at least {distance} from {limit}"),
    (">=", False): template("{value}, less than {distance} from {limit}"),
}
"""Words for a comparison and its outcome: of numbers, of days, and of a distance |x - y| with a limit."""

PERCENT = Unit((), SHARES["%"])
DAYS = Unit((("years", 1),), TIMES["days"])
Printer: TypeAlias = Callable[[Fraction, Unit, int], Amount]
"""Prints a number of a unit with so many significant digits."""
Measure: TypeAlias = Callable[[Sequence[Fraction]], tuple[Fraction, Fraction]]
"""Gives the two numbers that a test compares, from those that are printed."""


def two_numbers(numbers: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Return two numbers as they are."""
    return numbers[0], numbers[1]


def distance_between(numbers: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Return the distance between two numbers, and its limit."""
    return abs(numbers[0] - numbers[1]), numbers[2]


def points_between(numbers: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Return what is compared of two percentages: their difference is in points, as 5 % of 66.67 % would be 3.33 points."""
    return distance_between(numbers)


def ratio_between(numbers: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Return by which share a number differs from another, and its limit."""
    return abs(numbers[0] / numbers[1] - 1) if numbers[1] else Fraction(-1), numbers[2]


def as_year(number: Fraction, unit: Unit, digits: int) -> Amount:
    """Return an amount without commas between its digits, as years are printed."""
    printed = amount(number, unit, digits)
    return replace(printed, digits=printed.digits.replace(",", ""))


def visible(numbers: Sequence[tuple[Fraction, Unit]], measure: Measure, words: str, print_: Printer) -> Text:
    """Return numbers in words with as many digits as show how they compare.

    Args:
        numbers: the numbers, each with the unit in which it is printed.
        measure: gives the two numbers that are compared.
        words: the template with places for the first number, its limit, and the distance between them if that is compared.
        print_: prints a number.
    """
    left, right = measure([number for number, _ in numbers])
    for digits in range(FIRST_DIGITS, LAST_DIGITS + 1):
        printed = [print_(number, unit, digits) for number, unit in numbers]
        rounded = measure([item.value for item in printed])
        if (rounded[0] > rounded[1], rounded[0] < rounded[1]) == (left > right, left < right):
            return message(words, **_texts(printed, measure))
    printed = [print_(number, unit, FIRST_DIGITS) for number, unit in numbers]
    gap = print_(abs(left - right), numbers[-1][1], 2).text
    return message("{comparison}, by {gap}", comparison=message(words, **_texts(printed, measure)), gap=gap)


def _texts(printed: Sequence[Amount], measure: Measure) -> dict[str, Text]:
    """Return amounts as texts; after the first, 0 and counted things have no unit. A distance in points says so."""
    texts = [item.text if not index or _has_unit(item) else Text(item.digits) for index, item in enumerate(printed)]
    if measure is points_between:
        texts[2] = _percentage_points(printed[2].digits)
    return dict(zip(("value", "limit", "distance"), texts, strict=False))


def _has_unit(printed: Amount) -> bool:
    return bool(printed.exponent) or (printed.unit not in COUNTED and bool(printed.value))


def _percentage_points(digits: str) -> Text:
    if digits == "1":
        return message("{number} percentage point", number=digits)
    return message("{number} percentage points", number=digits)
