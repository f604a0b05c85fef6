"""Tiny coercion games for ever, as explicit trees: one protector, no regimes, two or three players' decisions a year.

Written from the model's description; only the prepared numbers are shared. A tree is solved in two ways that iterate nothing. All plans
that are the same every year are enumerated, each with its values from linear equations; perfect are those from which no single decision
should depart (one-shot deviation). Or each decision becomes a state of a stochastic game, for another solver.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import TypeAlias

import numpy as np
from scipy.special import expit

from tocsin.models.coercion.prepare import Prepared

ME, TARGET, FRIEND = PLAYERS = ("challenger", "target", "protector0")
Pays: TypeAlias = Mapping[str, float]


@dataclass(frozen=True, eq=False)
class End:
    """The year ends at a level; None: the challenger has fallen."""

    level: int | None
    pays: Pays = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Chance:
    """Nodes with their probabilities."""

    parts: tuple[tuple[float, Node], ...]
    pays: Pays = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Move:
    """A player's decision."""

    name: str
    player: str
    actions: Mapping[str, Node]
    pays: Pays = field(default_factory=dict)


Node: TypeAlias = End | Chance | Move


def moves(node: Node) -> dict[str, Move]:
    """Return the decisions of a tree by name."""
    match node:
        case End():
            return {}
        case Chance():
            return {name: move for _, child in node.parts for name, move in moves(child).items()}
        case Move():
            return {node.name: node} | {
                name: move for end in node.actions.values() for name, move in moves(end).items()
            }


@dataclass(frozen=True)
class Tiny:
    """One draw of a prepared scenario whose game is tiny, repeated for ever at the forces of its last year."""

    prepared: Prepared
    draw: int
    menu: tuple[str, ...]

    @cached_property
    def p(self) -> dict[str, float]:
        """Return the parameters."""
        return {name: float(values[self.draw]) for name, values in self.prepared.parameters.items()}

    @property
    def levels(self) -> int:
        """Return L."""
        return self.prepared.form.levels

    @property
    def strikers(self) -> tuple[str, ...]:
        """Return who may strike first."""
        return self.prepared.form.anonymous().strikers

    def flow(self, level: int) -> np.ndarray:
        """Return what the players receive in a year that begins at a level, (3,)."""
        return self.aims * level / self.levels * (1.0 - self.p["discount"])

    @cached_property
    def aims(self) -> np.ndarray:
        """Return what the whole aim, held for ever, is worth to each player, (3,)."""
        return np.array([self.p[f"aim.{player}"] for player in PLAYERS])

    @cached_property
    def strength(self) -> dict[str, float]:
        """Return the usable strength of each player."""
        share = {player: self.p[f"reach.{player}"] * self.p[f"usable.{player}"] for player in PLAYERS}
        return {player: share[player] * float(self.prepared.forces[player][-1, self.draw]) for player in PLAYERS}

    def year(self, level: int) -> Node:
        """Return the tree of a year that begins at a level."""
        return _Tree(self, level).root()


