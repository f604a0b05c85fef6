"""Ask about moved beliefs: one claim at a time, its process, and the questions on their way to it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tocsin.workbench.running import LINE

SUPERSEDED: Mapping[str, Any] = {"superseded": True}
"""Answers a question after which a later one came before its turn."""


@dataclass
class Hand:
    """The claim in focus.

    Attributes:
        file: of the case.
        version: of the text of the case for which the games are solved.
        claim: the claim; empty for none.
        state: `{"stage", "done"}` while its games are solved, then `{"ready"}` with the sketch, or `{"message", "remedy"}`.
    """

    file: Path
    version: str = ""
    claim: str = ""
    state: Mapping[str, Any] = field(default_factory=dict)
    _process: asyncio.subprocess.Process | None = None
    _task: asyncio.Task[None] | None = None
    _waiting: dict[int, asyncio.Future[Mapping[str, Any]]] = field(default_factory=dict)
    _next: tuple[int, Mapping[str, str]] | None = None
    _busy: bool = False
    _count: int = 0

    async def focus(self, claim: str, version: str) -> None:
        """Take a claim into focus; its games are solved unless they are already for this text of the case."""
        if (claim, version) == (self.claim, self.version) and "message" not in self.state:
            return
        await self.close()
        self.claim, self.version, self.state = claim, version, {"stage": "", "done": 0.0}
        self._task = asyncio.create_task(self._run(claim))

    async def ask(self, settings: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the answer with some inputs set. A question that waits for its turn gives way to a later one."""
        if "ready" not in self.state:
            return {"message": "the games of the claim are not solved yet", "remedy": "wait until they are"}
        self._count += 1
        future: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[self._count] = future
        if self._next is not None:
            self._resolve(self._next[0], SUPERSEDED)
        self._next = (self._count, settings)
        self._send()
        return await future

    async def close(self) -> None:
        """End the process, and every question that waits."""
        process, task = self._process, self._task
        self._process, self._task, self._next, self._busy, self.claim = None, None, None, False, ""
        for number in list(self._waiting):
            self._resolve(number, SUPERSEDED)
        if process is not None and process.returncode is None:
            process.kill()
        if task is not None:
            await task

    def _send(self) -> None:
        if self._busy or self._next is None or self._process is None or self._process.stdin is None:
            return
        (number, settings), self._next, self._busy = self._next, None, True
        self._process.stdin.write(json.dumps({"id": number, "set": dict(settings)}).encode() + b"\n")

    def _resolve(self, number: int, answer: Mapping[str, Any]) -> None:
        future = self._waiting.pop(number, None)
        if future is not None and not future.done():
            future.set_result(answer)

    async def _run(self, claim: str) -> None:
        command = (sys.executable, "-m", "tocsin.workbench.hand", str(self.file), claim)
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=LINE)
        if self._task is not asyncio.current_task():  # closed meanwhile
            process.kill()
        else:
            self._process = process
        assert process.stdout is not None and process.stdin is not None
        async for line in process.stdout:
            self._heard(json.loads(line))
        process.stdin.close()
        await process.wait()
        if self._process is process and "message" not in self.state:
            self.state = {"message": "the process that solves the games ended", "remedy": "choose the claim again"}

    def _heard(self, said: Mapping[str, Any]) -> None:
        if "id" in said:
            self._busy = False
            self._resolve(said["id"], said)
            self._send()
        else:
            self.state = said
