"""Distributions of uncertain inputs, drawn by inverse CDF and truncated to the admissible range of the input.

`family(a to b)` gives the 5 % and 95 % points, `family(x, y)` the family's own parameters:

    beta(alpha, beta) on [0, 1]      lognormal(mean of log, sd of log)     normal(mean, sd)
    gamma(shape, scale)              uniform(low, high)                    loguniform(low, high)
    rate(k in n)                     k events in n years at risk: Beta(k + 1/2, n - k + 1/2) (Jeffreys prior)
    fixed(x)                         a number without uncertainty

Truncation keeps the shape inside the range and divides by the mass there: Q(u) = F^-1(F(low) + u (F(high) - F(low))).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tocsin.case.families import (
    Z95,
    cdf,
    fit_beta_for_draws,
    mean_of,
    moments,
    parameters,
    point_at,
    ppf,
    share_below,
    support,
)
from tocsin.case.shares import beta_between
from tocsin.case.units import parse_number
from tocsin.errors import InputError, did_you_mean
from tocsin.reading import LIMIT
from tocsin.translation import message, template

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

FAMILIES = ("beta", "lognormal", "loguniform", "uniform", "normal", "gamma", "rate", "fixed")
MAX_LENGTH = 200
TAIL = 2.0**-53
"""Probabilities are clipped to [TAIL, 1 - TAIL], so that every draw is finite."""
MAX_CUT = 0.5
"""Largest share of its mass that a distribution may lose to truncation."""
FIT = 1e-6
"""Relative tolerance of a fitted 5 % or 95 % point."""

_FACT = re.compile(r"\s*fact\(\s*([A-Za-z][A-Za-z0-9_.-]*)\s*\)\s*\Z")
_FORM = re.compile(r"\s*([A-Za-z]+)\s*\((.*)\)\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Distribution:
    """One distribution: `family` with its own two parameters, truncated to [`low`, `high`].

    Families: beta, lognormal, loguniform, uniform, normal, gamma, fixed (`rate` is a beta). All numbers are in
    the unit of the belief. `parse` creates it; `text` is its source. With `points`, the 5 % and 95 % points of a beta, the parameters
    are exact enough for checks, and draws fit them again with SciPy: a world's last digit can decide whether its game settles.
    """

    family: str
    first: float
    second: float
    low: float = -math.inf
    high: float = math.inf
    text: str = ""
    points: tuple[float, float] | None = None

    @property
    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest possible value."""
        low, high = support(self)
        return max(low, self.low), min(high, self.high)

    @property
    def admissible_mass(self) -> float:
        """Return the share of the untruncated mass that lies in the admissible range, 0 to 1."""
        below, above = _checked_mass(self)
        return above - below

    def quantile(self, u: ArrayLike) -> Floats:
        """Return the values at probabilities `u` in [0, 1], in the shape of `u`: finite and nondecreasing in `u`."""
        import numpy as np

        shares = np.asarray(u, dtype=np.float64)
        if shares.size and not (shares.min() >= 0 and shares.max() <= 1):
            raise ValueError("probabilities must lie in [0, 1]")
        below, above = _mass(self)
        inside = np.clip(below + np.clip(shares, TAIL, 1 - TAIL) * (above - below), TAIL**2, 1 - TAIL)
        low, high = self.support
        return np.clip(np.asarray(ppf(self)(inside), dtype=np.float64), low, high)

    def point(self, share: float) -> float:
        """Return the value at one probability in [0, 1]: that of `quantile`, up to rounding, in most cases without SciPy."""
        below, above = _checked_mass(self)
        inside = below + min(max(share, TAIL), 1 - TAIL) * (above - below)
        low, high = self.support
        return min(max(point_at(self, min(max(inside, TAIL**2), 1 - TAIL)), low), high)

    @property
    def is_certain(self) -> bool:
        """Return whether it has one value only."""
        low, high = self.support
        return low == high

    def cdf(self, x: ArrayLike) -> Floats:
        """Return the probability of a value at or below `x`, in the shape of `x`."""
        import numpy as np

        values = np.asarray(x, dtype=np.float64)
        if self.family == "fixed":
            return np.where(values >= self.first, 1.0, 0.0)
        below, above = _mass(self)
        return np.clip((np.asarray(cdf(self)(values)) - below) / (above - below), 0.0, 1.0)

    @property
    def mean(self) -> float:
        """Return the mean (Gauss-Legendre rule over 2,000 quantiles if the distribution is truncated)."""
        if self.family == "fixed":
            return self.first
        if self.admissible_mass > 1 - 1e-12:
            return mean_of(self.family, *parameters(self))
        import numpy as np

        nodes, weights = np.polynomial.legendre.leggauss(2000)
        return float(np.sum(self.quantile((nodes + 1) / 2) * weights) / 2)

    def __str__(self) -> str:
        return self.text or f"{self.family}({self.first:g}, {self.second:g})"


