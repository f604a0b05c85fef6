"""Compare the figures of a case with the cached data sets: different values and later ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin.case.joint import JointBeliefs, joint_beliefs
from tocsin.case.origin import (
    MeasureReader,
    differing_estimate,
    flow,
    in_unit,
    is_estimate,
    measured,
    origins,
    reference,
)
from tocsin.case.schema import Case
from tocsin.case.types import last_ended_year, last_of
from tocsin.case.units import Quantity, exact, parse_unit
from tocsin.case.values import parse_value
from tocsin.errors import InputError, SolveError
from tocsin.reading import Loc
from tocsin.translation import in_commas, in_sentences, message

if TYPE_CHECKING:
    from tocsin.measures.reference import Reading

ROUNDING = 5e-4
"""Largest relative difference between the case and a measure: the error of rounding to four digits."""
_RATE = re.compile(r"rate\(\s*(\S+)\s+in\s+(\S+)\s*\)")


@dataclass(frozen=True)
class Difference:
    """A difference between a case and the cache: the path of the item, the message and the remedy."""

    loc: Loc
    message: str
    remedy: str


def differences(case: Case) -> Iterator[Difference]:
    """Yield each item with a `from` that differs from the cache or is older, and once what the cache lacks."""
    reader, cached = MeasureReader(last_ended_year(case.as_of)), _Cached()
    lacking: dict[str, Loc] = {}
    count = 0
    last_rows, groups = _last_rows(case), joint_beliefs(case)
    for loc, text in origins(case):
        if is_estimate(text):
            if loc[0] == "beliefs" and case.beliefs[str(loc[1])].is_default:
                continue
            yield from _estimated(case, loc, text, groups)
            continue
        absent = cached.absent(text)
        # no measure gives a figure without its data; only the list of states has a substitute in some
        if absent.keys() - {"states"}:
            count += 1
            lacking |= dict.fromkeys(absent, loc)
            continue
        try:
            yield from _compared(case, loc, text, reader, is_last=loc[0] == "spending_rows" and loc[1] in last_rows)
        except SolveError:
            count += 1
            lacking |= dict.fromkeys(absent, loc)
    if count:
        more = message(
            "run `tocsin data get {sets}`, or `tocsin data import` for those that you download yourself",
            sets=" ".join(lacking),
        )
        yield Difference(
            next(iter(lacking.values())),
            message("{count} measured values were not compared with data sets: not in the cache", count=count),
            more,
        )


def _compared(case: Case, loc: Loc, text: str, reader: MeasureReader, *, is_last: bool) -> Iterator[Difference]:
    """Yield the differences of an item from its measure, and for the last row of a path a later figure.

    Raises:
        SolveError: if a data set is not in the cache.
    """
    later = None
    try:
        now = reader.read(text)
        if not _agrees(case, loc, now):
            yield _difference(case, loc, now)
        if is_last:
            later = reader.read_later(text)
    except InputError as error:
        yield Difference(
            loc,
            message("{name}: {reason}", name=_name(case, loc), reason=error.message),
            error.remedy or message("check its `from`"),
        )
    if later is not None:
        fresher = message(
            "{name} is the last; the cache has {year}: {shown}",
            name=_name(case, loc),
            year=later.year,
            shown=_shown(later),
        )
        yield Difference(loc, fresher, message("add a row for each later year"))


def _estimated(case: Case, loc: Loc, text: str, groups: Sequence[JointBeliefs]) -> Iterator[Difference]:
    """Yield a difference between a belief and its stored estimate, and always the basis of the estimate."""
    from tocsin.evidence.reference import estimate

    stored = estimate(text)
    if other := differing_estimate(text, case.beliefs[str(loc[1])].is_):
        wrong = message("{name} differs from {text}: {other}", name=_name(case, loc), text=text, other=other)
        yield Difference(loc, wrong, message("omit `is`, or correct it"))
    yield Difference(
        loc,
        in_sentences(
            message(
                "{name} rests on {cases} cases, {cite}, estimated on {made}.",
                name=_name(case, loc),
                cases=stored.cases,
                cite=stored.cite,
                made=stored.made,
            ),
            _drawn_with(groups, str(loc[1])),
            stored.limits,
        ),
        message(
            "`tocsin evidence show {name}` shows all of it, `tocsin evidence refit {name}` re-estimates it",
            name=stored.name,
        ),
    )


def _drawn_with(groups: Sequence[JointBeliefs], name: str) -> str:
    """Return a sentence on the beliefs that are drawn together with one of a fit; empty if there are none."""
    others = [other for group in groups if name in group.names for other in group.names if other != name]
    named = in_commas(f"`{other}`" for other in others)
    return message("It is drawn together with {others}, of the same fit.", others=named) if others else ""


class _Cached:
    """Knows which data sets are in the cache, and checks each only once."""

    def __init__(self) -> None:
        self._intact: dict[str, bool] = {}

    def absent(self, text: str) -> dict[str, None]:
        """Return the names of the data sets of a measure that the cache lacks, in their order."""
        return dict.fromkeys(name for name in reference(text).measure.sources if not self._is_intact(name))

    def _is_intact(self, name: str) -> bool:
        from tocsin.data.cache import status
        from tocsin.data.registry import source

        if name not in self._intact:
            self._intact[name] = status(source(name)) == "intact"
        return self._intact[name]


def _last_rows(case: Case) -> set[int]:
    """Return the index of the last row of each path: only that row can be followed by a later figure."""
    last: dict[tuple[str, str], int] = {}
    for index, row in enumerate(case.spending_rows):
        key = (row.actor, row.path)
        if key not in last or case.spending_rows[last[key]].year < row.year:
            last[key] = index
    return set(last.values())


def _difference(case: Case, loc: Loc, now: Reading) -> Difference:
    """Return the difference of an item: an older date if a fact is older than the measure, else another value."""
    written = case.facts[str(loc[1])].date if loc[0] == "facts" else None
    if written is not None and int(last_of(written)[:4]) < now.year:
        wrong = message(
            "{name} is dated {written}; the cache has {year}: {shown}",
            name=_name(case, loc),
            written=written,
            year=now.year,
            shown=_shown(now),
        )
        return Difference(loc, wrong, message("take the later figure and its date"))
    return Difference(
        loc,
        message(
            "{name} differs from the measure for {year}: {shown}",
            name=_name(case, loc),
            year=now.year,
            shown=_shown(now),
        ),
        message("correct the value, or its `from`"),
    )


def _agrees(case: Case, loc: Loc, now: Reading) -> bool:
    block, key = loc
    if block == "beliefs":
        return _belief_agrees(case, str(key), now)
    if block == "spending_rows":
        row = case.spending_rows[int(key)]
        value: object = Quantity(exact(row.value), parse_unit(row.unit))
        unit = row.unit
    else:
        fact = case.facts[str(key)]
        value, unit = case.values[str(key)], fact.unit
    if isinstance(value, Quantity):
        return isinstance(now.value, float) and _near(value.value, in_unit(now.value, now, unit or str(value.unit)))
    return value == parse_value(measured(now, unit), now.unit)


def _belief_agrees(case: Case, key: str, now: Reading) -> bool:
    """Compare a rate by its two numbers, and any other figure with the belief's 90 % interval."""
    if now.at_risk is not None:
        match = _RATE.match(case.beliefs[key].is_.strip())
        return match is not None and float(match[1]) == now.value and _near(float(match[2]), now.at_risk)
    if not isinstance(now.value, float):
        return False
    unit, point = case.beliefs[key].unit, case.distributions[key].point
    if now.low is not None and now.high is not None:
        ends = (point(0.0), point(1.0))
        if all(_near(end, flow(bound, now, unit)) for end, bound in zip(ends, (now.low, now.high), strict=True)):
            return True
    low, high = (point(share) for share in (0.05, 0.95))
    value = flow(now.value, now, unit)
    return low <= value <= high or _near(low, value) or _near(high, value)


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= ROUNDING * max(abs(a), abs(b))


def _name(case: Case, loc: Loc) -> str:
    block, key = loc
    if block == "spending_rows":
        row = case.spending_rows[int(key)]
        return message("spending of {actor} in {year}", actor=row.actor, year=row.year)
    return message("fact `{key}`", key=key) if block == "facts" else message("belief `{key}`", key=key)


def _shown(now: Reading) -> str:
    if now.at_risk is not None:
        return message("{count} in {years} years", count=f"{now.value:g}", years=f"{now.at_risk:.2f}")
    value = f"{now.value:.5g}" if isinstance(now.value, float) else str(now.value).lower()
    return value if now.unit in ("", "1", "truth", "date", "text") else f"{value} {now.unit}"
