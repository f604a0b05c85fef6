"""Infinite games: closed forms, iteration by hand, several starts, and games in which iteration cycles."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.support import seeded

from tocsin.games.recursion import Channels
from tocsin.games.stationary import markov_stage, stationary
from tocsin.games.stochastic import Years, solve_horizon, solve_year
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome

pytestmark = pytest.mark.numeric


def _single(precision: float) -> Channels:
    return Channels(precision={"A": jnp.asarray(precision)})


def test_a_permanent_reward_has_the_value_of_its_geometric_series() -> None:
    stage = markov_stage(lambda _: Outcome(next="on", payoffs={"A": 3.0}), lambda _: {"on": jnp.ones((1, 1))}, 0.9)
    solution = stationary(stage, (), jnp.zeros((1, 1, 1)), _single(1.0))
    assert float(solution.values[0, 0, 0]) == pytest.approx(30.0, abs=1e-5)
    assert bool(solution.settled[0])


def test_a_markov_chain_solves_its_linear_equations() -> None:
    moves = np.array([[0.2, 0.5, 0.3], [0.1, 0.1, 0.8], [0.6, 0.2, 0.2]])
    reward = np.array([[1.0], [-2.0], [0.5]])
    stage = markov_stage(lambda _: Outcome(next="on", payoffs={"A": reward}), lambda _: {"on": moves}, 0.95)
    solution = stationary(stage, (), jnp.zeros((1, 3, 1)), _single(1.0))
    assert np.asarray(solution.values)[0, :, 0] == pytest.approx(
        np.linalg.solve(np.eye(3) - 0.95 * moves, reward)[:, 0], abs=1e-5
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
    assert np.asarray(solution.values)[0, :, 0] == pytest.approx(values, abs=1e-5)
    assert bool(solution.settled[0])


def test_a_sharp_planner_has_the_value_from_linear_programming() -> None:
    from scipy.optimize import linprog

    costs = np.array([[0.3], [1.4]])
    stage = markov_stage(_machine, lambda _: {"stay": STAY, "go": GO}, 0.9)
    channels = Channels(precision={"A": jnp.asarray(1e5)}, responders={"best": "A"})
    solution = stationary(stage, jnp.asarray(costs), jnp.zeros((2, 2, 1)), channels)
    rows = np.concatenate([-(np.eye(2) - 0.9 * STAY), -(np.eye(2) - 0.9 * GO)])
    bound = -np.concatenate([-costs[:, 0], -0.5 - 0.1 * costs[:, 0]])
    best = linprog(np.ones(2), A_ub=rows, b_ub=bound, bounds=[(None, None)] * 2).x
    assert np.asarray(solution.values)[1, :, 0] == pytest.approx(best, abs=1e-5)


def test_a_long_horizon_reaches_the_fixed_point() -> None:
    costs = jnp.asarray([[0.3], [1.4]])
    stage = markov_stage(_machine, lambda _: {"stay": STAY, "go": GO}, 0.8)
    solution = stationary(stage, costs, jnp.zeros((1, 2, 1)), _single(2.0))
    played = solve_horizon(
        stage,
        jnp.stack([costs] * 150),
        jnp.zeros((1, 2, 1)),
        _single(2.0),
        Years(within=150),
        report=lambda choices: choices["act"]["go"],
        blank=jnp.zeros((2, 1)),
    )
    assert np.asarray(played.values) == pytest.approx(np.asarray(solution.values), abs=1e-5)


def _bargaining(probability: Array) -> Node:
    """Return a stage in which A offers B one of 21 shares of a pie, and B accepts or fights for all later pies."""
    war = Outcome(next=None, payoffs={"A": 10.0 * probability - 0.1, "B": 10.0 * (1.0 - probability) - 0.1})

    def answer(share: float) -> Decision:
        peace = Outcome(next="on", payoffs={"A": 1.0 - share, "B": share})
        return Decision(name=f"answer {share:.2f}", player="B", actions={"accept": peace, "fight": war})

    return Decision(name="offer", player="A", actions={f"{n}": answer(n / 20) for n in range(21)})


@pytest.mark.parametrize("precision", [0.05, 300.0])
def test_sharp_bargainers_settle_though_plain_iteration_cycles(precision: float) -> None:
    stage = markov_stage(_bargaining, lambda _: {"on": jnp.ones((1, 1))}, 0.9)
    channels = Channels(precision={"A": jnp.asarray(precision), "B": jnp.asarray(precision)})
    chance = jnp.asarray([[0.7]])
    solution = stationary(stage, chance, jnp.zeros((2, 1, 1)), channels)
    assert bool(solution.settled[0])
    again, _ = solve_year(stage, chance, solution.values, channels)
    assert float(jnp.max(jnp.abs(again - solution.values))) <= 1e-6
    year = jax.jit(lambda values: solve_year(stage, chance, values, channels)[0])
    values = jnp.zeros((2, 1, 1))
    for _ in range(400):
        before, values = values, year(values)
    assert (float(jnp.max(jnp.abs(values - before))) <= 1e-6) == (precision < 1.0)


def test_a_search_that_has_to_stop_early_is_not_called_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.games.stationary.MAX_YEARS", 17)
    stage = markov_stage(_bargaining, lambda _: {"on": jnp.ones((1, 1))}, 0.9)
    channels = Channels(precision={"A": jnp.asarray(1e5), "B": jnp.asarray(1e5)})
    solution = stationary(stage, jnp.asarray([[0.7]]), jnp.zeros((2, 1, 1)), channels)
    assert not bool(solution.settled[0])
    assert float(solution.residual[0]) > 1e-3


def _matching(advantage: Array) -> Node:
    """Return a yearly game in which B, who sees A's move with a little noise, wants to differ and A wants to match."""

    def answer(name: str, pays: tuple[float, float]) -> Decision:
        same, other = (Outcome(next="on", payoffs={"A": pay, "B": -pay}) for pay in pays)
        return Decision(name=name, player="B", actions={"left": same, "right": other})

    left = Chance(branches=((advantage, answer("after left", (2.0, -1.0))), (1.0 - advantage, Outcome(next="down"))))
    right = Chance(branches=((advantage, answer("after right", (-1.0, 1.0))), (1.0 - advantage, Outcome(next="up"))))
    return Decision(name="lead", player="A", actions={"left": left, "right": right})


