"""Build one year of the coercion model as a tree of arrays.

Arrays have axes (levels l = 0..L-1, regime states, draws) or broadcast to them. Costs are lump sums in units of the
challenger's whole aim for ever. A year's flow to player i at level l is sign_i w_i (l / L) (1 - delta).

Sets of helpers are a further axis, before the levels, wherever the set that stands in is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.case.form import INSTRUMENTS, TERM, Form, Slot
from tocsin.games.backend import computed_once
from tocsin.games.recursion import Channels, Continuation
from tocsin.games.stochastic import Inputs, Stage, StageForm
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, Part, Payoffs
from tocsin.models.coercion.contest import (
    Parameters,
    accidents,
    destroyed,
    is_loose,
    usable_factor,
    win_probabilities,
)
from tocsin.models.coercion.scenario import LEAVES


def channels(
    form: Form,
    parameters: Parameters,
    responders: Iterable[str] = (),
    tallies: Mapping[str, str] | None = None,
) -> Channels:
    """Return the channels: players (precision is per unit of their own lifetime stake), best responses and tallies."""
    precision = {player: parameters["precision"] / parameters[f"scale.{player}"] for player in form.players}
    return Channels(precision=precision, responders=dict.fromkeys(responders, form.challenger), tallies=tallies or {})


def make_stage(form: Form, parameters: Parameters) -> Stage:
    """Return the function that builds the game of a year for `games.stochastic`.

    Its inputs are what changes from year to year, by the names of `Form.yearly`, shape (draws,) in a year: the forces K^a N^(1-a) of
    the players, and the probabilities that treaties end with their terms.
    """
    kernels = _kernels(form, parameters)
    flows = _flows(form, parameters)
    costs = _Costs.of(form, parameters)
    usable = {actor: usable_factor(form, parameters, actor) for actor in form.players}

    def stage(yearly: Inputs, following: Array, carried: Channels) -> StageForm:
        strength = {actor: usable[actor] * yearly[actor] for actor in form.players}
        year = {
            **computed_once(partial(win_probabilities, form, parameters, strength), [following]),
            **computed_once(partial(accidents, form, parameters, strength), [following]),
            **computed_once(partial(destroyed, form, parameters, strength), [following]),
        }
        moves = _with_terms(form, kernels, yearly)
        continuation = _continue(form, parameters, moves, following, carried)
        return StageForm(root=_Year(form, parameters, costs, year).root(), continuation=continuation, flow=flows)

    return stage


def _flows(form: Form, parameters: Parameters) -> dict[str, Array]:
    reached = jnp.arange(form.levels)[:, None, None] / form.levels * (1.0 - parameters["discount"])
    return {player: parameters[f"aim.{player}"] * reached for player in form.players}


# --- how regimes and levels move -----------------------------------------------------------------------------------


def _kernels(form: Form, parameters: Parameters) -> list[Array]:
    """Return, for each regime, the yearly probabilities (instruments, 2, draws) of leaving firm and of leaving loose."""
    kernels = []
    for regime in form.regimes:
        pushes = []
        for instrument in INSTRUMENTS:
            push = jnp.zeros_like(parameters["precision"])
            if instrument in regime.loosened_by:
                push = push + parameters[f"susceptibility.{regime.name}"]
            if instrument in regime.rallied_by:
                push = push - parameters[f"backlash.{regime.name}"]
            pushes.append(push)
        loosens = jax.nn.sigmoid(parameters[f"loosens.{regime.name}"] + jnp.stack(pushes))
        firms = jax.nn.sigmoid(parameters[f"firms.{regime.name}"] - jnp.stack(pushes))
        kernels.append(jnp.stack([loosens, firms], axis=1))
    return kernels


def _with_terms(form: Form, kernels: Sequence[Array], yearly: Inputs) -> Sequence[Array]:
    """Return the kernels of a year; a treaty whose term ends with it also leaves its firm state unless it is renewed."""
    moves = list(kernels)
    for index, regime in enumerate(form.regimes):
        if regime.term is not None:
            loosens, firms = moves[index][:, 0], moves[index][:, 1]
            ends = yearly[TERM + regime.name]
            moves[index] = jnp.stack([1.0 - (1.0 - loosens) * (1.0 - ends), firms], axis=1)
    return moves


UP = {"up": "press", "up by war": "attack"}
"""Labels that raise the level by one, with the instrument of the year."""


def _continue(
    form: Form, parameters: Parameters, kernels: Sequence[Array], following: Array, carried: Channels
) -> Continuation:
    """Return a function from a label to discounted continuation values (channels, L, R, draws), given next year's values.

    The label of an instrument keeps the level, `up` raises it by one in a year of press, `up by war` in a year of attack, and `won`
    reaches the whole aim.
    """
    yearly_discount = parameters["discount"]
    aims = {player: parameters[f"aim.{player}"] * yearly_discount for player in form.players}
    none = dict.fromkeys(carried.tallies, jnp.zeros_like(yearly_discount))
    won = carried.stack(aims | none)[:, None, None]
    discount = carried.stack(dict.fromkeys(form.players, yearly_discount) | dict.fromkeys(carried.tallies, 1.0))

    def roll_back() -> Array:
        """Return discounted values before the roll-back, which lowers the level by one with some probability."""
        fallen_back = jnp.concatenate([following[:, :1], following[:, :-1]], axis=1)
        return (
            discount.reshape(len(discount), 1, 1, -1) * (following + parameters["rollback"] * (fallen_back - following))
        )[None]

    values = computed_once(roll_back, [following])
    for first in range(0, len(form.regimes), 2):
        indices = range(first, min(first + 2, len(form.regimes)))
        values = computed_once(partial(_move, form, kernels, indices, values, carried), [following])

    def after(instrument: str) -> Array:
        return values[INSTRUMENTS.index(instrument) if form.regimes else 0]

    def follows(label: str) -> Array:
        if label == "won":
            return won
        if label in UP:
            same = after(UP[label])
            return jnp.concatenate([same[:, 1:], jnp.broadcast_to(won, same[:, :1].shape)], axis=1)
        return after(label)

    return follows


def _move(form: Form, kernels: Sequence[Array], indices: range, values: Array, carried: Channels) -> Array:
    """Return the expected values (instruments, ...) before some regimes move: for each in turn, v + p (v after a flip - v).

    In the tally of a regime's change, the flip itself has value 1.
    """
    for index in indices:
        above, below = 1 << len(form.regimes) - index - 1, 1 << index
        grid = values.reshape(*values.shape[:3], above, 2, below, values.shape[-1])
        flipped = jnp.flip(grid, 4)
        leaves = np.array([name == LEAVES + form.regimes[index].name for name in carried.names])
        if leaves.any():
            flipped = jnp.where(leaves.reshape(-1, *[1] * 5), 1.0, flipped)
        grid = grid + kernels[index][:, None, None, None, :, None] * (flipped - grid)
        values = grid.reshape(grid.shape[0], *values.shape[1:])
    return values


# --- the tree ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Costs:
    """Lump-sum payoffs in the tree; costs are negative. Pressing pays its hostility less its cost."""

    instrument: Mapping[str, Payoffs]
    back_down: Payoffs
    concede: Payoffs
    clash: Mapping[str, Array]
    war: Mapping[str, Array]
    aside: Mapping[Slot, Array]
    falling: Payoffs

    @classmethod
    def of(cls, form: Form, parameters: Parameters) -> _Costs:
        loose = _at_odds(form, form.target)
        pays = {name: -parameters[f"cost.{name}"] for name in ("condemn", "influence")}
        pays["press"] = parameters["hostility"] - parameters["cost.press"]
        return cls(
            instrument={name: {form.challenger: payoff} for name, payoff in pays.items()},
            back_down={form.challenger: -parameters["cost.back_down"]},
            concede={} if loose is None else {form.target: loose * parameters["dividend"]},
            clash=dict.fromkeys(form.players, -parameters["cost.clash"]),
            war={player: -_war_cost(form, parameters, player) for player in form.players},
            aside={slot: -_commitment(form, parameters, slot) for slot in form.slots},
            falling={form.challenger: -parameters["falling"], "best_aim": 0.0},
        )


def _war_cost(form: Form, parameters: Parameters, player: str) -> Array:
    role = {form.challenger: "challenger", form.target: "target"} | dict.fromkeys(form.protectors, "protector")
    return parameters[f"cost.war.{role.get(player, 'backer')}"] + parameters["shadow"]


def _at_odds(form: Form, actor: str) -> np.ndarray | None:
    """Return 1 in the states in which an alignment of the actor is loose, else 0, (R, 1); None if it has no alignment."""
    alignments = [is_loose(form, index) for index in form.regimes_of(actor, "alignment")]
    return np.maximum.reduce(alignments) if alignments else None


def _commitment(form: Form, parameters: Parameters, slot: Slot) -> Array:
    """Return the cost (R, draws) of standing aside: less if own alignments or the partner's are loose, nothing once a treaty has lapsed.

    The alignments of an actor that is bound to both sides count for its promise to the target.
    """
    actor, other_side = slot.actor, slot.partner == form.challenger and slot.actor in form.protectors
    cost = parameters[f"standing_aside.{actor}.challenger" if other_side else f"standing_aside.{actor}"]
    for index in () if other_side else form.regimes_of(actor, "alignment"):
        factor = parameters[f"loose_commitment.{form.regimes[index].name}"]
        cost = cost * (1.0 + is_loose(form, index) * (factor - 1.0))
    partner = _at_odds(form, slot.partner)
    if partner is not None:
        name = "abandon_loose" if slot.partner == form.target else "abandon_loose.challenger"
        cost = cost * (1.0 + partner * (parameters[name] - 1.0))
    for index in form.treaties_of(slot):
        cost = cost * (1.0 - is_loose(form, index))
    return cost


_OCCASION = {"press": "pressed", "attack": "attacked"}
"""The occasion on which helpers decide; all others are first strikes."""


def decision_name(what: str, form: Form, slot: Slot) -> str:
    """Return the name of a helper's decision; a protector that is also a backer has two."""
    twice = slot.partner == form.challenger and slot.actor in form.protectors
    return f"{what}: {slot.actor} for {slot.partner}" if twice else f"{what}: {slot.actor}"


