"""Decide a claim again with some inputs set, as a run with these settings decides it.

What enters its verdict is decided anew: its tests, by each value that sources give, their controls, the worlds that are left, and whether games
settle. If no game reads the inputs, worlds and games are those of the run, and so the verdict is that of a run with these settings. Otherwise
the games are solved again in some worlds of the run, and the record weights these anew; at other discount factors, probabilities move as much
as at the central one. A run would draw other worlds. So the verdict is only `sure` if no sampling error may turn it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tocsin.assessment.claims import decide_claim
from tocsin.assessment.comparisons import compared
from tocsin.assessment.judging import Judge, ModelShares, Tested
from tocsin.assessment.model_names import DISCOUNT
from tocsin.assessment.moved import Moves
from tocsin.assessment.reachable import keeps_verdict
from tocsin.assessment.requests import Theatres, basis_of, by_theatres, calls_in
from tocsin.assessment.result import ClaimResult, PartResult
from tocsin.assessment.shares import Checks
from tocsin.assessment.situations import central_models
from tocsin.assessment.verdicts import MIN_EFFECTIVE, may_differ
from tocsin.case.compiled import Test
from tocsin.case.dated import with_those_alike
from tocsin.case.joint import joint_beliefs
from tocsin.case.override import override
from tocsin.case.schema import Case

if TYPE_CHECKING:
    from tocsin.assessment.controls import ControlRuns
    from tocsin.assessment.ensemble import Ensemble, Ensembles
    from tocsin.models.coercion.scenario import Scenario


@dataclass(frozen=True)
class Rerun:
    """A claim with some inputs set.

    Attributes:
        result: the claim, without drivers, flips and confidence. Parts that cannot change its verdict may be as they stood.
        worlds: in how many worlds its games were solved again; 0 if none was.
        sure: whether chance in the choice of worlds can hardly give another verdict.
    """

    result: ClaimResult
    worlds: int
    sure: bool


def rerun(judge: Judge, stands: ClaimResult, moves: Moves, *, worlds: int, first: Collection[str] = ()) -> Rerun:
    """Decide a claim of a run again with some inputs set.

    Args:
        judge: what decided the claims of the run.
        stands: the claim as it stands.
        moves: the inputs with their values.
        worlds: about how many worlds of each set of theatres games are solved in again.
        first: parts to decide first. The other parts that games decide are only decided if the verdict may depend on them.

    Raises:
        SolveError: if a game has no finite value there, or settles in no world.
        InputError: if an input may not have the value.
    """
    again = _Again(judge, stands, moves, worlds)
    some = again.decided(first) if first else None
    return some if some is not None and some.sure else again.decided(again.tests)


@dataclass(frozen=True)
class _Anew(Judge):
    """Decides the tests of a claim again.

    Attributes:
        before: what decided them in the run. Without games at other discount factors, probabilities move there as at the central one.
        left: the results of tests that stay as they stood.
    """

    before: Judge | None = None
    left: Mapping[Test, Tested] = field(default_factory=dict)

    def judge(self, test: Test) -> Tested:
        """Decide one test as `Judge` does, unless it stays as it stood."""
        return self.left[test] if test in self.left else super().judge(test)

    def together(self, tests: Mapping[str, Test], wanted: int, essential: Collection[str] = ()) -> Tested:
        """Decide as `Judge` does; with a test that stays as it stood, nothing can be told."""
        if any(test in self.left for test in tests.values()):
            return Tested(verdict="cannot tell", basis="model")
        return super().together(tests, wanted, essential)

    def by_model(self, checks: Checks, wanted: int) -> ModelShares:
        """Return the shares as `Judge` does; where no game is solved at other discount factors, they move as at the central one."""
        models, before = super().by_model(checks, wanted), self.before
        if self.swept or before is None or not checks.modelled:
            return models
        old, new = before.by_model(replace(checks, case=before.case), wanted).shares, models.shares
        kinds = {name: name.partition(DISCOUNT)[0] for name in old if name not in new}
        moved = {name: new[kind].moved(old[name], old[kind]) for name, kind in kinds.items()}
        return replace(models, shares={**new, **moved})


class _Again:
    """What it takes to decide one claim again."""

    def __init__(self, judge: Judge, stands: ClaimResult, moves: Moves, worlds: int) -> None:
        self._judge, self._stands, self._moves, self._worlds = judge, stands, moves, worlds
        whole, name = override(judge.case, {name: f"fixed({value!r})" for name, value in moves.items()}), stands.id
        # the claim alone, so that only its controls are solved
        self._case: Case = whole.model_copy(
            update={"claims": {name: whole.claims[name]}, "tests": {name: whole.tests[name]}}
        )
        self.tests: Mapping[str, Test] = self._case.tests[name]
        self._known: dict[Theatres, Ensemble] = {}

    def decided(self, parts: Collection[str]) -> Rerun:
        """Return the claim with these parts, and those without a game, decided anew."""
        left = {
            part for part, test in self.tests.items() if part not in parts and basis_of(self._case, test) == "model"
        }
        tests = [test for part, test in self.tests.items() if part not in left]
        ensembles, again = self._ensembles(tests)
        judge = self._judge_of(ensembles, again, tests, left)
        result = decide_claim(judge, self._stands.id, self._case.claims[self._stands.id])
        doubtful = left if self._as_in_a_run(again) else left | self._doubtful(judge, result, left)
        worlds = min((ensembles[theatres].worlds.size for theatres in again), default=0)
        return Rerun(result, worlds, not doubtful or keeps_verdict(result, doubtful))

    def _as_in_a_run(self, again: Collection[Theatres]) -> bool:
        """Return whether a run with the settings has the same worlds: no game of the claim and no weight reads an input that is set."""
        theatres = ((theatre,) for theatre in self._case.theatres) if self._judge.central else ()
        together = {name for group in joint_beliefs(self._judge.case) for name in group.names}
        return not (again or together & set(self._moves) or any(self._reads(self._bases(one)) for one in theatres))

    # --- worlds and games ------------------------------------------------------------------------------------------

    def _ensembles(self, tests: Iterable[Test]) -> tuple[Ensembles, set[Theatres]]:
        """Return the worlds of some tests with their games, and the theatres whose games are solved again."""
        games = {theatres: self._games(theatres, group) for theatres, group in by_theatres(self._case, tests).items()}
        again = {theatres for theatres in games if self._reads([*self._bases(theatres), *games[theatres]])}
        return {
            theatres: self._solved(theatres, games[theatres])
            if theatres in again
            else self._as_it_was(self._judge.central[theatres])
            for theatres in games
        }, again

    def _games(self, theatres: Theatres, tests: Iterable[Test]) -> tuple[Scenario, ...]:
        from tocsin.assessment.ensemble import scenarios_for

        return scenarios_for(self._case, central_models(self._case), calls_in(self._case, tests).get(theatres, ()))

    def _bases(self, theatres: Theatres) -> list[Scenario]:
        from tocsin.assessment.ensemble import base_scenario

        those = with_those_alike(self._case, theatres)
        return [base_scenario(self._case, theatre, kind) for theatre in those for kind in self._case.types]

    def _reads(self, games: Iterable[Scenario]) -> bool:
        """Return whether some game reads an input that is set."""
        return any(not self._judge.reads.of_game(game).isdisjoint(self._moves) for game in games)

    def _as_it_was(self, ensemble: Ensemble) -> Ensemble:
        """Return worlds with the inputs set, in which no game reads them."""
        worlds = ensemble.worlds
        for name, value in self._moves.items():
            worlds = worlds.fixed(name, value)
        return replace(ensemble, case=self._case, worlds=worlds, memo={})

    def _all_as_they_were(self, ensembles: Ensembles) -> Ensembles:
        return {theatres: self._as_it_was(ensemble) for theatres, ensemble in ensembles.items()}

    def _solved(self, theatres: Theatres, games: Iterable[Scenario]) -> Ensemble:
        """Return some worlds of the run with the inputs set, weighted anew, with the games that read an input solved again."""
        if theatres not in self._known:
            self._known[theatres] = self._weighted(theatres)
        self._known[theatres] = self._known[theatres].with_games(games)
        return self._known[theatres]

    def _weighted(self, theatres: Theatres) -> Ensemble:
        from tocsin.assessment.ensemble import conditioned

        few = self._judge.central[theatres].thinned(self._worlds)
        kept = {game: solution for game, solution in few.solutions.items() if not self._reads([game])}
        after = replace(self._as_it_was(few), solutions=kept)
        if not self._reads(self._bases(theatres)):
            return after
        weighted = conditioned(self._case, theatres, after.worlds, few.log_weights).with_past()
        return replace(weighted, solutions={**kept, **weighted.solutions})

    def _controls(self, tests: Iterable[Test]) -> ControlRuns | None:
        """Return the controls of some tests, solved again where a game reads an input that is set."""
        before = self._judge.controls
        if before is None:
            return None
        from tocsin.assessment.controls import (
            ControlRuns,
            control_scenarios,
        )  # imported here, as elsewhere: it loads the engine

        ensembles: dict[Theatres, Ensemble] = {}
        listed = {str(index): test for index, test in enumerate(tests)}
        case = self._case.model_copy(update={"tests": {self._stands.id: listed}})
        for theatre in sorted({str(item.call.theatre) for test in listed.values() for item in compared(case, test)}):
            one, games = (theatre,), control_scenarios(case, theatre)
            again = self._reads([*self._bases(one), *games])
            ensembles[one] = self._solved(one, games) if again else self._as_it_was(before.ensembles[one])
        return ControlRuns(case, ensembles)

    # --- decisions and doubts --------------------------------------------------------------------------------------

    def _judge_of(
        self, ensembles: Ensembles, again: Collection[Theatres], tests: Iterable[Test], left: Collection[str]
    ) -> Judge:
        judge = _Anew(
            self._case,
            self._judge.seed,
            ensembles,
            controls=self._controls(tests),
            before=self._judge,
            left={self.tests[part.name]: _stood(part) for part in self._stands.parts if part.name in left},
        )
        if again:
            return judge
        swept = {discount: self._all_as_they_were(known) for discount, known in self._judge.swept.items()}
        return replace(judge, paired=self._all_as_they_were(self._judge.paired), swept=swept)

    def _doubtful(self, judge: Judge, result: ClaimResult, left: Collection[str]) -> set[str]:
        """Return the parts whose verdict chance may turn; the empty name is that of a claim, or of whether its parts hold together."""
        parts = {part.name for part in result.parts if _by_chance(part)}
        tests = {part: test for part, test in self.tests.items() if part not in left}
        doubtful = {part for part, test in tests.items() if self._is_doubtful(judge, test)}
        return parts | doubtful | ({""} if _by_chance(result) else set())

    def _is_doubtful(self, judge: Judge, test: Test) -> bool:
        """Return whether chance may bear on whether a test of the games can be decided: by its worlds, its games or its controls."""
        if basis_of(self._case, test) != "model":
            return False
        from tocsin.assessment.settling import hardly_settled

        few = judge.effective([test]) < MIN_EFFECTIVE
        unsettled = any(hardly_settled(judge.central, model, [test.node]) for model in central_models(self._case))
        return few or unsettled or (judge.controls is not None and judge.controls.doubtful(test))


def _by_chance(item: ClaimResult | PartResult) -> bool:
    return item.probability is not None and may_differ(item.probability, item.by_model.values())


def _stood(part: PartResult) -> Tested:
    """Return the result of the test of a part as it stands."""
    return Tested(verdict=part.verdict, basis=part.basis, probability=part.probability, by_model=part.by_model)
