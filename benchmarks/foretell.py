"""Check the test of words on simulated acts: python -m benchmarks.foretell [REPETITIONS]

The first table shows how often the test finds that words add to calendar and record, by the true effect of words on simulated acts.
The words are the real ones. The second table shows the result for real acts with other columns of words. It needs the data sets of
`tocsin rhetoric foretell`.
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
FIRST, PER_YEAR = np.datetime64("1993-01-01"), 4.5
"""First day of simulated acts, and their number a year."""
EXCITED, HALF_LIFE = 0.35, 60
"""Number of acts that an act brings, and the days in which their chance halves."""
SEASON = 0.4
"""Amplitude of the yearly wave in the logarithm of the chance."""
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
        repetitions: number of simulated records; acts: their mean number of acts.
        clear: share of repetitions with the verdict `clear`.
        gained: share with a log score more than two standard errors above 0.
        gain: mean gain in log score.
    """

    effect: float
    horizon: int
    repetitions: int
    acts: float
    clear: float
    gained: float
    gain: float


def stored_words() -> Words:
    """Return the columns of the words that come with the program."""
    return word_columns({target: stored_counts(target) for target in TARGETS})


def simulated_acts(words: Words, effect: float, random: np.random.Generator) -> np.ndarray:
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
    base, decay = PER_YEAR * (1 - EXCITED) / 365.25, 0.5 ** (1 / HALF_LIFE)
    luck, excited, acts = random.random(days.size), 0.0, []
    for index in range(days.size):
        happens = luck[index] < (base + excited) * multiple[index]
        excited = excited * decay + EXCITED * (1 - decay) * happens
        if happens:
            acts.append(days[index])
    return np.array(acts)


def tested(one: Sample) -> Added:
    """Return what words add to calendar and record."""
    forecasts = forecast(one, (BOTH, ALL))
    without, with_words = (forecasts.probabilities[name] for name in (BOTH, ALL))
    return added(without, with_words, one.happened[forecasts.rows], one.years[forecasts.rows])


def power(words: Words, effect: float, horizon: int, repetitions: int, *, seed: int) -> Power:
    """Return what the test finds in simulated acts."""
    random = np.random.default_rng(seed)
    records = [simulated_acts(words, effect, random) for _ in range(repetitions)]
    results = [tested(sample(words, dict.fromkeys(KINDS, acts), "any act", horizon)) for acts in records]
    return Power(
        effect=effect,
        horizon=horizon,
        repetitions=repetitions,
        acts=float(np.mean([acts.size for acts in records])),
        clear=float(np.mean([result.p_value < LEVEL for result in results])),
        gained=float(np.mean([result.gain > 2 * result.gain_se for result in results])),
        gain=float(np.mean([result.gain for result in results])),
    )


def main(repetitions: int) -> None:
    """Print both tables."""
    words = stored_words()
    rows = []
    for horizon in HORIZONS:
        for effect in EFFECTS:
            item = power(words, effect, horizon, repetitions, seed=1)
            figures = (f"{item.acts:.0f}", f"{item.clear:.3f}", f"{item.gained:.3f}", f"{item.gain:+.4f}")
            rows.append((f"{effect:g}", str(horizon), *figures))
            print(*rows[-1], flush=True)
    print(text_table(("effect", "days", "acts", "clear", "log score 2 se above 0", "mean gain"), rows))
    print(text_table(("words", "act", "days", "gain", "se", "p"), _variants(words)))


def _variants(words: Words) -> list[tuple[str, ...]]:
    days = days_by_kind({name: read(name) for name in SOURCES})
    rows: list[tuple[str, ...]] = []
    for variant, text in OTHER_WORDS.items():
        columns = [index for index, name in enumerate(words.names) if text in name]
        for kind in KINDS:
            for horizon in HORIZONS:
                one = sample(words, days, kind, horizon)
                result = tested(replace(one, words=one.words[:, columns]))
                figures = (f"{result.gain:+.4f}", f"{result.gain_se:.4f}", f"{result.p_value:.2f}")
                rows.append((variant, kind, str(horizon), *figures))
    return rows


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
