"""Read the cells of a workbook as a reader sees them: per cent, currencies, days, merged cells; formulas are marked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tocsin.errors import InputError, did_you_mean
from tocsin.importing.grid import Grid, Position
from tocsin.reading.workbooks import check_cells, check_workbook
from tocsin.translation import message

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_SIGN = re.compile(r'\[\$([^\-\]]+)[^\]]*\]|"([$€£¥₩₽₹]|US\$|[A-Z]{3})"|([$€£¥₩₽₹])')
_PER_CENT_DIGITS = 12
"""Digits after the point to which a fraction is turned into per cent: the error of a float is far below."""
MAX_MERGED = 100_000
"""Largest number of cells that merged cells cover."""


@dataclass
class _Cells:
    """What a sheet holds, while it is read."""

    rows: dict[int, list[str]] = field(default_factory=dict)
    typed: set[Position] = field(default_factory=set)
    formulas: set[Position] = field(default_factory=set)


def read_workbook_grid(file: Path, shown: str, name: str | None) -> Grid:
    """Return the cells of a sheet of a workbook.

    Args:
        file: the workbook.
        shown: its name in errors.
        name: of the sheet; None for the only one that has cells, where a hidden sheet counts.

    Raises:
        InputError: if the file is no workbook or too large, has no such sheet, or if several sheets have cells and none is named.
    """
    import openpyxl

    check_workbook(file, shown)
    try:
        with file.open("rb") as stream:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            sheet = _sheet(book, shown, name)
            cells = _read(sheet, shown)
            _mark_formulas(openpyxl, file, sheet.title, cells)
            merges = _merges(book, sheet)
    except InputError:
        raise
    except Exception as error:  # the library raises errors of many kinds on broken workbooks
        raise InputError(
            message("not a workbook: {error}", error=str(error)),
            file=shown,
            remedy=message("save it again as .xlsx, or as CSV"),
        ) from error
    return _grid(cells, merges, shown)


def _sheet(book: Any, shown: str, name: str | None) -> Any:
    titles = [sheet.title for sheet in book.worksheets]
    if name is not None and name not in titles:
        raise InputError(message("no sheet {name}", name=repr(name)), file=shown, remedy=did_you_mean(name, titles))
    if name is not None:
        return book[name]
    used = [sheet for sheet in book.worksheets if next(_filled(sheet, shown), None)]
    if not used:
        raise InputError(message("the workbook is empty"), file=shown, remedy=message("put the table into a sheet"))
    if len(used) > 1:
        raise InputError(
            message(
                "{count} sheets have cells: {sheets}",
                count=len(used),
                sheets=", ".join(sheet.title for sheet in used[:5]),
            ),
            file=shown,
            remedy=message('name one: --sheet "{sheet}"', sheet=used[0].title),
        )
    return used[0]


def _filled(sheet: Any, shown: str) -> Iterator[tuple[int, Any]]:
    """Yield the number and the cells of each row that has a value."""
    sheet.reset_dimensions()  # the file may state wrong ones
    width = 1
    for number, row in enumerate(sheet.iter_rows(), start=1):
        width = max(width, len(row))
        check_cells(number, width, sheet.title, shown)
        if any(cell.value is not None for cell in row):
            yield number, row


def _read(sheet: Any, shown: str) -> _Cells:
    cells = _Cells()
    for number, row in _filled(sheet, shown):
        texts = []
        for column, cell in enumerate(row):
            text, typed = _text(cell.value, getattr(cell, "number_format", "General") or "General")
            texts.append(text)
            if typed:
                cells.typed.add((number, column))
        cells.rows[number] = texts
    return cells


def _text(value: Any, form: str) -> tuple[str, bool]:
    """Return the text of a cell in its number format, and whether it is a number or day."""
    if value is None:
        return "", False
    if isinstance(value, bool):
        return str(value).lower(), False
    if isinstance(value, dt.datetime):
        return (value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")), True
    if isinstance(value, dt.date):
        return value.isoformat(), True
    if not isinstance(value, int | float):
        return str(value).strip(), False
    plain = re.sub(r'"[^"]*"|\\.', "", form)
    if "%" in plain:
        return f"{round(value * 100, _PER_CENT_DIGITS):.15g}%", True
    sign = _SIGN.search(form)
    name = next((group for group in sign.groups() if group), "").strip() if sign else ""
    return f"{name} {value!r} {'' if name else _suffix(form)}".strip(), True


def _suffix(form: str) -> str:
    """Return the words that a number format writes after a number; empty if it scales the number, as `0,,"M"` does."""
    section = form.split(";")[0]
    words = re.search(r'[0#?]\s*"([^"]*)"\s*\Z', section)
    return words[1].strip() if words else ""


def _mark_formulas(openpyxl: Any, file: Path, title: str, cells: _Cells) -> None:
    with file.open("rb") as stream:
        sheet = openpyxl.load_workbook(stream, read_only=True, data_only=False)[title]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(), start=1):
            for column, cell in enumerate(row):
                if getattr(cell, "data_type", "") == "f":
                    cells.formulas.add((number, column))
                    texts = cells.rows.setdefault(number, [])
                    texts.extend([""] * (column + 1 - len(texts)))
                    if not texts[column]:
                        texts[column] = str(cell.value)  # never computed: the formula itself is shown


def _merges(book: Any, sheet: Any) -> list[tuple[int, int, int, int]]:
    """Return first row, first column, last row and last column of the merged cells; rows from 1, columns from 0."""
    from openpyxl.utils import column_index_from_string as index

    data = book._archive.read(sheet._worksheet_path)
    return [
        (int(top), index(left.decode()) - 1, int(bottom), index(right.decode()) - 1)
        for left, top, right, bottom in _MERGE.findall(data)
    ]


def _grid(cells: _Cells, merges: list[tuple[int, int, int, int]], shown: str) -> Grid:
    merged: set[Position] = set()
    for top, left, bottom, right in merges:
        source = cells.rows.get(top, [])
        text = source[left] if left < len(source) else ""
        if not text or (bottom - top + 1) * (right - left + 1) + len(merged) > MAX_MERGED:
            continue
        for number in range(top, bottom + 1):
            row = cells.rows.get(number)
            if row is None:
                continue
            row.extend([""] * (right + 1 - len(row)))
            for column in range(left, right + 1):
                if not row[column]:
                    row[column] = text
                    merged.add((number, column))
    numbers = sorted(cells.rows)
    places = {number: index for index, number in enumerate(numbers)}

    def by_row(positions: set[Position]) -> frozenset[Position]:
        return frozenset((places[number], column) for number, column in positions if number in places)

    return Grid(
        [cells.rows[number] for number in numbers],
        numbers,
        shown,
        by_row(cells.typed),
        by_row(cells.formulas),
        by_row(merged),
    )
