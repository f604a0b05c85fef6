"""Every text that an assessment makes is a message, and stays one in a stored run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.assessment.test_health import CLAIMS
from tests.facts_only import facts_only, with_estimates
from tests.report.sample import sample
from tests.runs.support import new_run
from tests.support import minimal_case, seeded
from tests.translation.leaves import known_of, strings, untranslated
from tests.translation.support import OPEN, Marked

from tocsin.assessment import health_findings, stored
from tocsin.assessment.controls import _finding
from tocsin.assessment.health_result import Finding, Shortfall
from tocsin.assessment.likeness import likeness
from tocsin.assessment.model_names import DISCOUNT, RECALLED, model_words
from tocsin.assessment.other_models_words import NAMES, answer_text, caveat, counted_text, effect_text, level_text
from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.result import Assessment
from tocsin.assessment.run import assess
from tocsin.assessment.versions import key_in_words, maker
from tocsin.assessment.words import TOO_FEW
from tocsin.case import Case, load
from tocsin.case.quantities import QUANTITIES
from tocsin.evidence.classes.stored import load_class
from tocsin.evidence.classes.table import CLASSES
from tocsin.evidence.hostility.remembered import Retrospect
from tocsin.runs.store import store_run
from tocsin.translation import Said, Text, Translator, either

MARKED = Translator(language="ko", words=Marked())
OTHER_SOURCE = "{value: false, date: 2024-06-01, source: paper, confidence: medium}"
OTHERS = "{value: false, date: 2024-06-01, source: paper, confidence: medium, others: [{value: true, source: authority, confidence: medium}]}"


@pytest.fixture(
    scope="module",
    params=[pytest.param("games", marks=[pytest.mark.numeric, pytest.mark.slow]), "facts", "disputed", "estimates"],
)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """Return an assessment of each kind of case; that of games is small."""
    folder = tmp_path_factory.mktemp("case") / "case"
    match request.param:
        case "games":
            return assess(minimal_case(folder), seed=seeded(3), draws=128)
        case "facts":
            return assess(facts_only(folder))
        case "disputed":
            return assess(facts_only(folder, replace={OTHER_SOURCE: OTHERS}))
        case _:
            return assess(with_estimates(folder))


def known(case: Case) -> set[str]:
    """Return what may stand in a text without being a message: texts, names and keys of the case, names of quantities and inputs."""
    makers = {maker(case, key) for key in case.sources}
    facts = {key_in_words(case, key) for key in case.facts}
    return known_of(case) | makers | facts | set(QUANTITIES) | set(case.beliefs) | set(case.distributions)


def test_every_text_of_an_assessment_is_a_message_or_a_text_of_the_case(run: Assessment) -> None:
    parts = (run.claims, run.health, run.outside, run.other_models, run.quantities, run.figures)
    said = [text for text in strings(parts, said=True) if text]
    assert len(said) > 5
    assert [leaf for text in said for leaf in untranslated(text, known(run.case))] == []


def test_a_stored_run_reads_the_same_in_another_language(run: Assessment) -> None:
    again = stored.from_json(stored.to_json(run), run.case)
    shown = [MARKED.plain(text) for text in strings(run)]
    assert [MARKED.plain(text) for text in strings(again)] == shown
    assert sum(OPEN in text for text in shown) > 5


def test_the_last_run_reads_the_same_in_another_language_and_its_json_is_english(
    run: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path))
    record = AssessmentRecord.of(run)
    questions: tuple[tuple[Said, Said], ...] = (
        ("Is it so?", either([record.claims[0].words, record.claims[1].words])),
    )
    again = store_run(new_run(record, questions=questions))
    shown = [MARKED.plain(text) for text in strings((record, questions))]
    assert [MARKED.plain(text) for text in strings((again.record, again.about.questions))] == shown
    assert sum(OPEN in text for text in shown) > 5
    assert again.record.to_json() == record.to_json()
    assert record.to_json() == AssessmentRecord.model_validate(json.loads(record.to_json())).to_json()
    for text in strings(json.loads(record.to_json())):
        assert OPEN not in MARKED.plain(text)


# --- texts that small runs do not make ---------------------------------------------------------------------------------


def findings(folder: Path) -> Iterator[Finding]:
    """Yield findings of every kind."""
    run = sample(folder)
    fits = [replace(fit, possible=False, by_error=0.99) for fit in run.health.fits]
    past = Retrospect(expected=0.2, recorded=0.6, distance=4.0)
    (level,) = run.health.pressure
    levels = [replace(level, after=0.9, source="no dispute", origin=NAMES["record"], past=past)]
    assert run.health.base_risk
    risk = replace(run.health.base_risk, model=(0.0, 0.9, 1.0))
    rates = [
        replace(rate, mean=0.9, event=event) for rate in run.health.base_rates for event in health_findings.IN_YEARS
    ]
    short = Shortfall(
        theatres=("strait", "strait"), type="security", discount=None, quantity="", share=0.9499, needed=0.95
    )
    shorts = [replace(short, discount=factor, quantity=name) for factor in (None, 0.9) for name in ("", "loss")]
    draws = [replace(run.claims[0], verdict="cannot tell", words=TOO_FEW)]
    yield from health_findings.fit_findings(fits, CLAIMS)
    yield from health_findings.error_findings(fits, CLAIMS)
    yield from health_findings.pressure_findings(levels, CLAIMS)
    yield from health_findings.risk_findings(run.case, risk)
    yield from health_findings.rate_findings(rates, [], CLAIMS)
    yield from health_findings.unsettled_findings(dict.fromkeys(shorts, ("C1",)), CLAIMS)
    yield from health_findings.settled_findings({"strait": 0.5}, CLAIMS)
    yield from health_findings.judged_findings(run.case, run.claims)
    yield health_findings.idle_finding("rise", "strait", ())
    for weighted in (True, False):
        grounds = replace(CLAIMS, effective={"C1": 40.0}, weighted=weighted)
        yield from health_findings.draw_findings(40.0, draws, grounds)
        yield from health_findings.draw_findings(400.0, (), grounds)


def test_every_finding_is_a_message(tmp_path: Path) -> None:
    made = list(findings(tmp_path / "case"))
    kinds = {"record", "error", "pressure", "base risk", "base rate", "settled", "judged", "idle", "draws"}
    assert {finding.kind for finding in made} == kinds
    names = known(sample(tmp_path / "again").case)
    assert [leaf for finding in made for leaf in untranslated(finding.text, names)] == []


def test_what_other_models_and_past_cases_say_is_a_message() -> None:
    texts = [
        *NAMES.values(),
        *(answer_text(share, reason) for share in (None, 0.2) for reason in (Text(), NAMES["moves"])),
        level_text(0.1, 0.2, 0.3, 10),
        effect_text(0.0, 0.0, 0.0),
        effect_text(0.1, 0.2, 0.3),
        *(counted_text(count, 5) for count in (0, 1, 2)),
        *(caveat(counterfactual=asked) for asked in (True, False)),
        *(load_class(name).sentence() for name in CLASSES),
        load_class("contributors").sentence(of="similar"),
    ]
    assert [leaf for text in texts for leaf in untranslated(text)] == []


def test_why_events_belong_to_a_class_is_a_message() -> None:
    case = load(Path("cases/japan-buildup"))
    names = known(case)
    for event in case.events:
        item = likeness(case, event)
        for text in (*item.outside, *(fit.why for fit in item.fits)):
            assert untranslated(text, names) == []


def test_a_control_that_fails_is_a_message(tmp_path: Path) -> None:
    run = sample(tmp_path / "case")
    for row in run.controls:
        for ratio in (True, False):
            finding = _finding(replace(row, ratio=ratio))
            for text in (finding.words, finding.note):
                assert untranslated(text, known(run.case)) == []


@pytest.mark.parametrize("name", ["security", f"security{DISCOUNT}0.9", f"security{RECALLED}"])
def test_the_name_of_a_model_is_a_message_that_says_the_same(name: str) -> None:
    assert model_words(name) == name
    assert untranslated(model_words(name)) == []
