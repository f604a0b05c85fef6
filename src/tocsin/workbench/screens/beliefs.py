"""The screen of beliefs: a claim in focus, and what moved beliefs make of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.body import Body
from tocsin.workbench.opened import Opened, Screen, answered, read_body
from tocsin.workbench.saying import said
from tocsin.workbench.screens import belief_edits

Claim = Annotated[str, Field(min_length=1, max_length=100)]
Name = Annotated[str, Field(min_length=1, max_length=300)]
Value = Annotated[str, Field(min_length=1, max_length=2_000)]


class Focus(Body):
    """The claim to take into focus."""

    claim: Claim


class Move(Body):
    """Inputs to set, as for `--set`, and the claim that the reader sees."""

    claim: Claim
    set: dict[Name, Value] = Field(min_length=1, max_length=20)


def routes(opened: Opened) -> list[Route]:
    """Return the requests for the claim in focus."""
    hand = opened.hand

    async def focus(request: Request) -> Response:
        wanted = await read_body(Focus, request)
        draft = await run_in_threadpool(opened.desk.draft)
        await hand.focus(wanted.claim, draft.version)

        def stored() -> dict[str, Any]:
            from tocsin.workbench.screens.belief_views import stored_sketch

            return {"stored": stored_sketch(opened.desk, wanted.claim)}

        return await answered(stored)

    async def state(request: Request) -> Response:
        claim = request.query_params.get("claim", "")
        return JSONResponse({"claim": claim, **said(hand.state_of(claim), opened.translator)})

    async def answers(asked: Move) -> AsyncIterator[str]:
        async for answer in hand.ask(asked.claim, asked.set):
            yield json.dumps(said(answer, opened.translator)) + "\n"

    async def move(request: Request) -> Response:
        return StreamingResponse(answers(await read_body(Move, request)), media_type="application/x-ndjson")

    return [
        Route("/api/focus", focus, methods=["POST"]),
        Route("/api/hand", state),
        Route("/api/move", move, methods=["POST"]),
        *belief_edits.routes(opened),
    ]


WORDS = (
    template("Beliefs"),
    template("{found} of {count} belief"),
    template("{found} of {count} beliefs"),
    template("5 % of worlds lie below {low}, half below {middle}, 95 % below {high} ({unit})."),
    template("5 % of worlds lie below {low}, half below {middle}, 95 % below {high}."),
    template("Distribution"),
    template("Judged by"),
    template("Reason"),
    template("Claim in focus"),
    template("Choose a claim"),
    template("The games of this claim are being solved …"),
    template("No belief moves this claim by a game."),
    template("No figure: the measure would not have seen the effect in a control."),
    template("stands at {share} %"),
    template("about {share} % (± {error}, {worlds} worlds)"),
    template("too few worlds for a guess"),
    template("solved again in {worlds} worlds: {share} % (± {error})"),
    template("Solving again …"),
    template("Solving in more worlds …"),
    template("Reset all beliefs"),
    template("5 % point"),
    template("95 % point"),
    template("Save {written} in the case"),
    *belief_edits.WORDS,
)
SCREEN = Screen(WORDS, routes, key="beliefs")
