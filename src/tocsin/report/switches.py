"""The switches of the brief; the page looks up the numbers of combinations that were solved beforehand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from tocsin.assessment.code_words import REGIME_WORDS
from tocsin.assessment.figures_result import Band, Scene
from tocsin.assessment.result import Assessment
from tocsin.report.wording import aim_share, delay_text, percentage, points, rise_text, with_range
from tocsin.translation import Text, in_semicolons, key_words, message, template

_FORMATS: dict[str, Callable[[float], Text]] = {
    "share": aim_share,
    "time": delay_text,
    "rise": rise_text,
    "probability": percentage,
    "points": points,
}
STRETCHED: Mapping[str, float] = {"share": 1e-3, "time": 1e-2, "rise": 1e-4}
"""Kinds of which the bars are linear below this size and logarithmic above."""
_QUANTITIES = {
    "dent": (template("Loss compared with now, of all that deterrence costs the challenger"), "share"),
    "delay": (template("Fear for the aim: when its first step comes, compared with now"), "time"),
    "fear_fall": (
        template("Fear for survival: change of the chance that its regime falls within {horizon} years"),
        "rise",
    ),
    "fear_struck": (
        template("Fear for survival: change of the chance that it is struck first within {horizon} years"),
        "rise",
    ),
    "risk": (template("Risk that the aim advances within {horizon} years"), "probability"),
    "p_war": (template("War of any kind within {horizon} years"), "probability"),
    "p_press": (template("Military pressure in the first year"), "probability"),
    "p_attack": (template("Attack in the first year"), "probability"),
}
PILLAR = "pillar."


@dataclass(frozen=True)
class Control:
    """A switch: its form field, its legend, its options as (value, label), and the present option."""

    name: str
    legend: Text
    options: tuple[tuple[str, Text], ...]
    now: str


@dataclass(frozen=True)
class Cells:
    """A quantity in one combination: its median and range as texts; low, median and high in per cent of the bar's width."""

    mid: Text
    range: Text
    bar: tuple[float, float, float]


@dataclass(frozen=True)
class Row:
    """A quantity of the table.

    Attributes:
        key, label: its name, and what it is in words.
        kind: how it is printed, a key of `_FORMATS`.
        zero: where zero lies on the bar, in per cent of its width.
        now: its value in the present world.
        whole: the same as one text, the median with its range.
    """

    key: str
    label: Text
    kind: str
    zero: float
    now: Cells
    whole: Text


@dataclass(frozen=True)
class SingleSwitch:
    """One switch that differs from the present: its label, and the median and range of every quantity."""

    label: Text
    values: tuple[Text, ...]


@dataclass(frozen=True)
class Panel:
    """The switches of a brief.

    Attributes:
        controls: the switches.
        rows: the quantities, with their values in the present world.
        now: key of the present combination.
        scenes: cells of every row, by the key of a combination (its options joined by "|").
        single: the table of one switch at a time.
    """

    controls: tuple[Control, ...]
    rows: tuple[Row, ...]
    now: str
    scenes: Mapping[str, tuple[Cells, ...]]
    single: tuple[SingleSwitch, ...]

    def to_dict(self, say: Callable[[str], str]) -> dict[str, Any]:
        """Return what the page's script reads, JSON-ready; `say` renders a text in the language of the page."""
        return {
            "now": self.now,
            "words": {"present": say(message("The present world.")), "changed": say(self._changed())},
            "scenes": {
                key: [[say(cells.mid), say(cells.range), *cells.bar] for cells in rows]
                for key, rows in self.scenes.items()
            },
        }

    def _changed(self) -> Text:
        """Return the sentence with all quantities, in which `{0}`, `{1}`, ... stand for their values."""
        texts = (
            message("{quantity}: {value}", quantity=row.label, value=f"{{{index}}}")
            for index, row in enumerate(self.rows)
        )
        return message("{quantities}.", quantities=in_semicolons(texts))


def panel(assessment: Assessment) -> Panel | None:
    """Return the switches of an assessment; `None` if nothing can be switched or the present world was not solved."""
    if not assessment.case.theatres:
        return None
    controls = _controls(assessment)
    present = tuple(control.now for control in controls)
    scenes = {_key(assessment, scene): scene for scene in assessment.scenes}
    if not controls or present not in scenes:
        return None
    scales = {name: _scale(assessment, name) for name in _names(scenes[present])}
    rows = tuple(_row(assessment, name, scenes[present], scale) for name, scale in scales.items())
    return Panel(
        controls,
        rows,
        "|".join(present),
        {
            "|".join(key): tuple(_cells(row.kind, scene.values[row.key], scales[row.key]) for row in rows)
            for key, scene in scenes.items()
        },
        _single(controls, present, rows, scenes),
    )


