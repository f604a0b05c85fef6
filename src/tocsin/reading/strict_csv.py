"""Read the CSV tables of a case: their columns are fixed, and every cell has a place."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from tocsin.errors import InputError
from tocsin.reading.delimited import MAX_CELL, begin_with, find_dialect, quote_problem
from tocsin.reading.place import Place
from tocsin.translation import Text, in_commas, in_semicolons, message

MAX_ROWS = 100_000


@dataclass(frozen=True)
class Row:
    """One row of a table: its cells and their starting columns, by column name."""

    cells: dict[str, str]
    file: str
    line: int
    columns: dict[str, int]

    def place(self, column: str | None = None) -> Place:
        """Return the place of the row, or of one of its cells."""
        return Place(self.file, self.line, self.columns.get(column or ""))

    def error(self, column: str | None, message: str, remedy: str | None) -> InputError:
        """Return an error that names the place of the row, or of one of its cells."""
        place = self.place(column)
        return InputError(message, file=place.file, line=place.line, column=place.column, remedy=remedy)


def read_csv(text: str, shown: str, header: tuple[str, ...], optional: tuple[str, ...] = ()) -> list[Row]:
    """Return the rows of a table; empty lines are skipped.

    Args:
        text: text of the file.
        shown: name of the file in errors.
        header: columns that must be present.
        optional: other columns that may be present.

    Raises:
        InputError: if the header, the number of cells or a quote is wrong, or the table is empty or too long; it names the line.
    """
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(
            message("a NUL character"), file=shown, line=line, remedy=message("save the table as plain CSV text")
        )
    lines = re.split(r"\r\n|\r|\n", text)
    _check_dialect(lines[0], shown, header)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    names: list[str] | None = None
    rows: list[Row] = []
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if names is None:
                names = _header(cells, shown, header, optional)
            elif cells:
                rows.append(_row(names, cells, shown, line, lines[line - 1]))
            if len(rows) > MAX_ROWS:
                raise InputError(
                    message("more than {most} rows", most=MAX_ROWS),
                    file=shown,
                    line=line,
                    remedy=message("shorten the table"),
                )
    except csv.Error as error:
        wrong, remedy = quote_problem(error, reader.line_num)
        raise InputError(wrong, file=shown, line=before + 1, remedy=remedy) from None
    if names is None:
        raise InputError(message("empty table"), file=shown, line=1, remedy=begin_with(header))
    return rows


def _check_dialect(first: str, shown: str, header: tuple[str, ...]) -> None:
    """Refuse cells that are not separated by commas, and say what separates them."""
    dialect = find_dialect([first], "")
    if dialect.skipped:
        remedy = message("remove the line {line}, and separate cells by commas", line=repr(first.strip()))
        raise InputError(message("the first line is no header"), file=shown, line=1, column=1, remedy=remedy)
    if dialect.delimiter != "," and set(header) & set(first.split(dialect.delimiter)):
        raise InputError(
            message("the cells are separated by {mark}, not a comma", mark=dialect.mark),
            file=shown,
            line=1,
            column=1,
            remedy=message("save the table with commas: {header}", header=",".join(header)),
        )


def _header(cells: list[str], shown: str, header: tuple[str, ...], optional: tuple[str, ...]) -> list[str]:
    missing = [name for name in header if name not in cells]
    extra = [name for name in cells if name not in (*header, *optional)]
    if missing or extra or len(set(cells)) < len(cells):
        problems = [message("missing {names}", names=in_commas(missing))] if missing else []
        problems += [message("unknown {names}", names=in_commas(map(repr, extra)))] if extra else []
        wrong = in_semicolons(problems or [message("duplicate column")])
        raise InputError(
            message("wrong header: {problems}", problems=wrong),
            file=shown,
            line=1,
            column=1,
            remedy=_header_remedy(header, optional),
        )
    return cells


def _header_remedy(header: tuple[str, ...], optional: tuple[str, ...]) -> Text:
    columns = ",".join(header)
    if not optional:
        return message("write {columns}", columns=columns)
    return message("write {columns} (optional: {optional})", columns=columns, optional=in_commas(optional))


def _row(names: list[str], cells: list[str], shown: str, line: int, raw: str) -> Row:
    if len(cells) != len(names):
        raise InputError(
            message("{cells} cells for {columns} columns", cells=len(cells), columns=len(names)),
            file=shown,
            line=line,
            column=1,
            remedy=message("add or remove cells; quote a cell that contains a comma"),
        )
    columns: dict[str, int] = {}
    if '"' not in raw:
        column = 1
        for name, cell in zip(names, cells, strict=True):
            columns[name] = column
            column += len(cell) + 1
    return Row({name: cell.strip() for name, cell in zip(names, cells, strict=True)}, shown, line, columns)
