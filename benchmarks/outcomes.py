"""Who prevails, told of disputes not seen: python -m benchmarks.outcomes DISPUTES.csv [SEEDS]

Tenfold cross-validation, once for each seed of the folds, of the ordered logits on the ratio of capabilities and its logarithm and of the
flexible predictor; every choice of the predictor is made inside the folds.
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
from tocsin.evidence.contest.outcomes import cross_validated, learn
from tocsin.evidence.tables import read_table


def by_ratio(log: bool, seen: Disputes, new: Disputes) -> np.ndarray:
    def regressor(cases: Disputes) -> np.ndarray:
        a, b = cases.capability.T
        return np.log(a / (a + b))[:, None] if log else (a / (a + b))[:, None]

    return ordered_logit(regressor(seen), seen.outcome).probabilities(regressor(new))


def _seeded(
    tell: Callable[[Disputes, Disputes, int], np.ndarray], seed: int, seen: Disputes, new: Disputes
) -> np.ndarray:
    return tell(seen, new, seed)


def main(file: str, seeds: int) -> None:
    cases = disputes(read_table(Path(file)))
    tellers: dict[str, Callable[[Disputes, Disputes, int], np.ndarray]] = {
        "ordered logit, log ratio": lambda seen, new, _: by_ratio(True, seen, new),
        "ordered logit, ratio": lambda seen, new, _: by_ratio(False, seen, new),
        "flexible": lambda seen, new, seed: learn(seen, seed=seed).probabilities(new),
    }
    for name, tell in tellers.items():
        begun, found = time.perf_counter(), []
        for seed in range(seeds):
            found.append(cross_validated(cases, partial(_seeded, tell, seed), seed=seed)[0])
            print(f"  {name}, folds {seed}: {found[-1]:.4f}", flush=True)
        spread = np.std(found, ddof=1) if seeds > 1 else float("nan")
        print(
            f"{name}: reduction in loss {np.mean(found):.4f} (sd over folds {spread:.4f}), {time.perf_counter() - begun:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
