"""Languages that mark or drop every message, so that a test sees which words were never one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import Formatter

OPEN, CLOSE = "⟦", "⟧"


class Marked(Mapping[tuple[str, str], str]):
    """Translate every template by putting it into brackets."""

    def __getitem__(self, key: tuple[str, str]) -> str:
        return f"{OPEN}{key[1]}{CLOSE}"

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Silent(Mapping[tuple[str, str], str]):
    """Translate every template by its values alone, each in brackets, so that no word of a template is left."""

    def __getitem__(self, key: tuple[str, str]) -> str:
        return "".join(f"{OPEN}{{{name}}}{CLOSE}" for _, name, _, _ in Formatter().parse(key[1]) if name)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(())

    def __len__(self) -> int:
        return 0


class MarkedWords(Marked):
    """Put only the words of each template into brackets, so that values that are no messages stand outside."""

    def __getitem__(self, key: tuple[str, str]) -> str:
        pieces = re.split(r"(\{[^{}]*\})", key[1])
        return "".join(piece if piece.startswith("{") or not piece else f"{OPEN}{piece}{CLOSE}" for piece in pieces)


def bare_words(text: str) -> set[str]:
    """Return the words in Latin letters that stand outside brackets."""
    return set(re.findall(r"[A-Za-z]{2,}", re.sub(f"{OPEN}[^{CLOSE}]*{CLOSE}", " ", text)))
