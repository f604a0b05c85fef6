"""Small archives for the tests."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from click.testing import CliRunner

from tocsin.cli import main
from tocsin.rhetoric.archive import Archive, Defaults, Remark, Statement, open_archive
from tocsin.rhetoric.archive.reading import Parsed, read_file

TODAY = dt.date(2020, 1, 1)


def make_archive(file: Path, statements: list[Statement]) -> Archive:
    """Return an archive of these statements, open to read."""
    with open_archive(file, writing=True) as archive:
        archive.add(statements)
    return open_archive(file)


def read_all(file: Path) -> tuple[list[Statement], list[Remark]]:
    """Return the statements of a file, and the remarks."""
    items = list(read_file(file, Defaults(today=TODAY)))
    statements = [item.statement for item in items if isinstance(item, Parsed)]
    return statements, [item for item in items if isinstance(item, Remark)]


def run(*arguments: str | Path) -> tuple[int, str]:
    """Return the exit status and the output of `tocsin rhetoric` with these arguments."""
    result = CliRunner().invoke(main, ["rhetoric", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output
