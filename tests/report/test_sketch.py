"""The sketch in the brief: it re-weights worlds as closed forms say, by keyboard and without harm to what has no script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from selenium.webdriver.common.keys import Keys
from tests.browser import DESK, PHONE, show_at, start, violations
from tests.report.sample import sample

from tocsin.assessment.result import Assessment
from tocsin.assessment.sketching import HOLDS, STEPS, UNDEFINED
from tocsin.export.blocks import plain, read_blocks
from tocsin.report import write_brief
from tocsin.report.brief import render
from tocsin.report.parts import ALL

WORLDS = 4000
POINTS = (np.arange(WORLDS) + 0.5) / WORLDS
NORMAL = NormalDist()


def packed(values: np.ndarray, kind: str) -> str:
    return base64.b64encode(values.astype(kind).tobytes()).decode("ascii")


def invented(family: str, holds: np.ndarray) -> bytes:
    """Return a sketch with one input, evenly spread worlds of equal weight, and one test of claim C1."""
    table = np.linspace(0.001, 0.999, 51)
    data = {
        "pool": {"security": 1.0},
        "inputs": {"precision": {"family": family, "values": [round(float(20 + 100 * at), 4) for at in table]}},
        "table": table.tolist(),
        "groups": [
            {
                "worlds": WORLDS,
                "inputs": ["precision"],
                "points": packed(np.round(POINTS * STEPS), "<u2"),
                "weights": {"security": packed(np.full(WORLDS, 1 / WORLDS), "<f4")},
            }
        ],
        "tests": [
            {
                "claim": "C1",
                "part": "",
                "group": 0,
                "probability": float(np.mean(holds[holds <= HOLDS]) / HOLDS),
                "holds": {"security": packed(holds, "u1")},
            }
        ],
    }
    return json.dumps(data).encode("ascii")


ABOVE_HALF = np.where(POINTS > 0.5, HOLDS, 0)


@pytest.fixture(scope="module")
def sketched(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return replace(sample(tmp_path_factory.mktemp("case")), sketch=invented("lognormal", ABOVE_HALF))


def test_without_script_the_brief_is_as_before(sketched: Assessment) -> None:
    page = render(sketched)
    assert re.search(r'<section id="sketch"[^>]* hidden>', page)
    assert '<section id="sketch"' not in render(replace(sketched, sketch=None))
    assert '<section id="sketch"' not in render(sketched, parts=ALL - {"switches"})
    script = page.rpartition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page


def test_documents_leave_it_out(sketched: Assessment) -> None:
    assert not any("A sketch" in plain(getattr(block, "text", ())) for block in read_blocks(sketched))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    driver = start(tmp_path_factory.mktemp("profile"), "--host-resolver-rules=MAP * ~NOTFOUND")
    yield driver
    driver.quit()


def opened(browser: Any, assessment: Assessment, folder: Path) -> Any:
    write_brief(assessment, folder / "brief.html")
    show_at(browser, DESK)
    browser.get((folder / "brief.html").as_uri())
    return browser.find_element("css selector", "#sketch td[data-sketch]")


def move(browser: Any, low: float, high: float) -> None:
    """Set both sliders, first the one that makes room for the other."""
    for name, value in (("high", high), ("low", low)):
        browser.execute_script(
            "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))",
            browser.find_element("id", f"sketch-{name}"),
            value,
        )


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"[\d.]+", text)]


def normal_above_half(low: float, high: float) -> float:
    """Return the probability that a moved lognormal belief lies above its old median."""
    left, right = NORMAL.inv_cdf(low), NORMAL.inv_cdf(high)
    return NormalDist((left + right) / 2, (right - left) / (2 * NORMAL.inv_cdf(0.95))).cdf(0) * -1 + 1


def flat_above_half(low: float, high: float) -> float:
    beyond = (high - low) / 18
    return (min(high + beyond, 1) - 0.5) / (min(high + beyond, 1) - max(low - beyond, 0))


@pytest.mark.browser
@pytest.mark.parametrize(("low", "high"), [(0.3, 0.9), (0.05, 0.6), (0.4, 0.98), (0.02, 0.7)])
@pytest.mark.parametrize(("family", "expected"), [("lognormal", normal_above_half), ("uniform", flat_above_half)])
def test_a_moved_belief_gives_the_probability_of_the_closed_form(
    browser: Any, sketched: Assessment, tmp_path: Path, family: str, expected: Any, low: float, high: float
) -> None:
    cell = opened(browser, replace(sketched, sketch=invented(family, ABOVE_HALF)), tmp_path)
    assert cell.text == "–"
    move(browser, low, high)
    share, error, worlds = numbers(cell.text)
    assert share == pytest.approx(100 * expected(low, high), abs=1.0)
    assert 10 < worlds <= WORLDS
    assert error == pytest.approx(200 * np.sqrt(max(share / 100 * (1 - share / 100), 0.01) / worlds), abs=1.0)


@pytest.mark.browser
def test_worlds_in_which_the_test_is_undefined_do_not_count(browser: Any, sketched: Assessment, tmp_path: Path) -> None:
    holds = np.where(POINTS < 0.25, UNDEFINED, np.where(POINTS > 0.75, HOLDS, 0))
    cell = opened(browser, replace(sketched, sketch=invented("uniform", holds)), tmp_path)
    move(browser, 0.05, 0.95 - 0.01)
    assert numbers(cell.text)[0] == pytest.approx(33, abs=2)


@pytest.mark.browser
def test_far_from_all_worlds_there_is_no_guess(browser: Any, sketched: Assessment, tmp_path: Path) -> None:
    few = json.loads(invented("lognormal", ABOVE_HALF))
    few["groups"][0]["weights"]["security"] = packed(np.where(np.arange(WORLDS) < 5, 0.2, 0.0), "<f4")
    cell = opened(browser, replace(sketched, sketch=json.dumps(few).encode()), tmp_path)
    move(browser, 0.3, 0.9)
    assert cell.text == "too few worlds for a guess"


@pytest.mark.browser
def test_the_keyboard_moves_it_and_puts_it_back(browser: Any, sketched: Assessment, tmp_path: Path) -> None:
    cell = opened(browser, sketched, tmp_path)
    slider = browser.find_element("id", "sketch-low")
    browser.find_element("id", "sketch-belief").send_keys(Keys.TAB)
    assert browser.switch_to.active_element == slider
    before = slider.get_attribute("aria-valuetext")
    slider.send_keys(*[Keys.ARROW_RIGHT] * 10)
    assert cell.text.startswith("about ")
    assert float(slider.get_attribute("aria-valuetext")) > float(before)
    browser.find_element("css selector", "#sketch button").send_keys(Keys.ENTER)
    assert cell.text == "–"
    assert slider.get_attribute("aria-valuetext") == before


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_axe_finds_nothing_and_paper_shows_none_of_it(
    browser: Any, sketched: Assessment, tmp_path: Path, width: int, scheme: str
) -> None:
    opened(browser, sketched, tmp_path)
    show_at(browser, width, scheme)
    move(browser, 0.3, 0.9)
    assert violations(browser) == []
    assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not browser.find_element("id", "sketch").is_displayed()
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
