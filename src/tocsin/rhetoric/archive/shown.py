"""Statements on a terminal: what was found, marked in its place, and nothing that could steer the terminal."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from tocsin.rhetoric.archive.statement import Statement
from tocsin.rhetoric.archive.terms import pattern

AROUND = 70
"""Letters of a text that are shown on either side of what was found in it."""


@dataclass(frozen=True)
class Snippet:
    """A piece of a text, in compatibility forms made one (NFKC), and where in it stands what was asked for: first and end of each."""

    text: str
    hits: tuple[tuple[int, int], ...] = ()

    def marked(self) -> str:
        """The piece with brackets about each hit."""
        parts, at = [], 0
        for first, end in self.hits:
            parts += [self.text[at:first], "[", self.text[first:end], "]"]
            at = end
        return "".join([*parts, self.text[at:]])


def snippet(text: str, words: str) -> Snippet:
    """The first place of a text at which something asked for stands; its beginning where nothing does.

    Args:
        text: any; words: as in `terms.query`.
    """
    shown = printable(unicodedata.normalize("NFKC", text))
    hits = [match.span() for match in pattern(words).finditer(_lower(shown)) if match[0]]
    first = max(hits[0][0] - AROUND, 0) if hits else 0
    end = min(max(hits[0][1] if hits else 0, first + AROUND) + AROUND, len(shown))
    before, after = "…" if first else "", "…" if end < len(shown) else ""
    move = len(before) - first
    inside = tuple((at + move, stop + move) for at, stop in hits if stop <= end)
    return Snippet(f"{before}{shown[first:end]}{after}", inside)


def title(statement: Statement, words: str) -> Snippet:
    """The whole title with what was asked for."""
    shown = printable(unicodedata.normalize("NFKC", statement.title))
    return Snippet(shown, tuple(match.span() for match in pattern(words).finditer(_lower(shown)) if match[0]))


def body(statement: Statement, words: str) -> Snippet | None:
    """A piece of the text, or of the translation if what was asked for stands only there; None where there is no text."""
    pieces = [snippet(each, words) for each in (statement.text, statement.translation) if each]
    return next((piece for piece in pieces if piece.hits), pieces[0] if pieces else None)


def printable(text: str, *, lines: bool = False) -> str:
    """A text for a terminal: without control characters that could move the cursor, change colours or turn the direction of
    writing; on one line unless `lines`."""
    kept = "".join(char if char.isprintable() or (lines and char == "\n") else " " for char in text)
    return kept if lines else " ".join(kept.split())


def _lower(text: str) -> str:
    """Lower case with every letter in its place."""
    lower = text.casefold()
    return (
        lower
        if len(lower) == len(text)
        else "".join(low if len(low := char.casefold()) == 1 else char for char in text)
    )
