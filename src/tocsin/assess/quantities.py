"""What the words of the test language mean: each call as an array over worlds.

A quantity first says which games it needs (`needs`), so that all can be solved in one batch, and is then read off the
solutions (`read`). Both go through the same function, `_value`, with a reader that either notes or looks up: they
cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tocsin.assess.result import LARGEST_RISE
from tocsin.assess.shapley import coalitions, shapley
from tocsin.assess.situations import Model, Situation, with_events, without_events
from tocsin.case.nodes import Call, year_offset
from tocsin.case.published import parameters_of
from tocsin.case.schema import Case
from tocsin.errors import InputError
from tocsin.models.coercion.form import INSTRUMENTS, LEAVES, RESPONDERS, Form, Scenario, risk_by
from tocsin.models.coercion.prepare import Inputs, form_of
from tocsin.models.coercion.solve import Solution
from tocsin.models.coercion.strength import strength
from tocsin.models.published import solve
from tocsin.models.signal import PARAMETERS, likelihood_ratio

DIVIDED_FROM = 0.05
"""A pillar's share is printed only where the total deterred exceeds this many points of revision risk."""

RISES = (1.25, 1.5, 2.0, 1.0 + LARGEST_RISE)
"""Factors on spending between which an equal rise is interpolated."""

Get = Callable[[Scenario], Solution]


Memo = dict[tuple[object, ...], Any]
"""What was read before, by what was asked: quantities recur in many tests and at every threshold."""


@dataclass(frozen=True)
class Reader:
    """Where quantities are read: the solutions and the draws they were found with."""

    case: Case
    model: Model
    get: Get
    draws: Mapping[str, np.ndarray]
    memo: Memo

    def read(self, call: Call) -> np.ndarray:
        """A quantity over worlds, (D,).

        Raises:
            InputError: if the model has no such quantity.
        """
        found: np.ndarray = self.once((self.model, call), lambda: _value(self, call))
        return found

    def once(self, key: tuple[object, ...], work: Callable[[], Any]) -> Any:
        """What `work` gives, worked out once for each key."""
        if key not in self.memo:
            self.memo[key] = work()
        return self.memo[key]


def needs(case: Case, model: Model, call: Call) -> tuple[Scenario, ...]:
    """The games that a call needs in one model; a published game needs none."""
    if call.published is not None:
        return ()
    noted: list[Scenario] = []

    def note(scenario: Scenario) -> Solution:
        noted.append(scenario)
        return _blank(form_of(case, scenario.theatre), scenario)

    Reader(case, model, note, _blank_draws(case), {}).read(call)
    return tuple(dict.fromkeys(noted))


def _value(reader: Reader, call: Call) -> np.ndarray:
    special = _SPECIAL.get(call.name)
    if special is not None:
        return special(reader, call)
    if call.name in _LEVELS:
        there = with_events(reader.case, reader.model, call)
        return _LEVELS[call.name](reader.get(there.scenario))[there.state]
    raise InputError(f"{call.name} is not a quantity of the coercion model", remedy="see docs/case-format.md")


# --- levels --------------------------------------------------------------------------------------------------------


def _chance(name: str) -> Callable[[Solution], np.ndarray]:
    return lambda solution: solution.chances[name]


_LEVELS: dict[str, Callable[[Solution], np.ndarray]] = {
    "risk": lambda solution: solution.values["risk"],
    "p_war": lambda solution: solution.values["war"],
    **{f"p_{name}": _chance(name) for name in (*INSTRUMENTS, "concede", "back_down")},
}


# --- differences ---------------------------------------------------------------------------------------------------


def _loss(part: Callable[[Solution], np.ndarray]) -> Callable[[Reader, Call], np.ndarray]:
    """Value without the events minus value with them."""

    def loss(reader: Reader, call: Call) -> np.ndarray:
        before = without_events(reader.case, reader.model, call)
        after = with_events(reader.case, reader.model, call)
        return part(reader.get(before.scenario))[before.state] - part(reader.get(after.scenario))[after.state]

    return loss


def _survival(solution: Solution) -> np.ndarray:
    return solution.values["best"] - solution.values["best_aim"]


# --- pillars -------------------------------------------------------------------------------------------------------


def group_games(case: Case, there: Situation, *, with_target: bool) -> dict[frozenset[str], Scenario]:
    """The game in which only some defenders act, for each group of them; the target is always in, or a player itself."""
    form = form_of(case, there.scenario.theatre)
    players = form.defenders if with_target else form.protectors
    always = frozenset() if with_target else frozenset({form.target})
    games = {}
    for group in coalitions(players):
        acting = group | always
        whole = acting == frozenset(form.defenders)
        games[group] = there.scenario if whole else there.varied(acting=acting, asked="risk")
    return games


