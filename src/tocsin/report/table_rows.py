"""Rows of the brief's tables: inputs, facts, sources, untested claims, fragile verdicts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from tocsin.assessment.figures_result import Band
from tocsin.assessment.flip_words import flip_sentence, region_sentence, search_sentence
from tocsin.assessment.result import Assessment, ClaimResult, PartResult
from tocsin.assessment.versions import said_of
from tocsin.assessment.words import percent
from tocsin.case import nodes
from tocsin.case.claim_blocks import Claim, Part
from tocsin.case.distributions import fact_of
from tocsin.case.origin import describe, differing_estimate, is_estimate
from tocsin.case.published import kind_in
from tocsin.case.schema import Belief, Case
from tocsin.case.values import as_written
from tocsin.report.sentences import is_fragile, range_of
from tocsin.report.wording import (
    aim_share,
    amount,
    delay_text,
    listed,
    percentage,
    readable,
    rise_text,
    spending_rise,
    with_range,
)


@dataclass(frozen=True)
class BeliefRow:
    """An uncertain input: name, meaning, range, author (or record) and reason."""

    name: str
    meaning: str
    range: str
    by: str
    why: str


@dataclass(frozen=True)
class FactRow:
    """A fact: key, value, date, kind, confidence, sources, the measure it is from, notes, and what uses it."""

    key: str
    value: str
    date: str
    kind: str
    confidence: str
    sources: tuple[str, ...]
    measured: str
    note: str
    used_by: tuple[str, ...]


@dataclass(frozen=True)
class SourceRow:
    """A source: key, grade, citation, web address (http or https, else empty), host and note."""

    key: str
    grade: str
    cite: str
    url: str
    host: str
    note: str


@dataclass(frozen=True)
class UntestedRow:
    """What is not tested: the claim's id, the number of the part (0 for the whole claim), and what a test needs."""

    claim: str
    part: int
    needs: str


@dataclass(frozen=True)
class FragileRow:
    """A verdict that depends on model or threshold: the claim's id, the number of the part (0 for the whole), the range."""

    claim: str
    part: int
    range: str


@dataclass(frozen=True)
class LossRow:
    """What an event does to the challenger, as medians with ranges.

    Attributes:
        event, says: its name and text.
        dent: share of all that deterrence costs the challenger.
        delay: when the first step comes.
        fall, struck: changes of the chances that the regime falls and that it is struck first.
        gains: worlds that the event helps it in.
        rise: the target's rise of spending that would cost as much.
    """

    event: str
    says: str
    dent: str
    delay: str
    fall: str
    struck: str
    gains: str
    rise: str


@dataclass(frozen=True)
class PresentRow:
    """What a type of challenger has to fear in the present world, as medians with ranges.

    Attributes:
        kind: the type.
        fall, struck: probabilities that its regime falls and that it is struck first.
        preventive: years with a motive for preventive war.
    """

    kind: str
    fall: str
    struck: str
    preventive: str


# --- inputs --------------------------------------------------------------------------------------------------------


def input_meaning(case: Case, name: str) -> str:
    """Return what an input means and whom it is about: "hazard of war by false alarm (in korea)"."""
    match = kind_in(case, name)
    if match is None:
        return readable(name)
    kind, about = match
    said = []
    if "actor" in about and about["actor"] in case.actors:
        said.append(case.actors[about["actor"]].name)
    if "regime" in about and about["regime"] in case.regimes:
        regime = case.regimes[about["regime"]]
        said.append(f"{case.actors[regime.actor].name}, {regime.kind}")
    if "state" in about:
        said.append(_state(case, about.get("actor", ""), about["state"]))
    if "type" in about:
        said.append(readable(about["type"]))
    if "theatre" in about:
        said.append(f"in {readable(about['theatre'])}")
    return f"{kind.meaning} ({', '.join(said)})" if said else kind.meaning


def _state(case: Case, actor: str, state: str) -> str:
    """Return the case's name for an actor's firm or loose posture."""
    for regime in case.regimes.values():
        if regime.actor == actor and regime.kind == "posture":
            return readable(regime.firm if state == "firm" else regime.loose)
    return state


_SPAN = re.compile(r"(\w+)\(\s*(\S+)\s+to\s+(\S+)\s*\)\Z")
_UNIFORM = re.compile(r"uniform\(\s*(\S+?)\s*,\s*(\S+)\s*\)\Z")
_RATE = re.compile(r"rate\(\s*(\S+)\s+in\s+(\S+)\s*\)\Z")
_FIXED = re.compile(r"fixed\(\s*(\S+)\s*\)\Z")


