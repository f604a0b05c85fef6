"""Convert amounts of local currency into comparable ones at stated rates, and record each step.

An amount keeps its currency and year until a function here converts it. To compare amounts, convert each into prices of
the price year by its own GDP deflator, then into dollars at the price year's market rate or purchasing power parity.
Constant-price series such as SIPRI's use this order. Outside the coverage of the rates a conversion raises an error.
With `carry`, the last known rate is carried forward, and the step is marked `assumed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from tocsin.errors import InputError
from tocsin.translation import Text, message, template

Series = Literal["per_usd", "deflator", "ppp"]
NAMES: Mapping[Series, str] = MappingProxyType(
    {
        "per_usd": template("market rate"),
        "deflator": template("GDP deflator"),
        "ppp": template("purchasing power parity"),
    }
)


@dataclass(frozen=True)
class RateRow:
    """Rates of one currency in one year; None if missing.

    Attributes:
        currency: its name.
        year: the year.
        per_usd: local currency per US dollar at the market rate.
        deflator: GDP deflator, 1 in the price year.
        ppp: local currency per international dollar.
        source: of the rates.
    """

    currency: str
    year: int
    per_usd: float | None
    deflator: float | None
    ppp: float | None
    source: str


@dataclass(frozen=True)
class Rate:
    """The value of a rate, its year and its source."""

    value: float
    year: int
    source: str


@dataclass(frozen=True)
class Conversion:
    """One step of a conversion: from `amount` of `unit` in `year` to `result` of `to`, at the `rate` of `rate_year`.

    `what` names the rate. `assumed` is true if the last known rate was carried forward to the year of the amount.
    """

    what: str
    amount: float
    unit: str
    year: int
    result: float
    to: str
    rate: float
    rate_year: int
    source: str
    assumed: bool = False

    def __str__(self) -> str:
        note = f", assumed: {self.rate_year} carried forward to {self.year}" if self.assumed else ""
        return (
            f"{self.amount:.6g} {self.unit} ({self.year}) -> {self.result:.6g} {self.to}"
            f" by {self.what} {self.rate:.6g} ({self.source}{note})"
        )


@dataclass(frozen=True)
class Money:
    """An amount with its unit, its year and the steps of its conversion."""

    amount: float
    unit: str
    year: int
    steps: tuple[Conversion, ...] = ()


@dataclass(frozen=True)
class Rates:
    """Rates by currency and year, and the price year, in which deflators are 1."""

    price_year: int = 0
    rows: tuple[RateRow, ...] = ()
    _index: Mapping[tuple[str, int], RateRow] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index = {(row.currency, row.year): row for row in self.rows}
        object.__setattr__(self, "_index", index)

    def currencies(self) -> frozenset[str]:
        """Return the currencies with at least one row."""
        return frozenset(row.currency for row in self.rows)

    def years(self, currency: str, series: Series) -> tuple[int, ...]:
        """Return the years, in order, for which a series of the currency is known."""
        known = (row.year for row in self.rows if row.currency == currency and getattr(row, series) is not None)
        return tuple(sorted(known))

    def rate(self, currency: str, year: int, series: Series, *, carry: bool = False) -> Rate:
        """Return a rate.

        With `carry`, a year after the last known one gets the last known rate.

        Raises:
            InputError: if the rate is missing.
        """
        row = self._index.get((currency, year))
        value = getattr(row, series) if row else None
        if row is not None and value is not None:
            return Rate(float(value), year, row.source)
        known = self.years(currency, series)
        if carry and known and year > known[-1]:
            return self.rate(currency, known[-1], series)
        raise InputError(
            message(
                "no {rate} of {currency} for {year} ({known})",
                rate=message(NAMES[series]),
                currency=currency,
                year=year,
                known=_coverage(known),
            ),
            remedy=message("add it to the rates table, column {series}", series=series),
        )

    def to_usd(self, amount: float, currency: str, year: int, *, carry: bool = False) -> Money:
        """Convert local currency into dollars of the same year at the market rate."""
        rate = self.rate(currency, year, "per_usd", carry=carry)
        return _convert("market rate", Money(amount, currency, year), rate, amount / rate.value, "USD")

    def from_usd(self, amount: float, currency: str, year: int, *, carry: bool = False) -> Money:
        """Convert dollars into local currency of the same year at the market rate."""
        rate = self.rate(currency, year, "per_usd", carry=carry)
        return _convert("market rate", Money(amount, "USD", year), rate, amount * rate.value, currency)

    def to_real(self, amount: float, currency: str, year: int, *, carry: bool = False) -> Money:
        """Convert local currency into prices of the price year: divide it by the deflator of its year."""
        rate = self.rate(currency, year, "deflator", carry=carry)
        to = f"{currency} at {self.price_year} prices"
        return _convert("GDP deflator", Money(amount, currency, year), rate, amount / rate.value, to)

    def market(self, real: float, currency: str) -> Money:
        """Convert local currency at prices of the price year into dollars at that year's market rate."""
        return self._at_price_year(real, currency, "per_usd", "USD")

    def ppp(self, real: float, currency: str) -> Money:
        """Convert local currency at prices of the price year into that year's international dollars."""
        return self._at_price_year(real, currency, "ppp", "intl USD")

    def military(self, real: float, currency: str, home_share: float) -> Money:
        """Convert local currency at prices of the price year into dollars that buy the same force.

        A share of the force is bought at home (pay, food, fuel, construction), the rest on world markets. The rate is
        market^(1 - share) * PPP^share in local currency per dollar.

        Args:
            real: local currency at prices of the price year.
            currency: its name.
            home_share: in [0, 1]: 0 gives the market rate, 1 purchasing power parity.

        Raises:
            ValueError: if the share is outside [0, 1].
            InputError: if a rate is missing.
        """
        if not 0.0 <= home_share <= 1.0:
            raise ValueError(f"a share must lie between 0 and 1, not {home_share}")
        market, ppp = (self.rate(currency, self.price_year, series) for series in ("per_usd", "ppp"))
        value = market.value ** (1.0 - home_share) * ppp.value**home_share
        rate = Rate(value, self.price_year, ";".join(dict.fromkeys(f"{market.source};{ppp.source}".split(";"))))
        to = f"military USD at {self.price_year} prices"
        return _convert(
            f"rate with {home_share:.0%} at domestic prices", self._real(real, currency), rate, real / value, to
        )

    def _at_price_year(self, real: float, currency: str, series: Series, to: str) -> Money:
        rate = self.rate(currency, self.price_year, series)
        to = f"{to} at {self.price_year} prices"
        return _convert(NAMES[series], self._real(real, currency), rate, real / rate.value, to)

    def _real(self, amount: float, currency: str) -> Money:
        return Money(amount, f"{currency} at {self.price_year} prices", self.price_year)


def _convert(what: str, money: Money, rate: Rate, result: float, to: str) -> Money:
    assumed = rate.year != money.year
    step = Conversion(
        what, money.amount, money.unit, money.year, result, to, rate.value, rate.year, rate.source, assumed=assumed
    )
    return Money(result, to, money.year, (step,))


def _coverage(known: Sequence[int]) -> Text:
    if not known:
        return message("no year is known")
    return message("known for {first}-{last}", first=known[0], last=known[-1])
