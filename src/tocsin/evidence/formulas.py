"""Formulas of a specification: what they may say, and the design matrices that they make of a table.

The grammar is Wilkinson's, as read by formulaic: names, `+`, `-`, `:`, `*`, parentheses, `0`, `1`, and the functions below. Formulaic
would run whatever else stands there as a program, so nothing else is let through.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.evidence.tables import known

FUNCTIONS = ("C", "log", "exp", "sqrt", "center", "scale")
MAX_CHARACTERS = 5_000
_NUMERIC = {"log": np.log, "exp": np.exp, "sqrt": np.sqrt}
_TOKEN = re.compile(r"\s+|(?P<name>[A-Za-z_][A-Za-z0-9_.]*)|(?P<number>\d+)|(?P<sign>[-+:*()])")


@dataclass(frozen=True)
class Design:
    """Regressors of a formula.

    Attributes:
        terms: their names; `(Intercept)` for a constant.
        matrix: (cases, terms).
    """

    terms: tuple[str, ...]
    matrix: np.ndarray


@lru_cache(maxsize=1024)
def columns_of(formula: str) -> tuple[str, ...]:
    """The columns that a formula names, each once.

    Raises:
        InputError: if it says what a formula may not.
    """
    if len(formula) > MAX_CHARACTERS:
        raise InputError(f"a formula is longer than {MAX_CHARACTERS:,} characters", remedy="shorten it")
    at = 0
    found: dict[str, None] = {}
    while at < len(formula):
        token = _TOKEN.match(formula, at)
        if not token:
            raise InputError(
                f"formula {formula!r}: {formula[at]!r} is not allowed",
                column=at + 1,
                remedy=f"use column names, + - : * ( ), 0, 1 and the functions {', '.join(FUNCTIONS)}",
            )
        if name := token["name"]:
            if formula[token.end() :].lstrip().startswith("("):
                if name not in FUNCTIONS:
                    raise InputError(
                        f"formula {formula!r}: there is no function `{name}`",
                        remedy=f"use one of {', '.join(FUNCTIONS)}",
                    )
            else:
                found[name] = None
        at = token.end()
    return tuple(found)


def design(formula: str, table: pl.DataFrame, where: str) -> Design:
    """The regressors that a formula makes of a table without missing values; none for `0`.

    Text columns are factors: one regressor a level but the first in the alphabet.

    Args:
        formula: without a left side.
        table: its cases.
        where: who asks, for errors.

    Raises:
        InputError: if the formula cannot be read, names no column, uses a text with one value only, makes no finite number, or
            its regressors are perfectly collinear.
    """
    if formula.strip() in ("", "0"):
        return Design((), np.zeros((table.height, 0)))
    used = columns_of(formula)
    known(table, used, where)
    for name in used:
        if not table.schema[name].is_numeric() and table[name].n_unique() == 1:
            raise InputError(
                f"{where}: `{name}` has one value only, {table[name][0]!r}", remedy="leave it out, or widen the sample"
            )
    terms, matrix = _matrix(formula, table.select(used or table.columns[:1]), where)
    if not np.isfinite(matrix).all():
        term = terms[int(np.flatnonzero(~np.isfinite(matrix).all(axis=0))[0])]
        raise InputError(f"{where}: `{term}` is not finite everywhere", remedy="check its values, as of a log of 0")
    _not_collinear(terms, matrix, where)
    return Design(terms, matrix)


def _matrix(formula: str, table: pl.DataFrame, where: str) -> tuple[tuple[str, ...], np.ndarray]:
    import pandas as pd
    from formulaic import model_matrix
    from formulaic.errors import FormulaicError

    data = pd.DataFrame(table.to_dict(as_series=False))
    # formulaic takes a dot for an attribute unless the name is quoted
    quoted = re.sub(r"[A-Za-z_]\w*(?:\.\w+)+", r"`\g<0>`", formula)
    try:
        with np.errstate(all="ignore"):
            made = model_matrix(quoted, data, context=_NUMERIC, output="numpy", na_action="raise")
    except (FormulaicError, ValueError, TypeError, ArithmeticError) as error:
        said = str(error).splitlines()[0]
        raise InputError(
            f"{where}: formula {formula!r} cannot be read: {said}", remedy="check it, as in `x1 + x2 - 1`"
        ) from None
    names = tuple("(Intercept)" if name == "Intercept" else name for name in made.model_spec.column_names)
    return names, np.asarray(made, dtype=float).reshape(table.height, len(names))


def _not_collinear(terms: Sequence[str], matrix: np.ndarray, where: str) -> None:
    if not terms:
        return
    lengths = np.linalg.norm(matrix, axis=0)
    if (lengths == 0).any():
        raise InputError(f"{where}: `{terms[int(lengths.argmin())]}` is 0 everywhere", remedy="leave it out")
    left, sizes, right = np.linalg.svd(matrix / lengths, full_matrices=False)
    del left
    if matrix.shape[0] < matrix.shape[1] or sizes[-1] < 1e-9 * sizes[0]:
        involved = [term for term, weight in zip(terms, right[-1], strict=True) if abs(weight) > 1e-6]
        raise InputError(
            f"{where}: {', '.join(f'`{term}`' for term in involved)} are perfectly collinear", remedy="leave one out"
        )
