"""Count the headlines of a table about a target, without those that the coder cannot read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from tocsin.errors import InputError
from tocsin.rhetoric.coder import coder
from tocsin.rhetoric.coding import code_table
from tocsin.rhetoric.languages import is_readable
from tocsin.rhetoric.series import Every, tally
from tocsin.rhetoric.targets import target_code
from tocsin.translation import message

FIRST_ISSUE = dt.date(1945, 11, 1)
"""First day of the oldest outlet of North Korea, the newspaper that became Rodong Sinmun; the news agency began in December 1946."""


@dataclass(frozen=True)
class HeadlineCounts:
    """The counts of a table of headlines.

    Attributes:
        counts: as `tally` returns them.
        headlines: number of headlines counted.
        unreadable: number of headlines left out because they have no English or Korean word.
        missing: number of rows left out because they have no headline.
        repeated: number of headlines counted that have the day and the words of an earlier row.
        repeated_ids: number of headlines counted that have the id of an earlier row.
        early: number of headlines counted with a day before `FIRST_ISSUE`.
    """

    counts: pl.DataFrame
    headlines: int
    unreadable: int
    missing: int
    repeated: int = 0
    repeated_ids: int = 0
    early: int = 0

    def remarks(self) -> list[str]:
        """Return a sentence for each kind of headline that was left out, or is counted and probably should not be."""
        kinds = (
            (self.unreadable, "headlines have no English or Korean word: left out"),
            (self.missing, "headlines are empty: left out"),
            (
                self.repeated,
                "rows repeat the day and headline of an earlier row: counted; remove them if they are copies",
            ),
            (self.repeated_ids, "rows repeat the id of an earlier row: counted; remove them if they are copies"),
            (
                self.early,
                f"rows have a day before {FIRST_ISSUE}, when the first outlet of North Korea appeared: counted; check the years",
            ),
        )
        return [f"{number:,} {what}" for number, what in kinds if number]


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
        raise InputError(
            message("no row has a headline in English or Korean")
            if headlines.height
            else message("no rows, so no headline in English or Korean"),
            file=file,
            remedy=message("give headlines in English, or in Korean with `pip install 'tocsin[korean]'`"),
        )
    table = headlines.filter(readable)
    codes = code_table(coder(), table).drop("words").with_columns(table["date"], table["headline"])
    return HeadlineCounts(
        tally(codes, code, every),
        table.height,
        unreadable,
        int(missing.sum()),
        repeated=table.height - table.unique(["date", "headline"]).height,
        repeated_ids=_repeats(table["source_id"]) if "source_id" in table.columns else 0,
        early=int((table["date"] < FIRST_ISSUE).sum()),
    )


def _repeats(ids: pl.Series) -> int:
    """Return how many ids are the same as an earlier one; missing ids do not count."""
    known = ids.drop_nulls()
    return known.len() - known.n_unique()
