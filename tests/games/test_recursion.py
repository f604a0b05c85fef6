"""Backward induction with logit choice: games solved by hand, the plain NumPy solver, limits, invariances."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.games.plain_recursion import solve_plain

from tocsin.games.recursion import Channels, logit_choice, solve_tree
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, Part, decisions

pytestmark = pytest.mark.numeric

CONTINUATION = {"on": 0.25, "off": -1.0}
NAMES = ("A", "B", "best", "event")


def follows(label: str) -> jnp.ndarray:
    """Return the continuation, the same for every channel."""
    return jnp.full(len(NAMES), CONTINUATION[label])


def solve(root: Node, channels: Channels) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Return the values by channel and the choices in a tree of numbers."""
    solved = solve_tree(root, channels, follows)
    values = {name: float(value) for name, value in channels.unstack(solved.values).items()}
    return values, {name: {a: float(p) for a, p in actions.items()} for name, actions in solved.choices.items()}


def entry(accept: Array = 1.0, fight: Array = -1.0) -> Decision:
    """Return entry deterrence: A stays out (0, 2) or enters; B accepts (accept, 1) or fights (fight, -1)."""
    answer = Decision(
        name="answer",
        player="B",
        actions={
            "accept": Outcome(next=None, payoffs={"A": accept, "B": 1.0}),
            "fight": Outcome(next=None, payoffs={"A": fight, "B": -1.0}),
        },
    )
    return Decision(name="entry", player="A", actions={"out": Outcome(next=None, payoffs={"B": 2.0}), "in": answer})


def test_the_entry_game_has_its_solution_by_hand() -> None:
    values, choices = solve(entry(), Channels(precision={"A": 1.5, "B": 2.0}))
    accept = 1.0 / (1.0 + math.exp(-4.0))
    enters = 1.0 / (1.0 + math.exp(-1.5 * (2.0 * accept - 1.0)))
    assert choices["answer"]["accept"] == pytest.approx(accept, abs=1e-12)
    assert choices["entry"]["in"] == pytest.approx(enters, abs=1e-12)
    assert values["A"] == pytest.approx(enters * (2.0 * accept - 1.0), abs=1e-12)


def test_sharp_players_play_the_subgame_perfect_equilibrium() -> None:
    _, choices = solve(entry(), Channels(precision={"A": 1e6, "B": 1e6}))
    assert choices["entry"]["in"] == 1.0
    assert choices["answer"]["accept"] == 1.0


def test_players_of_precision_zero_play_uniformly_over_free_actions() -> None:
    root = Decision(
        name="pick",
        player="A",
        actions={str(n): Outcome(next=None, payoffs={"A": float(n)}) for n in range(4)},
        barred={"2": -jnp.inf},
    )
    _, choices = solve(root, Channels(precision={"A": jnp.asarray(0.0)}))
    assert [choices["pick"][str(n)] for n in range(4)] == pytest.approx([1 / 3, 1 / 3, 0, 1 / 3])


@pytest.mark.parametrize("scale", [1.0, 1e3, 1e6])
@pytest.mark.parametrize("precision", [0.0, 1.0, 1e6])
def test_no_overflow_at_any_precision_or_payoff(scale: float, precision: float) -> None:
    values, choices = solve(entry(scale, -scale), Channels(precision={"A": precision, "B": precision}))
    for value in (*values.values(), *(p for actions in choices.values() for p in actions.values())):
        assert np.isfinite(value)


def test_a_responder_never_does_worse_than_the_logit_player() -> None:
    channels = Channels(precision={"A": 0.7, "B": 0.3}, responders={"best": "A"})
    values, _ = solve(entry(), channels)
    assert values["best"] >= values["A"]


def test_decisions_with_one_name_are_refused() -> None:
    leaf = Outcome(next=None)
    twin = Decision(name="same", player="A", actions={"x": leaf})
    with pytest.raises(ValueError, match="two decisions are named same"):
        decisions(Decision(name="same", player="B", actions={"y": twin}))


numbers = st.floats(-3.0, 3.0).map(lambda x: round(x, 3))
payoffs = st.fixed_dictionaries({"A": numbers, "B": numbers})
leaves = st.builds(
    lambda label, pay, count: Outcome(next=label, payoffs=pay, counts={"event": count}),
    st.sampled_from(["on", "off", None]),
    payoffs,
    st.sampled_from([0.0, 1.0]),
)


def _probability(children: tuple[Node, Node], weight: float, pay: dict[str, float]) -> Chance:
    return Chance(branches=((weight, children[0]), (1.0 - weight, children[1])), payoffs=pay)


