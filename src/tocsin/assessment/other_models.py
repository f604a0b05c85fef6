"""Let models of past disputes answer the tests of a case that ask for nothing but the chance of war.

What an event changes reaches these models through forces alone: the shift of the log ratio of the defenders' usable strength to the challenger's,
against today, in the worlds of the case before any record weighs them. No game is solved. A model in which no force enters gives the same
chance in every situation; it then says nothing of a comparison of situations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from tocsin.assessment.bands import quantiles
from tocsin.assessment.comparisons import ORDERS, compared, difference, with_numbers
from tocsin.assessment.controls import control_calls
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.figures_result import Band
from tocsin.assessment.other_models_result import GAME, ModelAnswer, OtherModels
from tocsin.assessment.requests import basis_of
from tocsin.assessment.result import ClaimResult, PartResult
from tocsin.assessment.situations import central_models, with_events
from tocsin.assessment.verdicts import decide
from tocsin.assessment.worlds import Worlds, draw
from tocsin.case.compiled import Test
from tocsin.case.events import short_name
from tocsin.case.game_blocks import DatedGame
from tocsin.case.nodes import Binary, Call, Input, calls, walk
from tocsin.case.schema import Case
from tocsin.errors import InputError
from tocsin.evidence.courses.known import Known, Stored
from tocsin.evidence.courses.names import FORCES, MODELS
from tocsin.evidence.courses.players import Players
from tocsin.evidence.courses.weights import weights
from tocsin.evidence.store import load_result
from tocsin.models.coercion.scenario import NO_FORCE
from tocsin.models.coercion.strength import strength
from tocsin.translation import message

QUANTITY = "p_war"
"""The one quantity that the models have: war within the horizon."""
DRAWS = 1024
"""Worlds, and draws of each model's numbers."""
NO_FORCES = message("no force enters in it")
NO_CHANGE = message("the events change no force in it")


def other_models(case: Case, claims: Iterable[ClaimResult], seed: int) -> tuple[OtherModels, ...]:
    """Return what every model says of each test that all of them can speak to, in the order of the claims.

    Args:
        case: a case with games.
        claims: decided by its game.
        seed: of the worlds and of the draws of the models' numbers.
    """
    tests = [
        (claim, name, test)
        for claim in claims
        for name, test in case.tests[claim.id].items()
        if _asks_only_for_war(case, test)
    ]
    if not tests:
        return ()
    models = PastModels(case, seed)
    return tuple(
        OtherModels(
            claim=claim.id,
            part=name,
            years=max(case.theatres[theatre].horizon for theatre in _theatres(test)),
            counterfactual=any(call.events or call.given for call in calls(test.node)),
            answers=(_of_game(_part(claim, name)), *(models.answer(model, test) for model in MODELS)),
        )
        for claim, name, test in tests
        if all(theatre in models.known for theatre in _theatres(test))
    )


def _part(claim: ClaimResult, name: str) -> ClaimResult | PartResult:
    """Return the part that a test decides; the claim itself if it has no parts."""
    return next((part for part in claim.parts if part.name == name), claim)


def _asks_only_for_war(case: Case, test: Test) -> bool:
    """Return whether the games decide a test, and it reads no other quantity than the chance of war, and no input."""
    if basis_of(case, test) != "model" or any(isinstance(node, Input) for node in walk(test.node)):
        return False
    return all(
        call.name == QUANTITY and call.alike is None and not isinstance(case.theatres[str(call.theatre)], DatedGame)
        for call in calls(test.node)
    )


def _theatres(test: Test) -> tuple[str, ...]:
    return tuple(sorted({str(call.theatre) for call in calls(test.node)}))


def _of_game(result: ClaimResult | PartResult) -> ModelAnswer:
    """Return the answer of the case's game; without a probability it is silent."""
    known = result.probability
    silent = "" if known else result.words
    return ModelAnswer(model=GAME, weight=weights()[GAME], probability=known.mid if known else None, silent=silent)


