"""How tests of screens find their way on a page of the workbench."""

from __future__ import annotations

from typing import Any

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

HOSTILE = '<img src=x onerror="document.title=1"> </script><script>document.title=1</script> {{7*7}} ${7*7}'
"""A text that runs a script where it is not escaped."""


def until(browser: Any, holds: Any) -> Any:
    return WebDriverWait(browser, 20, poll_frequency=0.05).until(holds)


def appears(browser: Any, selector: str) -> Any:
    return until(browser, lambda b: b.find_elements("css selector", selector))[0]


def go(browser: Any, screen: str) -> None:
    menu = appears(browser, "button.menu")
    if menu.is_displayed() and menu.get_attribute("aria-expanded") == "false":
        menu.click()
    appears(browser, f"nav a[href='/{screen}']").click()
    appears(browser, f"nav a[href='/{screen}'][aria-current]")
    appears(browser, ".cm-content" if screen == "yaml" else "main input, main table, main p")


def field(browser: Any, label: str) -> Any:
    return appears(browser, f":is(input, textarea)[aria-label='{label}']")


def write(browser: Any, label: str, text: str) -> None:
    element = field(browser, label)
    element.send_keys(Keys.CONTROL, "a")
    element.send_keys(text, Keys.ENTER)


def unfold(browser: Any, belief: str) -> Any:
    """Open the card of a belief, if it is folded, and return it."""
    card = until(browser, lambda b: b.find_elements("xpath", f"//li[details/summary/h2='{belief}']"))[0]
    if not card.find_elements("css selector", "details[open]"):
        card.find_element("tag name", "summary").click()
    return card
