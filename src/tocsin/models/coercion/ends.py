"""Find the stationary ends of many games.

Columns differ in how many years they take. A block therefore pauses when few of its columns are unfinished; those of all blocks of a
form are gathered in new blocks and go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import TypeAlias

import numpy as np

from tocsin.games.stationary import MAX_YEARS, TOLERANCE, Search
from tocsin.models.coercion.blocks import Cores, Packed, as_numpy, parts
from tocsin.models.coercion.programs import Settle, settling

WAITING = 1 / 4
"""Share of unfinished columns at which a block pauses, if there are others that they can join."""


@dataclass(frozen=True)
class End:
    """The stationary end of a game; draws are last.

    Attributes:
        values: (players and responders, L, R, D).
        residual: (D,) largest change of a value in one further year, in units of the player's own stake.
        years: (D,) years that the search took.
    """

    values: np.ndarray
    residual: np.ndarray
    years: np.ndarray

    @property
    def settled(self) -> np.ndarray:
        """Return in which draws (D,) the end is an equilibrium."""
        return np.asarray(self.residual <= TOLERANCE)

    def some(self, indices: np.ndarray | slice) -> End:
        """Return the end for some of the draws."""
        return End(self.values[..., indices], self.residual[indices], self.years[indices])


Tick: TypeAlias = Callable[[], None]
"""Called after each block."""


Paused: TypeAlias = tuple[np.ndarray, Search]
"""Columns with their unfinished searches."""


class Pool:
    """Games of one form whose ends are searched together.

    Attributes:
        packed: the games.
        responders: whose values are searched too.
    """

    def __init__(self, packed: Packed, responders: tuple[str, ...], start: np.ndarray, years: np.ndarray) -> None:
        """Begin at values (players and responders, L, R, columns) after a number of years (columns,), see `Search.begin`."""
        self.packed, self.responders, self._stakes = packed, responders, packed.stakes(responders)
        self._start, self._years = start / self._stakes, years
        self._points = np.empty((start[..., 0].size, packed.size))
        self._residual, self._taken = np.empty(packed.size), np.empty(packed.size, dtype=int)
        self._paused: list[Paused] = []

    @property
    def program(self) -> Settle:
        """Return the compiled program."""
        return settling(self.packed.form.timeless(), self.packed.names, self.responders)

    def compile(self, cores: Cores) -> None:
        """Begin to compile the program."""
        cores.compile(self.program, self._finished)

    def first_blocks(self) -> Iterator[Callable[[], Paused]]:
        """Yield the work of each block of new searches."""
        for columns in self.packed.blocks():
            yield partial(self._go_on, columns, None, int(WAITING * self.packed.block_size))

    def later_blocks(self, paused: Paused, *, last: bool) -> Iterator[Callable[[], Paused]]:
        """Yield the work of blocks of paused searches once there are enough for a block, or if these are the last."""
        self._paused.append(paused)
        columns = np.concatenate([columns for columns, _ in self._paused])
        size = self.packed.block_size
        count = len(columns) if last else len(columns) // size * size
        if not count:
            return
        state = Search(
            *(np.concatenate(rows, axis=-1) for rows in zip(*(state for _, state in self._paused), strict=True))
        )
        self._paused = [(columns[count:], _some(state, slice(count, None)))]
        waiting = 0 if last and count <= size else int(WAITING * size)
        for part in parts(np.arange(count), size):
            yield partial(self._go_on, columns[part], _some(state, part), waiting)

    def ends(self) -> End:
        """Return the ends of all games."""
        return End(self._stakes * self._points.reshape(self._start.shape), self._residual, self._taken)

    def _go_on(self, columns: np.ndarray, state: Search | None, waiting: int) -> Paused:
        """Go on with the searches of a block; store those that finish and return the others."""
        state = self._begin(columns) if state is None else self._padded(state)
        after = as_numpy(self.program(*self._inputs(columns), state, waiting))
        after = _some(after, slice(len(columns)))
        goes_on = np.asarray(after.unfinished)
        finished = columns[~goes_on]
        self._points[:, finished] = after.point[:, ~goes_on]
        self._residual[finished], self._taken[finished] = after.residual[~goes_on], after.years[~goes_on]
        return columns[goes_on], _some(after, goes_on)

    def _begin(self, columns: np.ndarray) -> Search:
        return self._padded(Search.begin(self._start[..., columns], self._years[columns]))

    def _padded(self, state: Search) -> Search:
        """Return the search as a block; columns that fill it up are finished."""
        count = state.point.shape[-1]
        block = Search(*(self.packed.filled(rows) for rows in state))
        return block._replace(years=np.where(np.arange(self.packed.block_size) < count, block.years, MAX_YEARS))

    def _finished(self) -> tuple[object, ...]:
        """Return the arguments of the program that let it take no year."""
        column = np.zeros(1, dtype=int)
        return (*self._inputs(column), self._begin(column), self.packed.block_size)

    def _inputs(self, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        parameters, forces = self.packed.block(columns)
        return parameters, np.ascontiguousarray(forces[:, -1])


def find_ends(cores: Cores, pools: Sequence[Pool], tick: Tick) -> list[End]:
    """Return the ends of the games of each pool."""
    for pool in pools:
        pool.compile(cores)
    done: SimpleQueue[tuple[Pool, Future[Paused]]] = SimpleQueue()
    running: Counter[Pool] = Counter()

    def submit(pool: Pool, blocks: Iterable[Callable[[], Paused]]) -> None:
        for work in blocks:
            running[pool] += 1
            cores.submit(pool.program, work).add_done_callback(lambda future: done.put((pool, future)))

    for pool in pools:
        submit(pool, pool.first_blocks())
    while running.total():
        pool, future = done.get()
        running[pool] -= 1
        submit(pool, pool.later_blocks(future.result(), last=not running[pool]))
        tick()
    return [pool.ends() for pool in pools]


def _some(state: Search, columns: np.ndarray | slice) -> Search:
    return Search(*(rows[..., columns] for rows in state))
