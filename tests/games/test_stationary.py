"""Infinite games: closed forms, iteration by hand, the modulus of contraction, and games that do not converge."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tocsin.games.recursion import Channels
from tocsin.games.stationary import markov_stage, stationary
from tocsin.games.stochastic import Years, solve_horizon
from tocsin.games.tree import Array, Decision, Node, Outcome

pytestmark = pytest.mark.numeric


def _single(precision: float) -> Channels:
    return Channels(precision={"A": jnp.asarray(precision)})


def test_a_permanent_reward_has_the_value_of_its_geometric_series() -> None:
    stage = markov_stage(lambda _: Outcome(next="on", payoffs={"A": 3.0}), lambda _: {"on": jnp.ones((1, 1))}, 0.9)
    solution = stationary(stage, (), jnp.zeros((1, 1, 1)), _single(1.0))
    assert float(solution.values[0, 0, 0]) == pytest.approx(30.0, abs=1e-8)
    assert float(solution.modulus[0]) == pytest.approx(0.9, abs=1e-9)
    assert bool(solution.converged[0])


def test_a_markov_chain_solves_its_linear_equations() -> None:
    moves = np.array([[0.2, 0.5, 0.3], [0.1, 0.1, 0.8], [0.6, 0.2, 0.2]])
    reward = np.array([[1.0], [-2.0], [0.5]])
    stage = markov_stage(lambda _: Outcome(next="on", payoffs={"A": reward}), lambda _: {"on": moves}, 0.95)
    solution = stationary(stage, (), jnp.zeros((1, 3, 1)), _single(1.0))
    assert np.asarray(solution.values)[0, :, 0] == pytest.approx(
        np.linalg.solve(np.eye(3) - 0.95 * moves, reward)[:, 0], abs=1e-8
    )


STAY, GO = np.array([[0.9, 0.1], [0.2, 0.8]]), np.array([[0.1, 0.9], [0.5, 0.5]])


def _machine(costs: Array) -> Node:
    """Return the choice between keeping a machine whose cost depends on its state, and paying to change the state."""
    return Decision(
        name="act",
        player="A",
        actions={
            "stay": Outcome(next="stay", payoffs={"A": -costs}),
            "go": Outcome(next="go", payoffs={"A": -0.5 - 0.1 * costs}),
        },
    )


@pytest.mark.parametrize("precision", [0.7, 5.0])
def test_one_logit_player_agrees_with_iteration_by_hand(precision: float) -> None:
    costs = np.array([[0.3], [1.4]])
    stage = markov_stage(_machine, lambda _: {"stay": STAY, "go": GO}, 0.9)
    solution = stationary(stage, jnp.asarray(costs), jnp.zeros((1, 2, 1)), _single(precision))
    values = np.zeros(2)
    for _ in range(2000):
        options = np.stack([-costs[:, 0] + 0.9 * STAY @ values, -0.5 - 0.1 * costs[:, 0] + 0.9 * GO @ values])
        weights = np.exp(precision * (options - options.max(axis=0)))
        values = (weights / weights.sum(axis=0) * options).sum(axis=0)
    assert np.asarray(solution.values)[0, :, 0] == pytest.approx(values, abs=1e-9)
    assert bool(solution.converged[0])


def test_a_sharp_planner_has_the_value_from_linear_programming() -> None:
    from scipy.optimize import linprog

    costs = np.array([[0.3], [1.4]])
    stage = markov_stage(_machine, lambda _: {"stay": STAY, "go": GO}, 0.9)
    channels = Channels(precision={"A": jnp.asarray(1e5)}, responders={"best": "A"})
    solution = stationary(stage, jnp.asarray(costs), jnp.zeros((2, 2, 1)), channels)
    rows = np.concatenate([-(np.eye(2) - 0.9 * STAY), -(np.eye(2) - 0.9 * GO)])
    bound = -np.concatenate([-costs[:, 0], -0.5 - 0.1 * costs[:, 0]])
    best = linprog(np.ones(2), A_ub=rows, b_ub=bound, bounds=[(None, None)] * 2).x
    assert np.asarray(solution.values)[1, :, 0] == pytest.approx(best, abs=1e-6)


def test_a_long_horizon_reaches_the_fixed_point() -> None:
    costs = jnp.asarray([[0.3], [1.4]])
    stage = markov_stage(_machine, lambda _: {"stay": STAY, "go": GO}, 0.8)
    solution = stationary(stage, costs, jnp.zeros((1, 2, 1)), _single(2.0))
    played = solve_horizon(
        stage,
        jnp.stack([costs] * 2),
        jnp.zeros((1, 2, 1)),
        _single(2.0),
        Years(within=0, beyond=150),
        report=lambda choices: choices["act"]["go"],
        blank=jnp.zeros((2, 1)),
    )
    assert np.asarray(played.end) == pytest.approx(np.asarray(solution.values), abs=1e-9)


def _bargaining(probability: Array) -> Node:
    """Return a stage in which A offers B one of 21 shares of a pie, and B accepts or fights for all later pies."""
    war = Outcome(next=None, payoffs={"A": 10.0 * probability - 0.1, "B": 10.0 * (1.0 - probability) - 0.1})

    def answer(share: float) -> Decision:
        peace = Outcome(next="on", payoffs={"A": 1.0 - share, "B": share})
        return Decision(name=f"answer {share:.2f}", player="B", actions={"accept": peace, "fight": war})

    return Decision(name="offer", player="A", actions={f"{n}": answer(n / 20) for n in range(21)})


@pytest.mark.parametrize(("precision", "converges"), [(0.05, True), (1e5, False)])
def test_sharp_bargainers_who_cycle_between_offers_do_not_converge(precision: float, converges: bool) -> None:
    stage = markov_stage(_bargaining, lambda _: {"on": jnp.ones((1, 1))}, 0.9)
    channels = Channels(precision={"A": jnp.asarray(precision), "B": jnp.asarray(precision)})
    solution = stationary(stage, jnp.asarray([[0.57]]), jnp.zeros((2, 1, 1)), channels, max_years=400)
    assert bool(solution.converged[0]) == converges
    assert (float(solution.residual[0]) <= 1e-10 and float(solution.modulus[0]) < 1.0) == converges


def test_the_modulus_is_the_spectral_radius_of_the_derivative() -> None:
    costs = jnp.asarray([[0.3], [1.4]])
    stage = markov_stage(_machine, lambda _: {"stay": STAY, "go": GO}, 0.9)
    solution = stationary(stage, costs, jnp.zeros((1, 2, 1)), _single(5.0))

    def year(flat: Array) -> Array:
        from tocsin.games.stochastic import solve_year

        return solve_year(stage, costs, flat.reshape(1, 2, 1), _single(5.0))[0].ravel()

    radius = np.abs(np.linalg.eigvals(np.asarray(jax.jacfwd(year)(solution.values.ravel())))).max()
    assert float(solution.modulus[0]) == pytest.approx(radius, rel=1e-6)


@pytest.mark.parametrize("discount", [1.0, -0.1, 2.0])
def test_the_discount_factor_must_be_below_one(discount: float) -> None:
    with pytest.raises(ValueError, match="discount factor must be from 0 to below 1"):
        markov_stage(lambda _: Outcome(next="on"), lambda _: {}, discount)
