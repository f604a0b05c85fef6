"""The user's cache of downloaded data sets."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Literal, TypeAlias

from tocsin.data.registry import Source
from tocsin.errors import InputError, SolveError

State: TypeAlias = Literal["absent", "whole", "broken"]

CHUNK = 2**20


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


def state(source: Source) -> State:
    """Whether a source is in the cache, and whether it is what it should be."""
    file = place(source)
    if not file.is_file():
        return "absent"
    return "whole" if file.stat().st_size == source.bytes and checksum(file) == source.sha256 else "broken"


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
        f"{where}: cannot write: {error.strerror}\n  remedy: make room or name another folder, TOCSIN_DATA=FOLDER"
    )


def bring_in(source: Source, file: Path) -> Path:
    """Put a file that the user has downloaded into the cache, if it is the right one.

    Raises:
        InputError: if it cannot be read or is another file.
        SolveError: if the cache cannot be written.
    """
    try:
        found, size = checksum(file), file.stat().st_size
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", file=str(file), remedy="name the downloaded file") from error
    if found != source.sha256:
        raise InputError(
            f"this is not the pinned file of `{source.name}`: {size:,} bytes, SHA-256 {found[:12]}..., "
            f"not {source.bytes:,} bytes, {source.sha256[:12]}...",
            file=str(file),
            remedy=f"download {source.address}",
        )
    prepare()
    temporary = place(source).with_suffix(f".import-{os.getpid()}")
    try:
        shutil.copyfile(file, temporary)
        temporary.replace(place(source))
    except OSError as error:
        raise unwritable(folder(), error) from error
    finally:
        temporary.unlink(missing_ok=True)
    return place(source)
