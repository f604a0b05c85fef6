"""A fact may have several values, one from each source; every one of them is checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.facts_only import write_facts_only

from tocsin.case import load
from tocsin.case.override import override
from tocsin.errors import CaseErrors

HEADER = "key,value,unit,date,kind,source,confidence,note"


def with_rows(folder: Path, *rows: str, extra: str = "") -> Path:
    case = write_facts_only(folder)
    text = (case / "case.yaml").read_text(encoding="utf-8")
    (case / "case.yaml").write_text(f"{text}fact_tables: [t.csv]\n{extra}", encoding="utf-8")
    (case / "t.csv").write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return case


def problems(case: Path) -> str:
    with pytest.raises(CaseErrors) as caught:
        load(case)
    return str(caught.value)


def test_rows_of_different_sources_are_values_of_one_fact(tmp_path: Path) -> None:
    case = load(with_rows(tmp_path, "x,5,ships,2024,,authority,medium,", "x,7,ships,2023,,paper,medium,as said"))
    fact = case.facts["x"]
    assert (fact.value, fact.source) == ("5", ("authority",))
    assert [(other.value, other.date, other.note) for other in fact.others] == [("7", "2023", "as said")]
    assert [str(value) for value in case.other_values["x"]] == ["7.0 ships"]


def test_the_yaml_of_a_fact_may_give_other_values(tmp_path: Path) -> None:
    old = '{value: "60 ships", date: 2024-05-02, source: [authority, paper], confidence: medium}'
    new = '{value: "60 ships", source: authority, confidence: medium, others: [{value: "95 ships", source: paper, confidence: medium}]}'
    case = load(write_facts_only(tmp_path, replace={old: new}))
    assert len(case.other_values["ships.waiting"]) == 1


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (("x,5,ships,,,authority,medium,", "x,7,ships,,,authority,medium,"), "of the same source"),
        (("x,5,ships,,,authority,medium,", "x,7,km,,,paper,medium,"), "different units"),
        (("x,5,ships,,,authority,medium,", "x,true,truth,,,paper,medium,"), "different units"),
        (("x,5,ships,,,authority,medium,", "x,7,ships,,,paper,low,"), "neither range nor flag"),
        (("x,5,ships,,,authority,medium,", "x,7,ships,,,nobody,medium,"), "unknown source `nobody`"),
        (("boxes.2013,5,ships,,,paper,medium,",), "duplicate fact"),
    ],
)
def test_values_that_do_not_fit_each_other_are_refused(rows: tuple[str, ...], words: str, tmp_path: Path) -> None:
    assert words in problems(with_rows(tmp_path, *rows))


def test_no_value_of_a_fact_may_be_late(tmp_path: Path) -> None:
    case = with_rows(tmp_path, "x,5,ships,2024,,authority,medium,", "x,7,ships,2025,,paper,medium,")
    text = (case / "case.yaml").read_text(encoding="utf-8").replace("not fact(strike)", "fact(x) > 3 ships")
    (case / "case.yaml").write_text(text, encoding="utf-8")
    assert "dated after as_of (2025)" in problems(case)


def test_a_span_is_known_at_its_end(tmp_path: Path) -> None:
    for span, late in (("2015/2024", False), ("2015/2025", True), ("2024-01/2024-06-30", False)):
        case = with_rows(tmp_path / span.replace("/", "_"), f"x,5,ships,{span},,authority,medium,")
        text = (case / "case.yaml").read_text(encoding="utf-8").replace("not fact(strike)", "fact(x) > 3 ships")
        (case / "case.yaml").write_text(text, encoding="utf-8")
        if late:
            assert "dated after as_of (2015/2025)" in problems(case)
        else:
            assert load(case).facts["x"].date == span


@pytest.mark.parametrize("span", ["2024/2015", "2015/", "/2015", "2015/2024/2025", "2024/2024", "2015/x"])
def test_a_span_has_two_ends_in_order(span: str, tmp_path: Path) -> None:
    assert "date" in problems(with_rows(tmp_path, f"x,5,ships,{span},,authority,medium,"))


def test_a_belief_does_not_choose_between_sources(tmp_path: Path) -> None:
    extra = 'beliefs:\n  words.share: {is: "fact(x)", unit: "1", source: paper, why: a record}\n'
    case = with_rows(tmp_path, "x,0.5,1,,,authority,medium,", "x,0.7,1,,,paper,medium,", extra=extra)
    assert "sources disagree about fact `x`" in problems(case)


def test_a_value_set_for_a_run_is_the_only_one(tmp_path: Path) -> None:
    case = load(with_rows(tmp_path, "x,5,ships,2024,,authority,medium,", "x,7,ships,2023,,paper,medium,"))
    changed = override(case, {"x": "6 ships"})
    assert changed.facts["x"].others == () and "x" not in changed.other_values


def test_too_many_combinations_are_refused(tmp_path: Path) -> None:
    rows = [
        f"x{i},{value},ships,,,{source},medium," for i in range(7) for value, source in ((1, "authority"), (2, "paper"))
    ]
    case = with_rows(tmp_path, *rows)
    test = " + ".join(f"fact(x{i})" for i in range(7))
    text = (case / "case.yaml").read_text(encoding="utf-8").replace("not fact(strike)", f"{test} > 3 ships")
    (case / "case.yaml").write_text(text, encoding="utf-8")
    assert "128 combinations" in problems(case)


def test_problems_of_one_cause_are_three_rows_a_count_and_one_remedy(tmp_path: Path) -> None:
    text = problems(with_rows(tmp_path, *(f"x{i},{i},frigates{i % 7},,,authority,medium," for i in range(300))))
    assert len(text.splitlines()) == 5
    assert "and 297 more of this cause: lines 5, 6, 7, ..." in text and text.count("remedy") == 1
    assert "write `count of frigates0`" in text


def test_many_causes_fit_on_one_screen(tmp_path: Path) -> None:
    words = [chr(97 + i) * 4 for i in range(26)]
    names = " and ".join(f"fact({word}.{i}) > 1" for i, word in enumerate(words))
    rows = [f"{word} {word},1,{word},{word},,{word},{word}," for word in words for _ in range(9)]
    assert len(problems(with_rows(tmp_path, *rows)).splitlines()) <= 42, names
