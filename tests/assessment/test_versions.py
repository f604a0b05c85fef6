"""Where sources disagree about a fact, a test is judged by each value, and the verdict says where they part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

import pytest
from tests.facts_only import write_facts_only
from tests.support import minimal_case

from tocsin.assessment.result import ClaimResult
from tocsin.assessment.run import assess
from tocsin.case import Case, load

OLD = '{value: "60 ships", date: 2024-05-02, source: [authority, paper], confidence: medium}'
OTHER = 'others: [{value: "%s", source: paper, confidence: medium}]'


def case_with(folder: Path, other: str, test: str = "fact(ships.waiting) >= 90 ships") -> Case:
    new = '{value: "60 ships", date: 2024-05-02, source: authority, confidence: medium, ' + OTHER % other + "}"
    return load(write_facts_only(folder, replace={OLD: new, "fact(ships.waiting) >= 90 ships": test}))


def with_table(folder: Path, test: str, rows: Sequence[str], replaced: Mapping[str, str] | None = None) -> Case:
    """Return the case with a table of facts and a test of them."""
    write_facts_only(folder, replace={"fact(ships.waiting) >= 90 ships": test, **(replaced or {})})
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(f"{text}fact_tables: [t.csv]\n", encoding="utf-8")
    head = "key,value,unit,date,kind,source,confidence,note"
    (folder / "t.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    return load(folder)


def claim(case: Case, name: str = "C2") -> ClaimResult:
    return assess(case, draws=256).claim(name)


def test_a_part_on_which_sources_part_is_disputed_and_says_so(tmp_path: Path) -> None:
    result = claim(case_with(tmp_path, "95 ships"))
    part = next(part for part in result.parts if part.name == "ninety")
    assert (part.verdict, part.words) == ("disputed", "sources disagree")
    assert (
        part.note
        == "The sources disagree about ships waiting: by Port authority it fails; by A made-up paper it holds."
    )
    assert part.shown == "by Port authority: 60 ships, below 90; by A made-up paper: 95 ships, at least 90"
    assert [(fact.value, fact.sources) for fact in part.read] == [
        ("60 ships", ("authority",)),
        ("95 ships", ("paper",)),
    ]
    assert result.verdict == "partly"


@pytest.mark.parametrize(("other", "verdict"), [("80 ships", "fails"), ("0.06 k ships", "fails")])
def test_sources_that_lead_to_one_verdict_keep_it(other: str, verdict: str, tmp_path: Path) -> None:
    part = next(part for part in claim(case_with(tmp_path, other)).parts if part.name == "ninety")
    assert part.verdict == verdict
    assert ("all of them lead to this verdict" in part.note) == (other == "80 ships")  # 0.06 k ships are 60
    several = other == "80 ships"
    assert part.shown == ("by each of 2 sources: 60 ships to 80 ships, below 90" if several else "60 ships, below 90")


def test_combinations_that_agree_are_one_line_with_the_range(tmp_path: Path) -> None:
    rows = [
        f"{key},{value},ships,,,{source},medium,"
        for key in "abcd"
        for value, source in ((3, "authority"), (5, "paper"))
    ]
    case = with_table(tmp_path, "fact(a) + fact(b) + fact(c) + fact(d) > 10 ships", rows)
    part = next(part for part in claim(case).parts if part.name == "ninety")
    assert part.shown == "by each of 16 combinations of sources: 12 ships to 20 ships, above 10"
    assert part.note == "The sources disagree about a, b, c, d; all of them lead to this verdict."


def test_combinations_that_agree_about_no_number_have_each_text_once(tmp_path: Path) -> None:
    rows = [
        f"{key},{value},,,,{source},medium,"
        for key in "ab"
        for value, source in (("true", "authority"), ("false", "paper"))
    ]
    case = with_table(tmp_path, "fact(a) or not fact(a) or fact(b)", rows)
    part = next(part for part in claim(case).parts if part.name == "ninety")
    assert part.verdict == "holds" and part.shown.startswith("by each of 4 combinations of sources: a: ")


def test_a_maker_of_several_values_is_named_with_the_source(tmp_path: Path) -> None:
    rows = [f"a,{value},ships,,,{source},medium," for value, source in ((1, "authority"), (20, "later"))]
    sources = {"sources:\n": 'sources:\n  later: {cite: "Port authority, yearbook 2025", grade: A1}\n'}
    case = with_table(tmp_path, "fact(a) > 10 ships", rows, sources)
    part = next(part for part in claim(case).parts if part.name == "ninety")
    assert (
        part.shown
        == "by Port authority (authority): 1 ships, not above 10; by Port authority (later): 20 ships, above 10"
    )


def test_every_combination_of_several_facts_is_judged(tmp_path: Path) -> None:
    text = (write_facts_only(tmp_path) / "case.yaml").read_text(encoding="utf-8")
    text = text.replace("fact(ships.waiting) >= 90 ships", "fact(a) + fact(b) >= 10 ships") + "fact_tables: [t.csv]\n"
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    for a, b in product(((1, 9), (5, 9), (1, 2)), ((1, 1), (5, 5), (1, 8))):
        rows = [
            f"{key},{value},ships,,,{source},medium,"
            for key, pair in (("a", a), ("b", b))
            for value, source in zip(pair, ("authority", "paper"), strict=True)
        ]
        (tmp_path / "t.csv").write_text(
            "key,value,unit,date,kind,source,confidence,note\n" + "\n".join(rows), encoding="utf-8"
        )
        part = next(part for part in claim(load(tmp_path)).parts if part.name == "ninety")
        truths = {x + y >= 10 for x, y in product(a, b)}
        assert part.verdict == ("disputed" if len(truths) == 2 else "holds" if truths == {True} else "fails"), (a, b)


def test_an_estimate_is_judged_by_each_value_too(tmp_path: Path) -> None:
    beliefs = """\
