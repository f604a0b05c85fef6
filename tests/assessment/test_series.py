"""A case whose claims read series, registers, texts and durations: verdicts, facts read, and what is late or flagged."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.facts_only import FACTS_ONLY

from tocsin.assessment.result import ClaimResult
from tocsin.assessment.run import assess
from tocsin.case import Case, load
from tocsin.case.nodes import Binary, Call, Number, Series
from tocsin.errors import CaseErrors
from tocsin.report.brief import render

HEADER = "key,value,unit,date,kind,source,confidence,note,range,flag\n"
RAIDS = (3, 4, 2, 5, 3, 7, 9, 8, 11, 8)
ROWS = [
    f"raids.{2010 + index},{count},events,{2010 + index},count,paper,confirmed,,," for index, count in enumerate(RAIDS)
]
OTHER = [
    "test.a,2021-03-25,date,,ballistic,paper,confirmed,,,",
    "test.b,2021-09-28,date,,glider,paper,confirmed,,,",
    "capital,Tallinn,text,2024,,paper,confirmed,,,",
]
CLAIMS = {
    "S1": "change(series(raids, 2010..2019), 2015) > 0",
    "S2": "mean(series(raids, 2010..2020)) > 1 events",
    "S3": 'first_of(test, "glider") within 1 days of 2021-09-29 and fact(capital) == "Tallinn"',
    "S4": "1 events < min(series(raids, 2010..2019)) < 3 events",
    "S5": "fact(test.b) - fact(test.a) > 1 years",
}


def case_of_series(folder: Path, rows: list[str], claims: dict[str, str] | None = None) -> Case:
    """Load the case of facts alone with a table of facts and some claims."""
    written = "".join(
        f"  {key}: {{says: Raids rose., kind: fact, sources: [paper], holds: '{test}'}}\n"
        for key, test in (claims or CLAIMS).items()
    )
    text = FACTS_ONLY.replace("arguments:\n", "fact_tables: [more.csv]\narguments:\n")
    text = text.replace("questions:\n", f"{written}questions:\n")
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    (folder / "more.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return load(folder)


def results(case: Case) -> dict[str, ClaimResult]:
    return {claim.id: claim for claim in assess(case).claims}


def test_facts_decide_and_the_brief_says_by_which_numbers(tmp_path: Path) -> None:
    case = case_of_series(tmp_path, ROWS + OTHER)
    claims = results(case)
    assert {key: claims[key].verdict for key in CLAIMS} == {
        "S1": "holds", "S2": "cannot tell", "S3": "holds", "S4": "holds", "S5": "fails",
    }  # fmt: skip
    assert claims["S1"].shown == "5.2 events, above 0; 95 % interval of the change 1.59 to 7.83 events"
    assert claims["S2"].shown == "raids has no fact for 2020"
    assert [fact.key for fact in claims["S1"].read] == [f"raids.{year}" for year in range(2010, 2020)]
    page = render(assess(case)).replace("\N{NO-BREAK SPACE}", " ")
    assert claims["S1"].shown in page
    assert f"Cannot be decided: {claims['S2'].shown}." in page


def test_a_flagged_year_leaves_the_series_open(tmp_path: Path) -> None:
    rows = [row.replace("confirmed,,,", "low,,,rumour") if row.startswith("raids.2013") else row for row in ROWS]
    note = results(case_of_series(tmp_path, rows + OTHER))["S1"].note
    assert note == "Without the flagged facts (raids.2013), the verdict is: not tested."


def test_a_late_year_of_a_series_is_refused(tmp_path: Path) -> None:
    late = "raids.2020,9,events,2025,count,paper,confirmed,,,"
    with pytest.raises(CaseErrors) as caught:
        case_of_series(tmp_path, [*ROWS, late, *OTHER])
    assert "the test reads fact `raids.2020`, which is dated after as_of (2025)" in caught.value.message


def test_a_test_needs_the_year_in_the_key(tmp_path: Path) -> None:
    with pytest.raises(CaseErrors) as caught:
        case_of_series(tmp_path, ROWS + OTHER, {"S1": "sum(series(raid, 2010..2019)) > 0"})
    assert caught.value.problems[0].remedy == "give facts raid.2010 and so on; did you mean `raids`?"


def test_a_number_of_a_series_counts_as_a_number_beside_a_quantity(tmp_path: Path) -> None:
    from tocsin.assessment.comparisons import with_numbers
    from tocsin.case.bounds import decided
    from tocsin.case.compiled import Test

    case = case_of_series(tmp_path, ROWS + OTHER)
    mean = Series("mean", "raids", 2010, 2019, None, tuple(range(2010, 2020)))
    known = with_numbers(case, Test(Binary(">", mean, Call("risk")))).node
    assert isinstance(known, Binary)
    assert isinstance(known.a, Number)
    assert known.a.base == 6
    # a risk never exceeds 1, so that the comparison is the same in every world
    (decision,) = decided(Binary(">", mean, Call("risk")), case, case.values, ())
    assert decision[2] == (0.0, 1.0)