def parse(text: str, *, low: float = -math.inf, high: float = math.inf) -> Distribution:
    """Return the distribution written in `text`, truncated to the admissible range [low, high].

    Raises:
        InputError: for an unknown form, invalid parameters, 5 % and 95 % points that are out of order, outside the
            range or impossible to fit, and a distribution with too little mass in the range or no finite mean.
    """
    family, body = _split(text)
    if family == "fixed":
        untruncated = _fixed(body)
    elif family == "rate":
        untruncated = _rate(body)
    elif re.search(r"\bto\b", body):
        untruncated = _from_points(family, *_two(body, r"\bto\b", text), low=low, high=high)
    else:
        untruncated = _from_parameters(family, *_two(body, ",", text))
    _check_finite(untruncated, text)
    first, second, points = untruncated.first, untruncated.second, untruncated.points
    result = Distribution(untruncated.family, first, second, low, high, text.strip(), points)
    _check_mass(result)
    return result


def fact_of(text: str) -> str | None:
    """Return the key of the fact in "fact(ID)"; None for any other text."""
    match = _FACT.match(text)
    return match[1] if match else None


def _bad(message: str, remedy: str) -> InputError:
    return InputError(message, remedy=remedy)


def _split(text: str) -> tuple[str, str]:
    match = _FORM.match(text) if len(text) <= MAX_LENGTH else None
    if match is None:
        raise _bad(
            message("{text} is not a distribution", text=repr(text[:60])),
            message('write family(a to b) for the 5 % and 95 % points, e.g. "beta(0.1 to 0.5)", or "fixed(0.3)"'),
        )
    if match[1] not in FAMILIES:
        raise _bad(message("unknown distribution `{name}`", name=match[1]), did_you_mean(match[1], FAMILIES))
    return match[1], match[2]


def _two(body: str, separator: str, text: str) -> tuple[float, float]:
    parts = re.split(separator, body)
    if len(parts) != 2:
        raise _bad(
            message("{text} needs two numbers", text=repr(text[:60])),
            message("write (a to b) for 5 % and 95 % points or (x, y)"),
        )
    return parse_number(parts[0]), parse_number(parts[1])


def _fixed(body: str) -> Distribution:
    value = parse_number(body)
    return Distribution("fixed", value, value)


def _rate(body: str) -> Distribution:
    match = re.fullmatch(r"\s*(\S+)\s+in\s+(\S+)\s*", body)
    if match is None:
        raise _bad(
            message("rate({body}) is not a record", body=body),
            message('write "rate(k in n)": k events in n years at risk'),
        )
    events, years = parse_number(match[1]), parse_number(match[2])
    if not (0 <= events <= years and years > 0):
        raise _bad(
            message("rate({body}) is not a record", body=body),
            message("the events must be at least 0 and no more than the years at risk"),
        )
    return Distribution("beta", events + 0.5, years - events + 0.5)


