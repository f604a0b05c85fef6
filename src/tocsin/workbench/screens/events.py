"""The screen of events: what they change, when claims ask about them, and what they do by the last run."""

from __future__ import annotations

from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.opened import Opened, Screen, View, get_route


def routes(opened: Opened) -> list[Route]:
    """Return the request for the effects of events."""
    desk, language = opened.desk, opened.language

    def effects() -> View:
        # imported where it is used, so that the page appears before the case is read
        from tocsin.workbench.screens.event_views import events_view

        return events_view(desk, language)

    return [get_route("/api/effects", effects)]


WORDS = (
    template("A first strike at it"),
    template("Add a change"),
    template("Add the change"),
    template("Change the record of {theatre}"),
    template("First of these years"),
    template("Number of years"),
    template("Weight of a past year, 0 to 1"),
    template("Write a number of years, or the years themselves with commas between them."),
    template("Years that are only recalled"),
    template("Its value"),
    template("Add an event"),
    template("An event changes something in a game, and this case has no game."),
    template("By money, law and alliances"),
    template("Show it in the YAML"),
    template("Claims that ask about it: {count}"),
    template("Clashes"),
    template("Compared with: {change}"),
    template("Concessions"),
    template("Condition"),
    template("Control"),
    template("Cost, of all that deterrence costs"),
    template("Equal rise of the target's spending"),
    template("First step"),
    template("Since"),
    template("Go to the actors"),
    template("Its fall"),
    template("Name in pictures"),
    template("Record of {theatre}"),
    template("Run the case to see what its events do."),
    template("Short name, such as new_budget"),
    template("Spending of {name}, times"),
    template("Spending path of {name}"),
    template("State of {name}"),
    template("The effects are being read …"),
    template("The record of the past"),
    template("There is such an event already."),
    template("Wars"),
    template("What each event changes"),
    template("What each event does to the challenger, in the middle world and in nine worlds of ten"),
    template("What happens"),
    template("What it changes first"),
    template("Worlds in which it gains"),
    template("Years with pressure"),
    template("negative control: a measure must find no effect"),
    template("positive control: a measure must find the effect"),
    template("alliances"),
    template("law"),
    template("money"),
    template("no control"),
    template("other inputs"),
    template("{input}, times"),
    template("{count} year from {first}."),
    template("{count} years from {first}."),
)
SCREEN = Screen(WORDS, routes, key="events")
