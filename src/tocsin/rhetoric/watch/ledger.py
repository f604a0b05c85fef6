"""Remember in the archive's file what was judged and what has rung."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout

from tocsin.errors import SolveError
from tocsin.rhetoric.archive.database import connect, explaining
from tocsin.translation import message

MAX_WAIT = 600.0
"""Seconds that a run waits for another one."""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS alarms (key TEXT PRIMARY KEY, record TEXT NOT NULL, rung INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS judged (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL) WITHOUT ROWID",
)


class Ledger:
    """The alarms of an archive, and fingerprints of the weeks that were judged. Every change is a transaction of its own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._connection: sqlite3.Connection = connect(file, writing=True)
        with explaining(file):
            for command in _TABLES:
                self._connection.execute(command)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def is_judged(self, key: str, fingerprint: str) -> bool:
        """Return whether a week was judged from the same data."""
        return self._one("SELECT 1 FROM judged WHERE key = ? AND fingerprint = ?", key, fingerprint) is not None

    def record(self, key: str, fingerprint: str, alarm: Mapping[str, Any] | None) -> None:
        """Record that a week was judged, and its alarm if it rings. A week has one alarm, the first."""
        with explaining(self._file):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                if alarm is not None:
                    self._insert(key, alarm)
                self._connection.execute("INSERT OR REPLACE INTO judged VALUES (?, ?)", (key, fingerprint))
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    def is_new(self, key: str) -> bool:
        """Return whether nothing was recorded under a key so far, and record it."""
        with explaining(self._file):
            return self._connection.execute("INSERT OR IGNORE INTO judged VALUES (?, '')", (key,)).rowcount == 1

    def pending(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the keys and records of the alarms that have not rung, in the order of their keys."""
        with explaining(self._file):
            rows = self._connection.execute("SELECT key, record FROM alarms WHERE NOT rung ORDER BY key").fetchall()
        return [(key, json.loads(record)) for key, record in rows]

    def mark_rung(self, key: str) -> None:
        """Record that an alarm has rung."""
        with explaining(self._file):
            self._connection.execute("UPDATE alarms SET rung = 1 WHERE key = ?", (key,))

    def _insert(self, key: str, alarm: Mapping[str, Any]) -> None:
        self._connection.execute("INSERT OR IGNORE INTO alarms (key, record) VALUES (?, ?)", (key, json.dumps(alarm)))

    def _one(self, query: str, *values: str) -> tuple[Any, ...] | None:
        with explaining(self._file):
            row: tuple[Any, ...] | None = self._connection.execute(query, values).fetchone()
        return row


@contextmanager
def one_at_a_time(file: Path, seconds: float = MAX_WAIT) -> Iterator[None]:
    """Wait until no other run watches this archive, and keep others waiting.

    The system releases the lock of a run that is killed.

    Raises:
        SolveError: if another run still watches after `seconds`, or the lock cannot be made.
    """
    name = file.with_name(f"{file.name}.watch.lock")
    lock = FileLock(name)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        name.touch()  # the library would try for the whole time in a folder that cannot be written
        lock.acquire(timeout=seconds)
    except Timeout as error:
        raise SolveError(
            message(
                "{file}: another run has watched this archive for {seconds} seconds",
                file=str(file),
                seconds=f"{seconds:.0f}",
            ),
            remedy=message("wait until it has ended"),
        ) from error
    except OSError as error:
        raise SolveError(
            message("{file}: cannot lock the archive: {reason}", file=str(file), reason=str(error)),
            remedy=message("check disk space and permissions"),
        ) from error
    try:
        yield
    finally:
        lock.release()
