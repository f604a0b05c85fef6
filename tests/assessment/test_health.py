"""The health check of a run: each finding on a small case, and the same findings in the JSON and on the terminal."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.stats import beta
from tests.support import driver, minimal_case, seeded, write_case

from tocsin.assessment import health, health_findings
from tocsin.assessment.ensemble import Ensembles, conditioned, history_rows, scenarios_for
from tocsin.assessment.health_findings import Grounds
from tocsin.assessment.health_result import BaseRisk, Finding, Health, PressureLevel, Shortfall, TypeFit
from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.result import Assessment, ClaimResult
from tocsin.assessment.run import assess
from tocsin.assessment.situations import central_models
from tocsin.assessment.words import percent
from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.case.nodes import Call
from tocsin.case.record_blocks import History
from tocsin.cli import main
from tocsin.cli.running import notices
from tocsin.evidence.hostility.remembered import Retrospect
from tocsin.report.brief import render

pytestmark = pytest.mark.numeric

RECORD = "years: 50, wars: 0, press: 20, concessions: 4, weight: 0.25"
CLAIMS = Grounds(theatres={"C1": ("strait",), "C2": ("strait",), "C3": ()}, effective={"C1": 600.0, "C2": 620.0})


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return assess(minimal_case(tmp_path_factory.mktemp("minimal")), seed=seeded(3), draws=512)


def base_games(folder: Path, changes: Mapping[str, str], worlds: int = 512) -> Ensembles:
    """Return the base games of the small case in some worlds."""
    case = minimal_case(folder, replace=changes)
    return {
        ("strait",): conditioned(case, ("strait",), draw(case, seed=seeded(2), draws=worlds), np.zeros(worlds)),
    }


def fits(folder: Path, record: str = RECORD) -> tuple[TypeFit, ...]:
    ensembles = base_games(folder, {RECORD: record})
    return health.type_fits(ensembles, history_rows(ensembles))


def claim(name: str, *drivers: str) -> ClaimResult:
    return ClaimResult(
        id=name, kind="causal", says="x", sentence=None, mechanism="", verdict="fails", words="", probability=None,
        confidence="low", drivers=tuple(driver(name, 0.5) for name in drivers),
    )  # fmt: skip


# --- the record --------------------------------------------------------------------------------------------------------


def test_types_that_make_the_record_are_not_named(tmp_path: Path) -> None:
    result = fits(tmp_path)
    assert [(fit.theatre, fit.type, fit.possible) for fit in result] == [
        ("strait", "revisionist", True),
        ("strait", "security", True),
    ]
    assert not list(health_findings.fit_findings(result, CLAIMS))


def test_a_type_that_cannot_make_the_record_is_named_with_the_rates_and_its_weight(tmp_path: Path) -> None:
    result = fits(tmp_path, "years: 400, wars: 200, press: 100, concessions: 10, weight: 1")
    security = next(fit for fit in result if fit.type == "security")
    assert not security.possible and security.predictive["war"] < health.IMPOSSIBLE
    (finding,) = (item for item in health_findings.fit_findings(result, CLAIMS) if "`security`" in item.text)
    assert (finding.kind, finding.claims) == ("record", ("C1", "C2"))
    assert f"(weight 50 %, by evidence {percent(security.by_evidence)})" in finding.text
    assert f"of `strait`: a war in {percent(security.after['war'])} of years, 50 % recorded." in finding.text


def test_the_weight_by_evidence_is_the_softmax_of_evidence_and_weight(tmp_path: Path) -> None:
    ensembles = base_games(tmp_path, {})
    rows = [replace(row, log_evidence=-10.0 - 2.0 * index) for index, row in enumerate(history_rows(ensembles))]
    first, second = health.type_fits(ensembles, rows)
    assert first.by_evidence == pytest.approx(1 / (1 + np.exp(-2.0)))
    assert first.by_evidence + second.by_evidence == pytest.approx(1.0)


# --- the base risk -------------------------------------------------------------------------------------------------------


def record(**changes: float) -> History:
    return History.model_validate(
        {"years": 40, "wars": 0, "press": 20, "concessions": 4, "weight": 1.0}
        | changes
        | {"source": "x", "by": "y", "why": "z"}
    )


def test_the_record_implies_a_risk_with_the_uncertainty_of_its_rate() -> None:
    rate = beta.ppf([0.05, 0.5, 0.95], 4.5, 36.5)
    assert health.implied_risk(record(), 10) == pytest.approx(1 - (1 - rate) ** 10)
    fewer = beta.ppf([0.05, 0.5, 0.95], 0.25 * 5 + 0.5, 0.25 * 35 + 0.5)
    assert health.implied_risk(record(wars=1, weight=0.25), 10) == pytest.approx(1 - (1 - fewer) ** 10)


@pytest.mark.parametrize(("median", "named"), [(0.2, False), (0.6, False), (0.85, True), (0.05, True)])
def test_a_base_risk_outside_what_past_years_imply_is_named(tmp_path: Path, median: float, named: bool) -> None:
    risk = BaseRisk(theatre="strait", years=10, model=(0.01, median, 0.99), record=(0.2, 0.4, 0.6))
    findings = list(health_findings.risk_findings(minimal_case(tmp_path), risk))
    assert bool(findings) == named
    if named:
        assert f"{100 * median:.0f} %" in findings[0].text and "20 % to 60 %" in findings[0].text
        assert "by 2034" in findings[0].text
        assert f"is {'higher' if median > 0.6 else 'lower'} than past years imply" in findings[0].text


def test_without_a_record_there_is_nothing_to_compare(tmp_path: Path) -> None:
    text = (write_case(tmp_path) / "case.yaml").read_text(encoding="utf-8")
    history = text[text.index("history:\n") : text.index("events:\n")]
    ensembles = base_games(tmp_path / "none", {history: ""}, worlds=8)
    assert health.base_risk(ensembles["strait",]) is None
    assert health.type_fits(ensembles, history_rows(ensembles)) == ()
    assert not list(health_findings.risk_findings(ensembles["strait",].case, None))


LEVEL = PressureLevel(
    theatre="strait", type="revisionist", expected=(0.0004, 0.034, 0.217), mean=0.06, source="record", origin="23 years of pressure on record",
    before=0.58, after=0.376, effective_draws=340.0,
)  # fmt: skip
MISJUDGED = replace(LEVEL, past=Retrospect(expected=0.333, recorded=0.672, distance=5.96))
NO_VERDICT = tuple(replace(claim(name), verdict="cannot tell", words="too few worlds") for name in ("C1", "C2"))


# --- draws, settled games, judgements, template --------------------------------------------------------------------------


def test_claims_without_enough_effective_draws_are_named() -> None:
    grounds = replace(CLAIMS, effective={"C1": 12.0, "C2": 620.0})
    (short,) = health_findings.draw_findings(12.0, NO_VERDICT[:1], grounds)
    assert (short.kind, short.claims) == ("draws", ("C1",)) and "12 effective draws" in short.text
    assert "fit past years" in short.text and "`tocsin lint --record`" in short.text
    (drawn,) = health_findings.draw_findings(1.0, NO_VERDICT, replace(CLAIMS, effective={"C1": 1.0}, weighted=False))
    assert (
        drawn.text == "Too few worlds were drawn: one claim has no verdict, with 1 effective draw where 100 are needed."
    )


def test_only_claims_without_a_verdict_for_want_of_draws_are_named() -> None:
    few, other = NO_VERDICT
    claims = [replace(few, verdict="not tested", words="not tested"), other, replace(few, id="C3", words="undefined")]
    grounds = replace(CLAIMS, effective={"C1": 12.0, "C2": 12.0, "C3": 12.0})
    (finding,) = health_findings.draw_findings(12.0, claims, grounds)
    assert finding.claims == ("C2",)
    (rough,) = health_findings.draw_findings(12.0, [claims[0], claims[2]], grounds)
    assert rough.text.startswith("Probabilities are rough") and rough.claims == ("C3",)


def test_a_run_on_few_effective_draws_says_so() -> None:
    grounds = replace(CLAIMS, effective={"C1": 175.0, "C2": 620.0})
    (few,) = health_findings.draw_findings(175.0, [claim("C1"), claim("C2")], grounds)
    assert few.claims == ("C1",) and "175 effective draws" in few.text and "500" in few.text
    assert not list(health_findings.draw_findings(500.0, [], CLAIMS))


def test_a_theatre_with_games_that_do_not_settle_is_named() -> None:
    (finding,) = health_findings.settled_findings({"strait": 0.66, "bay": 0.9}, CLAIMS)
    assert finding.claims == ("C1", "C2") and "66 % of the games of `strait`" in finding.text


SHORT = Shortfall(theatres=("strait",), type="revisionist", discount=None, quantity="", share=0.9461, needed=0.95)


@pytest.mark.parametrize(
    ("reason", "effective", "text"),
    [
        (SHORT, 620.0, "The base games in `strait` for the type `revisionist` settle in 94.6 % of worlds by weight, and 95 % are needed: ask for more draws."),
        (replace(SHORT, share=0.66), 104.0, "The base games in `strait` for the type `revisionist` settle in 66 % of worlds by weight, and 95 % are needed: lower `precision` or raise `levels`."),
        (replace(SHORT, quantity="loss", share=0.8, needed=0.9), 620.0, "A game of `loss` in `strait` for the type `revisionist` settles in 80 % of worlds by weight, and 90 % are needed: lower `precision` or raise `levels`."),
    ],
)  # fmt: skip
def test_claims_without_a_verdict_for_want_of_settled_games_have_their_reason(
    reason: Shortfall, effective: float, text: str
) -> None:
    grounds = replace(CLAIMS, effective={"C1": effective, "C2": 900.0})
    (finding,) = health_findings.unsettled_findings({reason: ("C1", "C2")}, grounds)
    assert finding == Finding(kind="settled", text=text, claims=("C1", "C2"))


def test_settled_games_are_those_whose_last_year_changes_little(tmp_path: Path) -> None:
    ensemble = base_games(tmp_path, {}, worlds=8)["strait",]
    solutions = {
        game: replace(solution, residual=np.array([0.0] * 6 + [0.01, 1.0]))
        for game, solution in ensemble.solutions.items()
    }
    assert health.settled_share([replace(ensemble, solutions=solutions)]) == pytest.approx(0.75)


def test_claims_that_hang_first_on_a_judgement_are_named_with_the_input(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    claims = [
        claim("C1", "precision", "accident"),
        claim("C2", "stake.GAM"),
        claim("C3", "accident", "precision"),  # from a record
        claim("C4"),
        claim("C5", "stake.GAM"),
    ]
    findings = list(health_findings.judged_findings(case, claims))
    assert [(item.claims, re.findall("`(.*?)`", item.text)) for item in findings] == [
        (("C2", "C5"), ["stake.GAM"]),
        (("C1",), ["precision"]),
    ]


def test_default_ranges_are_counted_and_named_as_nobodys_judgement(tmp_path: Path) -> None:
    stated = minimal_case(tmp_path / "stated")
    grounds = Grounds(theatres={"C1": ("strait",), "C3": ()})
    assert not list(health_findings.default_findings(stated, grounds))
    case = minimal_case(
        tmp_path / "short", replace={"  toppling: {": "  # toppling: {", "  rollback: {": "  # rollback: {"}
    )
    (finding,) = health_findings.default_findings(case, grounds)
    assert finding.text.startswith(f"2 of {len(case.beliefs)} inputs have a default range")
    assert (finding.kind, finding.claims) == ("defaults", ("C1",))
    (first,) = health_findings.judged_findings(case, [claim("C1", "toppling")])
    assert "nobody judged it for this case" in first.text


def test_values_of_the_template_make_the_result_an_example(tmp_path: Path) -> None:
    case = minimal_case(tmp_path / "own")
    assert not list(health_findings.template_findings(case))
    mark = {
        'precision: {is: "loguniform(20 to 120)", unit: "1", by: tests': 'precision: {is: "loguniform(20 to 120)", unit: "1", by: "template, to be replaced"'
    }
    (finding,) = health_findings.template_findings(minimal_case(tmp_path / "new", replace=mark))
    assert finding.kind == "template" and "one item" in finding.text


# --- events that move nothing ----------------------------------------------------------------------------------------------


def test_an_event_that_moves_nothing_is_named_and_one_that_does_is_not(tmp_path: Path) -> None:
    events = "  aligned: {says: Gamma aligns again, set: {regimes.GAM.alignment: aligned}}"
    more = "\n  still: {says: Gamma stays as it is, set: {regimes.GAM.alignment: engaging}}"
    ensembles = base_games(tmp_path, {events: events + more}, worlds=16)
    case = ensembles["strait",].case
    calls = [Call("loss", events=(name,), theatre="strait") for name in case.events]
    games = scenarios_for(case, central_models(case), calls)
    solved: Ensembles = {("strait",): ensembles["strait",].with_games(games)}
    (finding,) = health.idle_findings(solved)
    assert finding == Finding(kind="idle", text=finding.text, claims=()) and "`still`" in finding.text
    assert health.event_users(case)["rise", "strait"] == ("C1",)


# --- the whole ---------------------------------------------------------------------------------------------------------------


def test_the_health_of_a_run_agrees_with_its_other_figures(assessment: Assessment) -> None:
    result = assessment.health
    assert (result.effective, result.settled) == (assessment.run.effective_draws, assessment.run.settled)
    assert {fit.type for fit in result.fits} == set(assessment.case.types)
    for fit, row in zip(result.fits, assessment.figures.history, strict=True):
        assert (fit.recorded, fit.after) == (row.recorded, row.after)
    assert result.base_risk and result.base_risk.years == 10
    risk = next(
        scene
        for scene in assessment.scenes
        if scene.spending == "flat" and set(scene.regimes.values()) == {"engaging", "restricted"}
    )
    assert result.base_risk.model == risk.values["risk"]


def test_the_json_and_the_terminal_have_the_same_findings(assessment: Assessment) -> None:
    data = AssessmentRecord.of(assessment).to_dict()["health"]
    assert [item["text"] for item in data["findings"]] == [item.text for item in assessment.health.findings]
    assert data["base_risk"]["model"]["p50"] == pytest.approx(assessment.health.base_risk.model[1], rel=1e-5)  # type: ignore[union-attr]
    assert [fit["possible"] for fit in data["fits"]] == [fit.possible for fit in assessment.health.fits]
    printed = notices(assessment.health).splitlines()
    assert len(printed) == len(data["findings"])
    assert all(item["text"] in line for item, line in zip(data["findings"], printed, strict=True))


def test_the_brief_has_every_finding_and_each_types_weights(assessment: Assessment) -> None:
    told = html.unescape(re.sub("<[^>]*>", " ", render(assessment))).replace("\xa0", " ")
    assert assessment.health.findings
    assert all(finding.text.replace("`", "") in told for finding in assessment.health.findings)
    assert all(percent(fit.by_evidence) in told for fit in assessment.health.fits)


def test_every_finding_is_a_sentence_of_at_most_25_words(tmp_path: Path, assessment: Assessment) -> None:
    case = minimal_case(tmp_path)
    fit = TypeFit(
        theatre="strait", type="revisionist", recorded={"concede": 0.54}, after={"concede": 0.16},
        predictive={"concede": 0.001}, weight=0.5, by_evidence=0.02, possible=False, by_error=0.4,
    )  # fmt: skip
    risk = BaseRisk(theatre="strait", years=10, model=(0.0, 0.9, 1.0), record=(0.1, 0.2, 0.3))
    texts = [
        *assessment.health.findings,
        *health_findings.fit_findings([fit], CLAIMS),
        *health_findings.risk_findings(case, risk),
        *health_findings.draw_findings(12.0, NO_VERDICT, replace(CLAIMS, effective={"C1": 12.0, "C2": 13.0})),
        *health_findings.draw_findings(175.0, [], CLAIMS),
        *health_findings.settled_findings({"strait": 0.6}, CLAIMS),
        *health_findings.unsettled_findings({SHORT: ("C1",)}, CLAIMS),
        *health_findings.pressure_findings([MISJUDGED], CLAIMS),
        *health_findings.pressure_findings(
            [LEVEL, replace(LEVEL, source="no dispute", origin="no dispute between CAN and AUS")], CLAIMS
        ),
        health_findings.idle_finding("rise", "strait", ()),
    ]
    for item in texts:
        assert len(item.text.replace(" %", "%").split()) <= 25, item.text
        assert re.fullmatch(r"[A-Z0-9].*\.", item.text) and ". " not in item.text


def test_findings_are_printed_after_the_summary_on_standard_error_and_not_if_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = write_case(tmp_path / "case")
    result = CliRunner().invoke(main, ["assess", str(folder), "--draws", "16", "--json", "out.json"])
    assert result.exit_code == 0, result.output
    findings = json.loads((tmp_path / "out.json").read_text())["health"]["findings"]
    assert findings and not any(item["text"] in result.stdout for item in findings)
    assert [line.partition(": ")[0] for line in result.stderr.splitlines()] == ["notice"] * len(findings)
    assert all(item["text"] in line for item, line in zip(findings, result.stderr.splitlines(), strict=True))
    quiet = CliRunner().invoke(main, ["assess", str(folder), "--draws", "16", "--quiet"])
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_long_lists_of_claims_are_cut_on_the_terminal() -> None:
    finding = Finding(kind="settled", text="Few settle.", claims=tuple(f"C{index}" for index in range(9)))
    assert notices(Health(findings=(finding,))) == "notice: Few settle. (C0, C1, C2, C3, C4, C5, 3 more)"


def test_a_case_has_its_claims_checked_in_the_theatres_that_decide_them(assessment: Assessment, tmp_path: Path) -> None:
    grounds = health.grounds_of(base_games(tmp_path, {}, worlds=8))
    case: Case = assessment.case
    assert set(grounds.theatres) == set(case.claims)
    assert (grounds.theatres["C1"], grounds.theatres["C3"]) == (("strait",), ())
    assert "C3" not in grounds.effective
