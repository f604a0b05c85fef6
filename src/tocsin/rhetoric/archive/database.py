"""Open the SQLite file of an archive, create its tables, and explain why it cannot be used."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tocsin.errors import InputError, SolveError, TocsinError
from tocsin.translation import message

APPLICATION, VERSION = 0x54_43_53_4E, 3
EARLIER = 2
"""Version that is searched as it is, and brought to `VERSION` before anything is added."""
UPGRADED_AT_ONCE = 5_000
"""Statements copied between two reports of progress."""
TIMEOUT = 10.0
"""Seconds to wait for another writer."""
CACHE_KIB = 262_144
_SCHEMA = f"""
PRAGMA application_id = {APPLICATION};
CREATE TABLE IF NOT EXISTS statements (
    id INTEGER PRIMARY KEY, date TEXT, outlet TEXT, language TEXT, audience TEXT, rung TEXT, address TEXT, source_id TEXT,
    hash TEXT NOT NULL, alike INTEGER, title TEXT NOT NULL, text TEXT NOT NULL, translation TEXT);
CREATE INDEX IF NOT EXISTS by_hash ON statements (hash);
CREATE INDEX IF NOT EXISTS by_source ON statements (source_id) WHERE source_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_alike ON statements (alike) WHERE alike IS NOT NULL;
CREATE TABLE IF NOT EXISTS outlets (outlet TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bands (band INTEGER, id INTEGER, PRIMARY KEY (band, id)) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    title, text, translation, marks, content = '', columnsize = 0, tokenize = 'ascii');
PRAGMA user_version = {VERSION};
"""
_LIFT_UNIQUE = """
ALTER TABLE statements RENAME TO earlier;
DROP INDEX by_source;
DROP INDEX by_alike;
"""
"""Version 2 had `hash TEXT NOT NULL UNIQUE`; all else, the hashes included, is as in version 3."""
# `alike` is null for a statement that is not a near-duplicate of an earlier one. The index stores the terms that `terms` makes. The
# tokenizer `ascii` leaves them as they are: it splits only at ASCII characters that are not alphanumeric.
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_NEEDS_FILES = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})
"""Errors of a reader that cannot create the files of the write-ahead log."""
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
"""SQLITE_ERROR is here because the program's queries are valid: only a table that cannot be read makes them fail."""


def default_file() -> Path:
    """Return the file that the environment variable TOCSIN_ARCHIVE names, or else `archive.db` in the user's data folder."""
    from platformdirs import user_data_path

    named = os.environ.get("TOCSIN_ARCHIVE")
    return Path(named) if named else user_data_path("tocsin") / "archive.db"


def connect(file: Path, *, writing: bool, upgrading: Callable[[int], None] | None = None) -> sqlite3.Connection:
    """Return a connection to an archive.

    Args:
        file: the archive.
        writing: create the archive if it does not exist, and bring one of the earlier version to this version.
        upgrading: called with the number of statements just brought to this version, at first with 0.

    Raises:
        InputError: if there is no archive to read, or the file is not an archive of this version.
        SolveError: if the file cannot be opened.
    """
    if not writing and not file.exists():
        raise InputError(
            message("no such archive"), file=str(file), remedy=message("create it: `tocsin rhetoric add FILES`")
        )
    created = writing and not file.exists()
    with explaining(file):
        if writing:
            file.parent.mkdir(parents=True, exist_ok=True)
        connection = _open(file, writing=writing)
        try:
            _check(file, connection, writing=writing)
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            if writing:
                connection.execute("PRAGMA journal_mode = WAL")
                if _version(connection) != VERSION:
                    _bring_to_version(connection, upgrading or (lambda _more: None))
            else:
                connection.execute("PRAGMA query_only = 1")
        except BaseException:
            connection.close()
            if created and not file.stat().st_size:
                file.unlink()
            raise
    return connection


