"""Rows of the brief's tables: inputs, facts, sources, untested claims, fragile verdicts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tocsin.assessment.amounts import with_unit
from tocsin.assessment.code_words import FACT_WORDS, FAMILY_WORDS, REGIME_WORDS, STATE_WORDS, TRUTH_WORDS
from tocsin.assessment.figures_result import Band
from tocsin.assessment.result import Assessment, ClaimResult, PartResult
from tocsin.assessment.versions import statements_of
from tocsin.assessment.words import joined, percent
from tocsin.case import nodes
from tocsin.case.claim_blocks import Claim, Part
from tocsin.case.defaults import AUTHOR_OF_DEFAULTS, reason_words
from tocsin.case.distributions import fact_of
from tocsin.case.events import short_name
from tocsin.case.game_blocks import Discount
from tocsin.case.origin import describe, differing_estimate, is_estimate
from tocsin.case.published import kind_in
from tocsin.case.record_blocks import History
from tocsin.case.schema import Belief, Case, Fact, OtherValue
from tocsin.case.values import as_written
from tocsin.report.links import link
from tocsin.report.sentences import is_fragile, range_of
from tocsin.report.wording import aim_share, amount, delay_text, percentage, rise_text, spending_rise, with_range
from tocsin.translation import (
    Text,
    in_commas,
    in_semicolons,
    in_sentences,
    key_words,
    listed,
    message,
    message_in,
    template,
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
    needs: Text

    @property
    def text(self) -> Text:
        """Return the row in words, with a link to the claim."""
        if not self.part:
            return message("{claim}: needs {needs}", claim=link(self.claim), needs=self.needs)
        return message(
            "{claim} (part {part}): needs {needs}", claim=link(self.claim), part=f"{self.part}", needs=self.needs
        )


@dataclass(frozen=True)
class FragileRow:
    """A verdict that depends on model or threshold: the claim's id, the number of the part (0 for the whole), the range."""

    claim: str
    part: int
    range: str

    @property
    def text(self) -> Text:
        """Return the row in words, with a link to the claim."""
        if not self.part:
            return message("{claim} {range}", claim=link(self.claim), range=self.range)
        return message("{claim} (part {part}) {range}", claim=link(self.claim), part=f"{self.part}", range=self.range)


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


def author_words(by: str) -> str:
    """Return who judged an input; the program is named in the reader's language."""
    return message(AUTHOR_OF_DEFAULTS) if by == AUTHOR_OF_DEFAULTS else by


def input_meaning(case: Case, name: str) -> Text:
    """Return what an input means and whom it is about: "hazard of war by false alarm (in korea)"."""
    match = kind_in(case, name)
    if match is None:
        return key_words(name)
    kind, about = match
    details: list[str] = []
    if "actor" in about and about["actor"] in case.actors:
        details.append(case.actors[about["actor"]].name)
    if "regime" in about and about["regime"] in case.regimes:
        regime = case.regimes[about["regime"]]
        details += [case.actors[regime.actor].name, REGIME_WORDS[regime.kind]]
    if "state" in about:
        details.append(_state(case, about.get("actor", ""), about["state"]))
    if "type" in about:
        details.append(key_words(about["type"]))
    if "theatre" in about:
        details.append(message("in {theatre}", theatre=key_words(about["theatre"])))
    meaning = message(kind.meaning)
    return message("{meaning} ({about})", meaning=meaning, about=in_commas(details)) if details else meaning


def _state(case: Case, actor: str, state: str) -> Text:
    """Return the case's name for an actor's firm or loose posture."""
    for regime in case.regimes.values():
        if regime.actor == actor and regime.kind == "posture":
            return key_words(regime.firm if state == "firm" else regime.loose)
    return STATE_WORDS[state]


_SPAN = re.compile(r"(\w+)\(\s*(\S+)\s+to\s+(\S+)\s*\)\Z")
_UNIFORM = re.compile(r"uniform\(\s*(\S+?)\s*,\s*(\S+)\s*\)\Z")
_RATE = re.compile(r"rate\(\s*(\S+)\s+in\s+(\S+)\s*\)\Z")
_FIXED = re.compile(r"fixed\(\s*(\S+)\s*\)\Z")


