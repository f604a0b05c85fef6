"""What stands behind the verdicts, as rows for print: inputs, facts, sources, what is open, what hangs on what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from tocsin.assessment.result import Assessment, ClaimResult, Flip, PartResult
from tocsin.assessment.words import FAILS, HOLDS, percent, whole
from tocsin.case import nodes
from tocsin.case.distributions import fact_of
from tocsin.case.origin import departs, is_estimate, said
from tocsin.case.published import kind_in
from tocsin.case.schema import Belief, Case, Claim, Part
from tocsin.report.prose import plain, straddles


@dataclass(frozen=True)
class BeliefRow:
    """One uncertain input: its name, what it means, its range, who judged it (or from what record) and why."""

    name: str
    meaning: str
    range: str
    by: str
    why: str


@dataclass(frozen=True)
class FactRow:
    """One fact: its key, value, date and kind, confidence, sources, the measure it comes from, remarks, and what uses it."""

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
    """One source: its key, grade, citation, web address (http or https, else empty), host, terms and note."""

    key: str
    grade: str
    cite: str
    url: str
    host: str
    note: str


@dataclass(frozen=True)
class OpenRow:
    """Something not tested: the claim, its part if only that, what a test needs, and why."""

    claim: str
    says: str
    needs: str
    why: str


# --- inputs --------------------------------------------------------------------------------------------------------


def meaning(case: Case, name: str) -> str:
    """What an input means, in words, with whom it is about: "base hazard of war by false alarm"."""
    found = kind_in(case, name)
    if found is None:
        return plain(name)
    kind, about = found
    said = []
    if "actor" in about and about["actor"] in case.actors:
        said.append(case.actors[about["actor"]].name)
    if "regime" in about and about["regime"] in case.regimes:
        regime = case.regimes[about["regime"]]
        said.append(f"{case.actors[regime.actor].name}, {regime.kind}")
    if "state" in about:
        said.append(_state(case, about.get("actor", ""), about["state"]))
    if "type" in about:
        said.append(plain(about["type"]))
    if "theatre" in about:
        said.append(f"in {plain(about['theatre'])}")
    return f"{kind.meaning} ({', '.join(said)})" if said else kind.meaning


def _state(case: Case, actor: str, state: str) -> str:
    """What a firm or loose posture is called."""
    for regime in case.regimes.values():
        if regime.actor == actor and regime.kind == "posture":
            return plain(regime.firm if state == "firm" else regime.loose)
    return state


_SPAN = re.compile(r"(\w+)\(\s*(\S+)\s+to\s+(\S+)\s*\)\Z")
_RATE = re.compile(r"rate\(\s*(\S+)\s+in\s+(\S+)\s*\)\Z")
_FIXED = re.compile(r"fixed\(\s*(\S+)\s*\)\Z")


def range_text(text: str, unit: str) -> str:
    """A distribution in words: "20 to 120 (90 %, loguniform)", "3 in 22.3 years at risk"."""
    suffix = "" if unit == "1" else f" {unit}"
    text = text.strip()
    if match := _RATE.match(text):
        return f"{match[1]} in {match[2]} years at risk"
    if match := _FIXED.match(text):
        return f"{match[1]}{suffix}, fixed"
    if (fact := fact_of(text)) is not None:
        return f"the fact {fact}"
    if match := _SPAN.match(text):
        return f"{match[2]} to {match[3]}{suffix} (90 %, {match[1]})"
    return f"{text}{suffix}"


def beliefs(case: Case) -> list[BeliefRow]:
    """The register of judgements and evidence: beliefs, then the judgements about models, discount and record."""
    rows = [
        BeliefRow(
            name=name,
            meaning=meaning(case, name),
            range=range_text(belief.is_, belief.unit),
            by=belief.by or _origin(belief),
            why=_joined(belief.why, belief.note, _departing(belief), said(belief.from_)),
        )
        for name, belief in case.beliefs.items()
    ]
    return rows + _structural(case)


def _departing(belief: Belief) -> str:
    """That a belief names an estimate and uses another range, if it does."""
    other = departs(belief.from_, belief.is_)
    return f"The range is the case's own and not the estimate, which is {other}." if other else ""


def _structural(case: Case) -> list[BeliefRow]:
    rows = [
        BeliefRow(
            f"types.{name}", "weight of this type of challenger in the pool", percent(kind.weight), kind.by, kind.why
        )
        for name, kind in case.types.items()
    ]
    swept = ", ".join(f"{value:g}" for value in case.discount.swept)
    rows.append(
        BeliefRow(
            "discount",
            "what a year hence is worth now; swept, never pooled",
            f"{case.discount.central:g} (swept: {swept})",
            case.discount.by,
            case.discount.why,
        )
    )
    for name, past in case.history.items():
        said = f"{past.press} of {past.years} years with pressure, {past.attacks} with an attack, {past.concessions} conceded"
        rows.append(
            BeliefRow(
                f"history.{name}",
                "the record, and what a past year is worth",
                f"{said}; weight {past.weight:g}",
                past.by,
                past.why,
            )
        )
    for name, alike in case.alike.items():
        inputs = "; ".join(" = ".join(group) for group in alike.sets)
        rows.append(BeliefRow(f"alike.{name}", "inputs held identical for a fair comparison", inputs, "", alike.why))
    return rows


def flip_text(case: Case, flip: Flip) -> str:
    """What would turn a verdict: the input, from where to where, and how far out in its own range that lies."""
    return (
        f"{meaning(case, flip.input)}: {flip.to:.3g} instead of {flip.start:.3g}, which is the "
        f"{percent(flip.quantile)} point of its range"
    )


# --- facts and sources ---------------------------------------------------------------------------------------------


def facts(case: Case) -> list[FactRow]:
    """Facts with value, date, confidence, sources and the claims and inputs that use them; used ones first."""
    users = _users(case)
    rows = [
        FactRow(
            key=key,
            value=_value(fact.value, fact.unit),
            date=str(fact.date or ""),
            kind=fact.kind or "",
            confidence=fact.confidence,
            sources=tuple(fact.source),
            measured=said(fact.from_),
            note=_joined(fact.note, f"range {fact.range}" if fact.range else "", fact.flag or ""),
            used_by=tuple(users.get(key, ())),
        )
        for key, fact in case.facts.items()
    ]
    return sorted(rows, key=lambda row: not row.used_by)


def _value(value: object, unit: str) -> str:
    if value is True or (unit == "truth" and str(value).lower() == "true"):
        return "true"
    if value is False or (unit == "truth" and str(value).lower() == "false"):
        return "false"
    return f"{value} {unit}".strip() if unit not in ("text", "1", "day") else str(value)


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


def sources(case: Case) -> list[SourceRow]:
    """All sources; only http and https addresses become links."""
    rows = []
    for key, source in case.sources.items():
        url, host = web(source.url or "")
        note = _joined(f"Terms: {source.terms}" if source.terms else "", source.note)
        note = _joined(note, f"Read {source.read}" if source.read else "")
        rows.append(SourceRow(key, source.grade, source.cite, url, host, note))
    return rows


def web(url: str) -> tuple[str, str]:
    """A web address and its host; two empty texts for anything but http and https."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    return (url.strip(), host) if parts.scheme in ("http", "https") and host else ("", "")


