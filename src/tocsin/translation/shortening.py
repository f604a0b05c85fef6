"""Shorten texts: by words where spaces part them, by characters in Japanese."""

from __future__ import annotations

_LEADING = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "than", "that", "the", "to", "with"]
)
"""Words that cannot end a shortened text."""
_CHARACTERS = 3
"""Characters of Japanese that take the place of an English word."""
_PARTICLES = "はがをにでとのもへ"
"""Japanese particles of one character, which end a phrase."""


def cut_words(text: str, max_words: int) -> str:
    """Return a text without its full stop, cut to `max_words` with an ellipsis."""
    parts = text.split()
    if len(parts) > max_words:
        words = parts[:max_words]
        while len(words) > 1 and words[-1].lower() in _LEADING:
            words.pop()
        return " ".join(words).rstrip(".,;:") + " …"
    text = " ".join(parts)
    return text if text.endswith("..") else text.removesuffix(".")


def cut_clause(text: str, max_words: int) -> str:
    """Return a text as `cut_words` does, but cut at the end of a clause where one ends early enough."""
    cut = cut_words(text, max_words)
    if not cut.endswith(" …"):
        return cut
    ends = [index for index, word in enumerate(cut.split()[:-1], start=1) if word[-1] in ".,;:"]
    return f"{' '.join(cut.split()[: ends[-1]]).rstrip('.,;:')} …" if ends and ends[-1] >= 0.6 * max_words else cut


def cut_characters(text: str, max_words: int) -> str:
    """Return a Japanese text without its full stop, cut to as many characters as take the place of so many English words."""
    text, size = " ".join(text.split()).removesuffix("。"), _CHARACTERS * max_words
    if len(text) <= size:
        return text
    cut = text[:size]
    stop = max(cut.rfind(mark) for mark in "、。；")
    if stop < 0.6 * size:  # then after a particle, so that no word is cut
        stop = max(cut.rfind(particle) for particle in _PARTICLES) + 1
    return f"{cut[:stop] if stop >= 0.6 * size else cut}…"