def range_text(text: str, unit: str) -> str:
    """Return a distribution in words: "20 to 120 (90 %, loguniform)", "3 in 22.3 years at risk"."""
    text = text.strip()

    def measured(number: str) -> str:
        return number if unit == "1" else with_unit(number, unit)

    if match := _RATE.match(text):
        if unit == "per year":
            return message("{count} in {years} years at risk", count=match[1], years=match[2])
        return message("{count} in {trials} trials", count=match[1], trials=match[2])
    if match := _UNIFORM.match(text):
        return message("{low} to {high} (all, uniform)", low=match[1], high=measured(match[2]))
    if match := _FIXED.match(text):
        return message("{value}, fixed", value=measured(match[1]))
    if (fact := fact_of(text)) is not None:
        return message("the fact {fact}", fact=fact)
    if (match := _SPAN.match(text)) and match[1] in FAMILY_WORDS:
        family = FAMILY_WORDS[match[1]]
        return message("{low} to {high} (90 %, {family})", low=match[2], high=measured(match[3]), family=family)
    return measured(text)


def belief_rows(case: Case) -> list[BeliefRow]:
    """Return all uncertain inputs: beliefs, then the judgements on types, discounting, history and equal inputs."""
    rows = [
        BeliefRow(
            name=name,
            meaning=input_meaning(case, name),
            range=range_text(belief.is_, belief.unit),
            by=author_words(belief.by or "") or _origin(belief),
            why=joined(reason_words(belief.why), belief.note, _departing(belief), describe(belief.from_)),
        )
        for name, belief in case.beliefs.items()
    ]
    return rows + _model_rows(case)


def _departing(belief: Belief) -> str:
    """Return a remark if a belief names an estimate but uses another range."""
    other = differing_estimate(belief.from_, belief.is_)
    return message("The range is the case's own; the estimate is {estimate}.", estimate=other) if other else ""


def _model_rows(case: Case) -> list[BeliefRow]:
    """Return the judgements on types, discounting, history and equal inputs."""
    rows = [
        BeliefRow(
            f"types.{name}",
            message("weight of this type of challenger in pooled results"),
            percent(kind.weight),
            author_words(kind.by),
            reason_words(kind.why),
        )
        for name, kind in case.types.items()
    ]
    if case.discount is not None:
        rows.append(_discount_row(case.discount))
    rows += [_history_row(name, past) for name, past in case.history.items()]
    for name, alike in case.alike.items():
        inputs = in_semicolons(" = ".join(group) for group in alike.sets)
        meaning = message("inputs set equal for a fair comparison")
        rows.append(BeliefRow(f"alike.{name}", meaning, inputs, "", alike.why))
    return rows


def _discount_row(discount: Discount) -> BeliefRow:
    return BeliefRow(
        "discount",
        message("value today of one unit a year from now; the results for its values are never pooled"),
        message(
            "{central} (varied over {values})",
            central=f"{discount.central:g}",
            values=in_commas(f"{value:g}" for value in discount.swept),
        ),
        author_words(discount.by),
        reason_words(discount.why),
    )


_COUNTED = {
    "pressure": template("{count} with pressure"),
    "a war": template("{count} with a war"),
    "a concession": template("{count} with a concession"),
    "a clash": template("{count} with a clash"),
}
"""How many years of a record saw what, by the name of the count."""


def _history_row(name: str, past: History) -> BeliefRow:
    fields = {"pressure": "press", "a war": "wars", "a concession": "concessions", "a clash": "clashes"}
    counts = [
        message(_COUNTED[what], count=f"{past.count(field)}")
        for what, field in fields.items()
        if getattr(past, field) is not None
    ]
    return BeliefRow(
        f"history.{name}",
        message("the record of past years, and how much each year counts"),
        message(
            "of {years} years {counts}; weight {weight}",
            years=f"{past.years}",
            counts=in_commas(counts),
            weight=f"{past.year_weight:.2g}",
        ),
        author_words(past.by),
        past.why,
    )


# --- facts and sources ---------------------------------------------------------------------------------------------


