"""From events to games: the scenario and the starting state of the regimes in which a quantity is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from tocsin.assessment.model_names import DISCOUNT
from tocsin.case.events import MULTIPLY, REGIMES, SCALE, SPENDING, multiplied
from tocsin.case.nodes import Call
from tocsin.case.schema import Case
from tocsin.errors import InputError
from tocsin.models.coercion.scenario import Scenario
from tocsin.translation import in_commas, message


@dataclass(frozen=True)
class Model:
    """A structural variant in which a claim is tested: a challenger type and a discount factor."""

    type: str
    discount: float

    def label(self, case: Case) -> str:
        """Return its name in results."""
        return self.type if self.discount == case.discounting.central else f"{self.type}{DISCOUNT}{self.discount:g}"


def central_models(case: Case) -> tuple[Model, ...]:
    """Return the models at the central discount factor."""
    return tuple(Model(kind, case.discounting.central) for kind in case.types)


@dataclass(frozen=True)
class Situation:
    """A game and the state of its regimes at the start."""

    scenario: Scenario
    state: int

    def varied(self, **changes: object) -> Scenario:
        """Return the scenario with some of its fields changed."""
        return replace(self.scenario, **changes)  # type: ignore[arg-type]


Settings: TypeAlias = Mapping[str, str | float]
"""What events change, by input: `spending.ACTOR` to a path, `regimes.REGIME` to a state, `scale.ACTOR` by a factor on
spending, `multiply.INPUT` by a factor on its draws."""


def changes(case: Case, events: Iterable[str], *, base: bool) -> dict[str, str | float]:
    """Return what events change by input or, for `base`, what they are compared with.

    Raises:
        InputError: if two events set one input differently.
    """
    result: dict[str, str | float] = {}
    for name in events:
        event = case.events[name]
        for key, value in (event.against if base else event.changes).items():
            if result.setdefault(key, value) != value:
                raise InputError(
                    message(
                        "the events {events} set {key} both to {one} and to {other}",
                        events=in_commas(events),
                        key=key,
                        one=repr(result[key]),
                        other=repr(value),
                    ),
                    remedy=message("ask for each by itself"),
                )
    return result


def situation(case: Case, model: Model, theatre: str, settings: Settings, alike: str | None) -> Situation:
    """Return the game in which some inputs are changed."""
    form = case.forms[theatre]
    now = {actor: paths.now for actor, paths in (case.spending.paths if case.spending else {}).items()}
    paths = {actor: str(path) for actor, path in _under(SPENDING, settings).items() if actor in form.players}
    factors = {actor: float(factor) for actor, factor in _under(SCALE, settings).items() if actor in form.players}
    beliefs = {multiplied(case, name, theatre): factor for name, factor in _under(MULTIPLY, settings).items()}
    scenario = Scenario(
        theatre=theatre,
        type=model.type,
        discount=model.discount,
        paths=tuple(sorted((actor, path) for actor, path in paths.items() if now[actor] != path)),
        alike=alike,
        scale=tuple(sorted((actor, factor) for actor, factor in factors.items() if factor != 1.0)),
        multiply=tuple(sorted((name, float(factor)) for name, factor in beliefs.items() if name is not None)),
    )
    return Situation(scenario, form.index({name: str(state) for name, state in _under(REGIMES, settings).items()}))


def _under(prefix: str, settings: Settings) -> dict[str, str | float]:
    return {key.removeprefix(prefix): value for key, value in settings.items() if key.startswith(prefix)}


def with_events(case: Case, model: Model, call: Call) -> Situation:
    """Return the world of a call: what is given, and the events."""
    settings = changes(case, call.given, base=False) | changes(case, call.events, base=False)
    return situation(case, model, str(call.theatre), settings, call.alike)


def without_events(case: Case, model: Model, call: Call) -> Situation:
    """Return the world that a call's events are compared with: what is given, and what the events say they replace."""
    settings = changes(case, call.events, base=True) | changes(case, call.given, base=False)
    return situation(case, model, str(call.theatre), settings, call.alike)
