"""Add statements to an archive in transactions, and find their near-duplicates."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tocsin.errors import InputError, SolveError
from tocsin.rhetoric.archive.database import explaining
from tocsin.rhetoric.archive.filters import NUMBERS_PER_DAY, Filter, first_number
from tocsin.rhetoric.archive.near_duplicates import Hashes, Shingler, bands, nearest
from tocsin.rhetoric.archive.statement import MIN_DATE, Statement
from tocsin.rhetoric.archive.terms import attribute_terms, letter_terms, terms
from tocsin.translation import message

CHUNK, CHUNK_LETTERS = 5_000, 10_000_000
"""Most statements and letters in one transaction, which is what a killed import loses."""
CACHED_SHINGLES = 4_096
"""Statements whose shingles are cached."""
MAX_PER_BAND = 100
"""Statements of one band that are looked at, the earliest first."""
STORED = (
    "date", "outlet", "language", "audience", "rung", "address", "source_id", "title", "text", "translation",
)  # fmt: skip
_DETAILS = ("language", "audience", "rung", "address", "source_id", "translation")
"""Attributes that may differ between two copies of one statement."""
_INSERT = f"INSERT INTO statements (id, {', '.join(STORED)}, hash, alike) VALUES ({', '.join('?' * (len(STORED) + 3))})"  # noqa: S608 - only column names


@dataclass(frozen=True)
class Note:
    """Something to know about a statement that was added.

    Attributes:
        index: which statement, from 0.
        other: number of the stored statement it concerns.
        what: the source id, or the details that differ.
    """

    index: int
    other: int
    what: str


@dataclass(frozen=True)
class Added:
    """What happened to statements.

    Attributes:
        added: how many are new.
        known: how many were already stored.
        alike: how many of the new ones are near-duplicates of an earlier one.
        reused: new ones whose source id the archive has with another text; both are stored.
        differing: known ones with other details (address, rung, ...) than the archive, which keeps its own.
    """

    added: int = 0
    known: int = 0
    alike: int = 0
    reused: tuple[Note, ...] = ()
    differing: tuple[Note, ...] = ()

    def __add__(self, other: Added) -> Added:
        return Added(
            self.added + other.added,
            self.known + other.known,
            self.alike + other.alike,
            self.reused + other.reused,
            self.differing + other.differing,
        )


@dataclass(frozen=True)
class _Prepared:
    """A statement with all that can be computed before the transaction."""

    index: int
    statement: Statement
    hash: str
    terms: tuple[str, str, str, str]
    shingles: Hashes
    bands: list[int]


class Writer:
    """Adds statements to an open archive. It caches the shingles that it compares."""

    def __init__(self, file: Path, connection: sqlite3.Connection) -> None:
        self._file = file
        self._connection = connection
        self._shingler = Shingler()
        self._cache: OrderedDict[int, Hashes] = OrderedDict()

    def add(self, statements: Iterable[Statement], progress: Callable[[int], None] | None = None) -> Added:
        """Add statements as `Archive.add` describes."""
        total = Added()
        for chunk in _chunks(self._prepare(index, statement) for index, statement in enumerate(statements)):
            with explaining(self._file):
                total += self._write(chunk)
            if progress:
                progress(len(chunk))
        return total

    def _prepare(self, index: int, statement: Statement) -> _Prepared:
        if statement.date is not None and statement.date < MIN_DATE:
            raise InputError(
                message("the date {date} is before {first}", date=str(statement.date), first=str(MIN_DATE)),
                remedy=message("give a later date, or leave it unknown"),
            )
        try:
            f"{statement.title}{statement.text}{statement.translation}".encode()
        except UnicodeEncodeError as error:
            raise InputError(
                message("the text contains half a surrogate pair"), remedy=message("replace or remove it")
            ) from error
        title, text, translation = (
            terms(part or "") for part in (statement.title, statement.text, statement.translation)
        )
        attributes = {name: getattr(statement, name) for name in ("outlet", "language", "rung", "audience")}
        marks = " ".join([*attribute_terms(attributes), *letter_terms({*title, *text, *translation})])
        shingles = self._shingler.shingles(text or title)
        columns = (" ".join(title), " ".join(text), " ".join(translation), marks)
        return _Prepared(index, statement, statement.hash, columns, shingles, bands(shingles))

    def _write(self, chunk: list[_Prepared]) -> Added:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            added = self._put(chunk)
            self._connection.execute("COMMIT")
        except BaseException:
            self._cache.clear()
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return added

    def _put(self, chunk: list[_Prepared]) -> Added:
        total, indexed = Added(), []
        last_numbers: dict[dt.date | None, int] = {}
        for item in chunk:
            if (known := self._known(item)) is not None:
                total += known
                continue
            number = last_numbers[item.statement.date] = self._next_number(item.statement.date, last_numbers)
            reused = self._reused(item)
            alike = nearest(item.shingles, self._candidates(item.bands), self._shingles_of)
            self._insert(item, number, alike)
            indexed.append((number, *item.terms))
            total += Added(added=1, alike=int(alike is not None), reused=reused)
        # Sorted, because the index starts a new segment whenever a number is lower than the one before.
        self._connection.executemany(
            "INSERT INTO words (rowid, title, text, translation, marks) VALUES (?, ?, ?, ?, ?)", sorted(indexed)
        )
        return total

    def _insert(self, item: _Prepared, number: int, alike: int | None) -> None:
        statement = item.statement
        values = [getattr(statement, name) for name in STORED]
        values[0] = None if statement.date is None else statement.date.isoformat()
        self._connection.execute(_INSERT, (number, *values, item.hash, alike))
        if alike is None:
            self._connection.executemany("INSERT INTO bands VALUES (?, ?)", ((band, number) for band in item.bands))
            self._remember(number, item.shingles)
        if statement.outlet is not None:
            self._connection.execute("INSERT OR IGNORE INTO outlets VALUES (?)", (statement.outlet,))

    def _known(self, item: _Prepared) -> Added | None:
        address = item.statement.address
        where = (
            "hash = :hash AND (:at IS NULL OR address IS NULL OR address = :at) ORDER BY address IS NOT :at, id LIMIT 1"
        )
        select = f"SELECT id, {', '.join(_DETAILS)} FROM statements WHERE {where}"  # noqa: S608 - only column names
        row = self._connection.execute(select, {"hash": item.hash, "at": address}).fetchone()
        if row is None:
            return None
        new = [(name, getattr(item.statement, name)) for name in _DETAILS]
        other = [name for (name, value), stored in zip(new, row[1:], strict=True) if value not in (None, stored)]
        note = (Note(item.index, row[0], ", ".join(other)),) if other else ()
        return Added(known=1, differing=note)

    def _reused(self, item: _Prepared) -> tuple[Note, ...]:
        source_id = item.statement.source_id
        if source_id is None:
            return ()
        select = "SELECT id FROM statements WHERE source_id = ? AND outlet IS ? ORDER BY rowid LIMIT 1"
        row = self._connection.execute(select, (source_id, item.statement.outlet)).fetchone()
        return () if row is None else (Note(item.index, row[0], source_id),)

    def _next_number(self, day: dt.date | None, last_numbers: dict[dt.date | None, int]) -> int:
        """Return the next number of a day; statements without a date have the numbers below the first day's."""
        first, last = (1, first_number(MIN_DATE) - 1) if day is None else Filter(day, day).numbers
        if day in last_numbers:
            number = last_numbers[day] + 1
        else:
            select = "SELECT max(id) FROM statements WHERE id BETWEEN ? AND ?"
            (highest,) = self._connection.execute(select, (first, last)).fetchone()
            number = first if highest is None else highest + 1
        if number > last:
            raise SolveError(
                message(
                    "{file}: more than {limit} statements on {day}",
                    file=str(self._file),
                    limit=f"{NUMBERS_PER_DAY:,}",
                    day=str(day),
                ),
                remedy=message("use two archives"),
            )
        return number

    def _candidates(self, keys: list[int]) -> Iterator[int]:
        for key in keys:
            rows = self._connection.execute("SELECT id FROM bands WHERE band = ? LIMIT ?", (key, MAX_PER_BAND))
            yield from (number for (number,) in rows.fetchall())

    def _shingles_of(self, number: int) -> Hashes:
        if (cached := self._cache.get(number)) is not None:
            self._cache.move_to_end(number)
            return cached
        title, text = self._connection.execute("SELECT title, text FROM statements WHERE id = ?", (number,)).fetchone()
        return self._remember(number, self._shingler.shingles(terms(text or title)))

    def _remember(self, number: int, shingles: Hashes) -> Hashes:
        self._cache[number] = shingles
        if len(self._cache) > CACHED_SHINGLES:
            self._cache.popitem(last=False)
        return shingles


def _chunks(items: Iterable[_Prepared]) -> Iterator[list[_Prepared]]:
    chunk: list[_Prepared] = []
    size = 0
    for item in items:
        chunk.append(item)
        size += len(item.statement.text)
        if len(chunk) == CHUNK or size >= CHUNK_LETTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
