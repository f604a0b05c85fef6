"""Check names, units, roles, weights and missing inputs of a case whose keys and types are valid.

`load` refuses a case with any such problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from tocsin.case.checks_dates import due_problems, expected_problems, outcome_problems
from tocsin.case.checks_events import control_problems, event_problems
from tocsin.case.checks_forecasts import forecast_problems
from tocsin.case.checks_games import game_problems
from tocsin.case.checks_history import history_problems
from tocsin.case.checks_inputs import input_problems
from tocsin.case.checks_money import money_problems
from tocsin.case.checks_regimes import regime_problems
from tocsin.case.checks_theatres import theatre_problems
from tocsin.case.checks_variants import variant_problems
from tocsin.case.claim_blocks import Claim, Threshold
from tocsin.case.currencies import check_currency
from tocsin.case.game_blocks import DatedGame
from tocsin.case.origin import check_reference, origins
from tocsin.case.pressure import pressure_problems
from tocsin.case.problem import Problem, unknown
from tocsin.case.schema import FactParts, JoinedCase
from tocsin.case.units import Quantity, Unit, parse_quantity, parse_unit
from tocsin.case.values import Value
from tocsin.errors import InputError
from tocsin.reading import Loc
from tocsin.translation import in_commas, listed, message, message_in


def problems(
    case: JoinedCase, values: Mapping[str, Value], others: Mapping[str, tuple[Value, ...]]
) -> tuple[Problem, ...]:
    """Return every problem of a case except those of parsing facts, beliefs and tests, in no fixed order.

    Args:
        case: the file joined with its tables.
        values: values of the facts that parse.
        others: values that other sources give, by fact.
    """
    checks = (
        _sources, _origins, _actors, regime_problems, theatre_problems, game_problems, history_problems, event_problems, control_problems, _alike,
        _arguments, _claims, _questions, pressure_problems, input_problems, money_problems, expected_problems, due_problems, outcome_problems, forecast_problems,
    )  # fmt: skip
    named = chain(_facts(case, values, others), variant_problems(case, values))
    return tuple(chain(named, chain.from_iterable(check(case) for check in checks)))


# --- facts and sources -------------------------------------------------------------------------------------


def _facts(case: JoinedCase, values: Mapping[str, Value], others: Mapping[str, tuple[Value, ...]]) -> Iterator[Problem]:
    for key, value in values.items():
        fact = case.facts[key]
        yield from _fact(("facts", key), key, fact, value)
        for index, (other, other_value) in enumerate(zip(fact.others, others.get(key, ()), strict=False)):
            loc: Loc = ("facts", key, "others", index)
            yield from _fact(loc, key, other, other_value)
            if not other.source:
                yield Problem(
                    loc,
                    message("another value of fact `{key}` has no source", key=key),
                    message("name a key of `sources`"),
                )


def _fact(loc: Loc, key: str, fact: FactParts, value: Value) -> Iterator[Problem]:
    if fact.confidence in ("low", "recalled") and not (fact.range or fact.flag):
        yield Problem(
            (*loc, "confidence"),
            message(
                "fact `{key}` is {confidence} and has neither range nor flag",
                key=key,
                confidence=message_in("fact", fact.confidence),
            ),
            message('add range: "a to b unit", or flag: "why it is used anyway"'),
        )
    if fact.range is not None:
        yield from _range(loc, key, fact, value)


def fact_range(fact: FactParts) -> tuple[Quantity, Quantity]:
    """Return the two ends of a fact's range "a to b unit"; if a has no unit, it takes that of b."""
    low, separator, high = (fact.range or "").partition(" to ")
    if not separator:
        raise InputError(
            message("{range} is not a range", range=repr(fact.range)), remedy=message('write "a to b unit"')
        )
    top = parse_quantity(high)
    bottom = parse_quantity(low)
    bare = bottom.unit == Unit() and len(low.split()) == 1
    unit = parse_unit(fact.unit) if fact.unit and bare and top.unit == Unit() else None
    if unit is not None:
        return Quantity(bottom.amount, unit), Quantity(top.amount, unit)
    return (Quantity(bottom.amount, top.unit) if bare else bottom), top


