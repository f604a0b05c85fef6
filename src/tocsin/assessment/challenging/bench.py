"""The claims under challenge as they stand: their games alone, in a few hundred worlds, and again in a few of these worlds with a change.

A changed game is solved in the same worlds as before: each keeps its quantiles, and an input with another distribution takes that one's value
there. The record of past years weights these worlds anew, by its likelihood in the changed games.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tocsin.assessment.challenging.changes import Change, ChangedJudge
from tocsin.assessment.challenging.seeing import can_be_measured, games_of
from tocsin.assessment.claims import decide_claim
from tocsin.assessment.judging import Judge, Tested
from tocsin.assessment.reads import Reads
from tocsin.assessment.requests import Theatres, basis_of, calls_of, theatres_of
from tocsin.assessment.result import ClaimResult
from tocsin.assessment.situations import central_models
from tocsin.case.compiled import Test
from tocsin.case.dated import with_those_alike
from tocsin.case.nodes import calls
from tocsin.case.schema import Case

if TYPE_CHECKING:
    from tocsin.assessment.controls import ControlRuns
    from tocsin.assessment.ensemble import Ensemble
    from tocsin.assessment.worlds import Worlds
    from tocsin.models.coercion.scenario import Scenario

DRAWS, WORLDS = 512, 40
"""Worlds drawn for the claims as they stand, and the fewest in which changed games are solved."""

PAIRED = 1 / 4
"""Share of the solved worlds in which games at other discount factors are solved."""

Progress = Callable[[str, float], None]


def restricted(case: Case, names: Iterable[str]) -> Case:
    """Return a case with some of its claims alone, and the theatres that their tests ask about."""
    claims = {name: case.claims[name] for name in names}
    tests = {name: case.tests[name] for name in claims}
    smaller = case.model_copy(update={"claims": claims, "tests": tests})
    named = tuple(dict.fromkeys(theatre for theatres in calls_of(smaller) for theatre in theatres))
    played = with_those_alike(case, named) if named else ()
    theatres = {name: game for name, game in case.theatres.items() if name in played or name == case.main}
    return smaller.model_copy(update={"theatres": theatres}) if named else smaller


@dataclass(frozen=True)
class Bench:
    """Some claims of a case, decided as they stand, and what it takes to decide them again with a change.

    Attributes:
        case: the whole case.
        claims: the case with these claims alone.
        judge: decides them as they stand.
        theatre_sets: the sets of theatres that their tests ask about.
    """

    case: Case
    claims: Case
    judge: Judge
    theatre_sets: tuple[Theatres, ...] = ()

    @cached_property
    def results(self) -> Mapping[str, ClaimResult]:
        """Return the claims as they stand."""
        return {name: decide_claim(self.judge, name, claim) for name, claim in self.claims.claims.items()}

    def few(self, worlds: int) -> dict[Theatres, Ensemble]:
        """Return the solved games of the claims in about so many worlds."""
        return {theatres: self.judge.central[theatres].thinned(worlds) for theatres in self.theatre_sets}

    @property
    def reads(self) -> Reads:
        """Return what finds the beliefs that tests read."""
        return self.judge.reads

    def modelled(self, name: str) -> list[Test]:
        """Return the tests of a claim that games decide, and of which they give a probability or would without controls."""
        tests = [test for test in self.claims.tests[name].values() if basis_of(self.claims, test) == "model"]
        return [test for test in tests if self.tested[test].probability is not None or test in self.unseen]

    @cached_property
    def unseen(self) -> Mapping[Test, Tested]:
        """Return the results, without controls, of the tests that games would decide if no control failed."""
        controls = self.judge.controls
        if controls is None:
            return {}
        without = replace(self.judge, controls=None)
        failed = [test for test in self.tested if controls.unseen(test) and can_be_measured(self.claims, test)]
        results = {test: without.judge(test) for test in failed}
        return {test: result for test, result in results.items() if result.probability is not None}

    def of(self, change: Change) -> Case:
        """Return the changed case with these claims alone."""
        return change.case.model_copy(
            update={
                "claims": self.claims.claims,
                "tests": {name: change.case.tests[name] for name in self.claims.claims},
                "theatres": {name: change.case.theatres[name] for name in self.claims.theatres},
            }
        )

    def judge_of(self, change: Change) -> ChangedJudge:
        """Return what decides the claims with a change that solves no game again."""
        case, central = self.of(change), self.judge.central
        if change.record:
            central = {theatres: weighed(ensemble, case, change) for theatres, ensemble in central.items()}
        return ChangedJudge(
            case,
            self.judge.seed,
            central,
            {} if change.record else self.judge.paired,
            {} if change.record else self.judge.swept,
            self._controls(change, case),
            change,
            self.reads,
            self.tested,
        )

    def _controls(self, change: Change, case: Case) -> ControlRuns | None:
        """Return the controls as they stand; with one type of challenger alone, as that type has them."""
        controls = self.judge.controls
        return replace(controls, case=case) if controls is not None and change.kind == "type" else controls

    @cached_property
    def tested(self) -> Mapping[Test, Tested]:
        """Return the results of the tests as they stand."""
        return {test: self.judge.judge(test) for tests in self.claims.tests.values() for test in tests.values()}

    def together(self, name: str, parts: tuple[str, ...], wanted: int) -> Tested:
        """Return the result that at least `wanted` of some parts of a claim hold together, all essential ones among them."""
        asked = name, parts, wanted
        if asked not in self._together:
            tests = {part: self.claims.tests[name][part] for part in parts}
            essential = {part.name for part in self.results[name].parts if part.essential}
            self._together[asked] = self.judge.together(tests, wanted, essential.intersection(parts))
        return self._together[asked]

    @cached_property
    def _together(self) -> dict[tuple[str, tuple[str, ...], int], Tested]:
        return {}

    def blocked(self, name: str) -> dict[str, Test]:
        """Return the tests of a claim, by part, that games decide but of which they give no probability, with controls or without."""
        return {
            part: test
            for part, test in self.claims.tests[name].items()
            if basis_of(self.claims, test) == "model" and test not in self.modelled(name)
        }

    def games(self, case: Case, tests: Iterable[Test], theatres: Theatres) -> tuple[Scenario, ...]:
        """Return the games of tests of some theatres in a case, with those of the controls that some of them fail."""
        from tocsin.assessment.ensemble import scenarios_for

        there = [test for test in tests if theatres_of(case, [test.node]) == theatres]
        read = scenarios_for(case, central_models(case), [call for test in there for call in calls(test.node)])
        return tuple(dict.fromkeys([*read, *games_of(case, [test for test in there if test in self.unseen])]))


def built(case: Case, names: Iterable[str], seed: int, report: Progress) -> Bench:
    """Decide some claims as they stand, with their games alone.

    Raises:
        SolveError: if a game has no finite solution.
    """
    claims = restricted(case, names)
    if not calls_of(claims):
        return Bench(case, claims, Judge(claims, seed))
    # imported here: the games load the engine, which a case without games never needs
    from tocsin.assessment.challenging.solving import solved

    judge = solved(claims, seed, DRAWS, report)
    return Bench(case, claims, judge, tuple(calls_of(claims)))


def moved_worlds(worlds: Worlds, case: Case, beliefs: Iterable[str]) -> Worlds:
    """Return the same worlds with some inputs at the same quantiles of other distributions."""
    draws = {name: case.distributions[name].quantile(worlds.points[name]) for name in beliefs}
    return replace(worlds, draws={**worlds.draws, **draws})


def weighed(ensemble: Ensemble, case: Case, change: Change) -> Ensemble:
    """Return an ensemble whose games are the same, weighted by the record of a changed case."""
    from tocsin.assessment.ensemble import base_scenario
    from tocsin.models.coercion.history import log_likelihood

    worlds = moved_worlds(ensemble.worlds, case, change.beliefs)
    bases = {key: base_scenario(case, *key, ensemble.discount) for key in ensemble.records}
    pasts = {game: past for game, past in ensemble.pasts.items() if game.theatre in case.history}
    records = {
        key: log_likelihood(case, ensemble.solutions[base], worlds.draws, pasts.get(base))
        for key, base in bases.items()
    }
    return replace(ensemble, case=case, worlds=worlds, records=records, pasts=pasts, memo={})


def solved_again(
    few: Ensemble,
    case: Case,
    change: Change,
    games: Iterable[Scenario],
    progress: Callable[[float], None] | None = None,
) -> Ensemble:
    """Return a few worlds with the games of a changed case; those that read nothing changed are taken over."""
    from tocsin.assessment.ensemble import base_scenario, conditioned

    worlds, shared = moved_worlds(few.worlds, case, change.beliefs), few.games.copy()
    same = shared.has(case, [base_scenario(case, *key) for key in few.records], worlds.draws)
    after = conditioned(case, few.theatres, worlds, few.log_weights, progress=progress, solver=shared)
    weighted = after.with_past(shared) if same else replace(after, records=_at_todays_forces(few, after))
    return weighted.with_games(games, progress, shared)


def _at_todays_forces(few: Ensemble, after: Ensemble) -> dict[tuple[str, str], np.ndarray]:
    """Return the likelihoods of the records before a change, times what it changes in them at the forces of today.

    The years of the record at their own forces would take a third of the work.
    """
    from tocsin.assessment.ensemble import base_scenario
    from tocsin.models.coercion.history import log_likelihood

    today = {
        key: log_likelihood(few.case, few.solutions[base_scenario(few.case, *key)], few.worlds.draws)
        for key in few.records
    }
    return {key: few.records[key] + after.records[key] - today[key] for key in few.records}


def smallest(ensembles: Iterable[Ensemble], case: Case) -> float:
    """Return the smallest effective number of worlds, over ensembles and types."""
    from tocsin.assessment.weighting import effective

    return min((effective(one.weight(kind)) for one in ensembles for kind in case.types), default=np.inf)
