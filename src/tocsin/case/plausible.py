"""Check whether money is plausible: rates, deflators and spending that suggest a misprint. Each finding is a notice, not an error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from tocsin.case.currencies import RATES_FROM, RateRange, rate_range
from tocsin.case.problem import Finding, and_more, some_of
from tocsin.case.schema import RECORD, Case, SpendingRow
from tocsin.case.spending import market_path, path_rows
from tocsin.case.units import parse_unit
from tocsin.measures.money import NAMES, RateRow, Series
from tocsin.translation import Text, in_commas, message, template

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


def _each(items: list[Text]) -> Text:
    """Return what is said of each year, of the first three if there are more."""
    first, others = in_commas(items[:3]), len(items) - 3
    return message("{items} and so on in {count} more", items=first, count=others) if others > 0 else first


def _in_year(value: float | None, year: int) -> Text:
    return message("{value} in {year}", value=f"{value:g}", year=year)


def _units_of_account(case: Case, rows: _Rows) -> Iterator[Finding]:
    """Yield rates that are 1 by definition and are not: those of the dollar, and the deflator of the price year."""
    for series in ("per_usd", "ppp"):
        wrong = [(index, row) for index, row in rows if row.currency == "USD" and _uneven(getattr(row, series))]
        if wrong:
            shown = _each([_in_year(getattr(row, series), row.year) for _, row in wrong])
            yield (
                ("rate_rows", wrong[0][0]),
                message("{series} of USD is {shown}, but a dollar is 1 dollar", series=series, shown=shown),
                message("write 1"),
            )
    for index, row in rows:
        if row.year == case.rates.price_year and _uneven(row.deflator):
            notice = message(
                "the deflator of {currency} in the price year {year} is {deflator}, not 1",
                currency=row.currency,
                year=row.year,
                deflator=f"{row.deflator:g}",
            )
            remedy = message(
                "divide the deflators of the currency by that of the price year; an index of 100 is written 1"
            )
            yield ("rate_rows", index), notice, remedy
    known = [(index, row) for index, row in rows if row.deflator is not None]
    if len(known) >= CONSTANT_YEARS and len({row.deflator for _, row in known}) == 1:
        row = known[0][1]
        notice = message(
            "the deflator of {currency} is {deflator} in all of {count} years",
            currency=row.currency,
            deflator=f"{row.deflator:g}",
            count=len(known),
        )
        yield ("rate_rows", known[0][0]), notice, message("write the deflator of each year, or leave the cell empty")


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
        notice = message(
            "per_usd of {currency} is {shown}; yearly means were {low} to {high} in {first}-{last} ({source})",
            currency=currency,
            shown=_each([_in_year(row.per_usd, row.year) for _, row in wrong]),
            low=f"{known.low:g}",
            high=f"{known.high:g}",
            first=known.first_year,
            last=known.last_year,
            source=RATES_FROM,
        )
        first = wrong[0][1].per_usd
        assert first is not None
        yield ("rate_rows", wrong[0][0]), notice, _rate_remedy(currency, first, known)


_TOO_LARGE = template("check the decimal point: it seems {factor} times too large")
_TOO_SMALL = template("check the decimal point: it seems {factor} times too small")


def _rate_remedy(currency: str, value: float, known: RateRange) -> str:
    """Return the remedy for a rate outside the known range: the way round, or the factor by which it seems wrong."""
    if known.low <= 1 / value <= known.high:
        return message("write {currency} per dollar, not dollars per {currency}", currency=currency)
    for power in range(1, 10):
        for factor, hint in ((0.1**power, _TOO_LARGE), (10.0**power, _TOO_SMALL)):
            if known.low <= value * factor <= known.high:
                return message(hint, factor=f"{10**power:,}")
    return message("check the digits and the currency; write {currency} per dollar", currency=currency)


def _price_levels(rows: _Rows) -> Iterator[Finding]:
    wrong = []
    for index, row in rows:
        if row.per_usd is not None and row.ppp is not None:
            level = row.ppp / row.per_usd
            if not 1 / PRICE_LEVEL <= level <= PRICE_LEVEL:
                wrong.append((index, row))
    if wrong:
        index, row = wrong[0]
        notice = message(
            "ppp and per_usd of {currency} in {years} differ more than {factor}-fold",
            currency=row.currency,
            years=some_of([str(other.year) for _, other in wrong], 1),
            factor=f"{PRICE_LEVEL:g}",
        )
        yield ("rate_rows", index), notice, message("write both in local currency per dollar")


_TO_TIMES = template("to {factor} times in {year}")
_TO_PART = template("to 1/{factor} in {year}")


def _rate_steps(rows: _Rows, series: Series) -> Iterator[Finding]:
    known = [(index, row.year, getattr(row, series), row) for index, row in rows if getattr(row, series) is not None]
    wrong = [
        (index, row, after / before)
        for (_, year, before, _), (index, later, after, row) in pairwise(known)
        if later == year + 1 and not 1 / STEP <= after / before <= STEP
    ]
    if wrong:
        steps = _each(
            [
                message(_TO_TIMES if ratio >= 1 else _TO_PART, factor=_size(ratio), year=row.year)
                for _, row, ratio in wrong
            ]
        )
        notice = message(
            "the {series} of {currency} changes more than threefold in a year: {steps}",
            series=message(NAMES[series]),
            currency=wrong[0][1].currency,
            steps=steps,
        )
        yield ("rate_rows", wrong[0][0]), notice, message("check the digits of these years")


def _size(ratio: float) -> str:
    """Return a ratio, or its inverse if that is larger: "1,050", "3.2"."""
    size = max(ratio, 1 / ratio)
    return f"{size:,.0f}" if size >= 10 else f"{size:.2g}"


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
    notice = message(
        "spending of {actor} in {year} on path `{path}` is 0", actor=row.actor, year=row.year, path=row.path
    )
    return notice, message("check it: a figure that is missing is not 0")


_SPENDING_TIMES = template(
    "spending of {actor} in {year} ({value} {unit}) is {factor} times that of {before} ({earlier} {other})"
)
_SPENDING_PART = template(
    "spending of {actor} in {year} ({value} {unit}) is 1/{factor} of that of {before} ({earlier} {other})"
)


def _spending_step(case: Case, index: int, before: SpendingRow, after: SpendingRow) -> Iterator[Finding]:
    if not before.value or not after.value:
        return
    same = parse_unit(before.unit).currency == parse_unit(after.unit).currency
    one, two = ((_native(row) if same else _dollars(case, row)) for row in (before, after))
    ratio = two / one
    if not 1 / STEP <= ratio <= STEP:
        notice = message(
            _SPENDING_TIMES if ratio >= 1 else _SPENDING_PART,
            actor=after.actor,
            year=after.year,
            value=f"{after.value:g}",
            unit=after.unit,
            factor=_size(ratio),
            before=before.year,
            earlier=f"{before.value:g}",
            other=before.unit,
        )
        yield ("spending_rows", index), notice, message("check the digits and the unit of both years")


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
        size = (
            message("{number} billion dollars", number=f"{dollars[wrong[0]]:,.3g}")
            if dollars[wrong[0]] > high
            else message("under a million dollars")
        )
        notice = message(
            "spending of {actor} in {year} on path `{path}` ({value} {unit}) comes to {size}",
            actor=actor,
            year=row.year,
            path=path,
            value=f"{row.value:g}",
            unit=row.unit,
            size=size,
        )
        yield ("spending_rows", indices[wrong[0]]), notice, message("check its unit and currency, and the rates")


def _foreign_rows(case: Case, actor: str, own: list[tuple[int, SpendingRow]]) -> Iterator[Finding]:
    """Yield the rows that are neither in dollars, nor in the actor's own currency, nor in that of most of its rows."""
    counts = Counter(parse_unit(row.unit).currency for _, row in own)
    usual = counts.most_common(1)[0][0]
    for currency in counts:
        if currency not in (usual, case.actors[actor].currency, "USD"):
            index, row = next((i, r) for i, r in own if parse_unit(r.unit).currency == currency)
            years = and_more(in_commas([str(row.year)]), counts[currency] - 1)
            notice = message(
                "spending of {actor} in {years} is in {currency}, most of its rows are in {usual}",
                actor=actor,
                years=years,
                currency=str(currency),
                usual=str(usual),
            )
            yield ("spending_rows", index), notice, message("check the currency")
