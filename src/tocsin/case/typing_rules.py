"""The typing rules of the test language: names that exist, units that fit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tocsin.case.language import (
    WITHOUT_EVENTS,
    Binary,
    Call,
    Day,
    Fact,
    Input,
    Node,
    Number,
    Probability,
    Threshold,
    Truth,
    Unary,
    year_offset,
)
from tocsin.case.published import PUBLISHED, gives
from tocsin.case.units import (
    BOOL,
    DATE,
    NOT_NUMBERS,
    ONE,
    PER_YEAR,
    STRENGTH,
    Unit,
    parse_unit,
    parse_value,
    unit_of,
)
from tocsin.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from tocsin.case.schema import Case, Theatre

_NAMES = ((BOOL, "a truth"), (DATE, "a day"))
_ACTS = ("strength", "strength_at", "equal_rise")


def unit_of_node(node: Node, case: Case, threshold: Unit | None) -> Unit:
    """See `tocsin.case.language.check`."""
    if isinstance(node, Number):
        return node.unit
    if isinstance(node, (Day, Truth)):
        return DATE if isinstance(node, Day) else BOOL
    if isinstance(node, Threshold):
        return _threshold(node, threshold)
    if isinstance(node, Fact):
        return _fact(node, case)
    if isinstance(node, Input):
        _known("belief", node.name, case.beliefs, node.column)
        return parse_unit(case.beliefs[node.name].unit)
    if isinstance(node, Call):
        return _call(node, case)
    if isinstance(node, Probability):
        _must_be_truth(unit_of_node(node.x, case, threshold), node, "P(...)")
        return ONE
    if isinstance(node, Unary):
        return _unary(node, unit_of_node(node.x, case, threshold))
    a, b = unit_of_node(node.a, case, threshold), unit_of_node(node.b, case, threshold)
    return _binary(node, a, b)


def _say(unit: Unit) -> str:
    return next((words for known, words in _NAMES if known == unit), f"`{unit}`")


def _known(what: str, name: str, known: Iterable[str], column: int) -> None:
    if name not in known:
        raise InputError(f"unknown {what} `{name}`", column=column, remedy=did_you_mean(name, known))


def _threshold(node: Threshold, unit: Unit | None) -> Unit:
    if unit is None:
        raise InputError(
            "the test reads `threshold` but the claim has none",
            column=node.column,
            remedy="add threshold: {values: [...], central: ..., unit: ...} to the claim",
        )
    return unit


def _fact(node: Fact, case: Case) -> Unit:
    _known("fact", node.id, case.facts, node.column)
    fact = case.facts[node.id]
    unit = unit_of(parse_value(fact.value, fact.unit))
    if unit.powers == (("text", 1),):
        raise InputError(
            f"fact `{node.id}` is a text, which a test cannot read",
            column=node.column,
            remedy="give the fact a number, a day or a truth",
        )
    return unit


def _must_be_truth(unit: Unit, node: Node, where: str) -> None:
    if unit != BOOL:
        raise InputError(
            f"{where} needs a truth, not {_say(unit)}", column=node.column, remedy="compare it with something"
        )


def _must_be_number(unit: Unit, node: Node, where: str) -> None:
    if unit in NOT_NUMBERS:
        raise InputError(f"{where} needs numbers, not {_say(unit)}", column=node.column, remedy="compare it instead")


def _unary(node: Unary, unit: Unit) -> Unit:
    if node.op == "not":
        _must_be_truth(unit, node, "`not`")
        return BOOL
    _must_be_number(unit, node, f"`{node.op}`")
    return unit


def _binary(node: Binary, a: Unit, b: Unit) -> Unit:
    if node.op in ("and", "or"):
        _must_be_truth(a, node, f"`{node.op}`")
        _must_be_truth(b, node, f"`{node.op}`")
        return BOOL
    if node.op in ("+", "-", "*", "/"):
        _must_be_number(a, node, f"`{node.op}`")
        _must_be_number(b, node, f"`{node.op}`")
        if node.op in ("*", "/"):
            return a * b if node.op == "*" else a / b
        _must_be_alike(node, a, b)
        return a.base
    _must_be_alike(node, a, b)
    if a == BOOL and node.op not in ("==", "!="):
        raise InputError("truths have no order", column=node.column, remedy="write == or !=")
    return BOOL


def _must_be_alike(node: Binary, a: Unit, b: Unit) -> None:
    """Units must be of one kind; a bare 0 fits every number."""
    zero = any(isinstance(side, Number) and side.value == 0 and side.unit == ONE for side in (node.a, node.b))
    if not a.like(b) and not (zero and a not in NOT_NUMBERS and b not in NOT_NUMBERS):
        raise InputError(
            f"unlike units at `{node.op}`: {_say(a)} and {_say(b)}",
            column=node.column,
            remedy="compare like with like; give a bare number its unit",
        )


def _call(call: Call, case: Case) -> Unit:
    if call.published is not None:
        return _published(call, case)
    theatre = _theatre(call, case)
    if call.alike is not None:
        _known("group of `alike`", call.alike, case.alike, call.column)
    if call.type is not None:
        _known("type", call.type, case.types, call.column)
    _actor(call, theatre, case)
    if call.regime is not None:
        _known("regime", call.regime, theatre.regimes, call.column)
    if call.year is not None:
        _year(call, theatre, case)
        _told(call, theatre, case)
    if call.name not in WITHOUT_EVENTS:
        _events(call, case)
    if call.name in ("strength", "strength_at"):
        return STRENGTH
    return PER_YEAR if call.name == "hazard" else ONE


def _published(call: Call, case: Case) -> Unit:
    name, result = str(call.published), str(call.result)
    _known("published game", name, case.published, call.column)
    if call.theatre or call.type or call.alike:
        raise InputError(
            "`published` has no theatre, type or group", column=call.column, remedy="leave out in, type and alike"
        )
    if case.published[name].model in PUBLISHED and not gives(case, name, result):
        raise InputError(
            f"`{name}` has no result `{result}`",
            column=call.column,
            remedy=did_you_mean(result, PUBLISHED[case.published[name].model].results),
        )
    return ONE


def _theatre(call: Call, case: Case) -> Theatre:
    if call.theatre is not None:
        _known("theatre", call.theatre, case.theatres, call.column)
    return case.theatres[call.theatre or case.main]


def _actor(call: Call, theatre: Theatre, case: Case) -> None:
    if call.actor is None:
        return
    _known("actor", call.actor, case.actors, call.column)
    defenders = theatre.protectors
    allowed: tuple[str, ...] = (theatre.challenger,)
    if call.name in ("pillar", "pillar_by"):
        allowed = defenders
    elif call.name == "pillar_all":
        allowed = (*defenders, theatre.target)
    elif call.name in _ACTS:
        allowed = (theatre.challenger, theatre.target, *defenders, *theatre.backers)
    if call.actor not in allowed:
        raise InputError(
            f"`{call.name}` cannot be asked of `{call.actor}` in this theatre",
            column=call.column,
            remedy="name " + " or ".join(allowed),
        )


def _year(call: Call, theatre: Theatre, case: Case) -> None:
    offset = year_offset(call.year or 0, case.as_of)
    first = 0 if call.name == "strength_at" else 1
    if not first <= offset <= theatre.horizon:
        raise InputError(
            f"year {call.year} is outside the horizon",
            column=call.column,
            remedy=f"write {first} to {theatre.horizon}, or {case.as_of.year + first} to "
            f"{case.as_of.year + theatre.horizon}",
        )


def _told(call: Call, theatre: Theatre, case: Case) -> None:
    if call.name in ("risk_by", "pillar_by") and year_offset(call.year or 0, case.as_of) not in theatre.years_told:
        raise InputError(
            f"`{call.name}` is not told for year {call.year}",
            column=call.column,
            remedy=f"ask for year {', '.join(map(str, theatre.years_told))}, or add it to the theatre's `milestones`",
        )


def _events(call: Call, case: Case) -> None:
    for names in (call.events, call.given):
        taken: dict[str, str] = {}
        for name in names:
            _known("event", name, case.events, call.column)
            for key in case.events[name].set:
                if key in taken:
                    raise InputError(
                        f"events `{taken[key]}` and `{name}` both set {key}",
                        column=call.column,
                        remedy="name only one of them, or put one after `|`",
                    )
                taken[key] = name
    if call.name.startswith(("fear", "spiral", "equal_rise")) and not call.events:
        raise InputError(
            f"`{call.name}` of no event is always 0",
            column=call.column,
            remedy="name an event: " + _some(case),
        )


def _some(case: Case) -> str:
    return ", ".join(list(case.events)[:6]) or "none is defined"
