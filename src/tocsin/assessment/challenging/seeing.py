"""Whether a measure sees its controls with a change: they are measured again in the worlds in which its games are solved again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tocsin.assessment.comparisons import Compared, compared
from tocsin.assessment.requests import theatres_of
from tocsin.assessment.shares import Group
from tocsin.assessment.situations import Model, central_models
from tocsin.case.compiled import Test
from tocsin.case.nodes import Call
from tocsin.case.schema import Case

if TYPE_CHECKING:
    from tocsin.assessment.ensemble import Ensemble, Ensembles
    from tocsin.models.coercion.scenario import Scenario


@dataclass(frozen=True)
class Sight:
    """A control of an effect that a test compares.

    Attributes:
        item: what the test compares.
        call: measures the control.
        positive: whether it must register.
    """

    item: Compared
    call: Call
    positive: bool


def sights(case: Case, test: Test) -> Iterator[Sight]:
    """Yield the controls of the effects that a test compares."""
    from tocsin.assessment.controls import control_calls

    for item in compared(case, test):
        for event, call in control_calls(case, item).items():
            yield Sight(item, call, event in case.controls.positive)


def can_be_measured(case: Case, test: Test) -> bool:
    """Return whether the controls of a test are measured in the worlds of the test itself."""
    places = {(str(item.call.theatre),) for item in compared(case, test)}
    return places == {theatres_of(case, [test.node])}


def games_of(case: Case, tests: Iterable[Test]) -> tuple[Scenario, ...]:
    """Return the games of the controls of some tests."""
    from tocsin.assessment.quantities import effect_games

    calls = dict.fromkeys(sight.call for test in tests for sight in sights(case, test))
    return tuple(
        dict.fromkeys(
            game for call in calls for model in central_models(case) for game in effect_games(case, model, call)
        )
    )


def registers(ensemble: Ensemble, sight: Sight, model: Model) -> Group:
    """Return in which worlds of a model a control exceeds the threshold of its test; nan where its effect is undefined."""
    from tocsin.assessment.quantities import effect, levels

    reader = ensemble.reader(model)
    sizes = sight.item.size(*levels(reader, sight.call)) if sight.item.ratio else effect(reader, sight.call)
    truth = np.where(np.isnan(sizes), np.nan, sizes > sight.item.threshold)
    return Group([truth], ensemble.weight(model.type))


@dataclass(frozen=True)
class Sighted:
    """The worlds in which controls are compared: all that are solved, and the same few without and with a change."""

    full: Ensembles
    before: Ensembles
    after: Ensembles

    def groups(
        self, theatres: tuple[str, ...], sight: Sight, models: Mapping[str, Model]
    ) -> tuple[Group, Group, Group]:
        """Return where a control registers in all three, in the model of each: "before" for the first two, "after" for the last."""
        pairs = ((self.full, "before"), (self.before, "before"), (self.after, "after"))
        full, first, then = (registers(worlds[theatres], sight, models[name]) for worlds, name in pairs)
        return full, first, then
