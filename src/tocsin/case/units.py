"""Units and quantities: "9.0353e12 JPY", "1.2 m persons", "3 %", "0.05 per year".

A unit is a product of powers of base units and a scale. Values of incompatible units can be neither added nor compared.
Numbers and scales are fractions, so "8.47 JPY trn" is exactly 8.47e12 yen and 0.1 % + 0.2 % is exactly 0.3 %.
This module never converts one currency to another; `tocsin.measures.money` does, by stated rates.

Grammar of a unit: `"1"` | part [`per` part]; part: up to one prefix word (k, m, bn, trn), before or after a
base; base: a currency's code (ISO 4217), or a word of `BASES`. "per year" alone is 1 over a year.
`count of X` counts things that this module does not know; two counts are alike if X is the same.
`USD m of 2023` is money at the prices of 2023, which is not alike with money of another year or without one.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction
from functools import lru_cache

from tocsin.case.currencies import currency_of, currency_remedy, is_currency
from tocsin.errors import InputError, did_you_mean_one_of, near_names, use_one_of
from tocsin.reading import LIMIT
from tocsin.translation import message

PREFIXES = {"k": 10**3, "m": 10**6, "bn": 10**9, "trn": 10**12}
DIGITS = 60
"""Largest number of digits with which a number is written out."""

COUNTED = (
    "persons", "km", "missiles", "warheads", "aircraft", "ships", "tanks", "launchers", "launches", "tests",
    "exercises", "seats", "votes", "states", "statements", "articles", "mentions", "events", "items",
    "disputes", "wars", "deaths",
)  # fmt: skip
"""Things that are counted or measured; each is its own base unit."""

_MONTH, _DAY_OF_YEAR = Fraction(1, 12), Fraction(100, 36525)
TIMES = {
    "years": Fraction(1), "year": Fraction(1), "months": _MONTH, "month": _MONTH, "days": _DAY_OF_YEAR, "day": _DAY_OF_YEAR,
}  # fmt: skip
SHARES = {"1": Fraction(1), "%": Fraction(1, 100), "percent": Fraction(1, 100)}
BASES = (*COUNTED, *TIMES, *SHARES)
_ALIASES = {
    **dict.fromkeys(("yr", "yrs", "y", "annum", "annual", "yearly", "p.a.", "pa"), "year"),
    **dict.fromkeys(("mo", "mos", "mth", "mths"), "months"), "d": "days",
    **dict.fromkeys(("cent", "pct", "pc", "per-cent", "％"), "%"),
    **dict.fromkeys(("people", "men", "troops", "soldiers", "personnel"), "persons"),
    **dict.fromkeys(("thousand", "thousands", "th", "K"), "k"),
    **dict.fromkeys(("million", "millions", "mn", "mln", "mil", "M"), "m"),
    **dict.fromkeys(("billion", "billions", "bln", "b", "B", "BN"), "bn"),
    **dict.fromkeys(("trillion", "trillions", "tn", "t", "T", "TRN"), "trn"),
    **dict.fromkeys(("planes", "jets"), "aircraft"), "vessels": "ships",
}  # fmt: skip
"""What people write for a unit or prefix, and the word that it stands for."""

COUNT_OF = "count of"
"""Words before the name of counted things that are no base unit."""
FIRST_PRICE_YEAR, LAST_PRICE_YEAR = 1800, 2200
_MARK, _AT = "#", "@"
"""In the name of a base unit: the mark of a count, and what stands before a price year ("#frigates", "USD@2023")."""
_COUNTED_WORD = re.compile(r"[^\W\d_][\w-]*\Z")
_MAX_COUNT = 60
_PRICES = re.compile(r"(.+?)\s+of\s+([0-9]{4})\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_EAST_ASIAN_SCALES = {
    **dict.fromkeys(("조", "兆"), ("trn", 1)), **dict.fromkeys(("억", "億"), ("bn", 10)),
    **dict.fromkeys(("백만", "百万"), ("m", 1)), **dict.fromkeys(("만", "万"), ("m", 100)),
    **dict.fromkeys(("천", "千"), ("k", 1)),
}  # fmt: skip
"""Scales of money in East Asia: the next prefix above, and by what the number is to be divided for it."""
_EAST_ASIAN = re.compile(rf"({'|'.join(_EAST_ASIAN_SCALES)})\s*(원|엔|円|위안|元|달러|ドル|유로|ユーロ|ウォン)")
_NUMBER = re.compile(r"[-+]?(?:[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")

Powers = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Unit:
    """A unit: `powers` of base units, sorted by name, times `scale`. "JPY bn" is JPY^1 at 1e9."""

    powers: Powers = ()
    scale: Fraction = Fraction(1)

    def like(self, other: Unit) -> bool:
        """Return whether values in the two units can be added and compared (same powers; scales may differ)."""
        return self.powers == other.powers

    @property
    def base(self) -> Unit:
        """Return the same unit at scale 1."""
        return Unit(self.powers)

    @property
    def currency(self) -> str | None:
        """Return the currency of an amount of money or of money per year, else None."""
        names = [name for name, power in self.powers if _CURRENCY.match(name) and power == 1]
        others = {name for name, _ in self.powers} - set(names)
        return names[0] if len(names) == 1 and others <= {"years"} else None

    @property
    def counts(self) -> tuple[str, ...]:
        """Return the things that it counts beyond the base units, as written after `count of`."""
        return tuple(name[1:].replace("_", " ") for name, _ in self.powers if name.startswith(_MARK))

    @property
    def words(self) -> str:
        """Return the unit for readers, without the words `count of`."""
        return without_count_of(str(self))

    def __mul__(self, other: Unit) -> Unit:
        powers = dict(self.powers)
        for name, power in other.powers:
            powers[name] = powers.get(name, 0) + power
        return Unit(_tidy(powers), self.scale * other.scale)

    def __truediv__(self, other: Unit) -> Unit:
        return self * Unit(tuple((name, -power) for name, power in other.powers), 1 / other.scale)

    def __str__(self) -> str:
        above = " ".join(_power(name, power) for name, power in self.powers if power > 0)
        below = " ".join(_power(name, -power) for name, power in self.powers if power < 0)
        below = below.replace("years", "year")
        if not self.powers:
            plain = {ONE.scale: "1", SHARES["%"]: "%", **{Fraction(size): word for word, size in PREFIXES.items()}}
            return plain.get(self.scale, f"{float(self.scale):g}")
        prefix = next((f" {word}" for word, size in PREFIXES.items() if size == self.scale), "")
        if not prefix and self.scale != 1:
            prefix = f" x{float(self.scale):g}"
        years = "".join(f" of {name.partition(_AT)[2]}" for name, power in self.powers if power > 0 and _AT in name)
        return " ".join(part for part in (above + prefix + years, f"per {below}" if below else "") if part).strip()


def without_count_of(text: str) -> str:
    """Return a unit, or a value with its unit, without the words `count of`: "312 incursions"."""
    return text.replace(f"{COUNT_OF} ", "")


def _power(name: str, power: int) -> str:
    if name.startswith(_MARK):
        name = f"{COUNT_OF} {name[1:].replace('_', ' ')}"
    name = name.partition(_AT)[0]
    return name if power == 1 else f"{name}^{power}"


def _tidy(powers: dict[str, int]) -> Powers:
    return tuple(sorted((name, power) for name, power in powers.items() if power))


ONE = Unit()
BOOL = Unit((("truth", 1),))
DATE = Unit((("date", 1),))
TEXT = Unit((("text", 1),))
STRENGTH = Unit((("strength", 1),))
YEARS = Unit((("years", 1),))
PER_YEAR = Unit((("years", -1),))
NOT_NUMBERS = (BOOL, DATE, TEXT)


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit:
    """Return the unit written in `text`; raises InputError with the nearest known word if there is none."""
    above, _, below = (part.strip() for part in _split_per(text))
    unit = _part(above, text) if above else ONE
    if not below and not above:
        raise InputError(message("empty unit"), remedy=message('write a unit, "1" for a plain number'))
    return unit / _part(below, text) if below else unit


def _split_per(text: str) -> tuple[str, str, str]:
    words = text.split()
    if words.count("per") > 1:
        raise InputError(
            message("unit {unit} has more than one `per`", unit=repr(text)), remedy=message('write it as "A per B"')
        )
    if "per" not in words:
        return text, "", ""
    index = words.index("per")
    if index == len(words) - 1:
        raise InputError(
            message("unit {unit} ends in `per`", unit=repr(text)),
            remedy=message('write it as "A per B", e.g. "per year"'),
        )
    return " ".join(words[:index]), "per", " ".join(words[index + 1 :])


def _part(text: str, whole: str) -> Unit:
    if text == COUNT_OF or text.startswith(f"{COUNT_OF} "):
        return _count(text.removeprefix(COUNT_OF), whole)
    if priced := _PRICES.match(text):
        return _constant(_part(priced[1], whole), int(priced[2]), whole)
    words = text.split()
    prefixes = [word for word in words if word in PREFIXES]
    bases = [word for word in words if word not in PREFIXES]
    for word in bases:
        _base(word, whole)
    if len(prefixes) > 1 or len(bases) > 1:
        raise InputError(
            message("unit {unit} is not one base with at most one prefix", unit=repr(whole)),
            remedy=message('write e.g. "JPY bn", "USD m per year", "k persons", "%", "1"'),
        )
    unit = _base(bases[0], whole) if bases else ONE
    return Unit(unit.powers, unit.scale * (PREFIXES[prefixes[0]] if prefixes else 1))


def _count(text: str, whole: str) -> Unit:
    """Return the unit of counted things; those that are a base unit already are that unit."""
    prefixes = [word for word in text.split() if word in PREFIXES]
    words = [word for word in text.replace("_", " ").split() if word not in PREFIXES]
    name = "_".join(words)
    if not words or len(prefixes) > 1 or len(name) > _MAX_COUNT or not all(map(_COUNTED_WORD.match, words)):
        raise InputError(
            message("unit {unit} names nothing to count", unit=repr(whole)),
            remedy=message('write e.g. "{count} incursions"', count=COUNT_OF),
        )
    if name in TIMES or name in SHARES or is_currency(name) or name in ("truth", "date", "text", "strength"):
        raise InputError(
            message("{name} is not a thing to count", name=repr(name)),
            remedy=message("leave out `{word}`", word=COUNT_OF),
        )
    base = Unit(((name if name in COUNTED else _MARK + name, 1),))
    return Unit(base.powers, Fraction(PREFIXES[prefixes[0]] if prefixes else 1))


def _constant(unit: Unit, year: int, whole: str) -> Unit:
    """Return money at the prices of a year."""
    money = unit.currency
    if money is None or unit.powers != ((money, 1),):
        raise InputError(
            message("only money has a price year: {unit}", unit=repr(whole)),
            remedy=message('write e.g. "USD m of 2023 per year"'),
        )
    if not FIRST_PRICE_YEAR <= year <= LAST_PRICE_YEAR:
        raise InputError(
            message("{year} is not a price year", year=year),
            remedy=message("write {first} to {last}", first=FIRST_PRICE_YEAR, last=LAST_PRICE_YEAR),
        )
    return Unit(((f"{money}{_AT}{year}", 1),), unit.scale)


def _base(word: str, whole: str) -> Unit:
    if word in SHARES:
        return Unit((), SHARES[word])
    if word in TIMES:
        return Unit((("years", 1),), TIMES[word])
    if word in COUNTED or is_currency(word):
        return Unit(((word, 1),))
    if word == "strength":
        return STRENGTH
    if word in ("points", "point"):
        raise InputError(message("`points` is not a unit: it may mean 1 or 0.01"), remedy=message('write "1" or "%"'))
    raise InputError(message("unknown unit {unit}", unit=repr(whole)), remedy=_unit_remedy(word, whole))


def _unit_remedy(word: str, whole: str) -> str:
    if word.lower() in ("and", "or", "not", "in", "alike"):
        return message("write `{word}` in small letters", word=word.lower())
    if word in _ALIASES:
        return message("write `{name}`", name=_corrected(whole, word, _ALIASES[word]))
    if word == "of":
        return message('write `of` only before a price year, "USD m of 2023", or in `count of`')
    if scaled := _EAST_ASIAN.fullmatch(whole):
        return _scaled_remedy(*scaled.groups())
    if code := currency_of(word):
        return _currency_remedy(code, word, whole)
    if _CURRENCY.match(word):
        return currency_remedy(word)
    if near := near_names(word, (*BASES, *PREFIXES, "USD")):
        return did_you_mean_one_of(_corrected(whole, word, name) for name in near)
    thing = word if " per " in whole or " of " in whole else whole
    return message(
        "for a thing that is counted, write `{count}`; for a unit, {remedy}",
        count=f"{COUNT_OF} {thing}",
        remedy=use_one_of((*BASES, *PREFIXES, "USD")),
    )


def _currency_remedy(code: str, word: str, whole: str) -> str:
    """Return the code of a currency's word, in its unit; a word alone may stand for a scale that the writer left out."""
    if word == whole:
        return message("did you mean `{code}`, or with a prefix `{code} bn`?", code=code)
    return did_you_mean_one_of([_corrected(whole, word, code)])


