"""The back-test: past cases and the rule, scores in closed form, and predictions from earlier decades only."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from sklearn.metrics import roc_auc_score
from tests.data.test_readers import cached as cached
from tests.support import assert_close, seeded

from tocsin.assessment.worlds import Worlds, draw
from tocsin.backtest.baselines import FORECASTERS
from tocsin.backtest.estimated import GAME, SPIRAL
from tocsin.backtest.names import FULL, MODEL, POOL, RECALIBRATED, RECORD, WEIGHED
from tocsin.backtest.own_record import log_weights
from tocsin.backtest.play import Played, play, rule
from tocsin.backtest.results import HEADERS, Backtest, area_headers, area_rows, counts, heading, score_rows
from tocsin.backtest.run import SOURCES, backtest, predict_by_decade, quiet_years
from tocsin.backtest.scores import Scorer, auc_error, grouped_auc
from tocsin.backtest.stored import load_backtest, plain_sentence, sentences
from tocsin.backtest.task import Task
from tocsin.cli import main
from tocsin.data.readers import read
from tocsin.errors import InputError
from tocsin.evidence.hostility.record import Record
from tocsin.evidence.past.kinds import GENERAL, IMMEDIATE, OUTCOMES
from tocsin.evidence.past.samples import Past
from tocsin.evidence.stages.history import History
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import Solution, solve
from tocsin.plots.calibration import calibration_svg
from tocsin.scores import auc

pytestmark = pytest.mark.numeric


@pytest.fixture
def tables(cached: Path) -> dict[str, pl.DataFrame]:
    """Return the real sources."""
    del cached
    return {name: read(name) for name in SOURCES}


# --- playing -------------------------------------------------------------------------------------------------------


def invented(**columns: list[float | None]) -> pl.DataFrame:
    """Return past cases that differ only in the given columns."""
    size = len(next(iter(columns.values())))
    roles = ("challenger", "target", "protector1", "protector2", "backer")
    cases: dict[str, object] = {
        f"{role}_{name}": [value] * size
        for role in roles
        for name, value in (("spending", 10.0), ("personnel", 1e5), ("reach", 1.0))
    }
    cases |= {f"{role}_state": [None] * size for role in roles[2:]} | {"nuclear": [0.0] * size}
    return pl.DataFrame(cases | columns, strict=False)


def test_a_stronger_challenger_presses_more_and_is_resisted_less() -> None:
    cases = invented(challenger_spending=[1.0, 10.0, 100.0], challenger_personnel=[1e4, 1e5, 1e6])
    predicted = play(cases, worlds=32, seed=seeded(3)).probabilities()
    assert np.all(np.diff(predicted["press"]) > 0) and np.all(np.diff(predicted["resist"]) < 0)
    assert all(((values >= 0) & (values <= 1)).all() for values in predicted.values())


def test_protectors_and_nuclear_weapons_deter() -> None:
    cases = invented(
        protector1_state=[None, 2, 2, None], protector2_state=[None, None, 200, None], nuclear=[0, 0, 0, 1]
    )
    press = play(cases, worlds=128, seed=seeded(3)).probabilities()["press"]
    assert press[0] > press[1] > press[2] and press[0] > press[3]


def test_conditional_probabilities_weight_types_by_how_often_they_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows pressure averages types by their probability of pressing, not by their prior weight."""
    cases, types = invented(challenger_spending=[1.0, 10.0, 100.0]), rule().types

    def weighted(**weights: float) -> dict[str, np.ndarray]:
        with_weights = {
            name: type_.model_copy(update={"weight": weights.get(name, 0.0)}) for name, type_ in types.items()
        }
        case = rule.__wrapped__().model_copy(update={"types": with_weights})
        monkeypatch.setattr("tocsin.backtest.play.rule", lambda: case)
        return play(cases, worlds=32, seed=seeded(3)).probabilities()

    revisionist, security = weighted(revisionist=1.0), weighted(security=1.0)
    both = weighted(revisionist=0.25, security=0.75)
    presses = 0.25 * revisionist["press"], 0.75 * security["press"]
    assert both["press"] == pytest.approx(sum(presses))
    for name in ("resist", "war_after_press"):
        expected = (presses[0] * revisionist[name] + presses[1] * security[name]) / sum(presses)
        assert both[name] == pytest.approx(expected), name
        assert np.abs(both[name] - 0.25 * revisionist[name] - 0.75 * security[name]).max() > 0.003, name


