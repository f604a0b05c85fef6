"""The pressure that history lets one expect, in the health of a run: its rows, its findings, and what it replaces."""

from __future__ import annotations

import html
import re
from pathlib import Path

import numpy as np
import pytest
from tests.report.sample import sample
from tests.support import minimal_case, seeded

from tocsin.assessment import health
from tocsin.assessment.base_rates import base_rates
from tocsin.assessment.ensemble import Ensemble, Ensembles, base_scenario, conditioned, history_rows
from tocsin.assessment.health_findings import Grounds, pressure_findings, rate_findings
from tocsin.assessment.pressure import pressure_levels
from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.records import record_notices
from tocsin.assessment.weighting import effective
from tocsin.assessment.words import percent
from tocsin.assessment.worlds import draw
from tocsin.models.coercion.history import present_pressure
from tocsin.report.brief import render

pytestmark = pytest.mark.numeric

RECORD = "years: 50, wars: 0, press: 20, concessions: 4, weight: 0.25"
LISTED = "first: 1974, years: 50, wars: 0, press: [1975, 1976, 2001, 2020, 2022], concessions: 1, weight: 0.25"
ON = {
    RECORD: LISTED,
    "horizon: 10,": "horizon: 10, pressure: history,",
    "  cost.press:": '  hostility: {is: "uniform(-0.02, 0.04)", unit: "1", by: tests, why: range}\n  cost.press:',
}
STRAY = '  stray: {is: "beta(0.2 to 0.7)"'
OFTEN, SELDOM = {STRAY: '  stray: {is: "uniform(0.85, 0.95)"'}, {STRAY: '  stray: {is: "uniform(0, 0.7)"'}
GROUNDS = Grounds(theatres={"C1": ("strait",)}, effective={"C1": 600.0})
WORLDS = 64


def ensemble(folder: Path, changes: dict[str, str]) -> Ensemble:
    case = minimal_case(folder, replace=changes)
    return conditioned(case, ("strait",), draw(case, seed=seeded(2), draws=WORLDS), np.zeros(WORLDS))


def test_a_row_has_the_means_of_the_worlds_before_and_after(tmp_path: Path) -> None:
    built = ensemble(tmp_path, ON | SELDOM)
    levels = pressure_levels([built])
    assert [level.type for level in levels] == ["revisionist", "security"]
    for level in levels:
        solution = built.solutions[base_scenario(built.case, "strait", level.type)]
        chance = present_pressure(built.case, solution, built.worlds.draws)
        assert level.before == pytest.approx(np.mean(chance))
        assert level.after == pytest.approx(built.weight(level.type) @ chance)
        assert level.effective_draws == effective(built.weight(level.type))
        assert level.expected[0] < level.mean < level.expected[2] and "5 years of pressure" in level.origin
        assert level.reached == (level.expected[0] <= level.after <= level.expected[2])
        assert abs(level.after - level.mean) < abs(level.before - level.mean)


def test_worlds_within_the_range_get_no_finding_and_worlds_beyond_it_get_one(tmp_path: Path) -> None:
    assert not list(pressure_findings(pressure_levels([ensemble(tmp_path / "near", ON | SELDOM)]), GROUNDS))
    far = pressure_levels([ensemble(tmp_path / "far", ON | OFTEN)])
    findings = list(pressure_findings(far, GROUNDS))
    assert [(finding.kind, finding.claims) for finding in findings] == [("pressure", ("C1",))] * 2
    assert "cannot reach the pressure expected in `strait`" in findings[0].text


def test_a_history_that_misjudges_its_own_past_is_named_once(tmp_path: Path) -> None:
    often = list(range(1990, 2024))
    dense = {RECORD: f"first: 1974, years: 50, wars: 0, press: {often}, concessions: 1, weight: 0.25"}
    levels = pressure_levels([ensemble(tmp_path, ON | SELDOM | dense)])
    texts = [finding.text for finding in pressure_findings(levels, GROUNDS) if "misjudges its past" in finding.text]
    past = levels[0].past
    assert past is not None and levels[1].past == past and past.recorded == pytest.approx(34 / 49)
    assert len(texts) == 1 and f"{percent(past.expected)} of years" in texts[0]


def test_a_theatre_by_payoffs_has_no_row(tmp_path: Path) -> None:
    assert pressure_levels([ensemble(tmp_path, {RECORD: LISTED})]) == ()


def test_a_pair_without_a_dispute_is_named(tmp_path: Path) -> None:
    pair = {"ALF: {name: Alpha}": "ALF: {name: Alpha, cow: 20}", "GAM: {name: Gamma}": "GAM: {name: Gamma, cow: 900}"}
    number = {key: text for key, text in ON.items() if key != RECORD}
    levels = pressure_levels([ensemble(tmp_path, number | pair | SELDOM)])
    texts = [finding.text for finding in pressure_findings(levels, GROUNDS)]
    assert "the data have no dispute between CAN and AUS" in texts[-1]


def test_the_level_replaces_the_count_of_years_in_the_other_checks(tmp_path: Path) -> None:
    built = ensemble(tmp_path, ON | SELDOM)
    ensembles: Ensembles = {("strait",): built}
    for fit in health.type_fits(ensembles, history_rows(ensembles)):
        assert set(fit.predictive) == {"war", "concede"} and set(fit.after) == {"war", "press", "concede"}
    rates = base_rates(built)
    named = {finding.text for finding in rate_findings(rates, pressure_levels([built]), GROUNDS)}
    assert not any("pressure in " in text for text in named)


def test_a_level_that_worlds_hardly_reach_is_named_before_a_run(tmp_path: Path) -> None:
    assert record_notices(minimal_case(tmp_path / "near", replace=ON | SELDOM)) == ()
    pair = {"ALF: {name: Alpha}": "ALF: {name: Alpha, cow: 20}", "GAM: {name: Gamma}": "GAM: {name: Gamma, cow: 900}"}
    number = {key: text for key, text in ON.items() if key != RECORD}
    case = minimal_case(tmp_path / "far", replace=number | pair | OFTEN)
    bare = case.model_copy(update={"history": {}})
    notices = record_notices(bare)
    assert notices and "pressure in the first year:" in notices[0].message and "by history" in notices[0].message
    assert "`hostility`" in str(notices[0].remedy) and "pressure: history" not in str(notices[0].remedy)


def test_the_brief_and_the_json_have_the_row(tmp_path: Path) -> None:
    assessment = sample(tmp_path)
    (level,) = assessment.health.pressure
    text = html.unescape(re.sub("<[^>]*>", " ", render(assessment))).replace("\xa0", " ")
    assert "How much pressure history lets one expect" in text
    assert level.origin in text and "30 % (12 to 49 %)" in text
    (row,) = AssessmentRecord.of(assessment).to_dict()["health"]["pressure"]
    assert (row["before"], row["after"], row["reached"]) == (0.58, 0.53, False)
    assert row["expected"] == {"p05": 0.12, "p50": 0.29, "p95": 0.49}
