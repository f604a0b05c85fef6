"""A piece of a sentence that a rule found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` (exclusive, from 0) of a sentence, and their text."""

    start: int
    end: int
    text: str

    def overlaps(self, start: int, end: int) -> bool:
        """Return whether the span shares a character with another piece of the sentence."""
        return self.start < end and start < self.end


def is_free(start: int, end: int, taken: Iterable[Span]) -> bool:
    """Return whether a piece of a sentence shares no character with spans that were taken before."""
    return not any(span.overlaps(start, end) for span in taken)
