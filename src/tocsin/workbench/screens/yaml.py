"""The screen of the case file itself."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.body import Body
from tocsin.workbench.opened import Opened, Screen, View, case_after, get_route, read_body


class Rewrite(Body):
    """A whole new text for the version of the case file that the reader saw."""

    base: str
    text: str


def routes(opened: Opened) -> list[Route]:
    """Return the requests for the text of the case file."""
    desk = opened.desk

    def text() -> View:
        draft = desk.draft()
        return {"version": draft.version, "text": draft.text}

    async def rewrite(request: Request) -> Response:
        """Save a whole text, whether or not it is a case: as an editor would."""
        new = await read_body(Rewrite, request)
        return await case_after(opened, lambda: desk.edit(new.base, lambda _text: new.text))

    def schema() -> View:
        """Return the JSON Schema of case files, from which the editor completes."""
        # imported where it is used, so that the page appears before the case is read
        from tocsin.case.schema import case_json_schema

        return case_json_schema()

    return [
        get_route("/api/text", text),
        Route("/api/text", rewrite, methods=["POST"]),
        get_route("/api/schema", schema),
    ]


WORDS = (
    template("YAML"),
    template("Text of the case file"),
    template("The editor is loading …"),
)
SCREEN = Screen(WORDS, routes, key="yaml")
