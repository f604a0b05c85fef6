"""The inputs that a new case needs for each state: from the public data sets in the cache, else as a template to replace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.case.inputs import kind_of
from tocsin.case.origin import MeasureReader, in_unit
from tocsin.case.reasons import PROMPT, TEMPLATE
from tocsin.data.registry import source
from tocsin.errors import InputError, SolveError
from tocsin.measures.reference import Reading

TEMPLATE_RANGES: Mapping[str, str] = {
    "personnel": "lognormal(150000 to 800000)",
    "spending": "lognormal(10 to 80)",
    "growth": "normal(-0.01 to 0.04)",
}
"""Wide ranges that fit no state in particular, for what describes one state and so has no default."""
SPENDING = ("measure/spending_stated/{}/{}", "measure/components/{}/{}/spending")
"""Measures of military spending at market rates, the preferred one first: SIPRI's figures end later."""
PERSONNEL = "measure/components/{}/{}/personnel"
LATEST = "latest"
GRADE = "A3"
"""Grade of a data set that was read and not checked against a second one."""


@dataclass(frozen=True)
class Figures:
    """The inputs of a new case about its states.

    Attributes:
        lines: of `beliefs`, one for each input.
        sources: lines of `sources` that they cite.
    """

    lines: tuple[str, ...]
    sources: tuple[str, ...]


def figures(states: Mapping[str, bool], year: int) -> Figures:
    """Return the inputs of a new case about its states.

    Args:
        states: for each actor, whether it is a state on record, so that data sets know it by its code.
        year: of the case; no later figure is used.
    """
    reader = MeasureReader(year)
    known = [actor for actor, on_record in states.items() if on_record]
    personnel = _read(reader, PERSONNEL, known)
    choices = {measure: _read(reader, measure, known) for measure in SPENDING}
    measure = max(SPENDING, key=lambda name: len(choices[name]))
    lines = []
    for actor in states:
        lines.append(_personnel(actor, personnel[actor]) if actor in personnel else _template(f"personnel.{actor}"))
        paid = choices[measure].get(actor)
        lines.append(_spending(actor, paid, measure) if paid else _template(f"spending.{actor}"))
        lines.append(_template(f"growth.{actor}"))
    cited = [_source_line(measure)] if choices[measure] else []
    return Figures(tuple(lines), tuple(cited))


def _read(reader: MeasureReader, measure: str, actors: Iterable[str]) -> dict[str, Reading]:
    """Return the last known figure of each actor for which the data sets in the cache have one."""
    read = {}
    for actor in actors:
        try:
            read[actor] = reader.read(measure.format(actor, LATEST))
        except (InputError, SolveError):
            continue
    return read


def _data_set(measure: str) -> str:
    """Return the data set behind a measure of spending."""
    return "sipri_spending" if "spending_stated" in measure else "nmc"


def _source_line(measure: str) -> str:
    name = _data_set(measure)
    return f'  {name}: {{cite: "{source(name).what}; {source(name).cite}", grade: {GRADE}}}'


def _personnel(actor: str, reading: Reading) -> str:
    assert isinstance(reading.value, float)
    measured = PERSONNEL.format(actor, reading.year)
    return (
        f'  personnel.{actor}: {{is: "fixed({reading.value:.0f})", from: "{measured}", unit: persons, '
        f'why: "active personnel in {reading.year}"}}'
    )


def _spending(actor: str, reading: Reading, measure: str) -> str:
    assert isinstance(reading.value, float)
    billions = in_unit(reading.value, reading, "USD bn")
    return (
        f'  spending.{actor}: {{is: "fixed({billions:.4g})", unit: USD bn per year, source: {_data_set(measure)}, '
        f'why: "military spending in {reading.year} at market rates, which understate what it buys in poorer states"}}'
    )


def _template(name: str) -> str:
    """Return a line of `beliefs` with a wide range, marked as a template."""
    match = kind_of(name)
    assert match is not None
    kind, _ = match
    return (
        f'  {name}: {{is: "{TEMPLATE_RANGES[name.partition(".")[0]]}", unit: {kind.unit}, by: "{TEMPLATE}", '
        f'why: "{PROMPT} ({kind.meaning})"}}'
    )
