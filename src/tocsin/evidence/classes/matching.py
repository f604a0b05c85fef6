"""Comparisons for the cases of a class: the same pair in the years before, and similar pairs without the event."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

NEIGHBOURS = 3
"""Largest number of similar pairs for each case."""
MAX_YEARS = 10
"""Similar pairs are compared in a year at most this far from that of the case."""


def similar(cases: pl.DataFrame, pool: pl.DataFrame, *, exact: Sequence[str], near: Sequence[str]) -> pl.DataFrame:
    """Return the similar rows of each case: columns case (its index) and similar (index into the pool).

    A similar row has the same values in the columns `exact`, is of another pair and at most ten years away. The nearest three pairs are
    taken, by the sum of the squared differences in the columns `near`, each in its standard deviation, and of the years, in decades. A
    pair serves once for a case, in its nearest year. No outcome after the case's year enters.

    Args:
        cases, pool: columns year, cluster, and those of `exact` and `near`.
        exact: columns whose values must agree.
        near: columns with numbers. A row of the pool without one of them is not used, a case without one has no similar rows.
    """
    usable = pool.with_row_index("_index").drop_nulls([*exact, *near])
    scale = np.array([float(usable[name].std() or 1.0) for name in near])  # type: ignore[arg-type]
    points, years = usable.select(near).to_numpy().astype(float), usable["year"].to_numpy()
    clusters, keys = usable["cluster"].to_numpy(), usable["_index"].to_numpy()
    labels = [usable[name].to_numpy() for name in exact]
    rows: list[tuple[int, int]] = []
    for index, case in enumerate(cases.iter_rows(named=True)):
        if any(case[name] is None for name in (*exact, *near)):
            continue
        fits = (np.abs(years - case["year"]) <= MAX_YEARS) & (clusters != case["cluster"])
        for name, label in zip(exact, labels, strict=True):
            fits &= label == case[name]
        (candidates,) = np.nonzero(fits)
        here = np.array([case[name] for name in near], dtype=float)
        apart = (((points[candidates] - here) / scale) ** 2).sum(axis=1) + (
            (years[candidates] - case["year"]) / MAX_YEARS
        ) ** 2
        nearest = candidates[np.argsort(apart, kind="stable")]
        _, firsts = np.unique(clusters[nearest], return_index=True)
        rows += [(index, int(keys[candidate])) for candidate in nearest[np.sort(firsts)[:NEIGHBOURS]]]
    return pl.DataFrame(rows, schema={"case": pl.Int64, "similar": pl.Int64}, orient="row")
