"""Long work on a case in the background, one job at a time: a run, a comparison, a challenge, a verification."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from tocsin.errors import InputError

LINE = 16_000_000
"""Longest line of the process, in bytes."""
Kind = Literal["assess", "compare", "challenge", "verify"]
_NAMES: Mapping[Kind, str] = {
    "assess": "a run", "compare": "a comparison", "challenge": "a challenge", "verify": "a verification",
}  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """How far the work is.

    Attributes:
        job: what is done, or was done last; empty before the first job.
        running: whether it goes on.
        stage: what it does now.
        done: share of the stage that is done, in [0, 1].
        left: estimated seconds until the stage is done; None if not known.
        message, remedy: why the last job failed; empty if it did not.
    """

    job: Kind | Literal[""] = ""
    running: bool = False
    stage: str = ""
    done: float = 0.0
    left: float | None = None
    message: str = ""
    remedy: str = ""


@dataclass
class Background:
    """Works on a case in a process of its own, and tells every window how far it is.

    Attributes:
        file: of the case.
        progress: of the work.
        results: what the last job of each kind gave.
    """

    file: Path
    progress: Progress = field(default_factory=Progress)
    results: dict[Kind, Mapping[str, Any]] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _closed: bool = False
    _stopped: bool = False
    _process: asyncio.subprocess.Process | None = None
    _task: asyncio.Task[None] | None = None

    def start(self, job: Kind, options: Mapping[str, Any] | None = None) -> None:
        """Start a job.

        Args:
            job: its kind.
            options: what its function in `jobs` takes.

        Raises:
            InputError: if a job is under way.
        """
        if self.progress.job and self.progress.running:
            raise InputError(f"{_NAMES[self.progress.job]} is under way", remedy="wait until it has ended, or stop it")
        self._stopped = False
        self._now(Progress(job=job, running=True))
        self._task = asyncio.create_task(self._run(job, options or {}))

    def stop(self) -> None:
        """End the job that is under way, if there is one."""
        self._stopped = True
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def follow(self) -> AsyncIterator[Progress]:
        """Yield the progress now, and whenever it changes, until the workbench closes."""
        while not self._closed:
            changed = self._changed
            yield self.progress
            await changed.wait()

    async def close(self) -> None:
        """End the job and all that follow it."""
        self._closed = True
        self._changed.set()
        self.stop()
        if self._task is not None:
            await self._task

    async def _run(self, job: Kind, options: Mapping[str, Any]) -> None:
        command = (sys.executable, "-m", "tocsin.workbench.runner", job, str(self.file), json.dumps(options))
        self._process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, limit=LINE)
        if self._stopped:
            self.stop()
        said: dict[str, Any] = {}
        try:
            assert self._process.stdout is not None
            async for line in self._process.stdout:
                with suppress(ValueError):
                    said = json.loads(line)
                    if "stage" in said:
                        self._now(replace(self.progress, **said))
            await self._process.wait()
        finally:
            if self._process.returncode is None:
                self._process.kill()
        self._now(self._ended(job, said))

    def _ended(self, job: Kind, said: Mapping[str, Any]) -> Progress:
        if "result" in said:
            self.results[job] = said["result"]
            return Progress(job=job)
        if "message" in said:
            return Progress(job=job, message=said["message"], remedy=said.get("remedy") or "")
        if self._stopped:
            return Progress(job=job)
        return Progress(job=job, message="the work ended before it was done", remedy="start it again")

    def _now(self, progress: Progress) -> None:
        self.progress = progress
        self._changed.set()
        self._changed = asyncio.Event()
