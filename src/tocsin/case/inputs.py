"""The inputs that models read from the beliefs of a case: names, units, admissible ranges and meanings.

`NAME@theatre` gives an input a different value in one theatre. Capitals in a pattern stand for an actor, a regime, a
challenger type or a state. Hazards are per year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin.case.game_blocks import DatedGame
from tocsin.case.nodes import Node, calls, inputs
from tocsin.case.units import Unit, parse_unit
from tocsin.errors import did_you_mean
from tocsin.translation import message, template

if TYPE_CHECKING:
    from tocsin.case.game_blocks import Regime, Theatre
    from tocsin.case.schema import CaseFile, JoinedCase

FREE_TYPE = "revisionist"
"""The challenger type for which the value of the aim is 1 by definition: it needs no belief `aim.<TYPE>`."""


@dataclass(frozen=True)
class InputKind:
    """A kind of input: the pattern of its name, its unit, its smallest and largest value, and its meaning, a template of the catalogue."""

    pattern: str
    unit: str
    low: float
    high: float
    meaning: str

    def parsed_unit(self) -> Unit:
        """Return the parsed unit."""
        return parse_unit(self.unit)


def _kind(pattern: str, unit: str, low: float, high: float, meaning: str) -> InputKind:
    return InputKind(pattern, unit, low, high, meaning)


KINDS: tuple[InputKind, ...] = (
    _kind("precision", "1", 0, 1e6, template("how sharply actors choose the better option, per unit of their own lifetime stake")),
    _kind("aim.TYPE", "1", 1e-4, 1, template("value of the aim to a challenger of this type; 1 for a revisionist")),
    _kind("falling.TYPE", "1", 0, 100, template("cost of losing power to a challenger of this type, in aims")),
    _kind("toppling", "1", 0, 1, template("probability that the challenger loses power after a lost war")),
    _kind("stake.ACTOR", "1", 1e-4, 10, template("value of the challenger's aim to this actor, in the challenger's aims")),
    _kind("standing_aside.ACTOR", "1", 0, 10, template("lifetime cost, in units of the whole aim, of standing aside when the other is attacked or pressed")),
    _kind("standing_aside.ACTOR.challenger", "1", 0, 10, template("lifetime cost, in units of the whole aim, of leaving the challenger alone, for a protector that is bound to it too")),
    _kind("cost.press", "1", 0, 10, template("lifetime cost, in units of the whole aim, of a year of military pressure")),
    _kind("hostility", "1", -1, 1, template("what a year of pressing is worth in itself to the challenger, in aims; 0 unless given")),
    _kind("cost.influence", "1", 0, 10, template("lifetime cost, in units of the whole aim, of a year of operations inside other states' politics")),
    _kind("cost.condemn", "1", -0.02, 0.02, template("lifetime cost, in units of the whole aim, of a year of condemnation; below 0 if words pay at home")),
    _kind("cost.back_down", "1", 0, 10, template("lifetime cost, in units of the whole aim, of backing down before an audience")),
    _kind("cost.clash", "1", 0, 10, template("lifetime cost, in units of the whole aim, of a limited clash, to each actor that stands in")),
    _kind("cost.war.challenger", "1", 0, 100, template("lifetime cost, in units of the whole aim, of war to the challenger")),
    _kind("cost.war.target", "1", 0, 100, template("lifetime cost, in units of the whole aim, of war to the target")),
    _kind("cost.war.protector", "1", 0, 100, template("lifetime cost, in units of the whole aim, of war to a protector that stands in")),
    _kind("cost.war.backer", "1", 0, 100, template("lifetime cost, in units of the whole aim, of war to a backer that stands in")),
    _kind("shadow", "1", 0, 100, template("nuclear shadow: added to the war cost of the challenger and of all who stand in")),
    _kind("dividend", "1", -10, 10, template("gain of an engaging target from conceding, in aims")),
    _kind("widening", "1", 0, 1, template("probability that a clash widens to war")),
    _kind("accident", "per year", 0, 1, template("base hazard of war by false alarm")),
    _kind("accident_after_clash", "1", 0, 1, template("probability of war by false alarm after a clash")),
    _kind("blows.ACTOR", "launchers", 0, 1e6, template("launchers that the actor's first blow would destroy if each had been found")),
    _kind("decapitation.ACTOR", "1", 0, 1, template("probability that the actor's first blow brings the regime down at once")),
    _kind("launchers", "launchers", 1, 1e6, template("launchers of the challenger that can reach a defender")),
    _kind("hidden", "1", 0, 0.99, template("share of the challenger's launchers that a first blow cannot find")),
    _kind("cost.strike", "1", 0, 100, template("lifetime cost, in units of the whole aim, of a first strike, to the defender that begins it")),
    _kind("cost.strike.peace", "1", 0, 100, template("lifetime cost, in units of the whole aim, of beginning it in peace, on top of `cost.strike`")),
    _kind("alarm", "per year", 0, 1, template("probability of a crisis by false warning, in which either side may strike first")),
    _kind("warning", "1", 0, 1, template("probability that either side then gives to the other's being about to begin")),
    _kind("strike_instability", "1", 0, 10, template("slope of the hazard of war by false alarm in the log of usable strike strength")),
    _kind("stray", "1", 0, 1, template("probability that the record counts a year as pressure although the model's kind of pressure was absent")),
    _kind("stray.concession", "1", 0, 1, template("probability that the record counts a concession in a year of pressure without one in the model's sense")),
    _kind("stray.clash", "1", 0, 1, template("probability that the record counts a clash in a year of pressure without one in the model's sense")),
    _kind("rollback", "per year", 0, 1, template("hazard that a step towards the aim is undone")),
    _kind("decisiveness.war", "1", 0, 20, template("exponent of the contest of strength in war")),
    _kind("decisiveness.clash", "1", 0, 20, template("exponent of the contest of strength in a clash")),
    _kind("cutpoint.war.win", "1", -10, 20, template("log odds against a victory of the challenger in a war between equals")),
    _kind("cutpoint.war.lose", "1", -10, 20, template("log odds against a defeat of the challenger in a war between equals")),
    _kind("cutpoint.clash.win", "1", -10, 20, template("log odds against a success of the challenger in a clash between equals")),
    _kind("conquest", "1", 0, 1, template("probability that a war that the challenger wins reaches its whole aim")),
    _kind("capital_share", "1", 0, 1, template("weight of the capital stock, relative to personnel, in strength")),
    _kind("depreciation", "per year", 1e-3, 1, template("share of the military stock that is lost in a year")),
    _kind("ppp_weight", "1", 0, 1, template("price of the force: 0 market rates, 1 purchasing power")),
    _kind("personnel.ACTOR", "persons", 1, 1e9, template("active military personnel")),
    _kind("spending.ACTOR", "USD bn per year", 0, 1e5, template("spending of an actor without rows, in purchasing-power dollars of the price year")),
    _kind("growth.ACTOR", "per year", -0.5, 0.5, template("real growth of spending after the actor's path ends")),
    _kind("usable.ACTOR.STATE", "1", 0, 1, template("share of the force that is lawfully usable when the posture is firm or loose")),
    _kind("usable.ACTOR", "1", 0, 1, template("share of the force that is usable")),
    _kind("share.ACTOR", "1", 0, 1, template("share of the actor's force meant for the theatre")),
    _kind("reach.ACTOR", "1", 0, 1, template("share of the usable force that can be brought to the theatre")),
    _kind("access_lost.ACTOR", "1", 0, 1, template("share of the actor's reach that is lost if the host of its bases stands aside")),
    _kind("loose_commitment.ACTOR", "1", 0, 10, template("factor on its cost of standing aside when its alignment is loose")),
    _kind("loose_commitment.REGIME", "1", 0, 10, template("factor on the actor's cost of standing aside when this one of its alignments is loose")),
    _kind("loose_reach.ACTOR", "1", 0, 1, template("factor on its reach when its alignment is loose")),
    _kind("loose_reach.REGIME", "1", 0, 1, template("factor on the actor's reach when this one of its alignments is loose")),
    _kind("arms_lost.ACTOR", "1", 0, 1, template("share of its strength that is lost if the supplier of its arms takes the other side")),
    _kind("abandon_loose", "1", 0, 10, template("factor on the protectors' cost of standing aside when the target's alignment is loose")),
    _kind("abandon_loose.challenger", "1", 0, 10, template("factor on the backers' cost of standing aside when the challenger's alignment is loose")),
    _kind("loosens.REGIME", "per year", 0, 1, template("hazard that the regime leaves its firm state")),
    _kind("firms.REGIME", "per year", 0, 1, template("hazard that the regime returns to its firm state")),
    _kind("renewed.REGIME", "1", 0, 1, template("probability that a treaty is renewed when its term ends")),
    _kind("susceptibility.REGIME", "1", -10, 10, template("logit shift of its hazards towards loose for each instrument used")),
    _kind("signal.home", "1", 0, 1000, template("what the loudest words earn the challenger at home, in log odds")),
    _kind("signal.price", "1", 0, 1000, template("what the leader's word costs in credibility, in log odds")),
    _kind("signal.act", "1", 0, 1000, template("cost of a costly act beside the words, in log odds")),
    _kind("signal.bluff", "1", 0, 1000, template("cost of the leader's word when a pose is called, in log odds")),
    _kind("signal.undone", "1", 0, 1, template("share of the event's harm that is undone if the other side slows down")),
    _kind("signal.danger", "1", 0, 100, template("cost to the other side of continuing against an alarmed challenger; slowing down costs 1")),
    _kind("signal.prior", "1", 0, 1, template("probability that the other side gives to alarm before anything is said")),
    _kind("signal.caution", "1", 0, 1000, template("how sharply the other side chooses, per cost of slowing down")),
    _kind("signal.ordinary.PART", "1", 0, 1, template("probability of such a statement in a week from habit and calendar alone, by rung")),
    _kind("words.PART", "1", -10, 100, template("a figure of an account of rhetoric: a share of what was said, or a factor on it")),
    _kind("backlash.REGIME", "1", -10, 10, template("logit shift of its hazards towards firm for each instrument used")),
)  # fmt: skip

_PIECES = {
    "TYPE": r"(?P<type>[A-Za-z][A-Za-z0-9_]*)",
    "ACTOR": r"(?P<actor>[A-Za-z][A-Za-z0-9_]*)",
    "STATE": r"(?P<state>firm|loose)",
    "REGIME": r"(?P<regime>[A-Za-z][A-Za-z0-9_.]*)",
    "PART": r"[a-z][a-z_]*(?:\.[a-z_]+)*",
}


def _compiled(pattern: str) -> re.Pattern[str]:
    body = re.escape(pattern)
    for word, piece in _PIECES.items():
        body = re.sub(rf"\b{word}\b", piece.replace("\\", r"\\"), body)
    return re.compile(body + r"(?:@(?P<theatre>[A-Za-z][A-Za-z0-9_]*))?\Z")


_MATCHERS = tuple((_compiled(kind.pattern), kind) for kind in KINDS)


def split(name: str) -> tuple[str, str | None]:
    """Return a name without its `@theatre`, and the theatre."""
    head, _, theatre = name.partition("@")
    return head, theatre or None


def kind_of(name: str) -> tuple[InputKind, Mapping[str, str]] | None:
    """Return the kind of an input and what its capitals stand for ({"actor": "JPN"}); None if no model reads it."""
    for matcher, kind in _MATCHERS:
        match = matcher.match(name)
        if match:
            return kind, {key: value for key, value in match.groupdict().items() if value}
    return None


def resolve(case: CaseFile, name: str, theatre: str) -> str | None:
    """Return the belief for input `name` in a theatre: `name@theatre`, else `name`, else None."""
    for candidate in (f"{name}@{theatre}", name):
        if candidate in case.beliefs:
            return candidate
    return None


def required(case: JoinedCase, theatre: str) -> tuple[str, ...]:
    """Return the names of all inputs that the theatre's model requires, in a fixed order."""
    game = case.theatres[theatre]
    names = [*_GENERAL]
    if game.backers:
        names.append("cost.war.backer")
    if game.protectors:
        names.append("cost.war.protector")
    names += [f"falling.{kind}" for kind in case.types]
    names += [f"aim.{kind}" for kind in case.types if kind != FREE_TYPE]
    names += [f"stake.{actor}" for actor in (game.target, *game.protectors, *game.backers)]
    names += [f"standing_aside.{actor}" for actor in (*game.protectors, *game.backers)]
    names += [f"standing_aside.{actor}.challenger" for actor in bound_to_both(game)]
    for actor in members(game):
        names += _of_actor(case, game, actor)
    for regime in game.regimes:
        names += _of_regime(case, game, regime)
    if strikers := strikers_of(case, theatre):
        names += [*(f"blows.{actor}" for actor in strikers), *_STRIKES]
    return tuple(dict.fromkeys(names))


