"""The screen of runs: the stored runs of the case, their notes, what differs between two, and which are removed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.body import Body
from tocsin.workbench.opened import Opened, Screen, View, get_route, post_route, read_body

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Chosen(Body):
    """A stored run."""

    run: Hash


class Noted(Body):
    """A stored run with its new note."""

    run: Hash
    note: str = Field(max_length=1000)


class Pair(Body):
    """Two stored runs."""

    before: Hash
    after: Hash


class Pruning(Body):
    """Which runs may go: older than so many days, and not among so many newest; and whether they really go."""

    days: int | None = Field(ge=0, le=36_500)
    keep: int | None = Field(ge=1, le=100_000)
    dry: bool


def routes(opened: Opened) -> list[Route]:
    """Return the requests for stored runs."""
    return [*_readings(opened), *_changes(opened)]


def _readings(opened: Opened) -> list[Route]:
    desk, background, language = opened.desk, opened.background, opened.language

    def runs() -> View:
        from tocsin.workbench.screens.runs_views import runs_view

        return {**runs_view(desk, language), "verified": background.results.get("verify")}

    def diff(pair: Pair) -> View:
        from tocsin.workbench.screens.runs_views import diff_view

        return diff_view(desk, pair.before, pair.after, language)

    def full_name(digits: str) -> str:
        from tocsin.workbench.screens.runs_views import named

        run = named(desk, digits)
        return f"{run.case}@{run.hash}"

    async def verify(request: Request) -> Response:
        wanted = await read_body(Chosen, request)
        background.start("verify", {"run": await run_in_threadpool(full_name, wanted.run), "language": language})
        return JSONResponse({})

    return [
        get_route("/api/runs", runs),
        post_route("/api/runs/diff", Pair, diff),
        Route("/api/runs/verify", verify, methods=["POST"]),
    ]


def _changes(opened: Opened) -> list[Route]:
    desk = opened.desk

    def note(wanted: Noted) -> View:
        from tocsin.workbench.screens.runs_views import noted

        noted(desk, wanted.run, wanted.note)
        return {}

    def remove(wanted: Chosen) -> View:
        from tocsin.workbench.screens.runs_views import removed

        removed(desk, wanted.run)
        return {}

    def prune(wanted: Pruning) -> View:
        from tocsin.workbench.screens.runs_views import pruned

        return pruned(desk, wanted.days, wanted.keep, dry_run=wanted.dry)

    return [
        post_route("/api/runs/note", Noted, note),
        post_route("/api/runs/remove", Chosen, remove),
        post_route("/api/runs/prune", Pruning, prune),
    ]


WORDS = (
    template("Runs"),
    template("No run of this case is stored yet. Run it on the screen of verdicts."),
    template(
        "This case has the id {id}, because runs of an earlier case with the id {earlier} are stored. They stay as they are, and are not shown here."
    ),
    template("The stored runs are being read …"),
    template("Run"),
    template("Day"),
    template("Seed"),
    template("Worlds drawn"),
    template("Settings"),
    template("Show its verdicts"),
    template("Verify"),
    template("Note of {run}"),
    template("Show the verdicts of {run}"),
    template("Verify {run}"),
    template("Remove {run}"),
    template("This run is damaged or from another version: {file}"),
    template("What changed between two runs"),
    template("From"),
    template("To"),
    template("{run} of {day}"),
    template("Show what changed"),
    template("What differs in them"),
    template("Claims that differ"),
    template("What changed"),
    template("What can have done it"),
    template("Causes are inferred from what the tests can read. Nothing was run again."),
    template("Quantities that differ"),
    template("Verification of {run}"),
    template("The numbers are the same."),
    template("The numbers differ."),
    template("Remove this run?"),
    template("Remove these runs?"),
    template("It cannot be brought back."),
    template("They cannot be brought back."),
    template("Cancel"),
    template("Remove old runs"),
    template("Older than (days)"),
    template("Keep the newest"),
    template("Show which would go"),
    template("No run would go."),
    template("Runs with a note that stay: {count}"),
)
SCREEN = Screen(WORDS, routes, key="runs")
