"""The brief of a case without a game: verdicts, facts and sources, and nothing of a model."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from tests.facts_only import facts_only, with_estimates
from tests.report.sample import HOSTILE

from tocsin.assessment.run import assess
from tocsin.report.brief import render


def words_of(page: str) -> str:
    """Return the visible text of a page."""
    body = page[page.index("<body>") :]
    for element in ("script", "style", "svg"):
        body = re.sub(rf"<{element}\b.*?</{element}>", " ", body, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render(assess(facts_only(tmp_path_factory.mktemp("facts"))))


def test_nothing_of_a_model_is_on_the_page(page: str) -> None:
    said = words_of(page).lower().replace("no model is used: facts decide.", "")
    for word in ("model", "draws", "worlds", "challenger", "chart", "switch", "seed", "pooled", "threshold", "nan"):
        assert not re.search(rf"\b{word}", said), word
    assert "%" not in said


def test_every_claim_question_fact_and_source_is_on_the_page(page: str) -> None:
    said = words_of(page)
    for text in (
        "Trade has doubled",
        "Ninety ships wait",
        "Nobody strikes",
        "The mayor wants it so",
        "Is the port busy?",
    ):
        assert text in said
    for text in ("60 ships", "Port authority, yearbook 2024", "nobody has asked", "Other ports grew faster"):
        assert text in said


def test_every_link_of_the_page_leads_somewhere(page: str) -> None:
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets <= set(re.findall(r'\bid="([^"]+)"', page))


def test_an_estimate_has_its_probability_and_no_model(tmp_path: Path) -> None:
    said = words_of(render(assess(with_estimates(tmp_path))))
    assert re.search(r"almost certain \(>99\s%\)", said)
    assert "in this model" not in said.lower()
    assert "no single input" not in said
    assert "Uncertain inputs" in said
    assert "16,384" in said


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    quoted = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    case = facts_only(tmp_path, replace={"says: Trade has doubled in ten years.": f'says: "{quoted}"'})
    page = render(assess(case))
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert HOSTILE.split()[-1] in unescape(page)
