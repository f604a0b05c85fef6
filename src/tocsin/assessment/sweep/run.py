"""Run a sweep: compute the missing chunks, store each, and join them to a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from tocsin.assessment.sweep.job import Job
from tocsin.assessment.sweep.parts import opened

Compute: TypeAlias = Callable[[Job, Sequence[int]], Iterable[tuple[int, bytes]]]
"""Compute some chunks of a job; yields each with its number, in any order."""
Progress: TypeAlias = Callable[[int, int], None]
"""Called with the rows done and those of the whole table."""


def here(job: Job, indices: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Compute chunks on this machine, one after another; each uses all its cores."""
    for index in indices:
        yield index, job.part(index)


def run(job: Job, output: Path, *, compute: Compute = here, progress: Progress | None = None) -> int:
    """Compute a table and write it as Parquet. If the same job was stopped before, it goes on with the chunks that are missing.

    Memory does not grow with the rows. The file is the same for the same job, versions and kind of processor, wherever its chunks were
    computed.

    Args:
        job: what to compute.
        output: the table; its parts lie beside it until it is complete.
        compute: where chunks are computed.
        progress: called at the start and after each chunk.

    Returns:
        The number of rows that an earlier run had computed.

    Raises:
        InputError: if a file cannot be written, or if there are parts of another sweep.
        SolveError: if a game has no finite solution, or the disk is too small.
    """
    report = progress or (lambda _done, _all: None)
    with opened(job, output) as parts:
        missing = parts.missing()
        rows = {index: stop - start for index in missing for start, stop in [job.span(index)]}
        stored = done = job.design.rows - sum(rows.values())
        report(done, job.design.rows)
        for index, part in compute(job, missing):
            parts.store(index, part)
            done += rows[index]
            report(done, job.design.rows)
        parts.join()
    return stored
