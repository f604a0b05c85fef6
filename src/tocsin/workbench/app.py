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

from tocsin.errors import CaseErrors, InputError
from tocsin.translation import Translator
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

    return Starlette(
        routes=[
            *(Route(f"/{key}", _page) for key in ("", *(screen.key for screen in SCREENS))),
            Route("/api/words", frame_words),
            *(route for screen in (*FRAME, *SCREENS) for route in screen.routes(opened)),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(Gate, access=access)],
        exception_handlers={InputError: refused, ValidationError: _unreadable, Exception: _failed},
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


async def _unreadable(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ValidationError)
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    remedy = "shorten it" if first["type"].endswith("too_long") else "load the page again"
    return JSONResponse({"message": f"{place}: {first['msg']}", "remedy": remedy}, status_code=400)


async def _failed(_request: Request, error: Exception) -> Response:
    """Return that the program is at fault. Starlette raises the error again, so that the server prints it on standard error."""
    body = {
        "message": f"the workbench failed: {type(error).__name__}",
        "remedy": "load the page again; if it fails again, report the error that the terminal of `tocsin open` shows",
    }
    return JSONResponse(body, status_code=500, headers=HEADERS)
