"""Long work on an archive of statements, one piece at a time, in a process of its own; see `media_worker`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tocsin.workbench.running import LINE


@dataclass
class Work:
    """The work that is under way, or was last.

    Attributes:
        state: `{"task", "about", "stage", "done"}` while it goes on, then with `{"ready"}`, or `{"message", "remedy"}`, in place of the last
            two; `about` has the arguments. Empty before.
    """

    state: Mapping[str, Any] = field(default_factory=dict)
    _named: Mapping[str, Any] = field(default_factory=dict)
    _process: asyncio.subprocess.Process | None = None
    _task: asyncio.Task[None] | None = None

    def start(self, task: str, *arguments: str) -> bool:
        """Start some work; return whether none was under way."""
        if self._task is not None and not self._task.done():
            return False
        self._named = {"task": task, "about": arguments}
        self.state = {**self._named, "stage": "", "done": 0.0}
        self._task = asyncio.create_task(self._run(task, arguments))
        return True

    def stop(self) -> None:
        """End the work that is under way, if there is some."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def _run(self, task: str, arguments: tuple[str, ...]) -> None:
        command = (sys.executable, "-m", "tocsin.workbench.media_worker", task, *arguments)
        self._process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, limit=LINE)
        try:
            assert self._process.stdout is not None
            async for line in self._process.stdout:
                with suppress(ValueError):
                    self.state = {**self._named, **json.loads(line)}
        finally:  # the server may end before the work does
            self.stop()
            await self._process.communicate()
        if "stage" in self.state:
            self.state = {**self._named, "message": "the work ended before it was done", "remedy": "start it again"}
