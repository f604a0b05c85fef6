"""Events that scale spending, controls, and the words of thresholds: read as written, refused where they name nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import CASE, minimal_case, write_case

from tocsin.case import Case, load
from tocsin.case.events import moves, touches
from tocsin.case.lint import lint
from tocsin.case.override import override
from tocsin.errors import CaseErrors

EVENTS = CASE[CASE.index("events:\n") : CASE.index("alike:\n")]
SCALED = EVENTS + "  doubles: {says: Gamma doubles its spending, name: Gamma doubles, scale: {GAM: 2}}\n"
PLANNED = SCALED + "  planned: {says: Beta does what it plans, set: {spending.BET: flat}}\n"
CONTROLS = PLANNED + "controls: {positive: [doubles], negative: [planned]}\n"


def controlled(folder: Path, old: str = "", new: str = "", **replace: str) -> Case:
    return minimal_case(folder, replace={EVENTS: CONTROLS.replace(old, new) if old else CONTROLS, **replace})


def refusal(folder: Path, old: str, new: str) -> tuple[str, str]:
    """Return message and remedy of the only problem, whose place must be known."""
    write_case(folder, replace={EVENTS: CONTROLS.replace(old, new)})
    with pytest.raises(CaseErrors) as caught:
        load(folder)
    (problem,) = caught.value.problems
    assert problem.file == "case.yaml" and problem.line and problem.column
    return problem.message, problem.remedy or ""


def test_an_event_may_scale_spending_and_have_a_short_name(tmp_path: Path) -> None:
    case = controlled(tmp_path)
    assert case.events["doubles"].changes == {"scale.GAM": 2.0}
    assert case.events["doubles"].name == "Gamma doubles"
    assert case.controls.positive == ("doubles",) and case.controls.negative == ("planned",)


def test_an_event_moves_a_theatre_if_it_changes_the_present_world(tmp_path: Path) -> None:
    case = controlled(tmp_path)
    moved = {name for name, event in case.events.items() if moves(case, event, "strait")}
    assert moved == {"rise", "doubles", "amendment", "aligned"}
    assert all(touches(case, event, "strait") for event in case.events.values())


def test_an_event_is_compared_with_the_world_that_it_names(tmp_path: Path) -> None:
    case = controlled(tmp_path, "set: {spending.BET: flat}", "set: {spending.BET: flat}, against: {spending.BET: rise}")
    assert moves(case, case.events["planned"], "strait")


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        ("positive: [doubles]", "positive: [double]", "unknown event `double`", "did you mean `doubles`?"),
        ("negative: [planned]", "negative: [plan]", "unknown event `plan`", "did you mean `planned`?"),
        ("positive: [doubles]", "positive: [doubles, doubles]", "lists event `doubles` twice", "once"),
        ("negative: [planned]", "negative: [doubles]", "both a positive and a negative control", "keep it in"),
        ("positive: [doubles], negative: [planned]", "positive: [planned]", "changes nothing in any theatre", "negative"),
        ("positive: [doubles]", "positve: [doubles]", "unknown key `controls.positve`", "did you mean `positive`?"),
        ("scale: {GAM: 2}", "scale: {GAN: 2}", "unknown actor `GAN`", "did you mean `GAM`?"),
        ("scale: {GAM: 2}", "scale: {GAM: 20}", "less than or equal to 10", "limits"),
        ("scale: {GAM: 2}", "scale: {GAM: 1}", "multiplies `GAM` by 1", "another factor"),
        ("scale: {GAM: 2}", "scale: {GAM: 0}", "greater than or equal to 0.1", "limits"),
        ("scale: {GAM: 2}", "set: {}", "neither `set` nor `scale`", "scale: {ACTOR: factor}"),
        ("name: Gamma doubles", "name: Gamma doubles all of its military spending", "more than 6 words", "few words"),
    ],
)  # fmt: skip
def test_bad_controls_and_events_are_refused(tmp_path: Path, old: str, new: str, message: str, remedy: str) -> None:
    if new in ("scale: {GAN: 2}", "scale: {GAM: 1}", "set: {}"):  # such a control also changes nothing
        old, new = f"{old}}}", f"{new}}}\n  other: {{set: {{regimes.BET.posture: normal}}}}"
        write_case(tmp_path, replace={EVENTS: CONTROLS.replace(old, new).replace("[doubles]", "[other]")})
        with pytest.raises(CaseErrors) as caught:
            load(tmp_path)
        (problem,) = caught.value.problems
        said = problem.message, problem.remedy or ""
    else:
        said = refusal(tmp_path, old, new)
    assert message in said[0] and remedy in said[1]


def test_a_setting_may_make_a_control_the_present_state(tmp_path: Path) -> None:
    case = controlled(tmp_path, "positive: [doubles]", "positive: [amendment]")
    now = override(case, {"regimes.BET.posture": "normal"})
    assert not moves(now, now.events["amendment"], "strait")


def test_two_events_that_scale_one_actor_do_not_combine(tmp_path: Path) -> None:
    more = PLANNED + "  triples: {scale: {GAM: 3}}\n"
    with pytest.raises(CaseErrors, match=r"both set scale\.GAM"):
        minimal_case(tmp_path, replace={EVENTS: more, "loss_aim(ALF, rise + amendment)": "loss(doubles + triples)"})


def test_lint_knows_events_that_only_scale(tmp_path: Path) -> None:
    outside = SCALED.replace("{GAM: 2}", "{OUT: 2}")
    replace = {EVENTS: outside, "  GAM: {name: Gamma}": "  GAM: {name: Gamma}\n  OUT: {name: Outer}"}
    idle = minimal_case(tmp_path / "idle", replace={**replace, "rise + amendment": "doubles"})
    notices = [notice.message for notice in lint(idle)]
    assert "event `doubles` changes nothing in theatre `strait`" in notices
    busy = controlled(tmp_path / "busy", **{"rise + amendment": "doubles"})
    assert not [notice for notice in lint(busy) if "changes nothing" in notice.message]


def test_the_author_says_what_the_central_threshold_means(tmp_path: Path) -> None:
    words = "a loss larger than a fiftieth of the aim"
    case = minimal_case(tmp_path, replace={'central: 0.02, unit: "1"}': f'central: 0.02, unit: "1", means: {words}}}'})
    test = case.tests["C1"][""]
    assert (test.means, test.unit, test.central) == (words, "1", 0.02)
