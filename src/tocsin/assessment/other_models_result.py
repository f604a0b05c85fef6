"""Define what other models than the game of a case say of a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tocsin.assessment.figures_result import Band
from tocsin.assessment.verdicts import decide
from tocsin.translation import Said

PRIOR = 0.5
"""What a model that does not speak contributes to the pool."""
BOUNDS = (0.05, 0.95)
"""A pooled probability is held between these: no score exists for counterfactual claims that could earn more."""
GAME = "coercion"
"""The model that is the case's game."""


@dataclass(frozen=True, kw_only=True)
class ModelAnswer:
    """What one model says of a test.

    Attributes:
        model: its key, see `evidence.courses.weights.FORECASTERS`.
        weight: in [0, 1]; the weights of all models sum to one.
        probability: share of its draws in which the test holds; None if it says nothing.
        silent: why it does not count, in a few words; empty if it counts. A model may have a probability and not count: its measure misses a
            control.
        level: probability of war within the horizon as things stand, by theatre, over its draws; empty for the game.
        effect: the sum of quantities that the test compares with a number, over its draws; None if the test compares something else.
    """

    model: str
    weight: float
    probability: float | None
    silent: Said = ""
    level: Mapping[str, Band] = field(default_factory=dict)
    effect: Band | None = None

    @property
    def counts(self) -> bool:
        """Return whether the model's probability enters the pool."""
        return self.probability is not None and not self.silent


@dataclass(frozen=True, kw_only=True)
class OtherModels:
    """What the game and other models say of one test.

    Attributes:
        claim, part: the test; the part is empty for a claim without parts.
        years: the horizon.
        counterfactual: whether the test asks what events change, and not only how things stand.
        answers: of every model, the case's game first.
    """

    claim: str
    part: str
    years: int
    counterfactual: bool
    answers: tuple[ModelAnswer, ...]

    @property
    def pooled(self) -> float:
        """Return the pooled probability: a model that does not count contributes `PRIOR`; the sum is held within `BOUNDS`."""
        total = sum(
            answer.weight * (answer.probability if answer.probability is not None and answer.counts else PRIOR)
            for answer in self.answers
        )
        return min(max(total, BOUNDS[0]), BOUNDS[1])

    @property
    def differ(self) -> bool:
        """Return whether one model that counts says that the test holds, and another that it fails."""
        return decide(PRIOR, self._counted) == "disputed"

    @property
    def against_game(self) -> bool:
        """Return whether the game counts, and another model says the contrary."""
        game = next(answer for answer in self.answers if answer.model == GAME)
        if not game.counts or game.probability is None:
            return False
        own = game.probability
        return any(decide(PRIOR, (own, other)) == "disputed" for other in self._counted)

    @property
    def _counted(self) -> tuple[float, ...]:
        return tuple(answer.probability for answer in self.answers if answer.counts and answer.probability is not None)
