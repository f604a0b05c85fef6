"""Make files of stored runs one at a time, each in a process of its own, and keep the last for download."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tocsin.workbench.worker import Slot, working


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
    _slot: Slot = field(default_factory=Slot)
    _count: int = 0

    async def make(self, run: str, format_: str, language: str, pages: str) -> Made | None:
        """Make a file, for the arguments see `printer.made`; return None if `stop` or a later call ended it.

        Raises:
            InputError: if it cannot be made, or the case was closed.
        """
        self.stop()
        task = self._slot.start(lambda: _printed(run, format_, language, pages))
        try:
            await asyncio.wait([task])
        finally:
            task.cancel()  # the request may end before the work
        if task.cancelled():
            return None
        name, data = task.result()
        self._count += 1
        self.made = Made(self._count, name, data)
        return self.made

    def stop(self) -> None:
        """Stop the file that is being made, if there is one."""
        self._slot.stop()

    async def close(self) -> None:
        """Stop the file that is being made, and let none follow."""
        await self._slot.close()


async def _printed(*arguments: str) -> tuple[str, bytes]:
    """Return the name and the content of the file that a process makes."""
    async with working("printer", *arguments) as worker:
        head = await worker.result()
        return head["name"], await worker.read(head["size"])