def _from_parameters(family: str, x: float, y: float) -> Distribution:
    valid = {
        "beta": x > 0 and y > 0,
        "gamma": x > 0 and y > 0,
        "normal": y > 0,
        "lognormal": y > 0,
        "uniform": x < y,
        "loguniform": 0 < x < y,
    }[family]
    if not valid:
        raise _bad(
            message("{family}({x}, {y}) is not a distribution", family=family, x=f"{x:g}", y=f"{y:g}"),
            _PARAMETERS[family],
        )
    return Distribution(family, x, y)


_PARAMETERS = {
    "beta": message("both parameters must be above 0"),
    "gamma": message("shape and scale must be above 0"),
    "normal": message("write normal(mean, sd) with sd above 0"),
    "lognormal": message("write lognormal(mean of log, sd of log) with sd above 0, or lognormal(a to b)"),
    "uniform": message("write uniform(low, high) with low below high"),
    "loguniform": message("write loguniform(low, high) with 0 < low < high"),
}


def _from_points(family: str, a: float, b: float, *, low: float, high: float) -> Distribution:
    """Return the member of the family whose 5 % and 95 % points are a and b."""
    if not a < b:
        raise _bad(
            message(
                "{family}({a} to {b}): the 5 % point is not below the 95 % point", family=family, a=f"{a:g}", b=f"{b:g}"
            ),
            message("write (a to b), a < b"),
        )
    if a < low or b > high:
        raise _bad(
            message(
                "{family}({a} to {b}) exceeds the admissible range {low} to {high}",
                family=family,
                a=f"{a:g}",
                b=f"{b:g}",
                low=f"{low:g}",
                high=f"{high:g}",
            ),
            message("move the points inside the range, or check the unit"),
        )
    if family in ("lognormal", "loguniform", "gamma") and a <= 0:
        raise _bad(
            message("{family}({a} to {b}) needs points above 0", family=family, a=f"{a:g}", b=f"{b:g}"),
            message("use uniform or normal for values at or below 0"),
        )
    if family == "beta" and not (a > 0 and b < 1):
        raise _bad(
            message("beta({a} to {b}) needs points between 0 and 1", a=f"{a:g}", b=f"{b:g}"),
            message("use uniform, or points inside (0, 1)"),
        )
    return _checked_fit(_FITS[family](a, b), a, b)


def _fit_normal(a: float, b: float) -> Distribution:
    return Distribution("normal", (a + b) / 2, (b - a) / 2 / Z95)


def _fit_lognormal(a: float, b: float) -> Distribution:
    middle, half = (math.log(a) + math.log(b)) / 2, (math.log(b) - math.log(a)) / 2
    return Distribution("lognormal", middle, half / Z95)


def _fit_uniform(a: float, b: float) -> Distribution:
    margin = (b - a) / 18
    return Distribution("uniform", a - margin, b + margin)


def _fit_loguniform(a: float, b: float) -> Distribution:
    inner = _fit_uniform(math.log(a), math.log(b))
    return Distribution("loguniform", math.exp(inner.first), math.exp(inner.second))


def _fit_gamma(a: float, b: float) -> Distribution:
    """Solve for the shape by the ratio of the points, which falls as the shape grows; then set the scale."""
    from scipy.optimize import brentq
    from scipy.special import gammaincinv

    def error(log_shape: float) -> float:
        shape = math.exp(log_shape)
        return float(math.log(gammaincinv(shape, 0.95) / gammaincinv(shape, 0.05)) - math.log(b / a))

    try:
        shape = math.exp(brentq(error, math.log(0.02), math.log(1e8), xtol=1e-13))
    except ValueError:
        raise _unfitted("gamma", a, b) from None
    return Distribution("gamma", shape, b / float(gammaincinv(shape, 0.95)))


@lru_cache(maxsize=4096)
def _fit_beta(a: float, b: float) -> Distribution:
    """Solve for both parameters, starting from the moments."""
    start = moments(a, b)
    fitted = beta_between(a, b, start) if min(a, 1 - b) >= 1e-6 else None
    if fitted is not None:
        return Distribution("beta", *fitted, points=(a, b))
    return Distribution("beta", *fit_beta_for_draws(a, b))


