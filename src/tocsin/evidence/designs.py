"""Design matrices of formulas, with all that they take from the cases of a fit: the levels of factors, means and spreads.

These stay as they were at the fit when the matrix of other cases, or its derivative in a column, is computed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self, TypeAlias

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.evidence.columns import as_text
from tocsin.evidence.formulas import (
    Call,
    Column,
    Expression,
    Number,
    Operation,
    Sum,
    Term,
    columns_of,
    factors_of,
    is_category,
    names_in,
    shown,
    terms_of,
)
from tocsin.evidence.tables import ROW, check_columns

CONSTANT = "(Intercept)"
STEPS = (1e-20, 1e-24)
"""Imaginary steps of a column. They are so small that the derivative is exact (Squire and Trapp 1998, SIAM Review 40(1)); at a point
without a derivative, they disagree."""
_FUNCTIONS = {"log": np.log, "exp": np.exp, "sqrt": np.sqrt}
_ALIAS = re.compile(r"f(\d+)(?:\[(T\.)?(\d+)\])?")

Arrays: TypeAlias = Mapping[str, np.ndarray]
Moments: TypeAlias = dict[Call, tuple[float, float]]


@dataclass(frozen=True)
class Recipe:
    """How a formula makes regressors.

    Attributes:
        utility: the formula's place in errors.
        terms: of the formula.
        factors: of the terms.
        levels: of each factor that is a category.
        moments: mean and standard deviation in the cases of the fit, of each `center()` and `scale()`.
        coding: formulaic's model of the terms; None if the only term is the constant.
    """

    utility: str
    terms: tuple[Term, ...]
    factors: tuple[Expression, ...]
    levels: Mapping[Expression, tuple[str, ...]]
    moments: Moments
    coding: Any

    def matrix(self, table: pl.DataFrame) -> np.ndarray:
        """Return the regressors of cases with typed columns, (cases, terms).

        Raises:
            InputError: for a level that no case of the fit has, or a number that is not finite.
        """
        matrix = self._product(table, _arrays(table, self.factors))
        if not np.isfinite(matrix).all():
            row, column = np.argwhere(~np.isfinite(matrix))[0]
            raise InputError(
                f"{self.utility}: `{self.names[column]}` is not finite in row {table[ROW][int(row)]}",
                remedy="check its values, such as a log of 0 or an exponential that is too large",
            )
        return matrix

    def slopes(self, table: pl.DataFrame, column: str) -> np.ndarray:
        """Return the derivatives of the regressors in a numeric column, (cases, terms).

        Raises:
            InputError: if a regressor has no derivative at a case.
        """
        arrays = _arrays(table, self.factors)
        if column not in arrays:
            return np.zeros((table.height, len(self.names)))
        with np.errstate(all="ignore"):
            first, second = (
                self._product(table, {**arrays, column: arrays[column] + 1j * step}).imag / step for step in STEPS
            )
        wrong = ~np.isfinite(first) | (np.abs(first - second) > 1e-6 * (1.0 + np.abs(first)))
        if wrong.any():
            row, term = np.argwhere(wrong)[0]
            raise InputError(
                f"`{self.names[term]}` has no finite slope in row {table[ROW][int(row)]}, where `{column}` is "
                f"{as_text(float(arrays[column][row]))}",
                remedy="leave out such rows with `subset`, or write the term so that it has a slope there",
            )
        return first

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the regressors; `(Intercept)` for a constant."""
        if self.coding is None:
            return (CONSTANT,) if self.terms else ()
        return tuple(self._name(alias) for alias in self.coding.column_names)

    def _name(self, alias: str) -> str:
        if alias == "Intercept":
            return CONSTANT
        parts = []
        for part in alias.split(":"):
            match = _ALIAS.fullmatch(part)
            assert match
            factor = self.factors[int(match[1])]
            level = f"[{match[2] or ''}{self.levels[factor][int(match[3])]}]" if match[3] else ""
            parts.append(shown(factor) + level)
        return ":".join(parts)

    def _product(self, table: pl.DataFrame, arrays: Arrays) -> np.ndarray:
        if self.coding is None:
            return np.ones((table.height, len(self.terms)))
        frame = _frame(self, table, arrays)
        return np.asarray(self.coding.get_model_matrix(frame)).reshape(table.height, len(self.names))