def _range(loc: Loc, key: str, fact: FactParts, value: Value) -> Iterator[Problem]:
    loc = (*loc, "range")
    try:
        low, high = fact_range(fact)
        if not isinstance(value, Quantity):
            yield Problem(
                loc,
                message("fact `{key}` has a range but is not a number", key=key),
                message("remove the range, or use a flag"),
            )
        elif high < low:
            yield Problem(
                loc,
                message("the range of fact `{key}` is reversed: {range}", key=key, range=str(fact.range)),
                message("write the lower end first"),
            )
        elif not (low <= value and value <= high):
            yield Problem(
                loc, message("the value of fact `{key}` lies outside its range", key=key), message("check both")
            )
    except InputError as error:
        yield Problem(loc, message("range of fact `{key}`: {reason}", key=key, reason=error.message), error.remedy)


def _sources(case: JoinedCase) -> Iterator[Problem]:
    used: set[str] = set()
    for loc, names in source_uses(case):
        for name in names:
            used.add(name)
            if name not in case.sources:
                yield unknown(loc, message("source"), name, case.sources)
    for name in case.sources:
        if name not in used:
            yield Problem(
                ("sources", name),
                message("source `{name}` is not used", name=name),
                message("use it or remove it"),
                at_key=True,
            )


def _origins(case: JoinedCase) -> Iterator[Problem]:
    """Yield facts without an origin, and each `from` that names neither a measure nor, for a belief, an estimate."""
    settings = {name.removeprefix("facts.") for name, _ in case.settings}
    for key, fact in case.facts.items():
        if not fact.source and fact.from_ is None and key not in settings:
            yield Problem(
                ("facts", key),
                message("fact `{key}` has no source", key=key),
                message("name a key of `sources`, or give `from`"),
            )
    for loc, text in origins(case):
        try:
            check_reference(loc, text)
        except InputError as error:
            yield Problem((*loc, "from"), error.message, error.remedy)


def source_uses(case: JoinedCase) -> Iterator[tuple[Loc, tuple[str, ...]]]:
    """Yield the sources that each item of a case names, with the path of the item."""
    for key, fact in case.facts.items():
        yield ("facts", key, "source"), fact.source
        for index, other in enumerate(fact.others):
            yield ("facts", key, "others", index), other.source
    for key, belief in case.beliefs.items():
        yield ("beliefs", key, "source"), belief.source
    for key, regime in case.regimes.items():
        yield ("regimes", key, "source"), regime.source
    for key, theatre in case.theatres.items():
        for index, promise in enumerate(theatre.promises if not isinstance(theatre, DatedGame) else ()):
            yield ("theatres", key, "promises", index, "source"), promise.source
    for key, history in case.history.items():
        yield ("history", key, "source"), history.source
    for key, argument in case.arguments.items():
        yield ("arguments", key, "sources"), argument.sources
        if argument.predicts is not None:
            yield ("arguments", key, "predicts", "source"), argument.predicts.source
    for key, rivals in case.explanations.items():
        for item, observation in rivals.observations.items():
            yield ("explanations", key, "observations", item, "source"), observation.source
    for key, claim in case.claims.items():
        yield ("claims", key, "sources"), claim.sources
    for key, outcome in case.outcomes.items():
        yield ("outcomes", key, "source"), outcome.source
    for key, forecast in case.forecasts.items():
        if forecast.base is not None:
            yield ("forecasts", key, "base", "source"), forecast.base.source
        if forecast.probability.share is not None:
            yield ("forecasts", key, "probability", "share", "source"), forecast.probability.share.source
    for index, row in enumerate(case.spending_rows):
        yield ("spending_rows", index), row.source
    for index, rate in enumerate(case.rates.rows):
        yield ("rate_rows", index), tuple(rate.source.replace(";", " ").split())
    for name, rows in case.power_rows.items():
        for index, point in enumerate(rows):
            yield ("power_rows", name, index), point.source


def sources_only_of(case: JoinedCase, block: str, key: str) -> list[str]:
    """Return the sources that nothing but one item of a block uses: without the item the case would not load with them."""
    own: set[str] = set()
    others: set[str] = set()
    for loc, names in source_uses(case):
        (own if loc[:2] == (block, key) else others).update(names)
    return [name for name in case.sources if name in own - others]


# --- the game ----------------------------------------------------------------------------------------------


