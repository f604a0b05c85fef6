"""Load a case: read it safely, check it strictly, join its tables, and locate every problem.

`load` refuses a case with any problem; `tocsin.case.lint.lint` gives the warnings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from shlex import quote
from typing import Any, TypeVar

from tocsin.case.compiling import compile_case
from tocsin.case.dated import games_of, unlike_problems
from tocsin.case.defaulting import with_defaults
from tocsin.case.hashes import combined, digest
from tocsin.case.origin import MeasureReader, bind_belief, bind_fact
from tocsin.case.problem import CaseProblems, Problem, error_at
from tocsin.case.record_blocks import PowerRow
from tocsin.case.schema import (
    Belief,
    Case,
    CaseFile,
    Fact,
    JoinedCase,
    OtherValue,
    SpendingRow,
    WrittenBelief,
    WrittenFact,
)
from tocsin.case.tables import (
    FACTS,
    FACTS_OPTIONAL,
    POWER,
    RATES,
    SPENDING,
    SPENDING_OPTIONAL,
    fact_row,
    power_row,
    rate_row,
    spending_row,
)
from tocsin.case.types import last_ended_year
from tocsin.case.validating import validate
from tocsin.data.shipped import case_path, shipped_cases
from tocsin.errors import CaseErrors, InputError, SolveError
from tocsin.measures.money import RateRow, Rates
from tocsin.reading import Document, Loc, Place, Row, decode, file_inside, read_bytes, read_csv, read_yaml
from tocsin.translation import in_commas, message

FILE = "case.yaml"
_Written = TypeVar("_Written", WrittenFact, WrittenBelief)
_Bound = TypeVar("_Bound", Fact, Belief)


def load(path: Path | str) -> Case:
    """Return the case at `path`: its folder, its YAML file, or the name of a shipped case.

    Raises:
        CaseErrors: if the case has errors. Its `problems` are all errors of the first stage that fails, each with file, line,
            column and remedy. The stages are the syntax, the keys and types, the tables, and then names, units and tests.
    """
    path = case_path(Path(path))
    file = path / FILE if path.is_dir() else path
    return load_file(file, file.name)


def load_file(file: Path, shown: str) -> Case:
    """Return the case in a YAML file; errors and hashes name the file `shown`. See `load`."""
    return _with_all_errors(lambda: _load(file, shown))


def load_text(text: str, file: Path) -> Case:
    """Return the case that a file would hold with another text; the tables beside the file are read. See `load`."""
    return _with_all_errors(lambda: _case(text.encode("utf-8"), file, file.name))


def _with_all_errors(read: Callable[[], Case]) -> Case:
    try:
        return read()
    except CaseErrors:
        raise
    except InputError as error:
        raise CaseErrors([error]) from None


def _load(file: Path, shown: str) -> Case:
    if not file.is_file():
        raise InputError(
            message("no case at {path}", path=repr(str(file))),
            file=shown,
            remedy=message(
                "name a folder with a {file}, the file itself, or a shipped case ({names})",
                file=FILE,
                names=in_commas(shipped_cases()),
            ),
        )
    return _case(read_bytes(file_inside(file.resolve().parent, file.resolve().name), shown), file, shown)


def _case(data: bytes, file: Path, shown: str) -> Case:
    folder = file.resolve().parent
    document = _document(data, file, shown)
    parsed = validate(document)
    tables = _Tables(folder, document, parsed)
    tables.read()
    if tables.problems:
        raise CaseErrors(tables.problems)
    joined = with_defaults(_join(parsed, tables, {shown: digest(data), **tables.hashes}, folder))
    try:
        return compile_case(joined)
    except CaseProblems as error:
        raise CaseErrors(located(problem, joined, document) for problem in error.problems) from None


ARTICLES = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".docx", ".pdf")
"""Endings of the files that `tocsin draft` reads."""


def _document(data: bytes, file: Path, shown: str) -> Document:
    """Return the YAML document of a case; an article is named as one.

    Raises:
        InputError: if it is none.
    """
    if file.suffix.lower() not in ARTICLES:
        return read_yaml(decode(data, shown), shown)
    with suppress(InputError):
        document = read_yaml(decode(data, shown), shown)
        if "format" in document.data:
            return document
    raise InputError(
        message("this is an article, not a case"),
        file=shown,
        remedy=message("write `tocsin draft {path}` to make a case of it", path=quote(str(file))),
    )


def _join(parsed: CaseFile, tables: _Tables, hashes: dict[str, str], folder: Path) -> JoinedCase:
    fields: dict[str, Any] = {name: getattr(parsed, name) for name in CaseFile.model_fields}
    facts, beliefs = {**parsed.facts, **tables.facts}, parsed.beliefs
    places = {**tables.document.keys, **tables.places}
    reader, problems = MeasureReader(last_ended_year(parsed.as_of)), list[InputError]()
    fields["theatres"] = games_of(parsed.theatres)
    fields["facts"] = _bound("facts", facts, partial(bind_fact, reader=reader), places, problems)
    fields["beliefs"] = _bound("beliefs", beliefs, partial(bind_belief, reader=reader), places, problems)
    for problem in unlike_problems(parsed.theatres):
        problems.append(error_at(places[problem.loc], problem.message, problem.remedy))
    if problems:
        raise CaseErrors(problems)
    hashes = {**hashes, **_measured(facts, beliefs, fields)}
    return JoinedCase(
        **fields,
        folder=folder,
        sha256=combined(hashes),
        data_hashes=tuple(sorted(hashes.items())),
        spending_rows=tuple(tables.spending),
        power_rows={name: tuple(rows) for name, rows in tables.power.items()},
        rates=tables.rates,
        places=places,
    )


def _bound(
    block: str,
    written: Mapping[str, _Written],
    bind: Callable[[_Written], _Bound],
    places: Mapping[Loc, Place],
    problems: list[InputError],
) -> dict[str, _Bound]:
    """Return the items of a block with their values; append the problems of the others."""
    bound = {}
    for key, item in written.items():
        try:
            bound[key] = bind(item)
        except InputError as error:
            problems.append(error_at(places[(block, key)], error.message, error.remedy))
        except SolveError as error:
            problems.append(
                error_at(
                    places[(block, key)],
                    error.message,
                    message("write the value out, or {remedy}", remedy=error.remedy or ""),
                )
            )
    return bound


def _measured(facts: Mapping[str, WrittenFact], beliefs: Mapping[str, WrittenBelief], bound: Any) -> dict[str, str]:
    """Return the hashes of measured values that no file of the case contains."""
    values = {f"facts.{key}": bound["facts"][key].value for key, fact in facts.items() if fact.value is None}
    values |= {f"beliefs.{key}": bound["beliefs"][key].is_ for key, belief in beliefs.items() if belief.is_ is None}
    return {name: digest(repr(value).encode()) for name, value in values.items()}


# --- tables ------------------------------------------------------------------------------------------------


class _Tables:
    """The tables of a case, with their hashes, the places of their rows and all their problems."""

    def __init__(self, folder: Path, document: Document, parsed: CaseFile) -> None:
        self.folder, self.document, self.parsed = folder, document, parsed
        self.facts: dict[str, WrittenFact] = {}
        self.spending: list[SpendingRow] = []
        self.power: dict[str, list[PowerRow]] = {}
        self.rates = Rates()
        self.hashes: dict[str, str] = {}
        self.places: dict[Loc, Place] = {}
        self.problems: list[InputError] = []

    def read(self) -> None:
        for index, name in enumerate(self.parsed.fact_tables):
            for row in self._rows(name, ("fact_tables", index), FACTS, FACTS_OPTIONAL):
                self._add(self._fact, row)
        if self.parsed.money is not None:
            self._rates()
        if self.parsed.spending is not None:
            for row in self._rows(self.parsed.spending.table, ("spending", "table"), SPENDING, SPENDING_OPTIONAL):
                self._add(self._spending, row)
        for key, history in self.parsed.history.items():
            if history.power is not None and history.power not in self.power:
                self.power[history.power] = []
                for row in self._rows(history.power, ("history", key, "power"), POWER, ()):
                    self._add(partial(self._power, history.power), row)
        for key, forecast in self.parsed.forecasts.items():
            if forecast.resolves.table is not None:
                self._bytes(forecast.resolves.table, ("forecasts", key, "resolves", "table"))

    def _rows(self, name: str, loc: Loc, header: tuple[str, ...], optional: tuple[str, ...]) -> list[Row]:
        data = self._bytes(name, loc)
        if data is None:
            return []
        try:
            return read_csv(decode(data, name), name, header, optional)
        except InputError as error:
            self.problems.append(error)
            return []

    def _bytes(self, name: str, loc: Loc) -> bytes | None:
        """Return what a file of the case holds, and note its hash; None if it cannot be read, which is a problem."""
        try:
            path = file_inside(self.folder, name)
        except InputError as error:
            place = self.document.values[loc]
            self.problems.append(error_at(place, error.message, error.remedy))
            return None
        try:
            data = read_bytes(path, name)
        except InputError as error:
            self.problems.append(error)
            return None
        self.hashes[name] = digest(data)
        return data

    def _add(self, add: Callable[[Row], None], row: Row) -> None:
        try:
            add(row)
        except InputError as error:
            self.problems.append(error)

    def _fact(self, row: Row) -> None:
        key, fact = fact_row(row)
        first = self.places.get(("facts", key)) or self.document.keys.get(("facts", key))
        if first is not None:
            self._other_value(key, fact, first, row)
            return
        self.facts[key] = fact
        self.places[("facts", key)] = row.place("key")

    def _other_value(self, key: str, fact: WrittenFact, first: Place, row: Row) -> None:
        """Add a further row of a fact as what other sources say of it; refuse one that is a duplicate."""
        before = self.facts.get(key)
        if before is None or first.file != row.file or fact.value is None or fact.from_ or fact.expected:
            wrong = message(
                "duplicate fact `{key}` (first in {file} line {line})", key=key, file=first.file, line=first.line
            )
            raise row.error("key", wrong, message("keep one of them"))
        known = {*before.source, *(name for other in before.others for name in other.source)}
        if known & set(fact.source) or before.from_:
            wrong = message(
                "duplicate fact `{key}` of the same source (first in {file} line {line})",
                key=key,
                file=first.file,
                line=first.line,
            )
            raise row.error("key", wrong, message("keep one of them, or give the rows different keys"))
        other = OtherValue(**{name: getattr(fact, name) for name in OtherValue.model_fields})
        self.places[("facts", key, "others", len(before.others))] = row.place("key")
        self.facts[key] = before.model_copy(update={"others": (*before.others, other)})

    def _spending(self, row: Row) -> None:
        parsed = spending_row(row)
        self.places[("spending_rows", len(self.spending))] = row.place("value")
        self.spending.append(parsed)

    def _power(self, name: str, row: Row) -> None:
        parsed = power_row(row)
        self.places[("power_rows", name, len(self.power[name]))] = row.place("value")
        self.power[name].append(parsed)

    def _rates(self) -> None:
        assert self.parsed.money is not None
        rows: list[RateRow] = []
        for row in self._rows(self.parsed.money.rates, ("money", "rates"), RATES, ()):
            try:
                rate = rate_row(row)
            except InputError as error:
                self.problems.append(error)
                continue
            if any((other.currency, other.year) == (rate.currency, rate.year) for other in rows):
                wrong = message("two rows for {currency} in {year}", currency=rate.currency, year=rate.year)
                self.problems.append(row.error("currency", wrong, message("keep one row")))
            self.places[("rate_rows", len(rows))] = row.place("currency")
            rows.append(rate)
        self.rates = Rates(self.parsed.money.price_year, tuple(rows))


# --- places ------------------------------------------------------------------------------------------------


def located(problem: Problem, case: JoinedCase, document: Document | None = None) -> InputError:
    """Return a problem as an error at its place in the files of the case."""
    place = None
    if document is not None and not problem.at_key:
        place = document.values.get(problem.loc)
    place = place or case.place(*problem.loc) or Place(FILE, 1)
    column, wrong = place.column, problem.message
    width = document.inline.get(problem.loc) if document is not None else None
    if problem.offset and width is not None and column is not None:
        column += width + problem.offset - 1
    elif problem.offset:
        wrong = message("{problem} (character {offset} of the test)", problem=wrong, offset=problem.offset)
    return InputError(wrong, file=place.file, line=place.line, column=column, remedy=problem.remedy)
