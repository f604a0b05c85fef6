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
from tocsin.data.cache import cache_path
from tocsin.data.registry import Source
from tocsin.translation import Translator
from tocsin.translation.stored_text import from_data
from tocsin.workbench.jobs import download_data

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


@pytest.mark.parametrize(("names", "status"), [(["nmcc"], 422), ([], 400), (["../x"], 422), (["nmc"] * 501, 400)])
def test_a_download_of_an_unknown_data_set_is_refused(reader: httpx.Client, names: list[str], status: int) -> None:
    assert reader.post("/api/data/get", json={"names": names}).status_code == status


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
