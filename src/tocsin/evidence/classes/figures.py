"""The figures of a class: its cases with their outcomes, its rates, and the comparisons."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.evidence.classes.rates import Arm, Clusters, Interval, clustered_jeffreys, difference
from tocsin.evidence.classes.selection import Selection
from tocsin.evidence.classes.windows import NO, OPEN, YES, Happenings, outcomes
from tocsin.evidence.results import EstimateRow, StoredFigures
from tocsin.intervals import jeffreys

MODERN = 1946
"""First year of the later cases."""
DIGITS = 6

ALL, CLUSTERED, LATER = "all", "clustered", f"since_{MODERN}"
"""Rates: of all cases; the same if cases of one pair or state go together; of the later ones. A class adds parts of its own."""
BEFORE, SIMILAR = "before", "similar"
"""Comparisons: the same pairs in the years before, and similar pairs without the event."""
CASES_OF, MORE_THAN = "compared_with_", "more_than_"
"""Prefixes of the rate of the cases in a comparison, and of the difference."""


@dataclass(frozen=True)
class Measured:
    """A rate or a difference.

    Attributes:
        of: what it is.
        interval: its point and its ends.
        yes: weighted number of hits; nan for a difference.
        cases: number of cases.
    """

    of: str
    interval: Interval
    yes: float
    cases: int

    def counted(self, outcome: str) -> dict[str, str | int | float]:
        """Return a row of counts."""
        return {"outcome": outcome, "of": self.of, "yes": round(self.yes, 2), "cases": self.cases}

    def row(self, outcome: str) -> EstimateRow:
        """Return the estimate; a difference is not a probability, so its distribution is normal."""
        low, middle, high = (round(value, DIGITS) for value in self.interval)
        family = "normal" if self.of.startswith(MORE_THAN) else None
        return EstimateRow({"outcome": outcome, "of": self.of}, low, middle, high, self.cases, family=family)


def figures(
    selection: Selection, years: int, features: Collection[str], parts: Collection[str], *, before: bool
) -> StoredFigures:
    """Return the figures of a class.

    Args:
        selection: its cases and what they are compared with.
        years: length of the window.
        features: columns that describe a case.
        parts: columns of yes and no; the cases with yes have a rate of their own, and unknown is no yes.
        before: whether the cases are compared with the same pairs before.
    """
    cases = selection.cases
    listed = cases.select("name", "year", "row", *features, pair="cluster")
    counted: list[Mapping[str, str | int | float]] = []
    estimated: list[EstimateRow] = []
    for name, happenings in selection.happenings.items():
        after = outcomes(cases, happenings, years)
        earlier = before_windows(cases, happenings, years) if before else None
        similar = outcomes(selection.pool, happenings, years)["outcome"]
        listed = listed.with_columns(after["outcome"].alias(name), after["event_row"].alias(f"{name}_row"))
        counted.append({"outcome": name, **{word: int((after["outcome"] == word).sum()) for word in (YES, NO, OPEN)}})
        measured = [*_rates(cases, after["outcome"], parts), *_with_similar(selection, after["outcome"], similar)]
        if earlier is not None:
            measured += _with_before(cases, after["outcome"], earlier)
            listed = listed.with_columns(earlier.alias(f"{name}_before"))
        counted += [item.counted(name) for item in measured if not np.isnan(item.yes)]
        estimated += [item.row(name) for item in measured]
        if name == next(iter(selection.happenings)):
            listed = listed.with_columns(similar=_named(selection, similar))
    return StoredFigures(
        counted=tuple(counted),
        estimated=tuple(estimated),
        diagnostics={"pairs": cases["cluster"].n_unique(), **selection.notes},
        cases=cases.height,
        listed=tuple(_rounded(row) for row in listed.iter_rows(named=True)),
    )


def before_windows(cases: pl.DataFrame, happenings: Happenings, years: int) -> pl.Series:
    """Return whether the outcome came in as many years up to `base`, the last year before the event began.

    It is open where the pair could not have had it in all of them: they were not yet rivals.
    """
    shifted = cases.select("actor", "other", year=pl.col("base") - years)
    earlier = outcomes(shifted, happenings, years)["outcome"]
    whole = cases["since"] <= cases["base"] - years + 1
    return pl.select(pl.when(whole).then(earlier).otherwise(pl.lit(OPEN)).alias("before")).to_series()


def _rates(cases: pl.DataFrame, outcome: pl.Series, columns: Collection[str]) -> Iterator[Measured]:
    """Yield the rates of all cases and of parts of them; a part without cases has none."""
    closed = outcome != OPEN
    parts = {ALL: closed, LATER: closed & (cases["year"] >= MODERN)}
    parts |= {name: closed & cases[name].fill_null(value=False) for name in columns}
    happened = (outcome == YES).to_numpy()
    for name, part in parts.items():
        hits = happened[part.to_numpy()]
        if hits.size:
            yield Measured(name, jeffreys(float(hits.sum()), hits.size), float(hits.sum()), hits.size)
    hits = happened[closed.to_numpy()]
    clusters = _clusters(cases.filter(closed))
    yield Measured(CLUSTERED, clustered_jeffreys(hits.astype(float), clusters), float(hits.sum()), hits.size)


def _with_before(cases: pl.DataFrame, outcome: pl.Series, earlier: pl.Series) -> Iterator[Measured]:
    both = ((outcome != OPEN) & (earlier != OPEN)).to_numpy()
    clusters = _clusters(cases.filter(pl.Series(both)))
    weights = np.full(int(both.sum()), 1.0 / max(int(both.sum()), 1))
    after, before = (
        Arm((values == YES).to_numpy()[both].astype(float), weights, clusters) for values in (outcome, earlier)
    )
    yield from _comparison(BEFORE, after, before)


def _with_similar(selection: Selection, outcome: pl.Series, similar: pl.Series) -> Iterator[Measured]:
    """Yield the comparison with similar pairs: each case counts once, and the similar pairs of one case share its weight."""
    pairs = selection.pairs.with_columns(
        after=outcome[selection.pairs["case"]], without=similar[selection.pairs["similar"]]
    ).filter(pl.col("after") != OPEN, pl.col("without") != OPEN)
    used = pairs.unique("case", maintain_order=True)["case"]
    weights = np.full(len(used), 1.0 / max(len(used), 1))
    cases = Arm((outcome[used] == YES).to_numpy().astype(float), weights, _clusters(selection.cases[used]))
    shared = pairs.select(1.0 / pl.len().over("case")).to_series().to_numpy() / max(len(used), 1)
    others = Arm(
        (pairs["without"] == YES).to_numpy().astype(float), shared, _clusters(selection.pool[pairs["similar"]])
    )
    yield from _comparison(SIMILAR, cases, others)


def _clusters(rows: pl.DataFrame) -> Clusters:
    """Return the two ways to group rows: by pair, and by the state of the event."""
    return rows["cluster"].to_numpy(), rows["state"].to_numpy()


def _comparison(name: str, cases: Arm, others: Arm) -> Iterator[Measured]:
    if not cases.happened.size:
        return
    count = cases.happened.size
    for of, arm in ((CASES_OF + name, cases), (name, others)):
        yield Measured(of, arm.interval, arm.share * arm.happened.size, arm.happened.size)
    yield Measured(MORE_THAN + name, difference(cases, others), float("nan"), count)


def _named(selection: Selection, similar: pl.Series) -> pl.Series:
    """Return for each case the similar pairs with their outcomes: `IND against PAK 1964: no; ...`."""
    pool_rows = selection.pairs["similar"]
    described = pl.DataFrame({
        "case": selection.pairs["case"], "name": selection.pool["name"][pool_rows], "year": selection.pool["year"][pool_rows],
        "outcome": similar[pool_rows],
    }).select("case", text=pl.format("{} {}: {}", "name", "year", "outcome"))  # fmt: skip
    joined = described.group_by("case", maintain_order=True).agg(pl.col("text").str.join("; "))
    index = pl.DataFrame({"case": pl.int_range(selection.cases.height, eager=True)})
    return index.join(joined, on="case", how="left", maintain_order="left")["text"].fill_null("")


def _rounded(row: Mapping[str, object]) -> Mapping[str, str | int | float | None]:
    """Return a row with five significant digits."""
    return {key: float(f"{value:.5g}") if isinstance(value, float) else value for key, value in row.items()}  # type: ignore[misc]
