"""One game under any number of inputs: block by block, on all cores, within little memory."""

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
"""A game as a function of arrays with draws last: a tree whose shape is always the same."""

RECURSION_BLOCK, BRANCH_BLOCK = 8192, 256
"""Draws solved at once on a core: as many as stay in its cache."""

WAIT_FOR = 0.95
"""Share of a block with which the branch is followed to the end. Branches differ much in length; the slowest draws of all
blocks are solved again together, so that the others do not wait for them."""


def solve_many(
    build: Build,
    inputs: Any,
    precision: Mapping[str, float | np.ndarray],
    marks: Sequence[float] = (1.0,),
    *,
    method: Method = "auto",
) -> Equilibrium:
    """Solve one game under many sets of inputs.

    Args:
        build: gives the tree; compiled once for it, so hand in the same function again, not a new one like it.
        inputs: pytree of arrays, numbers or with draws last (..., D).
        precision: player -> lambda >= 0, a number or (D,); names all players, in order.
        marks: as in `logit_equilibrium`.
        method: as in `logit_equilibrium`.

    Returns:
        The same as `logit_equilibrium`, in NumPy arrays.

    Raises:
        ValueError: as `logit_equilibrium`, with the first draw in which an input is not finite.
    """
    leaves, shape = jax.tree.flatten((inputs, dict(precision)))
    rows = [np.asarray(leaf, dtype=float) for leaf in leaves]
    draws = max((row.shape[-1] for row in rows if row.ndim), default=1)
    wide = [row if row.ndim else np.broadcast_to(row, (draws,)) for row in rows]
    _check_draws(wide[: len(jax.tree.leaves(inputs))], precision)
    some = build(jax.tree.unflatten(shape, [row[..., 0] for row in wide])[0])
    closed = method != "branch" and has_perfect_information(some)
    size = min(RECURSION_BLOCK if closed else BRANCH_BLOCK, draws)
    work = _Work(_program(build, tuple(marks), method), shape, size)
    found = work.solved(wide, WAIT_FOR)
    if (slow := np.flatnonzero(found.pending)).size:
        again = work.solved([row[..., slow] for row in wide], 1.0)
        for whole, part in zip(jax.tree.leaves(found), jax.tree.leaves(again), strict=True):
            whole[..., slow] = part
    return found


@dataclass(frozen=True)
class _Work:
    """A compiled game: its program, the shape of what it takes, the draws that it takes at once."""

    program: Any
    shape: Any
    size: int

    def solved(self, rows: Sequence[np.ndarray], wait_for: float) -> Equilibrium:
        """Every draw of some rows (..., D)."""
        draws = rows[0].shape[-1]
        first = self._block(rows, 0, wait_for)
        whole = jax.tree.map(lambda block: np.empty((*block.shape[:-1], draws), dtype=block.dtype), first)

        def keep(start: int, block: Equilibrium) -> None:
            for result, part in zip(jax.tree.leaves(whole), jax.tree.leaves(block), strict=True):
                result[..., start : start + self.size] = np.asarray(part)[..., : draws - start]

        keep(0, first)
        with ThreadPoolExecutor(cpu_count() or 1) as pool:
            starts = range(self.size, draws, self.size)
            list(pool.map(lambda start: keep(start, self._block(rows, start, wait_for)), starts))
        return whole

    def _block(self, rows: Sequence[np.ndarray], start: int, wait_for: float) -> Equilibrium:
        part = [_filled(row[..., start : start + self.size], self.size) for row in rows]
        found: Equilibrium = self.program(*jax.tree.unflatten(self.shape, part), wait_for)
        return found


def _check_draws(inputs: Sequence[np.ndarray], precision: Mapping[str, float | np.ndarray]) -> None:
    for row in inputs:
        if not (fine := np.isfinite(row).all(axis=tuple(range(row.ndim - 1)))).all():
            raise ValueError(f"inputs are not finite in draw {int(np.argmin(fine))}")
    check(Outcome(next=None), precision)


def _filled(row: np.ndarray, size: int) -> np.ndarray:
    """An array with as many draws as a block has, the last one repeated."""
    missing = size - row.shape[-1]
    return np.concatenate([row, np.repeat(row[..., -1:], missing, axis=-1)], axis=-1) if missing else row


@lru_cache(maxsize=64)
def _program(build: Build, marks: tuple[float, ...], method: Method) -> Any:
    def solve(inputs: Any, precision: Mapping[str, Any], wait_for: Any) -> Equilibrium:
        return logit_equilibrium(build(inputs), precision, marks, method=method, wait_for=wait_for)

    return jax.jit(solve, compiler_options=COMPILER_OPTIONS)
