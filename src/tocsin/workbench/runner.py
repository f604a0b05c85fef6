"""Run a case in a process of its own: `python -m tocsin.workbench.runner FILE`.

The process can be ended at any time, and gives its memory back. It prints a line of JSON for each step: `{"stage", "done"}`, then
`{"run"}` with the hash of the stored run, or `{"message", "remedy"}`.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from tocsin.errors import TocsinError

SEED = 1
PAUSE = 0.1
"""Seconds between two reports of one stage."""


class Reports:
    """Prints how far a run is, at most every `PAUSE` seconds for one stage."""

    def __init__(self) -> None:
        self._last = ("", 0.0)

    def __call__(self, stage: str, done: float) -> None:
        """Print the share done of a stage."""
        now = time.monotonic()
        if stage != self._last[0] or now - self._last[1] > PAUSE or done == 1.0:
            self._last = (stage, now)
            say(stage=stage, done=round(done, 3))


def say(**values: Any) -> None:
    """Print values as a line of JSON."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def run(file: Path) -> str:
    """Run a case, store the run and return its hash.

    Raises:
        TocsinError: if the case has errors, cannot be solved, or the run cannot be stored.
    """
    from tocsin.assessment.record import AssessmentRecord
    from tocsin.assessment.run import DRAWS, assess
    from tocsin.case import load
    from tocsin.report.storing import new_run
    from tocsin.runs.copies import copy_case
    from tocsin.runs.store import store_run

    case = load(file)
    copy = copy_case(case)
    assessment = assess(case, seed=SEED, progress=Reports())
    return store_run(new_run(assessment, AssessmentRecord.of(assessment), copy, draws=DRAWS)).hash


if __name__ == "__main__":
    try:
        say(run=run(Path(sys.argv[1])))
    except TocsinError as error:
        say(message=error.message, remedy=error.remedy)
