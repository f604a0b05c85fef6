"""What a fit takes from its cases stays as it was: the sample, means, spreads and levels. Values are those of an independent fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from polars.testing import assert_frame_equal
from tests.evidence.crises import INDEX, REGIONS, X, crises, fitted, text
from tests.evidence.oracle import Model, columns

from tocsin.cli import main
from tocsin.errors import InputError

pytestmark = pytest.mark.numeric

NUMBERS = np.array(X, dtype=float)


def model(*parts: object) -> Model:
    """Return the model of the 24 crises with these regressors of player 2."""
    return Model({"u1(4)": columns(1, cases=24), "u2(4)": columns(*parts, cases=24)}, INDEX)


def change(of: Model, step: float = 1e-5) -> np.ndarray:
    """Return the mean change of the probabilities per unit of the second regressor of player 2, at the optimum."""
    best = of.optimum().coefficients
    moves = [{**of.matrices, "u2(4)": of.matrices["u2(4)"] + columns(0, sign * step, cases=24)} for sign in (1, -1)]
    high, low = (np.exp(of.logs(best, matrices)).mean(axis=0) for matrices in moves)
    return np.asarray((high - low) / (2 * step))


def test_the_independent_fit_gives_the_published_values() -> None:
    best = model(1, NUMBERS)
    assert best.optimum().loglik == pytest.approx(-22.50687, abs=1e-5)
    assert change(best) == pytest.approx([-0.0913, -0.1061, 0.1974], abs=5e-5)
    assert model(1, NUMBERS**2).optimum().loglik == pytest.approx(-21.74692, abs=1e-5)


@pytest.mark.parametrize(
    ("formula", "keys"),
    [
        ("x", {}),
        ("center(x)", {}),
        ("scale(x)", {}),
        ("x", {"subset": "x >= 0"}),
        ("center(x)", {"subset": "x >= 0 and x <= 3"}),
    ],
)
def test_an_effect_moves_the_named_column_alone(formula: str, keys: dict[str, str]) -> None:
    result = fitted(text(formula, **keys), crises(), effects=["x"])
    assert result.fit.loglik == pytest.approx(-22.50687, abs=1e-5)
    assert result.effects[0].change == pytest.approx(change(model(1, NUMBERS)), abs=1e-6)
    assert result.effects[0].standard_error == pytest.approx([0.02480, 0.02552, 0.04255], abs=5e-5)


def test_an_effect_goes_through_every_term_of_the_column() -> None:
    data = crises(z=[0.5 + 0.3 * (n % 7) for n in range(24)])
    z = data["z"].to_numpy()
    result = fitted(text("z + z ** 2 + x:z + log(z)"), data, effects=["z"])

    def matrices(values: np.ndarray) -> dict[str, np.ndarray]:
        parts = columns(1, values, values**2, NUMBERS * values, np.log(values), cases=24)
        return {"u1(4)": columns(1, cases=24), "u2(4)": parts}

    order = ["(Intercept)", "z", "z ** 2", "log(z)", "x:z"]
    assert [term for name, term in result.fit.names if name == "u2(4)"] == order
    own = result.fit.estimate[[0, 1, 2, 3, 5, 4]]
    high, low = (np.exp(Model({}, INDEX).logs(own, matrices(z + step))).mean(axis=0) for step in (1e-5, -1e-5))
    assert result.effects[0].change == pytest.approx((high - low) / 2e-5, abs=1e-6)


@pytest.mark.parametrize(
    ("formula", "column", "message"),
    [
        ("C(x)", "x", r"`C\(x\)` in u2\(4\) is a factor"),
        ("x + C(x):w", "x", r"`C\(x\)` in u2\(4\) is a factor"),
        ("g", "g", r"`g` in u2\(4\) is a factor"),
        ("x", "w", "no formula uses it"),
        ("sqrt(w)", "w", r"`sqrt\(w\)` has no finite slope in row 1, where `w` is 0"),
    ],
)
def test_an_effect_that_has_no_meaning_is_refused(formula: str, column: str, message: str) -> None:
    data = crises(w=[float(n % 5) for n in range(24)])
    with pytest.raises(InputError, match=message):
        fitted(text(formula, penalty="logF"), data, effects=[column])


@pytest.mark.parametrize("formula", ["center(x)", "scale(x)", "x", "x ** 2", "center(x) ** 2 + x"])
def test_probabilities_of_other_cases_use_the_means_of_the_fit(formula: str) -> None:
    result = fitted(text(formula), crises())
    own = result.probabilities()
    part = result.probabilities(crises().filter(pl.col("x") >= 2))
    assert part.drop("row").equals(own.filter(pl.Series(X) >= 2).drop("row"))
    assert result.probabilities(crises().drop("o", "g")).equals(own)


def test_probabilities_of_other_cases_use_the_levels_of_the_fit() -> None:
    result = fitted(text("g + x"), crises())
    own = result.probabilities()
    # another number of rows may be computed with other instructions
    assert_frame_equal(result.probabilities(crises()[[1, 4]]).drop("row"), own[[1, 4]].drop("row"), rel_tol=1e-12)
    for regions in (["D", *REGIONS[1:]], ["A", *["Oceania"] * 23]):
        with pytest.raises(InputError, match=r"`g` is '(D|Oceania)' in row \d, and no case of the fit has this value"):
            result.probabilities(crises(g=regions))
    with pytest.raises(InputError, match="there is no column `g`"):
        result.probabilities(crises().drop("g"))
    with pytest.raises(InputError, match="row 1: `x` is 'many', not a number"):
        result.probabilities(crises(x=["many"] * 24))


def test_a_case_without_a_value_has_no_probabilities() -> None:
    result = fitted(text("x", missing="{x: [-1]}"), crises())
    frame = result.probabilities(crises(x=["N/A", "-1", *map(str, X[2:])]))
    assert frame["row"].to_list() == list(range(1, 25))
    assert frame["4"][:2].to_list() == [None, None] and frame[2:].equals(result.probabilities()[2:])


def test_the_command_gives_the_effect_of_a_centred_column(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(text("center(x)"), encoding="utf-8")
    crises().write_csv(tmp_path / "d.csv")
    done = CliRunner().invoke(
        main, ["evidence", "fit", f"{tmp_path}/s.yaml", "--data", f"{tmp_path}/d.csv", "--effect", "x"]
    )
    assert done.exit_code == 0 and "-0.09131" in done.output and "0.1974" in done.output
