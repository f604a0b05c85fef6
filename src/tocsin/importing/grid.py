"""Read the cells of a table from a file or from pasted text: CSV in any dialect and encoding, tabs, Markdown, workbooks."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tocsin.errors import InputError
from tocsin.reading.delimited import MAX_CELL, MAX_TABLE, quote_problem, table_text
from tocsin.reading.frames import UNREADABLE
from tocsin.reading.sources import check_file, read_bytes
from tocsin.translation import message

MAX_ROWS = 200_000
"""Largest number of rows of a table; a table of a case holds half of them."""
_SAMPLE = 100
"""Lines from which the delimiter is taken."""
_DELIMITERS = ("\t", ";", ",", "|")
_SEPARATOR = re.compile(r'\A"?sep=(.)"?\s*\r?\n', re.IGNORECASE)
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*\Z")
_MARKUP = (
    ("<html", message("a web page, not a table")),
    ("<!doctype", message("a web page, not a table")),
    ("<?xml", message("an XML file, not a table")),
    ("{", message("JSON, not a table")),
    ("%pdf", message("a PDF file, not a table")),
)
Position = tuple[int, int]


@dataclass(frozen=True)
class Grid:
    """The cells of a table.

    Attributes:
        rows: texts of the cells, one list for each row that is not blank; rows may differ in length.
        lines: the number of each row in the file, from 1.
        typed: (row, column) of the cells that are numbers or days of a workbook; a decimal mark in them is a point.
        formulas: (row, column) of the cells that a workbook computes.
        merged: (row, column) of the cells whose text stands in a merged cell above or to the left of them.
        shown: name of the table in messages.
    """

    rows: list[list[str]]
    lines: list[int]
    shown: str
    typed: frozenset[Position] = frozenset()
    formulas: frozenset[Position] = frozenset()
    merged: frozenset[Position] = field(default_factory=frozenset)


def read_grid(file: Path, sheet: str | None = None) -> Grid:
    """Return the cells of a table in a file.

    Args:
        file: a workbook (`.xlsx`) or delimited text: CSV, tabs, semicolons or a Markdown table, in any known encoding.
        sheet: name of a sheet of a workbook; None for the only one with cells.

    Raises:
        InputError: if the file cannot be read, is too large, or is no table.
    """
    shown, suffix = str(file), file.suffix.lower()
    if suffix == ".xlsx":
        from tocsin.importing.workbook import read_workbook_grid

        return _checked(read_workbook_grid(file, shown, sheet))
    if sheet is not None:
        raise InputError(message("--sheet, and no workbook"), file=shown, remedy=message("leave out --sheet"))
    if suffix in UNREADABLE:
        check_file(file, shown, None)
        raise InputError(
            message("cannot read {suffix} as a table", suffix=suffix),
            file=shown,
            remedy=message("save it as CSV or .xlsx"),
        )
    return grid_of(read_bytes(file, shown, MAX_TABLE), shown)


def grid_of(data: bytes, shown: str) -> Grid:
    """Return the cells of a table of text, from a file or pasted; see `read_grid`."""
    text = table_text(data, shown)
    start = text.lstrip("\ufeff \t\r\n").lower()
    if not start:
        raise InputError(
            message("the table is empty"), file=shown, remedy=message("give a table with a header and rows")
        )
    for mark, what in _MARKUP:
        if start.startswith(mark):
            raise InputError(what, file=shown, remedy=message("save the table as CSV or .xlsx"))
    lines = text.splitlines()
    if _is_markdown(lines):
        return _checked(_markdown(lines, shown))
    return _checked(_delimited(text, shown))


def _checked(grid: Grid) -> Grid:
    if len(grid.rows) > MAX_ROWS:
        raise InputError(
            message("more than {most} rows", most=f"{MAX_ROWS:,}"),
            file=grid.shown,
            remedy=message("select the rows that the case needs"),
        )
    if max((len(row) for row in grid.rows), default=0) < 2:
        raise InputError(
            message("no table: no row has two cells"),
            file=grid.shown,
            remedy=message("separate the cells by commas, semicolons, tabs or vertical bars"),
        )
    return grid


# --- delimited text ------------------------------------------------------------------------------------------------


def _delimited(text: str, shown: str) -> Grid:
    first = _SEPARATOR.match(text)
    skipped = 1 if first else 0
    body = text[first.end() :] if first else text
    delimiter = first[1] if first else _delimiter(body)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    before = 0
    try:
        for cells in reader:
            line, before = before + 1 + skipped, reader.line_num
            if any(map(str.strip, cells)):
                rows.append([cell.strip() for cell in cells])
                lines.append(line)
                if len(rows) > MAX_ROWS:
                    break
    except csv.Error as error:
        problem, remedy = quote_problem(error, reader.line_num + skipped)
        raise InputError(problem, file=shown, line=before + 1 + skipped, remedy=remedy) from None
    return Grid(rows, lines, shown)


def _delimiter(text: str) -> str:
    """Return the delimiter that splits most of the first rows into the same number of cells, at least two."""
    sample = "".join(text.splitlines(keepends=True)[:_SAMPLE])
    scores = {mark: _regularity(sample, mark) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: (scores[mark], -_DELIMITERS.index(mark)))


def _regularity(sample: str, delimiter: str) -> tuple[int, int]:
    """Return how many rows have the commonest number of cells above one, and that number."""
    try:
        widths = Counter(len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row)
    except csv.Error:
        return (0, 0)
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return (0, 0)
    width = max(several, key=lambda item: (several[item], item))
    return (several[width], width)


# --- Markdown ------------------------------------------------------------------------------------------------------


def _is_markdown(lines: list[str]) -> bool:
    """Return whether some line is the rule under the header of a Markdown table."""
    return any("|" in line and _RULE.match(line) for line in lines[:_SAMPLE])


def _markdown(lines: list[str], shown: str) -> Grid:
    rows: list[list[str]] = []
    numbers: list[int] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or _RULE.match(line):
            continue
        rows.append(_bar_cells(line) if "|" in line else [line.strip()])
        numbers.append(number)
    return Grid(rows, numbers, shown)


def _bar_cells(line: str) -> list[str]:
    r"""Return the cells of a Markdown row; `\|` is a bar inside a cell, and emphasis is left out."""
    inside = line.strip().removeprefix("|")
    if inside.endswith("|") and not inside.endswith("\\|"):
        inside = inside[:-1]
    cells = re.split(r"(?<!\\)\|", inside)
    return [re.sub(r"\*\*(.+?)\*\*|`(.+?)`", r"\1\2", cell.replace("\\|", "|")).strip() for cell in cells]
