"""Disputes, crises, wars and rivalries."""

from __future__ import annotations

import polars as pl

from tocsin.data.table import PAIR, YEAR, Column, Table, codes, flags, sides

_NUMBER = Column("dispnum", "dispute", pl.Int32)
_SIDES = sides(
    sidea="initiating_side", fatality="fatality", hiact="highest_act", hostlev="hostility", orig="originator"
)
_DISPUTE = codes(fatality="fatality", hostlev="hostility", recip="reciprocated", stmon="month")
_LENGTH = (
    Column("mindur", "least_days", pl.Int32, "days", -9),
    Column("maxdur", "most_days", pl.Int32, "days", -9),
)

_DISPUTES = Table(
    (
        _NUMBER,
        Column("styear", "year", pl.Int32, "of its start"),
        *codes(outcome="outcome", settle="settlement"),
        *_DISPUTE,
        *_LENGTH,
    ),
    ("dispute",),
)


def _participants(**names: str) -> Table:
    """Return the table of directed dyadic dispute-years; each data set names its flags differently."""
    return Table((_NUMBER, *PAIR, YEAR, *flags(**names), *_SIDES), ("dispute", "state1", "state2", "year"))


def _reduced(**names: str) -> Table:
    """Return the table of directed dyad-years with one dispute each, as selected by the publisher."""
    return Table((_NUMBER, *PAIR, YEAR, *flags(**names), *_SIDES, *_DISPUTE, *_LENGTH), ("state1", "state2", "year"))


def _rivals(start: str, end: str, *types: str, **more: str) -> Table:
    """Return the table of rivalries; columns `types` are 1 for a rivalry of that type and null for others."""
    columns = (
        *PAIR,
        Column(start, "first", pl.Int32, "year"),
        Column(end, "last", pl.Int32, "year"),
        *(Column(original, name, pl.String) for original, name in more.items()),
        *(Column(name, name, pl.Int8, "1 yes, null no") for name in types),
    )
    return Table(columns, ("state1", "state2", "first"))


TABLES = {
    "mid_dyads": _participants(dispongoing="ongoing", disponset="onset"),
    "mid_dyad_years": _reduced(cowmidongoing="ongoing", cowmidonset="onset"),
    "mid_disputes": _DISPUTES,
    "gml_dyads": Table(
        (_NUMBER, *PAIR, YEAR, *flags(midongoing="ongoing", midonset="onset"), *_SIDES, *_DISPUTE, *_LENGTH),
        ("dispute", "state1", "state2", "year"),
    ),
    "gml_dyad_years": _reduced(gmlmidongoing="ongoing", gmlmidonset="onset"),
    "gml_disputes": _DISPUTES,
    "wars": Table(
        (
            Column("warnum", "war", pl.Int32),
            *PAIR,
            YEAR,
            *flags(cowinterongoing="ongoing", cowinteronset="onset"),
            *sides(sidea="side", initiator="initiator", outcome="outcome"),
            *(Column(f"batdeath{side}", f"deaths{side}", pl.Int32, "persons", -9) for side in "12"),
        ),
        ("row",),
    ),
    "icb_actors": Table(
        (
            Column("crisno", "crisis", pl.Int32),
            Column("cracid", "state", pl.Int32, "COW code"),
            Column("crisname", "name", pl.String),
            Column("yrtrig", "year", pl.Int32, "when it perceived the crisis"),
            *codes(
                triggr="trigger",
                majres="response",
                crismg="technique",
                outcom="outcome",
                gravty="gravity",
                viol="violence",
            ),
            Column("trigent", "triggered_by", pl.Int32, "COW code; above 990 if not a state"),
        ),
        ("row",),
    ),
    "icb_dyads": Table(
        (
            Column("crisno", "crisis", pl.Int32),
            Column("statea", "state1", pl.Int32, "COW code"),
            Column("stateb", "state2", pl.Int32, "COW code"),
            YEAR,
            Column("crisname", "name", pl.String),
            *flags(ongoing="ongoing"),
        ),
        ("row",),
    ),
    "rivalries_tss": _rivals("start", "end", "positional", "spatial", "ideological", "interventionary", rivalry="name"),
    "rivalries_td": _rivals("styear", "endyear", rivalryname="name", type1="kind"),
    "conflicts": Table(
        (
            Column("conflict_id", "conflict", pl.Int32),
            YEAR,
            Column("gwno_a", "side1", pl.Int32, "Gleditsch-Ward code"),
            Column("gwno_b", "side2", pl.Int32, "Gleditsch-Ward code; null for a group"),
            Column("type_of_conflict", "kind", pl.String),
            Column("intensity_level", "intensity", pl.Int8, "1 from 25 deaths a year, 2 from 1,000"),
        ),
        ("row",),
    ),
    "territorial_changes": Table(
        (
            Column("number", "change", pl.Int32),
            YEAR,
            Column("gainer", "gainer", pl.Int32, "COW code, or code of another entity", -9),
            Column("loser", "loser", pl.Int32, "COW code, or code of another entity", -9),
            *codes(procedur="procedure", conflict="by_force"),
        ),
        ("row",),
    ),
}
