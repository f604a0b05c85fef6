"""The probability by threshold, where its verdict turns, and what a threshold is in a reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import minimal_case
from tests.translation.leaves import untranslated

from tocsin.assessment.curves import EDGES, Voice, curve, probability
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.quantities import Reader
from tocsin.assessment.situations import Model
from tocsin.assessment.thresholds_in_words import meaning, part, points
from tocsin.assessment.verdicts import decide
from tocsin.case import Case
from tocsin.case.compiled import Test
from tocsin.case.language import parse
from tocsin.case.typing_rules import resolved
from tocsin.case.units import ONE, parse_unit

SWEPT = (0.0, 0.01, 0.02, 0.05, 0.1)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("curves"))


def compiled(case: Case, text: str, central: float = 0.02, means: str = "") -> Test:
    return Test(resolved(parse(text), case, ONE), SWEPT, central, means=means)


def voices(case: Case, *values: Sequence[float]) -> list[Voice]:
    """Return models of equal weight in whose equally weighted worlds the belief `accident` has these values."""
    return [
        Voice(
            1 / len(values),
            Evaluator(case, Reader(case, Model("security", 0.92), {}, {"accident": np.array(some)}, {}), weights(some)),
        )
        for some in values
    ]


def weights(values: Sequence[float]) -> np.ndarray:
    return np.full(len(values), 1 / len(values))


def turns(case: Case, text: str, *values: Sequence[float]) -> tuple[float, ...]:
    test = compiled(case, text)
    result = curve(test, voices(case, *values), "")
    assert result is not None
    return result.turns


# --- where the verdict turns ---------------------------------------------------------------------------------------


def test_the_verdict_of_one_comparison_turns_at_quantiles_of_its_distribution(case: Case) -> None:
    values = [count / 1000 for count in range(1, 101)]
    # 55 of 100 worlds exceed every threshold below the 55th largest value, and so on
    assert turns(case, "input(accident) > threshold", values) == pytest.approx((0.046, 0.056))
    assert turns(case, "threshold < input(accident)", values) == pytest.approx((0.046, 0.056))
    assert turns(case, "2 * input(accident) > threshold", values) == pytest.approx((0.092, 0.112))


def test_a_test_from_below_turns_where_the_probability_rises(case: Case) -> None:
    values = [count / 1000 for count in range(1, 101)]
    assert turns(case, "input(accident) <= threshold", values) == pytest.approx((0.045, 0.055))


def test_models_are_pooled(case: Case) -> None:
    assert turns(case, "input(accident) > threshold", [0.01] * 9, [0.03] * 7) == (0.01, 0.03)
    assert turns(case, "input(accident) > threshold", [0.01, 0.03], [0.03, 0.03, 0.04]) == (0.03,)


def test_a_verdict_that_never_turns_has_no_turn(case: Case) -> None:
    assert turns(case, "input(accident) > threshold", [-0.2, -0.1]) == ()
    assert turns(case, "input(accident) > threshold and 1 > 2", [0.02, 0.03]) == ()


def test_a_turn_beyond_the_swept_range_is_found_where_it_is_exact(case: Case) -> None:
    assert turns(case, "input(accident) > threshold", [0.7, 0.8, 0.9]) == (0.8,)
    assert turns(case, "input(accident) > threshold and 2 > 1", [0.7, 0.8, 0.9]) == ()


@given(values=st.lists(st.floats(0, 0.1), min_size=1, max_size=30))
def test_bisection_agrees_with_the_distribution(case: Case, values: list[float]) -> None:
    exact = turns(case, "input(accident) > threshold", values)
    turned = turns(case, "input(accident) > threshold and 2 > 1", values)
    assert set(np.round(turned, 9)) <= set(np.round(exact, 9))  # it misses a turn at an end of the range
    assert {round(turn, 9) for turn in exact if 0 < turn < 0.1} <= set(np.round(turned, 9))


@given(values=st.lists(st.floats(-0.05, 0.3), min_size=1, max_size=30), strict=st.booleans())
def test_the_verdict_differs_on_the_two_sides_of_a_turn(case: Case, values: list[float], strict: bool) -> None:
    test = compiled(case, f"input(accident) {'>' if strict else '<='} threshold")
    pool = voices(case, values)
    result = curve(test, pool, "")
    assert result is not None
    for turn in result.turns:
        shares = [probability(test.node, pool, turn + step) for step in (-1e-9, 1e-9)]
        assert decide(shares[0], ()) != decide(shares[1], ())
    assert [share for _, share in result.points] == sorted((share for _, share in result.points), reverse=strict)


def test_the_edges_are_those_of_the_verdicts() -> None:
    for edge, below, at in zip(EDGES, ("cannot tell", "fails"), ("holds", "cannot tell"), strict=True):
        assert (decide(edge - 1e-6, ()), decide(edge, ())) == (below, at)


def test_worlds_in_which_a_test_is_undefined_do_not_count(case: Case) -> None:
    values = [0.0, 0.0, 0.01, 0.04, 0.04]
    assert turns(case, "0.001 / input(accident) > threshold", values) == pytest.approx((0.025,))


@pytest.mark.parametrize("text", ["input(accident) > threshold", "input(accident) - threshold > 0"])
def test_worlds_with_an_infinite_value_do_not_count(case: Case, text: str) -> None:
    values = [np.inf, 0.01, np.inf, 0.03, 0.03]
    assert turns(case, text, values) == pytest.approx(turns(case, text, [0.01, 0.03, 0.03])) != ()


def test_the_margin_between_two_infinite_values_is_undefined(case: Case) -> None:
    (voice,) = voices(case, [np.inf, 0.01])
    margin = voice.at(None).margin(compiled(case, "input(accident) > 2 * input(accident)").node)
    assert np.isnan(margin[0]) and margin[1] == pytest.approx(-0.01)


def test_a_test_without_threshold_has_no_curve(case: Case) -> None:
    test = Test(resolved(parse("input(accident) > 0.1"), case, None))
    assert curve(test, voices(case, [0.2]), "") is None


# --- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "central", "words"),
    [
        ("loss(rise) > threshold", 0.02, "a loss larger than a fiftieth of the value of union on Alpha's terms, held for ever"),
        ("threshold <= loss_aim(rise)", 0.03, "a loss of at least 3 % of the value of union on Alpha's terms, held for ever"),
        ("loss(rise) - loss(aligned) > threshold", 0.1,
         "a difference in loss larger than a tenth of the value of union on Alpha's terms, held for ever"),
        ("loss(rise) > threshold", 0.0, "any loss at all"),
        ("risk() - risk(rise) > threshold", 0.02,
         "a change of more than 2 percentage points in the chance that Alpha takes a first step towards its aim within 10 years"),
        ("risk_by(5) - risk_by(5, rise) > threshold", 0.01,
         "a change of more than 1 percentage point in the chance that Alpha takes a first step towards its aim within 5 years"),
        ("fear_fall(rise) > threshold", 0.01,
         "a change of more than 1 percentage point in the chance that Alpha's regime falls within 10 years"),
        ("struck(rise) - struck() > threshold", 0.02,
         "a change of more than 2 percentage points in the chance that Alpha is struck first within 10 years"),
        ("dent(rise) > threshold", 0.05, "more than a twentieth of all that deterrence costs Alpha"),
        ("loss_share(rise) >= threshold", 0.03, "at least 3 % of what Alpha's prospects are worth to it"),
        ("spiral(rise) <= threshold", 0.005, "a change of at most 0.5 percentage points in the chance of war within 10 years"),
        ("p_concede(rise) < p_concede() - threshold", 0.02,
         "a change of more than 2 percentage points in the chance that Gamma gives in when pressed in the first year"),
        ("pillar(BET, rise) - pillar(BET) > threshold", 0.01, "a lead of more than 1 percentage point of risk prevented"),
        ("pull(BET.posture) < threshold", 0.02, "less than 2 percentage points in the chance that influence loosens the posture of Beta"),
        ("pull(GAM.alignment) - pull(BET.posture) > threshold", 0.02,
         "more than 2 percentage points in the chance that influence loosens one more than the other"),
        ("strength(BET, rise) / strength(BET) > 1 + threshold", 0.05, "strength larger than before by more than a twentieth"),
        ("equal_rise(GAM, rise) > threshold", 0.5, "as much as a lasting rise of Gamma's military spending by more than 50 %"),
        ("not input(accident) > threshold", 0.02, "more than 0.02"),
        ("fact(budget.BET.2024) / fact(personnel.ALF) > 1 USD bn / 1 persons and input(accident) < threshold", 0.02, "less than 0.02"),
    ],
)  # fmt: skip
def test_a_threshold_is_said_in_words(case: Case, text: str, central: float, words: str) -> None:
    said = meaning(case, compiled(case, text, central))
    assert said == words
    assert untranslated(said, {"Alpha", "Beta", "Gamma", "union on Alpha's terms"}) == []


@pytest.mark.parametrize(
    ("central", "unit", "words"),
    [
        (0.25, "years", "three months"),
        (3.0, "months", "three months"),
        (1.0, "year", "one year"),
        (24.0, "months", "two years"),
        (10.0, "days", "ten days"),
        (1.5, "years", "18 months"),
        (0.3, "years", "0.3 years"),
    ],
)
def test_a_delay_is_said_in_whole_years_months_or_days(case: Case, central: float, unit: str, words: str) -> None:
    test = Test(resolved(parse("delay(rise) > threshold"), case, parse_unit(unit)), SWEPT, central, unit=unit)
    assert meaning(case, test) == f"a delay of more than {words} for the first step towards union on Alpha's terms"


def test_the_authors_words_come_first(case: Case) -> None:
    assert meaning(case, compiled(case, "loss(rise) > threshold", means="a year of trade")) == "a year of trade"
    assert meaning(case, Test(resolved(parse("loss(rise) > 0.1"), case, None))) == ""


def test_shares_and_points_are_said_as_a_reader_would() -> None:
    assert [part(value) for value in (0.5, 0.25, 0.02, 0.001, 0.015)] == [
        "half", "a quarter", "a fiftieth", "a thousandth", "1.5 %",
    ]  # fmt: skip
    assert [points(value) for value in (0.01, 0.02, 0.005)] == [
        "1 percentage point", "2 percentage points", "0.5 percentage points",
    ]  # fmt: skip


def test_the_thresholds_of_the_founding_case_have_words() -> None:
    from tocsin.case import load

    founding = load(Path(__file__).resolve().parents[2] / "cases" / "japan-buildup")
    for tests in founding.tests.values():
        for test in tests.values():
            words = meaning(founding, test)
            assert bool(words) == (test.central is not None)
