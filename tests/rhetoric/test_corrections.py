"""A reader's codes are in a file of their own, one row for each headline, and wrong ones are refused."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tocsin.errors import InputError
from tocsin.rhetoric.archive import Statement
from tocsin.rhetoric.corrections import LABELS, correct, corrections_file, forget, read_corrections

ITEM = Statement("Farm Finishes Sowing", date=dt.date(2026, 5, 2), outlet="kcna", id=739_000_000_000_000)
CODES = {"target": "", "tone": "0", "speaker": "kcna", "theme": "domestic"}


def test_codes_are_stored_replaced_and_taken_back(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    assert read_corrections(archive).height == 0 and read_corrections(archive).columns == list(LABELS)
    assert correct(archive, ITEM, CODES) == 1
    other = replace(ITEM, id=ITEM.id + 1, title="Japan Denounced", date=None)
    assert correct(archive, other, CODES | {"target": "usa, JPN", "tone": "-2.0"}) == 2
    assert correct(archive, ITEM, CODES | {"tone": "1"}) == 2
    rows = {row[0]: row[1:] for row in read_corrections(archive).iter_rows()}
    assert rows[str(ITEM.id)] == ("2026-05-02", ITEM.title, "", "1", "kcna", "domestic")
    assert rows[str(other.id)] == ("", "Japan Denounced", "JPN;USA", "-2", "kcna", "domestic")
    assert forget(archive, ITEM.id) == 1 and forget(archive, ITEM.id) == 1


@pytest.mark.parametrize("wrong", [{"tone": "5"}, {"theme": ""}, {"target": "PRK"}, {"speaker": "kcna;official"}])
def test_a_code_that_the_codebook_lacks_is_refused_and_nothing_is_written(
    tmp_path: Path, wrong: dict[str, str]
) -> None:
    with pytest.raises(InputError):
        correct(tmp_path / "archive.db", ITEM, CODES | wrong)
    assert not corrections_file(tmp_path / "archive.db").exists()


@pytest.mark.parametrize("title", ['=HYPERLINK("x")', "'=1", "@now", 'a "quoted", title\nof two lines', "북남관계"])
def test_no_headline_begins_a_formula_in_the_file_and_each_comes_back(tmp_path: Path, title: str) -> None:
    archive = tmp_path / "archive.db"
    correct(archive, replace(ITEM, title=title), CODES)
    assert read_corrections(archive)["headline"][0] == title
    assert not any(f",{sign}" in corrections_file(archive).read_text(encoding="utf-8") for sign in "=@")


@pytest.mark.parametrize(
    "text", ["id,headline\n1,a\n", "\x00\x01", "id,date,headline,target,tone,speaker,theme\n1,,a,,9,kcna,other\n"]
)
def test_a_damaged_file_is_refused_and_stays(tmp_path: Path, text: str) -> None:
    archive = tmp_path / "archive.db"
    corrections_file(archive).write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        correct(archive, ITEM, CODES)
    assert corrections_file(archive).read_text(encoding="utf-8") == text


def test_two_windows_lose_no_codes(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    items = [replace(ITEM, id=ITEM.id + number) for number in range(12)]
    threads = [threading.Thread(target=correct, args=(archive, item, CODES)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_corrections(archive).height == 12
