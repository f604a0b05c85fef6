"""Units and quantities: "9.0353e12 JPY", "1.2 m persons", "3 %", "0.05 per year".

A unit is a product of powers of base units and a scale. Values of incompatible units can be neither added nor compared.
This module never converts one currency to another; `tocsin.measures.money` does, by stated rates.

Grammar of a unit: `"1"` | part [`per` part]; part: up to one prefix word (k, m, bn, trn), before or after a
base; base: a currency's three capital letters, or a word of `BASES`. "per year" alone is 1 over a year.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tocsin.errors import InputError, did_you_mean
from tocsin.reading import LIMIT

PREFIXES = {"k": 1e3, "m": 1e6, "bn": 1e9, "trn": 1e12}

COUNTED = (
    "persons", "km", "missiles", "warheads", "aircraft", "ships", "tanks", "launchers", "launches", "tests",
    "exercises", "seats", "votes", "states", "statements", "articles", "mentions", "events", "items",
    "disputes", "wars", "deaths",
)  # fmt: skip
"""Things that are counted or measured; each is its own base unit."""

TIMES = {"years": 1.0, "year": 1.0, "months": 1 / 12, "month": 1 / 12, "days": 1 / 365.25, "day": 1 / 365.25}
SHARES = {"1": 1.0, "%": 0.01, "percent": 0.01}
BASES = (*COUNTED, *TIMES, *SHARES)

_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_NUMBER = re.compile(r"[-+]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")

Powers = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Unit:
    """A unit: `powers` of base units, sorted by name, times `scale`. "JPY bn" is JPY^1 at 1e9."""

    powers: Powers = ()
    scale: float = 1.0

    def like(self, other: Unit) -> bool:
        """Return whether values in the two units can be added and compared (same powers; scales may differ)."""
        return self.powers == other.powers

    def same(self, other: Unit) -> bool:
        """Return whether the two units are the same, including the scale."""
        return self.like(other) and math.isclose(self.scale, other.scale, rel_tol=1e-12)

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
            plain = {1.0: "1", 0.01: "%", **{size: word for word, size in PREFIXES.items()}}
            return plain.get(self.scale, f"{self.scale:g}")
        prefix = next((f" {word}" for word, size in PREFIXES.items() if size == self.scale), "")
        if not prefix and self.scale != 1.0:
            prefix = f" x{self.scale:g}"
        return " ".join(part for part in (above + prefix, f"per {below}" if below else "") if part).strip()


def _power(name: str, power: int) -> str:
    return name if power == 1 else f"{name}^{power}"


def _tidy(powers: dict[str, int]) -> Powers:
    return tuple(sorted((name, power) for name, power in powers.items() if power))


ONE = Unit()
BOOL = Unit((("truth", 1),))
DATE = Unit((("date", 1),))
TEXT = Unit((("text", 1),))
STRENGTH = Unit((("strength", 1),))
PER_YEAR = Unit((("years", -1),))
NOT_NUMBERS = (BOOL, DATE, TEXT)


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit:
    """Return the unit written in `text`; raises InputError with the nearest known word if there is none."""
    above, _, below = (part.strip() for part in _split_per(text))
    unit = _part(above, text) if above else ONE
    if not below and not above:
        raise InputError("empty unit", remedy='write a unit, "1" for a plain number')
    return unit / _part(below, text) if below else unit


def _split_per(text: str) -> tuple[str, str, str]:
    words = text.split()
    if words.count("per") > 1:
        raise InputError(f"unit {text!r} has more than one `per`", remedy='write it as "A per B"')
    if "per" not in words:
        return text, "", ""
    index = words.index("per")
    if index == len(words) - 1:
        raise InputError(f"unit {text!r} ends in `per`", remedy='write it as "A per B", e.g. "per year"')
    return " ".join(words[:index]), "per", " ".join(words[index + 1 :])


def _part(text: str, whole: str) -> Unit:
    words = text.split()
    prefixes = [word for word in words if word in PREFIXES]
    bases = [word for word in words if word not in PREFIXES]
    if len(prefixes) > 1 or len(bases) > 1:
        raise InputError(
            f"unit {whole!r} is not one base with at most one prefix",
            remedy='write e.g. "JPY bn", "USD m per year", "k persons", "%", "1"',
        )
    unit = _base(bases[0], whole) if bases else ONE
    return Unit(unit.powers, unit.scale * (PREFIXES[prefixes[0]] if prefixes else 1.0))


def _base(word: str, whole: str) -> Unit:
    if word in SHARES:
        return Unit((), SHARES[word])
    if word in TIMES:
        return Unit((("years", 1),), TIMES[word])
    if word in COUNTED or _CURRENCY.match(word):
        return Unit(((word, 1),))
    if word == "strength":
        return STRENGTH
    if word in ("points", "point"):
        raise InputError("`points` is not a unit: it may mean 1 or 0.01", remedy='write "1" or "%"')
    raise InputError(f"unknown unit {whole!r}", remedy=did_you_mean(word, (*BASES, *PREFIXES, "USD")))


@dataclass(frozen=True)
class Quantity:
    """A finite number with its unit; `base` is the number at scale 1 (yen, not billions of yen)."""

    value: float
    unit: Unit = ONE

    def __post_init__(self) -> None:
        if not math.isfinite(self.value) or abs(self.base) > LIMIT:
            raise InputError(
                f"{self.value!r} {self.unit} is not a finite number of at most {LIMIT:g}",
                remedy="check the digits and the prefix of the unit",
            )

    @property
    def base(self) -> float:
        """Return the value at scale 1."""
        return self.value * self.unit.scale

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity((self.base + self._alike(other).base) / self.unit.scale, self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity((self.base - self._alike(other).base) / self.unit.scale, self.unit)

    def __mul__(self, other: Quantity) -> Quantity:
        return Quantity(self.value * other.value, self.unit * other.unit)

    def __truediv__(self, other: Quantity) -> Quantity:
        if other.value == 0:
            raise InputError("division by zero", remedy="check the denominator")
        return Quantity(self.value / other.value, self.unit / other.unit)

    def __lt__(self, other: Quantity) -> bool:
        return self.base < self._alike(other).base

    def __le__(self, other: Quantity) -> bool:
        return self.base <= self._alike(other).base

    def to(self, unit: Unit) -> Quantity:
        """Return the same amount in another unit of its kind; raises InputError for any other unit or currency."""
        self._alike(Quantity(0.0, unit))
        return Quantity(self.base / unit.scale, unit)

    def _alike(self, other: Quantity) -> Quantity:
        if not self.unit.like(other.unit):
            raise InputError(
                f"incompatible units: {self.unit} and {other.unit}",
                remedy="convert first; a currency is converted only by a stated rate (money.rates)",
            )
        return other

    def __str__(self) -> str:
        return f"{self.value!r} {self.unit}" if self.unit != ONE else f"{self.value!r}"


def parse_number(text: str) -> float:
    """Return a finite decimal number of at most `LIMIT`; commas may group thousands. Raises InputError."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise InputError(f"{text!r} is not a number", remedy="write digits, e.g. 9.0353e12")
    value = float(match.group().replace(",", "")) if _grouped(match.group()) else math.nan
    if not math.isfinite(value) or abs(value) > LIMIT:
        raise InputError(f"{text!r} is not a number of at most {LIMIT:g} in size", remedy="check the digits")
    return value


