"""Solve prepared scenarios block by block.

Draws are cut into blocks small enough to stay in cache. The last block is padded, so that each form of game is compiled once. Blocks
are spread over the cores, and programs are compiled while other games are solved.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.case.form import INSTRUMENTS, Form
from tocsin.games.backend import COMPILER_OPTIONS, use_disk_cache
from tocsin.games.recursion import Channels, Choices
from tocsin.games.stochastic import Stage, Years, solve_horizon, solve_year
from tocsin.games.tree import Array
from tocsin.models.coercion.prepare import Draws, Forces, Prepared, prepare
from tocsin.models.coercion.scenario import HELD, ONE_YEAR, Outputs, Scenario, channels_of, risk_by
from tocsin.models.coercion.stage import channels, make_stage

if TYPE_CHECKING:
    from tocsin.case.schema import Case

BLOCK = 64
"""Draws solved together. The arrays of a year's tree over 64 states then stay in the cache of a core."""

IN_FLIGHT = 2
"""Scenarios that keep the cores busy while the results of an earlier one are awaited."""

Work = TypeVar("Work")


@dataclass(frozen=True)
class Packed:
    """A prepared scenario as arrays for its compiled program. Draws are on the last axis; the last one is repeated to whole blocks."""

    prepared: Prepared
    parameters: np.ndarray
    forces: np.ndarray

    @classmethod
    def of(cls, prepared: Prepared) -> Packed:
        """Pack the parameters (names, draws) in one array, and the forces (players, years, draws) in another."""
        forces = [prepared.forces[role] for role in prepared.form.anonymous().players]
        return cls(prepared, filled(np.stack(list(prepared.parameters.values()))), filled(np.stack(forces)))

    @property
    def parts(self) -> list[slice]:
        """Return the blocks into which draws are cut."""
        return [slice(start, start + BLOCK) for start in range(0, self.parameters.shape[-1], BLOCK)]

    @property
    def program(self) -> Callable[..., tuple[dict[str, Any], Array]]:
        """Return the compiled solver, see `compiled`."""
        return compiled(self.prepared.form.anonymous(), tuple(self.prepared.parameters), self.prepared.outputs)

    def cut(self, part: slice) -> tuple[np.ndarray, np.ndarray]:
        """Return the parameters and forces of a block."""
        return np.ascontiguousarray(self.parameters[:, part]), np.ascontiguousarray(self.forces[..., part])

    def carried(self, end: np.ndarray) -> np.ndarray:
        """Return a block of the end of a family's base game, without the channels that this game lacks."""
        responders, _ = channels_of(self.prepared.form, self.prepared.outputs)
        return np.ascontiguousarray(end[: len(self.prepared.form.players) + len(responders)])

    def status_quo(self, part: slice) -> np.ndarray:
        """Return a first guess of a block's stationary end: the aim stays where it is for ever, aim_i l / L."""
        form = self.prepared.form.anonymous()
        names = list(self.prepared.parameters)
        responders, _ = channels_of(form, self.prepared.outputs)
        roles = (*form.players, *[form.challenger] * len(responders))
        aims = self.parameters[[names.index(f"aim.{role}") for role in roles], None, None, part]
        reached = np.arange(form.levels)[:, None, None] / form.levels
        return np.ascontiguousarray(np.broadcast_to(aims * reached, (len(roles), form.levels, form.states, BLOCK)))


def filled(values: np.ndarray) -> np.ndarray:
    """Pad draws (last axis) to whole blocks by repeating the last one."""
    return np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, -values.shape[-1] % BLOCK)], mode="edge")


def in_blocks(
    case: Case, scenarios: Sequence[Scenario], draws: Draws, work: Callable[[Scenario, Packed, slice], Work]
) -> Iterator[tuple[Scenario, list[Work]]]:
    """Yield each scenario, in order, with the results of `work` for its blocks. Later scenarios already run, so that no core waits."""
    use_disk_cache()
    cores = os.cpu_count() or 1
    known: Forces = {}
    waiting: list[tuple[Scenario, list[Future[Work]]]] = []
    with ThreadPoolExecutor(cores) as pool, ThreadPoolExecutor(cores) as compilers:
        ready = _programs(case, scenarios, draws, compilers)
        for scenario in scenarios:
            packed = Packed.of(prepare(case, scenario, draws, known))
            ready[_program_key(scenario)].result()
            waiting.append((scenario, [pool.submit(work, scenario, packed, part) for part in packed.parts]))
            if len(waiting) > IN_FLIGHT:
                first, futures = waiting.pop(0)
                yield first, [future.result() for future in futures]
        for first, futures in waiting:
            yield first, [future.result() for future in futures]


