"""Alliances: obligations of states, and how often they honoured them."""

from __future__ import annotations

import polars as pl

from tocsin.data.table import PAIR, YEAR, Column, Table, flags

_ALLIANCE = Column("atopid", "alliance", pl.Int32, "ATOP number")
_OBLIGATIONS = flags(
    defense="defence", offense="offence", neutral="neutrality", nonagg="nonaggression", consul="consultation"
)


def _day(prefix: str, **parts: str) -> tuple[Column, ...]:
    return tuple(
        Column(original, f"{prefix}_{part}", pl.Int16, "0 if in force when the data end")
        for part, original in parts.items()
    )


TABLES = {
    "atop_dyads": Table(
        (
            *PAIR,
            YEAR,
            *flags(
                atop_defense="defence",
                atop_offense="offence",
                atop_neutral="neutrality",
                atop_nonagg="nonaggression",
                atop_consul="consultation",
            ),
        ),
        ("state1", "state2", "year"),
    ),
    "atop_alliances": Table(
        (
            _ALLIANCE,
            *_day("begin", year="begyr", month="begmo"),
            *_day("end", year="endyr", month="endmo"),
            *_OBLIGATIONS,
            *flags(bilat="bilateral"),
        ),
        ("alliance",),
    ),
    "atop_members": Table(
        (
            _ALLIANCE,
            Column("member", "state", pl.Int32, "COW code"),
            *_day("entry", year="yrent", month="moent"),
            *_day("exit", year="yrexit", month="moexit"),
            Column("phase", "phase", pl.Int16, "of an alliance whose obligations changed; 0 if they never did"),
            *_OBLIGATIONS,
        ),
        ("alliance", "state", "phase", "entry_year", "entry_month"),
    ),
    "reliability_berkemeier_fuhrmann": Table(
        (
            Column("warid", "war", pl.Int32),
            _ALLIANCE,
            Column("warname", "name", pl.String),
            *flags(honorBF="kept", violateBF="broken", honorLLM="kept_before", violateLLM="broken_before"),
            *_OBLIGATIONS,
        ),
        ("row",),
    ),
    "reliability_leeds_anac": Table(
        (
            Column("war", "war", pl.Int32),
            _ALLIANCE,
            Column("ccode1", "state", pl.Int32, "COW code"),
            *flags(honor2="kept"),
        ),
        ("row",),
    ),
    "alliance_similarity": Table(
        (
            _ALLIANCE,
            YEAR,
            Column("mean.s.sc", "mean_s", pl.Float64),
            Column("low.s.sc", "least_s", pl.Float64),
            Column("mean.kap.sc", "mean_kappa", pl.Float64),
            Column("mean.pi.sc", "mean_pi", pl.Float64),
        ),
        ("alliance", "year"),
    ),
}
