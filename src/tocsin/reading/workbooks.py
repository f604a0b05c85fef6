"""Read workbooks (`.xlsx`) row by row; what would fill the memory is refused first."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tocsin.errors import InputError
from tocsin.reading.sources import MEGABYTE, check_file

MAX_WORKBOOK = 64_000_000
"""Largest workbook in bytes."""
MAX_UNPACKED = 512_000_000
"""Largest size of its unpacked parts."""
MAX_CELLS = 5_000_000
"""Largest number of cells between the first and the last one of a sheet that is in use."""


def check_workbook(file: Path, shown: str) -> None:
    """Check that a file is a workbook of allowed size.

    Raises:
        InputError: if it is not, or if it would unpack to more than `MAX_UNPACKED` bytes.
    """
    check_file(file, shown, MAX_WORKBOOK)
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError(f"not a workbook: {error}", file=shown, remedy="save it as .xlsx or CSV") from error
    if size > MAX_UNPACKED:
        raise InputError(
            f"the workbook would unpack to {size // MEGABYTE:,} MB",
            file=shown,
            remedy=f"keep it below {MAX_UNPACKED // MEGABYTE} MB, or save the table as CSV",
        )


def check_cells(rows: int, columns: int, sheet: str, shown: str) -> None:
    """Check the number of cells between the first and the last one of a sheet.

    Raises:
        InputError: if it is larger than `MAX_CELLS`.
    """
    if rows * columns > MAX_CELLS:
        raise InputError(
            f"sheet {sheet!r} reaches to row {rows:,} and column {columns:,}",
            file=shown,
            remedy=f"remove cells far from the table; a sheet may have {MAX_CELLS:,} cells",
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
                    f"{len(used)} sheets have cells: {', '.join(sheet.title for sheet in used[:5])}",
                    file=shown,
                    remedy="leave one sheet in the workbook, or save it as CSV",
                )
            for sheet in used:
                yield from _rows(sheet, shown)
    except (InputError, GeneratorExit):
        raise
    except Exception as error:  # the library raises errors of many kinds on broken workbooks
        raise InputError(f"not a workbook: {error}", file=shown, remedy="save it again as .xlsx, or as CSV") from error


def _rows(sheet: Any, shown: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the number and the cells of each row of a sheet that has a value."""
    sheet.reset_dimensions()  # the file may state wrong ones
    width = 1
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        width = max(width, len(row))
        check_cells(number, width, sheet.title, shown)
        if any(cell is not None for cell in row):
            yield number, row
