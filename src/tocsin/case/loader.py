"""Load a case: read it safely, check it strictly, join its tables, and locate every problem.

`load` refuses a case with any problem; `tocsin.case.lint.lint` gives the warnings.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from shlex import quote
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError

from tocsin.case.compiling import compile_case
from tocsin.case.dated import games_of, unlike_problems
from tocsin.case.defaulting import with_defaults
from tocsin.case.hashes import combined, digest
from tocsin.case.origin import MeasureReader, bind_belief, bind_fact
from tocsin.case.problem import CaseProblems, Problem
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
from tocsin.case.types import FORMS, last_ended_year
from tocsin.data.shipped import FILE, case_path, shipped_cases
from tocsin.errors import CaseErrors, InputError, SolveError, did_you_mean
from tocsin.measures.money import RateRow, Rates
from tocsin.reading import Document, Loc, Place, Row, decode, file_inside, read_bytes, read_csv, read_yaml

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
            f"no case at {str(file)!r}",
            file=shown,
            remedy=f"name a folder with a {FILE}, the file itself, or a shipped case ({', '.join(shipped_cases())})",
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
        "this is an article, not a case",
        file=shown,
        remedy=f"write `tocsin draft {quote(str(file))}` to make a case of it",
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
        problems.append(_error_at(places[problem.loc], problem.message, problem.remedy))
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
            problems.append(_error_at(places[(block, key)], error.message, error.remedy))
        except SolveError as error:
            problems.append(_error_at(places[(block, key)], error.message, f"write the value out, or {error.remedy}"))
    return bound


def _measured(facts: Mapping[str, WrittenFact], beliefs: Mapping[str, WrittenBelief], bound: Any) -> dict[str, str]:
    """Return the hashes of measured values that no file of the case contains."""
    values = {f"facts.{key}": bound["facts"][key].value for key, fact in facts.items() if fact.value is None}
    values |= {f"beliefs.{key}": bound["beliefs"][key].is_ for key, belief in beliefs.items() if belief.is_ is None}
    return {name: digest(repr(value).encode()) for name, value in values.items()}


# --- keys and types ----------------------------------------------------------------------------------------


def validate(document: Document) -> CaseFile:
    """Return the blocks of a document with every key and type checked; raises CaseErrors."""
    try:
        return CaseFile.model_validate_json(json.dumps(document.data, allow_nan=False))
    except ValidationError as error:
        problems = [_translated(item, document) for item in error.errors(include_url=False)]
    raise CaseErrors(_first_per_place(problems)) from None


def _first_per_place(problems: Iterable[InputError]) -> list[InputError]:
    """Return one problem per place, since every member of a union reports the same value."""
    first: dict[tuple[str | None, int | None, int | None, str | None], InputError] = {}
    for problem in problems:
        key = (
            problem.file,
            problem.line,
            problem.column,
            problem.message if "missing" in problem.message else None,
        )
        first.setdefault(key, problem)
    return list(first.values())


def _translated(item: Any, document: Document) -> InputError:
    loc, kind = tuple(item["loc"]), item["type"]
    known = _known_part(loc, document)
    name = ".".join(map(str, known)) or "the file"
    if kind == "missing":
        key = str(loc[-1])
        place = document.keys.get(known) or document.values[()]
        return _error_at(place, f"`{name}`: missing key `{key}`", f"add `{key}:` {_described(loc)}".rstrip())
    if kind == "extra_forbidden":
        fields = _fields(loc[:-1])
        return _error_at(document.keys[known], f"unknown key `{name}`", did_you_mean(str(loc[-1]), fields))
    if loc and loc[-1] == "[key]":
        return _error_at(
            document.keys[known],
            f"`{known[-1]}` is not a valid name",
            "use the letters a to z, digits and underscores (dots in dotted names), beginning with a letter",
        )
    place = document.values.get(known) or document.keys[known]
    return _error_at(place, f"`{name}`: {_explained(item)}", _remedy(item))


def _known_part(loc: Loc, document: Document) -> Loc:
    """Return the part of pydantic's path that exists in the file, without union members and `[key]`."""
    known: Loc = ()
    for part in loc:
        if (*known, part) in document.values:
            known = (*known, part)
    return known


def _error_at(place: Place, message: str, remedy: str | None) -> InputError:
    return InputError(message, file=place.file, line=place.line, column=place.column, remedy=remedy)