@dataclass(frozen=True)
class _Tree:
    tiny: Tiny
    level: int

    def root(self) -> Node:
        p, chosen = self.tiny.p, self._instrument()
        if not self.tiny.strikers:
            return chosen
        cost = p["cost.strike"]
        warned = self._crisis("warned", chosen)
        peace = self._strikes("peace", chosen, cost + p["cost.strike.peace"])
        return Chance(((p["alarm"], warned), (1.0 - p["alarm"], peace)))

    def _instrument(self) -> Node:
        p, stay = self.tiny.p, End(self.level)
        plain = {"hold": 0.0, **{name: -p[f"cost.{name}"] for name in ("condemn", "influence")}}
        actions: dict[str, Node] = {name: self._unless(stay, {ME: cost}) for name, cost in plain.items()}
        actions |= {"press": self._press(), "attack": self.attack}
        return Move("instrument", ME, {name: actions[name] for name in self.tiny.menu})

    def _press(self) -> Node:
        cost = self.tiny.p["standing_aside.protector0"]
        called = Move(
            "press: help",
            FRIEND,
            {"support": self._escalate(True), "aside": Chance(((1.0, self._escalate(False)),), {FRIEND: -cost})},
        )
        actions = {"concede": self._unless(End(self.level + 1), {}), "resist": self._crisis("resisted", called)}
        return Move("answer", TARGET, actions, {ME: -self.tiny.p["cost.press"]})

    def _escalate(self, helped: bool) -> Node:
        p = self.tiny.p
        widens = 1.0 - (1.0 - p["widening"]) * (1.0 - self._accident("accident_after_clash"))
        wins = self._odds("clash", "win", helped)
        higher, same = (self._crisis(f"clash {helped} to {to}", End(to)) for to in (self.level + 1, self.level))
        clash = Chance(
            ((widens, self._war(helped)), ((1.0 - widens) * wins, higher), ((1.0 - widens) * (1.0 - wins), same)),
            dict.fromkeys(self._fighters(helped), -p["cost.clash"]),
        )
        back_down = self._unless(End(self.level), {ME: -p["cost.back_down"]})
        return Move(f"escalate {helped}", ME, {"escalate": clash, "back_down": back_down})

    def _unless(self, node: Node, pays: Pays) -> Node:
        accident = self._accident("accident")
        return Chance(((accident, self.attack), (1.0 - accident, node)), pays)

    def _accident(self, name: str) -> float:
        armed = sum(self.tiny.strength.values()) / self.tiny.p["armed_now"]
        return float(expit(self.tiny.p[name] + self.tiny.p["strike_instability"] * math.log(armed)))

    def _crisis(self, name: str, node: Node) -> Node:
        if not self.tiny.strikers:
            return node
        waits = self._strikes(name, node, self.tiny.p["cost.strike"])
        return Move(f"{name}: preempt", ME, {"wait": waits, "preempt": self.attack})

    def _strikes(self, name: str, node: Node, cost: float) -> Node:
        for actor in reversed(self.tiny.strikers):
            strike = Chance(((1.0, self._struck(actor)),), {actor: -cost})
            node = Move(f"{name}: {actor}", actor, {"strike": strike, "hold": node})
        return node

    def _struck(self, actor: str) -> Node:
        p = self.tiny.p
        found = (1.0 - p["hidden"]) * p["launchers"]
        destroyed = (1.0 - p["hidden"]) * (1.0 - math.exp(-p[f"blows.{actor}"] * self.tiny.strength[actor] / found))
        at_once = End(None, {ME: -p["falling"], **dict.fromkeys((TARGET, actor), -(1.0 - destroyed) * p["shadow"])})
        later = self._war(True, destroyed) if actor == FRIEND else self._call(f"struck by {actor}", destroyed)
        return Chance(((p[f"decapitation.{actor}"], at_once), (1.0 - p[f"decapitation.{actor}"], later)))

    @cached_property
    def attack(self) -> Node:
        return self._call("attack", 0.0)

    def _call(self, what: str, destroyed: float) -> Node:
        cost = self.tiny.p["standing_aside.protector0"]
        aside = Chance(((1.0, self._war(False, destroyed)),), {FRIEND: -cost})
        return Move(f"{what}: help", FRIEND, {"support": self._war(True, destroyed), "aside": aside})

    def _war(self, helped: bool, destroyed: float = 0.0) -> Node:
        p = self.tiny.p
        wins, loses = (self._odds("war", end, helped) for end in ("win", "lose"))
        fallen = loses * p["toppling"]
        parts = (
            (wins * p["conquest"], End(self.tiny.levels)),
            (wins * (1.0 - p["conquest"]), End(self.level + 1)),
            (fallen, End(None, {ME: -p["falling"]})),
            (1.0 - wins - fallen, End(self.level)),
        )
        cost = {ME: p["cost.war.challenger"], TARGET: p["cost.war.target"], FRIEND: p["cost.war.protector"]}
        shadow = {q: p["shadow"] * (1.0 if q == ME else 1.0 - destroyed) for q in PLAYERS}
        return Chance(parts, {q: -cost[q] - shadow[q] for q in self._fighters(helped)})

    def _odds(self, kind: str, end: str, helped: bool) -> float:
        p, strength = self.tiny.p, self.tiny.strength
        defence = strength[TARGET] + helped * strength[FRIEND]
        x = p[f"decisiveness.{kind}"] * math.log(strength[ME] / defence)
        return float(expit((x if end == "win" else -x) - p[f"cutpoint.{kind}.{end}"]))

    def _fighters(self, helped: bool) -> tuple[str, ...]:
        return PLAYERS if helped else (ME, TARGET)


