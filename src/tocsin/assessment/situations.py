"""From events to games: the scenario and the starting state of the regimes in which a quantity is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tocsin.case.nodes import Call
from tocsin.case.schema import Case
from tocsin.errors import InputError
from tocsin.models.coercion.scenario import Scenario

SPENDING, REGIMES = "spending.", "regimes."


@dataclass(frozen=True)
class Model:
    """A structural variant in which a claim is tested: a challenger type and a discount factor."""

    type: str
    discount: float

    def label(self, case: Case) -> str:
        """Return its name in results."""
        return self.type if self.discount == case.discounting.central else f"{self.type}, discount {self.discount:g}"


@dataclass(frozen=True)
class Situation:
    """A game and the state of its regimes at the start."""

    scenario: Scenario
    state: int

    def varied(self, **changes: object) -> Scenario:
        """Return the scenario with some of its fields changed."""
        return replace(self.scenario, **changes)  # type: ignore[arg-type]


def changes(case: Case, events: Iterable[str], *, base: bool) -> dict[str, str]:
    """Return what events set by input or, for `base`, what they are compared with.

    Raises:
        InputError: if two events set one input differently.
    """
    result: dict[str, str] = {}
    for name in events:
        event = case.events[name]
        for key, value in (event.against if base else event.set).items():
            if result.setdefault(key, value) != value:
                raise InputError(
                    f"the events {', '.join(events)} set {key} both to {result[key]!r} and to {value!r}",
                    remedy="ask for each by itself",
                )
    return result


def situation(case: Case, model: Model, theatre: str, settings: Mapping[str, str], alike: str | None) -> Situation:
    """Return the game in which some inputs are set: `spending.ACTOR` to a path, `regimes.REGIME` to a state."""
    form = case.forms[theatre]
    members = set(form.players)
    now = {actor: paths.now for actor, paths in (case.spending.paths if case.spending else {}).items()}
    paths = {key.removeprefix(SPENDING): value for key, value in settings.items() if key.startswith(SPENDING)}
    states = {key.removeprefix(REGIMES): value for key, value in settings.items() if key.startswith(REGIMES)}
    different = tuple(sorted((actor, path) for actor, path in paths.items() if actor in members and now[actor] != path))
    scenario = Scenario(theatre=theatre, type=model.type, discount=model.discount, paths=different, alike=alike)
    return Situation(scenario, form.index(states))


def with_events(case: Case, model: Model, call: Call) -> Situation:
    """Return the world of a call: what is given, and the events."""
    settings = changes(case, call.given, base=False) | changes(case, call.events, base=False)
    return situation(case, model, str(call.theatre), settings, call.alike)


def without_events(case: Case, model: Model, call: Call) -> Situation:
    """Return the world that a call's events are compared with: what is given, and what the events say they replace."""
    settings = changes(case, call.events, base=True) | changes(case, call.given, base=False)
    return situation(case, model, str(call.theatre), settings, call.alike)
