"""Controls: what tests compare, what controls show there, and what follows for the tests."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import CASE, minimal_case, seeded

from tocsin.assessment import games
from tocsin.assessment.comparisons import Compared, compared, factor
from tocsin.assessment.controls import ControlRuns, _finding, _share_above, control_calls
from tocsin.assessment.ensemble import Ensembles
from tocsin.assessment.quantities import Reader, effect, effect_games
from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.result import Assessment
from tocsin.assessment.run import assess
from tocsin.assessment.situations import Model
from tocsin.assessment.thresholds_in_words import meaning
from tocsin.assessment.words import NOT_THERE, UNSEEN
from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.case.compiled import Test
from tocsin.case.language import parse
from tocsin.case.nodes import Call
from tocsin.case.quantities import LOSSES
from tocsin.case.typing_rules import resolved
from tocsin.case.units import ONE
from tocsin.models.coercion.solve import solve

pytestmark = pytest.mark.numeric

EVENTS = CASE[CASE.index("events:\n") : CASE.index("alike:\n")]
CONTROLLED = (
    EVENTS
    + """\
  doubles: {says: Gamma doubles its spending, name: Gamma doubles, scale: {GAM: 2}}
  quadruples: {says: Gamma spends four times as much, scale: {GAM: 4}}
  planned: {says: Beta does what it plans, set: {spending.BET: flat}}
  rounding: {says: Gamma spends a thousandth more, scale: {GAM: 1.001}}
