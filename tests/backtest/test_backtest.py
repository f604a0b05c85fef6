"""The back-test: past cases and the rule, scores in closed form, and predictions from earlier decades only."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from sklearn.metrics import roc_auc_score
from tests.data.test_readers import cached as cached
from tests.support import assert_close, seeded

from tocsin.assessment.worlds import Worlds, draw
from tocsin.backtest.baselines import FORECASTERS, MODEL, RECALIBRATED
from tocsin.backtest.past import FIRST, LAST, OUTCOMES, SOURCES, Past, past_cases, reach
from tocsin.backtest.play import predict, rule
from tocsin.backtest.results import HEADERS, Backtest, counts, heading, score_rows
from tocsin.backtest.run import backtest, predict_by_decade
from tocsin.backtest.scores import auc, score
from tocsin.backtest.stored import load_backtest, plain_sentence, sentences
from tocsin.cli import main
from tocsin.data.readers import read
from tocsin.errors import InputError
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import Solution, solve
from tocsin.plots.calibration import calibration_svg

pytestmark = pytest.mark.numeric


@pytest.fixture
def tables(cached: Path) -> dict[str, pl.DataFrame]:
    """Return the real sources."""
    del cached
    return {name: read(name) for name in SOURCES}


# --- past cases ----------------------------------------------------------------------------------------------------


def test_reach_is_1_at_home_and_falls_with_distance_less_for_fast_marches_and_strong_states() -> None:
    def at(year: int, capability: float, distance: float) -> float:
        cases = pl.DataFrame({"year": [year], "capability": [capability], "distance": [distance]})
        return float(cases.select(reach(pl.col("capability"), pl.col("distance"))).item())

    assert at(1900, 0.1, 0.0) == pytest.approx(1.0)
    near = 10.0 - np.e
    assert at(1960, 0.1, 5000 / 0.621371) == pytest.approx(0.1 ** (np.log10(10.0 + near) - np.log10(near)))
    assert at(1900, 0.1, 3000) < at(1930, 0.1, 3000) < at(1960, 0.1, 3000) < at(1960, 0.3, 3000) < 1.0


def test_past_cases_have_all_their_states(tables: dict[str, pl.DataFrame]) -> None:
    general, immediate = (past_cases(kind, tables) for kind in OUTCOMES)
    for past in (general, immediate):
        cases = past.cases
        assert cases["year"].min() >= FIRST and cases["year"].max() <= LAST  # type: ignore[operator]
        assert not cases.select("challenger", "target", "year").is_duplicated().any()
        reaches = cases.select(pl.col("^.*_reach$").drop_nulls().is_between(0, 1).all()).row(0)
        assert all(reaches)
        first, second = (
            cases[f"protector{number}_capability"] * cases[f"protector{number}_reach"] for number in (1, 2)
        )
        assert (first >= second).drop_nulls().all()
    assert dict(general.left_out) == {
        "a dispute goes on that it does not begin": 2301,
        "forces or distance not known, or none": 2298,
    }
    assert (general.cases.height, immediate.cases.height) == (8077, 2046)
    assert immediate.cases["press"].min() == 1 and general.cases["resist"].drop_nulls().len() > 500
    korea = immediate.cases.filter(
        pl.col("challenger") == 731, pl.col("target") == 732, pl.col("year").is_between(1962, 1990)
    )
    # the United States is bound to defend South Korea; North Korea's strongest ally is the Soviet Union
    assert korea.height > 5 and set(korea["protector1_state"]) == {2} and set(korea["backer_state"]) == {365}
    assert korea["nuclear"].min() == 1 and korea["protector2_state"].null_count() == korea.height


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
    predicted = predict(cases, worlds=32, seed=seeded(3))
    assert np.all(np.diff(predicted["press"]) > 0) and np.all(np.diff(predicted["resist"]) < 0)
    assert all(((values >= 0) & (values <= 1)).all() for values in predicted.values())


def test_protectors_and_nuclear_weapons_deter() -> None:
    cases = invented(
        protector1_state=[None, 2, 2, None], protector2_state=[None, None, 200, None], nuclear=[0, 0, 0, 1]
    )
    press = predict(cases, worlds=128, seed=seeded(3))["press"]
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
        return predict(cases, worlds=32, seed=seeded(3))

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
    together = predict(cases, worlds=16, seed=seeded(1))
    for index in range(3):
        alone = predict(cases[index : index + 1], worlds=16, seed=seeded(1))
        for name in together:
            assert alone[name][0] == pytest.approx(together[name][index], abs=1e-12, nan_ok=True)


def unsettled(lost: np.ndarray) -> Callable[..., dict[Scenario, Solution]]:
    """Return `solve` for cases and worlds of which some, (cases, worlds), have not settled for the revisionist."""

    def solved(*arguments: Any) -> dict[Scenario, Solution]:
        found = solve(*arguments)
        assert all(solution.settled.all() for solution in found.values())
        return {
            game: replace(item, residual=np.where(lost.ravel(), 1.0, 0.0)) if game.type == "revisionist" else item
            for game, item in found.items()
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

    def predicted(worlds: Worlds) -> dict[str, np.ndarray]:
        monkeypatch.setattr("tocsin.backtest.play.draw", lambda *_, **__: worlds)
        return predict(cases, worlds=worlds.size, seed=1)

    every, kept = predicted(drawn), predicted(drawn.some(np.arange(2, 40)))
    lost = np.zeros((3, 40), dtype=bool)
    lost[1, :2], lost[2, :5] = True, True  # a twentieth of the worlds, and an eighth
    monkeypatch.setattr("tocsin.backtest.play.solve", unsettled(lost))
    for name, values in predicted(drawn).items():
        assert values[0] == every[name][0] and np.isnan(values[2])
        assert values[1] == pytest.approx(kept[name][1], rel=1e-9) and values[1] != pytest.approx(every[name][1])


def test_cases_whose_games_do_not_settle_are_left_out_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    cases, model, observed = simulated(800)
    cases = cases.with_columns(challenger=pl.lit(1), target=pl.int_range(2, 802))
    cases = cases.with_columns(**{name: pl.Series(observed) for name in ("press", "war", "resist")})
    lost = np.arange(800) % 10 == 0
    probability = np.where(lost, np.nan, model)
    names = ("press", "war", "resist", "war_after_press")
    monkeypatch.setattr("tocsin.backtest.run.past_cases", lambda *_: Past(cases, {"a reason": 7}))
    monkeypatch.setattr("tocsin.backtest.run.predict", lambda *_, **__: dict.fromkeys(names, probability))
    for kind in backtest({}, worlds=1, seed=1).kinds:
        assert (kind.cases, dict(kind.left_out)) == (720, {"a reason": 7, "its games do not settle": 80})
        assert counts(kind).endswith("720 cases. Left out: 7 (a reason); 80 (its games do not settle).")
        tested = ~lost & (cases["year"].to_numpy() >= 1920)
        for outcome in kind.outcomes:
            assert (outcome.cases, outcome.observed) == (tested.sum(), observed[tested].sum())
            assert outcome.mean_predicted == pytest.approx(model[tested].mean())


def test_the_rule_is_the_same_in_all_theatres() -> None:
    assert set(rule().theatres) == {"alone", "backed", "one", "one_backed", "two", "two_backed"}
    assert {(theatre.levels, theatre.horizon, theatre.start) for theatre in rule().theatres.values()} == {(4, 15, 0)}


# --- scores --------------------------------------------------------------------------------------------------------


def test_scores_are_those_computed_by_hand() -> None:
    predicted, observed = np.array([0.8, 0.4, 0.4, 0.1]), np.array([1, 1, 0, 0])
    base = np.full(4, np.log(0.5))
    result = score("x", predicted, observed, base, np.arange(4), seed=seeded(1))
    logs = np.log([0.8, 0.4, 0.6, 0.9])
    assert result.log_score == pytest.approx(logs.mean())
    assert result.gain == pytest.approx((logs - np.log(0.5)).mean())
    assert result.gain_se == pytest.approx(np.std(logs) / 2.0)
    assert result.brier == pytest.approx((0.04 + 0.36 + 0.16 + 0.01) / 4)
    assert result.auc == pytest.approx(3.5 / 4)


def test_the_auc_is_that_of_scikit_learn_and_nan_if_all_cases_have_the_outcome() -> None:
    rng = np.random.default_rng(seeded(0))
    observed, predicted = rng.integers(0, 2, 500), rng.integers(0, 20, 500) / 20
    assert auc(predicted, observed) == pytest.approx(roc_auc_score(observed, predicted))
    assert np.isnan(auc(predicted, np.ones(500, dtype=int)))


def test_repeated_cases_in_a_cluster_enlarge_the_standard_error() -> None:
    rng = np.random.default_rng(seeded(1))
    predicted, observed = np.repeat(rng.uniform(size=50), 8), np.repeat(rng.integers(0, 2, 50), 8)
    base = np.full(400, np.log(0.5))
    alone = score("x", predicted, observed, base, np.arange(400), seed=seeded(1))
    grouped = score("x", predicted, observed, base, np.repeat(np.arange(50), 8), seed=seeded(1))
    assert grouped.gain_se == pytest.approx(alone.gain_se * np.sqrt(8))


def simulated(size: int = 3000) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    """Return cases, a model's probabilities that are three times too high, and outcomes."""
    rng = np.random.default_rng(seeded(4))
    model = rng.uniform(0.05, 0.6, size)
    years = rng.integers(1890, 1990, size)
    numbers = {name: rng.normal(size=size) for name in ("ratio", "helped")}
    flags = {name: rng.integers(0, 2, size) for name in ("pact", "major_challenger", "major_target", "nuclear")}
    cases = pl.DataFrame(
        {**numbers, **flags, "distance": rng.uniform(0, 9000, size), "quiet": rng.integers(0, 51, size), "year": years}
    )
    observed = (rng.uniform(size=size) < model / 3.0).astype(int)
    return cases, model, observed


