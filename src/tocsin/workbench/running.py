"""Long work on a case in the background, one job at a time: a run, a comparison, a challenge, a verification, a download of public data."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from tocsin.errors import InputError
from tocsin.translation import Said, message
from tocsin.workbench.worker import Slot, Stage, failure, working

Kind = Literal["assess", "compare", "challenge", "verify", "download"]
_BUSY: Mapping[Kind, str] = {
    "assess": message("a run is under way"),
    "compare": message("a comparison is under way"),
    "challenge": message("a challenge is under way"),
    "verify": message("a verification is under way"),
    "download": message("a download is under way"),
}


@dataclass(frozen=True)
class Progress:
    """How far the work is.

    Attributes:
        job: what is done, or was done last; empty before the first job.
        running: whether it goes on.
        stage, done, left: as in `Stage`.
        message, remedy: why the last job failed; empty if it did not.
    """

    job: Kind | Literal[""] = ""
    running: bool = False
    stage: Said = ""
    done: float = 0.0
    left: float | None = None
    message: Said = ""
    remedy: Said = ""


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
    _slot: Slot = field(default_factory=Slot)

    def start(self, job: Kind, options: Mapping[str, Any] | None = None) -> None:
        """Start a job.

        Args:
            job: its kind.
            options: what its function in `jobs` takes.

        Raises:
            InputError: if a job is under way, or the case was closed.
        """
        if self.progress.job and self._slot.busy:
            raise InputError(_BUSY[self.progress.job], remedy=message("wait until it has ended, or stop it"))
        task = self._slot.start(lambda: self._run(job, options or {}))
        task.add_done_callback(partial(self._end, job))
        self._now(Progress(job=job, running=True))

    def stop(self) -> None:
        """Stop the job that is under way, if there is one."""
        self._slot.stop()

    async def follow(self) -> AsyncIterator[Progress]:
        """Yield the progress now, and whenever it changes, until the case is closed."""
        while not self._closed:
            changed = self._changed
            yield self.progress
            await changed.wait()

    async def close(self) -> None:
        """Stop the job and all that follow it."""
        self._closed = True
        self._changed.set()
        await self._slot.close()

    async def _run(self, job: Kind, options: Mapping[str, Any]) -> Any:
        async with working("runner", job, str(self.file)) as worker:
            worker.send(options)
            return await worker.result(lambda stage: self._report(job, stage))

    def _report(self, job: Kind, stage: Stage) -> None:
        self._now(Progress(job, True, stage.stage, stage.done, stage.left))

    def _end(self, job: Kind, task: asyncio.Task[Any]) -> None:
        if task.cancelled():
            self._now(Progress(job))
        elif error := failure(task):
            self._now(Progress(job, message=error.message, remedy=error.remedy or ""))
        else:
            self.results[job] = task.result()
            self._now(Progress(job))

    def _now(self, progress: Progress) -> None:
        self.progress = progress
        self._changed.set()
        self._changed = asyncio.Event()
