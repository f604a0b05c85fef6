"""The Media screen in a real browser: a table is brought in, headlines are coded by key and button, weeks have picture and table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys
from tests.browser import DESK, LOOKS, show_at, violations
from tests.workbench.pages import HOSTILE, appears, go, until
from tests.workbench.test_media import DAY, fill, judged

from tocsin.rhetoric.archive import Statement, open_archive
from tocsin.rhetoric.corrections import read_corrections
from tocsin.workbench.access import Access
from tocsin.workbench.media_work import Work
from tocsin.workbench.screens.media_views import weeks_view

pytestmark = pytest.mark.browser


@pytest.fixture
def media(browser: Any, served: Access) -> Any:
    """Return the browser at the Media screen."""
    show_at(browser, DESK)
    browser.get(served.address())
    go(browser, "media")
    return browser


def press(page: Any, keys: str) -> None:
    page.find_element("css selector", "body").send_keys(keys)


def button(page: Any, name: str) -> Any:
    return appears_xpath(page, f"//button[starts-with(normalize-space(.), '{name}')]")


def appears_xpath(page: Any, path: str) -> Any:
    return until(page, lambda b: b.find_elements("xpath", path))[0]


def title(page: Any) -> str:
    return str(appears(page, ".headline .title").text)


def coded(archive: Path) -> list[dict[str, str]]:
    return list(read_corrections(archive).iter_rows(named=True))


def test_a_table_is_brought_in_and_shown(media: Any, archive_file: Path, tmp_path: Path) -> None:
    table = tmp_path / "headlines.csv"
    table.write_text(f"date,title\n{DAY},Japan Denounced for Its Exercises\n", encoding="utf-8")
    appears(media, "input[type=file]").send_keys(str(table))
    assert title(media) == "Japan Denounced for Its Exercises"
    assert "Statements added: 1" in appears_xpath(media, "//details//div[@role='status']").text
    assert archive_file.exists() and violations(media) == []


@pytest.fixture
def filled(archive_file: Path) -> Path:
    fill(archive_file, korean=False)  # to read Korean takes seconds at first
    return archive_file


def test_headlines_are_coded_and_undone_by_single_keys(filled: Path, media: Any) -> None:
    first = title(media)
    press(media, "3")
    press(media, "y")
    until(media, lambda _: len(coded(filled)) == 1 and title(media) != first)
    row = coded(filled)[0]
    assert row["headline"] == first and row["tone"] == "0"
    assert appears_xpath(media, "//*[starts-with(text(), '1 of 24')]")
    press(media, "z")
    until(media, lambda _: title(media) == first and coded(filled) == [])
    press(media, "ly")  # the next headline, as the coder has it
    until(media, lambda _: len(coded(filled)) == 1)
    assert coded(filled)[0]["headline"] != first


def test_keys_can_be_turned_off_and_buttons_do_the_same(filled: Path, media: Any) -> None:
    first = title(media)
    appears(media, "input[type=checkbox]").click()
    press(media, "y")
    assert not media.find_elements("css selector", "kbd")
    button(media, "friendly").send_keys(Keys.ENTER)
    button(media, "sanctions").click()
    button(media, "Keep these codes").click()
    until(media, lambda _: len(coded(filled)) == 1)
    assert (coded(filled)[0]["headline"], coded(filled)[0]["tone"]) == (first, "1")
    assert "sanctions" in coded(filled)[0]["theme"]


def test_a_key_in_a_field_is_text(filled: Path, media: Any) -> None:
    first = title(media)
    field = appears(media, ".tools input")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("fra; jpn", Keys.TAB)
    assert coded(filled) == [] and title(media) == first and field.get_attribute("value") == "FRA;JPN"
    button(media, "Keep these codes").click()
    until(media, lambda _: [row["target"] for row in coded(filled)] == ["FRA;JPN"])


def test_a_code_that_the_codebook_lacks_is_refused_with_a_remedy(filled: Path, media: Any) -> None:
    field = appears(media, ".tools input")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("XQX", Keys.TAB)
    button(media, "Keep these codes").click()
    assert "XQX" in appears(media, ".banner[role=alert]").text and coded(filled) == []


def test_hostile_headlines_run_no_script(archive_file: Path, browser: Any, served: Access) -> None:
    with open_archive(archive_file, writing=True) as opened:
        opened.add([Statement(HOSTILE, date=DAY, outlet="kcna", language="en", translation=HOSTILE)])
    browser.get(served.address())
    go(browser, "media")
    assert title(browser) == HOSTILE and browser.title != "1"
    assert browser.find_elements("css selector", "img, script:not([src])") == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_weeks_have_a_picture_a_table_and_a_reason(
    filled: Path, media: Any, monkeypatch: pytest.MonkeyPatch, width: int, scheme: str
) -> None:
    show_at(media, width, scheme)
    view = weeks_view(filled, judged(filled), "en")

    def at_once(work: Work, task: str, *about: str) -> bool:
        work.state = {"task": task, "about": about, "ready": view}
        return True

    monkeypatch.setattr(Work, "start", at_once)
    title(media)
    button(media, "Judge the latest week").click()
    reason = appears(media, "strong.alarm")
    assert reason.text.startswith("Alarm: the week of 2026-05-04")
    section = reason.find_element("xpath", "./ancestor::section[1]")
    assert "Critical items: 12; 3.0 are expected, and up to 8 are usual." in section.text
    assert "0.05 %" in section.text and "Party foundation" in section.text
    assert len(section.find_elements("css selector", "svg circle")) == 2
    assert len(section.find_elements("css selector", "svg rect")) == 1
    section.find_element("xpath", ".//summary[text()='Table of the weeks']").click()
    cells = [
        cell.get_property("textContent") for cell in section.find_elements("css selector", "tbody tr:last-child td")
    ]
    assert cells == ["12", "4", "3.0", "0 to 7", "2.5", "120", ""]
    assert violations(media) == []
    assert media.execute_script("return document.documentElement.scrollWidth <= innerWidth")
