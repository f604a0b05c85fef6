"""The user's cache of downloaded data sets."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from tocsin.data.registry import Source
from tocsin.errors import SolveError
from tocsin.files import write_all

State: TypeAlias = Literal["absent", "whole", "broken"]


def folder() -> Path:
    """Where data sets are kept: `TOCSIN_DATA`, else the user's cache folder."""
    if named := os.environ.get("TOCSIN_DATA"):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("tocsin") / "data"


def place(source: Source) -> Path:
    """Where a source is, or would be."""
    return folder() / source.file


def checksum(file: Path) -> str:
    """SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@dataclass(frozen=True)
class Pin:
    """What a file should be: its checksum and length; `since` when, where that was recorded here."""

    sha256: str
    bytes: int
    since: str | None = None


def pin(source: Source) -> Pin | None:
    """What a source's file should be: as the registry says, or as recorded when it was first found good; None before."""
    if source.sha256 is not None and source.bytes is not None:
        return Pin(source.sha256, source.bytes)
    try:
        found = json.loads(_record(source).read_text(encoding="utf-8"))
        return Pin(str(found["sha256"]), int(found["bytes"]), str(found["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def record(source: Source, file: Path) -> None:
    """Keep what a file is that was found good, of a source whose checksum nobody could know beforehand."""
    if source.sha256 is not None:
        return
    found = {"sha256": checksum(file), "bytes": file.stat().st_size, "since": date.today().isoformat()}
    write_all({_record(source): json.dumps(found)})


def _record(source: Source) -> Path:
    return folder() / f"{source.file}.record.json"


def state(source: Source) -> State:
    """Whether a source is in the cache, and whether it is what it should be."""
    file, expected = place(source), pin(source)
    if not file.is_file():
        return "absent"
    if expected is None or file.stat().st_size != expected.bytes:
        return "broken"
    return "whole" if checksum(file) == expected.sha256 else "broken"


def states(sources: Iterable[Source]) -> dict[str, State]:
    """The state of many sources by name; files are read side by side, as fast as the disk gives them."""
    listed = list(sources)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip((each.name for each in listed), pool.map(state, listed), strict=True))


def prepare() -> Path:
    """The cache folder, made if need be.

    Raises:
        SolveError: if it cannot be made or written.
    """
    there = folder()
    try:
        there.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(there, error) from error
    if not os.access(there, os.W_OK):
        raise unwritable(there, PermissionError(13, "Permission denied"))
    return there


def unwritable(where: Path, error: OSError) -> SolveError:
    """What to say when the cache cannot be written."""
    return SolveError(
        f"{where}: cannot write: {error.strerror}",
        remedy="make room or name another folder, TOCSIN_DATA=FOLDER",
    )
