"""Public data on the screen of facts: what is on this machine, and downloads in the background."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium.webdriver.common.by import By
from tests.browser import violations
from tests.data.server import Site, serving
from tests.workbench.pages import appears, go, until
from tests.workbench.test_jobs import ended

from tocsin.data import registry
from tocsin.data.cache import cache_path, status
from tocsin.data.registry import Source
from tocsin.translation import Translator
from tocsin.translation.stored_text import from_data
from tocsin.workbench.access import MAX_BODY
from tocsin.workbench.jobs import download_data
from tocsin.workbench.screens import data_sets

CONTENT = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TOCSIN_OFFLINE", "1")
    return tmp_path / "data"


def made_up(name: str, address: str | None) -> Source:
    return Source(
        name=name, what="bytes", cite="nobody", licence="none", official="https://example.org", years=(1900, 1901),
        file=f"{name}.bin", address=address, sha256=hashlib.sha256(CONTENT).hexdigest(), bytes=len(CONTENT),
    )  # fmt: skip


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site(CONTENT)) as served:
        yield served


def test_the_data_sets_of_this_machine_are_told_from_the_others(reader: httpx.Client, folder: Path) -> None:
    folder.mkdir()
    cache_path(registry.source("nmc")).write_bytes(b"here")
    sets = {item["name"]: item for item in reader.get("/api/data").json()["sets"]}
    assert sets.keys() == registry.sources().keys()
    assert [name for name, item in sets.items() if item["here"]] == ["nmc"]
    assert {name for name, item in sets.items() if not item["download"]} == {
        name for name, source in registry.sources().items() if source.address is None
    }


def test_a_download_goes_on_after_one_that_fails(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOCSIN_OFFLINE")
    made = {"by_hand": made_up("by_hand", None), "there": made_up("there", site.address)}
    monkeypatch.setattr(registry, "source", made.__getitem__)
    stages: list[tuple[str, float]] = []
    result = download_data(tmp_path, {"names": list(made)}, lambda stage, done: stages.append((stage, done)))
    assert cache_path(made["there"]).read_bytes() == CONTENT
    (failed,) = result["failed"]
    assert failed["name"] == "by_hand" and "tocsin data import by_hand" in from_data(failed["remedy"])
    assert stages[0] == ("by_hand (1 of 2)", 0.0) and stages[-1] == ("there (2 of 2)", 1.0)
    assert Translator(language="ko").plain(stages[0][0]) != stages[0][0]


def test_a_machine_without_network_says_how_to_get_a_data_set(reader: httpx.Client, folder: Path) -> None:
    assert reader.post("/api/data/get", json={"names": ["nmc"]}).status_code == 200
    assert ended(reader)["message"] == ""
    (failed,) = reader.get("/api/data").json()["failed"]
    assert failed["name"] == "nmc" and "offline" in failed["message"] and "tocsin data import nmc" in failed["remedy"]
    assert not list(folder.glob("nmc*"))


@pytest.mark.parametrize(("names", "code"), [(["nmcc"], 422), ([], 400), (["../x"], 422), (["nmc"] * 501, 400)])
def test_a_download_of_an_unknown_data_set_is_refused(reader: httpx.Client, names: list[str], code: int) -> None:
    assert reader.post("/api/data/get", json={"names": names}).status_code == code


def leader_list(file: Path) -> Path:
    """Write a list of leaders as REIGN publishes it."""
    rows = "stateabb,ccode,leader,sdate,smonth,syear,emonth,eyear\nJPN,740,Kan,8,6,2010,9,2011\n"
    file.write_text(rows, encoding="utf-8")
    return file


def send(reader: httpx.Client, name: str, content: bytes) -> httpx.Response:
    return reader.post("/api/data/import", params={"name": name}, content=content)


def test_a_file_that_the_reader_downloaded_becomes_a_data_set(reader: httpx.Client, tmp_path: Path) -> None:
    content = leader_list(tmp_path / "own.csv").read_bytes()
    assert send(reader, "reign_leaders", content).status_code == 200
    stored = cache_path(registry.source("reign_leaders"))
    assert stored.read_bytes() == content
    assert status(registry.source("reign_leaders")) == "intact"
    assert {item["name"] for item in reader.get("/api/data").json()["sets"] if item["here"]} == {"reign_leaders"}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("reign_leaders", b"a,b\n1,2\n", "this is not the file of `reign_leaders`"),
        ("reign_leaders", b"", "this is not the file of `reign_leaders`"),
        ("sipri_spending", b"PK\x03\x04 no archive", "not a readable archive"),
        ("sipri_spending", b"<html>Sign in</html>", "not a readable archive"),
        ("nmc", CONTENT, "it is another file"),
        ("majors", bytes(1_000), "more than the 394 bytes allowed"),
        ("../nmc", CONTENT, "unknown data set"),
    ],
)
def test_a_file_of_something_else_is_refused_and_not_kept(
    reader: httpx.Client, folder: Path, name: str, content: bytes, message: str
) -> None:
    answer = send(reader, name, content)
    assert answer.status_code == 422
    assert message in answer.json()["message"] and answer.json()["remedy"]
    assert not folder.exists() or not list(folder.iterdir())


def test_a_wrong_file_is_refused_in_the_language_of_the_page(reader: httpx.Client) -> None:
    assert reader.post("/api/language", json={"language": "ko"}).status_code == 200
    answer = send(reader, "nmc", CONTENT).json()
    assert "this is" not in answer["message"] and "download" not in answer["remedy"]


def test_a_file_that_is_not_read_in_time_is_given_up(
    reader: httpx.Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_sets, "MAX_SECONDS", 0.01)
    answer = send(reader, "nmc", CONTENT)
    assert answer.status_code == 422 and "not read in" in answer.json()["message"]


def test_a_file_of_more_bytes_than_a_request_may_have_is_refused(reader: httpx.Client) -> None:
    assert send(reader, "sipri_spending", bytes(MAX_BODY + 1)).status_code == 413


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_what_a_data_set_holds_is_said_in_the_language_of_the_page(reader: httpx.Client, language: str) -> None:
    assert reader.post("/api/language", json={"language": language}).status_code == 200
    sets = {item["name"]: item["what"] for item in reader.get("/api/data").json()["sets"]}
    assert [name for name, what in sets.items() if what == registry.source(name).what] == []


@pytest.mark.browser
def test_the_file_of_a_data_set_is_opened_on_the_screen(page: Any, tmp_path: Path) -> None:
    go(page, "facts")
    appears(page, "button[data-part=measure]").click()
    appears(page, "details[open] li input")
    chooser = "//label[contains(., 'File of reign_leaders')]//input"
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    field = page.find_element(By.XPATH, chooser)
    field.send_keys(str(wrong))
    reason = appears(page, "details[open] .wrong")
    assert "not the file of reign_leaders" in reason.text
    assert field.get_attribute("aria-describedby") == reason.get_attribute("id")
    assert violations(page) == []
    field.send_keys(str(leader_list(tmp_path / "own.csv")))
    until(
        page, lambda b: "reign_leaders is on this machine now." in b.find_element("css selector", "details[open]").text
    )
    assert not page.find_elements(By.XPATH, chooser)
    assert cache_path(registry.source("reign_leaders")).is_file()


@pytest.mark.browser
def test_what_a_measure_lacks_is_chosen_for_download(page: Any) -> None:
    go(page, "facts")
    appears(page, "button[data-part=measure]").click()
    appears(page, "details[open] li input")
    chosen = page.find_elements(By.CSS_SELECTOR, "details[open] li:has(input:checked)")
    assert [item.text.split(",")[0] for item in chosen] == ["nmc", "states"]
    button = page.find_element(By.XPATH, "//button[text()='Download 2 sets']")
    button.click()
    until(page, lambda b: len(b.find_elements(By.CSS_SELECTOR, "ul[aria-label='Not downloaded'] li")) == 2)
    assert violations(page) == []
