"""Check the test of words on simulated acts: python -m benchmarks.foretell [REPETITIONS]

The first table shows how often the test finds that words add to calendar and record, by the true effect of words on simulated acts.
The words are the real ones; in rows with an echo they also rise after acts, as words that answer acts do. The second table shows the
result for real acts with other columns of words, and with standard errors clustered by quarter. It needs the data sets of `tocsin
rhetoric foretell`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tocsin.data.readers import read
from tocsin.rhetoric.acts import KINDS
from tocsin.rhetoric.foretell.forward import ALL, BOTH, Sample, forecast
from tocsin.rhetoric.foretell.run import HORIZONS, SOURCES, TARGETS, days_by_kind, sample
from tocsin.rhetoric.foretell.scores import LEVEL, Added, added
from tocsin.rhetoric.foretell.words import Words, word_columns
from tocsin.rhetoric.series import stored_counts
from tocsin.tables import text_table

EFFECTS = (1.0, 1.5, 2.0)
"""Factors on the daily chance of an act for one standard deviation of the words that carry news."""
CARRIER = "KOR surplus of four weeks"
FIRST = np.datetime64("1993-01-01")
"""First day of simulated acts."""
PER_YEAR, RARE = 4.5, 2.0
"""Number of simulated acts a year: about that of all acts, and about that of missile tests."""
EXCITED, HALF_LIFE = 0.35, 60
"""Number of acts that an act brings, and the days in which their chance halves."""
SEASON = 0.4
"""Amplitude of the yearly wave in the logarithm of the chance."""
ECHO = 1.0
"""Rise of words after acts in the rows with an echo."""
OTHER_WORDS: Mapping[str, str] = {
    "all": "",
    "surplus of four weeks": "surplus of four weeks",
    "hostile": "hostile",
    "Japan": "JPN",
    "South Korea": "KOR",
    "United States": "USA",
}
"""Words of each variant: the columns with this text in their name."""


@dataclass(frozen=True)
class Power:
    """What the test finds in simulated acts.

    Attributes:
        effect: factor on the daily chance of an act for a standard deviation of words; horizon: days.
        per_year: number of acts a year, before words and season change it.
        echo: standard deviations by which all words rise for a standard deviation of the decayed number of earlier acts.
        repetitions: number of simulated records; acts: their mean number of acts.
        clear: share of repetitions with the verdict `clear`.
        gained: share with a log score more than two standard errors above 0.
        gain: mean gain in log score.
    """

    effect: float
    horizon: int
    per_year: float
    echo: float
    repetitions: int
    acts: float
    clear: float
    gained: float
    gain: float


def stored_words() -> Words:
    """Return the columns of the words that come with the program."""
    return word_columns({target: stored_counts(target) for target in TARGETS})


def simulated_acts(words: Words, effect: float, per_year: float, random: np.random.Generator) -> np.ndarray:
    """Return days of acts whose daily chance has a season, rises after acts, and depends on the words of the weeks before."""
    last = words.days[-1] + 40
    days = np.arange(FIRST, last)
    multiple = np.exp(SEASON * np.cos(2 * np.pi * ((days - days.astype("datetime64[Y]")).astype(int) - 150) / 365.25))
    carried = words.columns[words.known][:, words.names.index(CARRIER)]
    scaled = np.zeros(words.days.size)
    scaled[words.known] = np.clip((carried - carried.mean()) / carried.std(), -3, 3)
    week = (days - words.days[0]).astype(int) // 7
    within = (week >= 0) & (week < words.days.size)
    told = np.where(within, effect ** scaled[np.clip(week, 0, words.days.size - 1)], 1.0)
    multiple *= told / told.mean()
    base, decay = per_year * (1 - EXCITED) / 365.25, 0.5 ** (1 / HALF_LIFE)
    luck, excited, acts = random.random(days.size), 0.0, []
    for index in range(days.size):
        happens = luck[index] < (base + excited) * multiple[index]
        excited = excited * decay + EXCITED * (1 - decay) * happens
        if happens:
            acts.append(days[index])
    return np.array(acts)


def tested(one: Sample, clusters: np.ndarray | None = None) -> Added:
    """Return what words add to calendar and record, with errors clustered by year or by other `clusters`."""
    forecasts = forecast(one, (BOTH, ALL))
    without, with_words = (forecasts.probabilities[name] for name in (BOTH, ALL))
    groups = one.years if clusters is None else clusters
    return added(without, with_words, one.happened[forecasts.rows], groups[forecasts.rows])


def power(
    words: Words,
    effect: float,
    horizon: int,
    repetitions: int,
    *,
    seed: int,
    per_year: float = PER_YEAR,
    echo: float = 0.0,
) -> Power:
    """Return what the test finds in simulated acts."""
    random = np.random.default_rng(seed)
    records = [simulated_acts(words, effect, per_year, random) for _ in range(repetitions)]
    samples = (sample(words, dict.fromkeys(KINDS, acts), "any act", horizon) for acts in records)
    results = [tested(_with_echo(one, echo)) for one in samples]
    return Power(
        effect=effect,
        horizon=horizon,
        per_year=per_year,
        echo=echo,
        repetitions=repetitions,
        acts=float(np.mean([acts.size for acts in records])),
        clear=float(np.mean([result.p_value < LEVEL for result in results])),
        gained=float(np.mean([result.gain > 2 * result.gain_se for result in results])),
        gain=float(np.mean([result.gain for result in results])),
    )


def _with_echo(one: Sample, echo: float) -> Sample:
    """Return a sample whose words rise after acts."""
    decayed = one.record[:, 0]
    rise = echo * (decayed - decayed.mean()) / decayed.std()
    return replace(one, words=one.words + rise[:, None] * one.words.std(axis=0)[None, :])


def main(repetitions: int) -> None:
    """Print both tables."""
    words = stored_words()
    rows = []
    for horizon in HORIZONS:
        settings = [(effect, per_year, 0.0) for per_year in (PER_YEAR, RARE) for effect in EFFECTS]
        for effect, per_year, echo in (*settings, (1.0, PER_YEAR, ECHO)):
            item = power(words, effect, horizon, repetitions, seed=1, per_year=per_year, echo=echo)
            figures = (f"{item.acts:.0f}", f"{item.clear:.3f}", f"{item.gained:.3f}", f"{item.gain:+.4f}")
            rows.append((f"{effect:g}", f"{echo:g}", str(horizon), *figures))
            print(*rows[-1], flush=True)
    heads = ("effect", "echo", "days", "acts", "clear", "log score 2 se above 0", "mean gain")
    print(text_table(heads, rows))
    print(text_table(("words", "act", "days", "gain", "se", "p", "p by quarter"), _variants(words)))


def _variants(words: Words) -> list[tuple[str, ...]]:
    days = days_by_kind({name: read(name) for name in SOURCES})
    rows: list[tuple[str, ...]] = []
    for variant, text in OTHER_WORDS.items():
        columns = [index for index, name in enumerate(words.names) if text in name]
        for kind in KINDS:
            for horizon in HORIZONS:
                one = sample(words, days, kind, horizon)
                one = replace(one, words=one.words[:, columns])
                by_year, by_quarter = tested(one), tested(one, _quarters(one))
                p_values = (f"{by_year.p_value:.2f}", f"{by_quarter.p_value:.2f}")
                rows.append((variant, kind, str(horizon), f"{by_year.gain:+.4f}", f"{by_year.gain_se:.4f}", *p_values))
    return rows


def _quarters(one: Sample) -> np.ndarray:
    return one.days.astype("datetime64[M]").astype(int) // 3


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
