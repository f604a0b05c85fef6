"""The tables of a run: the numbers of its JSON, explained column by column, with texts that stay texts."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
from tests.export.support import assessed, done, members, parquet, rows, tocsin
from tests.facts_only import write_facts_only

from tocsin.runs.names import resolve
from tocsin.runs.store import ASSESSMENT, WORLDS

HOSTILE = {
    "Trade has doubled in ten years.": '\'=HYPERLINK("http://x.example","y")\'',
    "Ninety ships wait, and nobody strikes.": "@SUM(1+1)*cmd|' /C calc'!A0",
    "Other ports grew faster.": "'+1+1'",
    "The mayor wants it so.": "'-2+3, one, two'",
}


def exported(folder: Path, *, replace: Mapping[str, str] | None = None) -> tuple[Path, dict[str, bytes]]:
    case = write_facts_only(folder / "case", replace=replace)
    assessed(case, folder)
    done("export", case, "--to", "csv", "-o", folder / "out.zip")
    return case, members(folder / "out.zip")


def test_claims_and_parts_have_the_verdicts_and_probabilities_of_the_json(tmp_path: Path) -> None:
    _, files = exported(tmp_path)
    run = json.loads(files["runs.json"])
    assert run == json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    claims = {row["id"]: row for row in rows(files["claims.csv"])}
    parts = {(row["claim"], row["part"]): row for row in rows(files["parts.csv"])}
    for claim in run["claims"]:
        assert claims[claim["id"]]["verdict"] == claim["verdict"]
        for part in claim["parts"]:
            assert parts[claim["id"], part["name"]]["verdict"] == part["verdict"]
    assert len(claims) == len(run["claims"])
    assert claims["C1"]["mid"] == ""  # facts decide: no probability, and no zero


def test_facts_have_their_numbers_units_sources_and_readers(tmp_path: Path) -> None:
    _, files = exported(tmp_path)
    facts = {row["key"]: row for row in rows(files["facts.csv"])}
    ships = facts["ships.waiting"]
    assert (float(ships["number"]), ships["unit"]) == (60.0, "ships")
    assert ships["sources"] == "authority; paper"
    assert ships["read_by"] == "C2.ninety"
    assert (facts["strike"]["number"], facts["strike"]["value"]) == ("", "false")
    known = {row["key"] for row in rows(files["sources.csv"])}
    assert all(set(row["sources"].split("; ")) <= known for row in facts.values())


def test_the_dictionary_explains_every_column_of_every_table(tmp_path: Path) -> None:
    _, files = exported(tmp_path)
    explained = [(row["table"], row["column"]) for row in rows(files["dictionary.csv"])]
    columns = [
        (name.removesuffix(".csv"), column)
        for name, data in files.items()
        if name.endswith(".csv") and name != "dictionary.csv"
        for column in data.decode("utf-8").partition("\n")[0].split(",")
    ]
    assert sorted(explained) == sorted(columns)
    assert all(row["meaning"] and row["type"] for row in rows(files["dictionary.csv"]))


def test_parquet_has_the_same_rows_and_the_meaning_and_unit_of_each_column(tmp_path: Path) -> None:
    case, files = exported(tmp_path)
    done("export", case, "--to", "parquet", "-o", tmp_path / "p.zip")
    other = members(tmp_path / "p.zip")
    assert {Path(name).stem for name in files} == {Path(name).stem for name in other}
    for name, data in files.items():
        if name.endswith(".csv"):
            frame = parquet(other[name.replace(".csv", ".parquet")])
            assert frame.height == len(rows(data))
    facts = pl.read_parquet_metadata(io.BytesIO(other["facts.parquet"]))
    assert facts["tocsin.meaning.key"] == "Name of the fact."
    assert facts["tocsin.unit.number"] == "unit"


def test_the_same_run_gives_the_same_bytes_by_its_case_and_by_its_json(tmp_path: Path) -> None:
    exported(tmp_path)
    done("export", tmp_path / "run.json", "--to", "csv", "-o", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "out.zip").read_bytes()


def test_texts_that_begin_like_formulas_stay_texts_and_numbers_stay_numbers(tmp_path: Path) -> None:
    _, files = exported(tmp_path, replace=HOSTILE | {"60 ships": "-60 ships"})
    for name, data in files.items():
        if name.endswith(".csv"):
            for row in rows(data):
                formulas = [text for text in row.values() if text.startswith(tuple("=+@\t\r")) or text[:1] == "-"]
                assert all(float(text) < 0 for text in formulas)
    says = [row["says"] for row in rows(files["claims.csv"])]
    assert says[0] == '\'=HYPERLINK("http://x.example","y")'
    facts = {row["key"]: row for row in rows(files["facts.csv"])}
    assert facts["ships.waiting"]["number"] == "-60.0"
    assert facts["ships.waiting"]["value"] == "'-60 ships"


def test_the_json_of_a_run_may_have_any_name(tmp_path: Path) -> None:
    exported(tmp_path)
    (tmp_path / "run.json").rename(tmp_path / "run")
    done("export", tmp_path / "run", "--to", "csv", "-o", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "out.zip").read_bytes()


def test_a_json_without_its_case_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, _ = exported(tmp_path)
    (case / "case.yaml").unlink()
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "elsewhere"))
    done("export", tmp_path / "run.json", "--to", "csv", "-o", tmp_path / "alone.zip")
    files = members(tmp_path / "alone.zip")
    assert "inputs.csv" not in files
    assert "is not\nat hand" in files["README.txt"].decode()
    assert {row["key"] for row in rows(files["facts.csv"])} >= {"ships.waiting", "boxes.2023"}


def test_a_case_that_has_changed_since_its_run_is_refused(tmp_path: Path) -> None:
    case, _ = exported(tmp_path)
    with (case / "case.yaml").open("a", encoding="utf-8") as file:
        file.write("# edited\n")
    refused = tocsin("export", case, "--to", "csv", "-o", tmp_path / "new.zip")
    assert refused.exit_code == 2
    assert "has changed since its last run" in refused.stderr
    assert "tocsin assess" in refused.stderr
    assert not (tmp_path / "new.zip").exists()


def test_a_case_that_was_not_run_is_refused(tmp_path: Path) -> None:
    refused = tocsin("export", write_facts_only(tmp_path / "case"), "--to", "csv")
    assert refused.exit_code == 2
    assert "no run of `op-ed` is stored" in refused.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--to", "cvs"), "did you mean `csv`?"),
        (("--to", "csv", "--world", "1"), "--to csv takes no --world"),
        (("--to", "efg"), "no stored worlds"),
        (("--to", "csv", "-o", "{folder}"), "it is a folder"),
        (("--to", "csv", "-o", "{folder}/run.json/x.zip"), "cannot write"),
        (("--to", "csv", "-o", "{folder}/run.json"), "also an input"),
        (("--to", "csv", "-o", "{folder}/case/case.yaml"), "also an input"),
    ],
)
def test_a_bad_request_is_one_message_with_a_remedy_and_writes_nothing(
    tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    exported(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    filled = [option.format(folder=tmp_path) for option in options]
    refused = tocsin("export", tmp_path / "run.json", *filled)
    assert refused.exit_code == 2
    assert message in refused.stderr
    assert "remedy" in refused.stderr
    assert len(refused.stderr.splitlines()) <= 2
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_what_was_stored_with_another_run_is_not_exported(tmp_path: Path) -> None:
    case, _ = exported(tmp_path)
    run = resolve("latest")
    (run.path / WORLDS).write_bytes(b"of another run")
    (run.path / ASSESSMENT).write_bytes(b"{}")
    assert run.part(ASSESSMENT) is None
    done("export", case, "--to", "csv", "-o", tmp_path / "out.zip")


def test_a_folder_that_cannot_be_written_leaves_the_run_without_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "file"))
    case = write_facts_only(tmp_path / "case")
    said = done("assess", case, "--brief", tmp_path / "b.html")
    assert "not stored for `tocsin show` and `tocsin export`" in said.stderr
