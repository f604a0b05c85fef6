"""Forecasts of a case: each kind of probability in closed form, no look ahead, marks, and what is refused."""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from tests.forecasts.lists import FORECASTS, OPENS, asking, random_days, write_case

from tocsin.assessment.claim_record import SpanRecord
from tocsin.assessment.record import AssessmentRecord
from tocsin.case import Case, load
from tocsin.case.compiled import Test as CompiledTest
from tocsin.case.forecast_blocks import Assessed, Made
from tocsin.case.nodes import Binary, Call, Number
from tocsin.errors import InputError
from tocsin.evidence.reference import estimate, rows_by_path
from tocsin.evidence.store import load_result
from tocsin.forecasts.making import make_forecasts
from tocsin.forecasts.record import ForecastRecord, QuestionRecord

ROOT = Path(__file__).resolve().parents[2]
LATER = tuple(OPENS + timedelta(days=ahead) for ahead in (3, 50, 300))


def question(record: ForecastRecord, key: str) -> QuestionRecord:
    return next(item for item in record.questions if item.id == key)


def test_a_class_of_years_gives_the_gamma_poisson_chance(tmp_path: Path) -> None:
    record = make_forecasts(asking(tmp_path, days=random_days(1)), OPENS)
    chance, years = question(record, "strike_90").forecast, 90 / 365.25
    assert chance.probability == pytest.approx(1 - (20 / (20 + years)) ** 3.5, abs=1e-6)
    low, high = stats.gamma(3.5, scale=1 / 20).ppf([0.05, 0.95])
    assert (chance.low, chance.high) == pytest.approx(
        (1 - math.exp(-low * years), 1 - math.exp(-high * years)), abs=1e-6
    )


def test_a_class_of_cases_gives_jeffreys_posterior(tmp_path: Path) -> None:
    base = question(make_forecasts(asking(tmp_path, days=random_days(1)), OPENS), "strike_90").base
    assert base is not None
    assert base.probability == pytest.approx(1.5 / 41, abs=1e-6)
    assert (base.low, base.high) == pytest.approx(stats.beta(1.5, 39.5).ppf([0.05, 0.95]), abs=1e-6)


def test_a_judgement_gives_its_mean_and_its_points(tmp_path: Path) -> None:
    made = question(make_forecasts(asking(tmp_path, days=random_days(1)), OPENS), "mayor_90")
    assert (made.forecast.low, made.forecast.high) == pytest.approx((0.1, 0.4), abs=1e-4)
    assert 0.2 < made.forecast.probability < 0.25
    assert made.base is None
    assert made.forecast.how.endswith("judged by tests: range")


def test_a_rate_has_the_share_of_the_last_ten_years_as_base_rate(tmp_path: Path) -> None:
    days = random_days(1)
    made = question(make_forecasts(asking(tmp_path, days=(*days, *LATER)), OPENS), "calls_30")
    ends = [OPENS - timedelta(days=30 * back) for back in range(121)]
    windows = [(end - timedelta(days=30), end) for end in ends]
    hits = sum(any(start < day <= end for day in days) for start, end in windows)
    assert made.base is not None
    assert made.base.how == f"{hits} of {len(windows)} windows of 30 days had one in the last ten years"
    assert made.base.probability == pytest.approx((hits + 0.5) / (len(windows) + 1), abs=1e-6)
    assert [(used.until, used.remains) for used in made.data] == [(OPENS, LATER[-1])]


def test_the_future_does_not_change_a_forecast(tmp_path: Path) -> None:
    days, rng = random_days(1), np.random.default_rng(2)
    ends = LATER[-1]
    forecasts = []
    for name in ("a", "b", "c"):
        future = {OPENS + timedelta(days=int(ahead)) for ahead in rng.integers(1, 300, size=40)} | {ends}
        made = question(make_forecasts(asking(tmp_path / name, days=(*days, *sorted(future))), OPENS), "calls_30")
        forecasts.append((made.forecast, made.base))
    assert forecasts[0] == forecasts[1] == forecasts[2]
    early = question(make_forecasts(asking(tmp_path / "d", days=(*days, OPENS, ends)), OPENS), "calls_30")
    assert early.forecast.probability > forecasts[0][0].probability


def test_a_forecast_made_late_is_marked_and_one_made_in_time_is_not(tmp_path: Path) -> None:
    case = asking(tmp_path, days=(*random_days(1), OPENS))
    assert all(item.marks == () for item in make_forecasts(case, OPENS).questions)
    late = make_forecasts(case, OPENS + timedelta(days=12))
    assert {item.marks for item in late.questions} == {("made on 2024-07-12, 12 days after its opening day",)}


