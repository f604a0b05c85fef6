"""Small archives for the tests."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from click.testing import CliRunner

from tocsin.cli import main
from tocsin.rhetoric.archive.reading import Given, Remark, Taken, read
from tocsin.rhetoric.archive.statement import Statement
from tocsin.rhetoric.archive.store import Archive, open_archive

TODAY = dt.date(2020, 1, 1)


def filled(file: Path, statements: list[Statement]) -> Archive:
    """An archive of these statements, open to read."""
    with open_archive(file, writing=True) as archive:
        archive.add(statements)
    return open_archive(file)


def found(file: Path, given: Given | None = None) -> tuple[list[Statement], list[Remark]]:
    """What is read out of a file."""
    both = list(read(file, given or Given(TODAY)))
    return [each.statement for each in both if isinstance(each, Taken)], [
        each for each in both if isinstance(each, Remark)
    ]


def run(*arguments: str | Path) -> tuple[int, str]:
    """`tocsin rhetoric` with arguments: its exit status and what it printed."""
    done = CliRunner().invoke(main, ["rhetoric", *map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output
