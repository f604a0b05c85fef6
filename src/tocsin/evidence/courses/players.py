"""Play the course of a dispute in five models that differ in kind, in many draws of their numbers.

Each model gives for a year the probability that the challenger begins a dispute, that the target then acts in return, and that the dispute comes
to war. Two models have a place for forces; a shift of the balance of forces enters there:

    three moves      evenness = -|r - s|, r the log ratio of capabilities of challenger and target
    audience costs   balance = b - s, b the log ratio of usable forces with helpers

where s is by how much the log ratio of the defenders' usable strength to the challenger's exceeds that of today. In the other models no force
enters. Audience costs say nothing of beginnings, which are those of the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit

from tocsin.evidence.courses.known import Known, Stored
from tocsin.evidence.courses.names import AUDIENCE, BARGAINING, GAME, RECORD, SPIRAL
from tocsin.evidence.hostility.filter import chance
from tocsin.evidence.hostility.parameters import Parameters
from tocsin.evidence.stages.audience import AGE, CLIP, CONDUCT, course
from tocsin.evidence.stages.bargaining import CONSTANT, TERMS, Bargaining
from tocsin.evidence.stages.estimate import stored_moves
from tocsin.evidence.stages.game import Moves
from tocsin.evidence.stages.kinds import SMALL
from tocsin.evidence.stages.logit import CLIP as LOGIT_CLIP
from tocsin.evidence.stages.specification import (
    BEGIN,
    EXPECTED_ANSWER,
    EXPECTED_WAR,
    FIGHT,
    RESIST,
)
from tocsin.evidence.store import load_result


class Course(NamedTuple):
    """Probabilities in years and draws, (years, draws) each.

    Attributes:
        begin: that the challenger begins a dispute within the year.
        answer: if it does, that the target acts in return.
        war: if it does, that the dispute comes to war.
    """

    begin: np.ndarray
    answer: np.ndarray
    war: np.ndarray

    def within(self) -> np.ndarray:
        """Return the probability (draws,) of a war in any of the years."""
        return np.asarray(1.0 - np.prod(1.0 - self.begin * self.war, axis=0))


@dataclass(frozen=True)
class Players:
    """The models with draws of their numbers.

    Attributes:
        stored: the stored result.
        draws: how many draws.
        seed: of the draws.
    """

    stored: Stored
    draws: int
    seed: int

    def play(self, model: str, known: Known, shift: np.ndarray | None = None) -> Course:
        """Return the course of a dispute between two states in one model.

        Args:
            model: a key of `names.MODELS`.
            known: what is known of them.
            shift: (years, draws) of the balance of forces, towards the defenders; none if left out.
        """
        moved = np.zeros((len(known.after), self.draws)) if shift is None else shift
        plays: Mapping[str, Callable[[Known, np.ndarray], Course]] = {
            GAME: self._moves,
            BARGAINING: self._bargaining,
            AUDIENCE: self._audience,
            SPIRAL: self._spiral,
            RECORD: self._record,
        }
        return plays[model](known, moved)

    # --- three moves -------------------------------------------------------------------------------------------------

    def _moves(self, known: Known, shift: np.ndarray) -> Course:
        columns = self._wide(known, shift.shape) | {"evenness": -np.abs(known.pair["ratio"] - shift)}
        fight = self._stage(FIGHT, columns)
        answer = self._stage(RESIST, columns)
        begin = self._stage(BEGIN, columns | {EXPECTED_ANSWER: answer, EXPECTED_WAR: answer * fight})
        return Course(begin, answer, answer * fight)

    def _stage(self, stage: str, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        moves, drawn = self._game
        known = moves.stages[stage]
        return known.paired(np.stack([columns[name] for name in known.names], axis=-1), drawn[stage])

    @cached_property
    def _game(self) -> tuple[Moves, Mapping[str, np.ndarray]]:
        moves = stored_moves(load_result("stages"))
        rng = self._random(GAME)
        drawn = {
            stage: rng.multivariate_normal(known.coefficients, known.covariance, size=self.draws, method="cholesky")
            for stage, known in moves.stages.items()
            if stage in (FIGHT, RESIST, BEGIN)
        }
        return moves, drawn

    # --- the others --------------------------------------------------------------------------------------------------

    def _bargaining(self, known: Known, shift: np.ndarray) -> Course:
        columns = known.columns(self.hostility) | {CONSTANT: np.ones(len(known.after))}
        values = np.stack([columns[name] for _, name in TERMS], axis=-1)
        mean, scale = self.stored.moments(BARGAINING)
        game = Bargaining(np.zeros(len(TERMS)), mean, scale, self.hostility, loglik=np.nan, converged=True)
        drawn, shape = self._drawn(BARGAINING), shift.shape
        every = game.moves(np.repeat(values, self.draws, axis=0), np.tile(drawn, (len(values), 1)))
        press, resist, firm = (part.reshape(shape) for part in every)
        return Course(press, resist, resist * firm)

    def _audience(self, known: Known, shift: np.ndarray) -> Course:
        columns = known.columns(self.hostility)
        mean, scale = self.stored.moments(AUDIENCE)
        values = np.stack([columns[name] for name in (AGE, *CONDUCT)], axis=-1)
        scaled = np.clip((values - mean) / scale, -CLIP, CLIP)
        point, balance = self._drawn(AUDIENCE).T, known.pair["balance"] - shift
        years = [course(point, np.tile(row, (self.draws, 1)), now) for row, now in zip(scaled, balance, strict=True)]
        answer, war = (np.stack(part) for part in zip(*years, strict=True))
        return Course(self._record(known, shift).begin, answer, war)

    def _spiral(self, known: Known, shift: np.ndarray) -> Course:
        del shift
        calm, log_gap, fear, turning, calming, _ = self._drawn(SPIRAL).T
        turning, calming = expit(turning), expit(calming)
        # without news, a belief goes to its long-run value at the rate 1 - turning - calming
        rest, left = turning / (turning + calming), (1.0 - turning - calming) ** known.after[:, None]
        own, other = (rest + (expit(values["hostile"]) - rest) * left for values in (known.pair, known.back))
        odds = calm + fear * other
        begin = own * expit(odds + np.exp(log_gap)) + (1.0 - own) * expit(odds)
        beliefs = np.stack([logit(np.clip(belief, SMALL, 1.0 - SMALL)) for belief in (own, other)], axis=-1)
        answer, fight = (self._on_beliefs(move, beliefs) for move in ("answer", "fight"))
        return Course(begin, answer, answer * fight)

    def _on_beliefs(self, move: str, beliefs: np.ndarray) -> np.ndarray:
        mean, scale = self.stored.moments(move)
        drawn = self._drawn(SPIRAL, f"{move}: ")
        scaled = np.clip((beliefs - mean) / scale, -LOGIT_CLIP, LOGIT_CLIP)
        return np.asarray(expit(drawn[:, 0] + (scaled * drawn[:, 1:]).sum(axis=-1)))

    def _record(self, known: Known, shift: np.ndarray) -> Course:
        del shift
        half_life = self.hostility.half_life
        sums, rng = known.sums(half_life), self._random(RECORD)
        wars, peace = self.stored.counted_wars()
        share = rng.beta(wars + 0.5, peace + 0.5, size=self.draws)
        logs = np.column_stack([self._drawn(RECORD), np.full(self.draws, np.log(half_life))])
        begin = np.stack([chance(sums, Parameters.of_logs(row)) for row in logs], axis=-1)
        # the record says how many disputes came to war, but not how the target answered in a year
        return Course(begin, np.full_like(begin, np.nan), np.broadcast_to(share, begin.shape))

    # --- draws -------------------------------------------------------------------------------------------------------

    @cached_property
    def hostility(self) -> Parameters:
        """Return the parameters of the hostility filter that the models other than the record take as known."""
        return self.stored.hostility()

    def _drawn(self, model: str, prefix: str = "") -> np.ndarray:
        """Return draws (draws, numbers) of the numbers of a model; each model has a stream of its own."""
        mean, covariance = self.stored.numbers(model, prefix)
        return self._random(model + prefix).multivariate_normal(mean, covariance, size=self.draws, method="cholesky")

    def _random(self, stream: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, *stream.encode()])

    def _wide(self, known: Known, shape: tuple[int, ...]) -> dict[str, np.ndarray]:
        """Return the covariates of the years for every draw."""
        columns = known.columns(self.hostility)
        return {name: np.broadcast_to(values[:, None], shape) for name, values in columns.items()}
