"""Find the estimates of a case that were fitted to years after its day, and so may know what it must foresee."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.case.origin import differing_estimate, estimate_reaches, is_estimate
from tocsin.case.problem import Finding, some_of
from tocsin.case.schema import Case
from tocsin.case.types import last_ended_year
from tocsin.translation import message, plural

NAMED = 3
"""Estimates that the notice names."""


def hindsight_findings(case: Case) -> Iterator[Finding]:
    """Yield one finding that names the beliefs with such an estimate, those of the program's defaults too."""
    known, later = last_ended_year(case.as_of), dict[str, int]()
    for name, belief in case.beliefs.items():
        if belief.from_ is None or not is_estimate(belief.from_) or differing_estimate(belief.from_, belief.is_):
            continue
        if (last := estimate_reaches(belief.from_)) > known:
            later[name] = last
    if not later:
        return
    first = next(iter(later))
    named = [message("{name} (to {year})", name=name, year=last) for name, last in later.items()]
    yield (
        ("theatres",) if case.beliefs[first].is_default else ("beliefs", first),
        plural(
            "{count} estimate rests on years after the day of the case ({as_of}): {names}",
            "{count} estimates rest on years after the day of the case ({as_of}): {names}",
            len(later),
            as_of=str(case.as_of),
            names=some_of(named, NAMED),
        ),
        message(
            "they may know what the case must foresee: state your own ranges from earlier records where a claim turns on them, and say so in the brief"
        ),
    )
