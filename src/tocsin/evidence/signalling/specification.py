"""A specification of the crisis game with hidden types, read from YAML, and its games from a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from tocsin.errors import InputError, did_you_mean
from tocsin.evidence.formulas import Design, columns_of, design
from tocsin.evidence.keyed import Keyed
from tocsin.evidence.signalling.game import OUTCOMES, PAYOFFS
from tocsin.evidence.tables import ROW, cases_of
from tocsin.reading import read_yaml

REQUIRED = ("game", "outcome", "utilities")
OPTIONAL = ("link", "errors", "subset", "fixed")
ONLY: Mapping[str, str] = {"link": "probit", "errors": "private"}
"""What the other keys of a strategic specification may say here."""


@dataclass(frozen=True)
class Specification:
    """What is to be estimated.

    Attributes:
        outcome: four columns, how often the game ended in each of `OUTCOMES`.
        payoffs: formula of each of `PAYOFFS`; `0` for none.
        fixed: payoffs held at a number.
        subset: condition on the rows; empty for all.
    """

    outcome: tuple[str, ...]
    payoffs: Mapping[str, str]
    fixed: Mapping[str, float]
    subset: str

    def columns(self) -> tuple[str, ...]:
        """Every column that it uses."""
        named = [name for formula in self.payoffs.values() for name in columns_of(formula)]
        return tuple(dict.fromkeys([*self.outcome, *named]))


def read_specification(text: str, file: str) -> Specification:
    """A specification from YAML whose `game` is `signalling`.

    Args:
        text: of the file.
        file: its name, for errors.

    Raises:
        InputError: with the line of what is wrong.
    """
    given = Keyed(read_yaml(text, file), file)
    given.check(REQUIRED, OPTIONAL)
    data = given.data
    for key, only in ONLY.items():
        if data.get(key, only) != only:
            raise given.error(
                key, f"this game is estimated with {only} shocks", f"write `{key}: {only}`, or leave it out"
            )
    outcome = data["outcome"]
    if not isinstance(outcome, list) or len(set(map(str, outcome))) != len(OUTCOMES) or len(outcome) != len(OUTCOMES):
        raise given.error("outcome", "no list of four columns", f"name the columns that count {', '.join(OUTCOMES)}")
    with given.at("fixed"):
        fixed = _fixed(data.get("fixed", {}))
    with given.at("utilities"):
        payoffs = _payoffs(data["utilities"])
        for formula in payoffs.values():
            columns_of(formula)
    if both := [name for name in fixed if payoffs[name] not in ("", "0")]:
        raise given.error("fixed", f"{both[0]} has a formula too", "fix it, or give it a formula")
    if all(formula in ("", "0") for formula in payoffs.values()):
        raise given.error("utilities", "every payoff is 0: nothing is to be estimated", "give one a formula")
    return Specification(tuple(map(str, outcome)), payoffs, fixed, str(data.get("subset", "")).strip())


def _payoffs(given: Any) -> dict[str, str]:
    if isinstance(given, Mapping):
        for name in given:
            if str(name) not in PAYOFFS:
                raise InputError(f"there is no payoff {name!r}", remedy=did_you_mean(str(name), PAYOFFS))
        given = [given.get(name, "0") for name in PAYOFFS]
    if not isinstance(given, list) or len(given) != len(PAYOFFS):
        raise InputError(
            f"{len(given) if isinstance(given, list) else 'no list of'} formulas for {len(PAYOFFS)} payoffs",
            remedy=f"give those of {', '.join(PAYOFFS)}, `0` for none",
        )
    return {name: str(formula).strip().lstrip("~ ") for name, formula in zip(PAYOFFS, given, strict=True)}


def _fixed(given: Any) -> dict[str, float]:
    if not isinstance(given, Mapping) or not all(isinstance(value, int | float) for value in given.values()):
        raise InputError("`fixed` is no mapping of payoffs to numbers", remedy="write such as {V_B: 1}")
    for name in given:
        if str(name) not in PAYOFFS:
            raise InputError(f"there is no payoff {name!r}", remedy=did_you_mean(str(name), PAYOFFS))
    return {str(name): float(value) for name, value in given.items()}


@dataclass(frozen=True)
class Games:
    """Games played, each once or more often.

    Attributes:
        specification: what is made of them.
        designs: regressors of each payoff that has any, in the order of `PAYOFFS`.
        counts: (games, 4) how often each ended in each of `OUTCOMES`.
        rows: (games,) number of each game's row in its file, from 1.
        missing: rows left out because a column has no value there, by column.
    """

    specification: Specification
    designs: Mapping[str, Design]
    counts: np.ndarray
    rows: np.ndarray
    missing: Mapping[str, Sequence[int]]

    @cached_property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Payoff and term of each coefficient."""
        return tuple((name, term) for name, part in self.designs.items() for term in part.terms)

    @cached_property
    def matrix(self) -> np.ndarray:
        """(games, coefficients) the regressors of all payoffs beside each other."""
        return np.concatenate([part.matrix for part in self.designs.values()], axis=1)

    @cached_property
    def place(self) -> np.ndarray:
        """(coefficients,) the place of each coefficient's payoff among `PAYOFFS`."""
        return np.array([PAYOFFS.index(name) for name, _ in self.names])

    def payoffs(self, coefficients: np.ndarray) -> np.ndarray:
        """(games, 7) payoffs."""
        found = np.zeros((len(self.counts), len(PAYOFFS)))
        for name, value in self.specification.fixed.items():
            found[:, PAYOFFS.index(name)] = value
        np.add.at(found.T, self.place, (self.matrix * coefficients).T)
        return found

    def with_counts(self, counts: np.ndarray) -> Games:
        """The same games that ended otherwise."""
        return replace(self, counts=counts)


def games(specification: Specification, table: pl.DataFrame) -> Games:
    """The games of a table as `read_table` gives it.

    Raises:
        InputError: for a column that is not there, an empty subset, a count that is none, a formula without meaning for the table, or
            where no row is complete.
    """
    rows, missing = cases_of(table, specification.columns(), specification.subset)
    for name in specification.outcome:
        if not rows.schema[name].is_numeric():
            raise InputError(f"`{name}` is no column of counts", remedy="give how often each outcome came about")
        values = rows[name].cast(pl.Float64)
        wrong = rows.filter((values < 0) | (values != values.round()))
        if wrong.height:
            raise InputError(
                f"row {wrong[ROW][0]}: `{name}` is {wrong[name][0]!r}, no count", remedy="give 0, 1, 2, ..."
            )
    counts = rows.select(pl.col(specification.outcome).cast(pl.Float64)).to_numpy()
    if not (counts.sum(axis=0) > 0).all():
        never = OUTCOMES[int(counts.sum(axis=0).argmin())]
        raise InputError(
            f"no game ends so: {never}", remedy="without it the payoffs behind it cannot be told; widen the sample"
        )
    designs = {name: design(formula, rows, name) for name, formula in specification.payoffs.items()}
    return Games(
        specification,
        {name: part for name, part in designs.items() if part.terms},
        counts,
        rows[ROW].to_numpy(),
        missing,
    )