def range_text(text: str, unit: str) -> str:
    """Return a distribution in words: "20 to 120 (90 %, loguniform)", "3 in 22.3 years at risk"."""
    suffix = "" if unit == "1" else f" {unit}"
    text = text.strip()
    if match := _RATE.match(text):
        return f"{match[1]} in {match[2]} {'years at risk' if unit == 'per year' else 'trials'}"
    if match := _UNIFORM.match(text):
        return f"{match[1]} to {match[2]}{suffix} (all, uniform)"
    if match := _FIXED.match(text):
        return f"{match[1]}{suffix}, fixed"
    if (fact := fact_of(text)) is not None:
        return f"the fact {fact}"
    if match := _SPAN.match(text):
        return f"{match[2]} to {match[3]}{suffix} (90 %, {match[1]})"
    return f"{text}{suffix}"


def belief_rows(case: Case) -> list[BeliefRow]:
    """Return all uncertain inputs: beliefs, then the judgements on types, discounting, history and equal inputs."""
    rows = [
        BeliefRow(
            name=name,
            meaning=input_meaning(case, name),
            range=range_text(belief.is_, belief.unit),
            by=belief.by or _origin(belief),
            why=_joined(belief.why, belief.note, _departing(belief), describe(belief.from_)),
        )
        for name, belief in case.beliefs.items()
    ]
    return rows + _model_rows(case)


def _departing(belief: Belief) -> str:
    """Return a remark if a belief names an estimate but uses another range."""
    other = differing_estimate(belief.from_, belief.is_)
    return f"The range is the case's own; the estimate is {other}." if other else ""


def _model_rows(case: Case) -> list[BeliefRow]:
    rows = [
        BeliefRow(
            f"types.{name}",
            "weight of this type of challenger in pooled results",
            percent(kind.weight),
            kind.by,
            kind.why,
        )
        for name, kind in case.types.items()
    ]
    if case.discount is not None:
        swept = ", ".join(f"{value:g}" for value in case.discount.swept)
        rows.append(
            BeliefRow(
                "discount",
                "value today of one unit a year from now; the results for its values are never pooled",
                f"{case.discount.central:g} (varied over {swept})",
                case.discount.by,
                case.discount.why,
            )
        )
    for name, past in case.history.items():
        seen = {"pressure": "press", "a war": "wars", "a concession": "concessions", "a clash": "clashes"}
        said = ", ".join(
            f"{past.count(name)} with {what}" for what, name in seen.items() if getattr(past, name) is not None
        )
        rows.append(
            BeliefRow(
                f"history.{name}",
                "the record of past years, and how much each year counts",
                f"of {past.years} years {said}; weight {past.year_weight:.2g}",
                past.by,
                past.why,
            )
        )
    for name, alike in case.alike.items():
        inputs = "; ".join(" = ".join(group) for group in alike.sets)
        rows.append(BeliefRow(f"alike.{name}", "inputs set equal for a fair comparison", inputs, "", alike.why))
    return rows


def turning_text(case: Case, claim: ClaimResult) -> str:
    """Return what would turn a claim's verdict, or how far the search for that went; empty if there was no search."""
    if claim.search is None:
        return ""
    said = [flip_sentence(claim.verdict, flip, partial(input_meaning, case)) for flip in claim.flips]
    if not any(len(flip.moves) == 1 for flip in claim.flips):
        said.append(search_sentence(claim.search, claim.basis, partial(input_meaning, case)))
    return " ".join(said)


def failing_text(case: Case, claim: ClaimResult) -> str:
    """Return in which worlds a claim fails; empty if no box of worlds says so."""
    region = claim.failing
    if region is None or not region.limits:
        return ""
    return region_sentence(region.limits, region.density, region.coverage, partial(input_meaning, case))


# --- facts and sources ---------------------------------------------------------------------------------------------


def fact_rows(case: Case) -> list[FactRow]:
    """Return all facts, a row for each value that sources give; those that a claim or an input uses come first."""
    users = _users(case)
    rows = [
        FactRow(
            key=key,
            value=as_written(said.value, said.unit),
            date=f"{said.date}, expected {fact.expected}" if fact.expected else said.date or "",
            kind=said.kind or "",
            confidence=said.confidence,
            sources=tuple(said.source),
            measured=describe(fact.from_) if said is fact else "",
            note=_joined(said.note, f"range {said.range}" if said.range else "", said.flag or ""),
            used_by=tuple(users.get(key, ())),
        )
        for key, fact in case.facts.items()
        for said in said_of(fact)
    ]
    return sorted(rows, key=lambda row: not row.used_by)


