"""A problem of a case whose keys and types are valid: message, path in the file, and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.errors import InputError, did_you_mean
from tocsin.reading import Loc, Place
from tocsin.translation import Text, in_commas, message

Finding = tuple[Loc, str, str | None]
"""What a case that loads gets a notice for: path in the file, message and remedy."""


@dataclass(frozen=True)
class Problem:
    """One problem of a case.

    Attributes:
        loc: path of the key in the file.
        message: what is wrong.
        remedy: what to do about it.
        offset: character of a test, from 1, at which the problem starts.
        at_key: whether the key itself is wrong, not its value.
    """

    loc: Loc
    message: str
    remedy: str | None = None
    offset: int | None = None
    at_key: bool = False


class CaseProblems(Exception):  # noqa: N818 - it holds several
    """All problems of a case, at least one, in no fixed order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message)
        self.problems = tuple(problems)


def error_at(place: Place, wrong: str, remedy: str | None) -> InputError:
    """Return the error at a place of a file."""
    return InputError(wrong, file=place.file, line=place.line, column=place.column, remedy=remedy)


def some_of(names: Sequence[str], most: int) -> Text:
    """Return names joined by commas, only the first `most` if there are more: "a, b and 3 more"."""
    return and_more(in_commas(names[:most]), len(names) - most)


def and_more(first: Text, others: int) -> Text:
    """Return what is said of the first things, and the number of the others if there are any."""
    return message("{names} and {count} more", names=first, count=others) if others > 0 else first


def unknown(loc: Loc, what: str, name: str, known: Iterable[str], *, at_key: bool = False) -> Problem:
    """Return the problem of an undefined name of what a text says; its remedy gives the nearest of `known`."""
    return Problem(
        loc, message("unknown {what} `{name}`", what=what, name=name), did_you_mean(name, known), at_key=at_key
    )
