"""The principal branch of a game: followed point by point, written as CSV, drawn with a panel per information set."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from tocsin.errors import InputError
from tocsin.games.agents import agent_form
from tocsin.games.branch import points
from tocsin.games.efg.solvable import Solvable
from tocsin.plots.labels import label_ends
from tocsin.plots.style import SOFT, colour_of, dash_of, plot_style
from tocsin.plots.svg import one_line, text_width, to_svg
from tocsin.translation import message

MAX_PANELS = 24
"""Maximum number of information sets in one figure."""

COLUMNS, PANEL_WIDTH, SIZE = 3, 2.7, 7.5
"""Panels side by side; their width in inches; font size of labels in points."""

MAX_LABEL, MAX_TITLE = 18, 40
"""Characters of an action's label and of a panel's title."""

PIECES = 12
"""Pieces of the curve between two points of the branch."""

CROWDED = 0.1
"""The scale is logarithmic if half of the points lie within this share of it."""


@dataclass(frozen=True)
class Panel:
    """An information set along the branch.

    Attributes:
        player: name of the player who moves; index: of the player, from 0.
        number: of the set, among the player's own.
        label: of the set; may be empty.
        actions: names of the actions.
        probabilities: of the actions at each point, (points, actions).
        name: of the set in the game's tree.
    """

    player: str
    index: int
    number: int
    label: str
    actions: tuple[str, ...]
    probabilities: np.ndarray
    name: str


@dataclass(frozen=True)
class Trace:
    """The principal branch of a game.

    Attributes:
        title: of the game.
        precisions: of the players at the end of the branch.
        unit: `lambda` if all players have the same precision, else `t`, a multiple of `precisions`.
        positions: of the points in that unit, (points,); not always ascending.
        end: position that the branch should reach.
        panels: one per information set.
    """

    title: str
    precisions: Mapping[str, float]
    unit: str
    positions: np.ndarray
    end: float
    panels: tuple[Panel, ...]

    @property
    def complete(self) -> bool:
        """Return whether the branch reached its end."""
        return math.isclose(self.positions[-1], self.end, rel_tol=1e-9)


def trace(solvable: Solvable, precisions: Mapping[str, float]) -> Trace:
    """Follow the principal branch of a game from precision 0 to the given precisions of all players.

    Raises:
        ValueError: if the tree is too large or a player forgets its own moves or what it knew.
    """
    form = agent_form(solvable.root(), solvable.players)
    times, probabilities = points(form, np.array([[precisions[player]] for player in solvable.players]))
    same = len(set(precisions.values())) == 1
    end = next(iter(precisions.values())) if same else 1.0
    columns = accumulate((len(info_set.actions) for info_set in form.sets), initial=0)
    panels = []
    for info_set, (start, stop) in zip(form.sets, pairwise(columns), strict=True):
        player, number = key = solvable.keys[info_set.name]
        panels.append(
            Panel(
                player=info_set.player,
                index=player - 1,
                number=number,
                label=solvable.game.sets[key].label,
                actions=info_set.actions,
                probabilities=probabilities[:, start:stop],
                name=info_set.name,
            )
        )
    return Trace(solvable.game.title, precisions, "lambda" if same else "t", times * end, end, tuple(panels))


def branch_csv(branch: Trace) -> str:
    """Return the branch as CSV with a row per point, information set and action."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow((branch.unit, "point", "player", "set", "label", "action", "probability"))
    for point, position in enumerate(branch.positions.tolist()):
        for panel in branch.panels:
            head = (position, point, panel.player, panel.number, panel.label)
            probabilities = panel.probabilities[point].tolist()
            table.writerows((*head, *row) for row in zip(panel.actions, probabilities, strict=True))
    return text.getvalue()


# --- figure --------------------------------------------------------------------------------------------------------


def check_panels(solvable: Solvable, *, file: str | None = None) -> None:
    """Check that a game has information sets, and not more than one figure shows.

    Args:
        solvable: the game.
        file: its name, for error messages.

    Raises:
        InputError: if it has none or too many.
    """
    if not solvable.keys:
        raise InputError(message("no player moves in this game"), file=file, remedy=message("leave out --figure"))
    if (count := len(solvable.keys)) > MAX_PANELS:
        raise InputError(
            message(
                "the game has {count} information sets; a figure shows at most {limit}", count=count, limit=MAX_PANELS
            ),
            file=file,
            remedy=message("use --csv, which has no limit"),
        )


