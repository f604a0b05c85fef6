"""Make the pictures of the workbench in the documentation: `make screenshots`, after `tocsin assess japan-buildup`.

The verdicts are those of the last stored run of the founding case. The pictures have few colours, so that they stay small.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from selenium.webdriver.support.ui import WebDriverWait
from tests.browser import DESK, show_at, start
from tests.workbench.conftest import serving

from tocsin.data.shipped import shipped_cases

FOLDER = Path(__file__).resolve().parents[1] / "docs"
CASE = shipped_cases()["japan-buildup"] / "case.yaml"
SCREENS = {"verdicts": ".claims > li", "beliefs": ".cards > li"}
"""Screens to show, each with what it must have before its picture is taken."""
COLOURS, SECONDS = 64, 60


def main(folder: Path) -> None:
    """Write a picture of each screen."""
    with tempfile.TemporaryDirectory() as profile, serving(CASE) as access:
        browser = start(Path(profile))
        try:
            show_at(browser, DESK)
            browser.get(access.address())
            skip = ".tour .tools button:last-child"
            WebDriverWait(browser, SECONDS).until(lambda b: b.find_elements("css selector", skip))[0].click()
            for screen, selector in SCREENS.items():
                _show(browser, screen, selector)
                (folder / f"workbench-{screen}.png").write_bytes(_small(browser.get_screenshot_as_png()))
        finally:
            browser.quit()


def _show(browser: Any, screen: str, selector: str) -> None:
    wait = WebDriverWait(browser, SECONDS)
    link = f"nav a[href='/{screen}']"
    wait.until(lambda b: b.find_elements("css selector", link))[0].click()
    wait.until(lambda b: b.find_elements("css selector", f"main {selector}"))


def _small(png: bytes) -> bytes:
    """Return a picture with few colours."""
    file = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(file, format="png", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
