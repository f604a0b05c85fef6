"""What a new case says of its states, with its sources: forces, spending, reach, pacts and nuclear weapons, as known on its day."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from tocsin.case.inputs import kind_of
from tocsin.case.reasons import MARKS, PROMPTS
from tocsin.cli.new_money import Money, money_of, personnel_of
from tocsin.cli.new_pacts import Pacts, is_cached
from tocsin.cli.new_reach import SETS, reference, shares_at
from tocsin.translation import Text, Translator, message

if TYPE_CHECKING:
    from tocsin.cli.new import Player, Roles
    from tocsin.cli.new_money import Last

TEMPLATE_RANGES: Mapping[str, str] = {
    "personnel": "lognormal(150000 to 800000)",
    "spending": "lognormal(10 to 80)",
}
"""Wide ranges that fit no state in particular, for what describes one state and so has no default."""
NUCLEAR = 'nuclear: {cite: "States with nuclear weapons by year, after Gartzke and Kroenig 2009, as the program lists them", grade: B2}'


@dataclass(frozen=True)
class Figures:
    """What a new case says of its states.

    Attributes:
        facts: lines of `facts`, one for each pact.
        beliefs: lines of `beliefs`, one for each input.
        sources: lines of `sources` that they cite.
        money: what the figures of spending are, in a sentence; "" if there are none. It has its template, as it is said to the user, too.
        notes: sentences on what is not known, for the user.
    """

    facts: tuple[str, ...]
    beliefs: tuple[str, ...]
    sources: tuple[str, ...]
    money: Text
    notes: tuple[str, ...]


def figures(roles: Roles, pacts: Pacts | None, language: str) -> Figures:
    """Return what the data sets in the cache say of the states of a case, by the last year that ended before its day.

    Args:
        roles: the actors and the day.
        pacts: defence pacts of challenger and target; None if they are not known.
        language: of the lines.
    """
    writer = Writer(language)
    states = {actor.number: actor for actor in roles.actors if actor.number is not None}
    people, money = personnel_of(states, roles.known_year), money_of(states, roles.known_year)
    beliefs: list[str] = []
    notes: list[str] = []
    for actor in roles.actors:
        soldiers = people.get(actor.number) if actor.number is not None else None
        beliefs.append(_personnel(actor, soldiers, writer))
        line, note = _spending(actor, money, soldiers, writer)
        beliefs.append(line)
        notes += [note] if note else []
    beliefs += [*_reach(roles, writer), *_shadow(roles, writer)]
    return Figures(
        facts=tuple(_pact_facts(roles, pacts, writer)) if pacts is not None else (),
        beliefs=tuple(beliefs),
        sources=(NUCLEAR,) if any("source: nuclear" in line for line in beliefs) else (),
        money=money.says if money is not None else Text(),
        notes=tuple(notes),
    )


# --- forces and money ------------------------------------------------------------------------------------------------


class Writer:
    """Writes reasons in the language of a case."""

    def __init__(self, language: str) -> None:
        self.plain = Translator(language=language).plain
        self.mark, self.prompt = MARKS[language], PROMPTS[language]

    def template(self, name: str) -> str:
        """Return a line of `beliefs` with a wide range, marked as a template."""
        match = kind_of(name)
        assert match is not None
        kind, _ = match
        return (
            f'{name}: {{is: "{TEMPLATE_RANGES[name.partition(".")[0]]}", unit: {kind.unit}, by: "{self.mark}", '
            f'why: "{self.prompt} ({self.plain(message(kind.meaning))})"}}'
        )


def _personnel(actor: Player, last: Last | None, writer: Writer) -> str:
    if last is None or last.is_old:
        return writer.template(f"personnel.{actor.key}")
    why = writer.plain(message("active personnel in {year}", year=str(last.year)))
    return (
        f'personnel.{actor.key}: {{is: "fixed({last.value:.0f})", from: "{last.reference}", unit: persons, '
        f'why: "{why}"}}'
    )


def _spending(actor: Player, money: Money | None, soldiers: Last | None, writer: Writer) -> tuple[str, str]:
    """Return the line on an actor's spending, and a sentence if it is not known; "" otherwise."""
    name = f"spending.{actor.key}"
    if money is None or actor.number is None:
        return writer.template(name), ""
    last = money.last.get(actor.number)
    if last is not None and not last.is_old:
        why = writer.plain(message("military spending in {year}, {prices}", year=str(last.year), prices=money.words))
        return (
            f'{name}: {{is: "{last.distribution}", from: "{last.reference}", unit: USD bn per year, why: "{why}"}}',
            "",
        )
    wide = money.wide(actor.number, soldiers)
    if wide is None:
        return writer.template(name), f"No spending of {actor.name} is known; the range is a template."
    line = (
        f'{name}: {{is: "{wide.distribution}", unit: USD bn per year, by: "{writer.mark}", '
        f'why: "{writer.prompt}: {writer.plain(wide.why)}"}}'
    )
    return line, f"The spending of {actor.name} is not known: {wide.why}."


