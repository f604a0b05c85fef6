"""The part of the screen of beliefs that writes them: three points, shapes, words of likelihood, evidence, defaults."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.body import Body
from tocsin.workbench.opened import Opened, View, get_route, post_route

Number = Annotated[float, Field(ge=-1e18, le=1e18, allow_inf_nan=False)]


class Points(Body):
    """Points of a belief.

    Attributes:
        points: below which 5 %, 50 % and 95 % of worlds are to lie; without a middle the shape gives it.
        bounds: smallest and largest admissible value.
        family: of the distribution as it stands; empty if there is none.
    """

    points: tuple[Number, Number | None, Number]
    bounds: tuple[Number, Number]
    family: str = Field(default="", max_length=20)


def routes(opened: Opened) -> list[Route]:
    """Return the requests for what stands beside beliefs. What reads a case is imported where it is used."""

    def beside() -> View:
        from tocsin.workbench.screens.belief_views import beliefs_view

        return beliefs_view(opened.desk, opened.language)

    def shapes(points: Points) -> View:
        from tocsin.workbench.screens.belief_views import shapes_view

        return shapes_view(points)

    return [get_route("/api/beliefs", beside), post_route("/api/beliefs/shapes", Points, shapes)]


WORDS = (
    template("Add a belief"),
    template("50 % point"),
    template("Add {name} as {written}"),
    template("In words"),
    template("Input"),
    template("It is a default of the program. An edit writes it into the case."),
    template("It is judged without a reason of its own."),
    template("It is judged."),
    template("It rests on evidence."),
    template("It still has the template's text."),
    template("No shape has all three points. Choose one: the first comes nearest to the middle."),
    template("Open the source"),
    template("Reset to the default {written}"),
    template(
        "The 5 % and 95 % points decide a shape: the middle of this one is {middle}, not {typed}. Choose another shape for another middle."
    ),
    template("Shape"),
    template("The 50 % point must lie between the 5 % point and the 95 % point."),
    template("The fact {key} gives it: {value} ({date})"),
    template("This input lies between {low} and {high}."),
    template("Unit {unit}, between {low} and {high}"),
    template("{shape}, middle {middle}"),
    template("The estimate's 5 %, 50 % and 95 % points: {low}, {middle}, {high}"),
    template("{words} ({low} to {high} %)"),
    template("{text} is not a number. Write it in digits, such as 0.5 or 12."),
)
