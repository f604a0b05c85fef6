"""Compute the quantities of the test language, each call as an array over worlds.

Each quantity has a rule. It declares the games that the quantity needs (`games`), so that all can be solved in one batch. It then reads
the quantity from their solutions (`read`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from tocsin.assessment.equal_rise import equal_rise, games_of_rises
from tocsin.assessment.rules import (
    Part,
    Rule,
    best,
    both_games,
    decrease,
    dent,
    dent_games,
    game_with_events,
    in_own_aims,
    increase,
    level,
    loss_share,
    preventive_years,
    probability,
    survival,
    tally,
    undeterred,
)
from tocsin.assessment.shapley import coalitions, shapley
from tocsin.assessment.situations import Model, Situation, with_events, without_events
from tocsin.case.dated import day_of
from tocsin.case.form import INSTRUMENTS, Form
from tocsin.case.nodes import Call, calls, year_offset
from tocsin.case.published import parameters_of
from tocsin.case.quantities import LOSSES
from tocsin.case.schema import Case
from tocsin.errors import InputError
from tocsin.models.coercion.prepare import Forces, Inputs, own_aim
from tocsin.models.coercion.scenario import HELD, LEAVES, Scenario, risk_by, stands_name, war_by
from tocsin.models.coercion.solve import Solution
from tocsin.models.coercion.strength import strength
from tocsin.models.published import solve
from tocsin.models.signal import PARAMETERS, rates, ratio_of
from tocsin.translation import message

Solutions: TypeAlias = Mapping[Scenario, Solution]
Memo: TypeAlias = dict[tuple[object, ...], Any]
"""Cache of quantities already read, by model and call: quantities recur in many tests and at every threshold."""


@dataclass(frozen=True)
class Reader:
    """Reads quantities in one model from the solutions and their draws."""

    case: Case
    model: Model
    solutions: Solutions
    draws: Mapping[str, np.ndarray]
    memo: Memo

    def read(self, call: Call) -> np.ndarray:
        """Return a quantity over worlds, (D,); nan where a game that it reads has not settled.

        Raises:
            InputError: if the case lacks an input that the quantity needs.
        """
        values: np.ndarray = self.once((self.model, call), lambda: RULES[call.name].read(self, call))
        return values

    def solution(self, game: Scenario) -> Solution:
        """Return the solution of a game, with nan in the worlds in which it has not settled."""
        return self.solutions[game].known

    def own_aim(self, there: Situation) -> np.ndarray:
        """Return what its whole aim is worth to the model's type of challenger, in aims of a revisionist, (D,)."""
        return own_aim(there.scenario, Inputs.of(self.case, self.draws, there.scenario))

    def once(self, key: tuple[object, ...], compute: Callable[[], Any]) -> Any:
        """Return `compute()`, or its cached result for the same key."""
        if key not in self.memo:
            self.memo[key] = compute()
        return self.memo[key]


def needs(case: Case, model: Model, call: Call) -> tuple[Scenario, ...]:
    """Return the games that a call needs in one model."""
    return tuple(dict.fromkeys(RULES[call.name].games(case, model, call)))


def _no_games(_case: Case, _model: Model, _call: Call) -> tuple[Scenario, ...]:
    return ()


# --- risk and war by a year -----------------------------------------------------------------------------------------


def _part_by(case: Case, call: Call) -> Part:
    """Return the part of a solution that is a probability by the year of a call."""
    theatre = str(call.theatre)
    form, year = case.forms[theatre], year_offset(call.year or 0, day_of(case, theatre))
    if call.name == "risk_by":
        return tally(_risk_name(form, year))
    return tally("war" if year == form.horizon else war_by(year))


def _risk_name(form: Form, year: int | None) -> str:
    return "risk" if year in (None, form.horizon) else risk_by(int(year or 0))


# --- pillars -------------------------------------------------------------------------------------------------------


def group_games(case: Case, there: Situation, *, with_target: bool) -> dict[frozenset[str], Scenario]:
    """Return, for each group of players, the game in which only that group acts.

    Players are all defenders if `with_target`. Otherwise they are the protectors, and the target always acts.
    """
    form = case.forms[there.scenario.theatre]
    players = form.defenders if with_target else form.protectors
    always = frozenset() if with_target else frozenset({form.target})
    games = {}
    for group in coalitions(players):
        acting = group | always
        whole = acting == frozenset(form.defenders)
        games[group] = (
            there.scenario
            if whole
            else undeterred(there)
            if not acting
            else there.varied(acting=acting, outputs="risk")
        )
    return games


