"""Logit equilibrium of games: Gambit's answers, fixed points, Bayes' rule, derivatives, invariances, refused input."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.games.freeze_gambit import FILE, LAMBDAS, solved_by_gambit
from tests.games.random_games import random_game
from tests.support import seeded

from tocsin.errors import InputError
from tocsin.games.agents import agent_form
from tocsin.games.backend import compiled_lightly
from tocsin.games.branch import polished
from tocsin.games.efg import ExtensiveGame, format_efg
from tocsin.games.efg.solvable import Solvable
from tocsin.games.equilibrium import TOLERANCE, Equilibrium, logit_equilibrium
from tocsin.games.many import solve_many
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome

pytestmark = pytest.mark.numeric

FROZEN = json.loads(FILE.read_text(encoding="utf-8"))
MARKS = tuple(precision / max(LAMBDAS) for precision in LAMBDAS)
KINDS = {"perfect": False, "hidden": True}


def solved(game: ExtensiveGame, precision: float, marks: tuple[float, ...] = (1.0,)) -> Equilibrium:
    solvable = Solvable(game)
    return logit_equilibrium(solvable.root(), dict.fromkeys(solvable.players, precision), marks)


def in_gambits_order(game: ExtensiveGame, solution: Equilibrium, mark: int) -> np.ndarray:
    """Return the probabilities in order of player, information set and action."""
    solvable = Solvable(game)
    sets = [solvable.set_name(key) for key in sorted(game.sets) if key[0]]
    return np.concatenate([np.asarray(solution.strategies[name])[mark, :, 0] for name in sets])


# --- Gambit --------------------------------------------------------------------------------------------------------


def check_against_gambit(kind: str, record: dict[str, Any]) -> None:
    game = random_game(record["seed"], hidden=KINDS[kind])
    assert hashlib.sha256(format_efg(game).encode()).hexdigest() == record["sha256"]
    solution = solved(game, max(LAMBDAS), MARKS)
    assert bool(np.all(solution.converged))
    for mark, expected in enumerate(record["solutions"]):
        assert in_gambits_order(game, solution, mark) == pytest.approx(np.array(expected), abs=1e-6)


@pytest.mark.parametrize("record", FROZEN["perfect"][:60], ids=lambda record: str(record["seed"]))
def test_games_of_perfect_information_have_gambits_solutions(record: dict[str, Any]) -> None:
    check_against_gambit("perfect", record)


@pytest.mark.parametrize("record", FROZEN["hidden"][:3], ids=lambda record: str(record["seed"]))
def test_games_of_hidden_information_have_gambits_solutions(record: dict[str, Any]) -> None:
    check_against_gambit("hidden", record)


@pytest.mark.slow
@pytest.mark.parametrize("record", FROZEN["perfect"][60:], ids=lambda record: str(record["seed"]))
def test_more_games_of_perfect_information_have_gambits_solutions(record: dict[str, Any]) -> None:
    check_against_gambit("perfect", record)


@pytest.mark.slow
@pytest.mark.parametrize("record", FROZEN["hidden"][3:], ids=lambda record: str(record["seed"]))
def test_more_games_of_hidden_information_have_gambits_solutions(record: dict[str, Any]) -> None:
    check_against_gambit("hidden", record)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_gambit_gives_its_stored_answers(kind: str) -> None:
    pytest.importorskip("pygambit", reason="pygambit is not installed")
    for record in FROZEN[kind]:
        current = solved_by_gambit(kind, record["seed"])
        assert current["sha256"] == record["sha256"]
        assert np.concatenate(current["solutions"]) == pytest.approx(np.concatenate(record["solutions"]), abs=1e-8)


# --- one signalling game in depth ----------------------------------------------------------------------------------

PAYOFFS = np.array([[2.0, 1.0], [0.0, 0.0], [1.0, 0.5], [0.5, 1.0], [1.0, 0.0], [-1.0, 1.0], [0.2, -0.5], [0.0, 1.0]])


def signalling(payoffs: Array, strong: Array = 0.4) -> Node:
    """Return a game with two types of sender, two messages and two replies; payoffs (8, 2) by type, message and reply."""
    ends = iter([Outcome(next=None, payoffs={"S": pair[0], "R": pair[1]}) for pair in payoffs])

    def reply(kind: str, message: str) -> Decision:
        actions = {name: next(ends) for name in ("yield", "stand")}
        return Decision(name=f"{kind} {message}", information=message, player="R", actions=actions)

    def sender(kind: str) -> Decision:
        return Decision(name=kind, player="S", actions={name: reply(kind, name) for name in ("loud", "quiet")})

    return Chance(branches=((strong, sender("strong")), (1.0 - strong, sender("weak"))))


def solved_signalling(payoffs: Array, precision: float = 3.0, strong: Array = 0.4) -> Equilibrium:
    return logit_equilibrium(signalling(payoffs, strong), {"S": precision, "R": precision})


def test_beliefs_follow_bayes_rule() -> None:
    solution = solved_signalling(PAYOFFS)
    for message, name in enumerate(("loud", "quiet")):
        joint = [0.4 * solution.strategies["strong"][0, message, 0], 0.6 * solution.strategies["weak"][0, message, 0]]
        bayes = np.array(joint) / np.sum(joint)
        assert np.asarray(solution.beliefs[name])[0, :, 0] == pytest.approx(bayes, abs=1e-12)


def test_choices_are_responses_to_values_computed_by_hand() -> None:
    solution = solved_signalling(PAYOFFS)
    reply = {name: np.asarray(solution.strategies[name])[0, :, 0] for name in ("loud", "quiet")}
    for first, kind in ((0, "strong"), (4, "weak")):
        values = [PAYOFFS[first : first + 2, 0] @ reply["loud"], PAYOFFS[first + 2 : first + 4, 0] @ reply["quiet"]]
        loud = 1.0 / (1.0 + np.exp(-3.0 * (values[0] - values[1])))
        assert float(solution.strategies[kind][0, 0, 0]) == pytest.approx(loud, abs=1e-10)
    for first, name in ((0, "loud"), (2, "quiet")):
        belief = np.asarray(solution.beliefs[name])[0, :, 0]
        values = belief @ np.array([PAYOFFS[first : first + 2, 1], PAYOFFS[first + 4 : first + 6, 1]])
        probability = 1.0 / (1.0 + np.exp(-3.0 * (values[0] - values[1])))
        assert reply[name][0] == pytest.approx(probability, abs=1e-10)


def test_derivatives_by_payoffs_precision_and_probabilities_equal_central_differences() -> None:
    def quantity(theta: Array) -> Array:
        payoffs, precision, strong = theta[:16].reshape(8, 2), theta[16], theta[17]
        solution = logit_equilibrium(signalling(payoffs, strong), {"S": precision, "R": 2.0 * precision})
        return (
            solution.beliefs["loud"][0, 0, 0]
            + 2.0 * solution.values["S"][0, 0]
            + solution.strategies["weak"][0, 0, 0] ** 2
        )

    theta = jnp.asarray([*PAYOFFS.ravel(), 1.5, 0.4])
    reverse, forward = compiled_lightly(jax.grad(quantity))(theta), compiled_lightly(jax.jacfwd(quantity))(theta)
    value, step = compiled_lightly(quantity), 1e-5
    central = np.array([(value(theta + step * unit) - value(theta - step * unit)) / (2 * step) for unit in np.eye(18)])
    scale = np.abs(central).max()
    assert np.asarray(reverse) == pytest.approx(central, abs=1e-6 * scale, rel=1e-6)
    assert np.asarray(forward) == pytest.approx(np.asarray(reverse), abs=1e-12)


def test_derivatives_flow_through_the_recursion() -> None:
    def quantity(theta: Array) -> Array:
        last = Decision(name="b", player="B", actions={"l": _end(B=theta[0]), "r": _end(A=theta[1])})
        root = Decision(name="a", player="A", actions={"out": _end(A=0.3), "in": last})
        solution = logit_equilibrium(root, {"A": theta[2], "B": 1.0})
        return solution.strategies["a"][0, 1, 0]

    theta, step, value = jnp.asarray([0.5, 1.2, 2.0]), 1e-5, compiled_lightly(quantity)
    central = [float(value(theta + step * u) - value(theta - step * u)) / (2 * step) for u in np.eye(3)]
    assert np.asarray(compiled_lightly(jax.grad(quantity))(theta)) == pytest.approx(np.array(central), rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(
    shift=st.floats(-50.0, 50.0),
    scale=st.floats(0.1, 10.0),
    seed=st.integers(0, 10_000),
)
def test_a_shift_of_payoffs_changes_nothing_and_a_scale_divides_lambda(shift: float, scale: float, seed: int) -> None:
    payoffs = np.random.default_rng(seeded(seed)).normal(size=(8, 2))
    plain, moved = solved_signalling(payoffs, 2.0), solved_signalling(scale * payoffs + shift, 2.0 / scale)
    assert bool(plain.converged[0, 0]) and bool(moved.converged[0, 0])
    for name, probabilities in plain.strategies.items():
        assert np.asarray(moved.strategies[name]) == pytest.approx(np.asarray(probabilities), abs=1e-9)
        assert np.asarray(probabilities).sum(axis=1) == pytest.approx(1.0, abs=1e-12)


def test_names_of_players_and_actions_do_not_matter() -> None:
    def renamed(node: Node) -> Node:
        match node:
            case Outcome():
                return replace(node, payoffs={"R": node.payoffs["S"], "S": node.payoffs["R"]})
            case Chance():
                return replace(node, branches=tuple((p, renamed(child)) for p, child in node.branches))
            case Decision():
                actions = {name[::-1]: renamed(child) for name, child in node.actions.items()}
                return replace(node, player={"R": "S", "S": "R"}[node.player], actions=actions)
            case _:
                raise AssertionError

    plain = logit_equilibrium(signalling(PAYOFFS), {"S": 3.0, "R": 1.0})
    other = logit_equilibrium(renamed(signalling(PAYOFFS)), {"S": 1.0, "R": 3.0})
    assert float(plain.values["S"][0, 0]) == pytest.approx(float(other.values["R"][0, 0]), abs=1e-12)


def test_a_move_with_one_action_changes_nothing() -> None:
    def forced(node: Node) -> Node:
        return Decision(name="forced", player="S", actions={"go": node})

    plain = solved_signalling(PAYOFFS)
    padded = logit_equilibrium(forced(signalling(PAYOFFS)), {"S": 3.0, "R": 3.0})
    assert float(padded.strategies["forced"][0, 0, 0]) == 1.0
    assert np.asarray(padded.strategies["weak"]) == pytest.approx(np.asarray(plain.strategies["weak"]), abs=1e-12)


def test_lambda_zero_is_uniform_play() -> None:
    solution = solved_signalling(PAYOFFS, 0.0)
    assert all(np.all(np.asarray(probabilities) == 0.5) for probabilities in solution.strategies.values())
    assert bool(solution.converged[0, 0])


@pytest.mark.parametrize("precision", [1e3, 1e6])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_nothing_overflows_and_residuals_are_small_where_converged(precision: float, scale: float) -> None:
    payoffs = scale * np.random.default_rng(seeded(3)).normal(size=(8, 2, 60))
    solution = solved_signalling(payoffs, precision)
    for array in jax.tree.leaves(solution):
        assert np.isfinite(np.asarray(array)).all()
    residual = np.asarray(solution.residual)
    assert (residual[np.asarray(solution.converged)] <= TOLERANCE).all()


def test_polishing_leaves_a_game_alone_whose_slopes_overflow() -> None:
    form = agent_form(signalling(PAYOFFS[:, :, None]), ("S", "R"))
    log_odds = jnp.zeros((len(form.others), 1))
    polish = compiled_lightly(polished)
    sharp = polish(form, jnp.full((2, 1), 1e308), log_odds)
    assert np.asarray(sharp).tolist() == np.asarray(log_odds).tolist()
    assert np.isfinite(np.asarray(polish(form, jnp.ones((2, 1)), log_odds))).all()


def test_the_branch_equals_the_recursion_under_perfect_information() -> None:
    game = Solvable(random_game(7, hidden=False))
    rates = {player: 1.0 + index for index, player in enumerate(game.players)}
    closed = logit_equilibrium(game.root(), rates, (0.5, 1.0))
    followed = logit_equilibrium(game.root(), rates, (0.5, 1.0), method="branch")
    for name, probabilities in closed.strategies.items():
        assert np.asarray(followed.strategies[name]) == pytest.approx(np.asarray(probabilities), abs=1e-10)
    for player, values in closed.values.items():
        assert np.asarray(followed.values[player]) == pytest.approx(np.asarray(values), abs=1e-9)


# --- folds and bifurcations ----------------------------------------------------------------------------------------


def simultaneous(rows: Array) -> Node:
    """Return a two-by-two game in which B moves without knowing A's move; rows (4, 2) of payoffs."""
    ends = iter([_end(A=pair[0], B=pair[1]) for pair in rows])

    def second(name: str) -> Decision:
        return Decision(name=name, information="B", player="B", actions={"l": next(ends), "r": next(ends)})

    return Decision(name="A", player="A", actions={"u": second("after u"), "d": second("after d")})


