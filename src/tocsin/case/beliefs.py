"""Turn a belief into a distribution in its unit, truncated to the admissible range of the input."""

from __future__ import annotations

from collections.abc import Mapping

from tocsin.case.distributions import Distribution, fact_of, parse
from tocsin.case.published import kind_in
from tocsin.case.schema import JoinedCase
from tocsin.case.units import Quantity, parse_unit
from tocsin.case.values import Value, distinct
from tocsin.errors import InputError, did_you_mean
from tocsin.translation import message


def distribution(
    case: JoinedCase, name: str, values: Mapping[str, Value], others: Mapping[str, tuple[Value, ...]]
) -> Distribution:
    """Return the distribution of a belief in its unit, truncated to the admissible range of the input.

    "fact(ID)" stands for the fact's value, converted to the belief's unit.

    Args:
        case: the case.
        name: name of one of its beliefs.
        values: values of the facts that parse.
        others: values that other sources give, by fact.

    Raises:
        InputError: for an unknown fact, one about which sources disagree, a fact in another unit, and whatever `tocsin.case.distributions.parse` refuses.
    """
    belief, known = case.beliefs[name], kind_in(case, name)
    low, high = (known[0].low, known[0].high) if known else (float("-inf"), float("inf"))
    fact = fact_of(belief.is_)
    if fact is not None and fact in values and len(distinct((values[fact], *others.get(fact, ())))) > 1:
        raise InputError(
            message("the sources disagree about fact `{fact}`", fact=fact),
            remedy=message("write a distribution over their values"),
        )
    text = f"fixed({_fact_value(values, fact, belief.unit)!r})" if fact is not None else belief.is_
    return parse(text, low=low, high=high)


def _fact_value(values: Mapping[str, Value], key: str, unit: str) -> float:
    if key not in values:
        raise InputError(message("unknown fact `{key}`", key=key), remedy=did_you_mean(key, values))
    value = values[key]
    if not isinstance(value, Quantity):
        raise InputError(
            message("fact `{key}` is not a number", key=key), remedy=message("name a fact with a quantity")
        )
    return value.to(parse_unit(unit)).value