def worth_of_groups(
    reader: Reader, there: Situation, *, with_target: bool, year: int | None = None
) -> dict[frozenset[str], np.ndarray]:
    """Return the coalition values v(S): minus the revision risk when only S acts, by a year or within the horizon."""
    name = _risk_name(reader.case.forms[there.scenario.theatre], year)
    games = group_games(reader.case, there, with_target=with_target)
    return {group: -reader.solution(game).tallies[name][there.state] for group, game in games.items()}


def pillars(reader: Reader, there: Situation, *, with_target: bool, year: int | None = None) -> dict[str, np.ndarray]:
    """Return the defenders' Shapley contributions (D,), as differences of revision risk."""
    form = reader.case.forms[there.scenario.theatre]
    players = form.defenders if with_target else form.protectors
    return shapley(players, worth_of_groups(reader, there, with_target=with_target, year=year))


def _group_games(with_target: bool) -> Callable[[Case, Model, Call], tuple[Scenario, ...]]:
    def games(case: Case, model: Model, call: Call) -> tuple[Scenario, ...]:
        return tuple(group_games(case, with_events(case, model, call), with_target=with_target).values())

    return games


def _pillar(with_target: bool) -> Rule:
    def read(reader: Reader, call: Call) -> np.ndarray:
        there = with_events(reader.case, reader.model, call)
        day = day_of(reader.case, str(call.theatre))
        year = None if call.year is None else year_offset(call.year, day)
        return pillars(reader, there, with_target=with_target, year=year)[str(call.actor)]

    return Rule(_group_games(with_target), read)


def _deterred(reader: Reader, call: Call) -> np.ndarray:
    there = with_events(reader.case, reader.model, call)
    values = worth_of_groups(reader, there, with_target=False)
    return values[frozenset(reader.case.forms[there.scenario.theatre].protectors)] - values[frozenset()]


# --- who stands in ---------------------------------------------------------------------------------------------------


def _stands_part(case: Case, call: Call) -> Part:
    """Return the part of a solution with the chance that a helper supports its side.

    For an actor bound to both sides, it is the chance that the actor supports the target.
    """
    form = case.forms[str(call.theatre)]
    return probability(stands_name(next(slot for slot in form.slots if slot.actor == call.actor)))


OF_CALLS: dict[str, Callable[[Case, Call], Part]] = {
    "risk_by": _part_by,
    "p_war_by": _part_by,
    "p_stands": _stands_part,
}
"""Quantities of each game that depend on an argument."""


def _of_call(reader: Reader, call: Call) -> np.ndarray:
    return level(OF_CALLS[call.name](reader.case, call)).read(reader, call)


# --- pull and mix --------------------------------------------------------------------------------------------------


def _pull_games(case: Case, model: Model, call: Call) -> tuple[Scenario, ...]:
    """Return the game with the regime's susceptibility as judged, and the game with susceptibility 0."""
    there = with_events(case, model, call)
    return there.varied(outputs="moves"), there.varied(outputs="moves", deaf=frozenset({str(call.regime)}))


def _pull(reader: Reader, call: Call) -> np.ndarray:
    """Return the rise of the probability that the regime becomes or stays loose, compared with susceptibility 0."""
    there, regime = with_events(reader.case, reader.model, call), str(call.regime)
    form = reader.case.forms[there.scenario.theatre]
    index = [known.name for known in form.regimes].index(regime)
    games = _pull_games(reader.case, reader.model, call)
    judged, deaf = (reader.solution(game).tallies[LEAVES + regime][there.state] for game in games)
    return deaf - judged if there.state >> index & 1 else judged - deaf


def _alone(there: Situation, instrument: str) -> Scenario:
    return there.varied(menu=frozenset({"hold", instrument}))


def _best_alone_game(case: Case, model: Model, call: Call) -> tuple[Scenario, ...]:
    return (_alone(with_events(case, model, call), str(call.instrument)),)


def _best_alone(reader: Reader, call: Call) -> np.ndarray:
    there = with_events(reader.case, reader.model, call)
    return reader.solution(_alone(there, str(call.instrument))).best_responses["best"][there.state]


def _mix_games(case: Case, model: Model, call: Call) -> tuple[Scenario, ...]:
    there = with_events(case, model, call)
    return (*(_alone(there, name) for name in INSTRUMENTS[1:]), there.scenario)