# --- reach -----------------------------------------------------------------------------------------------------------


def _reach(roles: Roles, writer: Writer) -> Iterator[str]:
    """Yield the reach of helpers, and of a challenger that does not touch the target."""
    target = roles.target.number
    movers = {actor.number: actor for actor in roles.actors if actor.number is not None and actor is not roles.target}
    if target is None or not movers or not is_cached(SETS):
        return
    shares = shares_at(movers, target, roles.known_year)
    for number, actor in movers.items():
        share = shares.get(number)
        if share is None or share.low is None or share.high is None:
            continue
        if actor is roles.challenger and share.kilometres == 0:
            continue
        why = message(
            "strength lost over {distance} km between borders, more to the capital: Bueno de Mesquita 1981 at half to twice his speed, in {year}",
            distance=f"{share.kilometres:.0f}",
            year=str(share.year),
        )
        yield (
            f'reach.{actor.key}: {{is: "uniform({share.low:.4g}, {share.high:.4g})", from: "{reference(number, target, share)}", '
            f'unit: "1", why: "{writer.plain(why)}"}}'
        )


# --- weapons and pacts -----------------------------------------------------------------------------------------------


def nuclear_states(year: int) -> Collection[int]:
    """Return the states that had nuclear weapons in a year, by number."""
    text = (files("tocsin.evidence") / "past" / "nuclear.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {int(row["state"]) for row in rows if int(row["first"]) <= year <= int(row["last"] or year)}


def _shadow(roles: Roles, writer: Writer) -> Iterator[str]:
    """Yield that there is no nuclear shadow, if all actors are states on record and none had such weapons."""
    numbers = {actor.number for actor in roles.actors}
    if None not in numbers and not numbers & set(nuclear_states(roles.day.year)):
        why = message("no state of the case had nuclear weapons in {year}", year=str(roles.day.year))
        yield f'shadow: {{is: "fixed(0)", unit: "1", source: nuclear, why: "{writer.plain(why)}"}}'


def _pact_facts(roles: Roles, pacts: Pacts, writer: Writer) -> Iterator[str]:
    """Yield a fact for each helper: whether it must defend its side on the day."""
    for helpers, side in ((roles.protectors, roles.target), (roles.backers, roles.challenger)):
        for helper in helpers:
            if helper.number is None or side.number is None:
                continue
            origin = pacts.reference(helper.number, side.number)
            if origin is None:
                continue
            note = message(
                "whether {helper} must defend {side} {when}", helper=helper.name, side=side.name, when=pacts.when
            )
            holds = str((helper.number, side.number) in pacts.bound).lower()
            yield (
                f'pact.{helper.key}.{side.key}: {{value: {holds}, from: "{origin}", confidence: medium, '
                f'note: "{writer.plain(note)}"}}'
            )
