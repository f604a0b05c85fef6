"""Places in files, and the limit on numbers."""

from __future__ import annotations

from dataclasses import dataclass

Loc = tuple[str | int, ...]
"""Path to a value: keys of mappings and indices of lists."""
LIMIT = 1e18
"""Largest absolute value of a number."""


@dataclass(frozen=True)
class Place:
    """A place in a file: the file's name as shown to the user, line and column from 1 (column None: the whole line)."""

    file: str
    line: int
    column: int | None = None