@dataclass(frozen=True)
class PastModels:
    """The models of past disputes on the states of a case.

    Attributes:
        case: the case.
        seed: of the worlds and of the draws of the models' numbers.
    """

    case: Case
    seed: int

    def answer(self, model: str, test: Test) -> ModelAnswer:
        """Return what one model says of a test."""
        source = _Source(self, model)
        evaluator = Evaluator(self.case, source, np.full(DRAWS, 1.0 / DRAWS), test.central)
        silent = self._silent(source, test)
        result = ModelAnswer(
            model=model,
            weight=weights()[model],
            probability=None if silent else float(np.mean(np.broadcast_to(evaluator.truth(test.node), (DRAWS,)))),
            silent=silent,
            level={theatre: _band(source.read(Call(QUANTITY, theatre=theatre))) for theatre in _theatres(test)},
        )
        return (
            result if silent else replace(result, silent=self._unseen(source, test), effect=self._effect(source, test))
        )

    def _silent(self, source: _Source, test: Test) -> str:
        """Return why a model has no answer to a test: the test compares situations that are the same to it; empty if it has one."""
        several = False
        for theatre in _theatres(test):
            values = [source.read(call) for call in calls(test.node) if call.theatre == theatre]
            several |= len(values) > 1
            if any(not np.array_equal(values[0], other) for other in values[1:]):
                return ""
        return "" if not several else NO_CHANGE if source.model in FORCES else NO_FORCES

    def _unseen(self, source: _Source, test: Test) -> str:
        """Return which positive control the model does not see at the test's threshold, as for the game; empty if none."""
        for item in compared(self.case, test):
            for name, call in control_calls(self.case, item).items():
                if name not in self.case.controls.positive:
                    continue
                size = item.size(source.read(replace(call, events=())), source.read(call))
                if decide(float(np.mean(size > item.threshold)), ()) != "holds":
                    return message("it misses a control ({control})", control=short_name(self.case, name))
        return ""

    def _effect(self, source: _Source, test: Test) -> Band | None:
        """Return the sum of quantities that a test of one comparison compares with a number."""
        known = with_numbers(self.case, test)
        pairs = [node for node in walk(known.node) if isinstance(node, Binary) and node.op in ORDERS]
        total = difference(pairs[0], known) if len(pairs) == 1 else None
        if total is None or len(total.calls) < 2:
            return None
        return _band(np.sum([float(weight) * source.read(call) for call, weight in total.calls.items()], axis=0))

    # --- what they rest on -------------------------------------------------------------------------------------------

    @cached_property
    def known(self) -> Mapping[str, Known]:
        """Return what is known of challenger and target in the years of the horizon, by theatre; a pair without a record is absent."""
        return dict(self._pairs())

    def _pairs(self) -> Iterator[tuple[str, Known]]:
        for name, theatre in self.case.theatres.items():
            years = self.case.as_of.year + np.arange(theatre.horizon)
            try:
                yield (
                    name,
                    self.players.stored.known(self._state(theatre.challenger), self._state(theatre.target), years),
                )
            except InputError:
                continue  # the stored record does not cover these states or years

    def _state(self, actor: str) -> str:
        state = self.case.actors[actor]
        return state.name if state.cow is None else str(state.cow)

    @cached_property
    def players(self) -> Players:
        """Return the models with draws of their numbers."""
        return Players(Stored(load_result("courses")), DRAWS, self.seed)

    @cached_property
    def worlds(self) -> Worlds:
        """Return worlds of the case before any record weighs them."""
        return draw(self.case, seed=self.seed, draws=DRAWS)

    def shift(self, call: Call) -> np.ndarray:
        """Return by how much the log ratio of defenders to challenger exceeds that of today in the situation of a call, (years, draws)."""
        now = self._log_ratio(replace(call, events=(), given=()))
        return self._log_ratio(call)[:-1] - now[0]

    def _log_ratio(self, call: Call) -> np.ndarray:
        """Return the log ratio of the defenders' usable strength to the challenger's, (horizon + 1, draws)."""
        there = with_events(self.case, central_models(self.case)[0], call)
        form = self.case.forms[str(call.theatre)]
        forces = strength(self.case, there.scenario, self.worlds.draws, there.state)
        defenders = np.sum([forces[actor] for actor in form.defenders], axis=0)
        return np.asarray(np.log(np.maximum(defenders, NO_FORCE) / np.maximum(forces[form.challenger], NO_FORCE)))


@dataclass(frozen=True)
class _Source:
    """Gives a test the chance of war in one model."""

    models: PastModels
    model: str
    memo: dict[Call, np.ndarray] = field(default_factory=dict)

    @property
    def draws(self) -> Mapping[str, np.ndarray]:
        """Return the draws of each input, (draws,)."""
        return self.models.worlds.draws

    def read(self, call: Call) -> np.ndarray:
        """Return the probability of war within the horizon in the situation of a call, (draws,)."""
        key = replace(call, column=0) if self.model in FORCES else Call(QUANTITY, theatre=call.theatre)
        if key not in self.memo:
            shift = self.models.shift(key) if self.model in FORCES else None
            known = self.models.known[str(call.theatre)]
            self.memo[key] = self.models.players.play(self.model, known, shift).within()
        return self.memo[key]


def _band(values: np.ndarray) -> Band:
    return quantiles(values, np.full(len(values), 1.0 / len(values)))
