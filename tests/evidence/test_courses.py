"""Courses of disputes after the data: what fades and what stays, closed forms, signs of forces, and the keys that cases name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from scipy.special import expit, logit
from tests.data.test_readers import cached as cached

from tocsin.backtest.stored import load_backtest
from tocsin.case.origin import as_distribution
from tocsin.data.readers import read
from tocsin.errors import InputError
from tocsin.evidence.courses.known import Stored
from tocsin.evidence.courses.names import AUDIENCE, BARGAINING, FORCES, GAME, MODELS, RECORD, SPIRAL
from tocsin.evidence.courses.players import Course, Players
from tocsin.evidence.courses.weights import COERCION, FORECASTERS, weights
from tocsin.evidence.hostility.filter import chance
from tocsin.evidence.past.kinds import GENERAL
from tocsin.evidence.past.roles import with_roles
from tocsin.evidence.reference import estimate
from tocsin.evidence.stages.covariates import covariates
from tocsin.evidence.stages.estimate import SOURCES
from tocsin.evidence.stages.history import history
from tocsin.evidence.stages.specification import FIGHT
from tocsin.evidence.store import load_result, refit

pytestmark = pytest.mark.numeric

DRAWS = 200
YEARS = np.arange(2026, 2041)


@pytest.fixture(scope="module")
def stored() -> Stored:
    return Stored(load_result("courses"))


@pytest.fixture(scope="module")
def players(stored: Stored) -> Players:
    return Players(stored, DRAWS, seed=3)


def shifted(size: float) -> np.ndarray:
    return np.full((len(YEARS), DRAWS), size)


# --- what is known after the data --------------------------------------------------------------------------------------


def test_what_the_record_says_fades_and_forces_stay(stored: Stored) -> None:
    known = stored.known("PRK", "KOR", np.array([2015, 2025, 2100]))
    columns = known.columns(stored.hostility())
    nothing = chance(type(known.sums(1.0))(*np.zeros((4, 1))), stored.hostility())
    assert columns["hostility"][0] > columns["hostility"][1] > columns["hostility"][2]
    assert columns["hostility"][2] == pytest.approx(logit(nothing[0]), abs=1e-6)
    assert columns["answered"][2] == pytest.approx(0.0, abs=0.01) and columns["force"][2] < 0.05 < columns["force"][0]
    for name in ("distance", "rivalry", "spatial", "major target"):
        assert np.ptp(columns[name]) == 0.0, name


def test_a_count_is_halved_in_its_half_life(stored: Stored) -> None:
    first, later = (stored.known("PRK", "KOR", np.array([year])).columns(stored.hostility()) for year in (2015, 2025))
    assert np.expm1(later["force"]) == pytest.approx(0.5 * np.expm1(first["force"]))
    quarrels = "others against target"
    assert np.expm1(later[quarrels]) == pytest.approx(0.25 * np.expm1(first[quarrels]))


def test_a_belief_without_news_goes_on_as_the_spiral_says(players: Players, stored: Stored) -> None:
    """The closed form agrees with the yearly step, for one draw."""
    calm, gap, fear, turning, calming, _ = players._drawn(SPIRAL)[0]
    values = stored.known("PRK", "KOR", np.array([2018]))
    own, other = (expit(side["hostile"]) for side in (values.pair, values.back))
    for _ in range(3):
        own, other = ((1.0 - expit(calming)) * h + expit(turning) * (1.0 - h) for h in (own, other))
    calm_odds = calm + fear * other
    expected = own * expit(calm_odds + np.exp(gap)) + (1.0 - own) * expit(calm_odds)
    assert players.play(SPIRAL, values).begin[0, 0] == pytest.approx(expected)


@pytest.mark.slow
def test_the_stored_result_is_what_the_data_give(cached: None) -> None:
    stored, made = (result.figures.to_dict() for result in (load_result("courses"), refit("courses")))
    assert stored.keys() == made.keys() and stored["pairs"].keys() == made["pairs"].keys()
    for name in ("hostility", "world", "wars", "bargaining moments", "audience moments", "answer moments"):
        np.testing.assert_allclose(made[name], stored[name], rtol=1e-4, atol=1e-4)
    for mine, theirs in zip(stored["estimated"], made["estimated"], strict=True):
        assert mine["p50"] == pytest.approx(theirs["p50"], abs=0.02), mine["of"]


@pytest.mark.slow
def test_the_first_year_is_what_the_models_see_in_the_data(cached: None, stored: Stored) -> None:
    tables = {name: read(name) for name in SOURCES}
    pairs = {"PRK": 731, "KOR": 732, "CHN": 710, "TWN": 713, "USA": 2, "RUS": 365}
    sides = [("PRK", "KOR"), ("KOR", "PRK"), ("CHN", "TWN"), ("USA", "RUS")]
    cases = pl.DataFrame(
        {"challenger": [pairs[one] for one, _ in sides], "target": [pairs[other] for _, other in sides], "year": 2015},
        schema={"challenger": pl.Int32, "target": pl.Int32, "year": pl.Int32},
    )
    seen = covariates(with_roles(cases, tables), history(tables), stored.hostility())
    for row, (one, other) in enumerate(sides):
        for name, values in stored.known(one, other, np.array([2015])).columns(stored.hostility()).items():
            assert values[0] == pytest.approx(seen[name][row], abs=2e-3, rel=2e-3), (one, other, name)


# --- playing -----------------------------------------------------------------------------------------------------------


def test_war_within_years_is_the_complement_of_no_war_in_any() -> None:
    begin, war = np.array([[0.5], [0.2]]), np.array([[0.1], [0.5]])
    assert Course(begin, begin, war).within() == pytest.approx(1.0 - 0.95 * 0.9)


@pytest.mark.parametrize("model", MODELS)
def test_probabilities_are_probabilities_and_a_seed_repeats_them(model: str, stored: Stored, players: Players) -> None:
    known = stored.known("CHN", "TWN", YEARS)
    course = players.play(model, known)
    for values in course:
        assert values.shape == (len(YEARS), DRAWS)
        assert np.isnan(values).all() or ((values >= 0.0) & (values <= 1.0)).all()
    if model != RECORD:
        assert (course.war <= course.answer + 1e-12).all()
    np.testing.assert_array_equal(course.within(), Players(stored, DRAWS, seed=3).play(model, known).within())
    assert not np.array_equal(course.within(), Players(stored, DRAWS, seed=4).play(model, known).within())


@pytest.mark.parametrize("model", MODELS)
def test_forces_enter_where_the_model_has_a_place_for_them(model: str, stored: Stored, players: Players) -> None:
    known = stored.known("CHN", "TWN", YEARS)
    same = np.array_equal(players.play(model, known).within(), players.play(model, known, shifted(0.4)).within())
    assert same == (model not in FORCES)


@pytest.mark.parametrize(("pair", "evener"), [(("CHN", "TWN"), True), (("PRK", "KOR"), False)])
def test_stronger_defenders_make_a_fight_evener_if_the_challenger_is_the_stronger(
    pair: tuple[str, str], evener: bool, stored: Stored, players: Players
) -> None:
    known = stored.known(*pair, YEARS)
    before, after = (players.play(GAME, known, shifted(size)) for size in (0.0, 0.3))
    fight = after.war / after.answer - before.war / before.answer
    moves, drawn = players._game
    slope = drawn[FIGHT][:, 1 + moves.stages[FIGHT].names.index("evenness")]
    clear = np.abs(slope) > 1e-3
    assert (np.sign(fight[0, clear]) == np.sign(slope[clear]) * (1 if evener else -1)).all()


def drawing(numbers: np.ndarray) -> Callable[..., np.ndarray]:
    """Return what replaces the draws of the audience model; the record's numbers are 0."""

    def drawn(_players: Players, model: str, _prefix: str = "") -> np.ndarray:
        return numbers if model == AUDIENCE else np.zeros((DRAWS, 5))

    return drawn


