"""Tables as CSV that a spreadsheet opens without running a text as a formula."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

FORMULA = r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]"
"""Beginnings of a text that a spreadsheet may take for a formula (OWASP, CSV Injection). A number is no text and stays as it is."""
CONTROL = r"[\p{C}\u2028\u2029&&[^\t\r\n]]"
"""Characters that could end a cell, move a cursor or reverse the writing; see `tables.printable`."""


def to_csv(frame: pl.DataFrame) -> bytes:
    """Return a table as CSV in UTF-8: a text that begins like a formula gets an apostrophe before it, a control
    character becomes a space, and what is missing or empty is an empty cell."""
    import polars as pl

    safe = [_safe(name) for name, kind in frame.schema.items() if kind == pl.String]
    file = BytesIO()
    frame.with_columns(safe).write_csv(file)
    return file.getvalue()


def _safe(column: str) -> pl.Expr:
    import polars as pl

    text = pl.col(column).str.replace_all(CONTROL, " ")
    safe = pl.when(text.str.contains(FORMULA)).then(pl.lit("'") + text).otherwise(text)
    return pl.when(text != "").then(safe).alias(column)