def test_a_case_has_the_same_predictions_alone_and_among_others() -> None:
    cases = invented(challenger_spending=[1.0, 10.0, 100.0], protector1_state=[None, 2, None])
    together = play(cases, worlds=16, seed=seeded(1)).probabilities()
    for index in range(3):
        alone = play(cases[index : index + 1], worlds=16, seed=seeded(1)).probabilities()
        for name in together:
            assert alone[name][0] == pytest.approx(together[name][index], abs=1e-12, nan_ok=True)


def unsettled(lost: np.ndarray) -> Callable[..., dict[Scenario, Solution]]:
    """Return `solve` for cases and worlds of which some, (cases, worlds), have not settled for the revisionist."""

    def solved(*arguments: Any) -> dict[Scenario, Solution]:
        solutions = solve(*arguments)
        assert all(solution.settled.all() for solution in solutions.values())
        return {
            game: replace(item, residual=np.where(lost.ravel(), 1.0, 0.0)) if game.type == "revisionist" else item
            for game, item in solutions.items()
        }

    return solved


def test_worlds_whose_games_have_not_settled_do_not_count_and_many_leave_the_case_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = invented(challenger_spending=[1.0, 10.0, 100.0])
    types = {
        name: type_.model_copy(update={"weight": float(name == "revisionist")}) for name, type_ in rule().types.items()
    }
    case = rule().model_copy(update={"types": types})
    drawn = draw(case, seed=seeded(1), draws=40).fixed("precision", 5.0)  # so that every game settles
    monkeypatch.setattr("tocsin.backtest.play.rule", lambda: case)

    def played(worlds: Worlds) -> Played:
        monkeypatch.setattr("tocsin.backtest.play.draw", lambda *_, **__: worlds)
        return play(cases, worlds=worlds.size, seed=1)

    every, kept = (played(worlds).probabilities() for worlds in (drawn, drawn.some(np.arange(2, 40))))
    lost = np.zeros((3, 40), dtype=bool)
    lost[1, :2], lost[2, :5] = True, True  # a twentieth of the worlds, and an eighth
    monkeypatch.setattr("tocsin.backtest.play.solve", unsettled(lost))
    some = played(drawn)
    assert some.known.tolist() == [True, True, False]
    for name, values in some.probabilities().items():
        assert values[0] == every[name][0]
        assert values[1] == pytest.approx(kept[name][1], rel=1e-9) and values[1] != pytest.approx(every[name][1])


def alike(press: np.ndarray) -> Played:
    """Return cases played in two equal worlds by one type, with all probabilities alike."""
    values = np.repeat(press[None, :, None], 2, axis=2)
    settled = np.isfinite(values)
    values = np.where(settled, values, 0.5)
    return Played(np.array([1.0]), values, values, values, settled)


def test_cases_whose_games_do_not_settle_are_left_out_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    task = simulated(800)
    observed = {name: pl.Series(task.observed) for names in OUTCOMES.values() for name in names}
    cases = task.cases.with_columns(**observed)
    lost = np.arange(800) % 10 == 0
    monkeypatch.setattr("tocsin.backtest.run.past_cases", lambda *_: Past(cases, {"a reason": 7}))
    monkeypatch.setattr("tocsin.backtest.run.play", lambda *_, **__: alike(np.where(lost, np.nan, task.model)))
    monkeypatch.setattr("tocsin.backtest.run.history", lambda _: task.history)
    games = {kind: {GAME: dict.fromkeys(names, task.model)} for kind, names in OUTCOMES.items()}
    monkeypatch.setattr("tocsin.backtest.run.forward", lambda *_: games)
    for kind in backtest({}, worlds=1, seed=1).kinds:
        assert (kind.cases, dict(kind.left_out)) == (720, {"a reason": 7, "its games do not settle": 80})
        assert counts(kind).endswith("720 cases. Left out: 7 (a reason); 80 (its games do not settle).")
        tested = ~lost & (task.years >= 1920)
        for outcome in kind.outcomes:
            assert (outcome.cases, outcome.observed) == (tested.sum(), task.observed[tested].sum())
            assert sum(outcome.weights.values()) == pytest.approx(1.0)
            if outcome.name != "war" or kind.name != IMMEDIATE:
                assert outcome.scores[0].forecaster == MODEL


