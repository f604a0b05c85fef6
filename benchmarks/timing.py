"""Time a command in a new process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TOCSIN = Path(sys.executable).parent / "tocsin"


@dataclass(frozen=True)
class Timed:
    """Seconds on the clock and of all processors, and the peak memory in MB."""

    seconds: float
    processor: float
    peak: float


def timed(arguments: Sequence[str], **environment: str) -> Timed:
    """Run a command in a new process and time it; raises CalledProcessError if it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | environment
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(arguments))
    return Timed(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
