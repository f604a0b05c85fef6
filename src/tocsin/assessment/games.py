"""Run the games of a case: draw worlds, solve the games in them, decide the claims, and compute the figures."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import ceil

from tocsin.assessment import figures
from tocsin.assessment.alarm import measured, statement_of
from tocsin.assessment.claims import decide_claim
from tocsin.assessment.confidence import rated
from tocsin.assessment.controls import ControlRuns, control_scenarios
from tocsin.assessment.discounting import at_other_discounts
from tocsin.assessment.ensemble import (
    Ensemble,
    Ensembles,
    conditioned,
    history_rows,
    scenarios_for,
)
from tocsin.assessment.event_parts import event_parts
from tocsin.assessment.explanations import Effort, with_drivers, with_flips
from tocsin.assessment.figures_result import Figures
from tocsin.assessment.health import grounds_of, health, settled_share
from tocsin.assessment.judging import Judge
from tocsin.assessment.other_models import other_models
from tocsin.assessment.outside_view import outside_views
from tocsin.assessment.quantity_drivers import quantity_drivers
from tocsin.assessment.record import versions
from tocsin.assessment.requests import Theatres, calls_of
from tocsin.assessment.result import Assessment, ClaimResult, RunRecord
from tocsin.assessment.sampling import Look, look
from tocsin.assessment.situations import central_models
from tocsin.assessment.sketching import sketch_of_run
from tocsin.assessment.stages import FIRST_LOOK, MORE_WORLDS, controls_of, games_of, names_of
from tocsin.assessment.verdicts import MIN_EFFECTIVE
from tocsin.assessment.weighting import FINE
from tocsin.assessment.world_table import world_table
from tocsin.assessment.worlds import MAX_DRAWS, draw
from tocsin.case.nodes import Call
from tocsin.case.schema import Case
from tocsin.errors import SolveError
from tocsin.models.coercion.scenario import Scenario
from tocsin.translation import message, message_in

SELECTED_SHARE, SWEPT_SHARE, FLIP_SHARE, FEW_SHARE = 1 / 4, 3 / 32, 3 / 128, 1 / 8
"""Shares of the requested draws. Every game is solved in at least the first share of worlds, games at other discount factors in the
second. Flips are solved in the third; controls, yardsticks of losses, pulls and the value of the mix are read in the fourth."""

FLIP_GAMES = 1.5
"""Games times worlds that the search for flips may solve again, by requested draw."""

DECIDING = 192
"""Fewest worlds in which a claim is decided again with a flip, if as many are solved."""

SCENE_WORLDS = 128
"""Worlds for the fan and for the pillars under the switches."""

ENOUGH, MAX_TIMES, SPARE = 500, 8, 1.1
"""Effective draws wanted after weighting. To reach them, up to `MAX_TIMES` times the requested worlds are drawn, each time `SPARE` times
as many as seem needed."""

Progress = Callable[[str, float], None]


def assess_games(case: Case, *, seed: int, draws: int, report: Progress) -> Assessment:
    """Run a case with games: worlds, games, claims, figures; arguments, results and errors as in `run.assess`.

    The run record has no settings, and a time of 0.
    """
    central, drawn = _central(case, seed, draws, report)
    controlled = _controlled(central, max(round(FEW_SHARE * draws), 1), report)
    controls = ControlRuns(case, controlled)
    judge = _judge(central, controls, seed, draws, report)
    claims = _claims(judge, draws, report)
    others = other_models(case, claims, seed)
    main = figures.main(central)
    few = figures.main(controlled).with_games(
        figures.few_worlds_scenarios(case), partial(report, message_in("stage", "yardsticks"))
    )
    fewer = few.thinned(SCENE_WORLDS).with_games(
        figures.scene_pillar_scenarios(case), partial(report, message_in("stage", "switches"))
    )
    report(message_in("stage", "figures"), 0.0)
    pictures = _figures(case, central, few, fewer)
    report(message_in("stage", "figures"), 1.0)
    statement = statement_of(case)
    grounds = grounds_of(central)
    checked = health(central, pictures.history, claims, grounds)
    return Assessment(
        case=case,
        run=_record(central, drawn, seed),
        quantities=figures.quantity_rows(central, pictures.loss, few),
        claims=rated(case, claims, checked, grounds, others),
        figures=pictures,
        scenes=figures.scenes(central, fewer),
        controls=controls.rows,
        alarm=measured(main, str(statement.rung), statement.events) if statement else None,
        health=checked,
        outside=outside_views(main),
        quantity_drivers=quantity_drivers(central, judge.reads, seed),
        event_parts=event_parts(central, partial(report, message_in("stage", "parts of events"))),
        other_models=others,
        worlds=world_table(central, figures.LEVELS),
        sketch=sketch_of_run(case, claims, central, judge.reads.of),
    )


def _central(case: Case, seed: int, draws: int, report: Progress) -> tuple[Ensembles, int]:
    """Return the solved ensembles at the central discount factor, and the number of worlds drawn."""
    needed = {theatres: _games_needed(case, theatres) for theatres in _theatre_sets(case)}
    _check_memory(case, [game for games in needed.values() for game in games], draws)
    weighted, drawn = _weighted(case, seed, draws, report)
    central = {
        theatres: ensemble.with_games(needed[theatres], partial(report, games_of(theatres)))
        for theatres, ensemble in weighted.items()
    }
    return central, drawn


def _controlled(central: Ensembles, worlds: int, report: Progress) -> Ensembles:
    """Return the ensembles of single theatres in fewer worlds, with the games of the controls."""
    return {
        theatres: ensemble.thinned(worlds).with_games(
            control_scenarios(ensemble.case, theatres[0]), partial(report, controls_of(theatres[0]))
        )
        for theatres, ensemble in central.items()
        if len(theatres) == 1
    }


def _judge(central: Ensembles, controls: ControlRuns, seed: int, draws: int, report: Progress) -> Judge:
    """Return what decides the claims, with the games at other discount factors."""
    swept = max(round(SWEPT_SHARE * draws), 1)
    paired = {theatres: ensemble.thinned(swept) for theatres, ensemble in central.items()}
    judge = Judge(controls.case, seed, central, paired, {}, controls)
    return replace(judge, swept=at_other_discounts(paired, judge.swept_calls(), report))


def _claims(judge: Judge, draws: int, report: Progress) -> tuple[ClaimResult, ...]:
    """Decide every claim, and find its drivers and flips."""
    results = [decide_claim(judge, name, claim) for name, claim in judge.case.claims.items()]
    results = with_drivers(judge, results)
    effort = Effort(
        worlds=max(round(FLIP_SHARE * draws), 1),
        games=round(FLIP_GAMES * draws),
        deciding=max(round(SWEPT_SHARE * draws), DECIDING),
    )
    return tuple(with_flips(judge, results, effort, partial(report, message_in("stage", "flips"))))


BYTES_PER_STATE = 200
"""Approximate memory that the results of one game take for each draw and regime state."""


def _check_memory(case: Case, games: Sequence[Scenario], draws: int) -> None:
    """Refuse a run that does not fit into memory, before it starts.

    Raises:
        SolveError: if the results would take more than this machine's memory.
    """
    per_draw = sum(case.forms[game.theatre].states for game in games) * BYTES_PER_STATE
    need, have = draws * per_draw, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if draws <= MAX_DRAWS and need > have:
        raise SolveError(
            message(
                "{draws} draws of {count} games would take about {need} GB; this machine has {have} GB",
                draws=f"{draws:,}",
                count=len(games),
                need=f"{need / 1e9:.0f}",
                have=f"{have / 1e9:.0f}",
            ),
            remedy=message("ask for at most {count} draws", count=f"{int(have / per_draw):,}"),
        )


# --- ensembles -----------------------------------------------------------------------------------------------------


def _theatre_sets(case: Case) -> tuple[Theatres, ...]:
    """Return each theatre as a set of one, and the sets of theatres that a single test asks about."""
    return tuple(dict.fromkeys([*((theatre,) for theatre in case.theatres), *calls_of(case)]))


def _weighted(case: Case, seed: int, draws: int, report: Progress) -> tuple[Ensembles, int]:
    """Return the base games in worlds that leave enough effective draws, if any do, and the number of worlds drawn.

    The first look estimates the effective draws from rough games. If the full games leave fewer, more worlds are looked at.
    """
    wanted, most = enough_draws(draws), MAX_TIMES * draws
    first = first_look(case, seed, draws, report)
    while True:
        weighted = {
            theatres: select_worlds(first, theatres, draws, partial(report, names_of(theatres)))
            for theatres in _theatre_sets(case)
        }
        effective = min(ensemble.effective() for ensemble in weighted.values())
        if effective >= wanted or first.worlds.size >= most:
            return weighted, first.worlds.size
        first = _with_more(first, min(ceil(SPARE * first.worlds.size * wanted / effective), most), report)


def first_look(case: Case, seed: int, draws: int, report: Progress) -> Look:
    """Take a first look at the worlds, and draw more while too few effective draws are left."""
    first = look(case, draw(case, seed=seed, draws=draws), partial(report, FIRST_LOOK))
    while first.effective() < enough_draws(draws) and first.worlds.size < MAX_TIMES * draws:
        first = _with_more(first, first.worlds.size + max(draws // 2, 1), report)
    return first


def _with_more(first: Look, size: int, report: Progress) -> Look:
    """Return a look at the first `size` worlds, which begin with those of another look."""
    extra = draw(first.case, seed=first.worlds.seed, draws=size).after(first.worlds.size)
    return first.with_more(look(first.case, extra, partial(report, MORE_WORLDS)))


def enough_draws(draws: int) -> float:
    """Return the effective draws wanted: at least as many as a verdict needs, if that many worlds are requested."""
    return min(ENOUGH, max(draws / 4, MIN_EFFECTIVE if draws >= MIN_EFFECTIVE else 0.0))


def select_worlds(first: Look, theatres: Theatres, draws: int, report: Callable[[float], None]) -> Ensemble:
    """Return the ensemble of some theatres, reduced to the fewest worlds that leave enough effective draws."""
    for count in (max(first.worlds.size // 2, 1), first.worlds.size):
        worlds, log_weights = first.select(theatres, count)
        ensemble = conditioned(first.case, theatres, worlds, log_weights, progress=report)
        if ensemble.effective() >= enough_draws(draws):
            break
    count = max(round(SELECTED_SHARE * draws), 1)
    while count < ensemble.worlds.size:
        fewer = ensemble.thinned(count, FINE)
        if fewer.effective() >= enough_draws(draws):
            return fewer.with_past()
        count += max(count // 16, 1)
    return ensemble.with_past()


def _games_needed(case: Case, theatres: Theatres) -> tuple[Scenario, ...]:
    """Return the games that claims need for some theatres; for a single theatre also those of figures."""
    requested = calls_of(case)
    claims = scenarios_for(case, central_models(case), requested.get(theatres, ()))
    pictures = figures.figure_scenarios(case, _all_calls(requested)) if len(theatres) == 1 else ()
    return tuple(dict.fromkeys([*claims, *(game for game in pictures if game.theatre in theatres)]))


def _all_calls(requested: Mapping[Theatres, Sequence[Call]]) -> tuple[Call, ...]:
    return tuple(dict.fromkeys(call for group in requested.values() for call in group))


# --- figures and record --------------------------------------------------------------------------------------------


def _figures(case: Case, ensembles: Ensembles, few: Ensemble, fewer: Ensemble) -> Figures:
    year = case.money.price_year if case.money else case.as_of.year
    requested = _all_calls(calls_of(case))
    return Figures(
        spending=figures.spending_lines(ensembles),
        money=message("billions of {year} US dollars, between market rates and purchasing power", year=str(year)),
        loss=figures.loss_rows(ensembles, few),
        risk=figures.risk_rows(ensembles, requested),
        pillar=figures.pillar_rows(ensembles, requested),
        pull=figures.pull_rows(few),
        fan=figures.fan_rows(fewer),
        history=history_rows(ensembles),
    )


def _record(ensembles: Ensembles, drawn: int, seed: int) -> RunRecord:
    case = figures.main(ensembles).case
    return RunRecord(
        seed=seed,
        draws=drawn,
        settings=(),
        models=tuple(f"coercion/{kind}" for kind in case.types),
        data=case.data_hashes,
        versions=versions("jax", "jaxlib", "numpy", "scipy"),
        effective_draws=min(ensemble.effective() for ensemble in ensembles.values()),
        settled=settled_share(ensembles.values()),
        seconds=0.0,
    )
