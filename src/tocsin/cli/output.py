"""Everything that the command line prints.

Titles, labels and names come from files of others. A control character in them could move the cursor, set colours or reverse the writing
direction, and so forge a line of the output. None reaches the terminal.
"""

from __future__ import annotations

import sys

import click

from tocsin.tables import printable


def say(text: str, *, err: bool = False) -> None:
    """Print a text without control characters."""
    click.echo(printable(text, lines=True), err=err)


def emit(data: str) -> None:
    """Print data for another program: as they are into a file or a pipe, without control characters on a terminal."""
    click.echo(printable(data, lines=True) if sys.stdout.isatty() else data, nl=False)
