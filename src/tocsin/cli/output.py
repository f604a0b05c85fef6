"""Everything that the command line prints.

Titles, labels and names come from files of others. A control character in them could move the cursor, set colours or reverse the writing
direction, and so forge a line of the output. None reaches the terminal.
"""

from __future__ import annotations

import sys

import click

from tocsin.cli.languages import current_language
from tocsin.tables import printable
from tocsin.translation import Text, Translator, in_words


def say(text: str, *, err: bool = False) -> None:
    """Print a text in the language of the command, without control characters."""
    click.echo(printable(spoken(text), lines=True), err=err)


def spoken(text: str) -> str:
    """Return a message of the program in the language of the command; another text as it is."""
    return Translator(language=current_language()).plain(text) if isinstance(text, Text) else text


def warn(text: str) -> None:
    """Print what went wrong to the standard error, after the name of the program."""
    say(in_words(["tocsin:", text]), err=True)


def emit(data: str) -> None:
    """Print data for another program: as they are into a file or a pipe, without control characters on a terminal."""
    click.echo(printable(data, lines=True) if sys.stdout.isatty() else data, nl=False)
