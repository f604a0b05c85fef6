"""Stated probabilities that do not fit together are named with the nearest that do."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize
from tests.facts_only import facts_only
from tests.rivals_case import full_rivals_case, rivals_case

from tocsin.case.coherence import is_coherent, nearest, possible_worlds
from tocsin.case.language import parse
from tocsin.case.lint import Notice, lint
from tocsin.case.rivals import nearest_prior

CHANCES = st.floats(0.0, 1.0)
WORLDS = st.sets(st.tuples(*[st.booleans()] * 3), min_size=1, max_size=8)


def feasible(probabilities: tuple[float, ...], worlds: list[tuple[bool, ...]]) -> bool:
    """Decide by a linear program without an objective, as an independent oracle."""
    rows = np.vstack([np.array(worlds, dtype=float).T, np.ones(len(worlds))])
    return bool(linprog(np.zeros(len(worlds)), A_eq=rows, b_eq=[*probabilities, 1.0], bounds=(0, None)).status == 0)


@pytest.mark.numeric
@given(WORLDS, st.lists(st.integers(0, 20), min_size=8, max_size=8), st.tuples(CHANCES, CHANCES, CHANCES))
def test_mixtures_of_worlds_are_coherent_and_an_oracle_agrees(
    worlds: set[tuple[bool, ...]], weights: list[int], stated: tuple[float, float, float]
) -> None:
    ordered = sorted(worlds)
    share = np.array(weights[: len(ordered)], dtype=float) + 1.0
    mixed = tuple((share / share.sum()) @ np.array(ordered, dtype=float))
    assert is_coherent(mixed, ordered)
    repaired = nearest(stated, ordered)
    assert feasible(tuple(np.clip(repaired, 0, 1)), ordered) or is_coherent(repaired, ordered)
    if is_coherent(stated, ordered):
        assert repaired == pytest.approx(stated, abs=1e-3)
    else:
        assert not feasible(stated, ordered)


@pytest.mark.numeric
@given(st.sets(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=4), CHANCES, CHANCES)
def test_a_pair_needs_no_linear_program(worlds: set[tuple[bool, bool]], first: float, second: float) -> None:
    ordered = sorted(worlds)
    distance = max(abs(a - b) for a, b in zip(nearest((first, second), ordered), (first, second), strict=True))
    if not 1e-6 < distance < 1e-3:  # the tolerance leaves these open
        assert is_coherent((first, second), ordered) == (distance <= 1e-6)


@pytest.mark.numeric
@given(WORLDS, st.tuples(CHANCES, CHANCES, CHANCES))
def test_no_mixture_is_nearer_than_the_repair(
    worlds: set[tuple[bool, ...]], stated: tuple[float, float, float]
) -> None:
    ordered = sorted(worlds)
    events = np.array(ordered, dtype=float).T
    distance = float(np.sum((np.array(nearest(stated, ordered)) - stated) ** 2))
    start = np.full(len(ordered), 1.0 / len(ordered))
    best = minimize(
        lambda w: float(np.sum((events @ w - stated) ** 2)), start, bounds=[(0, 1)] * len(ordered),
        constraints={"type": "eq", "fun": lambda w: np.sum(w) - 1.0}, method="SLSQP",
    )  # fmt: skip
    assert distance <= best.fun + 1e-6


@given(st.lists(st.floats(0.0, 2.0), min_size=2, max_size=6))
def test_the_nearest_prior_sums_to_one_and_moves_all_alike(values: list[float]) -> None:
    stated = {f"e{index}": value for index, value in enumerate(values)}
    repaired = nearest_prior(stated)
    assert sum(repaired.values()) == pytest.approx(1.0, abs=1e-9)
    assert min(repaired.values()) >= 0.0
    shifts = [stated[key] - value for key, value in repaired.items() if value > 0.0]
    assert max(shifts) - min(shifts) < 1e-9


@pytest.mark.parametrize(
    ("tests", "count"),
    [
        (("fact(x) > 3", "fact(x) > 2"), 3),  # what is above 3 is above 2
        (("fact(x) > 3", "fact(x) < 2"), 3),  # never both
        (("fact(x) > 3", "fact(x) <= 3"), 2),  # one or the other
        (("fact(x) > 3", "not fact(x) > 3"), 2),
        (("fact(a) and fact(b)", "fact(a)"), 3),
        (("fact(a) or fact(b)", "fact(a)"), 3),
        (("fact(x) > 3", "fact(y) > 3"), 4),  # nothing is known of two things
        (("fact(x) == 2", "fact(x) > 1", "fact(x) < 3"), 4),
    ],
)
def test_possible_worlds_follow_from_logic_alone(tests: tuple[str, ...], count: int) -> None:
    assert len(possible_worlds([parse(text) for text in tests])) == count


def of(case_notices: tuple[Notice, ...], words: str) -> list[Notice]:
    return [notice for notice in case_notices if words in notice.message]


def test_an_item_that_implies_another_is_not_likelier(tmp_path: Path) -> None:
    """Fifty ships are forty ships, so forty are at least as likely under each explanation."""
    more = "letters: {says: The crews say so later., chances: {strike: 0.9, crowding: 0.1}"
    forty = 'forty: {says: Forty wait., seen: "fact(ships.waiting) >= 40 ships", chances: {strike: 0.6, crowding: 0.5}, by: tests, why: x}\n      '
    notices = of(lint(rivals_case(tmp_path, replace={more: forty + more})), "do not fit the logic")
    assert len(notices) == 1
    assert "`many`, `forty` under `crowding`" in notices[0].message
    assert notices[0].remedy == "the nearest medians that do are many 0.65, forty 0.65"
    assert notices[0].line


def test_many_comparisons_end_soon(tmp_path: Path) -> None:
    """A test of 25 comparisons has 2 to the 25 combinations; a hundred items on one fact are compared in pairs."""
    long = " and ".join(f"fact(ships.waiting) >= {count} ships" for count in range(25))
    chances = "chances: {strike: 0.6, crowding: 0.5}, by: tests, why: x"
    items = "".join(
        f'a{count}: {{says: Some wait., seen: "fact(ships.waiting) >= {count} ships", {chances}}}\n      '
        for count in range(90)
    )
    more = "letters: {says: The crews say so later., chances: {strike: 0.9, crowding: 0.1}"
    both = f'{items}long: {{says: All of it., seen: "{long}", {chances}}}\n      '
    began = process_time()
    notices = of(lint(rivals_case(tmp_path, replace={more: both + more})), "do not fit the logic")
    assert process_time() - began < 20.0
    assert len(notices) == 3 and all("`many`" in notice.message for notice in notices)


def test_unrelated_items_need_no_relation(tmp_path: Path) -> None:
    assert of(lint(rivals_case(tmp_path)), "do not fit") == []


FORECASTS = """\
forecasts:
  test_30: {asks: A test within 30 days?, due: 2024-07-30, resolves: {register: missile_tests}, probability: {judged: {is: "fixed(0.6)", by: x, why: a guess}}}
  test_90: {asks: A test within 90 days?, due: 2024-09-28, resolves: {register: missile_tests}, probability: {judged: {is: "fixed(%s)", by: x, why: a guess}}}
