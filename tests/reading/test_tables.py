"""Tables of every dialect and format give the same cells, or an error that names the line and the remedy."""

from __future__ import annotations

import datetime as dt
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tocsin.data.tables import TABLES
from tocsin.errors import InputError, SolveError
from tocsin.reading import frames, read_csv, workbooks
from tocsin.reading.delimited import MAX_COLUMNS
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


def repeated(file: Path, part: str, piece: str, times: int) -> None:
    """Write a workbook in which one part, with its tags in a namespace, holds a piece many times."""
    import openpyxl

    openpyxl.Workbook().save(file)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != part}
    root = "sst" if part.endswith("Strings.xml") else "worksheet"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        with archive.open(part, "w") as stream:
            stream.write(
                f'<{root} xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'.encode()
            )
            for _ in range(times // 1_000):
                stream.write(piece.encode() * 1_000)
            stream.write(f"</sheetData></{root}>".encode())


@pytest.mark.parametrize(
    ("part", "piece", "noun"),
    [
        ("xl/worksheets/sheet1.xml", '<row><c t="inlineStr"/></row>', "cells"),
        ("xl/worksheets/sheet1.xml", "<x:row><x:c/></x:row>", "cells"),
        ("xl/worksheets/sheet1.xml", "<row/>", "rows"),
        ("xl/sharedStrings.xml", "<si><t>a</t></si>", "texts"),
    ],
)
def test_more_cells_than_the_limit_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, piece: str, noun: str
) -> None:
    monkeypatch.setattr(workbooks, "MAX_CELLS", 50_000)
    repeated(tmp_path / "x.xlsx", part, piece, 60_000)
    monkeypatch.setattr("openpyxl.load_workbook", lambda *_, **__: pytest.fail("the workbook was read"))
    with pytest.raises(InputError, match=rf"x\.xlsx: the workbook has more than 50,000 {noun}"):
        read_table_file(tmp_path / "x.xlsx")


@pytest.mark.slow
def test_a_workbook_of_six_million_small_rows_is_refused_in_seconds(tmp_path: Path) -> None:
    repeated(
        tmp_path / "x.xlsx", "xl/worksheets/sheet1.xml", '<row><c t="inlineStr"><is><t>a</t></is></c></row>', 6_000_000
    )
    started = time.process_time()
    with pytest.raises(InputError, match="more than 5,000,000 cells"):
        read_table_file(tmp_path / "x.xlsx")
    with pytest.raises(SolveError, match="more than 5,000,000 cells"):
        TABLES["sipri_spending"].read_file(tmp_path / "x.xlsx")  # type: ignore[misc]
    assert time.process_time() - started < 10.0


def test_a_count_at_the_limit_is_allowed_wherever_a_piece_of_the_file_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook(tmp_path / "x.xlsx", [["a", "b"], *[list[object]([1, 2]) for _ in range(49)]])
    monkeypatch.setattr(workbooks, "_CHUNK", 64)
    monkeypatch.setattr(workbooks, "MAX_CELLS", 100)
    assert read_table_file(tmp_path / "x.xlsx").frame.height == 49
    monkeypatch.setattr(workbooks, "MAX_CELLS", 99)
    with pytest.raises(InputError, match="more than 99 cells"):
        read_table_file(tmp_path / "x.xlsx")


ROWS_BELOW = "state,year,war\nA,1950,0\nB,1951,1\n"


@pytest.mark.parametrize(
    ("title", "below"),
    [
        ("My table, version 2,", ROWS_BELOW), ('Source: "Huth, 1988"', ROWS_BELOW), ("a, b, c, d, e", ROWS_BELOW),
        ("Crises, all of them", ROWS_BELOW.replace(",", ";")), ("Crises, all of them", ROWS_BELOW.replace(",", "\t")),
        ("Crises; all of them", ROWS_BELOW), ("Crises, all of them", ROWS_BELOW + "C,1952,1\n" * 40),
        ("Crises, all of them", ROWS_BELOW + 'C,1952,"1\n2"\n' * 40),
    ],
)  # fmt: skip
def test_a_title_above_the_table_is_named(tmp_path: Path, title: str, below: str) -> None:
    (tmp_path / "x.csv").write_text(f"{title}\n{below}")
    with pytest.raises(InputError, match=r"x\.csv:1: line 1 looks like a title(.|\n)*remove line 1"):
        read_table_file(tmp_path / "x.csv")
    (tmp_path / "x.csv").write_text(below)
    assert read_table_file(tmp_path / "x.csv").frame.columns == ["state", "year", "war"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2,3\n4,5,6\n", "x.csv:2: 3 cells for 2 columns"),  # the header lacks a name
        ("a,b\nx,y\nz,u,v\n", "x.csv:3: 3 cells for 2 columns"),
        ("a,b,c\nx,y\nz,u,v\n", "x.csv:2: 2 cells for 3 columns"),
        ("a,b\n" + "x,y\n" * 40 + "x,y,z\n", "x.csv:42: 3 cells for 2 columns"),
    ],
)
def test_a_header_with_a_wrong_row_below_is_not_called_a_title(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(InputError, match=re.escape(message)):
        read_table_file(tmp_path / "x.csv")


@pytest.mark.parametrize("name", ["x.csv", "x.tsv", "x.xlsx", "x.parquet", "x.dta"])
def test_a_table_with_too_many_columns_is_refused_with_the_limit(tmp_path: Path, name: str) -> None:
    import pyreadstat

    header = [f"c{index}" for index in range(MAX_COLUMNS + 1)]
    frame = pl.DataFrame({column: [1] for column in header})
    match name:
        case "x.xlsx":
            workbook(tmp_path / name, [list(header), [1] * len(header)])
        case "x.parquet":
            frame.write_parquet(tmp_path / name)
        case "x.dta":
            pyreadstat.write_dta(frame, str(tmp_path / name))
        case _:
            frame.write_csv(tmp_path / name, separator="," if name == "x.csv" else "\t")
    with pytest.raises(InputError, match=r"5,001 columns(.|\n)*keep at most 5,000"):
        read_table_file(tmp_path / name)
    assert "A table may have 5,000 columns" in " ".join(Path("docs/evidence.md").read_text().split())


def test_a_line_of_200_000_columns_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(f"{','.join(f'c{i}' for i in range(200_000))}\n{'1,' * 199_999}1\n")
    started = time.process_time()
    with pytest.raises(InputError, match=r"x\.csv:1: 200,000 columns"):
        read_table_file(tmp_path / "x.csv")
    assert time.process_time() - started < 5.0
