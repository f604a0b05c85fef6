"""Random small tables and specifications: each estimate equals that of the independent fit, or the input is refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import polars as pl
import pytest
from tests.evidence.crises import fitted, text
from tests.evidence.oracle import Model, columns

from tocsin.errors import InputError, TocsinError

pytestmark = [pytest.mark.numeric, pytest.mark.slow]

Values: TypeAlias = Mapping[str, np.ndarray]
SECONDS = 110
"""Duration of each test at most."""


def _dummies(values: np.ndarray) -> list[np.ndarray]:
    return [(values == level).astype(float) for level in sorted(set(values))][1:]


FORMULAS: Mapping[str, Callable[[Values], Sequence[object]]] = {
    "x": lambda v: [1, v["x"]],
    "x - 1": lambda v: [v["x"]],
    "x + w": lambda v: [1, v["x"], v["w"]],
    "x ** 2": lambda v: [1, v["x"] ** 2],
    "x + x^3": lambda v: [1, v["x"], v["x"] ** 3],
    "log(w)": lambda v: [1, np.log(v["w"])],
    "center(x) + w": lambda v: [1, v["x"] - v["x"].mean(), v["w"]],
    "scale(w)": lambda v: [1, (v["w"] - v["w"].mean()) / v["w"].std(ddof=1)],
    "x * w": lambda v: [1, v["x"], v["w"], v["x"] * v["w"]],
    "g": lambda v: [1, *_dummies(v["g"])],
    "C(k)": lambda v: [1, *_dummies(v["k"])],
    "year + x": lambda v: [1, v["year"], v["x"]],
    "sqrt(w + 1) + dem": lambda v: [1, np.sqrt(v["w"] + 1), v["dem"]],
}
REFUSED = ("x * x", "x - w", "x + nope", "2 * x", "log(g)", "x ** 0.5", "x +", "log(neg)", "w + double")
SUBSETS: Mapping[str, Callable[[Values], np.ndarray]] = {
    "": lambda v: np.ones(len(v["x"]), dtype=bool),
    "x > 0": lambda v: v["x"] > 0,
    "x >= 1 or g == 'A'": lambda v: (v["x"] >= 1) | ((v["g"] == "A") & True),
    "g != 'B' AND w < 3": lambda v: (v["g"] != "B") & (v["g"] != "") & (v["w"] < 3),
    "not dem": lambda v: v["dem"] == 0,
    "(dem or w >= 1) and year <= 2012": lambda v: ((v["dem"] == 1) | (v["w"] >= 1)) & (v["year"] <= 2012),
    "x != 2 & `k` <> 1": lambda v: (v["x"] != 2) & ~np.isnan(v["x"]) & (v["k"] != 1),
}
USES = {
    name: [c for c in ("x", "w", "g", "k", "year", "dem") if c in name.replace("scale", "").replace("log", "")]
    for name in FORMULAS
}
WORDS = ("N/A", "", "NULL", ".a", "-9", " ", "n/a")


@dataclass(frozen=True)
class Trial:
    """A table as the program gets it, and its values as the test knows them: NaN or an empty text where one is missing."""

    table: pl.DataFrame
    values: Values
    outcome: np.ndarray


def trial(rng: np.random.Generator) -> Trial:
    """Draw a table with outcomes of a random model, and write some of its values as missing."""
    n = int(rng.integers(25, 110))
    x = rng.integers(0, 4, n).astype(float)
    w = np.round(rng.gamma(2.0, 1.0, n) + 0.05, 3)
    values: dict[str, np.ndarray] = {
        "x": x,
        "w": w,
        "g": rng.choice(["A", "B", "C and D"], n),
        "k": rng.integers(0, 3, n).astype(float),
        "year": rng.integers(2000, 2020, n).astype(float),
        "dem": rng.integers(0, 2, n).astype(float),
    }
    truth = Model({"u1(4)": columns(1, cases=n), "u2(4)": columns(1, x, w, cases=n)}, np.zeros(n, dtype=int))
    probabilities = np.exp(truth.logs(rng.normal(size=4) * [1.0, 0.5, 0.4, 0.4] + [1.0, 0, 0, 0]))
    outcome = (rng.uniform(size=(n, 1)) > np.cumsum(probabilities, axis=1)[:, :2]).sum(axis=1)
    written: dict[str, list[Any]] = {name: column.tolist() for name, column in values.items()}
    written["dem"] = [bool(value) for value in values["dem"]]
    written["x"] = [f"{rng.choice(['', ' '])}{value:g}" for value in x]
    for name in ("x", "g", "w"):
        for row in np.flatnonzero(rng.uniform(size=n) < rng.choice([0.0, 0.08])):
            written[name][row] = None if name == "w" else str(rng.choice(WORDS if name == "x" else WORDS[:3]))
            if name == "g":
                values["g"] = np.where(np.arange(n) == row, "", values["g"])
            else:
                values[name][row] = np.nan
    more = {
        "o": [(1, 3, 4)[index] for index in outcome],
        "neg": (-w).tolist(),
        "double": (2 * w + 1).tolist(),
        "groups": (np.arange(n) // int(rng.choice([1, 2, 5, n]))).tolist(),
    }
    return Trial(pl.DataFrame(written | more, strict=False), values, outcome)


def rows_of(case: Trial, formula: str, subset: str) -> np.ndarray:
    """Return the rows that meet the subset and are complete."""
    with np.errstate(invalid="ignore"):
        rows = SUBSETS[subset](case.values)
    for name in USES[formula]:
        column = case.values[name]
        rows = rows & ((column != "") if column.dtype.kind == "U" else ~np.isnan(column))
    return np.asarray(rows)


def check(case: Trial, formula: str, subset: str, *, clustered: bool) -> bool:
    """Compare the program with the independent fit; return whether it gave an estimate that converged."""
    rows = rows_of(case, formula, subset)
    keys = ({"subset": f'"{subset}"'} if subset else {}) | ({"cluster": "groups"} if clustered else {})
    result = fitted(text(formula, **keys), case.table)
    assert sorted(result.fit.sample.rows.tolist()) == (np.flatnonzero(rows) + 1).tolist(), (formula, subset)
    if not result.fit.converged:
        return False
    chosen = {name: column[rows] for name, column in case.values.items()}
    parts = columns(*FORMULAS[formula](chosen), cases=int(rows.sum()))
    model = Model({"u1(4)": columns(1, cases=int(rows.sum())), "u2(4)": parts}, case.outcome[rows])
    assert model.terms(result.fit.estimate).sum() == pytest.approx(result.fit.loglik, abs=1e-6), (formula, subset)
    best = model.optimum(starts=3)
    assert result.fit.loglik > best.loglik - 1e-3, (formula, subset)
    own = result.probabilities(case.table.filter(pl.Series(rows))).drop("row")
    assert own.to_numpy() == pytest.approx(np.exp(model.logs(result.fit.estimate)), abs=1e-8)
    groups = case.table["groups"].to_numpy()[rows]
    if clustered and formula in ("x", "x - 1", "g") and len(set(groups)) > len(result.fit.estimate):
        scores, hessian = model.derivatives(result.fit.estimate)
        expected = best.clustered_errors(scores, hessian, groups)
        assert result.fit.standard_errors == pytest.approx(expected, rel=0.02)
    return True


def test_random_specifications_give_the_independent_estimate_or_are_refused() -> None:
    rng = np.random.default_rng(20)
    begin, tried, equal = time.monotonic(), 0, 0
    while tried < 150 and time.monotonic() - begin < SECONDS:
        case = trial(rng)
        formula, subset = str(rng.choice(list(FORMULAS))), str(rng.choice(list(SUBSETS)))
        tried += 1
        try:
            equal += check(case, formula, subset, clustered=bool(rng.uniform() < 0.3))
        except InputError as error:
            assert any(
                word in str(error)
                for word in ("collinear", "cluster", "identified", "only one value", "coefficients for")
            )
        with pytest.raises(InputError):
            fitted(text(str(rng.choice(REFUSED))), case.table)
    assert tried >= 20 and equal > 0.6 * tried, (tried, equal)


def test_random_texts_of_specifications_are_read_or_refused() -> None:
    rng = np.random.default_rng(21)
    pieces = ["x", "w", "g", "dem", "`x`", "+", "-", "*", ":", "**", "2", "1", "0", "(", ")", "log", "C", "center", "and", "OR", "not", ">",
              "==", "!=", "<=", "'A'", "NA", "-9", "true", ".", "\u2212", "나라", "1e400", "__row", "o", "scale"]  # fmt: skip
    case = trial(rng)
    begin, tried = time.monotonic(), 0
    while tried < 1500 and time.monotonic() - begin < SECONDS:
        tried += 1
        formula = " ".join(rng.choice(pieces, int(rng.integers(1, 7)))) if rng.uniform() < 0.6 else "x"
        keys = {
            key: '"' + " ".join(rng.choice(pieces, int(rng.integers(1, 7)))) + '"'
            for key in ("subset", "missing", "cluster")
            if rng.uniform() < 0.3
        }
        try:
            specification = text(formula.replace("'", "''"), **keys)
            fitted(specification, case.table, effects=["x"] if rng.uniform() < 0.3 else [])
        except TocsinError:
            continue
    assert tried >= 100
