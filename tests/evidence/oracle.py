"""An independent maximum likelihood fit of the named games in SciPy: its likelihood shares no code with the program.

Regressors are given as matrices, one for each utility with coefficients, so that a test builds constants and dummies itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_expit, log_ndtr

Matrices: TypeAlias = Mapping[str, np.ndarray]
Utilities: TypeAlias = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Optimum:
    """The highest log likelihood, its coefficients, and the probabilities (cases, outcomes) there."""

    loglik: float
    coefficients: np.ndarray
    probabilities: np.ndarray

    def clustered_errors(self, scores: np.ndarray, hessian: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """Return sandwich errors with the correction G / (G - 1)."""
        sums = np.array([scores[groups == label].sum(axis=0) for label in np.unique(groups)])
        bread = np.linalg.inv(-hessian)
        return np.sqrt(np.diag(bread @ (sums.T @ sums) @ bread * len(sums) / (len(sums) - 1)))


def logs_of_12(u: Utilities, link: str, errors: str) -> np.ndarray:
    """Return (cases, 3) log probabilities: 1 if player 1 stops, 3 if player 2 gives in, 4 if it fights."""
    cdf = log_ndtr if link == "probit" else log_expit
    fight = cdf(u["u2(4)"] / np.sqrt(2))
    give = cdf(-u["u2(4)"] / np.sqrt(2))
    value = np.exp(give) * u["u1(3)"] + np.exp(fight) * u["u1(4)"] - u["u1(1)"]
    scale = np.sqrt(2) if errors == "agent" else np.sqrt(1 + np.exp(2 * fight) + np.exp(2 * give))
    go, stop = cdf(value / scale), cdf(-value / scale)
    return np.column_stack([stop, go + give, go + fight])


def logs_of_122(u: Utilities, link: str, errors: str) -> np.ndarray:
    """Return (cases, 4) log probabilities of left left, left right, right left, right right; agent errors only."""
    assert errors == "agent"
    cdf = log_ndtr if link == "probit" else log_expit
    after = [(cdf(-u[f"u2({n})"] / np.sqrt(2)), cdf(u[f"u2({n})"] / np.sqrt(2))) for n in (2, 4)]
    left = np.exp(after[0][0]) * u["u1(1)"] + np.exp(after[0][1]) * u["u1(2)"]
    right = np.exp(after[1][0]) * u["u1(3)"] + np.exp(after[1][1]) * u["u1(4)"]
    first = cdf((left - right) / np.sqrt(2)), cdf((right - left) / np.sqrt(2))
    return np.column_stack([first[side] + after[side][move] for side in (0, 1) for move in (0, 1)])


GAMES: Mapping[str, tuple[Callable[[Utilities, str, str], np.ndarray], tuple[str, ...]]] = {
    "12": (logs_of_12, ("u1(1)", "u1(3)", "u1(4)", "u2(4)")),
    "122": (logs_of_122, ("u1(1)", "u1(2)", "u1(3)", "u1(4)", "u2(2)", "u2(4)")),
}


@dataclass(frozen=True)
class Model:
    """A named game with regressors; `outcome` (cases,) is an index in its outcomes."""

    matrices: Matrices
    outcome: np.ndarray
    game: str = "12"
    link: str = "probit"
    errors: str = "agent"

    def logs(self, coefficients: np.ndarray, matrices: Matrices | None = None) -> np.ndarray:
        """Return log probabilities, (cases, outcomes)."""
        logs, names = GAMES[self.game]
        used = matrices or self.matrices
        cases = len(next(iter(used.values())))
        utilities, start = {name: np.zeros(cases) for name in names}, 0
        for name in names:
            if name in used:
                width = used[name].shape[1]
                utilities[name] = used[name] @ coefficients[start : start + width]
                start += width
        return logs(utilities, self.link, self.errors)

    def terms(self, coefficients: np.ndarray) -> np.ndarray:
        """Return the log likelihood of each case, (cases,)."""
        return self.logs(coefficients)[np.arange(len(self.outcome)), self.outcome]

    def derivatives(self, coefficients: np.ndarray, step: float = 1e-4) -> tuple[np.ndarray, np.ndarray]:
        """Return scores (cases, coefficients) and the Hessian by central differences."""
        size = coefficients.size
        steps = np.eye(size) * step

        def scores(b: np.ndarray) -> np.ndarray:
            return np.column_stack([(self.terms(b + one) - self.terms(b - one)) / (2 * step) for one in steps])

        rows = [(scores(coefficients + one) - scores(coefficients - one)).sum(axis=0) / (2 * step) for one in steps]
        return scores(coefficients), np.array(rows)

    def optimum(self, starts: int = 12, seed: int = 0) -> Optimum:
        """Return the highest of several local maxima. Regressors are scaled for the search."""
        matrices = [self.matrices[name] for name in GAMES[self.game][1] if name in self.matrices]
        sizes = np.concatenate([np.sqrt((matrix**2).mean(axis=0)) for matrix in matrices])
        rng = np.random.default_rng(seed)
        points = [np.zeros(sizes.size), *rng.normal(size=(starts - 1, sizes.size))]

        def negative(z: np.ndarray) -> float:
            with np.errstate(all="ignore"):
                value = -float(self.terms(z / sizes).sum())
            return value if np.isfinite(value) else 1e10

        minima = [minimize(negative, point, method="BFGS", options={"gtol": 1e-8}) for point in points]
        best = min(minima, key=lambda result: float(result.fun))
        best = minimize(
            negative, best.x, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000}
        )
        coefficients = best.x / sizes
        return Optimum(-float(best.fun), coefficients, np.exp(self.logs(coefficients)))


def columns(*parts: object, cases: int) -> np.ndarray:
    """Return a matrix of columns; a number stands for a constant column."""
    return np.column_stack([np.broadcast_to(np.asarray(part, dtype=float), (cases,)) for part in parts])
