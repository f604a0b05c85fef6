"""Typing rules of the test language: names must exist and units must fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from tocsin.case.dated import day_of
from tocsin.case.game_blocks import DatedGame
from tocsin.case.nodes import (
    Call,
    Day,
    Fact,
    FirstOf,
    Input,
    Name,
    Node,
    Number,
    Probability,
    Series,
    Text,
    Threshold,
    Truth,
    Unary,
    with_leaves,
    year_offset,
)
from tocsin.case.published import PUBLISHED, gives
from tocsin.case.quantities import QUANTITIES
from tocsin.case.series import years_known
from tocsin.case.typing_facts import bare_name, check_register, events_of, unit_of_series
from tocsin.case.typing_operations import must_be_number, must_be_truth, unit_of_operation
from tocsin.case.units import (
    BOOL,
    DATE,
    ONE,
    TEXT,
    Unit,
    parse_unit,
)
from tocsin.case.values import Value, unit_of
from tocsin.errors import InputError, did_you_mean
from tocsin.translation import either, in_commas, message, template

if TYPE_CHECKING:
    from tocsin.case.game_blocks import Theatre
    from tocsin.case.schema import JoinedCase


def unit_of_node(node: Node, case: JoinedCase, values: Mapping[str, Value], threshold: Unit | None) -> Unit:
    """Return the unit of a test, which must be `BOOL` for the whole test of a claim.

    Args:
        node: a test with resolved theatres.
        case: the case whose names it uses.
        values: values of the facts that parse.
        threshold: unit of the claim's threshold; None if it has none.

    Raises:
        InputError: with `column`, for an unknown name, incompatible units or a misplaced word.
    """
    if isinstance(node, Number):
        return node.unit
    if isinstance(node, (Day, Truth)):
        return DATE if isinstance(node, Day) else BOOL
    if isinstance(node, Threshold):
        return _threshold(node, threshold)
    if isinstance(node, Text):
        return TEXT
    if isinstance(node, Name):
        raise bare_name(node, case)
    if isinstance(node, Fact):
        return _fact(node, case, values)
    if isinstance(node, Series):
        return unit_of_series(node, case, values)
    if isinstance(node, FirstOf):
        check_register(node, case, values)
        return DATE
    if isinstance(node, Input):
        _needs_beliefs(message(_UNCERTAIN, name=node.name), node, case)
        _known(message("belief"), node.name, case.beliefs, node.column)
        return parse_unit(case.beliefs[node.name].unit)
    if isinstance(node, Call):
        return _call(node, case)
    if isinstance(node, Probability):
        _needs_beliefs(message(_UNCERTAIN_SHARE), node, case)
        must_be_truth(unit_of_node(node.x, case, values, threshold), node, "P(...)")
        return ONE
    if isinstance(node, Unary):
        return _unary(node, unit_of_node(node.x, case, values, threshold))
    return unit_of_operation(node, case, lambda part: unit_of_node(part, case, values, threshold))


def _known(what: str, name: str, known: Iterable[str], column: int) -> None:
    if name not in known:
        raise InputError(
            message("unknown {what} `{name}`", what=what, name=name), column=column, remedy=did_you_mean(name, known)
        )


_UNCERTAIN = template("`input({name})` reads uncertain inputs, and the case has no `beliefs`")
_UNCERTAIN_SHARE = template("`P(...)`, a share of worlds, reads uncertain inputs, and the case has no `beliefs`")


def _needs_beliefs(wrong: str, node: Node, case: JoinedCase) -> None:
    if not case.beliefs:
        raise InputError(
            wrong,
            column=node.column,
            remedy=message("test it with facts, add the input under `beliefs`, or write `untested` and why"),
        )


def _threshold(node: Threshold, unit: Unit | None) -> Unit:
    if unit is None:
        raise InputError(
            message("the test reads `threshold` but the claim has none"),
            column=node.column,
            remedy=message("add threshold: {{values: [...], central: ..., unit: ...}} to the claim"),
        )
    return unit


def _fact(node: Fact, case: JoinedCase, values: Mapping[str, Value]) -> Unit:
    if node.id not in case.facts and node.id in case.outcomes:
        raise InputError(
            message("`{name}` is an outcome, which no test can read", name=node.id),
            column=node.column,
            remedy=message("name a fact: a test reads only what was known at as_of"),
        )
    _known(message("fact"), node.id, case.facts, node.column)
    if node.id not in values:
        raise InputError(
            message("fact `{name}` has no valid value", name=node.id),
            column=node.column,
            remedy=message("correct the fact"),
        )
    return unit_of(values[node.id])


def _unary(node: Unary, unit: Unit) -> Unit:
    if node.op == "not":
        must_be_truth(unit, node, "`not`")
        return BOOL
    must_be_number(unit, node, f"`{node.op}`")
    return unit


def _call(call: Call, case: JoinedCase) -> Unit:
    kind = QUANTITIES[call.name]
    if call.published is not None:
        return _published(call, case)
    theatre = case.theatres[str(call.theatre)]
    if call.alike is not None:
        _known(message("group of `alike`"), call.alike, case.alike, call.column)
    _actor(call, theatre, case)
    if call.regime is not None:
        _known(message("regime"), call.regime, theatre.regimes, call.column)
    if call.year is not None:
        _year(call, theatre, case)
        _milestone(call, theatre, case)
    if kind.events != "none":
        _events(call, case)
    return kind.unit


def _published(call: Call, case: JoinedCase) -> Unit:
    name, result = str(call.published), str(call.result)
    _known(message("published game"), name, case.published, call.column)
    if call.theatre or call.alike:
        raise InputError(
            message("`published` has no theatre or group"), column=call.column, remedy=message("leave out in and alike")
        )
    if case.published[name].model in PUBLISHED and not gives(case, name, result):
        raise InputError(
            message("`{name}` has no result `{result}`", name=name, result=result),
            column=call.column,
            remedy=did_you_mean(result, PUBLISHED[case.published[name].model].results),
        )
    return ONE


def resolved(node: Node, case: JoinedCase, threshold: Unit | None = None, at: date | None = None) -> Node:
    """Return a test with what the case adds to it.

    Every quantity names its theatre (see `theatre_of`), and a single name in a call may be that of an actor. Threshold and beliefs have
    their units, and series and registers list their facts. `at` is the day of which the claim speaks, if it is not `as_of`.
    """

    def change(leaf: Node) -> Node:
        if isinstance(leaf, Call):
            call = _with_actor(leaf, case)
            return replace(call, theatre=theatre_of(call, case, at))
        if isinstance(leaf, Input) and leaf.name in case.beliefs:
            return replace(leaf, unit=parse_unit(case.beliefs[leaf.name].unit))
        if isinstance(leaf, Series):
            return replace(leaf, known=years_known(case.facts, leaf.key, leaf.first, leaf.last))
        if isinstance(leaf, FirstOf):
            return replace(leaf, known=events_of(leaf, case))
        return replace(leaf, unit=threshold) if isinstance(leaf, Threshold) and threshold is not None else leaf

    return with_leaves(node, change)


def _with_actor(call: Call, case: JoinedCase) -> Call:
    """Return a call such as `risk(PRK)`, whose only name is that of an actor, with its actor and no events; no event has that name."""
    if not QUANTITIES[call.name].optional or call.actor is not None or len(call.events) != 1:
        return call
    (name,) = call.events
    return replace(call, actor=name, events=()) if name in case.actors else call


def theatre_of(call: Call, case: JoinedCase, at: date | None = None) -> str | None:
    """Return the theatre of a call; None for a published game.

    `in` names the theatre. Without it, a quantity of the challenger belongs to the first theatre that its actor challenges.
    Every other quantity, and one without an actor, belongs to the main theatre. A claim about an earlier day reads the theatre of that
    day which is like the one so found.

    Raises:
        InputError: if the case has no theatre of that name, or none at all.
    """
    rule = QUANTITIES[call.name].theatre
    if not case.theatres:
        raise InputError(
            message("`{name}` reads a game, and the case has no `theatres`", name=call.name),
            column=call.column,
            remedy=message("test it with facts, add a game (see `tocsin new`), or write `untested` and why"),
        )
    if call.theatre is not None:
        _known(message("theatre"), call.theatre, case.theatres, call.column)
        return _on_day(call, case, call.theatre, at)
    if rule == "none":
        return None
    if rule == "challenged":
        for name, theatre in case.theatres.items():
            if theatre.challenger == call.actor and not isinstance(theatre, DatedGame):
                return _on_day(call, case, name, at)
    return _on_day(call, case, case.main, at)


def _on_day(call: Call, case: JoinedCase, theatre: str, at: date | None) -> str:
    """Return the theatre of a day that is like another; that one itself if no day is given, or if it has a day of its own."""
    if at is None or isinstance(case.theatres[theatre], DatedGame):
        return theatre
    for name, other in case.theatres.items():
        if isinstance(other, DatedGame) and (other.like, other.at) == (theatre, at):
            return name
    raise InputError(
        message("no theatre is like `{theatre}` at {at}", theatre=theatre, at=str(at)),
        column=call.column,
        remedy=message(
            "add to `theatres`: `{theatre}_{year}: {{like: {theatre}, at: {at}}}`",
            theatre=theatre,
            year=at.year,
            at=str(at),
        ),
    )


def actors_for(quantity: str, theatre: Theatre) -> tuple[str, ...]:
    """Return the actors of a theatre for which a quantity is defined."""
    allowed: dict[str, tuple[str, ...]] = {
        "challenger": (theatre.challenger,),
        "protectors": theatre.protectors,
        "defenders": (*theatre.protectors, theatre.target),
        "helpers": (*theatre.protectors, *theatre.backers),
        "players": (theatre.challenger, theatre.target, *theatre.protectors, *theatre.backers),
    }
    return tuple(dict.fromkeys(allowed[QUANTITIES[quantity].who]))


_NO_ACTOR = message("name another quantity: the theatre has no such actor")


def _actor(call: Call, theatre: Theatre, case: JoinedCase) -> None:
    if call.actor is None:
        return
    _known(message("actor"), call.actor, case.actors, call.column)
    names = actors_for(call.name, theatre)
    if call.actor not in names:
        others = [name for name, other in case.theatres.items() if call.actor in actors_for(call.name, other)]
        remedy = message("name {names}", names=either(names)) if names else _NO_ACTOR
        if others:
            remedy = message("write `in {theatre}` after the events, or {remedy}", theatre=others[0], remedy=remedy)
        raise InputError(
            message(
                "`{name}` is not defined for `{actor}` in theatre `{theatre}`",
                name=call.name,
                actor=call.actor,
                theatre=str(call.theatre),
            ),
            column=call.column,
            remedy=remedy,
        )


def _year(call: Call, theatre: Theatre, case: JoinedCase) -> None:
    day = day_of(case, str(call.theatre))
    offset = year_offset(call.year or 0, day)
    first = QUANTITIES[call.name].first_year or 0
    if not first <= offset <= theatre.horizon:
        raise InputError(
            message("year {year} is outside the horizon", year=str(call.year)),
            column=call.column,
            remedy=message(
                "write {first} to {horizon}, or {begin} to {end}",
                first=first,
                horizon=theatre.horizon,
                begin=day.year + first,
                end=day.year + theatre.horizon,
            ),
        )


def _milestone(call: Call, theatre: Theatre, case: JoinedCase) -> None:
    offset = year_offset(call.year or 0, day_of(case, str(call.theatre)))
    if QUANTITIES[call.name].milestones and offset not in theatre.report_years:
        raise InputError(
            message("`{name}` is not computed for year {year}", name=call.name, year=str(call.year)),
            column=call.column,
            remedy=message(
                "ask for year {years}, or add it to the theatre's `milestones`",
                years=in_commas(map(str, theatre.report_years)),
            ),
        )


def _events(call: Call, case: JoinedCase) -> None:
    for names in (call.events, call.given):
        taken: dict[str, str] = {}
        for name in names:
            _known(message("event"), name, case.events, call.column)
            for key in case.events[name].changes:
                if key in taken:
                    raise InputError(
                        message("events `{other}` and `{name}` both set {key}", other=taken[key], name=name, key=key),
                        column=call.column,
                        remedy=message("name only one of them, or put one after `|`"),
                    )
                taken[key] = name
    if QUANTITIES[call.name].events == "required" and not call.events:
        raise InputError(
            message("`{name}` without an event is always 0", name=call.name),
            column=call.column,
            remedy=message("name an event: {names}", names=_some(case)),
        )


def _some(case: JoinedCase) -> str:
    return in_commas(list(case.events)[:6]) or message("none is defined")