def _over_sets(count: int, value: Callable[[int], float]) -> np.ndarray:
    """Return a number for every set of the first helpers, (sets, 1, 1, 1); bit k of a set says whether helper k stands in."""
    return np.array([value(earlier) for earlier in range(1 << count)])[:, None, None, None]


@dataclass(frozen=True)
class _Year:
    """Builds the tree of a year. Nodes that recur, such as war, are built once."""

    form: Form
    parameters: Parameters
    costs: _Costs
    year: Mapping[str, Array]

    def root(self) -> Node:
        """Return the year: a crisis by false warning, or a peaceful beginning, and then the challenger's choice."""
        chosen = self._instrument()
        if not self.form.strikers:
            return chosen
        alarm = self.parameters["alarm"]
        return Chance(branches=((alarm, self._warned(chosen)), (1.0 - alarm, self._strikes("peace", chosen))))

    # -- ends

    @cached_property
    def up(self) -> Outcome:
        return Outcome(next="up", counts=self._one_level_up())

    def _one_level_up(self) -> dict[str, Array]:
        level = jnp.arange(self.form.levels)[:, None, None]
        beyond, whole = 1.0 * (level + 1 > self.form.start), 1.0 * (level + 1 == self.form.levels)
        return {"risk": beyond, "won": whole, "over": whole}

    # -- the challenger's year

    def _instrument(self) -> Decision:
        actions: dict[str, Node] = {
            name: self._unless_accident(Outcome(next=name), self.costs.instrument.get(name, {}))
            for name in ("hold", "condemn", "influence")
        }
        actions["press"] = self._press()
        actions["attack"] = self.attack
        barred = {name: self.parameters[f"barred.{name}"] for name in INSTRUMENTS[1:]}
        return Decision(name="instrument", player=self.form.challenger, actions=actions, barred=barred)

    def _press(self) -> Decision:
        back_down = self._unless_accident(Outcome(next="press"), self.costs.back_down)
        end = Decision(
            name="escalate",
            player=self.form.challenger,
            actions={"escalate": self._clash(), "back_down": back_down},
        )
        return Decision(
            name="answer",
            player=self.form.target,
            actions={
                "concede": self._unless_accident(self.up, self.costs.concede),
                "resist": self._crisis("resisted", self._call_on("press", end)),
            },
            payoffs=self.costs.instrument["press"],
        )

    def _clash(self) -> Chance:
        counts = {"clash": 1.0}
        wins = self._crisis("clash won", Outcome(next="up", counts=self._one_level_up() | counts))
        stays = self._crisis("clash drawn", Outcome(next="press", counts=counts))
        widens = 1.0 - (1.0 - self.parameters["widening"]) * (1.0 - self.year["accident_after_clash"])
        gains = (1.0 - widens) * self.year["clash.win"]
        return Chance(
            branches=((widens, self.war), (gains, wins), (1.0 - widens - gains, stays)),
            payoffs={player: self._fights(player) * cost for player, cost in self.costs.clash.items()},
        )

    def _unless_accident(self, node: Node, payoffs: Payoffs) -> Chance:
        """Return a chance of war by mistake, and otherwise the node."""
        accident = self.year["accident"]
        return Chance(branches=((accident, self.attack), (1.0 - accident, node)), payoffs=payoffs)

    # -- first strikes

    def _crisis(self, name: str, node: Node) -> Node:
        """Return a node before which the challenger may pre-empt and, if it waits, each striker may strike."""
        if not self.form.strikers:
            return node
        return Decision(
            name=f"{name}: preempt",
            player=self.form.challenger,
            actions={"wait": self._strikes(name, node), "preempt": self.attack},
            barred={"preempt": self.parameters["barred.attack"]},
        )

    def _warned(self, node: Node) -> Node:
        """Return a crisis by false warning: each side believes with some probability that the other is about to begin.

        The challenger expects the blow of the striker that decides first, the strikers expect the challenger's attack.
        """
        believed = self.parameters["warning"]
        blow = Part(of=self.struck[self.form.strikers[0]], start=0, stop=1)
        waits = self._strikes("warned", node, expected=self.attack)
        return Decision(
            name="warned: preempt",
            player=self.form.challenger,
            actions={"wait": waits, "preempt": self.attack},
            barred={"preempt": self.parameters["barred.attack"]},
            believed={"wait": Chance(branches=((believed, blow), (1.0 - believed, waits)))},
        )

    def _strikes(self, name: str, node: Node, expected: Node | None = None) -> Node:
        """Return the strikers' decisions, in turn, before a node; after a warning they may expect another one instead."""
        cost, warning = self.parameters["cost.strike"], self.parameters.get("warning", 0.0)
        if name == "peace":
            cost = cost + self.parameters["cost.strike.peace"]
        for actor in reversed(self.form.strikers):
            strike = Part(of=self.struck[actor], start=0, stop=1, payoffs={actor: -cost}, counts={"struck": 1.0})
            believed = (
                {} if expected is None else {"hold": Chance(branches=((warning, expected), (1.0 - warning, node)))}
            )
            node = Decision(
                name=f"{name}: {actor}", player=actor, actions={"strike": strike, "hold": node}, believed=believed
            )
        return node

    @cached_property
    def struck(self) -> dict[str, Chance]:
        """Return what follows the first strike of each striker: the regime falls at once, or war in which the striker fights."""
        return {actor: self._after_strike(actor) for actor in self.form.strikers}

    def _after_strike(self, actor: str) -> Chance:
        at_once, destroyed = self.parameters[f"decapitation.{actor}"], self.year[f"destroyed.{actor}"]
        shadow = self.parameters["shadow"]
        relief = {player: self._fights(player) * destroyed * shadow for player in self.form.defenders}
        blunted = Part(of=self.war, start=0, stop=len(self.form.stands), payoffs=relief)
        retaliation = dict.fromkeys((self.form.target, actor), -(1.0 - destroyed) * shadow)
        return Chance(
            branches=(
                (at_once, Part(of=self.fallen, start=0, stop=1, payoffs=retaliation)),
                (1.0 - at_once, self._call_on(f"struck by {actor}", blunted, joined=actor)),
            )
        )

    # -- war

    @cached_property
    def war(self) -> Chance:
        """Return a war that each set of helpers fights."""
        wins, loses = self.year["war.win"], self.year["war.lose"]
        events: dict[str, Array] = {"war": 1.0}
        higher = self._one_level_up()
        reached = {"risk": 1.0, "won": 1.0, "over": 1.0, "conquered": 1.0}
        conquers = wins * self.parameters["conquest"]
        toppled = loses * self.parameters["toppling"]
        return Chance(
            branches=(
                (conquers, Outcome(next="won", counts=events | reached)),
                (wins - conquers, Outcome(next="up by war", counts=events | higher | {"conquered": higher["won"]})),
                (toppled, self.fallen),
                (1.0 - wins - toppled, Outcome(next="attack", counts=events)),
            ),
            payoffs={player: self._fights(player) * cost for player, cost in self.costs.war.items()},
        )

    @cached_property
    def fallen(self) -> Outcome:
        counts = {"war": 1.0, "fallen": 1.0, "over": 1.0}
        return Outcome(next=None, payoffs=self.costs.falling, counts=counts)

    @cached_property
    def attack(self) -> Node:
        return self._call_on("attack", self.war)

    def _call_on(self, what: str, ends: Node, *, joined: str = "") -> Node:
        """Return the helpers' decisions, in turn and seeing earlier ones.

        `ends` has one entry for each set of supporting helpers. The helper that has `joined` already does not decide.
        """
        occasion = _OCCASION.get(what, "struck")
        for index in reversed(range(len(self.form.slots))):
            slot, half = self.form.slots[index], 1 << index
            support = Part(of=ends, start=half, stop=2 * half)
            if slot == Slot(joined, self.form.target):
                ends = support
                continue
            aside = Part(of=ends, start=0, stop=half, payoffs=self._stands_aside(index, occasion))
            ends = Decision(
                name=decision_name(what, self.form, slot),
                player=slot.actor,
                actions={"support": support, "aside": aside},
                barred=self._bound_elsewhere(index),
            )
        return ends

    def _stands_aside(self, index: int, occasion: str) -> Payoffs:
        """Return what a helper pays that stands aside: nothing where its promise does not bind it."""
        slot = self.form.slots[index]
        promise = self.form.promise_of(slot)
        if promise is None:
            return {slot.actor: self.costs.aside[slot]}
        if occasion not in promise.when:
            return {}
        beside, against = self._bits(index, promise.beside, own=True), self._bits(index, promise.against, own=False)
        complete = len(promise.beside) == beside.bit_count()

        def binds(earlier: int) -> float:
            opposed = not promise.against or earlier & against
            return 1.0 if complete and opposed and earlier & beside == beside else 0.0

        return {slot.actor: _over_sets(index, binds) * self.costs.aside[slot]}

    def _bits(self, index: int, actors: frozenset[str], *, own: bool) -> int:
        """Return the set of some helpers of a helper's own side, or of the other, that decide before it."""
        side = self.form.slots[index].partner
        earlier = self.form.slots[:index]
        return sum(
            1 << position
            for position, slot in enumerate(earlier)
            if slot.actor in actors and (slot.partner == side) == own
        )

    def _bound_elsewhere(self, index: int) -> Payoffs:
        """Return bars against supporting the challenger for an actor that already supports the target."""
        slot = self.form.slots[index]
        own = self.form.slots.index(Slot(slot.actor, self.form.target)) if slot.actor in self.form.protectors else index
        if own == index:
            return {}
        return {"support": _over_sets(index, lambda earlier: -np.inf if earlier >> own & 1 else 0.0)}

    def _fights(self, player: str) -> Array:
        """Return 1 for the sets of helpers in which a player fights, else 0, (sets, 1, 1, 1)."""
        always = player in (self.form.challenger, self.form.target)
        return jnp.array([1.0 * (always or player in stand) for stand in self.form.stands])[:, None, None, None]
