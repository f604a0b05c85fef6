"""Read statements from JSON in the layouts that pandas, news services and feeds write; refuse other layouts by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tocsin.errors import InputError
from tocsin.reading import check_file
from tocsin.reading.delimited import limited_lines
from tocsin.reading.encodings import open_text
from tocsin.rhetoric.archive.dates import parse_date
from tocsin.rhetoric.archive.markup import markup_text
from tocsin.rhetoric.archive.tables import COLUMN_NAMES, TEXT_COLUMNS, Row, check_columns, column_name
from tocsin.translation import in_commas, listed, message

MAX_JSON = 500_000_000
"""Largest JSON file in bytes; JSONL may have any size."""
EXTRA = "Extra data"
"""Message of the parser if a file holds more than one document."""
MAX_DEPTH = 5
"""Deepest object in which a list of statements is looked for."""
CONTAINERS = frozenset(
    {
        "items", "articles", "entries", "results", "data", "docs", "rows", "records", "statements", "news", "stories", "posts", "hits",
        "documents", "value", "values",
    }
)  # fmt: skip
"""Usual names of a list of statements."""
_FIRST_EPOCH = 10**8
"""Smallest number of an index that may be a time."""


def json_rows(file: Path) -> Iterator[Row]:
    """Yield the statements of a JSON file, numbered from 1.

    The file holds a list of objects, a table as pandas writes it (any `orient` but `values`), an object with one list of statements
    inside (JSON Feed, NewsAPI, GDELT), one statement, or an object on each line.

    Raises:
        InputError: if the file is not JSON, is too large, or has another layout.
    """
    check_file(file, str(file), MAX_JSON)
    try:
        data, note = _load(file)
    except json.JSONDecodeError as error:
        if error.msg != EXTRA:
            raise _invalid(file, error) from error
        yield from _rows_by_line(file)
        return
    except (ValueError, RecursionError) as error:
        raise _invalid(file, error) from error
    yield from _whole_rows(file, data, note)


def jsonl_rows(file: Path) -> Iterator[Row]:
    """Yield the statements of a file with one object on each line, numbered by line.

    A file that holds one JSON document, such as a list over several lines, is read as `json_rows` reads it.

    Raises:
        InputError: if each object takes several lines.
    """
    if not isinstance(_first_line(file), dict) and file.stat().st_size <= MAX_JSON:
        try:
            data, note = _load(file)
        except (ValueError, RecursionError):
            pass  # a broken line, which is reported as such
        else:
            yield from _whole_rows(file, data, note)
            return
    yield from _rows_by_line(file)


def _load(file: Path) -> tuple[object, str]:
    """Return the only document of a file, and a remark on its encoding, which may be empty.

    Raises:
        ValueError: if the file is not one JSON document.
    """
    stream, encoding = open_text(file)
    with stream:
        return json.load(stream), encoding.note


def _whole_rows(file: Path, data: object, note: str) -> Iterator[Row]:
    if note:
        yield Row(None, {}, note)
    for number, item in enumerate(_records(file, data), start=1):
        yield _object_row(number, item)


def _invalid(file: Path, error: Exception) -> InputError:
    return InputError(
        message("not valid JSON: {reason}", reason=str(error)), file=str(file), remedy=message("give a list of objects")
    )


def _first_line(file: Path) -> object:
    """Return what the first line that is not blank holds; None if it is not JSON, or there is none."""
    stream, _ = open_text(file)
    with stream:
        line = next((line for line in limited_lines(stream, str(file)) if line.strip()), "null")
    with suppress(ValueError, RecursionError):
        return json.loads(line)
    return None


def _rows_by_line(file: Path) -> Iterator[Row]:
    stream, encoding = open_text(file)
    if encoding.note:
        yield Row(None, {}, encoding.note)
    with stream:
        for number, line in enumerate(limited_lines(stream, str(file)), start=1):
            if not line.strip():
                continue
            if line.strip() in ("{", "["):
                raise InputError(
                    message("an object takes several lines, and the file is not one list"),
                    file=str(file),
                    line=number,
                    remedy=message("write each object on one line (`jq -c .`), or all of them in a list"),
                )
            try:
                item = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield Row(number, None, message("not valid JSON: {reason}", reason=str(error)))
            else:
                yield from _line_rows(file, number, item)


def _line_rows(file: Path, number: int, item: object) -> Iterator[Row]:
    if not isinstance(item, dict):
        yield _object_row(number, item)
        return
    try:
        records = _wrapped(file, item)
        for record in [item] if records is None else records:
            yield _object_row(number, record)
    except InputError as error:
        yield Row(number, None, error.message)


def _object_row(number: int, item: object) -> Row:
    if not isinstance(item, dict):
        return Row(number, None, "not an object")
    pairs = reversed(_unwrapped(item).items())
    return Row(number, {column_name(str(name)): _rendered(value) for name, value in pairs})


def _rendered(value: object) -> object:
    """Return the text of a field as WordPress writes it, `{"rendered": MARKUP}`, and any other value as it is."""
    if isinstance(value, dict) and isinstance(value.get("rendered"), str):
        return markup_text(value["rendered"])
    return value


# --- layouts ------------------------------------------------------------------------------------------------------------


def _records(file: Path, data: object) -> Sequence[object]:
    """Return the objects of the statements.

    Raises:
        InputError: if the layout is unknown, or two lists hold statements.
    """
    if isinstance(data, list):
        return _listed(file, data)
    if not isinstance(data, dict):
        raise InputError(
            message("neither a list nor an object"), file=str(file), remedy=message("give a list of objects")
        )
    for layout in (_split, _by_column, _wrapped):
        records = layout(file, data)
        if records is not None:
            return records
    if _is_statement(data):
        return [data]
    if (records := _by_row(data)) is not None:
        return records
    raise InputError(
        message("no list of objects with a title, headline or text; the keys are {keys}", keys=_some(data))
        if data
        else message("the object is empty"),
        file=str(file),
        remedy=message("give a list of objects, each with a title or a text"),
    )


def _listed(file: Path, data: list[object]) -> list[object]:
    objects = [item for item in data if isinstance(item, dict)]
    if data and not objects and all(isinstance(item, list) for item in data):
        raise InputError(
            message("the rows are lists without names of columns"),
            file=str(file),
            remedy=message('write objects: in pandas, to_json(..., orient="records")'),
        )
    if objects and not any(_is_statement(_unwrapped(item)) for item in objects):
        check_columns(file, list(dict.fromkeys(str(name) for item in objects for name in item)))
    return data


def _split(file: Path, data: Mapping[str, Any]) -> list[object] | None:
    """Return the records of `orient="split"`: names of columns, and a list of values for each row."""
    columns, rows = data.get("columns"), data.get("data")
    if not (isinstance(columns, list) and isinstance(rows, list) and all(isinstance(row, list) for row in rows)):
        return None
    names = [str(name) for name in columns]
    check_columns(file, names)
    labels = data.get("index")
    pairs = zip_longest(rows, labels if isinstance(labels, list) and len(labels) == len(rows) else [])
    return [
        _dated(dict(zip(names, row, strict=True)), label) if len(row) == len(names) else row for row, label in pairs
    ]


def _by_column(file: Path, data: Mapping[str, Any]) -> list[object] | None:
    """Return the records of a table stored by column: `{column: {label: value}}` or `{column: [values]}`."""
    if not data or not TEXT_COLUMNS & set(map(column_name, data)):
        return None
    if all(isinstance(values, dict) for values in data.values()):
        labels = dict.fromkeys(label for values in data.values() for label in values)
        return [_dated({name: values.get(label) for name, values in data.items()}, label) for label in labels]
    if not all(isinstance(values, list) for values in data.values()):
        return None
    if len({len(values) for values in data.values()}) > 1:
        lengths = in_commas(f"{name} {len(values):,}" for name, values in list(data.items())[:8])
        raise InputError(
            message("the columns have different lengths: {lengths}", lengths=lengths),
            file=str(file),
            remedy=message("give every row all columns"),
        )
    return [dict(zip(data, row, strict=True)) for row in zip(*data.values(), strict=True)]


def _by_row(data: Mapping[str, Any]) -> list[object] | None:
    """Return the records of `orient="index"`: `{label: {column: value}}`."""
    rows = list(data.values())
    if not rows or not all(isinstance(row, dict) for row in rows) or not any(map(_is_statement, rows)):
        return None
    return [_dated(row, label) for label, row in data.items()]


def _wrapped(file: Path, data: Mapping[str, Any]) -> list[object] | None:
    """Return the list of statements inside an object."""
    lists = dict(_lists(data, ()))
    usual = {path: items for path, items in lists.items() if path[-1].lower() in CONTAINERS}
    if len(usual) == 1 or (_is_statement(data) and not usual):
        lists = usual
    if len(lists) > 1:
        names = listed(f"`{'.'.join(path)}`" for path in list(lists)[:4])
        raise InputError(
            message("several lists of statements: {names}", names=names),
            file=str(file),
            remedy=message("give each as a file"),
        )
    for items in lists.values():
        return items
    empty = any(str(name).lower() in CONTAINERS and value == [] for name, value in data.items())
    return [] if empty and not _is_statement(data) else None


def _lists(data: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[object]]]:
    """Yield the lists of statements in an object and its objects, with their paths."""
    for name, value in data.items():
        if isinstance(value, list) and any(
            isinstance(item, dict) and _is_statement(_unwrapped(item)) for item in value
        ):
            yield (*path, str(name)), value
        elif isinstance(value, dict) and len(path) < MAX_DEPTH:
            yield from _lists(value, (*path, str(name)))


def _is_statement(item: Mapping[str, Any]) -> bool:
    return any(column_name(str(name)) in TEXT_COLUMNS for name in item)


def _unwrapped(item: dict[str, Any]) -> dict[str, Any]:
    """Return the statement inside an object that has nothing else of one, as in the hits of a search engine."""
    if _is_statement(item):
        return item
    inner = [value for value in item.values() if isinstance(value, dict) and _is_statement(value)]
    return inner[0] if len(inner) == 1 else item


def _dated(record: Mapping[str, Any], label: object) -> dict[str, Any]:
    """Return a record with its label in the index as its date, if the label is one and the record has no other."""
    names = set(map(column_name, record))
    if label is None or names & set(COLUMN_NAMES["date"]):
        return dict(record)
    text = str(label)
    is_time = text.removeprefix("-").isdecimal() and abs(int(text[:20])) >= _FIRST_EPOCH
    if is_time:
        return {**record, "date": int(text[:20])}
    return {**record, "date": text} if parse_date(text) else dict(record)


def _some(data: Mapping[str, Any]) -> str:
    return in_commas(map(str, list(data)[:8]))