def branch_svg(branch: Trace, marks: Sequence[tuple[float, Mapping[str, Sequence[float]]]]) -> str:
    """Return the branch as SVG.

    Args:
        branch: a branch of 1 to `MAX_PANELS` information sets.
        marks: positions to mark, each with the equilibrium there: probabilities by the set's name in the tree.
    """
    from matplotlib.figure import Figure

    columns = min(COLUMNS, len(branch.panels))
    rows = math.ceil(len(branch.panels) / columns)
    with plot_style():
        heights = [_height(branch.panels[row * columns : (row + 1) * columns]) for row in range(rows)]
        title, notes = one_line(branch.title, 30 * columns) or "game", _notes(branch)
        wide = max(0.6 + PANEL_WIDTH * columns, *(0.2 + text_width(line, SIZE) for line in notes))
        figure = Figure(figsize=(wide, sum(heights) + 0.5 + 0.15 * len(notes)), layout="constrained")
        figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
        axes = figure.subplots(rows, columns, squeeze=False, height_ratios=heights).ravel()
        for axis, panel in zip(axes, branch.panels, strict=False):
            _panel(axis, branch, panel, marks)
        for axis in axes[len(branch.panels) :]:
            axis.set_visible(False)
        figure.supxlabel("\n".join(notes), fontsize=SIZE, color=SOFT)
        figure.supylabel("probability", fontsize=SIZE, color=SOFT)
        return to_svg(figure, title)


def _height(panels: Sequence[Panel]) -> float:
    return max((1.7, *(0.5 + 0.15 * len(panel.actions) for panel in panels)))


def _notes(branch: Trace) -> list[str]:
    scale = ", logarithmic scale" if _linear_part(branch) else ""
    lines = [f"{branch.unit}{scale}, along the principal branch; dots: requested equilibria"]
    if branch.unit == "t":
        precisions = ", ".join(
            f"{one_line(player, MAX_LABEL)} {precision:g}" for player, precision in branch.precisions.items()
        )
        lines.append(f"lambda is t times: {precisions}")
    if not branch.complete:
        lines.append(f"the branch was lost at {branch.unit} {branch.positions[-1]:.4g}; the figure ends there")
    return lines


def _linear_part(branch: Trace) -> float:
    """Return the power of ten below which the logarithmic scale is linear; 0 if the whole scale is linear."""
    if len(branch.positions) < 3 or np.median(branch.positions) > CROWDED * branch.end:
        return 0.0
    return float(10.0 ** math.floor(math.log10(np.quantile(branch.positions[1:], 0.25))))


def _panel(
    axis: Any, branch: Trace, panel: Panel, marks: Sequence[tuple[float, Mapping[str, Sequence[float]]]]
) -> None:
    positions, probabilities = _curve(branch.positions, panel.probabilities)
    for action in range(len(panel.actions)):
        axis.plot(
            positions,
            probabilities[:, action],
            color=colour_of(action),
            ls=dash_of(action),
            lw=1.5,
            clip_on=False,
            zorder=2,
        )
    for mark, strategies in marks:
        axis.axvline(mark, color=SOFT, lw=0.6, ls=(0, (1, 2)), zorder=1)
        for action, probability in enumerate(strategies[panel.name]):
            axis.plot([mark], [probability], "o", color=colour_of(action), ms=3.5, clip_on=False, zorder=3)
    if start := _linear_part(branch):
        _logarithmic(axis, start, branch.end)
    axis.set_xlim(0, branch.end or 1)
    axis.set_ylim(0, 1)
    axis.set_yticks([0, 0.5, 1])
    axis.tick_params(labelsize=SIZE)
    axis.grid(axis="y")
    _label_actions(axis, panel, float(branch.positions[-1]))
    name = f"{panel.player} {panel.number}" + (f": {panel.label}" if panel.label else "")
    axis.set_title(one_line(name, MAX_TITLE), loc="left", fontsize=8, fontweight="bold", color=colour_of(panel.index))


def _logarithmic(axis: Any, start: float, end: float) -> None:
    decades = range(round(math.log10(start)), math.floor(math.log10(end)) + 1)
    ticks = [0.0, *(10.0**power for power in decades[:: -math.ceil(len(decades) / 4)])]
    axis.set_xscale("asinh", linear_width=start)
    axis.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.minorticks_off()


def _curve(positions: np.ndarray, probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a curve through the points that is smooth in log probability, also around folds.

    Returns:
        Positions, (curve points,), and probabilities, (curve points, actions).
    """
    from scipy.interpolate import Akima1DInterpolator

    if len(positions) < 2:
        return positions, probabilities
    table = np.column_stack([positions / max(positions[-1], 1e-300), np.log(np.maximum(probabilities, 1e-300))])
    arc = np.cumsum([0.0, *np.maximum(np.linalg.norm(np.diff(table, axis=0), axis=1), 1e-12)])
    count = len(positions)
    finer = np.interp(np.linspace(0, count - 1, PIECES * (count - 1) + 1), np.arange(count), arc)
    curve = Akima1DInterpolator(arc, table, method="makima")(finer)
    curved = np.exp(curve[:, 1:])
    return curve[:, 0] * positions[-1], curved / curved.sum(axis=1, keepdims=True)


def _label_actions(axis: Any, panel: Panel, x: float) -> None:
    labels = [
        (float(probability), one_line(action, MAX_LABEL), colour_of(index))
        for index, (action, probability) in enumerate(zip(panel.actions, panel.probabilities[-1], strict=True))
    ]
    gap = SIZE * 1.25 / 72 / (_height([panel]) - 0.35)
    label_ends(axis, labels, x, gap=gap, top=1, offset=5, size=SIZE)
