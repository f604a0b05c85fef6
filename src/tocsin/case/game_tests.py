"""Show how a claim of a cause or a forecast could be tested in the game of a case."""

from __future__ import annotations

from collections.abc import Iterable

from tocsin.case.events import touches
from tocsin.case.schema import Case
from tocsin.translation import message, message_in

CAUSES = ("causal", "counterfactual")
FORECAST = "forecast"
GAME_KINDS = (*CAUSES, FORECAST)
"""Kinds of claims that a game may decide."""
YEARS = 5
"""Years after the day of the case in the example of a forecast, or the horizon if it is shorter."""


def example_of(case: Case, claims: Iterable[str]) -> str:
    """Return a sentence with a test for the first of some claims that a game can decide; empty if there is none.

    A case without a game gets where and how to add one.
    """
    key = next((key for key in claims if case.claims[key].kind in GAME_KINDS), None)
    if key is None:
        return ""
    kind = case.claims[key].kind
    says = message_in("claim", kind)
    if not case.theatres:
        return message(
            "a claim that is {kind}, such as {key}, needs a game: the workbench adds one on its screen Actors, as does `tocsin new` with this folder",
            kind=says,
            key=key,
        )
    test = _chance(case) if kind == FORECAST else _loss(case)
    if not test:
        return ""
    return message("{key} is {kind}: a test in this game is, for example, {test}", key=key, kind=says, test=test)


def _loss(case: Case) -> str:
    """Return a test of what an event costs the challenger; empty if no event changes a game."""
    for name, theatre in case.theatres.items():
        for event in case.events:
            if touches(case, case.events[event], name):
                call = f"loss_aim({theatre.challenger}, {event})"
                threshold = "{values: [0.01, 0.02], central: 0.02}"
                return message(
                    'holds: "{call} > threshold" with threshold: {threshold}', call=call, threshold=threshold
                )
    return ""


def _chance(case: Case) -> str:
    """Return the chance of war within some years; empty if the case has several games."""
    if len(case.theatres) > 1:
        return ""
    (horizon,) = (theatre.horizon for theatre in case.theatres.values())
    return f'chance: "p_war_by({case.as_of.year + min(YEARS, horizon)})"'
