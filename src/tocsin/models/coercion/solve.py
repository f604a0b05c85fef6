"""Solving coercion games over many scenarios and draws.

Draws are cut into blocks small enough to stay in cache, padded to one length so that each form of game is compiled
once, and spread over the cores. Scenarios of one family (theatre, type, discount) start the search for their
stationary end where the first of the family ended.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.errors import SolveError
from tocsin.games.backend import COMPILER_OPTIONS, use_disk_cache
from tocsin.games.stochastic import solve_horizon
from tocsin.games.tree import Array
from tocsin.models.coercion.form import INSTRUMENTS, LEAVES, RESPONDERS, Form, Scenario
from tocsin.models.coercion.prepare import Draws, Prepared, form_of, prepare
from tocsin.models.coercion.stage import channels, make_stage, yearly

if TYPE_CHECKING:
    from tocsin.case.schema import Case

BLOCK = 64
"""Draws solved together: the stacks of a year's tree over 64 states then stay in the cache of a core."""

IN_FLIGHT = 2
"""Scenarios begun before the first of them is waited for."""

YEARS_FIRST, YEARS_MORE = 40, 6
"""Years played beyond the horizon towards the stationary end: of a family's base, from its first guess; and of every game
of the family, the base included, from there. Games without some defenders play all these years from the first guess, so
that no defender's absence is begun from a world in which it was there. All play equally long."""

