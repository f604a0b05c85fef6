"""Solve coercion games over many scenarios and draws.

Scenarios of one family (theatre, type, discount) start the search for their stationary end from that of the family's base game.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import jax
import numpy as np

from tocsin.case.form import Form
from tocsin.errors import SolveError
from tocsin.models.coercion.blocks import Packed, filled, in_blocks
from tocsin.models.coercion.prepare import Draws
from tocsin.models.coercion.scenario import Scenario, channels_of

if TYPE_CHECKING:
    from tocsin.case.schema import Case

YEARS_FIRST, YEARS_MORE = 40, 6
"""Years played beyond the horizon towards the stationary end: by the base game of a family from the first guess, and then by every
game of the family, the base included. Games without some defenders play all these years from the first guess, so that none starts
from a world in which the absent defender was there. All games play equally many years."""

Progress = Callable[[float], None]
BlockResult: TypeAlias = dict[str, Any]
"""One block's results as NumPy arrays, of the form without absent protectors."""


@dataclass(frozen=True, kw_only=True)
class Solution:
    """The solution of one scenario; arrays float64, regime states R first, draws last.

    Attributes:
        scenario: what was solved.
        form: the game, which counts the regime states.
        values: (R, D) by actor, of those who act. Equilibrium value, own errors included, in units of the challenger's whole aim.
        best_responses: (R, D), as far as the scenario's outputs say: `best` the challenger's best-response value against the others'
            equilibrium strategies; `best_aim` the same with the price of falling at its reference, 0.
        tallies: (R, D) probabilities, as far as the outputs say: `risk` that the aim first exceeds its start within the horizon;
            `war` of war by any path within it; `risk:YEAR` as `risk` within so many years; `leaves:REGIME` that the regime leaves,
            within the horizon, the state in which it starts.
        probabilities: (R, D) in year 1: the five instruments; `concede` given press; `back_down` given resistance.
        residual: (D,) largest change of a value by a further year at the stationary end.
    """

    scenario: Scenario
    form: Form
    values: dict[str, np.ndarray]
    best_responses: dict[str, np.ndarray]
    tallies: dict[str, np.ndarray]
    probabilities: dict[str, np.ndarray]
    residual: np.ndarray

    @property
    def size(self) -> int:
        """Return the number of draws D."""
        return len(self.residual)

    def some(self, indices: np.ndarray) -> Solution:
        """Return the same for some of the draws."""

        def cut(table: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
            return {name: values[..., indices] for name, values in table.items()}

        return Solution(
            scenario=self.scenario,
            form=self.form,
            values=cut(self.values),
            best_responses=cut(self.best_responses),
            tallies=cut(self.tallies),
            probabilities=cut(self.probabilities),
            residual=self.residual[indices],
        )


Ends: TypeAlias = Mapping[Scenario, np.ndarray]
"""Base game of a family -> its first stationary end: stacks (channels, L, R, D) of players and responders."""


def settle(
    case: Case, scenarios: Sequence[Scenario], draws: Draws, *, progress: Progress | None = None
) -> dict[Scenario, np.ndarray]:
    """Return the first stationary end of the families of some scenarios, from which `solve` continues.

    Args:
        case: a loaded case.
        scenarios: members of the families.
        draws: belief name -> (D,) values.
        progress: called with the share done, in [0, 1].
    """

    def work(_base: Scenario, packed: Packed, part: slice) -> np.ndarray:
        return np.asarray(packed.program(*packed.cut(part), packed.status_quo(part), YEARS_FIRST, 0)[1])

    bases = tuple(dict.fromkeys(base_of(scenario) for scenario in scenarios))
    ticks = _Ticks(progress, len(bases))
    ends: dict[Scenario, np.ndarray] = {}
    for base, blocks in in_blocks(case, bases, draws, work):
        ends[base] = np.concatenate(blocks, axis=-1)[..., : _size(draws)]
        ticks.one()
    return ends


def glance(
    case: Case, scenarios: Sequence[Scenario], draws: Draws, *, progress: Progress | None = None
) -> dict[Scenario, Solution]:
    """Solve the same games as `solve`, but let them end with the horizon: the aim then stays where it is for ever.

    It takes a third of the work and serves a first look at many worlds.
    """

    def work(_scenario: Scenario, packed: Packed, part: slice) -> BlockResult:
        return _block(packed, part, packed.status_quo(part), 0)

    return _solved(case, scenarios, draws, work, progress)


def solve(
    case: Case,
    scenarios: Sequence[Scenario],
    draws: Draws,
    *,
    ends: Ends | None = None,
    progress: Progress | None = None,
) -> dict[Scenario, Solution]:
    """Solve every scenario over all draws.

    Args:
        case: a loaded case.
        scenarios: what to solve.
        draws: belief name -> (D,) values.
        ends: the results of `settle` for these scenarios and draws, if known.
        progress: called with the share done, in [0, 1].

    Raises:
        InputError: if the model lacks an input.
        SolveError: if a value is not finite, with the scenario and the draw.
    """
    wanted = tuple(dict.fromkeys(scenarios))
    known = settle(case, [s for s in wanted if s.acting is None], draws) if ends is None else ends
    starts = {base: filled(end) for base, end in known.items()}

    def work(scenario: Scenario, packed: Packed, part: slice) -> BlockResult:
        if scenario.acting is not None:
            return _block(packed, part, packed.status_quo(part), YEARS_FIRST + YEARS_MORE)
        start = packed.carried(starts[base_of(scenario)][..., part])
        return _block(packed, part, start, YEARS_MORE)

    return _solved(case, wanted, draws, work, progress)


def base_of(scenario: Scenario) -> Scenario:
    """Return the base of a scenario's family. All its members, the base included, start from the stationary end of the base."""
    return Scenario(theatre=scenario.theatre, type=scenario.type, discount=scenario.discount)


def _size(draws: Draws) -> int:
    return len(next(iter(draws.values())))


def _block(packed: Packed, part: slice, start: np.ndarray, beyond: int) -> BlockResult:
    results, _ = packed.program(*packed.cut(part), start, beyond, packed.prepared.form.horizon)
    return {name: jax.tree.map(np.asarray, arrays) for name, arrays in results.items()}


def _solved(
    case: Case,
    scenarios: Sequence[Scenario],
    draws: Draws,
    work: Callable[[Scenario, Packed, slice], BlockResult],
    progress: Progress | None,
) -> dict[Scenario, Solution]:
    ticks = _Ticks(progress, len(scenarios))
    solutions: dict[Scenario, Solution] = {}
    for scenario, blocks in in_blocks(case, scenarios, draws, work):
        solutions[scenario] = _gather(case, scenario, blocks, _size(draws))
        ticks.one()
    return solutions


class _Ticks:
    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.count = progress, total, 0

    def one(self) -> None:
        self.count += 1
        if self.progress:
            self.progress(self.count / self.total)


def _gather(case: Case, scenario: Scenario, blocks: list[BlockResult], size: int) -> Solution:
    """Join the blocks of one solution over all regime states of the theatre, those of absent protectors included."""
    form = case.forms[scenario.theatre]
    lesser = form if scenario.acting is None else form.with_only(scenario.acting)
    joined: BlockResult = jax.tree.map(lambda *parts: np.concatenate(parts, axis=-1)[..., :size], *blocks)
    _check(scenario, joined)
    states = list(form.states_in(lesser))
    channels = iter(joined["values"])
    responders, tallies = channels_of(lesser, scenario.outputs)
    values, best_responses, counted = (
        {name: next(channels)[states] for name in names} for names in (lesser.players, responders, tallies)
    )
    return Solution(
        scenario=scenario,
        form=form,
        values=values,
        best_responses=best_responses,
        tallies=counted,
        probabilities={name: array[states] for name, array in joined["probabilities"].items()},
        residual=joined["residual"],
    )


def _check(scenario: Scenario, result: Mapping[str, Any]) -> None:
    finite = np.isfinite(result["values"]).all(axis=(0, 1))
    if not finite.all():
        raise SolveError(f"a value is not finite in draw {int(np.argmin(finite))} of {scenario}")
