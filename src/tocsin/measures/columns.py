"""Check the columns of a table."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tocsin.errors import InputError
from tocsin.translation import in_commas, message


def require(frame: pl.DataFrame, columns: Sequence[str]) -> None:
    """Raise InputError if a table lacks a column, naming the first missing one."""
    if missing := [name for name in columns if name not in frame.columns]:
        raise InputError(
            message("the table lacks the column `{column}`", column=missing[0]),
            remedy=message("give the columns {names}", names=in_commas(columns)),
        )
