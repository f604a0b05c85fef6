"""Public data sets on the screen of facts: which are on this machine, and their download."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tocsin.translation import template
from tocsin.translation.stored_text import from_data
from tocsin.workbench.body import Body
from tocsin.workbench.opened import Opened, View, get_route, read_body

MAX_NAMES = 500
"""Data sets in one request."""


class Chosen(Body):
    """Data sets to download, by name."""

    names: list[Annotated[str, Field(max_length=100)]] = Field(min_length=1, max_length=MAX_NAMES)


def routes(opened: Opened) -> list[Route]:
    """Return the requests for data sets."""
    background = opened.background

    def known() -> View:
        failed = (background.results.get("download") or {}).get("failed", [])
        say = opened.translator.plain
        return {
            "sets": data_sets_view(),
            "failed": [{key: say(from_data(text)) for key, text in item.items()} for item in failed],
        }

    async def get(request: Request) -> Response:
        from tocsin.data.registry import source

        wanted = await read_body(Chosen, request)
        background.start("download", {"names": [source(name).name for name in dict.fromkeys(wanted.names)]})
        return JSONResponse({})

    return [get_route("/api/data", known), Route("/api/data/get", get, methods=["POST"])]


def data_sets_view() -> list[dict[str, Any]]:
    """Return the data sets of the registry, each with its size in bytes if known, and whether it is on this machine."""
    from tocsin.data.cache import cache_path
    from tocsin.data.registry import sources

    return [
        {
            "name": source.name,
            "what": source.what,
            "years": list(source.years),
            "bytes": source.bytes,
            "here": cache_path(source).is_file(),
            "download": source.address is not None,
            "publisher": source.official,
        }
        for source in sources().values()
    ]


WORDS = (
    template("Public data sets on this machine: {here} of {count}"),
    template("{name}, {first} to {last}: {what}"),
    template("size not known"),
    template("The publisher wants you to download it yourself, then to run this in a terminal:"),
    template("Page of the publisher"),
    template("Choose all that are missing"),
    template("Download {count} set"),
    template("Download {count} sets"),
    template(
        "A download asks the servers of the publishers or of GitHub for these files. Nothing of the case is sent."
    ),
    template("Not downloaded"),
)
