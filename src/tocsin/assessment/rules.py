"""Rules by which quantities are computed: the games that each needs, and how it is read from their solutions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from tocsin.assessment.situations import Model, Situation, with_events, without_events
from tocsin.case.nodes import Call
from tocsin.case.schema import Case
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import Solution
from tocsin.models.coercion.strength import war_with_all
from tocsin.models.published.fearon1995 import preventive

if TYPE_CHECKING:
    from tocsin.assessment.quantities import Reader


@dataclass(frozen=True)
class Rule:
    """How a quantity is computed: the games that it needs in a model, and how (D,) values are read from their solutions."""

    games: Callable[[Case, Model, Call], tuple[Scenario, ...]]
    read: Callable[[Reader, Call], np.ndarray]


Part: TypeAlias = Callable[[Solution], np.ndarray]
"""Returns a (R, D) array of a solution."""


# --- levels and differences ----------------------------------------------------------------------------------------


def game_with_events(case: Case, model: Model, call: Call) -> tuple[Scenario, ...]:
    """Return the game with the events."""
    return (with_events(case, model, call).scenario,)


def both_games(case: Case, model: Model, call: Call) -> tuple[Scenario, ...]:
    """Return the games without and with the events."""
    return (without_events(case, model, call).scenario, with_events(case, model, call).scenario)


def level(part: Part) -> Rule:
    """Return the rule for a value with the events."""

    def read(reader: Reader, call: Call) -> np.ndarray:
        there = with_events(reader.case, reader.model, call)
        return part(reader.solution(there.scenario))[there.state]

    return Rule(game_with_events, read)


def decrease(part: Part) -> Rule:
    """Return the rule for the value without the events minus the value with them."""

    def read(reader: Reader, call: Call) -> np.ndarray:
        before = without_events(reader.case, reader.model, call)
        after = with_events(reader.case, reader.model, call)
        lost = part(reader.solution(before.scenario))[before.state]
        return lost - part(reader.solution(after.scenario))[after.state]

    return Rule(both_games, read)


def increase(part: Part) -> Rule:
    """Return the rule for the value with the events minus the value without them."""
    return decrease(lambda solution: -part(solution))


def in_own_aims(rule: Rule) -> Rule:
    """Return the rule for a value in the challenger's own aims instead of aims of a revisionist."""

    def read(reader: Reader, call: Call) -> np.ndarray:
        return rule.read(reader, call) / reader.own_aim(without_events(reader.case, reader.model, call))

    return Rule(rule.games, read)


def best(name: str) -> Part:
    """Return the part of a solution that is a best-response value of the challenger."""
    return lambda solution: solution.best_responses[name]


def tally(name: str) -> Part:
    """Return the part of a solution that is a tally."""
    return lambda solution: solution.tallies[name]


def probability(name: str) -> Part:
    """Return the part of a solution that is a probability in the first year."""
    return lambda solution: solution.probabilities[name]


def survival(solution: Solution) -> np.ndarray:
    """Return what the price of falling adds to the challenger's best-response value."""
    return solution.best_responses["best"] - solution.best_responses["best_aim"]


# --- losses on scales of their own ---------------------------------------------------------------------------------


def undeterred(there: Situation) -> Scenario:
    """Return the game in which no defender acts."""
    return there.varied(acting=frozenset())


def dent_games(case: Case, model: Model, call: Call) -> tuple[Scenario, ...]:
    """Return the games without and with the events, and the one without defenders."""
    return *both_games(case, model, call), undeterred(without_events(case, model, call))


def dent(reader: Reader, call: Call) -> np.ndarray:
    """Return the loss over the value that the challenger would gain if no defender acted; nan where it would gain none."""
    before = without_events(reader.case, reader.model, call)
    free, deterred = (
        reader.solution(game).best_responses["best"][before.state] for game in (undeterred(before), before.scenario)
    )
    return share_of(free - deterred, decrease(best("best")).read(reader, call))


def loss_share(reader: Reader, call: Call) -> np.ndarray:
    """Return the loss over the challenger's value without the events; nan where that is not above 0."""
    before = without_events(reader.case, reader.model, call)
    value = reader.solution(before.scenario).best_responses["best"][before.state]
    return share_of(value, decrease(best("best")).read(reader, call))


def share_of(whole: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Return part / whole, and nan where the whole is not above 0."""
    known = whole > 0.0
    return np.where(known, part / np.where(known, whole, 1.0), np.nan)


def preventive_years(reader: Reader, call: Call) -> np.ndarray:
    """Return in how many years of the horizon waiting costs the challenger more than a year with its whole aim would bring.

    This is the criterion for a preventive war in Fearon (1995), applied from each year to the next. The challenger is the declining
    state, all defenders fight, and no backer does. A war that does not win the whole aim wins nothing, as in the paper.
    """
    there = with_events(reader.case, reader.model, call)
    solution = reader.solution(there.scenario)
    war = war_with_all(reader.case, solution.scenario, reader.draws, there.state)
    discount = np.full_like(war.cost, reader.model.discount)
    met = preventive(
        {
            "rising_now": 1.0 - war.won[:-1],
            "rising_later": 1.0 - war.won[1:],
            "cost": war.cost / (1.0 - discount),  # the whole aim is worth 1 here and 1 / (1 - discount) in the paper
            "discount": discount,
        }
    )
    return np.where(solution.settled, np.sum(met["war"], axis=0), np.nan)
