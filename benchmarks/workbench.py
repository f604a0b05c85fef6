"""Measure the workbench in a real browser with the founding case: python -m benchmarks.workbench

Prints the times of the page, of sliders and of games solved again, the weight of the page, and the memory of the server's processes.
It takes two to three minutes. The limits hold on two cores that do nothing else, with compiled programs in the cache: run it twice.
The times of the page begin at the command, in a browser that runs already.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver.common.keys import Keys

from benchmarks.engine import CASE
from benchmarks.timing import TOCSIN

CLAIM = "C11"
"""A claim that games decide."""
MOVES, SLID, CARDS = 20, 8, 16
"""Moves of sliders that are timed, the beliefs that are moved, and the cards that are open; some have no sliders."""
UNFOLD = """
const cards = [...document.querySelectorAll(".cards > li")].slice(0, arguments[0]);
for (const card of cards) card.querySelector("details:not([open]) > summary")?.click();
"""
STARTS = 5
"""Starts of the program that are timed, after one that writes Python's bytecode."""
NOTE_USABLE = """
new MutationObserver((_, watch) => {
  if (!document.querySelector("aside")) return;
  watch.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.usable = performance.now(); }));
}).observe(document, { childList: true, subtree: true });
"""
"""Notes in the page when the case is on the screen, once it is painted."""
TIMES = """
const done = arguments[0], paint = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
const look = () => (window.usable && paint() ? done([paint(), window.usable].map((time) => performance.timeOrigin + time)) : setTimeout(look, 20));
look();
"""
"""Returns the milliseconds since 1970 of the first paint and of the case on the screen."""
STATIC = Path(__file__).parents[1] / "src" / "tocsin" / "workbench" / "static"
SENTENCES, FACTS = 60, 200
NOTE_FRAMES = """
window.frames = []; let last = performance.now();
const note = (now) => { window.frames.push(now - last); last = now; requestAnimationFrame(note); }; requestAnimationFrame(note);
"""
GUESS = """
const [name, end, done] = arguments; const slider = document.querySelectorAll("input[type=range]")[name * 2 + 1];
const start = window.moved = performance.now();
slider.value = end; slider.dispatchEvent(new Event("input", { bubbles: true }));
requestAnimationFrame(() => { document.body.getBoundingClientRect(); done(performance.now() - start); });
"""
"""Moves a slider and returns the milliseconds until the page is laid out with the guess."""
ANSWER = """
const done = arguments[0], seen = () => document.querySelector(".focus li strong") !== null;
const answer = () => done(performance.now() - window.moved);
if (seen()) answer();
else new MutationObserver((_, watch) => { if (seen()) { watch.disconnect(); answer(); } })
  .observe(document.body, { childList: true, subtree: true });
"""
"""Returns the milliseconds from the move to the solved claim on the page; to ask from outside again and again would slow the page."""


def report() -> None:
    """Print the measured numbers beside their limits."""
    with _browser() as browser:
        _start(browser)
        with tempfile.TemporaryDirectory() as folder, _opened(CASE, folder) as (process, address):
            _measure(browser, process, address)
        with tempfile.TemporaryDirectory() as folder:
            case = _large(Path(folder) / "case")
            with _opened(str(case), folder) as (_, address):
                _edit(browser, address, case)


