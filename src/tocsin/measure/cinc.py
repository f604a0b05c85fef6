"""The composite index of national capability, and what it says where a component is missing.

A state's CINC in a year is the mean of its shares of the world's six components (Singer, Bremer and Stuckey 1972). As
published (Correlates of War, National Material Capabilities), the mean is over the components that are known, each divided
by the sum over those states for which it is known: a state's index jumps when a component in which it is weak or strong
goes missing. So beside it stand bounds: a missing component is given a share of 0, and the largest that the state has
ever had of it.
"""

from __future__ import annotations

import polars as pl

from tocsin.errors import InputError
from tocsin.measure.columns import require

COMPONENTS = ("milex", "milper", "irst", "pec", "tpop", "upop")
"""Military spending and personnel, iron and steel, energy, total and urban population; in any units, alike for all."""


def cinc(components: pl.DataFrame) -> pl.DataFrame:
    """The index of every state and year, with bounds.

    Args:
        components: columns `state`, `year` and `COMPONENTS`, not negative, null where missing; one row a state and year.

    Returns:
        Columns state, year, `cinc` (mean of the shares that exist; null if none does), `low` and `high` (a missing share
        taken as 0, and as the largest of the state's known shares of that component; 1 where it has none), and `missing`,
        the names of what is missing. Where nothing is missing low = cinc = high.

    Raises:
        InputError: if a column is missing, a state and year stands twice, or a value is negative.
    """
    _check(components)
    shares = components.select(
        "state", "year", *(pl.col(name) / pl.col(name).sum().over("year") for name in COMPONENTS)
    ).with_columns(pl.col(name).fill_nan(None) for name in COMPONENTS)
    most = [pl.col(name).max().over("state").fill_null(1.0) for name in COMPONENTS]
    return shares.select(
        "state",
        "year",
        cinc=pl.mean_horizontal(*COMPONENTS),
        low=pl.sum_horizontal(pl.col(name).fill_null(0.0) for name in COMPONENTS) / len(COMPONENTS),
        high=pl.sum_horizontal(pl.col(name).fill_null(top) for name, top in zip(COMPONENTS, most, strict=True))
        / len(COMPONENTS),
        missing=pl.concat_list(
            pl.when(pl.col(name).is_null()).then(pl.lit(name)).otherwise(None) for name in COMPONENTS
        ).list.drop_nulls(),
    ).sort("state", "year")


def jumps(index: pl.DataFrame) -> pl.DataFrame:
    """Where the index cannot be compared with the year before, since other components are missing.

    Args:
        index: what `cinc` gives, or some of its rows.

    Returns:
        Rows of state and year, with what is `missing` and what `was` missing the year before.
    """
    before = index.sort("state", "year").with_columns(
        was=pl.col("missing").shift(1).over("state"), last=pl.col("year").shift(1).over("state")
    )
    return before.filter((pl.col("year") == pl.col("last") + 1) & (pl.col("missing") != pl.col("was"))).drop("last")


def _check(components: pl.DataFrame) -> None:
    require(components, ("state", "year", *COMPONENTS))
    if components.select("state", "year").is_duplicated().any():
        raise InputError("a state stands twice in a year", remedy="keep one row of each state and year")
    for name in COMPONENTS:
        if (components[name] < 0).any():
            raise InputError(
                f"`{name}` is negative somewhere", remedy="turn the source's codes for missing values into nulls"
            )
