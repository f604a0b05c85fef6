"""From beliefs to distributions in the unit and within the admissible range of the input."""

from __future__ import annotations

import re

from tocsin.case.distributions import Distribution, parse
from tocsin.case.published import kind_in
from tocsin.case.schema import Case
from tocsin.case.units import Quantity, parse_unit, parse_value
from tocsin.errors import InputError, did_you_mean

_FACT = re.compile(r"\s*fact\(\s*([A-Za-z][A-Za-z0-9_.-]*)\s*\)\s*\Z")


def distribution(case: Case, name: str) -> Distribution:
    """The distribution of a belief, in its unit, cut to the admissible range of the input.

    "fact(ID)" is the fact's value, turned into the belief's unit. Raises InputError for an unknown belief or
    fact, a fact of another unit, and all that `tocsin.case.distributions.parse` refuses.
    """
    if name not in case.beliefs:
        raise InputError(f"unknown belief `{name}`", remedy=did_you_mean(name, case.beliefs))
    belief, found = case.beliefs[name], kind_in(case, name)
    low, high = (found[0].low, found[0].high) if found else (float("-inf"), float("inf"))
    match = _FACT.match(belief.is_)
    text = f"fixed({_fact_value(case, match[1], belief.unit)!r})" if match else belief.is_
    return parse(text, low=low, high=high)


def distributions(case: Case) -> dict[str, Distribution]:
    """The distribution of every belief, in the order of the case."""
    return {name: distribution(case, name) for name in case.beliefs}


def _fact_value(case: Case, key: str, unit: str) -> float:
    if key not in case.facts:
        raise InputError(f"unknown fact `{key}`", remedy=did_you_mean(key, case.facts))
    fact = case.facts[key]
    value = parse_value(fact.value, fact.unit)
    if not isinstance(value, Quantity):
        raise InputError(f"fact `{key}` is no number", remedy="name a fact with a quantity")
    return value.to(parse_unit(unit)).value
