"""The start panel: a new case from an article or without one, a copy of a shipped case, and other cases to open."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tocsin.errors import InputError
from tocsin.translation import message, template
from tocsin.workbench.body import Body
from tocsin.workbench.opened import Opened, Screen, get_route, read_body

MAX_FILE = 3_500_000
"""Bytes of an article's file; in base64 it fits into a request."""
MAX_TEXT = 1_000_000
"""Characters of a pasted article."""


class New(Body):
    """A new case: from a pasted text, from a file in base64, or from neither."""

    folder: str = Field(max_length=255)
    title: str = Field(max_length=300)
    day: str = Field(max_length=40)
    text: str = Field(default="", max_length=MAX_TEXT)
    file: str = Field(default="", max_length=MAX_FILE * 4 // 3 + 4)
    name: str = Field(default="", max_length=255)

    def article(self) -> bytes:
        """Return the article; empty if there is none.

        Raises:
            InputError: if the file is not in base64.
        """
        try:
            return b64decode(self.file, validate=True) if self.file else self.text.strip().encode("utf-8", "replace")
        except ValueError:
            raise InputError(message("the file did not arrive whole"), remedy=message("choose it again")) from None


class Copy(Body):
    """The folder of a copy."""

    folder: str = Field(max_length=255)


class Other(Body):
    """Another case to open, by its file as listed."""

    file: str = Field(max_length=4096)


def routes(opened: Opened) -> list[Route]:
    """Return the requests for new cases and other ones."""

    def cases() -> dict[str, Any]:
        # imported where it is used, so that the page appears at once
        from tocsin.workbench.folders import listed, taken

        offered = listed(opened.home, opened.desk.file, opened.language)
        return {"home": str(opened.home), "taken": taken(opened.home), "cases": offered}

    async def shown(write: Callable[[], Path]) -> Response:
        """Show the case that a function gives, in place of the open one."""
        file = await run_in_threadpool(write)
        await opened.show(file)
        return JSONResponse({"file": str(file)})

    async def new(request: Request) -> Response:
        wanted = await read_body(New, request)
        return await shown(lambda: _new_case(opened, wanted))

    async def copy(request: Request) -> Response:
        wanted = await read_body(Copy, request)
        return await shown(lambda: _copy(opened, wanted))

    async def other(request: Request) -> Response:
        wanted = await read_body(Other, request)
        return await shown(lambda: _listed_file(cases(), wanted.file))

    return [
        get_route("/api/cases", cases),
        Route("/api/new", new, methods=["POST"]),
        Route("/api/copy", copy, methods=["POST"]),
        Route("/api/open", other, methods=["POST"]),
    ]


def _new_case(opened: Opened, wanted: New) -> Path:
    from tocsin.workbench.folders import blank, drafted, new_folder

    folder, article = new_folder(opened.home, wanted.folder), wanted.article()
    if wanted.name and not article:
        raise InputError(
            message("The file {name} is empty.", name=wanted.name),
            remedy=message("Choose a file with the text of the article."),
        )
    if not article:
        return blank(folder, wanted.title, wanted.day, opened.language)
    return drafted(folder, article, wanted.name or "the pasted article", wanted.title, wanted.day)


def _copy(opened: Opened, wanted: Copy) -> Path:
    from tocsin.workbench.folders import copied, new_folder

    return copied(new_folder(opened.home, wanted.folder), opened.desk.file.parent)


def _listed_file(cases: dict[str, Any], file: str) -> Path:
    """Return a listed file: a page cannot open any other."""
    if file not in (case["file"] for case in cases["cases"]):
        raise InputError(message("this case is no longer there"), file=file, remedy=message("open the panel again"))
    return Path(file)


WORDS = (
    template("Your own case"),
    template("A new case"),
    template(
        "An article in English is read. One in Korean or Japanese is split into sentences, and you choose the claims."
    ),
    template(
        "Paste the article that makes the argument, or open its file. Leave both empty to begin without an article."
    ),
    template("Or its file: text, Markdown, HTML, Word or PDF"),
    template("The article stays on this machine. The case stores at most twelve words of each sentence."),
    template("Folder name"),
    template("The case is written to {path}"),
    template("Make the case"),
    template("Making the case …"),
    template("Open another case"),
    template("A run that is under way ends when you open another case."),
    template("Cases that come with the program"),
    template("Your cases"),
    template("There are no other cases in {path}."),
    template("Make a copy that you can change"),
    template("Make the copy"),
    template("The file has more than {count} MB."),
    template("The file cannot be read."),
)
SCREEN = Screen(WORDS, routes)
