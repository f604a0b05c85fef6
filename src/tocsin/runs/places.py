"""Where runs are stored, and how two processes share the folder.

    runs/CASE/HASH/     one run; written beside the others under a temporary name, then renamed
        about.json      what the run is, see `about.About`
        record.json     its assessment as in its JSON, with texts that can be translated
        assessment.json, worlds.parquet     the whole assessment and its worlds
        case/           the case's own files; equal files of several runs are one file on the disk
        ran/            a file for each day on which the run was made, named by its last moment: where its brief and the case were
        parts/          what was added later
        note.txt        a note of the user
    blobs/SHA256        the files of cases; `case/` has hard links to them

No file lists the runs, so two writers have nothing that both rewrite.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tocsin.errors import InputError
from tocsin.files import PREFIX, STALE
from tocsin.translation import message

RUNS, BLOBS, LOCK = "runs", "blobs", "store.lock"


def folder() -> Path:
    """Return the folder of the store: `TOCSIN_HOME`, else the user's state folder."""
    named = os.environ.get("TOCSIN_HOME")
    if named:
        return Path(named)
    from platformdirs import user_state_path

    return user_state_path("tocsin")


def check_readable() -> None:
    """Check that the folder of runs can be read, if there is one: else its runs would seem not to exist.

    Raises:
        InputError: if it cannot be read.
    """
    try:
        with os.scandir(folder() / RUNS):
            return
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(
            message("cannot read the stored runs: {reason}", reason=error.strerror or ""),
            file=str(folder() / RUNS),
            remedy=message(
                "check permissions, or name another folder for runs in the environment variable TOCSIN_HOME"
            ),
        ) from error


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


@contextmanager
def locked(*, alone: bool) -> Iterator[None]:
    """Hold the lock of the store: writers share it, and who removes runs holds it alone. The end of a process frees it."""
    import fcntl

    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


@contextmanager
def reported() -> Iterator[None]:
    """Turn an error of the system into one that names the file of the store.

    Raises:
        InputError: in place of an OSError.
    """
    try:
        yield
    except OSError as error:
        name = str(error.filename or folder())
        raise InputError(
            message("cannot write: {reason}", reason=error.strerror or ""),
            file=name,
            remedy=message(
                "check disk space and permissions, or name another folder for runs in the environment variable TOCSIN_HOME"
            ),
        ) from error


def remove_leftovers() -> None:
    """Remove what writers left when they were killed, once it is an hour old; ignore what cannot be removed."""
    with suppress(OSError):
        places = (
            folder() / RUNS,
            folder() / BLOBS,
            *(folder() / RUNS).glob("*/*"),
            *(folder() / RUNS).glob("*/*/parts"),
        )
        for path in (path for parent in places for path in parent.glob(f"{PREFIX}*")):
            with suppress(OSError):
                if time.time() - path.lstat().st_mtime > STALE:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
