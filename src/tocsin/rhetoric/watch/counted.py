"""Count the statements of an archive week by week, as the series that comes with the program does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from tocsin.rhetoric.archive import Archive, Filter
from tocsin.rhetoric.coder import Coder
from tocsin.rhetoric.coder import coder as shipped_coder
from tocsin.rhetoric.coding import code_table
from tocsin.rhetoric.languages import is_readable
from tocsin.rhetoric.series import CRITICAL, stored_counts, stored_targets, tally
from tocsin.rhetoric.watch.coverage import YEAR, gaps

OUTLET, LANGUAGE = "kcna", "en"
"""Only the English service of the Korean Central News Agency is counted: the series that comes with the program is its own."""


@dataclass(frozen=True)
class Counted:
    """The coded statements of an archive that are counted, and the weekly counts of each target.

    Attributes:
        coded: columns id, date, headline, target, tone, speaker, theme; see `coding.code_table`.
        counts: target -> weekly counts: the series that comes with the program, and after its end the archive's.
        first: the first week of the archive's counts.
    """

    coded: pl.DataFrame
    counts: Mapping[str, pl.DataFrame]
    first: dt.date

    def statements(self, target: str, week: dt.date) -> list[int]:
        """Return the numbers of the critical statements about a target in a week."""
        about = pl.col("target").str.split(";").list.contains(target) & pl.col("tone").is_in(CRITICAL)
        in_week = pl.col("date").is_between(week, week + dt.timedelta(days=6))
        return [int(number) for number in self.coded.filter(about & in_week)["id"].sort()]

    def without_gaps(self, target: str, today: dt.date) -> pl.DataFrame:
        """Return the weekly counts of a target without the archive's weeks that are over and badly covered; see `coverage.gaps`."""
        unjudged = gaps(self.counts[target], today)
        left_out = [week for week, gap in unjudged.items() if week >= self.first and gap.kind != "open"]
        return self.counts[target].filter(~pl.col("from").is_in(left_out))

    def covered_weeks(self, today: dt.date) -> int:
        """Return the number of covered weeks in the year before a day; see `coverage.gaps`."""
        series = next(iter(self.counts.values())).filter(pl.col("from") >= today - YEAR)
        return len(set(series["from"]) - gaps(series, today).keys())


def end_of_stored() -> dt.date:
    """Return the Monday after the last week of the series that comes with the program."""
    last = stored_counts(stored_targets()[0])["from"].max()
    assert isinstance(last, dt.date)
    return last + dt.timedelta(weeks=1)


def countable(archive: Archive, today: dt.date) -> pl.DataFrame:
    """Return the statements of an archive after the end of the stored series, with columns id, date and headline.

    A headline counts once a day. Statements of other outlets or languages, without a day, or dated after `today` do not count.
    """
    first = end_of_stored()
    rows = []
    if OUTLET in archive.outlets() and today >= first:
        matches = archive.statements(Filter(first, today, outlet=OUTLET, language=LANGUAGE))
        rows = [(str(item.id), item.date, item.title) for item in matches if is_readable(item.title)]
    table = pl.DataFrame(rows, schema={"id": pl.String, "date": pl.Date, "headline": pl.String}, orient="row")
    return table.unique(["date", "headline"], keep="first", maintain_order=True)


def count_statements(table: pl.DataFrame, targets: Sequence[str], coder: Coder | None = None) -> Counted:
    """Code statements and count them by week after the stored series.

    Args:
        table: statements, as `countable` returns them; targets: ISO codes with stored counts.
        coder: None for the one that comes with the program.
    """
    coded = code_table(coder or shipped_coder(), table).drop("words").with_columns(table["date"], table["headline"])
    counts = {target: pl.concat([stored_counts(target), _tally(coded, target)]) for target in targets}
    return Counted(coded, counts, end_of_stored())


def _tally(coded: pl.DataFrame, target: str) -> pl.DataFrame:
    if not coded.height:
        return stored_counts(target).clear()
    return tally(coded, target)
