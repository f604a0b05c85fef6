"""The tables of what a run says: claims, parts, probabilities, quantities, and what moves them."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.assessment.claim_record import ClaimRecord, DecidedRecord, PartRecord
from tocsin.assessment.effect_words import effect_name
from tocsin.assessment.frames import decided, flip_rows
from tocsin.assessment.record import AssessmentRecord
from tocsin.export.rival_tables import rival_tables
from tocsin.export.table import Column, Row, Table, integer, listed, number, text, truth

DECIDED = (
    text("says", "What it says."),
    text("verdict", "holds, fails, partly, disputed, cannot tell or not tested."),
    text("words", "The probability in words, or how the verdict was reached without one."),
    text("basis", "What decides it: facts, an estimate, the model, or nothing."),
    number("low", "Smallest probability over models, and over thresholds where they were swept.", "1"),
    number("mid", "Pooled probability that it holds; missing if facts decide.", "1"),
    number("high", "Largest probability over models, and over thresholds where they were swept.", "1"),
    number("error", "Standard error of mid from the finite number of worlds.", "1"),
    integer("worlds_hold", "Worlds in which it holds, if games alone decide.", "worlds"),
    integer("worlds_fail", "Worlds in which it fails, if games alone decide.", "worlds"),
    truth("turnable", "Whether the sampling error could turn the verdict."),
    text("shown", "What the facts show, if facts decide."),
)
TEST = (text("claim", "The claim."), text("part", "The part of the claim; empty for a claim without parts."))
BAND = tuple(
    number(name, f"The {share} % point over worlds, weighted by the record of past years.", "unit")
    for name, share in (("p05", 5), ("p50", 50), ("p95", 95))
)


def result_tables(record: AssessmentRecord) -> Iterator[Table]:
    """Yield the tables of a record, in a fixed order; a table may have no rows."""
    yield _claims(record)
    yield _parts(record)
    yield _models(record)
    yield _curves(record)
    yield _quantities(record)
    yield _drivers(record)
    yield _quantity_drivers(record)
    yield _flips(record)
    yield _event_parts(record)
    yield _controls(record)
    yield _others(record)
    yield from rival_tables(record)
    yield _outcomes(record)
    yield _findings(record)


def tests_of(record: AssessmentRecord) -> Iterator[tuple[str, str, DecidedRecord]]:
    """Yield everything that has a test of its own, with its claim and part."""
    for claim in record.claims:
        yield claim.id, "", claim
        for part in claim.parts:
            yield claim.id, part.name, part


def _decided(result: ClaimRecord | PartRecord) -> Row:
    worlds = result.probability.worlds if result.probability else None
    counts = {"worlds_hold": worlds.holds if worlds else None, "worlds_fail": worlds.fails if worlds else None}
    return {**decided(result), **counts}


def _claims(record: AssessmentRecord) -> Table:
    columns = (
        text("id", "Name of the claim."),
        text("kind", "Kind of claim, as the case says."),
        *DECIDED,
        text("rule", "How many parts must hold: all, any or most."),
        text("confidence", "high, moderate or low."),
        text("limits", "Why the confidence is not higher."),
        text("sources", "Keys of the table sources."),
        text("rivals", "Keys of the rival arguments of the case."),
        text("against", "What would count against the claim."),
        text("due", "By when a forecast is to come true."),
        text("note", "Remarks."),
    )
    rows = [
        {
            "id": claim.id,
            "kind": claim.kind,
            **_decided(claim),
            "rule": claim.rule,
            "confidence": claim.confidence,
            "limits": listed(claim.limits),
            "sources": listed(claim.sources),
            "rivals": listed(claim.rivals),
            "against": listed(claim.against),
            "due": claim.due,
            "note": claim.note,
        }
        for claim in record.claims
    ]
    return Table.of("claims", "One row for each claim, with its verdict.", columns, rows)


def _parts(record: AssessmentRecord) -> Table:
    columns = (
        *TEST,
        truth("essential", "Whether the claim fails if this part fails."),
        *DECIDED,
        text("note", "Remarks."),
    )
    rows = [
        {"claim": claim.id, "part": part.name, "essential": part.essential, **_decided(part), "note": part.note}
        for claim in record.claims
        for part in claim.parts
    ]
    return Table.of("parts", "One row for each part of a claim.", columns, rows)


def _models(record: AssessmentRecord) -> Table:
    columns = (
        *TEST,
        text("model", "Challenger type, with its discount factor if that is not the central one."),
        number("probability", "Probability that the test holds in this model, at the central threshold.", "1"),
    )
    rows = [
        {"claim": claim, "part": part, "model": model, "probability": probability}
        for claim, part, result in tests_of(record)
        for model, probability in result.by_model.items()
    ]
    return Table.of("models", "One row for each test and model.", columns, rows)


def _curves(record: AssessmentRecord) -> Table:
    columns = (
        *TEST,
        number("threshold", "Size from which an effect counts.", "unit"),
        text("unit", "Unit of the threshold."),
        number("probability", "Pooled probability that the test holds at this threshold.", "1"),
    )
    rows = [
        {
            "claim": claim,
            "part": part,
            "threshold": point.threshold,
            "unit": result.curve.unit,
            "probability": point.probability,
        }
        for claim, part, result in tests_of(record)
        if result.curve
        for point in result.curve.points
    ]
    return Table.of("curves", "One row for each test and threshold.", columns, rows)


def _quantities(record: AssessmentRecord) -> Table:
    columns = (
        text("id", "The quantity in the test language, with its theatre."),
        text("model", "Challenger type, or pooled over types."),
        text("unit", '"1" for probabilities and shares, years, or aim: the challenger\'s own whole aim for ever.'),
        *BAND,
    )
    return Table.of("quantities", "One row for each quantity and model.", columns, map(dict, record.quantities))


def _share_of(what: str) -> tuple[Column, ...]:
    """Return the columns of an input with its shares of a variance."""
    return (
        text("input", "Name of the input, see the table inputs."),
        number("share", f"Shapley share of the variance of {what} over worlds.", "1"),
        number("low", "Lower end of its interval of 90 %.", "1"),
        number("high", "Upper end of its interval of 90 %.", "1"),
        number("first", "Sobol' index of the first order.", "1"),
        number("total", "Sobol' index in total.", "1"),
    )


def _quantity_drivers(record: AssessmentRecord) -> Table:
    columns = (text("id", "The quantity, see the table quantities."), *_share_of("the quantity"))
    rows = [{"id": item.id, **driver.model_dump()} for item in record.quantity_drivers for driver in item.drivers]
    return Table.of("quantity_drivers", "The inputs that move a quantity most.", columns, rows)


def _event_parts(record: AssessmentRecord) -> Table:
    columns = (
        text("effect", "The effect of events, in the test language."),
        text("claims", "The claims that ask about it."),
        text("part", "Part of the events: money, law, alliance or other."),
        text("changes", "The inputs that the part changes."),
        number(
            "mean", "Shapley value of the part: its mean over worlds. Those of all parts sum to the effect.", "unit"
        ),
        *BAND,
    )
    rows = [
        {
            "effect": effect_name(effect),
            "claims": " ".join(effect.claims),
            "part": share.part,
            "changes": " ".join(share.changes),
            "mean": share.mean,
            **dict(share.band),
        }
        for effect in record.event_parts
        for share in effect.parts
    ]
    return Table.of("event_parts", "What each part of events adds to their effect.", columns, rows)


def _drivers(record: AssessmentRecord) -> Table:
    columns = (text("claim", "The claim."), *_share_of("the margin of the claim"))
    rows = [{"claim": claim.id, **driver.model_dump()} for claim in record.claims for driver in claim.drivers]
    return Table.of("drivers", "The inputs that move a claim most.", columns, rows)


def _flips(record: AssessmentRecord) -> Table:
    columns = (
        text("claim", "The claim."),
        integer("flip", "Number of the flip, from 1; a joint flip has a row for each move."),
        text("input", "Name of the input; its unit is in the table inputs."),
        number("from", "Median of the input.", "unit of the input"),
        number("to", "Value at which the verdict changes.", "unit of the input"),
        number("quantile", "Share of the distribution of the input below this value.", "1"),
        text("verdict", "The verdict with these values."),
        text("part", "A part whose verdict changes; empty for the whole claim."),
        number("probability", "Probability of this part or claim with these values; missing if it has none.", "1"),
        text("reason", "Why nothing can be told with these values; empty if a probability decides."),
        integer("worlds", "Number of worlds in which games were solved again; 0 if no game reads the input."),
    )
    return Table.of(
        "flips",
        "The least moves of one input, or of two jointly, that change a verdict.",
        columns,
        flip_rows(record.claims),
    )


def _controls(record: AssessmentRecord) -> Table:
    columns = (
        text("event", "Key of the control in the case."),
        truth("positive", "Whether the control must register; if not, it must not."),
        text("quantity", "What is compared, as in the test language."),
        text("theatre", "The theatre."),
        text("given", "Events that are given."),
        number("threshold", "Threshold of the tests.", "that of the quantity"),
        *(Column(name=band.name, kind="number", meaning=band.meaning, unit="that of the quantity") for band in BAND),
        number("exceeds", "Pooled share of worlds in which the effect is larger than the threshold.", "1"),
        truth("registers", "Whether the effect is above the threshold by the rule that decides tests."),
    )
    rows = [
        {
            **{name: getattr(row, name) for name in ("event", "positive", "quantity", "theatre", "threshold")},
            "given": listed(row.given),
            **dict(row.effect),
            "exceeds": row.exceeds,
            "registers": row.registers,
        }
        for row in record.controls
    ]
    return Table.of("controls", "What the control events do, beside the thresholds of the tests.", columns, rows)


def _others(record: AssessmentRecord) -> Table:
    columns = (
        *TEST,
        text("model", "Name of the model; coercion is the game of the case."),
        number("weight", "Weight of the model in the pool.", "1"),
        number("probability", "Probability that the test holds in this model; missing if it says nothing.", "1"),
        text("silent", "Why the model does not count; empty if it counts."),
        number("pooled", "Pooled probability over all models.", "1"),
    )
    rows = [
        {
            "claim": row.claim,
            "part": row.part,
            "model": answer.model,
            "weight": answer.weight,
            "probability": answer.probability,
            "silent": answer.silent,
            "pooled": row.pooled,
        }
        for row in record.other_models
        for answer in row.answers
    ]
    return Table.of("other_models", "What models of past disputes say beside the game.", columns, rows)


def _outcomes(record: AssessmentRecord) -> Table:
    columns = (
        text("claim", "The claim."),
        text("key", "Key of the outcome in the case."),
        text("says", "What happened."),
        truth("happened", "Whether it happened as the claim says."),
        text("date", "Day, month or year."),
        text("due", "By when the forecast was to come true."),
        number("brier", "Brier score of the forecast: 0 at best, 1 at worst; missing for other claims.", "1"),
    )
    rows = [
        {
            "claim": claim.id,
            **{name: getattr(outcome, name) for name in ("key", "says", "happened", "date", "brier")},
            "due": claim.due,
        }
        for claim in record.claims
        for outcome in claim.outcomes
    ]
    return Table.of("outcomes", "What happened after the day of the case.", columns, rows)


def _findings(record: AssessmentRecord) -> Table:
    columns = (
        text("kind", "Kind of finding."),
        text("text", "What weakens the verdicts of the run."),
        text("claims", "The claims concerned; empty if it concerns none in particular."),
    )
    rows = [{"kind": row.kind, "text": row.text, "claims": listed(row.claims)} for row in record.health.findings]
    return Table.of("findings", "What weakens the verdicts of the run, the gravest first.", columns, rows)