@contextmanager
def _opened(case: str, folder: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [str(TOCSIN), "open", case, "--no-browser"]
    environment = os.environ | {"TOCSIN_HOME": folder, "PYTHONUNBUFFERED": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # users have the bytecode
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    try:
        assert process.stdout is not None
        address = next(word for line in process.stdout for word in line.split() if "token=" in word)
        yield process, address
    finally:
        process.terminate()
        process.wait()


def _start(browser: Any) -> None:
    """Time the program from its command to the page, in a browser that runs already."""
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": NOTE_USABLE})
    times = []
    for _ in range(STARTS + 1):
        with tempfile.TemporaryDirectory() as folder:
            started = time.time()
            with _opened(CASE, folder) as (_, address):
                printed = time.time()
                browser.get(address)
                times.append([printed - started, *(at / 1000 - started for at in browser.execute_async_script(TIMES))])
    names = ("address printed", "first paint", "case on the screen")
    for name, seconds, limit in zip(names, zip(*times[1:], strict=True), ("", "at most 1", "at most 2"), strict=True):
        said = f"{name} after the command: median, slowest"
        print(f"{said:<60} {statistics.median(seconds):5.2f} s, {max(seconds):.2f} s     {limit}")


def _measure(browser: Any, process: subprocess.Popen[str], address: str) -> None:
    browser.get(address)
    _until(browser, "aside")
    print(f"weight of the page without the editor          {_weight() / 1e3:7.0f} kB    at most 1,000")
    print(f"memory of the server, nothing solved           {_memory(process.pid):7.0f} MB    at most 1,000")
    _slide(browser)
    print(f"memory of the server, games solved             {_memory(process.pid):7.0f} MB    at most 1,000")


def _slide(browser: Any) -> None:
    for button in browser.find_elements("css selector", ".tour .tools button:last-child"):
        button.click()  # the tour, which a browser shows once, would cover the screen
    browser.find_element("css selector", "nav a[href='/beliefs']").click()
    start = time.perf_counter()
    _until(browser, f".focus option[value='{CLAIM}']").click()
    _until(browser, "input[type=range]")
    print(f"games of {CLAIM} solved as they stand             {time.perf_counter() - start:7.2f} s")
    browser.execute_script(UNFOLD, CARDS)
    browser.execute_script(NOTE_FRAMES)
    guesses, answers = [], []
    for index in range(MOVES):
        browser.execute_script("window.frames.length = 0")
        guesses.append(browser.execute_async_script(GUESS, index % SLID, 0.5 + 0.02 * (index + 1)))
        answers.append(browser.execute_async_script(ANSWER) / 1000)
    print(
        f"slider to guess: median, slowest               {statistics.median(guesses):7.1f} ms, {max(guesses):.1f} ms     at most 16"
    )
    print(
        f"slider to solved claim: median, slowest        {statistics.median(answers):7.2f} s, {max(answers):.2f} s     at most 0.5"
    )


def _large(folder: Path) -> Path:
    """Write a small case with many sentences, each of them a claim, and many facts; return its file."""
    from tests.facts_only import write_facts_only

    file = write_facts_only(folder) / "case.yaml"
    text = file.read_text(encoding="utf-8")
    (claim,) = re.findall(r"  C1: .*\n.*\n", text)
    numbers = range(1, SENTENCES + 1)
    claims = "".join(claim.replace("C1:", f"N{n}:").replace("sentence: 1", f"sentence: {n}") for n in numbers)
    sentences = "".join(
        f'  {n}: {{hash: "{n:016x}", quote: "Port {n} handled more boxes ...", kind: fact}}\n' for n in numbers
    )
    facts = "".join(
        f'  boxes.of.{n}: {{value: "{n}e3", date: 2024-02-01, source: authority, confidence: medium}}\n'
        for n in range(FACTS)
    )
    text = text.replace("questions:", f"{claims}questions:").replace("arguments:", f"{facts}arguments:")
    file.write_text(f"{text}sentences:\n{sentences}", encoding="utf-8")
    return file


def _edit(browser: Any, address: str, case: Path) -> None:
    browser.get(address)
    for screen, label, typed in (
        ("argument", "Claim: N20", "Trade has tripled."),
        ("facts", "Value: boxes.of.100", "7777"),
    ):
        _until(browser, f"nav a[href='/{screen}']").click()
        element = _until(browser, f"main :is(input, textarea)[aria-label='{label}']")
        time.sleep(2)  # what the claims need is still read
        browser.execute_script(NOTE_FRAMES)
        element.send_keys(Keys.CONTROL, "a")
        element.send_keys(typed)
        keys = browser.execute_script("return Math.max(...window.frames.splice(0))")
        element.send_keys(Keys.ENTER)
        while typed not in case.read_text(encoding="utf-8"):
            time.sleep(0.05)
        time.sleep(2)  # what the page reads again after the edit
        saved = browser.execute_script("return Math.max(...window.frames)")
        name = f"{SENTENCES} sentences, {FACTS} facts, {screen}:"
        print(f"{name:<38} longest frame of typing, of saving {keys:6.0f} ms, {saved:.0f} ms     at most 100")


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
