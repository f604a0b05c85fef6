"""Add a game to a case without one, as `tocsin new` does, in a process of its own; see `game_writer`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from tocsin.errors import InputError
from tocsin.translation import message
from tocsin.workbench.desk import Desk, Draft
from tocsin.workbench.worker import Slot, working

THEATRE = "main"
"""The theatre that `tocsin new` writes."""


@dataclass(frozen=True)
class Players:
    """Who plays: states by name or code, or short names in capitals. Without helpers, pacts propose them."""

    challenger: str
    target: str
    protectors: Sequence[str] = ()
    backers: Sequence[str] = ()


@dataclass(frozen=True)
class Aim:
    """What the challenger wants: in words, in how many steps, and for how many years results are reported."""

    says: str
    levels: int
    horizon: int

    def written(self, text: str, shown: str) -> str:
        """Return the text of a case file, named as `shown` in errors, with this aim in place of that of the template."""
        from tocsin.case.rewriting import with_value

        for part, value in (("aim", self.says), ("levels", self.levels), ("horizon", self.horizon)):
            text = with_value(text, shown, ("theatres", THEATRE, part), value)
        return text


@dataclass
class Adding:
    """Adds a game to a case, until the case is closed."""

    _slot: Slot = field(default_factory=Slot)

    async def add(self, desk: Desk, base: str, players: Players, aim: Aim) -> Draft:
        """Add a game to the case on the desk, which counts as one edit that can be undone.

        Args:
            desk: the case.
            base: version of the text that the reader saw.
            players: who plays.
            aim: what they play for.

        Raises:
            ChangedError: if the file has another text by now.
            InputError: if the case cannot be changed, has a game, gets one already or was closed, or a name or the aim is not valid.
        """
        draft = await run_in_threadpool(desk.seen, base)
        if self._slot.busy:
            raise InputError(message("a game is being added already"), remedy=message("wait until it is there"))
        text = await self._written(desk.file.parent, draft.text, players)
        return await run_in_threadpool(desk.edit, base, lambda _before: aim.written(text, desk.file.name))

    async def _written(self, folder: Path, text: str, players: Players) -> str:
        task = self._slot.start(lambda: _with_game(folder, text, players))
        try:
            await asyncio.wait([task])
        finally:
            task.cancel()  # the request may end before the work
        if task.cancelled():
            raise InputError(message("this case was closed"), remedy=message("load the page again"))
        return task.result()

    async def close(self) -> None:
        """Stop the game that is being added, if there is one, and let none follow."""
        await self._slot.close()


async def _with_game(folder: Path, text: str, players: Players) -> str:
    """Return the text of a case with the game that a process adds."""
    async with working("game_writer", str(folder)) as worker:
        worker.send({"text": text, "players": asdict(players)})
        return str(await worker.result())
