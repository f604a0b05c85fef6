"""Record how close the checks of a test run come to their bounds.

A plugin for pytest: `-p tests.margins -o enable_assertion_pass_hook=true --margins FILE`. It writes one line of JSON for every line of a
test that compares a number with a bound: comparisons of two positive numbers (`assert error < 0.01`) and everything compared with
`pytest.approx`. The margin of a check is its number over its bound, or bound over number for a lower bound: 1 is at the bound. If a
line compares many numbers, the largest margin is written. It does not record comparisons joined by `and`,
all but the last of a chained comparison, comparisons inside `all`, or those with negative numbers.
"""

from __future__ import annotations

import json
import linecache
import math
import re
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any, TextIO

import pytest
from _pytest.approx import ApproxScalar

_NUMBER = r"(?:[\w.]+\()?(-?\d[\d.]*(?:e[-+]?\d+)?|inf|nan)(?:, dtype=\w+)?\)?"
_COMPARED = re.compile(rf"^{_NUMBER} (<=|>=|<|>) {_NUMBER}$")


def margin_of(explanation: str) -> float | None:
    """Return the margin of a comparison as pytest prints it; None if it does not compare two positive numbers."""
    match = _COMPARED.match(explanation.splitlines()[0].strip())
    if match is None:
        return None
    left, right = float(match[1]), float(match[3])
    if not (left > 0 and right > 0 and math.isfinite(left) and math.isfinite(right)):
        return None
    return left / right if match[2] in ("<", "<=") else right / left


class Recorder:
    """Write the margins of a run to a file."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.margins: dict[tuple[int, str], float] = {}
        self.path = ""

    def record(self, line: int, check: str, margin: float) -> None:
        """Record one check of the running test."""
        self.margins[line, check] = max(margin, self.margins.get((line, check), 0.0))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Write the margins of a test after it ran."""
        self.margins.clear()
        self.path = str(item.path)
        result = yield
        for (line, check), margin in self.margins.items():
            row = {"test": item.nodeid, "line": line, "check": check, "margin": margin}
            self.file.write(json.dumps(row) + "\n")
        return result

    def pytest_assertion_pass(self, item: pytest.Item, lineno: int, orig: str, expl: str) -> None:
        """Record a comparison that held, if it is in the test's own file; plugins assert too."""
        margin = margin_of(expl)
        if margin is not None and orig.splitlines()[0] in linecache.getline(str(item.path), lineno):
            self.record(lineno, orig, margin)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--margins FILE`."""
    parser.addoption("--margins", metavar="FILE", help="write how close checks come to their bounds")


def pytest_configure(config: pytest.Config) -> None:
    """Start recording."""
    target = config.getoption("--margins")
    if target is None:
        return
    file = Path(target).open("w", encoding="utf-8")  # noqa: SIM115 - closed when the run ends
    config.stash[_FILE] = file
    recorder = Recorder(file)
    config.pluginmanager.register(recorder)
    _record_approximate(recorder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the file."""
    if _FILE in config.stash:
        config.stash[_FILE].close()


_FILE = pytest.StashKey[TextIO]()


def _record_approximate(recorder: Recorder) -> None:
    """Record every number that is compared with `pytest.approx`, which compares lists and arrays number by number."""
    equals = ApproxScalar.__eq__

    def recorded(self: ApproxScalar[Any], actual: Any) -> bool:
        try:
            error, tolerance = abs(float(actual) - float(self.expected)), float(self.tolerance)
        except (TypeError, ValueError):
            return equals(self, actual)
        if tolerance > 0 and math.isfinite(error):
            recorder.record(_line(recorder.path), "approx", error / tolerance)
        return equals(self, actual)

    ApproxScalar.__eq__ = recorded  # type: ignore[method-assign]


def _line(path: str) -> int:
    """Return the line of the test's own file that makes the comparison."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename == path:
            return frame.f_lineno
        frame = frame.f_back  # type: ignore[assignment]
    return 0