def _worth_of_mix(reader: Reader, call: Call) -> np.ndarray:
    there = with_events(reader.case, reader.model, call)
    *alone, mix = (
        reader.solution(game).best_responses["best"][there.state]
        for game in _mix_games(reader.case, reader.model, call)
    )
    return np.asarray(mix - np.max(alone, axis=0))


# --- strength, hazards, yardsticks ---------------------------------------------------------------------------------


def _strengths(reader: Reader, call: Call) -> dict[str, np.ndarray]:
    there = with_events(reader.case, reader.model, call)
    known: Forces = reader.once(("forces",), dict)
    return dict(
        reader.once(
            ("strength", there), lambda: strength(reader.case, there.scenario, reader.draws, there.state, known)
        )
    )


def _strength(reader: Reader, call: Call) -> np.ndarray:
    day = day_of(reader.case, str(call.theatre))
    year = 0 if call.year is None else year_offset(call.year, day)
    return _strengths(reader, call)[str(call.actor)][year]


def _ratio(reader: Reader, call: Call) -> np.ndarray:
    form = reader.case.forms[str(call.theatre)]
    strengths = _strengths(reader, call)
    return np.asarray(sum(strengths[actor][0] for actor in form.defenders) / strengths[form.challenger][0])


def _hazard(reader: Reader, call: Call) -> np.ndarray:
    there = with_events(reader.case, reader.model, call)
    inputs = Inputs.of(reader.case, reader.draws, there.scenario)
    return inputs[f"{'loosens' if call.way == 'leave' else 'firms'}.{call.regime}"]


def _equal_rise_games(case: Case, model: Model, call: Call) -> tuple[Scenario, ...]:
    return *both_games(case, model, call), *games_of_rises(without_events(case, model, call), str(call.actor))


def _equal_rise(reader: Reader, call: Call) -> np.ndarray:
    """Return the lasting proportional rise of an actor's spending that would cost the challenger as much as the events."""
    return _rise_that_costs(reader, call, decrease(best("best")).read(reader, call))


def _rise_that_costs(reader: Reader, call: Call, loss: np.ndarray) -> np.ndarray:
    before = without_events(reader.case, reader.model, call)
    start = reader.solution(before.scenario).best_responses["best"][before.state]
    near, far = (
        start - reader.solution(game).best_responses["best"][before.state]
        for game in games_of_rises(before, str(call.actor))
    )
    return equal_rise(loss, (near, far))


# --- other games ---------------------------------------------------------------------------------------------------


def _signal(reader: Reader, call: Call) -> np.ndarray:
    """Return the likelihood ratio of a statement: alarmed against posturing challenger."""
    names = {**{name: f"signal.{name}" for name in PARAMETERS}, "ordinary": f"signal.ordinary.{call.rung}"}
    if missing := [name for name in names.values() if name not in reader.draws]:
        raise InputError(
            message("signal({rung}, ...) needs the belief `{belief}`", rung=str(call.rung), belief=missing[0]),
            remedy=message("add it; see docs/case-beliefs.md"),
        )
    picked = _rates(reader, replace(call, rung=None))
    ordinary = np.broadcast_to(reader.draws[names["ordinary"]], next(iter(picked["alarmed"].values())).shape)
    return ratio_of(str(call.rung), picked, ordinary)


def _rates(reader: Reader, call: Call) -> dict[str, dict[tuple[str, str], np.ndarray]]:
    """Return how often each type makes each statement, see `signal.rates`; one game gives all rungs.

    The games of a batch are solved together: the slowest draws of each solution cost as much as all others.
    """
    if ("rates", reader.model, call) not in reader.memo:
        batch = _batch(reader, call)
        losses = [RULES["loss"].read(reader, replace(other, name="loss")) for other in batch]
        size, sizes, fear = losses[0].shape[-1], len(batch), np.concatenate(losses)
        wide = {
            name: np.tile(np.broadcast_to(reader.draws[belief], size), sizes)
            for name, belief in {**{name: f"signal.{name}" for name in PARAMETERS}, "precision": "precision"}.items()
        }
        solved = rates(fear=np.nan_to_num(fear), precision=wide.pop("precision"), parameters=wide)
        for index, other in enumerate(batch):
            part = slice(index * size, (index + 1) * size)
            reader.memo["rates", reader.model, other] = {
                kind: {choice: np.where(np.isnan(fear), np.nan, values)[part] for choice, values in chosen.items()}
                for kind, chosen in solved.items()
            }
    picked: dict[str, dict[tuple[str, str], np.ndarray]] = reader.memo["rates", reader.model, call]
    return picked