def _scaled_remedy(scale: str, name: str) -> str:
    """Return how to write money in a scale of East Asia, such as 조 원."""
    prefix, divisor = _EAST_ASIAN_SCALES[scale]
    unit = f"{currency_of(name)} {prefix}"
    if divisor == 1:
        return did_you_mean_one_of([unit])
    return message("divide the number by {divisor} and write `{unit}`", divisor=divisor, unit=unit)


def _corrected(whole: str, word: str, name: str) -> str:
    """Return a unit with another name in place of a word; the name alone if the unit is wrong even so."""
    unit = " ".join(name if part == word else part for part in whole.split())
    try:
        parse_unit(unit)
    except InputError:
        return name
    return unit


def alias_of(word: str) -> str | None:
    """Return the base or prefix that people mean by a word: "million" is `m`, "troops" are `persons`; None if it is no alias."""
    return _ALIASES.get(word) or _ALIASES.get(word.lower())


def exact(number: float) -> Fraction:
    """Return the number that a reader sees: the shortest decimal that stands for a float, 0.1 and not its binary neighbour.

    Raises:
        InputError: if the number is not finite.
    """
    if not math.isfinite(number):
        raise InputError(
            message("{number} is not a finite number", number=str(number)), remedy=message("check the digits")
        )
    return Fraction(repr(float(number)))


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, exact; `base` is the number at scale 1 (yen, not billions of yen)."""

    amount: Fraction
    unit: Unit = ONE

    def __post_init__(self) -> None:
        if abs(self.base) > LIMIT:
            raise InputError(
                message(
                    "{quantity} is larger than {limit}",
                    quantity=f"{as_decimal(self.amount)} {self.unit}",
                    limit=f"{LIMIT:g}",
                ),
                remedy=message("check the digits and the prefix of the unit"),
            )

    @property
    def value(self) -> float:
        """Return the number in its unit, rounded to a float."""
        return float(self.amount)

    @property
    def base(self) -> Fraction:
        """Return the number at scale 1."""
        return self.amount * self.unit.scale

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity((self.base + self._alike(other).base) / self.unit.scale, self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity((self.base - self._alike(other).base) / self.unit.scale, self.unit)

    def __mul__(self, other: Quantity) -> Quantity:
        return Quantity(self.amount * other.amount, self.unit * other.unit)

    def __truediv__(self, other: Quantity) -> Quantity:
        if other.amount == 0:
            raise InputError(message("division by zero"), remedy=message("check the denominator"))
        return Quantity(self.amount / other.amount, self.unit / other.unit)

    def __lt__(self, other: Quantity) -> bool:
        return self.base < self._alike(other).base

    def __le__(self, other: Quantity) -> bool:
        return self.base <= self._alike(other).base

    def to(self, unit: Unit) -> Quantity:
        """Return the same amount in another unit of its kind; raises InputError for any other unit or currency."""
        self._alike(Quantity(Fraction(0), unit))
        return Quantity(self.base / unit.scale, unit)

    def _alike(self, other: Quantity) -> Quantity:
        if not self.unit.like(other.unit):
            raise InputError(
                message("incompatible units: {unit} and {other}", unit=str(self.unit), other=str(other.unit)),
                remedy=message("convert first; a currency is converted only by a stated rate (money.rates)"),
            )
        return other

    def __str__(self) -> str:
        return f"{as_decimal(self.amount)} {self.unit}" if self.unit != ONE else as_decimal(self.amount)


def as_decimal(number: Fraction) -> str:
    """Return a number in decimal digits: all of them up to `DIGITS`, else those of the nearest float."""
    shown = repr(float(number))
    if Fraction(shown) == number:
        return shown
    try:
        with localcontext(Context(prec=DIGITS, traps=[Inexact])):
            return str(Decimal(number.numerator) / Decimal(number.denominator))
    except Inexact:
        return shown


def parse_exact(text: str) -> Fraction:
    """Return a decimal number of at most `LIMIT`, exactly as written; commas may group thousands. Raises InputError."""
    match = _NUMBER.fullmatch(_trimmed(text))
    if match is None:
        raise InputError(
            message("{text} is not a number", text=repr(text)),
            remedy=message("write the digits 0 to 9 alone, such as 9035300000000 or 9.0353e12"),
        )
    if not _grouped(match.group()):
        raise InputError(
            message("{text} is not a number", text=repr(text)),
            remedy=message("write digits with a decimal point; a comma only groups thousands"),
        )
    digits = match.group().replace(",", "")
    size = abs(float(digits))
    if size > LIMIT:
        raise InputError(
            message("{text} is not a number of at most {limit} in size", text=repr(text), limit=f"{LIMIT:g}"),
            remedy=message("check the digits"),
        )
    # also keeps a huge negative exponent from filling the memory
    if not size and re.search("[1-9]", re.split("[eE]", digits)[0]):
        raise InputError(
            message("{text} is too near 0", text=repr(text)), remedy=message("check the exponent, or write 0")
        )
    return Fraction(digits) if size else Fraction(0)


def _trimmed(text: str) -> str:
    """Return a text without blanks at its ends, and with the typographic minus sign as a hyphen."""
    return text.strip().replace("\u2212", "-")


def parse_number(text: str) -> float:
    """Return a decimal number as a float, under the rules of `parse_exact`."""
    return float(parse_exact(text))


def _grouped(text: str) -> bool:
    """Return whether commas separate only groups of three digits: 9,04 is not nine hundred and four."""
    return "," not in text or re.match(r"[-+]?\d{1,3}(,\d{3})+(?!\d|,)", text) is not None


def parse_quantity(text: str) -> Quantity:
    """Return a number with its unit ("9.0353e12 JPY", "0.3"). Raises InputError if either is invalid."""
    text = _trimmed(text)
    match = _NUMBER.match(text)
    if match is None:
        raise InputError(
            message("{text} does not begin with a number", text=repr(text)),
            remedy=message('write e.g. "9.0353e12 JPY"'),
        )
    unit = text[match.end() :].strip()
    return Quantity(parse_exact(match.group()), parse_unit(unit) if unit else ONE)
