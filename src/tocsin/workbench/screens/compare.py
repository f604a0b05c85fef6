"""The screen of comparison: the case, its variants, stored runs and other cases side by side; and new variants."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.body import Body
from tocsin.workbench.opened import Opened, Screen, View, get_route, post_route, read_body

Key = Annotated[str, Field(min_length=1, max_length=300)]
Value = Annotated[str, Field(min_length=1, max_length=300)]


class Comparing(Body):
    """The keys of what to compare, see `compare_views`."""

    items: list[Key] = Field(min_length=2, max_length=6)

    @field_validator("items")
    @classmethod
    def _each_once(cls, items: list[str]) -> list[str]:
        if len(set(items)) < len(items):
            raise ValueError("an item is chosen twice")
        return items


class Settings(Body):
    """Inputs of a new variant with their values, as for `--set`."""

    set: dict[Key, Value] = Field(min_length=1, max_length=40)


def routes(opened: Opened) -> list[Route]:
    """Return the requests for comparisons."""
    background, desk = opened.background, opened.desk

    def shown() -> View:
        from tocsin.workbench.screens.compare_views import items_view

        return {"items": items_view(desk, opened.language), "result": background.results.get("compare")}

    async def start(request: Request) -> Response:
        wanted = await read_body(Comparing, request)
        background.start("compare", {"items": wanted.items, "language": opened.language})
        return JSONResponse({})

    def check(settings: Settings) -> View:
        from tocsin.workbench.screens.compare_views import check_variant

        check_variant(desk, settings.set)
        return {}

    return [
        get_route("/api/compare", shown),
        Route("/api/compare", start, methods=["POST"]),
        post_route("/api/compare/variant", Settings, check),
    ]


WORDS = (
    template("Compare"),
    template("What to compare"),
    template("The items are being read …"),
    template("Choose two to six. Differences are from the first one in this list."),
    template("{name}: the case as it stands"),
    template("{name}: a variant"),
    template("{name}: a run of {day}"),
    template("{name}: another case"),
    template("Compare the chosen items"),
    template("Comparison"),
    template("Order"),
    template("Different verdicts first"),
    template("Largest difference first"),
    template("By name"),
    template("Only those that differ"),
    template("another verdict"),
    template("more than chance"),
    template("not in this case"),
    template("no more than chance"),
    template("the same verdict"),
    template("{points} points"),
    template("Probability, 0 to 100 %"),
    template("What differs and bears on it: {inputs}"),
    template(
        "A dot for each item, with its number; a line spans one standard error on either side. The dashed line is item 1."
    ),
    template("New variant"),
    template("Name of the variant"),
    template("Input {number}"),
    template("Value {number}"),
    template("One more input"),
    template("Reason for the variant"),
    template("Write it into the case"),
    template("The variant {name} is in the case."),
    template("A variant of this name is in the case already."),
    template("Write a name of small letters, digits and underscores."),
)
SCREEN = Screen(WORDS, routes, key="compare")
