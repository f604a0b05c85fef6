"""The crisis game with hidden types: equilibria against simulation, estimates against published ones and known coefficients."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from scipy.stats import multivariate_normal, norm
from tests.evidence.plays import p_value
from tests.support import seeded

from tocsin import evidence
from tocsin.cli import main
from tocsin.errors import InputError
from tocsin.evidence.signalling.fit import first_step, fit, negative_loglik, pseudo_likelihood
from tocsin.evidence.signalling.game import (
    OUTCOMES,
    PAYOFFS,
    binormal,
    choices,
    equilibria,
    gap,
    log_outcomes,
    response_of_a,
    response_of_b,
)  # fmt: skip
from tocsin.evidence.signalling.specification import Games, games, read_specification
from tocsin.evidence.tables import ROW, read_table

pytestmark = pytest.mark.numeric

TRUTH = np.array([0.1, 1.2, -0.9, 0.6, -1.2, 0.8, -0.6, 0.7, -1.4])
TEXT = """
game: signalling
outcome: [quiet, yielded, fought, backed]
utilities:
  S_A: x - 1
  V_A: 1
  C_B: 1 + y
  W_A: 1 + z
  W_B: 1 + v
  a: 1
"""


def table(size: int, seed: int) -> pl.DataFrame:
    rng = np.random.default_rng(seeded(seed))
    columns = {name: rng.normal(size=size) for name in "xyzv"}
    counts = {name: np.full(size, 1) for name in ("quiet", "yielded", "fought", "backed")}
    return pl.DataFrame({**columns, **counts}).with_row_index(ROW, offset=1)


def simulated(size: int, plays: int, seed: int) -> Games:
    """Return games with coefficients `TRUTH`, played at the equilibrium with the least resistance."""
    empty = games(read_specification(TEXT, "s"), table(size, seed))
    payoffs = jnp.asarray(empty.payoffs(TRUTH))
    u = jnp.asarray(np.nanmin(np.asarray(equilibria(payoffs)), axis=1))
    shares = np.exp(np.asarray(jax.vmap(log_outcomes)(payoffs, u)))
    rng = np.random.default_rng(seed + 1)
    counts = rng.multinomial(plays, shares / shares.sum(axis=1, keepdims=True)).astype(float)
    return replace(empty, counts=counts)


def random_payoffs(size: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seeded(seed)).normal(size=(size, len(PAYOFFS))) * 1.5


# --- the game ------------------------------------------------------------------------------------------------------


def test_the_bivariate_normal_matches_scipy() -> None:
    pair = multivariate_normal([0, 0], [[1, 0.5**0.5], [0.5**0.5, 1]])
    for h, k in np.random.default_rng(seeded(0)).normal(size=(40, 2)) * 2.5:
        assert float(binormal(jnp.asarray(h), jnp.asarray(k))) == pytest.approx(pair.cdf([h, k]), abs=1e-12)


def test_an_equilibrium_has_no_gap_and_its_outcome_probabilities_sum_to_one() -> None:
    payoffs = jnp.asarray(random_payoffs(200, 1))
    all_u = np.asarray(equilibria(payoffs))
    assert np.isfinite(all_u).any(axis=1).all()
    for column in all_u.T:
        inside = np.flatnonzero(np.abs(column) < 7.9)
        if inside.size:
            some, u = payoffs[inside], jnp.asarray(column[inside])
            assert np.abs(np.asarray(jax.vmap(gap)(some, u))).max() < 1e-8
            assert np.exp(np.asarray(jax.vmap(log_outcomes)(some, u))).sum(axis=1) == pytest.approx(1.0, abs=1e-12)


def test_at_an_equilibrium_each_side_chooses_the_best_response_to_the_other() -> None:
    """Simulate the shocks instead of using the formulas of the equilibrium."""
    rng = np.random.default_rng(seeded(5))
    shocks = rng.normal(size=(3, 400_000))
    for row in random_payoffs(6, 3):
        s_a, v_a, c_b, w_a, w_b, back, v_b = row
        u = float(np.nanmin(np.asarray(equilibria(jnp.asarray(row)[None]))))
        if abs(u) > 3:
            continue
        chosen = choices(jnp.asarray(row), jnp.asarray(u))
        resist = float(chosen.resist)
        fight, yielding = w_a + shocks[0], back + shocks[1]
        challenges = resist * np.maximum(fight, yielding) + (1 - resist) * v_a > s_a
        firm = float((fight > yielding)[challenges].mean())
        resists = firm * (w_b + shocks[2]) + (1 - firm) * v_b > c_b
        assert float(chosen.challenge) == pytest.approx(challenges.mean(), abs=0.004)
        assert float(chosen.firm) == pytest.approx(firm, abs=0.02)
        assert resist == pytest.approx(resists.mean(), abs=0.02)


def test_the_search_misses_no_equilibrium() -> None:
    """A finer search gives the same number in every game, including games with several."""
    payoffs = random_payoffs(1200, 9) * 1.6
    all_u = np.concatenate([np.asarray(equilibria(jnp.asarray(part))) for part in np.split(payoffs, 6)])
    inside = (np.abs(all_u) < 7.9).sum(axis=1)
    assert (inside >= 2).any()
    fine = jnp.linspace(-7.9, 7.9, 2_001)
    gaps = np.asarray(jax.lax.map(lambda game: jax.vmap(lambda u: gap(game, u))(fine), jnp.asarray(payoffs)))
    assert np.array_equal((np.diff(np.sign(gaps), axis=1) != 0).sum(axis=1), inside)


def test_the_gradient_includes_the_change_of_the_equilibrium() -> None:
    """Compare with finite differences of the likelihood, with the equilibria solved again."""
    cases = simulated(200, 50, 2)
    function = negative_loglik(cases)
    point = TRUTH * 0.9
    _, gradient = function(point)
    for index in range(point.size):
        step = np.zeros_like(point)
        step[index] = 1e-5
        difference = (function(point + step)[0] - function(point - step)[0]) / 2e-5
        assert gradient[index] == pytest.approx(difference, rel=1e-4, abs=1e-3)


# --- estimates -----------------------------------------------------------------------------------------------------


def test_the_estimate_recovers_the_coefficients_of_simulated_plays() -> None:
    result = fit(simulated(200, 400, 7), seed=seeded(1))
    assert result.converged and result.loglik >= result.start
    assert p_value(result.estimate - TRUTH, result.covariance) > 1e-4
    assert result.standard_errors.max() < 0.5


def test_units_and_order_of_games_do_not_matter() -> None:
    cases = simulated(200, 100, 3)
    one = fit(cases, seed=seeded(1))
    data = table(200, 3).with_columns(pl.col("y") * 1000.0).with_columns(
        pl.Series(name, cases.counts[:, index]) for index, name in enumerate(cases.specification.outcome)
    )  # fmt: skip
    two = fit(games(cases.specification, data[::-1]), seed=seeded(1))
    assert two.loglik == pytest.approx(one.loglik, abs=1e-4)
    index = one.names.index(("C_B", "y"))
    assert two.estimate[index] * 1000.0 == pytest.approx(one.estimate[index], rel=1e-2)


SANCTIONS = """
game: signalling
outcome: [sq, cd, sf, bd]
utilities:
  S_A: sqrt(senderecondep) + senderdemocracy + contig + ally - 1
  V_A: anticipatedsendercosts
  C_B: sqrt(targetecondep) + anticipatedtargetcosts + contig + ally
  W_A: sqrt(senderecondep) + senderdemocracy + lncaprat
  W_B: targetdemocracy + lncaprat
  a: senderdemocracy
  V_B: 0