Progress = Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class Solution:
    """What was found for one scenario; arrays float64, regime states R first, draws last.

    Attributes:
        scenario: what was solved.
        form: the game, which counts the regime states.
        value: player -> (R, D) equilibrium value, own errors included, in units of the challenger's whole aim; of those
            who act.
        best: (R, D) the challenger's best-response value against the others' equilibrium strategies.
        best_aim: (R, D) the same with the price of falling at its reference, 0.
        risk: (R, D) probability that the aim first exceeds its start within the horizon.
        war: (R, D) probability of war by any path within the horizon.
        chances: year-1 probabilities (R, D): the five instruments; `concede` given press; `back_down` given resistance.
        leaves: regime -> (R, D) probability that it leaves, within the horizon, the state in which it starts; empty
            unless the scenario asks to `watch`.
        residual: (D,) largest change of a value by a further year at the stationary end.
    """

    scenario: Scenario
    form: Form
    value: dict[str, np.ndarray]
    best: np.ndarray
    best_aim: np.ndarray
    risk: np.ndarray
    war: np.ndarray
    chances: dict[str, np.ndarray]
    leaves: dict[str, np.ndarray]
    residual: np.ndarray

    def some(self, places: np.ndarray) -> Solution:
        """The same for some of the draws."""
        return self._each(lambda values, _: values[..., places], self)

    def with_more(self, other: Solution) -> Solution:
        """The same game over these draws and those of another solution of it."""
        return self._each(lambda values, more: np.concatenate([values, more], axis=-1), other)

    def _each(self, work: Callable[[np.ndarray, np.ndarray], np.ndarray], other: Solution) -> Solution:
        def table(mine: dict[str, np.ndarray], theirs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
            return {name: work(values, theirs[name]) for name, values in mine.items()}

        return Solution(
            scenario=self.scenario,
            form=self.form,
            value=table(self.value, other.value),
            best=work(self.best, other.best),
            best_aim=work(self.best_aim, other.best_aim),
            risk=work(self.risk, other.risk),
            war=work(self.war, other.war),
            chances=table(self.chances, other.chances),
            leaves=table(self.leaves, other.leaves),
            residual=work(self.residual, other.residual),
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
    use_disk_cache()
    bases = tuple(dict.fromkeys(base_of(scenario) for scenario in scenarios))
    tell = _Ticks(progress, len(bases))
    found: dict[Scenario, np.ndarray] = {}
    for base, blocks in _run(case, bases, draws, _end):
        found[base] = np.concatenate(blocks, axis=-1)
        tell.one()
    return found


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
    use_disk_cache()
    wanted = tuple(dict.fromkeys(scenarios))
    known = settle(case, [s for s in wanted if s.acting is None], draws) if ends is None else ends

    def work(scenario: Scenario, prepared: Prepared, part: slice) -> _Block:
        start = None if scenario.acting is not None else padded(known[base_of(scenario)], part)
        return _block(prepared, part, start)

    tell = _Ticks(progress, len(wanted))
    done: dict[Scenario, Solution] = {}
    for scenario, blocks in _run(case, wanted, draws, work):
        done[scenario] = _gather(case, scenario, blocks)
        tell.one()
    return done


def base_of(scenario: Scenario) -> Scenario:
    """The base of a scenario's family, whose stationary end all its members start from, the base itself included."""
    return Scenario(theatre=scenario.theatre, type=scenario.type, discount=scenario.discount)


class _Ticks:
    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.count = progress, total, 0

    def one(self) -> None:
        self.count += 1
        if self.progress:
            self.progress(self.count / self.total)


# --- blocks --------------------------------------------------------------------------------------------------------


Work = TypeVar("Work")


def _run(
    case: Case, scenarios: Sequence[Scenario], draws: Draws, work: Callable[[Scenario, Prepared, slice], Work]
) -> Iterable[tuple[Scenario, list[Work]]]:
    """What `work` gives for the blocks of each scenario, in order; a few scenarios are kept in flight so that no core waits."""
    waiting: list[tuple[Scenario, list[Future[Work]]]] = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for scenario in scenarios:
            prepared = prepare(case, scenario, draws)
            jobs = [pool.submit(work, scenario, prepared, part) for part in parts_of(prepared)]
            waiting.append((scenario, jobs))
            if len(waiting) > IN_FLIGHT:
                first, futures = waiting.pop(0)
                yield first, [future.result() for future in futures]
        for first, futures in waiting:
            yield first, [future.result() for future in futures]


@dataclass(frozen=True)
class _Block:
    """One block's results as NumPy arrays, of the form without absent protectors."""

    form: Form
    found: dict[str, Any]


def parts_of(prepared: Prepared) -> list[slice]:
    """The blocks into which draws are cut."""
    size = len(prepared.parameters["precision"])
    return [slice(at, min(at + BLOCK, size)) for at in range(0, size, BLOCK)]


def padded(values: np.ndarray, part: slice) -> np.ndarray:
    """A block of draws (last axis), the last repeated to the length of a block."""
    cut = values[..., part]
    return np.pad(cut, [(0, 0)] * (cut.ndim - 1) + [(0, BLOCK - cut.shape[-1])], mode="edge")


def _end(_scenario: Scenario, prepared: Prepared, part: slice) -> np.ndarray:
    _, end = solver(prepared)(*cut(prepared, part), status_quo(prepared, part), YEARS_FIRST, 0)
    return np.asarray(end)[..., : part.stop - part.start]


def _block(prepared: Prepared, part: slice, start: np.ndarray | None) -> _Block:
    beyond = YEARS_MORE
    if start is None:
        start, beyond = status_quo(prepared, part), YEARS_FIRST + YEARS_MORE
    found, _ = solver(prepared)(*cut(prepared, part), start, beyond, prepared.form.horizon)
    size = part.stop - part.start
    return _Block(prepared.form, jax.tree.map(lambda leaf: np.asarray(leaf)[..., :size], found))


def cut(prepared: Prepared, part: slice) -> tuple[np.ndarray, np.ndarray]:
    """Parameters (names, block) and forces (players, years, block) of a block of draws, padded, each in one array."""
    forces = [prepared.forces[role] for role in prepared.form.anonymous().players]
    return _stacked(prepared.parameters.values(), part), _stacked(forces, part)


def _stacked(arrays: Iterable[np.ndarray], part: slice) -> np.ndarray:
    return np.stack([padded(values, part) for values in arrays])


def status_quo(prepared: Prepared, part: slice) -> np.ndarray:
    """The first guess of a block's stationary end: the aim stays for ever where it is, aim_i l / L."""
    shape = prepared.form.anonymous()
    reached = np.arange(shape.levels)[:, None, None] / shape.levels
    roles = (*shape.players, *[shape.challenger] * len(RESPONDERS))
    aims = _stacked([prepared.parameters[f"aim.{role}"] for role in roles], part)
    return np.ascontiguousarray(
        np.broadcast_to(aims[:, None, None] * reached, (len(roles), shape.levels, shape.states, BLOCK))
    )


def solver(prepared: Prepared) -> Callable[..., tuple[dict[str, Any], Array]]:
    """The compiled solver of a prepared scenario, see `compiled`."""
    return compiled(prepared.form.anonymous(), tuple(prepared.parameters), prepared.watch)


@lru_cache(maxsize=64)
def compiled(form: Form, names: tuple[str, ...], watch: bool) -> Callable[..., tuple[dict[str, Any], Array]]:
    """The compiled solver of a form: (parameters, forces, first guess, years beyond, within) -> (results by role, end).

    `names` are those of the parameters; `watch` adds the tallies of the regimes' moves, which most runs do without.
    """
    tallies = ("risk", "war", *((LEAVES + regime.name for regime in form.regimes) if watch else ()))

    def run(
        parameters: Array, forces: Array, start: Array, beyond: Array, within: Array
    ) -> tuple[dict[str, Any], Array]:
        constants = dict(zip(names, parameters, strict=True))
        carried = channels(form, constants, tallies)
        solved = solve_horizon(
            make_stage(form, constants),
            yearly(form, constants, dict(zip(form.players, forces, strict=True))),
            start,
            carried,
            beyond=beyond,
            within=within,
            report=partial(_year_one, form, start[0]),
        )
        found = {
            "values": solved.values[:, form.start],
            "chances": solved.first,
            "residual": solved.residual,
        }
        return found, solved.end

    return jax.jit(run, compiler_options=COMPILER_OPTIONS)


def _year_one(form: Form, like: Array, choices: Mapping[str, Mapping[str, Array]]) -> dict[str, Array]:
    """Year-1 probabilities at the starting level by instrument, and what follows press."""

    def here(array: Array) -> Array:
        return jnp.broadcast_to(array, (len(array), *like.shape))[:, form.start]

    stands = jnp.ones((1, *like.shape[1:]))
    for actor in form.helpers:
        support = here(choices[f"press:{actor}"]["support"])
        stands = jnp.concatenate([stands * (1.0 - support), stands * support])
    chances = {instrument: here(choices["instrument"][instrument])[0] for instrument in INSTRUMENTS}
    chances["concede"] = here(choices["answer"]["concede"])[0]
    chances["back_down"] = jnp.sum(stands * here(choices["escalate"]["back_down"]), axis=0)
    return chances


def _gather(case: Case, scenario: Scenario, blocks: list[_Block]) -> Solution:
    """One solution of its blocks, over all regime states of the theatre, those of absent protectors included."""
    form, lesser = form_of(case, scenario.theatre), blocks[0].form
    found = jax.tree.map(lambda *parts: np.concatenate(parts, axis=-1), *(block.found for block in blocks))
    _check(scenario, found)
    states = list(form.states_in(lesser))
    watched = [regime.name for regime in lesser.regimes] if scenario.watch else []
    names = (*lesser.players, *RESPONDERS, "risk", "war", *watched)
    values = {name: array[states] for name, array in zip(names, found["values"], strict=True)}
    return Solution(
        scenario=scenario,
        form=form,
        value={actor: values[actor] for actor in lesser.players},
        best=values["best"],
        best_aim=values["best_aim"],
        risk=values["risk"],
        war=values["war"],
        chances={name: array[states] for name, array in found["chances"].items()},
        leaves={name: values[name] for name in watched},
        residual=found["residual"],
    )


def _check(scenario: Scenario, found: Mapping[str, Any]) -> None:
    finite = np.isfinite(found["values"]).all(axis=(0, 1))
    if not finite.all():
        raise SolveError(f"a value is not finite in draw {int(np.argmin(finite))} of {scenario}")