def test_worlds_are_weighed_by_the_earlier_years_of_their_own_pair() -> None:
    years = pl.DataFrame({
        "challenger": [1, 1, 1, 2], "target": [2, 2, 2, 1], "year": [1950, 1951, 1953, 1950], "press": [1, 0, 1, 1],
    })  # fmt: skip
    press = np.array([[[0.8, 0.1], [0.7, 0.2], [0.6, 0.3], [0.5, 0.5]]])
    played = Played(np.array([1.0]), press, press, press, np.ones_like(press, dtype=bool))
    cases = pl.DataFrame({"challenger": [1, 1, 1, 3], "target": [2, 2, 2, 1], "year": [1950, 1951, 1953, 1950]})
    weights = log_weights(played, years, cases)
    assert not weights[:, [0, 3]].any()  # no earlier year, and no such pair
    assert weights[0, 1] == pytest.approx(np.log([0.8, 0.1]))  # one year counts fully
    # two years, one with a dispute and one without, are worth two independent years
    assert weights[0, 2] == pytest.approx(np.log([0.8 * 0.3, 0.1 * 0.8]))
    other = years.with_columns(press=pl.when(pl.col("year") >= 1953).then(1 - pl.col("press")).otherwise("press"))
    assert np.array_equal(log_weights(played, other, cases), weights)


def test_log_weights_move_weight_between_the_worlds_of_a_type() -> None:
    press = np.array([[[0.8, 0.2]], [[0.4, 0.0]]])
    played = Played(np.array([0.25, 0.75]), press, 0.5 * press, 0.1 * press, np.ones_like(press, dtype=bool))
    logs = np.log(np.array([[[3.0, 1.0]], [[1.0, 1.0]]]))
    weights = np.array([0.25 * 0.75, 0.25 * 0.25, 0.75 * 0.5, 0.75 * 0.5])
    probabilities = played.probabilities(logs)
    assert probabilities["press"][0] == pytest.approx(weights @ [0.8, 0.2, 0.4, 0.0])
    assert probabilities["resist"][0] == pytest.approx(0.5) and probabilities["war_after_press"][0] == pytest.approx(
        0.1
    )
    assert played.probabilities()["press"][0] == pytest.approx(0.25 * 0.5 + 0.75 * 0.2)


def test_the_rule_is_the_same_in_all_theatres() -> None:
    assert set(rule().theatres) == {"alone", "backed", "one", "one_backed", "two", "two_backed"}
    assert {(theatre.levels, theatre.horizon, theatre.start) for theatre in rule().theatres.values()} == {(4, 15, 0)}


# --- scores --------------------------------------------------------------------------------------------------------


def scorer(observed: np.ndarray, pairs: np.ndarray | None = None, quiet: float = 3.0) -> Scorer:
    """Return a scorer beside a constant of one half, which is also the record's prediction."""
    half, count = np.full(len(observed), np.log(0.5)), np.arange(len(observed))
    return Scorer(observed, half, half, count if pairs is None else pairs, 1950 + count, np.full(len(observed), quiet))


def test_scores_are_those_computed_by_hand() -> None:
    predicted, observed = np.array([0.8, 0.4, 0.4, 0.1]), np.array([1, 1, 0, 0])
    result = scorer(observed).score("x", predicted)
    logs = np.log([0.8, 0.4, 0.6, 0.9])
    assert result.log_score == pytest.approx(logs.mean())
    assert result.gain == pytest.approx((logs - np.log(0.5)).mean()) == result.over_record
    assert result.gain_se == pytest.approx(np.std(logs) / 2.0)
    assert result.brier == pytest.approx((0.04 + 0.36 + 0.16 + 0.01) / 4)
    assert result.auc == pytest.approx(3.5 / 4)
    assert result.areas["later dispute"] == result.auc
    assert {name for name, area in result.areas.items() if area is None} == {
        "within pairs", "within years", "no earlier dispute", "10 quiet years or more",
    }  # fmt: skip


def test_the_auc_is_that_of_scikit_learn_and_nan_if_all_cases_have_the_outcome() -> None:
    rng = np.random.default_rng(seeded(0))
    observed, predicted = rng.integers(0, 2, 500), rng.integers(0, 20, 500) / 20
    assert auc(predicted, observed) == pytest.approx(roc_auc_score(observed, predicted))
    assert np.isnan(auc(predicted, np.ones(500, dtype=int)))
    assert np.isnan(auc_error(predicted, np.ones(500, dtype=int), np.arange(500)))


