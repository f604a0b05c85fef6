"""The draft mark: which items still have the template's text, the fields that mend them, and the mark that goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from tests.browser import DESK, PHONE, show_at, violations
from tests.facts_only import write_facts_only
from tests.workbench.pages import appears, field, go, until, write

from tocsin.case import load
from tocsin.case.reasons import TEMPLATE
from tocsin.workbench.access import Access

MARKED = {
    "title: Is the port as busy as the op-ed says?": f"title: What does the op-ed say ({TEMPLATE})?",
    "summary: A small made-up op-ed on a port.": f"summary: What it says ({TEMPLATE}).",
    'cite: "A made-up paper, 2 May 2024"': f'cite: "A paper ({TEMPLATE})"',
    "confidence: confirmed}\n  ships": f"confidence: confirmed, note: '{TEMPLATE}'}}\n  ships",
    'holds: "fact(boxes.2023) >= 2 * fact(boxes.2013)"': f'mechanism: "{TEMPLATE}", holds: "fact(boxes.2023) >= 2"',
    "asks: Is the port busy?": f"asks: 'Is it right ({TEMPLATE})?'",
    "says: Other ports grew faster.": f"says: '{TEMPLATE}'",
}

FIRST_LABEL = "return document.querySelector('.about fieldset label').textContent"


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    return write_facts_only(tmp_path / "case", replace=MARKED) / "case.yaml"


@pytest.fixture
def page(browser: Any, served: Access) -> Any:
    show_at(browser, DESK)
    browser.get(served.address())
    appears(browser, ".title")
    return browser


def test_each_marked_item_names_its_first_text_and_its_line(reader: httpx.Client, case_file: Path) -> None:
    lines = case_file.read_text(encoding="utf-8").splitlines()
    templates = reader.get("/api/case").json()["case"]["templates"]
    locs = [".".join(map(str, item["loc"])) for item in templates]
    assert sorted(locs) == sorted(
        [
            "title",
            "summary",
            "sources.paper.cite",
            "facts.boxes.2013.note",
            "claims.C1.mechanism",
            "questions.busy.asks",
            "arguments.R1.says",
        ]
    )
    by_loc = dict(zip(locs, templates, strict=True))
    assert "paper:" in lines[by_loc["sources.paper.cite"]["line"] - 1]
    assert "R1:" in lines[by_loc["arguments.R1.says"]["line"] - 1]


def jump(page: Any, label: str) -> Any:
    """Follow the jump of an item in the list of the notice, and return what has the focus then."""
    details = appears(page, "details.banner")
    if not details.get_attribute("open"):
        details.find_element("css selector", "summary").click()
    appears(page, f"[aria-label='{label}']").click()
    until(page, lambda b: b.switch_to.active_element.tag_name in ("input", "textarea"))
    return page.switch_to.active_element


def press(page: Any, selector: str) -> None:
    """Click what may be drawn again meanwhile."""
    page.execute_script("document.querySelector(arguments[0]).click()", selector)


@pytest.mark.browser
def test_the_mark_is_removed_on_the_screens(page: Any, case_file: Path) -> None:
    go(page, "yaml")
    for item, name in {
        "Title": "Title: op-ed",
        "Summary": "Summary: op-ed",
        "Source paper": "Citation: paper",
        "Question busy": "Question: busy",
        "Claim C1": "Claim: C1",
    }.items():
        jump(page, f"Go to its field: {item}")
        until(page, lambda b, name=name: b.switch_to.active_element.get_attribute("aria-label") == name)
        write(page, "Mechanism: C1" if item == "Claim C1" else name, f"About the {item.lower()}")
    jump(page, "Go to its field: Fact boxes.2013")
    until(page, lambda b: b.switch_to.active_element.get_attribute("aria-label").endswith(": boxes.2013"))
    appears(page, "[aria-label='Go to its line: arguments R1']").click()
    appears(page, ".cm-content")
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace(TEMPLATE, "my own words"), encoding="utf-8")
    page.refresh()
    appears(page, ".title")
    until(page, lambda b: not b.find_elements("css selector", "details.banner"))
    case = load(case_file)
    assert (case.title, case.questions["busy"].asks) == ("About the title", "About the question busy")


@pytest.mark.browser
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_what_the_case_says_of_itself_is_edited(page: Any, case_file: Path, width: int) -> None:
    show_at(page, width)
    go(page, "argument")
    appears(page, ".about summary").click()
    write(page, "Day of the case: op-ed", "2024-07-01")
    until(page, lambda _: str(load(case_file).as_of) == "2024-07-01")
    write(page, "Grade, such as A1 or C3: paper", "B2")
    write(page, "Address: paper", "https://example.org/paper")
    until(page, lambda _: load(case_file).sources["paper"].url == "https://example.org/paper")
    Select(appears(page, "select[aria-label='Main claim: busy']")).select_by_value("C2")
    until(page, lambda _: load(case_file).questions["busy"].claims == ("C2", "C1", "C3"))
    until(page, lambda b: b.execute_script(FIRST_LABEL).strip() == "C1")
    press(page, ".about fieldset input")
    until(page, lambda _: load(case_file).questions["busy"].claims == ("C2", "C3"))
    page.find_element("css selector", ".about form input").send_keys("Who waits?", Keys.ENTER)
    until(page, lambda _: "Q1" in load(case_file).questions)
    assert load(case_file).questions["Q1"].claims == ("C1",)
    Select(appears(page, "select[aria-label='Main claim: Q1']")).select_by_value("C2")
    until(page, lambda _: load(case_file).questions["Q1"].claims == ("C2",))
    page.find_element("css selector", ".about form input").send_keys("Who pays?")
    Select(appears(page, ".about form select")).select_by_value("C3")
    press(page, ".about form button")
    until(page, lambda _: "Q2" in load(case_file).questions)
    assert load(case_file).questions["Q2"].claims == ("C3",)
    assert violations(page) == []
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    page.find_element("xpath", "//button[.='Remove busy']").click()
    until(page, lambda _: list(load(case_file).questions) == ["Q1", "Q2"])


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "wrong"),
    [("Day of the case: op-ed", "soon"), ("Title: op-ed", ""), ("Grade, such as A1 or C3: paper", "good")],
)
def test_a_wrong_value_about_the_case_is_refused(page: Any, case_file: Path, name: str, wrong: str) -> None:
    before = case_file.read_bytes()
    go(page, "argument")
    appears(page, ".about summary").click()
    element = field(page, name)
    element.send_keys(Keys.CONTROL, "a")
    element.send_keys(wrong or Keys.DELETE, Keys.ENTER)
    assert appears(page, ".about .wrong").text
    assert case_file.read_bytes() == before