claims:
"""


def test_a_longer_time_is_not_less_likely(tmp_path: Path) -> None:
    (notice,) = of(
        lint(facts_only(tmp_path / "a", replace={"claims:\n": FORECASTS % "0.4"})), "cannot come true without"
    )
    assert "`test_30` cannot come true without `test_90`" in notice.message
    assert "test_30 0.5, test_90 0.5" in str(notice.remedy)
    assert of(lint(facts_only(tmp_path / "b", replace={"claims:\n": FORECASTS % "0.7"})), "cannot come true") == []


def test_an_argument_that_nothing_tests_is_named(tmp_path: Path) -> None:
    (notice,) = of(lint(facts_only(tmp_path / "a")), "makes no prediction and sets no input")
    assert notice.message == "1 argument makes no prediction and sets no input: R1"
    (notice,) = of(lint(full_rivals_case(tmp_path / "c")), "no prediction")
    assert notice.message.endswith(": R4")
    assert of(lint(rivals_case(tmp_path / "b")), "makes no prediction") == []


@pytest.mark.parametrize(
    ("right", "wrong", "count"),
    [
        ("0.2", "0.2", 1),
        ("0.2", "fixed(0.20)", 1),
        ('"beta(0.1 to 0.3)"', '"beta( 0.1 to 0.3 )"', 1),
        ("0.2", "0.3", 0),
    ],
)
def test_a_prediction_that_is_as_likely_if_the_argument_is_wrong_is_named(
    tmp_path: Path, right: str, wrong: str, count: int
) -> None:
    written = f"says: Other ports grew faster., predicts: {{says: Few wait., right: {right}, wrong: {wrong}, by: tests, why: x}}"
    notices = of(lint(facts_only(tmp_path, replace={"says: Other ports grew faster.": written})), "it tells nothing")
    assert len(notices) == count
    assert all("argument `R1`" in notice.message and notice.line for notice in notices)


def test_a_late_fact_that_an_observation_reads_is_no_mistake(tmp_path: Path) -> None:
    late = {"strike: {value: false, date: 2024-06-01": "strike: {value: false, date: 2024-08-01",
            'holds: "not fact(strike)"': 'holds: "fact(boxes.2023) > 0"'}  # fmt: skip
    assert of(lint(rivals_case(tmp_path / "a", replace=late)), "dated after as_of") == []
    assert len(of(lint(facts_only(tmp_path / "b", replace=late)), "dated after as_of")) == 1
