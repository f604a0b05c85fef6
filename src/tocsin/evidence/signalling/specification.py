"""A specification of the crisis game with hidden types, read from YAML, and its games from a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.evidence.cases import Cases, complete_cases
from tocsin.evidence.columns import Missing, as_text
from tocsin.evidence.designs import Regressors, designs
from tocsin.evidence.formulas import columns_of, numeric_columns
from tocsin.evidence.signalling.game import OUTCOMES, PAYOFFS
from tocsin.evidence.specification import SpecificationReader
from tocsin.evidence.tables import ROW

REQUIRED = ("game", "outcome", "utilities")
OPTIONAL = ("link", "errors", "subset", "missing", "fixed")
ONLY: Mapping[str, str] = {"link": "probit", "errors": "private"}
"""The only values that these keys of a strategic specification may have here."""


@dataclass(frozen=True)
class Specification:
    """What to estimate.

    Attributes:
        outcome: four columns that count how often the game ended in each of `OUTCOMES`.
        payoffs: formula of each of `PAYOFFS`; `0` for none.
        fixed: payoffs held at a number.
        subset: condition on the rows; empty for all.
        missing: values that mean missing.
    """

    outcome: tuple[str, ...]
    payoffs: Mapping[str, str]
    fixed: Mapping[str, float]
    subset: str
    missing: Missing

    def columns(self) -> tuple[str, ...]:
        """Return all columns that the specification uses."""
        named = [name for formula in self.payoffs.values() for name in columns_of(formula)]
        return tuple(dict.fromkeys([*self.outcome, *named]))

    def mixed(self) -> set[str]:
        """Return the columns that only `C()` uses."""
        numeric = {name for formula in self.payoffs.values() for name in numeric_columns(formula)}
        return set(self.columns()) - numeric - set(self.outcome)


def read_specification(text: str, file: str) -> Specification:
    """Return the specification in a YAML text whose `game` is `signalling`; see the strategic one for arguments and errors."""
    reader = SpecificationReader(text, file)
    reader.check_keys(REQUIRED, OPTIONAL)
    for key, only in ONLY.items():
        if reader.data.get(key, only) != only:
            raise reader.error(
                key, f"only {only} shocks are possible in this game", f"write `{key}: {only}` or leave it out"
            )
    outcome = reader.texts("outcome")
    if not len(set(outcome)) == len(outcome) == len(OUTCOMES):
        raise reader.error(
            "outcome", "not a list of four columns", f"name the columns that count {', '.join(OUTCOMES)}"
        )
    fixed = reader.fixed(PAYOFFS)
    return Specification(outcome, reader.formulas(PAYOFFS, fixed), fixed, reader.subset(), reader.missing())


@dataclass(frozen=True, kw_only=True)
class Games(Regressors):
    """Games that were each played once or more often.

    Attributes:
        specification: what is estimated from them.
        counts: (games, 4) how often each game ended in each of `OUTCOMES`.
        rows: (games,) number of each game's row in its file, from 1.
        cases: the rows of the table, and which rows are left out.
    """

    specification: Specification
    counts: np.ndarray
    rows: np.ndarray
    cases: Cases

    @cached_property
    def payoff(self) -> np.ndarray:
        """(coefficients,) index of each coefficient's payoff in `PAYOFFS`."""
        return np.array([PAYOFFS.index(name) for name, _ in self.names])

    def payoffs(self, coefficients: np.ndarray) -> np.ndarray:
        """Return the payoffs, (games, 7)."""
        payoffs = np.zeros((len(self.counts), len(PAYOFFS)))
        for name, value in self.specification.fixed.items():
            payoffs[:, PAYOFFS.index(name)] = value
        np.add.at(payoffs.T, self.payoff, (self.matrix * coefficients).T)
        return payoffs


def games(specification: Specification, table: pl.DataFrame) -> Games:
    """Return the games of a table with row numbers, as `read_table` returns it.

    Raises:
        InputError: for an unknown column, an empty subset, a value that is not a count, an outcome that never occurs, a formula that
            cannot be evaluated, or if no row is complete.
    """
    cases = complete_cases(
        table,
        specification.columns(),
        condition=specification.subset,
        mixed=specification.mixed(),
        missing=specification.missing,
    )
    rows = cases.table
    for name in specification.outcome:
        if not rows.schema[name].is_numeric():
            raise InputError(f"`{name}` is not a column of counts", remedy="give how often each outcome occurred")
        values = rows[name]
        wrong = rows.filter((values < 0) | (values != values.round()))
        if wrong.height:
            raise InputError(
                f"row {wrong[ROW][0]}: `{name}` is {as_text(wrong[name][0])}, not a count", remedy="give 0, 1, 2, ..."
            )
    counts = rows.select(pl.col(specification.outcome).cast(pl.Float64)).to_numpy()
    totals = counts.sum(axis=0)
    if not (totals > 0).all():
        raise InputError(
            f"no game ends with: {OUTCOMES[int(totals.argmin())]}",
            remedy="use a larger sample; without this outcome its payoffs cannot be estimated",
        )
    return Games(
        designs=designs(specification.payoffs, rows),
        specification=specification,
        counts=counts,
        rows=rows[ROW].to_numpy(),
        cases=cases,
    )
