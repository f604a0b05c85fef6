"""Put games into arrays, cut these into blocks of draws, and run the blocks on all cores.

A block is small enough to stay in cache. All blocks of a form of game have the same size, so that it is compiled once. Games of one
form share their blocks: a column of a block is one game in one world.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar
from weakref import WeakSet

import jax
import numpy as np

from tocsin.case.form import Form
from tocsin.games.backend import use_disk_cache
from tocsin.models.coercion.prepare import Prepared

CELLS, NARROWEST, WIDEST = 256, 16, 128
"""Regime states times columns of a block, and the bounds of its columns. A year's tree then stays in the cache, even if cores share it."""

Program: TypeAlias = Callable[..., Any]

Result = TypeVar("Result")

_COMPILED: WeakSet[Program] = WeakSet()
"""Programs that this process has compiled for the blocks of their form."""


@dataclass(frozen=True)
class Packed:
    """Games of one form as arrays, with one column for each game and draw.

    Attributes:
        form: with roles for names.
        names: of the parameters.
        parameters: (names, columns).
        forces: (yearly arrays, years, columns), see `Form.yearly`.
    """

    form: Form
    names: tuple[str, ...]
    parameters: np.ndarray
    forces: np.ndarray

    @classmethod
    def of(cls, *games: Prepared) -> Packed:
        """Put the draws of some games of one form side by side."""
        form, names = games[0].form.anonymous(), tuple(games[0].parameters)
        parameters = [np.stack([game.parameters[name] for name in names]) for game in games]
        forces = [np.stack([game.forces[role] for role in form.yearly]) for game in games]
        return cls(form, names, np.concatenate(parameters, axis=-1), np.concatenate(forces, axis=-1))

    @property
    def size(self) -> int:
        """Return the number of columns."""
        return self.parameters.shape[-1]

    @property
    def block_size(self) -> int:
        """Return the number of columns that are solved together."""
        return min(max(CELLS // self.form.states, NARROWEST), WIDEST)

    def blocks(self) -> list[np.ndarray]:
        """Return the columns, cut into blocks."""
        return parts(np.arange(self.size), self.block_size)

    def some(self, columns: np.ndarray) -> Packed:
        """Return some of the columns."""
        return replace(self, parameters=self.parameters[:, columns], forces=self.forces[..., columns])

    def block(self, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the parameters and forces of at most `block_size` columns, as a block."""
        return self.filled(self.parameters[:, columns]), self.filled(self.forces[..., columns])

    def filled(self, values: np.ndarray) -> np.ndarray:
        """Pad the last axis to a whole number of blocks by repeating its last entry."""
        missing = -values.shape[-1] % self.block_size
        padded = np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, missing)], mode="edge") if missing else values
        return np.ascontiguousarray(padded)

    def status_quo(self, responders: Sequence[str]) -> np.ndarray:
        """Return the values (players and responders, L, R, columns) if the aim stays where it is for ever, aim_i l / L."""
        form, aims = self.form, self._of_roles("aim", responders)
        reached = np.arange(form.levels)[:, None, None] / form.levels
        return np.broadcast_to(aims * reached, (len(aims), form.levels, form.states, self.size))

    def stakes(self, responders: Sequence[str]) -> np.ndarray:
        """Return the own stake of each player and responder (players and responders, 1, 1, columns)."""
        return self._of_roles("scale", responders)

    def _of_roles(self, kind: str, responders: Sequence[str]) -> np.ndarray:
        roles = (*self.form.players, *[self.form.challenger] * len(responders))
        return self.parameters[[self.names.index(f"{kind}.{role}") for role in roles], None, None]


def parts(columns: np.ndarray, size: int) -> list[np.ndarray]:
    """Cut columns into blocks."""
    return [columns[start : start + size] for start in range(0, len(columns), size)]


def usable_cores() -> int:
    """Return the number of cores that this process may use; `taskset` and batch systems may leave it fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Cores:
    """Runs blocks on all cores, and compiles programs while other blocks run; a context manager."""

    def __init__(self) -> None:
        use_disk_cache()
        cores = usable_cores()
        self._workers, self._compilers = ThreadPoolExecutor(cores), ThreadPoolExecutor(cores)
        self._compiled: dict[Program, Future[Any]] = {}

    def __enter__(self) -> Cores:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        for pool in (self._compilers, self._workers):
            pool.shutdown(wait=error is None, cancel_futures=True)  # what an error leaves running, nobody waits for

    def compile(self, program: Program, arguments: Callable[[], tuple[object, ...]]) -> None:
        """Begin to compile a program, by running it with arguments that need no work, unless this process has done so."""
        if program not in self._compiled and program not in _COMPILED:
            self._compiled[program] = self._compilers.submit(_compile, program, arguments)

    def submit(self, program: Program, work: Callable[[], Result]) -> Future[Result]:
        """Run `work` on a core once its program is compiled."""
        if program not in _COMPILED:
            self._compiled[program].result()
        return self.run(work)

    def run(self, work: Callable[[], Result]) -> Future[Result]:
        """Run `work` on a core."""
        return self._workers.submit(work)


def _compile(program: Program, arguments: Callable[[], tuple[object, ...]]) -> None:
    as_numpy(program(*arguments()))
    _COMPILED.add(program)


def as_numpy(results: Result) -> Result:
    """Return the results of a program as NumPy arrays."""
    arrays: Result = jax.tree.map(np.asarray, results)
    return arrays
