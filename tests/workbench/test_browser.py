"""The workbench in a real headless Chromium: journeys by mouse and by keyboard, accessibility, hostile texts, no foreign request."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium.webdriver.common.keys import Keys
from tests.browser import DESK, LOOKS, show_at, violations
from tests.support import minimal_case
from tests.workbench.conftest import run_case, serving
from tests.workbench.pages import HOSTILE, appears, field, go, until, write

from tocsin.assessment.run import assess
from tocsin.assessment.words import VERDICT_WORDS
from tocsin.case import load
from tocsin.workbench.access import Access
from tocsin.workbench.screens import SCREENS

pytestmark = pytest.mark.browser
KEYS = tuple(screen.key for screen in SCREENS)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_any_screen(page: Any, width: int, scheme: str) -> None:
    show_at(page, width, scheme)
    by_screen = {}
    for screen in KEYS:
        go(page, screen)
        by_screen[screen] = violations(page)
    assert {screen: broken for screen, broken in by_screen.items() if broken} == {}
    assert [entry for entry in page.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")] == []


def test_no_request_leaves_the_machine(page: Any, served: Access) -> None:
    for screen in KEYS:
        go(page, screen)
    sent = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    urls = {m["params"]["request"]["url"] for m in sent if m["method"] == "Network.requestWillBeSent"}
    home = f"http://127.0.0.1:{served.port}/"
    assert [url for url in urls if not url.startswith((home, "data:", "chrome:"))] == []


def test_an_edit_on_a_screen_is_in_the_file_and_can_be_undone(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    go(page, "argument")
    write(page, "Claim: C1", "Trade has trebled: or so they say.")
    until(page, lambda _: load(case_file).claims["C1"].says == "Trade has trebled: or so they say.")
    page.find_element("xpath", "//button[text()='Undo']").click()
    until(page, lambda _: case_file.read_bytes() == before)
    until(page, lambda _: field(page, "Claim: C1").get_attribute("value") == "Trade has doubled in ten years.")


def test_the_keyboard_alone_reaches_a_field_and_edits_it(page: Any, case_file: Path) -> None:
    go(page, "facts")
    for _ in range(60):
        page.switch_to.active_element.send_keys(Keys.TAB)
        if page.switch_to.active_element.get_attribute("aria-label") == "Value: boxes.2023":
            break
    else:
        pytest.fail("the Tab key does not reach the grid")
    page.switch_to.active_element.send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert page.switch_to.active_element.get_attribute("aria-label") == "Value: ships.waiting"
    page.switch_to.active_element.send_keys("95 ships", Keys.ENTER)
    until(page, lambda _: load(case_file).facts["ships.waiting"].value == "95 ships")


def test_escape_restores_a_field(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    go(page, "argument")
    element = field(page, "Claim: C1")
    element.send_keys(" and more", Keys.ESCAPE, Keys.TAB)
    assert element.get_attribute("value") == "Trade has doubled in ten years."
    assert case_file.read_bytes() == before


def test_the_text_editor_writes_the_file_and_marks_its_problems(page: Any, case_file: Path) -> None:
    go(page, "yaml")
    editor = appears(page, ".cm-content")
    editor.click()
    editor.send_keys(Keys.CONTROL, Keys.END)
    editor.send_keys("nonsense: 1")
    until(page, lambda _: case_file.read_text(encoding="utf-8").endswith("nonsense: 1"))
    appears(page, ".cm-lint-marker-error")
    appears(page, "aside li.error")


def test_the_text_editor_completes_keys_and_values_by_the_schema(page: Any, case_file: Path) -> None:
    go(page, "yaml")
    editor = appears(page, ".cm-content")
    editor.click()
    editor.send_keys(Keys.CONTROL, Keys.END)
    editor.send_keys("variants:", Keys.ENTER, "  calm:", Keys.ENTER, "  wh")
    appears(page, ".cm-tooltip-autocomplete li[aria-selected]")
    assert violations(page) == []
    time.sleep(0.2)  # the editor takes no completion in its first moment, so that Enter keeps its meaning
    editor.send_keys(Keys.ENTER)
    until(page, lambda _: "\n    why: " in case_file.read_text(encoding="utf-8").split("variants:")[1])
    editor.send_keys("x", Keys.ESCAPE, Keys.ENTER, Keys.BACKSPACE, Keys.BACKSPACE, "language: k")
    until(page, lambda b: [option.text for option in b.find_elements("css selector", ".cm-completionLabel")] == ["ko"])


def test_a_second_window_sees_the_other_s_text_before_it_overwrites(
    page: Any, case_file: Path, reader: httpx.Client
) -> None:
    go(page, "argument")
    version = reader.get("/api/case").json()["version"]
    reader.post(
        "/api/edit",
        json={"base": version, "changes": [{"do": "put", "loc": ["title"], "value": "From the other window"}]},
    )
    write(page, "Claim: C1", "Mine.")
    dialog = appears(page, "dialog[open]")
    time.sleep(0.5)  # leaving the field for the dialog must not send the edit again
    assert load(case_file).claims["C1"].says == "Trade has doubled in ten years."
    assert page.find_elements("css selector", "dialog[open]")
    dialog.find_element("css selector", "button").click()
    until(page, lambda _: load(case_file).claims["C1"].says == "Mine.")
    assert load(case_file).title == "From the other window"


def test_a_dropped_edit_leaves_the_other_window_s_text_in_file_and_field(
    page: Any, case_file: Path, reader: httpx.Client
) -> None:
    go(page, "argument")
    version = reader.get("/api/case").json()["version"]
    reader.post("/api/edit", json={"base": version, "changes": [{"do": "put", "loc": ["title"], "value": "Other"}]})
    write(page, "Claim: C1", "Mine.")
    appears(page, "dialog[open]").find_element("xpath", ".//button[text()='Drop my edit']").click()
    until(page, lambda _: field(page, "Claim: C1").get_attribute("value") == "Trade has doubled in ten years.")
    time.sleep(0.3)
    assert load(case_file).claims["C1"].says == "Trade has doubled in ten years."
    assert load(case_file).title == "Other"


def test_hostile_texts_run_no_script(page: Any, case_file: Path, reader: httpx.Client) -> None:
    version = reader.get("/api/case").json()["version"]
    changes = [
        {"do": "put", "loc": loc, "value": HOSTILE}
        for loc in (["title"], ["summary"], ["claims", "C1", "says"], ["facts", "strike", "note"])
    ]
    assert reader.post("/api/edit", json={"base": version, "changes": changes}).status_code == 200
    page.refresh()
    for screen in KEYS:
        go(page, screen)
    assert page.title != "1"
    assert appears(page, "header .title").text == HOSTILE
    assert page.find_elements("css selector", "img, script:not([src])") == []


def test_a_run_shows_its_verdicts_and_a_later_edit_makes_them_old(
    page: Any, case_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "home"))
    page.refresh()
    appears(page, "button.first").click()
    claims = until(page, lambda b: b.find_elements("css selector", ".claims > li"))
    assessed = assess(load(case_file))
    shown = [claim.find_element("css selector", ".mark").text for claim in claims]
    assert shown == [str(VERDICT_WORDS[claim.verdict]) for claim in assessed.claims]
    assert not page.find_elements("css selector", "main .banner")
    claims[1].find_element("css selector", "summary").click()
    assert "Ninety ships wait" in claims[1].text
    assert violations(page) == []
    claims[1].find_element("xpath", ".//button[text()='ships.waiting']").click()
    until(
        page, lambda b: b.find_element("css selector", "input[type=search]").get_attribute("value") == "ships.waiting"
    )
    go(page, "facts")
    write(page, "Value: ships.waiting", "95 ships")
    go(page, "verdicts")
    assert "changed since" in appears(page, "main .banner").text


def test_a_long_claim_is_folded_and_a_text_keeps_its_direction(page: Any, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    arabic = "تضاعفت التجارة خلال عشر سنوات."
    text = text.replace("Trade has doubled in ten years.", arabic).replace(
        "The mayor wants it so.", "so it goes " * 270
    )
    case_file.write_text(text, encoding="utf-8")
    run_case(case_file)
    go(page, "verdicts")
    page.refresh()
    long = until(page, lambda b: b.find_elements("css selector", ".claims summary"))[2]
    assert long.size["height"] <= 100
    assert violations(page) == []
    long.click()
    until(page, lambda _: long.size["height"] > 100)
    go(page, "argument")
    direction = "return getComputedStyle(arguments[0]).direction"
    assert page.execute_script(direction, field(page, "Claim: C1")) == "rtl"
    assert page.execute_script(direction, field(page, "Claim: C2")) == "ltr"
    go(page, "challenge")
    options = until(page, lambda b: b.find_elements("css selector", "main select option"))
    assert max(len(option.text) for option in options) <= 130


def test_a_case_with_errors_says_why_it_does_not_run(page: Any, case_file: Path) -> None:
    go(page, "verdicts")
    appears(page, "button.first")
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace("fact(boxes.2023)", "fact(boxes.2024)"), encoding="utf-8")
    page.find_element("css selector", "button.first").click()
    assert "boxes.2024" in appears(page, ".run [role=alert]").text


@pytest.mark.slow
def test_a_slider_moves_a_claim_at_once_and_its_games_are_solved_again(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "home"))
    case = minimal_case(tmp_path / "case")
    run_case(case.folder / "case.yaml")
    with serving(case.folder / "case.yaml") as access:
        show_at(browser, DESK)
        browser.get(access.address())
        go(browser, "beliefs")
        appears(browser, ".focus option[value='C1']").click()
        until(browser, lambda b: b.find_elements("css selector", "input[type=range]"))
        assert browser.find_elements(
            "css selector", ".focus progress"
        )  # the stored run guesses while the games are solved
        until(browser, lambda b: not b.find_elements("css selector", ".focus progress"))
        before = appears(browser, ".focus li").text
        slider = browser.find_elements("css selector", "input[type=range]")[1]
        label = slider.get_attribute("aria-label")
        point = appears(browser, f"input:not([type=range])[aria-label='{label}']").get_attribute("value")
        assert slider.get_attribute("aria-valuetext") == point  # both say where the belief stands
        slider.send_keys(*[Keys.ARROW_LEFT] * 20)
        assert "about" in appears(browser, ".focus li").text or "too few" in appears(browser, ".focus li").text
        appears(browser, ".focus li strong")
        assert violations(browser) == []
        browser.find_element("xpath", "//button[text()='Reset all beliefs']").click()
        until(browser, lambda b: appears(b, ".focus li").text == before)
        slider.send_keys(*[Keys.ARROW_LEFT] * 20)
        (button,) = until(browser, lambda b: b.find_elements("xpath", "//button[starts-with(., 'Save ')]"))
        written = button.text.removeprefix("Save ").removesuffix(" in the case")
        button.click()
        until(browser, lambda _: written in (case.folder / "case.yaml").read_text(encoding="utf-8"))
        assert load(case.folder).claims.keys() == case.claims.keys()
