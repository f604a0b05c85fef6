"""Governments of states: from ParlGov, and from the program's own table for what ParlGov does not cover."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

from tocsin.data.codes import with_state

if TYPE_CHECKING:
    import polars as pl

OWN_UNTIL, PARLGOV_UNTIL = date(2026, 1, 7), date(2023, 12, 31)
"""The last day that each table covers."""
GAP_DAYS = 366
"""A camp that returns within this many days, with no other camp in between, has not left (acting heads, vacancies)."""
FILE = "governments.csv"


def own_governments() -> pl.DataFrame:
    """Return South Korea's presidents since 1988 and Japan's prime ministers since 1996, with camp and source.

    Returns:
        Columns state, government, party, camp, start, end (null if the next start ended it), source, confidence, note.
    """
    import polars as pl  # imported here: the catalogue of measures needs only the days above

    table = pl.read_csv((files("tocsin.data") / FILE).read_bytes(), try_parse_dates=True, infer_schema_length=None)
    table = table.with_columns(end=pl.col("end").cast(pl.Date), year=pl.lit(OWN_UNTIL.year))
    return with_state(table, code="iso", year="year").select(
        "state", "leader", "party", "camp", "start", "end", "source", "confidence", pl.col("note").cast(pl.String)
    ).rename({"leader": "government"})  # fmt: skip


def parlgov_governments() -> pl.DataFrame:
    """Return ParlGov's cabinets, with the prime minister's party as the camp; `none` if he or she has no party.

    Caretaker cabinets are left out. A state has its present number at all times, so that its governments form one series; see
    `tocsin.data.states.cow_spells`.

    Returns:
        Columns state, government, camp, start, end (null).

    Raises:
        SolveError: if a table is not in the cache.
    """
    import polars as pl

    from tocsin.data.readers import read

    leading = read("parlgov_cabinet_parties").filter(pl.col("leads") == 1).join(read("parlgov_parties"), on="party")
    countries = read("parlgov_countries").with_columns(year=pl.lit(PARLGOV_UNTIL.year))
    states = with_state(countries, code="iso", year="year")
    return (
        read("parlgov_cabinets")
        .filter(pl.col("caretaker") == 0)
        .join(states, on="country")
        .join(leading.select("cabinet", camp="short").unique("cabinet"), on="cabinet", how="left")
        .select(
            "state", government="name", camp=pl.col("camp").fill_null("none"), start="start", end=pl.lit(None, pl.Date)
        )
        .unique(["state", "start"], keep="last", maintain_order=True)
        .sort("state", "start")
    )
