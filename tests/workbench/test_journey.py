"""The whole way from an op-ed to a printed brief, by mouse, by keyboard alone and with a finger on a telephone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys
from tests.browser import show_at, start, violations
from tests.workbench.conftest import serving
from tests.workbench.hands import Finger, Hand, Keyboard, Mouse

from tocsin.assessment.run import assess
from tocsin.assessment.words import VERDICT_WORDS
from tocsin.case import load
from tocsin.reading import read_yaml

pytestmark = pytest.mark.browser
OP_ED = """Borduria wants the upper valley back. Its army has grown from 90,000 soldiers in 2014 to 150,000 soldiers in 2023.
If Poldavia spends a quarter more, Borduria loses a part of what it wants. Talks go on in the capital."""
TABLE = """key\tvalue\tunit\tdate\tsource\tconfidence
army.BOR.2014\t90000\tpersons\t2014-12-31\tYearbook of armies, 2024\tconfirmed
army.BOR.2023\t150000\tpersons\t2023-12-31\tYearbook of armies, 2024\tconfirmed
army.SYL.2023\t120000\tpersons\t2023-12-31\tYearbook of armies, 2024\tmedium
talks.2024\ttrue\t\t2024-03-01\tYearbook of armies, 2024\tmedium
"""
TITLE = "Does the valley stay quiet?"
MANY_SECONDS = 240.0
"""Enough to solve the games of a run on a busy machine."""


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:
    driver = start(tmp_path / "profile", "--lang=en-US")
    driver.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path / "files")}
    )
    yield driver
    driver.quit()


class Journey:
    """One reader on the way: a hand, the folder of the case, and what the browser reported."""

    def __init__(self, hand: Hand, folder: Path, downloads: Path) -> None:
        self.hand = hand
        self.file = folder / "case.yaml"
        self.downloads = downloads

    def saved(self, holds: Callable[[Any], bool]) -> None:
        """Wait until the case file says something."""
        self.hand.until(lambda _: self.file.exists() and holds(load(self.file)))

    def stop(self) -> None:
        """Check what must hold at every stop: axe finds nothing, and the screen is no wider than the window."""
        browser = self.hand.browser
        assert violations(browser) == []
        assert browser.execute_script("return document.documentElement.scrollWidth") <= self.hand.width

    def begin(self) -> None:
        """Make a case of a pasted op-ed."""
        hand = self.hand
        (menu,) = hand.until(lambda b: b.find_elements("css selector", "button.menu"))
        if menu.is_displayed():
            hand.press("Menu")
        hand.press("Your own case")
        hand.paste("Article", OP_ED)
        hand.write("Title", TITLE)
        hand.write_day("Day of the article", "05022024")
        hand.write("Folder name", self.file.parent.name)
        self.stop()
        hand.press("Make the case")
        hand.until(lambda b: b.find_element("css selector", "header .title").text == TITLE)
        hand.until(lambda b: "loses a part of what it wants." in b.find_element("css selector", "main").text)

    def claim(self) -> None:
        """Write a claim in one's own words, make one of a sentence that the draft left out, and say why the motive has no test."""
        hand = self.hand
        hand.press("Make a claim of sentence 4")
        self.saved(lambda case: "C4" in case.claims)
        hand.write("Claim: C2", "The army of Borduria has grown by half in ten years.")
        hand.type(Keys.ENTER)
        self.saved(lambda case: case.claims["C2"].says.startswith("The army"))
        hand.press("Choose a test: C1")
        hand.choose("Way of testing", "Say why")
        hand.write("What a test would need", "speeches and orders of the government")
        hand.write("Why there is none", "nobody has collected them")
        hand.press("Save the reason")
        self.saved(lambda case: case.claims["C1"].untested.why == "nobody has collected them")
        self.stop()

    def add_game(self) -> None:
        """Say who wants what from whom, and who stands by."""
        hand = self.hand
        hand.go("Actors")
        hand.write("Who wants change", "BOR")
        hand.write("From whom", "SYL")
        hand.write("Who may defend the target, with commas between them", "POD")
        hand.write("The aim in plain words", "the upper valley")
        hand.write("Steps to the aim, 1 to 8", "4")
        hand.write("Years reported, 1 to 100", "15")
        hand.press("Add a game")
        self.saved(lambda case: "main" in case.theatres and case.theatres["main"].aim == "the upper valley")
        self.stop()

    def add_facts(self) -> None:
        """Paste a table of four facts, and add the fifth with the form."""
        hand = self.hand
        hand.go("Facts")
        hand.press("Paste or open a table")
        hand.paste("Cells of a spreadsheet, pasted with the names of their columns", TABLE)
        hand.find("Add 4 facts")
        self.stop()
        hand.press("Add 4 facts")
        self.saved(lambda case: len(case.facts) == 4)
        hand.press("Add a fact")
        for name, text in (
            ("Key", "posts.2023"),
            ("Value", "14"),
            ("Unit", "1"),
            ("Date", "2023-12-31"),
            ("Source", "article"),
        ):
            hand.write(name, text)
        hand.press("Add the fact")
        self.saved(lambda case: len(case.facts) == 5)
        self.stop()

    def test_by_facts(self) -> None:
        """Test a claim by two facts, and one by a fact that is true or false."""
        hand = self.hand
        hand.go("Argument")
        hand.press("Choose a test: C2")
        hand.choose("Fact", "army.BOR.2023")
        hand.choose("It holds if the fact", "is at least")
        hand.choose("compared with", "another fact")
        hand.choose("Other fact", "army.BOR.2014")
        hand.write("Times, if not once", "1.5")
        hand.press("Use this test")
        self.saved(lambda case: case.claims["C2"].holds == "fact(army.BOR.2023) >= 1.5 * fact(army.BOR.2014)")
        hand.until(lambda b: not b.find_elements("css selector", "#claim-C2 .needs"))
        hand.press("Choose a test: C4")
        hand.choose("Fact", "talks.2024")
        hand.press("Use this test")
        self.saved(lambda case: case.claims["C4"].holds == "fact(talks.2024)")
        self.stop()

    def test_by_game(self) -> None:
        """Test a claim by the game."""
        hand = self.hand
        hand.choose("Kind: C3", "causal")
        self.saved(lambda case: case.claims["C3"].kind == "causal")
        hand.press("Choose a test: C3")
        hand.choose("Way of testing", "Ask the game")
        hand.choose("Quantity", "loss_aim:")
        hand.press("Military spending of POD…")
        hand.write("Size", "1 %")
        hand.press("Use this test")
        self.saved(lambda case: (case.claims["C3"].holds or "").startswith("loss_aim(build_up) >"))
        self.stop()

    def move_belief(self) -> None:
        """Move a belief, see the guess and the answer solved again, and save it."""
        hand = self.hand
        hand.go("Beliefs")
        hand.choose("Claim in focus", "C3")
        hand.until(lambda b: "stands at" in b.find_element("css selector", ".focus").text, MANY_SECONDS)
        hand.write("Find", "spending.BOR")
        hand.slide("95 % point: spending.BOR", 20)
        hand.until(
            lambda b: any(word in b.find_element("css selector", ".focus").text for word in ("about", "too few"))
        )
        hand.until(lambda b: b.find_elements("css selector", ".focus li strong"), MANY_SECONDS)
        hand.until(lambda b: "Solving" not in b.find_element("css selector", ".focus").text, MANY_SECONDS)
        self.stop()
        before = load(self.file).beliefs["spending.BOR"].is_
        hand.press("Save lognormal(…")
        self.saved(lambda case: case.beliefs["spending.BOR"].is_ != before)

    def run(self) -> None:
        """Run the case: the verdicts are those of `tocsin assess`."""
        hand = self.hand
        hand.go("Verdicts")
        hand.press("Run the case")
        shown = hand.until(lambda b: b.find_elements("css selector", ".claims > li .mark"), MANY_SECONDS)
        assessed = assess(load(self.file)).claims
        assert [mark.text for mark in shown] == [str(VERDICT_WORDS[claim.verdict]) for claim in assessed]
        self.stop()

    def compare(self) -> None:
        """Write a variant, and compare the case with it."""
        hand = self.hand
        hand.go("Compare")
        hand.write("Name of the variant", "poor")
        hand.write("Input 1", "spending.POD")
        hand.write("Value 1", "lognormal(2 to 6)")
        hand.write("Reason for the variant", "the least that was ever spent")
        hand.press("Write it into the case")
        self.saved(lambda case: "poor" in case.variants)
        hand.press("poor: a variant…")
        hand.press("Compare the chosen items")
        rows = hand.until(lambda b: b.find_elements("css selector", "main tbody tr"), MANY_SECONDS)
        assert len(rows) == len(load(self.file).claims)
        self.stop()

    def print(self) -> None:
        """Make the brief, and read it: it has the claims, and is marked as a draft while the template has text in it."""
        hand = self.hand
        hand.go("Print")
        hand.press("Make the file")
        hand.press("Download …")
        (file,) = hand.until(lambda _: list(self.downloads.glob("*.html")))
        self.stop()
        text = file.read_text(encoding="utf-8")
        for claim in load(self.file).claims.values():
            assert claim.says in text
        assert "still have the template's text" in unescape(text)

    def read(self) -> None:
        """Compare the case file with what the screens show, and see that it has no errors."""
        hand, case = self.hand, load(self.file)
        hand.go("Facts")
        data = read_yaml(self.file.read_text(encoding="utf-8"), self.file.name).data
        for key, fact in data["facts"].items():
            assert hand.shown(f"Value: {key}") == fact["value"]
        hand.go("Argument")
        for key, claim in case.claims.items():
            assert hand.shown(f"Claim: {key}") == claim.says
            assert hand.shown(f"It holds if: {key}") == (claim.holds or "")
        if case.theatres:
            hand.go("Beliefs")
            hand.write("Find", "spending.BOR")
            assert hand.shown("Distribution: spending.BOR") == case.beliefs["spending.BOR"].is_
        hand.go("YAML")
        hand.until(lambda b: b.find_elements("css selector", ".cm-content"))
        summary = hand.browser.find_element("css selector", "aside summary").text
        assert summary.startswith("Errors: 0,")
        self.stop()


