"""The switches: every combination was solved beforehand, so that the page only looks its numbers up."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.assessment.result import Assessment, Band, Scene
from tocsin.report.prose import amount, banded, chance, plain, points

_KINDS: dict[str, Callable[[float], str]] = {"aim": amount, "chance": chance, "points": points}
_NAMED = {
    "fear": ("Fear: loss against the present world, share of the whole aim", "aim"),
    "fear_aim": ("of this, for the aim", "aim"),
    "risk": ("Revision risk within the horizon", "chance"),
    "p_war": ("War by any path within the horizon", "chance"),
    "p_press": ("Military pressure in the first year", "chance"),
    "p_attack": ("Attack in the first year", "chance"),
}
PILLAR = "pillar."
_LINEAR = 1e-5
"""Share of the aim below which the bars of fear are linear."""


@dataclass(frozen=True)
class Control:
    """One switch: the name of its form field, its legend, its options as (value, label) and the present one."""

    name: str
    legend: str
    options: tuple[tuple[str, str], ...]
    now: str


@dataclass(frozen=True)
class Row:
    """One quantity: its key, label, how it is printed ("aim", "chance" or "points"), and where zero lies, in per cent."""

    key: str
    label: str
    kind: str
    zero: float
    now: tuple[str, str, str]
    bar: tuple[float, float, float]


@dataclass(frozen=True)
class Panel:
    """The switches of a brief.

    Attributes:
        controls: the switches.
        rows: the quantities, with their values in the present world.
        data: what the page's script reads: "scenes" (key -> texts and bar positions of every row), "rows" (keys).
        single: one switch at a time, for print: (what is switched, texts of every row's median and range).
    """

    controls: tuple[Control, ...]
    rows: tuple[Row, ...]
    data: dict[str, Any]
    single: tuple[tuple[str, tuple[str, ...]], ...]


def panel(assessment: Assessment) -> Panel | None:
    """The switches of an assessment; `None` where nothing can be switched or the present world is not among them."""
    controls = _controls(assessment)
    present = tuple(control.now for control in controls)
    scenes = {_key(assessment, scene): scene for scene in assessment.scenes}
    if not controls or present not in scenes:
        return None
    rows = tuple(_row(assessment, name, scenes[present]) for name in _names(scenes[present]))
    data = {
        "rows": [{"key": row.key, "label": row.label} for row in rows],
        "now": "|".join(present),
        "scenes": {"|".join(key): _values(assessment, rows, scene) for key, scene in scenes.items()},
    }
    return Panel(controls, rows, data, _single(controls, present, rows, scenes))


def _controls(assessment: Assessment) -> tuple[Control, ...]:
    case, found = assessment.case, []
    spender = next(iter(case.spending.paths), "") if case.spending else ""
    if case.spending and spender:
        choice = case.spending.paths[spender]
        options = tuple((path, plain(path)) for path in choice.options)
        found.append(Control("spending", f"Spending of {case.actors[spender].name}", options, choice.now))
    for at, name in enumerate(case.theatres[case.main].regimes):
        regime = case.regimes[name]
        options = tuple((state, plain(state)) for state in (regime.firm, regime.loose))
        legend = f"{case.actors[regime.actor].name}: {regime.kind}"
        found.append(Control(f"regime-{at}", legend, options, regime.now))
    return tuple(found)


def _key(assessment: Assessment, scene: Scene) -> tuple[str, ...]:
    regimes = assessment.case.theatres[assessment.case.main].regimes
    spent = (scene.spending,) if scene.spending else ()
    return (*spent, *(scene.regimes[name] for name in regimes))


def _names(scene: Scene) -> list[str]:
    named = [name for name in _NAMED if name in scene.values]
    return named + [name for name in scene.values if name.startswith(PILLAR)]


def _row(assessment: Assessment, name: str, present: Scene) -> Row:
    label, kind = _NAMED.get(name) or (f"Pillar: {_actor(assessment, name)}, points of revision risk", "points")
    place = _placer(assessment, name, kind)
    return Row(name, label, kind, place(0.0), _texts(kind, present.values[name]), _bar(place, present.values[name]))


def _actor(assessment: Assessment, name: str) -> str:
    key = name.removeprefix(PILLAR)
    return assessment.case.actors[key].name if key in assessment.case.actors else key


def _texts(kind: str, band: Band) -> tuple[str, str, str]:
    low, mid, high = (_KINDS[kind](value) for value in band)
    return low, mid, high


def _bar(place: Callable[[float], float], band: Band) -> tuple[float, float, float]:
    low, mid, high = (round(place(value), 1) for value in band)
    return low, mid, high


def _placer(assessment: Assessment, name: str, kind: str) -> Callable[[float], float]:
    """Where a value lies on the bar of its row, in per cent of its width."""
    values = [value for scene in assessment.scenes for value in scene.values.get(name, ()) if math.isfinite(value)]
    if kind == "chance":
        return lambda value: 100.0 * min(max(value, 0.0), 1.0) if math.isfinite(value) else 0.0
    scaled = _symmetric if kind == "aim" else _same
    low, high = scaled(min([0.0, *values])), scaled(max([0.0, *values]))
    width = (high - low) or 1.0
    return lambda value: 100.0 * (scaled(value) - low) / width if math.isfinite(value) else 0.0


def _symmetric(value: float) -> float:
    return math.copysign(math.log1p(abs(value) / _LINEAR), value)


def _same(value: float) -> float:
    return value


def _values(assessment: Assessment, rows: Iterable[Row], scene: Scene) -> list[list[Any]]:
    found: list[list[Any]] = []
    for row in rows:
        band = scene.values[row.key]
        found.append([*_texts(row.kind, band), *_bar(_placer(assessment, row.key, row.kind), band)])
    return found


def _single(
    controls: Sequence[Control], present: tuple[str, ...], rows: Sequence[Row], scenes: dict[tuple[str, ...], Scene]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    for at, control in enumerate(controls):
        for value, label in control.options:
            scene = scenes.get((*present[:at], value, *present[at + 1 :]))
            if value == control.now or scene is None:
                continue
            texts = (_texts(row.kind, scene.values[row.key]) for row in rows)
            found.append((f"{control.legend}: {label}", tuple(banded(*each) for each in texts)))
    return tuple(found)
