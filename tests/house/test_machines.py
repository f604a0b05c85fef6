"""The margins of checks: how they are measured, which are listed, and which settings a processor can run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.machines import SETTINGS, Run, Setting, close_checks, missing
from tests.margins import margin_of
from tests.support import assert_close

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("explanation", "margin"),
    [
        ("0.25 < 1.0", 0.25),
        ("np.float64(0.9) <= 1.0\n  + where", 0.9),
        ("Array(2.0, dtype=float64) > 0.5", 0.25),
        ("400 >= 100", 0.25),
        ("1e-13 < 1e-12", 0.1),
        ("-1.0 < 1.0", None),
        ("0 < 3", None),
        ("inf > 3.0", None),
        ("3 == 3", None),
        ("'a' < 'b'", None),
    ],
)
def test_a_margin_is_a_number_over_its_bound(explanation: str, margin: float | None) -> None:
    assert margin_of(explanation) == (None if margin is None else pytest.approx(margin))


def test_a_run_records_comparisons_and_approximations_in_the_test_file(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import pytest\n\n\ndef test_it():\n    error = 0.03\n    assert error < 0.1\n"
        "    assert [1.0, 2.05] == pytest.approx([1.0, 2.0], abs=0.1)\n"
    )
    record = tmp_path / "margins.jsonl"
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "tests.margins", f"--margins={record}", "-p", "no:cacheprovider",
        "-c", os.devnull, "-o", "enable_assertion_pass_hook=true", str(tmp_path / "test_it.py"),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [json.loads(line) for line in record.read_text().splitlines()]
    assert [(row["check"], round(row["margin"], 6)) for row in rows] == [("error < 0.1", 0.3), ("approx", 0.5)]


def test_only_checks_that_vary_and_come_close_to_their_bound_are_listed() -> None:
    def run(setting: Setting, *margins: float) -> Run:
        return Run(setting, 0, "", 0.0, {("test", line, "check"): margin for line, margin in enumerate(margins)})

    runs = [run(SETTINGS[0], 0.9, 0.2, 0.9, 0.1), run(SETTINGS[1], 0.9, 0.7, 0.9 + 1e-12, 0.3)]
    (listed,) = close_checks(runs)
    assert listed == (("test", 1, "check"), {SETTINGS[0].name: 0.2, SETTINGS[1].name: 0.7})


def test_settings_have_distinct_names_and_the_processors_own_always_runs() -> None:
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
    assert missing(Setting("", 2)) == ""


def test_figures_may_differ_by_rounding_and_monte_carlo_error() -> None:
    stored = {"cases": 3, "slope": 0.25, "rows": [{"p05": 0.0, "p50": 0.5, "p95": 1.0}]}
    assert_close({"cases": 3, "slope": 0.2501, "rows": [{"p05": 0.09, "p50": 0.5, "p95": 0.95}]}, stored, draws=4000)
    wrongs: list[dict[str, Any]] = [
        {"cases": 4},
        {"slope": 0.2503},
        {"rows": [{"p05": 0.11, "p50": 0.5, "p95": 1.0}]},
        {"rows": []},
        {"more": 1},
    ]
    for wrong in wrongs:
        with pytest.raises(AssertionError):
            assert_close(stored | wrong, stored, draws=4000)
