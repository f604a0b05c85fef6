"""The registry agrees with the originals; the commands speak of it."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tocsin.cli import main
from tocsin.data.cache import place, state
from tocsin.data.registry import source, sources
from tocsin.data.tables import TABLES
from tocsin.errors import InputError


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path / "cache"))


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["data", *map(str, arguments)])
    return result.exit_code, result.output


def test_every_record_is_whole() -> None:
    for each in sources().values():
        assert (each.sha256 is None) == (each.bytes is None)
        if each.sha256 is not None:
            assert re.fullmatch(r"[0-9a-f]{64}", each.sha256)
            assert re.fullmatch(r"https://raw.githubusercontent.com/[^/]+/[^/]+/[0-9a-f]{40}/.+", each.address or "")
        else:
            assert each.name in TABLES  # or nothing could tell whether it is good
        assert each.years[0] <= each.years[1]
        assert each.what and each.cite and each.licence and each.official
    assert len({each.file for each in sources().values()}) == len(sources())


def test_alliances_of_the_correlates_of_war_are_not_used() -> None:
    assert [each.name for each in sources().values() if "cow_alliance" in (each.address or "")] == []


def test_a_misspelt_name_is_helped() -> None:
    with pytest.raises(InputError, match="no data set is named `un_vote`") as caught:
        source("un_vote")
    assert "un_votes" in str(caught.value)


def test_the_originals_are_those_of_the_table(shared: Path) -> None:
    table = (shared / "data" / "raw" / "SOURCES.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    known = {(each.address, each.sha256, each.bytes) for each in sources().values() if each.sha256}
    assert known == {
        (
            f"https://raw.githubusercontent.com/{row['repository']}/{row['commit']}/{row['path']}",
            row["sha256"],
            int(row["bytes"]),
        )
        for row in rows
    }


def test_an_original_is_imported_listed_shown_and_verified(shared: Path, tmp_path: Path) -> None:
    original = shared / "data" / "raw" / "svmiller__peacesciencer__cow_majors.rda"
    assert run("import", "majors", original)[0] == 0
    assert state(source("majors")) == "whole"
    assert re.search(r"majors +1816-2016  cached", run("list")[1])
    assert str(place(source("majors"))) in run("show", "majors")[1]
    assert f"1 whole, 0 broken, {len(sources()) - 1} not there" in run("verify")[1]
    assert run("get", "majors", "--offline")[1].strip() == str(place(source("majors")))
    shutil.copyfile(shared / "data" / "raw" / "svmiller__peacesciencer__cow_states.rda", place(source("majors")))
    code, output = run("verify")
    assert (code, "majors: broken" in output) == (1, True)


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    assert run("show", "nothing")[0] == 2
    code, output = run("get", "nmc", "--offline")
    assert (code, "tocsin data import nmc FILE" in output) == (1, True)
    assert run("import", "nmc", tmp_path / "none")[0] == 2


def test_citations_of_sets_and_cases() -> None:
    assert "Singer, Bremer and Stuckey 1972" in run("cite", "nmc")[1]
    case = Path(__file__).resolve().parents[2] / "cases" / "japan-buildup"
    code, output = run("cite", case)
    assert code == 0 and len(output.splitlines()) > 20
    assert "wars: Sarkees and Wayman 2010" in output  # an estimate rests on sets too
