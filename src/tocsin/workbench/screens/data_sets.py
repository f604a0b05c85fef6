"""Public data sets on the screen of facts: which are on this machine, their download, and files that the reader downloaded."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tocsin.errors import InputError
from tocsin.translation import Translator, message, template
from tocsin.translation.stored_text import from_data
from tocsin.workbench.body import Body
from tocsin.workbench.opened import Opened, View, get_route, read_body
from tocsin.workbench.worker import working

if TYPE_CHECKING:
    from tocsin.data.registry import Source

MAX_NAMES = 500
"""Data sets in one request."""
MAX_SECONDS = 120.0
"""Seconds in which a file is read; that of SIPRI takes a few."""


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
            "sets": data_sets_view(opened.translator),
            "failed": [{key: say(from_data(text)) for key, text in item.items()} for item in failed],
        }

    async def get(request: Request) -> Response:
        from tocsin.data.registry import source

        wanted = await read_body(Chosen, request)
        background.start("download", {"names": [source(name).name for name in dict.fromkeys(wanted.names)]})
        return JSONResponse({})

    async def take(request: Request) -> Response:
        from tocsin.data.registry import source

        await imported(source(request.query_params.get("name", "")), await request.body())
        return JSONResponse({})

    return [
        get_route("/api/data", known),
        Route("/api/data/get", get, methods=["POST"]),
        Route("/api/data/import", take, methods=["POST"]),
    ]


async def imported(source: Source, content: bytes) -> None:
    """Put the content of a file into the cache as a data set, after the checks of `tocsin data import`.

    A process of its own reads the file, so that a hostile one cannot harm the server.

    Raises:
        InputError: if it is not the file of the data set, or is not read in `MAX_SECONDS`.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder, source.file)
        file.write_bytes(content)
        try:
            async with asyncio.timeout(MAX_SECONDS), working("runner", "import", str(file)) as worker:
                worker.send({"name": source.name})
                await worker.result()
        except TimeoutError:
            raise InputError(
                message("the file was not read in {seconds} seconds", seconds=round(MAX_SECONDS)),
                remedy=message("check that it is the file of `{name}`", name=source.name),
            ) from None


def data_sets_view(translator: Translator) -> list[dict[str, Any]]:
    """Return the data sets of the registry, each with its size in bytes if known, whether it is on this machine, and the ending of its file."""
    from tocsin.data.cache import cache_path
    from tocsin.data.registry import sources

    return [
        {
            "name": source.name,
            "what": translator.plain(message(source.what)),
            "years": list(source.years),
            "bytes": source.bytes,
            "here": cache_path(source).is_file(),
            "download": source.address is not None,
            "file": source.file.rpartition(".")[2],
            "publisher": source.official,
        }
        for source in sources().values()
    ]


WORDS = (
    template("Public data sets on this machine: {here} of {count}"),
    template("{name}, {first} to {last}: {what}"),
    template("size not known"),
    template("The publisher wants you to download it yourself. Then open the file here; it stays on this machine."),
    template("File of {name} (.{ending})"),
    template("The file is being checked …"),
    template("{name} is on this machine now."),
    template("The file is larger than {size} MB. Use the command tocsin data import."),
    template("Page of the publisher"),
    template("Choose all that are missing"),
    template("Download {count} set"),
    template("Download {count} sets"),
    template(
        "A download asks the servers of the publishers or of GitHub for these files. Nothing of the case is sent."
    ),
    template("Not downloaded"),
)
