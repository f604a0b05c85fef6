"""The families of distributions before truncation: distribution functions, their inverses, means, and how a beta is fitted for draws."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from tocsin.case.shares import MAX_PARAMETER, beta_point, beta_share, normal_point, normal_share

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from tocsin.case.distributions import Distribution

    Floats = NDArray[np.float64]

Z95 = 1.6448536269514722
"""The 95 % point of the standard normal distribution."""


def parameters(d: Distribution) -> tuple[float, float]:
    """Return the parameters that draws use."""
    return (d.first, d.second) if d.points is None else fit_beta_for_draws(*d.points)


def moments(a: float, b: float) -> tuple[float, float]:
    """Return the parameters of a beta with about the mean and spread of the points."""
    mean, sd = (a + b) / 2, (b - a) / 2 / Z95
    size = max(mean * (1 - mean) / sd**2 - 1, 0.5)
    return mean * size, (1 - mean) * size


@lru_cache(maxsize=4096)
def fit_beta_for_draws(a: float, b: float) -> tuple[float, float]:
    """Solve for the logs of both parameters by the logits of the points, which SciPy has for all parameters."""
    import numpy as np
    from scipy.optimize import least_squares, root
    from scipy.special import betaincinv, logit

    target = logit(np.array([a, b]))

    def error(logs: Floats) -> Floats:
        points = betaincinv(*np.exp(logs), np.array([0.05, 0.95]))
        return np.asarray(logit(np.clip(points, 1e-300, 1 - 1e-16)) - target)

    first_logs = np.log(moments(a, b))
    with np.errstate(over="ignore", invalid="ignore"):
        logs = root(error, first_logs, tol=1e-14).x
    if min(a, 1 - b) < 1e-6 or not (np.abs(logs).max() < 25 and np.abs(error(logs)).max() < 1e-9):
        # slower, but it stays within bounds
        logs = least_squares(error, first_logs, xtol=1e-15, ftol=1e-15, gtol=1e-15, bounds=(-8, 25), max_nfev=500).x
    return float(np.exp(logs[0])), float(np.exp(logs[1]))


def support(d: Distribution) -> tuple[float, float]:
    """Return the smallest and the largest value before truncation."""
    if d.family in ("uniform", "loguniform", "fixed"):
        return d.first, d.second
    return {"beta": (0.0, 1.0), "lognormal": (0.0, math.inf), "gamma": (0.0, math.inf)}.get(
        d.family, (-math.inf, math.inf)
    )


def share_below(d: Distribution, x: float) -> float:
    """Return the untruncated distribution function at one value, without SciPy where plain Python suffices."""
    if d.family in ("lognormal", "loguniform") and x <= 0:
        return 0.0
    first, second = d.first, d.second
    if d.family == "fixed":
        return float(x >= first)
    if d.family in ("uniform", "loguniform"):
        low, high, value = (math.log(v) if d.family == "loguniform" else v for v in (first, second, x))
        return min(max((value - low) / (high - low), 0.0), 1.0)
    if d.family in ("normal", "lognormal"):
        return normal_share(x if d.family == "normal" else math.log(x), first, second)
    if d.family == "beta" and max(first, second) <= MAX_PARAMETER:
        return beta_share(x, first, second)
    return float(cdf(d)(x))


def point_at(d: Distribution, share: float) -> float:
    """Return the inverse of the untruncated distribution function at one share, without SciPy where plain Python suffices."""
    first, second = d.first, d.second
    if d.family in ("fixed", "uniform"):
        return first + share * (second - first)
    if d.family == "loguniform":
        return math.exp(math.log(first) + share * (math.log(second) - math.log(first)))
    if d.family in ("normal", "lognormal"):
        value = normal_point(share, first, second)
        return value if d.family == "normal" else math.exp(value)
    if d.family == "beta" and max(first, second) <= MAX_PARAMETER:
        return beta_point(share, first, second)
    import numpy as np

    return float(ppf(d)(np.array([share]))[0])


def ppf(d: Distribution) -> Callable[[Floats], Floats]:
    """Return the inverse of the untruncated distribution function."""
    import numpy as np
    from scipy import special

    x, y = parameters(d)
    table: dict[str, Callable[[Floats], Floats]] = {
        "fixed": lambda u: np.full_like(u, x),
        "uniform": lambda u: x + u * (y - x),
        "loguniform": lambda u: np.exp(math.log(x) + u * (math.log(y) - math.log(x))),
        "normal": lambda u: x + y * special.ndtri(u),
        "lognormal": lambda u: np.exp(x + y * special.ndtri(u)),
        "gamma": lambda u: y * special.gammaincinv(x, u),
        "beta": lambda u: special.betaincinv(x, y, u),
    }
    return table[d.family]


def cdf(d: Distribution) -> Callable[[ArrayLike], Floats]:
    """Return the untruncated distribution function."""
    import numpy as np
    from scipy import special

    x, y = parameters(d)

    def log(v: ArrayLike) -> Floats:
        return np.log(np.maximum(np.asarray(v, dtype=np.float64), 1e-300))

    def line(v: ArrayLike, a: float, b: float) -> Floats:
        return np.clip((np.asarray(v, dtype=np.float64) - a) / (b - a), 0, 1)

    table: dict[str, Callable[[ArrayLike], Floats]] = {
        "uniform": lambda v: line(v, x, y),
        "loguniform": lambda v: line(log(v), math.log(x), math.log(y)),
        "normal": lambda v: special.ndtr((np.asarray(v, dtype=np.float64) - x) / y),
        "lognormal": lambda v: special.ndtr((log(v) - x) / y),
        "gamma": lambda v: special.gammainc(x, np.maximum(v, 0.0) / y),
        "beta": lambda v: special.betainc(x, y, np.clip(v, 0.0, 1.0)),
    }
    return table[d.family]


def mean_of(family: str, x: float, y: float) -> float:
    """Return the mean of an untruncated distribution, in closed form."""
    if family == "loguniform":
        return (y - x) / math.log(y / x)
    return {
        "fixed": lambda: x,
        "uniform": lambda: (x + y) / 2,
        "normal": lambda: x,
        "lognormal": lambda: math.exp(x + y * y / 2),
        "gamma": lambda: x * y,
        "beta": lambda: x / (x + y),
    }[family]()
