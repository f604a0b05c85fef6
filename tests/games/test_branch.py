"""The Newton steps along the principal branch: systems solved by parts, derivatives, and agents independent of one another."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.games.random_games import random_game

from tocsin.games.agents import AgentForm, agent_form
from tocsin.games.efg.solvable import Solvable
from tocsin.games.elimination import solve_bordered, solve_linear
from tocsin.games.equilibrium import logit_equilibrium
from tocsin.games.tree import Decision, Outcome

pytestmark = pytest.mark.numeric

DRAWS = 5


def form_of(seed: int) -> AgentForm:
    solvable = Solvable(random_game(seed, hidden=True))
    return agent_form(solvable.root(), solvable.players)


@pytest.mark.parametrize(("free", "rest"), [(3, 4), (0, 3), (4, 0)])
def test_a_system_solved_by_parts_has_the_solution_of_the_whole(free: int, rest: int) -> None:
    random = np.random.default_rng(1)
    matrix = random.normal(size=(free + rest, free + rest, DRAWS))
    matrix[:free, :free] = np.eye(free)[:, :, None]
    right = random.normal(size=(free + rest, 2, DRAWS))
    upper, lower, corner = matrix[:free, free:], matrix[free:, :free], matrix[free:, free:]
    first, last, sign = solve_bordered(*map(jnp.asarray, (upper, lower, corner, right[:free], right[free:])))
    for draw in range(DRAWS):
        expected = np.linalg.solve(matrix[..., draw], right[..., draw])
        assert np.concatenate([first, last])[..., draw] == pytest.approx(expected, rel=1e-9, abs=1e-9)
        assert sign[draw] == np.sign(np.linalg.det(matrix[..., draw]))


def test_a_system_without_unknowns_has_determinant_one() -> None:
    solution, sign = solve_linear(jnp.zeros((0, 0, DRAWS)), jnp.zeros((0, 1, DRAWS)))
    assert solution.shape == (0, 1, DRAWS)
    assert np.all(sign == 1.0)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2, 3))])
def test_the_slopes_of_gains_are_their_derivatives(seed: int) -> None:
    form = form_of(seed)
    log_odds = jnp.asarray(np.random.default_rng(seed).normal(size=(len(form.others), 1)))

    def gains(log_odds: jax.Array) -> jax.Array:
        values, _ = form.action_values(form.log_strategy(log_odds))
        return (values - values[form.first_of])[form.others][:, 0]

    everything = np.arange(len(form.others))
    log_strategy = form.log_strategy(log_odds)
    _, spread = form.action_values(log_strategy)
    slopes = form.gain_slopes(log_strategy, spread, everything, everything)[..., 0]
    assert slopes == pytest.approx(np.asarray(jax.jacobian(gains)(log_odds))[:, :, 0], abs=1e-10)


@pytest.mark.parametrize("seed", range(4))
def test_independent_agents_do_not_depend_on_one_another(seed: int) -> None:
    form = form_of(seed)
    log_strategy = form.log_strategy(jnp.asarray(np.random.default_rng(seed).normal(size=(len(form.others), 1))))
    _, spread = form.action_values(log_strategy)
    free = np.flatnonzero(form.independent)
    assert 0 < len(free) < len(form.others)
    assert np.abs(form.gain_slopes(log_strategy, spread, free, free)).max() < 1e-12


def test_the_branch_solves_a_game_of_one_agent() -> None:
    ends = {name: Outcome(next=None, payoffs={"A": value}) for name, value in (("left", 1.0), ("right", 0.0))}
    game = Decision(name="move", player="A", actions=ends)
    solution = logit_equilibrium(game, {"A": 2.0}, method="branch")
    assert solution.strategies["move"][0, 0, 0] == pytest.approx(1.0 / (1.0 + np.exp(-2.0)))
