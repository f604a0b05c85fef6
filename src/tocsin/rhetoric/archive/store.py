"""An archive that is open: adding statements, finding them, near-duplicates."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from tocsin.errors import InputError, SolveError
from tocsin.rhetoric.archive.alike import Hashes, bands, nearest, shingles
from tocsin.rhetoric.archive.opening import connect, default_file, told
from tocsin.rhetoric.archive.statement import Statement
from tocsin.rhetoric.archive.terms import letters, marks, query, terms
from tocsin.rhetoric.archive.where import A_DAY, EARLIEST, Where, first_number

__all__ = ["Added", "Archive", "Where", "default_file", "open_archive"]

CHUNK, CHUNK_LETTERS = 5_000, 10_000_000
"""Statements and letters written in one transaction, at most: what a kill can cost, and it is only not yet there."""
REMEMBERED = 4_096
"""Statements of which the shingles are kept at hand."""
SHARING = 100
"""Statements of a band that are looked at, the earliest."""
_STORED = (
    "date", "outlet", "language", "audience", "rung", "address", "source_id", "title", "text", "translation",
)  # fmt: skip
_DETAILS = ("language", "audience", "rung", "address", "source_id", "translation")
"""What may differ between two that are one statement."""
_INSERT = (
    f"INSERT INTO statements (id, {', '.join(_STORED)}, hash, alike) VALUES ({', '.join('?' * (len(_STORED) + 3))})"  # noqa: S608 - only names of columns
)


class Note(NamedTuple):
    """Something to know of a statement that was to be added: which, counted from 0; the number of the other; what it is."""

    at: int
    other: int
    what: str


@dataclass(frozen=True)
class Added:
    """What became of statements that were to be added.

    Attributes:
        added: new ones; known: those that the archive had; alike: new ones that say nearly what an earlier one says.
        reused: those whose source's name the archive has with another text too; all of them are kept.
        differing: known ones that came with other details (address, rung, ...) than the archive has; it keeps its own.
    """

    added: int = 0
    known: int = 0
    alike: int = 0
    reused: tuple[Note, ...] = ()
    differing: tuple[Note, ...] = ()


class _Ready(NamedTuple):
    """A statement with all that is worked out before the archive is held for writing."""

    at: int
    statement: Statement
    hash: str
    terms: tuple[str, str, str, str]
    shingles: Hashes
    bands: list[int]


class Archive:
    """An archive that is open. Made by `open_archive`; a context manager."""

    def __init__(self, file: Path, connection: sqlite3.Connection) -> None:
        self.file = file
        self._connection = connection
        self._shingles: OrderedDict[int, Hashes] = OrderedDict()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    # --- adding ------------------------------------------------------------------------------------------------------

    def add(self, statements: Iterable[Statement], progress: Callable[[int], None] | None = None) -> Added:
        """Add statements, a chunk in each transaction, so that after a kill adding the same again goes on where it stopped.

        What the archive has already is passed over. Two may add at the same time: each waits while the other writes a chunk.

        Args:
            statements: with a day of the year 1000 or later, or none; their `id` and `alike` are not looked at.
            progress: called with how many more have been dealt with and are safe.

        Raises:
            InputError: if a statement has an earlier day, or a text that is no valid Unicode. The chunks before are kept.
            SolveError: if another writer holds the archive, the disk is full, or a day has a million statements. The chunks
                before are kept.
        """
        total = Added()
        for chunk in _chunks(_ready(at, statement) for at, statement in enumerate(statements)):
            with told(self.file):
                total = _sum(total, self._write(chunk))
            if progress:
                progress(len(chunk))
        return total

    def _write(self, chunk: list[_Ready]) -> Added:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            done = self._put(chunk)
            self._connection.execute("COMMIT")
        except BaseException:
            self._shingles.clear()
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return done

    def _put(self, chunk: list[_Ready]) -> Added:
        total, indexed = Added(), []
        numbers: dict[dt.date | None, int] = {}
        for each in chunk:
            if (known := self._known(each)) is not None:
                total = _sum(total, known)
                continue
            number = numbers[each.statement.date] = self._number(each.statement.date, numbers)
            reused = self._reusing(each)
            alike = nearest(each.shingles, self._sharing(each.bands), self._shingles_of)
            self._insert(each, number, alike)
            indexed.append((number, *each.terms))
            total = _sum(total, Added(added=1, alike=int(alike is not None), reused=reused))
        # in the order of their numbers: at each step back the index would begin a new piece of itself
        self._connection.executemany(
            "INSERT INTO words (rowid, title, text, translation, marks) VALUES (?, ?, ?, ?, ?)", sorted(indexed)
        )
        return total

    def _insert(self, each: _Ready, number: int, alike: int | None) -> None:
        said = each.statement
        values = [getattr(said, name) for name in _STORED]
        values[0] = None if said.date is None else said.date.isoformat()
        self._connection.execute(_INSERT, (number, *values, each.hash, alike))
        if alike is None:
            self._connection.executemany("INSERT INTO bands VALUES (?, ?)", ((band, number) for band in each.bands))
            self._remember(number, each.shingles)
        if said.outlet is not None:
            self._connection.execute("INSERT OR IGNORE INTO outlets VALUES (?)", (said.outlet,))

    def _known(self, each: _Ready) -> Added | None:
        asked = f"SELECT id, {', '.join(_DETAILS)} FROM statements WHERE hash = ?"  # noqa: S608 - only names of columns
        row = self._connection.execute(asked, (each.hash,)).fetchone()
        if row is None:
            return None
        given = [(name, getattr(each.statement, name)) for name in _DETAILS]
        other = [name for (name, value), kept in zip(given, row[1:], strict=True) if value not in (None, kept)]
        note = (Note(each.at, row[0], ", ".join(other)),) if other else ()
        return Added(known=1, differing=note)

    def _reusing(self, each: _Ready) -> tuple[Note, ...]:
        name = each.statement.source_id
        if name is None:
            return ()
        asked = "SELECT id FROM statements WHERE source_id = ? AND outlet IS ? ORDER BY rowid LIMIT 1"
        row = self._connection.execute(asked, (name, each.statement.outlet)).fetchone()
        return () if row is None else (Note(each.at, row[0], name),)

    def _number(self, day: dt.date | None, given: dict[dt.date | None, int]) -> int:
        """The next number of a day; of what has no day, the next below the earliest day."""
        first, last = (1, first_number(EARLIEST) - 1) if day is None else Where(day, day).numbers
        if day in given:
            number = given[day] + 1
        else:
            asked = "SELECT max(id) FROM statements WHERE id BETWEEN ? AND ?"
            (highest,) = self._connection.execute(asked, (first, last)).fetchone()
            number = first if highest is None else highest + 1
        if number > last:
            raise SolveError(f"{self.file}: more than {A_DAY:,} statements of {day}", remedy="use two archives")
        return number

    def _sharing(self, keys: list[int]) -> Iterator[int]:
        for key in keys:
            rows = self._connection.execute("SELECT id FROM bands WHERE band = ? LIMIT ?", (key, SHARING))
            yield from (number for (number,) in rows.fetchall())

    def _shingles_of(self, number: int) -> Hashes:
        if (found := self._shingles.get(number)) is not None:
            self._shingles.move_to_end(number)
            return found
        title, text = self._connection.execute("SELECT title, text FROM statements WHERE id = ?", (number,)).fetchone()
        return self._remember(number, shingles(terms(text or title)))

    def _remember(self, number: int, found: Hashes) -> Hashes:
        self._shingles[number] = found
        if len(self._shingles) > REMEMBERED:
            self._shingles.popitem(last=False)
        return found

    # --- finding -----------------------------------------------------------------------------------------------------

    def get(self, number: int) -> Statement:
        """The statement of a number.

        Raises:
            InputError: if there is none.
        """
        found = list(self._select("FROM statements AS s WHERE s.id = ?", [number]) if abs(number) < 2**63 else ())
        if not found:
            raise InputError(
                f"no statement has the number {number}", file=str(self.file), remedy="take it from `search`"
            )
        return found[0]

    def alike(self, statement: Statement) -> list[Statement]:
        """The others that say nearly the same, in the order of their days."""
        tail = "FROM statements AS s WHERE (s.alike = ? OR s.id = ?) AND s.id != ? ORDER BY s.id"
        return list(self._select(tail, [statement.alike, statement.alike, statement.id]))

    def outlets(self) -> list[str]:
        """The outlets of all statements, sorted."""
        with told(self.file):
            return [name for (name,) in self._connection.execute("SELECT outlet FROM outlets ORDER BY outlet")]

    def statements(self, where: Where | None = None, *, words: str = "") -> Iterator[Statement]:
        """Every statement that is meant, one by one as it is asked for, the earliest first, those without a day before all.

        Args:
            where: which are meant; words: that each must have, as in `terms.query`; all if empty.
        """
        tail, values = self._meant(words, where or Where())
        return self._select(
            f"FROM {tail} ORDER BY number) JOIN statements AS s ON s.id = number ORDER BY number", values
        )

    def search(self, words: str, where: Where | None = None, *, limit: int = 20) -> list[Statement]:
        """Statements that have every word, the latest first, those without a day last.

        Args:
            words: as in `terms.query`; where: which are meant; limit: at most so many.

        Raises:
            InputError: if nothing is asked for.
        """
        query(words)
        tail, values = self._meant(words, where or Where())
        joined = f"FROM {tail} ORDER BY number DESC LIMIT ?) JOIN statements AS s ON s.id = number ORDER BY number DESC"
        return list(self._select(joined, [*values, limit]))

    def count(self, words: str = "", where: Where | None = None) -> int:
        """How many statements are meant that have every word; how many are meant, if no word is given."""
        tail, values = self._meant(words, where or Where())
        with told(self.file):
            asked = f"SELECT count(*) FROM {tail})"  # noqa: S608 - one of the two texts of `_meant`
            found: tuple[int] = self._connection.execute(asked, values).fetchone()
        return found[0]

    def _meant(self, words: str, where: Where) -> tuple[str, list[Any]]:
        """An open bracket with a query of the numbers of what is meant, and its values."""
        parts = ([query(words)] if words else []) + [f'"{mark}"' for mark in where.marks]
        if not parts:
            return "(SELECT id AS number FROM statements WHERE id BETWEEN ? AND ?", list(where.numbers)
        tail = "(SELECT rowid AS number FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?"
        return tail, [" AND ".join(parts), *where.numbers]

    def _select(self, tail: str, values: list[Any]) -> Iterator[Statement]:
        columns = ", ".join(f"s.{name}" for name in ("id", "alike", *_STORED))
        with told(self.file):
            for number, alike, day, *others in self._connection.execute(f"SELECT {columns} {tail}", values):
                yield Statement(
                    **dict(zip(_STORED[1:], others, strict=True)),
                    date=None if day is None else dt.date.fromisoformat(day),
                    id=number,
                    alike=number if alike is None else alike,
                )


def open_archive(file: Path, *, writing: bool = False) -> Archive:
    """Open an archive; to write, it is made where there is none.

    Raises:
        InputError: if there is none to read, or the file is no archive, or one of another version.
        SolveError: if it cannot be opened.
    """
    return Archive(file, connect(file, writing=writing))


def _ready(at: int, said: Statement) -> _Ready:
    if said.date is not None and said.date < EARLIEST:
        raise InputError(f"a statement of {said.date}", remedy=f"give days from {EARLIEST} on, or none")
    try:
        f"{said.title}{said.text}{said.translation}".encode()
    except UnicodeEncodeError as error:
        raise InputError("a text with halves of letters (lone surrogates)", remedy="replace or cut them") from error
    title, text, translation = (terms(each or "") for each in (said.title, said.text, said.translation))
    what = {name: getattr(said, name) for name in ("outlet", "language", "rung", "audience")}
    whole = " ".join([*marks(what), *letters({*title, *text, *translation})])
    found = shingles(text or title)
    parts = (" ".join(title), " ".join(text), " ".join(translation), whole)
    return _Ready(at, said, said.hash, parts, found, bands(found))


def _chunks(ready: Iterable[_Ready]) -> Iterator[list[_Ready]]:
    chunk: list[_Ready] = []
    size = 0
    for each in ready:
        chunk.append(each)
        size += len(each.statement.text)
        if len(chunk) == CHUNK or size >= CHUNK_LETTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _sum(one: Added, other: Added) -> Added:
    return Added(
        one.added + other.added,
        one.known + other.known,
        one.alike + other.alike,
        one.reused + other.reused,
        one.differing + other.differing,
    )