def worth_of_groups(
    reader: Reader, there: Situation, *, with_target: bool, year: int | None = None
) -> dict[frozenset[str], np.ndarray]:
    """v(S) = minus the revision risk, by a year or within the horizon, when only S acts."""
    name = _risk_by(form_of(reader.case, there.scenario.theatre), year)
    games = group_games(reader.case, there, with_target=with_target)
    return {group: -reader.get(game).values[name][there.state] for group, game in games.items()}


def _risk_by(form: Form, year: int | None) -> str:
    return "risk" if year in (None, form.horizon) else risk_by(int(year or 0))


def pillars(reader: Reader, there: Situation, *, with_target: bool, year: int | None = None) -> dict[str, np.ndarray]:
    """Shapley contributions of the defenders, in points of revision risk, (D,) each."""
    form = form_of(reader.case, there.scenario.theatre)
    players = form.defenders if with_target else form.protectors
    return shapley(players, worth_of_groups(reader, there, with_target=with_target, year=year))


def _pillar(with_target: bool) -> Callable[[Reader, Call], np.ndarray]:
    def value(reader: Reader, call: Call) -> np.ndarray:
        there = with_events(reader.case, reader.model, call)
        year = None if call.year is None else year_offset(call.year, reader.case.as_of)
        found = pillars(reader, there, with_target=with_target, year=year)
        if call.actor not in found:
            raise InputError(
                f"{call.name}({call.actor}): not among {', '.join(found)}", remedy="name a defender of the theatre"
            )
        return found[call.actor]

    return value


def _risk_within(reader: Reader, call: Call) -> np.ndarray:
    there = with_events(reader.case, reader.model, call)
    form = form_of(reader.case, there.scenario.theatre)
    name = _risk_by(form, year_offset(call.year or 0, reader.case.as_of))
    return reader.get(there.scenario).values[name][there.state]


def _deterred(reader: Reader, call: Call) -> np.ndarray:
    there = with_events(reader.case, reader.model, call)
    worth = worth_of_groups(reader, there, with_target=False)
    return worth[frozenset(form_of(reader.case, there.scenario.theatre).protectors)] - worth[frozenset()]


# --- pull, mix, strength -------------------------------------------------------------------------------------------


def _pull(reader: Reader, call: Call) -> np.ndarray:
    """Probability that the regime leaves its firm state (or stays loose) beyond what it would at susceptibility 0."""
    there = with_events(reader.case, reader.model, call)
    form = form_of(reader.case, there.scenario.theatre)
    regime = str(call.regime)
    place = [known.name for known in form.regimes].index(regime)
    stated = reader.get(there.varied(asked="moves")).values[LEAVES + regime][there.state]
    deaf = reader.get(there.varied(asked="moves", deaf=frozenset({regime}))).values[LEAVES + regime][there.state]
    return deaf - stated if there.state >> place & 1 else stated - deaf


def _alone(there: Situation, instrument: str) -> Scenario:
    return there.varied(menu=frozenset({"hold", instrument}))


def _best_alone(reader: Reader, call: Call) -> np.ndarray:
    there = with_events(reader.case, reader.model, call)
    return reader.get(_alone(there, str(call.instrument))).values["best"][there.state]


def _worth_of_mix(reader: Reader, call: Call) -> np.ndarray:
    there = with_events(reader.case, reader.model, call)
    alone = [reader.get(_alone(there, name)).values["best"][there.state] for name in INSTRUMENTS[1:]]
    return reader.get(there.scenario).values["best"][there.state] - np.max(alone, axis=0)


def _strengths(reader: Reader, call: Call) -> dict[str, np.ndarray]:
    there = with_events(reader.case, reader.model, call)
    return dict(
        reader.once(("strength", there), lambda: strength(reader.case, there.scenario, reader.draws, there.state))
    )


def _strength(reader: Reader, call: Call) -> np.ndarray:
    year = 0 if call.year is None else year_offset(call.year, reader.case.as_of)
    found = _strengths(reader, call)[str(call.actor)]
    if not 0 <= year < len(found):
        raise InputError(f"year {call.year} lies outside the horizon", remedy=f"use 0 to {len(found) - 1}")
    return found[year]


def _ratio(reader: Reader, call: Call) -> np.ndarray:
    form = form_of(reader.case, with_events(reader.case, reader.model, call).scenario.theatre)
    found = _strengths(reader, call)
    return np.asarray(sum(found[actor][0] for actor in form.defenders) / found[form.challenger][0])


