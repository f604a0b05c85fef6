"""Hands that use the workbench as a reader does: by mouse, by keyboard alone, or with a finger. Each finds things by their accessible names."""

from __future__ import annotations

import time
from typing import Any

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.interaction import POINTER_TOUCH
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

MAX_TABS = 200
"""Tabs that lead to any element of a screen: folded cards and grids take one each."""
PATIENCE = 30.0
"""Seconds that a hand waits for something to appear."""
STILL = 0.1
"""Seconds in which an element does not move before a hand points at it."""

MAY_BE_NAMED = """
const mayBe = (element) => {
  const texts = [element.getAttribute("aria-label") ?? "", element.textContent, ...[...(element.labels ?? [])].map((label) => label.textContent)];
  return texts.some((text) => text.replace(/\\s+/g, " ").includes(arguments[0]));
};
"""
CANDIDATES = (
    MAY_BE_NAMED
    + """
const within = document.querySelector("dialog[open]") ?? document;
const all = within.querySelectorAll("a[href], button:enabled, summary, input:enabled, select:enabled, textarea:enabled");
return [...all].filter((element) => element.checkVisibility() && mayBe(element));
"""
)
FOCUSED = (
    MAY_BE_NAMED + "return document.activeElement && mayBe(document.activeElement) ? document.activeElement : null;"
)

IS_SEEN = """
const box = arguments[0].getBoundingClientRect();
const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 10));
return top !== null && (arguments[0].contains(top) || top.contains(arguments[0]));
"""


def is_named(element: Any, name: str) -> bool:
    """Return whether an element has an accessible name; one that ends with "…" gives its beginning."""
    own = " ".join(element.accessible_name.split())
    return own.startswith(name[:-1]) if name.endswith("…") else own == name


class Hand:
    """What all hands do; how they reach an element differs."""

    width = 1280

    def __init__(self, browser: Any) -> None:
        self.browser = browser

    def until(self, holds: Any, patience: float = PATIENCE, *, what: str = "") -> Any:
        """Wait until a function of the browser returns something true, and return it; the page may be drawn again meanwhile."""
        wait = WebDriverWait(self.browser, patience, 0.05, ignored_exceptions=[StaleElementReferenceException])
        return wait.until(holds, what)

    def find(self, name: str, patience: float = PATIENCE) -> Any:
        """Return the first usable element with a name, once it is there."""

        def named(browser: Any) -> Any:
            candidates = browser.execute_script(CANDIDATES, name.removesuffix("…"))
            return next((element for element in candidates if is_named(element, name)), None)

        return self.until(named, patience, what=f"{name} does not appear")

    def reach(self, name: str) -> Any:
        """Go to an element and give it the focus."""
        raise NotImplementedError

    def press(self, name: str) -> None:
        """Use a button, a link, a tick box or a heading that opens."""
        raise NotImplementedError

    def choose(self, name: str, option: str) -> None:
        """Choose the first option of a list whose text begins so."""
        raise NotImplementedError

    def type(self, *keys: str) -> None:
        """Press keys, whatever has the focus."""
        ActionChains(self.browser).send_keys(*keys).perform()

    def write(self, name: str, text: str) -> None:
        """Replace what a field says."""
        self.reach(name)
        self._chord("a")
        self.type(text)

    def paste(self, name: str, text: str) -> None:
        """Paste a text into a field from the clipboard."""
        self.reach(name)
        error = self.browser.execute_async_script(
            "navigator.clipboard.writeText(arguments[0]).then(() => arguments[1](''), (error) => arguments[1](String(error)))",
            text,
        )
        assert error == ""
        self._chord("v")

    def write_day(self, name: str, month_day_year: str) -> None:
        """Write a day into a field for days, from its first part."""
        self.reach(name)
        self.type(Keys.ARROW_LEFT, Keys.ARROW_LEFT, month_day_year)

    def slide(self, name: str, steps: int) -> None:
        """Move a slider to the left by steps."""
        self.reach(name)
        self.type(*[Keys.ARROW_LEFT] * steps)

    def shown(self, name: str) -> str:
        """Return what a field shows."""
        return str(self.find(name).get_property("value"))

    def go(self, screen: str) -> None:
        """Show a screen by the menu of screens."""
        menu = self.browser.find_element("css selector", "button.menu")
        if menu.is_displayed():
            self.press("Menu")
        self.press(screen)
        self.until(lambda b: b.find_element("css selector", "h1").text == screen)

    def _chord(self, key: str) -> None:
        ActionChains(self.browser).key_down(Keys.CONTROL).send_keys(key).key_up(Keys.CONTROL).perform()


