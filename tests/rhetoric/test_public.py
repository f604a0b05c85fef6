"""`tocsin.rhetoric` does in Python what its commands do, and loads only what they need."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from tests.rhetoric.archived import read_all, run

from tocsin import rhetoric
from tocsin.errors import InputError
from tocsin.rhetoric.inputs import dated_headlines, read_table, read_texts, weekly_counts
from tocsin.rhetoric.series import TALLY

HEADLINES = ["Japan's military expansion under fire", "Gift to Kim Jong Il from Chinese guests", "!?"]
UNNEEDED = (
    "tocsin.report", "tocsin.plots", "tocsin.case", "tocsin.assess", "tocsin.assessment", "tocsin.games", "pydantic", "lark", "jax",
    "pandas", "sklearn", "matplotlib", "rich",
)  # fmt: skip


def modules_after(program: str, *arguments: object) -> list[str]:
    """Return the modules loaded at the end of a program in a fresh interpreter."""
    command = [
        sys.executable,
        "-c",
        f"import json, sys\n{program}\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)",
    ]
    result = subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True, check=True)
    return list(json.loads(result.stderr.splitlines()[-1]))


def unneeded(modules: list[str]) -> list[str]:
    return [name for name in modules if any(name == other or name.startswith(f"{other}.") for other in UNNEEDED)]


def test_the_command_code_loads_no_other_room_and_no_heavy_library(tmp_path: Path) -> None:
    file, codes = tmp_path / "headlines.csv", tmp_path / "codes.csv"
    pl.DataFrame({"id": ["a", "b"], "headline": HEADLINES[:2]}).write_csv(file)
    program = "from tocsin.cli import main\nmain(sys.argv[1:], standalone_mode=False)"
    modules = modules_after(program, "rhetoric", "code", file, "-o", codes)
    assert unneeded(modules) == []
    rooms = {name.split(".")[1] for name in modules if name.startswith("tocsin.")}
    # `export` only lists its formats, which the command line offers; it loads nothing else
    assert {name for name in modules if name.startswith("tocsin.export.")} <= {
        "tocsin.export.formats",
        "tocsin.export.run",
        "tocsin.export.stored",
    }
    assert rooms == {"cli", "errors", "files", "tables", "reading", "translation", "rhetoric", "export"}
    assert len([name for name in modules if name.startswith("tocsin.rhetoric.")]) <= 12
    assert "tocsin.reading.workbooks" not in modules
    assert pl.read_csv(codes).height == 2


def test_the_import_of_the_room_loads_nothing_but_itself() -> None:
    modules = modules_after("import tocsin.rhetoric")
    assert [name for name in modules if name.startswith("tocsin")] == ["tocsin", "tocsin.rhetoric"]
    assert "numpy" not in modules


def test_texts_a_frame_and_a_file_are_coded_alike(tmp_path: Path) -> None:
    file = tmp_path / "headlines.csv"
    frame = pl.DataFrame({"id": ["0", "1", "2"], "headline": HEADLINES})
    frame.write_csv(file)
    results = [rhetoric.code(given) for given in (HEADLINES, frame, file, str(file))]
    assert all(result.frame().equals(results[0].frame()) for result in results)
    assert [result.unreadable for result in results] == [1, 1, 1, 1]
    assert results[0].frame()["target"].to_list() == ["JPN", "CHN", ""]


def test_no_headlines_give_an_empty_table() -> None:
    assert rhetoric.code([]).frame().columns == rhetoric.code(HEADLINES).frame().columns


def test_codes_are_shown_in_a_notebook() -> None:
    html = rhetoric.code([*HEADLINES, "<b>bold</b>"])._repr_html_()
    assert "4 headlines coded" in html and "<table" in html and "<b>bold" not in html


def test_a_frame_that_cannot_be_coded_is_explained() -> None:
    with pytest.raises(InputError, match="column `headline` is missing"):
        rhetoric.code(pl.DataFrame({"id": ["1"]}))
    with pytest.raises(InputError, match="two rows have the id '1'"):
        rhetoric.code(pl.DataFrame({"id": [1, 1], "headline": HEADLINES[:2]}))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("events", "date,actor\n2001-01-02,JPN\n", "events.csv: the events have no column `category`"),
        ("events", "date,actor,category\n2001-13-01,JPN,law\n", "events.csv:2: date '2001-13-01': no such day"),
        ("counts", "from,days\n2001-01-01,7\n", "counts.csv:1: column `output` is missing"),
        ("counts", "from,days,output,theme,rung,tone,items\nxx,7,1,a,b,-1,1\n", "counts.csv: not weekly counts: "),
        ("later", "", "later.csv:1: the table is empty"),
    ],
)
def test_a_table_that_an_account_cannot_use_is_explained_in_two_lines(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    file, good = tmp_path / f"{name}.csv", tmp_path / "good.csv"
    good.write_text("date,actor,category\n2001-01-02,JPN,law\n")
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        if name == "events":
            rhetoric.account(file)
        elif name == "counts":
            rhetoric.account(good, counts=file)
        else:
            weekly_counts(file, TALLY)
    assert message in str(caught.value) and len(str(caught.value).splitlines()) == 2


def test_every_command_reads_the_encodings_and_dialects_that_add_reads(tmp_path: Path) -> None:
    korean = "일본은 군국주의 책동을 걷어치워야 한다"
    for name, text, separator, encoding in (
        ("korean.csv", korean, ",", "cp949"),
        ("excel.csv", "Japan’s Record Military Budget", ";", "cp1252"),
        ("unicode.csv", "Japan’s Record Military Budget", "\t", "utf-16"),
    ):
        rows = [("id", "date", "headline"), ("1", "2025-12-26", text), ("2", "2025-12-27", "KCNA Commentary")]
        file = tmp_path / name
        file.write_bytes("".join(separator.join(row) + "\n" for row in rows).encode(encoding))
        assert read_texts(file, ("id", "headline"))["headline"].to_list() == [text, "KCNA Commentary"]
        assert dated_headlines(file)["headline"].to_list() == [text, "KCNA Commentary"]
        assert read_table(file)["headline"].to_list() == [text, "KCNA Commentary"]
        statements, _ = read_all(file)
        assert [statement.title for statement in statements] == [text, "KCNA Commentary"]


@pytest.mark.parametrize("command", [("code", "-o"), ("series", "-o")])
def test_no_output_of_another_ending_becomes_csv_in_silence(tmp_path: Path, command: tuple[str, str]) -> None:
    file = tmp_path / "headlines.csv"
    file.write_text("id,date,headline\n1,2012-01-01,Japan denounced\n")
    code, output = run(command[0], file, command[1], tmp_path / "codes.xyz")
    assert code == 2 and "written as CSV only" in output and "codes.csv" in output
    assert not (tmp_path / "codes.xyz").exists()
