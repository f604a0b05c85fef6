"""A headless Chromium for tests: its size and colour scheme, and what axe finds on a page."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESK, PHONE = 1280, 390
LOOKS = [
    (DESK, "light"),
    (PHONE, "dark"),
    *(pytest.param(*look, marks=pytest.mark.slow) for look in ((DESK, "dark"), (PHONE, "light"))),
]
"""Widths and colour schemes: each once, and the other pairs of the two among the slow tests."""


def start(profile: Path, *flags: str) -> Any:
    """Return a browser with its own profile; the test is skipped where there is none."""
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("no chromium with its driver on this machine")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, *flags, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))


def show_at(browser: Any, width: int, scheme: str = "light") -> None:
    """Give the window a width and a colour scheme."""
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def violations(browser: Any) -> list[tuple[str, str]]:
    """Return the rules of accessibility that the page breaks, each with the first element."""
    from axe_selenium_python import Axe

    axe = Axe(browser)
    axe.inject()
    return [(violation["id"], violation["nodes"][0]["html"][:120]) for violation in axe.run()["violations"]]