def _decision(children: list[Node], player: str, pay: dict[str, float]) -> Decision:
    actions = {str(index): child for index, child in enumerate(children)}
    return Decision(name=f"d{id(children)}", player=player, actions=actions, payoffs=pay)


trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(_probability, st.tuples(inner, inner), st.floats(0.0, 1.0), payoffs),
        st.builds(_decision, st.lists(inner, min_size=2, max_size=4), st.sampled_from(["A", "B"]), payoffs),
    ),
    max_leaves=12,
)


def _named(node: Node, path: str = "r") -> Node:
    """Return the tree with decisions named by their path."""
    match node:
        case Chance():
            parts = tuple((p, _named(child, f"{path}{i}")) for i, (p, child) in enumerate(node.branches))
            return Chance(branches=parts, payoffs=node.payoffs)
        case Decision():
            actions = {name: _named(child, path + name) for name, child in node.actions.items()}
            return Decision(name=path, player=node.player, actions=actions, payoffs=node.payoffs)
        case _:
            return node


@settings(max_examples=60, deadline=None)
@given(tree=trees, first=st.floats(0.0, 20.0), second=st.floats(0.0, 20.0))
def test_the_solver_agrees_with_the_plain_numpy_solver(tree: Node, first: float, second: float) -> None:
    root = _named(tree)
    channels = Channels(precision={"A": first, "B": second}, responders={"best": "A"}, tallies={"event": "event"})
    solved, choices = solve(root, channels)
    values, strategies = solve_plain(root, channels, dict.fromkeys(NAMES, CONTINUATION))
    for name in channels.names:
        assert solved[name] == pytest.approx(values[name], abs=1e-12)
    for name, probabilities in strategies.items():
        assert list(choices[name].values()) == pytest.approx(list(probabilities), abs=1e-12)


def test_a_grid_of_games_has_the_values_of_the_single_games() -> None:
    """Three entry games are one node; the first player chooses between the first two and the last two."""
    channels = Channels(precision={"A": 1.5, "B": 2.0}, responders={"best": "A"}, tallies={"event": "event"})
    accepts = jnp.array([0.5, 1.0, 2.0])
    grid = entry(accepts, -1.0)

    def root(first: Node, last: Node, number: int) -> Node:
        return Decision(name=f"which {number}", player="A", actions={"first": first, "last": last})

    whole = root(Part(of=grid, start=0, stop=2), Part(of=grid, start=1, stop=3, payoffs={"A": 0.1}), 0)
    solved = solve_tree(whole, channels, follows)
    for index in range(2):
        late = Chance(branches=((1.0, entry(float(accepts[index + 1]))),), payoffs={"A": 0.1})
        single = root(entry(float(accepts[index])), _named(late), 1)
        assert np.asarray(solved.values[:, index]) == pytest.approx(
            np.asarray(solve_tree(single, channels, follows).values), abs=1e-15
        )


def test_a_compiled_tree_has_the_same_solution() -> None:
    channels = Channels(precision={"A": jnp.asarray(1.5), "B": jnp.asarray(2.0)}, responders={"best": "A"})
    plain = solve_tree(entry(), channels, follows).values
    compiled = jax.jit(lambda accept: solve_tree(entry(accept), channels, follows).values)(1.0)
    assert np.asarray(compiled) == pytest.approx(np.asarray(plain), abs=1e-15)


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(st.floats(-50, 50), min_size=2, max_size=6), shift=st.floats(-1e3, 1e3), precision=st.floats(0, 30)
)
def test_choice_probabilities_are_invariant_to_a_shift_of_payoffs(
    values: list[float], shift: float, precision: float
) -> None:
    none: list[None] = [None] * len(values)
    plain = logit_choice([jnp.asarray(v) for v in values], jnp.asarray(precision), [*none])
    moved = logit_choice([jnp.asarray(v + shift) for v in values], jnp.asarray(precision), [*none])
    assert [float(p) for p in plain] == pytest.approx([float(p) for p in moved], abs=1e-9)
    assert sum(float(p) for p in plain) == pytest.approx(1.0, abs=1e-12)


def test_choices_do_not_depend_on_the_names_of_players() -> None:
    channels = Channels(precision={"A": 1.2, "B": 0.8})
    named, _ = solve(entry(), channels)
    answer = Decision(
        name="answer",
        player="A",
        actions={
            "accept": Outcome(next=None, payoffs={"B": 1.0, "A": 1.0}),
            "fight": Outcome(next=None, payoffs={"B": -1.0, "A": -1.0}),
        },
    )
    root = Decision(name="entry", player="B", actions={"out": Outcome(next=None, payoffs={"A": 2.0}), "in": answer})
    renamed, _ = solve(root, Channels(precision={"B": 1.2, "A": 0.8}))
    assert named["A"] == renamed["B"]
