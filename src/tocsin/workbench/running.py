"""The run of a case in the background, one at a time."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

LINE = 16_000_000
"""Longest line of the process, in bytes."""


@dataclass(frozen=True)
class Progress:
    """How far the run is.

    Attributes:
        running: whether it goes on.
        stage: what it does.
        done: share of the stage that is done, in [0, 1].
        run: hash of the last run that ended well; empty before.
        message, remedy: why the last run failed; empty if it did not.
    """

    running: bool = False
    stage: str = ""
    done: float = 0.0
    run: str = ""
    message: str = ""
    remedy: str = ""


@dataclass
class Background:
    """Runs a case in a process of its own, and tells every window how far it is.

    Attributes:
        file: of the case.
        progress: of the run.
    """

    file: Path
    progress: Progress = field(default_factory=Progress)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _closed: bool = False
    _process: asyncio.subprocess.Process | None = None
    _task: asyncio.Task[None] | None = None

    def start(self) -> bool:
        """Start a run; return whether none was under way."""
        if self.progress.running:
            return False
        self._now(Progress(running=True, run=self.progress.run))
        self._task = asyncio.create_task(self._run())
        return True

    def stop(self) -> None:
        """End the run that is under way, if there is one."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def follow(self) -> AsyncIterator[Progress]:
        """Yield the progress now, and whenever it changes, until the workbench closes."""
        while not self._closed:
            changed = self._changed
            yield self.progress
            await changed.wait()

    async def close(self) -> None:
        """End the run and all that follow it."""
        self._closed = True
        self._changed.set()
        self.stop()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        command = (sys.executable, "-m", "tocsin.workbench.runner", str(self.file))
        self._process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, limit=LINE)
        if self._closed:
            self.stop()
        said: dict[str, str] = {}
        try:
            assert self._process.stdout is not None
            async for line in self._process.stdout:
                with suppress(ValueError):
                    said = json.loads(line)
                    if "stage" in said:
                        self._now(replace(self.progress, stage=said["stage"], done=float(said["done"])))
            await self._process.wait()
        finally:
            self.stop()
        self._now(self._ended(said))

    def _ended(self, said: dict[str, str]) -> Progress:
        if "run" in said:
            return Progress(run=said["run"])
        if "message" in said:
            return Progress(run=self.progress.run, message=said["message"], remedy=said.get("remedy") or "")
        return Progress(run=self.progress.run, message="the run ended before it was done", remedy="run it again")

    def _now(self, progress: Progress) -> None:
        self.progress = progress
        self._changed.set()
        self._changed = asyncio.Event()
