"""Share out the effect of events among their parts: money, law, alliances, other inputs.

The worth of a set S of parts is the effect v(S) of the events if only those parts of them happen, and the others stay as in the world with
which the events are compared. A part's share is its Shapley value (Shapley 1953) over all sets, in each world. So the shares sum to the
effect of the events in each world, and in the mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from tocsin.assessment.bands import band, mean
from tocsin.assessment.ensemble import Ensemble, Ensembles
from tocsin.assessment.figures_result import EventParts, PartShare
from tocsin.assessment.quantities import Reader, effect_games, levels
from tocsin.assessment.shapley import coalitions, shapley
from tocsin.assessment.situations import Model, central_models
from tocsin.case.events import MULTIPLY, REGIMES, SCALE, SPENDING, EventPart, moved_keys, part_of
from tocsin.case.nodes import Call, calls
from tocsin.case.quantities import LOSSES, has_effects
from tocsin.case.schema import Case, Event
from tocsin.models.coercion.scenario import Scenario

FEW = 64
"""Worlds in which games are solved that are needed for the parts alone."""

MEASURED_BY_LOSS = ("equal_rise", "signal")
"""Quantities that measure a loss on a scale of their own; the loss itself is shared out."""


def event_parts(ensembles: Ensembles, report: Callable[[float], None]) -> tuple[EventParts, ...]:
    """Return the effects of events with two or more parts that claims ask about, shared out among these parts."""
    case = next(iter(ensembles.values())).case
    claims_by_call = part_calls(case)
    rows = []
    for index, (call, claims) in enumerate(claims_by_call.items()):
        rows.append(_shared_out(ensembles[str(call.theatre),], call, claims))
        report((index + 1) / len(claims_by_call))
    return tuple(rows)


def part_calls(case: Case) -> dict[Call, tuple[str, ...]]:
    """Return the effects that claims ask about of events with two or more parts, with these claims."""
    wanted: dict[Call, list[str]] = {}
    for claim, tests in case.tests.items():
        read = frozenset[Call]().union(*(calls(test.node) for test in tests.values()))
        for call in sorted(read, key=repr):  # a set has another order in each process
            if call.theatre is None or not has_effects(call.name) or len(parts_of(case, call)) < 2:
                continue
            shared = (
                replace(call, name="loss", actor=None, rung=None, year=None) if call.name in MEASURED_BY_LOSS else call
            )
            wanted.setdefault(replace(shared, column=0), []).append(claim)
    return {call: tuple(dict.fromkeys(claims)) for call, claims in wanted.items()}


def parts_of(case: Case, call: Call) -> dict[EventPart, tuple[str, ...]]:
    """Return what a call's events change in its theatre, by part: "money", "law", "alliance" or "other"."""
    parts: dict[EventPart, list[str]] = {}
    for name in call.events:
        for key in moved_keys(case, case.events[name], str(call.theatre)):
            parts.setdefault(part_of(case, key), []).append(key)
    return {part: tuple(dict.fromkeys(keys)) for part, keys in parts.items()}


def _only(case: Case, call: Call, keys: Iterable[str]) -> tuple[Case, Call]:
    """Return a case and a call in which only some of the inputs of the call's events change."""
    events, wanted = [case.events[name] for name in call.events], set(keys)
    against = {key: value for event in events for key, value in event.against.items()}
    after = {key: value for event in events for key, value in event.changes.items()}
    # an input that is only in `against` keeps its present value if it is among the wanted
    changed = {key: value for key, value in after.items() if key in wanted}
    changed |= {key: value for key, value in against.items() if key not in wanted}
    name = "+".join(sorted(wanted)) or "nothing"
    event = Event(
        set={key: str(value) for key, value in changed.items() if key.startswith((REGIMES, SPENDING))},
        scale=_factors(changed, SCALE),
        multiply=_factors(changed, MULTIPLY),
        against=against,
    )
    return case.model_copy(update={"events": {**case.events, name: event}}), replace(call, events=(name,))


def _factors(changed: Mapping[str, str | float], prefix: str) -> dict[str, float]:
    return {key.removeprefix(prefix): float(value) for key, value in changed.items() if key.startswith(prefix)}


def _shared_out(ensemble: Ensemble, call: Call, claims: tuple[str, ...]) -> EventParts:
    case, parts = ensemble.case, parts_of(ensemble.case, call)
    names = tuple(sorted(parts))
    partial_worlds = {
        group: _only(case, call, [key for part, keys in parts.items() if part in group for key in keys])
        for group in coalitions(names)
    }
    games = _games(case, partial_worlds)
    if any(game not in ensemble.solutions for game in games):
        ensemble = ensemble.thinned(FEW).with_games(games)
    worths = {
        model.type: _worths({group: _effect(ensemble, model, *there) for group, there in partial_worlds.items()})
        for model in central_models(case)
    }
    shares = {kind: shapley(names, worth) for kind, worth in worths.items()}
    whole = {kind: np.asarray(sum(values.values())) for kind, values in shares.items()}
    return EventParts(
        events=call.events,
        given=call.given,
        theatre=str(call.theatre),
        quantity=call.name,
        claims=claims,
        mean=_mean(ensemble, whole),
        band=band(ensemble, partial(_of_type, whole)),
        parts=tuple(
            PartShare(
                part=part,
                changes=keys,
                mean=_mean(ensemble, of_part),
                band=band(ensemble, partial(_of_type, of_part)),
            )
            for part, keys in sorted(parts.items())
            for of_part in [{kind: values[part] for kind, values in shares.items()}]
        ),
    )


def _games(case: Case, partial_worlds: Mapping[frozenset[str], tuple[Case, Call]]) -> tuple[Scenario, ...]:
    return tuple(
        dict.fromkeys(
            game
            for changed, call in partial_worlds.values()
            for model in central_models(case)
            for game in effect_games(changed, model, call)
        )
    )


def _effect(ensemble: Ensemble, model: Model, case: Case, call: Call) -> np.ndarray:
    """Return the effect of a call's events in each world, with its sign."""
    reader = Reader(case, model, ensemble.solutions, ensemble.worlds.draws, {})
    if call.name in LOSSES:
        return reader.read(call)
    before, after = levels(reader, call)
    return np.asarray(after - before)


def _worths(effects: Mapping[frozenset[str], np.ndarray]) -> dict[frozenset[str], np.ndarray]:
    """Return the effects of all sets of parts, and nan in the worlds in which one of them is undefined."""
    known = np.all([np.isfinite(values) for values in effects.values()], axis=0)
    return {group: np.where(known, values, np.nan) for group, values in effects.items()}


def _of_type(values: Mapping[str, np.ndarray], model: Model) -> np.ndarray:
    return values[model.type]


def _mean(ensemble: Ensemble, values: Mapping[str, np.ndarray]) -> float:
    types = ensemble.case.types
    return sum(types[kind].weight * mean(row, ensemble.weight(kind)) for kind, row in values.items())
