"""The web application of the workbench: its page and the requests of its screens. All answers are JSON but for the page's own files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tocsin.errors import CaseErrors, InputError, TocsinError
from tocsin.translation import Translator, message, plural
from tocsin.workbench.access import HEADERS, Access, Gate
from tocsin.workbench.desk import ChangedError
from tocsin.workbench.opened import Opened
from tocsin.workbench.saying import refusal
from tocsin.workbench.screens import FRAME, SCREENS
from tocsin.workbench.words import words

STATIC = Path(__file__).with_name("static")


def application(opened: Opened, access: Access) -> Starlette:
    """Return the application for one case.

    Args:
        opened: the case.
        access: who is let in.
    """
    frame = {"language": opened.language, "words": words(opened.language), "nonce": access.nonce}

    async def frame_words(_request: Request) -> Response:
        return JSONResponse(frame)

    async def refused(_request: Request, error: Exception) -> Response:
        assert isinstance(error, InputError)
        return await _refused(error, opened.translator)

    async def unreadable(_request: Request, error: Exception) -> Response:
        assert isinstance(error, ValidationError)
        return JSONResponse(refusal(_unreadable(error), opened.translator), status_code=400)

    async def failed(_request: Request, error: Exception) -> Response:
        """Return that the program is at fault. Starlette raises the error again, so that the server prints it on standard error."""
        return JSONResponse(refusal(_failed(error), opened.translator), status_code=500, headers=HEADERS)

    return Starlette(
        routes=[
            *(Route(f"/{key}", _page) for key in ("", *(screen.key for screen in SCREENS))),
            Route("/api/words", frame_words),
            *(route for screen in (*FRAME, *SCREENS) for route in screen.routes(opened)),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(Gate, access=access, translator=opened.translator)],
        exception_handlers={InputError: refused, ValidationError: unreadable, Exception: failed},
    )


async def _page(_request: Request) -> Response:
    """Return the one page that shows all screens."""
    return FileResponse(STATIC / "index.html")


async def _refused(error: InputError, translator: Translator) -> Response:
    body = refusal(error, translator)
    if isinstance(error, ChangedError):
        return JSONResponse({**body, **await run_in_threadpool(_conflict, error)}, status_code=409)
    if isinstance(error, CaseErrors):
        body["problems"] = [refusal(problem, translator) for problem in error.problems]
    return JSONResponse(body, status_code=422)


def _conflict(error: ChangedError) -> dict[str, Any]:
    """Return the other text. If the text before both edits is known, add what differs and the other text with the refused edit."""
    theirs: dict[str, Any] = {"version": error.now.version, "text": error.now.text, "differs": None, "merged": None}
    if error.base is None or error.mine is None:
        return theirs
    from tocsin.workbench.merging import differences, merged  # imported where it is used: reads YAML

    texts = (error.base, error.now.text, error.mine)
    return {**theirs, "differs": differences(*texts), "merged": merged(*texts)}


def _unreadable(error: ValidationError) -> InputError:
    """Return the first reason why the body of a request is refused. Only a text that is too long comes from a reader, not from a page."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    if first["type"] == "string_too_long":
        return InputError(
            plural(
                "{place}: String should have at most {count} character",
                "{place}: String should have at most {count} characters",
                first["ctx"]["max_length"],
                place=place,
            ),
            remedy=message("shorten it"),
        )
    return InputError(
        message("{place}: {problem}", place=place, problem=first["msg"]), remedy=message("load the page again")
    )


def _failed(error: Exception) -> TocsinError:
    return TocsinError(
        message("the workbench failed: {error}", error=type(error).__name__),
        remedy=message(
            "load the page again; if it fails again, report the error that the terminal of `tocsin open` shows"
        ),
    )
