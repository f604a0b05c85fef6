"""Remove stored runs by age and number."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from pathlib import Path

from tocsin.errors import InputError
from tocsin.files import PREFIX
from tocsin.runs.copies import remove_unused, unused_without
from tocsin.runs.places import RUNS, folder, locked, remove_leftovers, reported
from tocsin.runs.store import CASE, StoredRun, check_there, stored_runs
from tocsin.translation import message


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """What pruning removed, or would remove.

    Attributes:
        runs: the runs, the newest first.
        noted: runs that stay only because they have a note.
        freed: bytes of the runs, and of files of cases that no other run uses.
    """

    runs: tuple[StoredRun, ...]
    noted: int
    freed: int


def size(run: StoredRun) -> int:
    """Return the bytes that a run takes for itself, without the files of its case, which other runs share."""
    total = 0
    for path in run.path.rglob("*"):
        if path.relative_to(run.path).parts[0] != CASE:
            try:
                total += path.lstat().st_size if path.is_file() else 0
            except OSError:  # removed meanwhile
                continue
    return total


def prune(
    case: str | None,
    *,
    older_than: timedelta | None,
    keep: int | None,
    with_notes: bool = False,
    dry_run: bool = False,
) -> Pruned:
    """Remove runs that are older than an age and not among the newest of their case; the latest of a case always stays.

    A damaged run is not counted among the newest and has no such protection; one that another version stored has.

    Args:
        case: id of the case; None for all cases.
        older_than: age since the last day of running; None for any age.
        keep: how many of the newest runs of each case stay, at least 1; None for 1.
        with_notes: whether runs with a note go too.
        dry_run: remove nothing.

    Raises:
        InputError: if neither age nor number is given or one is out of range, or a run cannot be removed.
    """
    if older_than is None and keep is None:
        raise InputError(message("nothing says which runs may go"), remedy=message("give --older-than, --keep or both"))
    if keep is not None and keep < 1:
        raise InputError(
            message("--keep {keep} is below 1", keep=keep), remedy=message("the latest run of a case always stays")
        )
    if older_than is not None and older_than < timedelta(0):
        raise InputError(message("the age is negative"), remedy=message("give an age such as 90d"))
    with reported(), locked(alone=True):
        due = list(_due(stored_runs(case), older_than, keep or 1))
        gone = tuple(run for run in due if with_notes or not run.note)
        freed = sum(map(size, gone)) + unused_without([run.path for run in gone])
        if dry_run:
            return Pruned(runs=gone, noted=len(due) - len(gone), freed=freed)
        remove_leftovers()
        for run in gone:
            _remove(run.path)
        remove_unused()
        return Pruned(runs=gone, noted=len(due) - len(gone), freed=freed)


def remove(run: StoredRun) -> None:
    """Remove one run, whatever its age and note.

    Raises:
        InputError: if the run has gone or cannot be removed.
    """
    with reported(), locked(alone=True):
        check_there(run)
        _remove(run.path)
        remove_unused()


def _due(runs: Sequence[StoredRun], older_than: timedelta | None, keep: int) -> Iterator[StoredRun]:
    """Yield the runs that may go, the newest first."""
    before = "" if older_than is None else f"{datetime.now(UTC) - older_than:%Y-%m-%dT%H%M%S.%fZ}"
    newest = set[Path]()
    for _case, group in groupby(sorted(runs, key=lambda run: run.case), key=lambda run: run.case):
        whole = (run for run in group if not run.is_damaged())  # sorting keeps the order of the days
        newest |= {run.path for run in islice(whole, keep)}
    for run in runs:
        if run.path not in newest and (older_than is None or run.last < before):
            yield run


def _remove(path: Path) -> None:
    """Take a run out of the list at once, and then remove its files: a kill in between leaves no half of a run."""
    aside = folder() / RUNS / f"{PREFIX}{secrets.token_hex(8)}"
    path.rename(aside)
    shutil.rmtree(aside)
