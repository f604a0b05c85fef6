"""The back-test: every decade foretold from what came before it, the model beside its baselines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from scipy.stats import rankdata

from tocsin import __version__
from tocsin.backtest.baselines import CONSTANT, TELLERS
from tocsin.backtest.past import OUTCOMES, SOURCES, past_cases
from tocsin.backtest.play import foretold
from tocsin.data.registry import source
from tocsin.errors import InputError

FIRST_FORETOLD = 1920
"""The first decade that is foretold; what came before is only learnt from."""
WORLDS, SEED = 64, 1
BINS = 5
PROBABILITY: Mapping[tuple[str, str], str] = {
    ("general", "press"): "press", ("general", "war"): "war",
    ("immediate", "resist"): "resist", ("immediate", "war"): "war_after_press",
}  # fmt: skip
"""Which of the model's probabilities foretells which outcome."""


@dataclass(frozen=True)
class Score:
    """How well one teller foretold one outcome.

    Attributes:
        teller: its name.
        log_score: mean log probability of what happened; the larger the better.
        better, better_se: by how much that exceeds the constant's, and the standard error, dyads the clusters.
        brier: mean squared error, 0 to 1.
        auc: chance that a case in which it happened was given more than one in which it did not; 0.5 is no better than dice.
        auc_low, auc_high: 90 % interval, dyads drawn anew.
        calibration: for fifths of the cases by what was foretold: (mean foretold, share that happened, cases).
    """

    teller: str
    log_score: float
    better: float
    better_se: float
    brier: float
    auc: float
    auc_low: float
    auc_high: float
    calibration: tuple[tuple[float, float, int], ...]


def backtest(
    tables: Mapping[str, pl.DataFrame],
    *,
    worlds: int = WORLDS,
    seed: int = SEED,
    each: Callable[[str, int, int], None] = lambda *_: None,
) -> dict[str, Any]:
    """Play every past case and score what was foretold, plain enough for a file.

    Args:
        tables: the sources named in `past.SOURCES`.
        worlds: in how many worlds each case is played.
        seed: of the worlds and of the intervals.
        each: called with the kind, how many cases it has, and how many more are played.

    Raises:
        InputError: if fewer than one world is asked for.
    """
    if worlds < 1:
        raise InputError(f"{worlds} worlds were asked for", remedy="ask for 1 or more")
    parts = []
    for kind, outcomes in OUTCOMES.items():
        past = past_cases(kind, tables)
        size = past.cases.height

        def tell(done: int, kind: str = kind, size: int = size) -> None:
            each(kind, size, done)

        told = foretold(past.cases, worlds=worlds, seed=seed, each=tell)
        parts.append(
            {
                "kind": kind,
                "cases": size,
                "left_out": dict(past.left_out),
                "outcomes": [_outcome(past.cases, name, told[PROBABILITY[kind, name]], seed=seed) for name in outcomes],
            }
        )
    return {
        "format": "tocsin-backtest/1",
        "made": date.today().isoformat(),
        "version": __version__,
        "worlds": worlds,
        "seed": seed,
        "data": [{"source": name, "cite": source(name).cite, "sha256": source(name).sha256} for name in SOURCES],
        "kinds": parts,
    }


def _outcome(cases: pl.DataFrame, name: str, told: np.ndarray, *, seed: int) -> dict[str, Any]:
    happened, years = cases[name].to_numpy().astype(int), cases["year"].to_numpy()
    foretold_by = rolling(cases, told, happened, years)
    tested = years >= FIRST_FORETOLD
    dyads = pl.DataFrame({
        "low": cases.select(pl.min_horizontal("challenger", "target")).to_series(),
        "high": cases.select(pl.max_horizontal("challenger", "target")).to_series(),
    }).select((pl.col("low") * 1000 + pl.col("high")).rank("dense")).to_series().to_numpy()[tested]  # fmt: skip
    base = _logs(foretold_by[CONSTANT][tested], happened[tested])
    scores = [
        scored(teller, chances[tested], happened[tested], base, dyads, seed=seed)
        for teller, chances in foretold_by.items()
    ]
    return {
        "outcome": name,
        "foretold": int(tested.sum()),
        "happened": int(happened[tested].sum()),
        "mean_foretold": float(told[tested].mean()),
        "scores": [asdict(score) for score in scores],
    }


