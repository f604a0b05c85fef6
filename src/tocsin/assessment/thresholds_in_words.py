"""Say in a reader's words what a threshold is: "a loss larger than a fiftieth of ..."."""

from __future__ import annotations

from dataclasses import replace

from tocsin.assessment.comparisons import ORDERS, Sum, difference
from tocsin.assessment.words import plain
from tocsin.case.compiled import Test
from tocsin.case.dated import day_of
from tocsin.case.nodes import Binary, Call, Input, Node, Number, Threshold, uses_threshold, walk, year_offset
from tocsin.case.quantities import QUANTITIES
from tocsin.case.schema import Case
from tocsin.case.units import parse_unit

PARTS = {
    1: "the whole", 2: "half", 3: "a third", 4: "a quarter", 5: "a fifth", 10: "a tenth", 20: "a twentieth", 50: "a fiftieth",
    100: "a hundredth", 200: "a two-hundredth", 500: "a five-hundredth", 1000: "a thousandth",
}  # fmt: skip
"""One divided by a number, in words."""

NUMBERS = {
    1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten", 11: "eleven", 12: "twelve",
}  # fmt: skip
"""Whole numbers in words."""

CHANCES = {
    "p_concede": "that {target} gives in when pressed in the first year",
    "p_back_down": "that {challenger} backs down when resisted in the first year",
    "p_hold": "that {challenger} does nothing in the first year",
    "p_condemn": "that {challenger} only condemns in the first year",
    "p_influence": "that {challenger} tries influence in the first year",
    "p_press": "that {challenger} uses military pressure in the first year",
    "p_attack": "that {challenger} attacks in the first year",
    "spiral_attack": "that {challenger} attacks in the first year",
    "p_stands": "that {actor} stands by its side if {challenger} attacks in the first year",
    "p_war": "of war within {years} years",
    "p_war_by": "of war within {by} years",
    "spiral": "of war within {years} years",
    "risk": "that {challenger} takes a first step towards its aim within {years} years",
    "risk_by": "that {challenger} takes a first step towards its aim within {by} years",
    "fall": "that {challenger}'s regime falls within {years} years",
    "fear_fall": "that {challenger}'s regime falls within {years} years",
    "struck": "that {challenger} is struck first within {years} years",
    "fear_struck": "that {challenger} is struck first within {years} years",
    "deterred": "that {challenger} takes a first step towards its aim within {years} years",
}
"""What a probability of the game is the chance of."""


LOST = {
    "loss": "the challenger's loss",
    "loss_aim": "the part of the challenger's loss that concerns its aim",
    "loss_survival": "the part of the challenger's loss that concerns its survival",
    "loss_share": "the share of its prospects that the challenger loses",
    "dent": "the share that an event adds to what deterrence costs the challenger",
    "delay": "the delay of the challenger's first step towards its aim",
    "equal_rise": "the rise of spending that costs the challenger as much",
    "signal": "how many times as likely {rung} is from alarm as from a pose",
}
"""What the effect of an event is."""


RUNGS = {
    "commentary": "a commentary",
    "statement": "a newspaper's or ministry's statement",
    "leader": "the leader's word",
}


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


def _of_quantity(case: Case, test: Test, comparison: Binary, calls: list[Call], both: Sum | None) -> str:
    value, more = float(test.central or 0.0), _more_than(comparison, test)
    names = {call.name for call in calls}
    if names and names <= {"loss", "loss_aim", "loss_survival"} and both:
        loss = "loss" if len(calls) == 1 else "difference in loss"
        if value == 0:
            return f"{'any' if more in ('more than', 'at least') else 'no'} {loss} at all"
        aim = case.theatres[str(calls[0].theatre)].aim
        return f"a {loss} {_larger(more)} {part(value)} of the value of {aim}, held for ever"
    if len(names) == 1 and both and (name := calls[0].name) in CHANCES and (both.constant or not value):
        return f"a change of {more} {points(value)} in the chance {_chance(case, calls[0], CHANCES[name])}"
    if len(names) == 1 and both and (own := _on_own_scale(case, calls[0], more, test)):
        return own
    if names and names <= {"pillar", "pillar_all", "pillar_by"} and both:
        return f"a lead of {more} {points(value)} of risk prevented"
    if names == {"pull"} and both:
        return f"{more} {points(value)} in the chance that influence loosens {_regimes(case, calls)}"
    if names and names <= {"strength", "strength_at", "ratio"} and _is_one_plus(comparison):
        return f"strength larger than before by {more} {part(value)}"
    if names == {"equal_rise"} and both:
        actor = case.actors[str(calls[0].actor)].name
        return f"as much as a lasting rise of {actor}'s military spending by {more} {plain(100 * value)} %"
    if any(isinstance(node, Input) and node.name.startswith("words.share.") for node in walk(comparison)):
        return f"{more} {plain(100 * value)} % of what was said"
    return f"{more} {plain(value)}" + ("" if test.unit == "1" else f" {test.unit}")


