"""Add to past cases the forces, reach and helpers of their states, and regressors, all as of the year before.

The target has up to two protectors, the challenger up to one backer. Protectors are bound by an alliance (ATOP)
to defend the target; backers are bound to defend the challenger or to attack with it. Those that bring most capability
to the target's territory are chosen. A state bound to both sides helps neither.

A state's reach falls with distance as in Bueno de Mesquita (1981); see `tocsin.measures.projection`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

import polars as pl

from tocsin.measures.projection import march_share

ROLE_SOURCES = ("nmc", "atop_dyads", "distance", "majors", "mid_dyads")
FIRST, LAST = 1887, 2014
"""First and last year with data of the year before and disputes."""
HELPERS: Mapping[str, int] = {"protector": 2, "backer": 1}
PAIR = ["challenger", "target", "year"]


def with_roles(cases: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return cases with columns for the states in each role and for regressors, as of the year before each case.

    For each role (challenger, target, protector1, protector2, backer): `ROLE_spending` (thousandths of the world's), `ROLE_personnel`
    (persons), `ROLE_capability` (CINC) and `ROLE_reach`; for helpers also `ROLE_state` (null if there is no such helper). Regressors:
    nuclear, ratio, distance, pact, major_challenger, major_target, helped, and quiet, the years since the last dispute.

    Args:
        cases: columns challenger, target and year.
        tables: the sources in `ROLE_SOURCES`, by name.
    """
    mids = tables["mid_dyads"]
    tables = {name: _a_year_later(table) for name, table in tables.items()}
    forces, distances = _forces(tables["nmc"]), _both_ways(tables["distance"])
    roles = cases.join(
        distances.select(challenger="state1", target="state2", year="year", distance="distance"), on=PAIR, how="left"
    )
    roles = _role(roles, "challenger", forces, pl.col("distance"))
    roles = _role(roles, "target", forces, pl.lit(0.0))
    for role, side, duty in (
        ("protector", "target", pl.col("defence") == 1),
        ("backer", "challenger", (pl.col("defence") == 1) | (pl.col("offence") == 1)),
    ):
        helpers = _helpers(cases, tables["atop_dyads"].filter(duty), side, forces, distances)
        for rank in range(1, HELPERS[role] + 1):
            name = role if HELPERS[role] == 1 else f"{role}{rank}"
            columns = ("state", "spending", "personnel", "reach", "capability")
            helper = helpers.filter(pl.col("rank") == rank)
            helper = helper.select(*PAIR, *(pl.col(column).alias(f"{name}_{column}") for column in columns))
            roles = roles.join(helper, on=PAIR, how="left")
    return _quiet_years(_with_regressors(roles, tables), mids)


