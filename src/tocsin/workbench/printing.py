"""Make files of stored runs one at a time, each in a process of its own, and keep the last for download."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass

from tocsin.errors import InputError


@dataclass(frozen=True)
class Made:
    """A file that was made.

    Attributes:
        number: of the file, counted from 1.
        name: of the file.
        data: its content.
    """

    number: int
    name: str
    data: bytes


@dataclass
class Press:
    """Makes files.

    Attributes:
        made: the last file; None before the first.
    """

    made: Made | None = None
    _process: asyncio.subprocess.Process | None = None
    _count: int = 0

    async def make(self, run: str, format_: str, language: str, pages: str) -> Made | None:
        """Make a file, for the arguments see `printer.made`; return None if `stop` or a later call ended it.

        Raises:
            InputError: if it cannot be made.
        """
        self.stop()
        command = (sys.executable, "-m", "tocsin.workbench.printer", run, format_, language, pages)
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, start_new_session=True)
        self._process = process
        try:
            output, _ = await process.communicate()
        finally:
            _end(process)
        if self._process is not process:
            return None
        self._process = None
        self._count += 1
        self.made = Made(self._count, *_parsed(output))
        return self.made

    def stop(self) -> None:
        """End the file that is being made, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)


def _end(process: asyncio.subprocess.Process) -> None:
    """End a process and the browser that it may have started for a PDF."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _parsed(output: bytes) -> tuple[str, bytes]:
    """Return the name and the content of the file that the process printed.

    Raises:
        InputError: if it printed why there is none, or nothing.
    """
    head, _, data = output.partition(b"\n")
    said = json.loads(head or b"{}")
    if "name" not in said:
        message = said.get("message", "the process that makes the file ended before it was done")
        raise InputError(message, remedy=said.get("remedy") or "try it again")
    return said["name"], data
