"""One year of the coercion model as a tree of arrays.

Arrays have axes (levels l = 0..L-1, regime states, draws) or broadcast to them. Costs are lifetime lumps in units of
the challenger's whole aim; a year's flow to player i at level l is sign_i w_i (l / L) (1 - delta).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp

from tocsin.games.backend import apart
from tocsin.games.recursion import Channels
from tocsin.games.stochastic import Inputs, Stage, StageForm, Values
from tocsin.games.tree import Array, Chance, Decision, Node, Outcome, Payoffs
from tocsin.models.coercion.form import INSTRUMENTS, LEAVES, RESPONDERS, Form, is_tally

Parameters = Mapping[str, Array]
"""Constant inputs of a scenario by name (see `prepare.Prepared`): arrays that broadcast to (regime states, draws)."""


def channels(form: Form, parameters: Parameters, tallies: tuple[str, ...] = (), *, responders: bool = True) -> Channels:
    """Players with precision lambda per unit of their own lifetime stake, the challenger's best responses, tallies."""
    precision = {player: parameters["precision"] / parameters[f"scale.{player}"] for player in form.players}
    best = dict.fromkeys(RESPONDERS, form.challenger) if responders else {}
    return Channels(precision=precision, responders=best, tallies=tallies)


def make_stage(form: Form, parameters: Parameters) -> Stage:
    """The year's game as `games.stochastic` wants it, to be fed with years from `yearly`."""
    kernels = _kernels(form, parameters)
    flows = _flows(form, parameters)
    costs = _Costs.of(form, parameters)

    certain = parameters["precision"][0] >= 0.0

    def arrive(values: Values) -> Values:
        def work(held: Values) -> Values:
            return {name: _arrive(form, parameters, name, value) for name, value in held.items()}

        return apart(certain, work, values)

    def game(year: Inputs, arrivals: Values) -> StageForm:
        moved = _move(form, certain, kernels, arrivals)
        continuation = {name: _continue(parameters, name, arrivals[name], moved[name]) for name in arrivals}
        return StageForm(root=_Year(form, parameters, costs, year).root(), continuation=continuation, flow=flows)

    return Stage(arrive=arrive, form=game)


def yearly(form: Form, parameters: Parameters, forces: Mapping[str, Array]) -> Inputs:
    """What of the game changes from year to year.

    Args:
        form: the game.
        parameters: constants of the scenario.
        forces: actor -> K^a N^(1-a), shape (years, draws).

    Returns:
        Arrays (years, 1, R, draws): for every set that may stand, `war|SET` and `clash|SET`, the chance that the
        challenger prevails; `alarm` and `alarm_after_clash`, the chance of war by false alarm or first strike.
    """
    strength = {
        actor: usable_factor(form, parameters, actor)[None] * forces[actor][:, None, :] for actor in form.players
    }
    return _odds(form, parameters, strength) | _alarms(form, parameters, strength)


def _flows(form: Form, parameters: Parameters) -> dict[str, Array]:
    reached = jnp.arange(form.levels)[:, None, None] / form.levels * (1.0 - parameters["discount"])
    flows = {player: parameters[f"aim.{player}"] * reached for player in form.players}
    return flows | dict.fromkeys(RESPONDERS, flows[form.challenger])


# --- how regimes and levels move -----------------------------------------------------------------------------------


def _kernels(form: Form, parameters: Parameters) -> dict[str, list[Array]]:
    """For each instrument and regime, the yearly chances (2, draws) of leaving firm and of leaving loose."""
    moves: dict[str, list[Array]] = {}
    for instrument in INSTRUMENTS:
        moves[instrument] = []
        for regime in form.regimes:
            shift = jnp.zeros_like(parameters["precision"])
            if instrument in regime.loosened_by:
                shift = shift + parameters[f"susceptibility.{regime.name}"]
            if instrument in regime.rallied_by:
                shift = shift - parameters[f"backlash.{regime.name}"]
            loosens = jax.nn.sigmoid(parameters[f"loosens.{regime.name}"] + shift)
            firms = jax.nn.sigmoid(parameters[f"firms.{regime.name}"] - shift)
            moves[instrument].append(jnp.stack([loosens, firms]))
    return moves


def _arrive(form: Form, parameters: Parameters, name: str, values: Array) -> Array:
    """Worth (L + 1, R, draws) of arriving at each level: below L concessions may be rolled back, at L the aim is won."""
    fallen_back = jnp.concatenate([values[:1], values[:-1]])
    settled = values + parameters["rollback"] * (fallen_back - values)
    won = 0.0 if is_tally(name) else _aim(form, parameters, name)
    return jnp.concatenate([settled, jnp.broadcast_to(won, (1, *values.shape[1:]))])


def _continue(parameters: Parameters, name: str, arrivals: Array, moved: Mapping[str, Array]) -> dict[str, Array]:
    """Discounted value of what may follow, by label, from next year's arrivals (L + 1, R, draws) of one channel."""
    discount = 1.0 if is_tally(name) else parameters["discount"]
    follows = {instrument: discount * values[:-1] for instrument, values in moved.items()}
    return follows | {"up": discount * moved["press"][1:], "won": discount * arrivals[-1:]}


