"""The screens of actors and events in a real browser, on the small case with a game: what they write is what the file says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys
from tests.browser import DESK, LOOKS, PHONE, show_at, violations
from tests.facts_only import write_facts_only
from tests.support import minimal_case
from tests.workbench.conftest import serving
from tests.workbench.pages import appears, field, go, until, write
from tests.workbench.test_actors import HOSTILE, run_sample

from tocsin.case import load
from tocsin.reading import read_yaml
from tocsin.report.table_rows import input_meaning

pytestmark = pytest.mark.browser


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    return minimal_case(tmp_path / "case").folder / "case.yaml"


@pytest.fixture
def page(browser: Any, case_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "home"))
    run_sample(case_file.parent)
    with serving(case_file) as access:
        show_at(browser, DESK)
        browser.get_log("browser")
        browser.get(access.address())
        appears(browser, ".title")
        yield browser


def choose(page: Any, label: str, value: str) -> None:
    until(page, lambda b: pick(appears(b, f"select[aria-label='{label}']"), value))


def pick(select: Any, value: str) -> bool:
    """Choose an option by its value, which may be its text; return whether there is one."""
    for option in select.find_elements("css selector", "option"):
        if option.get_property("value") == value:
            option.click()
            return True
    return False


def add_change(page: Any, event: str, change: str, value: str) -> None:
    """Choose what an event changes and its value, and send the form."""
    form = f"form[aria-label='Add a change: {event}']"
    until(page, lambda b: pick(appears(b, f"{form} select"), change))
    box = appears(page, f"{form} label:nth-of-type(2) :is(input, select)")
    assert pick(box, value) if box.tag_name == "select" else not box.send_keys(value)
    appears(page, f"{form} button").click()


def saved(page: Any) -> None:
    """Wait until the page has the answer to its last edit, so that it does not restore a field that is typed in."""
    until(page, lambda b: b.find_element("css selector", ".status").text == "Saved")


def form(page: Any, heading: str) -> Any:
    return appears_by(page, f"//li[h3[text()='{heading}']]//form")


def appears_by(page: Any, path: str) -> Any:
    return until(page, lambda b: b.find_elements("xpath", path))[0]


def enter(page: Any, heading: str, **texts: str) -> None:
    """Fill a form's fields by their visible names, with underscores for blanks, and send it."""
    for name, text in texts.items():
        label = name.replace("_", " ")
        box = appears_by(page, f"//li[h3[text()='{heading}']]//label[span[starts-with(text(), '{label}')]]/*[2]")
        assert pick(box, text) if box.tag_name == "select" else not box.send_keys(text)
    form(page, heading).find_element("css selector", "button").click()


def data(file: Path) -> Any:
    return read_yaml(file.read_text(encoding="utf-8"), file.name).data


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_a_case_with_a_game(page: Any, width: int, scheme: str) -> None:
    show_at(page, width, scheme)
    for screen, picture in (("actors", ".game img"), ("events", ".ladder img")):
        go(page, screen)
        appears(page, picture)
        for closed in page.find_elements("css selector", "main details"):
            page.execute_script("arguments[0].open = true", closed)
        assert violations(page) == []
        assert page.execute_script(
            "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    assert [entry for entry in page.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")] == []


def test_pictures_are_drawn_with_words_beside_them(page: Any) -> None:
    for screen, picture in (("actors", ".game img"), ("events", ".ladder img")):
        go(page, screen)
        image = appears(page, picture)
        until(page, lambda _, image=image: int(image.get_property("naturalWidth")) > 0)
        assert len(image.get_attribute("alt")) > 20
    assert "rise" in appears(page, "main details").get_attribute("textContent")


def test_on_a_phone_the_picture_of_events_is_whole_and_dark_where_the_page_is(page: Any) -> None:
    show_at(page, PHONE, "dark")
    go(page, "events")
    image = appears(page, ".ladder img")
    until(page, lambda _: int(image.get_property("naturalWidth")) > 0)
    assert image.size["width"] <= appears(page, ".ladder .scroll").size["width"]
    assert image.get_property("currentSrc") == appears(page, ".ladder source").get_property("srcset")
    assert "invert" in image.value_of_css_property("filter")


