"""The coercion model once more, in scalar Python for one draw: the oracle of the compiled one.

Written from the model's description, not from its code: it shares only the prepared numbers.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
from scipy.special import expit, softmax

from tocsin.case.form import INSTRUMENTS, Form
from tocsin.models.coercion.prepare import Prepared

Row = dict[str, float]
Stand = frozenset[tuple[str, str]]
"""Who supports whom."""
EVENTS = ("risk", "war", "fallen", "struck", "conquered")


@dataclass
class Plain:
    """One draw of a prepared scenario: its horizon, after which come the values `end` or, without them, `beyond` more years.

    `end` has the axes (players and responders, levels, regime states).
    """

    prepared: Prepared
    draw: int
    beyond: int = 0
    end: np.ndarray | None = None
    form: Form = field(init=False)
    p: Row = field(init=False)
    left: int = field(init=False, default=0)
    now: int = field(init=False, default=0)
    supports: dict[tuple[Stand, str, str], float] = field(init=False, default_factory=dict)
    standing: dict[tuple[str, str], float] = field(init=False, default_factory=dict)
    """The probability that each helper supports its side when the challenger attacks, at the start and the first regime state."""

    def __post_init__(self) -> None:
        self.form = self.prepared.form.anonymous()
        self.p = {name: float(values[self.draw]) for name, values in self.prepared.parameters.items()}

    def solve(self) -> dict[tuple[int, int], Row]:
        """Values of the first year by (level, regime state) and channel."""
        form = self.form
        values = self._last()
        years = [form.horizon] * self.beyond + list(range(form.horizon - 1, -1, -1))
        for count, year in enumerate(years):
            if count <= self.beyond:
                for row in values.values():
                    row |= dict.fromkeys((*EVENTS, "held"), 0.0)
            self.left = form.horizon - year
            values = {key: self._year(year, key, values) for key in values}
        return values

    def year_after(self) -> dict[tuple[int, int], Row]:
        """Values of a year after the horizon, given those of the next."""
        values, self.left = self._last(), 1
        return {key: self._year(self.form.horizon, key, values) for key in values}

    def _last(self) -> dict[tuple[int, int], Row]:
        form = self.form
        names = (*form.players, "best", "best_aim", *EVENTS, "held")
        values = {
            (level, state): {name: self._aim(name) * level / form.levels for name in names}
            for level in range(form.levels)
            for state in range(form.states)
        }
        if self.end is not None:
            for (level, state), row in values.items():
                row |= dict(zip((*form.players, "best", "best_aim"), self.end[:, level, state].tolist(), strict=True))
        return values

    def _aim(self, name: str) -> float:
        if name in (*EVENTS, "held"):
            return 0.0
        return self.p[f"aim.{'challenger' if name.startswith('best') else name}"]

    def _stood(self, occasion: str, stand: Stand, actor: str, side: str, probability: float) -> None:
        if occasion == "attacked":
            self.supports[stand, actor, side] = probability

    def _standing(self, helpers: tuple[tuple[str, str], ...]) -> dict[tuple[str, str], float]:
        """Probability that each helper supports its side, over what those before it do."""
        reached: dict[Stand, float] = {frozenset(): 1.0}
        standing = {}
        for helper in helpers:
            after: dict[Stand, float] = {}
            for stand, probability in reached.items():
                supports = self.supports[stand, *helper]
                after[stand | {helper}] = after.get(stand | {helper}, 0.0) + probability * supports
                after[stand] = after.get(stand, 0.0) + probability * (1.0 - supports)
            standing[helper] = sum(p for stand, p in after.items() if helper in stand)
            reached = after
        return standing

    def _strength(self, actor: str, year: int, state: int) -> float:
        posture = self.form.posture_of(actor)
        share = self.p[f"reach.{actor}"]
        if posture is None:
            share *= self.p[f"usable.{actor}"]
        else:
            share *= self.p[f"usable.{actor}.{'loose' if state >> posture & 1 else 'firm'}"]
        for name in self._loose_alignments(actor, state):
            if actor in (*self.form.protectors, *self.form.backers):
                share *= self.p[f"loose_reach.{name}"]
        return share * float(self.prepared.forces[actor][year, self.draw])

    def _loose_alignments(self, actor: str, state: int) -> list[str]:
        return [
            regime.name
            for index, regime in enumerate(self.form.regimes)
            if regime.actor == actor and regime.kind == "alignment" and state >> index & 1
        ]

    def _armed(self, actor: str, enemies: set[str], year: int, state: int) -> float:
        """Strength of an actor, less without arms if their supplier is an enemy."""
        kept = 1.0 - self.p[f"arms_lost.{actor}"] if dict(self.form.arms).get(actor) in enemies else 1.0
        return kept * self._strength(actor, year, state)

    def _odds(self, kind: str, end: str, stand: Stand, year: int, state: int) -> float:
        """Probability that the challenger wins or loses a war or a clash."""
        form = self.form
        guards = {actor for actor, side in stand if side == form.target}
        friends = {actor for actor, side in stand if side == form.challenger}
        defence = self._armed(form.target, friends, year, state)
        for guest in form.protectors:
            if guest in guards:
                host = dict(form.access).get(guest)
                lost = self.p[f"access_lost.{guest}"] if host is not None and host not in guards else 0.0
                defence += (1.0 - lost) * self._armed(guest, friends, year, state)
        attack = self._armed(form.challenger, guards, year, state)
        attack += sum(self._armed(friend, guards, year, state) for friend in form.backers if friend in friends)
        m = self.p[f"decisiveness.{kind}"]
        own, other = (attack**m, defence**m) if end == "win" else (defence**m, attack**m)
        return own / (own + math.exp(self.p[f"cutpoint.{kind}.{end}"]) * other)

    def _destroyed(self, actor: str, year: int, state: int) -> float:
        """Share of the challenger's launchers that an actor's first strike destroys."""
        found = (1.0 - self.p["hidden"]) * self.p["launchers"]
        blows = self.p[f"blows.{actor}"] * self._strength(actor, year, state)
        return (1.0 - self.p["hidden"]) * (1.0 - math.exp(-blows / found))

    def _alarm(self, name: str, year: int, state: int) -> float:
        sides = (self.form.challenger, *self.form.defenders)
        armed = sum(self._strength(actor, year, state) for actor in sides)
        return float(expit(self.p[name] + self.p["strike_instability"] * math.log(armed / self.p["armed_now"])))

    def _arrive(self, level: int, state: int, instrument: str, values: dict[tuple[int, int], Row], name: str) -> float:
        """Discounted value of a next year begun at `level` after an instrument, roll-back and regimes' moves in it."""
        form, p = self.form, self.p
        discount = 1.0 if name in (*EVENTS, "held") else p["discount"]
        if level == form.levels:
            return discount * self._aim(name)
        total = 0.0
        for nxt in range(form.states):
            probability = 1.0
            for index, regime in enumerate(form.regimes):
                push = p[f"susceptibility.{regime.name}"] if instrument in regime.loosened_by else 0.0
                push -= p[f"backlash.{regime.name}"] if instrument in regime.rallied_by else 0.0
                loose, after = state >> index & 1, nxt >> index & 1
                leave = expit(p[f"firms.{regime.name}"] - push) if loose else expit(p[f"loosens.{regime.name}"] + push)
                if regime.term is not None and not loose:
                    ends = float(self.prepared.forces[f"term:{regime.name}"][self.now, self.draw])
                    leave = 1.0 - (1.0 - leave) * (1.0 - ends)
                probability *= leave if after != loose else 1.0 - leave
            back = values[max(level - 1, 0), nxt][name]
            total += probability * ((1 - p["rollback"]) * values[level, nxt][name] + p["rollback"] * back)
        return discount * total

    def _year(self, year: int, key: tuple[int, int], values: dict[tuple[int, int], Row]) -> Row:
        level, state = key
        form, p, self.now = self.form, self.p, year
        names = tuple(values[key])
        me, target = form.challenger, form.target
        go = {
            (k, up): {n: self._arrive(level + up, state, k, values, n) for n in names}
            for k in INSTRUMENTS
            for up in (0, 1)
        }
        for instrument in ("press", "attack"):
            if level + 1 > form.start:
                go[instrument, 1] |= {"risk": 1.0, "held": float(self.left)}
        if level + 1 == form.levels:
            go["attack", 1]["conquered"] = 1.0

        def add(row: Row, **extra: float) -> Row:
            result = dict(row)
            for player, amount in extra.items():
                result[player] += amount
                if player == me:
                    result["best"] += amount
                    result["best_aim"] += amount
            return result

        def mix(parts: list[tuple[float, Row]]) -> Row:
            return {n: sum(probability * row[n] for probability, row in parts) for n in names}

        def choose(
            player: str, options: list[Row], bars: list[float] | None = None, believed: list[Row] | None = None
        ) -> tuple[Row, np.ndarray]:
            bars = bars or [0.0] * len(options)
            sharp = p["precision"] / p[f"scale.{player}"]
            seen = believed or options
            probabilities = softmax(np.array([sharp * row[player] + bar for row, bar in zip(seen, bars, strict=True)]))
            row = mix(list(zip(probabilities, options, strict=True)))
            if player == me:
                for name in ("best", "best_aim"):
                    row[name] = max(o[name] for o, bar in zip(options, bars, strict=True) if bar == 0.0)
            return row, probabilities

        def fights(stand: Stand) -> list[str]:
            return [q for q in form.players if q in {actor for actor, _ in stand} or q in (me, target)]

        def role(player: str) -> str:
            return {me: "challenger", target: "target"}.get(
                player, "protector" if player in form.protectors else "backer"
            )

        fallen = dict.fromkeys(names, 0.0) | {me: -p["falling"], "best": -p["falling"], "war": 1.0, "fallen": 1.0}

        def war(stand: Stand, spared: float = 0.0, **counts: float) -> Row:
            """A war; the defenders' nuclear shadow is lighter by the share `spared`."""
            wins, loses = (self._odds("war", end, stand, year, state) for end in ("win", "lose"))
            won = {n: self._arrive(form.levels, state, "attack", values, n) for n in names}
            won |= {"risk": 1.0, "held": float(self.left), "war": 1.0, "conquered": 1.0} | counts
            higher = go["attack", 1] | {"war": 1.0} | counts
            conquest, toppling = p["conquest"], p["toppling"]
            row = mix(
                [
                    (wins * conquest, won),
                    (wins * (1 - conquest), higher),
                    (loses * toppling, fallen | counts),
                    (1 - wins - loses * toppling, go["attack", 0] | {"war": 1.0} | counts),
                ]
            )
            shadow = {q: p["shadow"] * (1 - spared if q in (target, *form.protectors) else 1) for q in form.players}
            return add(row, **{q: -(p[f"cost.war.{role(q)}"] + shadow[q]) for q in fights(stand)})

        helpers = (*((q, target) for q in form.protectors), *((q, me) for q in form.backers))

        def price(actor: str, side: str, stand: Stand, occasion: str) -> float:
            """What it costs a helper to leave a side alone, given who stands in already."""
            twice = side == me and actor in form.protectors
            cost = p[f"standing_aside.{actor}.challenger" if twice else f"standing_aside.{actor}"]
            for name in [] if twice else self._loose_alignments(actor, state):
                cost *= p[f"loose_commitment.{name}"]
            if self._loose_alignments(side, state):
                cost *= p["abandon_loose" if side == target else "abandon_loose.challenger"]
            for index, regime in enumerate(form.regimes):
                if regime.kind == "treaty" and (regime.actor, regime.partner) == (actor, side) and state >> index & 1:
                    cost = 0.0
            for promise in form.promises:
                if (promise.slot.actor, promise.slot.partner) == (actor, side):
                    binds = occasion in promise.when and all((other, side) in stand for other in promise.beside)
                    foes = {other for other, with_whom in stand if with_whom != side}
                    binds = binds and (not promise.against or bool(promise.against & foes))
                    cost *= float(binds)
            return cost

        def call(
            waiting: tuple[tuple[str, str], ...], stand: Stand, end: dict[Stand, Row], occasion: str, joined: str = ""
        ) -> Row:
            if not waiting:
                return end[stand]
            (actor, side), rest = waiting[0], waiting[1:]
            if actor == joined and side == target:
                return call(rest, stand | {(actor, side)}, end, occasion, joined)
            cost = price(actor, side, stand, occasion)
            aside = add(call(rest, stand, end, occasion, joined), **{actor: -cost})
            if side == me and (actor, target) in stand:
                self._stood(occasion, stand, actor, side, 0.0)
                return aside
            row, probabilities = choose(actor, [call(rest, stand | {(actor, side)}, end, occasion, joined), aside])
            self._stood(occasion, stand, actor, side, float(probabilities[0]))
            return row

        stands = [frozenset(s) for n in range(len(helpers) + 1) for s in itertools.combinations(helpers, n)]
        wars = {stand: war(stand) for stand in stands}
        self.supports = {}
        attack = call(helpers, frozenset(), wars, "attacked")
        if (level, state) == (form.start, 0):
            self.standing = self._standing(helpers)
        accident = self._alarm("accident", year, state)

        def unless(row: Row, **extra: float) -> Row:
            return add(mix([(accident, attack), (1 - accident, row)]), **extra)

        def struck(actor: str) -> Row:
            spared = self._destroyed(actor, year, state)
            ends = {stand: war(stand, spared, struck=1.0) for stand in stands}
            at_once = p[f"decapitation.{actor}"]
            hit = dict.fromkeys({target, actor}, -(1 - spared) * p["shadow"])
            return mix(
                [
                    (at_once, add(fallen | {"struck": 1.0}, **hit)),
                    (1 - at_once, call(helpers, frozenset(), ends, "struck", actor)),
                ]
            )

        after_strike = {actor: struck(actor) for actor in form.strikers}

        def strikes(row: Row, cost: float, warning: float = 0.0) -> Row:
            """The row, unless one of the strikers, asked in turn, strikes first."""
            for actor in reversed(form.strikers):
                strike = add(after_strike[actor], **{actor: -cost})
                expected = mix([(warning, attack), (1 - warning, row)])
                row = choose(actor, [strike, row], believed=[strike, expected])[0]
            return row

        def warned(row: Row) -> Row:
            """A crisis by false warning: everybody thinks that the other side may be about to begin."""
            waits = strikes(row, p["cost.strike"], p["warning"])
            feared = mix([(p["warning"], after_strike[form.strikers[0]]), (1 - p["warning"], waits)])
            return choose(me, [waits, attack], [0.0, p["barred.attack"]], believed=[feared, attack])[0]

        def crisis(row: Row) -> Row:
            if not form.strikers:
                return row
            bars = [0.0, self.p["barred.attack"]]
            return choose(me, [strikes(row, p["cost.strike"]), attack], bars)[0]

        backs = unless(go["press", 0], **{me: -p["cost.back_down"]})
        widens = 1 - (1 - p["widening"]) * (1 - self._alarm("accident_after_clash", year, state))
        ends = {}
        for stand in stands:
            gains = self._odds("clash", "win", stand, year, state)
            parts = [
                (widens, wars[stand]),
                ((1 - widens) * gains, crisis(go["press", 1])),
                ((1 - widens) * (1 - gains), crisis(go["press", 0])),
            ]
            clash = add(mix(parts), **dict.fromkeys(fights(stand), -p["cost.clash"]))
            ends[stand] = choose(me, [clash, backs])[0]
        gift = p["dividend"] if self._loose_alignments(target, state) else 0.0
        concede = unless(go["press", 1], **{target: gift})
        resists = crisis(call(helpers, frozenset(), ends, "pressed"))
        press = add(choose(target, [concede, resists])[0], **{me: p["hostility"] - p["cost.press"]})
        options = [
            unless(go["hold", 0]),
            unless(go["condemn", 0], **{me: -p["cost.condemn"]}),
            unless(go["influence", 0], **{me: -p["cost.influence"]}),
            press,
            attack,
        ]
        row, probabilities = choose(me, options, [0.0, *(p[f"barred.{name}"] for name in INSTRUMENTS[1:])])
        if form.strikers:
            peace = strikes(row, p["cost.strike"] + p["cost.strike.peace"])
            row = mix([(p["alarm"], warned(row)), (1 - p["alarm"], peace)])
        for name in names:
            row[name] += self._aim(name) * level / form.levels * (1 - p["discount"])
        self.probabilities = probabilities
        return row