# --- what is open, what hangs on what ------------------------------------------------------------------------------


def untested(case: Case) -> list[OpenRow]:
    """Every claim and part without a test, with what it needs and why."""
    specs = [(name, spec) for name, claim in case.claims.items() for spec in _whole_and_parts(claim)]
    return [
        OpenRow(name, spec.says, ", ".join(spec.untested.needs), spec.untested.why)
        for name, spec in specs
        if spec.untested
    ]


def _whole_and_parts(claim: Claim) -> tuple[Claim | Part, ...]:
    return (claim, *(claim.parts or {}).values())


def not_separated(assessment: Assessment) -> list[OpenRow]:
    """Claims and parts that have a test but were set to "not tested" by it, with the remark that says why."""
    case = assessment.case
    found = [
        (claim.id, said.says, said.note)
        for claim in assessment.claims
        for said, spec in _with_spec(case, claim)
        if said.verdict == "not tested" and spec.holds
    ]
    return [OpenRow(name, says, "evidence that parts the two", note) for name, says, note in found]


def _with_spec(case: Case, claim: ClaimResult) -> Iterator[tuple[ClaimResult | PartResult, Claim | Part]]:
    spec = case.claims[claim.id]
    yield claim, spec
    for part in claim.parts:
        yield part, (spec.parts or {})[part.name]


def fragile(assessment: Assessment) -> list[tuple[str, str, str]]:
    """Claims, and parts of claims, that hold under some model or threshold and fail under another: id, text, range."""
    rows = []
    for claim in assessment.claims:
        if not claim.parts and straddles(claim) and claim.probability:
            low, high = claim.probability.low, claim.probability.high
            rows.append((claim.id, claim.says, f"{percent(low)} to {percent(high)}"))
        for part in claim.parts:
            chance = part.probability
            if chance and whole(chance.low) < FAILS and whole(chance.high) >= HOLDS:
                rows.append((claim.id, part.says, f"{percent(chance.low)} to {percent(chance.high)}"))
    return rows


def in_order(claims: Iterable[ClaimResult]) -> list[ClaimResult]:
    """Claims in the order of the text; those without a sentence last."""
    return sorted(claims, key=lambda claim: (claim.sentence is None, claim.sentence or 0))


def _joined(*texts: str) -> str:
    return " ".join(text.strip() for text in texts if text and text.strip())


def _origin(belief: Belief) -> str:
    if belief.from_ is None:
        return f"evidence: {', '.join(belief.source)}"
    return "estimated" if is_estimate(belief.from_) else "measured"