def _open(file: Path, *, writing: bool) -> sqlite3.Connection:
    """Return a connection; one to an archive on a disk that cannot be written needs no files beside it."""
    connection = sqlite3.connect(file, timeout=TIMEOUT, isolation_level=None)
    if writing:
        return connection
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF not in _NEEDS_FILES:
            return connection
        connection.close()
        _check_log(file)
        address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(address, timeout=TIMEOUT, isolation_level=None, uri=True)
    return connection


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _bring_to_version(connection: sqlite3.Connection, upgrading: Callable[[int], None]) -> None:
    """Create the tables, or bring them to `VERSION`, in one transaction: a killed program leaves them as they were."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if (version := _version(connection)) == 0:
            _run(connection, _SCHEMA)
        elif version == EARLIER:  # another program may have changed it since
            upgrading(0)
            _upgrade(connection, upgrading)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _upgrade(connection: sqlite3.Connection, upgrading: Callable[[int], None]) -> None:
    """Copy the statements, in the order of their numbers, to a table that may hold a hash twice."""
    _run(connection, _LIFT_UNIQUE + _SCHEMA)
    copy = "INSERT INTO statements SELECT * FROM earlier WHERE id > ? ORDER BY id LIMIT ?"
    last = -1
    while copied := connection.execute(copy, (last, UPGRADED_AT_ONCE)).rowcount:
        (last,) = connection.execute("SELECT max(id) FROM statements").fetchone()
        upgrading(copied)
    connection.execute("DROP TABLE earlier")


def _run(connection: sqlite3.Connection, script: str) -> None:
    """Run a script within a transaction, which `executescript` would commit."""
    for command in script.split(";"):
        connection.execute(command)


def _check_log(file: Path) -> None:
    """Refuse an archive whose last statements are only in its write-ahead log, which SQLite then ignores.

    Raises:
        InputError: if there is such a log.
    """
    log = file.with_name(f"{file.name}-wal")
    if log.exists() and log.stat().st_size:
        raise InputError(
            message(
                "the disk cannot be written, and {log} holds statements that are not in the archive yet", log=log.name
            ),
            file=str(file),
            remedy=message("copy both files to a disk that can be written, and name the copy with --archive"),
        )


def _check(file: Path, connection: sqlite3.Connection, *, writing: bool) -> None:
    try:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise InputError(
                message("not an archive"), file=str(file), remedy=message("name another file with --archive")
            ) from error
        raise
    application, version = connection.execute("PRAGMA application_id").fetchone()[0], _version(connection)
    if tables and application != APPLICATION:
        raise InputError(
            message("this database belongs to another program"),
            file=str(file),
            remedy=message("name another file with --archive"),
        )
    if version > VERSION:
        raise InputError(
            message("this archive needs a later version of Tocsin"), file=str(file), remedy=message("update Tocsin")
        )
    if version not in (0, EARLIER, VERSION):
        raise InputError(
            message("an earlier version of Tocsin wrote this archive"),
            file=str(file),
            remedy=message("export it with that version and add the export to a new archive"),
        )
    if not tables and not writing:
        raise InputError(
            message("the archive is empty"),
            file=str(file),
            remedy=message("add statements: `tocsin rhetoric add FILES`"),
        )


@contextmanager
def explaining(file: Path) -> Iterator[None]:
    """Turn errors of SQLite and of the file system into errors with a remedy.

    Raises:
        SolveError: if another writer holds the archive, the disk is full, or the file is damaged.
    """
    try:
        yield
    except TocsinError:
        raise
    except (OSError, sqlite3.Error) as error:
        raise SolveError(
            message("{file}: cannot use the archive: {reason}", file=str(file), reason=str(error)),
            remedy=_remedy(error),
        ) from error


def _remedy(error: OSError | sqlite3.Error) -> str:
    if isinstance(error, sqlite3.ProgrammingError):
        return message("use the archive while it is open, in the thread that opened it")
    extended = getattr(error, "sqlite_errorcode", None)
    code = None if extended is None else extended & 0xFF
    if code in _BUSY:
        return message("wait until the other import has ended")
    if code == sqlite3.SQLITE_READONLY:
        return message("open it with writing=True, and check permissions")
    if code in _DAMAGED:
        return message("the file is damaged: restore a copy, or add the statements to a new archive")
    return message("check disk space and permissions")