def logged(browser: Any, port: int) -> tuple[list[str], list[str]]:
    """Return what the console reported, and the addresses of requests to other places."""
    console = [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    sent = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = {event["params"]["request"]["url"] for event in sent if event["method"] == "Network.requestWillBeSent"}
    ours = (f"http://127.0.0.1:{port}/", "data:", "chrome:")
    return console, [url for url in urls if not url.startswith(ours)]


def travel(
    browser: Any, kind: type[Hand], case_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, game: bool
) -> None:
    """Go the whole way; without a game the claim that needs one stays untested."""
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "home"))
    journey = Journey(kind(browser), tmp_path / "own", tmp_path / "files")
    with serving(case_file, home=tmp_path) as access:
        show_at(browser, kind.width)
        browser.get(access.address())
        journey.begin()
        journey.claim()
        if game:
            journey.add_game()
        journey.add_facts()
        journey.test_by_facts()
        if game:
            journey.test_by_game()
            journey.move_belief()
        journey.run()
        if game:
            journey.compare()
        journey.print()
        journey.read()
        assert logged(browser, access.port) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Mouse, Keyboard, Finger])
def test_an_op_ed_becomes_a_printed_brief_with_a_game(
    browser: Any, kind: type[Hand], case_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    travel(browser, kind, case_file, tmp_path, monkeypatch, game=True)


def test_an_op_ed_of_facts_becomes_a_printed_brief(
    browser: Any, case_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    travel(browser, Keyboard, case_file, tmp_path, monkeypatch, game=False)


def test_the_article_of_a_new_case_stays_in_the_window_that_made_it(
    browser: Any, case_file: Path, tmp_path: Path
) -> None:
    def sentences() -> str:
        """Return the sentences that the screen shows."""
        return str(journey.hand.until(lambda b: b.find_elements("css selector", ".sentences"))[0].text)

    journey = Journey(Mouse(browser), tmp_path / "own", tmp_path / "files")
    with serving(case_file, home=tmp_path) as access:
        show_at(browser, Mouse.width)
        browser.get(access.address())
        journey.begin()
        browser.refresh()
        journey.hand.until(lambda _: "loses a part of what it wants." in sentences())
        assert "it wants." not in journey.file.read_text(encoding="utf-8")
        browser.switch_to.new_window("tab")
        browser.get(f"http://127.0.0.1:{access.port}/argument")
        assert "loses a part of what ..." in sentences()
        browser.close()
        browser.switch_to.window(browser.window_handles[0])
        text = journey.file.read_text(encoding="utf-8")
        cut = text.index("  4:\n    hash:")
        journey.file.write_text(text[:cut], encoding="utf-8")  # the case no longer has all sentences of the article
        browser.refresh()
        read = "return performance.getEntriesByName(`${location.origin}/api/article`).length > 0"
        journey.hand.until(lambda b: b.execute_script(read))
        assert "loses a part of what ..." in sentences()
        assert not browser.find_elements("css selector", ".article .banner")
