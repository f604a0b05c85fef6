"""Check pairs of amounts in two currencies, and rates of exchange."""

from __future__ import annotations

import math
from collections.abc import Mapping

import polars as pl

from tocsin.checking.answer import Chart, Figure, Finding, Reading, show, unknown
from tocsin.checking.bounds import ABOUT, CLOSE, Bound, parse_comparison, parse_measured, parse_percent
from tocsin.checking.clauses import MONTHS, Time
from tocsin.checking.common import needs_time, series_chart
from tocsin.checking.currencies import COUNTRIES, find_currency, parse_money
from tocsin.checking.forms import Match
from tocsin.checking.library import Library
from tocsin.errors import InputError

SET = "exchange_rates_monthly"
_FALLS = ("fell", "lost", "dropped", "declined", "weakened", "depreciated")
Rates = dict[tuple[int, int], float]
"""Rates by year and month."""


def exchange(match: Match, library: Library) -> Finding:
    """Check a pair of amounts, the price of a currency in another, or how that price moved."""
    if match.slot("way"):
        return _moved(match, library)
    if match.slot("currency"):
        amount = (1.0, 0.0, find_currency(match.slot("currency")))
        other = parse_money(match.slot("money"))
    else:
        amount, other = parse_money(match.slot("money")), parse_money(match.slot("money2"))
    if amount[0] == 0 or other[0] == 0:
        raise InputError("an amount is 0", remedy="write an amount above 0")
    rates = _pair(library, amount[2], other[2])
    if isinstance(rates, str):
        return Finding((unknown(rates),))
    time = match.clauses.time("month", "in")
    if time is None and match.clauses.times:
        raise InputError("a pair of amounts needs one month or year", remedy="write in December 2015, or in 2015")
    implied = other[0] / amount[0]
    chart = _rate_chart(rates, amount[2], other[2])
    end = max(rates)[0]
    if time is None:
        readings = _any_month(rates, implied, amount[2], other[2])
        return Finding(readings, end, ("The sentence names no month or year.",), chart)
    rate = _rate_at(rates, time)
    if rate is None:
        last = max(rates)
        says = f"no rate for {_when(time)}: the data run from {_month(min(rates))} to {_month(last)}"
        return Finding((unknown(says),), end, (), chart)
    return Finding((_pair_reading(match, (amount, other), implied, rate, time),), end, (), chart)


def _pair(library: Library, one: str, other: str) -> Rates | str:
    """Return units of the other currency for one of the first by month, or why there are none."""
    if one == other:
        raise InputError("both amounts are in one currency", remedy="name two currencies")
    table = library.read(SET)
    sides: list[Mapping[tuple[int, int], float] | None] = [_per_dollar(table, code) for code in (one, other)]
    for code, rates in zip((one, other), sides, strict=True):
        if rates is not None and not rates:
            return f"`{SET}` has no rates of {code}; take them from its central bank"
    first, second = sides
    if first is None:
        return dict(second or {})
    if second is None:
        return {month: 1.0 / rate for month, rate in first.items()}
    return {month: second[month] / rate for month, rate in first.items() if month in second}


def _per_dollar(table: pl.DataFrame, code: str) -> Rates | None:
    """Return units of a currency per dollar by month; None for the dollar."""
    if code == "USD":
        return None
    rows = table.filter(pl.col("country") == COUNTRIES.get(code, ""), pl.col("rate") > 0)
    days = rows.select(year=pl.col("date").dt.year(), month=pl.col("date").dt.month(), rate="rate").rows()
    return {(int(year), int(month)): float(rate) for year, month, rate in days}


def _rate_at(rates: Rates, time: Time) -> float | None:
    """Return the rate of a month, or the mean of a year's twelve months."""
    if time.kind == "month":
        return rates.get((time.first, time.month))
    values = [rates[key] for key in rates if key[0] == time.first]
    return sum(values) / 12 if len(values) == 12 else None


def _when(time: Time) -> str:
    return _month((time.first, time.month)) if time.kind == "month" else str(time.first)


def _month(key: tuple[int, int]) -> str:
    return f"{MONTHS[key[1] - 1].capitalize()} {key[0]}"


