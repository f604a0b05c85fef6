"""Explain the verdicts that the model gives: the inputs that drive them, and the moves of one input that change them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tocsin.assessment import estimates
from tocsin.assessment.drivers import Margins, drivers, signed_ranks
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.flips import Candidate, candidate
from tocsin.assessment.judging import Judge, pooled
from tocsin.assessment.requests import Theatres, by_theatres
from tocsin.assessment.result import ClaimResult
from tocsin.assessment.shares import Check, Checks, Group, enough
from tocsin.assessment.situations import central_models
from tocsin.assessment.verdicts import decide, needed
from tocsin.case.compiled import Test
from tocsin.case.nodes import calls

if TYPE_CHECKING:
    from tocsin.assessment.ensemble import Ensemble
    from tocsin.assessment.situations import Model


@dataclass(frozen=True)
class _Open:
    """The tests of a claim that facts do not decide, and how many of them must hold for the claim to hold."""

    tests: tuple[Test, ...]
    wanted: int
    essential: frozenset[int] = frozenset()

    @property
    def checks(self) -> list[Check]:
        """Return the tests as checks."""
        return [Check.of(test, essential=index in self.essential) for index, test in enumerate(self.tests)]


def _open_tests(judge: Judge, result: ClaimResult) -> _Open:
    tests = judge.case.tests[result.id]
    if not result.parts:
        return _Open((tests[""],), 1)
    by_facts = sum(part.basis == "facts" and part.verdict == "holds" for part in result.parts)
    left = [part for part in result.parts if part.probability is not None]
    wanted = min(max(needed(result.rule, result.parts) - by_facts, 1), max(len(left), 1))
    essential = frozenset(index for index, part in enumerate(left) if part.essential)
    return _Open(tuple(tests[part.name] for part in left), wanted, essential)


def with_drivers(judge: Judge, results: Sequence[ClaimResult]) -> list[ClaimResult]:
    """Return claims with the inputs that drive the margin by which their tests hold."""
    found = drivers([_margins(judge, result) for result in results], judge.seed)
    return [replace(result, drivers=rows) for result, rows in zip(results, found, strict=True)]


def _margins(judge: Judge, result: ClaimResult) -> list[Margins]:
    """Return the margins of a claim by theatres and type, or in the sample without a game; none if facts or nothing decide it."""
    if result.basis == "facts" or (result.probability is None and all(p.probability is None for p in result.parts)):
        return []
    case, groups, asked = judge.case, [], _open_tests(judge, result)
    for theatres, tests in by_theatres(case, asked.tests).items():
        ensemble = judge.central[theatres]
        names = sorted(frozenset[str]().union(*(judge.reads.of(test) for test in asked.tests)))
        points = {name: ensemble.worlds.points[name] for name in names}
        for model in central_models(case):
            reader, weights = ensemble.reader(model), ensemble.weight(model.type)
            margins = [Evaluator(case, reader, weights, test.central).margin(test.node) for test in tests]
            ranks = [signed_ranks(margin + np.zeros(ensemble.worlds.size), weights) for margin in margins]
            margin = _deciding(ranks, asked.wanted)
            groups.append(Margins(theatres, points, margin, weights, case.types[model.type].weight))
    if not groups and len(asked.tests) == 1:
        return [estimates.margins(case, asked.tests[0], judge.seed, judge.reads.of(asked.tests[0]))]
    return groups


def _deciding(ranks: Sequence[np.ndarray], wanted: int) -> np.ndarray:
    """Return the margin by which at least `wanted` of several tests hold: that of the one that decides."""
    ordered = np.sort(np.stack(ranks), axis=0)[::-1]
    return np.asarray(ordered[min(wanted, len(ordered)) - 1])


def with_flips(
    judge: Judge, results: Sequence[ClaimResult], worlds: int, progress: Callable[[float], None]
) -> list[ClaimResult]:
    """Return claims with the smallest move of one input that changes the verdict, confirmed in some worlds solved again."""
    options = [(result, option) for result in results if (option := _candidate(judge, result)) is not None]
    flips = {}
    for index, (result, option) in enumerate(options):
        progress(index / len(options))
        if _confirmed(judge, result, option, worlds):
            flips[result.id] = option.flip()
    progress(1.0)
    return [replace(result, flips=(flips[result.id],)) if result.id in flips else result for result in results]


def _candidate(judge: Judge, result: ClaimResult) -> Candidate | None:
    if result.probability is None or not result.drivers or result.verdict not in ("holds", "fails", "cannot tell"):
        return None
    asked = _open_tests(judge, result)
    checks = Checks.of(judge.case, asked.checks, judge.seed)
    solved = {model: list(_solved(judge, checks, model)) for model in central_models(judge.case)}

    def local(name: str, low: float, high: float) -> float:
        by_type = {}
        for model, groups in solved.items():
            near = [_near(group, points[name], low, high) for group, points in groups]
            by_type[model.type] = enough((*checks.estimated, *near), asked.wanted).probability
        return pooled(judge.case, by_type)

    return candidate(result, judge.case.distributions, local)


def _solved(judge: Judge, checks: Checks, model: Model) -> Iterator[tuple[Group, dict[str, np.ndarray]]]:
    """Yield where the tests of each group of theatres hold, with the quantiles of the inputs there."""
    for theatres in checks.modelled:
        yield checks.solved(judge.central, model, theatres), judge.central[theatres].worlds.points


def _near(group: Group, points: np.ndarray, low: float, high: float) -> Group:
    """Return a group in the worlds in which the quantile of an input lies in [low, high); in all if none does."""
    inside = group.weights * (points >= low) * (points < high)
    total = float(np.sum(inside))
    return replace(group, weights=inside / total) if total > 0.0 else group


def _confirmed(judge: Judge, result: ClaimResult, option: Candidate, worlds: int) -> bool:
    """Return whether the verdict changes when games are solved again with the input fixed at the flipped value."""
    # imported here: it loads the engine, which a case without games never needs
    from tocsin.assessment.ensemble import conditioned, scenarios_for

    case, asked = judge.case, _open_tests(judge, result)
    checks = Checks.of(case, asked.checks, judge.seed)
    again: dict[Theatres, Ensemble] = {}
    for theatres, tests in by_theatres(case, asked.tests).items():
        fewer = judge.central[theatres].thinned(worlds)
        fixed = fewer.worlds.fixed(option.input, option.to)
        base = conditioned(case, theatres, fixed, fewer.log_weights).with_past()
        requested = [call for test in tests for call in calls(test.node)]
        again[theatres] = base.with_games(scenarios_for(case, central_models(judge.case), requested))
    probability = judge.pooled(checks, again, asked.wanted)
    return bool(np.isfinite(probability)) and decide(probability, ()) != result.verdict
