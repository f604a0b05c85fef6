"""Rewrite one cell of a table's text. Every other character stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.errors import InputError
from tocsin.translation import message

_CELL = re.compile(r'(?:"(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|\n|\r|\Z)')
_BREAK = re.compile(r"\r\n|\n|\r")
_QUOTED = re.compile(r'[",\r\n]|^\s|\s\Z')
"""What a cell can hold in quotes alone."""


@dataclass(frozen=True)
class _Cell:
    """A cell: the line on which its row begins, its index in the row, and where it stands in the text."""

    line: int
    index: int
    start: int
    end: int


def with_cell(text: str, shown: str, *, line: int, key: str, column: str, value: str) -> str:
    """Return a table's text with another value in one cell.

    Args:
        text: of a CSV table with a header, which may begin with a byte order mark.
        shown: name of the table in errors.
        line: on which the row begins, from 1.
        key: what the row has in its column `key`.
        column: name of the column.
        value: the new value.

    Raises:
        InputError: if the table has no such row or column.
    """
    cells = list(_cells(text))
    names = [_value(text, cell).removeprefix("\ufeff") for cell in cells if cell.line == 1]
    row = {name: cell for cell in cells if cell.line == line for name in names[cell.index : cell.index + 1]}
    if line == 1 or column not in row or "key" not in row or _value(text, row["key"]) != key:
        raise InputError(
            message("`{key}` with a column `{column}` is not there", key=key, column=column),
            file=shown,
            line=line,
            remedy=message("read the case again"),
        )
    cell = row[column]
    written = '"' + value.replace('"', '""') + '"' if _QUOTED.search(value) else value
    return f"{text[: cell.start]}{written}{text[cell.end :]}"


def _value(text: str, cell: _Cell) -> str:
    written = text[cell.start : cell.end]
    return written[1:-1].replace('""', '"') if written.startswith('"') else written


def _cells(text: str) -> Iterator[_Cell]:
    """Yield the cells of a table up to the first that is not well formed."""
    start, line, first, index = 0, 1, 1, 0
    while match := _CELL.match(text, start):
        yield _Cell(first, index, start, match.start(1))
        line += len(_BREAK.findall(match[0]))
        first, index = (first, index + 1) if match[1] == "," else (line, 0)
        start = match.end()
        if match[1] == "":
            return