_FITS: dict[str, Callable[[float, float], Distribution]] = {
    "beta": _fit_beta,
    "gamma": _fit_gamma,
    "normal": _fit_normal,
    "lognormal": _fit_lognormal,
    "uniform": _fit_uniform,
    "loguniform": _fit_loguniform,
}


def _checked_fit(fitted: Distribution, a: float, b: float) -> Distribution:
    if not all(math.isfinite(x) for x in (fitted.first, fitted.second)):
        raise _unfitted(fitted.family, a, b)
    tolerance = FIT * max(abs(a), abs(b), b - a)
    if not (_reaches(fitted, 0.05, a, min(tolerance, 1e-3 * (b - a))) and _reaches(fitted, 0.95, b, tolerance)):
        raise _unfitted(fitted.family, a, b)
    return fitted


def _reaches(d: Distribution, share: float, x: float, tolerance: float) -> bool:
    """Return whether the point of a share lies within a tolerance of x."""
    return share_below(d, x - tolerance) <= share <= share_below(d, x + tolerance)


def _unfitted(family: str, a: float, b: float) -> InputError:
    return _bad(
        message(
            "no {family} distribution has {a} and {b} as its 5 % and 95 % points", family=family, a=f"{a:g}", b=f"{b:g}"
        ),
        message("move the points, or use uniform or loguniform"),
    )


def _check_finite(untruncated: Distribution, text: str) -> None:
    """Refuse infinite parameters or means, and tails beyond the largest number of a case."""
    try:
        first, second, mean = (
            untruncated.first,
            untruncated.second,
            mean_of(untruncated.family, untruncated.first, untruncated.second),
        )
        ends = support(untruncated)
        if not all(math.isfinite(end) for end in ends):
            ends = point_at(untruncated, 1e-6), point_at(untruncated, 1 - 1e-6)
        numbers = [first, second, mean, *ends]
    except OverflowError:
        numbers = [math.inf]
    if not all(math.isfinite(x) and abs(x) <= LIMIT for x in numbers):
        raise _bad(
            message("{text} has no finite spread", text=repr(text.strip())),
            message("narrow it: its tails exceed every admissible value"),
        )


_OUTSIDE = template("{text} has no mass in the admissible range {low} to {high}")
_MOSTLY_OUTSIDE = template("{text} has only {share} of its mass in the admissible range {low} to {high}")


def _check_mass(truncated: Distribution) -> None:
    if truncated.family == "fixed":
        if not truncated.low <= truncated.first <= truncated.high:
            raise _bad(
                message(
                    "{text} lies outside the admissible range {low} to {high}",
                    text=truncated.text,
                    low=f"{truncated.low:g}",
                    high=f"{truncated.high:g}",
                ),
                message("choose a value inside the range, or check the unit"),
            )
        return
    mass_inside = truncated.admissible_mass
    if not mass_inside >= 1 - MAX_CUT:
        raise _bad(
            message(
                _OUTSIDE if mass_inside < 1e-9 else _MOSTLY_OUTSIDE,
                text=truncated.text,
                share=f"{mass_inside:.0%}",
                low=f"{truncated.low:g}",
                high=f"{truncated.high:g}",
            ),
            message("move it inside the range, or check the unit"),
        )


def _mass(d: Distribution) -> tuple[float, float]:
    """Return the untruncated distribution function at the two ends of the admissible range, for draws."""
    return _at_ends(d, lambda x: float(cdf(d)(x)))


def _checked_mass(d: Distribution) -> tuple[float, float]:
    """Return the same up to rounding, without SciPy where plain Python suffices."""
    return _at_ends(d, lambda x: share_below(d, x))


def _at_ends(d: Distribution, share: Callable[[float], float]) -> tuple[float, float]:
    low, high = support(d)
    if d.family == "fixed" or (d.low <= low and d.high >= high):
        return 0.0, 1.0
    return 0.0 if d.low <= low else share(d.low), 1.0 if d.high >= high else share(d.high)
