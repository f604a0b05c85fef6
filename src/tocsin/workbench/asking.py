"""The claim in focus, and the process that decides it again when a reader moves beliefs; see `hand`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tocsin.errors import InputError
from tocsin.translation import message
from tocsin.workbench.worker import Worker

OTHER_CLAIM: Mapping[str, Any] = {
    "message": message("another window chose another claim"),
    "remedy": message("choose the claim again"),
}
SUPERSEDED: Mapping[str, Any] = {"superseded": True}
"""Ends the answers to a question after which another came, or another claim."""


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
    _worker: Worker | None = None
    _task: asyncio.Task[None] | None = None
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _question: tuple[int, asyncio.Queue[Mapping[str, Any]]] | None = None
    _count: int = 0
    _closed: bool = False

    async def start(self) -> None:
        """Start the process, unless it runs: it compiles the games, so that the first claim need not wait for that."""
        async with self._starting:
            if self._worker is None and not self._closed:
                self._worker = await Worker.start("hand", str(self.file))
                self._task = asyncio.create_task(self._listen(self._worker))

    async def focus(self, claim: str, version: str) -> None:
        """Take a claim into focus; its games are solved unless they are already for this text of the case.

        Raises:
            InputError: if no process can be started.
        """
        if (claim, version) == (self.claim, self.version) and "message" not in self.state:
            return
        self._supersede()
        self.claim, self.version, self.state = claim, version, {"stage": "", "done": 0.0}
        try:
            await self.start()
        except InputError as error:
            self.state = {"message": error.message, "remedy": error.remedy}
            raise
        self._send({"claim": claim, "version": version})

    def state_of(self, claim: str) -> Mapping[str, Any]:
        """Return the state of a claim, or that it is no longer in focus."""
        return self.state if claim == self.claim else OTHER_CLAIM

    async def ask(self, claim: str, settings: Mapping[str, str]) -> AsyncIterator[Mapping[str, Any]]:
        """Yield what a claim is with some inputs set, from more and more worlds, until a later question or another claim comes."""
        if claim != self.claim:
            yield OTHER_CLAIM
            return
        if "ready" not in self.state:
            yield {"message": "the games of the claim are not solved yet", "remedy": "wait until they are"}
            return
        self._supersede()
        self._count += 1
        answers = asyncio.Queue[Mapping[str, Any]]()
        question = self._question = (self._count, answers)
        self._send({"id": self._count, "set": dict(settings)})
        try:
            while True:
                answer = await answers.get()
                yield answer
                if not answer.get("more"):
                    return
        finally:
            if self._question is question:  # nobody listens any more, or the last answer came
                self._question = None
                self._send({})

    async def close(self) -> None:
        """End the process, and the question that waits, for good."""
        self._closed = True
        async with self._starting:
            worker, task = self._worker, self._task
            self._worker, self._task, self.claim = None, None, ""
        self._supersede()
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        if worker is not None:
            await worker.end()

    def _send(self, line: Mapping[str, Any]) -> None:
        if self._worker is not None:
            self._worker.send(line)

    def _supersede(self) -> None:
        if self._question is not None:
            self._question[1].put_nowait(SUPERSEDED)
            self._question = None

    async def _listen(self, worker: Worker) -> None:
        error = InputError(message("the process that solves the games ended"), remedy=message("choose the claim again"))
        try:
            async for line in worker.lines():
                self._take(line)
        except InputError as unreadable:
            error = unreadable
        self._worker = None  # the next claim starts another
        self._supersede()
        self.state = {"message": error.message, "remedy": error.remedy}
        await worker.end()

    def _take(self, line: Mapping[str, Any]) -> None:
        """Take a line of the process, unless it is about an earlier question, claim or text of the case."""
        if "id" in line:
            if self._question is not None and self._question[0] == line["id"]:
                self._question[1].put_nowait(line)
        elif "stage" in line or (line.get("claim"), line.get("version")) == (self.claim, self.version):
            self.state = line