def test_a_helper_joins_with_its_forces_moves_up_and_leaves(page: Any, case_file: Path) -> None:
    go(page, "actors")
    enter(
        page, "Add an actor", Short_name="DEL", Name="Delta", Role="strait.protectors", Soldiers="80000",
        Military_spending="lognormal(5 to 9)", Judged_by="tests", Reason="a range for these tests",
    )  # fmt: skip
    until(page, lambda _: "DEL" in data(case_file)["actors"])
    case = load(case_file)
    assert case.theatres["strait"].protectors == ("BET", "DEL")
    assert case.beliefs["personnel.DEL"].is_ == "fixed(80000)"
    write(page, "Soldiers: DEL", "90000")
    until(page, lambda _: load(case_file).beliefs["personnel.DEL"].is_ == "fixed(90000)")
    appears(page, "button[aria-label='Move Delta up']").click()
    until(page, lambda _: load(case_file).theatres["strait"].protectors == ("DEL", "BET"))
    assert not page.find_elements("xpath", "//button[text()='Remove Delta']")
    appears(page, "button[aria-label='Remove Delta']").click()
    until(page, lambda _: load(case_file).theatres["strait"].protectors == ("BET",))
    appears_by(page, "//button[text()='Remove Delta']").click()
    until(page, lambda _: "DEL" not in data(case_file)["actors"])
    assert [name for name in load(case_file).beliefs if "DEL" in name] == []


