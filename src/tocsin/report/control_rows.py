"""Rows of the brief's table of controls: what each measure shows for events that it must, or must not, see."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tocsin.assessment.figures_result import Band
from tocsin.assessment.ladder import DAYS
from tocsin.assessment.result import Assessment, ControlRow
from tocsin.assessment.thresholds_in_words import measured
from tocsin.assessment.words import game_percent, in_percent, plain
from tocsin.case.events import short_name
from tocsin.case.nodes import Call
from tocsin.case.quantities import QUANTITIES
from tocsin.case.schema import Case
from tocsin.report.wording import aim_share, points_text, spending_rise, time_text, with_range
from tocsin.translation import Text, in_commas, key_words, message

RELATIVE = ("dent", "loss_share")
"""Losses as shares of something other than the aim."""


@dataclass(frozen=True)
class ControlText:
    """A control: its name, what is measured and where, the threshold, the effect, the share of worlds above it, and what that says."""

    name: str
    measured: str
    threshold: str
    effect: str
    exceeds: str
    result: str


def control_rows(assessment: Assessment) -> list[ControlText]:
    """Return the controls, each with every quantity and threshold that tests compare."""
    return [
        ControlText(
            name=row.name,
            measured=_measured(assessment.case, row),
            threshold=_times(row.threshold) if row.ratio else _threshold(row.quantity, row.threshold),
            effect=with_range(*map(_times, row.effect)) if row.ratio else _band(row.quantity, row.effect),
            exceeds=game_percent(row.exceeds),
            result=_result(row),
        )
        for row in assessment.controls
    ]


def _measured(case: Case, row: ControlRow) -> Text:
    """Return what is measured, and where."""
    parts: list[str] = [
        measured(case, Call(row.quantity, year=row.year, rung=row.rung, theatre=row.theatre)),
        key_words(row.theatre),
    ]
    if row.given:
        parts.append(message("given: {events}", events=in_commas(short_name(case, name) for name in row.given)))
    if row.alike:
        parts.append(message("with identical judgements ({group})", group=key_words(row.alike)))
    return in_commas(parts)


def _threshold(quantity: str, value: float) -> Text:
    """Return a threshold as written, however small."""
    shares = quantity in RELATIVE or QUANTITIES[quantity].aims or quantity == "equal_rise"
    return in_percent(plain(100 * value)) if shares else _amount(quantity, value)


def _amount(quantity: str, value: float) -> Text:
    if quantity in RELATIVE or QUANTITIES[quantity].aims:
        return aim_share(value)
    if quantity == "signal":
        return message("{number} times", number=f"{value:.3g}")
    if quantity == "delay":
        return time_text(DAYS * value)
    return spending_rise(value) if quantity == "equal_rise" else points_text(value)


def _times(value: float) -> Text:
    """Return a factor by which a level changes, up or down: "by a factor of 1.11"."""
    if not math.isfinite(value):
        return message("from or to nothing")
    return message("by a factor of {number}", number=f"{value:.3g}")


def _band(quantity: str, band: Band) -> Text:
    low, mid, high = (_amount(quantity, value) for value in band)
    return with_range(low, mid, high)


def _result(row: ControlRow) -> Text:
    if row.passes:
        return message("registers, as it must") if row.positive else message("does not register, as it must not")
    return message("does not register, and must") if row.positive else message("registers, and must not")
