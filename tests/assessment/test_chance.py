"""Forecasts that state a chance: their probability is its mean over worlds, and outcomes score it."""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from tests.support import minimal_case, seeded

from tocsin.assessment.claims import decide_claim
from tocsin.assessment.ensemble import Ensemble, base_scenario, conditioned
from tocsin.assessment.judging import MEAN_CHANCE, Judge
from tocsin.assessment.result import Assessment
from tocsin.assessment.run import assess
from tocsin.assessment.shares import Group, enough
from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.case.lint import lint
from tocsin.errors import CaseErrors
from tocsin.report.brief import render
from tocsin.report.reasons import reason
from tocsin.report.sentences import explanation

CHANCES = {"W": "p_war()", "N": "1 - p_war()", "E": "p_war_by(2027)", "R": "1 - risk() * p_war()"}
OUTCOME = (
    'outcomes:\n  none: {claim: N, says: "No war came.", happened: true, date: 2034-12-31, source: book}\n'
    '  none_either: {claim: H, says: "No war came.", happened: true, date: 2034-12-31, source: book}\n'
)


def with_claims(folder: Path, chances: Mapping[str, str], more: str = "") -> Case:
    """Return the small case with forecasts that state a chance, and one whose test compares a chance."""
    claims = "".join(
        f'  {name}: {{says: "{name}", kind: forecast, chance: "{text}"}}\n' for name, text in chances.items()
    )
    claims += '  H: {says: "H", kind: forecast, holds: "p_war() < 0.02"}\n'
    return minimal_case(folder, replace={"questions:\n": f"{more}questions:\n", "  C4: {says": f"{claims}  C4: {{says"})


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    case = with_claims(tmp_path_factory.mktemp("chances"), CHANCES, OUTCOME)
    return conditioned(case, ("strait",), draw(case, seed=seeded(2), draws=512), np.zeros(512))


@pytest.mark.numeric
def test_the_probability_is_the_mean_chance_over_worlds_and_types(solved: Ensemble) -> None:
    case, state = solved.case, solved.case.forms["strait"].index()
    judge = Judge(case, 1, central={("strait",): solved})
    results = {name: judge.judge(case.tests[name][""]) for name in CHANCES}

    means = dict.fromkeys(CHANCES, 0.0)
    for kind in case.types:
        tallies, weights = solved.solutions[base_scenario(case, "strait", kind)].tallies, solved.weight(kind)
        war, early, risk = (tallies[name][state] for name in ("war", "war:3", "risk"))
        for name, chance in (("W", war), ("N", 1 - war), ("E", early), ("R", 1 - risk * war)):
            known = weights > 0
            mean = float(weights[known] @ chance[known])
            assert results[name].by_model[kind] == pytest.approx(mean)
            means[name] += case.types[kind].weight * mean
    for name, result in results.items():
        assert result.probability is not None and result.probability.mid == pytest.approx(means[name])
        assert result.probability.worlds is None and MEAN_CHANCE in result.note
    assert results["N"].verdict == "holds" and results["W"].verdict == "fails"
    assert 0 < means["E"] < means["W"] and means["W"] + means["N"] == pytest.approx(1)


@pytest.mark.numeric
def test_the_error_is_that_of_a_mean(solved: Ensemble) -> None:
    judge = Judge(solved.case, 1, central={("strait",): solved})
    chance, complement = (judge.judge(solved.case.tests[name][""]).probability for name in ("W", "N"))
    share = judge.judge(solved.case.tests["H"][""]).probability
    assert chance is not None and complement is not None and share is not None
    assert 0 < chance.error == pytest.approx(complement.error)
    assert chance.error < share.error


@pytest.mark.numeric
def test_only_a_probability_of_the_event_is_scored(solved: Ensemble) -> None:
    judge = Judge(solved.case, 1, central={("strait",): solved})
    event, level = (decide_claim(judge, name, solved.case.claims[name]) for name in ("N", "H"))
    assert event.probability is not None and level.probability is not None
    assert event.brier(event.outcomes[0]) == pytest.approx((1 - event.probability.mid) ** 2)
    assert level.brier(level.outcomes[0]) is None


