"""Read workbooks (`.xlsx`) row by row; what would fill the memory is refused first."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tocsin.errors import InputError
from tocsin.reading.sources import MEGABYTE, check_file
from tocsin.translation import in_commas, message, template

MAX_WORKBOOK = 64_000_000
"""Largest workbook in bytes."""
MAX_UNPACKED = 512_000_000
"""Largest size of its unpacked parts."""
MAX_CELLS = 5_000_000
"""Largest number of cells of a workbook, of its rows, of its texts, and of the cells between the first and the last one of a sheet."""
_TAGS = {"cells": b"c", "rows": b"row", "texts": b"si"}
_TOO_MANY = {
    "cells": template("the workbook has more than {most} cells"),
    "rows": template("the workbook has more than {most} rows"),
    "texts": template("the workbook has more than {most} texts"),
}
_PREFIXED = {noun: re.compile(rb"<[\w.-]+:%s " % tag) for noun, tag in _TAGS.items()}
_SPACED = bytes.maketrans(b"\t\r\n/>", b"     ")
_CHUNK = 2**20
_BROKEN = (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, NotImplementedError)
"""Errors of an archive that cannot be read, of a password or an unknown compression too."""


def check_workbook(file: Path, shown: str) -> None:
    """Check that a file is a workbook of allowed size.

    Raises:
        InputError: if it is not, if it would unpack to more than `MAX_UNPACKED` bytes, or if it has more than `MAX_CELLS` cells.
    """
    check_file(file, shown, MAX_WORKBOOK)
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > MAX_UNPACKED:
                raise InputError(
                    message("the workbook would unpack to {size} MB", size=f"{size // MEGABYTE:,}"),
                    file=shown,
                    remedy=message("keep it below {size} MB, or save the table as CSV", size=MAX_UNPACKED // MEGABYTE),
                )
            _check_tags(archive, shown)
    except _BROKEN as error:
        raise InputError(
            message("not a workbook: {error}", error=str(error)), file=shown, remedy=message("save it as .xlsx or CSV")
        ) from error


def _check_tags(archive: zipfile.ZipFile, shown: str) -> None:
    """Count the cells, rows and texts of all parts, because a sheet need not say where its cells are.

    Raises:
        InputError: if there are more than `MAX_CELLS` of them.
    """
    counts = dict.fromkeys(_TAGS, 0)
    for part in (part for member in archive.infolist() for part in _parts(archive, member)):
        for noun, tag in _TAGS.items():
            counts[noun] += part.count(b"<%s " % tag)
            if b":%s " % tag in part:
                counts[noun] += len(_PREFIXED[noun].findall(part))
            if counts[noun] > MAX_CELLS:
                raise InputError(
                    message(_TOO_MANY[noun], most=f"{MAX_CELLS:,}"),
                    file=shown,
                    remedy=message("save the table as CSV"),
                )


def _parts(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the unpacked bytes of a member in pieces that begin with a tag, as ASCII, with a space after each name of a tag."""
    rest = b""
    with archive.open(member) as stream:
        while data := stream.read(_CHUNK):
            whole, mark, tail = (rest + data.translate(_SPACED, b"\0")).rpartition(b"<")
            yield whole
            rest = mark + tail
            if len(rest) > _CHUNK:  # one long text
                yield rest
                rest = b""
    yield rest


def check_cells(rows: int, columns: int, sheet: str, shown: str) -> None:
    """Check the number of cells between the first and the last one of a sheet.

    Raises:
        InputError: if it is larger than `MAX_CELLS`.
    """
    if rows * columns > MAX_CELLS:
        raise InputError(
            message(
                "sheet {sheet} reaches to row {rows} and column {columns}",
                sheet=repr(sheet),
                rows=f"{rows:,}",
                columns=f"{columns:,}",
            ),
            file=shown,
            remedy=message("remove cells far from the table; a sheet may have {most} cells", most=f"{MAX_CELLS:,}"),
        )


def read_workbook(file: Path, shown: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the number and the cells of each row with a value, in the only sheet that has any.

    Cells are numbers, texts, booleans, days or None.

    Raises:
        InputError: if the file is no workbook or too large, or if several sheets have cells.
    """
    import openpyxl

    check_workbook(file, shown)
    try:
        with file.open("rb") as stream:  # the library refuses the endings of temporary files
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            used = [sheet for sheet in book.worksheets if next(_rows(sheet, shown), None)]
            if len(used) > 1:
                raise InputError(
                    message(
                        "{count} sheets have cells: {names}",
                        count=len(used),
                        names=in_commas(sheet.title for sheet in used[:5]),
                    ),
                    file=shown,
                    remedy=message("leave one sheet in the workbook, or save it as CSV"),
                )
            for sheet in used:
                yield from _rows(sheet, shown)
    except (InputError, GeneratorExit):
        raise
    except Exception as error:  # the library raises errors of many kinds on broken workbooks
        raise InputError(
            message("not a workbook: {error}", error=str(error)),
            file=shown,
            remedy=message("save it again as .xlsx, or as CSV"),
        ) from error


def _rows(sheet: Any, shown: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the number and the cells of each row of a sheet that has a value."""
    sheet.reset_dimensions()  # the file may state wrong ones
    width = 1
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        width = max(width, len(row))
        check_cells(number, width, sheet.title, shown)
        if any(cell is not None for cell in row):
            yield number, row
