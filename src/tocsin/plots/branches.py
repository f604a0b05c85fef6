"""The principal branch of a game, point by point: as CSV, and as a figure with a panel for each information set."""

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
from tocsin.plots.style import SOFT, colour_of, dash_of, plot_style
from tocsin.plots.svg import one_line, text_width, to_svg

MAX_PANELS = 24
"""Information sets that one figure shows."""

COLUMNS, PANEL, SIZE = 3, 2.7, 7.5
"""Panels beside each other; how wide one is, inches; points of the letters at lines."""

LONGEST, LONGEST_TITLE = 18, 40
"""Characters of an action at its line and of a panel's title."""

FINE = 12
"""Pieces into which the way from one point to the next is cut to be drawn as a curve."""

CROWDED = 0.1
"""Where half of the points lie within this part of the scale, it is drawn logarithmic."""


@dataclass(frozen=True)
class Panel:
    """An information set along the branch.

    Attributes:
        player: its name, and `place`, from 0.
        number: of the set, the player's own.
        label: of the set; may be empty.
        actions: their names.
        chances: (P, actions) their probabilities at each point.
        name: of the set in the game's tree.
    """

    player: str
    place: int
    number: int
    label: str
    actions: tuple[str, ...]
    chances: np.ndarray
    name: str


@dataclass(frozen=True)
class Trace:
    """The principal branch of a game.

    Attributes:
        title: of the game.
        precisions: the precisions at its end, by player.
        unit: `lambda` where all players have the same, else `t`, the multiple of `rates`.
        positions: (P,) in that unit, not always ascending.
        end: where it should end.
        panels: one for each information set.
    """

    title: str
    precisions: Mapping[str, float]
    unit: str
    positions: np.ndarray
    end: float
    panels: tuple[Panel, ...]

    @property
    def complete(self) -> bool:
        """Whether it came to its end."""
        return math.isclose(self.positions[-1], self.end, rel_tol=1e-9)


def trace(solvable: Solvable, rates: Mapping[str, float]) -> Trace:
    """Follow the principal branch of a game to the precisions `rates`, which name all players.

    Raises:
        ValueError: if the tree is too large or a player forgets what it did or knew.
    """
    form = agent_form(solvable.root(), solvable.players)
    times, chances = points(form, np.array([[rates[player]] for player in solvable.players]))
    alike = len(set(rates.values())) == 1
    end = next(iter(rates.values())) if alike else 1.0
    cuts = accumulate((len(each.actions) for each in form.sets), initial=0)
    panels = []
    for each, (start, stop) in zip(form.sets, pairwise(cuts), strict=True):
        player, number = key = solvable.keys[each.name]
        label = solvable.game.sets[key].label
        table = chances[:, start:stop]
        panels.append(Panel(each.player, player - 1, number, label, each.actions, table, each.name))
    return Trace(solvable.game.title, rates, "lambda" if alike else "t", times * end, end, tuple(panels))


