"""Check the variants of a case and the inputs that its arguments set: every input is known, and every value fits it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tocsin.case import distributions
from tocsin.case.beliefs import distribution
from tocsin.case.checks_regimes import regime_problems
from tocsin.case.pressure import pressure_problems
from tocsin.case.problem import Finding, Problem
from tocsin.case.schema import Case, JoinedCase
from tocsin.case.setting import full_name, set_input, settable
from tocsin.case.values import Value, parse_value
from tocsin.case.variants import variants_of
from tocsin.errors import InputError
from tocsin.reading import Loc
from tocsin.translation import message


def variant_problems(case: JoinedCase, values: Mapping[str, Value]) -> Iterator[Problem]:
    """Yield the problems of the variants of a case, which compiles nothing but the values that they set.

    A setting of the run changes no variant, so these are problems of the file alone.

    Args:
        case: the file joined with its tables.
        values: values of the facts that parse.
    """
    if case.settings:
        return
    for name in case.variants:
        if name in case.arguments:
            wrong = message("variant `{name}` has the name of an argument", name=name)
            yield Problem(("variants", name), wrong, message("rename one of them"), at_key=True)
    for name, settings in variants_of(case).items():
        yield from _variant(case, values, name, settings)


def idle_variants(case: Case) -> Iterator[Finding]:
    """Yield the variants that leave a case as it is."""
    for name, settings in variants_of(case).items():
        changed = case
        for written, text in settings.items():
            changed = set_input(changed, case.values, written, text.strip())
        if settings and all(_same(case, changed, full_name(case, written)) for written in settings):
            wrong = message("variant `{name}` sets only what the case says already", name=name)
            yield _block(case, name), wrong, message("give it other values, or remove it")


def _block(case: JoinedCase, name: str) -> Loc:
    """Return the path of a variant in the file."""
    return ("variants", name) if name in case.variants else ("arguments", name)


def _variant(
    case: JoinedCase, values: Mapping[str, Value], name: str, settings: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield the problems of one variant: of each setting, and of the case with all of them."""
    block = (*_block(case, name), "set" if name in case.variants else "sets")
    known = {*settable(case), *(f"facts.{key}" for key in case.facts)}
    changed, seen, sound = case, set[str](), True
    for written, text in settings.items():
        loc: Loc = (*block, written)
        problem = _twice(case, loc, name, written, seen)
        if problem is None:
            try:
                changed = _set(changed, values, written, text)
            except InputError as error:
                wrong = message("`{name}` sets `{written}`: {reason}", name=name, written=written, reason=error.message)
                problem = Problem(loc, wrong, error.remedy, at_key=written not in known)
        if problem is not None:
            sound = False
            yield problem
    if sound and changed is not case:
        yield from _together(case, changed, values, name, block)


def _twice(case: JoinedCase, loc: Loc, name: str, written: str, seen: set[str]) -> Problem | None:
    """Return the problem of an input that a variant sets twice, with the prefix `facts.` and without."""
    key = full_name(case, written)
    if key in seen:
        return Problem(
            loc, message("`{name}` sets fact `{key}` twice", name=name, key=key), message("set it once"), at_key=True
        )
    seen.add(key)
    return None


def _set(case: JoinedCase, values: Mapping[str, Value], name: str, text: str) -> JoinedCase:
    """Return the case with one input set, whose value is parsed.

    Raises:
        InputError: for an unknown input or a value that does not fit.
    """
    unread = name.removeprefix("facts.")
    if name not in case.beliefs and unread in case.facts and unread not in values:
        return case  # the fact does not parse, which is a problem of its own
    changed = set_input(case, values, name, text.strip())
    if name in case.beliefs and distributions.fact_of(changed.beliefs[name].is_) is None:
        distribution(changed, name, values, {})
    return changed


def _together(
    case: JoinedCase, changed: JoinedCase, values: Mapping[str, Value], name: str, block: Loc
) -> Iterator[Problem]:
    """Yield what no longer fits once a variant has set all its inputs: beliefs that read a fact, treaties, pressure."""
    read = {
        **values,
        **{
            key: parse_value(fact.value, fact.unit)
            for key, fact in changed.facts.items()
            if fact is not case.facts[key]
        },
    }
    for belief, written in changed.beliefs.items():
        fact = distributions.fact_of(written.is_)
        if fact is None or (written is case.beliefs[belief] and read.get(fact) == values.get(fact)):
            continue
        try:
            distribution(changed, belief, read, _others(changed))
        except InputError as error:
            yield Problem(
                block,
                message("with `{name}`, `{belief}`: {reason}", name=name, belief=belief, reason=error.message),
                error.remedy,
            )
    for problem in _new(_of_states(case), _of_states(changed)):
        yield Problem(block, message("with `{name}`: {reason}", name=name, reason=problem.message), problem.remedy)


def _others(case: JoinedCase) -> dict[str, tuple[Value, ...]]:
    """Return the values that other sources give, by fact."""
    return {
        key: tuple(parse_value(other.value, other.unit) for other in fact.others)
        for key, fact in case.facts.items()
        if fact.others
    }


def _of_states(case: JoinedCase) -> list[Problem]:
    return [*regime_problems(case), *pressure_problems(case)]


def _new(before: Sequence[Problem], after: Iterable[Problem]) -> Iterator[Problem]:
    known = {(problem.loc, problem.message) for problem in before}
    yield from (problem for problem in after if (problem.loc, problem.message) not in known)


def _same(case: Case, changed: Case, name: str) -> bool:
    """Return whether an input is as it was."""
    if name in case.beliefs:
        new = distribution(changed, name, case.values, case.other_values)
        return replace(new, text="") == replace(case.distributions[name], text="")
    head, _, key = name.partition(".")
    if head == "regimes":
        return changed.regimes[key].now == case.regimes[key].now
    if head == "pressure":
        return changed.theatres[key].pressure == case.theatres[key].pressure
    if head == "spending" and case.spending is not None and changed.spending is not None:
        return changed.spending.paths[key].now == case.spending.paths[key].now
    fact = changed.facts[name]
    return parse_value(fact.value, fact.unit) == case.values[name]
