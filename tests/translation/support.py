"""Languages that mark or drop every message, so that a test sees which words were never one."""

from __future__ import annotations

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