def test_a_wrong_role_is_refused_beside_its_list_and_can_be_restored(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    go(page, "actors")
    choose(page, "From whom: strait", "BET")
    select = appears(page, "select[aria-label='From whom: strait'][aria-invalid='true']")
    said = appears(page, f"[id='{select.get_attribute('aria-describedby')}']")
    assert "BET" in said.text
    assert said.find_element("css selector", ".remedy").text
    assert violations(page) == []
    assert case_file.read_bytes() == before
    select.send_keys(Keys.ESCAPE)
    assert select.get_property("value") == "GAM"
    assert not page.find_elements("css selector", ".wrong")


def test_two_weights_that_are_sound_together_are_saved_together(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    go(page, "actors")
    write(page, "Weight: security", "0.4")
    assert "sum to 1" in appears(page, ".wrong").text
    assert case_file.read_bytes() == before
    appears(page, "button.hold").click()
    assert "types.security.weight" in appears(page, "[aria-label='Waiting change']").text
    write(page, "Weight: revisionist", "0.6")
    until(page, lambda b: not b.find_elements("css selector", "[aria-label='Waiting change'], .wrong"))
    assert [kind.weight for kind in load(case_file).types.values()] == [0.6, 0.4]
    appears_by(page, "//button[text()='Undo']").click()
    until(page, lambda _: case_file.read_bytes() == before)


def test_a_change_that_waits_can_be_dropped(page: Any, case_file: Path) -> None:
    go(page, "actors")
    write(page, "Weight: security", "0.4")
    appears(page, "button.hold").click()
    appears_by(page, "//button[text()='Drop it']").click()
    until(page, lambda _: field(page, "Weight: security").get_property("value") == "0.5")
    write(page, "Aim: strait", "another aim")
    until(page, lambda _: load(case_file).theatres["strait"].aim == "another aim")
    assert load(case_file).types["security"].weight == 0.5


def test_a_change_that_waits_holds_up_no_other(page: Any, case_file: Path) -> None:
    go(page, "actors")
    write(page, "Weight: security", "0.4")
    appears(page, "button.hold").click()
    write(page, "Aim: strait", "another aim")
    until(page, lambda _: load(case_file).theatres["strait"].aim == "another aim")
    assert load(case_file).types["security"].weight == 0.5
    waits = appears(page, "[aria-label='Waiting change']")
    assert "types.security.weight: 0.4" in waits.text
    assert "sum to 1" in waits.text
    assert violations(page) == []
    go(page, "beliefs")
    appears_by(page, "//section[@aria-label='Waiting change']//button[text()='Go to its field']").click()
    until(page, lambda b: b.switch_to.active_element.get_attribute("aria-label") == "Weight: security")


def test_a_wrong_edit_says_its_own_reason_while_another_waits(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    go(page, "actors")
    write(page, "Weight: security", "0.4")
    appears(page, "button.hold").click()
    go(page, "events")
    appears_by(page, "//summary[text()='Change the record of strait']").click()
    write(page, "Wars: strait", "60")
    said = appears_by(page, "//*[@aria-label='Wars: strait']/following-sibling::*[contains(@class, 'wrong')]").text
    assert said
    assert "sum to 1" not in said
    assert case_file.read_bytes() == before


def test_a_case_without_a_game_gets_one(browser: Any, tmp_path: Path) -> None:
    file = write_facts_only(tmp_path / "case") / "case.yaml"
    with serving(file) as access:
        show_at(browser, PHONE)
        browser.get(access.address())
        go(browser, "events")
        appears_by(browser, "//button[text()='Go to the actors']").click()
        for name, actor in (("Who wants change", "ATH"), ("From whom", "MEL"), ("Who may support", "nobody"),
                            ("The aim", "tribute"), ("Steps", "2"), ("Years", "20")):  # fmt: skip
            appears_by(browser, f"//form//label[span[starts-with(text(), '{name}')]]/input").send_keys(actor)
        appears_by(browser, "//form//button[text()='Add a game']").click()
        appears(browser, ".game img")
        assert list(load(file).actors) == ["ATH", "MEL"]
        theatre = load(file).theatres["main"]
        assert (theatre.aim, theatre.levels, theatre.horizon) == ("tribute", 2, 20)
        assert len(browser.find_elements("css selector", ".placeholder")) == 4
        for name, text in (("Judged by", "the author"), ("Reason", "a guess from their fleets")):
            write(browser, f"{name}: personnel.ATH", text)
        until(browser, lambda b: len(b.find_elements("css selector", ".placeholder")) == 3)
        for _ in range(2):
            appears_by(browser, "//button[text()='Undo']").click()
            until(browser, lambda b: b.find_element("css selector", ".status").text == "Saved")
        assert violations(browser) == []
        appears_by(browser, "//button[text()='Undo']").click()
        appears_by(browser, "//form//button[text()='Add a game']")
        assert load(file).theatres == {}


def test_a_condition_is_added_changed_and_removed(page: Any, case_file: Path) -> None:
    go(page, "actors")
    enter(page, "Add a condition", Whose="ALF", Kind="treaty", Now="in_force")
    until(page, lambda _: "ALF.treaty" in data(case_file)["regimes"])
    choose(page, "Now: ALF.treaty", "lapsed")
    until(page, lambda _: data(case_file)["regimes"]["ALF.treaty"]["now"] == "lapsed")
    appears_by(
        page,
        "//fieldset[legend[contains(., 'ALF.treaty') and starts-with(., 'Loosened')]]//label[contains(., 'Press')]",
    ).click()
    until(page, lambda _: data(case_file)["regimes"]["ALF.treaty"].get("loosened_by") == ["press"])
    appears_by(page, "//button[text()='Remove ALF.treaty']").click()
    until(page, lambda _: "ALF.treaty" not in data(case_file)["regimes"])


def tick(page: Any, legend: str, option: str) -> None:
    """Turn a tick box of a field set whose legend has a text."""
    appears_by(page, f"//fieldset[legend[contains(., '{legend}')]]//label[contains(., '{option}')]/input").click()


def strait(file: Path) -> Any:
    return load(file).theatres["strait"]


def test_a_promise_that_binds_on_some_occasions_is_added_changed_and_removed(page: Any, case_file: Path) -> None:
    go(page, "actors")
    appears_by(page, "//summary[contains(., 'promises of help')]").click()
    assert violations(page) == []
    for select, value in zip(
        page.find_elements("css selector", "form[aria-label='Add a promise: strait'] select"),
        ("BET", "struck"),
        strict=True,
    ):
        assert pick(select, value)
    appears(page, "form[aria-label='Add a promise: strait'] button").click()
    until(
        page,
        lambda _: [(one.by, one.to, one.when) for one in strait(case_file).promises] == [("BET", "GAM", ("struck",))],
    )
    tick(page, "It binds when", "resists pressure")
    until(page, lambda _: strait(case_file).promises[0].when == ("struck", "pressed"))
    write(page, "Source: strait, Beta, 1", "book, record")
    until(page, lambda _: strait(case_file).promises[0].source == ("book", "record"))
    saved(page)
    before = case_file.read_bytes()
    choose(page, "To whom: strait, Beta, 1", "ALF")
    assert appears(page, "fieldset .wrong").text
    assert case_file.read_bytes() == before
    appears_by(page, "//button[text()='Remove promise 1']").click()
    until(page, lambda _: strait(case_file).promises == ())


def test_the_years_that_are_reported_are_a_list_of_numbers(page: Any, case_file: Path) -> None:
    label = "Further years to report, counted from now (empty: every fifth): strait"
    go(page, "actors")
    write(page, label, "2, 6")
    until(page, lambda _: strait(case_file).milestones == (2, 6))
    saved(page)
    before = case_file.read_bytes()
    write(page, label, "2, soon")
    assert appears(page, ".wrong .remedy").text
    assert case_file.read_bytes() == before
    write(page, label, " ")
    until(page, lambda _: strait(case_file).milestones is None)


FORCES = (("personnel", "persons", "fixed(80000)"), ("spending", "USD bn per year", "lognormal(5 to 9)"))


def test_a_theatre_of_an_earlier_day_says_what_it_lacks(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    go(page, "actors")
    form = "form[aria-label='Add a theatre as it was on an earlier day']"
    appears_by(page, "//summary[contains(., 'as it was on an earlier day')]").click()
    assert violations(page) == []
    assert pick(appears(page, f"{form} select"), "strait")
    for box, text in zip(page.find_elements("css selector", f"{form} input"), ("in_2022", "2022-05-01"), strict=True):
        box.send_keys(text)
    appears(page, f"{form} button").click()
    assert "personnel.ALF@in_2022" in appears(page, f"{form} .wrong").text
    assert case_file.read_bytes() == before


def test_a_theatre_of_an_earlier_day_is_removed_with_its_beliefs(page: Any, case_file: Path) -> None:
    text = before = case_file.read_text(encoding="utf-8")
    rows = (
        f'  {name}.{actor}@then: {{is: "{shape}", unit: {unit}, by: tests, why: range}}\n'
        for name, unit, shape in FORCES
        for actor in ("ALF", "BET", "GAM")
    )
    text = text.replace("beliefs:\n", "beliefs:\n" + "".join(rows), 1)
    text = text.replace("types:\n", "  then: {like: strait, at: 2022-05-01}\ntypes:\n", 1)
    case_file.write_text(text, encoding="utf-8")
    assert str(getattr(load(case_file).theatres["then"], "at", "")) == "2022-05-01"
    page.refresh()
    go(page, "actors")
    appears_by(page, "//button[text()='Remove then']").click()
    until(page, lambda _: case_file.read_text(encoding="utf-8") == before)


def test_the_record_of_the_past_is_changed(page: Any, case_file: Path) -> None:
    go(page, "events")
    appears_by(page, "//summary[text()='Change the record of strait']").click()
    assert violations(page) == []
    write(page, "Concessions: strait", "3")
    until(page, lambda _: load(case_file).history["strait"].concessions == 3)
    before = case_file.read_bytes()
    write(page, "Wars: strait", "60")
    assert appears(page, ".wrong").text
    assert case_file.read_bytes() == before


def test_an_event_is_added_changed_and_removed(page: Any, case_file: Path) -> None:
    go(page, "events")
    enter(
        page, "Add an event", Short_name="doubled", What_happens="Beta doubles: at last.", What_it_changes="scale BET", Its_value="1.5"
    )  # fmt: skip
    until(page, lambda _: "doubled" in data(case_file)["events"])
    write(page, "Spending of Beta, times (money): doubled", "2")
    until(page, lambda _: load(case_file).events["doubled"].scale == {"BET": 2.0})
    add_change(page, "doubled", "set regimes.BET.posture", "normal")
    until(page, lambda _: load(case_file).events["doubled"].set == {"regimes.BET.posture": "normal"})
    choose(page, "Control: doubled", "positive")
    until(page, lambda _: load(case_file).controls.positive == ("doubled",))
    appears(page, "button[aria-label='Remove Spending of Beta, times: doubled']").click()
    until(page, lambda _: load(case_file).events["doubled"].scale == {})
    appears_by(page, "//button[text()='Remove doubled']").click()
    until(page, lambda _: "doubled" not in data(case_file)["events"])
    assert load(case_file).controls.positive == ()
    assert not page.find_elements("xpath", "//button[text()='Remove rise']")  # a claim asks about it


def test_a_factor_that_is_no_number_is_refused_in_its_field(page: Any, case_file: Path) -> None:
    go(page, "events")
    add_change(page, "rise", "multiply reach.BET", "0.9")
    label = f"reach.BET ({input_meaning(load(case_file), 'reach.BET')}), times (other inputs): rise"
    until(page, lambda _: load(case_file).events["rise"].multiply == {"reach.BET": 0.9})
    saved(page)
    before = case_file.read_bytes()
    write(page, label, "much")
    assert appears(page, ".change .wrong .remedy").text
    assert field(page, label).get_property("value") == "much"
    assert case_file.read_bytes() == before
    write(page, label, "0.5")
    until(page, lambda b: not b.find_elements("css selector", ".wrong"))
    assert load(case_file).events["rise"].multiply == {"reach.BET": 0.5}


def test_hostile_names_run_no_script_on_either_screen(page: Any, case_file: Path) -> None:
    go(page, "actors")
    write(page, "Name: ALF", HOSTILE.replace("'", ""))
    until(page, lambda _: data(case_file)["actors"]["ALF"]["name"] == HOSTILE.replace("'", ""))
    go(page, "events")
    write(page, "What happens: rise", HOSTILE.replace("'", ""))
    until(page, lambda _: load(case_file).events["rise"].says.startswith("<script>"))
    assert page.find_elements("css selector", "script:not([src])") == []


def add_helper(file: Path) -> None:
    """Write a second protector with its forces into the case, as another editor does."""
    text = file.read_text(encoding="utf-8").replace("actors:\n", "actors:\n  DEL: {name: Delta}\n", 1)
    rows = (f'  {name}.DEL: {{is: "{shape}", unit: {unit}, by: tests, why: range}}\n' for name, unit, shape in FORCES)
    text = text.replace("beliefs:\n", "beliefs:\n" + "".join(rows), 1).replace("[BET],", "[BET, DEL],", 1)
    file.write_text(text, encoding="utf-8")
    assert load(file).theatres["strait"].protectors == ("BET", "DEL")


def test_the_keyboard_alone_moves_a_helper_out_and_back(page: Any, case_file: Path) -> None:
    add_helper(case_file)
    page.refresh()
    go(page, "actors")
    button = appears(page, "button[aria-label='Remove Delta']")
    page.execute_script("arguments[0].focus()", button)
    page.switch_to.active_element.send_keys(Keys.ENTER)
    until(page, lambda _: data(case_file)["theatres"]["strait"]["protectors"] == ["BET"])
    label = "//label[starts-with(., 'Add to: Who may defend')]/select"
    (adding,) = until(page, lambda b: b.find_elements("xpath", label))
    page.execute_script("arguments[0].focus()", adding)
    page.switch_to.active_element.send_keys("Delta", Keys.ENTER)
    until(page, lambda _: data(case_file)["theatres"]["strait"]["protectors"] == ["BET", "DEL"])


def test_a_helper_that_a_condition_needs_stays_and_the_screen_says_why(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    go(page, "actors")
    appears(page, "button[aria-label='Remove Beta']").click()
    assert "BET.posture" in appears(page, ".wrong").text
    assert case_file.read_bytes() == before
