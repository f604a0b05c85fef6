"""The exchange rate that two amounts imply, beside the rate on record."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from tocsin.case.currencies import RATES_FROM, rate_range
from tocsin.tables import significant
from tocsin.translation import Text, in_semicolons, message

if TYPE_CHECKING:
    from tocsin.draft.amounts import AmountSpan

DOLLAR = "USD"


def rate_note(first: AmountSpan, second: AmountSpan, year: int | None) -> Text:
    """Return in one sentence the rate that two amounts of money imply, and the rate on record where there is one.

    Args:
        first, second: amounts in two currencies.
        year: whose yearly mean is compared, if it is in the cache; without it the range of all years is.
    """
    # most units for one of the other: 1 USD = 148 JPY, not 1 JPY = 0.0068 USD
    small, large = sorted((first, second), key=lambda amount: amount.value)
    if not small.value:
        return message("one of the two amounts is zero, so they imply no rate.")
    if first.unit == DOLLAR or second.unit == DOLLAR:
        small, large = (first, second) if first.unit == DOLLAR else (second, first)
    rate = float(large.value / small.value)
    implied = message("the two amounts imply {rate}", rate=f"1 {small.unit} = {significant(rate)} {large.unit}")
    known = _on_record(small.unit, large.unit, year)
    return message("{findings}.", findings=in_semicolons([implied, known] if known else [implied]))


def _on_record(base: str, other: str, year: int | None) -> Text:
    if base != DOLLAR:
        return Text()
    yearly = _yearly_rates().get((other, year)) if year is not None else None
    if yearly is not None:
        return message(
            "the mean of {year} was {rate} ({source})",
            year=str(year),
            rate=significant(yearly),
            source=RATES_FROM,
        )
    known = rate_range(other)
    if known is None:
        return message("no rate is at hand to compare")
    return message(
        "yearly means of {first} to {last} lie between {low} and {high} ({source})",
        first=str(known.first_year),
        last=str(known.last_year),
        low=significant(known.low),
        high=significant(known.high),
        source=RATES_FROM,
    )


COUNTRIES = MappingProxyType(
    {
        "AUD": "Australia", "BRL": "Brazil", "CAD": "Canada", "CNY": "China", "DKK": "Denmark", "EUR": "Euro", "HKD": "Hong Kong", "INR": "India", "JPY": "Japan",
        "MYR": "Malaysia", "MXN": "Mexico", "NZD": "New Zealand", "NOK": "Norway", "SGD": "Singapore", "ZAR": "South Africa", "KRW": "South Korea",
        "SEK": "Sweden", "CHF": "Switzerland", "TWD": "Taiwan", "THB": "Thailand",
    }
)  # fmt: skip
"""Name of each currency's country in the data set `exchange_rates`."""


@cache
def _yearly_rates() -> MappingProxyType[tuple[str, int], float]:
    """Return local currency per dollar by currency and year; nothing if the data set is not in the cache."""
    from tocsin.data.readers import read
    from tocsin.errors import SolveError

    try:
        table = read("exchange_rates")
    except SolveError:
        return MappingProxyType({})
    by_country = {country: code for code, country in COUNTRIES.items()}
    rows = table.select("date", "country", "rate").drop_nulls().iter_rows()
    return MappingProxyType(
        {(by_country[country], day.year): rate for day, country, rate in rows if country in by_country}
    )
