"""Play without errors: all subgame-perfect equilibria under ties, and limits of the principal branch."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest
from tests.games.random_games import random_game

from tocsin.games import perfect
from tocsin.games.agents import AgentForm, agent_form
from tocsin.games.efg.solvable import Solvable
from tocsin.games.perfect import MAX_EQUILIBRIA, branch_limit, subgame_perfect
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome

pytestmark = pytest.mark.numeric


def _end(**payoffs: int | float | Fraction) -> Outcome:
    return Outcome(next=None, payoffs=payoffs)


def ultimatum() -> Decision:
    """Return a game in which A offers 0, 1 or 2 of 2 and B accepts or refuses; a tie at the offer of 0 gives two equilibria."""

    def reply(offer: int) -> Decision:
        return Decision(
            name=f"offered {offer}",
            player="B",
            actions={"yes": _end(A=Fraction(2 - offer), B=Fraction(offer)), "no": _end()},
        )

    return Decision(name="offer", player="A", actions={str(offer): reply(offer) for offer in range(3)})


def test_every_tie_gives_an_equilibrium() -> None:
    solution = subgame_perfect(ultimatum(), ("A", "B"))
    assert solution.complete
    assert [(plan["offer"], plan["offered 0"]) for plan in solution.plans] == [("0", "yes"), ("1", "no")]
    assert [dict(values) for values in solution.values] == [{"A": 2, "B": 0}, {"A": 1, "B": 1}]


def _values(node: Node, plan: dict[str, str], player: str) -> Fraction:
    own = Fraction(node.payoffs.get(player, Fraction(0)))
    match node:
        case Chance():
            return own + sum((Fraction(p) * _values(child, plan, player) for p, child in node.branches), Fraction(0))
        case Decision():
            return own + _values(node.actions[plan[node.name]], plan, player)
        case _:
            return own


def _decisions(node: Node) -> list[Decision]:
    match node:
        case Chance():
            return [decision for _, child in node.branches for decision in _decisions(child)]
        case Decision():
            return [node, *(decision for child in node.actions.values() for decision in _decisions(child))]
        case _:
            return []


def _is_perfect(root: Node, plan: dict[str, str]) -> bool:
    """Return whether no deviation at a single decision gains in its subgame (the one-shot deviation principle)."""
    return all(
        _values(node, plan, node.player) >= _values(node, {**plan, node.name: action}, node.player)
        for node in _decisions(root)
        for action in node.actions
    )


def _small_games() -> list[tuple[Node, tuple[str, ...]]]:
    """Return games with few enough plans to try all of them; payoffs are rounded so that ties occur."""
    games = []
    for seed in range(60):
        solvable = Solvable(random_game(seed, hidden=False))
        root = solvable.root(_coarse)
        if np.prod([len(node.actions) for node in _decisions(root)]) <= 3000:
            games.append((root, solvable.players))
    return games


def _coarse(exact: Fraction) -> Fraction:
    return Fraction(round(exact)) if exact.denominator in (1, 2, 4) and abs(exact) > 1 else exact


@pytest.mark.parametrize(("root", "players"), _small_games())
def test_the_equilibria_are_those_among_all_plans(root: Node, players: tuple[str, ...]) -> None:
    nodes = _decisions(root)
    plans = [dict(zip([n.name for n in nodes], plan, strict=True)) for plan in product(*(n.actions for n in nodes))]
    expected = [plan for plan in plans if _is_perfect(root, plan)]
    solution = subgame_perfect(root, players)
    key = sorted([tuple(sorted(plan.items())) for plan in expected])
    assert sorted(tuple(sorted(plan.items())) for plan in solution.plans) == key


def test_a_list_cut_short_by_ties_is_incomplete() -> None:
    flat: Node = _end()
    for n in range(12):
        flat = Decision(name=str(n), player="A", actions={"l": flat, "r": _end()})
    solution = subgame_perfect(flat, ("A",))
    assert len(solution.plans) == MAX_EQUILIBRIA
    assert not solution.complete


def matching_pennies() -> Decision:
    """Return a game in which A gets 2 for matching on heads, 1 on tails, else 0; B loses 1 if they match."""
    second = [
        Decision(name=f"b{n}", information="b", player="B", actions={"h": _end(A=a, B=-b), "t": _end(A=c, B=-d)})
        for n, (a, b, c, d) in enumerate([(2.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 1.0)])
    ]
    return Decision(name="a", player="A", actions={"h": second[0], "t": second[1]})


def test_matching_pennies_has_its_mixed_equilibrium_as_limit() -> None:
    solution = branch_limit(agent_form(matching_pennies(), ("A", "B")))
    assert solution.converged
    assert solution.strategies["a"] == pytest.approx([1 / 2, 1 / 2], abs=1e-6)
    assert solution.strategies["b"] == pytest.approx([1 / 3, 2 / 3], abs=1e-6)
    assert solution.values["A"] == pytest.approx(2 / 3, abs=1e-6)


def test_kuhns_poker_has_its_known_value() -> None:
    """Kuhn (1950): each player has one of three cards and may bet one chip; the first player loses 1/18 chip per game."""

    def play(own: int, other: int) -> Decision:
        showdown = 1.0 if own > other else -1.0

        def end(value: float) -> Outcome:
            return _end(A=value, B=-value)

        call: dict[str, Node] = {"fold": end(-1.0), "call": end(2.0 * showdown)}
        third = Decision(name=f"A again {own}{other}", information=f"A again {own}", player="A", actions=call)
        after_check: dict[str, Node] = {"check": end(showdown), "bet": third}
        after_bet: dict[str, Node] = {"fold": end(1.0), "call": end(2.0 * showdown)}
        second = [
            Decision(name=f"B {before} {own}{other}", information=f"B {before} {other}", player="B", actions=actions)
            for before, actions in (("check", after_check), ("bet", after_bet))
        ]
        first: dict[str, Node] = {"check": second[0], "bet": second[1]}
        return Decision(name=f"A {own}{other}", information=f"A {own}", player="A", actions=first)

    root = Chance(branches=tuple((1 / 6, play(own, other)) for own, other in permutations(range(3), 2)))
    solution = branch_limit(agent_form(root, ("A", "B")))
    assert solution.converged
    assert solution.values["A"] == pytest.approx(-1 / 18, abs=1e-8)


@pytest.mark.parametrize("seed", [0, 1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (3, 4, 5))])
def test_the_limit_is_the_subgame_perfect_equilibrium_under_perfect_information(seed: int) -> None:
    solvable = Solvable(random_game(seed, hidden=False))
    exact = subgame_perfect(solvable.root(Fraction), solvable.players)
    solution = branch_limit(agent_form(solvable.root(), solvable.players))
    if len(exact.plans) == 1:
        assert solution.values == pytest.approx(
            {name: float(value) for name, value in exact.values[0].items()}, abs=1e-6
        )
    assert solution.converged


def test_a_limit_with_a_tie_is_reached_although_play_approaches_it_slowly() -> None:
    """Both lose only if both go left. Right is weakly dominant, so that the other action vanishes as log(lambda)/lambda."""
    payoffs = {"left": {"l": (0, 0), "r": (1, 1)}, "right": {"l": (1, 1), "r": (1, 1)}}
    second = {
        action: Decision(
            name=action, information="b", player="B", actions={own: _end(A=a, B=b) for own, (a, b) in row.items()}
        )
        for action, row in payoffs.items()
    }
    solution = branch_limit(agent_form(Decision(name="a", player="A", actions=second), ("A", "B")))
    assert solution.converged
    assert solution.strategies["a"] == pytest.approx([0.0, 1.0], abs=1e-6)


@pytest.mark.parametrize(("lost_after", "sharpness"), [(4, 1e6), (3, 1e5), (2, 1e4)])
def test_a_limit_that_is_exact_before_the_branch_is_lost_counts(
    monkeypatch: pytest.MonkeyPatch, lost_after: int, sharpness: float
) -> None:
    solution = branch_limit(_lost_after(lost_after, monkeypatch))
    assert solution.converged and solution.sharpness == sharpness
    assert solution.strategies["b"] == pytest.approx([1 / 3, 2 / 3], abs=1e-6)
    assert solution.precision == {"A": sharpness / 2, "B": sharpness}


@pytest.mark.parametrize(("lost_after", "sharpness"), [(1, 1e3), (0, 0.0)])
def test_a_branch_that_is_lost_early_has_no_limit(
    monkeypatch: pytest.MonkeyPatch, lost_after: int, sharpness: float
) -> None:
    solution = branch_limit(_lost_after(lost_after, monkeypatch))
    assert not solution.converged
    assert solution.sharpness == sharpness


def _lost_after(count: int, monkeypatch: pytest.MonkeyPatch) -> AgentForm:
    """Return matching pennies, and let the branch be lost after some of the marks."""
    followed = perfect._followed

    def short(form: AgentForm, precision: Array, marks: Array) -> list[np.ndarray]:
        known = np.arange(len(marks)) < count
        arrays = [np.asarray(array) for array in followed(form, precision, marks)]
        return [*(np.where(known[:, None, None], array, 0.5) for array in arrays[:3]), arrays[3] & known[:, None]]

    monkeypatch.setattr(perfect, "_followed", short)
    return agent_form(matching_pennies(), ("A", "B"))


def test_hidden_information_and_shared_nodes_are_refused() -> None:
    leaf = _end(A=1)
    with pytest.raises(ValueError, match="reached in two ways"):
        subgame_perfect(Decision(name="a", player="A", actions={"l": leaf, "r": leaf}), ("A",))
    inner = [Decision(name=f"b{n}", information="b", player="B", actions={"l": _end()}) for n in range(2)]
    with pytest.raises(ValueError, match="information set b has several decisions"):
        subgame_perfect(Decision(name="a", player="A", actions={"l": inner[0], "r": inner[1]}), ("A", "B"))