def test_a_settled_solution_is_a_fixed_point_from_every_start_where_plain_iteration_cycles() -> None:
    generator = np.random.default_rng(seeded(3))
    moves = {name: generator.dirichlet(np.ones(4), size=4) for name in ("on", "down", "up")}
    stage = markov_stage(_matching, lambda _: moves, 0.9)
    advantage = jnp.asarray(generator.uniform(0.2, 0.9, (4, 200)))
    channels = Channels(
        precision={player: jnp.asarray(generator.uniform(2.0, 60.0, 200)) for player in "AB"}, responders={"best": "A"}
    )
    starts = [
        jnp.zeros((3, 4, 200)),
        jnp.asarray(generator.normal(0.0, 10.0, (3, 4, 200))),
        jnp.full((3, 4, 200), 20.0),
    ]
    solutions = [stationary(stage, advantage, start, channels) for start in starts]
    for solution in solutions:
        again, _ = solve_year(stage, advantage, solution.values, channels)
        change = np.max(np.abs(np.asarray(again - solution.values)), axis=(0, 1))
        assert np.mean(np.asarray(solution.settled)) > 0.95
        assert np.max(change[np.asarray(solution.settled)]) <= 1e-6
    settled = np.all([solution.settled for solution in solutions], axis=0)
    apart = np.max([np.abs(other.values - solutions[0].values) for other in solutions[1:]], axis=(0, 1, 2))
    assert np.mean(apart[settled] < 1e-4) >= 0.99


@pytest.mark.parametrize("discount", [1.0, -0.1, 2.0])
def test_the_discount_factor_must_be_below_one(discount: float) -> None:
    with pytest.raises(ValueError, match="discount factor must be from 0 to below 1"):
        markov_stage(lambda _: Outcome(next="on"), lambda _: {}, discount)
