"""The controls behind a claim: by what margin its measures pass them, and what the verdict is without one that fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tocsin.assessment.challenging.bench import Bench
from tocsin.assessment.challenging.changes import Change, changed
from tocsin.assessment.challenging.result import ControlMargin
from tocsin.assessment.comparisons import compared
from tocsin.assessment.judging import Judge
from tocsin.assessment.result import ControlRow
from tocsin.assessment.words import HOLDS, whole
from tocsin.case.events import short_name
from tocsin.case.schema import Case, Controls
from tocsin.translation import listed, plural


def control_margins(bench: Bench, name: str) -> tuple[ControlMargin, ...]:
    """Return the controls of a claim's measures, those that fail first, then by margin."""
    rows = [_margin(item) for item in _rows(bench, name)]
    return tuple(sorted(rows, key=lambda item: (item.passes, item.margin or 0.0, item.event)))


def without_controls(bench: Bench, name: str) -> Iterator[tuple[Change, Judge]]:
    """Yield the change without each control that a measure of a claim fails, then without all of these, and what decides the claim then."""
    failed = tuple(dict.fromkeys(item.event for item in _rows(bench, name) if not item.passes))
    together = [failed] if len(failed) > 1 else []
    for events in [*((event,) for event in failed), *together]:
        case = _without(bench.claims, events)
        controls = None if bench.judge.controls is None else replace(bench.judge.controls, case=case)
        named = listed(short_name(bench.claims, event) for event in events)
        says = plural("without the control {controls}", "without the controls {controls}", len(events), controls=named)
        yield (
            Change(kind="control", of=", ".join(events), says=says, case=case),
            replace(bench.judge, case=case, controls=controls),
        )


def _without(case: Case, events: tuple[str, ...]) -> Case:
    """Return a case without some controls."""
    left = Controls(
        positive=tuple(name for name in case.controls.positive if name not in events),
        negative=tuple(name for name in case.controls.negative if name not in events),
    )
    return changed(case, f"controls.{'.'.join(events)}", controls=left)


def _rows(bench: Bench, name: str) -> list[ControlRow]:
    """Return the results of controls at the thresholds with which the tests of a claim compare."""
    controls = bench.judge.controls
    if controls is None:
        return []
    items = dict.fromkeys(item for test in bench.claims.tests[name].values() for item in compared(bench.claims, test))
    return [row for item in items for row in controls.by_compared.get(item, ())]


def _margin(row: ControlRow) -> ControlMargin:
    """Return a control with its margin, in whole points as verdicts are."""
    beyond = (whole(row.exceeds) - HOLDS) / 100.0
    decided = row.registers == (beyond >= 0.0)
    return ControlMargin(
        event=row.event,
        name=row.name,
        positive=row.positive,
        measure=f"{row.quantity}@{row.theatre}",
        exceeds=row.exceeds,
        passes=row.passes,
        margin=None if not decided else beyond if row.positive else -beyond,
    )