def optional(case: JoinedCase, theatre: str) -> tuple[str, ...]:
    """Return the names of inputs that the theatre's model reads if given, with a neutral default."""
    game = case.theatres[theatre]
    reach = [f"reach.{actor}" for actor in (game.challenger, game.target)]
    record = ["stray", "stray.concession", "stray.clash"] if theatre in case.history else []
    record = record or ["stray"] * (game.pressure == "history")
    strikes = [f"decapitation.{actor}" for actor in strikers_of(case, theatre)]
    return ("hostility", *reach, *record, *strikes, *CONTEST_DEFAULTS, *(f"share.{actor}" for actor in members(game)))


CONTEST_DEFAULTS: Mapping[str, float] = {
    "cutpoint.war.win": 0.0,
    "cutpoint.war.lose": 0.0,
    "cutpoint.clash.win": 0.0,
    "conquest": 1.0,
}
"""Inputs of war and clash with the values of a case that gives their decisiveness alone: no fight is drawn, and a victory conquers."""


def strikers_of(case: JoinedCase, theatre: str) -> tuple[str, ...]:
    """Return the defenders of a theatre for which the case gives `blows.ACTOR`: they have the means to strike first."""
    game = case.theatres[theatre]
    return tuple(
        actor for actor in (game.target, *game.protectors) if resolve(case, f"blows.{actor}", theatre) is not None
    )