def test_areas_within_groups_compare_no_cases_of_two_groups() -> None:
    rng = np.random.default_rng(seeded(0))
    groups, observed = np.repeat(np.arange(50), 8), rng.integers(0, 2, 400)
    level = rng.normal(size=50)[groups]
    inside = rng.normal(size=400) + observed
    assert grouped_auc(inside + 10.0 * level, observed, groups) == pytest.approx(grouped_auc(inside, observed, groups))
    by_hand = [
        float(inside[one] > inside[other])
        for group in range(50)
        for one in np.flatnonzero((groups == group) & (observed == 1))
        for other in np.flatnonzero((groups == group) & (observed == 0))
    ]
    assert grouped_auc(inside, observed, groups) == pytest.approx(np.mean(by_hand))


def test_the_error_of_the_auc_is_that_of_samples_of_pairs() -> None:
    rng = np.random.default_rng(seeded(7))
    areas, errors = [], []
    for _ in range(400):
        level = np.repeat(rng.normal(size=60), 6)
        observed = (rng.uniform(size=360) < 1.0 / (1.0 + np.exp(1.0 - level))).astype(int)
        predicted = level + rng.normal(size=360)
        areas.append(auc(predicted, observed))
        errors.append(auc_error(predicted, observed, np.repeat(np.arange(60), 6)))
    assert np.mean(errors) == pytest.approx(np.std(areas), rel=0.15)


def test_repeated_cases_in_a_cluster_enlarge_the_standard_error() -> None:
    rng = np.random.default_rng(seeded(1))
    predicted, observed = np.repeat(rng.uniform(size=50), 8), np.repeat(rng.integers(0, 2, 50), 8)
    alone = scorer(observed).score("x", predicted)
    grouped = scorer(observed, np.repeat(np.arange(50), 8)).score("x", predicted)
    assert grouped.gain_se == pytest.approx(alone.gain_se * np.sqrt(8))


def known(record: Record) -> History:
    """Return a history that holds a record, and no more than years of rivalry need, and nothing of answers."""
    nothing = np.zeros((len(record.pairs), record.began.shape[1] + 1))
    return cast(History, SimpleNamespace(record=record, begun=nothing, answered=nothing))


def simulated(size: int = 3000) -> Task:
    """Return cases, a model's probabilities that are three times too high, and outcomes. The record says nothing of them."""
    rng = np.random.default_rng(seeded(4))
    model = rng.uniform(0.05, 0.6, size)
    years = rng.integers(1890, 1990, size)
    numbers = {name: rng.normal(size=size) for name in ("ratio", "helped")}
    flags = {name: rng.integers(0, 2, size) for name in ("pact", "major_challenger", "major_target", "nuclear")}
    observed = (rng.uniform(size=size) < model / 3.0).astype(int)
    pairs = np.array([(1, number) for number in range(2, size + 2)])
    record = Record(pairs, 1816, *(np.zeros((size, 199)) for _ in range(4)))
    cases = pl.DataFrame({
        **numbers, **flags, "distance": rng.uniform(0, 9000, size), "quiet": rng.integers(0, 51, size), "year": years,
        "challenger": pairs[:, 0], "target": pairs[:, 1], "press": observed,
    })  # fmt: skip
    return Task(GENERAL, "press", cases, observed, model, model, {GAME: model}, known(record))


def log_score(task: Task, predicted: np.ndarray) -> float:
    tested = task.years >= 1920
    values, observed = predicted[tested], task.observed[tested]
    return float(np.where(observed == 1, np.log(values), np.log1p(-values)).mean())


def test_a_model_with_a_wrong_level_is_recalibrated_and_beats_the_constant() -> None:
    task = simulated()
    predicted = predict_by_decade(task)
    scores = {name: log_score(task, values) for name, values in predicted.items()}
    assert scores[RECALIBRATED] > scores["constant"] > scores[MODEL]
    assert scores["the same with the model's odds"] > scores[FULL]
    # no pair has a record, so it says no more than the constant
    assert scores[RECORD] == pytest.approx(scores["constant"], abs=0.002)
    assert np.array_equal(predicted[GAME][task.years >= 1920], task.model[task.years >= 1920])
    assert np.array_equal(predicted[SPIRAL], predicted["constant"], equal_nan=True)  # a silent model gives the constant
    assert np.isnan(predicted["constant"][task.years < 1920]).all()


