"""An import asks once, remembers, and writes all of it or nothing; what it refuses, it names on one screen."""

from __future__ import annotations

import csv
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.importing.support import write_case

from tocsin.case import load
from tocsin.cli import main
from tocsin.errors import InputError
from tocsin.importing.grid import grid_of, read_grid
from tocsin.importing.layout import read_layout
from tocsin.importing.plan import read_target
from tocsin.importing.run import Options, prepare

SCREEN = 50
BOTH = ("--set", "source=authority", "--set", "confidence=medium")


def run(table: Path | str, case: Path, *options: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["facts", "import", str(table), "--case", str(case), *options], input=stdin)


def files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return write_case(tmp_path / "case")


def table(folder: Path, text: str, name: str = "t.csv") -> Path:
    file = folder.parent / name
    file.write_text(text, encoding="utf-8")
    return file


def refused(result: Result, *words: str) -> None:
    assert result.exit_code == 2, result.output
    assert len(result.output.splitlines()) <= SCREEN
    for word in words:
        assert word in result.output


# --- what is written -----------------------------------------------------------------------------------------------


def test_a_dry_run_writes_nothing(case: Path) -> None:
    before = files(case)
    result = run(table(case, "key,value\na,5\n"), case, *BOTH, "--dry-run")
    assert result.exit_code == 0 and "would write 1 fact" in result.output
    assert files(case) == before


def test_the_text_of_a_mark_beside_the_value_is_kept_and_an_idle_note_is_named(case: Path) -> None:
    text = "key,value,note\na*,5,\nb,6,early†\nc,7,\n* without islands\n† first estimate\n‡ of no row\n"
    result = run(table(case, text), case, *BOTH)
    assert result.exit_code == 0, result.output
    assert "a note whose mark no fact has, left out: row 7 ('‡ of no row')" in result.output
    notes = {key: fact.note for key, fact in load(case).facts.items() if key in "abc"}
    assert notes == {"a": "*: without islands", "b": "early†; †: first estimate", "c": ""}


def test_the_table_is_listed_beside_the_facts_and_before_the_sentences(case: Path) -> None:
    file = case / "case.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "sentences: {1: {hash: 0123456789abcdef, quote: It waits.}}\n")
    assert run(table(case, "key,value\na,5\n"), case, *BOTH).exit_code == 0
    names = [line.partition(":")[0] for line in file.read_text(encoding="utf-8").splitlines() if line[:1].isalpha()]
    assert names.index("fact_tables") == names.index("facts") + 1
    assert names[-1] == "sentences"


def test_a_long_table_is_shown_whole_with_all(case: Path) -> None:
    rows = "".join(f"k{number},{number}\n" for number in range(100, 135))
    path = table(case, f"key,value\n{rows}")
    short = run(path, case, *BOTH, "--dry-run").output
    assert "k119" in short and "k120" not in short and "and 15 more; --all shows them" in short
    whole = run(path, case, *BOTH, "--dry-run", "--all").output
    assert "k134" in whole and "more; --all" not in whole


@pytest.mark.parametrize(
    ("cite", "key"),
    [
        ("SIPRI Military Expenditure Database, 1949-2024", "sipri_military_1949"),
        ("Kim, Journal of Seas 12 (2025)", "kim_journal_seas_2025"),
        ("Bundesverteidigungsministerialblatt 2020", "bundesverteidigungs_2020"),
        ("2024", "source_2024"),
    ],
)
def test_keys_of_sources_are_short(case: Path, cite: str, key: str) -> None:
    assert len(key) <= 24
    assert run(table(case, f'key,value,source\na,5,"{cite}"\n'), case, "--set", "confidence=medium").exit_code == 0
    assert load(case).facts["a"].source == (key,)


def test_facts_sources_and_mapping_are_written_and_comments_stay(case: Path) -> None:
    text = 'Item,How many,Where read\na,5,"Kim, Seas, 2020"\nb,6,authority\n'
    file = table(case, text)
    result = run(
        file,
        case,
        "--map",
        "key=Item",
        "--map",
        "value=how many",
        "--map",
        "source=Where read",
        "--set",
        "confidence=medium",
    )
    assert result.exit_code == 0, result.output
    loaded = load(case)
    assert loaded.facts["a"].source == ("kim_seas_2020",) and loaded.sources["kim_seas_2020"].cite == "Kim, Seas, 2020"
    assert loaded.sources["kim_seas_2020"].grade == "F6" and loaded.facts["b"].source == ("authority",)
    assert loaded.sources["kim_seas_2020"].note == "from an imported table, not graded"  # the brief prints it
    written = (case / "case.yaml").read_text(encoding="utf-8")
    for comment in ("# sources of the author", "# read in print", "# kept"):
        assert comment in written
    file.write_text(text.replace("5", "7"), encoding="utf-8")
    assert run(file, case).exit_code == 0  # the mapping is remembered
    assert load(case).facts["a"].value == "7"
    assert (case / "case.yaml").read_text(encoding="utf-8") == written