def beliefs_read(case: JoinedCase, tests: Iterable[Node]) -> set[str]:
    """Return the beliefs that a theatre, a test or a group of alike that has one of these reads; also names that no belief has."""
    read = {name for theatre in case.theatres for name in beliefs_of_theatre(case, theatre)}
    for node in tests:
        read |= inputs(node)
        heads = {"signal." if call.name == "signal" else f"{call.published}." for call in calls(node)}
        read |= {name for name in case.beliefs if name.startswith(tuple(heads))}
    sets = (names for group in case.alike.values() for names in group.sets)
    return read | {names[0] for names in sets if not read.isdisjoint(names)}


def beliefs_of_theatre(case: JoinedCase, theatre: str) -> set[str]:
    """Return the beliefs that the game of a theatre reads; also names that no belief has."""
    names = (*required(case, theatre), *optional(case, theatre), *(f"aim.{key}" for key in case.types))
    return {resolve(case, name, theatre) or name for name in names}


def members(theatre: Theatre) -> tuple[str, ...]:
    """Return the actors of a theatre, each once: challenger, target, protectors, backers."""
    return tuple(dict.fromkeys((theatre.challenger, theatre.target, *theatre.protectors, *theatre.backers)))


def bound_to_both(theatre: Theatre) -> tuple[str, ...]:
    """Return the actors that are protectors and backers at once."""
    return tuple(actor for actor in theatre.protectors if actor in theatre.backers)


