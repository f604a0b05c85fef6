"""Write files whole or not at all.

A regular file is written to a temporary file beside it, which then takes its name: a kill leaves the old file or the new one. A link to
a file is followed, an existing file keeps its mode, and a new one gets the mode that the umask allows. Devices and pipes are written to
directly.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tocsin.errors import InputError
from tocsin.translation import message

MIN_FREE = 5_000_000
"""Bytes that must be free on a disk before a long run begins."""
PREFIX = ".tocsin-"
"""Beginning of the names of temporary files."""
STALE = 3600.0
"""Seconds after which a temporary file is left from a run that was killed."""


def check_outputs(outputs: Iterable[Path | None], inputs: Iterable[Path] = ()) -> None:
    """Check, before any work is done, that outputs can be written and overwrite neither an input nor each other.

    Nothing is created.

    Args:
        outputs: files to write; None stands for an output that is not requested.
        inputs: files that are read.

    Raises:
        InputError: for the first output that is a folder, is also an input, is named twice, or cannot be written for its name, its
            folder, its permissions or a full disk.
    """
    read = {_resolved(file) for file in inputs}
    seen: set[Path] = set()
    for file in outputs:
        if file is None or _is_stream(file):
            continue
        path = _resolved(file)
        _check_names(file, path)
        if path.is_symlink():
            raise InputError(
                message("cannot write: the link leads back to itself"),
                file=str(file),
                remedy=message("name another file"),
            )
        if path.is_dir():
            raise InputError(message("cannot write: it is a folder"), file=str(file), remedy=message("name a file"))
        if path in read:
            raise InputError(
                message("it is also an input and would be lost"),
                file=str(file),
                remedy=message("name another output file"),
            )
        if path in seen:
            raise InputError(
                message("two outputs have this name"), file=str(file), remedy=message("name a file for each")
            )
        seen.add(path)
        _check_place(file, path)


def _check_names(file: Path, path: Path) -> None:
    longest = os.pathconf(_nearest_folder(path), "PC_NAME_MAX")
    if any(len(os.fsencode(part)) > longest for part in path.parts):
        raise InputError(
            message("cannot write: a name is longer than {number} bytes", number=longest),
            file=str(file),
            remedy=message("shorten it"),
        )


def _nearest_folder(path: Path) -> Path:
    """Return the nearest existing path above a file."""
    return next(parent for parent in path.parents if os.path.lexists(parent))


def _check_place(file: Path, path: Path) -> None:
    """Check that a file and the nearest existing folder above it can be written, and that the disk has space."""
    folder = _nearest_folder(path)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(
            message("cannot write in {folder}", folder=str(folder)),
            file=str(file),
            remedy=message("name another folder"),
        )
    if path.exists() and not os.access(path, os.W_OK):
        raise InputError(
            message("cannot write: the file is read-only"), file=str(file), remedy=message("name another file")
        )
    if (free := shutil.disk_usage(folder).free) < MIN_FREE:
        raise InputError(
            message(
                "cannot write: the disk of {folder} is full: {size} MB are free",
                folder=str(folder),
                size=f"{free / 1e6:.1f}",
            ),
            file=str(file),
            remedy=message("make space"),
        )


def check_csv_name(file: Path | None) -> None:
    """Check that the name of an output in CSV ends in .csv or has no ending, as a device does; None is no output.

    Raises:
        InputError: if it has another ending.
    """
    if file is not None and file.suffix.lower() not in ("", ".csv"):
        raise InputError(
            message("this output is written as CSV only"),
            file=str(file),
            remedy=message("name it {name}", name=f"{file.stem}.csv"),
        )


def write_all(files: Mapping[Path, str | bytes]) -> None:
    """Write several files, all of them or none. Create missing folders.

    Raises:
        InputError: if a folder cannot be created or a file cannot be written. Every regular file is then as it was.
    """
    data = {file: text if isinstance(text, bytes) else text.encode("utf-8") for file, text in files.items()}
    streams = [file for file in data if _is_stream(file)]
    with _Exchange() as exchange:
        for file in data:
            if file not in streams:
                with _reported(file):
                    exchange.prepare(file).write_bytes(data[file])
        exchange.commit()
        for file in streams:
            with _reported(file):
                _send(file, data[file])


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Yield a temporary path, and give its content to `file` when the block ends without an error.

    Raises:
        InputError: if the folder cannot be created or the file cannot be written. `file` is then unchanged.
    """
    if _is_stream(file):
        with tempfile.TemporaryDirectory() as folder, _reported(file):
            temporary = Path(folder) / file.name
            yield temporary
            _send(file, temporary.read_bytes())
        return
    with _Exchange() as exchange:
        with _reported(file):
            yield exchange.prepare(file)
        exchange.commit()


def remove_stale(folder: Path) -> None:
    """Remove temporary files that runs left in a folder when they were killed; ignore what cannot be removed."""
    with suppress(OSError):
        for path in folder.glob(f"{PREFIX}*"):
            if time.time() - path.lstat().st_mtime > STALE:
                path.unlink()


class _Exchange:
    """Temporary files that take their places together: if one cannot, those before it are restored."""

    def __init__(self) -> None:
        self.temporaries: dict[Path, Path] = {}
        self.saved: dict[Path, Path | None] = {}

    def __enter__(self) -> _Exchange:
        return self

    def __exit__(self, *_error: object) -> None:
        for path in (*self.temporaries.values(), *self.saved.values()):
            if path is not None:
                path.unlink(missing_ok=True)

    def prepare(self, file: Path) -> Path:
        """Create a temporary file beside the file, or beside what it links to."""
        target = _resolved(file)
        if target.is_dir():
            raise IsADirectoryError(0, "it is a folder", str(file))
        if target.is_symlink():
            raise OSError(0, "the link leads back to itself", str(file))
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_stale(target.parent)
        temporary = _beside(target)
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        self.temporaries[file] = temporary
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        return temporary

    def commit(self) -> None:
        """Give every temporary file its name."""
        try:
            for file, temporary in self.temporaries.items():
                with _reported(file):
                    target = _resolved(file)
                    self.saved[target] = _copy(target)
                    temporary.replace(target)
        except InputError:
            for target, saved in self.saved.items():
                if saved is None:
                    target.unlink(missing_ok=True)
                else:
                    saved.replace(target)
            raise


def _copy(target: Path) -> Path | None:
    """Return a second name of a file's present content; None if there is no such file."""
    if not target.exists():
        return None
    saved = _beside(target)
    try:
        saved.hardlink_to(target)
    except OSError:  # a file system without hard links
        shutil.copy2(target, saved)
    return saved


def _beside(target: Path) -> Path:
    return target.parent / f"{PREFIX}{secrets.token_hex(8)}"


def _resolved(file: Path) -> Path:
    return Path(os.path.realpath(file))


def _is_stream(file: Path) -> bool:
    """Return whether a file is a device, a pipe or a socket, or the name of an open file such as /dev/stdout."""
    if str(file).startswith(("/dev/", "/proc/")):
        return True
    try:
        mode = file.stat().st_mode
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _send(file: Path, data: bytes) -> None:
    """Write to a device or a pipe; a pipe without a reader waits for one."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND), "wb") as stream:
        stream.write(data)


@contextmanager
def _reported(file: Path) -> Iterator[None]:
    """Turn an error of the system into one that names the file."""
    try:
        yield
    except OSError as error:
        raise InputError(
            message("cannot write: {reason}", reason=error.strerror or str(error)),
            file=str(file),
            remedy=message("check disk space and permissions"),
        ) from error
