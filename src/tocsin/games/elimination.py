"""Many small systems of linear equations solved at once; arrays have draws last."""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax

import tocsin.games.backend  # noqa: F401 - sets float64
from tocsin.games.tree import Array


def solve_linear(matrix: Array, right: Array) -> tuple[Array, Array]:
    """Return the solutions of linear systems and the signs of their determinants.

    The method is Gauss-Jordan elimination with partial pivoting. On small matrices a library routine spends most of its time on the
    overhead of each call. Here each step is one operation on all draws.

    Args:
        matrix: (m, m, D).
        right: (m, k, D).

    Returns:
        (m, k, D) solutions, not finite where a matrix is singular; (D,) the sign of the determinant.
    """
    size = matrix.shape[0]
    rows = jnp.arange(size)[:, None]

    def step(index: Array, state: tuple[Array, Array]) -> tuple[Array, Array]:
        table, sign = state
        column = lax.dynamic_index_in_dim(table, index, axis=1, keepdims=False)
        pivot_at = jnp.argmax(jnp.where(rows >= index, jnp.abs(column), -1.0), axis=0)
        is_pivot = rows == pivot_at
        upper = lax.dynamic_index_in_dim(table, index, axis=0, keepdims=False)
        pivot_row = jnp.sum(jnp.where(is_pivot[:, None], table, 0.0), axis=0)
        pivot = jnp.sum(jnp.where(is_pivot, column, 0.0), axis=0)
        table = jnp.where(is_pivot[:, None], upper[None], table)
        column = jnp.where(is_pivot, lax.dynamic_index_in_dim(upper, index, keepdims=False), column)
        scaled = pivot_row / pivot
        table = jnp.where((rows == index)[:, None], scaled[None], table - column[:, None] * scaled[None])
        return table, sign * jnp.sign(pivot) * jnp.where(pivot_at == index, 1.0, -1.0)

    joined = jnp.concatenate([matrix, right], axis=1)
    table, sign = lax.fori_loop(0, size, step, (joined, jnp.ones(matrix.shape[-1])))
    return table[:, size:], sign
