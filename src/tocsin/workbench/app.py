"""The web application of the workbench: its page and the requests of its screens. All answers are JSON but for the page's own files.

The page and its files are served at once. All else waits until the modules of the screens are imported, which takes longer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tocsin.errors import CaseErrors, InputError, TocsinError
from tocsin.translation import Translator, message, plural
from tocsin.workbench.access import HEADERS, Access, Gate
from tocsin.workbench.desk import ChangedError
from tocsin.workbench.opened import Opened
from tocsin.workbench.saying import refusal

if TYPE_CHECKING:
    from pydantic import ValidationError

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


def application(screens: Screens, access: Access, translator: Translator) -> Starlette:
    """Return the application of the page and of some screens, for those that `access` lets in; a translator says why others are not."""
    return Starlette(
        routes=[Route("/", _page), Route("/static/{name}", _file), Mount("/", screens)],
        middleware=[Middleware(Gate, access=access, translator=translator)],
    )


def _requests(opened: Opened, access: Access) -> Starlette:
    # imported here: these modules load Pydantic and the words of all screens
    from pydantic import ValidationError

    from tocsin.workbench.screens import FRAME, SCREENS
    from tocsin.workbench.words import words

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
            *(Route(f"/{screen.key}", _page) for screen in SCREENS),
            Route("/api/words", frame_words),
            *(route for screen in (*FRAME, *SCREENS) for route in screen.routes(opened)),
        ],
        exception_handlers={InputError: refused, ValidationError: unreadable, Exception: failed},
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