def _program_key(scenario: Scenario) -> tuple[object, ...]:
    """Return a key that is the same for scenarios with the same program."""
    return scenario.theatre, scenario.acting, scenario.outputs


def _programs(
    case: Case, scenarios: Sequence[Scenario], draws: Draws, compilers: ThreadPoolExecutor
) -> dict[tuple[object, ...], Future[None]]:
    """Start to compile the programs of some scenarios, each once."""
    few = {name: values[:1] for name, values in draws.items()}
    begun: dict[Callable[..., object], Future[None]] = {}
    ready: dict[tuple[object, ...], Future[None]] = {}
    for scenario in scenarios:
        if _program_key(scenario) not in ready:
            packed = Packed.of(prepare(case, scenario, few))
            if packed.program not in begun:
                begun[packed.program] = compilers.submit(_compile, packed)
            ready[_program_key(scenario)] = begun[packed.program]
    return ready


def _compile(packed: Packed) -> None:
    """Compile a program by running it for zero years."""
    (part,) = packed.parts
    packed.program(*packed.cut(part), packed.status_quo(part), 0, 0)


# --- the program ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def compiled(form: Form, names: tuple[str, ...], outputs: Outputs) -> Callable[..., tuple[dict[str, Any], Array]]:
    """Return the compiled solver of a form: (parameters, forces, first guess, years beyond, within) -> (results by role, end).

    `names` are those of the parameters; `outputs` are computed beside the players' values.
    """

    def run(
        parameters: Array, forces: Array, start: Array, beyond: Array, within: Array
    ) -> tuple[dict[str, Any], Array]:
        constants = dict(zip(names, parameters, strict=True))
        carried = channels(form, constants, *channels_of(form, outputs))
        stage, years = make_stage(form, constants), dict(zip(form.players, forces, strict=True))
        now = {actor: force[0] for actor, force in years.items()}

        def report(choices: Choices) -> dict[str, Array]:
            return chosen(form, start[0], choices) | _occurs(form, stage, now, start[0], choices)

        solved = solve_horizon(
            stage,
            years,
            start,
            carried,
            Years(
                within=within,
                beyond=beyond,
                until={risk_by(year): year for year in form.milestones},
                lasting=frozenset({HELD}),
            ),
            report=report,
            blank=dict.fromkeys((*INSTRUMENTS, "concede", "back_down", *ONE_YEAR), jnp.zeros(start.shape[2:])),
        )
        in_years = carried.stack(dict.fromkeys(carried.names, 1.0) | {HELD: float(form.horizon)})
        results = {
            "values": in_years[:, None, None] * solved.values[:, form.start],
            "probabilities": solved.first,
            "residual": solved.residual,
        }
        return results, solved.end

    return jax.jit(run, compiler_options=COMPILER_OPTIONS)


def _occurs(form: Form, stage: Stage, forces: Mapping[str, Array], like: Array, choices: Choices) -> dict[str, Array]:
    """Return the probabilities, at the starting level, that events occur in year 1."""
    alone = Channels(precision={}, tallies={event: event for event in ONE_YEAR})
    none = jnp.zeros((len(ONE_YEAR), *like.shape))
    values, _ = solve_year(stage, forces, none, alone, fixed=choices)
    return dict(zip(ONE_YEAR, values[:, form.start], strict=True))


def chosen(form: Form, like: Array, choices: Choices) -> dict[str, Array]:
    """Return year-1 probabilities at the starting level: of each instrument, of a concession, and of backing down."""

    def here(array: Array) -> Array:
        return jnp.broadcast_to(array, (len(array), *like.shape))[:, form.start]

    stands = jnp.ones((1, *like.shape[1:]))
    for actor in form.helpers:
        support = here(choices[f"press: {actor}"]["support"])
        stands = jnp.concatenate([stands * (1.0 - support), stands * support])
    probabilities = {instrument: here(choices["instrument"][instrument])[0] for instrument in INSTRUMENTS}
    probabilities["concede"] = here(choices["answer"]["concede"])[0]
    probabilities["back_down"] = jnp.sum(stands * here(choices["escalate"]["back_down"]), axis=0)
    return probabilities