def branch_csv(branch: Trace) -> str:
    """A row for each point, information set and action."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow((branch.unit, "point", "player", "set", "label", "action", "probability"))
    for point, at in enumerate(branch.positions.tolist()):
        for panel in branch.panels:
            head = (at, point, panel.player, panel.number, panel.label)
            chances = panel.chances[point].tolist()
            table.writerows((*head, action, chance) for action, chance in zip(panel.actions, chances, strict=True))
    return text.getvalue()


# --- figure --------------------------------------------------------------------------------------------------------


def check_panels(solvable: Solvable, *, file: str | None = None) -> None:
    """Refuse a game with more information sets than one figure shows, or with none; `file` is its name, for errors.

    Raises:
        InputError: then.
    """
    if not solvable.keys:
        raise InputError("no player moves in this game", file=file, remedy="leave out --figure")
    if (count := len(solvable.keys)) > MAX_PANELS:
        raise InputError(
            f"the game has {count} information sets; a figure shows at most {MAX_PANELS}",
            file=file,
            remedy="use --csv, which holds them all",
        )


def branch_svg(branch: Trace, marks: Sequence[tuple[float, Mapping[str, Sequence[float]]]]) -> str:
    """The branch as SVG.

    Args:
        branch: the branch, of 1 to `MAX_PANELS` sets.
        marks: precisions in its unit that are marked, each with the equilibrium there: set's name in the tree ->
            probabilities.
    """
    from matplotlib.figure import Figure

    columns = min(COLUMNS, len(branch.panels))
    rows = math.ceil(len(branch.panels) / columns)
    with plot_style():
        heights = [_height(branch.panels[row * columns : (row + 1) * columns]) for row in range(rows)]
        title, foot = one_line(branch.title, 30 * columns) or "game", _foot(branch)
        wide = max(0.6 + PANEL * columns, *(0.2 + text_width(line, SIZE) for line in foot))
        figure = Figure(figsize=(wide, sum(heights) + 0.5 + 0.15 * len(foot)), layout="constrained")
        figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
        axes = figure.subplots(rows, columns, squeeze=False, height_ratios=heights).ravel()
        for axis, panel in zip(axes, branch.panels, strict=False):
            _panel(axis, branch, panel, marks)
        for axis in axes[len(branch.panels) :]:
            axis.set_visible(False)
        figure.supxlabel("\n".join(foot), fontsize=SIZE, color=SOFT)
        figure.supylabel("probability", fontsize=SIZE, color=SOFT)
        return to_svg(figure, title)


def _height(panels: Sequence[Panel]) -> float:
    return max((1.7, *(0.5 + 0.15 * len(panel.actions) for panel in panels)))


def _foot(branch: Trace) -> list[str]:
    scale = ", logarithmic scale" if _linear_part(branch) else ""
    lines = [f"{branch.unit}{scale}, along the principal branch; dots: as asked for"]
    if branch.unit == "t":
        rates = ", ".join(f"{one_line(player, LONGEST)} {rate:g}" for player, rate in branch.precisions.items())
        lines.append(f"lambda is t times: {rates}")
    if not branch.complete:
        lines.append(f"the branch was lost at {branch.unit} {branch.positions[-1]:.4g} and is drawn up to there")
    return lines


def _linear_part(branch: Trace) -> float:
    """Up to where a logarithmic scale is about linear, a power of ten; 0 where all of it is."""
    if len(branch.positions) < 3 or np.median(branch.positions) > CROWDED * branch.end:
        return 0.0
    return float(10.0 ** math.floor(math.log10(np.quantile(branch.positions[1:], 0.25))))


def _panel(
    axis: Any, branch: Trace, panel: Panel, marks: Sequence[tuple[float, Mapping[str, Sequence[float]]]]
) -> None:
    at, chances = _fine(branch.positions, panel.chances)
    for action in range(len(panel.actions)):
        axis.plot(at, chances[:, action], color=colour_of(action), ls=dash_of(action), lw=1.5, clip_on=False, zorder=2)
    for mark, strategies in marks:
        axis.axvline(mark, color=SOFT, lw=0.6, ls=(0, (1, 2)), zorder=1)
        for action, chance in enumerate(strategies[panel.name]):
            axis.plot([mark], [chance], "o", color=colour_of(action), ms=3.5, clip_on=False, zorder=3)
    if start := _linear_part(branch):
        _logarithmic(axis, start, branch.end)
    axis.set_xlim(0, branch.end or 1)
    axis.set_ylim(0, 1)
    axis.set_yticks([0, 0.5, 1])
    axis.tick_params(labelsize=SIZE)
    axis.grid(axis="y")
    _label_ends(axis, panel, float(branch.positions[-1]))
    name = f"{panel.player} {panel.number}" + (f": {panel.label}" if panel.label else "")
    axis.set_title(
        one_line(name, LONGEST_TITLE), loc="left", fontsize=8, fontweight="bold", color=colour_of(panel.place)
    )


def _logarithmic(axis: Any, start: float, end: float) -> None:
    decades = range(round(math.log10(start)), math.floor(math.log10(end)) + 1)
    ticks = [0.0, *(10.0**power for power in decades[:: -math.ceil(len(decades) / 4)])]
    axis.set_xscale("asinh", linear_width=start)
    axis.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.minorticks_off()


def _fine(at: np.ndarray, chances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A curve through the points, smooth in log-odds, around folds too."""
    from scipy.interpolate import Akima1DInterpolator

    if len(at) < 2:
        return at, chances
    table = np.column_stack([at / max(at[-1], 1e-300), np.log(np.maximum(chances, 1e-300))])
    along = np.cumsum([0.0, *np.maximum(np.linalg.norm(np.diff(table, axis=0), axis=1), 1e-12)])
    places = np.interp(np.linspace(0, len(at) - 1, FINE * (len(at) - 1) + 1), np.arange(len(at)), along)
    between = Akima1DInterpolator(along, table, method="makima")(places)
    fine = np.exp(between[:, 1:])
    return between[:, 0] * at[-1], fine / fine.sum(axis=1, keepdims=True)


def _label_ends(axis: Any, panel: Panel, x: float) -> None:
    """Actions at the ends of their lines, moved apart where they would overlap."""
    least = SIZE * 1.25 / 72 / (_height([panel]) - 0.35)
    ends = sorted((float(chance), place) for place, chance in enumerate(panel.chances[-1]))
    at = -math.inf
    for rank, (chance, place) in enumerate(ends):
        highest = 1 - least * (len(ends) - 1 - rank)
        at = max(min(chance, highest), at + least)
        axis.annotate(
            one_line(panel.actions[place], LONGEST), (x, at), xytext=(5, 0), textcoords="offset points", va="center",
            color=colour_of(place), fontsize=SIZE, annotation_clip=False,
        )  # fmt: skip