@dataclass(frozen=True)
class Design:
    """Regressors of a formula.

    Attributes:
        terms: their names; `(Intercept)` for a constant.
        matrix: (cases, terms).
        recipe: how the formula makes them.
    """

    terms: tuple[str, ...]
    matrix: np.ndarray
    recipe: Recipe

    def check_rank(self) -> None:
        """Raise InputError if regressors are perfectly collinear. Units and origins do not matter if there is a constant."""
        _check_rank(self.terms, self.matrix, self.recipe.utility)

    @cached_property
    def basis(self) -> tuple[np.ndarray, np.ndarray]:
        """Orthogonal regressors of mean square 1, (cases, terms), and what turns their coefficients into those of the terms."""
        lengths = np.linalg.norm(self.matrix, axis=0)
        orthogonal, triangle = np.linalg.qr(self.matrix / lengths)
        signs = np.where(np.diag(triangle) < 0, -1.0, 1.0)
        root = np.sqrt(len(self.matrix))
        back = np.linalg.solve(triangle * signs[:, None], np.eye(len(self.terms))) / lengths[:, None]
        return orthogonal * signs * root, back * root


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

    def standardised(self) -> tuple[Self, np.ndarray]:
        """Return the same cases with orthogonal regressors, and the matrix that turns their coefficients into the original ones.

        The likelihood of raw years or populations is too badly scaled for a search.

        Raises:
            InputError: if regressors of a utility are perfectly collinear.
        """
        from scipy.linalg import block_diag

        for part in self.designs.values():
            part.check_rank()
        designs = {name: replace(part, matrix=part.basis[0]) for name, part in self.designs.items()}
        return replace(self, designs=designs), block_diag(*(part.basis[1] for part in self.designs.values()))


def designs(formulas: Mapping[str, str], table: pl.DataFrame) -> dict[str, Design]:
    """Return the regressors of each formula that has any; see `design`.

    Args:
        formulas: by utility.
        table: the cases.
    """
    return {name: design(formula, table, name) for name, formula in formulas.items() if terms_of(formula)}


def design(formula: str, table: pl.DataFrame, utility: str) -> Design:
    """Return the regressors that a formula makes from cases with typed columns and without missing values; none for `0`.

    Text columns, truth values and columns in `C()` are factors: one regressor for each level except the first.

    Args:
        formula: without a left side.
        table: the cases.
        utility: the formula's place in errors.

    Raises:
        InputError: if the formula cannot be read, names an unknown column, uses a factor with only one level, gives a number that
            is not finite, or its regressors are perfectly collinear.
    """
    check_columns(table, columns_of(formula), utility)
    recipe = _recipe(formula, table, utility)
    matrix = recipe.matrix(table)
    result = Design(recipe.names, matrix, recipe)
    result.check_rank()
    return result


def is_factor(expression: Expression, table: pl.DataFrame) -> bool:
    """Return whether an expression is a category in a table with typed columns."""
    if isinstance(expression, Column):
        return not table.schema[expression.name].is_numeric()
    return is_category(expression)


def _recipe(formula: str, table: pl.DataFrame, utility: str) -> Recipe:
    terms, factors = terms_of(formula), factors_of(formula)
    _check_types(factors, table, utility)
    levels = {factor: _levels(factor, table, utility) for factor in factors if is_factor(factor, table)}
    recipe = Recipe(utility, terms, factors, levels, {}, None)
    if not factors:
        return recipe
    from formulaic import model_matrix

    text = " + ".join(":".join(f"f{factors.index(factor)}" for factor in term) or "1" for term in terms)
    frame = _frame(recipe, table, _arrays(table, factors))
    matrix = model_matrix(text if () in terms else f"0 + {text}", frame, output="numpy", na_action="ignore")
    return replace(recipe, coding=matrix.model_spec)


def _check_types(factors: Sequence[Expression], table: pl.DataFrame, utility: str) -> None:
    for factor in factors:
        for name in names_in(factor):
            kind = table.schema[name]
            if isinstance(kind, pl.Date) and not is_category(factor):
                raise InputError(
                    f"{utility}: `{name}` holds days", remedy="make a column of numbers of it, such as the year"
                )
            if isinstance(kind, pl.String) and not (is_category(factor) or isinstance(factor, Column)):
                raise InputError(
                    f"{utility}: `{shown(factor)}` needs numbers, but `{name}` holds texts",
                    remedy=f"write {name} alone",
                )


def _category(factor: Expression) -> str:
    """Return the column of a factor that is a category."""
    return next(names_in(factor))


