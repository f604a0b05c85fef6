"""The screen that makes files, in a real Chromium: by mouse, by keyboard, and a preview that cannot reach the workbench."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from tests.browser import DESK, PHONE, show_at, violations
from tests.workbench.conftest import run_case
from tests.workbench.pages import appears, go, until

from tocsin.report.parts import PARTS
from tocsin.workbench.access import Access

pytestmark = pytest.mark.browser
LINKS = ".print [role=status] a"


@pytest.fixture
def page(browser: Any, served: Access, case_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "home"))
    run_case(case_file)
    show_at(browser, DESK)
    browser.get(served.address())
    go(browser, "print")
    appears(browser, ".print")
    return browser


def test_a_preview_opens_in_a_tab_of_no_origin(page: Any) -> None:
    page.find_element("css selector", ".print input[type=checkbox]").click()
    appears(page, ".print button.first").click()
    _, preview = until(page, lambda b: b.find_elements("css selector", LINKS))
    assert violations(page) == []
    own = page.current_window_handle
    preview.click()
    until(page, lambda b: len(b.window_handles) == 2)
    page.switch_to.window(next(handle for handle in page.window_handles if handle != own))
    until(page, lambda b: b.title)
    assert page.execute_script("return window.origin") == "null"
    assert page.find_elements("id", "sources")
    assert not page.find_elements("id", "claims")
    page.close()
    page.switch_to.window(own)


def test_the_keyboard_makes_a_file(page: Any) -> None:
    page.find_element("css selector", ".print select").send_keys("The whole", Keys.TAB)
    assert not page.find_elements("css selector", ".print fieldset")
    page.find_element("css selector", ".print button.first").send_keys(Keys.ENTER)
    (link,) = until(page, lambda b: b.find_elements("css selector", LINKS))
    assert link.get_attribute("download").endswith(".json")


def test_slides_let_one_choose_among_the_parts_that_they_have(page: Any) -> None:
    Select(page.find_element("css selector", ".print select")).select_by_value("pptx")
    parts = page.find_elements("css selector", ".print fieldset label")
    assert [part.text for part in parts] == [str(PARTS["claims"]), str(PARTS["rivals"])]
    parts[0].click()
    page.find_element("css selector", ".print button.first").click()
    (link,) = until(page, lambda b: b.find_elements("css selector", LINKS))
    assert link.get_attribute("download").endswith(".pptx")


def test_it_fits_a_phone(page: Any) -> None:
    show_at(page, PHONE)
    assert page.execute_script("return document.documentElement.scrollWidth") <= PHONE


def test_a_file_can_be_stopped(page: Any) -> None:
    appears(page, ".print button.first").click()
    until(page, lambda b: b.find_elements("xpath", "//button[text()='Stop']"))[0].click()
    appears(page, ".print button.first")
    assert not page.find_elements("css selector", LINKS)


def test_a_case_that_was_never_run_leads_to_the_verdicts(
    browser: Any, served: Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "empty"))
    browser.get(served.address())
    go(browser, "print")
    until(browser, lambda b: b.find_elements("xpath", "//main/button[text()='Go to the verdicts']"))[0].click()
    until(browser, lambda b: b.find_element("css selector", "h1").text == "Verdicts")
