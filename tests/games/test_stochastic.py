"""Stochastic games: Fearon's preventive war, forward propagation, the stationary end."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from tocsin.games.recursion import Channels
from tocsin.games.stationary import stationary
from tocsin.games.stochastic import Stage, StageForm, Years, backward, occurrence, solve_horizon
from tocsin.games.tree import Array, Chance, Decision, Outcome, Part

pytestmark = pytest.mark.numeric

OFFERS = np.linspace(0.0, 1.0, 201)
SHARES = OFFERS[:, None, None]


def bargaining(delta: float, cost: float) -> Stage:
    """Return a stage in which a rising state B offers A a share of the pie; A accepts, or fights and wins with probability 1 - p."""

    def stage(power: Any, following: Array, _channels: Channels) -> StageForm:
        war = Outcome(
            next=None,
            payoffs={"A": (1.0 - power) / (1.0 - delta) - cost, "B": power / (1.0 - delta) - cost},
            counts={"war": 1.0},
        )
        accept = Outcome(next="on", payoffs={"A": SHARES, "B": 1.0 - SHARES})
        answers = Decision(name="answer", player="A", actions={"accept": accept, "fight": war})
        offers = {f"{offer:.3f}": Part(of=answers, start=index, stop=index + 1) for index, offer in enumerate(OFFERS)}
        root = Decision(name="offer", player="B", actions=offers)
        return StageForm(root=root, continuation=lambda _label: delta * following, flow={})

    return stage


@pytest.mark.parametrize(
    ("p1", "p2", "cost", "war"),
    [(0.4, 0.6, 0.1, True), (0.4, 0.43, 0.1, False), (0.3, 0.35, 0.2, True), (0.5, 0.53, 0.05, False)],
)
def test_preventive_war_happens_where_fearon_1995_predicts_it(p1: float, p2: float, cost: float, war: bool) -> None:
    delta = 0.9
    assert war == (p2 > (p1 + cost * (1 - delta) ** 2) / delta)
    sharp = Channels(precision={"A": jnp.asarray(5e4), "B": jnp.asarray(5e4)}, tallies={"war": "war"})
    solved = solve_horizon(
        bargaining(delta, cost),
        jnp.asarray([[p1], *[[p2]] * 300]),
        jnp.zeros((2, 1, 1)),
        sharp,
        Years(within=301, until={"war": 1}),
        report=lambda choices: choices["offer"]["0.000"],
        blank=jnp.zeros((1, 1, 1)),
    )
    assert float(sharp.unstack(solved.values)["war"][0, 0]) == pytest.approx(float(war), abs=1e-3)


def drift(probability: float) -> Stage:
    """Return a stage whose state ends for good with a yearly probability, and pays 1 per year until then."""

    def stage(inputs: Any, following: Array, channels: Channels) -> StageForm:
        leave = Outcome(next=None, counts={"left": 1.0})
        root = Chance(branches=((probability + 0.0 * inputs, leave), (1.0 - probability, Outcome(next="on"))))
        discount = jnp.array([1.0 if name in channels.tallies else 0.9 for name in channels.names])
        return StageForm(
            root=root, continuation=lambda _label: discount[:, None, None] * following, flow=flow(channels)
        )

    def flow(channels: Channels) -> dict[str, float]:
        return {"A": 1.0} if "A" in channels.names else {}

    return stage


def test_the_stationary_end_has_its_closed_form() -> None:
    channels = Channels(precision={"A": jnp.ones(3)}, tallies={"left": "left"})
    end = stationary(drift(0.2), jnp.zeros(3), jnp.zeros((1, 1, 3)), Channels(precision={"A": jnp.ones(3)}))
    assert np.asarray(end.values) == pytest.approx(1.0 / (1.0 - 0.9 * 0.8), abs=1e-9)
    solved = solve_horizon(
        drift(0.2),
        jnp.zeros((5, 3)),
        end.values,
        channels,
        Years(within=5),
        report=lambda _choices: jnp.zeros(3),
        blank=jnp.zeros(3),
    )
    values = channels.unstack(solved.values)
    assert np.asarray(values["A"]) == pytest.approx(1.0 / (1.0 - 0.9 * 0.8), abs=1e-9)
    assert np.asarray(values["left"]) == pytest.approx(1.0 - 0.8**5, abs=1e-12)


def test_a_tally_counts_only_for_its_number_of_years() -> None:
    channels = Channels(precision={"A": jnp.ones(3)}, tallies={"left": "left", "soon": "left", "at once": "left"})
    solved = solve_horizon(
        drift(0.2),
        jnp.zeros((5, 3)),
        jnp.zeros((1, 1, 3)),
        channels,
        Years(within=5, until={"soon": 3, "at once": 1}),
        report=lambda _choices: jnp.zeros(3),
        blank=jnp.zeros(3),
    )
    values = channels.unstack(solved.values)
    for name, years in (("left", 5), ("soon", 3), ("at once", 1)):
        assert np.asarray(values[name]) == pytest.approx(1.0 - 0.8**years, abs=1e-12)


def test_forward_propagation_agrees_with_backward_induction_and_conserves_mass() -> None:
    stage, years = drift(0.3), jnp.zeros((5, 2))
    channels = Channels(precision={"A": jnp.ones(2)}, tallies={"left": "left"})
    values, choices = backward(stage, years, jnp.zeros((2, 1, 2)), channels)
    occurred, waiting = occurrence(stage, years, choices, ("left",), jnp.ones((1, 2)))
    assert np.asarray(occurred[-1, 0]) == pytest.approx(np.asarray(values[1, 0]), abs=1e-12)
    assert np.asarray(occurred[:, 0] + waiting[:, 0, 0]) == pytest.approx(1.0, abs=1e-12)
    assert np.asarray(occurred[:, 0, 0]) == pytest.approx([1 - 0.7**t for t in range(1, 6)], abs=1e-12)
