"""Leaders and governments."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from tocsin.data.formats import read_frame
from tocsin.data.table import STATE, Column, Table

_SPELL = (
    Column("startdate", "start", pl.Date),
    Column("enddate", "end", pl.Date, "2015-12-31 if then in office"),
)


def _leader_list(file: Path) -> pl.DataFrame:
    """Return REIGN's list: a leader's first day and last month; the list's last month if still in office."""
    leaders = read_frame(file, "csv")
    needed = ("syear", "smonth", "sdate", "eyear", "emonth")
    if not set(needed) <= set(leaders.columns):
        return leaders
    first = [_date(*row) for row in leaders.select("syear", "smonth", "sdate").iter_rows()]
    last = [_date(year, month, 1) for year, month in leaders.select("eyear", "emonth").iter_rows()]
    return leaders.with_columns(
        startdate=pl.Series(first, dtype=pl.Date),
        enddate=pl.Series(last, dtype=pl.Date).dt.month_end(),
    )


def _date(year: int | None, month: int | None, day: int | None) -> date | None:
    try:
        return date(int(year), int(month), int(day))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


TABLES = {
    "leaders": Table(
        (
            Column("obsid", "spell", pl.String),
            Column(
                "gwcode", "state", pl.Int32, "Gleditsch-Ward code, which differs from the COW code for a few states"
            ),
            Column("leader", "leader", pl.String),
            *_SPELL,
            Column("entry", "entry", pl.String),
            Column("exit", "exit", pl.String),
        ),
        ("spell",),
    ),
    "leader_codes": Table(
        (
            Column("obsid", "spell", pl.String),
            Column("leadid", "archigos", pl.String),
            Column("leaderid", "lead", pl.String),
        ),
        ("spell",),
    ),
    "reign_leaders": Table(
        (
            STATE,
            Column("leader", "leader", pl.String),
            Column("startdate", "start", pl.Date),
            Column("enddate", "end", pl.Date, "end of the last month in office, or of the list"),
        ),
        ("state", "leader", "start"),
        _leader_list,
    ),
    "parlgov_countries": Table(
        (Column("id", "country", pl.Int32, "ParlGov number"), Column("name_short", "iso", pl.String, "ISO code")),
        ("country",),
    ),
    "parlgov_cabinets": Table(
        (
            Column("id", "cabinet", pl.Int32),
            Column("country", "country", pl.Int32, "ParlGov number"),
            Column("name", "name", pl.String),
            Column("start_date", "start", pl.Date),
            Column("caretaker", "caretaker", pl.Int8, "1 yes, 0 no"),
        ),
        ("cabinet",),
    ),
    "parlgov_cabinet_parties": Table(
        (
            Column("cabinet", "cabinet", pl.Int32),
            Column("party", "party", pl.Int32),
            Column("pm", "leads", pl.Int8, "1 the prime minister's party, 0 not"),
        ),
        ("cabinet", "party"),
    ),
    "parlgov_parties": Table(
        (
            Column("id", "party", pl.Int32),
            Column("name_short", "short", pl.String),
            Column("name_english", "name", pl.String),
        ),
        ("party",),
    ),
}
