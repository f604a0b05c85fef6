"""`tocsin compare`: help, the page, files, and bad input."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.facts_only import write_facts_only
from tests.translation.support import MarkedWords, bare_words

from tocsin.assessment.comparing.naming import item_of
from tocsin.assessment.comparing.result import Cell, Row
from tocsin.assessment.comparing.run import compare
from tocsin.cli.comparing import page
from tocsin.cli.main import main
from tocsin.report.comparison import drawn, render_comparison
from tocsin.runs.store import stored_runs
from tocsin.translation import Translator

VARIANTS = """\
variants:
  full: {set: {ships.waiting: 95 ships}, why: another count}
  old: {set: {boxes.2013: "7e5"}, why: another year}
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(tmp_path_factory.mktemp("compared"))
    return write_facts_only(folder, replace={"claims:\n": f"{VARIANTS}claims:\n"})


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["compare", *map(str, arguments)])


def test_the_help_shows_how_to_name_a_variant() -> None:
    text = run("--help").output
    assert "CASE:VARIANT" in text
    assert "tocsin compare japan-buildup japan-buildup:aligned_seoul" in text


def test_the_page_shows_claims_that_differ_first_and_lists_the_others(case: Path) -> None:
    result = run(case, f"{case}:full", f"{case}:old")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == "Is the port as busy as the op-ed says?"
    assert f"2  {case}:full ships.waiting=95 ships" in lines
    order = [line.split()[0] for line in lines if line.startswith(("  C1", "  C2"))]
    assert order == ["C1", "C2", "C2.ninety"]
    assert "    what differs and bears on it: boxes.2013" in lines
    assert "1 claim has the same verdict everywhere, and no probability that differs by more than chance: C3." in lines


def test_items_that_agree_in_everything_say_so(case: Path) -> None:
    result = run(case, f"{case}:full", "--claim", "C1")
    assert "No claim differs" in result.output


def test_the_json_and_the_table_are_written(case: Path, tmp_path: Path) -> None:
    data, table = tmp_path / "a" / "out.json", tmp_path / "out.csv"
    assert run(case, f"{case}:full", "--json", data, "--csv", table, "--quiet").output == ""
    assert json.loads(data.read_text(encoding="utf-8"))["items"][1]["set"] == {"ships.waiting": "95 ships"}
    assert table.read_text(encoding="utf-8").splitlines()[0].startswith("claim,part,item,verdict")
    printed = json.loads(run(case, f"{case}:full", "--json", "-").output)
    assert printed["format"] == "tocsin-comparison/1" and printed["notices"] == []


def test_the_json_says_that_the_cases_differ(case: Path, tmp_path: Path) -> None:
    other = write_facts_only(tmp_path / "other", replace={"id: op-ed": "id: harbour"})
    (notice,) = json.loads(run(case, other, "--json", "-").output)["notices"]
    assert notice.startswith("These are different cases.")


def test_the_json_has_what_a_claim_says_in_other_items(case: Path, tmp_path: Path) -> None:
    other = write_facts_only(
        tmp_path / "other", replace={"Trade has doubled in ten years.": "Trade has grown twofold."}
    )
    rows = json.loads(run(case, f"{case}:full", other, "--json", "-").output)["rows"]
    assert {row["claim"]: row["others"] for row in rows if row["others"]} == {"C1": {"3": "Trade has grown twofold."}}


def test_a_page_is_written_with_every_claim_that_differs(case: Path, tmp_path: Path) -> None:
    file = tmp_path / "compare.html"
    assert run(case, f"{case}:full", "-o", file, "--quiet").exit_code == 0
    page_text = file.read_text(encoding="utf-8")
    assert re.findall(r"<th[^>]*>(C[\d.a-z]+)", page_text) == ["C2", "C2.ninety"]
    assert "ships.waiting=95 ships" in page_text and "<script" not in page_text
    assert "{%" not in page_text and "http" not in re.sub(r"http-equiv", "", page_text)


def test_probabilities_are_drawn_where_they_lie_with_their_errors() -> None:
    """The scale has 4 % of the width at either end; a claim that no item gives a probability has no drawing."""
    cells = [
        Cell(verdict="holds", words="", basis="model", probability=0.75, error=0.05),
        Cell(verdict="holds", words="", basis="facts"),
        Cell(verdict="fails", words="", basis="model", probability=0.0, error=0.1),
    ]
    row = Row(claim="C", says="", cells=tuple(cells), differences=(None,) * 3, hangs_on=((),) * 3)
    svg = drawn(row, 3)
    assert re.findall(r'<circle cx="([\d.]+)%" cy="([\d.]+)"', svg) == [("73.0", "9.0"), ("4.0", "45.0")]
    assert 'x1="68.4%" x2="77.6%"' in svg and 'x1="4.0%" x2="13.2%"' in svg
    assert drawn(replace(row, cells=(cells[1],) * 3), 3) == ""


