"""Draw the worlds in which several cases are compared.

All cases share the quantile points of their inputs, by name. The worlds to solve are selected by the mean of the weights that the cases
give them, and each case weights them by its own record. So the same chance enters every case, and most of it cancels in a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import ceil

import numpy as np

from tocsin.assessment.controls import ControlRuns, control_scenarios
from tocsin.assessment.discounting import at_other_discounts
from tocsin.assessment.ensemble import Ensemble, Ensembles, conditioned, scenarios_for
from tocsin.assessment.games import (
    FEW_SHARE,
    MAX_TIMES,
    SELECTED_SHARE,
    SPARE,
    SWEPT_SHARE,
    enough_draws,
)
from tocsin.assessment.judging import Judge, Tested, unseen
from tocsin.assessment.pairing.shared_games import SharedGames
from tocsin.assessment.requests import Theatres, calls_in, calls_of
from tocsin.assessment.sampling import Look, look
from tocsin.assessment.situations import central_models
from tocsin.assessment.stages import FIRST_LOOK, MORE_WORLDS, controls_of, games_of, names_of
from tocsin.assessment.weighting import FINE, ROUGH, normalised, sampled
from tocsin.assessment.worlds import draw
from tocsin.case.compiled import Test
from tocsin.case.dated import with_those_alike
from tocsin.case.nodes import Call
from tocsin.case.schema import Case

Progress = Callable[[str, float], None]


class ControlledJudge(Judge):
    """Decides tests as `Judge` does, but one that fails a control by that alone: its own games are not solved."""

    def undecidable(self, test: Test) -> Tested | None:
        """Return the result of a test of the games that no probability can decide; None if one may."""
        finding = self.controls.unseen(test) if self.controls else None
        return unseen(finding, None) if finding else super().undecidable(test)


def solved_together(cases: Sequence[Case], seed: int, draws: int, report: Progress) -> tuple[list[Judge], int]:
    """Return what decides the claims of several cases in common worlds, and the number of worlds drawn.

    Args:
        cases: cases with games.
        seed, draws: as in `assess`.
        report: called with the name of a stage and the share done, in [0, 1].
    """
    bases, drawn = _weighted(cases, seed, draws, report)
    few = max(round(FEW_SHARE * draws), 1)
    controls = list(map(ControlRuns, cases, _controlled(bases, few, report)))
    answerable = [_answerable(runs) for runs in controls]
    central = _solved(bases, answerable, report)
    paired = _fewer(central, max(round(SWEPT_SHARE * draws), 1))
    judges = [
        ControlledJudge(case, seed, whole, fewer, {}, runs)
        for case, whole, fewer, runs in zip(cases, central, paired, controls, strict=True)
    ]
    return _swept(judges, report), drawn


def _swept(judges: Sequence[Judge], report: Progress) -> list[Judge]:
    """Return judges with the games at the other discount factors."""
    shared = SharedGames()
    return [
        replace(judge, swept=at_other_discounts(judge.paired, judge.swept_calls(), report, shared)) for judge in judges
    ]


_Ensembles = dict[Theatres, Ensemble]
_Calls = Mapping[Theatres, tuple[Call, ...]]


def _answerable(controls: ControlRuns) -> _Calls:
    """Return the quantities of the tests whose controls pass, by theatres: those of others would decide nothing."""
    case = controls.case
    tests = [test for claim in case.tests.values() for test in claim.values()]
    return calls_in(case, [test for test in tests if controls.unseen(test) is None])


def _solved(bases: Sequence[Ensembles], answerable: Sequence[_Calls], report: Progress) -> list[_Ensembles]:
    """Return the ensembles with the games that the quantities of each case need."""
    central = [_Ensembles() for _ in bases]
    for theatres in _all_theatres(bases):
        shared, stage = SharedGames(), partial(report, games_of(theatres))
        for solved, ensembles, calls in zip(central, bases, answerable, strict=True):
            if theatres in ensembles:
                case = ensembles[theatres].case
                games = scenarios_for(case, central_models(case), calls.get(theatres, ()))
                solved[theatres] = ensembles[theatres].with_games(games, stage, shared)
    return central


def _all_theatres(several: Sequence[Ensembles]) -> list[Theatres]:
    return list(dict.fromkeys(theatres for ensembles in several for theatres in ensembles))


def _controlled(bases: Sequence[Ensembles], worlds: int, report: Progress) -> list[_Ensembles]:
    """Return the ensembles of single theatres in fewer worlds, with the games of the controls."""
    controlled = [_Ensembles() for _ in bases]
    shared = SharedGames()
    for few, thin in zip(controlled, _fewer(bases, worlds), strict=True):
        for theatres, ensemble in thin.items():
            if len(theatres) == 1:
                games = control_scenarios(ensemble.case, theatres[0])
                few[theatres] = ensemble.with_games(games, partial(report, controls_of(theatres[0])), shared)
    return controlled


def _fewer(central: Sequence[Ensembles], worlds: int) -> list[_Ensembles]:
    """Return the ensembles of all cases in about `worlds` of their common worlds."""
    fewer = [_Ensembles() for _ in central]
    for theatres in _all_theatres(central):
        having = {index: ensembles[theatres] for index, ensembles in enumerate(central) if theatres in ensembles}
        for index, ensemble in _thinned(having, worlds, ROUGH).items():
            fewer[index][theatres] = ensemble
    return fewer


def _weighted(cases: Sequence[Case], seed: int, draws: int, report: Progress) -> tuple[list[_Ensembles], int]:
    """Return the base games in common worlds that leave every case enough effective draws, if any do, and the number of worlds drawn."""
    wanted, most, sets = enough_draws(draws), MAX_TIMES * draws, list(map(_theatre_sets, cases))
    looks = _first_looks(cases, seed, draws, report)
    while True:
        weighted = {
            theatres: _selected(
                {index: looks[index] for index, of_case in enumerate(sets) if theatres in of_case},
                theatres,
                draws,
                partial(report, names_of(theatres)),
            )
            for theatres in dict.fromkeys(theatres for of_case in sets for theatres in of_case)
        }
        size = looks[0].worlds.size
        effective = min(ensemble.effective() for ensembles in weighted.values() for ensemble in ensembles.values())
        if effective >= wanted or size >= most:
            return [
                {theatres: those[index] for theatres, those in weighted.items() if index in those}
                for index in range(len(cases))
            ], size
        looks = _with_more(looks, _names(cases), min(ceil(SPARE * size * wanted / effective), most), report)


def _theatre_sets(case: Case) -> tuple[Theatres, ...]:
    """Return the sets of theatres that a single test of the case asks about, and each theatre in which it has controls."""
    calls = calls_of(case)
    controlled = [(name,) for theatres in calls for name in theatres if control_scenarios(case, name)]
    return tuple(dict.fromkeys([*calls, *controlled]))


def _names(cases: Sequence[Case]) -> tuple[str, ...]:
    """Return all inputs of some cases, whatever the order of the cases: in their own order if they agree in it, else by name."""
    listed = {tuple(case.distributions) for case in cases}
    return listed.pop() if len(listed) == 1 else tuple(sorted({name for names in listed for name in names}))


def _first_looks(cases: Sequence[Case], seed: int, draws: int, report: Progress) -> list[Look]:
    """Take a first look at the same points in every case, and draw more while too few effective draws are left in one."""
    names, shared = _names(cases), SharedGames()
    looks = [
        look(case, draw(case, seed=seed, draws=draws, names=names), partial(report, FIRST_LOOK), shared.glance)
        for case in cases
    ]
    while min(first.effective() for first in looks) < enough_draws(draws) and looks[0].worlds.size < MAX_TIMES * draws:
        looks = _with_more(looks, names, looks[0].worlds.size + max(draws // 2, 1), report)
    return looks


def _with_more(looks: Sequence[Look], names: Sequence[str], size: int, report: Progress) -> list[Look]:
    """Return looks at the first `size` worlds, which begin with those of other looks."""
    shared, longer = SharedGames(), []
    for first in looks:
        worlds = draw(first.case, seed=first.worlds.seed, draws=size, names=names).after(first.worlds.size)
        stage = partial(report, MORE_WORLDS)
        longer.append(first.with_more(look(first.case, worlds, stage, shared.glance)))
    return longer


def _selected(
    looks: Mapping[int, Look], theatres: Theatres, draws: int, report: Callable[[float], None]
) -> dict[int, Ensemble]:
    """Return the ensembles of some theatres, reduced to the fewest common worlds that leave every case enough effective draws."""
    size, shared = next(iter(looks.values())).worlds.size, SharedGames()
    for count in (max(size // 2, 1), size):
        selected, log_weights = _chosen(looks, theatres, count)
        ensembles = {
            index: conditioned(
                first.case, theatres, first.worlds.some(selected), log_weights, progress=report, solver=shared
            )
            for index, first in looks.items()
        }
        if _effective(ensembles) >= enough_draws(draws):
            break
    count = max(round(SELECTED_SHARE * draws), 1)
    while count < len(selected):
        fewer = _thinned(ensembles, count, FINE)
        if _effective(fewer) >= enough_draws(draws):
            ensembles = fewer
            break
        count += max(count // 16, 1)
    return {index: ensemble.with_past(shared) for index, ensemble in ensembles.items()}


def _effective(ensembles: Mapping[int, Ensemble]) -> float:
    return min(ensemble.effective() for ensemble in ensembles.values())


def _chosen(looks: Mapping[int, Look], theatres: Theatres, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Select about `count` worlds by the mean of the weights that cases and types give them; return indices and log weights."""
    worlds = next(iter(looks.values())).worlds
    if count >= worlds.size:
        return np.arange(worlds.size), np.zeros(worlds.size)
    weights = _mean([list(_rough_weights(first, theatres)) for first in looks.values()])
    return sampled(weights, count, worlds.seed, ROUGH)