def _actors(case: JoinedCase) -> Iterator[Problem]:
    for key, actor in case.actors.items():
        try:
            check_currency(actor.currency or "USD")
        except InputError as error:
            yield Problem(("actors", key, "currency"), error.message, error.remedy)


# --- groups, arguments, claims ---------------------------------------------------------------------


def _alike(case: JoinedCase) -> Iterator[Problem]:
    for key, group in case.alike.items():
        seen: set[str] = set()
        for row, names in enumerate(group.sets):
            for index, name in enumerate(names):
                loc: Loc = ("alike", key, "sets", row, index)
                if name not in case.beliefs:
                    yield unknown(loc, message("belief"), name, case.beliefs)
                elif name in seen:
                    yield Problem(
                        loc,
                        message("group `{key}` lists `{name}` twice", key=key, name=name),
                        message("name it once, in one set"),
                    )
                elif case.beliefs[name].unit != case.beliefs.get(names[0], case.beliefs[name]).unit:
                    yield Problem(
                        loc,
                        message("`{name}` and `{other}` have different units", name=name, other=names[0]),
                        message("use inputs with the same unit"),
                    )
                seen.add(name)


def _arguments(case: JoinedCase) -> Iterator[Problem]:
    for key, argument in case.arguments.items():
        yield from _names(("arguments", key, "against"), message("claim"), argument.against, case.claims)


def _questions(case: JoinedCase) -> Iterator[Problem]:
    for key, question in case.questions.items():
        yield from _names(("questions", key, "claims"), message("claim"), question.claims, case.claims)


def _names(loc: Loc, what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if name not in known:
            yield unknown((*loc, index), what, name, known)


def _claims(case: JoinedCase) -> Iterator[Problem]:
    for key, claim in case.claims.items():
        loc: Loc = ("claims", key)
        given = [name for name, value in _deciders(claim).items() if value is not None]
        if len(given) != 1:
            yield Problem(
                loc,
                message("claim `{key}` has {given}", key=key, given=listed(given))
                if given
                else message("claim `{key}` has neither a test nor the reason why it has none", key=key),
                message("give exactly one of {names}", names=in_commas(_deciders(claim))),
                at_key=True,
            )
        if claim.chance is not None and claim.kind != "forecast":
            wrong = message(
                "claim `{key}` has a chance, but it is not a forecast ({kind})",
                key=key,
                kind=message_in("claim", claim.kind),
            )
            yield Problem(
                (*loc, "chance"), wrong, message("write kind: forecast, or test it with `holds`"), at_key=True
            )
        if claim.alike is not None and claim.alike not in case.alike:
            yield unknown((*loc, "alike"), message("group of `alike`"), claim.alike, case.alike)
        yield from _names((*loc, "rivals"), message("argument"), claim.rivals, case.arguments)
        yield from _threshold((*loc, "threshold"), claim.threshold)
        for name, part in claim.all_parts.items():
            part_loc = (*loc, claim.parts_key, name)
            if (part.holds is None) == (part.untested is None):
                wrong = message("part `{name}` needs exactly one of holds, untested", name=name)
                yield Problem(part_loc, wrong, message("give one of them"), at_key=True)
            yield from _threshold((*part_loc, "threshold"), part.threshold)
            if part.essential and claim.any_of:
                wrong = message("part `{name}` is essential, but one part of `any of` suffices", name=name)
                yield Problem(
                    (*part_loc, "essential"), wrong, message("use `parts` or `most of`, or leave `essential` out")
                )


def _deciders(claim: Claim) -> dict[str, object]:
    """Return what may decide a claim, by its key in the file; exactly one is given."""
    return {
        "holds": claim.holds,
        "chance": claim.chance,
        "parts": claim.parts,
        "any of": claim.any_of,
        "most of": claim.most_of,
        "untested": claim.untested,
    }


def _threshold(loc: Loc, threshold: Threshold | None) -> Iterator[Problem]:
    if threshold is None:
        return
    if threshold.central not in threshold.values:
        yield Problem(
            (*loc, "central"),
            message("central {central} is not among the values", central=f"{threshold.central:g}"),
            message("add it to values"),
        )
    try:
        parse_unit(threshold.unit)
    except InputError as error:
        yield Problem((*loc, "unit"), error.message, error.remedy)
