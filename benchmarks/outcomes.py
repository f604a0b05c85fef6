"""Cross-validate predictors of dispute outcomes: python -m benchmarks.outcomes DISPUTES.csv [SEEDS]

Tenfold cross-validation, repeated for each seed of the folds, of the ordered logits on the capability ratio and on its
logarithm and of the flexible predictor. Everything that the predictor learns or selects comes from the training folds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from tocsin.evidence.contest.disputes import Disputes, disputes
from tocsin.evidence.contest.ordered import ordered_logit
from tocsin.evidence.contest.outcomes import cross_validate, learn
from tocsin.evidence.tables import read_table


def by_ratio(log: bool, seen: Disputes, new: Disputes) -> np.ndarray:
    """Predict new disputes by an ordered logit on the first side's share of capability, or on its logarithm."""

    def regressor(cases: Disputes) -> np.ndarray:
        a, b = cases.capability.T
        return np.log(a / (a + b))[:, None] if log else (a / (a + b))[:, None]

    return ordered_logit(regressor(seen), seen.outcome).probabilities(regressor(new))


def flexible(seed: int, seen: Disputes, new: Disputes) -> np.ndarray:
    """Predict new disputes by the flexible predictor."""
    return learn(seen, seed=seed).probabilities(new)


def main(file: str, seeds: int) -> None:
    cases = disputes(read_table(Path(file)))
    predictors: dict[str, Callable[[int], Callable[[Disputes, Disputes], np.ndarray]]] = {
        "ordered logit, log ratio": lambda _: partial(by_ratio, True),
        "ordered logit, ratio": lambda _: partial(by_ratio, False),
        "flexible": lambda seed: partial(flexible, seed),
    }
    for name, predictor in predictors.items():
        start, reductions = time.perf_counter(), []
        for seed in range(seeds):
            reductions.append(cross_validate(cases, predictor(seed), seed=seed))
            print(f"  {name}, seed {seed}: {reductions[-1]:.4f}", flush=True)
        spread = np.std(reductions, ddof=1) if seeds > 1 else float("nan")
        print(
            f"{name}: reduction in loss {np.mean(reductions):.4f} (sd over seeds {spread:.4f}), "
            f"{time.perf_counter() - start:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
