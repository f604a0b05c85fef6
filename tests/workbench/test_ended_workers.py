"""A worker that is ended leaves nothing open and says nothing, whatever it does at that moment."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.workbench.test_workers import PYTHON, WAIT, program, within

from tocsin.workbench.worker import working


def test_a_process_that_escapes_from_its_worker_keeps_no_pipe_of_the_server_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    escaped = tmp_path / "escaped"
    script = f"setsid sh -c 'echo $$ > {escaped}; exec sleep 600' &\nsleep 1; echo '{{}}'; sleep 600"
    monkeypatch.setattr(sys, "executable", program(script, tmp_path / "broken"))

    async def run() -> None:
        async with working("none") as worker:
            await anext(worker.lines())

    within(run())
    os.kill(int(escaped.read_text()), signal.SIGKILL)
    gc.collect()  # a pipe that is still open warns, and a warning fails the test


def test_a_worker_that_is_told_to_end_within_a_callback_ends_without_a_word() -> None:
    script = (
        "import gc, os, signal, time\n"
        "from tocsin.workbench.link import linked\n"
        "def ended(*_):\n"
        "    gc.callbacks.clear()\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "gc.callbacks.append(ended)\n"
        "with linked():\n"
        "    gc.collect()\n"
        "    time.sleep(600)\n"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([PYTHON, "-c", script], stdin=pipe, stdout=pipe, stderr=pipe) as worker:
        assert worker.wait(WAIT) == 128 + signal.SIGTERM  # its input is still open
        assert worker.stderr is not None and worker.stderr.read() == b""
