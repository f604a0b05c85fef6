"""The brief in a real headless Chromium with the network off: no request, no console error, no accessibility violation."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from tests.browser import DESK, PHONE, show_at, start, violations
from tests.facts_only import facts_only
from tests.report.sample import bare, sample

from tocsin.assessment.run import assess
from tocsin.report import write_brief

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def briefs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("brief")
    made = {
        "full": sample(folder / "full"),
        "bare": bare(folder / "bare"),
        "facts": assess(facts_only(folder / "facts")),
    }
    for name, assessment in made.items():
        write_brief(assessment, folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in made}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    driver = start(tmp_path_factory.mktemp("profile"), "--host-resolver-rules=MAP * ~NOTFOUND")
    yield driver
    driver.quit()


def opened(browser: Any, brief: Path, width: int, scheme: str = "light") -> list[str]:
    """Open a brief at a width in a colour scheme and return the addresses that it requested."""
    show_at(browser, width, scheme)
    browser.get_log("performance")
    browser.get(brief.as_uri())
    sent = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = {m["params"]["request"]["url"] for m in sent if m["method"] == "Network.requestWillBeSent"}
    return sorted(url for url in urls if not url.startswith("data:"))


@pytest.mark.parametrize("name", ["full", "bare", "facts"])
@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_brief_has_no_errors_at_desk_and_phone_width(
    browser: Any, briefs: dict[str, Path], scheme: str, width: int, name: str
) -> None:
    browser.get_log("browser")
    assert opened(browser, briefs[name], width, scheme) == [briefs[name].as_uri()]
    assert [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")] == []
    assert violations(browser) == []
    assert browser.execute_script(SIDEWAYS) == []


SIDEWAYS = """
    document.querySelectorAll("details").forEach(fold => { fold.open = true; });
    const width = document.documentElement.clientWidth;
    return [...document.querySelectorAll("body *")].filter(element => {
        const box = element.getBoundingClientRect(), style = getComputedStyle(element);
        const scrolls = /auto|scroll/.test(style.overflowX) && element.scrollWidth > element.clientWidth;
        return box.width > 1 && box.right > width + 0.5 && !element.matches(".skip") || scrolls;
    }).map(element => element.outerHTML.slice(0, 100)).concat(
        document.documentElement.scrollWidth > width ? ["the page itself"] : []);
"""
"""Returns what is wider than the window or scrolls sideways, with all folds open."""


UNLABELLED = """
    document.querySelectorAll("details").forEach(fold => { fold.open = true; });
    const cells = [...document.querySelectorAll("td")].filter(cell => cell.textContent.trim() && !cell.matches(".drawn"));
    return [cells.length, cells.filter(cell => {
        const shown = getComputedStyle(cell, "::before").content;
        return !cell.dataset.label || !shown.includes(cell.dataset.label) || getComputedStyle(cell).display !== "block";
    }).map(cell => cell.outerHTML.slice(0, 100))];
