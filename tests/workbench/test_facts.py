"""Facts of the workbench: tables become facts in one edit, what reads a fact is named, and measures give facts."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import polars as pl
import pytest
from tests.data.test_readers import cached as cached

from tocsin.case import load
from tocsin.data.readers import read

TABLE = "key\tvalue\tunit\tdate\tsource\tconfidence\nboxes.2024\t1,300,000\t\t2024-05-01\tauthority\tconfirmed\n"
NAMELESS = "cranes\t12\tauthority\nberths\t7\tauthority\n"


def sent(content: str | bytes = TABLE, **more: Any) -> dict[str, Any]:
    data = content.encode() if isinstance(content, str) else content
    return {"name": "pasted.txt", "content": base64.b64encode(data).decode(), **more}


def preview(reader: httpx.Client, table: dict[str, Any]) -> dict[str, Any]:
    answer = reader.post("/api/facts/preview", json=table)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    return result


def add(reader: httpx.Client, table: dict[str, Any]) -> httpx.Response:
    base = reader.get("/api/case").json()["version"]
    return reader.post("/api/facts/add", json={"base": base, "table": table})


def test_a_pasted_table_becomes_facts_in_one_edit(reader: httpx.Client, case_file: Path) -> None:
    before = case_file.read_bytes()
    previewed = preview(reader, sent())
    assert [column["part"] for column in previewed["columns"]] == [
        "key",
        "value",
        "unit",
        "date",
        "source",
        "confidence",
    ]
    assert (previewed["facts"], previewed["wrong"], previewed["missing"]) == (1, 0, [])
    assert case_file.read_bytes() == before
    answer = add(reader, sent())
    assert answer.json()["problems"] == []
    fact = load(case_file).facts["boxes.2024"]
    assert (fact.value, fact.date, fact.source, fact.confidence) == (
        "1300000",
        "2024-05-01",
        ("authority",),
        "confirmed",
    )
    added = [line for line in case_file.read_bytes().splitlines() if line not in before.splitlines()]
    assert len(added) == 1
    reader.post("/api/undo", json={"base": answer.json()["version"]})
    assert case_file.read_bytes() == before


@pytest.mark.parametrize("place", ["between", "last"])
def test_a_row_with_one_cell_is_named(reader: httpx.Client, case_file: Path, place: str) -> None:
    head, row = TABLE.splitlines(keepends=True)
    rows = ["berths\n", row] if place == "between" else [row, "berths\n"]
    previewed = preview(reader, sent(head + "".join(rows)))
    (alone,) = previewed["alone"]
    assert (alone["cell"], alone["row"]) == ("berths", 2 if place == "between" else 3)
    assert alone not in previewed["remarks"]
    assert previewed["facts"] == 1


def test_columns_are_what_the_reader_chooses(reader: httpx.Client, case_file: Path) -> None:
    table = sent("Area\tYear\tEntries\nEEZ\t2015\t150\nEEZ\t2024\t1312\n")
    assert preview(reader, table)["missing"] == ["key", "source", "confidence"]
    chosen = {
        **table,
        "parts": ["key", "key", "value"],
        "texts": {"source": "Coast guard, yearbook 2024", "confidence": "medium", "unit": "incursions"},
    }
    previewed = preview(reader, chosen)
    assert (previewed["facts"], previewed["missing"]) == (2, [])
    assert [item["cite"] for item in previewed["sources"]] == ["Coast guard, yearbook 2024"]
    assert add(reader, chosen).json()["problems"] == []
    case = load(case_file)
    assert case.facts["EEZ.2024"].unit == "count of incursions"
    (key,) = case.facts["EEZ.2024"].source
    assert (case.sources[key].cite, case.sources[key].grade) == ("Coast guard, yearbook 2024", "F6")


def test_what_two_sources_say_of_a_fact_stays_one_fact(reader: httpx.Client, case_file: Path) -> None:
    table = "key,value,source,confidence\nwaiting,60 ships,authority,medium\nwaiting,95 ships,paper,medium\n"
    assert add(reader, sent(table)).json()["problems"] == []
    fact = load(case_file).facts["waiting"]
    assert (fact.value, [other.value for other in fact.others]) == ("60", ["95"])


def test_cells_that_cannot_be_read_are_named_with_their_rows_and_nothing_is_written(
    reader: httpx.Client, case_file: Path
) -> None:
    before = case_file.read_bytes()
    table = sent(TABLE + "tugs\t~5\t\t\tauthority\tconfirmed\nboxes.2023\t7\t\t\tauthority\tconfirmed\n")
    previewed = preview(reader, table)
    assert [(error["row"], error["cause"]) for error in previewed["errors"]] == [
        (3, "not one exact number"),
        (4, "the case has this fact already"),
    ]
    assert not any("--" in error["remedy"] for error in previewed["errors"])
    answer = add(reader, table)
    assert answer.status_code == 422
    assert "row 3" in answer.json()["message"]
    assert case_file.read_bytes() == before


def test_cells_without_names_of_columns_are_read_too(reader: httpx.Client, case_file: Path) -> None:
    table = sent(NAMELESS, named=False, parts=["key", "value", "source"], texts={"confidence": "medium"})
    assert preview(reader, table)["rows"][0]["line"] == 1
    assert add(reader, table).json()["problems"] == []
    assert {"cranes", "berths"} <= set(load(case_file).facts)


def test_a_workbook_is_read_and_its_sheet_asked_for(reader: httpx.Client, case_file: Path) -> None:
    book = openpyxl.Workbook()
    for title in ("a", "b"):
        sheet = book[title] if title in book else book.create_sheet(title)
        sheet.append(["key", "value", "source", "confidence"])
        sheet.append([f"cranes.{title}", 12, "authority", "medium"])
    del book["Sheet"]
    stream = io.BytesIO()
    book.save(stream)
    table = {**sent(stream.getvalue()), "name": "ports.xlsx"}
    refused = reader.post("/api/facts/preview", json=table)
    assert (refused.status_code, refused.json()["remedy"]) == (422, "write the name of one sheet")
    assert add(reader, {**table, "sheet": "b"}).status_code == 200
    assert "cranes.b" in load(case_file).facts


def test_a_cell_too_many_is_named_before_the_columns_are_chosen(reader: httpx.Client) -> None:
    previewed = preview(reader, sent("what\tvalue\nships\t5\textra\n"))
    assert "key" in previewed["missing"]
    assert [error["row"] for error in previewed["errors"]] == [2] and previewed["wrong"] == 1


def test_a_case_without_facts_gets_its_first(reader: httpx.Client, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    start, end = text.index("facts:\n"), text.index("arguments:")
    for facts in ("", "facts: {}\n"):
        case_file.write_text(text[:start] + facts + text[end:], encoding="utf-8")
        assert "boxes.2024" in add(reader, sent()).json()["data"]["facts"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"content": "no base 64!"}, 422),
        ({"content": ""}, 422),
        ({"content": base64.b64encode(b"PK\x03\x04 broken").decode(), "name": "x.xlsx"}, 422),
        ({"content": base64.b64encode(b"\x00\xff" * 99).decode(), "name": "../../x.ods"}, 422),
        ({"parts": ["key", "value", "unit", "date", "date", "confidence"]}, 422),
        ({"parts": ["value", "value", "nonsense"]}, 400),
        ({"texts": {"key": "x"}}, 400),
        ({"texts": {"unit": "x" * 2_001}}, 400),
        ({"decimal": ";"}, 400),
        ({"file": "/etc/passwd"}, 400),
    ],
)
def test_a_table_of_another_form_is_refused(
    reader: httpx.Client, case_file: Path, change: dict[str, Any], status: int
) -> None:
    before = case_file.read_bytes()
    answer = reader.post("/api/facts/preview", json={**sent(), **change})
    assert (answer.status_code, bool(answer.json()["message"])) == (status, True)
    assert add(reader, {**sent(), **change}).status_code == status
    assert case_file.read_bytes() == before


def test_a_table_for_another_version_of_the_case_is_refused(reader: httpx.Client, case_file: Path) -> None:
    before = case_file.read_bytes()
    answer = reader.post("/api/facts/add", json={"base": "x", "table": sent()})
    assert (answer.status_code, case_file.read_bytes()) == (409, before)


def test_what_reads_a_fact_is_named_with_the_sources_that_only_it_uses(reader: httpx.Client) -> None:
    add(reader, sent(TABLE.replace("authority", "Port news, 3 May 2024")))
    uses = reader.post("/api/facts/uses", json={"key": "ships.waiting"}).json()
    assert [claim["id"] for claim in uses["claims"]] == ["C2"]
    assert uses["sources"] == []
    unread = reader.post("/api/facts/uses", json={"key": "boxes.2024"}).json()
    assert (unread["claims"], unread["beliefs"]) == ([], [])
    assert len(unread["sources"]) == 1
    assert reader.post("/api/facts/uses", json={"key": "none"}).status_code == 422


def test_every_measure_with_a_figure_can_be_chosen(reader: httpx.Client) -> None:
    measures = reader.get("/api/facts/measures").json()
    components = next(item for item in measures["measures"] if item["name"] == "components")
    assert components["column"] == "personnel"
    assert {"code": "JPN", "name": "Japan"} in measures["states"]


def test_data_that_are_not_here_are_named_with_the_command_that_gets_them(reader: httpx.Client) -> None:
    answer = reader.post("/api/facts/measured", json={"from": "measure/components/JPN/2015/personnel"})
    assert answer.status_code == 422
    assert "tocsin data get nmc" in answer.json()["remedy"]


@pytest.mark.parametrize("name", ["일본", "日本", "Japan", "jpn"])
def test_a_state_of_a_measure_can_be_named_in_any_language(reader: httpx.Client, name: str) -> None:
    answer = reader.post("/api/facts/measured", json={"from": f"measure/components/{name}/2015/personnel"})
    assert "tocsin data get nmc" in answer.json()["remedy"]  # the state is known: the data alone are not here
    answer = reader.post("/api/facts/measured", json={"from": "measure/components/Ruritania/2015/personnel"})
    assert (answer.status_code, "Ruritania" in answer.json()["message"]) == (422, True)


@pytest.mark.parametrize("text", ["", "measure/none/JPN/2015", "evidence/alliances/x", "measure/components/XXX/2015"])
def test_what_names_no_figure_is_refused(reader: httpx.Client, text: str) -> None:
    assert reader.post("/api/facts/measured", json={"from": text}).status_code == 422


def test_a_measured_fact_carries_its_value_so_that_the_case_loads_elsewhere(
    cached: Path, reader: httpx.Client, case_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = "measure/components/JPN/2016/personnel"
    measured = reader.post("/api/facts/measured", json={"from": text}).json()
    assert "covers 1816 to" in measured["about"]
    base = reader.get("/api/case").json()["version"]
    change = {"do": "put", "loc": ["facts", "personnel.JPN"], "value": measured["block"]}
    assert reader.post("/api/edit", json={"base": base, "changes": [change]}).json()["problems"] == []
    soldiers = read("nmc").filter(pl.col("state") == 740, pl.col("year") == 2016)["milper"].item()
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path / "none"))
    fact = load(case_file).facts["personnel.JPN"]
    assert (fact.value, fact.unit, fact.date, fact.from_) == (soldiers * 1000, "persons", "2016", text)
