"""Remarks on cells of a table, grouped by cause: the first three rows, a count and one remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.translation import Text, in_commas, in_lines, message, plural

FIRST = 3
"""Number of rows that a group of remarks shows."""
MAX_GROUPS = 12
"""Largest number of groups that are printed."""
_MAX_CELL = 40


class CellError(Exception):
    """A cell that cannot be read: the cause, which names no cell, the remedy, and the cell if it is not that of the value."""

    def __init__(self, cause: str, remedy: str, cell: str | None = None) -> None:
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy
        self.cell = cell


@dataclass(frozen=True)
class Remark:
    """A remark on one cell.

    Attributes:
        cause: what is the matter, in the same words for every cell of one cause.
        remedy: what to do about it; may be empty.
        row: the number of the row in the file, from 1.
        cell: the cell as written; empty if the remark is about the whole row.
    """

    cause: str
    remedy: str
    row: int
    cell: str = ""


def grouped(remarks: Iterable[Remark]) -> list[Text]:
    """Return one text for each cause, in the order of their first rows."""
    groups: dict[tuple[str, str], list[Remark]] = {}
    for remark in remarks:
        groups.setdefault((remark.cause, remark.remedy), []).append(remark)
    texts = [_text(cause, remedy, group) for (cause, remedy), group in groups.items()]
    if len(texts) > MAX_GROUPS:
        more = plural("and {count} more cause", "and {count} more causes", len(texts) - MAX_GROUPS)
        return [*texts[:MAX_GROUPS], more]
    return texts


def _text(cause: str, remedy: str, group: list[Remark]) -> Text:
    places: str = in_commas(_place(remark) for remark in group[:FIRST])
    if len(group) > FIRST:
        places = message("{places} and {count} more", places=places, count=len(group) - FIRST)
    head = message("{cause}: {places}", cause=cause, places=places)
    return in_lines([head, message("  remedy: {remedy}", remedy=remedy)]) if remedy else head


def _place(remark: Remark) -> Text:
    if not remark.cell:
        return message("row {row}", row=remark.row)
    cell = remark.cell if len(remark.cell) <= _MAX_CELL else f"{remark.cell[: _MAX_CELL - 3]}..."
    return message("row {row} ({cell})", row=remark.row, cell=repr(cell))
