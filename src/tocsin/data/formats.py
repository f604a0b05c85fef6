"""Files of the formats in which others keep their sets, as they are.

A file whose checksum is pinned is what it is; any other may be hostile: an archive whose parts would unpack to more than a
machine holds, or whose names lead out of its folder, is refused before anything of it is unpacked.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from tocsin.errors import SolveError

MAX_UNPACKED = 2**30
"""Bytes that an archive may unpack to."""


def frame(file: Path, ending: str) -> pl.DataFrame:
    """A table out of a file, by its ending: R data (.rda), Stata (.dta) or CSV.

    Raises:
        SolveError: if the file is hostile, holds no table or is not what its ending says.
    """
    try:
        if ending == "rda":
            return _r_data(file)
        if ending == "dta":
            import pyreadstat

            return pl.DataFrame(pyreadstat.read_dta(str(file), output_format="polars")[0])
        return pl.read_csv(
            file, infer_schema_length=None, try_parse_dates=True, encoding="utf8-lossy", null_values=["NA", ""]
        )
    except SolveError:
        raise
    except Exception as error:
        raise SolveError(f"it is no {ending} file that can be read: {error}") from error


def document(file: Path) -> Any:
    """What a JSON file holds.

    Raises:
        SolveError: if it is none.
    """
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise SolveError(f"it is no JSON file: {error}") from error


def check_archive(file: Path) -> None:
    """Refuse an archive (.zip, .xlsx) that would unpack to too much or whose names lead out of its folder.

    Raises:
        SolveError: if it is such an archive, or none at all.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SolveError(f"it is no archive that can be read: {error}") from error
    for part in parts:
        inside = PurePosixPath(part.filename.replace("\\", "/"))
        if inside.is_absolute() or ".." in inside.parts or ":" in inside.parts[0]:
            raise SolveError(f"it is hostile: its part {part.filename!r} leads out of its folder")
    if (size := sum(part.file_size for part in parts)) > MAX_UNPACKED:
        raise SolveError(f"it is hostile: it would unpack to {size:,} bytes")


def _r_data(file: Path) -> pl.DataFrame:
    import pyreadr

    found = pyreadr.read_r(str(file), output_format="polars")
    if len(found) != 1:
        raise SolveError(f"it holds {len(found)} tables, not one")
    return pl.DataFrame(*found.values())
