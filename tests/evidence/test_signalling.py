"""The crisis game with hidden types: equilibria against independent sums, estimates against the field's and against truth put in."""

from __future__ import annotations

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from scipy.stats import multivariate_normal, norm
from tests.evidence.plays import chance_of
from tests.support import seeded

from tocsin.cli import main
from tocsin.errors import InputError
from tocsin.evidence.signalling.fit import _height, first_step, fit, pseudo
from tocsin.evidence.signalling.game import (
    OUTCOMES,
    PAYOFFS,
    answered,
    both_above,
    chances,
    equilibria,
    gap,
    log_outcomes,
    worth_of_resisting,
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


def drawn(size: int, plays: int, seed: int) -> Games:
    """Games of the truth, played at the equilibrium with the least resistance."""
    empty = games(read_specification(TEXT, "s"), table(size, seed))
    payoffs = jnp.asarray(empty.payoffs(TRUTH))
    u = jnp.asarray(np.nanmin(np.asarray(equilibria(payoffs)), axis=1))
    shares = np.exp(np.asarray(jax.vmap(log_outcomes)(payoffs, u)))
    rng = np.random.default_rng(seed + 1)
    return empty.with_counts(rng.multinomial(plays, shares / shares.sum(axis=1, keepdims=True)).astype(float))


def random_payoffs(size: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seeded(seed)).normal(size=(size, len(PAYOFFS))) * 1.5


# --- the game ------------------------------------------------------------------------------------------------------


def test_the_normal_of_two_variables_is_that_of_scipy() -> None:
    pair = multivariate_normal([0, 0], [[1, 0.5**0.5], [0.5**0.5, 1]])
    for h, k in np.random.default_rng(seeded(0)).normal(size=(40, 2)) * 2.5:
        assert float(both_above(jnp.asarray(h), jnp.asarray(k))) == pytest.approx(pair.cdf([h, k]), abs=1e-12)


def test_an_equilibrium_is_one_and_its_outcomes_add_up() -> None:
    payoffs = jnp.asarray(random_payoffs(200, 1))
    found = np.asarray(equilibria(payoffs))
    assert np.isfinite(found).any(axis=1).all()
    for place in range(found.shape[1]):
        inside = np.flatnonzero(np.abs(found[:, place]) < 7.9)
        if inside.size:
            some, u = payoffs[inside], jnp.asarray(found[inside, place])
            assert np.abs(np.asarray(jax.vmap(gap)(some, u))).max() < 1e-8
            assert np.exp(np.asarray(jax.vmap(log_outcomes)(some, u))).sum(axis=1) == pytest.approx(1.0, abs=1e-12)


def test_what_the_sides_do_at_an_equilibrium_is_what_is_best_for_them_against_each_other() -> None:
    """By simulation of the shocks: nothing of the formulas of the equilibrium is used."""
    rng = np.random.default_rng(seeded(5))
    shocks = rng.normal(size=(3, 400_000))
    for row in random_payoffs(6, 3):
        s_a, v_a, c_b, w_a, w_b, back, v_b = row
        u = float(np.nanmin(np.asarray(equilibria(jnp.asarray(row)[None]))))
        if abs(u) > 3:
            continue
        told = chances(jnp.asarray(row), jnp.asarray(u))
        resist = float(told.resist)
        fight, yielding = w_a + shocks[0], back + shocks[1]
        challenges = resist * np.maximum(fight, yielding) + (1 - resist) * v_a > s_a
        firm = float((fight > yielding)[challenges].mean())
        resists = firm * (w_b + shocks[2]) + (1 - firm) * v_b > c_b
        assert float(told.challenge) == pytest.approx(challenges.mean(), abs=0.004)
        assert float(told.firm) == pytest.approx(firm, abs=0.02)
        assert resist == pytest.approx(resists.mean(), abs=0.02)


def test_every_equilibrium_is_found() -> None:
    """A finer search finds as many in every game, also where there are several."""
    payoffs = random_payoffs(1200, 9) * 1.6
    found = np.concatenate([np.asarray(equilibria(jnp.asarray(part))) for part in np.split(payoffs, 6)])
    inside = (np.abs(found) < 7.9).sum(axis=1)
    assert (inside >= 2).any()
    fine = jnp.linspace(-7.9, 7.9, 2_001)
    gaps = np.asarray(jax.lax.map(lambda game: jax.vmap(lambda u: gap(game, u))(fine), jnp.asarray(payoffs)))
    assert np.array_equal((np.diff(np.sign(gaps), axis=1) != 0).sum(axis=1), inside)


def test_slopes_go_with_the_equilibrium() -> None:
    """Analytic slopes, the equilibrium moving with the payoffs, against differences of the likelihood solved anew."""
    cases = drawn(200, 50, 2)
    minus = _height(cases)
    at = TRUTH * 0.9
    _, slope = minus(at)
    for place in range(at.size):
        step = np.zeros_like(at)
        step[place] = 1e-5
        assert slope[place] == pytest.approx((minus(at + step)[0] - minus(at - step)[0]) / 2e-5, rel=1e-4, abs=1e-3)


# --- estimates -----------------------------------------------------------------------------------------------------


def test_payoffs_put_in_are_found_again() -> None:
    found = fit(drawn(200, 400, 7), seed=seeded(1))
    assert found.converged and found.loglik >= found.start
    assert chance_of(found.estimate - TRUTH, found.covariance) > 1e-4
    assert found.standard_errors.max() < 0.5


def test_the_unit_and_the_order_of_the_games_change_nothing() -> None:
    cases = drawn(200, 100, 3)
    one = fit(cases, seed=seeded(1))
    data = table(200, 3).with_columns(pl.col("y") * 1000.0).with_columns(
        pl.Series(name, cases.counts[:, at]) for at, name in enumerate(cases.specification.outcome)
    )  # fmt: skip
    turned = games(cases.specification, data[::-1])
    two = fit(turned, seed=seeded(1))
    assert two.loglik == pytest.approx(one.loglik, abs=1e-4)
    place = one.games.names.index(("C_B", "y"))
    assert two.estimate[place] * 1000.0 == pytest.approx(one.estimate[place], rel=1e-2)


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


def test_the_fixed_point_of_the_field_is_one_here(sanctions: pl.DataFrame) -> None:
    """The last step of the field's nested pseudo-likelihood leaves its chances as they are: so it does with ours."""
    cases = games(read_specification(SANCTIONS, "s"), sanctions)
    resist, firm = (sanctions[name].to_numpy() for name in ("PRnpl", "PFnpl"))
    estimate, _ = pseudo(cases, resist, firm)
    payoffs = jnp.asarray(cases.payoffs(estimate))
    assert np.asarray(jax.vmap(answered)(payoffs, jnp.asarray(resist))[1]) == pytest.approx(firm, abs=1e-6)
    again = norm.cdf(np.asarray(jax.vmap(worth_of_resisting)(payoffs, jnp.asarray(firm))))
    assert again == pytest.approx(resist, abs=1e-6)


def test_the_sanctions_are_told_better_than_by_the_field(sanctions: pl.DataFrame, tmp_path: Path) -> None:
    cases = games(read_specification(SANCTIONS, "s"), sanctions)
    theirs, _ = pseudo(cases, sanctions["PRnpl"].to_numpy(), sanctions["PFnpl"].to_numpy())
    spec, data, file = tmp_path / "sanctions.yaml", tmp_path / "sanctions.parquet", tmp_path / "fit.json"
    spec.write_text(SANCTIONS, encoding="utf-8")
    sanctions.drop(ROW).write_parquet(data)
    result = CliRunner().invoke(main, ["evidence", "fit", str(spec), "--data", str(data), "--json", str(file)])
    assert result.exit_code == 0 and "log likelihood -3927.9" in result.output
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["converged"] and found["warnings"] == [] and (found["games"], found["n"]) == (418, 49_704)
    assert found["loglik"] == pytest.approx(-3927.9095, abs=0.01)
    assert found["loglik"] > -_height(cases)(theirs)[0] + 4.0
    assert list(found["outcomes"]) == list(OUTCOMES) and len(found["coefficients"]) == 20


def test_a_first_step_tells_chances_from_regressors_alone() -> None:
    cases = drawn(200, 200, 4)
    resist, firm = first_step(cases, seed=seeded(1))
    payoffs = jnp.asarray(cases.payoffs(TRUTH))
    true = norm.cdf(np.nanmin(np.asarray(equilibria(payoffs)), axis=1))
    assert np.corrcoef(resist, true)[0, 1] > 0.8 and ((firm > 0) & (firm < 1)).all()
    assert np.array_equal(resist, first_step(cases, seed=seeded(1))[0])


# --- bad input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("a: 1", "b: 1"), "there is no payoff 'b'"),
        (("outcome: [quiet, yielded, fought, backed]", "outcome: [quiet, yielded]"), "no list of four columns"),
        (("yielded, fought, backed]", "yielded, fought, fought]"), "no list of four columns"),
        (("game: signalling", "game: signalling\nlink: logit"), "estimated with probit shocks"),
        (("game: signalling", "game: signalling\npenalty: logF"), "no such key"),
        (("game: signalling", "game: signalling\nfixed: {a: 1}"), "a has a formula too"),
        (("x - 1", "nothing - 1"), "no column `nothing`"),
        (("x - 1", "open(x) - 1"), "no function `open`"),
    ],
)
def test_bad_specifications_are_named(change: tuple[str, str], message: str) -> None:
    text = TEXT.replace(*change)
    assert text != TEXT
    with pytest.raises(InputError, match=message):
        games(read_specification(text, "spec.yaml"), table(50, 1))


