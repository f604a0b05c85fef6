"""Trace which beliefs a test can read: by name, through a quantity, or through a game that a quantity needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from tocsin.assessment.situations import central_models
from tocsin.case.nodes import Call, calls, inputs
from tocsin.case.schema import Case

if TYPE_CHECKING:
    from tocsin.case.compiled import Test
    from tocsin.models.coercion.scenario import Scenario

Draws = Mapping[str, np.ndarray]

WORLDS = 8
"""Worlds in which tests are traced."""


class Trace(Mapping[str, np.ndarray]):
    """Draws that remember which of them were read."""

    def __init__(self, draws: Draws) -> None:
        self._draws, self._read = draws, set[str]()

    def __getitem__(self, name: str) -> np.ndarray:
        values = self._draws[name]
        self._read.add(name)
        return values

    def __contains__(self, name: object) -> bool:
        return name in self._draws

    def __iter__(self) -> Iterator[str]:
        return iter(self._draws)

    def __len__(self) -> int:
        return len(self._draws)

    @property
    def read(self) -> frozenset[str]:
        """Return the names of the draws that were read."""
        return frozenset(self._read)


class Reads:
    """Finds the beliefs that tests read; each game is traced once.

    A belief that only the record of past years reads, such as `stray`, is left out: it weights worlds, and no quantity depends on it.
    """

    def __init__(self, case: Case) -> None:
        self._case, self._models = case, central_models(case)
        places = np.random.default_rng(0).random((len(case.distributions), WORLDS))
        self._draws = {
            name: belief.quantile(points)
            for (name, belief), points in zip(case.distributions.items(), places, strict=True)
        }
        self._games: dict[Scenario, frozenset[str]] = {}
        self._calls: dict[Call, frozenset[str]] = {}
        self._tests: dict[Test, frozenset[str]] = {}

    def of(self, test: Test) -> frozenset[str]:
        """Return the beliefs that a test reads."""
        if test not in self._tests:
            self._tests[test] = frozenset(inputs(test.node)).union(*(self.of_call(call) for call in calls(test.node)))
        return self._tests[test]

    def of_game(self, game: Scenario) -> frozenset[str]:
        """Return the beliefs that a game reads."""
        from tocsin.models.coercion.prepare import prepare

        if game not in self._games:
            trace = Trace(self._draws)
            prepare(self._case, game, trace)
            self._games[game] = trace.read
        return self._games[game]

    def of_call(self, call: Call) -> frozenset[str]:
        """Return the beliefs that a quantity reads."""
        # imported here: quantities load the models, and a case without theatres has none
        from tocsin.assessment.quantities import needs

        if call not in self._calls:
            games = {game for model in self._models for game in needs(self._case, model, call)}
            read = frozenset[str]().union(*map(self.of_game, games)) if games else self._without_game(call)
            signals = {name for name in self._draws if call.name == "signal" and name.startswith("signal.")}
            self._calls[call] = read | signals
        return self._calls[call]

    def _without_game(self, call: Call) -> frozenset[str]:
        """Return the beliefs that a quantity without a game reads: those it looks at that can change it."""
        trace = Trace(self._draws)
        self._value(call, trace)
        names = sorted(trace.read)
        if call.published or len(names) < 2:
            return trace.read
        # the first worlds are as drawn; in those that follow, one belief after another has the value of another world
        draws = {name: np.tile(values, len(names) + 1) for name, values in self._draws.items()}
        for index, name in enumerate(names, start=1):
            draws[name][index * WORLDS : (index + 1) * WORLDS] = np.roll(self._draws[name], 1)
        values = self._value(call, draws).reshape(-1, WORLDS)
        return frozenset(name for name, row in zip(names, values[1:], strict=True) if np.any(row != values[0]))

    def _value(self, call: Call, draws: Draws) -> np.ndarray:
        from tocsin.assessment.quantities import Reader

        return Reader(self._case, self._models[0], {}, draws, {}).read(call)
