"""Check a note before it is given to a run."""

from __future__ import annotations

from tocsin.errors import InputError
from tocsin.translation import message

MAX_NOTE = 1000
"""Characters of a note."""


def check_note(text: str) -> None:
    """Check the length of a note.

    Raises:
        InputError: if it is longer than `MAX_NOTE`.
    """
    if len(text) > MAX_NOTE:
        raise InputError(
            message("the note has {count} characters", count=len(text)),
            remedy=message("use at most {most}", most=MAX_NOTE),
        )