def test_every_word_of_the_page_can_be_translated(case: Path) -> None:
    """Outside the messages stand only names, settings, and texts of the case."""
    items = [replace(item_of(f"{case}{variant}"), name=name) for name, variant in (("a", ""), ("b", ":full"), ("c", ":old"))]  # fmt: skip
    result, translator = compare(items), Translator(language="ko", words=MarkedWords())
    html = re.sub(r"(?s)<style>.*</style>|<[^>]*>", " ", render_comparison(result, translator))
    shown = f"{translator.plain(page(result))} {html}"
    own = " ".join((case / "case.yaml").read_text(encoding="utf-8").split())
    assert "⟦" in shown
    assert bare_words(shown) <= set(re.findall(r"[A-Za-z]{2,}", own))
    assert "verdict" not in bare_words(shown)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "0 items cannot be compared"),
        (("CASE",), "1 item cannot be compared"),
        (("CASE",) * 7, "7 items cannot be compared"),
        (("CASE", "CASE"), "is given twice"),
        (("CASE", "CASE:ful"), "did you mean `full`"),
        (("CASE", "CASE:R1"), "argument `R1` sets no inputs"),
        (("CASE", "nowhere"), "no case and no stored run is called 'nowhere'"),
        (("CASE", "nowhere:full"), "no case and no stored run is called 'nowhere:full'"),
        (("CASE", "CASE:"), "no case and no stored run is called"),
        (("CASE", "CASE:full", "--claim", "C9"), "unknown claim 'C9'"),
        (("CASE", "CASE:full", "--draws", "0"), "0 draws are not possible"),
        (("CASE", "CASE:full", "--seed", "-1"), "the seed -1 is negative"),
        (("CASE", "CASE:full", "--csv", "CASE/case.yaml"), "written as CSV only"),
        (("CASE", "CASE:full", "--json", "CASE/case.yaml"), "also an input"),
        (("CASE", "CASE:full", "-o", "CASE/page.pdf"), "written as HTML only"),
    ],
)
def test_bad_input_is_refused_with_status_2(case: Path, arguments: tuple[str, ...], message: str) -> None:
    result = run(*(text.replace("CASE", str(case)) for text in arguments))
    assert result.exit_code == 2
    assert message in result.output


def test_a_stored_run_stands_beside_a_case(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "home"))
    brief = str(tmp_path / "brief.html")
    runner = CliRunner()
    assert runner.invoke(main, ["assess", str(case), "--variant", "full", "--brief", brief, "--quiet"]).exit_code == 0
    result = run("latest", case)
    assert result.exit_code == 0, result.output
    (stored,) = stored_runs()
    assert f"1  {stored.name} ships.waiting=95 ships" in result.output
    assert f"to them: {stored.name}." in result.output
    twice = run("latest", stored.name)
    assert twice.exit_code == 2 and f"{stored.name!r} is given twice" in twice.output
    verified = runner.invoke(main, ["verify", "latest"])
    assert (verified.exit_code, "The same numbers" in verified.output) == (0, True), verified.output


def test_two_names_of_one_case_are_refused_and_two_variants_of_it_are_not(case: Path) -> None:
    for other in (f"{case}/", f"{case}/case.yaml", f"{case.parent}/./{case.name}"):
        refused = run(case, other)
        assert refused.exit_code == 2 and ("are the same" in refused.output or "is given twice" in refused.output)
    assert run(case, f"{case}:full", f"{case}/:old").exit_code == 0


def test_two_cases_are_compared_with_a_notice_and_both_sentences(case: Path, tmp_path: Path) -> None:
    other = write_facts_only(
        tmp_path, replace={"id: op-ed": "id: other", "Ninety ships wait, and nobody": "Few wait; nobody"}
    )
    (tmp_path / "case.yaml").write_text((other / "case.yaml").read_text().replace("60 ships", "95 ships"))
    result = run(case, other, "-o", tmp_path / "page.html")
    for text in (result.output, (tmp_path / "page.html").read_text()):
        assert "These are different cases." in text
        assert "in 2: Few wait; nobody strikes." in text
    assert "different cases" not in run(case, f"{case}:full").output


def test_joined_variants_are_refused_with_the_way_to_name_one(case: Path) -> None:
    refused = run(case, f"{case}:full:old")
    assert refused.exit_code == 2 and "variants cannot be joined" in refused.output


def test_a_case_with_errors_is_refused_at_their_place(case: Path, tmp_path: Path) -> None:
    broken = write_facts_only(tmp_path, replace={"grade: A1": "grade: Z9"})
    result = run(case, broken)
    assert result.exit_code == 2
    assert "case.yaml:7" in result.output
