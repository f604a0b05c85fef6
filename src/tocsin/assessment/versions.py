"""Judge a test by each value that sources give of its facts.

Where sources disagree about a fact, the case has several versions: one for each combination of the values that a test reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from tocsin.case.nodes import Node, facts
from tocsin.case.schema import Case, Fact, OtherValue
from tocsin.case.values import Value, distinct


@dataclass(frozen=True)
class Version:
    """A case with one value of each fact that a test reads, and the sources of these values: "radio", "boxes by radio"."""

    case: Case
    sources: str


class _Said(NamedTuple):
    """A value of a fact, the fact with it alone, and the sources that give it."""

    value: Value
    fact: Fact
    sources: str


def versions(case: Case, node: Node) -> tuple[Version, ...]:
    """Return the versions of a case for a test, that of the first sources first; one if the sources do not disagree."""
    open_facts = {key: said for key in sorted(facts(node)) if len(said := _said(case, key)) > 1}
    if not open_facts:
        return (Version(case, ""),)
    return tuple(_version(case, dict(zip(open_facts, chosen, strict=True))) for chosen in product(*open_facts.values()))


def said_of(fact: Fact) -> tuple[Fact | OtherValue, ...]:
    """Return a fact and what other sources say of it."""
    return (fact, *fact.others)


def disputed_facts(case: Case, node: Node) -> tuple[str, ...]:
    """Return the facts of a test about whose value sources disagree."""
    return tuple(key for key in sorted(facts(node)) if len(_said(case, key)) > 1)


def _said(case: Case, key: str) -> list[_Said]:
    """Return the different values of a fact, each with all sources that give it."""
    fact = case.facts[key]
    if not fact.others:
        return []
    pairs: list[tuple[Value, Fact | OtherValue]] = [(case.values[key], fact)]
    pairs += zip(case.other_values[key], fact.others, strict=True)
    result = []
    for value in distinct(value for value, _ in pairs):
        same = [written for said, written in pairs if len(distinct((said, value))) == 1]
        names = ", ".join(dict.fromkeys(name for written in same for name in written.source))
        result.append(_Said(value, _alone(fact, same[0]), names))
    return result


def _alone(fact: Fact, written: Fact | OtherValue) -> Fact:
    """Return a fact with one of its values."""
    fields = {name: getattr(written, name) for name in OtherValue.model_fields}
    return fact.model_copy(update={**fields, "others": ()})


def _version(case: Case, chosen: dict[str, _Said]) -> Version:
    label = "; ".join(said.sources if len(chosen) == 1 else f"{key} by {said.sources}" for key, said in chosen.items())
    changes = {
        "facts": {**case.facts, **{key: said.fact for key, said in chosen.items()}},
        "values": {**case.values, **{key: said.value for key, said in chosen.items()}},
        # caches know a case by its settings
        "settings": (*case.settings, *((f"facts.{key}", said.sources) for key, said in chosen.items())),
    }
    return Version(case.model_copy(update=changes), label)


def parted(outcomes: Sequence[tuple[Version, str]]) -> str:
    """Return which verdict each version leads to: "by authority it fails; by radio it holds"."""
    groups: dict[str, list[str]] = {}
    for version, verdict in outcomes:
        groups.setdefault(verdict, []).append(version.sources)
    said = {"holds": "it holds", "fails": "it fails"}
    return "; ".join(
        f"by {' or '.join(names)} {said.get(verdict, f'the verdict is: {verdict}')}"
        for verdict, names in groups.items()
    )