def _pair_reading(
    match: Match,
    amounts: tuple[tuple[float, float, str], tuple[float, float, str]],
    implied: float,
    rate: float,
    time: Time,
) -> Reading:
    (value, slack, one), (stated, stated_slack, other) = amounts
    right = value * rate
    bound = parse_comparison(match.slot("bound"))
    # the rounding of both amounts, and a rate that moves within the month
    given = 0.0 if math.log10(value).is_integer() else slack / value  # one, ten or a hundred of a currency is exact
    wide = max(CLOSE, given + stated_slack / stated)
    wide = min(wide, ABOUT)
    holds = Bound(bound, stated, wide * stated).holds(right)
    mean = "mean of the month" if time.kind == "month" else "mean of twelve monthly means"
    says = (
        f"{show(value, one)} was {show(right, other)} in {_when(time)} at {rate:.5g} {other} per {one} ({mean}); "
        f"the sentence implies {implied:.5g}, {100 * (implied / rate - 1):+.2g} %"
    )
    return Reading("as written", holds, says, (_figure(one, other, rate, _when(time)),))


def _figure(one: str, other: str, rate: float, when: str) -> Figure:
    return Figure(f"{other} per {one}", rate, f"{other} per {one}", when, (SET,))


def _any_month(rates: Rates, implied: float, one: str, other: str) -> tuple[Reading, ...]:
    """Return whether an implied rate was right in some months of the data, and in the others."""
    right = sorted(month for month, rate in rates.items() if abs(implied / rate - 1) <= CLOSE)
    last = max(rates)
    now = f"in {_month(last)} it was {rates[last]:.5g}"
    shown = (_figure(one, other, rates[last], _month(last)),)
    implies = f"the implied rate, {implied:.5g} {other} per {one}, was right within {100 * CLOSE:g} %"
    if not right:
        near = min(rates, key=lambda month: abs(implied / rates[month] - 1))
        return (
            Reading(
                "in any month",
                False,
                f"{implies} in no month; nearest in {_month(near)} ({rates[near]:.5g}); {now}",
                shown,
            ),
        )
    months = ", ".join(map(_month, right[-3:]))
    some = Reading("in some months", True, f"{implies} in {len(right)} of {len(rates)} months, last {months}", shown)
    if len(right) == len(rates):
        return (some,)
    return some, Reading(
        "in the other months",
        False,
        f"the rate ran from {min(rates.values()):.5g} to {max(rates.values()):.5g}; {now}",
        shown,
    )


def _moved(match: Match, library: Library) -> Finding:
    """Check that a currency fell or rose against another."""
    one, other = find_currency(match.slot("currency")), find_currency(match.slot("currency2"))
    rates = _pair(library, one, other)
    if isinstance(rates, str):
        return Finding((unknown(rates),))
    chart, end = _rate_chart(rates, one, other), max(rates)[0]
    time = needs_time(match, "span", "since", "in")
    full = [year for year in range(min(rates)[0], end + 1) if _rate_at(rates, Time("in", year, year)) is not None]
    last = max(full) if time.kind == "since" else time.last
    first = time.first - 1 if time.kind == "in" else time.first
    before, after = (_rate_at(rates, Time("in", year, year)) for year in (first, last))
    if before is None or after is None or first >= last:
        return Finding(
            (unknown(f"no yearly rates for {first} and {last}: full years run from {full[0]} to {full[-1]}"),),
            end,
            (),
            chart,
        )
    falls = match.slot("way").lower() in _FALLS
    change = 100 * (1 - after / before if falls else after / before - 1)
    holds = change > 0
    if match.slot("percent"):
        holds = parse_measured(match.slot("bound"), parse_percent(match.slot("percent"))).holds(change)
    says = f"{before:.5g} {other} per {one} in {first}, {after:.5g} in {last}: {100 * (after / before - 1):+.3g} % (yearly means)"
    figures = (_figure(one, other, before, str(first)), _figure(one, other, after, str(last)))
    notes = (f"The sentence names no last year: taken to {last}, the last full year.",) if time.kind == "since" else ()
    return Finding((Reading("as written", holds, says, figures),), end, notes, chart)


def _rate_chart(rates: Rates, one: str, other: str) -> Chart | None:
    years = sorted({year for year, _ in rates})
    means = {year: rate for year in years if (rate := _rate_at(rates, Time("in", year, year))) is not None}
    return series_chart(f"{other} per {one}, yearly means", f"{other} per {one}", {f"{other} per {one}": means}, (SET,))
