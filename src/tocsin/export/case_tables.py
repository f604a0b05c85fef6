"""The tables of what a run rests on: facts, spending, inputs, sources and files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tocsin.assessment.record import AssessmentRecord
from tocsin.case.schema import Belief, Case, Fact, FactParts
from tocsin.case.units import Quantity
from tocsin.case.values import Value
from tocsin.export.result_tables import tests_of
from tocsin.export.run import Run
from tocsin.export.table import Row, Table, integer, listed, number, text, truth

FACT = (
    text("key", "Name of the fact."),
    number("number", "The value, if it is a quantity.", "unit"),
    text("value", "The value as it was written or measured, with its unit."),
    text("unit", "Unit of the number; truth, date or text for other values."),
    text("date", "Day, month, year or span of the value."),
    text("expected", "When the thing is due, if it is still to come."),
    text("kind", "draft, enacted, outturn, estimate, statement and so on."),
    text("sources", "Keys of the table sources."),
    text("confidence", "confirmed, medium, low or recalled."),
    text("range", "Range of the value, if it has one."),
    text("flag", "Reason to use an uncertain fact without a range."),
    text("from", "The measure that gives the value, if it is measured."),
    text("read_by", "Claims and parts whose tests read it."),
    text("note", "Remarks for a sceptical reader."),
)


def case_tables(run: Run) -> Iterator[Table]:
    """Yield the tables of what a run rests on; without its case, only the facts that tests read and the files."""
    case = run.case
    if case is None:
        yield _facts_read(run.record)
    else:
        yield _facts(case, run.record)
        yield _other_values(case)
        yield _spending(case)
        yield _inputs(case)
        yield _sources(case)
    yield _files(run.record)


def _readers(record: AssessmentRecord) -> dict[str, list[str]]:
    readers: dict[str, list[str]] = {}
    for claim, part, result in tests_of(record):
        for fact in result.read:
            readers.setdefault(fact.key, []).append(f"{claim}.{part}" if part else claim)
    return readers


def _facts(case: Case, record: AssessmentRecord) -> Table:
    readers = _readers(record)
    rows = [
        {
            "key": key,
            **_value(case.values[key], fact),
            "expected": fact.expected or "",
            **_described(fact),
            "from": fact.from_ or "",
            "read_by": listed(readers.get(key, ())),
        }
        for key, fact in case.facts.items()
    ]
    return Table.of("facts", "One row for each fact of the case.", FACT, rows)


def _value(value: Value, fact: FactParts) -> Row:
    """Return the number, text and unit of a value; a quantity has the unit in which it was written."""
    if isinstance(value, Quantity):
        unit = str(value.unit)
        return {
            "number": value.value,
            "value": f"{value.value:.15g}" + ("" if unit == "1" else f" {unit}"),
            "unit": unit,
        }
    kind = "truth" if isinstance(value, bool) else "text" if isinstance(value, str) else "date"
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return {"number": None, "value": shown, "unit": fact.unit or kind}


def _described(fact: FactParts) -> Row:
    return {
        "date": "" if fact.date is None else str(fact.date),
        "kind": fact.kind or "",
        "sources": listed(fact.source),
        "confidence": fact.confidence,
        "range": fact.range or "",
        "flag": fact.flag or "",
        "note": fact.note,
    }


def _facts_read(record: AssessmentRecord) -> Table:
    read = {fact.key: fact for _, _, result in tests_of(record) for fact in result.read}
    readers = _readers(record)
    missing: dict[str, object] = {column.name: None for column in FACT}
    rows = [
        {
            **missing,
            **{name: getattr(fact, name) for name in ("key", "value", "date", "expected")},
            "sources": listed(fact.sources),
            "read_by": listed(readers[key]),
        }
        for key, fact in read.items()
    ]
    return Table.of(
        "facts", "One row for each fact that a test reads; the case with the others is missing.", FACT, rows
    )


def _other_values(case: Case) -> Table:
    columns = tuple(column for column in FACT if column.name not in ("expected", "from", "read_by"))
    rows = [
        {"key": key, **_value(value, other), **_described(other)}
        for key, fact in case.facts.items()
        for value, other in zip(case.other_values.get(key, ()), _others(fact), strict=True)
    ]
    return Table.of("other_values", "What other sources say of a fact.", columns, rows)


def _others(fact: Fact) -> Iterable[FactParts]:
    return fact.others


def _spending(case: Case) -> Table:
    columns = (
        text("actor", "Key of the actor."),
        integer("year", "Year, fiscal where the state has one.", "year"),
        text("path", "Path of spending: record is what was observed."),
        number("value", "Military spending of the year.", "unit"),
        text("unit", "Unit of the value."),
        text("kind", "draft, enacted, outturn, estimate and so on."),
        text("sources", "Keys of the table sources."),
        text("confidence", "confirmed, medium, low or recalled."),
        text("from", "The measure that gives the value, if it is measured."),
        text("note", "Remarks."),
    )
    rows = [
        {
            **{name: getattr(row, name) for name in ("actor", "year", "path", "value", "unit", "kind", "confidence")},
            "sources": listed(row.source),
            "from": row.from_ or "",
            "note": row.note,
        }
        for row in case.spending_rows
    ]
    return Table.of("spending", "Military spending by actor, year and path.", columns, rows)


def _inputs(case: Case) -> Table:
    columns = (
        text("name", "Name of the input; the table worlds has its draws in the column input/NAME."),
        text("distribution", 'Its distribution, such as "beta(0.1 to 0.5)" with the 5 % and 95 % points.'),
        text("unit", "Unit of the input."),
        number("p05", "5 % point of the distribution.", "unit"),
        number("p50", "Median of the distribution.", "unit"),
        number("p95", "95 % point of the distribution.", "unit"),
        text("origin", "judged, source, measured, estimate, default or set for this run."),
        text("by", "Who judged."),
        text("why", "The reason."),
        text("from", "The measure or estimate that gives it."),
        text("sources", "Keys of the table sources."),
        truth("set", "Whether it was set for this run."),
        text("note", "Remarks for a sceptical reader."),
    )
    settings = dict(case.settings)
    rows = [_input(case, name, belief, settings) for name, belief in case.beliefs.items()]
    return Table.of("inputs", "One row for each uncertain input.", columns, rows)


def _input(case: Case, name: str, belief: Belief, settings: Mapping[str, str]) -> Row:
    shape = case.distributions[name]
    return {
        "name": name,
        "distribution": belief.is_,
        "unit": belief.unit,
        **{point: shape.point(share) for point, share in (("p05", 0.05), ("p50", 0.5), ("p95", 0.95))},
        "origin": "set for this run" if name in settings else _origin(belief),
        "by": belief.by or "",
        "why": belief.why,
        "from": belief.from_ or "",
        "sources": listed(belief.source),
        "set": name in settings,
        "note": belief.note,
    }


def _origin(belief: Belief) -> str:
    if belief.is_default:
        return "default"
    if belief.from_ is not None:
        return "estimate" if belief.from_.strip().startswith("evidence/") else "measured"
    return "judged" if belief.by is not None else "source"


def _sources(case: Case) -> Table:
    columns = (
        text("key", "Key of the source in the other tables."),
        text("cite", "Citation, and how it was read if not in the original."),
        text(
            "grade",
            "Letter for the source, A official to F cannot be judged; digit for the item, 1 seen in two places to 6 not seen.",
        ),
        text("url", "Where to read it."),
        text("read", "Day of reading."),
        text("terms", "Licence or terms of use."),
        text("note", "Remarks for a sceptical reader."),
    )
    rows = [
        {
            "key": key,
            "cite": source.cite,
            "grade": source.grade,
            "url": source.url or "",
            "read": "" if source.read is None else str(source.read),
            "terms": source.terms or "",
            "note": source.note,
        }
        for key, source in case.sources.items()
    ]
    return Table.of("sources", "What was read for the case.", columns, rows)


def _files(record: AssessmentRecord) -> Table:
    columns = (
        text("name", "File of the case, or measured value."),
        text("sha256", "SHA-256 of its content."),
    )
    rows = [{"name": file.name, "sha256": file.sha256} for file in record.run.data]
    return Table.of("files", "The files and measured values that the run rests on.", columns, rows)
