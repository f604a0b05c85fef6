"""`tocsin show`: claims and quantities of an assessment in words, as lines of a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import ValidationError

from tocsin.assessment.claim_record import ClaimRecord, FactRecord, OutcomeRecord, PartRecord, SpanRecord
from tocsin.assessment.code_words import CLAIM_WORDS, CONFIDENCE_WORDS
from tocsin.assessment.effect_words import moved_by, parts_sentence
from tocsin.assessment.flip_words import region_sentence, turning_sentences
from tocsin.assessment.model_names import model_words
from tocsin.assessment.record import AssessmentRecord, DefaultRecord
from tocsin.assessment.words import (
    VERDICT_WORDS,
    figure,
    figure_range,
    game_percent,
    in_worlds,
    percent,
    settings_text,
    with_shown,
)
from tocsin.cli.quantity_names import named_quantities
from tocsin.cli.showing_models import other_model_lines
from tocsin.cli.showing_rivals import argument_lines, claim_lines, rival_heads, set_lines, variant_lines
from tocsin.errors import InputError, did_you_mean
from tocsin.reading import read_bytes
from tocsin.translation import Text, in_commas, in_lines, in_semicolons, listed, message, plural, row

if TYPE_CHECKING:
    from tocsin.case.schema import Case
    from tocsin.runs.store import StoredRun

CaseOf = Callable[[AssessmentRecord], "Case | None"]

MAX_BYTES = 256_000_000
"""Largest assessment."""


def read_assessment(file: Path) -> AssessmentRecord:
    """Read an assessment from a JSON file.

    Raises:
        InputError: if the file cannot be read or is not an assessment.
    """
    remedy = message("name a file that `tocsin assess CASE --json FILE` wrote")
    try:
        return AssessmentRecord.model_validate_json(read_bytes(file, str(file), MAX_BYTES))
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            raise InputError(
                message("not JSON: {error}", error=str(first["ctx"]["error"])), file=str(file), remedy=remedy
            ) from None
        where = ".".join(map(str, first["loc"]))
        raise InputError(
            message("not a complete assessment ({where}: {error})", where=where, error=first["msg"]),
            file=str(file),
            remedy=remedy,
        ) from None


def named_assessment(file: Path | None, case: str | None, run: str | None) -> AssessmentRecord:
    """Return the assessment of a JSON file, of the last run of a case or of a stored run; without any, that of the last run.

    Raises:
        InputError: if two are named, or there is no such run.
    """
    named = [option for option, value in (("--from", file), ("--case", case), ("--run", run)) if value is not None]
    if len(named) > 1:
        raise InputError(
            message("{options} name {number} runs", options=listed(named), number=len(named)),
            remedy=message("give one of them"),
        )
    return read_assessment(file) if file is not None else named_run(case, run).record


def named_run(case: str | None, run: str | None) -> StoredRun:
    """Return the last run of a case or a stored run; without either, the last run.

    Raises:
        InputError: if there is no such run.
    """
    from tocsin.runs.names import LATEST, of_case, resolve

    return of_case(case)[0] if case is not None else resolve(run or LATEST)


# --- in words ------------------------------------------------------------------------------------------------------


def listing(assessment: AssessmentRecord) -> Text:
    """Return all claims with their verdicts, the names of all quantities, the sets of explanations, and the number of default inputs."""
    claims = [row(2, (claim.id, 5), (VERDICT_WORDS[claim.verdict], 12), claim.says) for claim in assessment.claims]
    names = dict.fromkeys(quantity.id for quantity in assessment.quantities)
    lines = [heading(assessment), "", *claims, "", *(row(2, name) for name in names)]
    if assessment.explanations:
        lines += ["", *rival_heads(assessment)]
    if assessment.defaults:
        defaults = plural(
            "defaults of the program, {count} input: see {command}",
            "defaults of the program, {count} inputs: see {command}",
            len(assessment.defaults),
            command="`tocsin show INPUT`",
        )
        lines += ["", row(2, defaults)]
    return in_lines(lines)


def heading(assessment: AssessmentRecord) -> Text:
    """Return the case of a run in a line: its id, day and title; in another line how the run differs from it, if it does."""
    case, run = assessment.case, assessment.run
    title = row(0, message("{case} (as of {day}): {title}", case=case.id, day=str(case.as_of), title=case.title))
    differs = settings_text(run.settings.items(), run.variants)
    return in_lines([title, row(0, differs)]) if differs else title


def describe(assessment: AssessmentRecord, name: str, case_of: CaseOf = lambda _record: None) -> Text:
    """Return what has a name in words: a claim, a part of one ("C02.dollars"), a set of explanations, an argument, a quantity, a default
    input, or a variant.

    Args:
        assessment: of a case.
        name: what to describe.
        case_of: finds the case, which has the variants; None if it is not at hand.

    Raises:
        InputError: if nothing has this name.
    """
    wanted = name.strip().lower()
    head, _, part = wanted.partition(".")
    for claim in assessment.claims:
        if claim.id.lower() == wanted:
            return in_lines(_whole_claim(assessment, claim))
        if claim.id.lower() == head:
            chosen = _part(claim, part)
            others = [item for item in assessment.other_models if (item.claim, item.part) == (claim.id, chosen.name)]
            lines = [line for item in others for line in other_model_lines(item)]
            return in_lines([*_part_lines(claim, chosen), *lines])
    if rival := list(_rival_lines(assessment, wanted)):
        return in_lines(rival)
    ids = list(dict.fromkeys(quantity.id for quantity in assessment.quantities))
    if named := named_quantities(ids, name, int(str(assessment.case.as_of)[:4])):
        return in_lines(line for item in named for line in _quantity_lines(assessment, item))
    for default in assessment.defaults:
        if default.input == name.strip():
            return _default_text(default)
    case = case_of(assessment)
    variants = {} if case is None else case.variants
    if name.strip() in variants:
        return in_lines(variant_lines(name.strip(), variants[name.strip()]))
    claims = [claim.id for claim in assessment.claims]
    parts = [f"{claim.id}.{part.name}" for claim in assessment.claims for part in claim.parts]
    inputs = [default.input for default in assessment.defaults]
    rivals = [item.name for item in assessment.explanations] + [item.key for item in assessment.arguments]
    known = [*claims, *parts, *rivals, *ids, *inputs, *variants]
    raise InputError(message("no claim or quantity {name}", name=repr(name)), remedy=did_you_mean(name, known))


def _rival_lines(assessment: AssessmentRecord, wanted: str) -> Iterator[str]:
    """Yield the lines of a set of explanations or of an argument of this name in small letters."""
    for item in assessment.explanations:
        if item.name.lower() == wanted:
            yield from set_lines(item)
    for argument in assessment.arguments:
        if argument.key.lower() == wanted:
            yield from argument_lines(assessment, argument)


def _whole_claim(assessment: AssessmentRecord, claim: ClaimRecord) -> Iterator[str]:
    """Yield the lines of a claim, with what followed past events like its own and what other models say."""
    yield from _claim_lines(claim, frozenset(default.input for default in assessment.defaults))
    yield from claim_lines(assessment, claim)
    yield from _outside_lines(assessment, claim)
    for effect in assessment.event_parts:
        if claim.id in effect.claims:
            yield row(2, parts_sentence(effect))
    for item in assessment.other_models:
        if item.claim == claim.id:
            yield from other_model_lines(item)


def _default_text(default: DefaultRecord) -> Text:
    if default.from_:
        origin = message("a stored estimate, {source}", source=default.from_)
    else:
        origin = message("a default range of the program: nobody judged it for this case")
    return in_lines([row(0, f"{default.input} [{default.unit}]: {default.is_}"), row(2, default.why), row(2, origin)])


def _part(claim: ClaimRecord, name: str) -> PartRecord:
    for part in claim.parts:
        if part.name.lower() == name:
            return part
    if not claim.parts:
        raise InputError(
            message("claim {claim} has no parts", claim=claim.id),
            remedy=message("write {command}", command=f"`tocsin show {claim.id}`"),
        )
    known = [f"{claim.id}.{part.name}" for part in claim.parts]
    raise InputError(
        message("claim {claim} has no part {name}", claim=claim.id, name=repr(name)),
        remedy=did_you_mean(f"{claim.id}.{name}", known),
    )


def _quantity_lines(assessment: AssessmentRecord, name: str) -> list[str]:
    rows = [quantity for quantity in assessment.quantities if quantity.id == name]
    width = max(len(quantity.model) for quantity in rows)
    points = message("5 %, 50 % and 95 % points over worlds")
    lines: list[str] = [row(0, message("{name} [{unit}]: {points}", name=name, unit=rows[0].unit, points=points))]
    for quantity in rows:
        values = "".join(f"{_number_text(value):>12}" for value in (quantity.p05, quantity.p50, quantity.p95))
        lines.append(f"  {quantity.model:<{width}}{values}")
    for item in assessment.quantity_drivers:
        if item.id == name:
            inputs = in_commas(map(moved_by, item.drivers))
            lines.append(row(2, message("shares of its variance over worlds: {inputs}", inputs=inputs)))
    return lines


def _number_text(value: float | None) -> Text:
    return message("missing") if value is None else Text(f"{value:.4g}")


_RULES = MappingProxyType(
    {
        "all": message("all parts must hold:"),
        "any": message("one part that holds is enough:"),
        "most": message("more than half of the parts must hold:"),
    }
)


def _claim_lines(claim: ClaimRecord, defaults: frozenset[str]) -> Iterator[str]:
    kind = (
        message("{kind}, due {day}", kind=CLAIM_WORDS[claim.kind], day=claim.due)
        if claim.due
        else CLAIM_WORDS[claim.kind]
    )
    yield row(0, message("{says} ({reference})", says=claim.says, reference=in_commas([claim.id, kind])))
    yield row(2, _verdict_text(claim))
    yield from _probability_lines(claim)
    if claim.confidence:
        level = CONFIDENCE_WORDS[claim.confidence]
        confidence = (
            message("{level} ({reasons})", level=level, reasons=in_semicolons(claim.limits)) if claim.limits else level
        )
        yield row(2, message("confidence: {level}", level=confidence))
    yield from _detail_lines(claim)
    yield from _flip_lines(claim, defaults)
    if claim.parts:
        yield row(2, _RULES[claim.rule])
        for part in claim.parts:
            yield from _short_part_lines(part)
    for outcome in claim.outcomes:
        yield from _outcome_lines(outcome)
    yield from _reference_lines(claim)


def _reference_lines(claim: ClaimRecord) -> Iterator[str]:
    """Yield the rivals and sources of a claim, what would count against it, and its note."""
    if claim.rivals:
        yield row(2, message("rival arguments: {arguments}", arguments=in_commas(claim.rivals)))
    if claim.sources:
        yield row(2, message("sources: {sources}", sources=in_commas(claim.sources)))
    if claim.against:
        yield row(2, message("would count against it: {against}", against=in_commas(claim.against)))
    if claim.note:
        yield row(2, claim.note)


def _outside_lines(assessment: AssessmentRecord, claim: ClaimRecord) -> Iterator[str]:
    """Yield what followed past events like those of a claim."""
    for view in assessment.outside:
        if claim.id in view.claims:
            yield row(2, message("past events like {event}: {said}", event=view.event, said=view.sentence))
            command = f"`tocsin evidence like {view.event} --case {assessment.case.id}`"
            yield row(4, message("see {command}", command=command))


def _part_lines(claim: ClaimRecord, part: PartRecord) -> Iterator[str]:
    name = f"{claim.id}.{part.name}"
    reference = in_commas([name, message("essential")]) if part.essential else name
    yield row(0, message("{says} ({reference})", says=part.says, reference=reference))
    yield row(2, _verdict_text(part))
    yield from _probability_lines(part)
    yield from _detail_lines(part)
    if part.note:
        yield row(2, part.note)
    yield row(2, message("part of {claim}: {says}", claim=claim.id, says=claim.says))


def _short_part_lines(part: PartRecord) -> Iterator[str]:
    """Yield the verdict of a part, with the facts that it reads, or with the reason why it is not decided."""
    name = message("{part} (essential)", part=part.name) if part.essential else part.name
    yield row(4, message("{part}: {verdict}", part=name, verdict=_verdict_text(part)))
    yield row(6, part.says)
    for fact in part.read:
        yield row(6, _fact_text(fact))
    if part.note and part.verdict in ("not tested", "cannot tell"):
        yield row(6, part.note)


def _verdict_text(result: ClaimRecord | PartRecord) -> str:
    """Return the verdict and how it was reached: "fails by the facts: 60, not above 90", "holds: likely (62 %)"."""
    how = with_shown(result.words, result.shown)
    if result.words.startswith(result.verdict):
        return how
    verdict = VERDICT_WORDS[result.verdict]
    if how.startswith("by "):
        return message("{verdict} {how}", verdict=verdict, how=how)
    return message("{verdict}: {how}", verdict=verdict, how=how)


def _probability_lines(result: ClaimRecord | PartRecord) -> Iterator[str]:
    if result.probability:
        mid = figure(result.probability.mid, result.basis)
        span = figure_range(result.probability.low, result.probability.high, result.basis)
        grounds = _with_grounds(result.probability, mid)
        wide = message("the same") if span == mid else span
        if result.basis == "model" and result.curve:
            text: Text = message("{probability}; {range} over models and thresholds", probability=grounds, range=wide)
        elif result.basis == "model":
            text = message("{probability}; {range} over models", probability=grounds, range=wide)
        elif span != mid:
            text = message("{probability}; {range} over thresholds", probability=grounds, range=wide)
        else:
            text = grounds
        yield row(2, message("probability: {probability}", probability=text))
    if result.turnable:
        yield row(2, message("the sampling error could turn the verdict"))


def _with_grounds(probability: SpanRecord, printed: Text) -> Text:
    """Return a probability with the worlds behind it if they all agree, else with its standard error if a figure is printed."""
    worlds = in_worlds(probability.worlds.count()) if probability.worlds else ""
    if worlds:
        return message("{probability} (in this model, {worlds})", probability=printed, worlds=worlds)
    if not probability.error or not printed[0].isdigit():
        return printed
    points = f"{100 * probability.error:.1f}"
    return message("{probability} (standard error {points} points)", probability=printed, points=points)


def _detail_lines(result: ClaimRecord | PartRecord) -> Iterator[str]:
    """Yield what is known by model and threshold, and the facts that were read."""
    for model, value in result.by_model.items():
        yield row(
            2, message("in model {model}: {probability}", model=model_words(model), probability=game_percent(value))
        )
    if result.curve:
        unit = "" if result.curve.unit == "1" else f" {result.curve.unit}"
        if result.curve.means:
            yield row(2, message("the threshold is {meaning}", meaning=result.curve.means))
        for point in result.curve.points:
            probability = figure(point.probability, result.basis)
            size = f"{point.threshold:g}{unit}"
            yield row(2, message("with threshold {threshold}: {probability}", threshold=size, probability=probability))
        if result.curve.turns:
            turns = [f"{turn:.2g}{unit}" for turn in result.curve.turns]
            yield row(2, message("the verdict turns at {thresholds}", thresholds=listed(turns)))
    for fact in result.read:
        yield row(2, _fact_text(fact))


def _flip_lines(claim: ClaimRecord, defaults: frozenset[str]) -> Iterator[str]:
    for driver in claim.drivers:
        share = percent(driver.share)
        if driver.input in defaults:
            depends = message(
                "depends on {input}, a default of the program: {share} of the variance", input=driver.input, share=share
            )
        else:
            depends = message("depends on {input}: {share} of the variance", input=driver.input, share=share)
        yield row(2, depends)
    if claim.failing and claim.failing.limits:
        limits = {limit.input: (limit.low, limit.high) for limit in claim.failing.limits}
        yield row(2, region_sentence(limits, claim.failing.density, claim.failing.coverage, str))
    for text in turning_sentences(claim, str):
        yield row(2, text)


def _fact_text(fact: FactRecord) -> Text:
    expected = message("expected {day}", day=fact.expected) if fact.expected else ""
    dates = in_commas(filter(None, (fact.date, expected)))
    origin = in_semicolons(filter(None, (dates, in_commas(fact.sources))))
    if not origin:
        return message("reads {fact}: {value}", fact=fact.key, value=str(fact.value))
    return message("reads {fact}: {value} ({origin})", fact=fact.key, value=str(fact.value), origin=origin)


def _outcome_lines(outcome: OutcomeRecord) -> Iterator[str]:
    origin = in_semicolons([str(outcome.date), in_commas(outcome.sources)])
    if outcome.happened:
        text = message("later: it came true ({origin}): {says}", origin=origin, says=outcome.says)
    else:
        text = message("later: it did not come true ({origin}): {says}", origin=origin, says=outcome.says)
    yield row(2, text)
    if outcome.brier is not None:
        score = f"{outcome.brier:.2f}"
        yield row(4, message("Brier score of the forecast: {score} (0 is best, 1 is worst)", score=score))
