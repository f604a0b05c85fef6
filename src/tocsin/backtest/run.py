"""Run the back-test: predict every decade from the years before it, by the model and by the baselines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import NamedTuple

import numpy as np
import polars as pl

from tocsin import __version__
from tocsin.backtest.baselines import FORECASTERS, POOLED
from tocsin.backtest.estimated import Predictions, forward
from tocsin.backtest.names import CONSTANT, MODEL, POOL, RECORD
from tocsin.backtest.own_record import log_weights
from tocsin.backtest.play import Played, play
from tocsin.backtest.pooling import final_weights, pooled
from tocsin.backtest.results import FIRST_DECADE, UNSETTLED, Backtest, Kind, Outcome
from tocsin.backtest.scores import Scorer
from tocsin.backtest.task import Task
from tocsin.data.registry import source
from tocsin.errors import InputError
from tocsin.evidence.hostility.record import pair_numbers
from tocsin.evidence.past.kinds import GENERAL, IMMEDIATE, OUTCOMES, SELECTED
from tocsin.evidence.past.roles import PAIR
from tocsin.evidence.past.samples import SOURCES as CASE_SOURCES
from tocsin.evidence.past.samples import Past, past_cases
from tocsin.evidence.results import DataSource
from tocsin.evidence.stages.history import SOURCES as HISTORY_SOURCES
from tocsin.evidence.stages.history import History, history
from tocsin.scores import log_probabilities
from tocsin.translation import message

SOURCES = tuple(dict.fromkeys((*CASE_SOURCES, *HISTORY_SOURCES)))
PROBABILITY: Mapping[tuple[str, str], str] = {
    (GENERAL, "press"): "press",
    (GENERAL, "war"): "war",
    (SELECTED, "press"): "press",
    (SELECTED, "war"): "war",
    (IMMEDIATE, "reciprocate"): "resist",
    (IMMEDIATE, "firm"): "resist",
    (IMMEDIATE, "war"): "war_after_press",
}
"""The model's probability that predicts an outcome, by kind of case and outcome."""
Progress = Callable[[str, int, int], None]


def backtest(
    tables: Mapping[str, pl.DataFrame], *, worlds: int, seed: int, progress: Progress = lambda *_: None
) -> Backtest:
    """Play every past case and score the predictions.

    Args:
        tables: the sources in `SOURCES`, by name.
        worlds: number of worlds in which each case is played, 1 or more.
        seed: seed of the worlds.
        progress: called with what is played, its number of cases, and the number just played.

    Raises:
        InputError: if `worlds` is below 1.
    """
    if worlds < 1:
        raise InputError(
            message("cannot play cases in {number} worlds", number=worlds), remedy=message("use 1 or more")
        )
    past = {kind: past_cases(kind, tables) for kind in OUTCOMES}
    known = history(tables)
    estimated = forward(past, known, partial(progress, "decades learned from", 10))
    kinds = tuple(
        _kind(name, past[name], _Predicted(played, weights, estimated[name]), known)
        for name, played, weights in _played(past, worlds=worlds, seed=seed, progress=progress)
    )
    return Backtest(
        made=date.today().isoformat(),
        version=__version__,
        worlds=worlds,
        seed=seed,
        data=tuple(DataSource(name, source(name).cite, source(name).sha256) for name in SOURCES),
        kinds=kinds,
    )


def _played(
    past: Mapping[str, Past], *, worlds: int, seed: int, progress: Progress
) -> Iterator[tuple[str, Played, np.ndarray]]:
    """Yield each kind, its cases in every world, and the log weights of the worlds by the pair's own earlier years.

    A year of rivalry that belongs to two kinds is played once.
    """
    years = pl.concat([past[GENERAL].cases, past[SELECTED].cases], how="vertical").unique(PAIR, maintain_order=True)
    of_years = play(years, worlds=worlds, seed=seed, progress=partial(progress, "years of rivalry", years.height))
    row_of = {key: row for row, key in enumerate(years.select(PAIR).iter_rows())}

    def rows(kind: str) -> np.ndarray:
        return np.array([row_of[key] for key in past[kind].cases.select(PAIR).iter_rows()], dtype=int)

    disputes = past[IMMEDIATE].cases
    of_disputes = play(disputes, worlds=worlds, seed=seed, progress=partial(progress, "disputes", disputes.height))
    at_risk = of_years.some(rows(GENERAL))
    for kind in OUTCOMES:
        played = of_disputes if kind == IMMEDIATE else of_years.some(rows(kind))
        yield kind, played, log_weights(at_risk, past[GENERAL].cases, past[kind].cases)


