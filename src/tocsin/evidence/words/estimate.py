"""Turn the posterior of the game of words into a result: payoffs, likelihood ratios, and what the weeks do not determine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import NormalDist

import numpy as np

from tocsin.evidence.results import EstimateRow, Joint, NotLearned, StoredFigures
from tocsin.evidence.words.posterior import PRIORS, STATEMENTS, Posterior, fit
from tocsin.evidence.words.prior import PriorDraws, prior_draws
from tocsin.evidence.words.weeks import Weeks
from tocsin.mcmc import Limits

MAX_WIDTH = 0.8
"""A quantity is not learned if its 90 % interval is more than this share of the prior's, for payoffs on the scale of the prior's
normal distribution, for ratios in logarithms."""
PRIOR_DRAWS = 100_000
MIN_DRAWS = 2_000
"""Draws of each chain: enough for the probability that a ratio is large."""
STRONG = 3.0
"""Smallest likelihood ratio that commonly counts as evidence (Kass and Raftery 1995)."""
RARE = 0.2
"""Share of steps below which alarm is called rare."""
FIT = "words"
_TAILS = (0.05, 0.95)


def estimate(weeks: Weeks, *, seed: int) -> StoredFigures:
    """Return payoffs, likelihood ratios of statements without an act, and quantities that the weeks do not determine.

    Args:
        weeks: numbers of weeks by words, act and step.
        seed: of the chains and of the draws from the prior.

    Raises:
        SolveError: if the chains did not mix; see `mcmc.sample`.
    """
    posterior = fit(weeks, seed=seed, limits=Limits(min_draws=MIN_DRAWS))
    before = prior_draws(weeks.ordinary, PRIOR_DRAWS, seed=seed)
    return StoredFigures(
        counted=tuple(weeks.rows()),
        estimated=(*_payoff_rows(posterior), *_ratio_rows(posterior)),
        not_learned=tuple(_not_learned(posterior, before)),
        diagnostics={"seed": seed, **posterior.mixing.to_dict()},
        cases=int(weeks.ordinary.sum() + weeks.stepped.sum()),
        details=_details(posterior, before),
    )


def _payoff_rows(posterior: Posterior) -> list[EstimateRow]:
    """Return a row for each payoff, with the correlation of their normal scores."""
    draws = {name: values.ravel() for name, values in posterior.payoffs.items()}
    scores = np.stack([_normal_scores(values) for values in draws.values()])
    loadings = np.linalg.cholesky(np.corrcoef(scores))
    return [
        EstimateRow(
            {"what": "payoff" if name in PRIORS else "alarm", "of": name if name in PRIORS else "prior"},
            *_percentiles(values),
            joint=Joint(FIT, tuple(round(float(value), 6) for value in row)),
            family=None if name in PRIORS else "beta",
        )
        for (name, values), row in zip(draws.items(), loadings, strict=True)
    ]


def _normal_scores(values: np.ndarray) -> np.ndarray:
    """Return the normal quantiles of the ranks of draws."""
    from scipy.stats import norm, rankdata

    return np.asarray(norm.ppf((rankdata(values) - 0.5) / values.size))


def _percentiles(values: np.ndarray) -> tuple[float, float, float]:
    low, middle, high = (float(f"{value:.4g}") for value in np.quantile(values, [0.05, 0.5, 0.95]))
    return low, middle, high


def _ratio_rows(posterior: Posterior) -> list[EstimateRow]:
    return [
        EstimateRow.from_draws({"what": "ratio", "of": name}, values, digits=6)
        for name, values in posterior.ratios.items()
    ]


def _not_learned(posterior: Posterior, before: PriorDraws) -> list[NotLearned]:
    rows = []
    normal = NormalDist().inv_cdf(_TAILS[1]) * 2.0
    for name, values in posterior.payoffs.items():
        learned, prior = (_log_odds, 2.0 * np.log(19.0)) if name not in PRIORS else (np.log, normal * PRIORS[name][1])
        rows.append(("payoff" if name in PRIORS else "alarm", name, _width(values, learned) / prior))
    for name, values in posterior.ratios.items():
        rows.append(("ratio", name, _width(values, np.log) / _width(before.ratio(name), np.log)))
    return [
        NotLearned(what, of, f"its 90 % interval is {share:.0%} as wide as before the weeks of steps")
        for what, of, share in rows
        if share > MAX_WIDTH
    ]


def _log_odds(share: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(share) - np.log1p(-share))


def _width(values: np.ndarray, scale: Callable[[np.ndarray], np.ndarray]) -> float:
    low, high = scale(np.quantile(values, _TAILS))
    return float(high - low)


def _details(posterior: Posterior, before: PriorDraws) -> Mapping[str, Mapping[str, str]]:
    """Return priors, and what the weeks changed in the ratios."""
    often = posterior.payoffs["prior"] > RARE
    tails = {name: np.quantile(before.ratio(name), _TAILS) for name in STATEMENTS}
    return {
        "priors": {
            **{
                name: f"lognormal, median {middle:g}, sd of log {spread:g}" for name, (middle, spread) in PRIORS.items()
            },
            "prior": "uniform from 0 to 1",
            "habit": "Dirichlet(1/2)",
        },
        "ratio_before": {name: f"{low:.3g} to {high:.3g}" for name, (low, high) in tails.items()},
        "strong_before": {name: f"{(before.ratio(name) > STRONG).mean():.2g}" for name in STATEMENTS},
        "strong": {name: f"{(values > STRONG).mean():.2g}" for name, values in posterior.ratios.items()},
        "strong_unless_rare": {
            name: f"{(values[often] > STRONG).mean():.2g}" for name, values in posterior.ratios.items()
        },
    }