def rolling(cases: pl.DataFrame, told: np.ndarray, happened: np.ndarray, years: np.ndarray) -> dict[str, np.ndarray]:
    """What each teller says of every decade from 1920 on, having learnt from all earlier years; nan before."""
    found = {name: np.full(len(happened), np.nan) for name in TELLERS}
    for start in range(FIRST_FORETOLD, int(years.max()) + 1, 10):
        before, now = np.flatnonzero(years < start), np.flatnonzero((years >= start) & (years < start + 10))
        if now.size:
            seen, new = cases[before.tolist()], cases[now.tolist()]
            for name, tell in TELLERS.items():
                found[name][now] = tell(seen, told[before], happened[before], new, told[now])
    return found


# --- scores --------------------------------------------------------------------------------------------------------


def scored(
    teller: str, chances: np.ndarray, happened: np.ndarray, base: np.ndarray, clusters: np.ndarray, *, seed: int
) -> Score:
    """The scores of probabilities against what happened (0 or 1), `base` the constant's log probabilities of it."""
    logs = _logs(chances, happened)
    gains = logs - base
    sums = np.bincount(clusters.astype(int), weights=gains - gains.mean())
    low, high = np.quantile(_drawn_auc(chances, happened, clusters, seed=seed), [0.05, 0.95])
    return Score(
        teller=teller,
        log_score=float(logs.mean()),
        better=float(gains.mean()),
        better_se=float(np.sqrt((sums**2).sum()) / len(gains)),
        brier=float(((chances - happened) ** 2).mean()),
        auc=area(chances, happened),
        auc_low=float(low),
        auc_high=float(high),
        calibration=tuple(
            (float(chances[part].mean()), float(happened[part].mean()), int(part.size))
            for part in np.array_split(np.argsort(chances, kind="stable"), BINS)
            if part.size
        ),
    )


def _logs(chances: np.ndarray, happened: np.ndarray) -> np.ndarray:
    bounded = np.clip(chances, 1e-9, 1.0 - 1e-9)
    return np.where(happened == 1, np.log(bounded), np.log1p(-bounded))


def area(chances: np.ndarray, happened: np.ndarray) -> float:
    """Area under the curve of hits against false alarms, ties counted half (Mann and Whitney); nan where all or none happened."""
    hits = int(happened.sum())
    if hits in (0, len(happened)):
        return float("nan")
    ranks = rankdata(chances)
    return float((ranks[happened == 1].sum() - hits * (hits + 1) / 2) / (hits * (len(happened) - hits)))


AUC_DRAWS = 300


def _drawn_auc(chances: np.ndarray, happened: np.ndarray, clusters: np.ndarray, *, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    order = np.argsort(clusters, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(clusters[order])) + 1)
    found = []
    for _ in range(AUC_DRAWS):
        places = np.concatenate([members[at] for at in rng.integers(len(members), size=len(members))])
        found.append(area(chances[places], happened[places]))
    return np.array([value for value in found if value == value])


def table(found: Mapping[str, Any]) -> str:
    """The back-test as Markdown, a table an outcome."""
    lines = []
    for part in found["kinds"]:
        for outcome in part["outcomes"]:
            lines += [
                f"**{part['kind'].capitalize()} deterrence, {WORDS[part['kind'], outcome['outcome']]}**: {outcome['happened']:,} of {outcome['foretold']:,} cases "
                f"from {FIRST_FORETOLD} on; the model's mean {outcome['mean_foretold']:.1%}.",
                "",
                "| | log score | better than the constant | Brier | area (90 %) |",
                "| --- | --- | --- | --- | --- |",
            ]
            lines += [
                f"| {score['teller']} | {score['log_score']:.4f} | {score['better']:+.4f} ({score['better_se']:.4f}) | {score['brier']:.4f} "
                f"| {score['auc']:.2f} ({score['auc_low']:.2f} to {score['auc_high']:.2f}) |"
                for score in outcome["scores"]
            ]
            lines.append("")
    return "\n".join(lines)


WORDS: Mapping[tuple[str, str], str] = {
    ("general", "press"): "a rival begins a dispute within the year",
    ("general", "war"): "it begins one that comes to war",
    ("immediate", "resist"): "the other acts in return",
    ("immediate", "war"): "the dispute comes to war",
}  # fmt: skip
