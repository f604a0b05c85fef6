"""The note of a claim cites what its verdict stands on: its own sources and those of the facts that its tests read."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.export.test_docx import notes
from tests.facts_only import facts_only

from tocsin.assessment.run import assess
from tocsin.export.docx import to_docx
from tocsin.export.source_notes import source_note

AUTHORITY = "Port authority, yearbook 2024 [A1]."
PAPER = "A made-up paper, 2 May 2024 [C3]."
ARTICLE = "A made-up op-ed [F6]."
DRAFT = {"sources:\n  authority": 'sources:\n  article: {cite: "A made-up op-ed", grade: F6}\n  authority'}
"""The article of a draft, beside the other sources."""


@pytest.mark.parametrize(
    ("claim", "replace", "note"),
    [
        ("C1", {"sentence: 1, sources: [authority]": "sentence: 1, sources: [article]"}, AUTHORITY),
        ("C2", {"sentence: 2, sources: [authority]": "sentence: 2, sources: [article]"}, f"{AUTHORITY} {PAPER}"),
        ("C2", {}, f"{AUTHORITY} {PAPER}"),
        ("C3", {}, ""),
        ("C3", {"kind: motive, ": "kind: motive, sources: [article], "}, ARTICLE),
        (
            "C1",
            {"sentence: 1, sources: [authority]": "sentence: 1", "source: authority, confidence": "source: article, confidence"},
            ARTICLE,
        ),
        (
            "C1",
            {'grade: C3}': 'grade: C3}\n  same: {cite: "Port authority, yearbook 2024", grade: A1}', "2014-02-01, source: authority": "2014-02-01, source: same"},
            AUTHORITY,
        ),
    ],
)  # fmt: skip
def test_a_note_cites_the_sources_of_the_facts_and_the_article_only_if_there_is_no_other(
    tmp_path: Path, claim: str, replace: dict[str, str], note: str
) -> None:
    is_of_draft = any("article" in text for text in replace.values())
    assessment = assess(facts_only(tmp_path / "case", replace={**(DRAFT if is_of_draft else {}), **replace}))
    assert source_note(assessment, claim) == note


def test_the_notes_of_a_word_document_cite_them(tmp_path: Path) -> None:
    replace = {**DRAFT, "sentence: 1, sources: [authority]": "sentence: 1, sources: [article]"}
    assessment = assess(facts_only(tmp_path / "case", replace=replace))
    assert set(notes(to_docx(assessment))) == {AUTHORITY, f"{AUTHORITY} {PAPER}"}