def _users(case: Case) -> dict[str, list[str]]:
    users: dict[str, dict[str, None]] = {}
    for name, tests in case.tests.items():
        for test in tests.values():
            for key in nodes.facts(test.node):
                users.setdefault(key, {})[name] = None
    for name, belief in case.beliefs.items():
        if (fact := fact_of(belief.is_)) is not None:
            users.setdefault(fact, {})[name] = None
    return {key: list(names) for key, names in users.items()}


def source_rows(case: Case) -> list[SourceRow]:
    """Return all sources; only http and https addresses become links."""
    rows = []
    for key, source in case.sources.items():
        url, host = web(source.url or "")
        note = _joined(f"Terms: {source.terms}" if source.terms else "", source.note)
        note = _joined(note, f"Read {source.read}" if source.read else "")
        rows.append(SourceRow(key, source.grade, source.cite, url, host, note))
    return rows


def web(url: str) -> tuple[str, str]:
    """Return a web address and its host; two empty texts for anything but http and https."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    return (url.strip(), host) if parts.scheme in ("http", "https") and host else ("", "")


# --- results -------------------------------------------------------------------------------------------------------


def untested_rows(assessment: Assessment) -> list[UntestedRow]:
    """Return every claim and part that is not tested."""
    rows = []
    for claim in assessment.claims:
        spec = assessment.case.claims[claim.id]
        items: list[tuple[int, ClaimResult | PartResult, Claim | Part]] = [(0, claim, spec)]
        items += [(index, part, spec.all_parts[part.name]) for index, part in enumerate(claim.parts, start=1)]
        rows += [
            UntestedRow(claim.id, index, _needs(own)) for index, item, own in items if item.verdict == "not tested"
        ]
    whole = {row.claim for row in rows if row.part == 0 and not assessment.case.claims[row.claim].untested}
    return [row for row in rows if row.part or row.claim not in whole or not _has_parts(rows, row.claim)]


def _has_parts(rows: Iterable[UntestedRow], claim: str) -> bool:
    return any(row.part and row.claim == claim for row in rows)


def _needs(spec: Claim | Part) -> str:
    """Return what a test needs; a test that could not separate the claim from the judgements needs evidence that does."""
    return listed(spec.untested.needs) if spec.untested else "evidence that separates it from the judgements"


def fragile_rows(assessment: Assessment) -> list[FragileRow]:
    """Return claims and parts that hold under one model or threshold and fail under another."""
    rows = []
    for claim in assessment.claims:
        parts = list(enumerate(claim.parts, start=1))
        items: list[tuple[int, ClaimResult | PartResult]] = [*parts] if parts else [(0, claim)]
        rows += [FragileRow(claim.id, index, range_of(item)) for index, item in items if is_fragile(item)]
    return rows


def loss_rows(assessment: Assessment) -> list[LossRow]:
    """Return what each event does to the challenger."""
    if not assessment.figures.loss:
        return []
    return [
        LossRow(
            event=readable(row.event),
            says=row.label if row.label != row.event else "",
            dent=_band(row.dent, aim_share),
            delay=_band(row.delay, delay_text),
            fall=_band(row.fall, rise_text),
            struck=_band(row.struck, rise_text),
            gains=percentage(row.negative),
            rise=spending_rise(row.equal_rise[1]),
        )
        for row in assessment.figures.loss
    ]


def present_rows(assessment: Assessment) -> list[PresentRow]:
    """Return what each type of challenger has to fear in the present world of the main theatre; empty if that was not computed."""
    case = assessment.case
    bands = {(row.id, row.model): row.band for row in assessment.quantities}
    return [
        PresentRow(
            kind=readable(kind),
            fall=_band(bands[f"fall@{case.main}", kind], percentage),
            struck=_band(bands[f"struck@{case.main}", kind], percentage),
            preventive=_band(bands[f"preventive_years@{case.main}", kind], amount),
        )
        for kind in case.types
        if (f"fall@{case.main}", kind) in bands
    ]


def _band(band: Band, text: Callable[[float], str]) -> str:
    low, mid, high = map(text, band)
    return with_range(low, mid, high)


def _joined(*texts: str) -> str:
    return " ".join(text.strip() for text in texts if text and text.strip())


def _origin(belief: Belief) -> str:
    if belief.from_ is None:
        return f"evidence: {', '.join(belief.source)}"
    if belief.is_default:
        return "estimated; the program's default"
    return "estimated" if is_estimate(belief.from_) else "measured"
