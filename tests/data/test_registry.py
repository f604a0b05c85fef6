"""The registry agrees with the originals, and the commands of `tocsin data` use it."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tocsin.cli import main
from tocsin.data.cache import cache_path, status
from tocsin.data.registry import source, sources
from tocsin.data.tables import TABLES
from tocsin.errors import InputError


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path / "cache"))


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["data", *map(str, arguments)])
    return result.exit_code, result.output


def test_every_record_is_complete() -> None:
    for record in sources().values():
        assert (record.sha256 is None) == (record.bytes is None)
        if record.sha256 is not None:
            assert re.fullmatch(r"[0-9a-f]{64}", record.sha256)
            assert re.fullmatch(r"https://raw.githubusercontent.com/[^/]+/[^/]+/[0-9a-f]{40}/.+", record.address or "")
        else:
            assert record.name in TABLES  # its table is the only check
        assert record.years[0] <= record.years[1]
        assert record.what and record.cite and record.licence and record.official
    assert len({record.file for record in sources().values()}) == len(sources())


def test_alliances_of_the_correlates_of_war_are_not_used() -> None:
    assert [record.name for record in sources().values() if "cow_alliance" in (record.address or "")] == []


def test_a_misspelt_name_gets_a_suggestion() -> None:
    with pytest.raises(InputError, match="unknown data set `un_vote`") as caught:
        source("un_vote")
    assert "un_votes" in str(caught.value)


def test_the_registry_lists_the_originals(shared: Path) -> None:
    table = (shared / "data" / "raw" / "SOURCES.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    known = {(record.address, record.sha256, record.bytes) for record in sources().values() if record.sha256}
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
    assert status(source("majors")) == "intact"
    assert re.search(r"majors +1816-2016 +cached", run("list")[1])
    assert str(cache_path(source("majors"))) in run("show", "majors")[1]
    assert f"1 intact, 0 broken, {len(sources()) - 1} absent" in run("verify")[1]
    assert run("get", "majors", "--offline")[1].strip() == str(cache_path(source("majors")))
    shutil.copyfile(shared / "data" / "raw" / "svmiller__peacesciencer__cow_states.rda", cache_path(source("majors")))
    code, output = run("verify")
    assert (code, "majors: broken" in output) == (1, True)


def test_errors_have_an_exit_status_and_a_remedy(tmp_path: Path) -> None:
    assert run("show", "nothing")[0] == 2
    code, output = run("get", "nmc", "--offline")
    assert (code, "tocsin data import nmc FILE" in output) == (1, True)
    assert run("import", "nmc", tmp_path / "none")[0] == 2


def test_citations_of_data_sets_and_cases() -> None:
    assert "Singer, Bremer and Stuckey 1972" in run("cite", "nmc")[1]
    case = Path(__file__).resolve().parents[2] / "cases" / "japan-buildup"
    code, output = run("cite", case)
    assert code == 0 and len(output.splitlines()) > 20
    assert "wars: Sarkees and Wayman 2010" in output  # an estimate rests on data sets too
