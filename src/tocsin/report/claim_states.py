"""The two states that a claim is about: taken from its test, else from its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from tocsin.case import nodes
from tocsin.case.inputs import kind_of
from tocsin.case.quantities import QUANTITIES
from tocsin.case.schema import Case

States = tuple[str, str | None]
"""Actor and object of a claim; one state alone if there is no second."""

CAPITALS = {
    "Australia": "Canberra", "Belarus": "Minsk", "Britain": "London", "China": "Beijing", "Estonia": "Tallinn",
    "Finland": "Helsinki", "France": "Paris", "Georgia": "Tbilisi", "Germany": "Berlin", "India": "New Delhi",
    "Iran": "Tehran", "Israel": "Jerusalem", "Italy": "Rome", "Japan": "Tokyo", "Latvia": "Riga",
    "Lithuania": "Vilnius", "North Korea": "Pyongyang", "Norway": "Oslo", "Pakistan": "Islamabad",
    "Philippines": "Manila", "Poland": "Warsaw", "Russia": "Moscow", "South Korea": "Seoul", "Sweden": "Stockholm",
    "Taiwan": "Taipei", "Turkey": "Ankara", "Ukraine": "Kyiv", "United Kingdom": "London",
    "United States": "Washington", "Vietnam": "Hanoi",
}  # fmt: skip
"""Capitals, which stand for their states in prose."""


def states_of(case: Case, name: str) -> States | None:
    """Return the states that a claim is about, from actor to object; `None` if it names none.

    The test comes first: from the actor whose input an event changes to the challenger, or from the challenger to the
    actor whose regime it pulls. Then come the states that the text names, in their order, then those of the facts that
    the test reads. A claim about motives begins with the challenger.
    """
    claim = case.claims[name]
    tests = [test.node for test in case.tests[name].values()]
    for test in tests:
        for node in nodes.walk(test):
            pair = _of_call(case, node) if isinstance(node, nodes.Call) else None
            if pair is not None:
                return pair
    challenger = [case.theatres[case.main].challenger] if claim.kind == "motive" else []
    in_text, in_facts = mentioned(case, claim.says), _in_facts(case, tests)
    subject = [actor for actor in in_facts if actor not in in_text][:1]
    if len(in_text) == 1 and subject and not challenger:
        states = [*subject, *in_text]
    else:
        states = list(dict.fromkeys([*challenger, *in_text, *in_facts]))
    if not states:
        return None
    return states[0], states[1] if len(states) > 1 else None


def mentioned(case: Case, text: str) -> list[str]:
    """Return the states that a text names by name, key or capital, in the order of their first mention."""
    first = {}
    for key, actor in case.actors.items():
        names = dict.fromkeys([actor.name, CAPITALS.get(actor.name, actor.name)])
        patterns = [*(rf"\b{re.escape(name)}" for name in names), rf"\b{re.escape(key)}\b"]  # "Japan" in "Japanese" too
        matches = [match.start() for pattern in patterns if (match := re.search(pattern, text))]
        if matches:
            first[key] = min(matches)
    return sorted(first, key=lambda key: first[key])


def _of_call(case: Case, call: nodes.Call) -> States | None:
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
            for key in case.events[name].changes:
                actor = _owner(case, key)
                if actor and actor != challenger:
                    return actor, challenger
    return None


def _owner(case: Case, key: str) -> str | None:
    """Return the actor whose input an event changes: JPN for `spending.JPN`, `regimes.JPN.posture` and `multiply.reach.JPN`."""
    head, _, rest = key.partition(".")
    if head == "regimes" and rest in case.regimes:
        return case.regimes[rest].actor
    known = kind_of(rest) if head == "multiply" else None
    if known is not None:
        return known[1].get("actor")
    return rest if rest in case.actors else None


def _in_facts(case: Case, tests: Sequence[nodes.Node]) -> list[str]:
    """Return the actors named in the keys of the facts that tests read, the most frequent first.

    The actors of two-sided keys come before all others unless one actor is the most frequent alone.
    """
    keys = [key for test in tests for key in sorted(nodes.facts(test))]
    named = [_actors_in(case, key) for key in keys]
    ranked = Counter(actor for actors in named for actor in actors).most_common()
    one_leads = len(ranked) > 1 and ranked[0][1] > ranked[1][1]
    pairs = [] if one_leads else [actor for actors in named if len(actors) == 2 for actor in actors]
    return list(dict.fromkeys([*pairs, *(actor for actor, _ in ranked)]))


def _actors_in(case: Case, key: str) -> list[str]:
    parts: Iterable[str] = re.split(r"[._-]", key)
    return [part for part in parts if part in case.actors]
