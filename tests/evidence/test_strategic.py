"""Strategic estimators against closed forms, numeric derivatives, known truth and what must not matter."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from tests.evidence.plays import TRUTH, UTILITIES, chance_of, played, table
from tests.support import seeded

from tocsin.errors import InputError
from tocsin.evidence.strategic.effects import draw, marginal_effects, probabilities
from tocsin.evidence.strategic.fit import Hill, fit, kernel_of
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


def test_probabilities_of_the_two_move_game_are_those_of_its_closed_form() -> None:
    cases = played("12", "probit", "private", cases=50, seed=1)
    u11, u14, u24 = cases.predictors(np.array(TRUTH["12"])).T
    fight = norm.cdf(u24 / np.sqrt(2))
    go = norm.cdf((fight * u14 - u11) / np.sqrt(1 + fight**2 + (1 - fight) ** 2))
    found = np.exp(kernel_of(cases).logs(cases.predictors(np.array(TRUTH["12"]))))
    assert found == pytest.approx(np.column_stack([1 - go, go * (1 - fight), go * fight]), abs=1e-12)


@pytest.mark.parametrize(("game", "link", "errors"), KINDS)
def test_derivatives_are_the_numeric_ones_and_probabilities_sum_to_one(game: str, link: str, errors: str) -> None:
    cases = played(game, link, errors, cases=40, seed=2)
    hill = Hill(cases, kernel_of(cases), "cauchy")
    at = np.array(TRUTH[game]) * 0.7
    assert np.exp(hill.logs(at)).sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    height, slope, curvature, scores = hill.derivatives(at)
    assert height == pytest.approx(hill(at), abs=1e-9)
    for place in range(at.size):
        step = np.zeros(at.size)
        step[place] = 1e-5
        assert slope[place] == pytest.approx((hill(at + step) - hill(at - step)) / 2e-5, abs=1e-4)
        change = (hill.derivatives(at + step)[1] - hill.derivatives(at - step)[1]) / 2e-5
        assert curvature[place] == pytest.approx(change, abs=1e-4)
    assert scores.shape == (40, at.size)


@pytest.mark.parametrize(("game", "link", "errors"), KINDS)
def test_what_was_put_into_plays_is_found_in_them(game: str, link: str, errors: str) -> None:
    found = fit(played(game, link, errors, cases=4000, seed=3))
    assert found.converged
    chance = chance_of(found.estimate - np.array(TRUTH[game]), found.covariance)
    assert chance > 1e-4
    assert 1.0 - chance > 1e-4  # errors that are too large bring estimates too near the truth


@given(st.integers(0, 10_000), st.sampled_from([0.01, 7.0, 1000.0]))
@settings(max_examples=8, deadline=None)
def test_neither_units_nor_order_matter(seed: int, unit: float) -> None:
    cases = played("12", "logit", "private", cases=300, seed=7)
    plain = fit(cases)
    data = table(300, 7).with_columns(pl.Series("y", [["1", "3", "4"][place] for place in cases.outcome]))
    other = data.with_columns(pl.col("x2") * unit).sample(fraction=1.0, shuffle=True, seed=seed)
    again = fit(sample(read_specification(spec(link="logit", errors="private"), "s"), other))
    assert again.loglik == pytest.approx(plain.loglik, abs=1e-6)
    scale = np.array([unit if term == "x2" else 1.0 for _, term in plain.sample.names])
    assert again.estimate * scale == pytest.approx(plain.estimate, abs=1e-4)
    assert again.standard_errors * scale == pytest.approx(plain.standard_errors, rel=1e-3)


def test_a_tree_written_out_is_the_named_one() -> None:
    tree = "{player: 1, actions: {stop: '1', go: {player: 2, actions: {give: '3', fight: '4'}}}}"
    named = "{u1(1): x1, u1(4): x2, u2(4): x3 + x4}"
    cases = played("12", "probit", "agent", cases=300, seed=4)
    data = table(300, 4).with_columns(pl.Series("y", [["1", "3", "4"][place] for place in cases.outcome]))
    again = fit(sample(read_specification(spec(game=tree, utilities=named), "s"), data))
    plain = fit(cases)
    assert again.loglik == pytest.approx(plain.loglik, abs=1e-8)
    assert again.sample.names == plain.sample.names


def test_a_decision_of_three_actions_is_a_multinomial_logit() -> None:
    data = table(600, 5).with_columns(
        y=pl.Series(np.random.default_rng(seeded(0)).choice(["a", "b", "c"], 600, p=[0.5, 0.3, 0.2]))
    )
    text = spec(game="{player: P, actions: {l: a, m: b, r: c}}", link="logit", utilities="{u_P(b): 1, u_P(c): 1}")
    found = fit(sample(read_specification(text, "s"), data))
    shares = [data.filter(y=label).height / 600 for label in "abc"]
    assert found.estimate == pytest.approx(np.sqrt(2) * np.log(np.array(shares[1:]) / shares[0]), abs=1e-6)


def test_a_spread_that_was_put_in_is_found_where_a_fixed_utility_gives_the_unit() -> None:
    text = (
        spec(link="logit", utilities=["x1", "0", "x2", "0"]) + "\nfixed: {u2(4): 0.7}\nspread: {1: 'x4 - 1', 2: x3}\n"
    )
    empty = sample(read_specification(text, "s"), table(8000, 6))
    truth = np.array([0.5, -1.0, 0.3, 1.0, 0.4, 0.2, 0.3])
    found = fit(draw(empty, truth, seed=seeded(1)))
    assert found.converged
    assert np.abs((found.estimate - truth) / found.standard_errors).max() < 4.0


def test_a_spread_without_a_fixed_utility_is_refused() -> None:
    empty = sample(read_specification(spec(link="logit") + "\nspread: {2: 1}\n", "s"), table(300, 6))
    with pytest.raises(InputError, match=r"not identified: .*spread\(2\)"):
        fit(draw(empty, np.array([*TRUTH["12"], 0.0]), seed=seeded(1)))


def test_a_coefficient_that_moves_nothing_is_refused_and_named() -> None:
    text = spec(utilities=["x1", "x1", "x1", "x3"])
    empty = sample(read_specification(text, "s"), table(300, 8))
    with pytest.raises(InputError, match=r"not identified: .*u1\(1\):"):
        fit(draw(empty, np.zeros(8), seed=seeded(1)))


def test_separation_is_named_and_a_penalty_ends_it() -> None:
    data = table(200, 9)
    told = np.where(data["x1"] > 0, "4", np.where(data["x3"] > 0, "3", "1"))
    data = data.with_columns(y=pl.Series(told))
    text = spec(utilities=["1", "0", "0", "x1"])
    found = fit(sample(read_specification(text, "s"), data))
    assert not found.converged
    assert any("separation at the decision of player 2" in each and "u2(4):x1" in each for each in found.warnings)
    for penalty in ("logF", "cauchy", "ridge"):
        kept = fit(sample(read_specification(text + f"\npenalty: {penalty}", "s"), data))
        assert kept.converged and np.abs(kept.estimate).max() < 50 and not kept.warnings


def test_clusters_of_copies_give_the_errors_of_the_cases_themselves() -> None:
    cases = played("12", "probit", "agent", cases=400, seed=10)
    data = table(400, 10).with_columns(
        pl.Series("y", [["1", "3", "4"][place] for place in cases.outcome]), pl.Series("case", np.arange(400))
    )
    single = fit(sample(read_specification(spec(cluster="case"), "s"), data))
    copied = pl.concat([data, data, data]).drop(ROW).with_row_index(ROW, offset=1)
    threefold = fit(sample(read_specification(spec(cluster="case"), "s"), copied))
    assert threefold.standard_errors == pytest.approx(single.standard_errors, rel=1e-6)
    assert fit(sample(read_specification(spec(), "s"), copied)).standard_errors == pytest.approx(
        fit(cases).standard_errors / np.sqrt(3), rel=1e-6
    )


def test_the_bootstrap_agrees_with_the_curvature_and_repeats_itself() -> None:
    found = fit(played("12", "probit", "agent", cases=1500, seed=11))
    drawn = bootstrap(found, 60, seed=seeded(1))
    assert drawn.failed == 0
    # each error of 60 draws is known to a tenth, their common size better
    ratios = np.log(drawn.standard_errors / found.standard_errors)
    assert np.abs(ratios).max() < 0.7
    assert np.abs(ratios.mean()) < 0.25
    assert np.array_equal(bootstrap(found, 3, seed=seeded(1)).estimates, drawn.estimates[:3])


def test_marginal_effects_are_what_moving_the_column_does() -> None:
    cases = played("12", "probit", "agent", cases=500, seed=12)
    data = table(500, 12).with_columns(pl.Series("y", [["1", "3", "4"][place] for place in cases.outcome]))
    found = fit(sample(read_specification(spec(), "s"), data))
    effect, error = marginal_effects(found, data, "x3")
    moved = probabilities(found, data.with_columns(pl.col("x3") + 0.01)) - probabilities(found, data)
    assert effect == pytest.approx(moved.mean(axis=0) / 0.01, abs=2e-3)
    assert effect.sum() == pytest.approx(0.0, abs=1e-9) and (error > 0).all()
    with pytest.raises(InputError, match="no numeric column of the model"):
        marginal_effects(found, data, "y")


def test_quality_of_known_probabilities() -> None:
    logs = np.log(np.array([[0.5, 0.5], [0.9, 0.1]]))
    found = quality(logs, np.array([0, 1]))
    assert found.log_score == pytest.approx((np.log(0.5) + np.log(0.1)) / 2)
    assert found.base == pytest.approx(np.log(0.5))
    assert found.brier == pytest.approx((0.5 + 1.62) / 2)
    assert found.reduction < 0


def test_the_true_model_wins_by_vuong_and_swapping_turns_the_sign() -> None:
    cases = played("12", "probit", "agent", cases=1500, seed=13)
    data = table(1500, 13).with_columns(pl.Series("y", [["1", "3", "4"][place] for place in cases.outcome]))
    true = fit(cases)
    wrong = fit(sample(read_specification(spec(utilities=["x1", "0", "0", "1"]), "s"), data))
    test = vuong(true, wrong)
    assert test.statistic > 3 and test.p < 0.01
    assert vuong(wrong, true).statistic == pytest.approx(-test.statistic)
    with pytest.raises(InputError, match="alike"):
        vuong(true, true)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"utilities": ["x1", "0", "x2", "nothing"]}, "no column `nothing`"),
        ({"utilities": ["x1", "0", "x2"]}, "3 formulas for 4 utilities"),
        ({"utilities": ["0", "0", "0", "0"]}, "nothing is to be estimated"),
        ({"utilities": ["x1", "0", "same", "x3"]}, "one value only"),
        ({"utilities": ["x1 + twice", "0", "x2", "x3"]}, "perfectly collinear"),
        ({"utilities": ["__import__('os')", "0", "x2", "x3"]}, "no function `__import__`"),
        ({"utilities": ["{1}", "0", "x2", "x3"]}, "not allowed"),
        ({"utilities": ["log(zero)", "0", "x2", "x3"]}, "not finite"),
        ({"game": "13"}, "no game known here"),
        ({"link": "cloglog"}, "none of probit, logit"),
        ({"outcome": "x1"}, "no outcome of the game"),
        ({"outcome": "[y]"}, "1 indicators for a game of 2 decisions"),
        ({"outcome": "[y, x1]"}, "not 0"),
        ({"outcomes": "[a, b]"}, "2 names for 3 outcomes"),
        ({"subset": "x1 > 99"}, "no row has"),
        ({"subset": "x1 beyond 3"}, "cannot read"),
        ({"subset": "x1 > a"}, "numbers with a text"),
        ({"cluster": "nowhere"}, "no column `nowhere`"),
        ({"fixed": "{u9(1): 1}"}, "no utility"),
        ({"fixed": "{u1(1): 1}"}, "has a formula too"),
        ({"spread": "{9: 1}"}, "no player"),
        ({"penal": "logF"}, "no such key"),
        ({"utilities": 5}, "no list of formulas"),
        ({"game": "{player: A, actions: {x: '1', y: '3', z: '4'}}", "utilities": "{u_A(3): x1}"}, "is not probit"),
        ({"game": "{player: A, actions: {x: '1'}}", "utilities": "{u_A(1): x1}"}, "one action only"),
        ({"game": "{player: A, actions: {x: '1', y: '1'}}", "utilities": "{u_A(1): x1}"}, "two outcomes"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, object], said: str) -> None:
    data = table(30, 1).with_columns(
        twice=pl.col("x1") * 2, same=pl.lit("a"), zero=pl.lit(0.0), y=pl.Series(["1", "3", "4"] * 10)
    )
    with pytest.raises(InputError, match=said.replace("(", r"\(")):
        fit(sample(read_specification(spec(**changes), "spec.yaml"), data))


def test_rows_with_missing_values_are_listed_and_words_guessed_are_said() -> None:
    data = table(300, 2).with_columns(
        y=pl.Series(["none", "giving in", "war"] * 100),
        x1=pl.when(pl.col(ROW) == 5).then(None).otherwise(pl.col("x1")),
        x3=pl.when(pl.col(ROW) == 9).then(float("nan")).otherwise(pl.col("x3")),
    )
    found = fit(sample(read_specification(spec(), "s"), data))
    assert found.sample.missing == {"x1": [5], "x3": [9]} and len(found.sample.rows) == 298
    assert any("2 rows left out" in each and "rows 5, 9" in each for each in found.warnings)
    assert any("none is 1, giving in is 3, war is 4" in each for each in found.warnings)
    with pytest.raises(InputError, match="no row is complete"):
        sample(read_specification(spec(), "s"), data.with_columns(x1=pl.lit(None, dtype=pl.Float64)))


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_text_is_run_as_a_formula(text: str) -> None:
    from tocsin.evidence.formulas import design

    try:
        design(text, table(5, 1), "u")
    except InputError:
        return
    assert "(" not in text or set(text) <= set("x1234y+-:*() \t\n0")
