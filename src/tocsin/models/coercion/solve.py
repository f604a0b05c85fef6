"""Solving coercion games over many scenarios and draws.

Draws are cut into blocks small enough to stay in cache, padded to one length so that each form of game is compiled
once, and spread over the cores. Scenarios of one family (theatre, type, discount) start the search for their
stationary end where the first of the family ended.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.errors import SolveError
from tocsin.games.backend import COMPILER_OPTIONS, use_disk_cache
from tocsin.games.stochastic import Values, solve_horizon
from tocsin.games.tree import Array
from tocsin.models.coercion.form import INSTRUMENTS, LEAVES, RESPONDERS, Form, Scenario
from tocsin.models.coercion.prepare import Draws, Prepared, prepare
from tocsin.models.coercion.stage import channels, make_stage, yearly

if TYPE_CHECKING:
    from tocsin.case.schema import Case

BLOCK = 128
"""Draws solved together: 64 states of 128 draws are half a megabyte a channel set, which fits the cache of a core."""

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
        value: player -> (R, D) equilibrium value, own errors included, in units of the challenger's whole aim.
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

    def first(self, count: int) -> Solution:
        """The same for the first `count` draws."""
        return self._each(lambda values, _: values[..., :count], self)

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


def solve(
    case: Case, scenarios: Sequence[Scenario], draws: Draws, *, progress: Progress | None = None
) -> dict[Scenario, Solution]:
    """Solve every scenario over all draws.

    Args:
        case: a loaded case.
        scenarios: what to solve; the first of each family is solved before the rest.
        draws: belief name -> (D,) values.
        progress: called with the share done, in [0, 1].

    Raises:
        InputError: if the model lacks an input.
        SolveError: if a value is not finite, with the scenario and the draw.
    """
    use_disk_cache()
    wanted = tuple(dict.fromkeys(scenarios))
    bases = tuple(dict.fromkeys(_base(scenario) for scenario in wanted))
    done: dict[Scenario, Solution] = {}
    ticks = _Ticks(progress, len(wanted) + len(bases))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        ends: dict[Scenario, list[Values]] = {}
        for base, blocks in _run(pool, case, bases, draws, {}):
            ends[base] = [block.end for block in blocks]
            ticks.one()
        for scenario, blocks in _run(pool, case, wanted, draws, ends):
            done[scenario] = _gather(scenario, blocks)
            ticks.one()
    return done


def _base(scenario: Scenario) -> Scenario:
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


@dataclass(frozen=True)
class _Block:
    """One block's results as NumPy arrays, and the values of its stationary end, which stay padded."""

    form: Form
    found: dict[str, Any]
    end: Values
    size: int


def _run(
    pool: ThreadPoolExecutor,
    case: Case,
    scenarios: Sequence[Scenario],
    draws: Draws,
    ends: Mapping[Scenario, list[Values]],
) -> Iterable[tuple[Scenario, list[_Block]]]:
    """Blocks of each scenario, in order; a few scenarios are kept in flight so that no core waits."""
    waiting: list[tuple[Scenario, list[Any]]] = []
    for scenario in scenarios:
        prepared = prepare(case, scenario, draws)
        starts = None if scenario.acting is not None else ends.get(_base(scenario))
        size = len(prepared.parameters["precision"])
        parts = [slice(at, min(at + BLOCK, size)) for at in range(0, size, BLOCK)]
        beyond = YEARS_MORE if starts else YEARS_FIRST + (YEARS_MORE if ends else 0)
        jobs = [
            pool.submit(_solve_block, prepared, part, starts[place] if starts else None, beyond)
            for place, part in enumerate(parts)
        ]
        waiting.append((scenario, jobs))
        if len(waiting) > 2:
            first, futures = waiting.pop(0)
            yield first, [future.result() for future in futures]
    for first, futures in waiting:
        yield first, [future.result() for future in futures]


def padded(values: np.ndarray, part: slice) -> np.ndarray:
    """A block of draws (last axis), the last repeated to the length of a block."""
    cut = values[..., part]
    return np.pad(cut, [(0, 0)] * (cut.ndim - 1) + [(0, BLOCK - cut.shape[-1])], mode="edge")


def _solve_block(prepared: Prepared, part: slice, start: Values | None, beyond: int) -> _Block:
    shape = prepared.form.anonymous()
    parameters = {name: padded(values, part) for name, values in prepared.parameters.items()}
    forces = {name: padded(values, part) for name, values in prepared.forces.items()}
    run = compiled(shape, prepared.watch)
    found, end = run(parameters, forces, status_quo(shape, parameters) if start is None else start, beyond)
    size = part.stop - part.start
    return _Block(prepared.form, jax.tree.map(lambda leaf: np.asarray(leaf)[..., :size], found), end, size)


