"""Numbers that must not change when the code is refactored; `python -m tests.golden` compares them to the last digit."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.data.test_readers import cached as cached
from tests.golden.commands import (
    ARCHIVE,
    ASSESS,
    ASSESS_SMALL,
    ASSESSED_AS,
    CODE,
    EVIDENCE,
    FIT,
    INPUTS,
    MEASURE,
    SOLVE,
    export_archive,
    run,
)
from tests.golden.comparison import differences, read
from tests.machines import missing

from tocsin.rhetoric.archive import open_archive

RESULTS = Path(__file__).parent / "results"


def check(name: str, arguments: list[str], folder: Path) -> None:
    run(arguments, folder / name)
    assert list(differences(read(folder / name), read(RESULTS / name), exact=False)) == []


@pytest.mark.parametrize("name", SOLVE)
def test_solve_gives_the_stored_numbers(name: str, tmp_path: Path) -> None:
    check(name, SOLVE[name], tmp_path)


@pytest.mark.parametrize("name", FIT)
def test_fit_gives_the_stored_numbers(name: str, tmp_path: Path) -> None:
    check(name, FIT[name], tmp_path)


def test_headlines_are_coded_as_stored(tmp_path: Path) -> None:
    check("codes.csv", CODE["codes.csv"], tmp_path)


@pytest.mark.parametrize("name", ARCHIVE)
def test_an_archive_exports_the_stored_statements(name: str, tmp_path: Path) -> None:
    export_archive(tmp_path / "archive.db", tmp_path / name)
    assert (tmp_path / name).read_bytes() == (RESULTS / name).read_bytes()


@pytest.mark.parametrize("name", ARCHIVE)
def test_an_old_archive_opens_and_recognises_all_its_statements(name: str, tmp_path: Path) -> None:
    shutil.copy(INPUTS / "archive.db", tmp_path / "archive.db")
    export_archive(tmp_path / "archive.db", tmp_path / name)
    assert (tmp_path / name).read_bytes() == (RESULTS / name).read_bytes()


def test_a_near_duplicate_of_an_old_archive_is_found(tmp_path: Path) -> None:
    shutil.copy(INPUTS / "archive.db", tmp_path / "archive.db")
    with open_archive(tmp_path / "archive.db") as archive:
        first = archive.get(734_269_000_000)
    with open_archive(tmp_path / "archive.db", writing=True) as archive:
        assert archive.add([replace(first, text=f"{first.text} Again!")]).alike == 1


@pytest.mark.parametrize("name", MEASURE)
def test_measures_give_the_stored_numbers(name: str, cached: Path, tmp_path: Path) -> None:
    check(name, MEASURE[name], tmp_path)


@pytest.mark.parametrize("name", EVIDENCE)
def test_evidence_shows_the_stored_numbers(name: str, tmp_path: Path) -> None:
    check(name, EVIDENCE[name], tmp_path)


@pytest.mark.skipif(bool(missing(ASSESSED_AS)), reason=missing(ASSESSED_AS))
def test_a_small_case_gives_the_stored_numbers(tmp_path: Path) -> None:
    check("assessment-small.json", ASSESS_SMALL["assessment-small.json"], tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(bool(missing(ASSESSED_AS)), reason=missing(ASSESSED_AS))
def test_the_founding_case_gives_the_stored_numbers(tmp_path: Path) -> None:
    check("assessment.json", ASSESS["assessment.json"], tmp_path)


def test_a_changed_number_or_name_is_reported() -> None:
    stored = {"a": [1.0, "holds", "a sentence of prose"], "seconds": 2.0}
    assert not list(differences({"a": [1.0, "holds", "another sentence"], "seconds": 3.0}, stored, exact=True))
    assert not list(differences({"a": [1.00005, "holds", "x y"], "seconds": 3.0}, stored, exact=False))
    for wrong in ([1.001, "holds", "x y"], [1.0, "fails", "x y"], [1.0, "holds"], [None, "holds", "x y"]):
        assert list(differences({"a": wrong, "seconds": 2.0}, stored, exact=False))
    assert list(differences({"a": stored["a"]}, stored, exact=False))
