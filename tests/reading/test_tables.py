"""Tables of every dialect and format give the same cells, or an error that names the line and the remedy."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tocsin.errors import InputError
from tocsin.reading import frames, read_csv
from tocsin.reading.frames import read_table_file

ROWS = [("1", "Japan's plan, denounced"), ("2", 'A "blast"'), ("3", "일본은 군국주의 책동을 걷어치워야 한다")]
FRAME = pl.DataFrame(ROWS, schema=["id", "headline"], orient="row")


def written(separator: str, encoding: str = "utf-8", before: str = "") -> bytes:
    return (before + FRAME.write_csv(separator=separator)).encode(encoding)


def workbook(file: Path, rows: list[list[object]]) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(file)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.csv", written(",")), ("x.csv", written(";")), ("x.csv", written("\t")), ("x.CSV", written("|")), ("x.tsv", written("\t")),
        ("x.TSV", written("\t")), ("x.txt", written(",")), ("x", written(",")), ("x.csv", written(",", "utf-8-sig")),
        ("x.csv", written("\t", "utf-16")), ("x.csv", written(";", "utf-16")), ("x.csv", written(",", "cp949")),
        ("x.csv", written(";", before="sep=;\n")), ("x.csv", written(",", "utf-8-sig", "sep=,\r\n")), ("x.csv", written(",", before="\n\n")),
        ("x.csv", written(",").replace(b"\n", b"\r\n")), ("x.csv", written(",").replace(b"\n", b",\n")),
    ],
)  # fmt: skip
def test_delimited_text_of_any_dialect_gives_the_same_table(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert read_table_file(tmp_path / name, ("id", "headline")).frame.equals(FRAME)


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("", "x.csv:1: the table is empty", "begin with id,headline"),
        ("Our table\n\nid,headline\n1,A\n", "x.csv:1: column `id` is missing", "header seems to be in line 3; remove the lines above"),
        ("id,Headline\n1,A\n", "x.csv:1: column `headline` is missing", "did you mean `Headline`?"),
        ('id,headline\n1,A\n2,"B\n3,C\n', "x.csv:3: a quotation mark opens here and never closes (the file ends in line 4)", 'close it with "'),
        ('id,headline\n1,"A" B\n', "x.csv:2: text after a closing quotation mark", 'twice: ""'),
        ("id,headline\n1,A\n2,B,C\n", "x.csv:3: 3 cells for 2 columns", "a cell that contains a comma in quotation marks"),
        ("id;headline\n1;A;B\n", "x.csv:2: 3 cells for 2 columns", "a cell that contains a semicolon in quotation marks"),
        ('id,headline\n1,"A\nB"\n\n2\n', "x.csv:5: 1 cell for 2 columns", "add the missing cells"),
        ("id,headline,id\n1,A,2\n", "x.csv:1: two columns are called `id`", "rename one of them"),
        ("id,,headline\n1,,A\n", "x.csv:1: column 2 has no name", "name every column"),
        ("id,headline\n1,A\0\n", "x.csv:2: a NUL character", "plain CSV text"),
        (b"id,headline\n1,A\n2,\xff\n", "x.csv:3: a byte that is no text", "save it as UTF-8"),
        ("id,headline\n1,Комментарий\n".encode("koi8-r"), "x.csv: unknown encoding", "save it as UTF-8"),
        (b"PK\x03\x04rest", "x.csv: a workbook or archive, not text", ".xlsx"),
        (b"\x1f\x8brest", "x.csv: a compressed file, not text", "unpack it first"),
        (b"PAR1rest", "x.csv: a Parquet file, not text", ".parquet"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_refused_with_its_line_and_a_remedy(
    tmp_path: Path, text: str | bytes, message: str, remedy: str
) -> None:
    (tmp_path / "x.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as caught:
        read_table_file(tmp_path / "x.csv", ("id", "headline"))
    assert message in str(caught.value) and remedy in (caught.value.remedy or "")


def test_a_line_above_the_header_is_named_where_no_column_is_expected(tmp_path: Path) -> None:
    for text in ("Our table\n\na,b\n1,2\n", "Our table,\n,\na,b\n1,2\n"):
        (tmp_path / "x.csv").write_text(text)
        with pytest.raises(InputError, match=r"x\.csv:3: 2 cells for 1 column(.|\n)*if line 3 is the header"):
            read_table_file(tmp_path / "x.csv")


def test_workbooks_stata_and_parquet_files_give_typed_columns(tmp_path: Path) -> None:
    import pandas as pd
    import pyreadstat

    day = dt.date(2024, 3, 9)
    workbook(
        tmp_path / "x.XLSX", [["o", "x", "day", "g"], [1, 0.5, day, "A"], [], [3, None, day, 7], [4, 2, None, None]]
    )
    table = read_table_file(tmp_path / "x.XLSX", ("o",))
    assert table.frame.to_dict(as_series=False) == {
        "o": [1.0, 3.0, 4.0],
        "x": [0.5, None, 2.0],
        "day": [day, day, None],
        "g": ["A", "7", None],
    }
    assert table.lines == [2, 4, 5]
    frame = pl.DataFrame({"o": [1, 3], "x": [0.5, None], "g": ["A", "B"]})
    frame.write_parquet(tmp_path / "x.PARQUET")
    assert read_table_file(tmp_path / "x.PARQUET").frame.equals(frame)
    pyreadstat.write_dta(pd.DataFrame(frame.to_dict(as_series=False)), str(tmp_path / "x.dta"))
    assert read_table_file(tmp_path / "x.dta").frame.to_dict(as_series=False) == frame.to_dict(as_series=False)


def test_a_parquet_file_at_which_the_library_ends_its_process_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FRAME.write_parquet(tmp_path / "x.parquet")
    monkeypatch.setattr(frames, "_TRIAL", "import os; os.abort()")  # as Polars does when a length is corrupt
    with pytest.raises(InputError, match="not a Parquet file"):
        read_table_file(tmp_path / "x.parquet")


@pytest.mark.parametrize(
    ("name", "rows", "message"),
    [
        ("x.xlsx", [["a", "a"], [1, 2]], r"x\.xlsx:1: two columns are called `a`"),
        ("x.xlsx", [["Our table"], ["a", "b"], [1, 2]], r"x\.xlsx:2: row 2 has more cells(.|\n)*remove rows above"),
        ("x.xlsx", [["a", None, "b"]], r"x\.xlsx:1: column 2 has no name"),
        ("x.xlsx", [], r"x\.xlsx: the workbook is empty"),
    ],
)
def test_a_wrong_workbook_is_refused(tmp_path: Path, name: str, rows: list[list[object]], message: str) -> None:
    workbook(tmp_path / name, rows)
    with pytest.raises(InputError, match=message):
        read_table_file(tmp_path / name)


@pytest.mark.parametrize("name", ["x.xls", "x.ods", "x.json", "x.sav"])
def test_a_format_that_is_no_table_here_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(InputError, match=rf"cannot read \{Path(name).suffix} as a table(.|\n)*save it as CSV, \.xlsx"):
        read_table_file(tmp_path / name)


def far_cells(sheet: object) -> None:
    sheet["A1"], sheet["XFD1048576"] = "Country", 1  # type: ignore[index]


def far_row(sheet: object) -> None:
    sheet["A1"], sheet["A2"], sheet["XFD3"], sheet["B1048576"] = "Country", 1, 2, 3  # type: ignore[index]


@pytest.mark.parametrize("place", [far_cells, far_row])
def test_a_workbook_with_cells_far_apart_is_refused_at_once(tmp_path: Path, place: Callable[[object], None]) -> None:
    import openpyxl

    from tocsin.data.tables.money import TABLES
    from tocsin.errors import SolveError

    book = openpyxl.Workbook()
    book.active.title = "Current US$"
    place(book.active)
    book.save(tmp_path / "x.xlsx")
    start = time.perf_counter()
    with pytest.raises(InputError, match=r"reaches to row|more cells than the header"):
        read_table_file(tmp_path / "x.xlsx")
    read = TABLES["sipri_spending"].read_file
    assert read is not None
    with pytest.raises(SolveError, match="reaches to row 1,048,576 and column 16,384"):
        read(tmp_path / "x.xlsx")
    assert time.perf_counter() - start < 2


# --- tables of cases -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("key;value\na;1\n", "x.csv:1:1: the cells are separated by a semicolon, not a comma", "save the table with commas: key,value"),
        ("key\tvalue\na\t1\n", "x.csv:1:1: the cells are separated by a tab, not a comma", "with commas"),
        ("sep=;\nkey;value\n", "x.csv:1:1: the first line is no header", "remove the line 'sep=;', and separate cells by commas"),
        ("sep=,\nkey,value\n", "x.csv:1:1: the first line is no header", "remove the line 'sep=,'"),
        ('key,value\n"a,1\n', "x.csv:2: a quotation mark opens here and never closes", 'close it with "'),
    ],
)  # fmt: skip
def test_a_case_table_in_another_dialect_is_refused_by_name(text: str, message: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        read_csv(text, "x.csv", ("key", "value"))
    assert message in str(caught.value) and remedy in (caught.value.remedy or "")