beliefs:
  loosens.ALF.alignment: {is: "rate(9 in 20)", unit: per year, source: authority, why: changes on record}
regimes:
  ALF.alignment: {actor: ALF, kind: alignment, firm: aligned, loose: engaging, now: aligned}
actors:
  ALF: {name: Alpha}
claims:
  E1: {says: Alpha turns often., kind: comparative, sources: [authority], holds: "input(loosens.ALF.alignment) > fact(limit)"}
"""
    fact = '  limit: {value: "%s per year", source: authority, confidence: medium, ' + OTHER + "}\nclaims:\n"
    for low, high, verdict in (("0.1", "0.9", "disputed"), ("0.1", "0.2", "holds")):
        replaced = {
            "arguments:\n": (fact % (low, f"{high} per year")).replace("claims:\n", "arguments:\n"),
            "claims:\n": beliefs,
        }
        case = load(write_facts_only(tmp_path / verdict, replace=replaced))
        result = claim(case, "E1")
        assert result.verdict == verdict
        assert (result.probability is None) == (verdict == "disputed")


def test_a_joint_verdict_leaves_a_disputed_part_open(tmp_path: Path) -> None:
    case = case_with(tmp_path, "95 ships", "fact(ships.waiting) >= 90 ships")
    text = (
        (tmp_path / "case.yaml")
        .read_text(encoding="utf-8")
        .replace("parts: {ninety", "any of: {ninety")
        .replace("not fact(strike)", "fact(strike)")
    )
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    assert claim(case).verdict == "partly"
    assert claim(load(tmp_path)).verdict == "disputed"


def test_the_brief_lists_every_value_with_its_source(tmp_path: Path) -> None:
    from tocsin.report.brief import render

    page = render(assess(case_with(tmp_path, "95 ships"), draws=256))
    assert "95 ships" in page and "60 ships" in page and "sources disagree" in page.lower()


@pytest.mark.slow
@pytest.mark.numeric
def test_a_test_that_one_source_settles_and_the_other_leaves_to_the_model_is_judged_by_both(tmp_path: Path) -> None:
    budget = 'value: "12 USD bn", date: 2024-03-01, kind: enacted, source: book, confidence: confirmed'
    other = ', others: [{value: "8 USD bn", date: 2024-03-01, source: paper, confidence: medium}]'
    test = '"fact(budget.BET.2024) > 10 USD bn and risk(rise) > 0.0001"'
    replaced = {
        budget: budget + other,
        '"fact(budget.BET.2024) > 10 USD bn"': test,
        "sources:\n": 'sources:\n  paper: {cite: "A made-up paper", grade: C3}\n',
    }
    assessment = assess(minimal_case(tmp_path, replace=replaced), draws=256)
    result = assessment.claim("C3")
    assert (result.verdict, result.words) == ("disputed", "sources disagree")
    assert "by A made-up yearbook it holds; by A made-up paper it fails" in result.note