def _explained(item: Any) -> str:
    if item["type"] == "refused":
        return str(item["msg"])
    if _is_empty_list(item):
        return "the list is empty"
    if _is_short_mapping(item):
        return _counted(len(item["input"]))
    expected = str(item["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    value = item.get("input")
    shown = "nothing" if value is None else json.dumps(value, ensure_ascii=False, default=str)[:60]
    if _is_empty_text(item):
        return "the text is empty"
    if item["type"] == "string_pattern_mismatch":
        return f"{shown} has the wrong form"
    if item["type"] in ("string_type", "int_type", "float_type", "bool_type", "literal_error", "tuple_type"):
        return f"{shown} is not {expected}"
    if item["type"].startswith(("greater", "less")):
        return f"{shown} is not {expected}"
    return f"{shown}: {expected}"


def _remedy(item: Any) -> str | None:
    kind, context = item["type"], item.get("ctx", {})
    if kind == "refused":
        return str(context["remedy"])
    if kind == "string_type":
        return "quote it to make it a text" if item["input"] is not None else "write a text"
    if kind == "literal_error":
        return did_you_mean(str(item["input"]), _words(str(context.get("expected", ""))))
    if kind == "string_pattern_mismatch":
        return FORMS[str(context["pattern"])]
    if kind in ("int_type", "float_type", "int_from_float", "finite_number"):
        return (
            "write a number without quotes"
            if any(map(str.isdigit, str(item["input"])))
            else "write a number in digits, such as 4"
        )
    if kind in ("model_type", "model_attributes_type", "dict_type", "mapping_type"):
        return "write a mapping: {key: value}"
    if kind in ("tuple_type", "list_type"):
        return "write a list: [a, b]"
    if _is_empty_text(item):
        return "write a text"
    if _is_empty_list(item):
        least = context["min_length"]
        return f"name at least {'one item' if least == 1 else f'{least} items'}"
    if _is_short_mapping(item):
        return f"name at least {_counted(context['min_length'])}, or remove the block"
    if kind.startswith(("greater", "less", "too_", "string_too")):
        return "stay within the limits"
    return "see `tocsin schema`"


def _is_empty_text(item: Any) -> bool:
    return bool(item["type"] == "string_too_short" and item["input"] == "")


def _is_empty_list(item: Any) -> bool:
    return bool(item["type"] == "too_short" and isinstance(item["input"], list | tuple) and not item["input"])


def _is_short_mapping(item: Any) -> bool:
    return bool(item["type"] == "too_short" and isinstance(item["input"], dict))


def _counted(count: int) -> str:
    return "1 entry" if count == 1 else f"{count or 'no'} entries"


def _words(expected: str) -> list[str]:
    return [word.strip(" '") for word in expected.replace(" or ", ",").split(",") if word.strip()]


def _fields(loc: Loc) -> list[str]:
    """Return the keys that the block at a path may have."""
    model = _model_at(loc)
    return [info.alias or name for name, info in model.model_fields.items()] if model else []


def _described(loc: Loc) -> str:
    model = _model_at(loc[:-1])
    for name, info in model.model_fields.items() if model else ():
        if (info.alias or name) == loc[-1]:
            return f"({info.description})"
    return ""


def _model_at(loc: Loc) -> type[BaseModel] | None:
    """Return the model of the block at a path of the file."""
    current: Any = CaseFile
    for part in loc:
        if isinstance(current, dict):
            current = current.get(str(part))
        elif isinstance(current, type) and issubclass(current, BaseModel):
            by_key = {info.alias or name: info.annotation for name, info in current.model_fields.items()}
            current = _unwrapped(by_key.get(str(part)))
        elif get_origin(current) is not None and get_args(current):
            current = _unwrapped(get_args(current)[-1])
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _notes(annotation: Any) -> tuple[Any, ...]:
    return getattr(annotation, "__metadata__", ())


def _unwrapped(annotation: Any) -> Any:
    """Return the model or container in an optional or annotated type; for a tagged union, each by its tag."""
    origin = get_origin(annotation)
    if origin is Union or type(annotation).__name__ == "UnionType":
        tags = [next((note.tag for note in _notes(arm) if isinstance(note, Tag)), None) for arm in get_args(annotation)]
        if all(tags):
            return {tag: _unwrapped(arm) for tag, arm in zip(tags, get_args(annotation), strict=True)}
        return next((_unwrapped(arm) for arm in get_args(annotation) if arm is not type(None)), None)
    if _notes(annotation):
        return _unwrapped(get_args(annotation)[0])
    return annotation


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
            self.problems.append(_error_at(place, error.message, error.remedy))
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
            message, remedy = f"duplicate fact `{key}` (first in {first.file} line {first.line})", "keep one of them"
            raise row.error("key", message, remedy)
        known = {*before.source, *(name for other in before.others for name in other.source)}
        if known & set(fact.source) or before.from_:
            message = f"duplicate fact `{key}` of the same source (first in {first.file} line {first.line})"
            raise row.error("key", message, "keep one of them, or give the rows different keys")
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
                message = f"two rows for {rate.currency} in {rate.year}"
                self.problems.append(row.error("currency", message, "keep one row"))
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
    column, message = place.column, problem.message
    width = document.inline.get(problem.loc) if document is not None else None
    if problem.offset and width is not None and column is not None:
        column += width + problem.offset - 1
    elif problem.offset:
        message = f"{message} (character {problem.offset} of the test)"
    return InputError(message, file=place.file, line=place.line, column=column, remedy=problem.remedy)
