"""Solve coercion games over many scenarios and draws.

Scenarios of one family (theatre, type, discount factor) start the search for their stationary end at the end of the family's base
game. Games without some defenders start at the status quo.
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
"""Years played beyond the horizon towards the stationary end.

The base game of a family plays the first number from the status quo. Every game of the family, the base included, then plays the second
number from there. Games without some defenders play all these years from the status quo, because the end of the base game has the
absent defender in it. So all games play equally many years.
"""

Progress = Callable[[float], None]
BlockResult: TypeAlias = dict[str, Any]
"""One block's results as NumPy arrays, without the regime states of absent protectors."""


@dataclass(frozen=True, kw_only=True)
class Solution:
    """The solution of one scenario. Arrays are float64, with regime states R first and draws D last.

    Attributes:
        scenario: the scenario.
        form: the game with all regimes of the theatre.
        values: (R, D) equilibrium value of each acting player, with choice errors, in units of the challenger's whole aim.
        best_responses: (R, D), if the outputs include them. `best`: the challenger's best-response value against the others'
            equilibrium strategies. `best_aim`: the same with the price of falling at 0.
        tallies: (R, D) probabilities, those that the outputs include. `risk`: the aim exceeds its start within the horizon.
            `risk:YEAR`: the same within that many years. `held`: years of the horizon in which the aim has exceeded its start.
            `war`, `fallen`, `struck`, `conquered` within the horizon: war by any path, the fall of the challenger, a first strike at
            it, the whole aim reached by war. `leaves:REGIME`: the regime leaves its initial state within the horizon.
        probabilities: (R, D) in year 1: the five instruments; `concede` given press; `back_down` given resistance to it; and
            `clash` (a clash that does not widen), `war`, `conquered`, `fallen`, `struck` by any path.
        residual: (D,) largest change of a player's value in the last year played beyond the horizon.
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
        """Return the solution for some of the draws."""

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
"""Base game of a family -> its values after `YEARS_FIRST` years: stacks (channels, L, R, D) of players and responders."""


def settle(
    case: Case, scenarios: Sequence[Scenario], draws: Draws, *, progress: Progress | None = None
) -> dict[Scenario, np.ndarray]:
    """Return the ends of the base games of some scenarios' families, from which `solve` continues.

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
        ticks.advance()
    return ends


def glance(
    case: Case, scenarios: Sequence[Scenario], draws: Draws, *, progress: Progress | None = None
) -> dict[Scenario, Solution]:
    """Solve the games approximately: after the horizon the aim stays where it is for ever.

    This takes a third of the work of `solve`, for a first look at many worlds.
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
        scenarios: the games to solve.
        draws: belief name -> (D,) values.
        ends: the results of `settle` for these scenarios and draws, if known.
        progress: called with the share done, in [0, 1].

    Raises:
        InputError: if the model lacks an input.
        SolveError: if a value is not finite; it names the theatre, the type, the world and the inputs at an end of their range.
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
    """Return the base game of a scenario's family."""
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
        solutions[scenario] = _gather(case, scenario, blocks, draws)
        ticks.advance()
    return solutions


class _Ticks:
    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.count = progress, total, 0

    def advance(self) -> None:
        self.count += 1
        if self.progress:
            self.progress(self.count / self.total)


def _gather(case: Case, scenario: Scenario, blocks: list[BlockResult], draws: Draws) -> Solution:
    """Join the blocks of one solution over all regime states of the theatre, including those of absent protectors."""
    form = case.forms[scenario.theatre]
    reduced = form if scenario.acting is None else form.with_only(scenario.acting)
    size = _size(draws)
    joined: BlockResult = jax.tree.map(lambda *parts: np.concatenate(parts, axis=-1)[..., :size], *blocks)
    _check(case, scenario, draws, joined)
    states = list(form.states_in(reduced))
    channels = iter(joined["values"])
    responders, tallies = channels_of(reduced, scenario.outputs)
    values, best_responses, tallied = (
        {name: next(channels)[states] for name in names} for names in (reduced.players, responders, tallies)
    )
    return Solution(
        scenario=scenario,
        form=form,
        values=values,
        best_responses=best_responses,
        tallies=tallied,
        probabilities={name: array[states] for name, array in joined["probabilities"].items()},
        residual=joined["residual"],
    )


def _check(case: Case, scenario: Scenario, draws: Draws, result: Mapping[str, Any]) -> None:
    finite = np.isfinite(result["values"]).all(axis=(0, 1))
    if finite.all():
        return
    world = int(np.argmin(finite))
    ends = [
        f"{name} = {draws[name][world]:g}"
        for name, shape in case.distributions.items()
        if draws[name][world] in (shape.low, shape.high)
    ]
    at_ends = f" Inputs at an end of their range there: {', '.join(ends)}." if ends else ""
    raise SolveError(
        f"the game in theatre `{scenario.theatre}` for the type `{scenario.type}` has no finite value in world {world + 1}.{at_ends}",
        remedy="move these inputs inside their ranges" if ends else "narrow the beliefs with the widest ranges",
    )