def test_slopes_of_zero_on_the_balance_give_no_difference(
    stored: Stored, players: Players, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = players._drawn(AUDIENCE)
    known = stored.known("PRK", "KOR", YEARS)
    flat = drawn.copy()
    flat[:, 1:3] = 0.0
    steep = flat.copy()
    steep[:, 2] = 0.5  # the target's aversion rises with the challenger's balance
    results = {}
    for name, numbers in (("flat", flat), ("steep", steep)):
        monkeypatch.setattr(Players, "_drawn", drawing(numbers))
        results[name] = [players.play(AUDIENCE, known, shifted(size)).answer for size in (0.0, 0.8)]
    np.testing.assert_array_equal(results["flat"][0], results["flat"][1])
    assert (results["steep"][1] >= results["steep"][0]).all() and (results["steep"][1] > results["steep"][0]).any()


@pytest.mark.parametrize("model", [BARGAINING, AUDIENCE, SPIRAL, RECORD])
def test_draws_of_the_numbers_have_the_stored_percentiles(model: str, stored: Stored) -> None:
    drawn = Players(stored, 20_000, seed=1)._drawn(model)
    rows = [row for row in stored.result.figures.estimated if row.labels["model"] == model]
    normal = [row for row in rows if row.joint is not None and ": " not in row.labels["of"]]
    assert drawn.shape[1] == len(normal)
    for column, row in zip(drawn.T, normal, strict=True):
        spread = row.p95 - row.p05
        assert np.quantile(column, [0.05, 0.95]) == pytest.approx([row.p05, row.p95], abs=0.03 * spread + 1e-4)


# --- weights -----------------------------------------------------------------------------------------------------------


def test_weights_sum_to_one_and_are_those_of_the_back_test() -> None:
    assert sum(weights().values()) == pytest.approx(1.0) and set(weights()) == {COERCION, *MODELS}
    earned = load_backtest().outcome(GENERAL, "war").weights
    total = sum(earned[name] for name in FORECASTERS.values())
    for model, name in FORECASTERS.items():
        assert weights()[model] == pytest.approx(earned[name] / total, abs=1e-5), model


# --- keys --------------------------------------------------------------------------------------------------------------


def test_a_belief_may_name_the_chance_of_war_between_two_states() -> None:
    estimated = estimate("evidence/courses/PRK/KOR/2026/war")
    assert (
        estimated.unit == "1"
        and estimated.family == "beta"
        and 0.0 < estimated.low < estimated.middle < estimated.high < 1.0
    )
    assert as_distribution(estimated) == f"beta({estimated.low!r} to {estimated.high!r})"
    assert estimate("evidence/courses/North Korea/South Korea/2026/war").middle == estimated.middle
    each = [estimate(f"evidence/courses/PRK/KOR/2026/war/{model}") for model in MODELS]
    assert min(item.low for item in each) <= estimated.low and estimated.high <= max(item.high for item in each)


def test_a_dispute_is_likelier_than_a_war() -> None:
    begin, war = (estimate(f"evidence/courses/CHN/TWN/2030/{outcome}/moves") for outcome in ("begin", "war"))
    assert begin.low > war.high


@pytest.mark.parametrize(
    ("key", "message", "remedy"),
    [
        ("PRK/KOR/2026", "no estimate 'PRK/KOR/2026'", "evidence/courses/PRK/KOR/2026/war"),
        ("PRK/KOR/2026/wars", "no estimate", "did you mean `war`?"),
        ("PRK/KOR/2026/war/spirals", "no estimate", "did you mean `spiral`?"),
        ("PRK/KOR/2026/answer/record", "record says nothing of an answer", "leave out the model"),
        ("PRK/KOR/2014/war", "speak of 2015 to 2100, not of 2014", "name 2015 or a later year"),
        ("PRK/KOR/2101/war", "not of 2101", "name 2015"),
        ("PRK/PRK/2026/war", "with itself", "name two states"),
        ("PRK/Narnia/2026/war", "unknown state `Narnia`", "ISO code"),
        ("CHE/NZL/2026/war", "no record of Switzerland and New Zealand", "name two other states"),
        ("a/b/c/d/e/f", "no estimate", "evidence/courses"),
    ],
)
def test_a_wrong_key_is_refused_with_a_remedy(key: str, message: str, remedy: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        estimate(f"evidence/courses/{key}")
    assert remedy in (caught.value.remedy or "")