def test_a_list_that_runs_on_after_the_opening_day_is_marked(tmp_path: Path) -> None:
    record = make_forecasts(asking(tmp_path, days=(*random_days(1), *LATER)), OPENS)
    assert "calls.csv is a copy that runs to 2025-04-26" in question(record, "calls_30").marks[0]
    assert question(record, "strike_90").marks == ()


def test_a_list_that_ends_before_the_opening_day_is_marked(tmp_path: Path) -> None:
    days = (*random_days(1, last=date(2024, 5, 31)), date(2024, 5, 31))
    made = question(make_forecasts(asking(tmp_path, days=days), OPENS), "calls_30")
    assert made.marks == ("calls.csv ends on 2024-05-31, 30 days before the opening day",)
    assert made.data[0].until == date(2024, 5, 31)


def test_a_case_without_questions_says_how_to_ask(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the case `op-ed` has no forecasts") as error:
        make_forecasts(asking(tmp_path, days=random_days(1), forecasts=""), OPENS)
    assert "block `forecasts:`" in str(error.value.remedy)


def kind(folder: Path, text: str) -> Path:
    """Write the case with another kind of probability for `mayor_90`, and a claim that is a forecast; return its folder."""
    old = '{judged: {is: "beta(0.1 to 0.4)", by: tests, why: range}}'
    write_case(folder, days=random_days(1), forecasts=FORECASTS.replace(old, text))
    file = folder / "case.yaml"
    claim = '  C4: {says: More come., kind: forecast, sources: [authority], holds: "fact(boxes.2023) > 1"}\n'
    file.write_text(file.read_text(encoding="utf-8").replace("questions:\n", claim + "questions:\n"), encoding="utf-8")
    return folder


def test_a_question_that_asks_an_assessment_needs_one(tmp_path: Path) -> None:
    case = load(kind(tmp_path, "{assessed: {claim: C4}}"))
    with pytest.raises(InputError, match="forecast `mayor_90` needs an assessment") as error:
        make_forecasts(case, OPENS)
    assert "--assessment" in str(error.value.remedy)


def test_an_estimate_of_a_yearly_rate_is_averaged_over_its_uncertainty(tmp_path: Path) -> None:
    path, row = next((path, row) for path, row in rows_by_path(load_result("camps")).items() if row.p05 > 0)
    made = question(make_forecasts(load(kind(tmp_path, f"{{estimate: evidence/camps/{path}}}")), OPENS), "mayor_90")
    years = 90 / 365.25
    assert made.forecast.low == pytest.approx(1 - math.exp(-row.p05 * years), abs=1e-5)
    assert made.forecast.high == pytest.approx(1 - math.exp(-row.p95 * years), abs=1e-5)
    middle, spread = math.log(row.p05 * row.p95) / 2, math.log(row.p95 / row.p05) / 2 / 1.6448536
    drawn = np.exp(np.random.default_rng(1).normal(middle, spread, 400_000))
    assert made.forecast.probability == pytest.approx(np.mean(1 - np.exp(-drawn * years)), rel=0.01)
    assert (made.kind, made.data[0].name) == ("estimate", f"evidence/camps/{path}")


def test_the_hostility_of_two_states_gives_the_chance_of_a_dispute(tmp_path: Path) -> None:
    path = "evidence/hostility/PRK/KOR/2026"
    made = question(make_forecasts(load(kind(tmp_path, f"{{estimate: {path}}}")), OPENS), "mayor_90")
    rate = estimate(path)
    assert made.forecast.low == pytest.approx(1 - math.exp(-rate.low * 90 / 365.25), abs=1e-4)
    assert made.forecast.high == pytest.approx(1 - math.exp(-rate.high * 90 / 365.25), abs=1e-4)
    assert made.forecast.low < made.forecast.probability < made.forecast.high
    assert made.data[0].until == date(2014, 12, 31)
    assert made.marks[0] == "the record behind evidence/hostility ends in 2014, before the opening day"
    assert made.marks[1] == f"limits of evidence/hostility: {rate.limits}"
    assert made.forecast.how == f"{path}: rate of disputes begun by North Korea with South Korea in 2026"


def test_an_estimate_of_no_pair_of_states_says_what_it_is_and_how_far_its_data_reach(tmp_path: Path) -> None:
    path = "evidence/hostility/rate_of_a_pair_without_a_record_per_year"
    made = question(make_forecasts(load(kind(tmp_path / "a", f"{{estimate: {path}}}")), OPENS), "mayor_90")
    assert made.forecast.how.endswith("from the disputes between them, 1816 to 2014")
    key = next(key for key, row in rows_by_path(load_result("camps")).items() if row.p05 > 0)
    camps = question(
        make_forecasts(load(kind(tmp_path / "b", f"{{estimate: evidence/camps/{key}}}")), OPENS), "mayor_90"
    )
    assert camps.marks[0] == "the record behind evidence/camps is complete only to 2019, before the opening day"
    assert camps.data[0].until == date(2023, 12, 31)


# --- assessments ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def founding() -> tuple[Case, AssessmentRecord]:
    """Return the founding case, and its stored assessment as one of this version of the case."""
    case = load(ROOT / "cases" / "japan-buildup")
    stored = AssessmentRecord.model_validate_json((ROOT / "tests/golden/results/assessment.json").read_text())
    return case, stored.model_copy(update={"case": stored.case.model_copy(update={"sha256": case.sha256})})


def on_events(case: Case, **changes: object) -> Case:
    """Return the case with its question on pressure alone, some of whose fields are changed."""
    forecast = case.forecasts["pressure_2026"].model_copy(update=changes)
    return case.model_copy(update={"forecasts": {"pressure_2026": forecast}})


def test_a_yearly_probability_is_scaled_to_the_window(founding: tuple[Case, AssessmentRecord]) -> None:
    case, assessment = founding
    row = next(row for row in assessment.health.base_rates if (row.theatre, row.event) == ("korea", "press"))
    years = (date(2026, 12, 31) - date(2026, 1, 7)).days / 365.25
    (made,) = make_forecasts(on_events(case), case.as_of, assessment=assessment).questions
    assert made.forecast.probability == pytest.approx(1 - (1 - row.mean) ** years, abs=1e-6)
    assert row.record is not None and made.base is not None
    assert made.base.probability == pytest.approx(1 - (1 - (row.record.p50 or 0)) ** years, abs=1e-6)
    assert (made.seed, made.data[0].sha256) == (assessment.run.seed, case.sha256)


def with_probability(assessment: AssessmentRecord, low: float, mid: float, high: float) -> AssessmentRecord:
    """Return an assessment in which claim C19 has a probability."""
    span = SpanRecord(low=low, mid=mid, high=high, error=0.01, worlds=None)
    claims = tuple(
        claim.model_copy(update={"probability": span}) if claim.id == "C19" else claim for claim in assessment.claims
    )
    return assessment.model_copy(update={"claims": claims})


def test_a_claim_gives_its_probability(founding: tuple[Case, AssessmentRecord]) -> None:
    case, stored = founding
    assessment = with_probability(stored, 0.0, 0.0, 0.0)
    asked = on_events(case, probability=Made(assessed=Assessed(claim="C19")))
    (made,) = make_forecasts(asked, case.as_of, assessment=assessment).questions
    small = Binary("<", Call("p_war", theatre="korea"), Number(Fraction(1, 10)))
    compares = asked.model_copy(update={"tests": {**asked.tests, "C19": {"": CompiledTest(small)}}})
    with pytest.raises(InputError, match="the claim has no probability of the event"):
        make_forecasts(compares, case.as_of, assessment=assessment)
    draws = assessment.run.effective_draws
    assert draws is not None
    half_a_draw = pytest.approx(0.5 / draws, rel=1e-3)
    assert made.forecast.low == made.forecast.probability == made.forecast.high == half_a_draw
    assert made.base is None
    (again,) = make_forecasts(asked, case.as_of, assessment=with_probability(stored, 0.4, 0.6, 1.0)).questions
    assert (again.forecast.low, again.forecast.probability) == (0.4, 0.6)
    assert again.forecast.high == pytest.approx(1.0 - 0.5 / draws, rel=1e-3)


def test_an_assessment_of_another_version_or_of_changed_inputs_is_refused(
    founding: tuple[Case, AssessmentRecord],
) -> None:
    case, assessment = founding
    other = assessment.model_copy(update={"case": assessment.case.model_copy(update={"sha256": "0" * 64})})
    changed = assessment.model_copy(update={"run": assessment.run.model_copy(update={"settings": {"precision": "60"}})})
    for wrong in (other, changed):
        with pytest.raises(InputError, match="another version of the case `japan-buildup`, or of changed inputs"):
            make_forecasts(on_events(case), case.as_of, assessment=wrong)
