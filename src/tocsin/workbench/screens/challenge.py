"""The screen of challenges: what if the case is wrong about something?"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.body import Body
from tocsin.workbench.opened import Opened, Screen, View, get_route, read_body


class Challenged(Body):
    """The claims to challenge; none means all."""

    claims: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(max_length=1_000)


def routes(opened: Opened) -> list[Route]:
    """Return the requests for challenges."""
    background = opened.background

    def shown() -> View:
        from tocsin.workbench.screens.challenge_views import challenge_view

        return challenge_view(opened.desk, opened.language, background.results.get("challenge"))

    async def start(request: Request) -> Response:
        wanted = await read_body(Challenged, request)
        background.start("challenge", {"claims": wanted.claims})
        return JSONResponse({})

    return [get_route("/api/challenge", shown), Route("/api/challenge", start, methods=["POST"])]


WORDS = (
    template("Challenge"),
    template(
        "What if the case is wrong about something? A challenge changes what a claim rests on, one thing at a time."
    ),
    template("The challenges are being read …"),
    template("The result will not be stored: no run of the case as it stands is. Run the case first to keep it."),
    template("Claim to challenge"),
    template("All claims"),
    template("Challenge it"),
    template("No claim was challenged yet."),
    template("Challenged on {day}, seed {seed}"),
    template("The case has changed since this challenge."),
    template(
        "It is not stored, since no run of the case as it stands is stored. Run the case first, to keep the next one."
    ),
    template("It is not stored: {why}"),
    template("Change"),
    template("What it does"),
    template("Changes that turn the verdict or move the probability, the worst first"),
    template("Nothing that was tried changes it."),
    template("Nothing to challenge: it rests on nothing that a change can reach."),
    template("Controls"),
    template("Could not be tested"),
    template("Changes that do not matter: {count}"),
    template("Rival explanations"),
    template("Explanation"),
    template("the article’s own"),
    template("It bears on {claims}."),
    template("How probable readers with three priors hold each explanation after what was seen:"),
)
SCREEN = Screen(WORDS, routes, key="challenge")