controls: {positive: [doubles], negative: [planned, rounding]}
"""
)
TESTS = {
    "loss_aim(ALF, rise + amendment) > threshold": 'risk() - risk(amendment) > threshold and loss(rise) < 3',
    "{says: Alpha feels it, untested: {needs: rhetoric, why: no statements coded}}": (
        '{says: Alpha feels it, holds: "loss(amendment) > 0.9"}'
    ),
    'holds: "fact(budget.BET.2024) > 10 USD bn"': 'holds: "spiral(rise) <= 0"',
    'sentence: 2, alike: both,': 'sentence: 2,',  # with identical judgements, chance decides whether anything remains
}  # fmt: skip

NUMBERS = {
    "facts:\n": "facts:\n  two_percent: {value: 0.02, source: book, confidence: confirmed}\n",
    "regimes:\n": '  words.fixed: {is: "fixed(0.03)", unit: "1", by: tests, why: one value}\nregimes:\n',
}
"""A fact and an input that are numbers."""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("controlled"), replace={EVENTS: CONTROLLED, **TESTS})


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("numbered"), replace={EVENTS: CONTROLLED, **NUMBERS, **TESTS})


@pytest.fixture(scope="module")
def ensembles(case: Case) -> Ensembles:
    def quiet(_stage: str, _share: float) -> None: ...

    central, _ = games._central(case, seeded(1), 64, quiet)
    return games._controlled(central, 64, quiet)


@pytest.fixture(scope="module")
def runs(case: Case, ensembles: Ensembles) -> ControlRuns:
    return ControlRuns(case, ensembles)


def compiled(case: Case, text: str, central: float = 0.02) -> Test:
    return Test(resolved(parse(text), case, ONE), (0.0, central), central)


# --- what tests compare --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "quantity", "threshold"),
    [
        ("loss(ALF, rise) > threshold", "loss", 0.02),
        ("loss_aim(rise + amendment) >= 0.05", "loss_aim", 0.05),
        ("threshold < loss(rise)", "loss", 0.02),
        ("2 * loss(rise) > threshold", "loss", 0.01),
        ("-loss(rise) < -threshold", "loss", 0.02),
        ("not spiral(rise) > threshold / 2", "spiral", 0.01),
        ("spiral(rise) <= 0", "spiral", 0.0),
        ("risk(rise) - risk(amendment) > threshold", "risk", 0.02),
        ("risk(rise) + threshold < risk()", "risk", 0.02),
        ("risk(rise) < risk() - 0.03", "risk", 0.03),
        ("abs(p_war(rise) - p_war()) < threshold", "p_war", 0.02),
        ("risk_by(5) - risk_by(5, rise) > threshold", "risk_by", 0.02),
        ("loss(rise) - loss(amendment) > threshold", "loss", 0.02),
        ("equal_rise(GAM, rise) > 0.5", "equal_rise", 0.5),
        ("P(loss(rise) > threshold) > 0.5", "loss", 0.02),
        ("loss(rise) > threshold or 1 > 2", "loss", 0.02),
        ("loss_aim(rise) > fact(two_percent)", "loss_aim", 0.02),
        ("delay(rise) > 3 months", "delay", 0.25),
        ("dent(rise + amendment) > threshold", "dent", 0.02),
        ("loss_share(rise) >= threshold", "loss_share", 0.02),
        ("fall(rise) - fall() > 1 %", "fall", 0.01),
        ("struck() < struck(rise) - threshold", "struck", 0.02),
        ("fear_fall(rise) > threshold", "fear_fall", 0.02),
        ("fear_struck(rise) > 0.001", "fear_struck", 0.001),
        ("risk() - risk(rise) > fact(two_percent) / 2", "risk", 0.01),
        ("loss_aim(rise) > input(words.fixed)", "loss_aim", 0.03),
        ("risk_by(5) - risk_by(2029, rise) > threshold", "risk_by", 0.02),
        ("loss(rise) - loss_survival(ALF, rise) > threshold", "loss_aim", 0.02),
        ("2 * loss_aim(rise) + 2 * loss_survival(rise) > threshold", "loss", 0.01),
        ("loss(rise + amendment) - loss_aim(amendment + rise) > 0.05", "loss_survival", 0.05),
    ],
)
def test_a_test_compares_an_effect_with_a_number(numbered: Case, text: str, quantity: str, threshold: float) -> None:
    (item,) = compared(numbered, compiled(numbered, text))
    assert item.call.name == quantity and item.threshold == pytest.approx(threshold)
    assert item.call.theatre == "strait" and item.call.events == ()


@pytest.mark.parametrize(
    "text",
    [
        "risk(rise) > threshold",  # a level
        "loss(rise) > loss(amendment)",  # two effects
        "loss(rise) > 3 * loss(amendment)",
        "risk(rise) < risk()",  # no number
        "risk(rise) / risk() > 1",
        "risk(rise) < 0.9 * p_war()",  # two quantities
        "risk(rise) < 0.9 * input(precision) * risk()",
        "risk(rise) < -0.9 * risk()",
        "risk(rise) / risk() < risk(amendment)",
        "pillar(BET, rise) > 1.5 * pillar(BET)",
        "risk(rise) - p_war(rise) > threshold",
        "pillar(BET, rise) - pillar(BET) > threshold",  # too many games for a control
        "loss(rise) * loss(amendment) > threshold",
        "loss(rise) / loss(amendment) > 1 + threshold",
        "loss(rise) - loss(rise | amendment) > threshold",  # what one event changes in the effect of another
        "input(precision) > threshold",
        "loss(rise) > input(precision)",  # a number that differs between worlds
        "loss(rise) - loss_survival(amendment) > threshold",
        "loss(rise) - 2 * loss_survival(rise) > threshold",
        "abs(loss(rise) - 0.1) > threshold",
    ],
)
def test_other_comparisons_have_no_controls(case: Case, text: str) -> None:
    assert compared(case, compiled(case, text)) == ()


@pytest.mark.parametrize(
    ("text", "quantity", "wanted"),
    [
        ("p_war(rise) < 0.9 * p_war()", "p_war", 1 / 0.9),
        ("1.5 * risk() <= risk(rise + amendment)", "risk", 1.5),
        ("p_war(rise) - 0.9 * p_war() < 0", "p_war", 1 / 0.9),
        ("p_war(rise) < p_war() - 0.1 * p_war()", "p_war", 1 / 0.9),
        ("p_war(rise) / p_war() < 0.9", "p_war", 1 / 0.9),
        ("1.25 < p_war(rise) / p_war(amendment)", "p_war", 1.25),
        ("p_war(rise) / p_war() - 1 < -0.1", "p_war", 1 / 0.9),
        ("(p_war() - p_war(rise)) / p_war() > 10 %", "p_war", 1 / 0.9),
        ("abs(p_war(rise) - p_war()) / p_war() > 0.25", "p_war", 1.25),
        ("2 * (p_war(rise) / p_war()) < 1.6", "p_war", 1.25),
        ("risk(rise) < (1 - threshold) * risk()", "risk", 1 / 0.98),
        ("risk(rise) > risk() + fact(two_percent) * risk()", "risk", 1.02),
        ("risk_by(5, rise) < 0.5 * risk_by(2029)", "risk_by", 2),
        ("p_war_by(5, rise) < 0.5 * p_war_by(5)", "p_war_by", 2),
        ("p_stands(BET, rise) > 1.5 * p_stands(BET)", "p_stands", 1.5),
        ("risk(rise | amendment) < 0.8 * risk(amendment)", "risk", 1.25),
    ],
)
def test_a_test_compares_a_ratio_with_a_number(numbered: Case, text: str, quantity: str, wanted: float) -> None:
    (item,) = compared(numbered, compiled(numbered, text))
    assert item.ratio and item.call.name == quantity and item.call.events == ()
    assert item.threshold == pytest.approx(wanted)


@given(before=st.floats(1e-9, 1), after=st.floats(1e-9, 1))
def test_a_factor_is_the_same_up_and_down(before: float, after: float) -> None:
    item = Compared(Call("p_war", theatre="strait"), 1.1, ratio=True)
    up, down = (item.size(*map(np.array, pair)) for pair in ((before, after), (after, before)))
    assert up >= 1 and up == pytest.approx(down)
    assert up == pytest.approx(np.exp(abs(np.log(after / before))))


def test_a_level_that_comes_from_nothing_changes_by_more_than_any_factor() -> None:
    before, after = np.array([0.0, 0.5, 0.0, np.nan]), np.array([0.5, 0.0, 0.0, 0.5])
    assert np.array_equal(factor(before, after), [np.inf, np.inf, np.nan, np.nan], equal_nan=True)


def test_what_is_given_and_identical_judgements_belong_to_the_comparison(case: Case) -> None:
    (item,) = compared(case, compiled(case, "loss(rise | amendment alike both) > threshold"))
    assert (item.call.given, item.call.alike) == (("amendment",), "both")
    (level,) = compared(case, compiled(case, "risk(rise | amendment) - risk(amendment) > threshold"))
    assert level.call.given == ()


def test_every_side_counts_once(case: Case) -> None:
    both = "loss(ALF, rise) > threshold and loss(amendment) > threshold and risk() - risk(rise) > threshold"
    assert [item.call.name for item in compared(case, compiled(case, both))] == ["loss", "risk"]


# --- what controls show --------------------------------------------------------------------------------------------


def test_each_comparison_of_the_case_has_its_controls(runs: ControlRuns) -> None:
    shown = {(row.quantity, row.threshold): [] for row in runs.rows}  # type: ignore[var-annotated]
    for row in runs.rows:
        shown[row.quantity, row.threshold].append((row.event, row.positive))
    controls = [("doubles", True), ("planned", False), ("rounding", False)]
    assert shown == dict.fromkeys([("risk", 0.02), ("loss", 3.0), ("loss", 0.9), ("spiral", 0.0)], controls)
    assert {row.name for row in runs.rows} == {"Gamma doubles", "planned", "rounding"}


def test_an_effect_is_the_difference_that_the_events_make(case: Case) -> None:
    model, draws = Model("revisionist", 0.92), draw(case, seed=1, draws=3).draws
    for name in ("risk", "p_press", "fall", "loss", "dent", "delay", "fear_fall"):
        call = Call(name, events=("doubles",), theatre="strait")
        reader = Reader(case, model, solve(case, effect_games(case, model, call), draws), draws, {})
        if name in LOSSES:
            wanted = np.abs(reader.read(call))
        else:
            wanted = np.abs(reader.read(call) - reader.read(replace(call, events=())))
        assert np.array_equal(effect(reader, call), wanted) and np.all(wanted > 0)


def test_an_effect_is_measured_against_the_world_that_the_event_names(case: Case) -> None:
    against = case.events["planned"].model_copy(update={"against": {"spending.BET": "rise"}})
    changed = case.model_copy(update={"events": {**case.events, "planned": against}})
    model, draws = Model("revisionist", 0.92), draw(case, seed=1, draws=3).draws
    call = Call("risk", events=("planned",), theatre="strait")
    reader = Reader(changed, model, solve(changed, effect_games(changed, model, call), draws), draws, {})
    assert np.array_equal(
        effect(reader, call), np.abs(reader.read(replace(call, events=("rise",))) - reader.read(call))
    )


def test_an_event_of_the_present_world_has_no_effect(runs: ControlRuns) -> None:
    for row in runs.rows:
        if row.event == "planned":
            assert row.effect == (0.0, 0.0, 0.0) and not row.registers and row.passes


def test_a_control_counts_in_the_worlds_in_which_its_effect_is_defined() -> None:
    weights, sizes = np.array([0.5, 0.25, 0.25]), np.array([np.nan, 0.1, 0.3])
    assert _share_above(sizes, 0.2, weights) == 0.5
    assert _share_above(np.array([np.inf, 0.1, 0.3]), 0.2, weights) == 0.75
    assert _share_above(np.full(3, np.nan), 0.2, weights) == 0.0


@given(thresholds=st.lists(st.floats(0, 0.5), min_size=2, max_size=6), name=st.sampled_from(["loss", "risk", "spiral"]))
def test_a_higher_threshold_never_makes_a_control_register(
    runs: ControlRuns, thresholds: list[float], name: str
) -> None:
    call = next(item.call for item in runs.by_compared if item.call.name == name)
    rising = [list(runs._rows(Compared(call, threshold))) for threshold in sorted(thresholds)]
    for lower, higher in pairwise(rising):
        for before, after in zip(lower, higher, strict=True):
            assert after.exceeds <= before.exceeds
            assert before.registers or not after.registers


def test_more_spending_frightens_more_where_the_games_settle(case: Case) -> None:
    # in equilibrium a rare world may differ: others may stand aside, or the target may press its luck
    draws = draw(case, seed=seeded(2), draws=64).draws
    for kind in case.types:
        model = Model(kind, 0.92)
        calls = [Call("loss", events=(name,), theatre="strait") for name in ("doubles", "quadruples")]
        solutions = solve(case, [game for call in calls for game in effect_games(case, model, call)], draws)
        reader = Reader(case, model, solutions, draws, {})
        twice, four = (reader.read(call) for call in calls)
        known = np.isfinite(twice) & np.isfinite(four)
        assert np.mean(known) > 0.9
        assert np.mean((twice >= -1e-5)[known]) > 0.95 and np.mean((four >= twice - 1e-5)[known]) > 0.95
        assert np.mean(four[known]) > np.mean(twice[known]) > 0


# --- what follows for a test ---------------------------------------------------------------------------------------


def test_a_control_that_does_not_register_leaves_a_test_undecided(case: Case, runs: ControlRuns) -> None:
    finding = runs.unseen(case.tests["C1"][""])
    assert finding is not None and finding.words == UNSEEN
    assert finding.row.event == "doubles" and not finding.row.registers
    assert '"Gamma doubles" does not register' in finding.note and f"{finding.row.threshold:g}" in finding.note


def test_a_control_that_does_not_register_says_what_it_needs_or_that_types_disagree(
    case: Case, runs: ControlRuns
) -> None:
    finding = runs.unseen(case.tests["C1"][""])
    assert finding is not None
    small = _finding(replace(finding.row, exceeds=0.3)).note
    assert "is 30 % " in small and ", and 55 % is needed." in small and "disagree" not in small
    large = _finding(replace(finding.row, exceeds=0.6)).note
    assert "is 60 % " in large and "types of challenger disagree: one is at 55 % or more, another below 45 %." in large


def test_a_negative_control_that_registers_leaves_a_test_undecided(case: Case, runs: ControlRuns) -> None:
    finding = runs.unseen(case.tests["C3"][""])
    assert finding is not None and finding.words == NOT_THERE
    assert finding.row.event == "rounding" and "should change nothing" in finding.note


def test_a_test_without_effects_needs_no_control(case: Case, runs: ControlRuns) -> None:
    assert runs.unseen(case.tests["C2"]["moved"]) is None


def test_a_case_without_controls_finds_nothing(case: Case, ensembles: Ensembles) -> None:
    without = case.model_copy(update={"controls": case.controls.model_copy(update={"positive": (), "negative": ()})})
    runs = ControlRuns(without, ensembles)
    assert runs.rows == () and runs.unseen(case.tests["C1"][""]) is None


def test_a_control_that_is_given_is_no_control(case: Case, runs: ControlRuns) -> None:
    item = Compared(Call("loss", given=("doubles",), theatre="strait"), 0.02)
    assert [row.event for row in runs._rows(item)] == ["planned"]


def test_the_yardstick_of_an_equal_rise_is_no_control(case: Case) -> None:
    in_gamma = Compared(Call("equal_rise", actor="GAM", theatre="strait"), 0.02)
    in_beta = replace(in_gamma, call=replace(in_gamma.call, actor="BET"))
    assert [*control_calls(case, in_gamma)] == ["planned"]
    assert [*control_calls(case, in_beta)] == ["doubles", "planned", "rounding"]


@pytest.fixture(scope="module")
def assessment(case: Case) -> Assessment:
    return assess(case, seed=seeded(1), draws=512)


def test_an_unseen_claim_is_undecided_and_keeps_its_curve(assessment: Assessment) -> None:
    claim = assessment.claim("C1")
    assert (claim.verdict, claim.words, claim.basis) == ("cannot tell", UNSEEN, "model")
    assert claim.probability is None and claim.by_model == {} and claim.drivers == () and claim.flips == ()
    assert claim.curve is not None and [value for value, _ in claim.curve.points] == [0.0, 0.02, 0.05]
    assert claim.curve.means == meaning(assessment.case, assessment.case.tests["C1"][""])
    assert '"Gamma doubles" does not register' in claim.note


def test_a_claim_with_an_unseen_part_has_no_percentage(assessment: Assessment) -> None:
    claim = assessment.claim("C2")
    seen, unseen = claim.parts
    assert seen.probability is not None and seen.verdict != "cannot tell"
    assert (unseen.verdict, unseen.words, unseen.probability) == ("cannot tell", UNSEEN, None)
    assert claim.probability is None and claim.verdict in ("partly", "fails", "disputed")


def test_a_ratio_does_not_escape_the_controls(tmp_path: Path) -> None:
    events = EVENTS + CONTROLLED[len(EVENTS) :].replace("[planned, rounding]", "[planned]")
    tests = {
        "loss_aim(ALF, rise + amendment) > threshold": "p_war(rise) < (1 - threshold) * p_war()",
        'holds: "fact(budget.BET.2024) > 10 USD bn"': 'holds: "p_war(rise) / p_war() < 0.999999"',
        "values: [0, 0.02, 0.05], central: 0.02": "values: [0.5, 0.9], central: 0.9",
    }
    result = assess(minimal_case(tmp_path, replace={EVENTS: events, **tests}), seed=seeded(1), draws=512)
    large, small = result.claim("C1"), result.claim("C3")
    assert (large.verdict, large.words) == ("cannot tell", UNSEEN)
    assert '"Gamma doubles" does not register' in large.note and "by a factor of more than 10" in large.note
    assert small.words != UNSEEN and small.probability is not None
    rows = {row.threshold: row for row in result.controls if row.event == "doubles" and row.ratio}
    assert sorted(rows) == pytest.approx([1 / 0.999999, 10.0])
    assert [rows[key].registers for key in sorted(rows)] == [True, False]


def test_a_measure_that_sees_its_controls_decides(tmp_path: Path) -> None:
    events = CONTROLLED.replace("GAM: 2}", "GAM: 10}").replace("[planned, rounding]", "[planned]")
    thresholds = {"values: [0, 0.02, 0.05], central: 0.02": "values: [0, 0.0001, 0.05], central: 0.0001"}
    result = assess(minimal_case(tmp_path, replace={EVENTS: events, **thresholds}), seed=seeded(1), draws=512)
    assert {(row.event, row.registers) for row in result.controls} == {("doubles", True), ("planned", False)}
    claim = result.claim("C1")
    assert claim.probability is not None and claim.words != UNSEEN


def test_results_of_controls_are_in_the_json_and_the_tables(assessment: Assessment) -> None:
    record = AssessmentRecord.of(assessment)
    assert AssessmentRecord.model_validate_json(record.to_json()) == record
    first = record.to_dict()["controls"][0]
    assert {"event", "quantity", "theatre", "threshold", "effect", "exceeds", "registers", "positive"} <= set(first)
    table = assessment.frame("controls")
    assert table["event"].to_list() == [row.event for row in assessment.controls]
