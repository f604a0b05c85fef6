"""Read tables of delimited text as people's programs write them: with commas, semicolons or tabs, in any known encoding."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO

from tocsin.errors import InputError, did_you_mean
from tocsin.reading.encodings import decode_any, unknown_encoding
from tocsin.reading.sources import read_bytes
from tocsin.translation import Text, in_commas, in_semicolons, message, plural

MAX_TABLE = 256_000_000
"""Largest table in bytes that is read as a whole."""
MAX_CELL = 64_000_000
"""Largest number of characters in a line or cell."""
MAX_COLUMNS = 5_000
"""Largest number of columns of a table."""
HEAD = 20
"""Lines in which the header is looked for."""
_DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_NUMBER = re.compile(r"\s*[-+\u2212]?[\d.,]+([eE][-+]?\d+)?\s*")
_BINARY = {
    b"PK\x03\x04": (
        message("a workbook or archive"),
        message("give the file its ending, such as .xlsx, or save it as CSV"),
    ),
    b"\xd0\xcf\x11\xe0": (message("a workbook of an old format"), message("save it as .xlsx or CSV")),
    b"\x1f\x8b": (message("a compressed file"), message("unpack it first")),
    b"PAR1": (message("a Parquet file"), message("give the file the ending .parquet")),
    b"<stata_dta>": (message("a Stata file"), message("give the file the ending .dta")),
}
_WORDS = {",": message("a comma"), ";": message("a semicolon"), "\t": message("a tab"), "|": message("a vertical bar")}


@dataclass(frozen=True)
class Dialect:
    """What separates the cells of a table, and how many lines come before its header."""

    delimiter: str
    skipped: int

    @property
    def mark(self) -> str:
        """The name of the delimiter in messages."""
        return _WORDS.get(self.delimiter, repr(self.delimiter))


@dataclass(frozen=True)
class TextTable:
    """A table of texts.

    Attributes:
        columns: names, each once, without space at their ends.
        rows: the cells of each row, as many as columns.
        lines: the line of each row in the file.
        dialect: what separates the cells.
    """

    columns: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    dialect: Dialect


def find_dialect(head: Sequence[str], suffix: str) -> Dialect:
    """Return the dialect of a table: that of a line `sep=;`, tabs for `.tsv`, or the delimiter that gives the header most cells.

    Args:
        head: first lines of the file.
        suffix: of the file's name.
    """
    if head and (given := _SEPARATOR.fullmatch(head[0])):
        return Dialect(given[1], 1)
    blank = next((index for index, line in enumerate(head) if line.strip()), 0)
    if suffix.lower() in (".tsv", ".tab"):
        return Dialect("\t", 0)
    header = re.sub(r'"[^"]*"', "", head[blank]) if head else ""
    return Dialect(max(_DELIMITERS, key=lambda mark: (header.count(mark), mark == ",")), 0)


def limited_lines(stream: IO[str], shown: str) -> Iterator[str]:
    """Yield the lines of a stream.

    Raises:
        InputError: if a line has more than `MAX_CELL` characters.
    """
    number = 0
    while line := stream.readline(MAX_CELL + 1):
        number += 1
        if len(line) > MAX_CELL:
            raise InputError(
                message("a line of more than {most} characters", most=f"{MAX_CELL:,}"),
                file=shown,
                line=number,
                remedy=message("split the file"),
            )
        yield line


def later_header(head: Iterable[str], dialect: Dialect, wanted: Iterable[str]) -> int | None:
    """Return the number of the first line in `head`, from 1, in which all `wanted` names are cells; None if there is none."""
    names = set(wanted)
    rows = csv.reader(head, delimiter=dialect.delimiter)
    try:
        return next((rows.line_num for cells in rows if names <= {cell.strip().lower() for cell in cells}), None)
    except csv.Error:
        return None


def read_text_table(file: Path, wanted: Sequence[str] = ()) -> TextTable:
    """Return a table of delimited text; empty lines are skipped.

    Args:
        file: at most `MAX_TABLE` bytes, in UTF-8, UTF-16 or another encoding that `detect_encoding` finds.
        wanted: columns that it must have.

    Raises:
        InputError: if the file cannot be read, is too large, holds bytes of no known encoding, has no header, two columns of one name, a
            row of another length, or a quote that is not closed; it names the line.
    """
    shown = str(file)
    stream = io.StringIO(_decoded(file, shown), newline="")
    head = list(islice(limited_lines(stream, shown), HEAD))
    dialect = find_dialect(head, file.suffix)
    lines = chain(head[dialect.skipped :], limited_lines(stream, shown))
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
    columns: tuple[str, ...] = ()
    table = TextTable(columns, [], [], dialect)
    before = 0
    try:
        for cells in reader:
            line, before = before + 1 + dialect.skipped, reader.line_num
            if not any(map(str.strip, cells)) and len(cells) <= 1:
                continue
            if not columns:
                columns = _columns(cells, shown, line, dialect, wanted, head)
            else:
                if len(cells) != len(columns):
                    cells = _fitted(cells, columns, shown, line, dialect, head)
                table.rows.append(cells)
                table.lines.append(line)
    except csv.Error as error:
        wrong, remedy = quote_problem(error, reader.line_num + dialect.skipped)
        raise InputError(wrong, file=shown, line=before + 1 + dialect.skipped, remedy=remedy) from None
    if not columns:
        raise InputError(message("the table is empty"), file=shown, line=1, remedy=_begin(wanted))
    return TextTable(columns, table.rows, table.lines, dialect)


def refuse_binary(data: bytes, shown: str) -> None:
    """Refuse what begins like a workbook, a compressed file or another file that is no text.

    Args:
        data: the file, or its beginning.
        shown: its name in errors.

    Raises:
        InputError: if it begins so; the error says what it is.
    """
    for mark, (what, remedy) in _BINARY.items():
        if data.startswith(mark):
            raise InputError(message("{what}, not text", what=what), file=shown, remedy=remedy)


def _decoded(file: Path, shown: str) -> str:
    return table_text(read_bytes(file, shown, MAX_TABLE), shown)


def table_text(data: bytes, shown: str) -> str:
    """Return the text of a table. Bytes that do not fit its encoding are refused, because a table is data.

    Raises:
        InputError: if the bytes are no text, in no known encoding, or hold a NUL character.
    """
    refuse_binary(data, shown)
    decoded = decode_any(data)
    if decoded is None:
        raise unknown_encoding(shown)
    text = decoded.text
    if decoded.encoding.replaced:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        raise InputError(
            message("a byte that is no text"),
            file=shown,
            line=line,
            remedy=message("correct the line; save it as UTF-8"),
        )
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(
            message("a NUL character"), file=shown, line=line, remedy=message("save the table as plain CSV text")
        )
    return text


def _columns(
    cells: list[str], shown: str, line: int, dialect: Dialect, wanted: Sequence[str], head: Sequence[str]
) -> tuple[str, ...]:
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()  # a delimiter at the end of the line
    check_width(len(names), shown, line)
    missing = [name for name in wanted if name not in names]
    if missing:
        header = later_header(head, dialect, wanted)
        remedy = missing_remedy(names, wanted, header if header != line else None)
        raise InputError(message("column `{name}` is missing", name=missing[0]), file=shown, line=line, remedy=remedy)
    for index, name in enumerate(names):
        if not name:
            raise InputError(
                message("column {number} has no name", number=index + 1),
                file=shown,
                line=line,
                remedy=message("name every column"),
            )
        if name in names[:index]:
            raise InputError(
                message("two columns are called `{name}`", name=name),
                file=shown,
                line=line,
                remedy=message("rename one of them"),
            )
    return tuple(names)


def check_width(columns: int, shown: str, line: int | None) -> None:
    """Check the number of columns of a table.

    Raises:
        InputError: if it is larger than `MAX_COLUMNS`.
    """
    if columns > MAX_COLUMNS:
        raise InputError(
            message("{count} columns", count=f"{columns:,}"),
            file=shown,
            line=line,
            remedy=message("keep at most {most}: remove those not needed", most=f"{MAX_COLUMNS:,}"),
        )


def missing_remedy(names: Sequence[str], wanted: Sequence[str], header: int | None) -> str:
    """Return the remedy for a header without a wanted column.

    Args:
        names: of the columns that the header has.
        wanted: columns that it should have.
        header: line that has them, if another one does.
    """
    if header is not None:
        return message("the header seems to be in line {header}; remove the lines above it", header=header)
    missing = next(name for name in wanted if name not in names)
    near = did_you_mean(missing, names)
    given = message("give columns {columns}", columns=in_commas(wanted))
    return in_semicolons([given, near]) if near.startswith("did you mean") else given


def _fitted(
    cells: list[str], columns: Sequence[str], shown: str, line: int, dialect: Dialect, head: Sequence[str]
) -> list[str]:
    """Return a row of another length than the header without empty cells at its end.

    Raises:
        InputError: if that does not give it the length of the header.
    """
    if len(cells) > len(columns) and not any(map(str.strip, cells[len(columns) :])):
        return cells[: len(columns)]
    if len(columns) > 1 and (title := _title_line(head, dialect, len(columns))):
        raise InputError(
            message(
                "line {line} looks like a title: the lines below it agree in their number of cells, and it does not",
                line=title,
            ),
            file=shown,
            line=title,
            remedy=message("remove line {line}", line=title),
        )
    raise InputError(
        message(
            "{cells} for {columns}",
            cells=plural("{count} cell", "{count} cells", len(cells)),
            columns=plural("{count} column", "{count} columns", len(columns)),
        ),
        file=shown,
        line=line,
        remedy=_length_remedy(len(cells), len(columns), line, dialect),
    )


def _title_line(head: Sequence[str], dialect: Dialect, columns: int) -> int | None:
    """Return the line of the header if it looks like a title; None otherwise.

    It does if the lines below agree with each other in more than one cell, and if the first of them has only texts, as a header has.

    Args:
        head: first lines of the file.
        dialect: that the first line shows.
        columns: number of cells of the first line.
    """
    given = [index for index, line in enumerate(head) if line.strip() and index >= dialect.skipped]
    below = [head[index] for index in given[1:]]
    whole = below[:-1] if len(head) == HEAD else below  # a row may go on after the last of these lines
    mark = dialect.delimiter if dialect.skipped else find_dialect(whole, "").delimiter
    rows = list(csv.reader(whole, delimiter=mark))
    width = len(rows[0]) if rows else 0
    agree = len(rows) > 1 and width > 1 and all(len(row) == width for row in rows)
    has_names = bool(rows) and not any(_NUMBER.fullmatch(cell) for cell in rows[0])
    return given[0] + 1 if agree and has_names and (width, mark) != (columns, dialect.delimiter) else None


def _length_remedy(cells: int, columns: int, line: int, dialect: Dialect) -> str:
    if columns == 1:
        return message("if line {line} is the header, remove the lines above it", line=line)
    if cells > columns:
        return message("put a cell that contains {mark} in quotation marks", mark=dialect.mark)
    return message("add the missing cells")


def quote_problem(error: csv.Error, last: int) -> tuple[str, str]:
    """Return what is wrong with a row that `csv` cannot read, and the remedy.

    Args:
        error: what `csv` says of it.
        last: line up to which it has read.
    """
    if "unexpected end" in str(error):
        return message(
            "a quotation mark opens here and never closes (the file ends in line {last})", last=last
        ), message('close it with "')
    if "expected after" in str(error):
        return message("text after a closing quotation mark"), message('write a quotation mark inside a cell twice: ""')
    if "field larger" in str(error):
        return message("a cell of more than {most} characters", most=f"{MAX_CELL:,}"), message(
            "close an open quotation mark, or shorten the cell"
        )
    return message("not a row of a table: {error}", error=str(error)), message("correct the line")


def _begin(wanted: Sequence[str]) -> str:
    return begin_with(wanted) if wanted else message("begin with a line of column names")


def begin_with(columns: Sequence[str]) -> Text:
    """Return the remedy for a table without a header."""
    return message("begin with {header}", header=",".join(columns))
