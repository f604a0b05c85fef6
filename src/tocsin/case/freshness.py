"""What a case says against what the data sets in the cache now give: other figures, and fresher ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin.case.origin import MeasureReader, differing_estimate, in_unit, is_estimate, measured, origins, reference
from tocsin.case.schema import Case
from tocsin.case.units import Quantity, parse_unit, parse_value
from tocsin.errors import InputError, SolveError
from tocsin.reading import Loc

if TYPE_CHECKING:
    from tocsin.measures.reference import Reading

ROUNDING = 5e-4
"""Share of a figure by which the case may differ from the measure: what writing four digits loses."""
_RATE = re.compile(r"rate\(\s*(\S+)\s+in\s+(\S+)\s*\)")


@dataclass(frozen=True)
class Difference:
    """Where a case and the cache differ: the path of the item, what is to be said, and the remedy."""

    loc: Loc
    message: str
    remedy: str


def differences(case: Case) -> Iterator[Difference]:
    """Every item with a `from` that the cache gives otherwise, or for a later year; once, what the cache lacks."""
    reader = MeasureReader(case.as_of.year)
    lacking: dict[str, Loc] = {}
    count = 0
    last_rows = _last_rows(case)
    for loc, text in origins(case):
        if is_estimate(text):
            yield from _estimated(case, loc, text)
            continue
        try:
            now = reader.read(text)
            if not _agrees(case, loc, now):
                yield _other(case, loc, now)
            later = reader.read_later(text) if loc[0] == "spending_rows" and loc[1] in last_rows else None
        except SolveError:
            count += 1
            lacking |= dict.fromkeys(_absent(text), loc)
            continue
        except InputError as error:
            yield Difference(loc, f"{_name(case, loc)}: {error.message}", error.remedy or "check its `from`")
            continue
        if later is not None:
            fresher = f"{_name(case, loc)} is the last; the cache knows {later.year}: {_shown(later)}"
            yield Difference(loc, fresher, "add a row for each later year")
    if count:
        more = (
            f"run `tocsin data get {' '.join(lacking)}`, or `tocsin data import` for those that you download yourself"
        )
        yield Difference(
            next(iter(lacking.values())),
            f"{count} measured values were not compared with data sets: not in the cache",
            more,
        )


def _estimated(case: Case, loc: Loc, text: str) -> Iterator[Difference]:
    """Whether a belief is still what the kept result says; and, always, on what that rests."""
    from tocsin.evidence.reference import estimate

    found = estimate(text)
    if other := differing_estimate(text, case.beliefs[str(loc[1])].is_):
        message = f"{_name(case, loc)} is not what {text} gives: {other}"
        yield Difference(loc, message, "leave `is` out, or correct it")
    yield Difference(
        loc,
        f"{_name(case, loc)} rests on {found.cases} cases, {found.cite}, made {found.made}. {found.limits}",
        f"`tocsin evidence show {found.name}` has all of it, `tocsin evidence refit {found.name}` makes it anew",
    )


def _absent(text: str) -> list[str]:
    from tocsin.data.cache import status
    from tocsin.data.registry import source

    return [name for name in reference(text).measure.sources if status(source(name)) != "intact"]


def _last_rows(case: Case) -> set[int]:
    """Of each actor's path the row of the last year: a later figure is news for that one alone."""
    last: dict[tuple[str, str], int] = {}
    for at, row in enumerate(case.spending_rows):
        key = (row.actor, row.path)
        if key not in last or case.spending_rows[last[key]].year < row.year:
            last[key] = at
    return set(last.values())


def _other(case: Case, loc: Loc, now: Reading) -> Difference:
    """A fact of an earlier year than the measure's last is stale; else it is another figure."""
    written = case.facts[str(loc[1])].date if loc[0] == "facts" else None
    if written is not None and written[:4].isdigit() and int(written[:4]) < now.year:
        message = f"{_name(case, loc)} is of {written}; the cache has {now.year}: {_shown(now)}"
        return Difference(loc, message, "take the later figure and its date")
    return Difference(
        loc,
        f"{_name(case, loc)} is not what is measured for {now.year}: {_shown(now)}",
        "correct the value, or its `from`",
    )


def _agrees(case: Case, loc: Loc, now: Reading) -> bool:
    block, key = loc
    if block == "beliefs":
        return _belief_agrees(case, str(key), now)
    if block == "spending_rows":
        row = case.spending_rows[int(key)]
        said: object = Quantity(row.value, parse_unit(row.unit))
        unit = row.unit
    else:
        fact = case.facts[str(key)]
        said, unit = case.values[str(key)], fact.unit
    if isinstance(said, Quantity):
        return isinstance(now.value, float) and _near(said.value, in_unit(now.value, now, unit or str(said.unit)))
    return said == parse_value(measured(now, unit), now.unit)


def _belief_agrees(case: Case, key: str, now: Reading) -> bool:
    """A rate by its two numbers; anything else if the figure lies within the belief's 90 %."""
    if now.at_risk is not None:
        match = _RATE.match(case.beliefs[key].is_.strip())
        return match is not None and float(match[1]) == now.value and _near(float(match[2]), now.at_risk)
    if not isinstance(now.value, float):
        return False
    low, high = case.distributions[key].quantile([0.05, 0.95])
    value = in_unit(now.value, now, case.beliefs[key].unit)
    return bool(low <= value <= high) or _near(float(low), value) or _near(float(high), value)


def _near(said: float, found: float) -> bool:
    return abs(said - found) <= ROUNDING * max(abs(said), abs(found))


def _name(case: Case, loc: Loc) -> str:
    block, key = loc
    if block == "spending_rows":
        row = case.spending_rows[int(key)]
        return f"spending of {row.actor} in {row.year}"
    return f"fact `{key}`" if block == "facts" else f"belief `{key}`"


def _shown(now: Reading) -> str:
    if now.at_risk is not None:
        return f"{now.value:g} in {now.at_risk:.2f} years"
    value = f"{now.value:.5g}" if isinstance(now.value, float) else str(now.value).lower()
    return value if now.unit in ("", "1", "truth", "date", "text") else f"{value} {now.unit}"
