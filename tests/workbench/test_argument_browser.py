"""The argument screen in a real browser: an article becomes claims with tests, by mouse and by keyboard, and stays quick."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from tests.browser import DESK, PHONE, show_at, violations
from tests.support import minimal_case
from tests.workbench.conftest import serving
from tests.workbench.pages import HOSTILE, appears, field, go, until, write

from tocsin.assessment.run import assess
from tocsin.case import load
from tocsin.case.reasons import TEMPLATE
from tocsin.workbench import serving as serving_module
from tocsin.workbench.folders import drafted

pytestmark = pytest.mark.browser
TEXT = f"""The port handled 1.2 million boxes in 2023. The mayor wants it so, {HOSTILE} he says.
Trade will fall by 2026."""
CLAIM = "#claim-{} "


def press(page: Any, text: str, within: str = "main") -> None:
    inside = appears(page, within)
    until(page, lambda _: inside.find_elements("xpath", f".//button[.='{text}']"))[0].click()


def choose(page: Any, label: str, value: str) -> None:
    row = appears(page, ".builder")
    select = next(e for e in row.find_elements("css selector", "label") if e.text.startswith(label))
    Select(select.find_element("css selector", "select")).select_by_value(value)


def fill(page: Any, label: str, text: str) -> None:
    row = next(e for e in page.find_elements("css selector", ".builder label") if e.text.startswith(label))
    row.find_element("css selector", "input").send_keys(text)


def open_builder(page: Any, claim: str) -> None:
    appears(page, f"{CLAIM.format(claim)}summary").click()
    appears(page, ".builder")


def bring(page: Any) -> None:
    go(page, "argument")
    details = appears(page, ".bring")
    if not details.get_attribute("open"):
        details.find_element("css selector", "summary").click()
    appears(page, ".bring textarea").send_keys(TEXT)
    press(page, "Read the article")
    appears(page, ".sentences")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_an_article_becomes_claims(page: Any, case_file: Path, width: int) -> None:
    show_at(page, width)
    before = case_file.read_bytes()
    bring(page)
    shown = [element.text for element in page.find_elements("css selector", ".sentences > li > p:first-child")]
    assert HOSTILE in shown[1]
    assert case_file.read_bytes() == before
    assert violations(page) == []
    press(page, "Put the sentences in the case")
    until(page, lambda _: len(load(case_file).sentences) == 3)
    assert "he says" not in case_file.read_text(encoding="utf-8")
    until(page, lambda b: b.find_elements("css selector", "[aria-label='Make a claim of sentence 3']"))[0].click()
    until(page, lambda _: "C4" in load(case_file).claims)
    assert load(case_file).claims["C4"].due == "2026"
    assert load(case_file).claims["C4"].sources == ("article",)
    until(page, lambda b: b.switch_to.active_element.get_attribute("aria-label") == "Claim: C4")
    assert "has no test" in appears(page, f"{CLAIM.format('C4')}.needs").text
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    page.refresh()
    assert "handled" in appears(page, ".sentences > li").text


def test_the_reader_chooses_the_claims_of_an_article_in_korean(browser: Any, tmp_path: Path) -> None:
    text = "정부는 국방비를 두 배로 늘렸다. 의회는 토론 없이 법을 통과시켰다. 평화는 누가 지키는가?"
    file = drafted(tmp_path / "case", text.encode(), "article.txt", "국방비", "2026-01-07")
    with serving(file) as access:
        show_at(browser, DESK)
        browser.get(access.address())
        go(browser, "argument")
        shown = appears(browser, ".article").text
        assert shown.count("not in English") == 1 and "Not read" not in shown
        for number, names in ((2, ["C1"]), (1, ["C1", "C2"])):
            appears(browser, f"button[aria-label='Make a claim of sentence {number}']").click()
            until(
                browser,
                lambda _, names=names: list(load(file).claims) == names and load(file).claims[names[-1]].sentence,
            )
        assert [claim.sentence for claim in load(file).claims.values()] == [2, 1]


def test_sentences_are_replaced_only_after_the_question(page: Any, case_file: Path) -> None:
    bring(page)
    press(page, "Put the sentences in the case")
    until(page, lambda _: len(load(case_file).sentences) == 3)
    before = case_file.read_bytes()
    appears(page, ".bring summary").click()
    text = appears(page, ".bring textarea")
    text.send_keys(Keys.CONTROL, "a")
    text.send_keys("Exports of tea rose by 20 percent in 2022.")
    press(page, "Read the article")
    until(page, lambda b: "3 sentences already" in b.find_element("css selector", "main").text)
    assert case_file.read_bytes() == before
    press(page, "Leave the case as it is")
    appears(page, ".bring summary").click()
    assert case_file.read_bytes() == before
    press(page, "Read the article")
    press(page, "Replace the sentences of the case")
    until(
        page,
        lambda _: (
            [s.quote for s in load(case_file).sentences.values()] == ["Exports of tea rose by 20 percent in 2022."]
        ),
    )


def test_facts_are_compared_by_choosing(page: Any, case_file: Path) -> None:
    go(page, "argument")
    open_builder(page, "C3")
    choose(page, "Fact", "boxes.2023")
    choose(page, "It holds if the fact", ">=")
    choose(page, "compared with", "growth")
    choose(page, "Other fact", "boxes.2013")
    fill(page, "Growth in %", "90")
    assert violations(page) == []
    press(page, "Use this test")
    until(page, lambda _: load(case_file).claims["C3"].holds == "fact(boxes.2023) / fact(boxes.2013) - 1 >= 90 %")
    assert load(case_file).claims["C3"].untested is None
    until(page, lambda b: not b.find_elements("css selector", ".builder"))
    assert page.switch_to.active_element.tag_name == "summary"


def about(page: Any, figure: str) -> str:
    """Choose that a fact grew by about a figure, and return the test that is offered."""
    choose(page, "Fact", "boxes.2023")
    choose(page, "compared with", "growth")
    choose(page, "Other fact", "boxes.2013")
    fill(page, "Growth in %", figure)
    choose(page, "It holds if the fact", "about")
    return str(appears(page, ".builder code").text).removeprefix("holds: ")


def test_a_computed_number_is_about_the_stated_one_and_never_equal_to_it(page: Any, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8").replace('"1.2e6"', '"1519.2"').replace('"6e5"', '"1402.8"')
    case_file.write_text(text, encoding="utf-8")
    page.refresh()
    go(page, "argument")
    open_builder(page, "C3")
    assert about(page, "8.3") == "abs(fact(boxes.2023) / fact(boxes.2013) - 1 - 8.3 %) <= 0.05 %"
    assert "equals" not in appears(page, ".builder").text
    press(page, "Use this test")
    until(page, lambda _: load(case_file).claims["C3"].holds is not None)
    assert assess(load(case_file)).claim("C3").verdict == "holds"  # 1519.2 / 1402.8 - 1 is 8.298 %


@pytest.mark.parametrize(
    ("than", "figure", "test"),
    [
        ("growth", "-8.30 %", "abs(fact(boxes.2023) / fact(boxes.2013) - 1 + 8.30 %) <= 0.005 %"),
        ("growth", "20", "abs(fact(boxes.2023) / fact(boxes.2013) - 1 - 20 %) <= 1 %"),
        ("fact", "2.5", "abs(fact(boxes.2023) / fact(boxes.2013) - 2.5) <= 0.05"),
        ("value", "1200000", "abs(fact(boxes.2023) - 1200000) <= 50000"),
        ("value", "1.25e6", "abs(fact(boxes.2023) - 1.25e6) <= 5000"),
    ],
)
def test_about_is_half_a_unit_of_the_last_digit(page: Any, than: str, figure: str, test: str) -> None:
    go(page, "argument")
    open_builder(page, "C3")
    choose(page, "Fact", "boxes.2023")
    choose(page, "compared with", than)
    if than != "value":
        choose(page, "Other fact", "boxes.2013")
    fill(page, {"growth": "Growth in %", "fact": "Times", "value": "Value"}[than], figure)
    choose(page, "It holds if the fact", "about")
    assert appears(page, ".builder code").text == f"holds: {test}"


def test_a_test_with_an_error_is_not_saved_and_says_why_beneath(page: Any, case_file: Path) -> None:
    go(page, "argument")
    before = case_file.read_bytes()
    element = field(page, "It holds if: C1")
    element.send_keys(Keys.CONTROL, "a")
    element.send_keys("fact(boxes.2024) > 1", Keys.ENTER)
    assert "boxes.2024" in appears(page, f"{CLAIM.format('C1')}.wrong").text
    assert case_file.read_bytes() == before
    assert element.get_attribute("value") == "fact(boxes.2024) > 1"
    element.send_keys(Keys.CONTROL, "a")
    element.send_keys("fact(boxes.2023) > 1", Keys.ENTER)
    until(page, lambda _: load(case_file).claims["C1"].holds == "fact(boxes.2023) > 1")
    until(page, lambda b: not b.find_elements("css selector", f"{CLAIM.format('C1')}.wrong"))


def test_an_empty_claim_is_not_saved(page: Any, case_file: Path) -> None:
    before = case_file.read_bytes()
    go(page, "argument")
    write(page, "Claim: C1", Keys.BACKSPACE)
    assert appears(page, f"{CLAIM.format('C1')}.wrong").text
    assert violations(page) == []
    assert case_file.read_bytes() == before
    field(page, "Claim: C1").send_keys(Keys.ESCAPE)
    assert field(page, "Claim: C1").get_attribute("value") == "Trade has doubled in ten years."


def test_a_case_with_errors_is_mended_here(page: Any, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace("not fact(strike)", "not fact(strikes)"), encoding="utf-8")
    page.refresh()
    go(page, "argument")
    needs = appears(page, f"{CLAIM.format('C2')}.needs")
    assert "strikes" in needs.text
    element = field(page, "It holds if: C2 calm")
    element.send_keys(Keys.CONTROL, "a")
    element.send_keys("not fact(strike)", Keys.ENTER)
    until(page, lambda _: case_file.read_text(encoding="utf-8") == text)


def test_a_need_leads_to_the_fact_that_meets_it(page: Any, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    old = "source: [authority, paper], confidence: medium"
    case_file.write_text(text.replace(old, f'{old}, note: "{TEMPLATE}"'), encoding="utf-8")
    page.refresh()
    go(page, "argument")
    appears(page, f"{CLAIM.format('C2')}.needs button").click()
    until(page, lambda b: b.find_elements("css selector", "input[aria-label='Value: ships.waiting']"))
    assert appears(page, "main input[type=search]").get_attribute("value") == "ships.waiting"


def test_a_claim_goes_from_what_names_it(page: Any, case_file: Path) -> None:
    go(page, "argument")
    press(page, "Remove the claim", CLAIM.format("C1"))
    asked = appears(page, f"{CLAIM.format('C1')}.banner").text
    assert "busy" in asked and "R1" in asked
    assert "C1" in load(case_file).claims
    press(page, "Remove", CLAIM.format("C1"))
    until(page, lambda _: set(load(case_file).claims) == {"C2", "C3"})
    case = load(case_file)
    assert case.questions["busy"].claims == ("C2", "C3")
    assert case.arguments["R1"].against == ()
    press(page, "Remove the claim", CLAIM.format("C2"))
    assert "It goes from busy" in appears(page, f"{CLAIM.format('C2')}.banner").text
    press(page, "Remove", CLAIM.format("C2"))
    until(page, lambda _: set(load(case_file).claims) == {"C3"})
    press(page, "Remove the claim", CLAIM.format("C3"))
    asked = appears(page, f"{CLAIM.format('C3')}.banner").text
    assert "What is about it alone goes too: busy (" in asked
    assert "It goes from" not in asked


def test_a_claim_is_divided_and_a_part_removed(page: Any, case_file: Path) -> None:
    go(page, "argument")
    press(page, "Divide into two parts", CLAIM.format("C1"))
    until(page, lambda _: set(load(case_file).claims["C1"].all_parts) == {"first", "second"})
    assert load(case_file).claims["C1"].all_parts["first"].holds == "fact(boxes.2023) >= 2 * fact(boxes.2013)"
    until(page, lambda b: b.find_elements("css selector", "[aria-label='Remove part C1 second']"))[0].click()
    until(page, lambda _: set(load(case_file).claims["C1"].all_parts) == {"first"})
    until(page, lambda b: not b.find_elements("css selector", "[aria-label='Remove part C1 second']"))
    appears(page, "[aria-label='Remove part C1 first']").click()
    appears(page, f"{CLAIM.format('C1')}.wrong")
    assert set(load(case_file).claims["C1"].all_parts) == {"first"}


def test_a_claim_without_a_test_says_why_by_keyboard_alone(page: Any, case_file: Path) -> None:
    go(page, "argument")
    summary = appears(page, f"{CLAIM.format('C1')}summary")
    page.execute_script("arguments[0].focus()", summary)
    summary.send_keys(Keys.ENTER)
    appears(page, ".builder")
    page.switch_to.active_element.send_keys(Keys.TAB)
    page.switch_to.active_element.send_keys("s")
    until(page, lambda b: "What a test would need" in b.find_element("css selector", ".builder").text)
    for text in ("figures of other ports", "nobody publishes them", ""):
        page.switch_to.active_element.send_keys(Keys.TAB)
        page.switch_to.active_element.send_keys(text or Keys.ENTER)
    until(page, lambda _: load(case_file).claims["C1"].untested is not None)
    assert load(case_file).claims["C1"].untested.why == "nobody publishes them"  # type: ignore[union-attr]


def test_a_game_is_asked_by_choosing(browser: Any, tmp_path: Path) -> None:
    case = minimal_case(tmp_path / "case")
    with serving(case.folder / "case.yaml") as access:
        show_at(browser, DESK)
        browser.get(access.address())
        go(browser, "argument")
        open_builder(browser, "C4")
        choose(browser, "Way of testing", "game")
        choose(browser, "Quantity", "pillar")
        appears(browser, ".builder fieldset input").click()
        fill(browser, "Size", "2 %")
        assert violations(browser) == []
        press(browser, "Use this test")
        until(browser, lambda _: load(case.folder).claims["C4"].holds == "pillar(BET, rise) > threshold")
        threshold = load(case.folder).claims["C4"].threshold
        assert threshold is not None
        assert (threshold.values, threshold.central) == ((0.01, 0.02, 0.04), 0.02)


def test_what_cannot_be_changed_shows_no_way_to_change_it(
    browser: Any, case_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving_module, "is_shipped", lambda _folder: True)
    with serving(case_file) as access:
        browser.get(access.address())
        go(browser, "argument")
        assert field(browser, "Claim: C1").get_attribute("readonly")
        until(browser, lambda b: "interviews" in b.find_element("css selector", CLAIM.format("C3")).text)
        assert (
            browser.find_elements("css selector", "main button:not(.banner button), main summary:not(.about summary)")
            == []
        )
        assert violations(browser) == []


def busy(page: Any) -> float:
    """Return the seconds of a core that the page has used, whatever else the machine does."""
    metrics = page.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return next(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")


@pytest.mark.slow
def test_sixty_sentences_and_forty_claims_keep_every_frame_short(page: Any, case_file: Path) -> None:
    sentences = "".join(
        f'  {n}: {{hash: "{n:016x}", quote: "Port {n} handled more boxes than in any year before it ...", checkable: 0.9, kind: fact}}\n'
        for n in range(1, 61)
    )
    text = case_file.read_text(encoding="utf-8")
    (claim,) = re.findall(r"  C1: .*\n.*\n", text)
    claims = "".join(claim.replace("C1:", f"N{n}:").replace("sentence: 1", f"sentence: {n}") for n in range(1, 38))
    case_file.write_text(
        text.replace("questions:", f"{claims}questions:") + f"sentences:\n{sentences}", encoding="utf-8"
    )
    page.refresh()
    go(page, "argument")
    until(page, lambda b: len(b.find_elements("css selector", ".claim summary")) > 39)
    page.execute_cdp_cmd("Performance.disable", {})
    page.execute_cdp_cmd("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
    page.execute_cdp_cmd("Performance.enable", {})
    element = field(page, "Claim: N20")
    element.send_keys(Keys.CONTROL, "a")
    typed = "Trade has doubled, and doubled again."
    before = busy(page)
    element.send_keys(typed)
    assert (busy(page) - before) / len(typed) < 0.05
    before = busy(page)
    element.send_keys(Keys.ENTER)
    until(page, lambda _: load(case_file).claims["N20"].says == "Trade has doubled, and doubled again.")
    until(page, lambda b: b.find_element("css selector", "[role=status]").text == "Saved")
    time.sleep(1)  # what the claims need is read again after the edit
    assert busy(page) - before < 0.2  # in all its frames together


def test_a_sentence_that_the_article_does_not_have_is_refused(page: Any, case_file: Path) -> None:
    bring(page)
    press(page, "Put the sentences in the case")
    until(page, lambda _: len(load(case_file).sentences) == 3)
    before = case_file.read_bytes()
    element = field(page, "Sentence: C1")
    element.send_keys(Keys.CONTROL, "a")
    element.send_keys("999", Keys.ENTER)
    assert "999" in appears(page, f"{CLAIM.format('C1')}.wrong").text
    assert appears(page, ".status").text == "Not saved"
    assert case_file.read_bytes() == before
    write(page, "Claim: C1", "Trade has doubled again.")
    until(page, lambda _: load(case_file).claims["C1"].says == "Trade has doubled again.")
    assert appears(page, ".status").text == "Not saved"  # the sentence still is not
    field(page, "Sentence: C1").send_keys(Keys.ESCAPE)
    until(page, lambda b: b.find_element("css selector", ".status").text == "Saved")
    assert not page.find_elements("css selector", ".wrong, .refusal")


def test_the_sources_of_a_claim_are_edited_beside_it(page: Any, case_file: Path) -> None:
    go(page, "argument")
    before = load(case_file).claims["C1"].sources
    key = next(key for key in load(case_file).sources if key not in before)
    write(page, "Sources: C1", ", ".join((*before, key)))
    until(page, lambda _: load(case_file).claims["C1"].sources == (*before, key))
    write(page, "Sources: C1", "nowhere")
    assert "unknown source nowhere" in appears(page, f"{CLAIM.format('C1')}.wrong").text
    assert violations(page) == []
    field(page, "Sources: C1").send_keys(Keys.ESCAPE)
    until(page, lambda b: b.find_element("css selector", ".status").text == "Saved")


def test_a_new_claim_comes_after_the_last_number(page: Any, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace("C3: {says", "C7: {says").replace("C2, C3]", "C2, C7]"), encoding="utf-8")
    page.refresh()
    go(page, "argument")
    until(page, lambda b: b.find_elements("xpath", "//button[text()='Add an empty claim'][not(@disabled)]"))[0].click()
    until(page, lambda _: list(load(case_file).claims)[-2:] == ["C7", "C8"])
