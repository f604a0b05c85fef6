"""Solve one game for any number of inputs, in blocks, on all cores and with little memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from os import cpu_count
from typing import Any, TypeAlias

import jax
import numpy as np

from tocsin.games.backend import COMPILER_OPTIONS
from tocsin.games.equilibrium import Equilibrium, Method, check, has_perfect_information, logit_equilibrium
from tocsin.games.tree import Node, Outcome

Build: TypeAlias = Callable[[Any], Node]
"""Builds a game from arrays with draws last; the shape of the tree is always the same."""

RECURSION_BLOCK, BRANCH_BLOCK = 8192, 64
"""Draws in a block, solved at once on one core: as many as its cache holds."""

WAIT_FOR = 0.95
"""Share of a block for which the branch is followed to the end. Branches differ greatly in length. The slowest draws of
all blocks are solved again together, so that the others need not wait for them."""


def solve_many(
    build: Build,
    inputs: Any,
    precision: Mapping[str, float | np.ndarray],
    marks: Sequence[float] = (1.0,),
    *,
    method: Method = "auto",
) -> Equilibrium:
    """Return the equilibria of one game for many inputs, as NumPy arrays.

    Args:
        build: builds the tree. Compiled programs are cached for each function object, so pass the same object each time.
        inputs: pytree of arrays, numbers or with draws last (..., D).
        precision: player -> lambda >= 0, a number or (D,); names all players, in order.
        marks: as in `logit_equilibrium`.
        method: as in `logit_equilibrium`.

    Raises:
        InputError: as `logit_equilibrium`.
        ValueError: as `logit_equilibrium`, and if an input is not finite; the message names such a draw.
    """
    leaves, shape = jax.tree.flatten((inputs, dict(precision)))
    rows = [np.asarray(leaf, dtype=float) for leaf in leaves]
    draws = max((row.shape[-1] for row in rows if row.ndim), default=1)
    wide = [row if row.ndim else np.broadcast_to(row, (draws,)) for row in rows]
    _check_draws(wide[: len(jax.tree.leaves(inputs))], precision)
    first = build(jax.tree.unflatten(shape, [row[..., 0] for row in wide])[0])
    by_recursion = method != "branch" and has_perfect_information(first)
    size = min(RECURSION_BLOCK if by_recursion else BRANCH_BLOCK, draws)
    solver = _Solver(_program(build, tuple(marks), method), shape, size)
    solution = solver.solve(wide, WAIT_FOR)
    if (slow := np.flatnonzero(solution.pending)).size:
        rest = solver.solve([row[..., slow] for row in wide], 1.0)
        for whole, part in zip(jax.tree.leaves(solution), jax.tree.leaves(rest), strict=True):
            whole[..., slow] = part
    return solution


@dataclass(frozen=True)
class _Solver:
    """A compiled game: its program, the structure of its inputs, and the draws in a block."""

    program: Any
    shape: Any
    size: int

    def solve(self, rows: Sequence[np.ndarray], wait_for: float) -> Equilibrium:
        """Return the equilibria of all draws of the rows (..., D)."""
        draws = rows[0].shape[-1]
        first = self._block(rows, 0, wait_for)
        whole = jax.tree.map(lambda block: np.empty((*block.shape[:-1], draws), dtype=block.dtype), first)

        def store(start: int, block: Equilibrium) -> None:
            for result, part in zip(jax.tree.leaves(whole), jax.tree.leaves(block), strict=True):
                result[..., start : start + self.size] = np.asarray(part)[..., : draws - start]

        store(0, first)
        with ThreadPoolExecutor(cpu_count() or 1) as pool:
            starts = range(self.size, draws, self.size)
            list(pool.map(lambda start: store(start, self._block(rows, start, wait_for)), starts))
        return whole

    def _block(self, rows: Sequence[np.ndarray], start: int, wait_for: float) -> Equilibrium:
        part = [_filled(row[..., start : start + self.size], self.size) for row in rows]
        solution: Equilibrium = self.program(*jax.tree.unflatten(self.shape, part), wait_for)
        return solution


def _check_draws(inputs: Sequence[np.ndarray], precision: Mapping[str, float | np.ndarray]) -> None:
    for row in inputs:
        if not (finite := np.isfinite(row).all(axis=tuple(range(row.ndim - 1)))).all():
            raise ValueError(f"inputs are not finite in draw {int(np.argmin(finite))}")
    check(Outcome(next=None), precision)


def _filled(row: np.ndarray, size: int) -> np.ndarray:
    """Return the array with its last draw repeated up to the size of a block."""
    missing = size - row.shape[-1]
    return np.concatenate([row, np.repeat(row[..., -1:], missing, axis=-1)], axis=-1) if missing else row


@lru_cache(maxsize=64)
def _program(build: Build, marks: tuple[float, ...], method: Method) -> Any:
    def solve(inputs: Any, precision: Mapping[str, Any], wait_for: Any) -> Equilibrium:
        return logit_equilibrium(build(inputs), precision, marks, method=method, wait_for=wait_for)

    return jax.jit(solve, compiler_options=COMPILER_OPTIONS)
