"""The screens of comparison, challenges and runs in a real headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from tests.browser import DESK, PHONE, show_at, violations
from tests.facts_only import write_facts_only
from tests.runs.support import stored
from tests.workbench.conftest import serving
from tests.workbench.pages import appears, go, until

from tocsin.case import load
from tocsin.runs.store import stored_runs

pytestmark = pytest.mark.browser
VARIANTS = "variants:\n  full: {set: {ships.waiting: 95 ships}, why: another count}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_facts_only(tmp_path / "case", replace={"claims:\n": f"{VARIANTS}claims:\n"}) / "case.yaml"


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Any]:
    with serving(file) as access:
        show_at(browser, DESK)
        browser.get_log("browser")
        browser.get(access.address())
        yield browser


def press(browser: Any, name: str) -> None:
    appears(browser, "main")
    until(browser, lambda b: b.find_elements("xpath", f"//button[normalize-space()='{name}' and not(@disabled)]"))[
        0
    ].click()


def fill(browser: Any, label: str, text: str) -> None:
    box = until(browser, lambda b: b.find_elements("xpath", f"//label[contains(., '{label}')]//input"))[0]
    box.send_keys(text, Keys.TAB)


def rows(browser: Any) -> list[str]:
    return [cell.text for cell in browser.find_elements("css selector", "main tbody th .id")]


def test_a_comparison_by_keyboard_puts_claims_that_differ_first(page: Any) -> None:
    go(page, "compare")
    boxes = until(page, lambda b: b.find_elements("css selector", ".choices input"))
    boxes[1].send_keys(Keys.SPACE)
    boxes[1].send_keys(Keys.TAB)
    page.switch_to.active_element.send_keys(Keys.ENTER)
    until(page, lambda b: rows(b) == ["C2", "C2.ninety", "C1", "C2.calm", "C3"])
    first = appears(page, "main tbody tr").text
    assert "partly" in first and "holds" in first and "another verdict" in first and "ships.waiting" in first
    Select(appears(page, "main .tools select")).select_by_visible_text("By name")
    until(page, lambda b: rows(b)[0] == "C1")
    appears(page, "main .tools input[type=checkbox]").click()
    until(page, lambda b: rows(b) == ["C2", "C2.ninety"])
    for width, scheme in ((DESK, "light"), (PHONE, "dark")):
        show_at(page, width, scheme)
        assert violations(page) == []
        assert page.execute_script("return document.documentElement.scrollWidth") <= width
    assert [entry for entry in page.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")] == []


def test_a_new_variant_is_written_only_if_a_run_can_use_it(page: Any, file: Path) -> None:
    go(page, "compare")
    for label, text in (("Name", "quiet"), ("Input 1", "strik"), ("Value 1", "true"), ("Reason", "they say so")):
        fill(page, label, text)
    before = file.read_bytes()
    press(page, "Write it into the case")
    assert "strik" in appears(page, "form.variant .wrong").text
    assert violations(page) == []
    assert file.read_bytes() == before
    fill(page, "Input 1", "e")
    press(page, "Write it into the case")
    until(page, lambda _: "quiet" in load(file).variants)
    assert dict(load(file).variants["quiet"].set) == {"strike": "true"}
    until(page, lambda b: "quiet: a variant" in appears(b, ".choices").text)
    assert not page.find_elements("css selector", ".banner.refused, .wrong")
    assert "quiet" in appears(page, "form.variant [role=status]").text
    for label, text in (("Name", "quiet"), ("Input 1", "strike"), ("Value 1", "true"), ("Reason", "again")):
        fill(page, label, text)
    press(page, "Write it into the case")
    assert "already" in appears(page, "form.variant .wrong").text
    assert appears(page, "form.variant [role=status]").text == ""  # not what the attempt before did


def test_a_challenge_shows_the_worst_first_and_what_could_not_be_tested(page: Any, file: Path) -> None:
    stored(load(file))
    go(page, "challenge")
    Select(appears(page, "main select")).select_by_value("C2")
    press(page, "Challenge it")
    table = appears(page, "main table")
    assert "without the source paper" in table.text and "fails instead of partly" in table.text
    assert violations(page) == []
    Select(appears(page, "main select")).select_by_value("C1")
    press(page, "Challenge it")
    until(page, lambda b: "It sets no input" in appears(b, "main").text)
    Select(appears(page, "main select")).select_by_value("")
    until(page, lambda b: len(b.find_elements("css selector", ".claims > li")) == 2)
    assert violations(page) == []


def test_a_case_whose_id_has_a_number_says_which_earlier_case_has_runs(page: Any, file: Path) -> None:
    stored(load(write_facts_only(file.parent.parent / "earlier", replace={"id: op-ed": "id: case"})))
    file.write_text(file.read_text(encoding="utf-8").replace("id: op-ed", "id: case-2"), encoding="utf-8")
    page.refresh()
    go(page, "runs")
    said = until(page, lambda b: b.find_elements("xpath", "//main//p[contains(., 'case-2')]"))[0].text
    assert said.startswith("This case has the id case-2, because runs of an earlier case with the id case are stored.")


def test_runs_are_noted_opened_compared_and_removed_after_a_question(page: Any, file: Path) -> None:
    case = load(file)
    old = stored(case)
    new = stored(case, settings={"ships.waiting": "95 ships"})
    go(page, "runs")
    note = appears(page, f"input[aria-label='Note of {old.name}']")
    note.send_keys("first", Keys.ENTER)
    until(page, lambda _: old.note == "first")
    press(page, "Show what changed")
    until(page, lambda b: "partly -> holds" in appears(b, "main").text)
    assert "by facts.ships.waiting: nothing else that it reads differs" in appears(page, "main").text
    assert violations(page) == []
    appears(page, f"button[aria-label='Remove {new.name}']").click()
    appears(page, "dialog[open]").send_keys(Keys.ESCAPE)
    until(page, lambda b: not b.find_elements("css selector", "dialog[open] #ask-title"))
    assert stored_runs() == (new, old)
    appears(page, f"button[aria-label='Show the verdicts of {old.name}']").click()
    until(page, lambda b: b.find_elements("css selector", ".claims .mark.partly"))
    press(page, "Show the last run")
    until(page, lambda b: not b.find_elements("css selector", ".claims .mark.partly"))
    go(page, "runs")
    appears(page, f"button[aria-label='Remove {new.name}']").click()
    assert violations(page) == []
    appears(page, "dialog[open] button").click()
    until(page, lambda _: stored_runs() == (old,))
    until(page, lambda b: len(b.find_elements("css selector", "main tbody tr")) == 1)


def test_two_runs_are_chosen_on_a_narrow_screen(page: Any, file: Path) -> None:
    case = load(file)
    stored(case)
    stored(case, settings={"ships.waiting": "95 ships"})
    show_at(page, PHONE)
    page.execute_script(
        "document.querySelector('main').style.fontSize = '150%'"
    )  # as long as the words of other languages
    go(page, "runs")
    until(page, lambda b: len(b.find_elements("css selector", "main p.tools select")) == 2)
    assert page.execute_script("return document.documentElement.scrollWidth") <= PHONE


def test_moments_stand_in_the_readers_time_zone(page: Any, file: Path) -> None:
    case = load(file)
    runs = [stored(case, seed=seed) for seed in range(2)]
    zone = "Asia/Kathmandu"  # its clocks differ from UTC by a quarter of an hour, too
    page.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": zone})
    try:
        go(page, "runs")
        press(page, "Show what changed")
        appears(page, "[role=status] time")
        appears(page, f"button[aria-label='Verify {runs[0].name}']").click()
        appears(page, f"section[aria-label='Verification of {runs[0].name}'] time")
        shown = page.find_elements("css selector", "main time")
        assert len(shown) == 5  # of the table, the difference and the verification
        for one in shown:
            moment = datetime.fromisoformat(one.get_attribute("datetime")).astimezone(ZoneInfo(zone))
            assert one.text == f"{moment.day} {moment:%b %Y, %H:%M}"
            assert "+5:45" in one.get_attribute("title")
    finally:
        page.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})


def test_old_runs_are_removed_after_a_look_at_them(page: Any, file: Path) -> None:
    case = load(file)
    runs = [stored(case, seed=seed) for seed in range(3)]
    go(page, "runs")
    for label, text in (("Older than", ""), ("Keep the newest", "0")):
        box = until(page, lambda b, label=label: b.find_elements("xpath", f"//label[contains(., '{label}')]//input"))[0]
        box.send_keys(Keys.CONTROL, "a")
        box.send_keys(Keys.DELETE, text)
    press(page, "Show which would go")
    assert "not between 1 and 100000" in appears(page, f"[id='{box.get_attribute('aria-describedby')}'].wrong").text
    assert violations(page) == []
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys("1")
    until(page, lambda b: not b.find_elements("css selector", ".wrong"))
    press(page, "Show which would go")
    dialog = appears(page, "dialog[open]")
    assert runs[0].name in dialog.text and runs[1].name in dialog.text and runs[2].name not in dialog.text
    assert len(stored_runs()) == 3
    appears(page, "dialog[open] button").click()
    until(page, lambda _: stored_runs() == (runs[2],))
