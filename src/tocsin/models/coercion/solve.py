"""Solving coercion games over many scenarios and draws.

Scenarios of one family (theatre, type, discount) start the search for their stationary end where the first of the
family ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import jax
import numpy as np

from tocsin.errors import SolveError
from tocsin.models.coercion.blocks import Packed, filled, in_blocks
from tocsin.models.coercion.form import Form, Scenario
from tocsin.models.coercion.prepare import Draws, form_of

if TYPE_CHECKING:
    from tocsin.case.schema import Case

YEARS_FIRST, YEARS_MORE = 40, 6
"""Years played beyond the horizon towards the stationary end: of a family's base, from its first guess; and of every game
of the family, the base included, from there. Games without some defenders play all these years from the first guess, so
that no defender's absence is begun from a world in which it was there. All play equally long."""

Progress = Callable[[float], None]
Found: TypeAlias = dict[str, Any]
"""One block's results as NumPy arrays, of the form without absent protectors."""


@dataclass(frozen=True, kw_only=True)
class Solution:
    """What was found for one scenario; arrays float64, regime states R first, draws last.

    Attributes:
        scenario: what was solved.
        form: the game, which counts the regime states.
        values: (R, D) by name. Each player's equilibrium value, own errors included, in units of the challenger's whole
            aim, of those who act; and, as far as asked: `best` the challenger's best-response value against the others'
            equilibrium strategies; `best_aim` the same with the price of falling at its reference, 0; `risk` the
            probability that the aim first exceeds its start within the horizon; `war` that of war by any path within it;
            `risk:YEAR` the same within so many years; `leaves:REGIME` that the regime leaves, within it, the state in which it starts.
        chances: year-1 probabilities (R, D): the five instruments; `concede` given press; `back_down` given resistance.
        residual: (D,) largest change of a value by a further year at the stationary end.
    """

    scenario: Scenario
    form: Form
    values: dict[str, np.ndarray]
    chances: dict[str, np.ndarray]
    residual: np.ndarray

    @property
    def size(self) -> int:
        """Number of draws D."""
        return len(self.residual)

    def some(self, places: np.ndarray) -> Solution:
        """The same for some of the draws."""

        def cut(table: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
            return {name: values[..., places] for name, values in table.items()}

        return Solution(
            scenario=self.scenario,
            form=self.form,
            values=cut(self.values),
            chances=cut(self.chances),
            residual=self.residual[places],
        )


Ends: TypeAlias = Mapping[Scenario, np.ndarray]
"""Base game of a family -> its first stationary end: stacks (channels, L, R, D) of players and responders."""


def settle(
    case: Case, scenarios: Sequence[Scenario], draws: Draws, *, progress: Progress | None = None
) -> dict[Scenario, np.ndarray]:
    """The first stationary end of the families to which some scenarios belong, from which `solve` goes on.

    Args:
        case: a loaded case.
        scenarios: members of the families.
        draws: belief name -> (D,) values.
        progress: called with the share done, in [0, 1].
    """

    def work(_base: Scenario, packed: Packed, part: slice) -> np.ndarray:
        return np.asarray(packed.program(*packed.cut(part), packed.status_quo(part), YEARS_FIRST, 0)[1])

    bases = tuple(dict.fromkeys(base_of(scenario) for scenario in scenarios))
    tell = _Ticks(progress, len(bases))
    found: dict[Scenario, np.ndarray] = {}
    for base, blocks in in_blocks(case, bases, draws, work):
        found[base] = np.concatenate(blocks, axis=-1)[..., : _size(draws)]
        tell.one()
    return found


def glance(
    case: Case, scenarios: Sequence[Scenario], draws: Draws, *, progress: Progress | None = None
) -> dict[Scenario, Solution]:
    """The same as `solve` for games that end with the horizon: the aim stays for ever where it then is.

    A third of the work, for a first look at many worlds.
    """

    def work(_scenario: Scenario, packed: Packed, part: slice) -> Found:
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
        ends: what `settle` found for these scenarios and draws, if it was asked before.
        progress: called with the share done, in [0, 1].

    Raises:
        InputError: if the model lacks an input.
        SolveError: if a value is not finite, with the scenario and the draw.
    """
    wanted = tuple(dict.fromkeys(scenarios))
    known = settle(case, [s for s in wanted if s.acting is None], draws) if ends is None else ends
    starts = {base: filled(end) for base, end in known.items()}

    def work(scenario: Scenario, packed: Packed, part: slice) -> Found:
        if scenario.acting is not None:
            return _block(packed, part, packed.status_quo(part), YEARS_FIRST + YEARS_MORE)
        start = packed.carried(starts[base_of(scenario)][..., part])
        return _block(packed, part, start, YEARS_MORE)

    return _solved(case, wanted, draws, work, progress)


def base_of(scenario: Scenario) -> Scenario:
    """The base of a scenario's family, whose stationary end all its members start from, the base itself included."""
    return Scenario(theatre=scenario.theatre, type=scenario.type, discount=scenario.discount)


def _size(draws: Draws) -> int:
    return len(next(iter(draws.values())))


def _block(packed: Packed, part: slice, start: np.ndarray, beyond: int) -> Found:
    found, _ = packed.program(*packed.cut(part), start, beyond, packed.prepared.form.horizon)
    return {name: jax.tree.map(np.asarray, each) for name, each in found.items()}


def _solved(
    case: Case,
    scenarios: Sequence[Scenario],
    draws: Draws,
    work: Callable[[Scenario, Packed, slice], Found],
    progress: Progress | None,
) -> dict[Scenario, Solution]:
    tell = _Ticks(progress, len(scenarios))
    done: dict[Scenario, Solution] = {}
    for scenario, blocks in in_blocks(case, scenarios, draws, work):
        done[scenario] = _gather(case, scenario, blocks, _size(draws))
        tell.one()
    return done


class _Ticks:
    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.count = progress, total, 0

    def one(self) -> None:
        self.count += 1
        if self.progress:
            self.progress(self.count / self.total)


def _gather(case: Case, scenario: Scenario, blocks: list[Found], size: int) -> Solution:
    """One solution of its blocks, over all regime states of the theatre, those of absent protectors included."""
    form = form_of(case, scenario.theatre)
    lesser = form if scenario.acting is None else form.with_only(scenario.acting)
    found: Found = jax.tree.map(lambda *parts: np.concatenate(parts, axis=-1)[..., :size], *blocks)
    _check(scenario, found)
    states = list(form.states_in(lesser))
    responders, tallies = lesser.carried(scenario.asked)
    names = (*lesser.players, *responders, *tallies)
    values = {name: array[states] for name, array in zip(names, found["values"], strict=True)}
    return Solution(
        scenario=scenario,
        form=form,
        values=values,
        chances={name: array[states] for name, array in found["chances"].items()},
        residual=found["residual"],
    )


def _check(scenario: Scenario, found: Mapping[str, Any]) -> None:
    finite = np.isfinite(found["values"]).all(axis=(0, 1))
    if not finite.all():
        raise SolveError(f"a value is not finite in draw {int(np.argmin(finite))} of {scenario}")
