"""Hostile and broken cases are refused at their line and column, with a remedy."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.facts_only import write_facts_only
from tests.support import CASE, FACTS, RATES, SPENDING, write_case

from tocsin.case import load
from tocsin.case.lint import lint
from tocsin.errors import CaseErrors, InputError
from tocsin.translation import Text


def refused(folder: Path) -> CaseErrors:
    with pytest.raises(CaseErrors) as caught:
        load(folder)
    assert caught.value.exit_code == 2
    assert list(caught.value.problems) == sorted(caught.value.problems, key=InputError.sort_key)
    said = [text for problem in caught.value.problems for text in (problem.message, problem.remedy)]
    assert [text for text in said if not isinstance(text, Text | None)] == []  # a screen can say each in its language
    return caught.value


def find(text: str, marked: str) -> tuple[int, int]:
    """Line and column of the character after `^` in `marked`, which without it stands in `text`."""
    before, _, after = marked.partition("^")
    at = text.index(before + after) + len(before)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


@dataclass(frozen=True)
class Bad:
    """`old` becomes `new`, in which `^` marks the place of the error (taken out of the text)."""

    old: str
    new: str
    message: str
    remedy: str


YAML = [
    Bad(
        'is: "loguniform(20 to 120)"',
        "is: ^loguniform(20, 120)",
        "unquoted comma",
        'quote it: "beta(18, 3)"',
    ),
    Bad("id: minimal", "id: minimal\n^id: other", "duplicate key `id`", "keep one"),
    Bad("ALF: {name: Alpha}", "ALF: ^&a {name: Alpha}", "an anchor", "in quotes"),
    Bad("BET: {name: Beta}", "BET: {name: Beta}\n  ^<<: {name: Beta}", "a merge key", "write the values out"),
    Bad("id: minimal", "id: ^!!str minimal", "a tag", "remove it"),
    Bad("ALF: {name: Alpha}", "ALF: ^!evil {name: Alpha}", "a tag", "remove it"),
    Bad('cite: "A made-up yearbook, 2024"', "cite: ^!!python/object/apply:os.system [x]", "a tag", "remove it"),
    Bad("weight: 0.25", "weight: ^.nan", "not a finite number", "finite"),
    Bad("weight: 0.25", "weight: ^.inf", "not a finite number", "finite"),
    Bad("weight: 0.25", "weight: ^1e400", "exceeds", "digits"),
    Bad("years: 50", "years: ^0x32", "not a decimal number", "decimal"),
    Bad(
        "summary: A small",
        "summary: " + "[" * 29 + "^[[" + "]" * 31 + "\nx: A small",
        "nesting deeper",
        "flatten",
    ),
    Bad("questions:", '^"": 1\nquestions:', "an empty key", "name it"),
]

KEYS = [
    Bad("levels: 3", "levls: 3", "unknown key `theatres.strait.levls`", "did you mean `levels`?"),
    Bad("as_of: 2024-06-30", "as_of: ^2024-6-30", "not a day", "YYYY-MM-DD"),
    Bad("format: tocsin/1", "format: ^tocsin/2", "tocsin/2", "tocsin/1"),
    Bad("grade: B2", "grade: ^B7", "B7", "a letter from A to F and a digit"),
    Bad("name: Alpha", "name: ^12", "12 is not", "quote it"),
    Bad("  GAM: {name: Gamma}", "  ^9GAM: {name: Gamma}", "is not a valid name", "beginning with a letter"),
    Bad("  GAM: {name: Gamma}", "  ^日本: {name: Gamma}", "is not a valid name", "the letters a to z"),
    Bad("levels: 3", "levels: ^9", "9 is not less than or equal to 8", "limits"),
    Bad("levels: 3", "levels: ^0", "greater than or equal to 1", "limits"),
    Bad("horizon: 10", "horizon: ^101", "less than or equal to 100", "limits"),
    Bad("horizon: 10", "horizon: ^0", "0 is not greater than or equal to 1", "limits"),
    Bad("horizon: 10", "horizon: 10, milestones: [^0]", "greater than or equal to 1", "limits"),
    Bad(
        "horizon: 10",
        "horizon: 10, milestones: ^[5, 10]",
        "the milestones include the horizon, 10 years",
        "leave out 10: the horizon is always reported",
    ),
    Bad("horizon: 10", "horizon: 10, milestones: ^[5, 5]", "do not rise", "rising order"),
    Bad("horizon: 10", "horizon: 10, milestones: ^[12]", "do not rise", "before the horizon"),
    Bad("horizon: 10", "horizon: ^10.5", "integer", "number without quotes"),
    Bad("horizon: 10", "horizon: ^four steps", "integer", "in digits, such as 4"),
    Bad("central: 0.92", "central: ^1", "less than 1", "limits"),
    Bad("swept: [0.88,", "swept: [^0,", "greater than 0", "limits"),
    Bad("kind: causal", "kind: ^casual", "casual", "did you mean `causal`?"),
    Bad("values: [0, 0.02, 0.05]", "values: ^[]", "values`: the list is empty", "name at least one item"),
    Bad("confidence: medium}\nclaims", "confidence: ^mediun}\nclaims", "mediun", "did you mean `medium`?"),
    Bad("loosened_by: [condemn]", "loosened_by: [^comdemn]", "comdemn", "did you mean `condemn`?"),
    Bad("regimes: [GAM.alignment, BET.posture]", "regimes: ^[a, b, c, d, e, f, g]", "at most 6", "limits"),
    Bad("target: GAM,", "target: NO, ^target2: x,", "unknown key `theatres.strait.target2`", "`target`"),
    Bad(
        "sets: [[susceptibility",
        "sets: [^[susceptibility.GAM.alignment], [susceptibility",
        "at least 2",
        "limits",
    ),
    Bad("claims: [C1, C2]", "claims: ^C1", "not", "list"),
    Bad("weight: 0.25", 'weight: ^"0.25"', "not a valid number", "without quotes"),
    Bad("why: the same judgement for both}\narguments", "why:^ }\narguments", "nothing is not", "write a text"),
]

CHECKS = [
    Bad(
        "source: book, confidence: confirmed",
        "source: ^bok, confidence: confirmed",
        "unknown source `bok`",
        "`book`",
    ),
    Bad("sources:\n", "sources:\n  ^idle: {cite: x, grade: F6}\n", "source `idle` is not used", "remove it"),
    Bad(
        "date: 2024-03-01, kind: enacted",
        "date: ^2024/6/1, kind: enacted",
        "'2024/6/1' is not a date",
        "YYYY-MM-DD",
    ),
    Bad("challenger: ALF", "challenger: ^ALFF", "unknown actor", "did you mean `ALF`?"),
    Bad("protectors: [BET]", "protectors: [BET, ^GAM]", "already the target", "one role"),
    Bad("regimes: [GAM.alignment,", "regimes: [^GAM.aligment,", "unknown regime", "GAM.alignment"),
    Bad("start: 0", "start: ^3", "not below levels", "start below"),
    Bad("now: restricted", "now: ^restrict", "unknown state", "restricted"),
    Bad('aim: "union', 'access: {BET: ^ALF}, aim: "union', "defender to give access", "GAM"),
    Bad('aim: "union', 'access: {^GAM: BET}, aim: "union', "unknown protector", "BET"),
    Bad("security: {weight: 0.5", "security: {weight: 0.4", "sum to 0.9", "sum to 1"),
    Bad("  strait: {years", "  ^strat: {years", "unknown theatre", "strait"),
    Bad("press: 20, concessions: 4", "press: 20, concessions: ^40", "more concessions", "only concessions"),
    Bad("set: {spending.BET: rise}", "set: {spending.BET: ^rize}", "unknown spending path of BET", "`rise`"),
    Bad("set: {spending.BET: rise}", "set: {^spending.GAM: rise}", "unknown actor with spending paths", "BET"),
    Bad("set: {spending.BET: rise}", "set: {^money.BET: rise}", "unknown input of an event", "spending.BET"),
    Bad("{regimes.BET.posture: normal}", "{regimes.BET.posture: ^norml}", "unknown state", "normal"),
    Bad(
        "  rise: {says: Beta",
        "  GAM: {says: x, set: {spending.BET: rise}}\n  rise: {says: Beta",
        "an actor",
        "rename",
    ),
    Bad(
        "[[susceptibility.BET.posture,",
        "[[^susceptibility.BET.postur,",
        "unknown belief",
        "susceptibility.BET.posture",
    ),
    Bad("rivals: [R1]", "rivals: [^R2]", "unknown argument", "R1"),
    Bad("against: [C1]", "against: [^C9]", "unknown claim", "C1"),
    Bad("claims: [C1, C2]", "claims: [C1, ^C7]", "unknown claim", "C1"),
    Bad("alike: both,", "alike: ^boht,", "unknown group", "`both`"),
    Bad("central: 0.02, unit", "central: ^0.03, unit", "not among the values", "add it"),
    Bad('unit: "1"}}', "unit: ^foo}}", "unknown unit", "use one of"),
    Bad("> threshold", "^> 1 JPY", "incompatible units", "same kind of unit"),
    Bad("loss_aim(ALF, rise", "^loss_aim(ALF, rize", "unknown event `rize`", "`rise`"),
    Bad("amendment) > threshold", "amendment) ^=> threshold", "cannot follow", "write >="),
    Bad(
        'holds: "fact(budget.BET.2024) > 10 USD bn"',
        'holds: "^loss(rise)"',
        "neither true nor false",
        "compare it",
    ),
    Bad(
        ', kind: fact, holds: "fact(budget.BET.2024) > 10 USD bn"}',
        ", kind: fact}",
        "neither a test nor the reason",
        "exactly one",
    ),
    Bad("  C4: {says: Alpha", '  ^C4: {holds: "true", says: Alpha', "holds and untested", "exactly one"),
    Bad(
        "moved: {says: Gamma can be moved, holds",
        "^moved: {untested: {needs: x, why: y}, says: x, holds",
        "one of",
        "give",
    ),
    Bad(
        '  precision: {is: "loguniform(20 to 120)", unit: "1", by: tests,',
        '  ^precision: {is: "loguniform(20 to 120)", unit: "1",',
        "without an author",
        "add by",
    ),
    Bad("  precision: {", "  ^precison: {", "no model reads an input `precison`", "`precision`"),
    Bad("  stake.BET: {", "  ^stake.BETT: {", "unknown actor `BETT`", "BET"),
    Bad(
        'rollback: {is: "beta(0.02 to 0.2)", unit: per year',
        'rollback: {is: "beta(0.02 to 0.2)", unit: ^years',
        "is in 'per year', not 'years'",
        'unit: "per year"',
    ),
    Bad('toppling: {is: "beta(0.3 to 0.8)"', 'toppling: {is: ^"beta(0.8 to 0.3)"', "not below", "a < b"),
    Bad('toppling: {is: "beta(0.3 to 0.8)"', 'toppling: {is: ^"normal(7, 1)"', "no mass", "inside"),
    Bad(
        'toppling: {is: "beta(0.3 to 0.8)"',
        'toppling: {is: ^"fact(said.ALF.budget)"',
        "is not a number",
        "quantity",
    ),
    Bad('value: "12 USD bn"', 'value: ^"12 USDD bn"', "unknown unit", ""),
    Bad(
        "confidence: medium}\nfact_tables",
        "confidence: ^recalled}\nfact_tables",
        "neither range nor flag",
        "flag",
    ),
    Bad(
        "kind: enacted, source: book",
        'kind: enacted, range: ^"1 to 2 USD bn", source: book',
        "outside its range",
        "both",
    ),
    Bad(
        "kind: enacted, source: book",
        'kind: enacted, range: ^"1 to 20 JPY bn", source: book',
        "incompatible units",
        "",
    ),
    Bad("now: flat", "now: ^falt", "unknown spending path", "`flat`"),
    Bad("options: [flat, rise]", "options: [flat, rise, ^fall]", "has no rows", "remove it"),
    Bad("facts.csv", "../facts.csv", "leaves the case's folder", "inside the folder"),
    Bad("facts.csv", "/etc/passwd", "leaves the case's folder", "inside the folder"),
    Bad("rates: rates.csv", "rates: ^none.csv", "no file", "check the name"),
    Bad("table: spending.csv", "table: ^.", "not a regular file", "name a file"),
]


@pytest.mark.parametrize("bad", YAML + KEYS + CHECKS, ids=lambda bad: bad.new.strip()[:50])
def test_a_bad_case_is_refused_at_its_place(tmp_path: Path, bad: Bad) -> None:
    assert bad.old in CASE
    text = CASE.replace(bad.old, bad.new.replace("^", "", 1) if "^" in bad.new else bad.new, 1)
    folder = write_case(tmp_path)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    problems = refused(folder).problems
    matching = [p for p in problems if bad.message in p.message and bad.remedy in (p.remedy or "")]
    assert matching, [str(problem) for problem in problems]
    assert matching[0].file == "case.yaml"
    if "^" in bad.new:
        where = (text.count("\n", 0, at := _at(bad, text)) + 1, at - text.rfind("\n", 0, at))
        assert where in {(problem.line, problem.column) for problem in matching}
    assert matching[0].line


def _at(bad: Bad, text: str) -> int:
    return text.index(bad.new.replace("^", "", 1)) + bad.new.index("^")


TABLES = [
    ("facts.csv", FACTS, "key,value", "key;value", 1, "wrong header", "write key,value,unit"),
    ("facts.csv", FACTS, "500000,persons", "500000,persons,extra", 2, "cells for 8 columns", "quote a cell"),
    ("facts.csv", FACTS, "500000,", "half a million,", 2, "not a number", "digits"),
    ("facts.csv", FACTS, "500000,persons", "500000,prsons", 2, "unknown unit", "persons"),
    (
        "facts.csv",
        FACTS,
        "personnel.ALF",
        "budget.BET.2024",
        2,
        "duplicate fact `budget.BET.2024` (first in case.yaml",
        "keep one",
    ),
    ("facts.csv", FACTS, "medium", "mediun", 2, "not a level of confidence", "medium"),
    ("facts.csv", FACTS, "medium", "low", 2, "neither range nor flag", "flag"),
    ("facts.csv", FACTS, ",2024,", ",2024-13,", 2, "date", ""),
    ("facts.csv", FACTS, "estimate,book", "estimate,", 2, "a row without a source", "name a key"),
    ("facts.csv", FACTS, "estimate,book", "estimate,bok", 2, "unknown source", "book"),
    ("facts.csv", FACTS, "estimate", '"estimate', 2, "quotation mark opens here", "close it"),
    ("facts.csv", FACTS, "estimate", "esti\0mate", 2, "NUL", "plain CSV"),
    ("rates.csv", RATES, "XTS,2023,140", "XTS,2023,0", 7, "not above 0", "empty"),
    ("rates.csv", RATES, "XTS,2023,140", "XTS,2022,140", 7, "two rows for XTS in 2022", "keep one"),
    ("rates.csv", RATES, "XTS,2021", "xts,2021", 5, "not a currency", "did you mean `XTS`"),
    ("rates.csv", RATES, "XTS,2021", "XTS,year", 5, "not a year", "e.g. 2026"),
    ("spending.csv", SPENDING, "record,1000", "record,-1000", 2, "negative spending", "0 or more"),
    ("spending.csv", SPENDING, "record,1000", "record,nan", 2, "not a number", "digits"),
    ("spending.csv", SPENDING, "record,1000,XTS bn", "record,1000,persons", 2, "is not money", "JPY bn"),
    ("spending.csv", SPENDING, "BET,2021", "BTE,2021", 2, "unknown actor", "BET"),
    ("spending.csv", SPENDING, "2021,record,1000", "2021,recrd,1000", 2, "unknown spending path", "record"),
    ("spending.csv", SPENDING, "BET,2022,record", "BET,2021,record", 3, "two rows for BET 2021 record", "keep one"),
    ("spending.csv", SPENDING, "1000,XTS bn", "1000,JPY bn", 2, "unknown currency", "XTS"),
    (
        "spending.csv",
        SPENDING,
        "GAM,2022,record",
        "GAM,2020,record",
        10,
        "no value for 2022",
        "gaps are not filled",
    ),
    (
        "rates.csv",
        RATES,
        "XTS,2021,110,0.95",
        "XTS,2021,110,",
        2,
        "no GDP deflator of XTS for 2021",
        "add it",
    ),
    ("rates.csv", RATES, "XTS,2023,140,1,95", "XTS,2023,140,1,", 2, "no purchasing power parity", "add it"),
]


@pytest.mark.parametrize(("name", "text", "old", "new", "line", "message", "remedy"), TABLES)
def test_a_bad_table_is_refused_at_its_line(
    tmp_path: Path, name: str, text: str, old: str, new: str, line: int, message: str, remedy: str
) -> None:
    folder = write_case(tmp_path)
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    problems = refused(folder).problems
    matching = [p for p in problems if message in p.message and remedy in (p.remedy or "")]
    assert matching, [str(problem) for problem in problems]
    assert line in {problem.line for problem in matching}
    assert matching[0].file in (name, "spending.csv")


RAW = [
    (b"format: tocsin/1\nid: \xff\n", 2, 5, "not UTF-8", "save the file as UTF-8"),
    (b"a: 1\n\tb: 2\n", 2, None, "a tab", "spaces"),
    (b"a: [1, 2\n", 1, 4, "bracket [", "write ]"),
    (b"a: b: c\n", 1, None, "contains a colon", "in quotes"),
    (b"a: 1\n---\nb: 2\n", 2, 1, "a second document", "one document per file"),
    (b"%YAML 1.1\n---\na: NO\n", None, None, "YAML 1.1", "1.2"),
    (b"- a\n- b\n", 1, None, "not a mapping", "format: tocsin/1"),
    (b"", 1, None, "not a mapping", "format: tocsin/1"),
    (b"a: &x 1\nb: *x\n", 1, None, "an anchor", "in quotes"),
    (b"a: *x\n", 1, None, "an alias", "in quotes"),
    (b"? [a]\n: 1\n", 1, None, "a key that is not a text", "plain key"),
    (b"a: \x07\n", 1, None, "not allowed", "remove it"),
    (b"a: " + b"[" * 100_000, 1, None, "nesting deeper than 30", "flatten"),
    pytest.param(b"a:\n" + b" - 1\n" * 200_001, None, None, "more than 200000 values", "CSV", marks=pytest.mark.slow),
    (b"#" * 2_000_001, None, None, "larger than 2 MB", "shorten"),
]


@pytest.mark.parametrize(("data", "line", "column", "message", "remedy"), RAW, ids=range(len(RAW)))
def test_a_file_that_is_not_a_case_is_refused(
    tmp_path: Path, data: bytes, line: int | None, column: int | None, message: str, remedy: str
) -> None:
    (tmp_path / "case.yaml").write_bytes(data)
    problem = refused(tmp_path).problems[0]
    assert message in problem.message
    assert remedy in (problem.remedy or "")
    assert problem.file == "case.yaml"
    assert line is None or problem.line == line
    assert column is None or problem.column == column


def test_a_file_of_too_many_values_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.reading.yaml.MAX_NODES", 2_000)  # to read 200,000 takes seconds; a slow test does
    (tmp_path / "case.yaml").write_bytes(b"a:\n" + b" - 1\n" * 2_001)
    problem = refused(tmp_path).problems[0]
    assert "more than 2000 values" in problem.message and "CSV" in (problem.remedy or "")


def test_a_missing_case_is_refused(tmp_path: Path) -> None:
    assert "no case at" in refused(tmp_path / "nowhere").message
    assert "no case at" in refused(tmp_path).message


def test_missing_keys_are_named_with_what_they_mean(tmp_path: Path) -> None:
    write_case(tmp_path, replace={"title: Would a stronger Beta deter Alpha from Gamma?\n": ""})
    problem = refused(tmp_path).problems[0]
    assert "missing key `title`" in problem.message
    assert "one line" in (problem.remedy or "")


def test_missing_inputs_of_a_theatre_are_listed_together(tmp_path: Path) -> None:
    write_case(
        tmp_path,
        replace={"  personnel.BET: {": "  # personnel.BET: {", "  personnel.GAM: {": "  # personnel.GAM: {"},
    )
    (problem,) = refused(tmp_path).problems
    assert "lacks 2 inputs: personnel.GAM, personnel.BET" in problem.message
    assert "they have no default" in (problem.remedy or "")
    assert "active military personnel" in (problem.remedy or "")
    assert (problem.line, problem.column) == find((tmp_path / "case.yaml").read_text(), "\n  ^strait: {model")


def test_an_actor_without_rows_needs_a_spending_belief(tmp_path: Path) -> None:
    write_case(tmp_path, replace={"  spending.ALF: {": "  # spending.ALF: {"})
    assert "spending.ALF" in refused(tmp_path).message


def test_all_problems_are_reported_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    write_case(
        tmp_path,
        replace={
            "challenger: ALF": "challenger: ALFF",
            "rivals: [R1]": "rivals: [R2]",
            "central: 0.02": "central: 1",
        },
    )
    problems = refused(tmp_path).problems
    assert len(problems) >= 3
    assert "remedy:" in str(problems[0])
    assert str(problems[0]).startswith(f"case.yaml:{problems[0].line}:")


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "case")
    outside = tmp_path / "outside.csv"
    outside.write_text(FACTS, encoding="utf-8")
    (folder / "facts.csv").unlink()
    (folder / "facts.csv").symlink_to(outside)
    assert "a link that leaves" in refused(folder).message


def test_pipes_and_loops_are_refused(tmp_path: Path) -> None:
    folder = write_case(tmp_path)
    (folder / "facts.csv").unlink()
    os.mkfifo(folder / "facts.csv")
    assert "not a regular file" in refused(folder).message
    (folder / "facts.csv").unlink()
    (folder / "facts.csv").symlink_to(folder / "facts.csv")
    assert "no file" in refused(folder).message


def test_no_is_a_text_and_a_valid_name(tmp_path: Path) -> None:
    text = {
        "firm: normal": "firm: NO",
        "posture: normal": "posture: NO",
        "says: Beta spends more": "says: NO",
    }
    write_case(tmp_path, replace=text)
    case = load(tmp_path)
    assert case.regimes["BET.posture"].firm == "NO"
    assert case.events["rise"].says == "NO"


TOKENS = [token for token in re.split(r"[^A-Za-z0-9_.]+", CASE + SPENDING + RATES) if token]
ODD = ["", "NO", "null", "-1", "1e18", "[", "}", '"', "#", ": ", "\n", "\t", "&a", "*a", "---", "\u2028"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(min_value=0), st.sampled_from(TOKENS + ODD))
def test_a_case_with_any_word_changed_loads_or_is_refused_with_place_and_remedy(
    tmp_path: Path, at: int, token: str
) -> None:
    parts = re.split(r"([^A-Za-z0-9_.]+)", CASE)
    parts[at % len(parts)] = token
    folder = write_case(tmp_path)
    (folder / "case.yaml").write_text("".join(parts), encoding="utf-8", newline="")
    try:
        lint(load(folder))
        problems: tuple[InputError, ...] = ()
    except CaseErrors as errors:
        problems = errors.problems
    assert all(problem.file and problem.line and problem.remedy for problem in problems)


def test_an_unknown_input_in_a_case_without_games_is_refused_with_the_page_of_names(tmp_path: Path) -> None:
    added = 'beliefs:\n  delay: {is: "uniform(0, 1)", unit: "1", by: tests, why: given}\nclaims:\n'
    folder = write_facts_only(tmp_path / "case", replace={"claims:\n": added})
    with pytest.raises(CaseErrors) as caught:
        load(folder)
    (problem,) = caught.value.problems
    assert "no model reads an input `delay`" in problem.message
    assert (
        problem.remedy
        == "use the name of an input of docs/case-beliefs.md, such as `growth.ACTOR`, or remove the belief"
    )


def test_loading_a_case_module_loads_no_heavy_library() -> None:
    code = "import sys, tocsin.case; print([name for name in ('numpy', 'scipy', 'jax') if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
