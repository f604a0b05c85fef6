"""Worlds: draws of every uncertain input by scrambled Sobol' points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.case.joint import JointBeliefs, joint_beliefs
from tocsin.case.schema import Case
from tocsin.errors import InputError
from tocsin.translation import message

MAX_DRAWS = 10_000_000
EDGE = 1e-12
"""Smallest distance of a point from 0 and 1."""


@dataclass(frozen=True)
class Worlds:
    """Draws of all inputs.

    Attributes:
        draws: belief name -> (D,) values.
        points: belief name -> (D,) quantiles in (0, 1) at which they were drawn.
        seed: of the scrambling.
    """

    draws: dict[str, np.ndarray]
    points: dict[str, np.ndarray]
    seed: int

    @property
    def size(self) -> int:
        """Number of worlds D."""
        return len(next(iter(self.draws.values())))

    def after(self, count: int) -> Worlds:
        """Return the worlds after the first `count`."""
        return self.some(np.arange(count, self.size))

    def some(self, indices: np.ndarray) -> Worlds:
        """Return some of the worlds."""
        return Worlds(
            {name: values[indices] for name, values in self.draws.items()},
            {name: values[indices] for name, values in self.points.items()},
            self.seed,
        )

    def with_more(self, other: Worlds) -> Worlds:
        """Return these worlds and others."""
        return Worlds(
            {name: np.concatenate([values, other.draws[name]]) for name, values in self.draws.items()},
            {name: np.concatenate([values, other.points[name]]) for name, values in self.points.items()},
            self.seed,
        )

    def fixed(self, name: str, value: float) -> Worlds:
        """Return the same worlds with one input fixed."""
        return Worlds(self.draws | {name: np.full(self.size, value)}, self.points, self.seed)


def draw(case: Case, *, seed: int, draws: int, names: Sequence[str] = ()) -> Worlds:
    """Draw worlds: Owen-scrambled Sobol' points (Owen 1998) through each belief's quantile function.

    Beliefs that rest on one fit have its correlation; see `correlated`.

    Args:
        case: a loaded case.
        seed: of the scrambling, >= 0.
        draws: number of worlds, 1 to 10,000,000.
        names: beliefs that get points, in order, if several cases share them; the case's own, by default.

    Raises:
        InputError: if seed or draws lie outside their ranges.
    """
    from scipy.stats import qmc

    check_draws(seed, draws)
    beliefs = case.distributions
    columns = {name: index for index, name in enumerate(names or beliefs)}
    power = max(int(np.ceil(np.log2(draws))), 1)
    sobol = qmc.Sobol(d=len(columns), scramble=True, rng=np.random.default_rng(seed))
    everywhere = np.clip(sobol.random_base2(power)[:draws], EDGE, 1.0 - EDGE)
    cover = correlated(case, everywhere[:, [columns[name] for name in beliefs]])
    points = {name: cover[:, index] for index, name in enumerate(beliefs)}
    return Worlds({name: belief.quantile(points[name]) for name, belief in beliefs.items()}, points, seed)


def correlated(case: Case, points: np.ndarray) -> np.ndarray:
    """Return points in which the beliefs of a case that rest on one fit have its correlation, see `with_correlation`.

    Args:
        case: a loaded case.
        points: (worlds, beliefs) independent and uniform in (0, 1), in the order of the case's beliefs.
    """
    return with_correlation(points, tuple(case.distributions), joint_beliefs(case))


def with_correlation(points: np.ndarray, names: Sequence[str], groups: Sequence[JointBeliefs]) -> np.ndarray:
    """Return points in which the beliefs of each group have its correlation: a Gaussian copula (Nelsen 2006, sec. 2.3).

    Each column stays uniform, so the distribution of each belief does not change. The first belief of a group keeps its points.

    Args:
        points: (worlds, beliefs) independent and uniform in (0, 1).
        names: of the beliefs, in order.
        groups: the beliefs that rest on one fit.
    """
    if not groups:
        return points
    from scipy.special import ndtr, ndtri

    columns = {name: index for index, name in enumerate(names)}
    result = points.copy()
    for group in groups:
        indices = [columns[name] for name in group.names]
        root = _root(np.array(group.loadings))
        normal = ndtri(points[:, indices[: len(root)]]) @ root
        result[:, indices[1:]] = np.clip(ndtr(normal[:, 1:]), EDGE, 1.0 - EDGE)
    return result


def _root(loadings: np.ndarray) -> np.ndarray:
    """Return an upper triangular R with R' R = F F' for loadings F (beliefs, factors), after scaling each row of F to length 1."""
    unit = loadings / np.linalg.norm(loadings, axis=1, keepdims=True)
    root = np.linalg.qr(unit.T, mode="r")
    return np.asarray(root * np.where(np.diag(root) < 0.0, -1.0, 1.0)[:, None])


def check_draws(seed: int, draws: int) -> None:
    """Raise InputError if seed or number of draws is out of range."""
    if not 1 <= draws <= MAX_DRAWS:
        raise InputError(
            message("{count} draws are not possible", count=f"{draws:,}"),
            remedy=message("ask for 1 to {most} draws", most=f"{MAX_DRAWS:,}"),
        )
    if seed < 0:
        raise InputError(message("the seed {seed} is negative", seed=seed), remedy=message("use a seed of 0 or more"))
