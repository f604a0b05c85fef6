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


def drafted_claims(tmp_path: Path, text: str) -> list[tuple[str, str | None, int]]:
    """Return the kind, the due date and the number of parts of each claim of a drafted text."""
    article = tmp_path / "b.txt"
    article.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["draft", str(article), "-o", str(tmp_path / "b"), "--date", "2025-08-01"])
    assert result.exit_code == 0, result.output
    claims = load(tmp_path / "b").claims.values()
    return [(claim.kind, claim.due, len(claim.all_parts)) for claim in claims]


def test_a_due_date_is_that_of_its_own_half(tmp_path: Path) -> None:
    text = "The army doubled its tanks in 2020, and the navy will double its ships by 2031."
    assert drafted_claims(tmp_path, text) == [("comparative", None, 0), ("forecast", "2031", 0)]
    assert "makes two claims" not in messages(tmp_path / "b")


def test_halves_that_are_due_together_are_parts_of_one_claim(tmp_path: Path) -> None:
    text = "The army will have 900 tanks by 2031, and the navy will have 40 ships by 2031."
    assert drafted_claims(tmp_path, text) == [("forecast", "2031", 2)]


def test_the_main_claims_are_proposed_as_questions(tmp_path: Path) -> None:
    text = (
        "Why the dam will fail\n\nThe dam was built in 1990. Prices fell by 5 percent in 2019. The dam will fail because the river "
        "is dry. The river lost 40 percent of its water since 1990. The minister met 12 farmers in 2021."
    )
    drafted_claims(tmp_path, text)
    case = load(tmp_path / "b")
    first = next(iter(case.questions.values()))
    assert len(case.questions) == 3
    asked = {case.claims[question.claims[0]].sentence for question in case.questions.values()}
    assert 3 in asked and 5 not in asked
    assert first.asks.startswith("Is it right? “")
    assert "`questions` still has the template's text in 3 items" in messages(tmp_path / "b")


@pytest.mark.parametrize("name", ["op-ed.txt", "op-ed.md", "op-ed.html", "op-ed.docx", "op-ed.pdf", "my op-ed.txt"])
def test_an_article_is_named_as_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(
        b"PK\x03\x04\xff" if name.endswith("docx") else b"Note: the strait was closed in 2019."
    )
    result = CliRunner().invoke(main, ["lint", str(tmp_path / name)])
    assert result.exit_code == 2
    assert "this is an article, not a case" in result.output
    assert "tocsin draft " in result.output and ("'" in result.output) == (" " in name)


def test_a_case_in_a_text_file_is_still_a_case(drafted: Path) -> None:
    (drafted / "case.txt").write_bytes((drafted / "case.yaml").read_bytes())
    assert CliRunner().invoke(main, ["lint", str(drafted / "case.txt")]).exit_code == 0
