"""The screen of actors: who wants change, from whom, who stands by, and the game drawn beside."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.adding_game import Aim, Players
from tocsin.workbench.body import Body
from tocsin.workbench.opened import Opened, Screen, View, case_after, get_route, picture, read_body

Name = Annotated[str, Field(min_length=1, max_length=80)]


class NewGame(Body):
    """A game to add to the version of the case file that the reader saw."""

    base: str
    challenger: Name
    target: Name
    protectors: list[Name] = Field(max_length=3)
    backers: list[Name] = Field(max_length=3)
    aim: str = Field(min_length=1, max_length=500)
    levels: int = Field(ge=1, le=8)
    horizon: int = Field(ge=1, le=100)


def routes(opened: Opened) -> list[Route]:
    """Return the requests for the games and their drawings."""
    desk, language = opened.desk, opened.language

    def games() -> View:
        # imported where it is used, so that the page appears before the case is read
        from tocsin.workbench.screens.game_views import games_view

        return games_view(desk, language)

    def fan() -> str | None:
        from tocsin.workbench.screens.game_views import fan_svg

        return fan_svg(desk, language)

    async def fan_picture(_request: Request) -> Response:
        return await picture(fan)

    async def new_game(request: Request) -> Response:
        wanted = await read_body(NewGame, request)
        players = Players(wanted.challenger, wanted.target, wanted.protectors, wanted.backers)
        aim = Aim(wanted.aim, wanted.levels, wanted.horizon)
        draft = await opened.adding.add(desk, wanted.base, players, aim)
        return await case_after(opened, lambda: draft)

    return [
        get_route("/api/games", games),
        Route("/api/games", new_game, methods=["POST"]),
        Route("/api/fan.svg", fan_picture),
    ]


WORDS = (
    template(
        "A condition is an alignment (with whom a state stands), a posture (what its force may lawfully do) or a treaty (whether a promise to help is in force)."
    ),
    template(
        "A number, or a range such as lognormal(8 to 16). Leave the spending empty if the table of spending has it."
    ),
    template("Actors"),
    template("Add a condition"),
    template("Add an actor"),
    template("Add to: {list}"),
    template("Aim"),
    template("Attack"),
    template("Backer"),
    template("Challenger"),
    template("Chances are those of the run that came with the program."),
    template("Chances are those of the run {run} of {day}."),
    template("Colour"),
    template("Condemn"),
    template("Conditions that can change"),
    template("Conditions that can change here"),
    template("Currency"),
    template("End"),
    template("Ends on, unless renewed"),
    template("Firm state"),
    template("From whom"),
    template("Hold"),
    template("How likely each end is within {count} year, by type of challenger"),
    template("How likely each end is within {count} years, by type of challenger"),
    template("Influence"),
    template("It has no role in a game."),
    template("Its arms come from"),
    template("Its bases are in"),
    template("Loose state"),
    template("Loosened by"),
    template("Made firmer by"),
    template("Military spending, bn USD a year"),
    template("Move {name} up"),
    template("Name"),
    template("Now"),
    template("Number of the state (COW)"),
    template("Press"),
    template("Protector"),
    template("Role"),
    template("Run the case to see how likely each end is."),
    template("Short name, such as BET"),
    template("Soldiers"),
    template("Steps taken already"),
    template("Steps to the aim"),
    template("The actors"),
    template("The chance of pressure rests on"),
    template("The game is being drawn …"),
    template("The game is drawn when the case has no errors."),
    template("The game of theatre {like} on an earlier day."),
    template("The order of moves in a year"),
    template("Theatre {name}"),
    template(
        "This case has no game: facts decide its claims. A game lets claims say what would follow from an event: that somebody loses by it, is deterred, or goes to war."
    ),
    template("What it can do"),
    template("When"),
    template("Who"),
    template("Who may defend the target, in the order in which they decide"),
    template("Who may support the challenger, in the order in which they decide"),
    template("Who wants change"),
    template("Whose"),
    template("Years reported"),
    template("alignment"),
    template("no actor"),
    template("nobody else"),
    template("none yet"),
    template("payoffs and record"),
    template("posture"),
    template("treaty"),
    template("the record of the past"),
    template("{name} has such a condition already."),
    template("{role} in {theatre}"),
    template("Bases and arms"),
    template("{count} other belief about it"),
    template("{count} other beliefs about it"),
    template("Add a game"),
    template("Add a promise"),
    template("Add a theatre as it was on an earlier day"),
    template("Add it"),
    template("Day: YYYY-MM-DD"),
    template("Every other promise always binds. Where one does not bind, standing aside costs nothing."),
    template("It binds only if all these stand in too"),
    template("It binds only if one of these stands in"),
    template("It binds when"),
    template("It binds when (none: always)"),
    template("Promise {number}"),
    template("Remove promise {number}"),
    template("Short name, such as in_1994"),
    template("To whom"),
    template("To whom the promise is made"),
    template("Who promised help"),
    template("Further years to report, counted from now (empty: every fifth)"),
    template("a defender strikes first"),
    template("not stated"),
    template("the challenger attacks, or war comes by mistake"),
    template("the target resists pressure"),
    template("{count} promise of help that binds on some occasions only"),
    template("{count} promises of help that bind on some occasions only"),
    template("The aim in plain words"),
    template("Steps to the aim, 1 to 8"),
    template("Years reported, 1 to 100"),
    template(
        "Name states, such as Russia or RUS, or short names of your own in capitals. Without helpers, defence pacts propose them; write nobody for none."
    ),
    template("The game is being added …"),
    template("Who may defend the target, with commas between them"),
    template("Who may support the challenger, with commas between them"),
    template("Types of challenger"),
    template(
        "A revisionist wants the aim itself; another type wants it less, for instance because it seeks security. Results are pooled by weight."
    ),
    template("The case states none, so a revisionist and one that seeks security count equally."),
    template("Weight"),
    template(
        "A placeholder: nobody has judged it. Exports say draft until you replace it and say who judged it and why."
    ),
)
SCREEN = Screen(WORDS, routes, key="actors")