def test_bad_counts_are_named_by_row() -> None:
    given = read_specification(TEXT, "s")
    with pytest.raises(InputError, match="row 3: `backed` is -1"):
        games(given, table(5, 1).with_columns(backed=pl.Series([1, 1, -1, 1, 1])))
    with pytest.raises(InputError, match="no game ends so: A backs down"):
        games(given, table(5, 1).with_columns(backed=pl.lit(0)))
    with pytest.raises(InputError, match="9 coefficients for 5 games"):
        fit(games(given, table(5, 1)))


def test_what_is_not_identified_is_refused_by_name() -> None:
    # a constant of the status quo beside that of every continuation moves nothing
    text = TEXT.replace("S_A: x - 1", "S_A: 1 + x")
    with pytest.raises(InputError, match=r"not identified: S_A:\(Intercept\), V_A:\(Intercept\)"):
        fit(games(read_specification(text, "s"), table(200, 1)))


def test_what_the_game_does_not_offer_is_said(tmp_path: Path) -> None:
    spec, data = tmp_path / "s.yaml", tmp_path / "d.csv"
    spec.write_text(TEXT, encoding="utf-8")
    table(50, 1).drop(ROW).write_csv(data)
    result = CliRunner().invoke(main, ["evidence", "fit", str(spec), "--data", str(data), "--posterior"])
    assert result.exit_code == 2 and "not made for the signalling game" in result.output
