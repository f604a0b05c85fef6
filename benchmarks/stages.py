"""Show what theory's exclusions and what expecting later moves cost or add: python -m benchmarks.stages

Every decade from 1920 is predicted from the years before it. The first table has the area and the gain in log score over the constant, and below
it the gain over the main specification; errors are clustered by pair. The second is the table of exclusions.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from tocsin.backtest.results import FIRST_DECADE
from tocsin.data.readers import read
from tocsin.evidence.hostility.fit import fit
from tocsin.evidence.hostility.record import pair_numbers
from tocsin.evidence.past.kinds import GENERAL, IMMEDIATE, SELECTED
from tocsin.evidence.past.samples import past_cases
from tocsin.evidence.stages.estimate import SOURCES
from tocsin.evidence.stages.game import StageGame
from tocsin.evidence.stages.history import History, history
from tocsin.evidence.stages.specification import (
    STAGES,
    TABLE,
    Specification,
    looking_ahead,
    memory_only,
    specification,
    without_exclusions,
)
from tocsin.scores import auc, log_probabilities
from tocsin.tables import text_table

MAIN = "main specification"
VARIANTS: Mapping[str, Specification] = {
    MAIN: specification(),
    "no move expects later ones": memory_only(specification()),
    "every move expects later ones": looking_ahead(specification()),
    "every covariate in every move": without_exclusions(),
}
OUTCOMES = (
    (GENERAL, "press", "press"), (GENERAL, "war", "war in year"), (SELECTED, "press", "press"), (SELECTED, "war", "war in year"),
    (IMMEDIATE, "reciprocate", "reciprocate"), (IMMEDIATE, "firm", "firm"), (IMMEDIATE, "war", "war"),
)  # fmt: skip
"""Kinds of cases, their outcomes, and the names of the game's probabilities."""
Cases = Mapping[str, pl.DataFrame]


def main() -> None:
    """Print the tables."""
    tables = {name: read(name) for name in SOURCES}
    past = history(tables)
    cases = {kind: past_cases(kind, tables).cases for kind in (GENERAL, SELECTED, IMMEDIATE)}
    decades = range(FIRST_DECADE, int(cases[GENERAL]["year"].max()) + 1, 10)  # type: ignore[arg-type]
    begin = time.perf_counter()
    forecasts: dict[str, dict[tuple[str, str], np.ndarray]] = {name: {} for name in VARIANTS}
    for kind in (GENERAL, SELECTED):
        for start in decades:
            years, disputes = (before(cases[name], start) for name in (kind, IMMEDIATE))
            hostility = fit(past.record, years, years["press"].to_numpy()).parameters
            for name, chosen in VARIANTS.items():
                game = StageGame.fit(years, disputes, past, hostility, chosen)
                fill(forecasts[name], game, cases, past, start, kinds=(kind, IMMEDIATE) if kind == GENERAL else (kind,))
    print(
        text_table(("variant", *(f"{kind}: {outcome}" for kind, outcome, _ in OUTCOMES)), list(rows(forecasts, cases)))
    )
    print()
    entries = [
        (entry.covariate, *("x" if stage in entry.stages else "" for stage in STAGES), entry.why) for entry in TABLE
    ]
    print(text_table(("covariate", *STAGES, "why not elsewhere"), entries))
    print(f"\n{time.perf_counter() - begin:.0f} s")


def before(cases: pl.DataFrame, start: int) -> pl.DataFrame:
    """Return the cases before a year."""
    return cases.filter(pl.col("year") < start)


def fill(
    forecasts: dict[tuple[str, str], np.ndarray],
    game: StageGame,
    cases: Cases,
    past: History,
    start: int,
    *,
    kinds: Iterable[str],
) -> None:
    """Write the game's probabilities of a decade into arrays of all cases."""
    for kind in kinds:
        now = cases[kind]["year"].is_between(start, start + 9)
        predicted = game.predict(cases[kind].filter(now), past)
        for of, outcome, name in OUTCOMES:
            if of == kind:
                values = forecasts.setdefault((kind, outcome), np.full(cases[kind].height, np.nan))
                values[now.to_numpy()] = predicted[name]


def rows(forecasts: Mapping[str, Mapping[tuple[str, str], np.ndarray]], cases: Cases) -> Iterable[tuple[str, ...]]:
    """Yield for each variant the area and the gain over the constant; for all but the main one also the gain over the main one."""
    for name, predicted in forecasts.items():
        scored = [score(predicted[kind, outcome], cases[kind], outcome) for kind, outcome, _ in OUTCOMES]
        yield (name, *(f"{area:.3f} {of(gains, pairs)}" for area, gains, pairs in scored))
        if name != MAIN:
            base = [score(forecasts[MAIN][kind, outcome], cases[kind], outcome) for kind, outcome, _ in OUTCOMES]
            yield (
                "  against the main one",
                *(of(gains - other, pairs) for (_, gains, pairs), (_, other, _) in zip(scored, base, strict=True)),
            )


def score(predicted: np.ndarray, cases: pl.DataFrame, outcome: str) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the area, the gains over the constant and the pairs of the cases from `FIRST_DECADE` on with a known outcome."""
    observed, years = cases[outcome].cast(pl.Float64).fill_null(np.nan).to_numpy(), cases["year"].to_numpy()
    known, constant = np.isfinite(observed), np.zeros(len(observed))
    for start in range(FIRST_DECADE, int(years.max()) + 1, 10):
        learned = observed[known & (years < start)]
        constant[(years >= start) & (years < start + 10)] = (learned.sum() + 0.5) / (len(learned) + 1.0)
    tested = known & (years >= FIRST_DECADE)
    gains = log_probabilities(predicted[tested], observed[tested]) - log_probabilities(
        constant[tested], observed[tested]
    )
    return auc(predicted[tested], observed[tested]), gains, pair_numbers(cases.filter(pl.Series(tested)))


def of(gains: np.ndarray, pairs: np.ndarray) -> str:
    """Return a mean gain and its standard error, clustered by pair."""
    error = np.sqrt((np.bincount(pairs, weights=gains - gains.mean()) ** 2).sum()) / len(gains)
    return f"{gains.mean():+.4f} ({error:.4f})"


if __name__ == "__main__":
    main()