class Mouse(Hand):
    """A mouse, and a keyboard to type in fields."""

    def reach(self, name: str) -> Any:
        def pointed(_browser: Any) -> Any:
            element = self.find(name)
            self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
            self._wait_until_still(element)
            self._point(element)
            return element

        return self.until(pointed)

    def _wait_until_still(self, element: Any) -> None:
        """Wait until an element no longer moves: an answer of the server may still change what stands above it."""
        before = None
        while before != (before := element.rect):
            time.sleep(STILL)

    def press(self, name: str) -> None:
        self.reach(name)

    def choose(self, name: str, option: str) -> None:
        element = self.find(name)
        options = [one for one in element.find_elements("tag name", "option") if one.text.startswith(option)]
        assert options, f"{name} has no option {option}"
        options[0].click()

    def slide(self, name: str, steps: int) -> None:
        """Take a slider where its knob is, and move it to the left by steps."""
        element = self.find(name)
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        low, high, value = (float(element.get_property(part)) for part in ("min", "max", "value"))
        step = float(element.get_property("step"))
        width = element.size["width"] - 16  # the knob does not pass the ends
        start = (value - low) / (high - low) * width - width / 2
        self._drag(element, round(start), round(-steps * step / (high - low) * width))

    def _point(self, element: Any) -> None:
        element.click()

    def _drag(self, element: Any, start: int, by: int) -> None:
        chain = ActionChains(self.browser).move_to_element_with_offset(element, start, 0).click_and_hold()
        chain.move_by_offset(by, 0).release().perform()


class Finger(Mouse):
    """A finger on a telephone."""

    width = 390

    def _point(self, element: Any) -> None:
        touch = self._touch()
        touch.pointer_action.move_to(element).pointer_down().pointer_up()
        touch.perform()

    def _drag(self, element: Any, start: int, by: int) -> None:
        touch = self._touch()
        touch.pointer_action.move_to(element, start, 0).pointer_down().move_by(by, 0).pointer_up()
        touch.perform()

    def _touch(self) -> Any:
        pointer: Any = PointerInput
        return ActionBuilder(self.browser, mouse=pointer(POINTER_TOUCH, "finger"))


class Keyboard(Hand):
    """The keyboard alone."""

    def reach(self, name: str) -> Any:
        self.find(name)
        for _ in range(MAX_TABS):
            element = self._focused(name)
            if element is not None:
                assert self.browser.execute_script(IS_SEEN, element), f"{name} has the focus, but cannot be seen"
                return element
            self.type(Keys.TAB)
        pytest.fail(f"the Tab key does not reach {name}")

    def _focused(self, name: str) -> Any:
        """Return the element that has the focus, if it has a name."""
        try:
            element = self.browser.execute_script(FOCUSED, name.removesuffix("…"))
            return element if element is not None and is_named(element, name) else None
        except StaleElementReferenceException:
            return None

    def press(self, name: str) -> None:
        element = self.reach(name)
        self.type(Keys.SPACE if element.get_attribute("type") == "checkbox" else Keys.ENTER)

    def choose(self, name: str, option: str) -> None:
        element = self.reach(name)
        self.type(option)
        chosen = element.get_property("selectedOptions")[0].text
        assert chosen.startswith(option), f"{name} has {chosen}, not {option}"
        time.sleep(1.0)  # letters that follow at once would search on in the list
