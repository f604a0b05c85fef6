"""Change inputs of a loaded case for one run: the option `--set INPUT=VALUE`."""

from __future__ import annotations

from collections.abc import Mapping

from tocsin.case.beliefs import distribution
from tocsin.case.compiling import compile_case
from tocsin.case.distributions import fact_of
from tocsin.case.problem import CaseProblems
from tocsin.case.schema import Case
from tocsin.case.setting import set_input
from tocsin.case.types import is_blank
from tocsin.errors import InputError
from tocsin.translation import in_commas, message

SHOWN = 80
"""Longest value that an error repeats, in characters."""


def override(case: Case, settings: Mapping[str, str]) -> Case:
    """Return a copy of a case with some inputs replaced.

    A name is, in this order: a belief (a number, with or without its unit, makes it certain; any other value is a
    distribution), a regime as `regimes.X` (its present state), an actor's spending as `spending.X` (its present path),
    what a theatre's pressure rests on as `pressure.X` (payoffs or history), or a fact (with or without the prefix `facts.`).
    The copy records the settings in `settings`, sorted by name.

    Raises:
        InputError: for an unknown name, with the nearest names as remedy, or a value that does not fit.
    """
    changed = case
    for name in sorted(settings):
        changed = _set(changed, name, settings[name].strip())
    combined = {**dict(case.settings), **settings}
    changed = changed.model_copy(update={"settings": tuple(sorted(combined.items()))})
    if all(name in case.beliefs and fact_of(changed.beliefs[name].is_) is None for name in settings):
        return _with_distributions(changed, settings)
    try:
        return compile_case(changed, case)
    except CaseProblems as error:
        first = error.problems[0]
        raise InputError(
            message("after {options}: {reason}", options=_options(settings), reason=first.message),
            remedy=first.remedy,
        ) from None


def _with_distributions(case: Case, settings: Mapping[str, str]) -> Case:
    """Return a case with the distributions of the beliefs that were set; nothing else that is compiled or checked reads what they say."""
    distributions = dict(case.distributions)
    for name in case.beliefs:
        if name in settings:
            try:
                distributions[name] = distribution(case, name, case.values, case.other_values)
            except InputError as error:
                raise InputError(
                    message(
                        "after {options}: {reason}",
                        options=_options(settings),
                        reason=message("`{name}`: {reason}", name=name, reason=error.message),
                    ),
                    remedy=error.remedy,
                ) from None
    return case.model_copy(update={"distributions": distributions})


def _options(settings: Mapping[str, str]) -> str:
    return in_commas(f"--set {name}={settings[name]}" for name in sorted(settings))


def _set(case: Case, name: str, text: str) -> Case:
    if is_blank(text):
        raise InputError(message("--set {name}= has no value", name=name), remedy=message("write --set NAME=VALUE"))
    try:
        return set_input(case, case.values, name, text)
    except InputError as error:
        shown = f"--set {name}={text}" if len(text) <= SHOWN else f"--set {name}"
        raise InputError(
            message("{option}: {reason}", option=shown, reason=error.message), remedy=error.remedy
        ) from None