def _rough_weights(first: Look, theatres: Theatres) -> Iterator[np.ndarray]:
    """Yield the weights (D,) of worlds by type, given some theatres' records."""
    those = with_those_alike(first.case, theatres)
    for kind in first.case.types:
        yield normalised(np.sum([first.records[theatre, kind] for theatre in those], axis=0))


def _thinned(ensembles: Mapping[int, Ensemble], count: int, lightest: float) -> dict[int, Ensemble]:
    """Return ensembles in about `count` of their common worlds, selected by the mean of their weights."""
    worlds = next(iter(ensembles.values())).worlds
    if count >= worlds.size:
        return dict(ensembles)
    weights = _mean([ensemble.weights_drawn() for ensemble in ensembles.values()])
    selected, log_weights = sampled(weights, count, worlds.seed, lightest)
    return {index: ensemble.some(selected, log_weights) for index, ensemble in ensembles.items()}


def _mean(weights: Sequence[Sequence[np.ndarray]]) -> np.ndarray:
    """Return the mean weights (D,) over cases and types, to the last digit whatever the order of the cases.

    Cases that weight all worlds alike count once, so that a case whose record and games are those of another changes no selection.
    """
    distinct = {b"".join(weight.tobytes() for weight in of_case): of_case for of_case in weights}
    return np.asarray(np.mean(np.sort([weight for of_case in distinct.values() for weight in of_case], axis=0), axis=0))