def _aim(form: Form, parameters: Parameters, name: str) -> Array:
    return parameters[f"aim.{form.challenger if name in RESPONDERS else name}"]


def _move(
    form: Form, certain: Array, kernels: Mapping[str, list[Array]], arrivals: Values
) -> dict[str, dict[str, Array]]:
    """Expected arrivals over next year's regimes, by channel and instrument, two regimes at a time."""
    values = {name: dict.fromkeys(INSTRUMENTS, array) for name, array in arrivals.items()}
    for first in range(0, len(form.regimes), 2):
        pair = range(first, min(first + 2, len(form.regimes)))

        def move(held: dict[str, dict[str, Array]], pair: range = pair) -> dict[str, dict[str, Array]]:
            return {
                name: {key: _move_pair(form, kernels[key], array, pair, name) for key, array in each.items()}
                for name, each in held.items()
            }

        values = apart(certain, move, values)
    return values


def _move_pair(form: Form, moves: list[Array], values: Array, pair: range, name: str) -> Array:
    """One two-state step for each regime of a pair: v + c (v with the regime flipped - v).

    For the channel that watches a regime, its flip is itself the event, worth 1.
    """
    count, draws = len(form.regimes), values.shape[-1]
    grid = values.reshape(values.shape[0], *([2] * count), draws)
    for place in pair:
        axis = count - place
        shape = [1] * grid.ndim
        shape[axis], shape[-1] = 2, draws
        flipped = 1.0 if name == LEAVES + form.regimes[place].name else jnp.flip(grid, axis)
        grid = grid + moves[place].reshape(shape) * (flipped - grid)
    return grid.reshape(values.shape)


# --- who stands, and who would win ---------------------------------------------------------------------------------


def _loose(form: Form, actor: str, kind: str) -> Array | None:
    """1 where the actor's regime of that kind is loose, shape (R, 1); `None` if it has no such regime."""
    place = form.regime_of(actor, kind)
    if place is None:
        return None
    return jnp.asarray([[float(state >> place & 1)] for state in range(form.states)])


def usable_factor(form: Form, parameters: Parameters, actor: str) -> Array:
    """Share of an actor's force that it can bring to bear: usability by posture, reach by alignment. (R, draws)."""
    share = parameters[f"reach.{actor}"]
    posture = _loose(form, actor, "posture")
    if posture is None:
        share = share * parameters[f"usable.{actor}"]
    else:
        firm, loose = parameters[f"usable.{actor}.firm"], parameters[f"usable.{actor}.loose"]
        share = share * (firm + posture * (loose - firm))
    alignment = _loose(form, actor, "alignment")
    if alignment is not None and actor in form.protectors:
        share = share * (1.0 + alignment * (parameters[f"loose_reach.{actor}"] - 1.0))
    return jnp.broadcast_to(share, (form.states, share.shape[-1]))


def _odds(form: Form, parameters: Parameters, strength: Mapping[str, Array]) -> dict[str, Array]:
    found: dict[str, Array] = {}
    for helpers in _subsets(form.protectors):
        defence = jnp.log(_coalition(form, parameters, strength, helpers))
        for friends in _subsets(form.backers):
            attack = jnp.log(sum((strength[friend] for friend in friends), strength[form.challenger]))
            for kind in ("war", "clash"):
                odds = jax.nn.sigmoid(parameters[f"decisiveness.{kind}"] * (attack - defence))
                found[f"{kind}|{_label(helpers | friends)}"] = odds[:, None]
    return found


def _alarms(form: Form, parameters: Parameters, strength: Mapping[str, Array]) -> dict[str, Array]:
    """Yearly hazard of war by false alarm or first strike, rising with usable strength on either side."""
    total = sum((strength[actor] for actor in form.defenders), strength[form.challenger])
    armed = parameters["strike_instability"] * jnp.log(total / parameters["armed_now"])
    return {
        "alarm": jax.nn.sigmoid(parameters["accident"] + armed)[:, None],
        "alarm_after_clash": jax.nn.sigmoid(parameters["accident_after_clash"] + armed)[:, None],
    }


def _coalition(form: Form, parameters: Parameters, strength: Mapping[str, Array], helpers: frozenset[str]) -> Array:
    """Strength of the target and the protectors that stand; reach is lost where the host does not stand in."""
    total = strength[form.target]
    hosts = dict(form.access)
    for protector in form.protectors:
        if protector in helpers:
            part = strength[protector]
            if protector in hosts and hosts[protector] not in helpers:
                part = part * (1.0 - parameters[f"access_lost.{protector}"])
            total = total + part
    return total


def _subsets(actors: tuple[str, ...]) -> list[frozenset[str]]:
    found = [frozenset[str]()]
    for actor in actors:
        found += [subset | {actor} for subset in found]
    return found