def _controls(assessment: Assessment) -> tuple[Control, ...]:
    case, controls = assessment.case, []
    spender = next(iter(case.spending.paths), "") if case.spending else ""
    if case.spending and spender:
        choice = case.spending.paths[spender]
        options = tuple((path, key_words(path)) for path in choice.options)
        legend = message("Spending of {state}", state=case.actors[spender].name)
        controls.append(Control("spending", legend, options, choice.now))
    for index, name in enumerate(case.theatres[case.main].regimes):
        regime = case.regimes[name]
        options = tuple((state, key_words(state)) for state in (regime.firm, regime.loose))
        legend = message("{state}: {regime}", state=case.actors[regime.actor].name, regime=REGIME_WORDS[regime.kind])
        controls.append(Control(f"regime-{index}", legend, options, regime.now))
    return tuple(controls)


def _key(assessment: Assessment, scene: Scene) -> tuple[str, ...]:
    regimes = assessment.case.theatres[assessment.case.main].regimes
    spending = (scene.spending,) if scene.spending else ()
    return (*spending, *(scene.regimes[name] for name in regimes))


def _names(scene: Scene) -> list[str]:
    named = [name for name in _QUANTITIES if name in scene.values]
    return named + [name for name in scene.values if name.startswith(PILLAR)]


def _kind(name: str) -> str:
    return _QUANTITIES[name][1] if name in _QUANTITIES else "points"


def _row(assessment: Assessment, name: str, present: Scene, scale: Scale) -> Row:
    case = assessment.case
    if name in _QUANTITIES:
        label = _with_horizon(_QUANTITIES[name][0], case.theatres[case.main].horizon)
    else:
        key = name.removeprefix(PILLAR)
        state = case.actors[key].name if key in case.actors else key
        label = message("Risk taken away, percentage points: {state}", state=state)
    kind, band = _kind(name), present.values[name]
    return Row(name, label, kind, scale(0.0), _cells(kind, band, scale), with_range(*_texts(kind, band)))


def _with_horizon(words: str, horizon: int) -> Text:
    return message(words, horizon=f"{horizon}") if "{horizon}" in words else message(words)


def _texts(kind: str, band: Band) -> tuple[Text, Text, Text]:
    low, mid, high = (_FORMATS[kind](value) for value in band)
    return low, mid, high


def _cells(kind: str, band: Band, scale: Scale) -> Cells:
    low, mid, high = _texts(kind, band)
    start, middle, end = (round(scale(value), 1) for value in band)
    return Cells(mid, message("{low} to {high}", low=low, high=high), (start, middle, end))


Scale: TypeAlias = Callable[[float], float]
"""Where a value lies on the bar of its row, in per cent of the bar's width."""


def _scale(assessment: Assessment, name: str) -> Scale:
    """Return the scale of a quantity, which covers its values in all combinations."""
    values = [value for scene in assessment.scenes for value in scene.values.get(name, ()) if math.isfinite(value)]
    if _kind(name) == "probability":
        return lambda value: 100.0 * min(max(value, 0.0), 1.0) if math.isfinite(value) else 0.0
    linear = STRETCHED.get(_kind(name))
    transform = float if linear is None else partial(_symmetric_log, linear)
    low, high = transform(min([0.0, *values])), transform(max([0.0, *values]))
    width = (high - low) or 1.0
    return lambda value: 100.0 * (transform(value) - low) / width if math.isfinite(value) else 0.0


def _symmetric_log(linear: float, value: float) -> float:
    return math.copysign(math.log1p(abs(value) / linear), value)


def _single(
    controls: Sequence[Control],
    present: tuple[str, ...],
    rows: Sequence[Row],
    scenes: Mapping[tuple[str, ...], Scene],
) -> tuple[SingleSwitch, ...]:
    singles = []
    for index, control in enumerate(controls):
        for value, label in control.options:
            scene = scenes.get((*present[:index], value, *present[index + 1 :]))
            if value == control.now or scene is None:
                continue
            texts = (with_range(*_texts(row.kind, scene.values[row.key])) for row in rows)
            named = message("{switch}: {option}", switch=control.legend, option=label)
            singles.append(SingleSwitch(named, tuple(texts)))
    return tuple(singles)