"""
"""Returns the number of table cells that have text, and those that do not stand on a line of their own below their label."""


def test_tables_fold_on_a_phone_with_a_label_in_each_cell(browser: Any, briefs: dict[str, Path]) -> None:
    opened(browser, briefs["full"], PHONE)
    cells, unlabelled = browser.execute_script(UNLABELLED)
    assert cells > 50
    assert unlabelled == []


def test_the_dark_scheme_reaches_the_page_and_its_drawings(browser: Any, briefs: dict[str, Path]) -> None:
    read = """
        const colour = (name, part) => getComputedStyle(document.querySelector(name))[part];
        return [colour("body", "backgroundColor"), colour(".picture svg text", "fill"), colour(".diagram rect", "stroke"),
                colour(".rung circle", "stroke")];
    """
    opened(browser, briefs["full"], DESK)
    light = browser.execute_script(read)
    opened(browser, briefs["full"], DESK, "dark")
    dark = browser.execute_script(read)
    assert light[0] == "rgb(255, 255, 255)"
    assert all(one != other for one, other in zip(light, dark, strict=True))


def test_a_figure_s_link_saves_its_numbers_as_a_file(browser: Any, briefs: dict[str, Path], tmp_path: Path) -> None:
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    opened(browser, briefs["full"], DESK)
    browser.get_log("browser")
    links = browser.find_elements("css selector", "figure > .data a")
    assert len(links) == len(browser.find_elements("css selector", ".picture, .states, .ladder"))
    links[0].click()
    file = tmp_path / "minimal-ladder.csv"
    end = time.monotonic() + 10
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert file.read_bytes() == unquote_to_bytes(links[0].get_attribute("href").partition(",")[2])
    assert file.read_text(encoding="utf-8").startswith("event,name,role,quantity,unit,p05,p50,p95\n")
    assert [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")] == []


def test_switches_change_the_numbers_and_can_be_reset(browser: Any, briefs: dict[str, Path]) -> None:
    from selenium.webdriver.common.by import By

    opened(browser, briefs["full"], DESK)
    read = "return [...document.querySelectorAll('.results .mid')].map(cell => cell.textContent).join('|')"
    before = browser.execute_script(read)
    assert browser.find_element(By.ID, "switched").text == "The present world."
    seen = set()
    for option in browser.find_elements(By.CSS_SELECTOR, "#switch-form input:not(:checked)"):
        browser.execute_script("arguments[0].click()", option)
        seen.add(browser.execute_script(read))
        said = browser.find_element(By.ID, "switched").text
        assert said.startswith("Loss compared with now") and said.endswith(".") and "{" not in said
    assert len(seen | {before}) == 4
    browser.find_element(By.CSS_SELECTOR, "#switch-form button").click()
    browser.execute_async_script("setTimeout(arguments[0], 50)")
    assert browser.execute_script(read) == before


def test_the_page_is_complete_without_scripts_except_for_the_switches(browser: Any, briefs: dict[str, Path]) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        opened(browser, briefs["full"], DESK)
        document = browser.execute_cdp_cmd("DOM.getDocument", {"depth": 0})
        html = browser.execute_cdp_cmd("DOM.getOuterHTML", {"nodeId": document["root"]["nodeId"]})["outerHTML"]
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert 'id="switch-form" hidden' in html
    assert "One switch at a time" in html
    assert html.count('class="claim"') == 4


@pytest.mark.parametrize(("width", "tallest"), [(DESK, 30), (PHONE, 60)])
def test_the_rungs_of_the_ladder_stand_close_together(
    browser: Any, briefs: dict[str, Path], width: int, tallest: int
) -> None:
    opened(browser, briefs["full"], width)
    heights = browser.execute_script(
        "return [...document.querySelectorAll('.ladder li')].map(rung => rung.getBoundingClientRect().height)"
    )
    assert len(heights) == 4
    assert all(10 <= height <= tallest for height in heights)


def test_a_link_into_a_fold_opens_it_and_one_button_opens_all(browser: Any, briefs: dict[str, Path]) -> None:
    from selenium.webdriver.common.by import By

    opened(browser, briefs["full"], DESK)
    closed = "return document.querySelectorAll('details:not([open])').length"
    before = browser.execute_script(closed)
    assert before > 4
    browser.execute_script("window.location.hash = 'source-book'")
    browser.execute_async_script("setTimeout(arguments[0], 50)")
    assert browser.execute_script("return document.getElementById('sources').open")
    button = browser.find_element(By.ID, "unfold")
    button.click()
    assert browser.execute_script(closed) == 0
    browser.execute_async_script("setTimeout(arguments[0], 50)")
    assert button.text == "Close all folds"
    button.click()
    assert browser.execute_script(closed) == before


def test_the_first_page_prints_on_one_sheet_and_of_closed_folds_only_the_appendix_is_printed(
    browser: Any, briefs: dict[str, Path]
) -> None:
    opened(browser, briefs["full"], DESK)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": 688, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        )
        tall = browser.execute_script("return document.querySelector('.first').getBoundingClientRect().bottom")
        shown = browser.execute_script(
            "return ['nav', '#judgements', '.picture details', '#sources', '#facts', '#record', '.ladder', '.claim']"
            ".map(name => getComputedStyle(document.querySelector(name)).display)"
        )
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert shown[:3] == ["none", "none", "none"]
    assert "none" not in shown[3:]
    assert tall <= 1013  # the height of A4 between its margins, in CSS pixels