# --- the tree ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Costs:
    """Lumps that the tree charges, all as they are received: costs negative."""

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
        return cls(
            instrument={
                name: {form.challenger: -parameters[f"cost.{name}"]} for name in ("condemn", "influence", "press")
            },
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
    """What it costs an actor to stand aside, by regime: less if it or the target has loosened. (R, draws)."""
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
    """Builds the tree of a year. Subtrees that recur (a war among given sides) are built once."""

    form: Form
    parameters: Parameters
    costs: _Costs
    year: Mapping[str, Array]

    def root(self) -> Decision:
        form = self.form
        stands = [helpers | friends for helpers in _subsets(form.protectors) for friends in _subsets(form.backers)]
        wars: dict[frozenset[str], Node] = {stand: self._war(stand) for stand in stands}
        attack = self._call_on(form.protectors + form.backers, frozenset(), "attack", wars)
        actions: dict[str, Node] = {
            name: self._unless_alarm(attack, Outcome(next=name), self.costs.instrument.get(name, {}))
            for name in ("hold", "condemn", "influence")
        }
        actions["press"] = self._press(wars, attack)
        actions["attack"] = attack
        barred = {name: self.parameters[f"barred.{name}"] for name in INSTRUMENTS[1:]}
        return Decision(name="instrument", player=form.challenger, actions=actions, barred=barred)

    def _press(self, wars: Mapping[frozenset[str], Node], attack: Node) -> Decision:
        form = self.form
        back_down = self._unless_alarm(attack, Outcome(next="press"), self.costs.back_down)
        ends: dict[frozenset[str], Node] = {
            stand: Decision(
                name=f"escalate|{_label(stand)}",
                player=form.challenger,
                actions={"escalate": self._clash(stand, war), "back_down": back_down},
            )
            for stand, war in wars.items()
        }
        concede = self._unless_alarm(attack, self._up(), self.costs.concede)
        resist = self._call_on(form.protectors + form.backers, frozenset(), "press", ends)
        return Decision(
            name="answer",
            player=form.target,
            actions={"concede": concede, "resist": resist},
            payoffs=self.costs.instrument["press"],
        )

    def _call_on(
        self, waiting: tuple[str, ...], stand: frozenset[str], what: str, ends: Mapping[frozenset[str], Node]
    ) -> Node:
        """Each of those waiting decides in turn whether to support its side; then comes what that stand leads to."""
        if not waiting:
            return ends[stand]
        actor, *others = waiting
        support = self._call_on(tuple(others), stand | {actor}, what, ends)
        aside = self._call_on(tuple(others), stand, what, ends)
        passed = Chance(branches=((1.0, aside),), payoffs={actor: self.costs.aside[actor]})
        return Decision(
            name=f"{what}:{actor}|{_label(stand)}",
            player=actor,
            actions={"support": support, "aside": passed},
            barred={"support": self.parameters[f"absent.{actor}"]},
        )

    def _war(self, stand: frozenset[str]) -> Chance:
        wins = self.year[f"war|{_label(stand)}"]
        loses = 1.0 - wins
        toppled = loses * self.parameters["toppling"]
        falls = Outcome(next=None, payoffs=self.costs.falling, counts={"war": 1.0, "fallen": 1.0, "over": 1.0})
        restored = Outcome(next="attack", counts={"war": 1.0})
        won = Outcome(next="won", counts={"war": 1.0, "risk": 1.0, "won": 1.0, "over": 1.0})
        return Chance(
            branches=((wins, won), (toppled, falls), (loses - toppled, restored)),
            payoffs={player: self.costs.war[player] for player in self._fighting(stand)},
        )

    def _clash(self, stand: frozenset[str], war: Node) -> Chance:
        widens = 1.0 - (1.0 - self.parameters["widening"]) * (1.0 - self.year["alarm_after_clash"])
        gains = (1.0 - widens) * self.year[f"clash|{_label(stand)}"]
        return Chance(
            branches=((widens, war), (gains, self._up()), (1.0 - widens - gains, Outcome(next="press"))),
            payoffs={player: self.costs.clash[player] for player in self._fighting(stand)},
        )

    def _up(self) -> Outcome:
        level = jnp.arange(self.form.levels)[:, None, None]
        beyond, whole = 1.0 * (level + 1 > self.form.start), 1.0 * (level + 1 == self.form.levels)
        return Outcome(next="up", counts={"risk": beyond, "won": whole, "over": whole})

    def _unless_alarm(self, war: Node, node: Node, payoffs: Payoffs) -> Chance:
        """The node, unless a false alarm brings war first."""
        alarm = self.year["alarm"]
        return Chance(branches=((alarm, war), (1.0 - alarm, node)), payoffs=payoffs)

    def _fighting(self, stand: frozenset[str]) -> tuple[str, ...]:
        return tuple(p for p in self.form.players if p in stand or p in (self.form.challenger, self.form.target))


def _label(stand: frozenset[str]) -> str:
    return "+".join(sorted(stand)) or "none"