class _Predicted(NamedTuple):
    """What is known before the forecasters are compared: the played cases, the log weights of their worlds, and the estimated models."""

    played: Played
    weights: np.ndarray
    estimated: Mapping[str, Predictions]


def _kind(name: str, past: Past, predicted: _Predicted, known: History) -> Kind:
    """Score every outcome of one kind of cases."""
    settled = np.flatnonzero(predicted.played.known)
    cases, played = past.cases[settled.tolist()], predicted.played.some(settled)
    bare, weighed = played.probabilities(), played.probabilities(predicted.weights[:, settled])
    outcomes = []
    for outcome in OUTCOMES[name]:
        rows = np.flatnonzero(cases[outcome].is_not_null())
        probability = PROBABILITY[name, outcome]
        task = Task(
            kind=name,
            outcome=outcome,
            cases=cases[rows.tolist()],
            observed=cases[outcome].drop_nulls().to_numpy().astype(int),
            model=bare[probability][rows],
            weighed=weighed[probability][rows],
            estimated={
                name: of_model[outcome][settled][rows]
                for name, of_model in predicted.estimated.items()
                if outcome in of_model
            },
            history=known,
        )
        outcomes.append(_outcome(task))
    return Kind(name, cases.height, {**past.left_out, UNSETTLED: past.cases.height - cases.height}, tuple(outcomes))


def _outcome(task: Task) -> Outcome:
    """Score every forecaster's predictions of an outcome."""
    predicted = predict_by_decade(task)
    tested = np.flatnonzero(task.years >= FIRST_DECADE)
    seen, of_tested = task.some(tested), {name: values[tested] for name, values in predicted.items()}
    members = {name: of_tested[name] for name in POOLED}
    of_tested[POOL] = pooled(members, seen.observed, seen.years)
    scorer = Scorer(
        observed=seen.observed,
        constant=log_probabilities(of_tested[CONSTANT], seen.observed),
        record=log_probabilities(of_tested[RECORD], seen.observed),
        pairs=pair_numbers(seen.cases),
        years=seen.years,
        quiet=quiet_years(seen),
    )
    scores = tuple(scorer.score(name, values) for name, values in of_tested.items())
    best = max((score for score in scores if score.forecaster in POOLED), key=lambda score: score.log_score).forecaster
    over_best, over_best_se = scorer.difference(of_tested[POOL], of_tested[best])
    return Outcome(
        name=task.outcome,
        cases=len(tested),
        observed=int(seen.observed.sum()),
        mean_predicted=float(of_tested[MODEL].mean()),
        scores=scores,
        weights=final_weights(members, seen.observed),
        best=best,
        pool_over_best=over_best,
        pool_over_best_se=over_best_se,
    )


def predict_by_decade(task: Task) -> dict[str, np.ndarray]:
    """Return each forecaster's predictions, (cases,); those for a decade are learned from all years before it.

    Predictions are NaN before `FIRST_DECADE`.
    """
    years = task.years
    predicted = {name: np.full(len(years), np.nan) for name in FORECASTERS}
    for start in range(FIRST_DECADE, int(years.max()) + 1, 10):
        before, now = np.flatnonzero(years < start), np.flatnonzero((years >= start) & (years < start + 10))
        if now.size:
            past, new = task.some(before), task.unseen(now)
            for name, forecast in FORECASTERS.items():
                predicted[name][now] = forecast(past, new)
    return predicted


def quiet_years(task: Task) -> np.ndarray:
    """Return years since each pair's last dispute, (cases,); nan if it had none."""
    went_on = task.history.record.going
    years = np.where(went_on > 0.0, np.arange(went_on.shape[1]), -np.inf)
    last = np.maximum.accumulate(np.pad(years, ((0, 0), (1, 0)), constant_values=-np.inf), axis=1)
    rows, columns = task.history.record.rows(task.cases)
    latest = last[rows, columns]
    return np.where(np.isfinite(latest), columns - latest - 1.0, np.nan)