def _on_own_scale(case: Case, call: Call, more: str, test: Test) -> str:
    """Return the threshold of a delay or of a relative loss in words; empty for any other quantity."""
    value = float(test.central or 0.0) * float(parse_unit(test.unit).scale)
    challenger = case.actors[case.theatres[str(call.theatre)].challenger].name
    match call.name:
        case "delay":
            return (
                f"a delay of {more} {duration(value)} for the first step towards {case.theatres[str(call.theatre)].aim}"
            )
        case "dent":
            return f"{more} {part(value)} of all that deterrence costs {challenger}"
        case "loss_share":
            return f"{more} {part(value)} of what {challenger}'s prospects are worth to it"
        case _:
            return ""


def duration(years: float) -> str:
    """Return a time in words, in the largest unit of which there is a whole number: "three months", "10 days"; else in years."""
    for count, unit in ((years, "year"), (12 * years, "month"), (365.25 * years, "day")):
        if count >= 1 and abs(count - round(count)) < 1e-9:
            number = NUMBERS.get(round(count), plain(count))
            return f"{number} {unit}" + ("" if round(count) == 1 else "s")
    return f"{plain(years)} years"


def _regimes(case: Case, calls: list[Call]) -> str:
    known = [case.regimes[str(call.regime)] for call in calls]
    if len(known) > 1:
        return "one more than the other"
    return f"the {known[0].kind} of {case.actors[known[0].actor].name}"


def measured(case: Case, call: Call) -> str:
    """Return what a quantity measures, in a few words: "the challenger's loss", "the chance of war within 15 years"."""
    if call.name in LOST:
        return LOST[call.name].format(rung=RUNGS.get(str(call.rung), "a statement"))
    if call.name in CHANCES:
        return f"the chance {_chance(case, call, CHANCES[call.name])}"
    return QUANTITIES[call.name].meaning


def _chance(case: Case, call: Call, text: str) -> str:
    theatre = case.theatres[str(call.theatre)]
    roles = {"challenger": theatre.challenger, "target": theatre.target, "actor": call.actor or theatre.challenger}
    names = {role: case.actors[actor].name for role, actor in roles.items()}
    by = year_offset(call.year, day_of(case, str(call.theatre))) if call.year is not None else theatre.horizon
    return text.format(**names, years=theatre.horizon, by=by)


def part(value: float) -> str:
    """Return a share in words, "a fiftieth"; as a percentage if there are none for it."""
    if value <= 0:
        return "nothing" if value == 0 else f"{plain(100 * value)} %"
    near = round(1 / value)
    return PARTS[near] if near in PARTS and abs(near * value - 1) < 1e-9 else f"{plain(100 * value)} %"


def points(value: float) -> str:
    """Return a difference of probabilities in words: "2 percentage points"."""
    return f"{plain(100 * value)} percentage point{'' if round(100 * value, 9) == 1 else 's'}"


def _more_than(comparison: Binary, test: Test) -> str:
    """Return how what is compared with the threshold relates to it: more than, at least, less than, at most."""
    zero, one = (difference(comparison, replace(test, central=value)) for value in (0.0, 1.0))
    rises = one.constant > zero.constant if zero and one else uses_threshold(comparison.a)
    strict, more = comparison.op in ("<", ">"), rises == (comparison.op[0] == "<")
    return ("more than" if strict else "at least") if more else ("less than" if strict else "at most")


def _larger(more: str) -> str:
    return {
        "more than": "larger than",
        "at least": "of at least",
        "less than": "smaller than",
        "at most": "of at most",
    }[more]


def _is_one_plus(comparison: Binary) -> bool:
    """Return whether one side of a comparison is 1 plus the threshold."""
    return any(
        isinstance(side, Binary) and side.op == "+" and {_one(side.a), _one(side.b)} == {"1", "threshold"}
        for side in (comparison.a, comparison.b)
    )


def _one(node: Node) -> str:
    return "threshold" if isinstance(node, Threshold) else "1" if isinstance(node, Number) and node.base == 1 else ""
