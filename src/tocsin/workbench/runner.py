"""Work on a case in a process of its own: `python -m tocsin.workbench.runner JOB FILE`, with the options of the job as the first line.

The process can be ended at any time, and gives its memory back. It prints a line of JSON for each step: `{"stage", "done", "left"}`, then
`{"result"}` with what the job in `jobs` gives, or `{"message", "remedy"}`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tocsin.workbench.jobs import JOBS
from tocsin.workbench.link import Reports, linked


def main(job: str, file: Path) -> None:
    """Do a job, and print its result or why there is none."""
    with linked() as link:
        options = next(iter(link.requests))
        link.say(result=JOBS[job](file, options, Reports(link.say)))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
