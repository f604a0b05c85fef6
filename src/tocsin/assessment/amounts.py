"""Print exact amounts for readers: "9.0353 trillion JPY", "66 %", "1.674"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from tocsin.assessment.code_words import TRUTH_WORDS
from tocsin.assessment.words import in_percent
from tocsin.case.units import ONE, SHARES, TIMES, Unit
from tocsin.case.values import as_written
from tocsin.translation import Text, message, message_in, scaled

EXACT_DIGITS = 6
"""A number with at most this many significant digits is printed in full; so is a whole number."""
SMALLEST_EXPONENT = -9
"""Numbers with a smaller power of ten are printed with an exponent."""
_EXPONENTS = (12, 9, 6)
"""Powers of ten that have words."""
UNIT_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        str(unit): unit
        for unit in (
            message_in("unit", "persons"),
            message_in("unit", "km"),
            message_in("unit", "missiles"),
            message_in("unit", "warheads"),
            message_in("unit", "aircraft"),
            message_in("unit", "ships"),
            message_in("unit", "tanks"),
            message_in("unit", "launchers"),
            message_in("unit", "launches"),
            message_in("unit", "tests"),
            message_in("unit", "exercises"),
            message_in("unit", "seats"),
            message_in("unit", "votes"),
            message_in("unit", "states"),
            message_in("unit", "statements"),
            message_in("unit", "articles"),
            message_in("unit", "mentions"),
            message_in("unit", "events"),
            message_in("unit", "items"),
            message_in("unit", "disputes"),
            message_in("unit", "wars"),
            message_in("unit", "deaths"),
            message_in("unit", "years"),
            message_in("unit", "year"),
            message_in("unit", "per year"),
            message_in("unit", "months"),
            message_in("unit", "days"),
            message_in("unit", "JPY"),
            message_in("unit", "USD"),
            message_in("unit", "KRW"),
            message_in("unit", "CNY"),
            message_in("unit", "TWD"),
            message_in("unit", "INR"),
            message_in("unit", "EUR"),
            message_in("unit", "GBP"),
            message_in("unit", "RUB"),
        )
    }
)
"""The units that have words in other languages, by their name; what else a case counts stays as it is."""


@dataclass(frozen=True)
class Amount:
    """An amount as printed.

    Attributes:
        digits: its number.
        exponent: of the power of ten that a word beside the number stands for, as in "9 million"; 0 without one.
        unit: the unit in words; empty without one.
        value: the number that they say, at scale 1.
    """

    digits: str
    exponent: int
    unit: str
    value: Fraction

    @property
    def number(self) -> Text:
        """Return the number with its scale and without its unit."""
        return scaled(self.digits, self.exponent) if self.exponent else Text(self.digits)

    @property
    def text(self) -> Text:
        """Return the number with its scale and its unit."""
        if self.unit == "%":
            return in_percent(self.digits)
        return with_unit(self.number, self.unit) if self.unit else self.number


def with_unit(number: str, unit: str) -> Text:
    """Return a number with its unit: a word of the program, or one that no language changes."""
    words = unit_words(unit)
    if isinstance(words, Text):
        return message("{number} {unit}", number=number, unit=words)
    return message_in("currency", "{number} {unit}", number=number, unit=words)


def unit_words(unit: str) -> str:
    """Return a unit as the words that a reader sees: "events per year"."""
    above, per, below = unit.partition(" per ")
    if per:
        return message("{unit} per {other}", unit=unit_words(above), other=unit_words(below))
    return UNIT_WORDS.get(unit, unit)


def written(raw: str | float | bool, unit: str) -> str:
    """Return the value of a fact as `as_written` does; a truth value is a word of the program."""
    text = as_written(raw, unit)
    return TRUTH_WORDS.get(text, text) if unit in ("", "truth") else text


def amount(number: Fraction, unit: Unit, digits: int) -> Amount:
    """Return an amount as printed.

    Args:
        number: the amount at scale 1.
        unit: its unit; per cent, months and days are kept, and other scales follow the size of the number.
        digits: significant digits of a number that is not printed in full, at least 1.
    """
    size, exponent, words = _size(number, unit)
    text, rounded = _decimal(number / size, digits)
    return Amount(text, exponent, words, rounded * size)


def _size(number: Fraction, unit: Unit) -> tuple[Fraction, int, str]:
    """Return the scale at which a number is printed, the exponent of its word, and the unit."""
    if not unit.powers and unit.scale == SHARES["%"]:
        return unit.scale, 0, "%"
    if unit.powers == (("years", 1),) and unit.scale in (TIMES["months"], TIMES["days"]):
        return unit.scale, 0, "months" if unit.scale == TIMES["months"] else "days"
    exponent = next((power for power in _EXPONENTS if abs(number) >= 10**power), 0)
    return Fraction(10**exponent), exponent, "" if unit.base == ONE else unit.base.words


def _decimal(number: Fraction, digits: int) -> tuple[str, Fraction]:
    """Return a number in full if it is short or whole, else rounded; and the number that the text says."""
    count, step = _rounded(number, EXACT_DIGITS)
    if count * Fraction(10) ** step == number:
        while step < 0 and count % 10 == 0:
            count, step = count // 10, step + 1
    else:
        count, step = _rounded(number, digits)
    decimal = Decimal((int(count < 0), tuple(map(int, str(abs(count)))), step))
    tiny = count != 0 and decimal.adjusted() < SMALLEST_EXPONENT
    text = f"{decimal:e}" if tiny else f"{decimal:,f}"
    return text.replace("-", "\N{MINUS SIGN}"), count * Fraction(10) ** step


def _rounded(number: Fraction, digits: int) -> tuple[int, int]:
    """Return (n, k) such that n 10^k is a number rounded to some significant digits; whole digits are never rounded."""
    step = min(_exponent(number) - digits + 1, 0)
    return round(number / Fraction(10) ** step), step


def _exponent(number: Fraction) -> int:
    """Return the power of ten of a number's first digit, 0 for 0."""
    if not number:
        return 0
    size = abs(number)
    guess = len(str(size.numerator)) - len(str(size.denominator))
    return guess if size >= Fraction(10) ** guess else guess - 1
