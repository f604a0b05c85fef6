"""The screen of facts in a real browser: the grid by keyboard, new facts, pasted tables, removal, and the work of many facts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys
from tests.browser import DESK, PHONE, show_at, violations
from tests.facts_only import FACTS_ONLY
from tests.support import minimal_case
from tests.workbench.conftest import serving
from tests.workbench.pages import appears, field, go, until, write

from tocsin.case import load

pytestmark = pytest.mark.browser
PASTED = "key\tvalue\tsource\nboxes.2024\t1.3e6\tauthority\ncranes\t12\tPort news, 3 May 2024\n"
EDITS = 20
MAX_BUSY = 0.2
"""Seconds of its own time that the page may take for an edit: ten keys, the answer and all frames between. On a quiet machine no frame then
comes near 100 ms. The clock would measure what else runs on the machine of the tests."""


def busy(browser: Any) -> float:
    """Return the processor time of the page so far, in seconds."""
    metrics = browser.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def active(page: Any) -> str:
    label: str = page.switch_to.active_element.get_attribute("aria-label")
    return label


def press(page: Any, text: str) -> None:
    button = until(page, lambda b: b.find_elements("xpath", f"//button[text()='{text}']"))[0]
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)  # not below what stays at the top
    button.click()


def described(page: Any, control: Any) -> str:
    """Return what describes a wrong field."""
    assert control.get_attribute("aria-invalid") == "true"
    return " ".join(page.find_element("id", name).text for name in control.get_attribute("aria-describedby").split())


def show_rows(page: Any, wanted: str, count: int) -> None:
    """Show the facts that a text is found in."""
    go(page, "facts")
    appears(page, "main input[type=search]").send_keys(wanted)
    until(page, lambda b: len(b.find_elements("css selector", "table.grid tbody tr")) == count)


def paste(page: Any, text: str) -> None:
    """Paste into the cell that has the focus."""
    page.execute_script(
        "const data = new DataTransfer(); data.setData('text/plain', arguments[0]);"
        "document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))",
        text,
    )


def test_arrow_keys_move_between_cells_and_the_tab_key_passes_the_grid(page: Any) -> None:
    go(page, "facts")
    field(page, "Value: boxes.2023").click()
    for keys, label in (
        ((Keys.ARROW_DOWN,), "Value: boxes.2013"),
        ((Keys.ARROW_RIGHT, Keys.ARROW_RIGHT), "Date: boxes.2013"),
        ((Keys.ARROW_RIGHT, Keys.ARROW_RIGHT), "Confidence: boxes.2013"),
        ((Keys.ARROW_UP,), "Confidence: boxes.2023"),
        ((Keys.CONTROL, Keys.END), "Confidence: strike"),
        ((Keys.CONTROL, Keys.HOME), "Value: boxes.2023"),
        ((Keys.F2, Keys.ARROW_LEFT), "Value: boxes.2023"),
    ):
        page.switch_to.active_element.send_keys(*keys)
        assert active(page) == label
        if Keys.CONTROL in keys:
            page.switch_to.active_element.send_keys(Keys.NULL)
    page.switch_to.active_element.send_keys(Keys.TAB)
    assert page.switch_to.active_element.tag_name == "summary"
    page.switch_to.active_element.send_keys(Keys.SHIFT, Keys.TAB)
    assert active(page) == "Value: boxes.2023"


def test_what_is_typed_while_an_edit_is_saved_stays(page: Any, case_file: Path) -> None:
    go(page, "facts")
    write(page, "Value: boxes.2023", "1.3e6")
    assert active(page) == "Value: boxes.2013"
    page.switch_to.active_element.send_keys("7e5")
    until(page, lambda _: load(case_file).facts["boxes.2023"].value == "1.3e6")
    until(page, lambda b: b.find_element("css selector", ".status").text == "Saved")
    assert field(page, "Value: boxes.2013").get_attribute("value") == "7e5"
    page.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert field(page, "Value: boxes.2013").get_attribute("value") == "6e5"


@pytest.mark.parametrize("rows", [1, 2])
def test_what_is_typed_after_enter_replaces_the_cell(page: Any, case_file: Path, rows: int) -> None:
    show_rows(page, "boxes.2013" if rows == 1 else "boxes", rows)
    field(page, "Value: boxes.2013").click()
    for text in ("41", "40"):  # in the last row: Enter has no next
        page.switch_to.active_element.send_keys(text, Keys.ENTER)
        until(page, lambda _, wanted=text: load(case_file).facts["boxes.2013"].value == wanted)
        until(page, lambda b: b.find_element("css selector", ".status").text == "Saved")


def test_what_is_typed_in_a_cell_while_its_edit_is_saved_stays(page: Any, case_file: Path) -> None:
    show_rows(page, "boxes.2013", 1)
    field(page, "Value: boxes.2013").click()
    page.switch_to.active_element.send_keys("41", Keys.ENTER, "42", Keys.ENTER, "43")
    until(page, lambda _: load(case_file).facts["boxes.2013"].value == "42")
    until(page, lambda b: b.find_element("css selector", ".status").text == "Saved")
    assert field(page, "Value: boxes.2013").get_attribute("value") == "43"


@pytest.mark.parametrize(("part", "text"), [("Date", "28 November 2025"), ("Value", "forty"), ("Source", "nobody")])
def test_a_wrong_cell_is_not_saved_and_says_why(page: Any, case_file: Path, part: str, text: str) -> None:
    before = case_file.read_bytes()
    go(page, "facts")
    label = f"{part}: boxes.2023"
    was = field(page, label).get_attribute("value")
    write(page, label, text)
    message = appears(page, "table.grid .wrong")
    assert violations(page) == []
    cell = field(page, label)
    assert (cell.get_attribute("value"), cell.get_attribute("aria-invalid")) == (text, "true")
    assert cell.get_attribute("aria-describedby") == message.get_attribute("id")
    assert case_file.read_bytes() == before
    cell.send_keys(Keys.ESCAPE)
    until(page, lambda b: not b.find_elements("css selector", "table.grid .wrong"))
    assert (field(page, label).get_attribute("value"), cell.get_attribute("aria-invalid")) == (was, "false")


def test_a_choice_that_the_case_refuses_says_why(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    go(page, "facts")
    appears(page, "select[aria-label='Confidence: strike']").send_keys("low")
    assert "flag" in appears(page, "table.grid .wrong").text
    assert case_file.read_bytes() == before


def test_a_fact_that_breaks_the_case_can_be_mended_in_the_grid(page: Any, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace("2024-06-01, source: paper", "2024-06-01, source: nobody"), encoding="utf-8")
    page.refresh()
    go(page, "facts")
    appears(page, "aside li.error")
    write(page, "Source: strike", "paper, authority")
    until(page, lambda b: not b.find_elements("css selector", "aside li.error"))
    assert load(case_file).facts["strike"].source == ("paper", "authority")


def test_a_form_adds_a_fact_with_a_new_source(page: Any, case_file: Path) -> None:
    go(page, "facts")
    press(page, "Add a fact")
    for name, text in (("key", "cranes"), ("value", "12"), ("unit", "1"), ("date", "2024-05"), ("source", "news")):
        appears(page, f".panel input[name='{name}']").send_keys(text)
    appears(page, ".panel input[name='cite:news']").send_keys("Port news, 3 May 2024")
    appears(page, ".panel input[name='grade:news']").send_keys("c2", Keys.ENTER)
    assert violations(page) == []
    until(page, lambda _: "cranes" in load(case_file).facts)
    case = load(case_file)
    assert (case.facts["cranes"].source, case.sources["news"].grade) == (("news",), "C2")
    until(page, lambda b: "Added: cranes" in b.find_element("css selector", ".panel [role=status]").text)
    assert page.switch_to.active_element == appears(page, ".panel input[name='note']")
    assert appears(page, ".panel input[name='key']").get_property("value") == ""


def test_a_form_that_is_filled_in_stays_while_it_is_closed(page: Any, case_file: Path) -> None:
    go(page, "facts")
    press(page, "Add a fact")
    for name, text in (("key", "cranes"), ("value", "12"), ("unit", "1"), ("source", "paper")):
        appears(page, f".panel input[name='{name}']").send_keys(text)
    for button in ("Add a fact", "Paste or open a table", "Add a fact"):
        press(page, button)
    appears(page, ".panel input[name='source']").send_keys(Keys.ENTER)
    until(page, lambda _: "cranes" in load(case_file).facts)
    appears(page, ".panel .tools button[type='button']").click()
    until(page, lambda b: b.switch_to.active_element.text == "Add a fact")


def test_the_form_helps_with_key_source_and_unit(page: Any, case_file: Path) -> None:
    go(page, "facts")
    press(page, "Add a fact")
    for name, text in (
        ("note", "Cranes of the Port in 2024, on record"),
        ("value", "40"),
        ("source", "Port news 2024"),
    ):
        appears(page, f".panel input[name='{name}']").send_keys(text)
    assert appears(page, ".panel input[name='key']").get_attribute("value") == "cranes_of_the_port"
    until(page, lambda b: "tonnes" in b.find_element("css selector", ".panel").text)
    until(page, lambda b: b.find_elements("css selector", "#fact-units option[value='ships']"))
    assert len(page.find_elements("css selector", ".panel fieldset")) == 1
    assert appears(page, "input[name='cite:port_news_2024']").get_attribute("value") == "Port news 2024"
    for control in page.find_elements("css selector", ".panel input[aria-describedby]"):
        assert page.find_element("id", control.get_attribute("aria-describedby")).text
    assert violations(page) == []
    appears(page, "input[name='grade:port_news_2024']").send_keys("C2")
    appears(page, ".panel input[name='unit']").send_keys("count of cranes", Keys.ENTER)
    until(page, lambda _: "cranes_of_the_port" in load(case_file).facts)
    assert load(case_file).facts["cranes_of_the_port"].source == ("port_news_2024",)


def test_the_form_refuses_what_would_break_the_case(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    go(page, "facts")
    press(page, "Add a fact")
    for name, text in (
        ("key", "cranes"),
        ("value", "40"),
        ("unit", "1"),
        ("source", "paper"),
        ("date", "28 November 2025"),
    ):
        appears(page, f".panel input[name='{name}']").send_keys(text)
    page.switch_to.active_element.send_keys(Keys.ENTER)
    date = appears(page, ".panel input[name='date']")
    assert "does not have the form" in described(page, date)
    date.send_keys(Keys.CONTROL, "a")
    date.send_keys("2024-02-31", Keys.ENTER)
    assert "2024-02-31" in appears(page, ".panel .wrong").text
    assert violations(page) == []
    date.send_keys(Keys.BACKSPACE)  # what was refused is not there any more
    until(page, lambda b: not b.find_elements("css selector", ".panel .wrong"))
    assert case_file.read_bytes() == before


def test_a_key_that_the_case_has_is_not_overwritten(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    go(page, "facts")
    press(page, "Add a fact")
    for name, text in (("value", "12"), ("unit", "1"), ("source", "paper"), ("key", "strike")):
        appears(page, f".panel input[name='{name}']").send_keys(text)
    page.switch_to.active_element.send_keys(Keys.ENTER)
    key = appears(page, ".panel input[name='key']")
    assert "fact with this key" in described(page, key) and page.switch_to.active_element == key
    assert case_file.read_bytes() == before


def test_what_is_wrong_with_a_form_stands_beside_its_fields_in_the_language_of_the_page(
    page: Any, case_file: Path
) -> None:
    before = case_file.read_bytes()
    appears(page, "select.language").send_keys("한국어")
    until(page, lambda b: b.find_element("css selector", "html").get_attribute("lang") == "ko")
    go(page, "facts")
    press(page, "사실 추가")
    assert page.execute_script("return document.querySelector('.panel form').noValidate")
    value = appears(page, ".panel input[name='value']")
    value.send_keys("   ", Keys.ENTER)
    until(page, lambda b: len(b.find_elements("css selector", ".panel [aria-invalid='true']")) == 3)
    assert page.switch_to.active_element.get_attribute("name") == "key"
    for name in ("key", "value", "source"):
        reason = described(page, appears(page, f".panel input[name='{name}']"))
        assert any("가" <= letter <= "힣" for letter in reason)
    assert violations(page) == []
    value.send_keys("3 ships")
    until(page, lambda _: value.get_attribute("aria-invalid") == "false")
    assert case_file.read_bytes() == before


@pytest.mark.parametrize(("value", "reason"), [("130000", "has no unit"), ("about 40", "read as a text")])
def test_a_value_without_its_unit_is_not_saved_unseen(page: Any, case_file: Path, value: str, reason: str) -> None:
    before = case_file.read_bytes()
    go(page, "facts")
    press(page, "Add a fact")
    for name, text in (("key", "cranes"), ("source", "paper"), ("value", value)):
        appears(page, f".panel input[name='{name}']").send_keys(text)
    page.switch_to.active_element.send_keys(Keys.ENTER)
    unit = appears(page, ".panel input[name='unit'][aria-invalid='true']")
    assert reason in described(page, unit) and page.switch_to.active_element == unit
    write(page, "Value: ships.waiting", value)
    assert reason in appears(page, "table.grid .wrong").text
    assert case_file.read_bytes() == before
    unit.send_keys("1" if value.isdigit() else "text", Keys.ENTER)
    until(page, lambda _: "cranes" in load(case_file).facts)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_cells_pasted_into_the_grid_become_facts_in_one_edit(page: Any, case_file: Path, width: int) -> None:
    before = case_file.read_bytes()
    show_at(page, width)
    go(page, "facts")
    field(page, "Value: boxes.2023").click()
    paste(page, PASTED)
    appears(page, "section.panel fieldset")
    assert "Confidence" in appears(page, "section.panel [role=status]").text
    level = page.find_elements("css selector", "section.panel fieldset select")[-1]
    level.send_keys("medium")
    assert violations(page) == []
    until(page, lambda b: b.find_elements("xpath", "//button[text()='Add 2 facts' and not(@disabled)]"))
    press(page, "Add 2 facts")
    until(page, lambda _: {"boxes.2024", "cranes"} <= set(load(case_file).facts))
    until(page, lambda b: not b.find_elements("css selector", "section.panel"))
    press(page, "Undo")
    until(page, lambda _: case_file.read_bytes() == before)


def test_choices_stay_when_the_same_columns_are_pasted_again(page: Any) -> None:
    go(page, "facts")
    field(page, "Value: boxes.2023").click()
    paste(page, PASTED)
    appears(page, "section.panel fieldset")
    level = "section.panel fieldset:last-of-type select"
    appears(page, level).send_keys("medium")
    until(page, lambda b: b.find_elements("xpath", "//button[text()='Add 2 facts' and not(@disabled)]"))
    page.execute_script(
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))",
        appears(page, "section.panel textarea"),
        f"{PASTED}berths\t7\tauthority\n",
    )
    until(page, lambda b: "berths" in b.find_element("css selector", "section.panel tbody").text)
    assert appears(page, level).get_property("value") == "medium"


def test_one_fact_is_counted_in_the_singular(page: Any) -> None:
    go(page, "facts")
    field(page, "Value: boxes.2023").click()
    paste(page, "key\tvalue\tsource\tconfidence\nboxes.2024\t1.3e6\tauthority\tmedium\n")
    appears(page, "section.panel fieldset")
    until(page, lambda b: b.find_elements("xpath", "//button[text()='Add 1 fact']"))


def test_a_pasted_row_with_one_cell_is_named_as_broken(page: Any) -> None:
    go(page, "facts")
    field(page, "Value: boxes.2023").click()
    paste(page, f"{PASTED}berths\n")
    assert "berths" in appears(page, "section.panel [role=status] li.error").text
    assert violations(page) == []


def test_the_question_before_a_removal_names_what_reads_the_fact(page: Any, case_file: Path) -> None:
    unread = '  tugs: {value: "4 ships", date: 2024-05-02, source: authority, confidence: medium}\n  strike:'
    case_file.write_text(case_file.read_text(encoding="utf-8").replace("  strike:", unread, 1), encoding="utf-8")
    page.refresh()
    go(page, "facts")
    appears(page, "button[aria-label='Remove ships.waiting']").click()
    assert "C2" in appears(page, "dialog[open] li").text
    assert violations(page) == []
    assert not page.find_elements("xpath", "//dialog[@open]//button[text()='Remove it']")
    press(page, "Keep it")
    until(page, lambda b: not b.find_elements("css selector", "dialog[open]"))
    assert "ships.waiting" in load(case_file).facts
    appears(page, "button[aria-label='Remove tugs']").click()
    until(page, lambda b: "No claim" in b.find_element("css selector", "dialog[open]").text)
    press(page, "Remove it")
    until(page, lambda _: "tugs:" not in case_file.read_text(encoding="utf-8"))
    until(page, lambda _: active(page) == "Value: strike")


def test_a_fact_of_a_table_is_changed_in_its_file_and_undone(browser: Any, tmp_path: Path) -> None:
    folder = minimal_case(tmp_path / "case").folder
    before = (folder / "facts.csv").read_bytes()
    with serving(folder / "case.yaml") as access:
        show_at(browser, DESK)
        browser.get(access.address())
        go(browser, "facts")
        value = field(browser, "Value: personnel.ALF")
        assert "In facts.csv, line 2" in value.find_element("xpath", "./ancestor::tr").text
        write(browser, "Value: personnel.ALF", "many")
        assert appears(browser, "td .wrong .remedy").text
        assert (folder / "facts.csv").read_bytes() == before
        write(browser, "Value: personnel.ALF", "301000")
        until(browser, lambda _: str(load(folder).facts["personnel.ALF"].value) == "301000")
        until(browser, lambda b: not b.find_elements("css selector", ".wrong"))
        assert violations(browser) == []
        press(browser, "Undo")
        until(browser, lambda _: (folder / "facts.csv").read_bytes() == before)
        until(browser, lambda b: field(b, "Value: personnel.ALF").get_property("value") != "301000")


def test_two_hundred_facts_are_edited_without_much_work_of_the_page(browser: Any, tmp_path: Path) -> None:
    facts = "".join(
        f'  port.{number}: {{value: "{number} ships", date: 2024-05-02, source: authority, confidence: medium}}\n'
        for number in range(200)
    )
    file = tmp_path / "case.yaml"
    file.write_text(FACTS_ONLY.replace("facts:\n", f"facts:\n{facts}"), encoding="utf-8")
    with serving(file) as access:
        show_at(browser, DESK)
        browser.get(access.address())
        go(browser, "facts")
        field(browser, "Value: port.0").click()
        browser.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
        before = busy(browser)
        for number in range(EDITS):
            browser.switch_to.active_element.send_keys(f"{number + 1} ships", Keys.ENTER)
        until(browser, lambda _: load(file).facts["port.19"].value == "20 ships")
        until(browser, lambda b: b.find_element("css selector", ".status").text == "Saved")
        assert (busy(browser) - before) / EDITS < MAX_BUSY
