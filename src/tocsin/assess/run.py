"""One assessment from beginning to end."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from tocsin.assess import figures
from tocsin.assess.claims import Judge, Test, calls_of, decide_claim, share, tests_of
from tocsin.assess.drivers import drivers
from tocsin.assess.ensemble import SETTLED, Ensemble, conditioned, history_rows, joined, scenarios_for, theatres_of
from tocsin.assess.evaluate import Evaluator, read_by_facts
from tocsin.assess.flips import Candidate, candidate
from tocsin.assess.record import versions
from tocsin.assess.result import Assessment, ClaimResult, Driver, Figures, Flip, HistoryRow, RunRecord
from tocsin.assess.situations import Model
from tocsin.assess.verdicts import decide
from tocsin.assess.worlds import MOST_DRAWS, draw
from tocsin.case.beliefs import distributions
from tocsin.case.language import calls
from tocsin.case.override import override
from tocsin.case.schema import Case
from tocsin.errors import SolveError
from tocsin.models.coercion.form import Scenario
from tocsin.models.coercion.prepare import form_of

KEPT_DRAWS, SWEPT_DRAWS, FLIP_DRAWS, FAN_DRAWS = 1024, 384, 512, 128
"""Worlds that are kept of those weighed by the record, in which every game is solved; and of these, worlds in which the
swept discount factors are run, with which flips are confirmed, and of which the fan is drawn."""

ENOUGH, MOST_TIMES = 500, 8
"""Effective draws that must be left, and how many times the draws may be multiplied for it."""

Progress = Callable[[str, float], None]


def assess(
    case: Case,
    *,
    seed: int = 1,
    draws: int = 2048,
    settings: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Assessment:
    """Run a case: worlds, games, claims, verdicts.

    Args:
        case: a loaded case.
        seed: of the draws, >= 0; the same seed gives the same assessment.
        draws: worlds in each structural model, 1 to 10,000,000; more are drawn if history leaves too few effective.
        settings: inputs overridden for this run, as in `--set`: name -> text.
        progress: called with the name of a stage and the share of it done.

    Raises:
        InputError: if an argument or a setting is out of range or unknown.
        SolveError: if a game has no finite solution.
    """
    began = time.perf_counter()
    tell = progress or (lambda _stage, _done: None)
    chosen = override(case, settings) if settings else case
    _check_memory(chosen, draws)
    weighed = _weighed(chosen, seed, draws, tell)
    central = weighed.thinned(KEPT_DRAWS).with_games(_wanted(chosen), lambda done: tell("games", done))
    judge = Judge(central, _swept(central, tell))
    results = [decide_claim(judge, name, claim) for name, claim in chosen.claims.items()]
    results = _with_drivers(judge, results)
    results = _with_flips(judge, results, tell)
    tell("figures", 0.0)
    pictures = _figures(central, history_rows(weighed))
    tell("figures", 1.0)
    return Assessment(
        case=chosen,
        run=_record(central, weighed.worlds.size, seed, settings or {}, time.perf_counter() - began),
        quantities=figures.quantity_rows(central, pictures.fear),
        claims=tuple(results),
        figures=pictures,
        scenes=figures.scenes(central),
    )


BYTES_A_STATE = 200
"""What the results of one game take in memory for each draw and regime state, about."""


def _check_memory(case: Case, draws: int) -> None:
    """Refuse a run that cannot fit, rather than be killed in the middle of it.

    Raises:
        SolveError: if the results would take more than this machine's memory.
    """
    games = _wanted(case)
    each = sum(form_of(case, game.theatre).states for game in games) * BYTES_A_STATE
    need, have = draws * each, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if draws <= MOST_DRAWS and need > have:
        raise SolveError(
            f"{draws:,} draws of {len(games)} games would take about {need / 1e9:.0f} GB; this machine has {have / 1e9:.0f} GB"
            f"\n  remedy: ask for at most {int(have / each):,} draws"
        )


# --- ensembles -----------------------------------------------------------------------------------------------------


def _weighed(case: Case, seed: int, draws: int, tell: Progress) -> Ensemble:
    """Worlds weighed by the record. If it leaves too few effective ones, more are drawn, half as many again each time."""
    drawn = draw(case, seed=seed, draws=draws)
    found = conditioned(case, drawn, np.zeros(draws), progress=lambda done: tell("base games", done))
    enough = min(ENOUGH, draws / 4)
    while _least(found) < enough and found.worlds.size < MOST_TIMES * draws:
        size = found.worlds.size + max(draws // 2, 1)
        extra = draw(case, seed=seed, draws=size).after(found.worlds.size)
        more = conditioned(case, extra, np.zeros(extra.size), progress=lambda done: tell("more base games", done))
        found = joined(found, more)
    return found


def _least(ensemble: Ensemble) -> float:
    return min(ensemble.effective([theatre]) for theatre in ensemble.case.theatres)


def _wanted(case: Case) -> tuple[Scenario, ...]:
    claims = scenarios_for(case, figures.central(case), calls_of(case))
    return tuple(dict.fromkeys([*claims, *figures.figure_scenarios(case, calls_of(case))]))


def _swept(central: Ensemble, tell: Progress) -> dict[float, Ensemble]:
    """Smaller ensembles at the other discount factors, each weighed by its own account of the record, for the claims alone."""
    found: dict[float, Ensemble] = {}
    case, some = central.case, central.thinned(SWEPT_DRAWS)
    for discount in case.discount.swept:
        if discount == case.discount.central:
            continue
        models = [Model(kind, discount) for kind in case.types]
        wanted = [s for s in scenarios_for(case, models, calls_of(case)) if s.discount == discount]
        step = partial(tell, f"discount {discount:g}")
        based = conditioned(case, some.worlds, some.odds, discount=discount, progress=lambda done: step(0.3 * done))  # noqa: B023  called at once
        found[discount] = based.with_games(wanted, lambda done: step(0.3 + 0.7 * done))  # noqa: B023
    return found


# --- drivers and flips ---------------------------------------------------------------------------------------------


def _model_tests(case: Case, result: ClaimResult) -> list[Test]:
    return [test for test in tests_of(case.claims[result.id]).values() if not read_by_facts(test.node)]


def _with_drivers(judge: Judge, results: list[ClaimResult]) -> list[ClaimResult]:
    return [replace(result, drivers=_drivers(judge, result)) if result.probability else result for result in results]


def _drivers(judge: Judge, result: ClaimResult) -> tuple[Driver, ...]:
    case, tests = judge.case, _model_tests(judge.case, result)
    ensemble = judge.central
    margins = {}
    for kind, spec in case.types.items():
        weights = ensemble.weight(kind, theatres_of(case, [test.node for test in tests]))
        reader = ensemble.reader(Model(kind, case.discount.central))
        each = [Evaluator(case, reader, weights, test.central).margin(test.node) for test in tests]
        margins[kind] = (np.min(np.broadcast_arrays(*each), axis=0), weights, spec.weight)
    return drivers(ensemble.worlds.points, margins)


def _with_flips(judge: Judge, results: list[ClaimResult], tell: Progress) -> list[ClaimResult]:
    found = [_candidate(judge, result) for result in results]
    confirmed: dict[str, Flip] = {}
    options = [option for option in found if option is not None]
    for place, option in enumerate(options):
        tell("flips", place / len(options))
        result = next(result for result in results if result.id == option.claim)
        if _confirmed(judge, result, option):
            confirmed[option.claim] = option.flip()
    tell("flips", 1.0)
    return [replace(result, flips=(confirmed[result.id],)) if result.id in confirmed else result for result in results]


def _candidate(judge: Judge, result: ClaimResult) -> Candidate | None:
    if result.probability is None or not result.drivers or result.verdict not in ("holds", "fails", "cannot tell"):
        return None
    case, tests = judge.case, _model_tests(judge.case, result)
    ensemble = judge.central
    held = {}
    for kind, spec in case.types.items():
        weights = ensemble.weight(kind, theatres_of(case, [test.node for test in tests]))
        reader = ensemble.reader(Model(kind, case.discount.central))
        each = [Evaluator(case, reader, weights, test.central).holds(test.node) for test in tests]
        held[kind] = (np.all(np.broadcast_arrays(*each), axis=0), weights, spec.weight)

    def local(mask: np.ndarray) -> float:
        total = 0.0
        for true, weights, pool in held.values():
            inside = float(np.sum(weights[mask]))
            total += pool * (float(np.sum((weights * true)[mask])) / inside if inside > 0 else 0.0)
        return min(max(total, 0.0), 1.0)

    return candidate(result, ensemble.worlds.points, distributions(case), local)


def _confirmed(judge: Judge, result: ClaimResult, option: Candidate) -> bool:
    """Whether the verdict does turn when the games are solved again with the input fixed where the flip ends."""
    case, some = judge.case, judge.central.thinned(FLIP_DRAWS)
    tests = _model_tests(case, result)
    asked = [call for test in tests for call in calls(test.node)]
    based = conditioned(case, some.worlds.fixed(option.input, option.to), some.odds)
    again = based.with_games(scenarios_for(case, figures.central(case), asked))
    mid = 0.0
    for kind, spec in case.types.items():
        model = Model(kind, case.discount.central)
        if len(tests) == 1:
            mid += spec.weight * share(again, model, tests[0].node, tests[0].central)
            continue
        weights = again.weight(kind, theatres_of(case, [test.node for test in tests]))
        each = [Evaluator(case, again.reader(model), weights, test.central).holds(test.node) for test in tests]
        mid += spec.weight * float(np.sum(weights * np.all(np.broadcast_arrays(*each), axis=0)))
    return decide(min(max(mid, 0.0), 1.0), ()) != result.verdict


# --- figures and record --------------------------------------------------------------------------------------------


def _figures(ensemble: Ensemble, history: tuple[HistoryRow, ...]) -> Figures:
    case = ensemble.case
    year = case.money.price_year if case.money else case.as_of.year
    return Figures(
        spending=figures.spending_lines(ensemble),
        money=f"billions of {year} US dollars, between market rates and purchasing power",
        fear=figures.fear_rows(ensemble),
        risk=figures.risk_rows(ensemble, calls_of(case)),
        pillar=figures.pillar_rows(ensemble, calls_of(case)),
        pull=figures.pull_rows(ensemble),
        fan=figures.fan_rows(ensemble.thinned(FAN_DRAWS)),
        history=history,
    )


def _record(ensemble: Ensemble, drawn: int, seed: int, settings: Mapping[str, str], seconds: float) -> RunRecord:
    case = ensemble.case
    settled = [float(np.mean(solution.residual < SETTLED)) for solution in ensemble.solutions.values()]
    return RunRecord(
        seed=seed,
        draws=drawn,
        settings=tuple(settings.items()),
        models=tuple(f"coercion/{kind}" for kind in case.types),
        data=case.data_hashes,
        versions=versions(),
        effective_draws=_least(ensemble),
        settled=float(np.mean(settled)),
        seconds=seconds,
    )
