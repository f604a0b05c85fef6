"""Many small systems of linear equations at once, draws last."""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax

from tocsin.games.tree import Array


def solve_linear(matrix: Array, right: Array) -> tuple[Array, Array]:
    """Solutions by Gaussian elimination with partial pivoting (Gauss-Jordan), and the sign of the determinant.

    A library's routine for small matrices spends most of its time on each call; here each step is one operation on
    all draws.

    Args:
        matrix: (m, m, D).
        right: (m, k, D).

    Returns:
        (m, k, D) solutions, not finite where a matrix is singular; (D,) the sign of the determinant.
    """
    size = matrix.shape[0]
    rows = jnp.arange(size)[:, None]

    def step(place: Array, state: tuple[Array, Array]) -> tuple[Array, Array]:
        table, sign = state
        column = lax.dynamic_index_in_dim(table, place, axis=1, keepdims=False)
        found = jnp.argmax(jnp.where(rows >= place, jnp.abs(column), -1.0), axis=0)
        is_found = rows == found
        upper = lax.dynamic_index_in_dim(table, place, axis=0, keepdims=False)
        pivot_row = jnp.sum(jnp.where(is_found[:, None], table, 0.0), axis=0)
        pivot = jnp.sum(jnp.where(is_found, column, 0.0), axis=0)
        table = jnp.where(is_found[:, None], upper[None], table)
        column = jnp.where(is_found, lax.dynamic_index_in_dim(upper, place, keepdims=False), column)
        scaled = pivot_row / pivot
        table = jnp.where((rows == place)[:, None], scaled[None], table - column[:, None] * scaled[None])
        return table, sign * jnp.sign(pivot) * jnp.where(found == place, 1.0, -1.0)

    joined = jnp.concatenate([matrix, right], axis=1)
    table, sign = lax.fori_loop(0, size, step, (joined, jnp.ones(matrix.shape[-1])))
    return table[:, size:], sign
