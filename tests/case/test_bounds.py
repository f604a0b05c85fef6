"""A comparison that is the same in every possible world is refused, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import minimal_case

from tocsin.case import Case
from tocsin.case.bounds import decided
from tocsin.case.language import parse
from tocsin.case.lint import lint
from tocsin.case.override import override
from tocsin.case.thresholds import threshold_findings
from tocsin.case.typing_rules import resolved, unit_of_node
from tocsin.errors import CaseErrors, InputError

ENACTED = 'holds: "fact(budget.BET.2024) > 10 USD bn"'


def claim(folder: Path, test: str, threshold: str = "") -> Case:
    return minimal_case(folder, replace={ENACTED: f'holds: "{test}"{threshold}'})


@pytest.mark.parametrize(
    ("test", "threshold", "message"),
    [
        ("risk(rise) > threshold", "[0, 1e18], central: 0", "with the threshold 1e+18 is the same in every world"),
        ("risk(rise) > threshold", "[-2, -1], central: -1", "one side lies from 0 to 1"),
        ("loss(rise) > threshold", "[0, 1e18], central: 0", "one side lies from -1e+06 to 1e+06"),
        ("risk(rise) - risk() > threshold", "[0, 2], central: 0", "one side lies from -1 to 1"),
        ("threshold < abs(spiral(rise))", "[0, 3], central: 0", "one side lies from 0 to 1"),
        ("P(loss(rise) > 0) >= threshold", "[0.5, 50], central: 0.5", "one side lies from 0 to 1"),
        ("input(toppling) < threshold", "[0.5, 50], central: 0.5", "one side lies from 0 to 1"),
        ("risk(rise) > 2", "", "the comparison `>` is the same in every world"),
        ("risk(rise) >= 0", "", "one side lies from 0 to 1"),
        ("risk(rise) < 0", "", "one side lies from 0 to 1"),
        ("risk(rise) > 1", "", "one side lies from 0 to 1"),
        ("1 >= input(toppling)", "", "one side lies from 0 to 1"),
        ("strength(BET) < -1 strength", "", "one side lies from 0 to inf"),
        ("risk(rise) > fact(budget.BET.2024) / 1 USD", "", "the same in every world"),
        ("input(spending.ALF) > 1e9 USD bn per year", "", "one side lies from 0 to 1e+14"),
    ],
)  # fmt: skip
def test_a_comparison_that_no_world_changes_is_refused(tmp_path: Path, test: str, threshold: str, message: str) -> None:
    with pytest.raises(CaseErrors) as caught:
        claim(tmp_path, test, f', threshold: {{values: {threshold}, unit: "1"}}' if threshold else "")
    problem = next(problem for problem in caught.value.problems if message in problem.message)
    assert "inside that range" in (problem.remedy or "")
    assert problem.line and problem.column


@pytest.mark.parametrize(
    "test",
    [
        "risk(rise) > 0",
        "risk(rise) <= 0",
        "risk(rise) >= 1",
        "risk(rise) < 1",
        "risk(rise) == 1",
        "loss(rise) > -0.5",
        "risk(rise) - risk() > -1",
        "loss(rise) / 0 > 1",
        "risk(rise) / risk() > 5",
        "fact(budget.BET.2024) > 100 USD bn",
        "strength(BET) / strength(ALF) > 40",
        "1 + 1 == 3 or risk(rise) > 0.5",
        "fact(said.ALF.budget) == true and risk(rise) * 2 > 1.5",
    ],
)
def test_a_comparison_that_some_world_may_change_is_accepted(tmp_path: Path, test: str) -> None:
    assert claim(tmp_path, test)


def test_the_founding_kinds_of_thresholds_are_accepted(tmp_path: Path) -> None:
    for index, values in enumerate(("[0, 0.02]", "[-0.05, 0, 0.05]", "[1e-6, 900]")):
        threshold = f', threshold: {{values: {values}, central: {values[1:-1].split(",")[0]}, unit: "1"}}'
        assert claim(tmp_path / str(index), "loss(rise) > threshold", threshold)


def test_a_set_belief_never_makes_a_test_decided(tmp_path: Path) -> None:
    case = claim(tmp_path, "input(toppling) > 0.9")
    assert override(case, {"toppling": "0.1"}).distributions["toppling"].mean == 0.1


def test_every_comparison_and_every_threshold_is_looked_at(case: Case) -> None:
    node = resolved(parse("risk(rise) > threshold and not risk() < -1"), case)
    outcomes = [(part.op, value) for part, value, _ in decided(node, case, case.values, [0.5, 1.5, -3])]
    assert outcomes == [(">", 1.5), (">", -3), ("<", None)]


def test_an_actor_of_another_theatre_is_pointed_to_it(case: Case) -> None:
    far = case.theatres["strait"].model_copy(update={"backers": ("DEL",)})
    actors = {**case.actors, "DEL": case.actors["ALF"]}
    two = case.model_copy(update={"actors": actors, "theatres": {**case.theatres, "far": far}})
    with pytest.raises(InputError) as caught:
        unit_of_node(resolved(parse("equal_rise(DEL, rise) > 1"), two), two, two.values, None)
    assert caught.value.remedy == "write `in far` after the events, or name ALF or GAM or BET"


def implausible(folder: Path, test: str, threshold: str = "") -> list[str]:
    swept = (
        f', threshold: {{values: {threshold}, central: {threshold[1:-1].split(",")[0]}, unit: "1"}}'
        if threshold
        else ""
    )
    case = claim(folder, test, swept)
    notices = {str(notice) for notice in lint(case) if notice.line}
    return [message for _, message, _ in threshold_findings(case) if any(message in notice for notice in notices)]


@pytest.mark.parametrize(
    ("test", "threshold", "messages"),
    [
        ("loss_aim(rise) > threshold", "[-0.05, -0.02]", ["with negative numbers only (-0.05, -0.02)"]),
        ("threshold <= spiral(rise)", "[-0.05, -0.02]", ["`spiral` passes the test at 0"]),
        ("loss(rise) >= -0.1", "", ["with negative numbers only (-0.1)"]),
        ("P(loss(rise) > threshold) > 0.5", "[-0.2]", ["with negative numbers only (-0.2)"]),
        (
            "loss_aim(rise) > threshold",
            "[-3, -2]",
            ["negative numbers only (-3, -2)"],
        ),
        (
            "loss_aim(rise) > threshold",
            "[5000, 6000]",
            [f"the comparison `>` with the threshold {value} is the same in every plausible world: one side lies from -2e+03 to 2e+03"
             for value in (5000, 6000)],
        ),
        ("loss(rise) > threshold", "[0, 9000]", ["threshold 9000 is the same in every plausible world"]),
        ("best_alone(press) > 9000", "", ["the same in every plausible world"]),
    ],
)  # fmt: skip
def test_an_implausible_threshold_gets_a_notice(tmp_path: Path, test: str, threshold: str, messages: list[str]) -> None:
    notices = implausible(tmp_path, test, threshold)
    assert len(notices) == len(messages)
    assert all(message in notice for message, notice in zip(messages, notices, strict=True))


@pytest.mark.parametrize(
    ("test", "threshold"),
    [
        ("loss_aim(rise) > threshold", "[0, 0.02, 0.1]"),
        ("loss_aim(rise) > threshold", "[-0.05, 0, 0.05]"),
        ("loss_aim(rise) < threshold", "[-0.05, -0.02]"),
        ("threshold > spiral(rise)", "[-0.05, -0.02]"),
        ("loss(rise) - loss_aim(rise) > -0.05", ""),
        ("loss_aim(rise) > 0.9", ""),
    ],
)
def test_a_plausible_threshold_gets_no_notice(tmp_path: Path, test: str, threshold: str) -> None:
    assert implausible(tmp_path, test, threshold) == []