# --- all plans -----------------------------------------------------------------------------------------------------

Worth: TypeAlias = tuple[np.ndarray, np.ndarray]
"""What is received before the next year (3,), and the discounted probabilities of its levels (L,)."""


def _paid(pays: Pays) -> np.ndarray:
    return np.array([pays.get(player, 0.0) for player in PLAYERS])


def _arrives(tiny: Tiny, node: End) -> Worth:
    pay, weights = _paid(node.pays), np.zeros(tiny.levels)
    if node.level == tiny.levels:
        return pay + tiny.p["discount"] * tiny.aims, weights
    if node.level is not None:
        weights[node.level] += tiny.p["discount"] * (1.0 - tiny.p["rollback"])
        weights[max(node.level - 1, 0)] += tiny.p["discount"] * tiny.p["rollback"]
    return pay, weights


def _mixed(parts: list[tuple[float, Worth]], pays: Pays) -> Worth:
    return (
        _paid(pays) + sum(share * pay for share, (pay, _) in parts),
        np.sum([share * weights for share, (_, weights) in parts], axis=0),
    )


def _worth(tiny: Tiny, node: Node, plan: Mapping[str, str]) -> Worth:
    match node:
        case End():
            return _arrives(tiny, node)
        case Chance():
            return _mixed([(share, _worth(tiny, child, plan)) for share, child in node.parts], node.pays)
        case Move():
            return _mixed([(1.0, _worth(tiny, node.actions[plan[node.name]], plan))], node.pays)


@dataclass(frozen=True)
class _Plans:
    """All plans of a year that begins at one level.

    Attributes:
        chosen: (plans, decisions) number of the action.
        player: (decisions,) number of the player.
        pay, weights: of the year, (plans, 3) and (plans, L).
        own, then: at each action, received by its player (plans, decisions, actions), minus infinity where there is no such action;
            and the weights of the levels (plans, decisions, actions, L).
    """

    chosen: np.ndarray
    player: np.ndarray
    pay: np.ndarray
    weights: np.ndarray
    own: np.ndarray
    then: np.ndarray

    @classmethod
    def of(cls, tiny: Tiny, level: int) -> _Plans:
        root = tiny.year(level)
        table = moves(root)
        choices = list(product(*(move.actions for move in table.values())))
        most = max(len(move.actions) for move in table.values())
        own = np.full((len(choices), len(table), most), -np.inf)
        then = np.zeros((*own.shape, tiny.levels))
        years = []
        for row, choice in enumerate(choices):
            plan = dict(zip(table, choice, strict=True))
            years.append(_worth(tiny, root, plan))
            for column, move in enumerate(table.values()):
                for place, end in enumerate(move.actions.values()):
                    pay, weights = _worth(tiny, end, plan)
                    own[row, column, place], then[row, column, place] = pay[PLAYERS.index(move.player)], weights
        numbers = [
            [list(m.actions).index(a) for m, a in zip(table.values(), choice, strict=True)] for choice in choices
        ]
        return cls(
            chosen=np.array(numbers),
            player=np.array([PLAYERS.index(move.player) for move in table.values()]),
            pay=np.array([pay for pay, _ in years]) + tiny.flow(level),
            weights=np.array([weights for _, weights in years]),
            own=own,
            then=then,
        )


