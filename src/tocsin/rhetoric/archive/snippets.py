"""Show statements on a terminal: excerpts with highlighted matches, free of control characters."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from tocsin.rhetoric.archive.queries import parse_query
from tocsin.rhetoric.archive.statement import Statement
from tocsin.tables import printable

CONTEXT = 70
"""Letters shown on either side of a match."""


@dataclass(frozen=True)
class Snippet:
    """An excerpt of a text in compatibility form (NFKC), with the start and end of every match in it."""

    text: str
    hits: tuple[tuple[int, int], ...] = ()

    def bracketed(self) -> str:
        """Return the excerpt with brackets around every match."""
        parts, start = [], 0
        for first, end in self.hits:
            parts += [self.text[start:first], "[", self.text[first:end], "]"]
            start = end
        return "".join([*parts, self.text[start:]])


def snippet(text: str, words: str, *, variants: bool = True) -> Snippet:
    """Return an excerpt around the first match of a query (see `queries.parse_query`), or the beginning of the text."""
    shown = _shown(text)
    hits = _hits(shown, words, variants=variants)
    first = max(hits[0][0] - CONTEXT, 0) if hits else 0
    end = min(max(hits[0][1] if hits else 0, first + CONTEXT) + CONTEXT, len(shown))
    before, after = "…" if first else "", "…" if end < len(shown) else ""
    shift = len(before) - first
    inside = tuple((start + shift, stop + shift) for start, stop in hits if stop <= end)
    return Snippet(f"{before}{shown[first:end]}{after}", inside)


def title_snippet(statement: Statement, words: str, *, variants: bool = True) -> Snippet:
    """Return the whole title with all matches."""
    shown = _shown(statement.title)
    return Snippet(shown, tuple(_hits(shown, words, variants=variants)))


def text_snippet(statement: Statement, words: str, *, variants: bool = True) -> Snippet | None:
    """Return an excerpt of the text, or of the translation if only that matches; None if there is no text."""
    pieces = [snippet(text, words, variants=variants) for text in (statement.text, statement.translation) if text]
    return next((piece for piece in pieces if piece.hits), pieces[0] if pieces else None)


def _shown(text: str) -> str:
    return printable(unicodedata.normalize("NFKC", text))


def _hits(shown: str, words: str, *, variants: bool) -> list[tuple[int, int]]:
    pattern = parse_query(words, variants=variants).pattern
    return [match.span() for match in pattern.finditer(_lower(shown)) if match[0]]


def _lower(text: str) -> str:
    """Return the text in lower case, of the same length."""
    lower = text.casefold()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := char.casefold()) == 1 else char for char in text)
