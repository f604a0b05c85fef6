"""The file of an archive: statements, their index, their near-duplicates."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

from tocsin.errors import InputError, SolveError
from tocsin.rhetoric.archive.alike import bands, first_alike, shingles
from tocsin.rhetoric.archive.statement import Statement
from tocsin.rhetoric.archive.terms import indexed, query

APPLICATION, VERSION = 0x54_43_53_4E, 1
CHUNK = 1_000
"""Statements written in one transaction: what a kill can cost, and it is only not yet there."""
A_DAY = 1_000_000
"""Numbers of a day: a statement's number is its day times this, so that numbers stand in the order of days."""
PATIENCE = 10.0
"""Seconds for which another writer is waited for."""
_STORED = (
    "date", "outlet", "language", "audience", "rung", "title", "text", "translation", "address", "source_id",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO statements (id, {', '.join(_STORED)}, hash, alike) VALUES ({', '.join('?' * (len(_STORED) + 3))})"  # noqa: S608 - only names of columns
)
_SCHEMA = f"""
PRAGMA application_id = {APPLICATION};
CREATE TABLE IF NOT EXISTS statements (
    id INTEGER PRIMARY KEY, date TEXT, outlet TEXT, language TEXT, audience TEXT, rung TEXT, title TEXT NOT NULL,
    text TEXT NOT NULL, translation TEXT, address TEXT, source_id TEXT, hash TEXT NOT NULL UNIQUE, alike INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS by_source ON statements (source_id) WHERE source_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_alike ON statements (alike);
CREATE TABLE IF NOT EXISTS bands (band INTEGER, id INTEGER, PRIMARY KEY (band, id)) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (terms, content = '', tokenize = 'ascii');
PRAGMA user_version = {VERSION};
"""


@dataclass(frozen=True)
class Added:
    """What became of statements that were to be added.

    Attributes:
        added: new ones; known: those that the archive had; alike: new ones that say nearly what an earlier one says.
        reused: source's names under which the archive now has different texts; all of them are kept.
    """

    added: int = 0
    known: int = 0
    alike: int = 0
    reused: tuple[str, ...] = ()

    def __add__(self, other: Added) -> Added:
        return Added(
            self.added + other.added, self.known + other.known, self.alike + other.alike, (*self.reused, *other.reused)
        )


@dataclass(frozen=True)
class Where:
    """Which statements are meant: days from `first` to `last`, and what they are; None for any."""

    first: dt.date | None = None
    last: dt.date | None = None
    outlet: str | None = None
    language: str | None = None
    rung: str | None = None

    def conditions(self) -> tuple[list[str], list[Any]]:
        """Conditions of a query, and their values. A day asked for leaves out what has no day."""
        found: list[tuple[str, Any]] = []
        if self.first is not None:
            found.append(("s.id >= ?", self.first.toordinal() * A_DAY))
        if self.last is not None:
            found += [("s.id < ?", (self.last.toordinal() + 1) * A_DAY), ("s.id >= ?", A_DAY)]
        found += [(f"s.{name} = ?", value) for name in ("outlet", "language", "rung") if (value := getattr(self, name))]
        return [condition for condition, _ in found], [value for _, value in found]


