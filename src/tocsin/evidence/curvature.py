"""Scale matrices of second derivatives, and refuse coefficients that the data cannot identify."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tocsin.errors import InputError


def unit_scale(matrix: np.ndarray) -> np.ndarray:
    """Return the units of the coefficients, (coefficients,), in which a matrix has a diagonal of plus or minus one."""
    return 1.0 / np.sqrt(np.maximum(np.abs(np.diag(matrix)), 1e-100))


def unit_diagonal(matrix: np.ndarray) -> np.ndarray:
    """Return a matrix with its coefficients in these units."""
    scale = unit_scale(matrix)
    return np.asarray(matrix * np.outer(scale, scale))


def check_identified(
    products: np.ndarray, back: np.ndarray, names: Sequence[tuple[str, str]], *, tolerance: float
) -> None:
    """Refuse coefficients that can change together without changing any probability.

    Args:
        products: (coefficients, coefficients) sums over cases and outcomes of products of the effects, on log probabilities, of the
            coefficients of orthogonal regressors.
        back: (coefficients, coefficients) what turns these coefficients into the changes that each original regressor makes.
        names: utility and term of each original coefficient.
        tolerance: ratio of the smallest to the largest eigenvalue below which coefficients are not identified.

    Raises:
        InputError: with the names of such coefficients.
    """
    values, vectors = np.linalg.eigh(unit_diagonal(products))
    if not values[0] < tolerance * values[-1]:
        return
    weights = np.abs(back @ (unit_scale(products) * vectors[:, 0]))
    involved = [
        f"{utility}:{term}"
        for (utility, term), weight in zip(names, weights, strict=True)
        if weight > 0.1 * weights.max()
    ]
    raise InputError(
        f"not identified: {', '.join(involved)} can change together without changing any probability",
        remedy="leave one of them out, or hold a utility at a number with `fixed`",
    )