def input_of_alignment(regimes: Mapping[str, Regime], listed: Iterable[str], name: str, kind: str) -> str:
    """Return the name of an input of an alignment: `KIND.ACTOR`, or `KIND.REGIME` if its actor has several alignments.

    Args:
        regimes: the regimes of the case.
        listed: those of the theatre.
        name: the alignment.
        kind: `loose_commitment` or `loose_reach`.
    """
    actor = regimes[name].actor
    same = [other for other in listed if (regimes[other].actor, regimes[other].kind) == (actor, "alignment")]
    return f"{kind}.{actor if len(same) == 1 else name}"


def suggestion(name: str, case: JoinedCase) -> str:
    """Return a remedy for the name of a belief that no model reads."""
    head, _ = split(name)
    known: set[str] = set()
    for theatre in case.theatres:
        known.update(required(case, theatre), optional(case, theatre))
    if not known:
        return message("use the name of an input of docs/case-beliefs.md, such as `growth.ACTOR`, or remove the belief")
    return did_you_mean(head, known)


_GENERAL = (
    "precision", "toppling", "cost.press", "cost.influence", "cost.condemn", "cost.back_down", "cost.clash",
    "cost.war.challenger", "cost.war.target", "shadow", "dividend", "widening", "accident",
    "accident_after_clash", "strike_instability", "rollback", "decisiveness.war", "decisiveness.clash",
    "capital_share", "depreciation", "ppp_weight",
)  # fmt: skip
_STRIKES = ("launchers", "hidden", "cost.strike", "cost.strike.peace", "alarm", "warning")