def test_a_pasted_table_comes_from_standard_input(case: Path) -> None:
    result = run("-", case, *BOTH, stdin="key\tvalue\tunit\na\t5\tincursions\n")
    assert result.exit_code == 0, result.output
    assert load(case).facts["a"].unit == "count of incursions"
    assert (case / "facts" / "pasted.csv").exists()


def test_a_table_that_was_not_imported_is_not_overwritten(case: Path) -> None:
    (case / "facts").mkdir()
    (case / "facts" / "t.csv").write_text("mine", encoding="utf-8")
    refused(run(table(case, "key,value\na,5\n"), case, *BOTH), "was not imported", "--name")
    assert (case / "facts" / "t.csv").read_text(encoding="utf-8") == "mine"
    assert run(table(case, "key,value\na,5\n"), case, *BOTH, "--name", "other").exit_code == 0


def test_another_table_of_the_same_name_does_not_replace_the_first(case: Path) -> None:
    assert run(table(case, "key,value\na,5\n"), case, *BOTH).exit_code == 0
    before = files(case)
    refused(run(table(case, "id,amount\nb,6\n"), case, *BOTH), "other columns was imported as `t`", "--name")
    assert files(case) == before
    assert run(table(case, "id,amount\nb,6\n"), case, *BOTH, "--name", "u").exit_code == 0
    assert {"a", "b"} < set(load(case).facts)


def test_a_case_that_would_not_load_is_left_as_it_is(case: Path) -> None:
    before = files(case)
    refused(
        run(table(case, "key,value\nbase,5\n"), case, *BOTH),
        "would not load with these facts; nothing is written",
        "duplicate fact `base`",
    )
    assert files(case) == before


def test_a_flag_for_all_rows_is_given_to_those_that_need_one(case: Path) -> None:
    text = "key,value,confidence\na,5,low\nb,6,confirmed\n"
    assert run(table(case, text), case, "--set", "source=authority", "--set", "flag=the only figure").exit_code == 0
    facts = load(case).facts
    assert (facts["a"].flag, facts["b"].flag) == ("the only figure", None)


def test_a_test_may_already_read_the_facts_to_come(tmp_path: Path) -> None:
    text = (write_case(tmp_path / "a") / "case.yaml").read_text(encoding="utf-8")
    case = write_case(tmp_path / "case", text.replace("fact(base) >= 10 ships", "fact(entries) > 3 incursions"))
    assert run(table(case, "key,value\nentries,5 incursions\n"), case, *BOTH).exit_code == 0
    load(case)


