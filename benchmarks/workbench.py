"""Measure the workbench in a real browser with the founding case: python -m benchmarks.workbench

Prints the times of the page, of sliders and of games solved again, the weight of the page, and the memory of the server's processes.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.engine import CASE
from benchmarks.timing import TOCSIN

CLAIM = "C11"
"""A claim that games decide."""
MOVES = 20
PAINT = "return performance.getEntriesByName('first-contentful-paint')[0].startTime"
STATIC = Path(__file__).parents[1] / "src" / "tocsin" / "workbench" / "static"
NOTE_FRAMES = """
window.frames = []; let last = performance.now();
const note = (now) => { window.frames.push(now - last); last = now; requestAnimationFrame(note); }; requestAnimationFrame(note);
"""
GUESS = """
const [name, end, done] = arguments; const slider = document.querySelectorAll("input[type=range]")[name * 2 + 1];
const start = performance.now();
slider.value = end; slider.dispatchEvent(new Event("input", { bubbles: true }));
requestAnimationFrame(() => { document.body.getBoundingClientRect(); done(performance.now() - start); });
"""
"""Moves a slider and returns the milliseconds until the page is laid out with the guess."""


def report() -> None:
    """Print the measured numbers beside their limits."""
    with tempfile.TemporaryDirectory() as folder, _opened(folder) as (process, address, started):
        _measure(process, address, started)


@contextmanager
def _opened(folder: str) -> Iterator[tuple[subprocess.Popen[str], str, float]]:
    started = time.perf_counter()
    command = [str(TOCSIN), "open", CASE, "--no-browser"]
    environment = os.environ | {"TOCSIN_HOME": folder, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    try:
        assert process.stdout is not None
        address = next(word for line in process.stdout for word in line.split() if "token=" in word)
        yield process, address, started
    finally:
        process.terminate()
        process.wait()


def _measure(process: subprocess.Popen[str], address: str, started: float) -> None:
    ready = time.perf_counter() - started
    with _browser() as browser:
        start = time.perf_counter()
        browser.get(address)
        _until(browser, "main h1")
        shown = time.perf_counter() - start
        _until(browser, "aside")
        usable = time.perf_counter() - start
        paint = browser.execute_script(PAINT) / 1000
        print(f"address printed after the command              {ready:7.2f} s")
        print(f"first paint after the command                  {ready + paint:7.2f} s     at most 1")
        print(
            f"frame of the page; case on the screen          {ready + shown:7.2f} s, {ready + usable:.2f} s     at most 2"
        )
        print(f"weight of the page without the editor          {_weight() / 1e3:7.0f} kB    at most 1,000")
        print(f"memory of the server, nothing solved           {_memory(process.pid):7.0f} MB    at most 1,000")
        _slide(browser)
        print(f"memory of the server, games solved             {_memory(process.pid):7.0f} MB    at most 1,000")


def _slide(browser: Any) -> None:
    _until(browser, ".tour .tools button:last-child").click()  # the tour would cover the screen
    browser.find_element("css selector", "nav a[href='/beliefs']").click()
    start = time.perf_counter()
    _until(browser, f".focus option[value='{CLAIM}']").click()
    _until(browser, "input[type=range]")
    print(f"games of {CLAIM} solved as they stand             {time.perf_counter() - start:7.2f} s")
    browser.execute_script(NOTE_FRAMES)
    guesses, answers = [], []
    for index in range(MOVES):
        browser.execute_script("window.frames.length = 0")
        guesses.append(browser.execute_async_script(GUESS, index % 8, 0.5 + 0.02 * (index + 1)))
        start = time.perf_counter()
        _until(browser, ".focus li strong")
        answers.append(time.perf_counter() - start)
    print(
        f"slider to guess: median, slowest               {statistics.median(guesses):7.1f} ms, {max(guesses):.1f} ms     at most 16"
    )
    print(
        f"slider to solved claim: median, slowest        {statistics.median(answers):7.2f} s, {max(answers):.2f} s     at most 0.5"
    )


def _until(browser: Any, selector: str) -> Any:
    deadline = time.monotonic() + 120
    while not (elements := browser.find_elements("css selector", selector)):
        if time.monotonic() > deadline:
            raise TimeoutError(selector)
        time.sleep(0.005)
    return elements[0]


def _weight() -> int:
    return sum(file.stat().st_size for file in STATIC.iterdir() if file.name in ("index.html", "main.js", "style.css"))


def _memory(root: int) -> float:
    """Return the memory in MB that a process and those that it started have for themselves, with their share of common pages."""
    parents = {int(entry.name): _parent(entry) for entry in Path("/proc").iterdir() if entry.name.isdecimal()}
    own, size = {root}, 0
    while len(own) != size:
        size = len(own)
        own |= {child for child, parent in parents.items() if parent in own}
    return sum(_proportional(process) for process in own) / 1024


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except OSError:  # it ended meanwhile
        return 0


def _proportional(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


@contextmanager
def _browser() -> Iterator[Any]:
    from tests.browser import DESK, show_at, start

    with tempfile.TemporaryDirectory() as profile:
        driver = start(Path(profile))
        show_at(driver, DESK)
        try:
            yield driver
        finally:
            driver.quit()


if __name__ == "__main__":
    report()
