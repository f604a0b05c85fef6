"""The web application of the workbench: its pages and the requests of its screens. All answers are JSON but for the page's own files.

What reads a case is imported where it is used, so that the page appears before the case is read.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tocsin.errors import InputError
from tocsin.workbench.access import Access, Gate
from tocsin.workbench.asking import Hand
from tocsin.workbench.desk import ChangedError, Desk, Draft
from tocsin.workbench.running import Background
from tocsin.workbench.words import words

STATIC = Path(__file__).with_name("static")
SCREENS = ("", "verdicts", "argument", "facts", "beliefs", "yaml")
"""Addresses of the screens; one page shows all of them."""
MAX_CHANGES = 1_000
"""Changes in one edit: a pasted table is far smaller."""


class Put(BaseModel):
    """A value to write at a path of the case file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    do: Literal["put"]
    loc: tuple[str | int, ...] = Field(min_length=1, max_length=12)
    value: JsonValue

    def made(self, text: str, shown: str) -> str:
        """Return the changed text."""
        from tocsin.case.rewriting import with_value

        return with_value(text, shown, self.loc, self.value)


class Take(BaseModel):
    """A value to take out of the case file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    do: Literal["take"]
    loc: tuple[str | int, ...] = Field(min_length=1, max_length=12)

    def made(self, text: str, shown: str) -> str:
        """Return the changed text."""
        from tocsin.case.rewriting import without_value

        return without_value(text, shown, self.loc)


class Edit(BaseModel):
    """Changes to the version of the case file that the reader saw."""

    model_config = ConfigDict(extra="forbid")

    base: str
    changes: list[Annotated[Put | Take, Field(discriminator="do")]] = Field(min_length=1, max_length=MAX_CHANGES)


class Rewrite(BaseModel):
    """A whole new text for the version of the case file that the reader saw."""

    model_config = ConfigDict(extra="forbid", strict=True)

    base: str
    text: str


class Focus(BaseModel):
    """The claim to take into focus."""

    model_config = ConfigDict(extra="forbid", strict=True)

    claim: str


class Move(BaseModel):
    """Inputs to set, as for `--set`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    set: dict[str, str] = Field(min_length=1, max_length=20)


class Base(BaseModel):
    """The version of the case file that the reader saw."""

    model_config = ConfigDict(extra="forbid", strict=True)

    base: str


def application(desk: Desk, access: Access, background: Background, hand: Hand, language: str = "en") -> Starlette:
    """Return the application for one case.

    Args:
        desk: the case.
        access: who is let in.
        background: runs the case.
        hand: answers what moved beliefs make of a claim.
        language: of the screens.
    """
    screens = Screens(desk, background, hand, language)
    boot = {"language": language, "words": words(language), "nonce": access.nonce}
    return Starlette(
        routes=[
            *(Route(f"/{screen}", _page) for screen in SCREENS),
            Route("/api/words", partial(_said, boot)),
            Route("/api/case", screens.case),
            Route("/api/text", screens.text),
            Route("/api/text", screens.rewrite, methods=["POST"]),
            Route("/api/edit", screens.edit, methods=["POST"]),
            Route("/api/undo", screens.undo, methods=["POST"]),
            Route("/api/redo", screens.redo, methods=["POST"]),
            Route("/api/verdicts", screens.verdicts),
            Route("/api/run", screens.run, methods=["POST"]),
            Route("/api/stop", screens.stop, methods=["POST"]),
            Route("/api/progress", screens.progress),
            Route("/api/focus", screens.focus, methods=["POST"]),
            Route("/api/hand", screens.state_of_hand),
            Route("/api/move", screens.move, methods=["POST"]),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(Gate, access=access)],
        exception_handlers={InputError: _refused, ValidationError: _unreadable},
    )


async def _page(_request: Request) -> Response:
    return FileResponse(STATIC / "index.html")


async def _said(content: dict[str, Any], _request: Request) -> Response:
    return JSONResponse(content)


