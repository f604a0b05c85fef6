"""What facts show, and the facts themselves, stand in the JSON, in `tocsin show` and in the brief alike."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.facts_only import write_facts_only

from tocsin.cli import main


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the JSON and the brief of a case of facts alone, with an outcome."""
    folder = tmp_path_factory.mktemp("facts")
    changes = {
        'C1: {says: Trade has doubled in ten years., kind: fact': "C1: {says: Trade doubles., due: 2030, kind: forecast",
        "questions:\n": "outcomes:\n  later: {claim: C1, says: It doubled, happened: true, date: 2029, source: paper}\nquestions:\n",
        "ships.waiting: {": "ships.waiting: {expected: 2025-01, ",
    }  # fmt: skip
    case = write_facts_only(folder / "case", replace=changes)
    files = ["--json", str(folder / "a.json"), "--brief", str(folder / "a.html")]
    done = CliRunner().invoke(main, ["assess", str(case), "--quiet", *files])
    assert done.exit_code == 0, done.output
    return folder


def claims(folder: Path) -> dict[str, Any]:
    data = json.loads((folder / "a.json").read_text(encoding="utf-8"))
    return {claim["id"]: claim for claim in data["claims"]}


def shown_by(folder: Path, name: str) -> str:
    done = CliRunner().invoke(main, ["show", name, "--from", str(folder / "a.json")])
    assert done.exit_code == 0
    return done.stdout


def block(folder: Path, claim: str) -> str:
    """Return the words of a claim's block in the brief."""
    text = (folder / "a.html").read_text(encoding="utf-8")
    start = text.index(f'id="{claim}"')
    inside = text[start : text.index("</article>", start)]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", inside)).split())


def test_the_numbers_that_decide_are_printed_everywhere(folder: Path) -> None:
    many, calm = claims(folder)["C2"]["parts"]
    assert many["shown"] == "60 ships, below 90"
    assert calm["shown"] == "strike: false"
    assert claims(folder)["C1"]["shown"] == "1.2 million, at least 1.2 million"
    for name, text in (("C1", "1.2 million, at least 1.2 million"), ("C2", many["shown"]), ("C2", calm["shown"])):
        assert text.lower() in shown_by(folder, name).lower()
        assert text.lower() in block(folder, name).lower()
    assert "fails by the facts: 60 ships, below 90" in shown_by(folder, "C2.ninety")


def test_facts_are_printed_with_value_date_and_sources_everywhere(folder: Path) -> None:
    (fact,) = claims(folder)["C2"]["parts"][0]["read"]
    assert fact == {
        "key": "ships.waiting", "value": "60 ships", "date": "2024-05-02", "sources": ["authority", "paper"], "expected": "2025-01",
    }  # fmt: skip
    told = "60 ships (2024-05-02, expected 2025-01; authority, paper)"
    assert f"reads ships.waiting: {told}" in shown_by(folder, "C2")
    assert f"reads ships.waiting: {told}" in shown_by(folder, "C2.ninety")
    assert "ships.waiting 60 ships, 2024-05-02, expected 2025-01 (authority, paper)" in block(folder, "C2")


def test_an_outcome_is_printed_everywhere_without_a_score_for_a_claim_without_a_probability(folder: Path) -> None:
    claim = claims(folder)["C1"]
    assert claim["probability"] is None
    assert claim["due"] == "2030"
    assert [(outcome["happened"], outcome["brier"]) for outcome in claim["outcomes"]] == [(True, None)]
    assert "later: it came true (2029; paper): It doubled" in shown_by(folder, "C1")
    assert "It came true (2029): It doubled." in block(folder, "C1")
    assert "Brier" not in shown_by(folder, "C1") + block(folder, "C1")
