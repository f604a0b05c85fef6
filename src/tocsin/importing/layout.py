"""Find the header, the rows and the footnotes of a table that may have titles, merged headers, units below names and footers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from tocsin.errors import InputError
from tocsin.importing.grid import Grid
from tocsin.importing.remarks import Remark
from tocsin.importing.units import unit_of_title
from tocsin.translation import message

HEADING = message("a row with one cell, left out as a heading")
BELOW = message("a line below the table, left out")
"""Causes of remarks on rows with one cell, which are no facts."""
_HEAD = 30
"""Rows in which the header is looked for."""
_LABEL_YEAR = re.compile(r"(?:FY\s?|Q[1-4]\s)?[12]\d{3}(?:\s?Q[1-4]|[/-]\d{2,4})?[a-z*]?\Z", re.IGNORECASE)
_UNIT_CELL = re.compile(r"[(\[].+[)\]]\Z|%\Z")
_NUMERIC = re.compile(r"[^\w(]*[-+\u2212]?[\d.,'’ ]*\d")
_MARK_LINE = re.compile(r"([*†‡§¶#]+|[¹²³⁰⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉ]+|\[[\w*]{1,3}\]|\(\w{1,2}\)|\w{1,2}\))\s*[:=]?\s*(\S.*)\Z")
_LETTER_LINE = re.compile(r"(e|p|r|est|prov|prel|rev)\.?\s*[:=]\s*(\S.*)\Z", re.IGNORECASE)
_SOURCE_LINE = re.compile(
    r"(?:data )?(?:sources?|출처|자료|出典|資料|来源|quelle|fuente)\s*[:：]\s*(\S.*)\Z", re.IGNORECASE
)


@dataclass(frozen=True)
class Table:
    """A table with named columns.

    Attributes:
        grid: the cells that it was read from.
        columns: names of the columns, each once.
        rows: index in the grid of each row of the body.
        footnotes: text of each footnote, by its mark.
        footnote_rows: number of the row in the file of each footnote, by its mark.
        source: what a line such as "Source: ..." says; empty if there is none.
        remarks: rows and cells that are no part of the table, and repairs of the header.
        errors: rows that do not fit the header.
    """

    grid: Grid
    columns: tuple[str, ...]
    rows: tuple[int, ...]
    footnotes: dict[str, str]
    footnote_rows: dict[str, int]
    source: str
    remarks: tuple[Remark, ...]
    errors: tuple[Remark, ...]

    def cell(self, row: int, column: int) -> str:
        """Return a cell by the index of its row in the grid and of its column."""
        cells = self.grid.rows[row]
        return cells[column] if column < len(cells) else ""


def read_layout(grid: Grid) -> Table:
    """Return the table in a grid of cells.

    Raises:
        InputError: if there is no header with two names, or no row below it.
    """
    header, depth = _header(grid)
    names = _names(grid, header, depth)
    remarks = [_above(grid, index) for index in range(header)]
    if depth == 2:
        remarks.append(Remark(message("a header of two rows, joined"), "", grid.lines[header], " | ".join(names)))
    body = list(range(header + depth, len(grid.rows)))
    end = _end(grid, body, len(names))
    footnotes, footnote_rows, source, left = _footers(grid, body[end:])
    remarks += left
    rows, errors = [], []
    for index in body[:end]:
        own = _own(grid, index)
        if grid.rows[index][: len(names)] == grid.rows[header][: len(names)]:
            remarks.append(Remark(message("the header again, left out"), "", grid.lines[index]))
        elif any(grid.rows[index][len(names) :]):
            extra = next(cell for cell in grid.rows[index][len(names) :] if cell)
            errors.append(
                Remark(
                    message("a cell outside the columns of the header"),
                    message("name its column, or remove it"),
                    grid.lines[index],
                    extra,
                )
            )
        elif len(names) > 2 and len(own) == 1:
            remarks.append(Remark(HEADING, "", grid.lines[index], own[0]))
        else:
            rows.append(index)
    if not rows and not errors:
        raise InputError(
            message("no row below the header"), file=grid.shown, remedy=message("give a table with a header and rows")
        )
    return Table(grid, names, tuple(rows), footnotes, footnote_rows, source, tuple(remarks), tuple(errors))


def _above(grid: Grid, index: int) -> Remark:
    """Return the remark on a line above the table, which may say the unit of all values."""
    text = _whole(grid, index)
    unit = unit_of_title(text) or unit_of_title(f"in {text}")
    remedy = message("if it is the unit of the values, give --set unit={unit}", unit=repr(unit)) if unit else ""
    return Remark(message("a line above the table, left out"), remedy, grid.lines[index], text)


def _header(grid: Grid) -> tuple[int, int]:
    """Return the index of the header and its number of rows, 1 or 2."""
    width = Counter(len(row) for row in grid.rows[:_HEAD]).most_common(1)[0][0]
    for index, row in enumerate(grid.rows[:_HEAD]):
        filled = _own(grid, index)
        if len(filled) < 2 or (len(row) < width and len(filled) < 3 and not grid.typed):
            continue
        if _all_numbers(filled):
            break
        return index, 2 if _has_second_row(grid, index) else 1
    raise InputError(
        message("no header: no row of column names above the numbers"),
        file=grid.shown,
        remedy=message("put names above the columns, such as key,value,unit,date,source"),
    )


def _own(grid: Grid, index: int) -> list[str]:
    """Return the cells of a row with a text; cells that are merged beside each other count once."""
    row = grid.rows[index]
    return [
        cell
        for column, cell in enumerate(row)
        if cell and not (column and (index, column) in grid.merged and cell == row[column - 1])
    ]


def _all_numbers(cells: list[str]) -> bool:
    numbers = [cell for cell in cells if _NUMERIC.match(cell) and not _LABEL_YEAR.match(cell)]
    return len(numbers) == len(cells)


def _has_second_row(grid: Grid, header: int) -> bool:
    """Return whether the row below the header goes on with it: names below merged cells, or units in brackets."""
    if header + 2 >= len(grid.rows):
        return False
    second = grid.rows[header + 1]
    filled = [(column, cell) for column, cell in enumerate(second) if cell and (header + 1, column) not in grid.merged]
    if not filled:
        return False
    if all(_UNIT_CELL.match(cell) for _, cell in filled):
        return True
    gaps = _gaps(grid, header)
    below = [column for column, _ in filled if column in gaps]
    if not below or not all(_is_label(cell) for _, cell in filled):
        return False
    third = grid.rows[header + 2]
    return any(column < len(third) and _NUMERIC.match(third[column]) for column in below)


def _gaps(grid: Grid, header: int) -> set[int]:
    """Return the columns below a merged cell of the header, beyond its first one."""
    row, gaps, seen = grid.rows[header], set[int](), False
    for column in range(max(map(len, grid.rows[header : header + 2]))):
        cell = row[column] if column < len(row) else ""
        if (header, column) in grid.merged or (seen and not cell):
            gaps.add(column)
        seen = seen or bool(cell)
    return gaps


def _is_label(cell: str) -> bool:
    return bool(_LABEL_YEAR.match(cell)) or not _NUMERIC.match(cell)


def _names(grid: Grid, header: int, depth: int) -> tuple[str, ...]:
    """Return the name of each column, those of two rows joined; a column without a name gets its number."""
    first = grid.rows[header]
    second = grid.rows[header + 1] if depth == 2 else []
    width = max(len(_trimmed(first)), len(_trimmed(second)))
    gaps = _gaps(grid, header) if depth == 2 else set[int]()
    units = depth == 2 and all(_UNIT_CELL.match(cell) for cell in second if cell)
    names: list[str] = []
    group = ""
    for column in range(width):
        own = first[column] if column < len(first) else ""
        group = own or (group if column in gaps and not units else "")
        below = second[column] if column < len(second) else ""
        parts = [part for part in (group, below if below != group else "") if part]
        names.append(" ".join(" ".join(parts).split()) or f"column {column + 1}")
    counts: Counter[str] = Counter()
    for index, name in enumerate(names):
        counts[name] += 1
        if counts[name] > 1:
            names[index] = f"{name} ({counts[name]})"
    return tuple(names)


def _trimmed(row: list[str]) -> list[str]:
    end = next((index for index in range(len(row), 0, -1) if row[index - 1]), 0)
    return row[:end]


def _whole(grid: Grid, index: int) -> str:
    return " ".join(dict.fromkeys(cell for cell in grid.rows[index] if cell))


def _end(grid: Grid, body: list[int], width: int) -> int:
    """Return the number of rows before the footers: the last lines that have one cell only."""
    end = len(body)
    while end:
        filled = _own(grid, body[end - 1])
        text = filled[0]
        notes = any(pattern.match(text) for pattern in (_MARK_LINE, _SOURCE_LINE, _LETTER_LINE)) or _is_note(text)
        if len(filled) != 1 or not (width > 2 or notes):
            break
        end -= 1
    return end


def _is_note(text: str) -> bool:
    return re.match(r"(?:notes?|remarks?|비고|주|注)\s*[:：.]", text, re.IGNORECASE) is not None


def _footers(grid: Grid, rows: list[int]) -> tuple[dict[str, str], dict[str, int], str, list[Remark]]:
    """Return the footnotes and their rows by mark, the source, and the other lines below a table."""
    footnotes: dict[str, str] = {}
    numbers: dict[str, int] = {}
    sources, left = [], []
    for index in rows:
        text = _whole(grid, index)
        if source := _SOURCE_LINE.match(text):
            sources.append(source[1])
        elif note := _MARK_LINE.match(text) or _LETTER_LINE.match(text):
            footnotes[note[1]] = note[2]
            numbers[note[1]] = grid.lines[index]
        else:
            left.append(Remark(BELOW, "", grid.lines[index], text))
    return footnotes, numbers, "; ".join(sources), left
