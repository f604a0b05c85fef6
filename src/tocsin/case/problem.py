"""A problem of a case whose keys and types are valid: message, path in the file, and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.errors import did_you_mean
from tocsin.reading import Loc
from tocsin.translation import message

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


def unknown(loc: Loc, what: str, name: str, known: Iterable[str], *, at_key: bool = False) -> Problem:
    """Return the problem of an undefined name; its remedy gives the nearest of `known`."""
    return Problem(
        loc, message("unknown {what} `{name}`", what=what, name=name), did_you_mean(name, known), at_key=at_key
    )