class Archive:
    """An archive that is open. Made by `open_archive`; a context manager."""

    def __init__(self, file: Path, connection: sqlite3.Connection) -> None:
        self.file = file
        self._connection = connection

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def add(self, statements: Iterable[Statement]) -> Iterator[Added]:
        """Add statements, a chunk in each transaction; yields what became of each chunk once it is on disk.

        What the archive has already is passed over, so that adding again after a kill goes on where it stopped.

        Raises:
            SolveError: if another writer holds the archive, or the disk is full.
        """
        source = iter(statements)
        while chunk := list(islice(source, CHUNK)):
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    done = sum((self._put(statement) for statement in chunk), Added())
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.OperationalError as error:
                raise _failed(self.file, error) from error
            yield done

    def _put(self, statement: Statement) -> Added:
        ask = self._connection.execute
        own = statement.hash
        if ask("SELECT 1 FROM statements WHERE hash = ?", (own,)).fetchone():
            return Added(known=1)
        reused: tuple[str, ...] = ()
        if statement.source_id is not None and self._has_source(statement):
            reused = (statement.source_id,)
        number = self._number(statement.date)
        found = shingles(f"{statement.title} {statement.text}")
        keys = bands(found)
        alike = first_alike(found, self._candidates(keys)) or number
        values = [getattr(statement, name) for name in _STORED]
        values[0] = None if statement.date is None else statement.date.isoformat()
        self._connection.execute(_INSERT, (number, *values, own, alike))
        terms = indexed(f"{statement.title}\n{statement.text}\n{statement.translation or ''}")
        ask("INSERT INTO words (rowid, terms) VALUES (?, ?)", (number, terms))
        if alike == number:
            self._connection.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", ((key, number) for key in keys))
        return Added(added=1, alike=int(alike != number), reused=reused)

    def _has_source(self, statement: Statement) -> bool:
        known = self._connection.execute("SELECT outlet FROM statements WHERE source_id = ?", (statement.source_id,))
        return any(outlet == statement.outlet for (outlet,) in known)

    def _number(self, day: dt.date | None) -> int:
        first = 0 if day is None else day.toordinal() * A_DAY
        asked = "SELECT max(id) FROM statements WHERE id >= ? AND id < ?"
        (last,) = self._connection.execute(asked, (first, first + A_DAY)).fetchone()
        if last == first + A_DAY - 1:
            raise SolveError(
                f"{self.file}: more than a million statements of one day\n  remedy: date them, or use two archives"
            )
        return first if last is None and day is not None else (last or first) + 1

    def _candidates(self, keys: list[int]) -> Iterator[tuple[int, Any]]:
        places = ", ".join("?" * len(keys))
        asked = f"SELECT DISTINCT id FROM bands WHERE band IN ({places}) ORDER BY id LIMIT 50"  # noqa: S608
        for (number,) in self._connection.execute(asked, keys).fetchall():
            other = self.get(number)
            yield number, shingles(f"{other.title} {other.text}")

    def get(self, number: int) -> Statement:
        """The statement of a number.

        Raises:
            InputError: if there is none.
        """
        row = self._select("FROM statements AS s WHERE s.id = ?", [number]).fetchone()
        if row is None:
            raise InputError(
                f"no statement has the number {number}", file=str(self.file), remedy="take it from `search`"
            )
        return _statement(row)

    def alike(self, statement: Statement) -> list[Statement]:
        """The others that say nearly the same, the earliest first."""
        rows = self._select(
            "FROM statements AS s WHERE s.alike = ? AND s.id != ? ORDER BY s.id", [statement.alike, statement.id]
        )
        return [_statement(row) for row in rows]

    def statements(self, where: Where | None = None) -> Iterator[Statement]:
        """Every statement that is meant, the earliest first, those without a day before all."""
        conditions, values = (where or Where()).conditions()
        rows = self._select(f"FROM statements AS s WHERE {' AND '.join(['1', *conditions])} ORDER BY s.id", values)
        return map(_statement, rows)

    def search(self, words: str, where: Where | None = None, *, limit: int = 20) -> list[Statement]:
        """Statements that have every word, the latest first, those without a day last.

        Args:
            words: as in `terms.query`; where: which are meant; limit: at most so many.

        Raises:
            InputError: if nothing is asked for.
        """
        tail, values = self._matching(words, where)
        rows = self._select(f"{tail} ORDER BY words.rowid DESC LIMIT ?", [*values, limit])
        return [_statement(row) for row in rows]

    def count(self, words: str, where: Where | None = None) -> int:
        """How many statements have every word."""
        tail, values = self._matching(words, where)
        found: tuple[int] = self._connection.execute(f"SELECT count(*) {tail}", values).fetchone()
        return found[0]

    def _matching(self, words: str, where: Where | None) -> tuple[str, list[Any]]:
        conditions, values = (where or Where()).conditions()
        # the index's own number is asked about, so that it looks only at the days meant
        own = [condition.replace("s.id", "words.rowid") for condition in conditions]
        tail = (
            f"FROM words CROSS JOIN statements AS s ON s.id = words.rowid WHERE {' AND '.join(['words MATCH ?', *own])}"
        )
        return tail, [query(words), *values]

    def _select(self, tail: str, values: list[Any]) -> sqlite3.Cursor:
        columns = ", ".join(f"s.{name}" for name in ("id", *_STORED, "alike"))
        return self._connection.execute(f"SELECT {columns} {tail}", values)


def _statement(row: tuple[Any, ...]) -> Statement:
    number, *values, alike = row
    fields = dict(zip(_STORED, values, strict=True))
    day = fields.pop("date")
    made = Statement(**fields)
    return replace(made, date=None if day is None else dt.date.fromisoformat(day), id=number, alike=alike)


def default_file() -> Path:
    """Where the archive is when nothing else is said: TOCSIN_ARCHIVE, else in the user's data folder."""
    from platformdirs import user_data_path

    named = os.environ.get("TOCSIN_ARCHIVE")
    return Path(named) if named else user_data_path("tocsin") / "archive.db"


def open_archive(file: Path, *, writing: bool = False) -> Archive:
    """Open an archive; to write, it is made where there is none.

    Raises:
        InputError: if there is none to read, or the file is no archive, or one of a later version.
        SolveError: if it cannot be opened.
    """
    if not writing and not file.exists():
        raise InputError("there is no archive", file=str(file), remedy="fill it: `tocsin rhetoric add FILES`")
    try:
        if writing:
            file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)
        _check_kind(file, connection)
        if writing:
            connection.execute("PRAGMA journal_mode = WAL")
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
        else:
            connection.execute("PRAGMA query_only = 1")
    except (OSError, sqlite3.OperationalError) as error:
        raise _failed(file, error) from error
    except sqlite3.DatabaseError as error:
        raise InputError("this is no archive", file=str(file), remedy="name another file by --archive") from error
    return Archive(file, connection)


def _check_kind(file: Path, connection: sqlite3.Connection) -> None:
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    application, version = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    if tables and application != APPLICATION:
        raise InputError("a database of another program", file=str(file), remedy="name another file by --archive")
    if version > VERSION:
        raise InputError("an archive of a later version of Tocsin", file=str(file), remedy="update Tocsin")


def _failed(file: Path, error: Exception) -> SolveError:
    said = str(error)
    remedy = (
        "wait until the other import has ended"
        if "locked" in said or "busy" in said
        else "see to the disk and its rights"
    )
    return SolveError(f"{file}: the archive cannot be used: {said}\n  remedy: {remedy}")
