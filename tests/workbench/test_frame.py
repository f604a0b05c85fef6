"""The frame around the screens in a real browser: menu, tour, start panel, and what differs when another window saved first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from tests.browser import DESK, PHONE, show_at, violations
from tests.workbench.conftest import serving
from tests.workbench.pages import appears, field, go, until, write
from tests.workbench.test_start import ARTICLE

from tocsin.case import load
from tocsin.data.shipped import shipped_cases

pytestmark = pytest.mark.browser


def press(browser: Any, text: str) -> None:
    until(browser, lambda b: b.find_elements("xpath", f"//button[text()='{text}']"))[0].click()


def labelled(browser: Any, label: str) -> Any:
    path = f"//dialog[@open]//label[contains(., '{label}')]/*[self::input or self::textarea]"
    return until(browser, lambda b: b.find_elements("xpath", path))[0]


def focused(browser: Any) -> Any:
    return browser.switch_to.active_element


def test_on_a_phone_the_keyboard_opens_the_menu_and_chooses_a_screen(page: Any) -> None:
    show_at(page, PHONE)
    link = appears(page, "nav a[href='/facts']")
    assert not link.is_displayed()
    menu = appears(page, "button.menu")
    menu.send_keys(Keys.ENTER)
    assert menu.get_attribute("aria-expanded") == "true"
    assert violations(page) == []
    focused(page).send_keys(Keys.ESCAPE)
    assert not link.is_displayed()
    assert focused(page) == menu
    menu.send_keys(Keys.ENTER)
    for _ in range(12):
        focused(page).send_keys(Keys.TAB)
        if focused(page).get_attribute("href") == link.get_attribute("href"):
            break
    focused(page).send_keys(Keys.ENTER)
    until(page, lambda b: focused(b).tag_name == "h1" and focused(b).text == "Facts")
    assert not link.is_displayed()
    width = page.execute_script("return document.documentElement.scrollWidth")
    assert width <= PHONE


def test_on_a_phone_the_header_takes_two_lines(page: Any) -> None:
    show_at(page, PHONE)
    header = appears(page, "header")
    assert header.size["height"] <= 96
    shown = [button.text for button in header.find_elements("css selector", "button") if button.is_displayed()]
    assert shown == ["Menu", "Undo", "Redo"]
    appears(page, "button.menu").click()
    assert appears(page, "select.language").is_displayed()
    assert violations(page) == []


def test_the_reader_chooses_a_language_which_other_windows_take_up(page: Any, reader: httpx.Client) -> None:
    version = reader.get("/api/case").json()["version"]
    Select(appears(page, "select.language")).select_by_value("ko")
    until(page, lambda b: b.execute_script("return document.documentElement.lang") == "ko")
    assert appears(page, "nav a[href='/facts']").text == "사실"
    assert reader.get("/api/case").json()["language"] == "ko"
    page.refresh()
    assert appears(page, "nav a[href='/facts']").text == "사실"
    assert violations(page) == []
    reader.post("/api/language", json={"language": "ja"})
    appears(page, "nav a[href='/facts']").click()
    write(page, "값: ships.waiting", "61 ships")
    until(page, lambda b: b.execute_script("return document.documentElement.lang") == "ja")
    assert reader.get("/api/case").json()["version"] != version


@pytest.mark.parametrize("body", [{"language": "de"}, {"language": 1}, {}, {"language": "ko", "more": 1}])
def test_a_language_that_there_is_not_is_refused(reader: httpx.Client, body: Any) -> None:
    assert reader.post("/api/language", json=body).status_code == 400
    assert reader.get("/api/case").json()["language"] == "en"


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_an_op_ed_becomes_a_case_of_one_s_own(page: Any, tmp_path: Path, width: int) -> None:
    show_at(page, width)
    if width == PHONE:
        appears(page, "button.menu").click()
    press(page, "Your own case")
    labelled(page, "Article").send_keys(ARTICLE)
    labelled(page, "Title").send_keys("Is the port full?")
    assert labelled(page, "Folder name").get_attribute("value") == "is-the-port-full"
    until(page, lambda b: f"{tmp_path}/is-the-port-full" in b.find_element("css selector", "dialog[open]").text)
    assert violations(page) == []
    press(page, "Make the case")
    until(page, lambda b: b.current_url.endswith("/argument"))
    until(page, lambda b: b.title.endswith("Is the port full?"))
    assert field(page, "Claim: C1").get_attribute("value") == load(tmp_path / "is-the-port-full").claims["C1"].says


def test_the_panel_says_why_it_makes_no_case_and_keeps_the_article(page: Any, tmp_path: Path) -> None:
    press(page, "Your own case")
    assert "in English" in appears(page, "dialog[open]").text
    folder = labelled(page, "Folder name")
    assert folder.get_attribute("value") == "my-case"
    (tmp_path / "my-case").mkdir()
    focused(page).send_keys(Keys.ESCAPE)
    press(page, "Your own case")
    until(page, lambda _: labelled(page, "Folder name").get_attribute("value") == "my-case-2")
    labelled(page, "Article").send_keys(ARTICLE)
    folder = labelled(page, "Folder name")
    folder.send_keys(Keys.CONTROL, "a")
    folder.send_keys(Keys.DELETE, Keys.ENTER)
    reason = page.find_element("id", folder.get_attribute("aria-describedby"))
    assert "This field is empty." in reason.text and focused(page) == folder
    assert violations(page) == []
    folder.send_keys("case", Keys.ENTER)
    assert f"The folder {tmp_path / 'case'} exists already." in appears(page, "dialog[open] [role=alert]").text
    assert labelled(page, "Article").get_attribute("value").startswith("The port is full")
    focused(page).send_keys(Keys.ESCAPE)
    until(page, lambda b: not b.find_elements("css selector", "dialog[open]"))


def test_a_window_shows_the_case_that_another_window_opened(page: Any, reader: httpx.Client, tmp_path: Path) -> None:
    reader.post("/api/new", json={"folder": "other", "title": "Another one", "day": ""})
    until(page, lambda b: b.title.endswith("Another one"))


@pytest.mark.slow
def test_the_founding_case_shows_its_verdicts_and_a_tour_and_is_copied(browser: Any, tmp_path: Path) -> None:
    founding = shipped_cases()["japan-buildup"] / "case.yaml"
    with serving(founding, home=tmp_path) as access:
        show_at(browser, DESK)
        browser.delete_all_cookies()
        browser.get(access.address())
        appears(browser, ".questions")
        assert "came with the program, version" in appears(browser, "main > .banner").text
        marked = []
        for stop in range(4):
            until(browser, lambda b, number=stop: f"stop {number + 1} of 4" in appears(b, ".tour").text)
            marked.append(appears(browser, ".toured").get_attribute("class"))
            until(browser, lambda b: focused(b).get_attribute("id") == "tour-title")
            assert stop > 0 or violations(browser) == []
            focused(browser).send_keys(Keys.TAB, *([Keys.TAB] if stop else []), Keys.ENTER)
        assert [name.split()[0] for name in marked] == ["questions", "toured", "focus", "toured"]
        until(browser, lambda b: not b.find_elements("css selector", ".tour"))
        browser.refresh()
        go(browser, "verdicts")
        appears(browser, ".claims > li")
        assert not browser.find_elements("css selector", ".tour")
        press(browser, "Tour")
        appears(browser, ".tour h2").send_keys(Keys.ESCAPE)
        until(browser, lambda b: not b.find_elements("css selector", ".tour"))
        press(browser, "Make a copy that you can change")
        assert violations(browser) == []
        press(browser, "Make the copy")
        until(browser, lambda b: b.current_url.endswith("/argument"))
        until(browser, lambda b: not field(b, "Claim: C01").get_attribute("readonly"))
        assert load(tmp_path / "my-japan-buildup").id == "my-japan-buildup"


def test_the_window_that_was_slower_sees_what_differs(page: Any, reader: httpx.Client, case_file: Path) -> None:
    go(page, "argument")
    version = reader.get("/api/case").json()["version"]
    changes = [{"do": "put", "loc": ["claims", "C1", "says"], "value": "Theirs."}]
    reader.post("/api/edit", json={"base": version, "changes": changes})
    write(page, "Claim: C1", "Mine.")
    row = appears(page, "dialog[open] tbody tr").text
    for said in ("claims › C1 › says", "Trade has doubled in ten years.", "Theirs.", "Mine."):
        assert said in row
    assert violations(page) == []
    show_at(page, PHONE)
    assert violations(page) == []


def test_a_whole_text_that_was_slower_keeps_the_other_s_edit(page: Any, reader: httpx.Client, case_file: Path) -> None:
    go(page, "yaml")
    version = reader.get("/api/case").json()["version"]
    reader.post("/api/edit", json={"base": version, "changes": [{"do": "put", "loc": ["title"], "value": "Theirs"}]})
    editor = appears(page, ".cm-content")
    editor.send_keys(Keys.CONTROL, Keys.END)
    editor.send_keys("# mine")
    appears(page, "dialog[open] button").click()
    until(page, lambda _: case_file.read_text(encoding="utf-8").endswith("# mine"))
    assert load(case_file).title == "Theirs"
