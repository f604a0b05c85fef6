"""The case that is open, with what edits it, runs it and answers about it; and how a screen describes itself to the application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tocsin.translation import Translator
from tocsin.workbench.adding_game import Adding
from tocsin.workbench.asking import Hand
from tocsin.workbench.desk import Desk, Draft
from tocsin.workbench.media_work import Work
from tocsin.workbench.printing import Press
from tocsin.workbench.running import Background

if TYPE_CHECKING:
    from tocsin.workbench.body import Body

Sent = TypeVar("Sent", bound="Body")
View: TypeAlias = Mapping[str, Any] | list[Any] | None
"""What a page gets as JSON."""


@dataclass(frozen=True)
class Opened:
    """The case that is open.

    Attributes:
        desk: its file.
        background: runs it.
        hand: answers what moved beliefs make of a claim.
        language: of the screens.
        home: folder where the workbench was started; new cases are written there.
        show: shows another case file in its place; every window then loads again.
        speak: gives the screens another language; a window loads again when it next reads the case.
        press: makes files of its runs.
        media: judges weeks of headlines and learns codes.
        adding: adds a game to it.
    """

    desk: Desk
    background: Background
    hand: Hand
    language: str
    home: Path
    show: Callable[[Path], Awaitable[None]]
    speak: Callable[[str], None]
    press: Press = field(default_factory=Press)
    media: Work = field(default_factory=Work)
    adding: Adding = field(default_factory=Adding)

    @property
    def translator(self) -> Translator:
        """Return who says texts of the program in the language of the screens."""
        return Translator(language=self.language)

    async def close(self) -> None:
        """End what runs for the case, and let nothing follow."""
        workers = (self.press, self.media, self.adding, self.background, self.hand)
        await asyncio.gather(*(worker.close() for worker in workers))


@dataclass(frozen=True)
class Screen:
    """A screen.

    Attributes:
        words: what it says beside what other screens say already; the pages take a word by its English text.
        routes: its requests on the case that is open.
        key: its address; empty for what all screens share.
    """

    words: tuple[str, ...]
    routes: Callable[[Opened], list[Route]] = lambda _opened: []
    key: str = ""


async def read_body(kind: type[Sent], request: Request) -> Sent:
    """Return the body of a request.

    Raises:
        ValidationError: if it is not of this kind.
    """
    return kind.model_validate_json(await request.body())


async def answered(view: Callable[[], View]) -> Response:
    """Return as JSON what a function gives. It runs in a thread, so that other windows need not wait."""
    return JSONResponse(await run_in_threadpool(view))


def get_route(path: str, view: Callable[[], View]) -> Route:
    """Return a request that a function answers, see `answered`."""

    async def act(_request: Request) -> Response:
        return await answered(view)

    return Route(path, act)


def post_route(path: str, kind: type[Sent], view: Callable[[Sent], View]) -> Route:
    """Return a request with a body of a kind, which a function of the body answers, see `answered`."""

    async def act(request: Request) -> Response:
        body = await read_body(kind, request)
        return await answered(lambda: view(body))

    return Route(path, act, methods=["POST"])


async def picture(draw: Callable[[], str | None]) -> Response:
    """Return the SVG file that a function draws, or that there is none. It runs in a thread, so that other windows need not wait."""
    drawn = await run_in_threadpool(draw)
    if drawn is None:
        return Response(status_code=404)
    return Response(drawn, media_type="image/svg+xml")


async def case_after(opened: Opened, act: Callable[[], Draft]) -> Response:
    """Return the case with its problems after an edit; for errors see `Desk.edit`."""

    def view() -> dict[str, Any]:
        # imported where it is used, so that the page appears before the case is read
        from tocsin.workbench.views import case_view

        return {**case_view(opened.desk, act(), opened.language), "language": opened.language}

    return await answered(view)
