"""Open files that may be missing, too large, or no files at all."""

from __future__ import annotations

import os
import stat
from io import BufferedReader
from pathlib import Path

from tocsin.errors import InputError
from tocsin.translation import message

MAX_BYTES = 2_000_000
"""Largest file of a case, specification or other text that a person writes."""
MEGABYTE = 1_000_000


def file_inside(folder: Path, name: str) -> Path:
    """Return the path of the file `name` in a case's folder.

    Raises:
        InputError: if the file is missing, is not a regular file, or lies outside the folder.
    """
    if not name.isprintable() or Path(name).is_absolute() or ".." in Path(name).parts or "\\" in name:
        raise InputError(
            message("{name} leaves the case's folder", name=repr(name)), remedy=message("name a file inside the folder")
        )
    root = folder.resolve()
    try:
        path = (root / name).resolve(strict=True)
    except (OSError, RuntimeError):
        raise InputError(
            message("no file {name} in the case's folder", name=repr(name)), remedy=message("check the name")
        ) from None
    if not path.is_relative_to(root):
        raise InputError(
            message("{name} is a link that leaves the case's folder", name=repr(name)),
            remedy=message("copy the file into the folder"),
        )
    if not path.is_file():
        raise InputError(message("{name} is not a regular file", name=repr(name)), remedy=message("name a file"))
    return path


def open_file(path: Path, shown: str, limit: int | None) -> BufferedReader:
    """Open a regular file for reading, without waiting for anything that is not one.

    Args:
        path: path of the file.
        shown: name of the file in errors.
        limit: largest size in bytes; None if the caller reads it in pieces of limited size.

    Raises:
        InputError: if the file cannot be opened, is not a regular file, or is too large.
    """
    try:
        # a pipe without a writer would otherwise block the opening itself
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise _unreadable(path, shown, error) from None
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        what = message("a folder") if stat.S_ISDIR(status.st_mode) else message("a pipe or device")
        raise InputError(message("not a regular file but {what}", what=what), file=shown, remedy=message("name a file"))
    if limit is not None and status.st_size > limit:
        os.close(handle)
        raise too_large(shown, limit)
    return os.fdopen(handle, "rb")


def read_bytes(path: Path, shown: str, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes of a file.

    Args:
        path: path of the file.
        shown: name of the file in errors.
        limit: largest size in bytes.

    Raises:
        InputError: if the file cannot be read, is not a regular file, or is larger than `limit`.
    """
    with open_file(path, shown, limit) as stream:
        try:
            data = stream.read(limit + 1)
        except OSError as error:
            raise _unreadable(path, shown, error) from None
    if len(data) > limit:  # it grew since it was opened
        raise too_large(shown, limit)
    return data


def check_file(path: Path, shown: str, limit: int | None) -> None:
    """Check that a library may open a path: it is a regular file of at most `limit` bytes; see `open_file`."""
    open_file(path, shown, limit).close()


def too_large(shown: str, limit: int) -> InputError:
    """Return the error for a file of more than `limit` bytes."""
    size = f"{limit // MEGABYTE:,} MB" if limit >= MEGABYTE else message("{count} bytes", count=f"{limit:,}")
    return InputError(message("larger than {size}", size=size), file=shown, remedy=message("split or shorten it"))


def _unreadable(path: Path, shown: str, error: Exception) -> InputError:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    if path.is_dir():
        reason = message("it is a folder")
    return InputError(message("cannot read: {reason}", reason=reason), file=shown, remedy=message("check the path"))