def test_a_mean_leaves_out_the_worlds_without_a_value() -> None:
    chance, weights = np.array([0.2, 0.8, np.nan, 0.5]), np.array([0.3, 0.1, 0.2, 0.4])
    share = enough([Group([chance], weights, chance=True)], 1)
    mean = (0.3 * 0.2 + 0.1 * 0.8 + 0.4 * 0.5) / 0.8
    assert share.probability == pytest.approx(mean) and share.undefined == pytest.approx(0.2)
    variance = (0.3 * (0.2 - mean) ** 2 + 0.1 * (0.8 - mean) ** 2 + 0.4 * (0.5 - mean) ** 2) / 0.8
    assert share.error == pytest.approx((variance * np.sum(weights**2)) ** 0.5)
    assert np.isnan(enough([Group([np.full(2, np.nan)], np.full(2, 0.5), chance=True)], 1).probability)


@pytest.mark.numeric
def test_a_run_shows_the_chance(solved: Ensemble) -> None:
    result: Assessment = assess(solved.case, seed=seeded(3), draws=512)
    claim = next(claim for claim in result.claims if claim.id == "N")
    assert claim.probability is not None and claim.drivers
    assert claim.probability.low <= claim.probability.mid <= claim.probability.high <= 1
    assert len(claim.by_model) > len(result.case.types)  # the other discount factors too
    assert "come true" in explanation(result.case, claim) or "coming true" in explanation(result.case, claim)
    assert reason(result.case, claim, 12).startswith("The chance, as the mean over the modelled worlds, is ")
    assert explanation(result.case, claim) in html.unescape(render(result)).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("chance", "message"),
    [
        ("p_war() < 0.1", "a chance is a number from 0 to 1"),
        ("2024-01-01", "a chance is a number from 0 to 1"),
        ("strength(BET)", "a chance is a number from 0 to 1"),
        ("2 * p_war()", "may lie from 0 to 2 in a world"),
        ("p_war() - p_war_by(3)", "may lie from -1 to 1 in a world"),
        ("dent(rise)", "may lie from -inf to inf in a world"),
        ("0.3", "reads no game"),
        ("input(widening)", "reads no game"),
        ("P(p_war() > 0.1)", "share of worlds in which a test holds"),
        ("threshold * p_war()", "`threshold` but the claim has none"),
        ("p_wer()", "did you mean `p_war`"),
    ],
)
def test_what_is_no_chance_is_refused(tmp_path: Path, chance: str, message: str) -> None:
    with pytest.raises(CaseErrors) as caught:
        with_claims(tmp_path, {"X": chance})
    assert len(caught.value.problems) == 1
    (problem,) = caught.value.problems
    assert message in str(problem)


def test_a_chance_is_of_a_forecast_and_stands_alone(tmp_path: Path) -> None:
    with pytest.raises(CaseErrors, match="it is not a forecast"):
        minimal_case(tmp_path / "a", replace={'holds: "fact(budget.BET.2024) > 10 USD bn"': 'chance: "p_war()"'})
    with pytest.raises(CaseErrors, match="has holds and chance"):
        minimal_case(tmp_path / "b", replace={'kind: fact, holds: "': 'kind: forecast, chance: "p_war()", holds: "'})
    with pytest.raises(CaseErrors, match="no test reads this threshold"):
        minimal_case(
            tmp_path / "c",
            replace={
                'kind: fact, holds: "fact(budget.BET.2024) > 10 USD bn"': 'kind: forecast, chance: "p_war()", threshold: {values: [1], central: 1}'
            },
        )


def test_lint_names_a_forecast_whose_test_compares_a_chance(tmp_path: Path) -> None:
    notices = [
        str(notice)
        for notice in lint(with_claims(tmp_path, CHANCES))
        if "not the chance of the event" in notice.message
    ]
    assert len(notices) == 1 and "`H`" in notices[0] and "chance:" in notices[0]


@pytest.mark.parametrize(
    ("due", "named"),
    [("2027", False), ("2027-06-30", False), ("2026-12-31", False), ("2028-03", False), ("2029", True), ("2025", True)],
)
def test_lint_names_a_chance_by_another_year_than_the_claim(tmp_path: Path, due: str, named: bool) -> None:
    claims = f'  E: {{says: "E", kind: forecast, due: {due}, chance: "1 - p_war_by(2027)"}}\n'
    case = minimal_case(tmp_path, replace={"  C4: {says": f"{claims}  C4: {{says"})
    said = [notice.message for notice in lint(case) if "its chance is by" in notice.message]
    assert said == (
        [f"the claim is due {due}, and its chance is by 2027: an outcome would score it against another event"]
        if named
        else []
    )
