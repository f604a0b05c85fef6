"""Count the headlines of a table about a target, without those that the coder cannot read."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tocsin.errors import InputError
from tocsin.rhetoric.coder import coder
from tocsin.rhetoric.coding import code_table
from tocsin.rhetoric.languages import is_readable
from tocsin.rhetoric.series import Every, tally
from tocsin.rhetoric.targets import target_code


@dataclass(frozen=True)
class HeadlineCounts:
    """The counts of a table of headlines.

    Attributes:
        counts: as `tally` returns them.
        headlines: number of headlines counted.
        unreadable: number of headlines left out because they have no English or Korean word.
        missing: number of rows left out because they have no headline.
    """

    counts: pl.DataFrame
    headlines: int
    unreadable: int
    missing: int

    def remarks(self) -> list[str]:
        """Return a sentence for each kind of headline that was left out."""
        kinds = ((self.unreadable, "have no English or Korean word"), (self.missing, "are empty"))
        return [f"{number:,} headlines {what}: left out" for number, what in kinds if number]


def count_headlines(
    headlines: pl.DataFrame, target: str, every: Every = "week", file: str | None = None
) -> HeadlineCounts:
    """Code headlines and count those about a target; see `tally`.

    Args:
        headlines: columns id, date and headline, as `inputs.dated_headlines` returns them.
        target: ISO code or name of a state; see `targets.target_code`.
        every: length of a period.
        file: name of the table in errors.

    Raises:
        InputError: if the target is unknown, or no headline can be read.
    """
    code = target_code(target)
    missing = headlines["headline"].str.strip_chars() == ""
    readable = pl.Series([is_readable(text) for text in headlines["headline"]], dtype=pl.Boolean)
    unreadable = int((~readable & ~missing).sum())
    if not readable.any():
        found = f"{headlines.height:,} rows, but none" if headlines.height else "no rows, so none"
        raise InputError(
            f"{found} has a headline in English or Korean",
            file=file,
            remedy="give headlines in English, or in Korean with `pip install 'tocsin[korean]'`",
        )
    table = headlines.filter(readable)
    codes = code_table(coder(), table).drop("words").with_columns(table["date"], table["headline"])
    return HeadlineCounts(tally(codes, code, every), table.height, unreadable, int(missing.sum()))
