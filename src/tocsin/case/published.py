"""Published strategic games that a case may use as structural models: their parameters and results.

A case names a game in its block `published` (`shift: {model: fearon1995_preventive, why: ...}`), gives each parameter as
a belief `shift.PARAMETER`, and reads a result in a test as `published(shift, RESULT)`. `models.published` solves the
games; docs/published-games.md gives the source of each formula.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.case.inputs import InputKind, kind_of
from tocsin.case.schema import JoinedCase
from tocsin.translation import template


@dataclass(frozen=True)
class Published:
    """A published game.

    Attributes:
        cite: the work.
        says: its question, in one line.
        parameters: names, units, admissible ranges, meanings. ACTOR in a name stands for an actor of the case; such a
            parameter is given for every actor that takes part.
        results: name -> meaning; all are pure numbers.
    """

    cite: str
    says: str
    parameters: tuple[InputKind, ...]
    results: Mapping[str, str]


def _kind(name: str, low: float, high: float, meaning: str) -> InputKind:
    return InputKind(name, "1", low, high, meaning)


PUBLISHED: dict[str, Published] = {
    "fearon1995_preventive": Published(
        cite="Fearon 1995, Rationalist Explanations for War, International Organization 49(3): 379-414",
        says="bargaining before war when power shifts: does the declining state attack now?",
        parameters=(
            _kind("rising_now", 0, 1, template("probability that the rising state would win a war now")),
            _kind(
                "rising_later",
                0,
                1,
                template("probability that the rising state would win a war from the next period on"),
            ),
            _kind("cost", 0, 1000, template("cost of war to the declining state, in pies of one period")),
            _kind("discount", 0, 0.999, template("discount factor of a period")),
        ),
        results={
            "war": "1 if the declining state attacks at once, else 0",
            "margin": "how much the shift exceeds what concessions can compensate; above 0 there is war",
            "threshold": "the later winning probability of the rising state above which there is war",
        },
    ),
    "fearon1995_risk_return": Published(
        cite="Fearon 1995, Rationalist Explanations for War, International Organization 49(3): 379-414",
        says="an offer to a state whose cost of war is private: how much risk does the proposer accept for a better bargain?",
        parameters=(
            _kind("strength", 0, 1, template("probability that the proposer would win a war")),
            _kind("cost", 0, 1000, template("cost of war to the proposer, in pies")),
            _kind("cost_bound", 1e-6, 1000, template("the other's cost of war is uniform from 0 to this, in pies")),
        ),
        results={
            "offer": "share of the pie that the proposer claims",
            "war": "probability that the claim is refused and there is war",
        },
    ),
    "fearon1994": Published(
        cite="Fearon 1994, Domestic Political Audiences and the Escalation of International Disputes, APSR 88(3): 577-592",
        says="a crisis as a war of attrition before domestic audiences: who backs down, and when is there war?",
        parameters=(
            _kind(
                "audience_a",
                1e-9,
                1000,
                template("growth of state A's cost of backing down, in prizes per unit of time"),
            ),
            _kind(
                "audience_b",
                1e-9,
                1000,
                template("growth of state B's cost of backing down, in prizes per unit of time"),
            ),
            _kind("aversion_a", 1e-9, 1000, template("A's value of war is uniform from minus this to 0, in prizes")),
            _kind("aversion_b", 1e-9, 1000, template("B's value of war is uniform from minus this to 0, in prizes")),
        ),
        results={
            "concede_a": "probability that A backs down at once",
            "concede_b": "probability that B backs down at once",
            "wins_a": "probability that B backs down in the end",
            "wins_b": "probability that A backs down in the end",
            "war": "probability that neither ever backs down",
            "horizon": "time after which nobody backs down any more",
        },
    ),
    "powell2006": Published(
        cite="Powell 2006, War as a Commitment Problem, International Organization 60(1): 169-203",
        says="a shift of power that exceeds the surplus from peace: no bargain can be kept",
        parameters=(
            _kind("rising_now", 0, 1, template("probability that the rising state would win a war now")),
            _kind(
                "rising_later",
                0,
                1,
                template("probability that the rising state would win a war from the next period on"),
            ),
            _kind("destroyed", 0, 1, template("share of the flow of benefits that war destroys for good")),
            _kind("discount", 0, 0.999, template("discount factor of a period")),
        ),
        results={
            "war": "1 if no peaceful path gives both at least what fighting would, else 0",
            "margin": "discounted gain of the rising state minus the surplus from peace, in pies of one period",
        },
    ),
    "zagare_kilgour2000_unilateral": Published(
        cite="Zagare and Kilgour 2000, Perfect Deterrence, Cambridge University Press, chapter 5",
        says="one side defends, the other may challenge: how credible must the defence be?",
        parameters=(
            _kind("win", -1000, 1000, template("challenger's payoff if the defender concedes")),
            _kind("status_quo", -1000, 1000, template("challenger's payoff if it does not challenge")),
            _kind("fight_hard", -1000, 1000, template("a hard challenger's payoff of conflict")),
            _kind("back_down", -1000, 1000, template("challenger's payoff if it backs down")),
            _kind("fight_soft", -1000, 1000, template("a soft challenger's payoff of conflict")),
            _kind("credibility", 0, 1, template("probability that the defender prefers to resist")),
        ),
        results={
            "threshold_hard": "credibility from which a hard challenger is deterred",
            "threshold_soft": "credibility from which a soft challenger is deterred",
            "deterred_hard": "1 if a hard challenger is deterred, else 0",
            "deterred_soft": "1 if a soft challenger is deterred, else 0",
        },
    ),
    "zagare_kilgour2000_mutual": Published(
        cite="Zagare and Kilgour 2000, Perfect Deterrence, chapter 4; Kilgour and Zagare 1991, AJPS 35(2): 305-334",
        says="two sides that may each break the peace or retaliate: is deterrence certain?",
        parameters=(
            _kind("win", -1000, 1000, template("payoff of breaking the peace without retaliation")),
            _kind("status_quo", -1000, 1000, template("payoff of peace")),
            _kind("fight_hard", -1000, 1000, template("payoff of conflict to a side that would retaliate")),
            _kind("credibility_a", 0, 1, template("probability that A would retaliate")),
            _kind("credibility_b", 0, 1, template("probability that B would retaliate")),
        ),
        results={
            "threshold": "credibility from which the other's attack does not pay even to a hard side",
            "sure_thing": "1 if both reach it, so that peace is an equilibrium for all types, else 0",
        },
    ),
    "signorino_tarar2006": Published(
        cite="Signorino and Tarar 2006, A Unified Theory and Test of Extended Immediate Deterrence, AJPS 50(3): 586-605",
        says="attack and defence with private payoffs: how likely is each outcome?",
        parameters=(
            _kind("attacker_status_quo", -1000, 1000, template("attacker's payoff of not attacking")),
            _kind("attacker_capitulation", -1000, 1000, template("attacker's payoff if the protege is not defended")),
            _kind("attacker_war", -1000, 1000, template("attacker's payoff of war")),
            _kind("defender_capitulation", -1000, 1000, template("defender's payoff of not defending")),
            _kind("defender_war", -1000, 1000, template("defender's payoff of war")),
            _kind("spread", 1e-9, 1000, template("standard deviation of the private part of each payoff")),
        ),
        results={
            "attack": "probability of an attack",
            "defend": "probability of defence, given an attack",
            "capitulation": "probability of an attack without defence",
            "war": "probability of war",
        },
    ),
    "kydd2005": Published(
        cite="Kydd 2005, Trust and Mistrust in International Relations, Princeton University Press, chapter 2",
        says="two states that would cooperate if they trusted each other: do they trust enough?",
        parameters=(
            _kind("trust_a", 0, 1, template("A's probability that B is trustworthy")),
            _kind("trust_b", 0, 1, template("B's probability that A is trustworthy")),
            _kind(
                "temptation_a",
                -1000,
                0.999999,
                template("a trustworthy A's payoff of exploiting B; cooperation of both is 1, of none 0"),
            ),
            _kind(
                "temptation_b",
                -1000,
                0.999999,
                template("a trustworthy B's payoff of exploiting A; cooperation of both is 1, of none 0"),
            ),
            _kind("loss_a", 0, 1000, template("what A loses when exploited")),
            _kind("loss_b", 0, 1000, template("what B loses when exploited")),
        ),
        results={
            "threshold_a": "the smallest trust at which a trustworthy A cooperates with a trustworthy B",
            "threshold_b": "the same for B",
            "cooperation": "1 if trustworthy states can cooperate in equilibrium, else 0",
            "conflict_untrustworthy": "probability, given conflict, that A or B is untrustworthy",
        },
    ),
    "jackson_nei2015": Published(
        cite="Jackson and Nei 2015, Networks of Military Alliances, Wars, and International Trade, PNAS 112(50): 15277-15284",
        says="a network of alliances: which states can a group of allies attack and defeat?",
        parameters=(
            _kind("strength.ACTOR", 0, 1e12, template("military strength of the state, in one unit for all states")),
            _kind("tie.ACTOR.ACTOR", 0, 1, template("1 if the two are allied, else 0; 0 by default")),
            _kind("advantage", 1e-6, 1000, template("multiple of the defenders' strength that attackers need")),
        ),
        results={
            "vulnerable.ACTOR": "1 if a group of allies can defeat the state and its remaining allies, else 0",
            "secure": "1 if no state is vulnerable, else 0",
        },
    ),
}


_ACTOR = r"[A-Za-z][A-Za-z0-9_]*"


def kind_in(case: JoinedCase, name: str) -> tuple[InputKind, Mapping[str, str]] | None:
    """Return the kind of a belief and what the capitals of its pattern stand for (see `inputs.kind_of`).

    The belief is a parameter of a published game of the case, or an input of the coercion model; None if it is neither.
    """
    head, _, parameter = name.partition(".")
    if head not in case.published:
        return kind_of(name)
    game = PUBLISHED.get(case.published[head].model)
    kinds = [kind for kind in game.parameters if _fits(kind.pattern, parameter)] if game else []
    return (kinds[0], {}) if kinds else None


def actors_in(case: JoinedCase, name: str) -> tuple[str, ...]:
    """Return the actors in a published game's parameter or result: KOR in `shift.strength.KOR`."""
    game = PUBLISHED[case.published[name.partition(".")[0]].model]
    rest = name.partition(".")[2]
    for pattern in (*(kind.pattern for kind in game.parameters), *game.results):
        if _fits(pattern, rest):
            slots = zip(rest.split("."), pattern.split("."), strict=True)
            return tuple(word for word, slot in slots if slot == "ACTOR")
    return ()


def parameters_of(case: JoinedCase, name: str) -> tuple[str, ...]:
    """Return the parameters of a published game that the beliefs of a case give, without the name of the game."""
    return tuple(key.partition(".")[2] for key in case.beliefs if key.partition(".")[0] == name)


def gives(case: JoinedCase, name: str, result: str) -> bool:
    """Return whether a published game of a case has a result: a declared one, of an actor that takes part."""
    game = PUBLISHED[case.published[name].model]
    if not any(_fits(pattern, result) for pattern in game.results):
        return False
    taking_part = {word for parameter in parameters_of(case, name) for word in actors_in(case, f"{name}.{parameter}")}
    return set(actors_in(case, f"{name}.{result}")) <= taking_part


def _fits(pattern: str, name: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace("ACTOR", _ACTOR), name) is not None
