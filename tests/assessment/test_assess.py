"""An assessment from end to end on a small made-up case."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import get_args

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from tests.support import minimal_case, seeded

import tocsin
from tocsin.assessment import claims, judging
from tocsin.assessment.drivers import Margins, drivers
from tocsin.assessment.judgements import Outcome
from tocsin.assessment.judging import Judge
from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.records import record_notices
from tocsin.assessment.result import Assessment, ClaimResult, TableName, Verdict
from tocsin.assessment.run import assess
from tocsin.assessment.shares import Check
from tocsin.assessment.verdicts import MIN_EFFECTIVE
from tocsin.assessment.weighting import effective, inclusion, normalised, sampled
from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.case.compiled import Test
from tocsin.case.nodes import Node
from tocsin.case.record_blocks import Recalled
from tocsin.errors import InputError

pytestmark = pytest.mark.numeric


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("minimal"))


@pytest.fixture(scope="module")
def assessment(case: Case) -> Assessment:
    return assess(case, seed=seeded(3), draws=512)


def test_every_claim_has_a_verdict_and_its_own_kind_of_decision(assessment: Assessment) -> None:
    by_id = {claim.id: claim for claim in assessment.claims}
    assert set(by_id) == {"C1", "C2", "C3", "C4"}
    assert by_id["C1"].probability is not None
    assert by_id["C3"].verdict == "holds"
    assert by_id["C3"].probability is None
    assert by_id["C4"].verdict == "not tested"
    assert "rhetoric" in by_id["C4"].note
    assert [part.verdict for part in by_id["C2"].parts][1] == "not tested"


def test_assess_is_a_function_of_the_package(case: Case) -> None:
    first, second = (tocsin.assess(case, seed=seeded(1), draws=1) for _ in range(2))
    assert first.claims == second.claims


def test_probabilities_lie_between_their_low_and_high(assessment: Assessment) -> None:
    for claim in assessment.claims:
        if claim.probability:
            ordered = [0.0, claim.probability.low, claim.probability.mid, claim.probability.high, 1.0]
            assert ordered == sorted(ordered)


def test_the_switches_show_the_present_world_as_the_quantities_do(assessment: Assessment) -> None:
    now = {name: regime.now for name, regime in assessment.case.regimes.items()}
    (scene,) = [scene for scene in assessment.scenes if scene.regimes == now and scene.spending == "flat"]
    for name in ("risk", "p_war", "p_press", "p_attack"):
        by_type = np.array([row.band for row in assessment.quantities if row.id == f"{name}@strait"])
        assert np.all(by_type.min(axis=0) <= scene.values[name]) and np.all(scene.values[name] <= by_type.max(axis=0))


def test_the_same_seed_gives_the_same_json_except_for_seconds(case: Case, assessment: Assessment) -> None:
    runs = (assessment, assess(case, seed=seeded(3), draws=512))
    first, second = (AssessmentRecord.of(run).to_dict() for run in runs)
    first["run"].pop("seconds")
    second["run"].pop("seconds")
    assert json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)


def test_json_has_the_stated_shape(assessment: Assessment) -> None:
    record = AssessmentRecord.of(assessment)
    assert AssessmentRecord.model_validate_json(record.to_json()) == record
    data = record.to_dict()
    assert data["format"] == "tocsin-assessment/1"
    assert set(data) == {
        "format", "case", "run", "games", "quantities", "claims", "health", "ladder", "outside", "arguments", "quantity_drivers",
        "event_parts",
    }  # fmt: skip
    assert set(data["case"]) == {"id", "title", "as_of", "sha256"}
    wanted = {"seed", "draws", "set", "models", "data", "versions", "effective_draws", "seconds"}
    assert wanted <= set(data["run"])
    keys = {
        "says", "verdict", "words", "basis", "probability", "turnable", "by_model", "curve", "read", "shown", "note",
    }  # fmt: skip
    of_parts = keys | {"name", "essential"}
    keys |= {
        "id", "kind", "rule", "confidence", "limits", "drivers", "flips", "search", "failing", "leaves", "sources", "rivals", "against", "parts", "due", "outcomes",
    }  # fmt: skip
    assert all(set(claim) == keys for claim in data["claims"])
    parts = [part for claim in data["claims"] for part in claim["parts"]]
    assert [part["name"] for part in parts] == ["moved", "felt"]
    assert all(set(part) == of_parts for part in parts)
    json.dumps(data, allow_nan=False)


def test_a_notebook_shows_the_claims_with_their_verdicts(assessment: Assessment) -> None:
    shown = assessment._repr_html_()
    assert assessment.case.title in shown and all(claim.verdict in shown for claim in assessment.claims)


def test_recalled_years_are_run_with_and_without(case: Case, assessment: Assessment) -> None:
    record = case.history["strait"].model_copy(update={"recalled": Recalled(concessions=4)})
    result = assess(case.model_copy(update={"history": {"strait": record}}), seed=seeded(3), draws=512)
    sure = case.history["strait"].model_copy(update={"concessions": 0})
    again = assess(case.model_copy(update={"history": {"strait": sure}}), seed=seeded(3), draws=512)
    without = "security, without what is only recalled"
    one, two = ({claim.id: claim for claim in run.claims} for run in (result, again))
    assert without not in assessment.claims[0].by_model
    assert one["C1"].by_model["security"] == pytest.approx(assessment.claims[0].by_model["security"])
    # with so few worlds the two choose different ones to keep, so they agree only about
    assert one["C1"].by_model[without] == pytest.approx(two["C1"].by_model["security"], abs=0.15)


def test_a_claim_that_reads_a_flagged_fact_says_what_it_is_without(case: Case) -> None:
    fact = case.facts["budget.BET.2024"].model_copy(update={"flag": "the month is recalled"})
    flagged = case.model_copy(update={"facts": {**case.facts, "budget.BET.2024": fact}})
    judge = Judge(flagged, 1)
    result = claims.decide_claim(judge, "C3", flagged.claims["C3"])
    assert result.verdict == "holds"
    assert result.note.endswith("Without the flagged facts (budget.BET.2024), the verdict is: not tested.")
    assert "flagged" not in claims.decide_claim(Judge(case, 1), "C3", case.claims["C3"]).note


@pytest.mark.parametrize(
    ("test", "left"),
    [
        ("fact(day) <= 2024-06-30", "not tested"),
        ("fact(day) <= 2024-06-30 or fact(said.ALF.budget)", "holds"),
        ("fact(day) <= 2024-06-30 and fact(budget.BET.2024) > 20 USD bn", "fails"),
    ],
)
def test_without_a_flagged_fact_the_others_may_settle_a_test(tmp_path: Path, test: str, left: str) -> None:
    day = '  day: {value: "2024-03-01", date: 2024-03-01, source: book, confidence: low, flag: recalled}\nfact_tables'
    holds = {'holds: "fact(budget.BET.2024) > 10 USD bn"': f'holds: "{test}"', "fact_tables": day}
    case = minimal_case(tmp_path, replace=holds)
    result = claims.decide_claim(Judge(case, 1), "C3", case.claims["C3"])
    assert result.note.endswith(f"Without the flagged facts (day), the verdict is: {left}.")


def test_an_override_is_recorded_and_changes_the_run(case: Case, assessment: Assessment) -> None:
    changed = assess(case, seed=seeded(3), draws=512, settings={"regimes.BET.posture": "normal"})
    assert dict(changed.run.settings) == {"regimes.BET.posture": "normal"}
    amendment = next(row for row in changed.figures.loss if row.event == "amendment")
    assert amendment.total == (0.0, 0.0, 0.0)
    assert next(row for row in assessment.figures.loss if row.event == "amendment").total != (0.0, 0.0, 0.0)


@pytest.mark.parametrize("draws", [0, -5, 10_000_001])
def test_draws_out_of_range_are_refused_with_a_remedy(case: Case, draws: int) -> None:
    with pytest.raises(InputError) as error:
        assess(case, draws=draws)
    assert "1 to 10,000,000" in str(error.value)


def test_a_case_that_is_not_loaded_is_refused_with_the_remedy() -> None:
    with pytest.raises(InputError, match="loaded case") as error:
        assess("japan-buildup")  # type: ignore[arg-type]
    assert "tocsin.load" in str(error.value.remedy)


def test_unknown_settings_are_refused_with_a_suggestion(case: Case) -> None:
    with pytest.raises(InputError) as error:
        assess(case, draws=8, settings={"precison": "3"})
    assert "precision" in str(error.value)


@pytest.mark.parametrize(
    ("fair", "plain", "verdict"),
    [("fails", "holds", "not tested"), ("holds", "holds", "holds"), ("fails", "fails", "fails")],
)
def test_what_only_judgements_part_is_not_tested(
    case: Case, fair: Verdict, plain: Verdict, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.assessment.settling.unsettled", lambda *_: "")

    class Decided(Judge):
        def _decided(self, checks: Sequence[Check], wanted: int) -> judging.Tested:
            return judging.Tested(verdict=fair if checks[0].node == checks[0].test.node else plain, basis="model")

        def effective(self, tests: Iterable[Test]) -> float:
            return np.inf

        def _outcomes(self, test: Test, node: Node, *, shuffled: bool = False) -> list[Outcome]:
            return []

    test = case.tests["C2"]["moved"]
    assert test.alike == "both"
    assert Decided(case, 1).judge(test).verdict == verdict


def test_drivers_recover_what_was_planted() -> None:
    generator = np.random.default_rng(seeded(1))
    points = {name: generator.random(8000) for name in ("strong", "weak", "idle")}
    margin = 3 * points["strong"] + points["weak"] + 0.1 * generator.random(8000)
    weights = np.full(8000, 1 / 8000)
    (result,) = drivers([[Margins("worlds", points, margin, weights, 1.0)]], seed=1)
    assert [driver.input for driver in result] == ["strong", "weak"]
    assert result[0].share == pytest.approx(0.9, abs=0.03)


def test_weights_are_normalised_and_counted() -> None:
    weights = normalised(np.array([-1000.0, -1000.0, -1e9]))
    assert weights == pytest.approx([0.5, 0.5, 0.0])
    assert effective(weights) == pytest.approx(2.0)


@given(
    weights=hnp.arrays(float, st.integers(2, 60), elements=st.floats(0.0, 1.0)),
    share=st.floats(0.05, 0.95),
    seed=st.integers(0, 50),
)
def test_worlds_are_kept_once_each_and_stand_for_all(weights: np.ndarray, share: float, seed: int) -> None:
    count = max(int(share * len(weights)), 1)
    probabilities = inclusion(weights + 1e-9, count, 0.3)
    assert np.all((probabilities > 0.0) & (probabilities <= 1.0))
    assert np.sum(probabilities) == pytest.approx(count)
    kept, odds = sampled(weights + 1e-9, count, seed, 0.3)
    assert len(kept) == count
    assert odds == pytest.approx(-np.log(probabilities[kept]))


def test_thinned_sums_are_right_on_average() -> None:
    generator = np.random.default_rng(seeded(5))
    weights, values = generator.exponential(size=200) ** 3, generator.normal(2.0, 1.0, 200)
    sums = []
    for seed in range(800):
        kept, odds = sampled(weights, 40, seed, 0.05)
        sums.append(np.sum(values[kept] * np.exp(odds)))
    assert np.mean(sums) == pytest.approx(np.sum(values), abs=4 * np.std(sums) / np.sqrt(len(sums)))


def test_more_worlds_begin_with_the_same_worlds(case: Case) -> None:
    few, many = draw(case, seed=seeded(9), draws=32), draw(case, seed=seeded(9), draws=512)
    assert all(np.array_equal(few.draws[name], many.draws[name][:32]) for name in few.draws)


def test_frames_are_tidy(assessment: Assessment) -> None:
    claims = assessment.frame("claims")
    assert claims.height == len(assessment.claims)
    assert claims["low"].null_count() == sum(claim.probability is None for claim in assessment.claims)
    for name in get_args(TableName):
        assert len(assessment.frame(name).columns) >= 3


def verdict(case: Case, **changes: object) -> ClaimResult:
    return next(claim for claim in assess(case, seed=seeded(3), draws=512, **changes).claims if claim.id == "C1")  # type: ignore[arg-type]


def with_test(folder: Path, test: str, *, threshold: bool = True) -> Case:
    """Return the small case whose first claim has another test; one without a threshold drops the thresholds too.

    The inputs that such tests read are evidence: a test of judged ones would be `not tested`.
    """
    changes = {
        f'{name}, unit: "1", by: tests': f'{name}, unit: "1", source: record'
        for name in ('widening: {is: "beta(0.02 to 0.2)"', 'ppp_weight: {is: "uniform(0, 1)"')
    }
    changes |= {'holds: "loss_aim(ALF, rise + amendment) > threshold"': f'holds: "{test}"'}
    if not threshold:
        changes[',\n       threshold: {values: [0, 0.02, 0.05], central: 0.02, unit: "1"}'] = ""
    return minimal_case(folder, replace=changes)


@pytest.mark.slow
def test_a_record_that_leaves_few_worlds_gives_no_verdict(tmp_path: Path) -> None:
    record = {
        "years: 50, wars: 0, press: 20, concessions: 4, weight: 0.25": "years: 4000, wars: 0, press: 2000, concessions: 400, weight: 1"
    }
    for seed in (1, 3, 5):
        result = assess(minimal_case(tmp_path, replace=record), seed=seeded(seed), draws=512)
        assert result.run.effective_draws is not None and result.run.effective_draws < MIN_EFFECTIVE
        claim = next(claim for claim in result.claims if claim.id == "C1")
        assert (claim.verdict, claim.words, claim.probability) == ("cannot tell", "too few worlds", None)
        assert (
            re.search(r"there (is 1 effective draw|are \d+ effective draws), and a verdict needs 100\.", claim.note)
            and not claim.drivers
            and not claim.flips
        )


def test_two_draws_give_no_verdict_but_facts_still_do(case: Case) -> None:
    by_id = {claim.id: claim for claim in assess(case, seed=seeded(1), draws=2).claims}
    assert by_id["C1"].verdict == "cannot tell"
    assert by_id["C3"].verdict == "holds"


@pytest.mark.parametrize(
    "test",
    [
        "loss(ALF, rise) / 0 > 1",
        "not loss(ALF, rise) / 0 > 1",
        "0 / 0 > 1",
        "1 / (input(widening) - input(widening)) != 0",
    ],
)
def test_a_quotient_by_zero_never_decides(tmp_path: Path, test: str) -> None:
    claim = verdict(with_test(tmp_path, test, threshold=False))
    assert (claim.verdict, claim.probability) == ("cannot tell", None)
    assert "undefined" in claim.words and "undefined" in claim.note


@pytest.mark.parametrize(
    ("below", "above", "expected"), [("0.3", "2", "fails"), ("0.3", "0.5", "holds"), ("0.7", "0.5", "cannot tell")]
)
def test_undefined_worlds_are_counted_and_never_decide(
    tmp_path: Path, below: str, above: str, expected: Verdict
) -> None:
    # the difference is 0, and the quotient undefined, where the weight lies below a bound
    gap = f"(abs(input(ppp_weight) - {below}) - ({below} - input(ppp_weight)))"
    claim = verdict(with_test(tmp_path, f"{gap} / {gap} > {above}", threshold=False))
    assert claim.verdict == expected
    assert re.search(r"undefined in [2-8]\d % of worlds", claim.note)
    if claim.probability:
        assert claim.probability.mid == (1.0 if expected == "holds" else 0.0)


def test_a_part_that_settles_a_test_does_so_where_the_other_is_undefined(tmp_path: Path) -> None:
    both = verdict(
        with_test(tmp_path / "and", "1 / (input(widening) - input(widening)) > 1 and 1 > 2", threshold=False)
    )
    either = verdict(
        with_test(tmp_path / "or", "1 / (input(widening) - input(widening)) > 1 or 2 > 1", threshold=False)
    )
    assert (both.verdict, either.verdict) == ("fails", "holds")
    assert not both.note and not either.note


def test_a_record_that_the_model_can_hardly_make_is_named_with_its_counts(tmp_path: Path) -> None:
    assert record_notices(minimal_case(tmp_path / "usual")) == ()
    record = {
        "years: 50, wars: 0, press: 20, concessions: 4, weight: 0.25": "years: 400, wars: 0, press: 392, concessions: 392, weight: 1"
    }
    notices = record_notices(minimal_case(tmp_path / "odd", replace=record))
    assert notices and all("can hardly make the record of `strait`" in notice.message for notice in notices)
    assert "with a concession: 392 of 392 on record" in notices[0].message
    for name in ("stray", "stray.concession", "hostility", "pressure: history"):
        assert f"`{name}`" in str(notices[0].remedy)
    assert "stray.clash" not in str(notices[0].remedy)
    assert notices[0].line == 1 + (tmp_path / "odd" / "case.yaml").read_text().splitlines().index("history:") + 1


# --- switches ------------------------------------------------------------------------------------------------------


ONE_TYPE = {
    "  security: {weight: 0.5, by: tests, why: even}\n": "",
    "revisionist: {weight: 0.5": "revisionist: {weight: 1",
    '  falling.security: {is: "lognormal(1 to 4)", unit: "1", by: tests, why: range}\n': "",
    '  aim.security: {is: "beta(0.01 to 0.1)", unit: "1", by: tests, why: range}\n': "",
}


def test_the_present_switches_give_the_numbers_of_the_quantities(tmp_path: Path) -> None:
    result = assess(minimal_case(tmp_path, replace=ONE_TYPE), seed=seeded(3), draws=64)
    now = {"GAM.alignment": "engaging", "BET.posture": "restricted"}
    (scene,) = [scene for scene in result.scenes if scene.spending == "flat" and scene.regimes == now]
    shown = {name: scene.values[name] for name in ("risk", "p_war", "p_press", "p_attack")}
    assert shown == {name: row.band for name in shown for row in result.quantities if row.id == f"{name}@strait"}