def fact_rows(case: Case) -> list[FactRow]:
    """Return all facts, a row for each value that sources give; those that a claim or an input uses come first."""
    users = _users(case)
    rows = [
        FactRow(
            key=key,
            value=_value(statement),
            date=message("{date}, expected {expected}", date=f"{statement.date}", expected=f"{fact.expected}")
            if fact.expected
            else statement.date or "",
            kind=statement.kind or "",
            confidence=FACT_WORDS[statement.confidence],
            sources=tuple(statement.source),
            measured=describe(fact.from_) if statement is fact else "",
            note=joined(
                statement.note,
                message("range {range}", range=statement.range) if statement.range else "",
                statement.flag or "",
            ),
            used_by=tuple(users.get(key, ())),
        )
        for key, fact in case.facts.items()
        for statement in statements_of(fact)
    ]
    return sorted(rows, key=lambda row: not row.used_by)


def _value(statement: Fact | OtherValue) -> str:
    """Return the value of a fact as written; a truth value in words."""
    text = as_written(statement.value, statement.unit)
    return TRUTH_WORDS.get(text, text) if isinstance(statement.value, bool) or statement.unit == "truth" else text


def _users(case: Case) -> dict[str, list[str]]:
    users: dict[str, dict[str, None]] = {}
    for name, tests in case.tests.items():
        for test in tests.values():
            for key in nodes.facts(test.node):
                users.setdefault(key, {})[name] = None
    for loc, node in case.rivals.tests.items():
        for key in nodes.facts(node):
            users.setdefault(key, {})[str(loc[1])] = None
    for name, belief in case.beliefs.items():
        if (fact := fact_of(belief.is_)) is not None:
            users.setdefault(fact, {})[name] = None
    return {key: list(names) for key, names in users.items()}


def source_rows(case: Case) -> list[SourceRow]:
    """Return all sources; only http and https addresses become links."""
    rows = []
    for key, source in case.sources.items():
        url, host = web(source.url or "")
        terms = message("Terms: {terms}", terms=source.terms) if source.terms else ""
        read = message("Read {date}", date=f"{source.read}") if source.read else ""
        rows.append(SourceRow(key, source.grade, source.cite, url, host, joined(terms, source.note, read)))
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


def _needs(spec: Claim | Part) -> Text:
    """Return what a test needs; a test that could not separate the claim from the judgements needs evidence that does."""
    if spec.untested:
        return listed(spec.untested.needs)
    return message("evidence that separates it from the judgements")


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
            event=short_name(assessment.case, row.event),
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


def event_order(assessment: Assessment) -> Text:
    """Return which events cost more in most worlds although their median is lower; empty if there are none."""
    case = assessment.case
    pairs = [
        message(
            "“{event}” costs more than {others} in most worlds, although its median is lower.",
            event=short_name(case, row.event),
            others=listed(message("“{event}”", event=short_name(case, other)) for other in row.costlier_than),
        )
        for row in assessment.figures.loss
        if row.costlier_than
    ]
    if not pairs:
        return Text()
    return in_sentences(
        *pairs,
        message("Each median is taken over all worlds for itself, so medians can rank events against most worlds."),
    )


def present_rows(assessment: Assessment) -> list[PresentRow]:
    """Return what each type of challenger has to fear in the present world of the main theatre; empty if that was not computed."""
    case = assessment.case
    bands = {(row.id, row.model): row.band for row in assessment.quantities}
    return [
        PresentRow(
            kind=key_words(kind),
            fall=_band(bands[f"fall@{case.main}", kind], percentage),
            struck=_band(bands[f"struck@{case.main}", kind], percentage),
            preventive=_band(bands[f"preventive_years@{case.main}", kind], amount),
        )
        for kind in case.types
        if (f"fall@{case.main}", kind) in bands
    ]


def _band(band: Band, text: Callable[[float], Text]) -> Text:
    low, mid, high = map(text, band)
    return with_range(low, mid, high)


def _origin(belief: Belief) -> Text:
    if belief.from_ is None:
        return message("evidence: {sources}", sources=in_commas(belief.source))
    if belief.is_default:
        return message("estimated; the program's default")
    return message_in("input", "estimated") if is_estimate(belief.from_) else message_in("input", "measured")
