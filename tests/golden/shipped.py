"""Renew the verdicts that come with the founding case: `make verdicts`, or `python -m tests.golden.shipped`.

No data set of this machine takes part, as on a machine where the program was just installed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tocsin.assessment.run import assess
from tocsin.case import load
from tocsin.data.shipped import shipped_cases
from tocsin.files import write_all
from tocsin.runs.shipped import VERDICTS, shipped_text

NAME, SEED = "japan-buildup", 1


def renew(folder: Path) -> Path:
    """Assess a case and write its verdicts beside it; return their file."""
    file = folder / VERDICTS
    write_all({file: shipped_text(assess(load(folder), seed=SEED))})
    return file


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["TOCSIN_DATA"] = scratch
        sys.stdout.write(f"{renew(shipped_cases()[NAME])}\n")