def test_nothing_is_learned_from_the_predicted_decade_or_later() -> None:
    task = simulated()
    other = np.where(task.years >= 1950, 1 - task.observed, task.observed)
    changed = replace(task, observed=other, cases=task.cases.with_columns(press=pl.Series(other)))
    one, two = predict_by_decade(task), predict_by_decade(changed)
    early = (task.years >= 1920) & (task.years < 1960)
    for name in FORECASTERS:
        assert np.array_equal(one[name][early], two[name][early]), name
    assert not np.array_equal(one["constant"][task.years >= 1960], two["constant"][task.years >= 1960])


def test_quiet_years_count_from_the_last_dispute_before_the_year() -> None:
    going = np.zeros((2, 10))
    going[0, [2, 5]] = 1.0
    record = Record(np.array([(1, 2), (2, 3)]), 1950, *(going for _ in range(4)))
    cases = pl.DataFrame(
        {"challenger": [1, 1, 1, 1, 2], "target": [2, 2, 2, 2, 3], "year": [1952, 1953, 1955, 1958, 1958]}
    )
    nothing = np.zeros(5)
    task = Task(GENERAL, "press", cases, nothing, nothing, nothing, {}, known(record))
    assert quiet_years(task).tolist() == pytest.approx([np.nan, 0.0, 2.0, 2.0, np.nan], nan_ok=True)


# --- the command and the stored result -----------------------------------------------------------------------------


def test_the_command_names_missing_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    result = CliRunner().invoke(main, ["validate"])
    assert (
        result.exit_code == 1 and "not in the cache" in result.output and "tocsin data get mid_dyads" in result.output
    )


def test_a_back_test_without_worlds_is_refused() -> None:
    with pytest.raises(InputError, match="0 worlds"):
        backtest({}, worlds=0, seed=1)


@pytest.mark.slow
def test_the_command_gives_the_stored_result(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    file, figure = tmp_path / "backtest.json", tmp_path / "backtest.svg"
    run = CliRunner().invoke(main, ["validate", "--json", str(file), "--figure", str(figure)])
    assert run.exit_code == 0, run.output
    result = json.loads(file.read_text(encoding="utf-8"))
    assert [kind["kind"] for kind in result["kinds"]] == list(OUTCOMES)
    assert_close(result["kinds"], load_backtest().to_dict()["kinds"])
    assert figure.read_text(encoding="utf-8") == calibration_svg(Backtest.from_dict(result))


def test_the_stored_result_is_written_as_it_is_stored() -> None:
    stored = (files("tocsin.backtest") / "stored.json").read_text(encoding="utf-8")
    assert json.dumps(load_backtest().to_dict(), indent=1) + "\n" == stored


def test_the_brief_has_the_stored_scores() -> None:
    press = load_backtest().outcome(GENERAL, "press")
    model = press.score(MODEL)
    full = sentences()
    assert f"{press.cases:,}" in full and f"{model.auc:.2f}" in full
    by_chance = model.auc_low <= 0.5 <= model.auc_high
    assert ("no better than chance" in plain_sentence()) == by_chance
    assert all(f"{press.score(name).auc:.2f}" in full for name in (MODEL, WEIGHED, RECORD, POOL))


def test_the_page_and_its_figure_have_the_stored_scores() -> None:
    docs = Path(__file__).parents[2] / "docs"
    page = (docs / "backtest.md").read_text(encoding="utf-8").splitlines()
    result = load_backtest()
    for kind in result.kinds:
        for outcome in kind.outcomes:
            assert f"**{heading(kind.name, outcome)}**" in page
            tables = (HEADERS, *score_rows(outcome)), (area_headers(outcome), *area_rows(outcome))
            for row in (row for table in tables for row in table):
                assert f"| {' | '.join(row)} |" in page
        assert all(re.search(rf"\b{count:,} ", "\n".join(page)) for count in (kind.cases, *kind.left_out.values()))
    assert (docs / "backtest.svg").read_text(encoding="utf-8") == calibration_svg(result)