def _batch(reader: Reader, call: Call) -> list[Call]:
    """Return a statement's events with those of other tests, or those of a control with those of other controls."""
    case = reader.case
    tests = (test.node for claim in case.tests.values() for test in claim.values())
    statements = [replace(item, rung=None) for node in tests for item in calls(node) if item.name == "signal"]
    if call not in statements:
        statements = [replace(item, events=(name,)) for item in statements for name in case.controls.events]
    solved = [
        item for item in statements if all(game in reader.solutions for game in both_games(case, reader.model, item))
    ]
    return list(dict.fromkeys([call, *sorted(solved, key=str)]))


def _published(reader: Reader, call: Call) -> np.ndarray:
    """Return a result of a published game for the drawn parameters."""
    name = str(call.published)

    def solved() -> dict[str, np.ndarray]:
        draws = {parameter: reader.draws[f"{name}.{parameter}"] for parameter in parameters_of(reader.case, name)}
        try:
            return solve(reader.case.published[name].model, draws)
        except ValueError as error:
            raise InputError(
                message("published game `{name}`: {problem}", name=name, problem=str(error)),
                remedy=message("narrow its beliefs until it holds"),
            ) from error

    results: dict[str, np.ndarray] = reader.once(("published", name), solved)
    return results[str(call.result)]


OF_GAMES: dict[str, Part] = {
    "risk": tally("risk"),
    "fall": tally("fallen"),
    "struck": tally("struck"),
    **{f"p_{name}": probability(name) for name in (*INSTRUMENTS, "concede", "back_down")},
    "p_war": tally("war"),
}
"""Quantities that each game has by itself; those of `OF_CALLS` are such too."""


RULES: dict[str, Rule] = {
    "loss": in_own_aims(decrease(best("best"))),
    "loss_aim": in_own_aims(decrease(best("best_aim"))),
    "loss_survival": in_own_aims(decrease(survival)),
    "loss_share": Rule(both_games, loss_share),
    "dent": Rule(dent_games, dent),
    "delay": decrease(tally(HELD)),
    "fear_fall": increase(tally("fallen")),
    "fear_struck": increase(tally("struck")),
    "preventive_years": Rule(game_with_events, preventive_years),
    **{name: level(part) for name, part in OF_GAMES.items()},
    **dict.fromkeys(OF_CALLS, Rule(game_with_events, _of_call)),
    "spiral": increase(tally("war")),
    "spiral_attack": increase(probability("attack")),
    "pillar": _pillar(with_target=False),
    "pillar_all": _pillar(with_target=True),
    "pillar_by": _pillar(with_target=False),
    "deterred": Rule(_group_games(with_target=False), _deterred),
    "pull": Rule(_pull_games, _pull),
    "worth_of_mix": in_own_aims(Rule(_mix_games, _worth_of_mix)),
    "best_alone": in_own_aims(Rule(_best_alone_game, _best_alone)),
    "signal": Rule(both_games, _signal),
    "strength": Rule(_no_games, _strength),
    "strength_at": Rule(_no_games, _strength),
    "ratio": Rule(_no_games, _ratio),
    "hazard": Rule(_no_games, _hazard),
    "equal_rise": Rule(_equal_rise_games, _equal_rise),
    "published": Rule(_no_games, _published),
}
"""A rule for every quantity of `tocsin.case.quantities`."""


# --- effects -------------------------------------------------------------------------------------------------------


def effect_games(case: Case, model: Model, call: Call) -> tuple[Scenario, ...]:
    """Return the games that `effect` needs in one model."""
    return needs(case, model, call) if call.name in LOSSES else both_games(case, model, call)


def effect(reader: Reader, call: Call) -> np.ndarray:
    """Return the size of what a call's events change in its quantity, without its sign, (D,).

    It is infinite where an equal rise exceeds the largest that is solved.
    """
    if call.name == "equal_rise":
        return _rise_that_costs(reader, call, np.abs(decrease(best("best")).read(reader, call)))
    if call.name in LOSSES:
        return np.abs(reader.read(call))
    before, after = levels(reader, call)
    return np.abs(before - after)


def levels(reader: Reader, call: Call) -> tuple[np.ndarray, np.ndarray]:
    """Return a quantity that each game has by itself, without and with a call's events, (D,) each."""
    part = OF_CALLS[call.name](reader.case, call) if call.name in OF_CALLS else OF_GAMES[call.name]
    places = (places(reader.case, reader.model, call) for places in (without_events, with_events))
    before, after = (part(reader.solution(there.scenario))[there.state] for there in places)
    return before, after