def _hazard(reader: Reader, call: Call) -> np.ndarray:
    there = with_events(reader.case, reader.model, call)
    inputs = Inputs.of(reader.case, reader.draws, there.scenario)
    return inputs[f"{'loosens' if call.way == 'leave' else 'firms'}.{call.regime}"]


def _equal_rise(reader: Reader, call: Call) -> np.ndarray:
    """The lasting proportional rise of an actor's spending that would cost the challenger as much as the events.

    Interpolated between solved rises; missing (nan) where the events' loss lies beyond the largest.
    """
    loss = _SPECIAL["fear"](reader, replace(call, name="fear"))
    before = without_events(reader.case, reader.model, call)
    start = reader.get(before.scenario).values["best"][before.state]
    losses = [np.zeros_like(start)]
    for factor in RISES:
        scenario = before.varied(scale=((str(call.actor), factor),))
        losses.append(np.maximum(losses[-1], start - reader.get(scenario).values["best"][before.state]))
    rises = np.array([0.0, *(factor - 1.0 for factor in RISES)])
    table = np.stack(losses)
    found = [np.interp(loss[i], table[:, i], rises, right=np.nan) for i in range(len(start))]
    return np.asarray(found)


def _signal(reader: Reader, call: Call) -> np.ndarray:
    """How much likelier a statement at a rung is from a challenger whom the events alarm than from one who poses."""
    fear = _SPECIAL["fear"](reader, replace(call, name="fear", rung=None))
    names = {**{name: f"signal.{name}" for name in PARAMETERS}, "ordinary": f"signal.ordinary.{call.rung}"}
    if missing := [name for name in names.values() if name not in reader.draws]:
        raise InputError(
            f"signal({call.rung}, ...) needs the belief `{missing[0]}`", remedy="add it; see docs/model.md"
        )
    wide = {name: np.broadcast_to(reader.draws[belief], fear.shape) for name, belief in names.items()}
    ordinary, precision = wide.pop("ordinary"), np.broadcast_to(reader.draws["precision"], fear.shape)
    return likelihood_ratio(str(call.rung), fear=fear, precision=precision, parameters=wide, ordinary=ordinary)


def _published(reader: Reader, call: Call) -> np.ndarray:
    """A result of a published game at the drawn parameters."""
    name = str(call.published)

    def solved() -> dict[str, np.ndarray]:
        draws = {parameter: reader.draws[f"{name}.{parameter}"] for parameter in parameters_of(reader.case, name)}
        try:
            return solve(reader.case.published[name].model, draws)
        except ValueError as error:
            raise InputError(f"published game `{name}`: {error}", remedy="narrow its beliefs until it holds") from error

    found: dict[str, np.ndarray] = reader.once(("published", name), solved)
    return found[str(call.result)]


_SPECIAL: dict[str, Callable[[Reader, Call], np.ndarray]] = {
    "fear": _loss(lambda solution: solution.values["best"]),
    "fear_aim": _loss(lambda solution: solution.values["best_aim"]),
    "fear_survival": _loss(_survival),
    "spiral": _loss(lambda solution: -solution.values["war"]),
    "spiral_attack": _loss(lambda solution: -solution.chances["attack"]),
    "pillar": _pillar(with_target=False),
    "pillar_all": _pillar(with_target=True),
    "pillar_by": _pillar(with_target=False),
    "risk_by": _risk_within,
    "deterred": _deterred,
    "pull": _pull,
    "best_alone": _best_alone,
    "worth_of_mix": _worth_of_mix,
    "strength": _strength,
    "strength_at": _strength,
    "ratio": _ratio,
    "hazard": _hazard,
    "equal_rise": _equal_rise,
    "published": _published,
    "signal": _signal,
}


# --- blanks, with which needs are noted ----------------------------------------------------------------------------


def _blank(form: Form, scenario: Scenario) -> Solution:
    zero = np.zeros((form.states, 1))
    moves = [LEAVES + regime.name for regime in form.regimes]
    return Solution(
        scenario=scenario,
        form=form,
        values=dict.fromkeys((*form.players, *RESPONDERS, "risk", "war", *map(risk_by, form.milestones), *moves), zero),
        chances=dict.fromkeys((*INSTRUMENTS, "concede", "back_down"), zero),
        residual=np.zeros(1),
    )


def _blank_draws(case: Case) -> dict[str, np.ndarray]:
    return {name: np.full(1, 0.5) for name in case.beliefs}
