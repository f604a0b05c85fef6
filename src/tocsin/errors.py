"""Errors of the project, whose texts say what is wrong, where, and the remedy.

`exit_code` is the exit status of the command line: 1 for a failed computation, 2 for bad input.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar

from tocsin.translation import Text, either, in_commas, in_lines, message, plural

FIRST = 3
"""Number of problems of one cause that are shown."""
MAX_LINES = 36
"""Lines of a screen, from which further causes are only counted."""
_CELL = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|\d[\d.,]*")
"""What differs between the messages of one cause: quoted texts, names and numbers."""


class TocsinError(Exception):
    """An error that stops a run and that one message explains.

    `message` says what is wrong; `remedy` says what to do about it. `str()` gives both in English, `text()` in any language.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return str(self.text())

    def text(self) -> Text:
        """Return what is wrong and the remedy, on several lines."""
        return in_lines(self.lines())

    def lines(self) -> list[str]:
        """Return the lines of `text()`."""
        return located("", self.message, self.remedy)


class InputError(TocsinError):
    """Bad input, with its location and remedy.

    `file` names the file as the user knows it; `line` and `column` count from 1; `remedy` says what to write
    instead. `text()` gives "file:line:column: message", and the remedy on its own line.
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

    def lines(self) -> list[str]:
        """Return the lines of `text()`."""
        if self.file is None and self.line is None and self.column is not None:
            return located(message("character {number}", number=self.column), self.message, self.remedy)
        return located(place_text(self.file, self.line, self.column), self.message, self.remedy)

    def sort_key(self) -> tuple[str, int, int, str]:
        """Return the key that orders problems by file, line, column and text."""
        return (self.file or "", self.line or 0, self.column or 0, self.message)


class CaseErrors(InputError):  # noqa: N818 - it holds several
    """All problems found in a case: `problems`, sorted by file and line, at least one.

    `text()` groups them by cause and is at most about `MAX_LINES` long: of each cause it gives the first problems and a count.
    """

    def __init__(self, problems: Iterable[InputError]) -> None:
        self.problems: tuple[InputError, ...] = tuple(sorted(problems, key=InputError.sort_key))
        first = self.problems[0]
        super().__init__(first.message, file=first.file, line=first.line, column=first.column, remedy=first.remedy)

    def lines(self) -> list[str]:
        """Return the lines of `text()`."""
        groups: dict[tuple[str, ...], list[InputError]] = {}
        for problem in self.problems:
            groups.setdefault(_cause(problem), []).append(problem)
        lines: list[str] = []
        left = len(self.problems)
        for group in groups.values():
            lines += _grouped(group)
            left -= len(group)
            if left and len(lines) >= MAX_LINES:
                lines.append(plural("and {count} more problem", "and {count} more problems", left))
                break
        return lines


def _cause(problem: InputError) -> tuple[str, ...]:
    """Return what the problems of one cause share: the file, and the texts without what differs between cells.

    In a table one remedy serves for all; elsewhere a remedy names what is wrong there.
    """
    file, remedy = problem.file or "", problem.remedy or ""
    return file, _CELL.sub("_", problem.message), _CELL.sub("_", remedy) if file.endswith(".csv") else remedy


def _grouped(problems: list[InputError]) -> list[str]:
    """Return the lines for the problems of one cause: the first ones, a count of the others, and the remedy once."""
    if len(problems) <= FIRST:
        return [line for problem in problems for line in problem.lines()]
    others = [problem.line for problem in problems[FIRST:]]
    first = [problem.lines() for problem in problems[:FIRST]]
    return [*(head for head, *_ in first), _others_text(others), *first[0][1:]]


def _others_text(lines: list[int | None]) -> Text:
    """Return how many further problems one cause has, and on which lines the first of them stand."""
    named = [str(line) for line in lines[:FIRST] if line is not None]
    if not named:
        return message("and {number} more of this cause", number=len(lines))
    shown = in_commas([*named, "..."] if len(lines) > FIRST else named)
    return plural(
        "and {count} more of this cause: line {lines}",
        "and {count} more of this cause: lines {lines}",
        len(lines),
        lines=shown,
    )


def place_text(file: str | None, line: int | None, column: int | None) -> str:
    """Return "file:line:column", as far as they are known."""
    return ":".join(str(part) for part in (file, line, column) if part is not None)


def located(place: str, problem: str, remedy: str | None) -> list[str]:
    """Return the lines that say where a problem is, what it is, and what to do about it; place and remedy may be empty."""
    head = message("{place}: {problem}", place=place, problem=problem) if place else problem
    return [head, message("  remedy: {remedy}", remedy=remedy)] if remedy else [head]


class SolveError(TocsinError):
    """A computation that could not finish: no convergence, no data, no disk space."""


def did_you_mean(word: str, known: Iterable[str]) -> Text:
    """Return a remedy for a misspelt name: the nearest of `known`, or the first twelve if none is near."""
    names = sorted(set(known))
    near = near_names(word, names)
    if near:
        return did_you_mean_one_of(near)
    return use_one_of(names) if names else message("none is defined in this case")


def near_names(word: str, known: Iterable[str]) -> list[str]:
    """Return at most three names that a misspelt name may mean, the nearest first."""
    names = sorted(set(known))
    return get_close_matches(word, names, n=3, cutoff=0.6) or _same_letters(word, names)


def did_you_mean_one_of(names: Iterable[str]) -> Text:
    """Return the remedy that offers these names."""
    return message("did you mean {names}?", names=either(f"`{name}`" for name in names))


def use_one_of(known: Iterable[str]) -> Text:
    """Return a remedy that offers the first twelve names in order."""
    names = sorted(set(known))
    first = in_commas(names[:12])
    return (
        message("use one of {names}, ...", names=first)
        if len(names) > 12
        else message("use one of {names}", names=first)
    )


def _same_letters(word: str, names: list[str]) -> list[str]:
    return [name for name in names if name.lower() == word.lower()]
