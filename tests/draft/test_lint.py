"""`tocsin lint` on a drafted case: what it asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tocsin.case import load
from tocsin.case.lint import lint
from tocsin.cli import main

TEXT = "The treaty was signed in 1951, and the Senate ratified it a year later. Exports fell by 12 percent."


@pytest.fixture
def drafted(tmp_path: Path) -> Path:
    article = tmp_path / "article.txt"
    article.write_text(TEXT, encoding="utf-8")
    result = CliRunner().invoke(main, ["draft", str(article), "-o", str(tmp_path / "case"), "--date", "2025-08-01"])
    assert result.exit_code == 0, result.output
    return tmp_path / "case"


def replaced(case: Path, old: str, new: str) -> Path:
    file = case / "case.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return case


def messages(case: Path) -> str:
    return "\n".join(notice.message for notice in lint(load(case)))


def test_each_half_of_a_sentence_with_two_claims_is_a_part_until_it_has_a_test(drafted: Path) -> None:
    assert set(load(drafted).claims["C1"].all_parts) == {"first", "second"}
    assert "`claims` still has the template's text in 2 items: C1, C2" in messages(drafted)


def test_lint_asks_for_the_halves_when_one_test_stands_for_both(drafted: Path) -> None:
    text = (drafted / "case.yaml").read_text(encoding="utf-8")
    start, end = text.index("    parts:"), text.index("    sources: [article]")
    (drafted / "case.yaml").write_text(text[:start] + '    holds: "1 > 0"\n' + text[end:], encoding="utf-8")
    assert "sentence 1 makes two claims, but claim `C1` has one test" in messages(drafted)


def test_a_claim_of_an_unknown_sentence_is_named(drafted: Path) -> None:
    case = replaced(drafted, "    sentence: 2\n", "    sentence: 7\n")
    assert "claim `C2` is sentence 7, which is not under `sentences`" in messages(case)


def test_a_hash_of_another_form_is_refused(drafted: Path) -> None:
    result = CliRunner().invoke(main, ["lint", str(replaced(drafted, 'hash: "', 'hash: "x'))])
    assert result.exit_code == 2
    assert "16 hexadecimal digits" in result.output
