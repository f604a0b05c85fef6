"""Shares and points of single distributions in plain Python: the checks of a case need a few, and SciPy takes 0.3 s to load.

`tocsin.case.distributions` draws with SciPy, whose functions these agree with.
"""

from __future__ import annotations

import math
from statistics import NormalDist

MAX_PARAMETER = 1e4
"""Largest parameter of a beta here: its share is then exact to 1e-10. Rounding grows with the parameters."""
SMALLEST = 1e-300
MAX_TERMS = 2000
"""Largest number of terms of a continued fraction."""
MAX_STEPS = 50
"""Largest number of steps of Newton's method."""
STEP = 1e-6
"""Step of the derivatives."""
_ODDS_OF_END = math.log(19.0)


def normal_share(x: float, mean: float, sd: float) -> float:
    """Return the probability of a normal value at or below `x`."""
    return 0.5 * math.erfc((mean - x) / sd / math.sqrt(2.0))


def normal_point(share: float, mean: float, sd: float) -> float:
    """Return the normal value below which a share of the mass lies, 0 < share < 1."""
    return mean + sd * NormalDist().inv_cdf(share)


def beta_share(x: float, first: float, second: float) -> float:
    """Return the probability of a beta value at or below `x`, for parameters up to `MAX_PARAMETER`.

    It is the continued fraction of the incomplete beta function (NIST Digital Library of Mathematical Functions, 8.17.22).
    """
    if not 0.0 < x < 1.0:
        return 0.0 if x <= 0.0 else 1.0
    above = x > (first + 1.0) / (first + second + 2.0)
    if above:  # the fraction converges slowly there, so take the share above x
        x, first, second = 1.0 - x, second, first
    log_beta = math.lgamma(first) + math.lgamma(second) - math.lgamma(first + second)
    front = math.exp(first * math.log(x) + second * math.log1p(-x) - log_beta) / first
    share = front / _fraction(x, first, second)
    return 1.0 - share if above else share


def _fraction(x: float, first: float, second: float) -> float:
    """Return 1 + d1 / (1 + d2 / (1 + ...)) by Lentz's method, as modified by Thompson and Barnett (1986)."""
    both = first + second
    result, upper, lower = 1.0, 1.0, 0.0
    for step in range(1, MAX_TERMS):
        half, odd = divmod(step, 2)
        if odd:
            term = -(first + half) * (both + half) * x / ((first + 2 * half) * (first + 2 * half + 1.0))
        else:
            term = half * (second - half) * x / ((first + 2 * half - 1.0) * (first + 2 * half))
        lower = 1.0 / ((1.0 + term * lower) or SMALLEST)
        upper = (1.0 + term / upper) or SMALLEST
        result *= upper * lower
        if abs(upper * lower - 1.0) < 1e-16:
            break
    return result


def beta_point(share: float, first: float, second: float) -> float:
    """Return the beta value below which a share of the mass lies, by bisection, for parameters up to `MAX_PARAMETER`."""
    if share > 0.5:  # a small share is known to more digits than one near 1
        return 1.0 - beta_point(1.0 - share, second, first)
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2.0) < high:
        low, high = (middle, high) if beta_share(middle, first, second) < share else (low, middle)
    return middle


def beta_between(a: float, b: float, start: tuple[float, float]) -> tuple[float, float] | None:
    """Return the parameters of the beta whose 5 % and 95 % points are a and b; None if the search does not reach them.

    Newton's method solves for the logs of the parameters. The errors are those of the log odds of the two shares.

    Args:
        a: the 5 % point, above 0.
        b: the 95 % point, below 1.
        start: parameters to start from.
    """
    x, y = (math.log(value) for value in start)
    for _ in range(MAX_STEPS):
        if max(x, y) > math.log(MAX_PARAMETER):
            return None
        low, high = _errors(x, y, a, b)
        (low_x, high_x), (low_y, high_y) = _errors(x + STEP, y, a, b), _errors(x, y + STEP, a, b)
        (aa, ba), (ab, bb) = (low_x - low, high_x - high), (low_y - low, high_y - high)
        size = aa * bb - ab * ba
        if not size:
            return None
        move_x, move_y = STEP * (bb * low - ab * high) / size, STEP * (aa * high - ba * low) / size
        x, y = (value - min(max(move, -1.0), 1.0) for value, move in ((x, move_x), (y, move_y)))
        # a step leaves an error of about STEP times its length
        if max(abs(move_x), abs(move_y)) < 1e-9:
            return math.exp(x), math.exp(y)
    return None


def _errors(x: float, y: float, a: float, b: float) -> tuple[float, float]:
    """Return the errors of the shares below a and above b, as log odds, for the logs of two parameters."""
    first, second = math.exp(x), math.exp(y)
    low, high = beta_share(a, first, second), beta_share(1.0 - b, second, first)
    return _log_odds(low) + _ODDS_OF_END, _log_odds(high) + _ODDS_OF_END


def _log_odds(share: float) -> float:
    return math.log(max(share, SMALLEST)) - math.log(max(1.0 - share, SMALLEST))
