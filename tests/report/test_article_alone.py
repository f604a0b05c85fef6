"""A claim for which the article is the only source: its verdict is no independent finding, and every overview says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.facts_only import facts_only
from tests.runs.support import stored

from tocsin.assessment.confidence import is_of_article_alone
from tocsin.assessment.result import Assessment
from tocsin.assessment.run import assess
from tocsin.report.first_page import LIMITS, first_page
from tocsin.report.sentences import questions
from tocsin.translation import Translator
from tocsin.workbench.desk import Desk
from tocsin.workbench.screens.verdict_views import verdicts_view

SAID = "Its only source is the article itself."
OF_THE_ARTICLE = {
    "paper: {cite": "article: {cite",
    '"60 ships", date: 2024-05-02, source: [authority, paper]': '"95 ships", date: 2024-05-02, source: article',
    "2024-06-01, source: paper": "2024-06-01, source: article",
    "sources: paper": "sources: article",
    "sentence: 2, sources: [authority]": "sentence: 2, sources: [article]",
    "claims: [C1, C2, C3]": "claims: [C2, C1, C3]",
}
"""Ninety ships wait and nobody strikes, as the article alone says; trade has doubled, as the port authority says."""


@pytest.fixture
def assessment(tmp_path: Path) -> Assessment:
    return assess(facts_only(tmp_path / "case", replace=OF_THE_ARTICLE))


def test_the_verdict_says_it_among_its_limits(assessment: Assessment) -> None:
    second = assessment.claim("C2")
    assert second.verdict == "holds"
    assert "its only source is the article itself" in second.limits
    assert [claim.id for claim in assessment.claims if is_of_article_alone(claim)] == ["C2"]


def test_the_first_page_says_it_in_the_answer_and_in_the_line(assessment: Assessment) -> None:
    page = first_page(assessment, LIMITS[0], Translator())
    assert page.answer[0] == f"The central claim holds: “Ninety ships wait, and nobody strikes”. {SAID}"
    assert page.lines[0].text.endswith(SAID)
    (answer,) = questions(assessment)
    assert answer.text.count(SAID) == 1


def test_the_list_of_verdicts_says_it_of_this_claim_alone(tmp_path: Path) -> None:
    stored(facts_only(tmp_path / "case", replace=OF_THE_ARTICLE))
    view = verdicts_view(Desk(tmp_path / "case" / "case.yaml"), "en")
    assert view is not None
    assert {claim["id"]: claim["alone"] for claim in view["claims"]} == {"C1": "", "C2": SAID, "C3": ""}


@pytest.mark.parametrize(
    "other",
    [
        {"2024-06-01, source: article": "2024-06-01, source: authority"},
        {"sentence: 2, sources: [article]": "sentence: 2, sources: [article, authority]"},
    ],
)
def test_another_source_makes_it_a_finding(tmp_path: Path, other: dict[str, str]) -> None:
    replaced = {old: other.get(new, new) for old, new in OF_THE_ARTICLE.items()}
    assessment = assess(facts_only(tmp_path / "case", replace=replaced))
    assert assessment.claim("C2").verdict == "holds"
    assert not any(map(is_of_article_alone, assessment.claims))
    assert SAID not in str(first_page(assessment, LIMITS[0], Translator()))
