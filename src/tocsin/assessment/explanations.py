"""Explain verdicts that are no facts: the inputs that drive them, and the moves of one input or two that change them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from tocsin.assessment import estimates
from tocsin.assessment.drivers import Margins, drivers, signed_ranks
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.flips import Hunt
from tocsin.assessment.foresight import Foresight, Regressions
from tocsin.assessment.judging import Judge
from tocsin.assessment.moved import Moves, OpenTests, Trials
from tocsin.assessment.outlook import asks_together
from tocsin.assessment.path_reading import ReadInputs
from tocsin.assessment.prim import box, leaves
from tocsin.assessment.requests import basis_of, by_theatres
from tocsin.assessment.rerun import Rerun, rerun
from tocsin.assessment.result import ClaimResult
from tocsin.assessment.situations import central_models
from tocsin.assessment.verdicts import needed
from tocsin.case.compiled import Test


@dataclass(frozen=True)
class Effort:
    """How much work the search for flips may be.

    Attributes:
        worlds: of each type in which games are solved again to find a flip.
        games: games times worlds that may be solved again to find the flips of all claims together.
        deciding: worlds in which games are solved again to decide a claim with a flip.
    """

    worlds: int
    games: int
    deciding: int


def _open_tests(judge: Judge, result: ClaimResult) -> OpenTests | None:
    """Return the tests of a claim that facts do not decide; None if facts or nothing decide it."""
    tests = judge.case.tests[result.id]
    if result.basis == "facts" or (result.probability is None and all(p.probability is None for p in result.parts)):
        return None
    if not result.parts:
        return OpenTests(tests, 1)
    by_facts = sum(part.basis == "facts" and part.verdict == "holds" for part in result.parts)
    left = [part for part in result.parts if part.probability is not None]
    together = asks_together(result)
    wanted = together or min(max(needed(result.rule, result.parts) - by_facts, 1), len(left))
    essential = frozenset(part.name for part in left if part.essential)
    return OpenTests({part.name: tests[part.name] for part in left}, wanted, essential, together is not None)


def with_drivers(judge: Judge, results: Sequence[ClaimResult]) -> list[ClaimResult]:
    """Return claims with the inputs that drive the margin by which their tests hold, and the worlds of these inputs in which they fail."""
    margins = [_margins(judge, result) for result in results]
    driver_rows = drivers(margins, judge.seed)
    return [
        _with_failing(judge, replace(result, drivers=rows), groups)
        for result, rows, groups in zip(results, driver_rows, margins, strict=True)
    ]


def _with_failing(judge: Judge, result: ClaimResult, groups: Sequence[Margins]) -> ClaimResult:
    """Return a claim with the worlds in which it fails.

    The claim is unchanged if it has no drivers, asks for a chance or reads worlds of several kinds.
    """
    chance = any(test.chance for test in judge.case.tests[result.id].values())
    if not result.drivers or chance or len({group.worlds for group in groups}) > 1:
        return result
    names = [driver.input for driver in result.drivers]
    beliefs = judge.case.distributions
    known = [np.isfinite(group.margin) & (group.weights > 0.0) for group in groups]
    event = np.concatenate([group.margin[inside] <= 0.0 for group, inside in zip(groups, known, strict=True)])
    weights = np.concatenate([group.pool * group.weights[inside] for group, inside in zip(groups, known, strict=True)])
    inputs = {
        name: np.concatenate(
            [beliefs[name].quantile(group.points[name][inside]) for group, inside in zip(groups, known, strict=True)]
        )
        for name in names
    }
    whole = weights / np.sum(weights)
    failing = box(inputs, event, whole)
    return replace(result, failing=failing, leaves=tuple(leaves(inputs, event, whole)) if failing else ())


def _margins(judge: Judge, result: ClaimResult) -> list[Margins]:
    """Return the margins of a claim by theatres and type, or in the sample without a game; none if facts or nothing decide it."""
    case, groups, open_tests = judge.case, [], _open_tests(judge, result)
    if open_tests is None:
        return []
    tests_of_all = tuple(open_tests.tests.values())
    for theatres, tests in by_theatres(case, tests_of_all).items():
        ensemble = judge.central[theatres]
        names = sorted(frozenset[str]().union(*(judge.reads.of(test) for test in tests_of_all)))
        points = {name: ensemble.worlds.points[name] for name in names if not case.distributions[name].is_certain}
        for model in central_models(case):
            reader, weights = ensemble.reader(model), ensemble.weight(model.type)
            margins = [Evaluator(case, reader, weights, test.central).margin(test.node) for test in tests]
            ranks = [signed_ranks(margin + np.zeros(ensemble.worlds.size), weights) for margin in margins]
            margin = _deciding(ranks, open_tests.wanted)
            groups.append(Margins(theatres, points, margin, weights, case.types[model.type].weight))
    if not groups and len(tests_of_all) == 1:
        return [estimates.margins(case, tests_of_all[0], judge.seed, judge.reads.of(tests_of_all[0]))]
    return groups


def _deciding(ranks: Sequence[np.ndarray], wanted: int) -> np.ndarray:
    """Return the margin by which at least `wanted` of several tests hold: that of the one that decides."""
    ordered = np.sort(np.stack(ranks), axis=0)[::-1]
    return np.asarray(ordered[min(wanted, len(ordered)) - 1])


def with_flips(
    judge: Judge, results: Sequence[ClaimResult], effort: Effort, progress: Callable[[float], None]
) -> list[ClaimResult]:
    """Return claims with the least moves of one input and of two that change the verdict, and with how far the search went."""
    trials = Trials(judge, effort.worlds, effort.games)
    hunts: dict[str, Hunt] = {}
    known: Regressions = {}
    for result in results:
        hunt = _hunt(judge, result, trials, effort)
        if hunt is not None and hunt.starts:
            hunts[result.id] = hunt
            hunt.begin(partial(_foresight, judge, trials, result, known))
    while options := [hunt for hunt in hunts.values() if hunt.goes_on]:
        max(options, key=lambda hunt: hunt.promise).step()
        progress(min(trials.spent / max(effort.games, 1), 1.0))
    progress(1.0)
    return [hunts[result.id].result() if result.id in hunts else result for result in results]


def _foresight(judge: Judge, trials: Trials, result: ClaimResult, known: Regressions) -> Foresight:
    open_tests = _open_tests(judge, result)
    assert open_tests is not None
    return Foresight(judge, trials, open_tests, known)


def _hunt(judge: Judge, result: ClaimResult, trials: Trials, effort: Effort) -> Hunt | None:
    """Return the search for the flips of a claim; None if facts or nothing decide it."""
    open_tests = _open_tests(judge, result)
    if open_tests is None or result.verdict == "not tested":
        return None
    inputs = _inputs(judge, result, open_tests)
    pool = {kind: shape.weight for kind, shape in judge.case.types.items()}

    def decide(moves: Moves, first: Collection[str]) -> Rerun:
        return rerun(judge, result, moves, worlds=effort.deciding, first=first)

    return Hunt(trials, result, open_tests, inputs, pool, decide)


def _inputs(judge: Judge, result: ClaimResult, open_tests: OpenTests) -> ReadInputs:
    tests, beliefs = judge.case.tests[result.id], judge.case.distributions
    undecided = [part.name for part in result.parts if part.basis == "estimate" and part.probability is None]
    closed = _read_by(judge, [tests[name] for name in undecided])
    by_games = _read_by(judge, [test for test in tests.values() if basis_of(judge.case, test) == "model"])
    read = sorted(_read_by(judge, open_tests.tests.values()) | closed)
    return ReadInputs({name: beliefs[name] for name in read if not beliefs[name].is_certain}, by_games, closed)


def _read_by(judge: Judge, tests: Iterable[Test]) -> frozenset[str]:
    return frozenset[str]().union(*map(judge.reads.of, tests))