class Screens:
    """Answers what the screens ask about one case."""

    def __init__(self, desk: Desk, background: Background, hand: Hand, language: str) -> None:
        self.desk, self.background, self.hand, self.language = desk, background, hand, language

    async def case(self, _request: Request) -> Response:
        """Return the case with its problems."""
        return await self._view(self.desk.draft())

    async def text(self, _request: Request) -> Response:
        """Return the text of the case file with its version."""
        draft = self.desk.draft()
        return JSONResponse({"version": draft.version, "text": draft.text})

    async def rewrite(self, request: Request) -> Response:
        """Save a whole text, whether or not it is a case: as an editor would."""
        new = Rewrite.model_validate_json(await request.body())
        return await self._after(lambda: self.desk.edit(new.base, lambda _text: new.text))

    async def edit(self, request: Request) -> Response:
        """Save changes of single values."""
        wanted = Edit.model_validate_json(await request.body())

        def changed(text: str) -> str:
            for change in wanted.changes:
                text = change.made(text, self.desk.file.name)
            return text

        return await self._after(lambda: self.desk.edit(wanted.base, changed))

    async def undo(self, request: Request) -> Response:
        """Undo the last edit."""
        seen = Base.model_validate_json(await request.body())
        return await self._after(lambda: self.desk.undo(seen.base))

    async def redo(self, request: Request) -> Response:
        """Make the edit again that was undone last."""
        seen = Base.model_validate_json(await request.body())
        return await self._after(lambda: self.desk.redo(seen.base))

    async def verdicts(self, _request: Request) -> Response:
        """Return the verdicts of the latest run."""
        return JSONResponse(await run_in_threadpool(_verdicts_view, self.desk, self.language))

    async def run(self, _request: Request) -> Response:
        """Start a run of the case as it is in the file."""
        return JSONResponse({"started": self.background.start()})

    async def stop(self, _request: Request) -> Response:
        """End the run that is under way."""
        self.background.stop()
        return JSONResponse({})

    async def progress(self, _request: Request) -> Response:
        """Send how far the run is, as events, until the window closes."""
        return StreamingResponse(self._events(), media_type="text/event-stream")

    async def focus(self, request: Request) -> Response:
        """Take a claim into focus: its games are solved in the background."""
        wanted = Focus.model_validate_json(await request.body())
        await self.hand.focus(wanted.claim, self.desk.draft().version)
        return JSONResponse({})

    async def state_of_hand(self, _request: Request) -> Response:
        """Return how far the claim in focus is, and once it is solved, its sketch."""
        return JSONResponse({"claim": self.hand.claim, **self.hand.state})

    async def move(self, request: Request) -> Response:
        """Return what the claim in focus is with some inputs set."""
        wanted = Move.model_validate_json(await request.body())
        return JSONResponse(dict(await self.hand.ask(wanted.set)))

    async def _events(self) -> AsyncIterator[str]:
        async for progress in self.background.follow():
            yield f"data: {json.dumps(asdict(progress))}\n\n"

    async def _after(self, act: Callable[[], Draft]) -> Response:
        return await self._view(await run_in_threadpool(act))

    async def _view(self, draft: Draft) -> Response:
        return JSONResponse(await run_in_threadpool(_case_view, self.desk, draft))


def _verdicts_view(desk: Desk, language: str) -> dict[str, Any] | None:
    from tocsin.workbench.verdict_views import verdicts_view

    return verdicts_view(desk, language)


def _case_view(desk: Desk, draft: Draft) -> dict[str, Any]:
    from tocsin.workbench.views import case_view

    return case_view(desk, draft)


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, InputError)
    body: dict[str, Any] = {"message": error.message, "remedy": error.remedy}
    if isinstance(error, ChangedError):
        return JSONResponse({**body, "version": error.now.version, "text": error.now.text}, status_code=409)
    return JSONResponse(body, status_code=422)


async def _unreadable(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ValidationError)
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return JSONResponse({"message": f"{place}: {first['msg']}", "remedy": "load the page again"}, status_code=400)