def test_a_crossing_is_counted_where_the_branches_of_a_symmetric_game_part() -> None:
    """Pure coordination: the symmetric branch stays at 1/2; two others leave it at lambda = 2 (a pitchfork)."""
    rows = np.array([[1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [1.0, 1.0]])
    before = logit_equilibrium(simultaneous(rows), {"A": 1.9, "B": 1.9})
    after = logit_equilibrium(simultaneous(rows), {"A": 4.0, "B": 4.0})
    assert int(before.crossings[0]) == 0
    assert int(after.crossings[0]) == 1
    assert float(after.strategies["A"][0, 0, 0]) == pytest.approx(0.5, abs=1e-9)


def test_the_branch_is_followed_around_its_folds() -> None:
    """Some branches fold; their first point at the precision is still a fixed point, and the folds are counted."""
    payoffs = np.random.default_rng(seeded(0)).normal(size=(24, 400))
    solution = logit_equilibrium(three_messages(payoffs), {"S": 8.0, "R": 8.0})
    folded = np.asarray(solution.folds) > 0
    assert folded.any()
    assert np.asarray(solution.converged).all()
    assert (np.asarray(solution.steps) > 0).all()


def three_messages(payoffs: Array) -> Node:
    """Return a game with two types, three messages and two replies; payoffs (24, D)."""
    ends = iter(range(12))

    def reply(kind: int, message: int) -> Decision:
        actions = {name: _end(S=payoffs[2 * k], R=payoffs[2 * k + 1]) for name, k in zip("xy", ends, strict=False)}
        return Decision(name=f"{kind}{message}", information=f"r{message}", player="R", actions=actions)

    senders = [
        Decision(name=f"s{kind}", player="S", actions={str(message): reply(kind, message) for message in range(3)})
        for kind in range(2)
    ]
    return Chance(branches=((0.4, senders[0]), (0.6, senders[1])))


def _end(**payoffs: Array) -> Outcome:
    return Outcome(next=None, payoffs=payoffs)


# --- many at once --------------------------------------------------------------------------------------------------


def test_many_games_at_once_have_the_solutions_of_single_games() -> None:
    payoffs = np.random.default_rng(seeded(1)).normal(size=(24, 600))
    rates = np.linspace(0.5, 4.0, 600)
    whole = solve_many(three_messages, payoffs, {"S": rates, "R": 2.0}, (0.5, 1.0))
    assert whole.residual.shape == (2, 600)
    assert whole.converged.all()
    for draw in (0, 255, 256, 599):
        single = logit_equilibrium(three_messages(payoffs[:, [draw]]), {"S": rates[draw], "R": 2.0}, (0.5, 1.0))
        for name, probabilities in single.strategies.items():
            assert whole.strategies[name][..., [draw]] == pytest.approx(np.asarray(probabilities), abs=1e-10)


def test_a_game_without_decisions_has_its_expected_payoffs() -> None:
    root = Chance(branches=((0.25, _end(A=4.0)), (0.75, _end())))
    solution = logit_equilibrium(root, {"A": 1.0})
    assert float(solution.values["A"][0, 0]) == 1.0
    assert solution.strategies == {}


def test_beliefs_after_a_chance_move_of_probability_zero_are_their_limit() -> None:
    """Bayes' rule holds even where a type has probability zero: the belief is the limit."""
    solution = solved_signalling(PAYOFFS, strong=0.0)
    assert np.asarray(solution.beliefs["loud"])[0, :, 0] == pytest.approx([0.0, 1.0], abs=1e-12)
    assert bool(solution.converged[0, 0])


# --- refusals ------------------------------------------------------------------------------------------------------


def _pick(name: str, player: str, information: str | None = None, **actions: Node) -> Decision:
    return Decision(name=name, player=player, information=information, actions=actions)


def test_a_player_who_forgets_is_refused_by_name() -> None:
    inner = [_pick(f"again {n}", "A", "again", l=_end(A=1.0), r=_end()) for n in range(2)]
    with pytest.raises(InputError, match="A forgets at information set again"):
        logit_equilibrium(_pick("first", "A", l=inner[0], r=inner[1]), {"A": 1.0})


def test_an_absent_minded_player_is_refused_by_name() -> None:
    root = _pick("x", "A", "exit", l=_pick("y", "A", "exit", l=_end(), r=_end()), r=_end())
    with pytest.raises(InputError, match="A forgets at information set exit"):
        logit_equilibrium(root, {"A": 1.0})


@pytest.mark.parametrize(
    ("root", "message"),
    [
        (
            _pick("a", "A", l=_pick("b", "B", "s", x=_end()), r=_pick("c", "B", "s", y=_end())),
            "information set s: b and c differ",
        ),
        (_pick("a", "C", l=_end(), r=_end()), "unknown player C at decision a"),
        (_pick("a", "A", l=Outcome(next="on")), "leave `next` empty"),
    ],
)
def test_a_malformed_tree_is_refused(root: Node, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        logit_equilibrium(root, {"A": 1.0, "B": 1.0}, method="branch")


@pytest.mark.parametrize("marks", [(-1.0,), (1.0, 0.5), (float("nan"),)])
def test_marks_must_ascend_from_zero(marks: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="must be 0 or more and ascend"):
        logit_equilibrium(signalling(PAYOFFS), {"S": 1.0, "R": 1.0}, marks)


def test_payoffs_that_are_not_finite_are_refused() -> None:
    broken = np.where(np.arange(16).reshape(8, 2) == 3, np.nan, PAYOFFS)
    with pytest.raises(ValueError, match="a payoff or probability is not a finite number"):
        solved_signalling(broken)
    with pytest.raises(ValueError, match="inputs are not finite in draw 2"):
        solve_many(three_messages, np.where(np.arange(5) == 2, np.inf, np.zeros((24, 5))), {"S": 1.0, "R": 1.0})


@pytest.mark.parametrize("precision", [-1.0, float("nan"), float("inf")])
def test_a_precision_must_be_finite_and_not_negative(precision: float) -> None:
    with pytest.raises(ValueError, match="precision of R is"):
        logit_equilibrium(signalling(PAYOFFS), {"S": 1.0, "R": precision})
    with pytest.raises(ValueError, match="precision of R is"):
        solve_many(three_messages, np.zeros((24, 3)), {"S": 1.0, "R": np.array([1.0, precision, 1.0])})


@pytest.mark.parametrize("probabilities", [(0.5, 0.6), (-0.5, 1.5)])
def test_probabilities_of_a_chance_move_must_sum_to_one(probabilities: tuple[float, float]) -> None:
    root = Chance(branches=((probabilities[0], _end(A=1.0)), (probabilities[1], _end())))
    with pytest.raises(ValueError, match="must be 0 or more and sum to one"):
        logit_equilibrium(root, {"A": 1.0})


def test_the_recursion_is_refused_under_hidden_information() -> None:
    with pytest.raises(InputError, match="needs perfect information"):
        logit_equilibrium(signalling(PAYOFFS), {"S": 1.0, "R": 1.0}, method="recursion")


def test_a_gpu_gives_the_same_answers() -> None:
    try:
        gpu = jax.devices("gpu")[0]
    except RuntimeError:
        pytest.skip("JAX finds no GPU on this machine")
    payoffs = jnp.asarray(np.random.default_rng(seeded(4)).normal(size=(24, 64)))
    here = logit_equilibrium(three_messages(payoffs), {"S": 3.0, "R": 3.0})
    with jax.default_device(gpu):
        there = logit_equilibrium(three_messages(jax.device_put(payoffs, gpu)), {"S": 3.0, "R": 3.0})
    assert np.asarray(there.converged).all()
    for name, probabilities in here.strategies.items():
        assert np.asarray(there.strategies[name]) == pytest.approx(np.asarray(probabilities), abs=1e-9)
