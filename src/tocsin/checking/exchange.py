"""Check pairs of amounts in two currencies, and rates of exchange."""

from __future__ import annotations

import math

from tocsin.checking.answer import Chart, Figure, Finding, Reading, show, unknown
from tocsin.checking.bounds import ABOUT, CLOSE, Bound, parse_comparison, parse_measured, parse_percent
from tocsin.checking.clauses import Time
from tocsin.checking.common import needs_time, series_chart
from tocsin.checking.currencies import find_currency, parse_money
from tocsin.checking.data_sets import Library
from tocsin.checking.forms import Match
from tocsin.checking.rates import Rates, month_name, pair_rates
from tocsin.errors import InputError
from tocsin.translation import message

_FALLS = ("fell", "lost", "dropped", "declined", "weakened", "depreciated")


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
        raise InputError(message("an amount is 0"), remedy=message("write an amount above 0"))
    time = match.clauses.time("month", "in")
    if time is None and match.clauses.times:
        raise InputError(
            message("a pair of amounts needs one month or year"),
            remedy=message('write "in December 2015", or "in 2015"'),
        )
    rates = pair_rates(library, amount[2], other[2])
    if not rates.months:
        return Finding((unknown(_no_rates(rates)),))
    end, implied = max(rates.months)[0], other[0] / amount[0]
    if time is None:
        readings = _any_period(rates, implied)
        return Finding(readings, end, ("The sentence names no month or year.",), _chart(rates))
    rate = rates.at(time)
    if rate is None:
        return Finding((unknown(_no_rate(rates, time)),), end, (), _chart(rates))
    return Finding((_pair_reading(match, amount, other, (rates, rate, time)),), end, (), _chart(rates))


def _no_rates(rates: Rates) -> str:
    return f"no rates of {rates.one} in {rates.other} in {', '.join(rates.sources)}; ask a central bank"


def _no_rate(rates: Rates, time: Time) -> str:
    """Return why there is no rate at a time."""
    if rates.yearly and time.kind == "month":
        return f"only yearly rates of {rates.unit} are known: name the year alone"
    first, last = min(rates.months), max(rates.months)
    return f"no rate for {_when(time)}: the data run from {rates.period(first)} to {rates.period(last)}"


def _when(time: Time) -> str:
    return month_name((time.first, time.month)) if time.kind == "month" else str(time.first)


def _pair_reading(
    match: Match, amount: tuple[float, float, str], other: tuple[float, float, str], at: tuple[Rates, float, Time]
) -> Reading:
    (value, slack, code), (stated, stated_slack, other_code), (rates, rate, time) = amount, other, at
    right, implied = value * rate, stated / value
    # the rounding of both amounts, and a rate that moves within the month; one, ten or a hundred of a currency is exact
    given = 0.0 if math.log10(value).is_integer() else slack / value
    wide = min(max(CLOSE, given + stated_slack / stated), ABOUT)
    holds = Bound(parse_comparison(match.slot("bound")), stated, wide * stated).holds(right)
    yearly = "yearly rate" if rates.yearly else "mean of twelve monthly means"
    mean = "mean of the month" if time.kind == "month" else yearly
    says = (
        f"{show(value, code)} was {show(right, other_code)} in {_when(time)} at {rate:.5g} {rates.unit} ({mean}); "
        f"the sentence implies {implied:.5g}, {100 * (implied / rate - 1):+.2g} %"
    )
    return Reading("as written", holds, says, (_figure(rates, rate, _when(time)),))


def _figure(rates: Rates, rate: float, when: str) -> Figure:
    return Figure(rates.unit, rate, rates.unit, when, rates.sources)


def _any_period(rates: Rates, implied: float) -> tuple[Reading, ...]:
    """Return whether an implied rate was right in some months or years of the data, and in the others."""
    known, step = rates.periods(), rates.step
    right = sorted(period for period, rate in known.items() if abs(implied / rate - 1) <= CLOSE)
    last = max(known)
    now = f"in {rates.period(last)} it was {known[last]:.5g}"
    shown = (_figure(rates, known[last], rates.period(last)),)
    implies = f"the implied rate, {implied:.5g} {rates.unit}, was right within {100 * CLOSE:g} %"
    if not right:
        near = min(known, key=lambda period: abs(implied / known[period] - 1))
        says = f"{implies} in no {step}; nearest in {rates.period(near)} ({known[near]:.5g}); {now}"
        return (Reading(f"in any {step}", False, says, shown),)
    periods = ", ".join(map(rates.period, right[-3:]))
    says = f"{implies} in {len(right)} of {len(known)} {step}s, last {periods}"
    some = Reading(f"in some {step}s", True, says, shown)
    if len(right) == len(known):
        return (some,)
    says = f"the rate ran from {min(known.values()):.5g} to {max(known.values()):.5g}; {now}"
    return some, Reading(f"in the other {step}s", False, says, shown)


def _moved(match: Match, library: Library) -> Finding:
    """Check that a currency fell or rose against another."""
    rates = pair_rates(library, find_currency(match.slot("currency")), find_currency(match.slot("currency2")))
    means = rates.means()
    if not means:
        return Finding((unknown(_no_rates(rates)),))
    time, end = needs_time(match, "span", "since", "in"), max(rates.months)[0]
    last = max(means) if time.kind == "since" else time.last
    first = time.first - 1 if time.kind == "in" else time.first
    if first not in means or last not in means or first >= last:
        says = f"no yearly rates for {first} and {last}: full years run from {min(means)} to {max(means)}"
        return Finding((unknown(says),), end, (), _chart(rates))
    before, after = means[first], means[last]
    falls = match.slot("way").lower() in _FALLS
    change = 100 * (1 - after / before if falls else after / before - 1)
    holds = change > 0
    if match.slot("percent"):
        holds = parse_measured(match.slot("bound"), parse_percent(match.slot("percent"))).holds(change)
    says = f"{before:.5g} {rates.unit} in {first}, {after:.5g} in {last}: {100 * (after / before - 1):+.3g} % (yearly means)"
    figures = (_figure(rates, before, str(first)), _figure(rates, after, str(last)))
    notes = (f"The sentence names no last year: taken to {last}, the last full year.",) if time.kind == "since" else ()
    return Finding((Reading("as written", holds, says, figures),), end, notes, _chart(rates))


def _chart(rates: Rates) -> Chart | None:
    return series_chart(f"{rates.unit}, yearly means", rates.unit, {rates.unit: rates.means()}, rates.sources)
