"""Money: native amounts turned into comparable ones by stated rates, each step on record.

An amount keeps its currency and year until one of the functions here is called. To compare, an amount is
first put in the prices of the price year by its own country's GDP deflator, then turned into dollars by the
price year's market rate or purchasing power parity (the order of constant-price series such as SIPRI's).
Outside the coverage of the rates a value is missing and asking for it raises; carrying the last year forward
must be asked for and is marked `assumed` in the step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from tocsin.errors import InputError

Series = Literal["per_usd", "deflator", "ppp"]
NAMES: Mapping[Series, str] = MappingProxyType(
    {"per_usd": "market rate", "deflator": "GDP deflator", "ppp": "purchasing power parity"}
)


@dataclass(frozen=True)
class RateRow:
    """Rates of one currency in one year; None is missing.

    `per_usd`: native per US dollar at market; `deflator`: GDP deflator with the price year at 1; `ppp`:
    native per international dollar.
    """

    currency: str
    year: int
    per_usd: float | None
    deflator: float | None
    ppp: float | None
    source: str


@dataclass(frozen=True)
class Conversion:
    """One step of a conversion: `amount` of `unit` in `year` became `result` of `to` by `rate` of
    `rate_year`.

    `assumed` says that the rate's year is not the amount's: the last known rate was carried forward.
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
    """An amount with its unit, year and the steps that led to it."""

    amount: float
    unit: str
    year: int
    steps: tuple[Conversion, ...] = ()


@dataclass(frozen=True)
class Rates:
    """Rates by currency and year, with the price year in whose prices deflators are 1."""

    price_year: int = 0
    rows: tuple[RateRow, ...] = ()
    _index: Mapping[tuple[str, int], RateRow] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index = {(row.currency, row.year): row for row in self.rows}
        object.__setattr__(self, "_index", index)

    def currencies(self) -> frozenset[str]:
        """Currencies with at least one row."""
        return frozenset(row.currency for row in self.rows)

    def years(self, currency: str, series: Series) -> tuple[int, ...]:
        """Years in which the series of the currency is known, in order."""
        known = (row.year for row in self.rows if row.currency == currency and getattr(row, series) is not None)
        return tuple(sorted(known))

    def rate(self, currency: str, year: int, series: Series, *, carry: bool = False) -> tuple[float, int, str]:
        """The rate, the year it is of, and its source.

        With `carry` a year after the last known one takes the last one. Raises InputError where it is
        missing.
        """
        row = self._index.get((currency, year))
        value = getattr(row, series) if row else None
        if row is not None and value is not None:
            return float(value), year, row.source
        known = self.years(currency, series)
        if carry and known and year > known[-1]:
            return self.rate(currency, known[-1], series)
        raise InputError(f"no {NAMES[series]} of {currency} for {year}{_coverage(known)}", remedy=_add(series))

    def to_usd(self, amount: float, currency: str, year: int, *, carry: bool = False) -> Money:
        """Nominal dollars of the year, at its market rate."""
        rate, of, source = self.rate(currency, year, "per_usd", carry=carry)
        return self._step("market rate", amount, currency, year, amount / rate, "USD", (rate, of, source))

    def from_usd(self, amount: float, currency: str, year: int, *, carry: bool = False) -> Money:
        """Nominal native money of the year for an amount in dollars of the year, at its market rate."""
        rate, of, source = self.rate(currency, year, "per_usd", carry=carry)
        return self._step("market rate", amount, "USD", year, amount * rate, currency, (rate, of, source))

    def to_real(self, amount: float, currency: str, year: int, *, carry: bool = False) -> Money:
        """Native money in the prices of the price year: the amount over the deflator of its year."""
        rate, of, source = self.rate(currency, year, "deflator", carry=carry)
        to = f"{currency} at {self.price_year} prices"
        return self._step("GDP deflator", amount, currency, year, amount / rate, to, (rate, of, source))

    def market(self, real: float, currency: str) -> Money:
        """Dollars of the price year at its market rate, for native money in the prices of that year."""
        return self._at_price_year(real, currency, "per_usd", "USD")

    def ppp(self, real: float, currency: str) -> Money:
        """International dollars of the price year, for native money in the prices of that year."""
        return self._at_price_year(real, currency, "ppp", "intl USD")

    def military(self, real: float, currency: str, home_share: float) -> Money:
        """Dollars of the price year that buy the same force, for native money in the prices of that year.

        A share of the force is bought at home (pay, food, fuel, building), the rest on world markets; the rate is
        market^(1 - share) * PPP^share native per dollar.

        Args:
            real: native money in the prices of the price year.
            currency: of it.
            home_share: in [0, 1]: 0 is the market's rate, 1 purchasing power parity.
        """
        if not 0.0 <= home_share <= 1.0:
            raise ValueError(f"a share lies between 0 and 1, not at {home_share}")
        market, ppp = (self.rate(currency, self.price_year, series) for series in ("per_usd", "ppp"))
        rate = market[0] ** (1.0 - home_share) * ppp[0] ** home_share
        source = ";".join(dict.fromkeys(f"{market[2]};{ppp[2]}".split(";")))
        unit, to = f"{currency} at {self.price_year} prices", f"military USD at {self.price_year} prices"
        return self._step(
            f"rate with {home_share:.0%} at home prices", real, unit, self.price_year, real / rate, to,
            (rate, self.price_year, source),
        )  # fmt: skip

    def _at_price_year(self, real: float, currency: str, series: Series, to: str) -> Money:
        rate, of, source = self.rate(currency, self.price_year, series)
        year = self.price_year
        unit = f"{currency} at {year} prices"
        return self._step(NAMES[series], real, unit, year, real / rate, f"{to} at {year} prices", (rate, of, source))

    @staticmethod
    def _step(
        what: str, amount: float, unit: str, year: int, result: float, to: str, rate: tuple[float, int, str]
    ) -> Money:
        value, of, source = rate
        step = Conversion(what, amount, unit, year, result, to, value, of, source, assumed=of != year)
        return Money(result, to, year, (step,))


def _coverage(known: Iterable[int]) -> str:
    years = tuple(known)
    return f" (known {years[0]} to {years[-1]})" if years else " (none is known)"


def _add(series: Series) -> str:
    return f"add it to the rates table, column {series}; nothing is filled in"
