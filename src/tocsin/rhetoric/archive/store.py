"""Open an archive; add, search, show and export its statements."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from pathlib import Path
from types import TracebackType

from tocsin.errors import InputError
from tocsin.rhetoric.archive.database import connect, default_file, explaining
from tocsin.rhetoric.archive.export import export
from tocsin.rhetoric.archive.filters import Filter
from tocsin.rhetoric.archive.importing import ImportSummary, import_sources
from tocsin.rhetoric.archive.queries import parse_query
from tocsin.rhetoric.archive.reading import Defaults
from tocsin.rhetoric.archive.results import SearchResult
from tocsin.rhetoric.archive.statement import Statement
from tocsin.rhetoric.archive.writing import STORED, Added, Writer
from tocsin.translation import message


class Archive:
    """An archive opened by `open_archive`. Use it in a `with` statement, or close it yourself."""

    def __init__(self, file: Path, connection: sqlite3.Connection) -> None:
        self.file = file
        self._connection = connection
        self._writer = Writer(file, connection)

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def add(self, statements: Iterable[Statement], progress: Callable[[int], None] | None = None) -> Added:
        """Add statements and return what happened to them.

        Each chunk of statements is one transaction. Statements that the archive already has are skipped, so an interrupted program
        can add the same statements again. If two programs add at the same time, one waits while the other writes a chunk.

        Args:
            statements: dated from the year 1000 on, or undated. Their `id` and `alike` are ignored.
            progress: called with the number of statements just stored.

        Raises:
            InputError: if a date is earlier or a text is not valid Unicode. Earlier chunks stay stored.
            SolveError: if another writer holds the archive, the disk is full, or a day has a million statements. Earlier chunks
                stay stored.
        """
        return self._writer.add(statements, progress)

    def add_files(
        self,
        sources: Iterable[str | PathLike[str]],
        defaults: Defaults | None = None,
        *,
        summary: ImportSummary | None = None,
        progress: Callable[[str, int], None] | None = None,
        accept_doubtful: bool = False,
    ) -> ImportSummary:
        """Add the statements in files, folders and feeds, and return what happened to their rows.

        Args:
            sources: paths, or http(s) addresses of feeds. Only addresses use the network.
            defaults: attributes of statements that do not state them.
            summary: updated with every chunk and returned. Pass one to keep the counts if the import is interrupted.
            progress: called with a source and the number of its statements just processed.
            accept_doubtful: store a file even if more than a twentieth of its rows, and at least five, lack a day or are the same as
                an earlier row; HTML pages count together. Otherwise nothing of it is stored, and `summary.doubtful` lists it.

        Raises:
            InputError: if the language of `defaults` is unknown.
            SolveError: if the archive cannot be written.
        """
        summary = summary or ImportSummary()
        resolved = (defaults or Defaults()).resolved()
        import_sources(self._writer, map(str, sources), resolved, summary, progress, accept_doubtful=accept_doubtful)
        return summary

    def get(self, number: int) -> Statement:
        """Return the statement with a given number.

        Raises:
            InputError: if there is none.
        """
        matches = list(self._select("FROM statements AS s WHERE s.id = ?", [number]) if abs(number) < 2**63 else ())
        if not matches:
            raise InputError(
                message("no statement has the number {number}", number=number),
                file=str(self.file),
                remedy=message("take a number from a search"),
            )
        return matches[0]

    def near_duplicates(self, statement: Statement) -> list[Statement]:
        """Return the other statements with nearly the same text, by date."""
        tail = "FROM statements AS s WHERE (s.alike = ? OR s.id = ?) AND s.id != ? ORDER BY s.id"
        return list(self._select(tail, [statement.alike, statement.alike, statement.id]))

    def outlets(self) -> list[str]:
        """Return the outlets of all statements, sorted."""
        with explaining(self.file):
            return [name for (name,) in self._connection.execute("SELECT outlet FROM outlets ORDER BY outlet")]

    def statements(
        self, filter: Filter | None = None, *, words: str = "", variants: bool = True
    ) -> Iterator[Statement]:
        """Yield statements one at a time, by date; those without a date come first.

        Args:
            filter: which statements; all by default.
            words: a query as in `search`; "" for all statements.
            variants: as in `search`.

        Raises:
            InputError: if the query or the filter is wrong.
        """
        numbers, values = self._numbers(words, filter, variants=variants)
        return self._select(
            f"FROM ({numbers} ORDER BY number) JOIN statements AS s ON s.id = number ORDER BY number", values
        )

    def latest(self, limit: int) -> list[Statement]:
        """Return the latest statements, latest first; those without a date come last.

        Args:
            limit: largest number of statements.
        """
        return list(self._select("FROM statements AS s ORDER BY s.id DESC LIMIT ?", [limit]))

    def search(
        self, words: str, filter: Filter | None = None, *, limit: int = 20, variants: bool = True
    ) -> SearchResult:
        """Return the statements that contain every word, latest first; those without a date come last.

        Args:
            words: words in any script, "phrases in quotes", `word*`, OR, AND, NOT and parentheses (see `queries`).
            filter: which statements; all by default.
            limit: largest number of matches to return.
            variants: search the spellings of North and South Korea and all forms of Chinese characters, not only those given.

        Raises:
            InputError: if the query is empty or wrong, or the filter is wrong.
        """
        notes = parse_query(words, variants=variants).notes
        numbers, values = self._numbers(words, filter, variants=variants)
        latest = f"{numbers} ORDER BY number DESC LIMIT ?"
        tail = f"FROM ({latest}) JOIN statements AS s ON s.id = number ORDER BY number DESC"
        return SearchResult(words, tuple(self._select(tail, [*values, limit])), variants, notes)

    def count(self, words: str = "", filter: Filter | None = None, *, variants: bool = True) -> int:
        """Return the number of statements that pass a filter and contain every word.

        Args:
            words: a query as in `search`; "" for all statements.
            variants: as in `search`.
            filter: which statements; all by default.

        Raises:
            InputError: if the query or the filter is wrong.
        """
        numbers, values = self._numbers(words, filter, variants=variants)
        with explaining(self.file):
            select = f"SELECT count(*) FROM ({numbers})"  # noqa: S608 - one of the two queries of `_numbers`
            row: tuple[int] = self._connection.execute(select, values).fetchone()
        return row[0]

    def export(
        self, file: str | PathLike[str], filter: Filter | None = None, *, words: str = "", variants: bool = True
    ) -> int:
        """Write statements to a .csv, .json, .jsonl, .parquet or .html file, and return their number. All but HTML can be imported.

        Args:
            file: its suffix decides the format.
            filter: which statements; all by default.
            words: a query as in `search`; "" for all statements.
            variants: as in `search`.

        Raises:
            InputError: if the suffix, the query or the filter is wrong, or the file cannot be written.
        """
        return export(self.statements(filter, words=words, variants=variants), Path(file))

    def _numbers(self, words: str, filter: Filter | None, *, variants: bool) -> tuple[str, list[str | int]]:
        """Return an SQL query for the numbers of statements, and its parameters."""
        resolved = filter.resolved(self.outlets() if filter.outlet else []) if filter else Filter()
        first, last = resolved.numbers
        parts = ([parse_query(words, variants=variants).expression] if words else []) + [
            f'"{term}"' for term in resolved.terms
        ]
        if not parts:
            return "SELECT id AS number FROM statements WHERE id BETWEEN ? AND ?", [first, last]
        query = "SELECT rowid AS number FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?"
        return query, [" AND ".join(parts), first, last]

    def _select(self, tail: str, values: list[str | int]) -> Iterator[Statement]:
        columns = ", ".join(f"s.{name}" for name in ("id", "alike", *STORED))
        with explaining(self.file):
            for number, alike, day, *others in self._connection.execute(f"SELECT {columns} {tail}", values):
                yield Statement(
                    **dict(zip(STORED[1:], others, strict=True)),
                    date=None if day is None else dt.date.fromisoformat(day),
                    id=number,
                    alike=number if alike is None else alike,
                )


def open_archive(
    file: str | PathLike[str] | None = None,
    *,
    writing: bool = False,
    upgrading: Callable[[int], None] | None = None,
) -> Archive:
    """Open an archive to read, or to read and write.

    Args:
        file: path of the archive; by default the file that TOCSIN_ARCHIVE names, or `archive.db` in the user's data folder.
        writing: allow to add statements. Create the archive if it does not exist; if an earlier version of Tocsin wrote it, bring
            it to this version, which then alone can read it.
        upgrading: called while an archive is brought to this version, with the number of statements just copied, at first with 0.

    Raises:
        InputError: if there is no archive to read, or the file is not an archive of this version.
        SolveError: if the file cannot be opened.
    """
    path = default_file() if file is None else Path(file)
    return Archive(path, connect(path, writing=writing, upgrading=upgrading))
