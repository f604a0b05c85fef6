"""A tree of arrays at one state is the same game with numbers: its file has the values of the tree."""

from __future__ import annotations

from decimal import Decimal

import jax.numpy as jnp
import numpy as np
import pytest

from tocsin.export import unfolding
from tocsin.export.unfolding import Grid, Unfolded, unfold
from tocsin.games.efg import format_efg, parse_efg, solve
from tocsin.games.recursion import Channels, solve_tree
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, Part

PRECISION = 2.5
STAKES = {"A": 2.0, "B": 0.5}
AT = (1, 0, 0)
"""Second of two levels, the only regime state, the only draw."""


def levels(*values: float) -> Array:
    return jnp.array(values)[:, None, None]


def sets(*values: float) -> Array:
    return jnp.array(values)[:, None, None, None]


def war() -> Chance:
    """A war that a helper has joined or not: a grid of two games."""
    return Chance(
        branches=((sets(0.3, 0.6), Outcome(next="won")), (sets(0.7, 0.4), Outcome(next="stay"))),
        payoffs={"A": sets(-0.4, -0.7), "B": sets(0.0, -0.2)},
    )


def attack(grid: Node) -> Decision:
    aside = Part(of=grid, start=0, stop=1, payoffs={"B": -0.1})
    return Decision(name="attack: B", player="B", actions={"support": Part(of=grid, start=1, stop=2), "aside": aside})


def tree(*, believes: bool = False) -> Decision:
    begun = attack(war())
    accident = Chance(branches=((0.25, begun), (0.75, Outcome(next="stay"))), payoffs={"A": levels(0.01, 0.02)})
    hold = Decision(
        name="strike: B",
        player="B",
        actions={"wait": accident, "strike": begun},
        barred={"strike": levels(-np.inf, 0.0)},
        believed={"wait": begun} if believes else {},
    )
    return Decision(
        name="instrument",
        player="A",
        actions={"hold": hold, "attack": begun, "never": Outcome(next=None)},
        barred={"never": -np.inf},
    )


def continuation(label: str) -> Array:
    value = {"won": (levels(1.0, 1.0), levels(-0.5, -0.6)), "stay": (levels(0.1, 0.5), levels(0.0, -0.1))}[label]
    return jnp.stack(value)


def solved(root: Node) -> tuple[Grid, dict[str, float]]:
    channels = Channels(precision={name: jnp.array([PRECISION / stake]) for name, stake in STAKES.items()})
    solution = solve_tree(root, channels, continuation)
    flow = {"A": levels(0.0, 0.05)}
    players = {name: (name, row, stake) for row, (name, stake) in enumerate(STAKES.items())}
    grid = Grid(root=root, continuation=continuation, choices=solution.choices, at=AT, players=players, flow=flow)
    values = np.asarray(solution.values).reshape(2, 2)[:, AT[0]]
    return grid, {"A": (values[0] + 0.05) / STAKES["A"], "B": values[1] / STAKES["B"]}


def file_of(unfolded: Unfolded) -> str:
    text = format_efg(unfolded.game)
    assert parse_efg(text) == unfolded.game
    return text


def assert_values(text: str, expected: dict[str, float]) -> None:
    (answer,) = solve(text, precision=PRECISION)
    assert answer.values == pytest.approx(expected, abs=1e-12)


def test_the_file_has_the_values_of_the_tree() -> None:
    grid, values = solved(tree())
    whole = unfold(grid, title="t", comment="c")
    assert whole.cut == 0
    assert_values(file_of(whole), values)
    assert all("never" not in moves.actions for moves in whole.game.sets.values())


def test_subgames_that_are_left_out_have_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    grid, values = solved(tree())
    monkeypatch.setattr(unfolding, "MAX_NODES", len(unfold(grid, title="t", comment="c").game.nodes) - 1)
    fewer = unfold(grid, title="t", comment="c")
    assert fewer.cut == 2  # the attack stands once and ends twice more
    assert_values(file_of(fewer), values)
    monkeypatch.setattr(unfolding, "MAX_NODES", 3)
    assert_values(file_of(unfold(grid, title="t", comment="c")), values)


def test_who_believes_in_what_does_not_follow_moves_as_chance() -> None:
    grid, values = solved(tree(believes=True))
    game = unfold(grid, title="t", comment="c")
    assert_values(file_of(game), values)
    owners = {moves.label.rsplit(" ", 1)[0]: player for (player, _), moves in game.game.sets.items()}
    assert owners["strike: B"] == 0
    assert owners["attack: B"] == 2


def test_labels_are_unique_and_chance_sums_to_one_exactly() -> None:
    grid, _ = solved(tree())
    game = unfold(grid, title="t", comment="c").game
    for player in range(3):
        labels = [moves.label for (owner, _), moves in game.sets.items() if owner == player]
        assert len(set(labels)) == len(labels)
    chance = [moves.probabilities for (owner, _), moves in game.sets.items() if owner == 0]
    assert chance
    assert all(sum(map(Decimal, map(str, probabilities))) == 1 for probabilities in chance)
    outcomes = [outcome.label for outcome in game.outcomes.values()]
    assert len(set(outcomes)) == len(outcomes)
