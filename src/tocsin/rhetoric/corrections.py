"""Keep a reader's codes of headlines in a file beside the archive, apart from the labels that come with the program.

The file is a table (CSV) with the columns that `tocsin rhetoric agree` reads, and the headlines themselves. Nothing sends it anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl
from filelock import FileLock

from tocsin.errors import InputError
from tocsin.files import write_all
from tocsin.rhetoric.agreement import codebook_codes
from tocsin.rhetoric.archive import Statement
from tocsin.rhetoric.archive.tables import escape_cell, unescape_cell
from tocsin.rhetoric.inputs import read_texts
from tocsin.translation import message

LABELS = ("id", "date", "headline", "target", "tone", "speaker", "theme")
CODES = LABELS[3:]


def corrections_file(archive: Path) -> Path:
    """Return the file of the reader's codes of an archive: `archive.corrections.csv` beside `archive.db`."""
    return archive.with_suffix(".corrections.csv")


def read_corrections(archive: Path) -> pl.DataFrame:
    """Return the reader's codes, one row for each headline, with columns `LABELS` as texts; empty if there is no file.

    Raises:
        InputError: if the file cannot be read, a column is missing, an id comes twice, or a code is not in the codebook.
    """
    file = corrections_file(archive)
    if not file.exists():
        return pl.DataFrame(schema=dict.fromkeys(LABELS, pl.String))
    table = read_texts(file, LABELS).select(LABELS)
    codes = codebook_codes(table, str(file))
    headlines = table["headline"].map_elements(unescape_cell, return_dtype=pl.String)
    return table.with_columns(headlines, *(codes[name] for name in CODES))


def correct(archive: Path, statement: Statement, codes: Mapping[str, str]) -> int:
    """Store the reader's codes of a statement in place of earlier ones, and return how many headlines have codes.

    Args:
        archive: its file; statement: of this archive; codes: `CODES`, lists separated by `;`.

    Raises:
        InputError: if a code is not in the codebook, or the file cannot be read or written.
    """
    day = "" if statement.date is None else statement.date.isoformat()
    row = pl.DataFrame({"id": str(statement.id), "date": day, "headline": statement.title, **codes}).select(LABELS)
    checked = row.with_columns(codebook_codes(row)[name] for name in CODES)
    return _write(archive, str(statement.id), checked)


def forget(archive: Path, number: int) -> int:
    """Take the reader's codes of a statement out of the file, and return how many headlines have codes; for errors see `correct`."""
    return _write(archive, str(number), None)


def _write(archive: Path, number: str, row: pl.DataFrame | None) -> int:
    file = corrections_file(archive)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(file.with_suffix(".lock"))
        with lock:  # another window may write as well
            rest = read_corrections(archive).filter(pl.col("id") != number)
            table = rest if row is None else pl.concat([rest, row])
            escaped = table.with_columns(pl.col("headline").map_elements(escape_cell, return_dtype=pl.String))
            write_all({file: escaped.write_csv()})
    except OSError as error:
        raise InputError(
            message("cannot write: {reason}", reason=error.strerror or str(error)),
            file=str(file),
            remedy=message("check its folder"),
        ) from error
    return table.height