def _a_year_later(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table with its years raised by one, so that a join by year finds what held in the year before."""
    columns = [name for name in ("year", "first", "last") if name in table.columns]
    return table.with_columns(pl.col(columns) + 1)


def _forces(nmc: pl.DataFrame) -> pl.DataFrame:
    """Return columns state, year, spending (thousandths of the world's), personnel (persons) and capability (CINC).

    Values are null if missing or 0.
    """

    def positive(value: pl.Expr) -> pl.Expr:
        return pl.when(value > 0).then(value)

    return nmc.select(
        "state",
        "year",
        spending=positive(1000.0 * pl.col("milex") / pl.col("milex").sum().over("year")),
        personnel=positive(1000.0 * pl.col("milper")),
        capability=positive(pl.col("published")),
    )


def _both_ways(distance: pl.DataFrame) -> pl.DataFrame:
    """Return distances with a row for each order of the two states."""
    swapped = distance.rename({"state1": "state2", "state2": "state1"}).select(distance.columns)
    return pl.concat([distance, swapped]).unique(["state1", "state2", "year"])


def _role(cases: pl.DataFrame, role: str, forces: pl.DataFrame, distance: pl.Expr) -> pl.DataFrame:
    """Return cases with the forces of a role, and its reach at a distance from its territory."""
    role_forces = forces.rename(
        {"state": role} | {name: f"{role}_{name}" for name in ("spending", "personnel", "capability")}
    )
    return cases.join(role_forces, on=[role, "year"], how="left").with_columns(
        march_share(pl.col(f"{role}_capability"), distance).alias(f"{role}_reach")
    )


def _helpers(
    cases: pl.DataFrame, bound: pl.DataFrame, side: str, forces: pl.DataFrame, distances: pl.DataFrame
) -> pl.DataFrame:
    """Return the states bound to one side, with their `rank` by strength at the target's territory."""
    other = "challenger" if side == "target" else "target"
    pacts = bound.select(state="state1", to="state2", year="year")
    bound_to_side = cases.select(PAIR).join(pacts.rename({"to": side}), on=[side, "year"])
    helpers = bound_to_side.filter(pl.col("state") != pl.col(other)).join(
        pacts.rename({"to": other}), on=["state", other, "year"], how="anti"
    )
    return (
        helpers.join(forces, on=["state", "year"])
        .join(distances.select(state="state1", target="state2", year="year", away="distance"), on=["state", "target", "year"])
        .drop_nulls()
        .with_columns(reach=march_share(pl.col("capability"), pl.col("away")))
        .with_columns(
            rank=(pl.col("capability") * pl.col("reach")).rank("ordinal", descending=True).over(PAIR)
        )
    )  # fmt: skip


def _with_regressors(cases: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return cases with major powers, nuclear weapons, pacts, the log capability ratio and the help of protectors."""
    majors = _state_years(tables["majors"], "major")
    rows = (files("tocsin.evidence") / "past" / "nuclear.csv").read_bytes()
    spells = pl.read_csv(rows, schema_overrides={"state": pl.Int32, "first": pl.Int32, "last": pl.Int32})
    armed = _state_years(_a_year_later(spells.with_columns(pl.col("last").fill_null(LAST))), "nuclear")
    wide = cases
    for role in ("challenger", "target"):
        wide = wide.join(majors.rename({"state": role, "major": f"major_{role}"}), on=[role, "year"], how="left")
    roles = ("challenger", "target", "protector1_state", "protector2_state", "backer_state")
    for role in roles:
        wide = wide.join(armed.rename({"state": role, "nuclear": f"{role}_nuclear"}), on=[role, "year"], how="left")
    pact = tables["atop_dyads"].select(challenger="state1", target="state2", year="year", pact="defence")
    helped = sum(
        (pl.col(f"{role}_capability") * pl.col(f"{role}_reach")).fill_null(0.0) for role in ("protector1", "protector2")
    )
    return wide.join(pact, on=PAIR, how="left").with_columns(
        pl.col("major_challenger", "major_target", "pact").fill_null(0),
        nuclear=pl.max_horizontal(*(f"{role}_nuclear" for role in roles)).fill_null(0),
        ratio=(pl.col("challenger_capability") / pl.col("target_capability")).log(),
        helped=((pl.col("target_capability") + helped) / pl.col("target_capability")).log(),
    )  # fmt: skip


def _state_years(spells: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return a row for each state and year within spells (columns state, first, last), with 1 in column `name`."""
    years = spells.select("state", year=pl.int_ranges("first", pl.col("last") + 1)).explode("year")
    return years.with_columns(pl.col("year").cast(pl.Int32), pl.lit(1).alias(name)).unique(["state", "year"])


def _quiet_years(cases: pl.DataFrame, mids: pl.DataFrame) -> pl.DataFrame:
    """Return cases with `quiet`: years since the dyad's last dispute, at most 50; counted from 1816 if it had none."""
    busy = mids.filter(pl.col("ongoing") == 1).select(challenger="state1", target="state2", before="year").unique()
    earlier = cases.select(PAIR).join(busy, on=["challenger", "target"]).filter(pl.col("before") < pl.col("year"))
    last = earlier.group_by(PAIR).agg(pl.col("before").max())
    gap = pl.col("year") - pl.col("before").fill_null(1815) - 1
    return cases.join(last, on=PAIR, how="left").with_columns(quiet=pl.min_horizontal(gap, pl.lit(50))).drop("before")