"""


@pytest.fixture
def sanctions(shared: Path) -> pl.DataFrame:
    return read_table(shared / "reference" / "sigint_sanctionsData.csv")


def test_the_published_fixed_point_is_a_fixed_point_here(sanctions: pl.DataFrame) -> None:
    """The last step of the published nested pseudo-likelihood leaves its probabilities unchanged, and so does ours."""
    cases = games(read_specification(SANCTIONS, "s"), sanctions)
    resist, firm = (sanctions[name].to_numpy() for name in ("PRnpl", "PFnpl"))
    estimate, _ = pseudo_likelihood(cases, resist, firm)
    payoffs = jnp.asarray(cases.payoffs(estimate))
    assert np.asarray(jax.vmap(response_of_a)(payoffs, jnp.asarray(resist))[1]) == pytest.approx(firm, abs=1e-6)
    again = norm.cdf(np.asarray(jax.vmap(response_of_b)(payoffs, jnp.asarray(firm))))
    assert again == pytest.approx(resist, abs=1e-6)


@pytest.mark.slow
def test_the_sanctions_estimate_has_a_higher_likelihood_than_the_published_one(
    sanctions: pl.DataFrame, tmp_path: Path
) -> None:
    cases = games(read_specification(SANCTIONS, "s"), sanctions)
    published, _ = pseudo_likelihood(cases, sanctions["PRnpl"].to_numpy(), sanctions["PFnpl"].to_numpy())
    spec, data, file = tmp_path / "sanctions.yaml", tmp_path / "sanctions.parquet", tmp_path / "fit.json"
    spec.write_text(SANCTIONS, encoding="utf-8")
    sanctions.drop(ROW).write_parquet(data)
    result = CliRunner().invoke(main, ["evidence", "fit", str(spec), "--data", str(data), "--json", str(file)])
    assert result.exit_code == 0 and "log likelihood -3927.9" in result.output
    estimate = json.loads(file.read_text(encoding="utf-8"))
    assert estimate["converged"] and estimate["warnings"] == [] and (estimate["games"], estimate["n"]) == (418, 49_704)
    assert estimate["loglik"] == pytest.approx(-3927.9095, abs=0.01)
    assert estimate["loglik"] > -negative_loglik(cases)(published)[0] + 4.0
    assert list(estimate["outcomes"]) == list(OUTCOMES) and len(estimate["coefficients"]) == 20


def test_the_first_step_predicts_probabilities_from_regressors() -> None:
    cases = simulated(200, 200, 4)
    resist, firm = first_step(cases, seed=seeded(1))
    payoffs = jnp.asarray(cases.payoffs(TRUTH))
    true = norm.cdf(np.nanmin(np.asarray(equilibria(payoffs)), axis=1))
    assert np.corrcoef(resist, true)[0, 1] > 0.8 and ((firm > 0) & (firm < 1)).all()
    assert np.array_equal(resist, first_step(cases, seed=seeded(1))[0])


# --- bad input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("a: 1", "b: 1"), "there is no utility 'b'"),
        (("outcome: [quiet, yielded, fought, backed]", "outcome: [quiet, yielded]"), "not a list of four columns"),
        (("yielded, fought, backed]", "yielded, fought, fought]"), "not a list of four columns"),
        (("game: signalling", "game: signalling\nlink: logit"), "only probit shocks"),
        (("game: signalling", "game: signalling\npenalty: logF"), "no such key"),
        (("game: signalling", "game: signalling\nfixed: {a: 1}"), "a has a formula too"),
        (("x - 1", "nothing - 1"), "no column `nothing`"),
        (("x - 1", "open(x) - 1"), "no function `open`"),
    ],
)
def test_wrong_specifications_are_refused_with_the_reason(change: tuple[str, str], message: str) -> None:
    text = TEXT.replace(*change)
    assert text != TEXT
    with pytest.raises(InputError, match=message):
        games(read_specification(text, "spec.yaml"), table(50, 1))


def test_wrong_counts_are_refused_with_their_row() -> None:
    specification = read_specification(TEXT, "s")
    with pytest.raises(InputError, match="row 3: `backed` is -1"):
        games(specification, table(5, 1).with_columns(backed=pl.Series([1, 1, -1, 1, 1])))
    with pytest.raises(InputError, match="no game ends with: A backs down"):
        games(specification, table(5, 1).with_columns(backed=pl.lit(0)))
    with pytest.raises(InputError, match="9 coefficients for 5 games"):
        fit(games(specification, table(5, 1)))


def test_coefficients_that_are_not_identified_are_refused_by_name() -> None:
    # a constant of the status quo beside constants of all continuations has no effect
    text = TEXT.replace("S_A: x - 1", "S_A: 1 + x")
    with pytest.raises(InputError, match=r"not identified: S_A:\(Intercept\), V_A:\(Intercept\)"):
        fit(games(read_specification(text, "s"), table(200, 1)))


def test_options_that_the_game_does_not_offer_are_refused(tmp_path: Path) -> None:
    spec, data = tmp_path / "s.yaml", tmp_path / "d.csv"
    spec.write_text(TEXT, encoding="utf-8")
    table(50, 1).drop(ROW).write_csv(data)
    result = CliRunner().invoke(main, ["evidence", "fit", str(spec), "--data", str(data), "--posterior"])
    assert (
        result.exit_code == 2
        and "the signalling game has no effects, comparison, bootstrap or posterior" in result.output
    )


@pytest.mark.slow
def test_the_origin_and_unit_of_a_column_do_not_move_the_estimate() -> None:
    folder = Path(__file__).parents[1] / "golden" / "inputs"
    data = pl.read_csv(folder / "signalling.csv")
    plain = evidence.fit(folder / "signalling.yaml", data)
    moved = evidence.fit(folder / "signalling.yaml", data.with_columns(y=pl.col("y") * 5 + 2001, z=pl.col("z") * 1e6))
    assert moved.fit.converged and moved.fit.loglik == pytest.approx(plain.fit.loglik, abs=1e-5)
    assert moved.probabilities().to_numpy() == pytest.approx(plain.probabilities().to_numpy(), abs=1e-4)
