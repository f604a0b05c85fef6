"""Files that publishers update, in their layouts; and hostile or broken files."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.styles import Font

from tocsin.data import formats
from tocsin.data.fetch import import_file
from tocsin.data.readers import read, tidy
from tocsin.data.registry import source
from tocsin.errors import InputError, SolveError


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path / "cache"))


def workbook(file: Path) -> Path:
    """Write a workbook in SIPRI's layout: title, notes, header, regions, figures, marks of missing values."""
    book = openpyxl.Workbook()
    book.active.title = "Front page"
    sheet = book.create_sheet("Current US$")
    for row in (
        ["Military expenditure by country, current US$ m.", None, None, None],
        ["Figures in blue are SIPRI estimates.", None, None, None],
        ["Country", "Notes", 2023, 2024],
        ["Asia", None, None, None],
        ["Japan", "a", 50_000.5, 55_273.9],
        ["Korea, North", None, 1_500, "..."],
        ["USSR", None, "xxx", "xxx"],
    ):
        sheet.append(row)
    sheet["C6"].font = Font(color="FFFF0000")
    sheet["D5"].font = Font(color="FF0000FF")
    native = book.create_sheet("Local currency calendar years")
    native.append(["Country", "Currency", "Notes", 2024])
    native.append(["Japan", "Yen", None, 8.4e12])
    book.save(file)
    return file


def test_a_spending_workbook_is_read_with_quality_and_without_missing_values(tmp_path: Path) -> None:
    import_file(source("sipri_spending"), workbook(tmp_path / "mine.xlsx"))
    assert read("sipri_spending").rows() == [
        ("Japan", 2023, "dollars", 50_000.5, "reported", None),
        ("Japan", 2024, "dollars", 55_273.9, "estimate", None),
        ("Korea, North", 2023, "dollars", 1_500.0, "highly uncertain", None),
        ("Japan", 2024, "native", 8.4e12, "reported", "Yen"),
    ]


def test_an_indicator_of_the_world_bank(tmp_path: Path) -> None:
    rows = [
        {"countryiso3code": "JPN", "date": "2022", "value": 1.5},
        {"countryiso3code": "PRK", "date": "2022", "value": None},
        {"countryiso3code": "", "date": "2022", "value": 3.0},
    ]
    (tmp_path / "a.json").write_text(json.dumps([{"pages": 1}, rows]), encoding="utf-8")
    assert tidy(source("wb_ppp"), tmp_path / "a.json").rows() == [("JPN", 2022, 1.5)]


def test_an_indicator_by_quarter_is_refused(tmp_path: Path) -> None:
    rows = [{"countryiso3code": "JPN", "date": "2022Q1", "value": 1.5}]
    (tmp_path / "a.json").write_text(json.dumps([{"pages": 1}, rows]), encoding="utf-8")
    with pytest.raises(SolveError, match="a row is dated '2022Q1'; request yearly values"):
        tidy(source("wb_ppp"), tmp_path / "a.json")


def test_a_list_of_leaders_by_month(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "stateabb,ccode,leader,sdate,smonth,syear,emonth,eyear\nJPN,740,Kan,8,6,2010,9,2011\nJPN,740,Suga,16,9,2020,3,2021\n",
        encoding="utf-8",
    )
    assert tidy(source("reign_leaders"), tmp_path / "a.csv").rows() == [
        (740, "Kan", date(2010, 6, 8), date(2011, 9, 30)),
        (740, "Suga", date(2020, 9, 16), date(2021, 3, 31)),
    ]


def test_disputes_in_the_publishers_layout(shared: Path, tmp_path: Path) -> None:
    pl.read_parquet(shared / "data" / "cow_mid5_mida.parquet").write_csv(tmp_path / "a.csv")
    disputes = tidy(source("mid_disputes"), tmp_path / "a.csv")
    assert disputes.height == 2436
    assert disputes["fatality"].null_count() > 0  # -9 in the file


def bomb(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(3 * 2**20))


def climber(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../.bashrc", "x")


def absolute(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("/etc/passwd", "x")


def other(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "x")


def cut(file: Path) -> None:
    workbook(file)
    file.write_bytes(file.read_bytes()[:-300])


def empty(file: Path) -> None:
    openpyxl.Workbook().save(file)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (bomb, "would unpack to 3,145,728 bytes"),
        (climber, "points outside its folder"),
        (absolute, "points outside its folder"),
        (other, "not a readable workbook"),
        (cut, "not a readable archive"),
        (empty, "none of the sheets"),
    ],
)
def test_a_hostile_or_broken_archive_is_refused_and_leaves_no_file(
    make: Callable[[Path], None], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "MAX_UNPACKED", 2**21)
    make(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match=message):
        import_file(source("sipri_spending"), tmp_path / "a.xlsx")
    assert [*(tmp_path / "cache").iterdir()] == []


@pytest.mark.parametrize(
    ("suffix", "content"), [("rda", b"\x00\xff" * 50), ("dta", b"\x00\xff" * 50), ("csv", b"a,b\n1,2,3\n")]
)
def test_a_broken_file_raises_a_solve_error(suffix: str, content: bytes, tmp_path: Path) -> None:
    file = tmp_path / f"a.{suffix}"
    file.write_bytes(content)
    with pytest.raises(SolveError, match=f"not a readable {suffix} file"):
        formats.read_frame(file, suffix)


@pytest.mark.parametrize("text", ["[" * 100_000, "{", ""])
def test_broken_json_raises_a_solve_error(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(SolveError, match="not a JSON file"):
        formats.read_json(tmp_path / "a.json")
