"""The screen that makes files of the last run: which parts, in which language and format."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.body import Body
from tocsin.workbench.opened import Opened, Screen, View, get_route, read_body
from tocsin.workbench.printing import Made

NAME = r"^[a-z]{1,20}$"
MIME = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "json": "application/json"}
"""Media types of files by their ending; others are bytes."""
_POLICY = re.compile(rb'http-equiv="Content-Security-Policy" content="([^"]*)"')


class Choice(Body):
    """The file to make. The parts are those beside the first page, for a format that takes them."""

    run: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,200}@[0-9a-f]{8,64}$")
    format: str = Field(pattern=NAME)
    language: Literal["en", "ko", "ja"]
    parts: list[Annotated[str, Field(pattern=NAME)]] | None = Field(max_length=20)


def routes(opened: Opened) -> list[Route]:
    """Return the requests for files of the last run."""
    press = opened.press

    def choices() -> View:
        # imported where it is used, so that the page appears before the case is read
        from tocsin.workbench.screens.print_views import print_view

        return print_view(opened.desk, opened.language)

    async def make(request: Request) -> Response:
        wanted = await read_body(Choice, request)
        pages = "" if wanted.parts is None else ",".join(wanted.parts) or "first"
        made = await press.make(wanted.run, wanted.format, wanted.language, pages)
        if made is None:
            return JSONResponse({"stopped": True})
        return JSONResponse({"number": made.number, "name": made.name, "size": len(made.data)})

    async def stop(_request: Request) -> Response:
        press.stop()
        return JSONResponse({})

    async def file(request: Request) -> Response:
        made = press.made
        if made is None or made.number != request.path_params["number"]:
            return Response("This file is gone. Make it again.", status_code=404, media_type="text/plain")
        return _preview(made) if request.path_params["use"] == "preview" else _download(made)

    return [
        get_route("/api/print", choices),
        Route("/api/print", make, methods=["POST"]),
        Route("/api/print/stop", stop, methods=["POST"]),
        Route("/print/{number:int}/{use}", file),
    ]


def _download(made: Made) -> Response:
    ending = made.name.rpartition(".")[2]
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name)}"}
    return Response(made.data, media_type=MIME.get(ending, "application/octet-stream"), headers=headers)


def _preview(made: Made) -> Response:
    """Return a brief as a page of no origin, which cannot reach the workbench and runs no script but its own."""
    policy = _POLICY.search(made.data)
    if policy is None:
        return Response("Only the brief has a preview.", status_code=404, media_type="text/plain")
    limits = f"{policy[1].decode()}; frame-ancestors 'none'; sandbox allow-scripts allow-downloads allow-modals"
    return Response(made.data, media_type=MIME["html"], headers={"Content-Security-Policy": limits})


WORDS = (
    template("Print"),
    template("A file needs a run on this machine, and there is none of this case. Run it on the screen of verdicts."),
    template("Go to the verdicts"),
    template("Format"),
    template("Parts beside the first page"),
    template("Make the file"),
    template("The file is being made …"),
    template("The choices are being read …"),
    template("The file is ready."),
    template("Download {name} ({size} kB)"),
    template("Preview in a new tab"),
    template("The file comes from the run {run} of {day}."),
    template("The case has changed since this run. Run it again on the screen of verdicts to print it as it is now."),
    template("Each file is marked as a draft because the case still has the template's text."),
)
SCREEN = Screen(WORDS, routes, key="print")