def test_a_model_with_a_wrong_level_is_recalibrated_and_beats_the_constant() -> None:
    cases, model, observed = simulated()
    years = cases["year"].to_numpy()
    predicted = predict_by_decade(cases, model, observed, years)
    tested = years >= 1920

    def log_score(name: str) -> float:
        values = predicted[name][tested]
        return float(np.where(observed[tested] == 1, np.log(values), np.log1p(-values)).mean())

    assert log_score(RECALIBRATED) > log_score("constant") > log_score(MODEL)
    assert log_score("the same with the model's odds") > log_score("well-specified logit")
    assert np.isnan(predicted["constant"][~tested]).all()


def test_nothing_is_learned_from_the_predicted_decade_or_later() -> None:
    cases, model, observed = simulated()
    years = cases["year"].to_numpy()
    other = np.where(years >= 1950, 1 - observed, observed)
    one, two = (predict_by_decade(cases, model, outcomes, years) for outcomes in (observed, other))
    early = (years >= 1920) & (years < 1960)
    for name in FORECASTERS:
        assert np.array_equal(one[name][early], two[name][early]), name
    assert not np.array_equal(one["constant"][years >= 1960], two["constant"][years >= 1960])


# --- the command and the stored result -----------------------------------------------------------------------------


def test_the_command_names_missing_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    result = CliRunner().invoke(main, ["validate"])
    assert result.exit_code == 1 and "not in the cache" in result.output and "tocsin data get nmc" in result.output


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
    press = load_backtest().outcome("general", "press")
    model = press.score(MODEL)
    full = sentences()
    assert f"{press.cases:,}" in full and f"{model.auc:.2f}" in full
    by_chance = model.auc_low <= 0.5 <= model.auc_high
    assert ("no better than chance" in full) == ("no better than chance" in plain_sentence()) == by_chance


def test_the_page_and_its_figure_have_the_stored_scores() -> None:
    docs = Path(__file__).parents[2] / "docs"
    page = (docs / "backtest.md").read_text(encoding="utf-8").splitlines()
    result = load_backtest()
    for kind in result.kinds:
        for outcome in kind.outcomes:
            assert f"**{heading(kind.name, outcome)}**" in page
            for row in (HEADERS, *score_rows(outcome)):
                assert f"| {' | '.join(row)} |" in page
        assert all(re.search(rf"\b{count:,} ", "\n".join(page)) for count in (kind.cases, *kind.left_out.values()))
    assert (docs / "backtest.svg").read_text(encoding="utf-8") == calibration_svg(result)