def _grouped(text: str) -> bool:
    """Return whether commas separate only groups of three digits: 9,04 is not nine hundred and four."""
    return "," not in text or re.match(r"[-+]?\d{1,3}(,\d{3})+(?!\d|,)", text) is not None


def parse_quantity(text: str) -> Quantity:
    """Return a number with its unit ("9.0353e12 JPY", "0.3"). Raises InputError if either is invalid."""
    match = _NUMBER.match(text.strip())
    if match is None:
        raise InputError(f"{text!r} does not begin with a number", remedy='write e.g. "9.0353e12 JPY"')
    unit = text.strip()[match.end() :].strip()
    return Quantity(parse_number(match.group()), parse_unit(unit) if unit else ONE)


Value = Quantity | bool | date | str


def parse_value(raw: str | float | bool, unit: str = "") -> Value:
    """Return the value of a fact: a truth value, a quantity, a day or a text.

    `unit` is the separate unit column of a table: a unit, or `date`, `text`, `truth`. Without it, a text that begins
    like a number must be a quantity or an ISO day, so that a misspelt unit never passes as text.
    """
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, (int, float)):
        return Quantity(float(raw), parse_unit(unit) if unit else ONE)
    text = raw.strip()
    if unit == "text" or not text:
        return text
    if unit == "truth" or (not unit and text in ("true", "false")):
        return _truth(text)
    if unit == "date" or (not unit and _DAY.match(text)):
        return _day(text)
    if unit:
        return Quantity(parse_number(text), parse_unit(unit))
    return parse_quantity(text) if text[0].isdigit() or text[0] in "+-." else text


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise InputError(f"{text!r} is not a truth value", remedy="write true or false")
    return text == "true"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text!r} is not a day: {error}", remedy="write YYYY-MM-DD") from error


def unit_of(value: Value) -> Unit:
    """Return the unit of a fact's value; truth values, days and texts have units of their own."""
    if isinstance(value, Quantity):
        return value.unit
    if isinstance(value, bool):
        return BOOL
    return DATE if isinstance(value, date) else TEXT
