"""`tocsin show`: claims and quantities of an assessment in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from tocsin.assessment.claim_record import ClaimRecord, FactRecord, OutcomeRecord, PartRecord, SpanRecord
from tocsin.assessment.flip_words import flip_sentence, region_sentence, search_sentence
from tocsin.assessment.record import AssessmentRecord, DefaultRecord, QuantityRecord
from tocsin.assessment.words import figure, figure_range, game_percent, in_worlds, percent, with_shown
from tocsin.cli.quantity_names import named_quantities
from tocsin.cli.showing_models import other_model_lines
from tocsin.errors import InputError, did_you_mean
from tocsin.reading import read_bytes
from tocsin.tables import printable

MAX_BYTES = 256_000_000
"""Largest assessment."""


def read_assessment(file: Path) -> AssessmentRecord:
    """Read an assessment from a JSON file.

    Raises:
        InputError: if the file cannot be read or is not an assessment.
    """
    remedy = "name a file that `tocsin assess CASE --json FILE` wrote"
    try:
        return AssessmentRecord.model_validate_json(read_bytes(file, str(file), MAX_BYTES))
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            raise InputError(f"not JSON: {first['ctx']['error']}", file=str(file), remedy=remedy) from None
        where = ".".join(map(str, first["loc"]))
        raise InputError(
            f"not a complete assessment ({where}: {first['msg']})", file=str(file), remedy=remedy
        ) from None


# --- in words ------------------------------------------------------------------------------------------------------


def listing(assessment: AssessmentRecord) -> str:
    """Return all claims with their verdicts, the names of all quantities, and the number of default inputs."""
    claims = [f"  {claim.id:<5} {claim.verdict:<12} {printable(claim.says)}" for claim in assessment.claims]
    names = dict.fromkeys(row.id for row in assessment.quantities)
    lines = [heading(assessment), "", *claims, "", *(f"  {name}" for name in names)]
    if assessment.defaults:
        count = len(assessment.defaults)
        lines += ["", f"  defaults of the program, {count} input{'s' if count > 1 else ''}: see `tocsin show INPUT`"]
    return "\n".join(lines)


def heading(assessment: AssessmentRecord) -> str:
    """Return the case of a run in a line: its id, day and title."""
    case = assessment.case
    return f"{case.id} (as of {case.as_of}): {printable(case.title)}"


def describe(assessment: AssessmentRecord, name: str) -> str:
    """Return a claim, a part of one ("C02.dollars"), a quantity or a default input in words.

    Raises:
        InputError: if nothing has this name.
    """
    wanted = name.strip().lower()
    head, _, part = wanted.partition(".")
    for claim in assessment.claims:
        if claim.id.lower() == wanted:
            others = [row for row in assessment.other_models if row.claim == claim.id]
            defaults = frozenset(row.input for row in assessment.defaults)
            lines = [_claim_text(claim, defaults), *_outside_lines(assessment, claim)]
            return "\n".join([*lines, *(line for row in others for line in other_model_lines(row))])
        if claim.id.lower() == head:
            found = _part(claim, part)
            others = [row for row in assessment.other_models if (row.claim, row.part) == (claim.id, found.name)]
            return "\n".join([_part_text(claim, found), *(line for row in others for line in other_model_lines(row))])
    ids = list(dict.fromkeys(row.id for row in assessment.quantities))
    if named := named_quantities(ids, name, int(str(assessment.case.as_of)[:4])):
        return "\n".join(_quantity_text([row for row in assessment.quantities if row.id == item]) for item in named)
    for default in assessment.defaults:
        if default.input == name.strip():
            return _default_text(default)
    claims = [claim.id for claim in assessment.claims]
    parts = [f"{claim.id}.{part.name}" for claim in assessment.claims for part in claim.parts]
    inputs = [row.input for row in assessment.defaults]
    raise InputError(f"no claim or quantity {name!r}", remedy=did_you_mean(name, [*claims, *parts, *ids, *inputs]))


def _default_text(row: DefaultRecord) -> str:
    origin = (
        f"a stored estimate, {row.from_}"
        if row.from_
        else "a default range of the program: nobody judged it for this case"
    )
    return f"{row.input} [{row.unit}]: {row.is_}\n  {printable(row.why)}\n  {origin}"


def _part(claim: ClaimRecord, name: str) -> PartRecord:
    for part in claim.parts:
        if part.name.lower() == name:
            return part
    if not claim.parts:
        raise InputError(f"claim {claim.id} has no parts", remedy=f"write `tocsin show {claim.id}`")
    known = [f"{claim.id}.{part.name}" for part in claim.parts]
    raise InputError(f"claim {claim.id} has no part {name!r}", remedy=did_you_mean(f"{claim.id}.{name}", known))


def _quantity_text(rows: list[QuantityRecord]) -> str:
    width = max(len(row.model) for row in rows)
    lines = [f"{rows[0].id} [{rows[0].unit}]: 5 %, 50 % and 95 % points over worlds"]
    lines += [
        f"  {row.model:<{width}}" + "".join(f"{_number_text(value):>12}" for value in (row.p05, row.p50, row.p95))
        for row in rows
    ]
    return "\n".join(lines)


def _number_text(value: float | None) -> str:
    return "missing" if value is None else f"{value:.4g}"


_RULES = {
    "all": "all parts must hold",
    "any": "one part that holds is enough",
    "most": "more than half of the parts must hold",
}


def _claim_text(claim: ClaimRecord, defaults: frozenset[str]) -> str:
    limits = f" ({'; '.join(claim.limits)})" if claim.limits else ""
    due = f", due {claim.due}" if claim.due else ""
    lines = [f"{printable(claim.says)} ({claim.id}, {claim.kind}{due})", f"  {_verdict_text(claim)}"]
    lines += _probability_lines(claim)
    lines += [f"  confidence: {printable(claim.confidence + limits)}"] if claim.confidence else []
    lines += [*_detail_lines(claim), *_flip_lines(claim, defaults)]
    if claim.parts:
        lines.append(f"  {_RULES[claim.rule]}:")
        lines += [line for part in claim.parts for line in _short_part_lines(part)]
    lines += [line for outcome in claim.outcomes for line in _outcome_lines(outcome)]
    if claim.rivals:
        lines.append(f"  rival arguments: {', '.join(claim.rivals)}")
    if claim.sources:
        lines.append(f"  sources: {', '.join(claim.sources)}")
    if claim.against:
        lines.append(f"  would count against it: {printable(', '.join(claim.against))}")
    if claim.note:
        lines.append(f"  {printable(claim.note)}")
    return "\n".join(lines)


def _outside_lines(assessment: AssessmentRecord, claim: ClaimRecord) -> Iterator[str]:
    """Yield what followed past events like those of a claim."""
    for view in assessment.outside:
        if claim.id in view.claims:
            yield f"  past events like {view.event}: {printable(view.sentence)}"
            yield f"    see `tocsin evidence like {view.event} --case {assessment.case.id}`"


def _part_text(claim: ClaimRecord, part: PartRecord) -> str:
    essential = ", essential" if part.essential else ""
    lines = [f"{printable(part.says)} ({claim.id}.{part.name}{essential})", f"  {_verdict_text(part)}"]
    lines += [*_probability_lines(part), *_detail_lines(part)]
    if part.note:
        lines.append(f"  {printable(part.note)}")
    lines.append(f"  part of {claim.id}: {printable(claim.says)}")
    return "\n".join(lines)


def _short_part_lines(part: PartRecord) -> list[str]:
    """Return the verdict of a part, with the facts that it reads, or with the reason why it is not decided."""
    essential = " (essential)" if part.essential else ""
    lines = [f"    {part.name}{essential}: {_verdict_text(part)}", f"      {printable(part.says)}"]
    lines += [f"      {_fact_text(fact)}" for fact in part.read]
    if part.note and part.verdict in ("not tested", "cannot tell"):
        lines.append(f"      {printable(part.note)}")
    return lines


def _verdict_text(result: ClaimRecord | PartRecord) -> str:
    """Return the verdict and how it was reached: "fails by the facts: 60, not above 90", "holds: likely (62 %)"."""
    how = with_shown(result.words, result.shown)
    if result.words.startswith(result.verdict):
        return printable(how)
    return printable(f"{result.verdict} {how}" if how.startswith("by ") else f"{result.verdict}: {how}")


def _probability_lines(result: ClaimRecord | PartRecord) -> Iterator[str]:
    if result.probability:
        mid = figure(result.probability.mid, result.basis)
        span = figure_range(result.probability.low, result.probability.high, result.basis)
        over = "models and thresholds" if result.basis == "model" else "thresholds"
        wide = "the same" if span == mid else span
        ranged = f"; {wide} over {over}" if result.basis == "model" or span != mid else ""
        yield f"  probability: {mid}{_grounds_text(result.probability, mid)}{ranged}"
    if result.turnable:
        yield "  the sampling error could turn the verdict"


def _grounds_text(probability: SpanRecord, printed: str) -> str:
    """Return the worlds behind a probability that all agree, else its standard error if a figure is printed."""
    worlds = in_worlds(probability.worlds.count()) if probability.worlds else ""
    if worlds:
        return f" (in this model, {worlds})"
    has_figure = probability.error and printed[0].isdigit()
    return f" (standard error {100 * probability.error:.1f} points)" if has_figure else ""


def _detail_lines(result: ClaimRecord | PartRecord) -> Iterator[str]:
    """Yield what is known by model and threshold, and the facts that were read."""
    for model, value in result.by_model.items():
        yield f"  in model {model}: {game_percent(value)}"
    if result.curve:
        unit = "" if result.curve.unit == "1" else f" {result.curve.unit}"
        if result.curve.means:
            yield printable(f"  the threshold is {result.curve.means}")
        for point in result.curve.points:
            yield f"  with threshold {point.threshold:g}{unit}: {figure(point.probability, result.basis)}"
        if result.curve.turns:
            yield f"  the verdict turns at {' and '.join(f'{turn:.2g}{unit}' for turn in result.curve.turns)}"
    for fact in result.read:
        yield f"  {_fact_text(fact)}"


def _flip_lines(claim: ClaimRecord, defaults: frozenset[str]) -> Iterator[str]:
    for driver in claim.drivers:
        default = ", a default of the program" if driver.input in defaults else ""
        yield f"  depends on {driver.input}{default}: {percent(driver.share)} of the variance"
    if claim.failing and claim.failing.limits:
        limits = {row.input: (row.low, row.high) for row in claim.failing.limits}
        yield printable(f"  {region_sentence(limits, claim.failing.density, claim.failing.coverage, str)}")
    for flip in claim.flips:
        yield printable(f"  {flip_sentence(claim.verdict, flip, str)}")
    if claim.search and not any(len(flip.moves) == 1 for flip in claim.flips):
        yield printable(f"  {search_sentence(claim.search, claim.basis, str)}")


def _fact_text(fact: FactRecord) -> str:
    dates = ", ".join(filter(None, (fact.date, f"expected {fact.expected}" if fact.expected else "")))
    origin = "; ".join(filter(None, (dates, ", ".join(fact.sources))))
    return printable(f"reads {fact.key}: {fact.value}" + (f" ({origin})" if origin else ""))


def _outcome_lines(outcome: OutcomeRecord) -> Iterator[str]:
    happened = "it came true" if outcome.happened else "it did not come true"
    said = printable(f"{happened} ({outcome.date}; {', '.join(outcome.sources)}): {outcome.says}")
    yield f"  later: {said}"
    if outcome.brier is not None:
        yield f"    Brier score of the forecast: {outcome.brier:.2f} (0 is best, 1 is worst)"