def test_a_read_only_case_is_refused_before_anything_is_written(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(case)
    monkeypatch.setattr(os, "access", lambda _path, mode: not mode & os.W_OK)  # root may write everywhere
    refused(run(table(case, "key,value\na,5\n"), case, *BOTH), "cannot write")
    assert files(case) == before


def test_sources_that_disagree_stay_rows_of_one_fact(case: Path) -> None:
    text = "key,value,source\nwaiting,60 ships,authority\nwaiting,95 ships,Radio 2024\n"
    assert run(table(case, text), case, "--set", "confidence=medium").exit_code == 0
    fact = load(case).facts["waiting"]
    assert fact.value == "60" and [(other.value, other.source) for other in fact.others] == [("95", ("radio_2024",))]


# --- what is asked -------------------------------------------------------------------------------------------------


def test_what_is_missing_is_asked_for_and_remembered(case: Path) -> None:
    asked: list[str] = []

    def answer(question: str, choices: Sequence[str]) -> str:
        asked.append(question)
        if "names each fact" in question:
            return "Area"
        if "decimal" in question:
            return ","
        return "medium" if "medium" in choices else "authority"

    grid = grid_of(b"Area\tEntries\tSeen\nNorth\t1.234\t03/05/2024\n", "t")
    ready = prepare(grid, case, Options(maps=["date=Seen"], dates="mdy"), "t", answer)
    assert len(asked) == 4
    fact = ready.conversion.facts[0]
    assert (fact.key, fact.value, fact.date) == ("North", "1234", "2024-03-05")
    assert 'decimal: ","' in ready.files[case / "facts" / "mapping.yaml"]


def test_a_person_chooses_between_two_columns_of_values(case: Path) -> None:
    grid = grid_of(b"key,cost 2023,cost 2024\na,5,6\n", "t")
    options = Options(texts=["source=authority", "confidence=medium"])
    ready = prepare(
        grid, case, options, "t", lambda question, _: "cost 2023+cost 2024" if "values" in question else "?"
    )
    assert [(fact.key, fact.value, fact.date) for fact in ready.conversion.facts] == [
        ("a.cost_2023", "5", "2023"),
        ("a.cost_2024", "6", "2024"),
    ]


def test_a_day_beside_the_year_of_a_key_is_the_date_and_no_value(case: Path) -> None:
    text = "Area,Year,Entries,As of\nNorth,2023,5,2024-04-03\n"
    assert run(table(case, text), case, *BOTH, "--map", "key=Area+Year").exit_code == 0
    fact = load(case).facts["North.2023"]
    assert (fact.value, fact.date) == ("5", "2024-04-03")


def test_nothing_is_asked_without_a_terminal(case: Path) -> None:
    refused(run(table(case, "Area,Entries\nNorth,5\n"), case, *BOTH), "no column of keys", "--map")


# --- bad input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("Area,Entries\nNorth,5\nSouth,6\n", BOTH, ("no column of keys", '--map "key=Area"')),
        ("key,cost 2023,cost 2024\na,5,6\n", BOTH, ("2 columns could be the value", "cost 2023+cost 2024")),
        ("key,value,value\na,5,6\n", BOTH, ("could be the value",)),
        ("key,value,year\na,5,2023\na,6,2024\n", BOTH, ("another row of the same source", '--map "key=key+year"')),
        ("key,value,year,source\na,5,2023,authority\na,6,2024,Radio\n", BOTH[2:], ("row of another year", '--map "key=key+year"')),
        ("key,value\na,1.234\nb,5.678\n", BOTH, ("--decimal",)),
        ("key,value\na,5\n", ("--set", "source=authority"), ("no confidence", "--set confidence=medium")),
        ("key,value\na,5\n", ("--set", "confidence=medium"), ("no source",)),
        ("key,value\na,5\n", (*BOTH, "--set", "confidence=high"), ("given twice",)),
        ("key,value\na,5\n", (*BOTH, "--map", "value=Valu"), ("no column `Valu`", "did you mean `value`")),
        ("key,value\na,5\n", (*BOTH, "--map", "colour=value"), ("a fact has no `colour`",)),
        ("key,value\na,=B1*2\n", BOTH, ("a formula",)),
        ("key,value,as of\na,5,03/05/2024\n", BOTH, ("--dates",)),
        ("key,value,confidence\na,5,low\n", ("--set", "source=authority"), ("without a range or a flag",)),
        ("key,value\na,n/a\n", BOTH, ("every value is missing",)),
        ("key,value\n日本,5\n", BOTH, ("without a Latin letter",)),
        ("key,value\na,5,6\n", BOTH, ("outside the columns",)),
        ("1,2\n3,4\n", BOTH, ("no header",)),
        ("value\n5\n", BOTH, ("no table",)),
        ("", BOTH, ("empty",)),
        ("<html><table></table></html>", BOTH, ("a web page",)),
        ('{"key": [1, 2]}', BOTH, ("JSON",)),
        ('key,value\na,"5\n', BOTH, ("quotation mark",)),
    ],
)  # fmt: skip
def test_bad_tables_are_refused_in_words_and_write_nothing(
    text: str, options: tuple[str, ...], words: tuple[str, ...], case: Path
) -> None:
    before = files(case)
    refused(run(table(case, text), case, *options), *words)
    assert files(case) == before


@pytest.mark.parametrize(
    ("name", "data"),
    [("t.csv", bytes(range(256))), ("t.csv", b"PK\x03\x04abc"), ("t.xlsx", b"PK\x03\x04abc"), ("t.pdf", b"%PDF")],
)
def test_a_file_that_is_no_table_is_refused(name: str, data: bytes, case: Path) -> None:
    file = case.parent / name
    file.write_bytes(data)
    refused(run(file, case, *BOTH), "remedy")


