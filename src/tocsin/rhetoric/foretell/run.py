"""Run the test: do words foretell acts?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.rhetoric.acts import KINDS, Kind, act_days
from tocsin.rhetoric.foretell.baseline import calendar_columns, record_columns
from tocsin.rhetoric.foretell.forward import ALL, BOTH, CONSTANT, FORECASTERS, Forecasts, Sample, forecast
from tocsin.rhetoric.foretell.results import Foretelling, Source, Trial, Year
from tocsin.rhetoric.foretell.scores import added, score, together
from tocsin.rhetoric.foretell.words import Words, word_columns
from tocsin.rhetoric.series import stored_counts
from tocsin.translation import message

SOURCES = ("missile_tests", "provocations")
"""Data sets of the acts."""
TARGETS = ("JPN", "KOR", "USA")
"""States whose words are counted."""
HORIZONS = (14, 30)
"""Days ahead."""
SEED = 1

Progress = Callable[[], None]
"""Called after each trial."""


def foretell(tables: Mapping[str, pl.DataFrame], *, progress: Progress = lambda: None) -> Foretelling:
    """Forecast acts by calendar, by the record of acts and by words, and test what words add.

    Args:
        tables: the sources `SOURCES`, by name.
        progress: called after each of the trials, one for each kind of act and horizon.

    Raises:
        InputError: if a table has no act in the years of the words.
    """
    words = word_columns({target: stored_counts(target) for target in TARGETS})
    days = days_by_kind(tables)
    trials = []
    for kind in KINDS:
        for horizon in HORIZONS:
            one = sample(words, days, kind, horizon)
            trials.append(trial(kind, one))
            progress()
    known = words.days[words.known]
    return Foretelling(
        first=str(known[0]),
        last=str(known[-1]),
        forecasts=int(known.size),
        left_out=int((~words.known).sum()),
        days=tuple(str(day) for day in one.days[np.isin(one.years, one.test_years)]),
        trials=tuple(trials),
        p_value=together([item.added.p_value for item in trials]),
        data=tuple(Source.of(name) for name in SOURCES),
        made=dt.date.today().isoformat(),
    )


def days_by_kind(tables: Mapping[str, pl.DataFrame]) -> dict[Kind, np.ndarray]:
    """Return the days of acts, sorted, by kind.

    Args:
        tables: the sources `SOURCES`, by name.
    """
    tests, provocations = (tables[name] for name in SOURCES)
    return {kind: np.array(sorted(act_days(tests, provocations, kind)), "datetime64[D]") for kind in KINDS}


def sample(words: Words, days: Mapping[Kind, np.ndarray], kind: Kind, horizon: int) -> Sample:
    """Return the forecasts of a kind of act within a horizon, one each Monday with known words.

    Args:
        words: the words before each Monday.
        days: days of acts by kind, sorted.
        kind: the kind to forecast.
        horizon: days, the day of the forecast included.

    Raises:
        InputError: if no act of the kind lies within the horizon of any forecast.
    """
    known = words.known
    mondays, acts = words.days[known], days[kind]
    others = np.setdiff1d(days["any act"], acts)
    lag = (acts[None, :] - mondays[:, None]).astype(int)
    happened = ((lag >= 0) & (lag < horizon)).any(axis=1).astype(int)
    if not happened.any():
        raise InputError(
            message(
                "no act of the kind `{kind}` between {first} and {last}",
                kind=kind,
                first=str(mondays[0]),
                last=str(mondays[-1]),
            ),
            remedy=message("run `tocsin data get missile_tests provocations`"),
        )
    return Sample(
        mondays, horizon, happened,
        calendar=calendar_columns(mondays, horizon),
        record=record_columns(mondays, acts, others),
        words=words.columns[known],
    )  # fmt: skip


def trial(kind: str, sample: Sample) -> Trial:
    """Return the scores of all forecasters, and what words add to calendar and record."""
    forecasts = forecast(sample)
    happened, years = sample.happened[forecasts.rows], sample.years[forecasts.rows]
    probabilities = forecasts.probabilities
    return Trial(
        kind=kind,
        horizon=sample.horizon,
        forecasts=int(forecasts.rows.size),
        happened=int(happened.sum()),
        first_year=sample.test_years[0],
        scores=tuple(
            score(name, probabilities[name], probabilities[CONSTANT], happened, years, seed=SEED)
            for name in FORECASTERS
        ),
        added=added(probabilities[BOTH], probabilities[ALL], happened, years),
        years=_by_year(sample, forecasts),
        without=tuple(_four_digits(value) for value in probabilities[BOTH]),
        with_words=tuple(_four_digits(value) for value in probabilities[ALL]),
        outcomes=tuple(int(value) for value in happened),
    )


def _by_year(sample: Sample, forecasts: Forecasts) -> tuple[Year, ...]:
    years = sample.years[forecasts.rows]
    parts = [(int(year), years == year) for year in np.unique(years)]
    happened = sample.happened[forecasts.rows]
    return tuple(
        Year(
            year=year,
            forecasts=int(part.sum()),
            happened=int(happened[part].sum()),
            without=_four_digits(forecasts.probabilities[BOTH][part].mean()),
            with_words=_four_digits(forecasts.probabilities[ALL][part].mean()),
        )
        for year, part in parts
    )


def _four_digits(probability: float) -> float:
    """Return a probability with four significant digits."""
    return float(f"{probability:.4g}")
