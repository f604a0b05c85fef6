"""Run the controls of a case: what a measure shows for events that it must see, and for events that it must not see.

A test may compare an event's effect with a threshold, as in `loss(plan) > threshold`, `risk() - risk(plan) > 0.02` or
`risk(plan) < 0.9 * risk()`. The case's controls
are then measured by the same quantity. If a positive control stays below the threshold, the measure is too coarse for it: that an event
stays below as well says nothing. If a negative control exceeds it, the measure shows effects that are not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from tocsin.assessment.bands import band
from tocsin.assessment.comparisons import Compared, compared
from tocsin.assessment.ensemble import Ensemble, Ensembles
from tocsin.assessment.judging import pooled
from tocsin.assessment.quantities import effect, effect_games, levels
from tocsin.assessment.result import ControlRow, Likelihood
from tocsin.assessment.shares import Share
from tocsin.assessment.situations import Model, central_models, changes, with_events, without_events
from tocsin.assessment.verdicts import decide, may_differ
from tocsin.assessment.weighting import effective
from tocsin.assessment.words import FAILS, HOLDS, NOT_THERE, UNSEEN, game_percent, whole
from tocsin.case.compiled import Test
from tocsin.case.events import short_name
from tocsin.case.nodes import Call
from tocsin.case.schema import Case
from tocsin.models.coercion.scenario import Scenario
from tocsin.translation import Text, message


@dataclass(frozen=True)
class ControlFinding:
    """A control that does not do what it must.

    Attributes:
        row: the control.
        words: what that says of a test that compares with the same threshold, in a few words.
        note: the same in sentences, with the numbers.
    """

    row: ControlRow
    words: Text
    note: Text


# --- games --------------------------------------------------------------------------------------------------


def control_calls(case: Case, item: Compared) -> dict[str, Call]:
    """Return the calls that measure the controls as a test measures its events, by control.

    A positive control that changes nothing there is left out, and so is a negative one that changes what the test takes as given. A control
    that raises the spending in which `equal_rise` measures is left out too: its own rise is what that quantity gives by definition.
    """
    positive, unit = case.controls.positive, item.call.actor if item.call.name == "equal_rise" else None
    names = [name for name in case.controls.events if unit is None or unit not in case.events[name].scale]
    calls = {name: replace(item.call, events=(name,)) for name in names}
    return {
        name: call
        for name, call in calls.items()
        if (_moves(case, call) if name in positive else not _changes_given(case, call))
    }


def _moves(case: Case, call: Call) -> bool:
    model = central_models(case)[0]
    return with_events(case, model, call) != without_events(case, model, call)


def _changes_given(case: Case, call: Call) -> bool:
    return bool(changes(case, call.events, base=False).keys() & changes(case, call.given, base=False).keys())


def control_scenarios(case: Case, theatre: str) -> tuple[Scenario, ...]:
    """Return the games that the controls need in one theatre."""
    return tuple(
        dict.fromkeys(
            game
            for item in _all_compared(case)
            if item.call.theatre == theatre
            for call in control_calls(case, item).values()
            for model in central_models(case)
            for game in effect_games(case, model, call)
        )
    )


def _all_compared(case: Case) -> tuple[Compared, ...]:
    tests = (test for claim in case.tests.values() for test in claim.values())
    return tuple(dict.fromkeys(item for test in tests for item in compared(case, test)))


@dataclass(frozen=True)
class ControlRuns:
    """Measures the controls of a case in solved games.

    Attributes:
        case: the case.
        ensembles: the ensembles of single theatres at the central discount factor, with the games of `control_scenarios`.
    """

    case: Case
    ensembles: Ensembles

    @cached_property
    def by_compared(self) -> Mapping[Compared, tuple[ControlRow, ...]]:
        """Return the controls' results for each effect that a test compares."""
        return {item: tuple(self._rows(item)) for item in _all_compared(self.case)}

    @property
    def rows(self) -> tuple[ControlRow, ...]:
        """Return all results of controls."""
        return tuple(row for rows in self.by_compared.values() for row in rows)

    def unseen(self, test: Test) -> ControlFinding | None:
        """Return the first control that fails where a test compares, or None if all do what they must."""
        rows = (row for item in compared(self.case, test) for row in self.by_compared.get(item, ()))
        failed = next((row for row in rows if not row.passes), None)
        return None if failed is None else _finding(failed)

    def doubtful(self, test: Test) -> bool:
        """Return whether the sampling error could decide if a control registers where a test compares."""
        return any(
            self._is_doubtful(item, call)
            for item in compared(self.case, test)
            for call in control_calls(self.case, item).values()
        )

    def _is_doubtful(self, item: Compared, call: Call) -> bool:
        ensemble, shares = self._ensemble(item), self._shares(item, call)
        errors = {kind: Share(share, 0.0, effective(ensemble.weight(kind))).error for kind, share in shares.items()}
        mid, error = pooled(self.case, shares), pooled(self.case, errors)
        return may_differ(Likelihood(low=mid, mid=mid, high=mid, error=error), shares.values())

    def _ensemble(self, item: Compared) -> Ensemble:
        return self.ensembles[str(item.call.theatre),]

    def _size(self, item: Compared, call: Call, model: Model) -> np.ndarray:
        """Return the size (D,) of a control's effect in the worlds of a model."""
        reader = self._ensemble(item).reader(model)
        return item.size(*levels(reader, call)) if item.ratio else effect(reader, call)

    def _shares(self, item: Compared, call: Call) -> dict[str, float]:
        """Return the share of worlds in which a control's effect exceeds the threshold, by type."""
        weight = self._ensemble(item).weight
        return {
            model.type: _share_above(self._size(item, call, model), item.threshold, weight(model.type))
            for model in central_models(self.case)
        }

    def _rows(self, item: Compared) -> Iterator[ControlRow]:
        for name, call in control_calls(self.case, item).items():
            yield self._row(item, name, call)

    def _row(self, item: Compared, name: str, call: Call) -> ControlRow:
        case, theatre = self.case, str(call.theatre)
        shares = self._shares(item, call)
        exceeds = pooled(case, shares)
        return ControlRow(
            event=name,
            name=short_name(case, name),
            positive=name in case.controls.positive,
            quantity=call.name,
            actor=call.actor or case.theatres[theatre].challenger,
            year=call.year,
            rung=call.rung,
            theatre=theatre,
            given=call.given,
            alike=call.alike,
            threshold=item.threshold,
            ratio=item.ratio,
            effect=band(self._ensemble(item), partial(self._size, item, call)),
            exceeds=exceeds,
            registers=decide(exceeds, shares.values()) == "holds",
        )


