"""Work on a case in a process of its own: `python -m tocsin.workbench.runner JOB FILE OPTIONS`, with options as JSON.

The process can be ended at any time, and gives its memory back. It prints a line of JSON for each step: `{"stage", "done", "left"}`, then
`{"result"}` with what the job in `jobs` gives, or `{"message", "remedy"}`.
"""

from __future__ import annotations

import json
import sys
import time
from math import inf
from pathlib import Path
from typing import Any

from tocsin.errors import TocsinError

SEED = 1
PAUSE = 0.1
"""Seconds between two reports of one stage."""


class Reports:
    """Prints how far a stage is and how long it still takes, at most every `PAUSE` seconds."""

    def __init__(self) -> None:
        self._stage, self._began, self._last = "", 0.0, -inf

    def __call__(self, stage: str, done: float) -> None:
        """Print the share done of a stage."""
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._began, self._last = stage, now, -inf
        if now - self._last > PAUSE or done == 1.0:
            self._last = now
            took = now - self._began
            left = round(took * (1.0 - done) / done, 1) if done and took > PAUSE else None
            say(stage=stage, done=round(done, 3), left=left)


def say(**values: Any) -> None:
    """Print values as a line of JSON."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def main(job: str, file: Path, options: dict[str, Any]) -> None:
    """Do a job, and print its result or why there is none."""
    from tocsin.workbench.jobs import JOBS

    try:
        say(result=JOBS[job](file, options, Reports()))
    except TocsinError as error:
        say(message=error.message, remedy=error.remedy)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3]))
