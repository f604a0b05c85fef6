"""Locate and check downloaded data sets in the user's cache."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from tocsin.data.registry import Source
from tocsin.errors import SolveError
from tocsin.files import write_all
from tocsin.translation import message

Status: TypeAlias = Literal["absent", "intact", "broken"]


def cache_folder() -> Path:
    """Return the folder of the cache: `TOCSIN_DATA`, else a folder in the user's cache."""
    if named := os.environ.get("TOCSIN_DATA"):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("tocsin") / "data"


def cache_path(source: Source) -> Path:
    """Return the path of a source in the cache, whether or not the file exists."""
    return cache_folder() / source.file


def checksum(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@dataclass(frozen=True)
class Pin:
    """The required checksum and size of a file; `since` is the day they were recorded, if not in the registry."""

    sha256: str
    bytes: int
    since: str | None = None


def pin(source: Source) -> Pin | None:
    """Return the checksum and size of a source's file, from the registry or the first download; None if there is neither."""
    if source.sha256 is not None and source.bytes is not None:
        return Pin(source.sha256, source.bytes)
    try:
        record = json.loads(_record_path(source).read_text(encoding="utf-8"))
        return Pin(str(record["sha256"]), int(record["bytes"]), str(record["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def record_pin(source: Source, file: Path) -> None:
    """Record the checksum and size of an accepted file if the registry does not state them."""
    if source.sha256 is None:
        record = Pin(checksum(file), file.stat().st_size, date.today().isoformat())
        write_all({_record_path(source): json.dumps(asdict(record))})


def difference(before: Pin | None, after: Pin | None) -> str | None:
    """Return how a recorded file differs from the one recorded before; None if it is the same or the first."""
    if before is None or after is None or after.sha256 == before.sha256:
        return None
    return (
        f"this file differs from the one recorded {before.since}: {after.bytes:,} bytes, SHA-256 {after.sha256[:12]}..., "
        f"not {before.bytes:,} bytes, {before.sha256[:12]}...; results from it may differ too"
    )


def _record_path(source: Source) -> Path:
    return cache_folder() / f"{source.file}.record.json"


def status(source: Source) -> Status:
    """Return whether a source is absent from the cache, or its file is intact or broken."""
    file, expected = cache_path(source), pin(source)
    if not file.is_file():
        return "absent"
    if expected is None or file.stat().st_size != expected.bytes:
        return "broken"
    return "intact" if checksum(file) == expected.sha256 else "broken"


def statuses(sources: Iterable[Source]) -> dict[str, Status]:
    """Return the status of many sources by name; files are read in parallel."""
    listed = list(sources)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip((source.name for source in listed), pool.map(status, listed), strict=True))


def prepare() -> Path:
    """Create the cache folder if necessary, and return it.

    Raises:
        SolveError: if it cannot be created or written.
    """
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    if not os.access(folder, os.W_OK):
        raise unwritable(folder, PermissionError(13, "Permission denied"))
    return folder


def unwritable(folder: Path, error: OSError) -> SolveError:
    """Return the error for a cache that cannot be written."""
    return SolveError(
        message("{folder}: cannot write: {reason}", folder=str(folder), reason=error.strerror or ""),
        remedy=message("check disk space and permissions, or name another folder: TOCSIN_DATA=FOLDER"),
    )
