"""What the page says when its server has ended: that the last edit is lost, in sight, on every screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys
from tests.browser import DESK, show_at
from tests.workbench.conftest import serving
from tests.workbench.pages import appears, field, go, until, write

pytestmark = pytest.mark.browser
SEEN = "const box = arguments[0].getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight;"


def test_an_edit_after_the_end_is_said_not_to_be_saved(browser: Any, case_file: Path) -> None:
    with serving(case_file) as access:
        show_at(browser, DESK)
        browser.get(access.address())
        appears(browser, ".claims, main p")
        go(browser, "argument")
        field(browser, "Claim: C1")
        until(browser, lambda b: b.find_element("css selector", ".status").text == "Saved")
    browser.set_window_size(DESK, 500)
    write(browser, "Claim: C3", "The mayor wants it otherwise.")
    refused = appears(browser, ".refusal .refused")
    assert "has ended" in refused.text
    browser.execute_script("scrollTo(0, document.body.scrollHeight)")
    assert browser.execute_script("return scrollY") > 0
    assert browser.execute_script(SEEN, refused)
    until(browser, lambda b: b.find_element("css selector", ".status[role=status]").text == "Not saved")
    go(browser, "verdicts")
    assert "being read" not in appears(browser, "main").text
    assert "has ended" in appears(browser, ".refusal").text


def test_a_refusal_goes_when_the_next_request_succeeds(browser: Any, case_file: Path) -> None:
    with serving(case_file) as access:
        show_at(browser, DESK)
        browser.get(access.address())
        go(browser, "argument")
        before = case_file.read_bytes()
        write(browser, "Sentence: C1", "none")
        until(browser, lambda b: b.find_element("css selector", ".status").text == "Not saved")
        assert case_file.read_bytes() == before
        element = field(browser, "Sentence: C1")
        element.send_keys(Keys.CONTROL, "a")
        element.send_keys("2", Keys.ENTER)
        until(browser, lambda b: b.find_element("css selector", ".status").text == "Saved")
        assert not browser.find_elements("css selector", "main .refused, .refusal")
