"""The brief in a real headless Chromium with the network off: no request, no console error, no accessibility violation."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support import minimal_case

from tocsin.assess import assess
from tocsin.report import write_brief

pytestmark = pytest.mark.browser
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("brief")
    path = folder / "brief.html"
    write_brief(assess(minimal_case(folder), seed=2, draws=32), path)
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("no chromium with its driver on this machine")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.mark.parametrize("width", [1280, 390])
def test_brief_opens_cleanly_at_desk_and_phone_width(browser: Any, brief: Path, width: int) -> None:
    import json

    from axe_selenium_python import Axe

    browser.set_window_size(width, 900)
    browser.get_log("performance")
    browser.get(brief.as_uri())
    sent = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = {m["params"]["request"]["url"] for m in sent if m["method"] == "Network.requestWillBeSent"}
    assert {url for url in urls if not url.startswith("data:")} == {brief.as_uri()}
    errors = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert errors == []
    axe = Axe(browser)
    axe.inject()
    found = axe.run()
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found["violations"]] == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= max(width, 500)


def test_switches_change_the_numbers(browser: Any, brief: Path) -> None:
    from selenium.webdriver.common.by import By

    browser.set_window_size(1280, 900)
    browser.get(brief.as_uri())
    before = browser.find_element(By.ID, "cell-risk-1").text
    options = browser.find_elements(By.CSS_SELECTOR, "#switch-form input:not(:checked)")
    assert options
    texts = set()
    for option in options:
        browser.execute_script("arguments[0].click()", option)
        texts.add(browser.find_element(By.ID, "cell-fear-1").text)
    assert before.endswith("%")
    assert len(texts) > 1
