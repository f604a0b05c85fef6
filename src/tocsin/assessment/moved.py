"""Tests with beliefs moved: the games that read them are solved again in a few worlds of each challenger type.

The worlds are a sample of the ensemble, each type's by its own weights. A moved belief has one value in all of them; everything else stays as
drawn. The record of past years weights the worlds anew: by what the move changes in its likelihood at the forces of today.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from tocsin.assessment import estimates
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.leaves import margins
from tocsin.assessment.requests import Theatres, basis_of, theatres_of
from tocsin.assessment.shares import Group, enough
from tocsin.assessment.situations import central_models
from tocsin.assessment.versions import versions
from tocsin.assessment.weighting import FINE, effective, normalised, sampled
from tocsin.case.compiled import Test
from tocsin.case.dated import with_those_alike
from tocsin.case.nodes import calls

if TYPE_CHECKING:
    from tocsin.assessment.judging import Judge
    from tocsin.assessment.quantities import Reader
    from tocsin.assessment.situations import Model
    from tocsin.models.coercion.scenario import Scenario
    from tocsin.models.coercion.solve import Ends, Solution

Moves: TypeAlias = Mapping[str, float]
"""Belief -> the value that it has in all worlds, in its unit."""


@dataclass(frozen=True)
class OpenTests:
    """The tests of a claim that facts do not decide.

    Attributes:
        tests: part -> test; the part is empty for a claim without parts.
        wanted: how many of them must hold for the claim to hold.
        essential: the parts that must hold whatever the others do.
        together: whether the claim depends on how many hold in the same worlds.
    """

    tests: Mapping[str, Test]
    wanted: int
    essential: frozenset[str] = frozenset()
    together: bool = False


@dataclass(frozen=True)
class Seen:
    """Where the tests of a claim hold in the worlds of one type, by part.

    Attributes:
        truths: (D,) of 1, 0 or nan; for a chance, its value.
        margins: (comparisons, D) see `leaves.margins`.
        weights: (D,), which sum to one.
        theatres: names of the worlds in which the test is read; tests of one name share their worlds.
    """

    truths: Mapping[str, np.ndarray]
    margins: Mapping[str, np.ndarray]
    weights: Mapping[str, np.ndarray]
    theatres: Mapping[str, Theatres]

    @classmethod
    def of(cls, rows: Mapping[str, tuple[_Read, np.ndarray, Theatres]]) -> Seen:
        """Return what was read of each part: where it holds and its margin, the weights, and the worlds."""
        return cls(
            {part: read[0] for part, (read, _, _) in rows.items()},
            {part: read[1] for part, (read, _, _) in rows.items()},
            {part: weights for part, (_, weights, _) in rows.items()},
            {part: theatres for part, (_, _, theatres) in rows.items()},
        )

    def updated(self, other: Seen) -> Seen:
        """Return these tests with those that were read again."""
        return Seen(
            {**self.truths, **other.truths},
            {**self.margins, **other.margins},
            {**self.weights, **other.weights},
            self.theatres,
        )

    def probability(self, part: str) -> float:
        """Return the share of worlds in which a test holds, among those in which it is defined; for a chance, its mean."""
        known = np.isfinite(self.truths[part])
        inside = self.weights[part][known]
        return float(np.sum(inside * self.truths[part][known]) / np.sum(inside)) if np.sum(inside) > 0.0 else np.nan

    def together(self, open_tests: OpenTests) -> float:
        """Return the probability that enough tests hold."""
        groups = []
        for theatres in dict.fromkeys(self.theatres.values()):
            parts = [part for part in open_tests.tests if self.theatres[part] == theatres]
            essential = tuple(index for index, part in enumerate(parts) if part in open_tests.essential)
            groups.append(Group([self.truths[part] for part in parts], self.weights[parts[0]], essential))
        return enough(groups, open_tests.wanted).probability

    @property
    def size(self) -> float:
        """Return the smallest effective number of worlds."""
        return min(effective(weights) for weights in self.weights.values())


_Read: TypeAlias = tuple[np.ndarray, np.ndarray]
"""Where a test holds, (D,), and the margins of its comparisons, (comparisons, D)."""
_Key: TypeAlias = tuple[Theatres, tuple[tuple[str, float], ...]]


@dataclass
class _Few:
    """A few worlds of some theatres: draws, solutions as they were, and log weights by type."""

    draws: dict[str, np.ndarray]
    indices: np.ndarray
    log_weights: dict[str, np.ndarray]
    known: dict[Scenario, Solution] = field(default_factory=dict)


class Trials:
    """Reads the tests of claims with beliefs moved, and remembers the games that it solved.

    Attributes:
        budget: games, times their worlds, that may be solved again.
        spent: those that were.
    """

    def __init__(self, judge: Judge, worlds: int, budget: int) -> None:
        """Read in about `worlds` worlds of each set of theatres."""
        self._judge, self._case, self._worlds, self.budget, self.spent = judge, judge.case, worlds, budget, 0
        self._few: dict[Theatres, _Few] = {}
        self._solved: dict[_Key, dict[Scenario, Solution]] = {}
        self._ends: dict[_Key, Ends] = {}
        self._needed: dict[Test, frozenset[Scenario]] = {}
        self._grouped: dict[tuple[tuple[str, Test], ...], dict[Theatres, dict[str, Test]]] = {}
        self._known: dict[tuple[object, ...], _Read] = {}

    def see(self, open_tests: OpenTests, moves: Moves) -> dict[str, Seen]:
        """Return where tests hold with beliefs moved, by type; by "" if no test reads a game.

        Raises:
            SolveError: if a game has no finite value there.
            InputError: if a published game does not admit the value.
        """
        grouped = self.by_theatres(open_tests)
        kinds = [model.type for model in central_models(self._case)] if grouped else [""]
        rows: dict[str, dict[str, tuple[_Read, np.ndarray, Theatres]]] = {kind: {} for kind in kinds}
        for part, test in open_tests.tests.items():
            if basis_of(self._case, test) == "estimate":
                weights = np.full(estimates.FLIPPED, 1.0 / estimates.FLIPPED)
                for row in rows.values():
                    row[part] = self.estimated(test, moves), weights, SAMPLE
        for theatres, tests in grouped.items():
            solutions, draws = self._solutions(theatres, self._games(tests.values()), moves)
            from tocsin.assessment.quantities import Reader  # imported here, as below: it loads the engine

            for model in central_models(self._case):
                weights = self._weights(theatres, model, solutions, draws)
                reader = Reader(self._case, model, solutions, draws, {})
                for part, test in tests.items():
                    read = self._modelled(theatres, test, reader, weights, moves)
                    rows[model.type][part] = read, weights, theatres
        return {kind: Seen.of({part: row[part] for part in open_tests.tests}) for kind, row in rows.items()}

    def cost(self, open_tests: OpenTests, moves: Moves) -> int:
        """Return how many games, times their worlds, must be solved to read tests with beliefs moved."""
        count = 0
        for theatres, tests in self.by_theatres(open_tests).items():
            moving = [test for test in tests.values() if not self._judge.reads.of(test).isdisjoint(moves)]
            _, missing = self._missing(theatres, self._games(moving), moves)
            statements = {
                replace(call, rung=None) for test in moving for call in calls(test.node) if call.name == "signal"
            }
            games = len(missing) + SIGNAL_GAMES * len(self._case.types) * len(statements)
            count += games * len(self._worlds_of(theatres).indices)
        return count

    def solved_in(self, open_tests: OpenTests, names: Iterable[str]) -> int:
        """Return in how many worlds the games of tests are solved if some beliefs move; 0 if no game reads them."""
        if self.is_free(open_tests, names):
            return 0
        return min(len(self._worlds_of(theatres).indices) for theatres in self.by_theatres(open_tests))

    def affords(self, cost: int) -> bool:
        """Return whether so much may still be solved."""
        return self.spent + cost <= self.budget

    def is_free(self, open_tests: OpenTests, names: Iterable[str]) -> bool:
        """Return whether no test of the games reads any of some beliefs: reading it again then costs next to nothing."""
        tests = [test for row in self.by_theatres(open_tests).values() for test in row.values()]
        return all(self._judge.reads.of(test).isdisjoint(names) for test in tests)

    def disputed(self, open_tests: OpenTests) -> bool:
        """Return whether sources give several values of a fact that some tests read; only the first is read here."""
        return any(len(versions(self._case, test.node)) > 1 for test in open_tests.tests.values())

    def touched(self, open_tests: OpenTests, names: Iterable[str]) -> frozenset[str]:
        """Return the parts whose probability some beliefs can move: tests that read them, and those in the worlds that they weight anew."""
        moved, parts = frozenset(names), set[str]()
        for tests in self.by_theatres(open_tests).values():
            if not all(self._judge.reads.of(test).isdisjoint(moved) for test in tests.values()):
                parts |= tests.keys()
        reading = (part for part, test in open_tests.tests.items() if not self._judge.reads.of(test).isdisjoint(moved))
        return frozenset(parts).union(reading)

    def values(self, theatres: Theatres, name: str) -> np.ndarray:
        """Return the draws of a belief in the few worlds of some theatres."""
        return self._few[theatres].draws[name]

    def estimated(self, test: Test, moves: Moves) -> _Read:
        """Return where a test without a game holds, and its margins, in the sample with beliefs moved."""
        read = self._judge.reads.of(test)
        used = {name: value for name, value in sorted(moves.items()) if name in read}
        key = (test, *used.items())
        if key not in self._known:
            self._known[key] = _read_by(estimates.moved(self._case, test, self._judge.seed, used), test)
        return self._known[key]

    def by_theatres(self, open_tests: OpenTests) -> dict[Theatres, dict[str, Test]]:
        """Return the tests that read a game, by theatres and part."""
        key = tuple(open_tests.tests.items())
        if key not in self._grouped:
            grouped: dict[Theatres, dict[str, Test]] = {}
            for part, test in open_tests.tests.items():
                if basis_of(self._case, test) == "model":
                    grouped.setdefault(theatres_of(self._case, [test.node]), {})[part] = test
            self._grouped[key] = grouped
        return self._grouped[key]

    # --- tests of the games --------------------------------------------------------------------------------------

    def _modelled(self, theatres: Theatres, test: Test, reader: Reader, weights: np.ndarray, moves: Moves) -> _Read:
        """Return where a test of the games holds, and its margins; as it was if it reads no moved belief."""
        evaluator = Evaluator(self._case, reader, weights, test.central)
        if not self._judge.reads.of(test).isdisjoint(moves):
            return _read_by(evaluator, test)
        key = (theatres, test, reader.model)
        if key not in self._known:
            self._known[key] = _read_by(evaluator, test)
        return self._known[key]

    def _worlds_of(self, theatres: Theatres) -> _Few:
        if theatres not in self._few:
            ensemble = self._judge.central[theatres]
            weights = {kind: ensemble.weight(kind) for kind in self._case.types}
            indices, log_weights = np.arange(ensemble.worlds.size), np.zeros(ensemble.worlds.size)
            if self._worlds < len(indices):
                mean = np.mean(list(weights.values()), axis=0)
                indices, log_weights = sampled(mean, self._worlds, ensemble.worlds.seed, FINE)
            draws = {name: values[indices] for name, values in ensemble.worlds.draws.items()}
            with np.errstate(divide="ignore"):  # worlds whose base games have not settled weigh nothing
                logs = {kind: log_weights + np.log(values[indices]) for kind, values in weights.items()}
            self._few[theatres] = _Few(draws, indices, logs)
        return self._few[theatres]

    def _as_it_was(self, theatres: Theatres, game: Scenario) -> Solution:
        few = self._worlds_of(theatres)
        if game not in few.known:
            few.known[game] = self._judge.central[theatres].solutions[game].some(few.indices)
        return few.known[game]

    def _solutions(
        self, theatres: Theatres, needed: Collection[Scenario], moves: Moves
    ) -> tuple[dict[Scenario, Solution], dict[str, np.ndarray]]:
        """Return the solutions of some games, and of the base games, with the draws for which they hold."""
        few = self._worlds_of(theatres)
        draws = few.draws | {name: np.full(len(few.indices), value) for name, value in moves.items()}
        key, missing = self._missing(theatres, needed, moves)
        solved = self._solved.setdefault(key, {})
        if missing:
            from tocsin.models.coercion.solve import settle, solve

            if key not in self._ends:
                self._ends[key] = settle(self._case, self._bases(theatres), draws)
            solved |= solve(self._case, missing, draws, ends=self._ends[key])
            self.spent += len(missing) * len(few.indices)
        games = {*self._bases(theatres), *needed}
        return {game: solved.get(game) or self._as_it_was(theatres, game) for game in games}, draws

    def _missing(self, theatres: Theatres, needed: Collection[Scenario], moves: Moves) -> tuple[_Key, list[Scenario]]:
        """Return under which key some games are remembered, and which of them read a moved belief and are not solved yet."""
        used = [name for name in moves if any(name in self._judge.reads.of_game(game) for game in needed)]
        key = (theatres, tuple((name, moves[name]) for name in sorted(used)))
        if not used:
            return key, []
        known, as_it_was = self._solved.get(key, {}), self._judge.central[theatres].solutions
        games = sorted({*self._bases(theatres), *needed}, key=str)
        return key, [
            game
            for game in games
            if game not in known and (game not in as_it_was or not self._judge.reads.of_game(game).isdisjoint(used))
        ]

    def _games(self, tests: Iterable[Test]) -> frozenset[Scenario]:
        from tocsin.assessment.ensemble import scenarios_for

        games: frozenset[Scenario] = frozenset()
        for test in tests:
            if test not in self._needed:
                self._needed[test] = frozenset(scenarios_for(self._case, central_models(self._case), calls(test.node)))
            games |= self._needed[test]
        return games

    def _bases(self, theatres: Theatres) -> list[Scenario]:
        from tocsin.assessment.ensemble import base_scenario

        those = with_those_alike(self._case, theatres)
        return [base_scenario(self._case, theatre, kind) for theatre in those for kind in self._case.types]

    def _weights(
        self, theatres: Theatres, model: Model, solutions: Mapping[Scenario, Solution], draws: Mapping[str, np.ndarray]
    ) -> np.ndarray:
        """Return the weights of the worlds with their base games moved; worlds whose base games do not settle have none."""
        from tocsin.models.coercion.history import log_likelihood

        few = self._worlds_of(theatres)
        logs, settled = few.log_weights[model.type], np.ones(len(few.indices), dtype=bool)
        for base in self._bases(theatres):
            before = self._as_it_was(theatres, base)
            if base.type == model.type:
                settled = settled & solutions[base].settled
            if base.type == model.type and solutions[base] is not before:
                logs = logs + log_likelihood(self._case, solutions[base], draws)
                logs = logs - log_likelihood(self._case, before, few.draws)
        logs = np.where(settled, logs, -np.inf)
        return normalised(logs) if np.isfinite(logs).any() else np.full(len(logs), np.nan)


def _read_by(evaluator: Evaluator, test: Test) -> _Read:
    return np.broadcast_to(evaluator.truth(test.node), evaluator.weights.shape), margins(test, evaluator)


SAMPLE: Theatres = ("",)
"""Stands for the worlds of tests without a game."""

SIGNAL_GAMES = 2
"""The games of the challenger that take as long as one game of signalling."""
