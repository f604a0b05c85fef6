"""The screen of the case file itself."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.opened import Opened, Screen, answered, case_after, read_body


class Rewrite(BaseModel):
    """A whole new text for the version of the case file that the reader saw."""

    model_config = ConfigDict(extra="forbid", strict=True)

    base: str
    text: str


def routes(opened: Opened) -> list[Route]:
    """Return the requests for the text of the case file."""
    desk = opened.desk

    def text_view() -> dict[str, Any]:
        draft = desk.draft()
        return {"version": draft.version, "text": draft.text}

    async def text(_request: Request) -> Response:
        return await answered(text_view)

    async def rewrite(request: Request) -> Response:
        """Save a whole text, whether or not it is a case: as an editor would."""
        new = await read_body(Rewrite, request)
        return await case_after(opened, lambda: desk.edit(new.base, lambda _text: new.text))

    def described() -> dict[str, Any]:
        # imported where it is used, so that the page appears before the case is read
        from tocsin.case.schema import case_json_schema

        return case_json_schema()

    async def schema(_request: Request) -> Response:
        """Return the JSON Schema of case files, from which the editor completes."""
        return await answered(described)

    return [
        Route("/api/text", text),
        Route("/api/text", rewrite, methods=["POST"]),
        Route("/api/schema", schema),
    ]


WORDS = (
    template("YAML"),
    template("Text of the case file"),
    template("The editor is loading …"),
)
SCREEN = Screen(WORDS, routes, key="yaml")
