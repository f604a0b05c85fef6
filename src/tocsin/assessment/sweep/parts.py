"""The parts of a table on disk: each chunk is a file, so a run that was killed goes on where it stopped.

The parts lie in a folder beside the table, `table.parquet.parts`. Each is written whole or not at all. At the end they are joined, and
the folder is removed. The joined file depends only on the parts, not on the order in which they were computed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tocsin.assessment.sweep.job import CHUNK, Job
from tocsin.errors import InputError, SolveError
from tocsin.files import replacing, write_all
from tocsin.translation import in_commas, message

ROW_GROUP = 16 * CHUNK
"""Rows of a row group of the table."""
MAGIC = b"PAR1"
"""First and last bytes of a Parquet file."""
DESCRIPTION, LOCK, PARTS = "sweep.json", ".lock", "*.parquet"


class Parts:
    """The parts of one table; `opened` creates it."""

    def __init__(self, job: Job, output: Path, folder: Path) -> None:
        self.job, self.output, self.folder = job, output, folder

    def missing(self) -> list[int]:
        """Return the chunks that have no part yet, in order."""
        return [index for index in range(self.job.chunks) if not _is_whole(self._file(index))]

    def store(self, index: int, part: bytes) -> None:
        """Write the part of a chunk.

        Raises:
            InputError: if it cannot be written.
            SolveError: if the disk cannot hold the whole table.
        """
        self._check_space(len(part))
        write_all({self._file(index): part})

    def join(self) -> None:
        """Write the table from its parts, and remove them.

        Raises:
            InputError: if the table cannot be written; the parts stay.
        """
        import polars as pl

        files = [self._file(index) for index in range(self.job.chunks)]
        with replacing(self.output) as temporary:
            pl.scan_parquet(files, low_memory=True).sink_parquet(
                temporary,
                compression="zstd",
                row_group_size=ROW_GROUP,
                metadata={"tocsin.sweep": self.job.description()},
            )
        for file in files:
            file.unlink()

    def _file(self, index: int) -> Path:
        return self.folder / f"{index:06d}.parquet"

    def _check_space(self, size: int) -> None:
        """Check that all missing parts and the table fit on the disk."""
        done = sum(1 for _ in self.folder.glob(PARTS))
        need, free = size * (2 * self.job.chunks - done), shutil.disk_usage(self.folder).free
        if need > free:
            raise SolveError(
                message(
                    "the table needs about {need} GB while it is made, and the disk has {free} GB",
                    need=f"{need / 1e9:.1f}",
                    free=f"{free / 1e9:.1f}",
                ),
                remedy=message(
                    "make space, or write to another disk; finished parts are kept, so the same command goes on"
                ),
            )


def _is_whole(file: Path) -> bool:
    """Return whether a part exists from its first to its last bytes."""
    try:
        with file.open("rb") as stream:
            head = stream.read(len(MAGIC))
            stream.seek(-len(MAGIC), 2)
            return head == stream.read() == MAGIC
    except OSError:
        return False


def _folder(output: Path) -> Path:
    return output.with_name(f"{output.name}.parts")


def stored_parts(output: Path) -> int:
    """Return how many parts of a table lie beside it."""
    return sum(1 for _ in _folder(output).glob(PARTS))


@contextmanager
def opened(job: Job, output: Path) -> Iterator[Parts]:
    """Yield the parts of a table: those of an earlier run of the same job are used again.

    Args:
        job: what to compute.
        output: the table.

    Raises:
        InputError: if the folder holds parts of another sweep, or if another run is writing them.
    """
    from filelock import FileLock, Timeout

    folder = _folder(output)
    description = folder / DESCRIPTION
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            message("cannot write: {reason}", reason=error.strerror or str(error)),
            file=str(folder),
            remedy=message("name another file"),
        ) from error
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(
            message("another run is writing this table"), file=str(output), remedy=message("wait for its end")
        ) from None
    try:
        if description.exists():
            _check_same(job, description)
        else:
            write_all({description: job.description() + "\n"})
        try:
            yield Parts(job, output, folder)
        finally:
            if not any(folder.glob(PARTS)):  # they are joined, or there were none
                description.unlink(missing_ok=True)
    finally:
        lock.release()
        _remove_if_empty(folder)


def _remove_if_empty(folder: Path) -> None:
    """Remove the folder of parts if it holds nothing but the lock."""
    with suppress(OSError):
        if [path.name for path in folder.iterdir()] == [LOCK]:
            (folder / LOCK).unlink()
            folder.rmdir()


def _check_same(job: Job, description: Path) -> None:
    """Check that parts belong to this job.

    Raises:
        InputError: if they do not; it says what differs.
    """
    remedy = message("delete the folder {folder}, or name another table", folder=description.parent.name)
    try:
        stored = json.loads(description.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stored = None
    if not isinstance(stored, dict):
        raise InputError(message("it does not describe a sweep"), file=str(description), remedy=remedy)
    own = json.loads(job.description())
    differing = [name for name in own if own[name] != stored.get(name)]
    if differing:
        raise InputError(
            message("the parts are of another sweep: {names} differ", names=in_commas(differing)),
            file=str(description),
            remedy=remedy,
        )