def perfect_values(tiny: Tiny) -> np.ndarray:
    """Return the values (equilibria, 3, L) of all perfect equilibria in plans that are the same every year."""
    plans = [_Plans.of(tiny, level) for level in range(tiny.levels)]
    picks = np.indices([len(each.chosen) for each in plans]).reshape(tiny.levels, -1)
    pay = np.stack([each.pay[pick] for each, pick in zip(plans, picks, strict=True)], axis=1)
    weights = np.stack([each.weights[pick] for each, pick in zip(plans, picks, strict=True)], axis=1)
    values = np.linalg.solve(np.eye(tiny.levels) - weights, pay)
    perfect = np.ones(len(values), dtype=bool)
    for each, pick in zip(plans, picks, strict=True):
        after = np.einsum("edal,eld->eda", each.then[pick], values[:, :, each.player])
        worth = each.own[pick] + after
        taken = np.take_along_axis(worth, each.chosen[pick][:, :, None], axis=2)[:, :, 0]
        perfect &= np.all(taken >= worth.max(axis=2) - 1e-12, axis=1)
    return np.swapaxes(values[perfect], 1, 2)


# --- each decision as a state ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class States:
    """The game with a state for each decision at each level, in which one player moves; payoffs times the players' precision.

    Attributes:
        players: (S,) number of the player who moves.
        payoffs: by state, (actions, 3).
        transitions: by state, (actions, S) discounted probabilities, so that rows sum to less than one.
        starts: by level, payoffs (3,) and probabilities (S,) from the beginning of a year to its first decision.
        precision: (3,) by which payoffs and values are multiplied.
    """

    players: np.ndarray
    payoffs: list[np.ndarray]
    transitions: list[np.ndarray]
    starts: list[tuple[np.ndarray, np.ndarray]]
    precision: np.ndarray

    @classmethod
    def of(cls, tiny: Tiny) -> States:
        """Return the states of a tiny game."""
        roots = [tiny.year(level) for level in range(tiny.levels)]
        names = [(level, name) for level, root in enumerate(roots) for name in moves(root)]
        precision = np.array([tiny.p["precision"] / tiny.p[f"scale.{player}"] for player in PLAYERS])

        def ahead(level: int, node: Node) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            """Return payoffs, probabilities of the year's next decision, and discounted ones of the next year's levels."""
            if isinstance(node, Move):
                return (
                    _paid(node.pays),
                    1.0 * np.array([key == (level, node.name) for key in names]),
                    np.zeros(tiny.levels),
                )
            if isinstance(node, End):
                pay, weights = _arrives(tiny, node)
                return pay, np.zeros(len(names)), weights
            parts = [(share, ahead(level, child)) for share, child in node.parts]
            pay, now, later = (np.sum([share * row[k] for share, row in parts], axis=0) for k in range(3))
            return pay + _paid(node.pays), now, later

        starts = []
        for level, root in enumerate(roots):
            pay, now, _ = ahead(level, root)
            starts.append((pay + tiny.flow(level), now))

        def row(level: int, node: Node) -> tuple[np.ndarray, np.ndarray]:
            pay, now, later = ahead(level, node)
            for weight, (first, begins) in zip(later, starts, strict=True):
                pay, now = pay + weight * first, now + weight * begins
            return precision * pay, now

        rows = [[row(level, end) for end in moves(roots[level])[name].actions.values()] for level, name in names]
        return cls(
            players=np.array([PLAYERS.index(moves(roots[level])[name].player) for level, name in names]),
            payoffs=[np.array([pay for pay, _ in each]) for each in rows],
            transitions=[np.array([now for _, now in each]) for each in rows],
            starts=[(precision * pay, now) for pay, now in starts],
            precision=precision,
        )

    def values(self, at_decisions: np.ndarray) -> np.ndarray:
        """Return the values (3, L) at the beginning of a year from those at the decisions (S, 3), which are times the precision."""
        return np.array([(pay + now @ at_decisions) / self.precision for pay, now in self.starts]).T


def tiny_games(prepared: Prepared, menu: tuple[str, ...]) -> Iterator[Tiny]:
    """Yield the games of all draws."""
    for draw in range(len(prepared.parameters["precision"])):
        yield Tiny(prepared, draw, menu)
