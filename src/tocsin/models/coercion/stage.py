"""Build one year of the coercion model as a tree of arrays.

Arrays have axes (levels l = 0..L-1, regime states, draws) or broadcast to them. Costs are lump sums in units of the
challenger's whole aim for ever. A year's flow to player i at level l is sign_i w_i (l / L) (1 - delta).

Sets of helpers are a further axis, before the levels, wherever the set that stands in is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.case.form import INSTRUMENTS, Form, subsets
from tocsin.games.backend import computed_once
from tocsin.games.recursion import Channels, Continuation
from tocsin.games.stochastic import Inputs, Stage, StageForm
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, Part, Payoffs
from tocsin.models.coercion.scenario import LEAVES, NO_FORCE

Parameters = Mapping[str, Array]
"""Constant inputs of a scenario by name (see `prepare.Prepared`): arrays that broadcast to (regime states, draws)."""


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

    Its inputs are the forces, which alone change from year to year: actor -> K^a N^(1-a), shape (draws,) in a year.
    """
    kernels = _kernels(form, parameters)
    flows = _flows(form, parameters)
    costs = _Costs.of(form, parameters)
    usable = {actor: usable_factor(form, parameters, actor) for actor in form.players}

    def stage(forces: Inputs, following: Array, carried: Channels) -> StageForm:
        strength = {actor: usable[actor] * forces[actor] for actor in form.players}
        year = {
            **computed_once(partial(win_probabilities, form, parameters, strength), [following]),
            **computed_once(partial(_accidents, form, parameters, strength), [following]),
            **computed_once(partial(destroyed, form, parameters, strength), [following]),
        }
        continuation = _continue(form, parameters, kernels, following, carried)
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


# --- strength, and who would win ----------------------------------------------------------------------------------


def _loose(form: Form, actor: str, kind: str) -> np.ndarray | None:
    """Return 1 in the states in which the actor's regime of that kind is loose, else 0, (R, 1); None without such a regime."""
    index = form.regime_of(actor, kind)
    if index is None:
        return None
    return np.array([[float(state >> index & 1)] for state in range(form.states)])


def usable_factor(form: Form, parameters: Parameters, actor: str) -> Array:
    """Return the share (R, draws) of an actor's force that it can use: usability by posture, reach by alignment."""
    share = parameters[f"reach.{actor}"] * np.ones((form.states, 1))
    posture = _loose(form, actor, "posture")
    if posture is None:
        share = share * parameters[f"usable.{actor}"]
    else:
        firm, loose = parameters[f"usable.{actor}.firm"], parameters[f"usable.{actor}.loose"]
        share = share * (firm + posture * (loose - firm))
    alignment = _loose(form, actor, "alignment")
    if alignment is not None and actor in form.protectors:
        share = share * (1.0 + alignment * (parameters[f"loose_reach.{actor}"] - 1.0))
    return share


def _log(strength: Array) -> Array:
    return jnp.log(jnp.maximum(strength, NO_FORCE))


def win_probabilities(form: Form, parameters: Parameters, strength: Mapping[str, Array]) -> dict[str, Array]:
    """Return the probabilities (sets of helpers, 1, R, draws) that the challenger wins or loses a war, or wins a clash.

    They are those of an ordered logit in the log ratio x of strength: logit P(win) = m x - k_win, logit P(lose) = -m x - k_lose
    (McCullagh, Journal of the Royal Statistical Society B 42, 1980). The rest are draws.
    """
    defences = [_defence(form, parameters, strength, helpers) for helpers in subsets(form.protectors)]
    attacks = [sum((strength[a] for a in friends), strength[form.challenger]) for friends in subsets(form.backers)]
    defence = _log(computed_once(lambda: jnp.stack(defences), defences))
    attack = _log(computed_once(lambda: jnp.stack(attacks), attacks))
    log_ratio = (attack[:, None] - defence).reshape(-1, 1, *attack.shape[1:])
    war, clash = (parameters[f"decisiveness.{kind}"] * log_ratio for kind in ("war", "clash"))
    return {
        "war.win": jax.nn.sigmoid(war - parameters["cutpoint.war.win"]),
        "war.lose": jax.nn.sigmoid(-war - parameters["cutpoint.war.lose"]),
        "clash.win": jax.nn.sigmoid(clash - parameters["cutpoint.clash.win"]),
    }