def _levels(factor: Expression, table: pl.DataFrame, utility: str) -> tuple[str, ...]:
    column = table[_category(factor)]
    levels = tuple(str(as_text(value)) for value in column.unique().sort())
    if len(levels) == 1:
        raise InputError(
            f"{utility}: `{column.name}` has only one value, {levels[0]!r}",
            remedy="leave it out or use a larger sample",
        )
    return levels


def _arrays(table: pl.DataFrame, factors: Sequence[Expression]) -> dict[str, np.ndarray]:
    """Return the columns that the factors use as numbers."""
    names = {name for factor in factors if not is_factor(factor, table) for name in names_in(factor)}
    return {name: table[name].cast(pl.Float64).to_numpy() for name in names}


def _frame(recipe: Recipe, table: pl.DataFrame, arrays: Arrays) -> Any:
    """Return a pandas frame with the values of each factor, under aliases."""
    import pandas as pd

    columns: dict[str, Any] = {}
    with np.errstate(all="ignore"):
        for index, factor in enumerate(recipe.factors):
            if factor in recipe.levels:
                codes = _codes(recipe, factor, table)
                categories = [str(level) for level in range(len(recipe.levels[factor]))]
                columns[f"f{index}"] = pd.Categorical.from_codes(codes, categories=categories)
            else:
                columns[f"f{index}"] = _value(factor, arrays, recipe.moments)
    return pd.DataFrame(columns)


def _codes(recipe: Recipe, factor: Expression, table: pl.DataFrame) -> list[int]:
    levels = {level: index for index, level in enumerate(recipe.levels[factor])}
    name = _category(factor)
    values = [str(as_text(value)) for value in table[name]]
    for row, value in zip(table[ROW], values, strict=True):
        if value not in levels:
            raise InputError(
                f"{recipe.utility}: `{name}` is {value!r} in row {row}, and no case of the fit has this value",
                remedy=f"leave such rows out; the fit has {', '.join(list(levels)[:12])}{', ...' if len(levels) > 12 else ''}",
            )
    return [levels[value] for value in values]


def _value(expression: Expression, arrays: Arrays, moments: Moments) -> Any:
    """Return the numbers of an expression; the moments of a `center()` or `scale()` are added at its first use."""
    match expression:
        case Number(value):
            return value
        case Column(name):
            return arrays[name]
        case Sum(parts):
            return sum((1.0 if sign == "+" else -1.0) * _value(part, arrays, moments) for sign, part in parts)
        case Operation("**", base, Number(exponent)):
            power = int(exponent) if exponent.is_integer() else exponent
            return _value(base, arrays, moments) ** power
        case Operation(sign, left, right):
            first, second = _value(left, arrays, moments), _value(right, arrays, moments)
            return first * second if sign == "*" else np.divide(first, second)
        case Call(function, argument):
            values = _value(argument, arrays, moments)
            if function in _FUNCTIONS:
                return _FUNCTIONS[function](values)
            mean, spread = moments.setdefault(expression, _moments(values))
            return (values - mean) / (spread if function == "scale" else 1.0)


def _moments(values: np.ndarray) -> tuple[float, float]:
    return float(np.mean(values).real), float(np.std(values, ddof=1).real) if len(values) > 1 else float("nan")


def _check_rank(terms: Sequence[str], matrix: np.ndarray, utility: str) -> None:
    if not terms:
        return
    lengths = np.linalg.norm(matrix, axis=0)
    if (lengths == 0).any():
        raise InputError(f"{utility}: `{terms[int(lengths.argmin())]}` is 0 in every row", remedy="leave it out")
    centred = matrix / lengths
    if CONSTANT in terms:
        others = [index for index, term in enumerate(terms) if term != CONSTANT]
        centred[:, others] -= centred[:, others].mean(axis=0)
    spreads = np.linalg.norm(centred, axis=0)
    if (spreads < 1e-12).any():
        term = terms[int(spreads.argmin())]
        raise InputError(
            f"{utility}: `{term}` is the same in every row, so it and `{CONSTANT}` are perfectly collinear",
            remedy="leave one out",
        )
    _, sizes, right = np.linalg.svd(centred / spreads, full_matrices=False)
    if matrix.shape[0] < matrix.shape[1] or sizes[-1] < 1e-9 * sizes[0]:
        involved = [term for term, weight in zip(terms, right[-1], strict=True) if abs(weight) > 1e-6]
        raise InputError(
            f"{utility}: {', '.join(f'`{term}`' for term in involved)} are perfectly collinear", remedy="leave one out"
        )
