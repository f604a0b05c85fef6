"""Formulas of a specification: which are allowed, and the design matrices that they make from a table.

The grammar is Wilkinson's, as read by formulaic: names, `+`, `-`, `:`, `*`, parentheses, `0`, `1`, and the functions below. Formulaic
would run anything else as a program, so anything else is refused first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.evidence.tables import check_columns

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


@dataclass(frozen=True, kw_only=True)
class Regressors:
    """The regressors of several utilities.

    Attributes:
        designs: by utility, in the game's order; utilities without regressors are absent.
    """

    designs: Mapping[str, Design]

    @cached_property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Utility and term of each coefficient."""
        return tuple((name, term) for name, part in self.designs.items() for term in part.terms)

    @cached_property
    def matrix(self) -> np.ndarray:
        """(cases, coefficients) the regressors of all utilities side by side."""
        return np.concatenate([part.matrix for part in self.designs.values()], axis=1)

    @cached_property
    def sizes(self) -> np.ndarray:
        """(coefficients,) root mean square of each regressor."""
        return np.asarray(np.sqrt((self.matrix**2).mean(axis=0)))


def designs(formulas: Mapping[str, str], table: pl.DataFrame) -> dict[str, Design]:
    """Return the regressors of each formula that has any; see `design`.

    Args:
        formulas: by utility.
        table: the cases.
    """
    parts = {name: design(formula, table, name) for name, formula in formulas.items()}
    return {name: part for name, part in parts.items() if part.terms}


@lru_cache(maxsize=1024)
def columns_of(formula: str) -> tuple[str, ...]:
    """Return the columns that a formula names, each once.

    Raises:
        InputError: if the formula contains anything that is not allowed.
    """
    if len(formula) > MAX_CHARACTERS:
        raise InputError(f"a formula is longer than {MAX_CHARACTERS:,} characters", remedy="shorten it")
    index = 0
    columns: dict[str, None] = {}
    while index < len(formula):
        token = _TOKEN.match(formula, index)
        if not token:
            raise InputError(
                f"formula {formula!r}: {formula[index]!r} is not allowed",
                column=index + 1,
                remedy=f"use column names, + - : * ( ), 0, 1 and the functions {', '.join(FUNCTIONS)}",
            )
        index = token.end()
        name = token["name"]
        if name and not formula[index:].lstrip().startswith("("):
            columns[name] = None
        elif name and name not in FUNCTIONS:
            raise InputError(
                f"formula {formula!r}: there is no function `{name}`", remedy=f"use one of {', '.join(FUNCTIONS)}"
            )
    return tuple(columns)


def design(formula: str, table: pl.DataFrame, utility: str) -> Design:
    """Return the regressors that a formula makes from a table without missing values; none for `0`.

    Text columns are factors: one regressor for each level except the first in the alphabet.

    Args:
        formula: without a left side.
        table: the cases.
        utility: the formula's place in errors.

    Raises:
        InputError: if the formula cannot be read, names an unknown column, uses a text column with only one value, gives a number that
            is not finite, or its regressors are perfectly collinear.
    """
    if formula.strip() in ("", "0"):
        return Design((), np.zeros((table.height, 0)))
    used = columns_of(formula)
    check_columns(table, used, utility)
    for name in used:
        if not table.schema[name].is_numeric() and table[name].n_unique() == 1:
            raise InputError(
                f"{utility}: `{name}` has only one value, {table[name][0]!r}",
                remedy="leave it out or use a larger sample",
            )
    terms, matrix = _matrix(formula, table.select(used or table.columns[:1]), utility)
    if not np.isfinite(matrix).all():
        term = terms[int(np.flatnonzero(~np.isfinite(matrix).all(axis=0))[0])]
        raise InputError(
            f"{utility}: `{term}` is not finite in every row", remedy="check its values, such as a log of 0"
        )
    _check_collinear(terms, matrix, utility)
    return Design(terms, matrix)


def _matrix(formula: str, table: pl.DataFrame, utility: str) -> tuple[tuple[str, ...], np.ndarray]:
    import pandas as pd
    from formulaic import model_matrix
    from formulaic.errors import FormulaicError

    data = pd.DataFrame(table.to_dict(as_series=False))
    # formulaic reads a dot as attribute access unless the name is quoted
    quoted = re.sub(r"[A-Za-z_]\w*(?:\.\w+)+", r"`\g<0>`", formula)
    try:
        with np.errstate(all="ignore"):
            result = model_matrix(quoted, data, context=_NUMERIC, output="numpy", na_action="raise")
    except (FormulaicError, ValueError, TypeError, ArithmeticError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{utility}: formula {formula!r} cannot be read: {reason}", remedy="write for example `x1 + x2 - 1`"
        ) from None
    names = tuple("(Intercept)" if name == "Intercept" else name for name in result.model_spec.column_names)
    return names, np.asarray(result, dtype=float).reshape(table.height, len(names))


def _check_collinear(terms: Sequence[str], matrix: np.ndarray, utility: str) -> None:
    if not terms:
        return
    lengths = np.linalg.norm(matrix, axis=0)
    if (lengths == 0).any():
        raise InputError(f"{utility}: `{terms[int(lengths.argmin())]}` is 0 in every row", remedy="leave it out")
    _, sizes, right = np.linalg.svd(matrix / lengths, full_matrices=False)
    if matrix.shape[0] < matrix.shape[1] or sizes[-1] < 1e-9 * sizes[0]:
        involved = [term for term, weight in zip(terms, right[-1], strict=True) if abs(weight) > 1e-6]
        raise InputError(
            f"{utility}: {', '.join(f'`{term}`' for term in involved)} are perfectly collinear", remedy="leave one out"
        )
