"""The screen of beliefs in a real browser: three points, words of likelihood, a new belief, and the way back to a default."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from tests.browser import DESK, PHONE, show_at, violations
from tests.support import minimal_case
from tests.workbench.conftest import serving
from tests.workbench.pages import appears, field, go, unfold, until, write
from tests.workbench.test_facts_browser import press

from tocsin.case import load

pytestmark = pytest.mark.browser


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    return minimal_case(tmp_path / "case").folder / "case.yaml"


@pytest.fixture
def page(browser: Any, case_file: Path) -> Iterator[Any]:
    with serving(case_file) as access:
        show_at(browser, DESK)
        browser.get(access.address())
        go(browser, "beliefs")
        unfold(browser, "toppling")
        appears(browser, "input[aria-label='5 % point: toppling']")
        yield browser


def write_point(page: Any, label: str, text: str) -> None:
    element = field(page, label)
    element.send_keys(Keys.CONTROL, "a")
    element.send_keys(text, Keys.TAB)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_three_points_become_a_distribution(page: Any, case_file: Path, width: int) -> None:
    show_at(page, width)
    write_point(page, "95 % point: toppling", "0.9")
    appears(page, "[aria-label='Shape: toppling'] [aria-pressed='true']")
    assert violations(page) == []
    until(page, lambda _: load(case_file).beliefs["toppling"].is_ == "beta(0.3 to 0.9)")
    until(page, lambda b: field(b, "Distribution: toppling").get_attribute("value") == "beta(0.3 to 0.9)")
    group = appears(page, "[aria-label='Shape: toppling']")  # the other shapes stay on offer
    other = group.find_element("xpath", ".//button[starts-with(text(), 'uniform')]")
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", other)
    other.click()
    until(page, lambda _: load(case_file).beliefs["toppling"].is_ == "uniform(0.3 to 0.9)")
    go(page, "events")
    go(page, "beliefs")
    assert field(page, "95 % point: toppling").get_attribute("value") == "0.9"


def test_the_header_says_while_points_are_not_saved_and_escape_puts_them_back(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    was = field(page, "5 % point: toppling").get_attribute("value")
    write_point(page, "5 % point: toppling", "0.95")
    until(page, lambda b: b.find_element("css selector", ".status").text == "Not saved")
    field(page, "5 % point: toppling").send_keys(Keys.ESCAPE)
    until(page, lambda b: field(b, "5 % point: toppling").get_attribute("value") == was)
    until(page, lambda b: b.find_element("css selector", ".status").text == "Saved")
    assert not page.find_elements("css selector", ".cards [role=alert]")
    field(page, "5 % point: toppling").send_keys(Keys.CONTROL, "a")
    field(page, "5 % point: toppling").send_keys("0.35", Keys.ESCAPE, Keys.TAB)
    assert field(page, "5 % point: toppling").get_attribute("value") == was
    assert case_file.read_bytes() == before


def test_points_that_do_not_rise_are_refused_with_the_reason(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    write_point(page, "50 % point: toppling", "0.1")
    assert "must lie between" in appears(page, ".cards [role=alert]").text
    field(page, "50 % point: toppling").send_keys(Keys.ESCAPE)
    until(page, lambda b: not b.find_elements("css selector", ".cards [role=alert]"))
    write_point(page, "95 % point: toppling", "1.5")
    assert "between 0 and 1" in appears(page, ".cards [role=alert]").text
    assert case_file.read_bytes() == before


def test_of_shapes_that_do_not_fit_the_reader_chooses(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    write_point(page, "50 % point: toppling", "0.35")
    assert "Choose one" in appears(page, ".cards [role=alert]").text
    assert case_file.read_bytes() == before
    shape = appears(page, "[aria-label='Shape: toppling'] button")
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", shape)
    shape.click()
    until(page, lambda _: load(case_file).beliefs["toppling"].is_ == "lognormal(0.3 to 0.8)")
    until(page, lambda b: b.find_element("css selector", ".status").text == "Saved")


def test_a_typed_middle_that_the_shape_does_not_have_gives_way_at_once_and_the_screen_says_so(
    page: Any, case_file: Path
) -> None:
    middle = field(page, "50 % point: toppling").get_attribute("value")
    write_point(page, "50 % point: toppling", "0.56")
    assert "not 0.56" in appears(page, ".cards [role=status]").text
    assert field(page, "50 % point: toppling").get_attribute("value") == middle != "0.56"
    assert violations(page) == []
    write_point(page, "95 % point: toppling", "0.9")
    until(page, lambda _: load(case_file).beliefs["toppling"].is_ == "beta(0.3 to 0.9)")
    shown = field(page, "50 % point: toppling").get_attribute("value")
    assert float(shown) == pytest.approx(load(case_file).distributions["toppling"].point(0.5), abs=1e-4)
    until(page, lambda b: not b.find_elements("css selector", ".cards [role=status]"))


def test_a_point_that_is_no_number_stays_and_says_so(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    write_point(page, "95 % point: toppling", "abc")
    assert "abc is not a number" in appears(page, ".cards [role=alert]").text
    point = field(page, "95 % point: toppling")
    assert (point.get_attribute("value"), point.get_attribute("aria-invalid")) == ("abc", "true")
    assert field(page, "5 % point: toppling").get_attribute("aria-invalid") == "false"
    assert violations(page) == []
    assert case_file.read_bytes() == before
    write_point(page, "95 % point: toppling", "0.9")
    until(page, lambda b: not b.find_elements("css selector", ".cards [role=alert]"))


def test_a_distribution_that_is_none_is_not_saved_and_says_why(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    was = field(page, "Distribution: toppling").get_attribute("value")
    write(page, "Distribution: toppling", "lots")
    assert "lots" in appears(page, ".cards .wrong").text
    assert violations(page) == []
    assert field(page, "Distribution: toppling").get_attribute("value") == "lots"
    assert case_file.read_bytes() == before
    field(page, "Distribution: toppling").send_keys(Keys.ESCAPE)
    until(page, lambda b: not b.find_elements("css selector", ".cards .wrong"))
    assert field(page, "Distribution: toppling").get_attribute("value") == was


def test_a_word_of_likelihood_gives_its_points(page: Any, case_file: Path) -> None:
    group = appears(page, "[aria-label='In words: toppling']")
    group.find_element("xpath", ".//button[starts-with(text(), 'likely')]").click()
    until(page, lambda _: load(case_file).beliefs["toppling"].is_ == "beta(0.55 to 0.8)")
    unfold(page, "precision")
    field(page, "5 % point: precision")
    assert page.find_elements("css selector", "[aria-label='In words: precision']") == []


def test_a_belief_goes_back_to_its_default(page: Any, case_file: Path) -> None:
    card = field(page, "Distribution: toppling").find_element("xpath", "./ancestor::li")
    button = card.find_element("xpath", ".//button[starts-with(text(), 'Reset to the default')]")
    button.click()
    until(page, lambda _: load(case_file).beliefs["toppling"].is_default)
    until(
        page,
        lambda b: (
            "default of the program" in field(b, "Distribution: toppling").find_element("xpath", "./ancestor::li").text
        ),
    )


def test_an_input_that_the_game_reads_is_added(page: Any, case_file: Path) -> None:
    press(page, "Add a belief")
    Select(appears(page, ".panel select")).select_by_value("hostility")
    for point, text in (("5 % point", "-0.1"), ("50 % point", "0"), ("95 % point", "0.1")):
        write_point(page, f"{point}: hostility", text)
    for name, text in (("by", "the author"), ("why", "nobody has measured it yet")):
        appears(page, f".panel input[name='{name}']").send_keys(text)
    assert violations(page) == []
    until(page, lambda b: b.find_elements("xpath", "//button[text()='Add hostility as uniform(-0.1 to 0.1)']"))
    appears(page, ".panel input[name='why']").send_keys(Keys.ENTER)
    until(page, lambda _: "hostility" in load(case_file).beliefs)
    until(page, lambda b: b.execute_script("return document.activeElement.textContent") == "Add a belief")


def names_of(cards: Any) -> list[str]:
    return [heading.text for heading in cards]


def opened(page: Any) -> list[str]:
    """Return the beliefs whose cards are open."""
    return names_of(page.find_elements("css selector", ".cards details[open] h2"))


def test_cards_are_folded_but_for_the_first_and_those_in_use(page: Any) -> None:
    names = names_of(page.find_elements("css selector", ".cards h2"))
    assert opened(page) == names[:3]
    fields = page.find_elements("css selector", ".cards :is(input, textarea)")
    assert {element.get_attribute("aria-label").rpartition(": ")[2] for element in fields} == set(names[:3])
    unfold(page, names[5])
    until(page, lambda b: opened(b) == [*names[:3], names[5]])
    page.find_element("xpath", f"//summary[h2='{names[0]}']").send_keys(Keys.ENTER)
    until(page, lambda b: opened(b) == [*names[1:3], names[5]])
    search = appears(page, "main input[type=search]")
    search.send_keys(names[-1])
    until(page, lambda b: opened(b) == [names[-1]])  # what is found is open
    field(page, f"Distribution: {names[-1]}").click()
    assert violations(page) == []
    search.send_keys(Keys.CONTROL, "a", Keys.BACKSPACE)
    until(page, lambda b: opened(b) == [*names[1:3], names[5], names[-1]])  # and stays so once it is used


def test_beliefs_are_found_by_the_meaning_on_their_cards(page: Any) -> None:
    cards = page.find_elements("css selector", ".cards > li")
    meaning = until(page, lambda _: cards[-1].find_element("css selector", "summary p").text)
    appears(page, "main input[type=search]").send_keys(meaning)
    until(page, lambda b: 0 < len(b.find_elements("css selector", ".cards > li")) < len(cards))
    shown = page.find_elements("css selector", ".cards summary p")
    assert {text.text for text in shown} == {meaning}


def test_the_tab_key_passes_each_folded_card_at_once(page: Any) -> None:
    names = names_of(page.find_elements("css selector", ".cards h2"))
    page.execute_script("arguments[0].focus()", page.find_element("xpath", f"//summary[h2='{names[3]}']"))
    for name in names[4:]:
        ActionChains(page).send_keys(Keys.TAB).perform()
        assert page.switch_to.active_element.find_element("tag name", "h2").text == name
