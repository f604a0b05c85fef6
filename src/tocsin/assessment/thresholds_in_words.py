"""Say in a reader's words what a threshold is: "a loss larger than a fiftieth of ..."."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, TypeAlias

from tocsin.assessment.amounts import with_unit
from tocsin.assessment.code_words import REGIME_WORDS
from tocsin.assessment.comparisons import ORDERS, Sum, difference
from tocsin.assessment.words import in_percent, plain
from tocsin.case.compiled import Test
from tocsin.case.dated import day_of
from tocsin.case.nodes import Binary, Call, Input, Node, Number, Threshold, uses_threshold, walk, year_offset
from tocsin.case.quantities import QUANTITIES
from tocsin.case.schema import Case
from tocsin.case.units import parse_unit
from tocsin.evidence.classes.stored import SMALL_NUMBERS
from tocsin.translation import Text, message, plural, template

PARTS: Mapping[int, Text] = {
    1: message("the whole"),
    2: message("half"),
    3: message("a third"),
    4: message("a quarter"),
    5: message("a fifth"),
    10: message("a tenth"),
    20: message("a twentieth"),
    50: message("a fiftieth"),
    100: message("a hundredth"),
    200: message("a two-hundredth"),
    500: message("a five-hundredth"),
    1000: message("a thousandth"),
}
"""One divided by a number, in words."""

IN_WORDS = 12
"""Largest number of years, months or days in words."""

_ATTACKS = template("the chance that {challenger} attacks in the first year")
_STEPS = template("the chance that {challenger} takes a first step towards its aim within {years} years")
_FALLS = template("the chance that {challenger}'s regime falls within {years} years")
_STRUCK = template("the chance that {challenger} is struck first within {years} years")
_WAR = template("the chance of war within {years} years")
CHANCES: Mapping[str, str] = {
    "p_concede": template("the chance that {target} gives in when pressed in the first year"),
    "p_back_down": template("the chance that {challenger} backs down when resisted in the first year"),
    "p_hold": template("the chance that {challenger} does nothing in the first year"),
    "p_condemn": template("the chance that {challenger} only condemns in the first year"),
    "p_influence": template("the chance that {challenger} tries influence in the first year"),
    "p_press": template("the chance that {challenger} uses military pressure in the first year"),
    "p_attack": _ATTACKS,
    "spiral_attack": _ATTACKS,
    "p_stands": template("the chance that {actor} stands by its side if {challenger} attacks in the first year"),
    "p_war": _WAR,
    "p_war_by": _WAR,
    "spiral": _WAR,
    "risk": _STEPS,
    "risk_by": _STEPS,
    "fall": _FALLS,
    "fear_fall": _FALLS,
    "struck": _STRUCK,
    "fear_struck": _STRUCK,
    "deterred": _STEPS,
}
"""The chance that a probability of the game is."""
_BY = frozenset({"p_war_by", "risk_by"})
"""Those whose years end with a milestone, and not with the horizon."""


LOST: Mapping[str, str] = {
    "loss": template("the challenger's loss"),
    "loss_aim": template("the part of the challenger's loss that concerns its aim"),
    "loss_survival": template("the part of the challenger's loss that concerns its survival"),
    "loss_share": template("the share of its prospects that the challenger loses"),
    "dent": template("the share that an event adds to what deterrence costs the challenger"),
    "delay": template("the delay of the challenger's first step towards its aim"),
    "equal_rise": template("the rise of spending that costs the challenger as much"),
    "signal": template("how many times as likely {rung} is from alarm as from a pose"),
}
"""What the effect of an event is."""


RUNGS: Mapping[str, Text] = {
    "commentary": message("a commentary"),
    "statement": message("a newspaper's or ministry's statement"),
    "leader": message("the leader's word"),
}
_ANY_RUNG = message("a statement")


def meaning(case: Case, test: Test) -> str:
    """Return what the central threshold of a test is in a reader's words; empty if the test reads none.

    The author's own words come first. Otherwise they follow from what the test compares with the threshold.
    """
    if test.central is None or test.means:
        return test.means
    comparison = next(
        node for node in walk(test.node) if isinstance(node, Binary) and node.op in ORDERS and uses_threshold(node)
    )
    both = difference(comparison, test)
    calls = list(both.calls) if both else [node for node in walk(comparison) if isinstance(node, Call)]
    return _of_quantity(case, test, comparison, calls, both)


def _of_quantity(case: Case, test: Test, comparison: Binary, calls: list[Call], both: Sum | None) -> Text:
    value, more = float(test.central or 0.0), _more_than(comparison, test)
    names = {call.name for call in calls}
    if names and names <= {"loss", "loss_aim", "loss_survival"} and both:
        return _of_loss(case, calls, more, value)
    if len(names) == 1 and both and (name := calls[0].name) in CHANCES and (both.constant or not value):
        change = _bounded(more, points(value))
        return message("a change of {points} in {chance}", points=change, chance=_chance(case, calls[0], CHANCES[name]))
    if len(names) == 1 and both and (own := _on_own_scale(case, calls[0], more, test)):
        return own
    if names and names <= {"pillar", "pillar_all", "pillar_by"} and both:
        return message("a lead of {points} of risk prevented", points=_bounded(more, points(value)))
    if names == {"pull"} and both:
        return _of_pull(case, calls, _bounded(more, points(value)))
    if names and names <= {"strength", "strength_at", "ratio"} and _is_one_plus(comparison):
        return message("strength larger than before by {share}", share=_bounded(more, part(value)))
    share = _bounded(more, in_percent(plain(100 * value)))
    if names == {"equal_rise"} and both:
        actor = case.actors[str(calls[0].actor)].name
        return message("as much as a lasting rise of {actor}'s military spending by {share}", actor=actor, share=share)
    if any(isinstance(node, Input) and node.name.startswith("words.share.") for node in walk(comparison)):
        return message("{share} of what was said", share=share)
    return _bounded(more, _with_unit(value, test.unit))


def _with_unit(value: float, unit: str) -> Text:
    number = Text(plain(value))
    return number if unit == "1" else with_unit(number, unit)


def _of_loss(case: Case, calls: list[Call], more: _More, value: float) -> Text:
    """Return the threshold of a loss, or of the difference between two, in words."""
    single = len(calls) == 1
    if value == 0 and more in ("more than", "at least"):
        return message("any loss at all") if single else message("any difference in loss at all")
    if value == 0:
        return message("no loss at all") if single else message("no difference in loss at all")
    aim, share = case.theatres[str(calls[0].theatre)].aim, _sized(more, part(value))
    if single:
        return message("a loss {size} of the value of {aim}, held for ever", size=share, aim=aim)
    return message("a difference in loss {size} of the value of {aim}, held for ever", size=share, aim=aim)


def _of_pull(case: Case, calls: list[Call], change: Text) -> Text:
    """Return the threshold of a pull on a regime, or of the difference between two, in words."""
    known = [case.regimes[str(call.regime)] for call in calls]
    if len(known) > 1:
        return message("{points} in the chance that influence loosens one more than the other", points=change)
    return message(
        "{points} in the chance that influence loosens the {regime} of {actor}",
        points=change,
        regime=REGIME_WORDS[known[0].kind],
        actor=case.actors[known[0].actor].name,
    )


def _on_own_scale(case: Case, call: Call, more: _More, test: Test) -> Text | None:
    """Return the threshold of a delay or of a relative loss in words; None for any other quantity."""
    value = float(test.central or 0.0) * float(parse_unit(test.unit).scale)
    theatre = case.theatres[str(call.theatre)]
    share, challenger = _bounded(more, part(value)), case.actors[theatre.challenger].name
    match call.name:
        case "delay":
            time = _bounded(more, duration(value))
            return message("a delay of {time} for the first step towards {aim}", time=time, aim=theatre.aim)
        case "dent":
            return message("{share} of all that deterrence costs {challenger}", share=share, challenger=challenger)
        case "loss_share":
            return message(
                "{share} of what {challenger}'s prospects are worth to it", share=share, challenger=challenger
            )
        case _:
            return None


def duration(years: float) -> Text:
    """Return a time in words, in the largest unit of which there is a whole number: "three months", "10 days"; else in years."""
    for count, of in ((years, _years), (12 * years, _months), (365.25 * years, _days)):
        if count >= 1 and abs(count - round(count)) < 1e-9:
            number = round(count)
            return of(number, SMALL_NUMBERS[number] if number <= IN_WORDS else Text(plain(count)))
    return message("{number} years", number=plain(years))


def _years(count: int, number: Text) -> Text:
    return plural("{number} year", "{number} years", count, number=number)


def _months(count: int, number: Text) -> Text:
    return plural("{number} month", "{number} months", count, number=number)


def _days(count: int, number: Text) -> Text:
    return plural("{number} day", "{number} days", count, number=number)


def measured(case: Case, call: Call) -> Text:
    """Return what a quantity measures, in a few words: "the challenger's loss", "the chance of war within 15 years"."""
    if call.name in LOST:
        return message(LOST[call.name], rung=RUNGS.get(str(call.rung), _ANY_RUNG))
    if call.name in CHANCES:
        return _chance(case, call, CHANCES[call.name])
    return message(QUANTITIES[call.name].meaning)


def _chance(case: Case, call: Call, words: str) -> Text:
    theatre = case.theatres[str(call.theatre)]
    roles = {"challenger": theatre.challenger, "target": theatre.target, "actor": call.actor or theatre.challenger}
    names = {role: case.actors[actor].name for role, actor in roles.items()}
    years = theatre.horizon
    if call.name in _BY and call.year is not None:
        years = year_offset(call.year, day_of(case, str(call.theatre)))
    return message(words, **names, years=years)


def part(value: float) -> Text:
    """Return a share in words, "a fiftieth"; as a percentage if there are none for it."""
    if value <= 0:
        return message("nothing") if value == 0 else in_percent(plain(100 * value))
    near = round(1 / value)
    known = near in PARTS and abs(near * value - 1) < 1e-9
    return PARTS[near] if known else in_percent(plain(100 * value))


def points(value: float) -> Text:
    """Return a difference of probabilities in words: "2 percentage points"."""
    number = plain(100 * value)
    if round(100 * value, 9) == 1:
        return message("{number} percentage point", number=number)
    return message("{number} percentage points", number=number)


_More: TypeAlias = Literal["more than", "at least", "less than", "at most"]
"""How what is compared with a threshold relates to it."""


def _more_than(comparison: Binary, test: Test) -> _More:
    """Return how what is compared with the threshold relates to it: more than, at least, less than, at most."""
    zero, one = (difference(comparison, replace(test, central=value)) for value in (0.0, 1.0))
    rises = one.constant > zero.constant if zero and one else uses_threshold(comparison.a)
    strict, more = comparison.op in ("<", ">"), rises == (comparison.op[0] == "<")
    return ("more than" if strict else "at least") if more else ("less than" if strict else "at most")


def _bounded(more: _More, amount: Text) -> Text:
    """Return an amount with how what is compared relates to it."""
    match more:
        case "more than":
            return message("more than {amount}", amount=amount)
        case "at least":
            return message("at least {amount}", amount=amount)
        case "less than":
            return message("less than {amount}", amount=amount)
        case "at most":
            return message("at most {amount}", amount=amount)


def _sized(more: _More, amount: Text) -> Text:
    """Return the size of a loss."""
    match more:
        case "more than":
            return message("larger than {amount}", amount=amount)
        case "at least":
            return message("of at least {amount}", amount=amount)
        case "less than":
            return message("smaller than {amount}", amount=amount)
        case "at most":
            return message("of at most {amount}", amount=amount)


def _is_one_plus(comparison: Binary) -> bool:
    """Return whether one side of a comparison is 1 plus the threshold."""
    return any(
        isinstance(side, Binary) and side.op == "+" and {_one(side.a), _one(side.b)} == {"1", "threshold"}
        for side in (comparison.a, comparison.b)
    )


def _one(node: Node) -> str:
    return "threshold" if isinstance(node, Threshold) else "1" if isinstance(node, Number) and node.base == 1 else ""
