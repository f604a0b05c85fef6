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
    if not size:
        return right, jnp.ones(matrix.shape[-1])
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


def solve_bordered(upper: Array, lower: Array, corner: Array, first: Array, last: Array) -> tuple[Array, Array, Array]:
    """Return the solutions of linear systems whose matrix is [[I, upper], [lower, corner]], and the signs of their determinants.

    The unknowns of the identity are eliminated, so that only their Schur complement, corner - lower upper, is solved.

    Args:
        upper: (n, m, D).
        lower: (m, n, D).
        corner: (m, m, D).
        first, last: right sides, (n, k, D) and (m, k, D).

    Returns:
        (n, k, D) and (m, k, D) solutions, not finite where a matrix is singular; (D,) the sign of the determinant.
    """
    others, sign = solve_linear(corner - _product(lower, upper), last - _product(lower, first))
    return first - _product(upper, others), others, sign


def _product(left: Array, right: Array) -> Array:
    """Return the products (i, j, D) of the matrices of each draw. A library routine is slow on many small ones."""

    def add(index: Array, total: Array) -> Array:
        column = lax.dynamic_index_in_dim(left, index, axis=1)
        return total + column * lax.dynamic_index_in_dim(right, index, axis=0)

    none = jnp.zeros((left.shape[0], *right.shape[1:]))
    return lax.fori_loop(0, right.shape[0], add, none) if right.shape[0] else none
