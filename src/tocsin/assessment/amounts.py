"""Print exact amounts for readers: "9.0353 trillion JPY", "66 %", "1.674"."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tocsin.case.units import ONE, SHARES, TIMES, Unit

EXACT_DIGITS = 6
"""A number with at most this many significant digits is printed in full; so is a whole number."""
SMALLEST_EXPONENT = -9
"""Numbers with a smaller power of ten are printed with an exponent."""
_SIZES = ((Fraction(10**12), "trillion"), (Fraction(10**9), "billion"), (Fraction(10**6), "million"))


@dataclass(frozen=True)
class Amount:
    """An amount as printed: its digits, the words for scale and unit, and the number that they say, at scale 1."""

    digits: str
    words: str
    value: Fraction

    def __str__(self) -> str:
        return f"{self.digits} {self.words}".strip()


def amount(number: Fraction, unit: Unit, digits: int) -> Amount:
    """Return an amount as printed.

    Args:
        number: the amount at scale 1.
        unit: its unit; per cent, months and days are kept, and other scales follow the size of the number.
        digits: significant digits of a number that is not printed in full, at least 1.
    """
    size, words = _size(number, unit)
    text, said = _decimal(number / size, digits)
    return Amount(text, words, said * size)


def _size(number: Fraction, unit: Unit) -> tuple[Fraction, str]:
    """Return the scale at which a number is printed, and the words for the scale and the unit."""
    if not unit.powers and unit.scale == SHARES["%"]:
        return unit.scale, "%"
    if unit.powers == (("years", 1),) and unit.scale in (TIMES["months"], TIMES["days"]):
        return unit.scale, "months" if unit.scale == TIMES["months"] else "days"
    size, word = next((item for item in _SIZES if abs(number) >= item[0]), (Fraction(1), ""))
    name = "" if unit.base == ONE else unit.base.words
    return size, f"{word} {name}".strip()


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
