"""How well accounts foresee the year after them: python -m benchmarks.account COUNTS.csv EVENTS.csv ANNIVERSARIES.csv

Fitted to the end of year Y, each account foresees every week of Y + 1 from what is known then, output, calendar and triggers given,
for Y from 2005 to 2013. Its log score is set beside those of a seasonal-naive forecast, of exponential smoothing (ETS) and of
itself without triggers, without calendar and without either, week by week, each difference with its standard error (weeks taken
in blocks of 13, since neighbours are alike).
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import jax
import numpy as np
import polars as pl
from scipy.optimize import minimize_scalar
from scipy.special import gammaln
from scipy.stats import norm

from tocsin.rhetoric.account.account import CHANGES
from tocsin.rhetoric.account.design import Design, design
from tocsin.rhetoric.account.fit import fit
from tocsin.rhetoric.account.predict import foresee
from tocsin.rhetoric.series import by_theme
from tocsin.rhetoric.triggers import triggers

TARGET = "JPN"
YEARS = range(2005, 2014)
BLOCK = 13
LEAST = 0.25
"""Items a week below which no forecast is taken down: one that foresees none would be refuted by a single one."""
ACCOUNTS = {
    "the account": {},
    "without triggers": {"triggers": False},
    "without calendar": {"calendar": False},
    "without either": {"triggers": False, "calendar": False},
}


def main(counts: str, events: str, anniversaries: str) -> None:
    table = pl.read_csv(counts, try_parse_dates=True)
    found = triggers(pl.read_csv(events, infer_schema=False), TARGET)
    whole = design(by_theme(table), pl.read_csv(anniversaries, infer_schema=False), found.used, CHANGES)
    scores: dict[str, list[np.ndarray]] = {}
    covered: list[np.ndarray] = []
    for year in YEARS:
        long = whole.until(year + 1)
        for name, parts in ACCOUNTS.items():
            score, within = _account(long.only(**parts), year)
            scores.setdefault(name, []).append(score)
            if name == "the account":
                covered.append(within)
        for name, score in _baselines(long, year):
            scores.setdefault(name, []).append(score)
        # every year has its own shapes, and old programs are never asked for again
        jax.clear_caches()  # type: ignore[no-untyped-call]
        print(year + 1, *(f"{name} {each[-1].mean():.3f}" for name, each in scores.items()), sep="; ", flush=True)
    _report({name: np.concatenate(each) for name, each in scores.items()}, np.concatenate(covered))


def _report(scores: dict[str, np.ndarray], covered: np.ndarray) -> None:
    own = scores["the account"]
    exactly, whole, held = covered.mean(axis=0)
    print(f"{own.size} weeks; the account: {own.mean():.4f}")
    print(
        f"its intervals of just 90 % cover {exactly:.1%}; those of whole numbers, which hold {held:.1%}, cover {whole:.1%}"
    )
    for name, score in scores.items():
        if name != "the account":
            gain = own - score
            blocks = np.array([block.mean() for block in np.array_split(gain, gain.size // BLOCK)])
            error = blocks.std(ddof=1) / np.sqrt(blocks.size)
            print(f"{name:24} {score.mean():8.4f}  the account better by {gain.mean():+.4f} (se {error:.4f})")


def _account(whole: Design, year: int) -> tuple[np.ndarray, np.ndarray]:
    """(weeks,) log scores, and (weeks, 3) whether intervals of just 90 % and of whole numbers cover, and what the latter hold."""
    fitted = fit(whole.until(year), seed=year)
    foreseen = foresee(fitted, whole, seed=year)
    seen = whole.counts[fitted.design.weeks.size :].sum(axis=1)
    low, high = foreseen.interval()
    held = ((foreseen.items >= low) & (foreseen.items <= high)).mean(axis=0)
    return foreseen.log_score(seen), np.column_stack([foreseen.within(seen), (seen >= low) & (seen <= high), held])


def _baselines(whole: Design, year: int) -> Iterator[tuple[str, np.ndarray]]:
    items, output = whole.counts.sum(axis=1).astype(float), np.exp(whole.offset)
    known = int((whole.year <= year - whole.years[0]).sum())
    naive = np.maximum(np.concatenate([np.full(52, np.nan), items[:-52] / output[:-52]]) * output, LEAST)
    yield "seasonal-naive", _counts(items, naive, known)
    rate = np.log((items + 0.5) / output)
    smoothed, ahead, spread = _ets(rate[:known], items.size - known)
    level = np.concatenate([smoothed, ahead])
    yield "ETS, counts about it", _counts(items, np.exp(level) * output, known)
    edges = [np.log(np.maximum(items + more, 1e-300) / output)[known:] for more in (0, 1)]
    chance = norm.cdf((edges[1] - ahead) / spread) - norm.cdf((edges[0] - ahead) / spread)
    yield "ETS, its own spread", np.log(np.maximum(chance, 1e-12))


def _ets(series: np.ndarray, ahead: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The smoothed series, its forecast and the standard deviation of that: the better by AICc of no trend and a damped one."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        models = [ETSModel(series), ETSModel(series, trend="add", damped_trend=True)]
        best = min((model.fit(disp=False) for model in models), key=lambda each: each.aicc)
        drawn = best.simulate(ahead, anchor="end", repetitions=500, rng=0)
    return np.asarray(best.fittedvalues), np.asarray(best.forecast(ahead)), np.asarray(drawn).std(axis=1)


def _counts(items: np.ndarray, mean: np.ndarray, known: int) -> np.ndarray:
    """Log scores of the weeks to come under negative binomials about a forecast, their size the likeliest of the weeks known."""
    use = ~np.isnan(mean[:known])

    def score(log_size: float, seen: np.ndarray, means: np.ndarray) -> np.ndarray:
        size = np.exp(log_size)
        gammas = gammaln(seen + size) - gammaln(size) - gammaln(seen + 1)
        return gammas + size * np.log(size / (size + means)) + seen * np.log(means / (size + means))

    best = minimize_scalar(lambda x: -score(x, items[:known][use], mean[:known][use]).sum(), bounds=(-4, 6))
    return score(best.x, items[known:], mean[known:])


if __name__ == "__main__":
    main(*(str(Path(each)) for each in sys.argv[1:4]))
