"""Errors of the project, whose texts say what is wrong, where, and the remedy.

`exit_code` is the exit status of the command line: 1 for a failed computation, 2 for bad input.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar


class TocsinError(Exception):
    """An error that stops a run and that one message explains.

    `message` says what is wrong; `remedy` says what to do about it. `str()` gives the message, and the remedy on its own line.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  remedy: {self.remedy}" if self.remedy else self.message


class InputError(TocsinError):
    """Bad input, with its location and remedy.

    `file` names the file as the user knows it; `line` and `column` count from 1; `remedy` says what to write
    instead. `str()` gives "file:line:column: message", and the remedy on its own line.
    """

    exit_code: ClassVar[int] = 2

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        if self.file is None and self.column is not None and self.line is None:
            place = f"character {self.column}"
        head = f"{place}: {self.message}" if place else self.message
        return f"{head}\n  remedy: {self.remedy}" if self.remedy else head

    def sort_key(self) -> tuple[str, int, int, str]:
        """Return the key that orders problems by file, line, column and text."""
        return (self.file or "", self.line or 0, self.column or 0, self.message)


class CaseErrors(InputError):  # noqa: N818 - it holds several
    """All problems found in a case: `problems`, sorted by file and line, at least one."""

    def __init__(self, problems: Iterable[InputError]) -> None:
        self.problems: tuple[InputError, ...] = tuple(sorted(problems, key=InputError.sort_key))
        first = self.problems[0]
        super().__init__(first.message, file=first.file, line=first.line, column=first.column, remedy=first.remedy)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class SolveError(TocsinError):
    """A computation that could not finish: no convergence, no data, no disk space."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a remedy for a misspelt name: the nearest of `known`, or the first twelve if none is near."""
    names = sorted(set(known))
    near = get_close_matches(word, names, n=3, cutoff=0.6) or _same_letters(word, names)
    if near:
        return "did you mean " + " or ".join(f"`{name}`" for name in near) + "?"
    if not names:
        return "none is defined in this case"
    return "use one of " + ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")


def _same_letters(word: str, names: list[str]) -> list[str]:
    return [name for name in names if name.lower() == word.lower()]
