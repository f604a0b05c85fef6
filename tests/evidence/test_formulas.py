"""The grammar of formulas: what each means, against matrices built by hand, and what is refused."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.evidence.crises import INDEX, X, crises, fitted, text
from tests.evidence.oracle import Model, columns

from tocsin.errors import InputError
from tocsin.evidence.designs import design
from tocsin.evidence.tables import ROW

pytestmark = pytest.mark.numeric

A, B = np.array([1.0, 2.0, 4.0, 7.0, 3.0]), np.array([0.5, 3.0, -1.0, 2.0, 8.0])
TABLE = pl.DataFrame(
    {
        ROW: range(1, 6),
        "a": A,
        "b": B,
        "g": ["u", "v", "u", "w", "v"],
        "d": [2.0, 10.0, 2.0, 10.0, 10.0],
        "big x": A,
        "값": B,
    }
)
U, V, W = (np.array([value == level for value in TABLE["g"]], dtype=float) for level in "uvw")
TEN = np.array([value == 10 for value in TABLE["d"]], dtype=float)


@pytest.mark.parametrize(
    ("formula", "terms", "parts"),
    [
        ("a", ["(Intercept)", "a"], [1, A]),
        ("a - 1", ["a"], [A]),
        ("0 + a", ["a"], [A]),
        ("1", ["(Intercept)"], [1]),
        ("a + b + a:b", ["(Intercept)", "a", "b", "a:b"], [1, A, B, A * B]),
        ("a * b", ["(Intercept)", "a", "b", "a:b"], [1, A, B, A * B]),
        ("a * b - a", ["(Intercept)", "b", "a:b"], [1, B, A * B]),
        ("(a + b):d - 1", ["a:d", "b:d"], [A * (2 + 8 * TEN), B * (2 + 8 * TEN)]),
        ("a ** 2", ["(Intercept)", "a ** 2"], [1, A**2]),
        ("a + a^2 + a ** 3", ["(Intercept)", "a", "a ** 2", "a ** 3"], [1, A, A**2, A**3]),
        ("log(a) ** 2", ["(Intercept)", "log(a) ** 2"], [1, np.log(A) ** 2]),
        ("log(2 * a + 1)", ["(Intercept)", "log((2 * a) + 1)"], [1, np.log(2 * A + 1)]),
        ("exp(-b / 2)", ["(Intercept)", "exp(-(b / 2))"], [1, np.exp(-B / 2)]),
        ("center(a)", ["(Intercept)", "center(a)"], [1, A - A.mean()]),
        ("scale(a)", ["(Intercept)", "scale(a)"], [1, (A - A.mean()) / A.std(ddof=1)]),
        ("center(a) ** 2 - 1", ["center(a) ** 2"], [(A - A.mean()) ** 2]),
        ("g", ["(Intercept)", "g[T.v]", "g[T.w]"], [1, V, W]),
        ("g - 1", ["g[u]", "g[v]", "g[w]"], [U, V, W]),
        ("C(d)", ["(Intercept)", "C(d)[T.10]"], [1, TEN]),
        ("a:C(d) - 1", ["a:C(d)[2]", "a:C(d)[10]"], [A * (1 - TEN), A * TEN]),
        ("`big x` + `값`", ["(Intercept)", "big x", "값"], [1, A, B]),
        ("sqrt(`big x`) + 값", ["(Intercept)", "sqrt(big x)", "값"], [1, np.sqrt(A), B]),
    ],
)
def test_a_formula_makes_these_regressors(formula: str, terms: list[str], parts: list[object]) -> None:
    result = design(formula, TABLE, "u")
    assert list(result.terms) == terms
    assert result.matrix == pytest.approx(columns(*parts, cases=5), abs=1e-12)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("a * a", "`a` is multiplied by itself.*\n.*`a \\*\\* 2`"),
        ("g:g", "`g` is multiplied by itself"),
        ("a - b", "removes a term that is not there.*\n.*make a column"),
        ("-a", "removes a term that is not there"),
        ("a + 2", "`\\+ 2` has no meaning"),
        ("2 * a", "a number times a term"),
        ("a / b", "`/` has no meaning.*\n.*make a column"),
        ("(a + b) ** 2", "a power of `a \\+ b` is not allowed"),
        ("a ** 0.5", "the power 0.5 is not allowed"),
        ("a ** 1", "the power 1 is not allowed"),
        ("a ** -1", "'-' is not allowed here\n.*positive whole powers from 2 to 9, or make a column"),
        ("a^-2", "positive whole powers"),
        ("a ** b", "positive whole powers"),
        ("a **", "ends too soon\n.*positive whole powers"),
        ("C(d) ** 2", "a power of `C\\(d\\)`"),
        ("C(a + b)", r"C\(\) takes one column"),
        ("log(a:b)", "write `\\*` for the product"),
        ("log(C(a))", "write C\\(\\) outside"),
        ("log(2)", "names no column"),
        ("I(a ** 2)", "no function `I`"),
        ("a +", "ends too soon"),
        ("a b", "'b' is not allowed here"),
        ("a ~ b", "'~' is not allowed here"),
        ("log(g)", "`log\\(g\\)` needs numbers"),
        ("g ** 2", "needs numbers"),
        ("exp(a * 5000)", "is not finite in row \\d+\n.*an exponential that is too large"),
        ("log(b)", "`log\\(b\\)` is not finite in row 3"),
        ("(" * 60 + "a" + ")" * 60, "nested more than"),
        ("a" * 6000, "longer than 5,000 characters"),
    ],
)
def test_a_formula_without_meaning_is_refused(formula: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        design(formula, TABLE, "u")


def test_a_power_is_a_power() -> None:
    squared = np.array(X, dtype=float) ** 2
    parts = {"u1(4)": columns(1, cases=24), "u2(4)": columns(1, squared, cases=24)}
    result = fitted(text("x ** 2"), crises())
    assert result.fit.loglik == pytest.approx(Model(parts, INDEX).optimum().loglik, abs=1e-6)
    assert result.fit.loglik == pytest.approx(-21.74692, abs=1e-5)


@pytest.mark.parametrize(
    "formula", ["year", "year + year ** 2", "people", "people + people ** 2 + year", "log(people)"]
)
def test_raw_years_and_populations_are_identified(formula: str) -> None:
    year = np.array([2001 + 2 * (n % 5) + n % 3 for n in range(24)], dtype=float)
    people = 1.4e9 + 3e6 * np.array(X) + 1e5 * year
    data = crises(year=year, people=people)
    result = fitted(text(formula), data)
    z, p = (year - 2006) / 4, (people - people.mean()) / people.std()
    parts = {
        "year": (z,),
        "year + year ** 2": (z, z**2),
        "people": (p,),
        "people + people ** 2 + year": (p, p**2, z),
        "log(people)": (np.log(people) * 1e3 - (np.log(people) * 1e3).mean(),),
    }[formula]
    matrices = {"u1(4)": columns(1, cases=24), "u2(4)": columns(1, *parts, cases=24)}
    assert result.fit.converged
    assert result.fit.loglik == pytest.approx(Model(matrices, INDEX).optimum().loglik, abs=1e-5)


def test_regressors_that_are_collinear_are_named_whatever_their_units() -> None:
    data = crises(year=[2000 + value for value in X], same=[2000] * 24, more=[1e9 * (value + 3) for value in X])
    for formula, names in (("x + year", "`x`, `year`"), ("same", "`same`"), ("more + year", "`more`, `year`")):
        with pytest.raises(InputError, match=f"{names}.* perfectly collinear"):
            fitted(text(formula), data)


def test_columns_with_blanks_are_quoted_everywhere() -> None:
    data = crises().rename({"x": "power of B", "g": "region 1"})
    plain = fitted(text("x", subset='g == "A" or x > 1', cluster="g"), crises())
    quoted = fitted(text("`power of B`", subset="'`region 1` == \"A\" or `power of B` > 1'", cluster="region 1"), data)
    assert quoted.fit.estimate == pytest.approx(plain.fit.estimate, abs=1e-9)
    assert quoted.fit.names[-1] == ("u2(4)", "power of B")
    assert fitted(text("`power of B`"), data, effects=["power of B"]).effects[0].change[2] == pytest.approx(
        0.1974, abs=5e-5
    )
