"""Between whom a claim runs: read off its test first, then off its text, never guessed from its number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from tocsin.case import nodes
from tocsin.case.quantities import QUANTITIES
from tocsin.case.schema import Case

Pair = tuple[str, str | None]
"""From whom to whom; one state alone if there is no second."""

CAPITALS = {
    "Australia": "Canberra", "Belarus": "Minsk", "Britain": "London", "China": "Beijing", "Estonia": "Tallinn",
    "Finland": "Helsinki", "France": "Paris", "Georgia": "Tbilisi", "Germany": "Berlin", "India": "New Delhi",
    "Iran": "Tehran", "Israel": "Jerusalem", "Italy": "Rome", "Japan": "Tokyo", "Latvia": "Riga",
    "Lithuania": "Vilnius", "North Korea": "Pyongyang", "Norway": "Oslo", "Pakistan": "Islamabad",
    "Philippines": "Manila", "Poland": "Warsaw", "Russia": "Moscow", "South Korea": "Seoul", "Sweden": "Stockholm",
    "Taiwan": "Taipei", "Turkey": "Ankara", "Ukraine": "Kyiv", "United Kingdom": "London",
    "United States": "Washington", "Vietnam": "Hanoi",
}  # fmt: skip
"""Capitals, by which states are called in prose."""


def between(case: Case, name: str) -> Pair | None:
    """The two states that a claim runs between, the one state that it is about, or `None` if it names none.

    What its test asks of the model goes first (an event's actor to the challenger, the challenger to the actor whose
    regime it pulls); then the states that its text names, in their order; then those of the facts that it reads. A
    claim about motive is the challenger's.
    """
    claim = case.claims[name]
    tests = [test.node for test in case.tests[name].values()]
    for node in tests:
        for at in nodes.walk(node):
            pair = _of_call(case, at) if isinstance(at, nodes.Call) else None
            if pair is not None:
                return pair
    challenger = case.theatres[case.main].challenger
    named = [challenger] if claim.kind == "motive" else []
    in_text = mentioned(case, claim.says)
    in_facts = _in_facts(case, tests)
    subject = [actor for actor in in_facts if actor not in in_text]
    single = len(in_text) == 1 and bool(subject) and not named
    order = [*subject[:1], *in_text] if single else [*named, *in_text, *in_facts]
    found = list(dict.fromkeys(order))
    if not found:
        return None
    return found[0], found[1] if len(found) > 1 else None


def mentioned(case: Case, text: str) -> list[str]:
    """The states that a text names by name, key or capital, in the order of their first mention."""
    places = {}
    for key, actor in case.actors.items():
        names = [actor.name, CAPITALS.get(actor.name, actor.name)]
        at = [place for word in names if (place := _find(word, text)) >= 0]
        at += [found.start() for found in re.finditer(rf"\b{re.escape(key)}\b", text)]
        if at:
            places[key] = min(at)
    return sorted(places, key=lambda key: places[key])


def _find(word: str, text: str) -> int:
    """Where a name begins a word ("Japan" in "Japanese"), but not within a longer name ("Korea" in "North Korea")."""
    found = re.search(rf"\b{re.escape(word)}", text)
    return found.start() if found else -1


def _of_call(case: Case, call: nodes.Call) -> Pair | None:
    if call.theatre is None:
        return None
    challenger = case.theatres[call.theatre].challenger
    subject = QUANTITIES[call.name].subject
    if subject == "regime" and call.regime:
        pulled = case.regimes[call.regime].actor
        return (challenger, pulled) if pulled != challenger else None
    if subject == "actor" and call.actor and call.actor != challenger:
        return call.actor, challenger
    if subject == "events":
        for name in call.events:
            for key in case.events[name].set:
                actor = _owner(case, key)
                if actor and actor != challenger:
                    return actor, challenger
    return None


def _owner(case: Case, key: str) -> str | None:
    """Whose input an event sets: `spending.JPN`, `regimes.JPN.posture`."""
    head, _, rest = key.partition(".")
    if head == "regimes" and rest in case.regimes:
        return case.regimes[rest].actor
    return rest if rest in case.actors else None


def _in_facts(case: Case, tests: Sequence[nodes.Node]) -> list[str]:
    """Actors named in the keys of the facts that tests read: first those of a two-sided key, then by frequency."""
    keys = [key for node in tests for key in sorted(nodes.facts(node))]
    sided = [_actors_of(case, key) for key in keys]
    pairs = [actor for found in sided if len(found) == 2 for actor in found]
    often = Counter(actor for found in sided for actor in found)
    return list(dict.fromkeys([*(pairs if not _one_subject(often) else ()), *(a for a, _ in often.most_common())]))


def _one_subject(often: Counter[str]) -> bool:
    """Whether one actor stands out in the facts, so that it is the subject."""
    ranked = often.most_common(2)
    return len(ranked) == 2 and ranked[0][1] > ranked[1][1]


def _actors_of(case: Case, key: str) -> list[str]:
    parts: Iterable[str] = re.split(r"[._-]", key)
    return [part for part in parts if part in case.actors]
