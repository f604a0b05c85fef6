"""Order of rows, words of outcomes, clusters, the bootstrap, printing and the exit status."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from tests.evidence.crises import INDEX, OUTCOMES, X, crises, fitted, text
from tests.evidence.oracle import Model, columns

from tocsin import evidence
from tocsin.cli import main
from tocsin.errors import InputError
from tocsin.tables import significant

pytestmark = pytest.mark.numeric

NUMBERS = np.array(X, dtype=float)
MODEL = Model({"u1(4)": columns(1, cases=24), "u2(4)": columns(1, NUMBERS, cases=24)}, INDEX)


def words(*names: str) -> list[str]:
    """Return the outcomes 1, 3 and 4 as these words."""
    return [dict(zip((1, 3, 4), names, strict=True))[outcome] for outcome in OUTCOMES]


def test_the_order_of_rows_does_not_change_what_words_mean() -> None:
    data = crises(o=words("a quiet", "b yielded", "c fought"))
    for order in (data, data.reverse(), data.sort("o", "x"), data.sort("o", descending=True)):
        result = fitted(text(), order)
        assert result.fit.loglik == pytest.approx(-22.50687, abs=1e-5)
        assert any("coded in alphabetical order: a quiet is 1, b yielded is 3" in line for line in result.fit.warnings)


def test_the_key_outcomes_sets_the_order_of_words() -> None:
    data = crises(o=words("quiet", "yielded", "fought"))
    right = fitted(text(outcomes="[quiet, yielded, fought]"), data)
    assert right.fit.loglik == pytest.approx(-22.50687, abs=1e-5) and not right.fit.warnings
    mixed = Model(MODEL.matrices, np.array([{0: 1, 1: 2, 2: 0}[index] for index in INDEX]))
    assert fitted(text(), data).fit.loglik == pytest.approx(mixed.optimum().loglik, abs=1e-5)


def test_words_beside_numbers_are_refused() -> None:
    with pytest.raises(InputError, match="'war', which is not an outcome of the game"):
        fitted(text(), crises(o=words("1", "3", "war")))


def test_a_misspelt_label_of_a_tree_is_refused() -> None:
    tree = "{player: 1, actions: {stop: quiet, go: {player: 2, actions: {give: yielded, fight: war}}}}"
    specification = (
        text().replace("game: 12", f"game: {tree}").replace("['0', '0', '1', 'x']", "{u1(war): 1, u2(war): x}")
    )
    assert fitted(specification, crises(o=words("quiet", "yielded", "War"))).fit.loglik == pytest.approx(
        -22.50687, abs=1e-5
    )
    with pytest.raises(InputError, match="`o` is 'wor', which is not an outcome of the game"):
        fitted(specification, crises(o=words("quiet", "yielded", "wor")))


@pytest.mark.parametrize("labels", [("LL", "LR", "RL", "RR"), ("ll", "lr", "rl", "rr"), ("1", "2", "3", "4")])
def test_labels_of_game_122_mean_the_same_in_any_order_of_rows(labels: tuple[str, ...]) -> None:
    rng = np.random.default_rng(3)
    x, z = rng.normal(size=(2, 120))
    matrices = {"u1(1)": columns(x, cases=120), "u2(2)": columns(1, z, cases=120), "u2(4)": columns(1, cases=120)}
    truth = Model(matrices, np.zeros(120, dtype=int), "122").logs(np.array([1.0, 0.5, -1.0, 0.3]))
    drawn = (rng.uniform(size=(120, 1)) > np.cumsum(np.exp(truth), axis=1)).sum(axis=1)
    best = Model(matrices, drawn, "122").optimum(starts=4).loglik
    data = pl.DataFrame({"o": [labels[index] for index in drawn], "x": x, "z": z})
    specification = "game: 122\nlink: probit\nerrors: agent\noutcome: o\nutilities: [x - 1, 0, 0, 0, z, '1']\n"
    for order in (data, data.sort("o", descending=True)):
        assert fitted(specification, order).fit.loglik == pytest.approx(best, abs=1e-5)


def test_errors_by_clusters_are_the_sandwich() -> None:
    groups = np.arange(24) // 2
    result = fitted(text(cluster="pair"), crises(pair=groups))
    best = MODEL.optimum()
    scores, hessian = MODEL.derivatives(best.coefficients)
    assert result.fit.standard_errors == pytest.approx(best.clustered_errors(scores, hessian, groups), rel=1e-3)
    assert any("only 12 clusters of `pair`" in warning for warning in result.fit.warnings)


def test_too_few_clusters_are_refused_or_named() -> None:
    with pytest.raises(InputError, match="cluster: all cases have the same `one`"):
        fitted(text(cluster="one"), crises(one=1))
    with pytest.raises(InputError, match="all cases have the same `pair`"):
        fitted(text(cluster="pair", subset="pair < 1"), crises(pair=np.arange(24) // 12))
    for number in (2, 3):
        result = fitted(text(cluster="pair"), crises(pair=np.arange(24) * number // 24))
        assert any(f"{number} clusters of `pair` for 3 coefficients" in warning for warning in result.fit.warnings)


def test_bootstrap_samples_that_lose_a_level_have_no_estimate() -> None:
    regions = ["D" if n in (1, 4) else "A" for n in range(24)]
    data = crises(g=regions)
    result = fitted(text("g", penalty="logF"), data, bootstrap=20, seed=1)
    assert result.bootstrap is not None and 0 < result.bootstrap.failed < 10
    assert f"{result.bootstrap.failed} bootstrap samples have no estimate" in result.summary()


def test_an_estimate_that_did_not_converge_is_shown_and_ends_with_status_1(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(text("C(x)"), encoding="utf-8")
    crises().write_csv(tmp_path / "d.csv")
    arguments = ["evidence", "fit", f"{tmp_path}/s.yaml", "--data", f"{tmp_path}/d.csv", "--json", f"{tmp_path}/f.json"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1 and "NOT CONVERGED" in done.stdout and "did not converge" in done.stderr
    assert (tmp_path / "f.json").is_file()
    assert not fitted(text("C(x)"), crises()).fit.converged


def test_small_coefficients_are_printed_with_significant_digits() -> None:
    result = fitted(text(), crises(x=[value * 1e7 for value in X]))
    assert "9.801e-08" in result.summary() and "2.26" in result.summary()
    numbers = [0.19744, -0.0913101, 0.0, 6.7218, 12345.678, 1e-7, -4.5678e12, 0.00012345]
    shown = ["0.1974", "-0.09131", "0", "6.722", "12,346", "1.000e-07", "-4.568e+12", "0.0001234"]
    assert [significant(number) for number in numbers] == shown


def test_a_word_without_estimates_is_answered_with_words_that_have_some() -> None:
    done = CliRunner().invoke(main, ["evidence", "show", "contest", "--of", "KOR"])
    assert done.exit_code == 2 and "any_state" not in done.stderr and "decisiveness" in done.stderr
    again = CliRunner().invoke(main, ["evidence", "show", "contest", "--of", "decisiveness"])
    assert again.exit_code == 0


def test_signalling_reads_columns_and_conditions_in_the_same_way() -> None:
    folder = Path(__file__).parents[1] / "golden" / "inputs"
    specification = (folder / "signalling.yaml").read_text(encoding="utf-8")
    data = pl.read_csv(folder / "signalling.csv")
    with pytest.raises(InputError, match="`x` is mostly numbers but also holds 'many'"):
        evidence.fit(specification, data.with_columns(x=pl.Series(["many", *data["x"].cast(pl.String)[1:]])))
    with pytest.raises(InputError, match="is multiplied by itself"):
        evidence.fit(specification.replace("x - 1", "x * x"), data)
    with pytest.raises(InputError, match="subset: no row has"):
        evidence.fit(f"{specification}\nsubset: x > 1e9 or x < -1e9\n", data)
