"""Compare each theatre's record of past years with what the model makes of it, before a run."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from tocsin.assessment.ensemble import base_scenario
from tocsin.assessment.games import ENOUGH, MAX_TIMES
from tocsin.assessment.run import DRAWS
from tocsin.assessment.weighting import effective, normalised
from tocsin.assessment.words import percent_range
from tocsin.assessment.worlds import draw
from tocsin.case.lint import Notice
from tocsin.case.pressure import HISTORY, expected_pressure
from tocsin.case.schema import Case
from tocsin.models.coercion.history import STRAY, counted, log_likelihood, present_pressure, rates, record_probabilities
from tocsin.models.coercion.prepare import Draws
from tocsin.models.coercion.solve import Solution, glance
from tocsin.translation import Text, in_commas, in_semicolons, message, template

WORLDS = 512
HARDLY = ENOUGH / (MAX_TIMES * DRAWS)
"""Share of effective draws below which a run cannot reach the number that it wants."""

_RATES = {
    "war": template("years with a war: {count}, {range} in nine of ten worlds"),
    "press": template("other years with pressure: {count}, {range} in nine of ten worlds"),
    "concede": template("years of pressure with a concession: {count}, {range} in nine of ten worlds"),
    "clash": template("years of pressure with a clash: {count}, {range} in nine of ten worlds"),
}
_EXPLAINS = {
    "stray": template("the record also counts incidents without a demand"),
    "stray.concession": template("it also counts accords that are no step to the aim"),
    "stray.clash": template("it also counts fights that nobody ordered"),
    "hostility": template("what pressing is worth in itself"),
}
"""Inputs that may explain a record that the games do not make, with what each says."""


def record_notices(case: Case) -> tuple[Notice, ...]:
    """Return a notice for each theatre and challenger type whose record the model can hardly make.

    The base games of `WORLDS` worlds are solved approximately. The notice appears if the record leaves less than the share `HARDLY` of
    the worlds as effective draws, or if nine in ten worlds miss the pressure that history lets one expect. It names that pressure, and the
    counts of the record that differ by more than one from what 90 % of worlds expect.
    """
    theatres = [key for key, theatre in case.theatres.items() if key in case.history or theatre.pressure == HISTORY]
    return tuple(notice for theatre in theatres for notice in _notices(case, theatre))


def _notices(case: Case, theatre: str) -> Iterator[Notice]:
    draws = draw(case, seed=1, draws=WORLDS).draws
    games = {kind: base_scenario(case, theatre, kind) for kind in case.types}
    solutions = glance(case, tuple(games.values()), draws)
    place = case.place("history" if theatre in case.history else "theatres", theatre)
    for kind, game in games.items():
        share = effective(normalised(log_likelihood(case, solutions[game], draws))) / WORLDS
        missed = list(_missed(case, solutions[game], draws))
        if share >= HARDLY and not missed:
            continue
        outside = list(_outside(case, solutions[game], draws))
        wrong = message(
            "the model can hardly make the record of `{theatre}` with the type `{type}`: it leaves {share} % of worlds",
            theatre=theatre,
            type=kind,
            share=f"{100 * share:.1f}",
        )
        reasons = in_semicolons(item.text for item in (*outside, *missed))
        yield Notice(
            message("{text}. {reasons}", text=wrong, reasons=reasons) if reasons else wrong,
            file=place.file if place else None,
            line=place.line if place else None,
            column=place.column if place else None,
            remedy=_remedy((*outside, *missed), case.theatres[theatre].pressure),
        )


@dataclass(frozen=True)
class _Outside:
    """An event of the record whose count the worlds hardly make: in words, and whether the record has more than they make."""

    event: str
    text: str
    above: bool


def _remedy(outside: Collection[_Outside], pressure: str) -> Text:
    """Return what may bring the worlds nearer to the record: `stray` explains more events than they make, never fewer."""
    remedies: list[Text] = [
        message(
            "check the counts of the record, widen the beliefs on which these rates depend, or give past years less weight"
        )
    ]
    pressed = any(item.event == "press" for item in outside)
    above = {item.event for item in outside if item.above}
    names = [STRAY[event] for event in STRAY if event in above] + ["hostility"] * pressed
    if names:
        explained = in_commas(
            message("`{name}` ({meaning})", name=name, meaning=message(_EXPLAINS[name])) for name in names
        )
        remedies.append(message("a belief may explain the record: {explained}", explained=explained))
    if pressed and pressure != HISTORY:
        remedies.append(message("or write `pressure: history` in the theatre"))
    return in_semicolons(remedies)


def _outside(case: Case, solution: Solution, draws: Draws) -> Iterator[_Outside]:
    """Yield the counts of a record that the worlds hardly make; skip pressure if its level comes from history."""
    theatre = solution.scenario.theatre
    if (history := case.history.get(theatre)) is None:
        return
    years, by_level = counted(history), case.theatres[theatre].pressure == HISTORY
    for name, p in rates(history, record_probabilities(case, solution, draws)).items():
        count, possible = years[name].happened, years[name].possible
        low, high = possible * np.quantile(p, (0.05, 0.95))
        if not low - 1 <= count <= high + 1 and not (by_level and name == "press"):
            record = message("{count} of {possible} on record", count=count, possible=possible)
            span = message("{low} to {high}", low=f"{low:.1f}", high=f"{high:.1f}")
            text = message(_RATES[name], count=record, range=span)
            yield _Outside(name, text, count > high)


def _missed(case: Case, solution: Solution, draws: Draws) -> Iterator[_Outside]:
    """Yield the level of pressure that history lets one expect, if the range of nine in ten worlds misses its range."""
    if (expected := expected_pressure(case, solution.scenario.theatre)) is None:
        return
    low, _, high = expected.chance.band
    least, most = np.quantile(present_pressure(case, solution, draws), (0.05, 0.95))
    if most < low or least > high:
        text = message(
            "pressure in the first year: {expected} by history, {made} in nine of ten worlds",
            expected=percent_range(low, high),
            made=percent_range(least, most),
        )
        yield _Outside("press", text, most < low)
