"""The Composite Index of National Capability (CINC), with bounds if a component is missing.

A state's CINC in a year is the mean of its shares of the world's six components (Singer, Bremer and Stuckey 1972). As
published (Correlates of War, National Material Capabilities), the mean is over the known components, and each share is
of the sum over the states for which the component is known. The index therefore jumps when a component in which the
state is weak or strong goes missing. The bounds set the share of a missing component to 0, and to the largest share the
state ever had or to the mean of its known shares of the year, whichever is larger: the published index takes the latter,
and so lies within the bounds.
"""

from __future__ import annotations

import polars as pl

from tocsin.errors import InputError
from tocsin.measures.columns import require
from tocsin.translation import message

COMPONENTS = ("milex", "milper", "irst", "pec", "tpop", "upop")
"""Military spending and personnel, iron and steel, energy, total and urban population, each in one unit for all states."""


def cinc(components: pl.DataFrame) -> pl.DataFrame:
    """Return the index of every state and year, with bounds.

    Args:
        components: columns `state`, `year` and `COMPONENTS`, not negative, null if missing; one row per state and year.

    Returns:
        Columns state, year, `cinc` (mean of the known shares; null if none is known), `low` and `high` (a missing share
        set to 0, and to the largest of the state's known shares of that component, or to 1 without one, but at least to
        `cinc`), and `missing`, the names of missing components. Always low <= cinc <= high, equal if none is missing.

    Raises:
        InputError: if a column is missing, a state and year is duplicated, or a value is negative.
    """
    _check(components)
    shares = components.select(
        "state", "year", *(pl.col(name) / pl.col(name).sum().over("year") for name in COMPONENTS)
    ).with_columns(pl.col(name).fill_nan(None) for name in COMPONENTS)
    index = pl.mean_horizontal(*COMPONENTS)
    largest = [pl.max_horizontal(pl.col(name).max().over("state").fill_null(1.0), index) for name in COMPONENTS]
    low = pl.mean_horizontal(pl.col(name).fill_null(0.0) for name in COMPONENTS)
    high = pl.mean_horizontal(pl.col(name).fill_null(share) for name, share in zip(COMPONENTS, largest, strict=True))
    return shares.select(
        "state",
        "year",
        cinc=index,
        low=pl.min_horizontal(low, index),  # the last digit may differ
        high=pl.max_horizontal(high, index),
        missing=pl.concat_list(
            pl.when(pl.col(name).is_null()).then(pl.lit(name)).otherwise(None) for name in COMPONENTS
        ).list.drop_nulls(),
    ).sort("state", "year")


def jumps(index: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are not comparable with the year before, since other components are missing.

    Args:
        index: the result of `cinc`, or some of its rows.

    Returns:
        Rows of the index with a column `missing_before`, the components missing the year before.
    """
    rows = index.sort("state", "year").with_columns(
        missing_before=pl.col("missing").shift(1).over("state"), last=pl.col("year").shift(1).over("state")
    )
    consecutive, differs = pl.col("year") == pl.col("last") + 1, pl.col("missing") != pl.col("missing_before")
    return rows.filter(consecutive & differs).drop("last")


def _check(components: pl.DataFrame) -> None:
    require(components, ("state", "year", *COMPONENTS))
    if components.select("state", "year").is_duplicated().any():
        raise InputError(message("a state has two rows for a year"), remedy=message("keep one row per state and year"))
    for name in COMPONENTS:
        if (components[name] < 0).any():
            raise InputError(
                message("`{name}` has negative values", name=name),
                remedy=message("replace codes of missing values by nulls"),
            )
