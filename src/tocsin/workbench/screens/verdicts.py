"""The screen of verdicts: the last run, and a run in the background."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.opened import Opened, Screen, View, answered
from tocsin.workbench.saying import said


def routes(opened: Opened) -> list[Route]:
    """Return the requests for verdicts and runs."""
    background = opened.background

    async def verdicts(request: Request) -> Response:
        wanted = request.query_params.get("run", "")

        def shown() -> View:
            # imported where it is used, so that the page appears before the case is read
            from tocsin.workbench.screens.verdict_views import verdicts_view

            return verdicts_view(opened.desk, opened.language, wanted)

        return await answered(shown)

    async def run(_request: Request) -> Response:
        background.start("assess")
        return JSONResponse({})

    async def stop(_request: Request) -> Response:
        background.stop()
        return JSONResponse({})

    async def events() -> AsyncIterator[str]:
        async for progress in background.follow():
            yield f"data: {json.dumps(said(asdict(progress), opened.translator))}\n\n"

    async def progress(_request: Request) -> Response:
        return StreamingResponse(events(), media_type="text/event-stream")

    return [
        Route("/api/verdicts", verdicts),
        Route("/api/run", run, methods=["POST"]),
        Route("/api/stop", stop, methods=["POST"]),
        Route("/api/progress", progress),
    ]


WORDS = (
    template("This case has not been run yet."),
    template("The verdicts are being read …"),
    template("Run the case"),
    template("The case has changed since this run."),
    template("This is a stored run, not the last one."),
    template("Show the last run"),
    template("Run {run} of {day}, {draws} draws, seed {seed}"),
    template(
        "These verdicts came with the program, version {version}: {draws} draws, seed {seed}. Run the case to compute them on this machine."
    ),
    template("Confidence"),
    template("Note"),
    template("How far to trust this run"),
    template("What would turn it"),
    template("Where it fails"),
    template("What moves it"),
    template("Facts read"),
    template("Probability by model"),
    template("Probability by threshold"),
    template("Model"),
    template("Threshold"),
    template("Central threshold: {means}"),
    template("The verdict turns at {thresholds}."),
    template("No threshold of the range turns the verdict."),
)
SCREEN = Screen(WORDS, routes, key="verdicts")
