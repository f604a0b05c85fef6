"""The file of an archive: its tables, how it is opened, and what is said when it cannot be used."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tocsin.errors import InputError, SolveError, TocsinError

APPLICATION, VERSION = 0x54_43_53_4E, 2
PATIENCE = 10.0
"""Seconds for which another writer is waited for."""
CACHE_KIB = 262_144
_SCHEMA = f"""
PRAGMA application_id = {APPLICATION};
CREATE TABLE IF NOT EXISTS statements (
    id INTEGER PRIMARY KEY, date TEXT, outlet TEXT, language TEXT, audience TEXT, rung TEXT, address TEXT, source_id TEXT,
    hash TEXT NOT NULL UNIQUE, alike INTEGER, title TEXT NOT NULL, text TEXT NOT NULL, translation TEXT);
CREATE INDEX IF NOT EXISTS by_source ON statements (source_id) WHERE source_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_alike ON statements (alike) WHERE alike IS NOT NULL;
CREATE TABLE IF NOT EXISTS outlets (outlet TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bands (band INTEGER, id INTEGER, PRIMARY KEY (band, id)) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    title, text, translation, marks, content = '', columnsize = 0, tokenize = 'ascii');
PRAGMA user_version = {VERSION};
"""
# `alike` is null for a statement that is like no earlier one; the index holds terms that are made in `terms`, which the
# tokenizer `ascii` leaves as they are: it parts only at what is neither a letter nor beyond ASCII.


def default_file() -> Path:
    """Where the archive is when nothing else is said: TOCSIN_ARCHIVE, else in the user's data folder."""
    from platformdirs import user_data_path

    named = os.environ.get("TOCSIN_ARCHIVE")
    return Path(named) if named else user_data_path("tocsin") / "archive.db"


def connect(file: Path, *, writing: bool) -> sqlite3.Connection:
    """A connection to an archive; to write, its tables are made where there are none.

    Raises:
        InputError: if there is none to read, or the file is no archive, or one of another version.
        SolveError: if it cannot be opened.
    """
    if not writing and not file.exists():
        raise InputError("there is no archive", file=str(file), remedy="fill it: `tocsin rhetoric add FILES`")
    with told(file):
        if writing:
            file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)
        try:
            _check(file, connection, writing=writing)
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            if writing:
                connection.execute("PRAGMA journal_mode = WAL")
                if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                    connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
            else:
                connection.execute("PRAGMA query_only = 1")
        except BaseException:
            connection.close()
            raise
    return connection


def _check(file: Path, connection: sqlite3.Connection, *, writing: bool) -> None:
    try:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise InputError("this is no archive", file=str(file), remedy="name another file by --archive") from error
        raise
    application, version = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    if tables and application != APPLICATION:
        raise InputError("a database of another program", file=str(file), remedy="name another file by --archive")
    if version > VERSION:
        raise InputError("an archive of a later version of Tocsin", file=str(file), remedy="update Tocsin")
    if version not in (0, VERSION):
        raise InputError(
            "an archive of an earlier version of Tocsin",
            file=str(file),
            remedy="export it with that version and add it to a new archive",
        )
    if not tables and not writing:
        raise InputError("the archive is empty", file=str(file), remedy="fill it: `tocsin rhetoric add FILES`")


@contextmanager
def told(file: Path) -> Iterator[None]:
    """What goes wrong with the file inside, as an error with its remedy.

    Raises:
        SolveError: if another writer holds the archive, the disk is full, or the file is damaged.
    """
    try:
        yield
    except TocsinError:
        raise
    except (OSError, sqlite3.Error) as error:
        raise SolveError(f"{file}: the archive cannot be used: {error}", remedy=_remedy(str(error))) from error


def _remedy(said: str) -> str:
    if "locked" in said or "busy" in said:
        return "wait until the other import has ended"
    if "malformed" in said or "corrupt" in said or "vtable constructor" in said:
        return "the file is damaged: take a copy of it, or add the statements to a new archive"
    return "see to the disk and its rights"
