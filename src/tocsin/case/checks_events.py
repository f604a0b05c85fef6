"""Check the events of a case and its controls."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.case import language
from tocsin.case.events import moves, multiplied
from tocsin.case.problem import Problem, unknown
from tocsin.case.schema import RECORD, Event, JoinedCase
from tocsin.reading import Loc
from tocsin.translation import message


def event_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield the problems of the events: their names, and what they change."""
    reserved = {
        **dict.fromkeys(case.actors, message("an actor")),
        **dict.fromkeys(language.RESERVED, message("a word of the test language")),
    }
    for key, event in case.events.items():
        if key in reserved:
            yield Problem(
                ("events", key),
                message("event `{key}` has the name of {what}", key=key, what=reserved[key]),
                message("rename it"),
                at_key=True,
            )
        if not event.changes:
            wrong = message("event `{key}` changes nothing: it has neither `set` nor `scale` nor `multiply`", key=key)
            remedy = message("give it `set`, `scale: {{ACTOR: factor}}`, or `multiply: {{INPUT: factor}}`")
            yield Problem(("events", key), wrong, remedy, at_key=True)
        yield from _multiplied(case, key, event)
        for actor, factor in event.scale.items():
            loc: Loc = ("events", key, "scale", actor)
            if actor not in case.actors:
                yield unknown(loc, message("actor"), actor, case.actors, at_key=True)
            elif factor == 1:
                yield Problem(
                    loc,
                    message("event `{key}` multiplies `{actor}` by 1", key=key, actor=actor),
                    message("give another factor, or leave it out"),
                )
        for field, changes in (("set", event.set), ("against", event.against)):
            for name, choice in changes.items():
                yield from change_problems(case, ("events", key, field, name), name, choice)


def _multiplied(case: JoinedCase, key: str, event: Event) -> Iterator[Problem]:
    """Yield inputs that no game reads, or that an event multiplies by 1."""
    for name, factor in event.multiply.items():
        loc: Loc = ("events", key, "multiply", name)
        if case.theatres and not any(multiplied(case, name, theatre) for theatre in case.theatres):
            if name in case.beliefs:
                wrong = message("no game reads the input `{name}` that event `{key}` multiplies", name=name, key=key)
                yield Problem(loc, wrong, message("multiply an input of a game, or leave it out"), at_key=True)
            else:
                yield unknown(loc, message("input of a game"), name, case.beliefs, at_key=True)
        elif factor == 1:
            yield Problem(
                loc,
                message("event `{key}` multiplies `{name}` by 1", key=key, name=name),
                message("give another factor, or leave it out"),
            )


def change_problems(case: JoinedCase, loc: Loc, name: str, choice: str) -> Iterator[Problem]:
    """Yield the problems of setting `regimes.X` to a state or `spending.X` to a path."""
    head, _, rest = name.partition(".")
    if head == "regimes":
        regime = case.regimes.get(rest)
        if regime is None:
            yield unknown(loc, message("regime"), rest, case.regimes, at_key=True)
        elif choice not in (regime.firm, regime.loose):
            yield unknown(loc, message("state of `{name}`", name=rest), choice, (regime.firm, regime.loose))
    elif head == "spending":
        paths = case.spending.paths if case.spending is not None else {}
        if not paths:
            remedy = message("write `spending` with its paths first, or set a belief, a regime or a fact")
            yield Problem(loc, message("the case has no spending paths"), remedy, at_key=True)
        elif rest not in paths:
            yield unknown(loc, message("actor with spending paths"), rest, paths, at_key=True)
        elif choice not in (*paths[rest].options, RECORD):
            yield unknown(loc, message("spending path of {actor}", actor=rest), choice, (*paths[rest].options, RECORD))
    else:
        known = [f"regimes.{key}" for key in case.regimes]
        known += [f"spending.{key}" for key in (case.spending.paths if case.spending else ())]
        yield unknown(loc, message("input of an event"), name, known, at_key=True)


def control_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield the problems of the controls.

    A setting of the run may make a control's change the present state, so an idle control is a problem of the file alone.
    """
    listed = {"positive": case.controls.positive, "negative": case.controls.negative}
    for field, names in listed.items():
        for index, name in enumerate(names):
            loc: Loc = ("controls", field, index)
            if name not in case.events:
                yield unknown(loc, message("event"), name, case.events)
            elif name in names[:index]:
                yield Problem(
                    loc,
                    message("`{field}` lists event `{name}` twice", field=field, name=name),
                    message("name it once"),
                )
            elif field == "negative" and name in case.controls.positive:
                wrong = message("event `{name}` is both a positive and a negative control", name=name)
                yield Problem(loc, wrong, message("keep it in the list that it belongs to"))
            elif field == "positive" and not case.settings and not _moves_any(case, name):
                wrong = message("the positive control `{name}` changes nothing in any theatre", name=name)
                yield Problem(loc, wrong, message("name an event that a measure must see, or list it under `negative`"))


def _moves_any(case: JoinedCase, name: str) -> bool:
    return any(moves(case, case.events[name], theatre) for theatre in case.theatres)