def test_hundreds_of_bad_cells_fit_on_one_screen(case: Path) -> None:
    rows = [
        f"k{i},{text},ships,{day},x"
        for i in range(200)
        for text, day in [(f"~{i}", "2024"), (str(i), "03/04/2024"), (f"{i}-{i}", "x")]
    ]
    result = run(table(case, "key,value,unit,date,source\n" + "\n".join(rows)), case, "--set", "confidence=medium")
    refused(result, "600 cells", "and 197 more")


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_refused_by_their_size(case: Path) -> None:
    rows = "\n".join(f"key{i},{i},ships,2024-01-01,A book of many words {i % 50} of 2020" for i in range(100_000))
    before = files(case)
    result = run(table(case, f"key,value,unit,date,source\n{rows}\n"), case, "--set", "confidence=medium")
    refused(result, "100,000 facts", "select the rows")
    assert files(case) == before


def test_a_mapping_of_another_form_is_refused(case: Path) -> None:
    (case / "facts").mkdir()
    (case / "facts" / "mapping.yaml").write_text("t: {columns: {colour: [a]}}\n", encoding="utf-8")
    refused(run(table(case, "key,value\na,5\n"), case, *BOTH), "the mapping `t` cannot be read")


def test_a_decimal_comma_beside_a_decimal_point_is_named(case: Path) -> None:
    result = run(table(case, "key;value\na;5.5\nb;7,5\n"), case, *BOTH)
    assert "a decimal comma, where other cells have a decimal point: row 3 ('7,5')" in result.output
    assert load(case).facts["b"].value == "7.5"
    assert "decimal comma" not in run(table(case, "key;value\nc;5,5\nd;7,5\n"), case, *BOTH, "--name", "u").output


@pytest.mark.parametrize("names", ["키,값,단위,연도,출처,신뢰도", "キー,値,単位,年度,出典,確信度"])
def test_korean_and_japanese_names_of_columns_are_known(names: str, case: Path) -> None:
    result = run(table(case, f"{names}\nfleet,12,ships,2024,authority,medium\n"), case)
    assert result.exit_code == 0, result.output
    fleet = load(case).facts["fleet"]
    assert (fleet.value, fleet.unit, fleet.date, fleet.source) == ("12", "ships", "2024", ("authority",))


def test_a_key_that_is_written_in_other_letters_is_named(case: Path) -> None:
    result = run(table(case, "키,값\n베트남2023,12\n"), case, *BOTH)
    assert "written in Latin ones: row 2 ('베트남2023 → beteunam2023')" in result.output


# --- workbooks -----------------------------------------------------------------------------------------------------


