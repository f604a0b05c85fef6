"""Set one input of a case to a value, as `--set INPUT=VALUE` and the `variants` of a case write it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from tocsin.case.blocks import AUTHOR
from tocsin.case.checks_events import change_problems
from tocsin.case.pressure import HISTORY, PAYOFFS
from tocsin.case.schema import Belief, CaseFile, Fact, JoinedCase
from tocsin.case.types import is_blank
from tocsin.case.units import ONE, Quantity, parse_quantity, parse_unit
from tocsin.case.validating import told
from tocsin.case.values import Value, parse_value
from tocsin.errors import InputError, did_you_mean
from tocsin.translation import Text, in_commas, message

_Case = TypeVar("_Case", bound=JoinedCase)
_FACTS = "facts."


def set_input(case: _Case, values: Mapping[str, Value], name: str, text: str) -> _Case:
    """Return a copy of a case with one input replaced; what is compiled of it stays as it was.

    Args:
        case: the case.
        values: values of its facts.
        name: the input, see `tocsin.case.override.override`.
        text: its value.

    Raises:
        InputError: for an unknown name or a value that does not fit. Its message does not give the name.
    """
    if is_blank(text):
        raise InputError(message("has no value"), remedy=message("give it one"))
    try:
        if name in case.beliefs:
            return _set_belief(case, name, text)
        if name.startswith(("regimes.", "spending.")):
            return _set_choice(case, name, text)
        if name.startswith("pressure."):
            return _set_pressure(case, name.removeprefix("pressure."), text)
        key = name.removeprefix(_FACTS)
        if key in values:
            return _set_fact(case, values[key], key, text)
    except ValidationError as error:
        wrong = told(error.errors(include_url=False)[0])
        raise InputError(wrong, remedy=message("write a value of the kind that the case has")) from None
    raise _unknown(case, name)


def settable(case: JoinedCase) -> tuple[str, ...]:
    """Return every name that can be set."""
    paths = case.spending.paths if case.spending is not None else {}
    return (
        *case.beliefs,
        *(f"regimes.{key}" for key in case.regimes),
        *(f"spending.{key}" for key in paths),
        *(f"pressure.{key}" for key in case.theatres),
        *case.facts,
    )


def full_name(case: JoinedCase, name: str) -> str:
    """Return the one name of an input that has two: a fact may be written with the prefix `facts.` and without."""
    key = name.removeprefix(_FACTS)
    return key if name not in case.beliefs and key in case.facts else name


def _unknown(case: JoinedCase, name: str) -> InputError:
    """Return the error for a name that cannot be set, with what can be."""
    paths = case.spending.paths if case.spending is not None else {}
    prefix = "regimes" if name in case.regimes else "spending" if name in paths else ""
    if prefix:
        return InputError(message("unknown input"), remedy=message("write {name}", name=f"{prefix}.{name}"))
    near = did_you_mean(name, settable(case))
    if near.startswith("did you mean") and name.partition(".")[0] not in CaseFile.model_fields:
        return InputError(message("unknown input"), remedy=near)
    kinds: dict[Text, Collection[str]] = {
        message("a belief"): case.beliefs, message("a regime's state"): [f"regimes.{key}" for key in case.regimes],
        message("a spending path"): [f"spending.{key}" for key in paths],
        message("what pressure rests on"): [f"pressure.{key}" for key in case.theatres], message("a fact"): case.facts,
    }  # fmt: skip
    known = [
        message("{kind} ({names})", kind=kind, names=in_commas([*list(names)[:4], *["..."] * (len(names) > 4)]))
        for kind, names in kinds.items()
        if names
    ]
    return InputError(
        message("not an input of a run"),
        remedy=message("set {inputs}; change the rest in the case file", inputs=in_commas(known)),
    )


def _with(mapping: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {name: value if name == key else old for name, old in mapping.items()}


def _set_belief(case: _Case, name: str, text: str) -> _Case:
    old = case.beliefs[name]
    first = text[:1]
    if first.isdigit() or first in "+-.":
        quantity = parse_quantity(text)
        bare = quantity.unit == ONE
        value = quantity.value if bare else quantity.to(parse_unit(old.unit)).value
        text = f"fixed({value!r})"
    new = Belief.model_validate({"is": text, "unit": old.unit, "by": AUTHOR, "why": AUTHOR, "source": old.source})
    return case.model_copy(update={"beliefs": _with(case.beliefs, name, new)})


def _set_choice(case: _Case, name: str, text: str) -> _Case:
    problem = next(iter(change_problems(case, (), name, text)), None)
    if problem is not None:
        raise InputError(problem.message, remedy=problem.remedy)
    head, _, key = name.partition(".")
    if head == "regimes":
        regime = case.regimes[key].model_copy(update={"now": text})
        return case.model_copy(update={"regimes": _with(case.regimes, key, regime)})
    assert case.spending is not None
    paths = case.spending.paths[key]
    if text not in paths.options:
        raise InputError(message("unknown path `{name}`", name=text), remedy=did_you_mean(text, paths.options))
    spending = case.spending.model_copy(
        update={"paths": _with(case.spending.paths, key, paths.model_copy(update={"now": text}))}
    )
    return case.model_copy(update={"spending": spending})


def _set_pressure(case: _Case, key: str, text: str) -> _Case:
    if key not in case.theatres:
        raise InputError(message("unknown theatre `{name}`", name=key), remedy=did_you_mean(key, case.theatres))
    if text not in (PAYOFFS, HISTORY):
        raise InputError(
            message("pressure rests on payoffs or on history"),
            remedy=message("write `{one}` or `{other}`", one=PAYOFFS, other=HISTORY),
        )
    theatre = case.theatres[key].model_copy(update={"pressure": text})
    return case.model_copy(update={"theatres": _with(case.theatres, key, theatre)})


def _set_fact(case: _Case, before: Value, key: str, text: str) -> _Case:
    old = case.facts[key]
    value: str | bool = text
    if isinstance(before, Quantity):
        after = parse_quantity(text)
        if after.unit == ONE:
            after = Quantity(after.amount, before.unit)
        value = str(after.to(before.unit))
    elif isinstance(before, bool):
        value = bool(parse_value(text, "truth"))
    elif not isinstance(before, str):
        parse_value(text, "date")
    new = Fact.model_validate(
        {
            **old.model_dump(by_alias=True),
            "value": value,
            "from": None,
            "source": old.source,
            "unit": "",
            "range": None,
            "others": (),
        }
        | {"flag": AUTHOR, "note": AUTHOR}
    )
    return case.model_copy(update={"facts": _with(case.facts, key, new)})