def _share_above(sizes: np.ndarray, threshold: float, weights: np.ndarray) -> float:
    """Return the weighted share of sizes above a threshold, of those that are defined; 0 if none is."""
    known = ~np.isnan(sizes)
    whole = float(np.sum(weights[known]))
    return float(np.clip(np.sum(weights[known] * (sizes[known] > threshold)) / whole, 0.0, 1.0)) if whole > 0 else 0.0


def _finding(row: ControlRow) -> ControlFinding:
    if row.positive:
        return ControlFinding(row, UNSEEN, _missed(row))
    why = message(
        'The control "{control}" should change nothing, and yet registers: {share}.',
        control=row.name,
        share=_share(row),
    )
    return ControlFinding(row, NOT_THERE, why)


def _missed(row: ControlRow) -> Text:
    """Return why a positive control does not register: too small a share of worlds, or types of challenger that disagree."""
    values = {"control": row.name, "share": _share(row), "needed": game_percent(HOLDS / 100.0)}
    if whole(row.exceeds) < HOLDS:
        return message(
            'The control "{control}" does not register: {share}, and {needed} is needed. '
            "So results of this measure do not count here.",
            **values,
        )
    return message(
        'The control "{control}" does not register: {share}, but types of challenger disagree: '
        "one is at {needed} or more, another below {fails}. So results of this measure do not count here.",
        **values,
        fails=game_percent(FAILS / 100.0),
    )


def _share(row: ControlRow) -> Text:
    """Return in which share of worlds a control exceeds the threshold."""
    if row.ratio:
        return message(
            "the share of worlds in which it changes `{quantity}` by a factor of more than {threshold} is {share} (median factor {factor})",
            quantity=row.quantity,
            threshold=f"{row.threshold:.3g}",
            share=game_percent(row.exceeds),
            factor=f"{row.effect[1]:.3g}",
        )
    return message(
        "the share of worlds in which its effect on `{quantity}` exceeds {threshold} is {share} (median effect {effect})",
        quantity=row.quantity,
        threshold=f"{row.threshold:g}",
        share=game_percent(row.exceeds),
        effect=f"{row.effect[1]:.2g}",
    )
