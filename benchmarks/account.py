"""Score accounts out of sample: python -m benchmarks.account COUNTS.csv EVENTS.csv ANNIVERSARIES.csv

Each account is fitted to the end of year Y, for Y from 2005 to 2013. It forecasts every week of Y + 1, given output, calendar and
triggers. Its log score is compared, week by week, with a seasonal-naive forecast, exponential smoothing (ETS) and the account
without triggers, without calendar and without either. Standard errors use blocks of 13 weeks, because neighbouring weeks are alike.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator

import jax
import numpy as np
import polars as pl
from scipy.optimize import minimize_scalar
from scipy.special import gammaln
from scipy.stats import norm

from benchmarks.forecast import forecast, until, without_parts
from tocsin.rhetoric.accounts.account import CHANGES
from tocsin.rhetoric.accounts.design import Design, design
from tocsin.rhetoric.accounts.fit import fit
from tocsin.rhetoric.series import by_theme
from tocsin.rhetoric.triggers import triggers

TARGET = "JPN"
YEARS = range(2005, 2014)
BLOCK = 13
MIN_MEAN = 0.25
"""Smallest forecast of a baseline, in items a week: one item would refute a forecast of none."""
ACCOUNTS = {
    "the account": {},
    "without triggers": {"triggers": False},
    "without calendar": {"calendar": False},
    "without either": {"triggers": False, "calendar": False},
}


def main(counts: str, events: str, anniversaries: str) -> None:
    table = pl.read_csv(counts, try_parse_dates=True)
    used = triggers(pl.read_csv(events, infer_schema=False), TARGET).used
    whole = design(by_theme(table), pl.read_csv(anniversaries, infer_schema=False), used, CHANGES)
    scores: dict[str, list[np.ndarray]] = {}
    covered: list[np.ndarray] = []
    for year in YEARS:
        long = until(whole, year + 1)
        for name, parts in ACCOUNTS.items():
            score, within = _account(without_parts(long, **parts), year)
            scores.setdefault(name, []).append(score)
            if name == "the account":
                covered.append(within)
        for name, score in _baselines(long, year):
            scores.setdefault(name, []).append(score)
        # every year has arrays of other shapes, so no compiled program is used twice
        jax.clear_caches()  # type: ignore[no-untyped-call]
        print(year + 1, *(f"{name} {years[-1].mean():.3f}" for name, years in scores.items()), sep="; ", flush=True)
    _report({name: np.concatenate(years) for name, years in scores.items()}, np.concatenate(covered))


def _report(scores: dict[str, np.ndarray], covered: np.ndarray) -> None:
    own = scores["the account"]
    exact, whole, held = covered.mean(axis=0)
    print(f"{own.size} weeks; the account: {own.mean():.4f}")
    print(
        f"intervals of exactly 90 % cover {exact:.1%}; intervals of whole numbers hold {held:.1%} and cover {whole:.1%}"
    )
    for name, score in scores.items():
        if name != "the account":
            gain = own - score
            blocks = np.array([block.mean() for block in np.array_split(gain, gain.size // BLOCK)])
            error = blocks.std(ddof=1) / np.sqrt(blocks.size)
            print(f"{name:24} {score.mean():8.4f}  the account better by {gain.mean():+.4f} (se {error:.4f})")


def _account(whole: Design, year: int) -> tuple[np.ndarray, np.ndarray]:
    """Return log scores, (weeks,), and for each week, (weeks, 3): coverage by the exact interval, by the interval of whole numbers,
    and the probability that the latter holds."""
    fitted = fit(until(whole, year), seed=year)
    result = forecast(fitted, whole, seed=year)
    observed = whole.counts[fitted.design.weeks.size :].sum(axis=1)
    low, high = result.interval()
    held = ((result.items >= low) & (result.items <= high)).mean(axis=0)
    coverage = [result.within(observed), (observed >= low) & (observed <= high), held]
    return result.log_score(observed), np.column_stack(coverage)


def _baselines(whole: Design, year: int) -> Iterator[tuple[str, np.ndarray]]:
    items, output = whole.counts.sum(axis=1).astype(float), np.exp(whole.offset)
    known = int((whole.year <= year - whole.years[0]).sum())
    naive = np.maximum(np.concatenate([np.full(52, np.nan), items[:-52] / output[:-52]]) * output, MIN_MEAN)
    yield "seasonal-naive", _count_scores(items, naive, known)
    rate = np.log((items + 0.5) / output)
    smoothed, ahead, spread = _ets(rate[:known], items.size - known)
    level = np.concatenate([smoothed, ahead])
    yield "ETS, negative binomial", _count_scores(items, np.exp(level) * output, known)
    edges = [np.log(np.maximum(items + more, 1e-300) / output)[known:] for more in (0, 1)]
    probability = norm.cdf((edges[1] - ahead) / spread) - norm.cdf((edges[0] - ahead) / spread)
    yield "ETS, its own spread", np.log(np.maximum(probability, 1e-12))


def _ets(series: np.ndarray, ahead: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the smoothed series, its forecast and the forecast's standard deviation; AICc chooses no trend or a damped one."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        models = [ETSModel(series), ETSModel(series, trend="add", damped_trend=True)]
        best = min((model.fit(disp=False) for model in models), key=lambda result: result.aicc)
        drawn = best.simulate(ahead, anchor="end", repetitions=500, rng=0)
    return np.asarray(best.fittedvalues), np.asarray(best.forecast(ahead)), np.asarray(drawn).std(axis=1)


def _count_scores(items: np.ndarray, mean: np.ndarray, known: int) -> np.ndarray:
    """Return log scores of the weeks after `known` under negative binomials; their size is estimated on the weeks before."""
    use = ~np.isnan(mean[:known])

    def score(log_size: float, observed: np.ndarray, means: np.ndarray) -> np.ndarray:
        size = np.exp(log_size)
        gammas = gammaln(observed + size) - gammaln(size) - gammaln(observed + 1)
        return gammas + size * np.log(size / (size + means)) + observed * np.log(means / (size + means))

    best = minimize_scalar(lambda x: -score(x, items[:known][use], mean[:known][use]).sum(), bounds=(-4, 6))
    return score(best.x, items[known:], mean[known:])


if __name__ == "__main__":
    main(*sys.argv[1:4])
