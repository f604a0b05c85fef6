"""Say which facts decide a test otherwise at an end of the range in which their value may lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from tocsin.assessment.requests import truth_by_facts
from tocsin.case.checks import fact_range
from tocsin.case.compiled import Test
from tocsin.case.nodes import facts
from tocsin.case.schema import Case
from tocsin.translation import Text, in_sentences, message, template

End: TypeAlias = Literal["low", "high"]

_SAID: Mapping[tuple[End, bool], str] = MappingProxyType(
    {
        ("low", True): template("At the low end of its range ({range}), the fact {fact} makes it hold."),
        ("low", False): template("At the low end of its range ({range}), the fact {fact} makes it fail."),
        ("high", True): template("At the high end of its range ({range}), the fact {fact} makes it hold."),
        ("high", False): template("At the high end of its range ({range}), the fact {fact} makes it fail."),
    }
)


class Turn(NamedTuple):
    """An end of a fact's range at which a test that facts decide has the other outcome."""

    fact: str
    end: End
    holds: bool


def turns(case: Case, test: Test) -> Iterator[Turn]:
    """Yield the ends of ranges of facts that turn a test; none if the facts as they stand do not decide it."""
    before = truth_by_facts(case, test)
    if np.isnan(before):
        return
    for key in sorted(facts(test.node)):
        if case.facts[key].range is None:
            continue
        ends: tuple[End, End] = ("low", "high")
        for end, value in zip(ends, fact_range(case.facts[key]), strict=True):
            after = truth_by_facts(case.model_copy(update={"values": {**case.values, key: value}}), test)
            if not np.isnan(after) and after != before:
                yield Turn(key, end, bool(after))


def ranges_note(case: Case, test: Test) -> Text | str:
    """Return which ends of ranges of facts turn a test, a sentence for each; empty if none does."""
    said = [
        message(_SAID[turn.end, turn.holds], range=case.facts[turn.fact].range or "", fact=turn.fact)
        for turn in turns(case, test)
    ]
    return in_sentences(*said) if said else ""
