"""A problem of a case that parsed: what, at which path of the file, and the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.errors import did_you_mean
from tocsin.reading import Loc


@dataclass(frozen=True)
class Problem:
    """`loc` is the path of the key in the file; `at_key` says that the key itself is wrong, not its value;
    `offset` is the character of the text at which it goes wrong, from 1, where the value is a test."""

    loc: Loc
    message: str
    remedy: str | None = None
    offset: int | None = None
    at_key: bool = False


class CaseProblems(Exception):  # noqa: N818 - it is several
    """Every problem of a case that parsed, at least one, in no fixed order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message)
        self.problems = tuple(problems)


def unknown(loc: Loc, what: str, name: str, known: Iterable[str], *, at_key: bool = False) -> Problem:
    """The problem of a name that nothing in the case has, with the nearest that something has."""
    return Problem(loc, f"unknown {what} `{name}`", did_you_mean(name, known), at_key=at_key)
