"""A game as the screens show it: who moves when, what each can do, and how likely each end is by the last run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tocsin.assessment.code_words import REGIME_WORDS
from tocsin.assessment.figures_result import Band
from tocsin.assessment.result import Assessment
from tocsin.assessment.words import spanned
from tocsin.case.form import INSTRUMENTS, Form
from tocsin.case.schema import Case
from tocsin.report.wording import percentage
from tocsin.runs.store import stored_runs
from tocsin.translation import Said, Text, in_commas, key_words, message, message_in
from tocsin.workbench.screens.verdict_views import assessment_of, came_with

INSTRUMENT_WORDS: Mapping[str, Text] = {
    "hold": message("Hold"),
    "condemn": message("Condemn"),
    "influence": message("Influence"),
    "press": message("Press"),
    "attack": message("Attack"),
}
_ENDS: Mapping[str, Text] = {
    "risk": message("The aim advances by a step or more"),
    "p_war": message("War comes"),
    "fall": message("The challenger falls"),
    "struck": message("A defender strikes first"),
}
"""Ends of a game within its horizon, by quantity."""


@dataclass(frozen=True)
class Option:
    """What an actor can do, and how likely it is in the first year by the last run; the chance is empty if that is not known."""

    name: Text
    chance: Said = ""


@dataclass(frozen=True)
class Move:
    """A decision in a year of the game.

    Attributes:
        who, role: who takes it, and as what.
        side: whether it is on the challenger's side or on the target's.
        when: the occasion.
        options: between what.
    """

    who: Said
    role: Text
    side: Literal["challenger", "target"]
    when: Text
    options: tuple[Option, ...]


@dataclass(frozen=True)
class End:
    """An end of the game within its horizon.

    Attributes:
        name: in words.
        bands: its chance by type of challenger.
    """

    name: Text
    bands: tuple[Band, ...]

    @property
    def low(self) -> float:
        """Return the lowest middle chance over the types."""
        return min(band[1] for band in self.bands)

    @property
    def high(self) -> float:
        """Return the highest middle chance over the types."""
        return max(band[1] for band in self.bands)

    @property
    def chance(self) -> Text:
        """Return the middle chances over the types, in words."""
        return _spread([band[1] for band in self.bands])


@dataclass(frozen=True)
class Game:
    """The game of a theatre: the decisions of a year, its ends by the last run, and how many years are reported."""

    moves: tuple[Move, ...]
    ends: tuple[End, ...]
    years: int


@dataclass(frozen=True)
class LastRun:
    """The latest run of a case: its name and moment, whether the case has changed since, and what it found.

    A run that came with the program has no name and no moment.
    """

    name: str
    moment: str
    stale: bool
    assessment: Assessment


def last_run(case: Case) -> LastRun | None:
    """Return the latest run of a case, or the one that came with it as on the screen of verdicts; None if it was never run.

    Raises:
        InputError: if the stored run cannot be read.
    """
    runs = stored_runs(case.id)
    if shipped := came_with(case, runs):
        return LastRun("", "", stale=False, assessment=shipped)
    if not runs:
        return None
    run = runs[0]
    return LastRun(run.name, run.moment, run.record.case.sha256 != case.sha256, assessment_of(run, case))


def condition_name(case: Case, key: str) -> Text:
    """Return what a reader calls a condition: "South Korea: alignment", with its key where its actor has several of this kind."""
    regime = case.regimes[key]
    name = message("{actor}: {condition}", actor=case.actors[regime.actor].name, condition=REGIME_WORDS[regime.kind])
    alike = [other for other in case.regimes.values() if (other.actor, other.kind) == (regime.actor, regime.kind)]
    return name if len(alike) == 1 else message("{name} ({key})", name=name, key=key_words(key))


def run_view(run: LastRun | None) -> dict[str, Any] | None:
    """Return what a page says of the run that its numbers are from."""
    return None if run is None else {"name": run.name, "moment": run.moment, "stale": run.stale}


def game_of(case: Case, theatre: str, run: LastRun | None) -> Game:
    """Return the game of a theatre, with the chances of the last run if it has the theatre."""
    form = case.forms[theatre]
    bands = {} if run is None else _bands(run.assessment, theatre)
    chances = {name: _spread([band[1] for band in rows]) for name, rows in bands.items()}
    ends = tuple(End(said, tuple(bands[name])) for name, said in _ENDS.items() if name in bands)
    return Game(_moves(case, form, chances), ends, form.horizon)


def _moves(case: Case, form: Form, chances: Mapping[str, Said]) -> tuple[Move, ...]:
    """Return the decisions of a year in their order; `chances` are those of the first year, by quantity."""
    challenger, target = _name(case, form.challenger), _name(case, form.target)
    role, resisted = message_in("role", "challenger"), message("If the target resists")
    escalates = (Option(message("Back down")), Option(message("Escalate to a clash")))
    return (
        Move(challenger, role, "challenger", message("Every year"), _instruments(chances)),
        Move(target, message_in("role", "target"), "target", message("If it is pressed"), _answers(chances)),
        *_helpers(case, form),
        Move(challenger, role, "challenger", resisted, escalates),
        *_crisis(case, form),
    )


def _instruments(chances: Mapping[str, Said]) -> tuple[Option, ...]:
    return tuple(Option(INSTRUMENT_WORDS[name], chances.get(f"p_{name}", "")) for name in INSTRUMENTS)


def _answers(chances: Mapping[str, Said]) -> tuple[Option, ...]:
    return Option(message("Concede a step"), chances.get("p_concede", "")), Option(message("Resist"))


def _helpers(case: Case, form: Form) -> Iterator[Move]:
    """Yield the decisions of the helpers, in their order."""
    when, aside = message("If the target resists or war comes"), Option(message("Stand aside"))
    for slot in form.slots:
        name = _name(case, slot.actor)
        if slot.partner == form.target:
            options = (Option(message("Support the target")), aside)
            yield Move(name, message_in("role", "protector"), "target", when, options)
        else:
            options = (Option(message("Support the challenger")), aside)
            yield Move(name, message_in("role", "backer"), "challenger", when, options)


def _crisis(case: Case, form: Form) -> tuple[Move, ...]:
    """Return the decisions in a crisis; only a game with strikers has any."""
    if not form.strikers:
        return ()
    when = message("In a crisis: after resistance, a clash or a false warning")
    strikers = in_commas(_name(case, actor) for actor in form.strikers)
    waits = (Option(message("Wait")), Option(message("Attack first")))
    holds = (Option(INSTRUMENT_WORDS["hold"]), Option(message("Strike first")))
    return (
        Move(_name(case, form.challenger), message_in("role", "challenger"), "challenger", when, waits),
        Move(strikers, message("able to strike"), "target", when, holds),
    )


def _name(case: Case, actor: str) -> str:
    return case.actors[actor].name


def _bands(assessment: Assessment, theatre: str) -> dict[str, list[Band]]:
    """Return the bands of a theatre's quantities, in the order of the types of challenger."""
    bands: dict[str, list[Band]] = {}
    for row in assessment.quantities:
        name, _, place = row.id.partition("@")
        if place == theatre and row.model in assessment.case.types and math.isfinite(row.band[1]):
            bands.setdefault(name, []).append(row.band)
    return bands


def _spread(values: Sequence[float]) -> Text:
    return spanned(percentage(min(values)), percentage(max(values)))
