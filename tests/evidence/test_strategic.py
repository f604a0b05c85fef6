"""Strategic estimators against closed forms, numeric derivatives and known coefficients, and under changes that must not matter."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from tests.evidence.plays import TRUTH, UTILITIES, draw, p_value, played, table, with_outcomes
from tests.support import seeded

from tocsin.errors import InputError
from tocsin.evidence.strategic.effects import marginal_effect
from tocsin.evidence.strategic.fit import fit
from tocsin.evidence.strategic.likelihood import BLOCK
from tocsin.evidence.strategic.objective import Objective, kernel_of
from tocsin.evidence.strategic.predictions import probabilities
from tocsin.evidence.strategic.quality import quality, vuong
from tocsin.evidence.strategic.resampling import bootstrap
from tocsin.evidence.strategic.sample import sample
from tocsin.evidence.strategic.specification import read_specification
from tocsin.evidence.tables import ROW

pytestmark = pytest.mark.numeric

KINDS = [(game, link, errors) for game in UTILITIES for link in ("probit", "logit") for errors in ("agent", "private")]


def spec(**changes: object) -> str:
    keys = {"game": "12", "link": "probit", "errors": "agent", "outcome": "y", "utilities": UTILITIES["12"]} | changes
    return "\n".join(f"{key}: {value}" for key, value in keys.items())


def test_probabilities_of_the_two_move_game_match_the_closed_form() -> None:
    cases = played("12", "probit", "private", cases=50, seed=1)
    u11, u14, u24 = cases.predictors(np.array(TRUTH["12"])).T
    fight = norm.cdf(u24 / np.sqrt(2))
    go = norm.cdf((fight * u14 - u11) / np.sqrt(1 + fight**2 + (1 - fight) ** 2))
    probabilities = np.exp(kernel_of(cases).log_probabilities(cases.predictors(np.array(TRUTH["12"]))))
    assert probabilities == pytest.approx(np.column_stack([1 - go, go * (1 - fight), go * fight]), abs=1e-12)


@pytest.mark.parametrize(("game", "link", "errors"), KINDS)
def test_derivatives_match_finite_differences_and_probabilities_sum_to_one(game: str, link: str, errors: str) -> None:
    cases = played(game, link, errors, cases=40, seed=2)
    standard, back = cases.standardised()
    objective = Objective(standard, kernel_of(cases), "cauchy", back)
    point = np.linalg.solve(back, np.array(TRUTH[game]) * 0.7)
    assert np.exp(objective.log_probabilities(point)).sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    here = objective.derivatives(point)
    assert here.value == pytest.approx(objective(point), abs=1e-9)
    for index in range(point.size):
        step = np.zeros(point.size)
        step[index] = 1e-5
        assert here.gradient[index] == pytest.approx(
            (objective(point + step) - objective(point - step)) / 2e-5, abs=1e-4
        )
        change = objective.derivatives(point + step).gradient - objective.derivatives(point - step).gradient
        assert here.hessian[index] == pytest.approx(change / 2e-5, abs=1e-4)
    assert here.scores.shape == (40, point.size)


@pytest.mark.parametrize("count", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1])
def test_a_case_has_the_same_derivatives_in_a_sample_of_any_size(count: int) -> None:
    cases = played("12", "logit", "agent", cases=2 * BLOCK + 1, seed=14)
    predictors, compute = cases.predictors(np.array(TRUTH["12"])), kernel_of(cases).derivatives
    whole, part = (
        compute(predictors, cases.outcome),
        compute(predictors[-count:][:count], cases.outcome[-count:][:count]),
    )
    for all_rows, rows in zip(whole, part, strict=True):
        assert rows.shape == (count, *all_rows.shape[1:])
        assert rows == pytest.approx(all_rows[len(all_rows) - count :], abs=1e-14)


@pytest.mark.parametrize(("game", "link", "errors"), KINDS)
def test_the_estimate_recovers_the_coefficients_of_simulated_plays(game: str, link: str, errors: str) -> None:
    result = fit(played(game, link, errors, cases=4000, seed=3))
    assert result.converged
    p = p_value(result.estimate - np.array(TRUTH[game]), result.covariance)
    assert p > 1e-4
    assert 1.0 - p > 1e-4  # standard errors that are too large make estimates look too close to the truth


@given(st.integers(0, 10_000), st.sampled_from([0.01, 7.0, 1000.0]))
@settings(max_examples=8, deadline=None)
def test_units_and_order_of_cases_do_not_matter(seed: int, unit: float) -> None:
    cases = played("12", "logit", "private", cases=300, seed=7)
    plain = fit(cases)
    data = with_outcomes(table(300, 7), cases)
    other = data.with_columns(pl.col("x2") * unit).sample(fraction=1.0, shuffle=True, seed=seed)
    again = fit(sample(read_specification(spec(link="logit", errors="private"), "s"), other))
    assert again.loglik == pytest.approx(plain.loglik, abs=1e-6)
    scale = np.array([unit if term == "x2" else 1.0 for _, term in plain.sample.names])
    assert again.estimate * scale == pytest.approx(plain.estimate, abs=1e-4)
    assert again.standard_errors * scale == pytest.approx(plain.standard_errors, rel=1e-3)


def test_a_tree_written_out_gives_the_same_estimate_as_the_named_game() -> None:
    tree = "{player: 1, actions: {stop: '1', go: {player: 2, actions: {give: '3', fight: '4'}}}}"
    named = "{u1(1): x1, u1(4): x2, u2(4): x3 + x4}"
    cases = played("12", "probit", "agent", cases=300, seed=4)
    data = with_outcomes(table(300, 4), cases)
    again = fit(sample(read_specification(spec(game=tree, utilities=named), "s"), data))
    plain = fit(cases)
    assert again.loglik == pytest.approx(plain.loglik, abs=1e-8)
    assert again.sample.names == plain.sample.names


def test_a_decision_of_three_actions_is_a_multinomial_logit() -> None:
    data = table(600, 5).with_columns(
        y=pl.Series(np.random.default_rng(seeded(0)).choice(["a", "b", "c"], 600, p=[0.5, 0.3, 0.2]))
    )
    text = spec(game="{player: P, actions: {l: a, m: b, r: c}}", link="logit", utilities="{u_P(b): 1, u_P(c): 1}")
    result = fit(sample(read_specification(text, "s"), data))
    shares = [data.filter(y=label).height / 600 for label in "abc"]
    assert result.estimate == pytest.approx(np.sqrt(2) * np.log(np.array(shares[1:]) / shares[0]), abs=1e-6)


def test_a_spread_is_recovered_if_a_fixed_utility_sets_the_unit() -> None:
    text = (
        spec(link="logit", utilities=["x1", "0", "x2", "0"]) + "\nfixed: {u2(4): 0.7}\nspread: {1: 'x4 - 1', 2: x3}\n"
    )
    empty = sample(read_specification(text, "s"), table(8000, 6))
    truth = np.array([0.5, -1.0, 0.3, 1.0, 0.4, 0.2, 0.3])
    result = fit(draw(empty, truth, seed=seeded(1)))
    assert result.converged
    assert np.abs((result.estimate - truth) / result.standard_errors).max() < 4.0


def test_a_spread_without_a_fixed_utility_is_refused() -> None:
    empty = sample(read_specification(spec(link="logit") + "\nspread: {2: 1}\n", "s"), table(300, 6))
    with pytest.raises(InputError, match=r"not identified: .*spread\(2\)"):
        fit(draw(empty, np.array([*TRUTH["12"], 0.0]), seed=seeded(1)))


def test_a_coefficient_without_effect_is_refused_by_name() -> None:
    text = spec(utilities=["x1", "x1", "x1", "x3"])
    empty = sample(read_specification(text, "s"), table(300, 8))
    with pytest.raises(InputError, match=r"not identified: .*u1\(1\):"):
        fit(draw(empty, np.zeros(8), seed=seeded(1)))


def test_separation_is_reported_by_name_and_a_penalty_removes_it() -> None:
    data = table(200, 9)
    separated = np.where(data["x1"] > 0, "4", np.where(data["x3"] > 0, "3", "1"))
    data = data.with_columns(y=pl.Series(separated))
    text = spec(utilities=["1", "0", "0", "x1"])
    plain = fit(sample(read_specification(text, "s"), data))
    assert not plain.converged
    assert any(
        "separation at the decision of player 2" in warning and "u2(4):x1" in warning for warning in plain.warnings
    )
    for penalty in ("logF", "cauchy", "ridge"):
        penalised = fit(sample(read_specification(text + f"\npenalty: {penalty}", "s"), data))
        assert penalised.converged and np.abs(penalised.estimate).max() < 50 and not penalised.warnings


def test_clusters_of_identical_copies_give_the_errors_of_single_cases() -> None:
    cases = played("12", "probit", "agent", cases=400, seed=10)
    data = with_outcomes(table(400, 10), cases).with_columns(pl.Series("case", np.arange(400)))
    single = fit(sample(read_specification(spec(cluster="case"), "s"), data))
    copied = pl.concat([data, data, data]).drop(ROW).with_row_index(ROW, offset=1)
    threefold = fit(sample(read_specification(spec(cluster="case"), "s"), copied))
    assert threefold.standard_errors == pytest.approx(single.standard_errors, rel=1e-6)
    assert fit(sample(read_specification(spec(), "s"), copied)).standard_errors == pytest.approx(
        fit(cases).standard_errors / np.sqrt(3), rel=1e-6
    )


def test_the_bootstrap_agrees_with_the_curvature_and_is_reproducible() -> None:
    result = fit(played("12", "probit", "agent", cases=1500, seed=11))
    samples = bootstrap(result, 60, seed=seeded(1))
    assert samples.failed == 0
    # 60 samples give each standard error to about 10 %, and their common size more precisely
    ratios = np.log(samples.standard_errors / result.standard_errors)
    assert np.abs(ratios).max() < 0.7
    assert np.abs(ratios.mean()) < 0.25
    assert np.array_equal(bootstrap(result, 3, seed=seeded(1)).estimates, samples.estimates[:3])


def test_a_marginal_effect_matches_a_small_change_of_the_column() -> None:
    cases = played("12", "probit", "agent", cases=500, seed=12)
    data = with_outcomes(table(500, 12), cases)
    specification = read_specification(spec(), "s")
    result = fit(sample(specification, data))
    effect = marginal_effect(result, "x3")
    moved = probabilities(result, data.with_columns(pl.col("x3") + 0.01)).drop("row")
    change = moved.to_numpy() - np.exp(result.log_probabilities())
    assert effect.change == pytest.approx(change.mean(axis=0) / 0.01, abs=2e-3)
    assert effect.change.sum() == pytest.approx(0.0, abs=1e-9) and (effect.standard_error > 0).all()
    with pytest.raises(InputError, match="not a numeric column of the model"):
        marginal_effect(result, "y")


def test_quality_of_known_probabilities() -> None:
    logs = np.log(np.array([[0.5, 0.5], [0.9, 0.1]]))
    scores = quality(logs, np.array([0, 1]))
    assert scores.log_score == pytest.approx((np.log(0.5) + np.log(0.1)) / 2)
    assert scores.base == pytest.approx(np.log(0.5))
    assert scores.brier == pytest.approx((0.5 + 1.62) / 2)
    assert scores.reduction < 0


def test_the_true_model_wins_the_vuong_test_and_swapping_changes_the_sign() -> None:
    cases = played("12", "probit", "agent", cases=1500, seed=13)
    data = with_outcomes(table(1500, 13), cases)
    true = fit(cases)
    wrong = fit(sample(read_specification(spec(utilities=["x1", "0", "0", "1"]), "s"), data))
    test = vuong(true, wrong)
    assert test.statistic > 3 and test.p < 0.01
    assert vuong(wrong, true).statistic == pytest.approx(-test.statistic)
    with pytest.raises(InputError, match="alike"):
        vuong(true, true)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"utilities": ["x1", "0", "x2", "nothing"]}, "no column `nothing`"),
        ({"utilities": ["x1", "0", "x2"]}, "3 formulas for 4 utilities"),
        ({"utilities": ["0", "0", "0", "0"]}, "nothing to estimate"),
        ({"utilities": ["x1", "0", "same", "x3"]}, "only one value"),
        ({"utilities": ["x1 + twice", "0", "x2", "x3"]}, "perfectly collinear"),
        ({"utilities": ["__import__('os')", "0", "x2", "x3"]}, "no function `__import__`"),
        ({"utilities": ["{1}", "0", "x2", "x3"]}, "not allowed"),
        ({"utilities": ["log(zero)", "0", "x2", "x3"]}, "not finite"),
        ({"game": "13"}, "unknown game"),
        ({"link": "cloglog"}, "none of probit, logit"),
        ({"outcome": "x1"}, "not an outcome of the game"),
        ({"outcome": "[y]"}, "1 columns for 2 decisions"),
        ({"outcome": "[y, x1]"}, "not 0"),
        ({"outcomes": "[a, b]"}, "2 names for 3 outcomes"),
        ({"outcomes": "[a, b, a]"}, "'a' names two outcomes"),
        ({"subset": "x1 > 99"}, "no row has"),
        ({"subset": "x1 beyond 3"}, "cannot read"),
        ({"subset": "x1 > a"}, "numbers with a text"),
        ({"cluster": "nowhere"}, "no column `nowhere`"),
        ({"fixed": "{u9(1): 1}"}, "no utility"),
        ({"fixed": "{u1(1): 1}"}, "has a formula too"),
        ({"spread": "{9: 1}"}, "unknown player"),
        ({"penal": "logF"}, "no such key"),
        ({"utilities": 5}, "no list of formulas"),
        (
            {"game": "{player: A, actions: {x: '1', y: '3', z: '4'}}", "utilities": "{u_A(3): x1}"},
            "probit allows only two actions",
        ),
        ({"game": "{player: A, actions: {x: '1'}}", "utilities": "{u_A(1): x1}"}, "only one action"),
        ({"game": "{player: A, actions: {x: '1', y: '1'}}", "utilities": "{u_A(1): x1}"}, "two outcomes"),
    ],
)
def test_wrong_input_is_refused_with_the_reason(changes: dict[str, object], message: str) -> None:
    data = table(30, 1).with_columns(
        twice=pl.col("x1") * 2, same=pl.lit("a"), zero=pl.lit(0.0), y=pl.Series(["1", "3", "4"] * 10)
    )
    with pytest.raises(InputError, match=message.replace("(", r"\(")):
        fit(sample(read_specification(spec(**changes), "spec.yaml"), data))


def test_warnings_list_rows_with_missing_values_and_guessed_words() -> None:
    data = table(300, 2).with_columns(
        y=pl.Series(["none", "giving in", "war"] * 100),
        x1=pl.when(pl.col(ROW) == 5).then(None).otherwise(pl.col("x1")),
        x3=pl.when(pl.col(ROW) == 9).then(float("nan")).otherwise(pl.col("x3")),
    )
    result = fit(sample(read_specification(spec(), "s"), data))
    assert result.sample.cases.missing == {"x1": [5], "x3": [9]} and len(result.sample.rows) == 298
    assert any("2 rows left out" in warning and "rows 5, 9" in warning for warning in result.warnings)
    assert any("giving in is 1, none is 3, war is 4" in warning for warning in result.warnings)
    with pytest.raises(InputError, match="no row is complete"):
        sample(read_specification(spec(), "s"), data.with_columns(x1=pl.lit(None, dtype=pl.Float64)))


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_text_runs_as_a_program(text: str) -> None:
    from tocsin.evidence.designs import design

    try:
        design(text, table(5, 1), "u")
    except InputError:
        return
    assert "(" not in text or set(text) <= set("x1234y+-:*() \t\n0")
