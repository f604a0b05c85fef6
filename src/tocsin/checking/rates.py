"""Rates of exchange between two currencies: monthly from the US Federal Reserve, else yearly from the World Bank.

The yearly rate of a currency is the gross domestic product of the largest state that has it in local currency, over that in dollars.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tocsin.checking.amounts import own_currency
from tocsin.checking.clauses import MONTHS, Time
from tocsin.checking.currencies import COUNTRIES
from tocsin.checking.data_sets import Library
from tocsin.checking.quantities import BANK
from tocsin.data.codes import codes
from tocsin.data.names import TODAY
from tocsin.errors import InputError
from tocsin.translation import message

MONTHLY, YEARLY = "exchange_rates_monthly", BANK[:2]
Month = tuple[int, int]
"""A year and a month from 1 to 12."""


@dataclass(frozen=True)
class Rates:
    """Units of one currency for one unit of another.

    Attributes:
        one, other: ISO codes; a rate is the number of `other` for one `one`.
        months: the rate by month; the same in all months of a year if `yearly`. May be empty.
        sources: names of data sets.
        yearly: whether only yearly rates are known.
    """

    one: str
    other: str
    months: Mapping[Month, float]
    sources: tuple[str, ...]
    yearly: bool

    @property
    def unit(self) -> str:
        """Return the unit of a rate."""
        return f"{self.other} per {self.one}"

    def at(self, time: Time) -> float | None:
        """Return the rate of a month, or the mean of a year's twelve months; None if it is not known."""
        if time.kind == "month":
            return None if self.yearly else self.months.get((time.first, time.month))
        values = [rate for month, rate in self.months.items() if month[0] == time.first]
        return sum(values) / 12 if len(values) == 12 else None

    def means(self) -> dict[int, float]:
        """Return the yearly means of full years."""
        years = sorted({year for year, _ in self.months})
        return {year: rate for year in years if (rate := self.at(Time("in", year, year))) is not None}

    def periods(self) -> dict[Month, float]:
        """Return the rates by month, or one for each year if they are yearly."""
        return {month: rate for month, rate in self.months.items() if not self.yearly or month[1] == 1}

    def period(self, month: Month) -> str:
        """Return a month or, if rates are yearly, its year as text."""
        return str(month[0]) if self.yearly else month_name(month)

    @property
    def step(self) -> str:
        """Return "year" if rates are yearly, else "month"."""
        return "year" if self.yearly else "month"


def month_name(month: Month) -> str:
    """Return a month as text, such as "May 2015"."""
    return f"{MONTHS[month[1] - 1].capitalize()} {month[0]}"


def pair_rates(library: Library, one: str, other: str) -> Rates:
    """Return the rates of two currencies; without months if no data set at hand has both.

    Raises:
        InputError: if they are one currency.
        MissingDataError: if a data set is missing.
    """
    if one == other:
        raise InputError(message("both amounts are in one currency"), remedy=message("name two currencies"))
    sides = [_per_dollar(library, code) for code in (one, other)]
    yearly = any(set(side.sources) & set(YEARLY) for side in sides)
    sources = tuple(dict.fromkeys(name for side in sides for name in side.sources))
    first, second = (side.months for side in sides)
    shared = first.keys() & second.keys() if "USD" not in (one, other) else first.keys() | second.keys()
    months = {month: second.get(month, 1.0) / first.get(month, 1.0) for month in sorted(shared)}
    return Rates(one, other, months, sources, yearly)


def _per_dollar(library: Library, code: str) -> Rates:
    """Return units of a currency per dollar, by month; without months for the dollar."""
    if code == "USD":
        return Rates("USD", code, {}, (), yearly=False)
    if code in COUNTRIES:
        rows = library.read(MONTHLY).filter(pl.col("country") == COUNTRIES[code], pl.col("rate") > 0)
        days = rows.select(year=pl.col("date").dt.year(), month=pl.col("date").dt.month(), rate="rate").rows()
        return Rates(
            "USD", code, {(int(year), int(month)): float(rate) for year, month, rate in days}, (MONTHLY,), yearly=False
        )
    library.read(*YEARLY)
    states = [
        entry.text for entry in codes() if entry.iso2 and entry.last == TODAY and own_currency(entry.text) == code
    ]
    product = library.read(YEARLY[0]).rename({"value": "dollars"}).join(library.read(YEARLY[1]), on=["iso", "year"])
    product = product.filter(pl.col("iso").is_in(states), pl.col("dollars") > 0, pl.col("value") > 0)
    largest = product.sort("dollars", descending=True).unique("year", keep="first")
    rates = {
        int(year): float(value) / float(dollars)
        for year, value, dollars in largest.select("year", "value", "dollars").rows()
    }
    return Rates(
        "USD",
        code,
        {(year, month): rate for year, rate in rates.items() for month in range(1, 13)},
        YEARLY,
        yearly=True,
    )
