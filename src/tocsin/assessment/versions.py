"""Judge a test by each value that sources give of its facts.

Where sources disagree about a fact, the case has several versions: one for each combination of the values that a test reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from textwrap import shorten
from typing import NamedTuple

from tocsin.assessment.result import Verdict
from tocsin.assessment.words import VERDICT_WORDS
from tocsin.case.nodes import Node, facts
from tocsin.case.schema import Case, Fact, OtherValue
from tocsin.case.values import Value, distinct
from tocsin.translation import Text, either, in_commas, in_semicolons, in_words, key_words, message

MAX_MAKER = 60
"""Characters of a maker's name."""


@dataclass(frozen=True)
class Version:
    """A case with one value of each fact that a test reads, and who gives these values: "The radio", "boxes by The radio"."""

    case: Case
    sources: Text


class _Statement(NamedTuple):
    """A value of a fact, the fact with it alone, and the sources that give it."""

    value: Value
    fact: Fact
    sources: tuple[str, ...]


def versions(case: Case, node: Node) -> tuple[Version, ...]:
    """Return the versions of a case for a test, that of the first sources first; one if the sources do not disagree."""
    open_facts = {key: statements for key in sorted(facts(node)) if len(statements := _statements(case, key)) > 1}
    if not open_facts:
        return (Version(case, Text()),)
    return tuple(_version(case, dict(zip(open_facts, chosen, strict=True))) for chosen in product(*open_facts.values()))


def statements_of(fact: Fact) -> tuple[Fact | OtherValue, ...]:
    """Return a fact and what other sources say of it."""
    return (fact, *fact.others)


def disputed_facts(case: Case, node: Node) -> tuple[str, ...]:
    """Return the facts of a test about whose value sources disagree."""
    return tuple(key for key in sorted(facts(node)) if len(_statements(case, key)) > 1)


def _statements(case: Case, key: str) -> list[_Statement]:
    """Return the different values of a fact, each with all sources that give it."""
    fact = case.facts[key]
    if not fact.others:
        return []
    pairs: list[tuple[Value, Fact | OtherValue]] = [(case.values[key], fact)]
    pairs += zip(case.other_values[key], fact.others, strict=True)
    result = []
    for value in distinct(value for value, _ in pairs):
        same = [written for other, written in pairs if len(distinct((other, value))) == 1]
        names = tuple(dict.fromkeys(name for written in same for name in written.source))
        result.append(_Statement(value, _alone(fact, same[0]), names))
    return result


def _alone(fact: Fact, written: Fact | OtherValue) -> Fact:
    """Return a fact with one of its values."""
    fields = {name: getattr(written, name) for name in OtherValue.model_fields}
    return fact.model_copy(update={**fields, "others": ()})


def _version(case: Case, chosen: dict[str, _Statement]) -> Version:
    names_by_fact = {key: _makers(case, key, statement.sources) for key, statement in chosen.items()}
    label = in_semicolons(
        names if len(chosen) == 1 else message("{fact} by {sources}", fact=key_in_words(case, key), sources=names)
        for key, names in names_by_fact.items()
    )
    changes = {
        "facts": {**case.facts, **{key: statement.fact for key, statement in chosen.items()}},
        "values": {**case.values, **{key: statement.value for key, statement in chosen.items()}},
        # caches know a case by its settings
        "settings": (
            *case.settings,
            *((f"facts.{key}", ", ".join(statement.sources)) for key, statement in chosen.items()),
        ),
    }
    return Version(case.model_copy(update=changes), label)


def _makers(case: Case, key: str, sources: Sequence[str]) -> Text:
    """Return who made some sources of a fact; with its key where a maker gives several values."""
    others = [name for statement in _statements(case, key) for name in statement.sources if name not in sources]
    named = [
        message("{maker} ({source})", maker=maker(case, name), source=name)
        if maker(case, name) in {maker(case, other) for other in others}
        else maker(case, name)
        for name in sources
    ]
    return in_commas(dict.fromkeys(named))


def maker(case: Case, source: str) -> str:
    """Return who made a source: its citation up to the first comma."""
    return shorten(case.sources[source].cite.split(",")[0], MAX_MAKER, placeholder=" …")


def key_in_words(case: Case, key: str) -> Text:
    """Return the key of a fact in words, with the names of actors: "personnel Japan 2025"."""
    parts = key.replace("_", ".").split(".")
    return in_words(case.actors[part].name if part in case.actors else key_words(part) for part in parts if part)


def parted(outcomes: Sequence[tuple[Version, Verdict]]) -> Text:
    """Return which verdict each version leads to: "by authority it fails; by radio it holds"."""
    groups: dict[Verdict, list[Text]] = {}
    for version, verdict in outcomes:
        groups.setdefault(verdict, []).append(version.sources)
    return in_semicolons(_led_to(verdict, either(names)) for verdict, names in groups.items())


def _led_to(verdict: Verdict, sources: Text) -> Text:
    if verdict == "holds":
        return message("by {sources} it holds", sources=sources)
    if verdict == "fails":
        return message("by {sources} it fails", sources=sources)
    return message("by {sources} the verdict is: {verdict}", sources=sources, verdict=VERDICT_WORDS[verdict])
