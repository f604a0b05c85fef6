"""The web application of the workbench: its page and the requests of its screens. All answers are JSON but for the page's own files.

The page and its files are served at once. All else waits until the modules of the screens are imported, which takes longer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tocsin.errors import CaseErrors, InputError
from tocsin.workbench.access import HEADERS, Access, Gate
from tocsin.workbench.desk import ChangedError
from tocsin.workbench.opened import Opened

STATIC = Path(__file__).with_name("static")
TYPES: Mapping[str, str] = MappingProxyType(
    {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".txt": "text/plain"}
)
"""Media types of the page's files."""


class Screens:
    """The requests of the screens; their modules are imported in a thread, for the first request or before it."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make, self._making = make, asyncio.Lock()
        self._made: ASGIApp | None = None

    async def made(self) -> ASGIApp:
        """Return the application that answers, once its modules are imported."""
        async with self._making:
            if self._made is None:
                self._made = await asyncio.to_thread(self._make)
            return self._made

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await (await self.made())(scope, receive, send)


def screens_of(opened: Opened, access: Access) -> Screens:
    """Return the requests of the screens for one case, for those that `access` lets in."""
    return Screens(partial(_requests, opened, access))


def application(screens: Screens, access: Access) -> Starlette:
    """Return the application of the page and of some screens, for those that `access` lets in."""
    return Starlette(
        routes=[Route("/", _page), Route("/static/{name}", _file), Mount("/", screens)],
        middleware=[Middleware(Gate, access=access)],
    )


def _requests(opened: Opened, access: Access) -> Starlette:
    # imported here: these modules load Pydantic and the words of all screens
    from pydantic import ValidationError

    from tocsin.workbench.screens import FRAME, SCREENS
    from tocsin.workbench.words import words

    frame = {"language": opened.language, "words": words(opened.language), "nonce": access.nonce}

    async def frame_words(_request: Request) -> Response:
        return JSONResponse(frame)

    return Starlette(
        routes=[
            *(Route(f"/{screen.key}", _page) for screen in SCREENS),
            Route("/api/words", frame_words),
            *(route for screen in (*FRAME, *SCREENS) for route in screen.routes(opened)),
        ],
        exception_handlers={InputError: _refused, ValidationError: _unreadable, Exception: _failed},
    )


async def _page(_request: Request) -> Response:
    """Return the one page that shows all screens."""
    return Response(_files()["index.html"], media_type="text/html")


async def _file(request: Request) -> Response:
    """Return a file of the page."""
    name = request.path_params["name"]
    if name not in _files():
        return Response(status_code=404)
    return Response(_files()[name], media_type=TYPES[Path(name).suffix])


@cache
def _files() -> Mapping[str, bytes]:
    """Return the files of the page. They are sent from memory: to read one in a thread takes long while the screens are imported."""
    return {file.name: file.read_bytes() for file in STATIC.iterdir()}


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, InputError)
    body: dict[str, Any] = {"message": error.message, "remedy": error.remedy}
    if isinstance(error, ChangedError):
        return JSONResponse({**body, **await run_in_threadpool(_conflict, error)}, status_code=409)
    if isinstance(error, CaseErrors):
        body["problems"] = [{"message": problem.message, "remedy": problem.remedy} for problem in error.problems]
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
    from pydantic import ValidationError

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
