"""Check whether money is plausible: rates, deflators and spending that suggest a misprint. Each finding is a notice, not an error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from tocsin.case.currencies import RATES_FROM, RateRange, rate_range
from tocsin.case.problem import Finding
from tocsin.case.schema import RECORD, Case, SpendingRow
from tocsin.case.spending import market_path, path_rows
from tocsin.case.units import parse_unit
from tocsin.measures.money import NAMES, RateRow, Series

STEP = 3.0
"""A figure that changes by more than this factor from one year to the next gets a notice."""
INSIDE, OUTSIDE = 1.1, 3.0
"""Factors by which a rate may leave the range on record: in the years of the record, where sources differ a little, and outside."""
PRICE_LEVEL = 10.0
"""Largest plausible factor between purchasing power parity and the market rate."""
EVEN = 0.005
"""Largest difference from 1 of a rate that is 1 by definition."""
CONSTANT_YEARS = 4
"""A deflator that does not change in this number of years or more gets a notice."""
BILLIONS = (0.001, 2000.0)
"""Plausible spending in billions of dollars. The largest on record is about 1,000 (United States, 2024; SIPRI)."""

_YEARLY: tuple[Series, ...] = ("per_usd", "deflator", "ppp")


def money_findings(case: Case) -> Iterator[Finding]:
    """Yield what is not plausible in the rates and in the spending of a case."""
    for currency in sorted(case.rates.currencies()):
        rows = sorted(
            ((index, row) for index, row in enumerate(case.rates.rows) if row.currency == currency),
            key=lambda item: item[1].year,
        )
        yield from _units_of_account(case, rows)
        yield from _known_range(rows)
        yield from _price_levels(rows)
        for series in _YEARLY:
            yield from _rate_steps(rows, series)
    for actor in dict.fromkeys(row.actor for row in case.spending_rows):
        yield from _spending_of(case, actor)


# --- rates ---------------------------------------------------------------------------------------------------------

_Rows = list[tuple[int, RateRow]]


def _several(rows: _Rows) -> str:
    """Return the years of rows: "2023", or "2021 and 4 more"."""
    return f"{rows[0][1].year}" + (f" and {len(rows) - 1} more" if len(rows) > 1 else "")


def _each(items: list[str]) -> str:
    """Return what is said of each year, of the first three if there are more."""
    return ", ".join(items[:3]) + (f" and so on in {len(items) - 3} more" if len(items) > 3 else "")


def _units_of_account(case: Case, rows: _Rows) -> Iterator[Finding]:
    """Yield rates that are 1 by definition and are not: those of the dollar, and the deflator of the price year."""
    for series in ("per_usd", "ppp"):
        wrong = [(index, row) for index, row in rows if row.currency == "USD" and _uneven(getattr(row, series))]
        if wrong:
            shown = _each([f"{getattr(row, series):g} in {row.year}" for _, row in wrong])
            yield ("rate_rows", wrong[0][0]), f"{series} of USD is {shown}, but a dollar is 1 dollar", "write 1"
    for index, row in rows:
        if row.year == case.rates.price_year and _uneven(row.deflator):
            message = f"the deflator of {row.currency} in the price year {row.year} is {row.deflator:g}, not 1"
            remedy = "divide the deflators of the currency by that of the price year; an index of 100 is written 1"
            yield ("rate_rows", index), message, remedy
    known = [(index, row) for index, row in rows if row.deflator is not None]
    if len(known) >= CONSTANT_YEARS and len({row.deflator for _, row in known}) == 1:
        row = known[0][1]
        message = f"the deflator of {row.currency} is {row.deflator:g} in all of {len(known)} years"
        yield ("rate_rows", known[0][0]), message, "write the deflator of each year, or leave the cell empty"


def _uneven(value: float | None) -> bool:
    return value is not None and abs(value - 1) > EVEN


def _known_range(rows: _Rows) -> Iterator[Finding]:
    known = rate_range(rows[0][1].currency)
    if known is None:
        return
    wrong = []
    for index, row in rows:
        slack = INSIDE if known.first_year <= row.year <= known.last_year else OUTSIDE
        if row.per_usd is not None and not known.low / slack <= row.per_usd <= known.high * slack:
            wrong.append((index, row))
    if wrong:
        currency = rows[0][1].currency
        message = (
            f"per_usd of {currency} is {_each([f'{row.per_usd:g} in {row.year}' for _, row in wrong])}; yearly means were "
            f"{known.low:g} to {known.high:g} in {known.first_year}-{known.last_year} ({RATES_FROM})"
        )
        first = wrong[0][1].per_usd
        assert first is not None
        yield ("rate_rows", wrong[0][0]), message, _rate_remedy(currency, first, known)


def _rate_remedy(currency: str, value: float, known: RateRange) -> str:
    """Return the remedy for a rate outside the known range: the way round, or the factor by which it seems wrong."""
    if known.low <= 1 / value <= known.high:
        return f"write {currency} per dollar, not dollars per {currency}"
    for power in range(1, 10):
        for factor, hint in ((0.1**power, "too large"), (10.0**power, "too small")):
            if known.low <= value * factor <= known.high:
                return f"check the decimal point: it seems {10**power:,} times {hint}"
    return f"check the digits and the currency; write {currency} per dollar"


def _price_levels(rows: _Rows) -> Iterator[Finding]:
    wrong = []
    for index, row in rows:
        if row.per_usd is not None and row.ppp is not None:
            level = row.ppp / row.per_usd
            if not 1 / PRICE_LEVEL <= level <= PRICE_LEVEL:
                wrong.append((index, row))
    if wrong:
        index, row = wrong[0]
        message = f"ppp and per_usd of {row.currency} in {_several(wrong)} differ more than {PRICE_LEVEL:g}-fold"
        yield ("rate_rows", index), message, "write both in local currency per dollar"


def _rate_steps(rows: _Rows, series: Series) -> Iterator[Finding]:
    known = [(index, row.year, getattr(row, series), row) for index, row in rows if getattr(row, series) is not None]
    wrong = [
        (index, row, after / before)
        for (_, year, before, _), (index, later, after, row) in pairwise(known)
        if later == year + 1 and not 1 / STEP <= after / before <= STEP
    ]
    if wrong:
        steps = _each([f"to {_times(ratio).removesuffix(' of')} in {row.year}" for _, row, ratio in wrong])
        message = f"the {NAMES[series]} of {wrong[0][1].currency} changes more than threefold in a year: {steps}"
        yield ("rate_rows", wrong[0][0]), message, "check the digits of these years"


def _times(ratio: float) -> str:
    """Return a ratio in words: "1,050 times", "3.2 times", "1/952 of"."""
    size = max(ratio, 1 / ratio)
    shown = f"{size:,.0f}" if size >= 10 else f"{size:.2g}"
    return f"{shown} times" if ratio >= 1 else f"1/{shown} of"


# --- spending ------------------------------------------------------------------------------------------------------


def _spending_of(case: Case, actor: str) -> Iterator[Finding]:
    options = case.spending.paths[actor].options if case.spending and actor in case.spending.paths else ()
    seen: set[tuple[int, int]] = set()
    for path in (RECORD, *options):
        rows = path_rows(case, actor, path)
        for (first, before), (second, after) in pairwise(rows):
            if (first, second) not in seen:
                seen.add((first, second))
                yield from _spending_step(case, second, before, after)
        if rows:
            yield from _spending_level(case, actor, path, [index for index, _ in rows])
    own = [(index, row) for index, row in enumerate(case.spending_rows) if row.actor == actor]
    yield from ((("spending_rows", index), *_zero(row)) for index, row in own if row.value == 0)
    yield from _foreign_rows(case, actor, own)


def _zero(row: SpendingRow) -> tuple[str, str]:
    message = f"spending of {row.actor} in {row.year} on path `{row.path}` is 0"
    return message, "check it: a figure that is missing is not 0"


def _spending_step(case: Case, index: int, before: SpendingRow, after: SpendingRow) -> Iterator[Finding]:
    if not before.value or not after.value:
        return
    same = parse_unit(before.unit).currency == parse_unit(after.unit).currency
    one, two = ((_native(row) if same else _dollars(case, row)) for row in (before, after))
    ratio = two / one
    if not 1 / STEP <= ratio <= STEP:
        message = (
            f"spending of {after.actor} in {after.year} ({after.value:g} {after.unit}) is {_times(ratio)} "
            f"that of {before.year} ({before.value:g} {before.unit})"
        )
        yield ("spending_rows", index), message, "check the digits and the unit of both years"


def _native(row: SpendingRow) -> float:
    return row.value * float(parse_unit(row.unit).scale)


def _dollars(case: Case, row: SpendingRow) -> float:
    return case.rates.to_usd(_native(row), parse_unit(row.unit).currency or "", row.year, carry=True).amount


def _spending_level(case: Case, actor: str, path: str, indices: list[int]) -> Iterator[Finding]:
    dollars = market_path(case, actor, path)
    low, high = BILLIONS
    wrong = [at for at, value in enumerate(dollars) if value > high or 0 < value < low]
    if wrong:
        row = case.spending_rows[indices[wrong[0]]]
        size = f"{dollars[wrong[0]]:,.3g} billion dollars" if dollars[wrong[0]] > high else "under a million dollars"
        message = f"spending of {actor} in {row.year} on path `{path}` ({row.value:g} {row.unit}) comes to {size}"
        yield ("spending_rows", indices[wrong[0]]), message, "check its unit and currency, and the rates"


def _foreign_rows(case: Case, actor: str, own: list[tuple[int, SpendingRow]]) -> Iterator[Finding]:
    """Yield the rows that are neither in dollars, nor in the actor's own currency, nor in that of most of its rows."""
    counts = Counter(parse_unit(row.unit).currency for _, row in own)
    usual = counts.most_common(1)[0][0]
    for currency in counts:
        if currency not in (usual, case.actors[actor].currency, "USD"):
            index, row = next((i, r) for i, r in own if parse_unit(r.unit).currency == currency)
            more = f" and {counts[currency] - 1} more" if counts[currency] > 1 else ""
            message = f"spending of {actor} in {row.year}{more} is in {currency}, most of its rows are in {usual}"
            yield ("spending_rows", index), message, "check the currency"
