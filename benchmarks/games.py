"""Measure games per second, and compare with Gambit if it is installed (pip install pygambit==16.7.0)."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from tocsin.games.efg import ExtensiveGame, FileNode, FileOutcome, MoveSet, format_efg
from tocsin.games.efg.game import SetKey
from tocsin.games.equilibrium import Equilibrium
from tocsin.games.many import solve_many
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome

FOUR_STAGES = 1_000_000
SIGNALS = 100_000
LAMBDAS = (2.0, 8.0)
GAMBIT_GAMES = 100


def four_stages(payoffs: Array) -> Node:
    """Return a coercion game of four stages, given payoffs (5, 3, D) by outcome and player.

    The challenger accepts or coerces, the target concedes or resists, the protector supports or abandons, and the challenger attacks
    or backs down.
    """

    def end(index: int) -> Outcome:
        return Outcome(next=None, payoffs=dict(zip("CTP", payoffs[index], strict=True)))

    last = Decision(name="last", player="C", actions={"attack": end(0), "back down": end(1)})
    protector = Decision(name="protector", player="P", actions={"support": last, "abandon": end(2)})
    target = Decision(name="target", player="T", actions={"resist": protector, "concede": end(3)})
    return Decision(name="challenger", player="C", actions={"coerce": target, "accept": end(4)})


def signalling(payoffs: Array) -> Node:
    """Return a signalling game with two types, three messages and two replies; payoffs (24, D), sender and receiver in turn."""
    ends = iter(range(12))

    def end() -> Outcome:
        index = next(ends)
        return Outcome(next=None, payoffs={"S": payoffs[2 * index], "R": payoffs[2 * index + 1]})

    def reply(kind: int, message: int) -> Decision:
        actions = {name: end() for name in ("yes", "no")}
        return Decision(name=f"{kind} {message}", information=f"heard {message}", player="R", actions=actions)

    def sender(kind: int) -> Decision:
        return Decision(name=f"type {kind}", player="S", actions={str(m): reply(kind, m) for m in range(3)})

    return Chance(branches=((0.4, sender(0)), (0.6, sender(1))))


def as_file(build: Callable[[Any], Node], payoffs: np.ndarray, players: str) -> str:
    """Return one game in Gambit's format."""
    nodes: list[FileNode] = []
    sets: dict[SetKey, MoveSet] = {}
    outcomes: dict[int, FileOutcome] = {}
    numbers: dict[str, SetKey] = {}

    def add(node: Node) -> None:
        match node:
            case Outcome():
                number = len(outcomes) + 1
                paid = tuple(_decimal(node.payoffs[player]) for player in players)
                outcomes[number] = FileOutcome(label="", payoffs=paid)
                nodes.append(FileNode(label="", moves=None, outcome=number))
                return
            case Chance():
                key, following = (0, 1), [child for _, child in node.branches]
                probabilities = tuple(_decimal(probability) for probability, _ in node.branches)
                sets[key] = MoveSet(label="", actions=("a", "b"), probabilities=probabilities)
            case Decision():
                player = players.index(node.player) + 1
                name = node.information or node.name
                key = numbers.setdefault(name, (player, 1 + sum(other[0] == player for other in numbers.values())))
                sets[key] = MoveSet(label="", actions=tuple(node.actions))
                following = list(node.actions.values())
            case _:
                raise TypeError("only outcomes, chance moves and decisions can be written")
        nodes.append(FileNode(label="", moves=key, outcome=0))
        for child in following:
            add(child)

    add(build(payoffs))
    return format_efg(
        ExtensiveGame(title="", players=tuple(players), comment="", sets=sets, outcomes=outcomes, nodes=tuple(nodes))
    )


def _decimal(number: Any) -> Any:
    from decimal import Decimal

    return Decimal(repr(float(number)))


def gambit_rate(build: Callable[[Any], Node], payoffs: np.ndarray, players: str, precision: float) -> float | None:
    """Return games per second of pygambit's `logit_solve_lambda`, `None` if it is not installed."""
    if find_spec("pygambit") is None:
        return None
    import pygambit

    texts = [as_file(build, payoffs[..., draw], players) for draw in range(GAMBIT_GAMES)]
    games = [pygambit.read_efg(io.StringIO(text)) for text in texts]
    started = time.perf_counter()
    for game in games:
        pygambit.qre.logit_solve_lambda(game, precision)
    return GAMBIT_GAMES / (time.perf_counter() - started)


def own_rate(
    build: Callable[[Any], Node], payoffs: np.ndarray, players: str, precision: float
) -> tuple[float, Equilibrium]:
    """Return games per second of `solve_many` without compilation, and the solutions."""
    rates = dict.fromkeys(players, precision)
    solve_many(build, payoffs[..., : payoffs.shape[-1] // 10], rates)
    started = time.perf_counter()
    solution = solve_many(build, payoffs, rates)
    return payoffs.shape[-1] / (time.perf_counter() - started), solution


def report() -> None:
    """Print the rates."""
    random = np.random.default_rng(1)
    kinds = (
        ("four-stage coercion tree", four_stages, (5, 3, FOUR_STAGES), "CTP", 10_000),
        ("signalling game", signalling, (24, SIGNALS), "SR", 200),
    )
    for title, build, shape, players, required in kinds:
        payoffs = random.normal(size=shape)
        for precision in LAMBDAS:
            rate, solution = own_rate(build, payoffs, players, precision)
            gambit = gambit_rate(build, payoffs, players, precision)
            times = (
                "pygambit is not installed" if gambit is None else f"{rate / gambit:,.0f} times pygambit's {gambit:.0f}"
            )
            print(f"{title}, lambda {precision:g}: {rate:12,.0f} games a second; {times} (at least {required:,})")
            print(
                f"    {int(np.sum(~solution.converged)):,} of {shape[-1]:,} games not converged; "
                f"largest residual {solution.residual[solution.converged].max():.1e} (at most 1e-10)"
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory with a million payoff sets            {peak:7.0f} MB    at most 1,000")


if __name__ == "__main__":
    report()