def _accidents(form: Form, parameters: Parameters, strength: Mapping[str, Array]) -> dict[str, Array]:
    """Return the yearly hazards (R, draws) of war by mistake; both rise with either side's usable strength."""
    total = sum((strength[actor] for actor in form.defenders), strength[form.challenger])
    armed = parameters["strike_instability"] * _log(total / jnp.maximum(parameters["armed_now"], NO_FORCE))
    return {
        "accident": jax.nn.sigmoid(parameters["accident"] + armed),
        "accident_after_clash": jax.nn.sigmoid(parameters["accident_after_clash"] + armed),
    }


def destroyed(form: Form, parameters: Parameters, strength: Mapping[str, Array]) -> dict[str, Array]:
    """Return the share (R, draws) of the challenger's launchers that the first strike of each striker destroys.

    Blows fall at random on the launchers that can be found, so that some are hit twice: with b blows on n launchers the share
    exp(-b / n) of them survives.
    """
    found = 1.0 - parameters["hidden"] if form.strikers else 0.0
    return {
        f"destroyed.{actor}": found
        * -jnp.expm1(-parameters[f"blows.{actor}"] * strength[actor] / (found * parameters["launchers"]))
        for actor in form.strikers
    }


def _defence(form: Form, parameters: Parameters, strength: Mapping[str, Array], stand: frozenset[str]) -> Array:
    """Return the strength of the target and its supporters; a protector loses reach if its host stands aside."""
    total = strength[form.target]
    hosts = dict(form.access)
    for protector in form.protectors:
        if protector in stand:
            part = strength[protector]
            if protector in hosts and hosts[protector] not in stand:
                part = part * (1.0 - parameters[f"access_lost.{protector}"])
            total = total + part
    return total


# --- the tree ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Costs:
    """Lump-sum payoffs in the tree; costs are negative. Pressing pays its hostility less its cost."""

    instrument: Mapping[str, Payoffs]
    back_down: Payoffs
    concede: Payoffs
    clash: Mapping[str, Array]
    war: Mapping[str, Array]
    aside: Mapping[str, Array]
    falling: Payoffs

    @classmethod
    def of(cls, form: Form, parameters: Parameters) -> _Costs:
        loose = _loose(form, form.target, "alignment")
        pays = {name: -parameters[f"cost.{name}"] for name in ("condemn", "influence")}
        pays["press"] = parameters["hostility"] - parameters["cost.press"]
        return cls(
            instrument={name: {form.challenger: payoff} for name, payoff in pays.items()},
            back_down={form.challenger: -parameters["cost.back_down"]},
            concede={} if loose is None else {form.target: loose * parameters["dividend"]},
            clash=dict.fromkeys(form.players, -parameters["cost.clash"]),
            war={player: -_war_cost(form, parameters, player) for player in form.players},
            aside={actor: -_commitment(form, parameters, actor) for actor in form.protectors + form.backers},
            falling={form.challenger: -parameters["falling"], "best_aim": 0.0},
        )


def _war_cost(form: Form, parameters: Parameters, player: str) -> Array:
    role = {form.challenger: "challenger", form.target: "target"} | dict.fromkeys(form.protectors, "protector")
    return parameters[f"cost.war.{role.get(player, 'backer')}"] + parameters["shadow"]


def _commitment(form: Form, parameters: Parameters, actor: str) -> Array:
    """Return the cost (R, draws) of standing aside, scaled if the alignment of the actor or of the target is loose."""
    cost = parameters[f"standing_aside.{actor}"]
    if actor in form.backers:
        return cost
    own, target = _loose(form, actor, "alignment"), _loose(form, form.target, "alignment")
    if own is not None:
        cost = cost * (1.0 + own * (parameters[f"loose_commitment.{actor}"] - 1.0))
    if target is not None:
        cost = cost * (1.0 + target * (parameters["abandon_loose"] - 1.0))
    return cost


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
        for index in reversed(range(len(self.form.helpers))):
            actor, half = self.form.helpers[index], 1 << index
            support = Part(of=ends, start=half, stop=2 * half)
            if actor == joined:
                ends = support
                continue
            aside = Part(of=ends, start=0, stop=half, payoffs={actor: self.costs.aside[actor]})
            ends = Decision(name=f"{what}: {actor}", player=actor, actions={"support": support, "aside": aside})
        return ends

    def _fights(self, player: str) -> Array:
        """Return 1 for the sets of helpers in which a player fights, else 0, (sets, 1, 1, 1)."""
        always = player in (self.form.challenger, self.form.target)
        return jnp.array([1.0 * (always or player in stand) for stand in self.form.stands])[:, None, None, None]
