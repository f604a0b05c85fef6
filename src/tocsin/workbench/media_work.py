"""Long work on an archive of statements, one piece at a time, in a process of its own; see `media_worker`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tocsin.workbench.worker import Slot, Stage, failure, working


@dataclass
class Work:
    """The work that is under way, or was last.

    Attributes:
        state: `{"task", "about", "stage", "done"}` while it goes on, then with `{"ready"}`, or `{"message", "remedy"}`, in place of the last
            two; `about` has the arguments. Empty before, and after it was stopped.
    """

    state: Mapping[str, Any] = field(default_factory=dict)
    _slot: Slot = field(default_factory=Slot)

    def start(self, task: str, *arguments: str) -> bool:
        """Start some work; return whether none was under way.

        Raises:
            InputError: if the case was closed.
        """
        if self._slot.busy:
            return False
        named = {"task": task, "about": arguments}
        running = self._slot.start(lambda: self._run(named))
        running.add_done_callback(partial(self._end, named))
        self.state = {**named, "stage": "", "done": 0.0}
        return True

    def stop(self) -> None:
        """Stop the work that is under way, if there is some."""
        self._slot.stop()

    async def close(self) -> None:
        """Stop the work, and let none follow."""
        await self._slot.close()

    async def _run(self, named: Mapping[str, Any]) -> Any:
        async with working("media_worker", named["task"], *named["about"]) as worker:
            return await worker.result(lambda stage: self._report(named, stage))

    def _report(self, named: Mapping[str, Any], stage: Stage) -> None:
        self.state = {**named, "stage": stage.stage, "done": stage.done}

    def _end(self, named: Mapping[str, Any], task: asyncio.Task[Any]) -> None:
        if task.cancelled():
            self.state = {}
        elif error := failure(task):
            self.state = {**named, "message": error.message, "remedy": error.remedy}
        else:
            self.state = {**named, "ready": task.result()}
