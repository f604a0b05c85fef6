"""Print tables as text and show results in notebooks."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def text_table(headers: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[int] = ()) -> str:
    """Return a table as plain text, with aligned columns that are no wider than their contents.

    Args:
        headers: names of the columns; if all are empty, there is no header line.
        rows: one value for each column, shown on one line; None is shown as an empty cell.
        right: indices of the columns that are aligned to the right.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=any(headers), show_edge=False, padding=(0, 2, 0, 0))
    for index, header in enumerate(headers):
        table.add_column(header, justify="right" if index in right else "left", no_wrap=True)
    for row in rows:
        table.add_row(*("" if value is None else printable(str(value)) for value in row))
    console = Console(width=10_000, color_system=None, force_terminal=False, markup=False, highlight=False, emoji=False)
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def printable(text: str, *, lines: bool = False) -> str:
    """Return a text without control characters, which could move the cursor, set colours or reverse the writing direction.

    Each becomes a space.

    Args:
        text: any text.
        lines: keep line breaks, tabs and runs of spaces; otherwise the result is one line with single spaces.
    """
    unsafe = {ord(char): " " for char in set(text) if not (char.isprintable() or unicodedata.category(char) == "Zs")}
    safe = text.translate({code: char for code, char in unsafe.items() if not (lines and code in (9, 10))})
    return safe if lines else " ".join(safe.split())


def significant(value: float, digits: int = 4) -> str:
    """Return a number with this many significant digits: `0.1974`, `12,346`, `3.210e-07`."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    exponent = int(f"{abs(value):.{digits - 1}e}".partition("e")[2])
    if not -digits <= exponent < 9:
        return f"{value:.{digits - 1}e}"
    return f"{value:,.{max(0, digits - 1 - exponent)}f}"


def html_table(title: str, frame: pl.DataFrame) -> str:
    """Return HTML that shows a titled table in a notebook."""
    return f"<p><strong>{escape(title)}</strong></p>{frame._repr_html_()}"