def workbook(folder: Path, rows: Sequence[Sequence[object]]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = folder.parent / "t.xlsx"
    book.save(file)
    return file


def test_a_formula_without_a_stored_result_is_refused(case: Path) -> None:
    refused(
        run(workbook(case, [("key", "value"), ("a", "=1+1"), ("b", 3)]), case, *BOTH),
        "without a stored result",
        "row 2",
    )


def test_the_stored_result_of_a_formula_is_used_and_named(case: Path) -> None:
    file = workbook(case, [("key", "value"), ("a", "=40+2"), ("b", 3)])
    stored = case.parent / "stored.xlsx"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(stored, "w") as new:
        for item in old.infolist():
            data = (
                old.read(item)
                .replace(b"<f>40+2</f><v></v>", b"<f>40+2</f><v>42</v>")
                .replace(b"<f>40+2</f><v />", b"<f>40+2</f><v>42</v>")
            )
            new.writestr(item, data)
    result = run(stored, case, *BOTH)
    assert result.exit_code == 0 and "a formula; its stored result is used: row 2 ('42')" in result.output
    assert load(case).facts["a"].value == "42"


def test_a_number_of_a_workbook_has_a_decimal_point(case: Path) -> None:
    grid = read_grid(workbook(case, [("key", "value"), ("a", 1.234)]))
    ready = prepare(grid, case, Options(texts=["source=authority", "confidence=medium"]), "t", None)
    assert ready.conversion.facts[0].value == "1.234"


def test_number_formats_give_their_words_unless_they_scale(case: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    forms = ("0", '0" km"', '0.0,,"M"', '#,##0 "frigates"', '"$"#,##0', "0.0%", "[$€-2] #,##0")
    book.active.append(("key", "value", "note"))
    for index, form in enumerate(forms):
        book.active.append((f"k{index}", 2_000_000, form))
        book.active.cell(row=index + 2, column=2).number_format = form
    file = case.parent / "t.xlsx"
    book.save(file)
    assert [row[1] for row in read_grid(file).rows[1:]] == [
        "2000000", "2000000 km", "2000000", "2000000 frigates", "$ 2000000", "200000000%", "€ 2000000",
    ]  # fmt: skip


def test_merged_names_and_titles_of_a_workbook_go_to_every_row(case: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (
        ("Patrols", None, None),
        ("area", "year", "value"),
        ("EEZ", 2023, 5),
        (None, 2024, 6),
        ("Straits", None, None),
        ("Tsu", 5, 5),
    ):
        book.active.append(row)
    for cells in ("A1:C1", "A3:A4", "A5:C5"):
        book.active.merge_cells(cells)
    file = case.parent / "t.xlsx"
    book.save(file)
    grid = read_grid(file)
    assert [row for row in grid.rows if row[0] == "EEZ"] == [["EEZ", "2023", "5"], ["EEZ", "2024", "6"]]
    table = read_layout(grid)
    assert [grid.lines[row] for row in table.rows] == [3, 4, 6]
    assert {(remark.row, remark.cell) for remark in table.remarks} == {(1, "Patrols"), (5, "Straits")}


def test_one_of_several_sheets_must_be_named(case: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for title, value in (("Forces", 5), ("Money", 6)):
        sheet = book.create_sheet(title)
        sheet.append(("key", "value"))
        sheet.append((title.lower(), value))
    file = case.parent / "t.xlsx"
    book.save(file)
    refused(run(file, case, *BOTH), "2 sheets have cells: Forces, Money", '--sheet "Forces"')
    refused(run(file, case, *BOTH, "--sheet", "Mony"), "did you mean `Money`")
    refused(run(table(case, "key,value\na,5\n"), case, *BOTH, "--sheet", "Money"), "no workbook")
    for title in ("Forces", "Money"):
        assert run(file, case, *BOTH, "--sheet", title).exit_code == 0
    loaded = load(case)
    assert (loaded.facts["forces"].value, loaded.facts["money"].value) == ("5", "6")
    assert set(loaded.fact_tables) == {"facts/t_forces.csv", "facts/t_money.csv"}


# --- the file of the case ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n", "\r\n"),
        ("sources:\n", "fact_tables: [other.csv]\nsources:\n"),
        ("sources:\n", "fact_tables:\n  - other.csv   # mine\nsources:\n"),
        ("sources:\n", "fact_tables: []\nsources:\n"),
        ("sources:\n  # read in print\n  authority: {cite", "sources: {authority: {cite"),
    ],
)
def test_items_are_added_to_blocks_of_every_style(old: str, new: str, case: Path) -> None:
    text = (case / "case.yaml").read_text(encoding="utf-8").replace(old, new)
    text = text.replace("grade: A1}   # kept", "grade: A1}}") if "sources: {" in new else text
    (case / "case.yaml").write_text(text, encoding="utf-8", newline="")
    (case / "other.csv").write_text(
        "key,value,unit,date,kind,source,confidence,note\nz,1,1,,,authority,medium,\n", encoding="utf-8"
    )
    before = text.splitlines()
    assert run(table(case, "key,value,source\na,5,A new book\n"), case, "--set", "confidence=medium").exit_code == 0
    after = (case / "case.yaml").read_bytes().decode()
    assert after.count("\n") == after.count("\r\n") or "\r" not in after
    assert {"a", *(["z"] if "other.csv" in new else [])} < set(load(case).facts)
    changed = [line for line in before if line not in after.splitlines()]
    assert len(changed) <= 2


def test_a_case_with_wrong_keys_is_refused_before_the_table_is_read(case: Path) -> None:
    (case / "case.yaml").write_text("format: tocsin/1\ncolour: red\n", encoding="utf-8")
    with pytest.raises(InputError):
        read_target(case)


def test_the_table_of_the_case_is_plain_csv(case: Path) -> None:
    text = 'key,value,note\na,5,"says ""so"", twice"\n'
    assert run(table(case, text), case, *BOTH).exit_code == 0
    with (case / "facts" / "t.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows == [
        {
            "key": "a",
            "value": "5",
            "unit": "1",
            "date": "",
            "kind": "",
            "source": "authority",
            "confidence": "medium",
            "note": 'says "so", twice',
        }
    ]
