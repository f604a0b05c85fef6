"""What events change in a theatre."""

from __future__ import annotations

from typing import Literal, TypeAlias

from tocsin.case.inputs import members, optional, required, resolve, split
from tocsin.case.schema import Event, JoinedCase
from tocsin.translation import key_words

REGIMES, SPENDING, SCALE, MULTIPLY = "regimes.", "spending.", "scale.", "multiply."
"""Prefixes of what an event changes: a regime's state, an actor's path of spending, the scale of its spending, a factor on an input."""


EventPart: TypeAlias = Literal["money", "law", "alliance", "other"]
"""A part of an event, by what it changes."""


def short_name(case: JoinedCase, event: str) -> str:
    """Return what pictures call an event: its `name`, else its key with spaces."""
    return case.events[event].name or key_words(event)


def touches(case: JoinedCase, event: Event, theatre: str) -> bool:
    """Return whether an event, or what it is compared with, sets an input of a theatre."""
    return any(_belongs(case, key, theatre) for key in (*event.changes, *event.against))


def moves(case: JoinedCase, event: Event, theatre: str) -> bool:
    """Return whether an event makes a theatre differ from the world with which the event is compared."""
    return bool(moved_keys(case, event, theatre))


def moved_keys(case: JoinedCase, event: Event, theatre: str) -> tuple[str, ...]:
    """Return the inputs of a theatre in which an event differs from the world with which it is compared."""
    return tuple(
        key
        for key in dict.fromkeys((*event.changes, *event.against))
        if _belongs(case, key, theatre)
        and event.changes.get(key, _now(case, key)) != event.against.get(key, _now(case, key))
    )


def part_of(case: JoinedCase, key: str) -> EventPart:
    """Return of which part of an event an input is: spending is money, a posture law, an alignment part of an alliance."""
    if key.startswith(REGIMES):
        return "alliance" if case.regimes[key.removeprefix(REGIMES)].kind == "alignment" else "law"
    return "money" if key.startswith((SPENDING, SCALE)) else "other"


def _belongs(case: JoinedCase, key: str, theatre: str) -> bool:
    head, _, name = key.partition(".")
    definition = case.theatres[theatre]
    if head == "multiply":
        return multiplied(case, name, theatre) is not None
    return name in definition.regimes if head == "regimes" else name in members(definition)


def multiplied(case: JoinedCase, name: str, theatre: str) -> str | None:
    """Return the belief of a theatre that an event multiplies; None if the theatre reads no such input."""
    head, named_theatre = split(name)
    if named_theatre not in (None, theatre) or head not in (*required(case, theatre), *optional(case, theatre)):
        return None
    return resolve(case, head, theatre)


def _now(case: JoinedCase, key: str) -> str | float | None:
    """Return the present state, path or scale of an input; None if the case has no such input."""
    head, _, name = key.partition(".")
    if head == "regimes":
        return case.regimes[name].now if name in case.regimes else None
    if head == "spending":
        paths = case.spending.paths if case.spending else {}
        return paths[name].now if name in paths else None
    return 1.0