def _of_actor(case: JoinedCase, game: Theatre, actor: str) -> list[str]:
    kinds = {case.regimes[name].kind for name in _known(game.regimes, case) if case.regimes[name].actor == actor}
    names = [f"personnel.{actor}", f"growth.{actor}"]
    if not any(row.actor == actor for row in case.spending_rows):
        names.append(f"spending.{actor}")
    names += [f"usable.{actor}.firm", f"usable.{actor}.loose"] if "posture" in kinds else [f"usable.{actor}"]
    if actor in (*game.protectors, *game.backers):
        names.append(f"reach.{actor}")
    if actor in game.access:
        names.append(f"access_lost.{actor}")
    if actor in game.arms:
        names.append(f"arms_lost.{actor}")
    today = (other for other in case.theatres.values() if not isinstance(other, DatedGame))
    if sum(actor in members(other) for other in today) > 1:
        names.append(f"share.{actor}")
    if "alignment" in kinds and actor == game.target:
        names.append("abandon_loose")
    if "alignment" in kinds and actor == game.challenger and game.backers:
        names.append("abandon_loose.challenger")
    return names


def _of_regime(case: JoinedCase, game: Theatre, name: str) -> list[str]:
    names = [f"loosens.{name}", f"firms.{name}"]
    regime = case.regimes.get(name)
    if regime is None:
        return names
    if regime.kind == "alignment" and regime.actor in (*game.protectors, *game.backers):
        listed = _known(game.regimes, case)
        names += [input_of_alignment(case.regimes, listed, name, f"loose_{kind}") for kind in ("commitment", "reach")]
    if regime.term is not None:
        names.append(f"renewed.{name}")
    if regime.loosened_by:
        names.append(f"susceptibility.{name}")
    if regime.rallied_by:
        names.append(f"backlash.{name}")
    return names


def _known(names: Iterable[str], case: JoinedCase) -> list[str]:
    return [name for name in names if name in case.regimes]
