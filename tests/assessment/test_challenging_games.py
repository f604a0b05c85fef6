"""Challenges of claims that games decide: nothing in them contradicts a run with the same change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.assessment.test_controls import CONTROLLED, EVENTS
from tests.support import minimal_case, seeded

from tocsin.assessment.challenging import run as running
from tocsin.assessment.challenging.bench import built, restricted
from tocsin.assessment.challenging.controls import without_controls
from tocsin.assessment.challenging.result import Challenge, ClaimChallenge, Row
from tocsin.assessment.challenging.run import challenge
from tocsin.assessment.run import assess
from tocsin.case import Case

pytestmark = [pytest.mark.numeric, pytest.mark.slow]

DRAWS = 1024
ERRORS = 4.0
"""Standard errors within which two independent estimates must agree; a hundred comparisons then fail about once in 150 runs."""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def result(case: Case) -> Challenge:
    return challenge(case, ["C1", "C2"], seed=seeded(1))


def claim(result: Challenge, name: str) -> ClaimChallenge:
    return next(item for item in result.claims if item.id == name)


def row(result: Challenge, name: str, kind: str, of: str, after: str = "") -> Row:
    return next(
        item for item in claim(result, name).rows if (item.kind, item.of) == (kind, of) and after in str(item.settings)
    )


def test_the_claims_stand_as_in_a_run(case: Case, result: Challenge) -> None:
    real = assess(case, seed=seeded(2), draws=DRAWS)
    for item in result.claims:
        assert item.verdict == real.claim(item.id).verdict


def test_a_run_with_the_same_settings_agrees(case: Case, result: Challenge) -> None:
    settable = [item for item in claim(result, "C1").rows if item.settings]
    for item in [*settable[:3], settable[len(settable) // 2]]:
        real = assess(case, seed=seeded(3), draws=DRAWS, settings=dict(item.settings)).claim("C1")
        assert real.probability is not None and item.probability is not None and item.error is not None
        before = assess(case, seed=seeded(1), draws=512).claim("C1").probability
        assert before is not None
        error = np.sqrt(item.error**2 + before.error**2 + real.probability.error**2)
        assert abs(item.probability - real.probability.mid) < ERRORS * error
        if item.turns:
            assert real.verdict != item.before


def test_most_changes_do_not_matter_and_all_are_counted(case: Case, result: Challenge) -> None:
    judged = [name for name, belief in case.beliefs.items() if belief.is_judged]
    item = claim(result, "C1")
    ends = [row for row in item.rows if row.kind == "judgement"]
    lost = [one for one in item.untestable if one.kind == "judgement"]
    assert len(ends) + len(lost) + item.skipped == 2 * len(judged)
    assert 0 < len(item.mattered) < len(item.rows) / 2


def test_each_type_alone_gives_its_own_probability(case: Case, result: Challenge) -> None:
    alone = [row(result, "C1", "type", kind).probability for kind in case.types]
    pooled = row(result, "C1", "discount", "0.88")
    assert pooled.probability is not None and pooled.change is not None and None not in alone
    mean = sum(shape.weight * (value or 0.0) for shape, value in zip(case.types.values(), alone, strict=True))
    assert mean == pytest.approx(pooled.probability - pooled.change, abs=1e-9)


def test_a_source_of_spending_leaves_games_untested(result: Challenge) -> None:
    assert row(result, "C1", "source", "book").after == "not tested"


def test_the_same_seed_gives_the_same_rows_and_fewer_worlds_still_find_the_worst(
    case: Case, result: Challenge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BUDGET", 6_000)
    first, again = (challenge(case, ["C1"], seed=seeded(1)) for _ in range(2))
    assert first.to_dict() == again.to_dict()
    item = claim(first, "C1")
    assert item.skipped > 0 and item.expected is not None
    best = {(one.of, one.settings) for one in claim(result, "C1").rows if one.kind == "judgement" and one.matters}
    assert best & {(one.of, one.settings) for one in item.rows if one.kind == "judgement"}


def test_a_claim_alone_needs_no_game_of_another(case: Case) -> None:
    alone = restricted(case, ["C3"])
    assert list(alone.claims) == ["C3"]
    assert built(case, ["C3"], 1, lambda _stage, _share: None).theatre_sets == ()


# --- controls ----------------------------------------------------------------------------------------------------------------

TEST = (
    'holds: "loss_aim(ALF, rise + amendment) > threshold",\n'
    '       threshold: {values: [0, 0.02, 0.05], central: 0.02, unit: "1"}}'
)


def controlled(folder: Path, events: str = CONTROLLED) -> Case:
    return minimal_case(folder, replace={EVENTS: events, TEST: 'holds: "loss_aim(ALF, rise) > 0.1"}'})


@pytest.fixture(scope="module")
def blocked(tmp_path_factory: pytest.TempPathFactory) -> ClaimChallenge:
    patch = pytest.MonkeyPatch()
    patch.setattr(running, "BUDGET", 3_000)
    result = challenge(controlled(tmp_path_factory.mktemp("controlled")), ["C1"], seed=seeded(1))
    patch.undo()
    return result.claims[0]


def test_without_the_control_that_fails_a_claim_is_decided_as_in_a_case_without_it(
    blocked: ClaimChallenge, tmp_path: Path
) -> None:
    free = CONTROLLED.replace("positive: [doubles]", "positive: []")
    real = assess(controlled(tmp_path, free), seed=seeded(2), draws=DRAWS).claim("C1")
    (without,) = [item for item in blocked.rows if item.kind == "control"]
    assert (blocked.verdict, without.of, without.after) == ("cannot tell", "doubles", real.verdict)
    assert real.verdict == "fails" and without.probability == pytest.approx(0.0, abs=0.05)


def test_no_input_decides_a_claim_as_long_as_its_control_fails(blocked: ClaimChallenge) -> None:
    by_event = {item.event: item for item in blocked.controls}
    assert not by_event["doubles"].passes and by_event["doubles"].margin is not None
    assert by_event["doubles"].margin < -0.3
    assert by_event["rounding"].passes and by_event["planned"].passes
    assert {item.after for item in blocked.rows if item.kind == "judgement"} == {"cannot tell"}
    assert blocked.skipped > 0


def test_two_controls_that_fail_are_also_left_out_together(tmp_path: Path) -> None:
    both = CONTROLLED.replace("positive: [doubles]", "positive: [doubles, quadruples]")
    bench = built(controlled(tmp_path, both), ["C1"], seeded(1), lambda _stage, _share: None)
    changes = [change for change, _ in without_controls(bench, "C1")]
    assert [change.of for change in changes][:2] == ["doubles", "quadruples"] or len(changes) == 1
    if len(changes) > 1:
        assert changes[-1].of == "doubles, quadruples"
        *single, (_, together) = without_controls(bench, "C1")
        (test,) = bench.claims.tests["C1"].values()
        assert all(judge.judge(test).verdict == "cannot tell" for _, judge in single)
        assert together.judge(test).verdict == "fails"
