"""Read files in the formats in which data sets are published.

A file with a pinned checksum is known. Any other file may be hostile: an archive is refused before it is unpacked if it
would fill the memory or if a name in it points outside its folder.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from tocsin.errors import SolveError
from tocsin.translation import message

MAX_UNPACKED = 2**30
"""Largest unpacked size of an archive in bytes."""


def read_frame(file: Path, suffix: str) -> pl.DataFrame:
    """Return the table in a file of R data (`rda`), Stata (`dta`) or CSV, as `suffix` says.

    Raises:
        SolveError: if the file is not of that format or does not hold exactly one table.
    """
    try:
        if suffix == "rda":
            return _read_r_data(file)
        if suffix == "dta":
            import pyreadstat

            return pl.DataFrame(pyreadstat.read_dta(str(file), output_format="polars")[0])
        return pl.read_csv(
            file, infer_schema_length=None, try_parse_dates=True, encoding="utf8-lossy", null_values=["NA", ""]
        )
    except SolveError:
        raise
    except Exception as error:
        raise SolveError(message("not a readable {kind} file: {error}", kind=suffix, error=str(error))) from error


def read_json(file: Path) -> Any:
    """Return the value in a JSON file.

    Raises:
        SolveError: if the file is not valid JSON.
    """
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise SolveError(message("not a JSON file: {error}", error=str(error))) from error


def check_archive(file: Path) -> None:
    """Refuse an archive (.zip, .xlsx) that would unpack to too many bytes or outside its folder.

    Raises:
        SolveError: if the archive is refused or unreadable.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SolveError(message("not a readable archive: {error}", error=str(error))) from error
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise SolveError(message("unsafe archive: {name} points outside its folder", name=repr(member.filename)))
    if (size := sum(member.file_size for member in members)) > MAX_UNPACKED:
        raise SolveError(message("unsafe archive: it would unpack to {size} bytes", size=f"{size:,}"))


def _read_r_data(file: Path) -> pl.DataFrame:
    import pyreadr

    tables = pyreadr.read_r(str(file), output_format="polars")
    if len(tables) != 1:
        raise SolveError(message("it holds {count} tables, not one", count=len(tables)))
    return pl.DataFrame(*tables.values())