def status_quo(form: Form, parameters: Mapping[str, np.ndarray]) -> Values:
    """The first guess of the stationary end: the aim stays for ever where it is, aim_i l / L."""
    reached = np.arange(form.levels)[:, None, None] / form.levels
    like = np.zeros((form.levels, form.states, BLOCK))
    worth = {player: parameters[f"aim.{player}"] * reached + like for player in form.players}
    return {
        name: jnp.asarray(values)
        for name, values in (worth | dict.fromkeys(RESPONDERS, worth[form.challenger])).items()
    }


@lru_cache(maxsize=16)
def compiled(form: Form, watch: bool) -> Callable[..., tuple[dict[str, Any], Values]]:
    """The compiled solver of a form: (parameters, forces, first guess, years beyond) -> (results by role, stationary end).

    `watch` adds the tallies of the regimes' moves, which most runs do without.
    """
    tallies = ("risk", "war", *((LEAVES + regime.name for regime in form.regimes) if watch else ()))

    def run(
        parameters: dict[str, Array], forces: dict[str, Array], start: Values, beyond: Array
    ) -> tuple[dict[str, Any], Values]:
        none = jnp.zeros_like(start[form.challenger])
        solved = solve_horizon(
            make_stage(form, parameters),
            yearly(form, parameters, forces),
            start | dict.fromkeys(tallies, none),
            channels(form, parameters, tallies),
            beyond=beyond,
            report=partial(_year_one, form, none),
        )
        found = {
            "values": {name: value[form.start] for name, value in solved.values.items()},
            "chances": solved.first,
            "residual": solved.residual,
        }
        return found, {name: solved.end[name] for name in start}

    return jax.jit(run, compiler_options=COMPILER_OPTIONS)


def _year_one(form: Form, like: Array, choices: Mapping[str, Mapping[str, Array]]) -> dict[str, Array]:
    """Year-1 probabilities at the starting level by instrument, and what follows press."""

    def here(array: Array) -> Array:
        return jnp.broadcast_to(array, like.shape)[form.start]

    chances = {instrument: here(choices["instrument"][instrument]) for instrument in INSTRUMENTS}
    chances["concede"] = here(choices["answer"]["concede"])
    backs = jnp.zeros_like(chances["hold"])
    for stand, chance in _stands(form, choices):
        backs = backs + here(chance) * here(choices[f"escalate|{stand}"]["back_down"])
    chances["back_down"] = backs
    return chances


def _stands(form: Form, choices: Mapping[str, Mapping[str, Array]]) -> Iterable[tuple[str, Array]]:
    """Who stands after resistance to press, as a label, with its probability."""

    def follow(waiting: tuple[str, ...], stand: frozenset[str], chance: Any) -> Iterable[tuple[str, Array]]:
        label = "+".join(sorted(stand)) or "none"
        if not waiting:
            yield label, chance
            return
        actor, *others = waiting
        made = choices[f"press:{actor}|{label}"]
        yield from follow(tuple(others), stand | {actor}, chance * made["support"])
        yield from follow(tuple(others), stand, chance * made["aside"])

    yield from follow(form.protectors + form.backers, frozenset(), 1.0)


def _gather(scenario: Scenario, blocks: list[_Block]) -> Solution:
    form = blocks[0].form
    found = jax.tree.map(lambda *parts: np.concatenate(parts, axis=-1), *(block.found for block in blocks))
    shape = form.anonymous()
    actor_of = dict(zip(shape.players, form.players, strict=True))
    values = found["values"]
    _check(scenario, found)
    return Solution(
        scenario=scenario,
        form=form,
        value={actor_of[role]: values[role] for role in shape.players},
        best=values["best"],
        best_aim=values["best_aim"],
        risk=values["risk"],
        war=values["war"],
        chances=found["chances"],
        leaves={
            regime.name: values[f"{LEAVES}regime{place}"] for place, regime in enumerate(form.regimes) if scenario.watch
        },
        residual=found["residual"],
    )


def _check(scenario: Scenario, found: Mapping[str, Any]) -> None:
    for name, array in found["values"].items():
        if not np.isfinite(array).all():
            draw = int(np.argwhere(~np.isfinite(array))[0][-1])
            raise SolveError(f"the value {name!r} is not finite in draw {draw} of {scenario}")
