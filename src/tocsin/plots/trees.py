"""Drawing of a game tree, from the root at the left to the terminal nodes and their payoffs at the right.

Positions are in inches. A branch leaves its node at a slant and runs level into the next one. Its action stands above the
level part, the player of the next decision below. Subtrees share no row, so that no texts overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

from tocsin.errors import InputError
from tocsin.games.efg import ExtensiveGame
from tocsin.games.efg.game import FileNode, Number, SetKey, named
from tocsin.plots.style import INK, LINE, PAPER, SOFT, colour_of, marker_of, plot_style
from tocsin.plots.svg import one_line, text_width, to_svg
from tocsin.translation import message

Point: TypeAlias = tuple[float, float]

MAX_NODES, MAX_PLAYERS = 400, 20
"""Limits of the trees that are drawn."""

SIZE, MARK = 7.5, 7.0
"""Sizes of labels and of node markers in points."""

ROW, ROW_WITH_PAYOFFS = 0.32, 0.44
"""Distance of rows in inches; larger if inner nodes have payoffs, which stand below their names."""

SLANT, STEEPEST, MAX_SLANT, LANE = 0.26, 12.0, 0.8, 0.08
"""The slanted part of a branch: its width in inches, its largest slope, its largest width, and the extra width for each
information set whose line goes around other nodes."""

GAP, MARGIN, MIN_WIDTH = 0.12, 0.2, 4.6
"""Inches: space between texts, around the drawing, and its smallest width."""

MAX_LABEL, MAX_NAME, MAX_TITLE = 26, 16, 90
"""Characters of a label, a player's name and the title."""


def tree_svg(game: ExtensiveGame, *, file: str | None = None) -> str:
    """Return the tree of a game as SVG.

    Args:
        game: the game.
        file: its name, for error messages.

    Raises:
        InputError: if it has more nodes or players than can be drawn.
    """
    if (nodes := len(game.nodes)) > MAX_NODES:
        raise InputError(
            message("the game has {count} nodes, more than can be drawn", count=f"{nodes:,}"),
            file=file,
            remedy=message("draw a part of it with at most {limit} nodes", limit=MAX_NODES),
        )
    if (players := len(game.players)) > MAX_PLAYERS:
        raise InputError(
            message("the game has {count} players, more than can be drawn", count=f"{players:,}"),
            file=file,
            remedy=message("draw a part of it with at most {limit} players", limit=MAX_PLAYERS),
        )
    with plot_style():
        return _Drawing(game).svg()


# --- layout --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """The positions of all nodes, in the order of the file.

    Attributes:
        columns: 0 for the root, larger to the right.
        rows: whole numbers from the top for terminal nodes; other nodes stand midway between their first and last child.
    """

    columns: tuple[int, ...]
    rows: tuple[float, ...]


def layout(game: ExtensiveGame) -> Layout:
    """Return the positions of all nodes; nodes in one column are at least one row apart."""
    children = game.children()
    rows = [0.0] * len(children)
    ends = [node for node, after in enumerate(children) if not after]
    for row, node in enumerate(ends):
        rows[node] = float(row)
    for node in reversed(range(len(children))):
        if after := children[node]:
            rows[node] = (rows[after[0]] + rows[after[-1]]) / 2
    return Layout(tuple(_columns(game, children)), tuple(rows))


def _columns(game: ExtensiveGame, children: Sequence[Sequence[int]]) -> list[int]:
    """Put each node to the right of its parent, and each information set into one column if all sets allow it."""
    first: dict[SetKey, int] = {}
    for _ in range(len(game.sets) + 1):
        columns = _right_of_parents(game, children, first)
        furthest: dict[SetKey, int] = {}
        for node, column in zip(game.nodes, columns, strict=True):
            if node.moves is not None and node.moves[0] != 0:
                furthest[node.moves] = max(column, furthest.get(node.moves, 0))
        if furthest == first:
            return columns
        first = furthest
    return _right_of_parents(game, children, {})


def _right_of_parents(game: ExtensiveGame, children: Sequence[Sequence[int]], first: Mapping[SetKey, int]) -> list[int]:
    """Return a column for each node; `first` gives the first column that an information set may use."""
    columns = [0] * len(children)
    for index, node in enumerate(game.nodes):
        if node.moves is not None:
            columns[index] = max(columns[index], first.get(node.moves, 0))
        for child in children[index]:
            columns[child] = columns[index] + 1
    return columns


# --- texts ---------------------------------------------------------------------------------------------------------


def number_text(number: Number) -> str:
    """Return a number as the file writes it, or with six digits if that is long."""
    text = str(number)
    if len(text) > 9:
        exact = Decimal(number.numerator) / number.denominator if isinstance(number, Fraction) else number
        digits, mark, power = f"{exact:.6g}".partition("e")
        text = (digits.rstrip("0").rstrip(".") if "." in digits else digits) + mark + power
    return text.replace("-", "\N{MINUS SIGN}")


def _payoff_tuple(payoffs: Sequence[Number]) -> str:
    return "+ (" + ", ".join(map(number_text, payoffs)) + ")"


# --- drawing -------------------------------------------------------------------------------------------------------


class _Drawing:
    """A drawing in progress: its texts, their widths and their positions."""

    def __init__(self, game: ExtensiveGame) -> None:
        self.game = game
        self.children = game.children()
        self.layout = layout(game)
        self.players = [one_line(name, MAX_NAME) for name in named(game.players)]
        self.title = one_line(game.title, MAX_TITLE) or "game"
        self.actions = {key: self._actions(key) for key in game.sets}
        self.members: dict[SetKey, list[int]] = {}
        for index, node in enumerate(game.nodes):
            if node.moves is not None and node.moves[0] != 0:
                self.members.setdefault(node.moves, []).append(index)
        self.inner_payoffs = any(node.moves is not None and node.outcome for node in game.nodes)

    def svg(self) -> str:
        from matplotlib.figure import Figure

        wide, tall = self._size()
        figure = Figure(figsize=(wide, tall))
        axis = figure.add_axes((0, 0, 1, 1), xlim=(0, wide), ylim=(tall, 0))
        axis.axis("off")
        self._draw_head(axis)
        for key, members in self.members.items():
            if len(members) > 1:
                self._draw_set(axis, key, members)
        for index, node in enumerate(self.game.nodes):
            self._draw_branches(axis, index, node)
            if node.moves is None:
                self._draw_end(axis, index, node)
            else:
                self._draw_decision(axis, index, node, node.moves)
        return to_svg(figure, self.title)

    # --- texts ------------------------------------------------------------------------------------------------------

    def _actions(self, key: SetKey) -> list[str]:
        moves = self.game.sets[key]
        names = [one_line(name, MAX_LABEL) for name in named(moves.actions)]
        if not moves.probabilities:
            return names
        return [
            f"{name}  {number_text(probability)}" for name, probability in zip(names, moves.probabilities, strict=True)
        ]

    def _name(self, node: FileNode, key: SetKey) -> str:
        """Return who moves at a node, in which information set, and the labels of both."""
        who = f"{self.players[key[0] - 1]} {key[1]}" if key[0] else "chance"
        labels = dict.fromkeys(filter(None, (self.game.sets[key].label, node.label)))
        return who + (f": {one_line(' / '.join(labels), MAX_LABEL)}" if labels else "")

    def _inner_payoffs_text(self, node: FileNode) -> str:
        if not node.outcome:
            return ""
        result = self.game.outcomes[node.outcome]
        return f"{_payoff_tuple(result.payoffs)} {one_line(result.label, MAX_LABEL)}".rstrip()

    def _payoffs(self, node: FileNode) -> list[str]:
        if not node.outcome:
            return ["0"] * len(self.players)
        return [number_text(payoff) for payoff in self.game.outcomes[node.outcome].payoffs]

    def _end_label(self, node: FileNode) -> str:
        result = self.game.outcomes.get(node.outcome)
        return one_line((result.label if result else "") or node.label, MAX_LABEL)

    # --- positions -------------------------------------------------------------------------------------------------

    def _size(self) -> Point:
        wide = max(MIN_WIDTH, self._right, 2 * MARGIN + text_width(self.title, 11))
        return wide, self._y(max(self.layout.rows)) + self._row / 2 + MARGIN

    @cached_property
    def _row(self) -> float:
        return ROW_WITH_PAYOFFS if self.inner_payoffs else ROW

    @cached_property
    def _lanes(self) -> dict[SetKey, int]:
        """Return the lane of each information set whose line goes around other nodes of its column."""
        lanes: dict[SetKey, int] = {}
        taken: dict[int, int] = {}
        for key, members in self.members.items():
            if any(self._others_between(upper, lower, key) for upper, lower in pairwise(members)):
                column = self.layout.columns[members[0]]
                lanes[key] = taken[column] = taken.get(column, 0) + 1
        return lanes

    def _others_between(self, upper: int, lower: int, key: SetKey) -> bool:
        columns, rows = self.layout.columns, self.layout.rows
        return any(
            columns[index] == columns[upper] and rows[upper] < rows[index] < rows[lower] and node.moves != key
            for index, node in enumerate(self.game.nodes)
        )

    @cached_property
    def _columns(self) -> list[float]:
        """Return the horizontal position of each column."""
        widths = [GAP] * (max(self.layout.columns) + 1)
        for index, node in enumerate(self.game.nodes):
            if node.moves is None:
                continue
            column = self.layout.columns[index]
            lines = (self._name(node, node.moves), self._inner_payoffs_text(node))
            widths[column] = max(widths[column], *(text_width(line, SIZE) + GAP for line in lines))
            labels = (text_width(action, SIZE) + 2 * GAP for action in self.actions[node.moves])
            widths[column + 1] = max(widths[column + 1], *labels)
        x, positions = MARGIN, []
        for width, slant in zip(widths, self._slants, strict=True):
            x += width
            positions.append(x)
            x += slant
        return positions

    @cached_property
    def _slants(self) -> list[float]:
        """Return the width of the slanted part of the branches from each column."""
        columns, rows = self.layout.columns, self.layout.rows
        slants = [SLANT] * (max(columns) + 1)
        for index, children in enumerate(self.children):
            rise = max((abs(rows[child] - rows[index]) for child in children), default=0.0) * self._row
            slants[columns[index]] = max(slants[columns[index]], min(rise / STEEPEST, MAX_SLANT))
        for key, lane in self._lanes.items():
            column = columns[self.members[key][0]]
            slants[column] = max(slants[column], SLANT + LANE * lane)
        return slants

    @cached_property
    def _table(self) -> list[float]:
        """Return the right edges of the columns of payoffs, one per player."""
        x, edges = self._columns[-1] + GAP, []
        ends = [self._payoffs(node) for node in self.game.nodes if node.moves is None]
        for player, name in enumerate(self.players):
            head = text_width(name, SIZE) + 2 * GAP
            x += 2 * GAP + max(head, *(text_width(payoffs[player], SIZE + 0.5) for payoffs in ends))
            edges.append(x)
        return edges

    @property
    def _right(self) -> float:
        labels = max(text_width(self._end_label(node), SIZE) for node in self.game.nodes if node.moves is None)
        return (self._table or self._columns)[-1] + GAP + labels + MARGIN

    def _y(self, row: float) -> float:
        return self._top + row * self._row

    @cached_property
    def _top(self) -> float:
        return 1.1 + 0.2 * (len(self._legend_lines) - 1)

    def _position(self, node: int) -> Point:
        return self._columns[self.layout.columns[node]], self._y(self.layout.rows[node])

    # --- head ------------------------------------------------------------------------------------------------------

    @cached_property
    def _legend_lines(self) -> list[str]:
        """Return the lines below the title."""
        lines = []
        if any(len(members) > 1 for members in self.members.values()):
            lines.append("dashed: decisions of one information set, which the player cannot tell apart")
        if self.inner_payoffs:
            lines.append("+ (...): payoffs that are added at every end below the node")
        return lines or [""]

    def _draw_head(self, axis: Any) -> None:
        axis.text(MARGIN, 0.28, self.title, fontsize=11, fontweight="bold", va="center")
        for line, text in enumerate(self._legend_lines):
            axis.text(MARGIN, 0.5 + 0.2 * line, text, fontsize=SIZE, color=SOFT, va="center")
        head = self._top - 0.3
        for player, (name, x) in enumerate(zip(self.players, self._table, strict=True)):
            axis.text(x, head, name, fontsize=SIZE, color=colour_of(player), fontweight="bold", ha="right", va="center")
            self._draw_marker(axis, (x - text_width(name, SIZE) * 1.08 - GAP, head), player)

    def _draw_marker(self, axis: Any, centre: Point, player: int) -> None:
        axis.plot(
            [centre[0]], [centre[1]], marker_of(player), color=colour_of(player), ms=MARK, mec=PAPER, mew=0.6, zorder=4
        )

    # --- body ------------------------------------------------------------------------------------------------------

    def _draw_branches(self, axis: Any, index: int, node: FileNode) -> None:
        x, y = self._position(index)
        bend = x + self._slants[self.layout.columns[index]]
        for child, action in zip(self.children[index], self.actions[node.moves] if node.moves else (), strict=True):
            end, level = self._position(child)
            axis.plot([x, bend, end], [y, level, level], color=SOFT, lw=0.9, zorder=1, solid_joinstyle="round")
            axis.text(bend + GAP / 2, level - 0.035, action, fontsize=SIZE, va="bottom", zorder=5)

    def _draw_decision(self, axis: Any, index: int, node: FileNode, key: SetKey) -> None:
        x, y = self._position(index)
        colour = colour_of(key[0] - 1) if key[0] else SOFT
        if key[0]:
            self._draw_marker(axis, (x, y), key[0] - 1)
        else:
            axis.plot([x], [y], "o", color=INK, mfc=PAPER, ms=MARK - 1, mew=1.1, zorder=4)
        for line, text in enumerate((self._name(node, key), self._inner_payoffs_text(node))):
            axis.text(
                x - GAP / 2, y + 0.045 + 0.125 * line, text, fontsize=SIZE, color=INK if line else colour,
                ha="right", va="top", zorder=5,
            )  # fmt: skip

    def _draw_end(self, axis: Any, index: int, node: FileNode) -> None:
        x, y = self._position(index)
        axis.plot([x], [y], "o", color=INK, ms=2.6, zorder=4)
        for player, (right, payoff) in enumerate(zip(self._table, self._payoffs(node), strict=True)):
            axis.text(
                right, y, payoff, fontsize=SIZE + 0.5, color=colour_of(player), ha="right", va="center", zorder=5,
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1},
            )  # fmt: skip
        last = (self._table or [x])[-1]
        axis.plot([x, last], [y, y], color=LINE, lw=0.8, ls=(0, (1, 2)), zorder=0)
        axis.text(last + GAP, y, self._end_label(node), fontsize=SIZE, color=SOFT, va="center")

    # --- information sets ------------------------------------------------------------------------------------------

    def _draw_set(self, axis: Any, key: SetKey, members: Sequence[int]) -> None:
        """Join the decisions of an information set by a dashed line with the id `set-PLAYER-NUMBER`."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        steps = [step for upper, lower in pairwise(members) for step in self._path(upper, lower, key)]
        path = Path([point for point, _ in steps], [code for _, code in steps])
        dashes = (0, (6, 2) if self._lanes.get(key, 1) % 2 == 0 else (3, 2))
        line = PathPatch(path, fill=False, edgecolor=colour_of(key[0] - 1), lw=1.2, ls=dashes, zorder=2)
        line.set_gid(f"set-{key[0]}-{key[1]}")
        axis.add_patch(line)

    def _path(self, upper: int, lower: int, key: SetKey) -> Iterator[tuple[Point, Any]]:
        """Yield a path: straight down, around other nodes in the column, or bent if the set spans columns."""
        from matplotlib.path import Path

        (x, y), (end, under) = self._position(upper), self._position(lower)
        yield (x, y), Path.MOVETO
        if x != end:
            yield ((x + end) / 2 - (under - y) / 4, (y + under) / 2 + 0.3), Path.CURVE3
            yield (end, under), Path.CURVE3
        elif self._others_between(upper, lower, key):
            lane, bend = x + 0.1 + LANE * self._lanes[key], self._row / 3
            yield (lane, y), Path.CURVE3
            yield (lane, y + bend), Path.CURVE3
            yield (lane, under - bend), Path.LINETO
            yield (lane, under), Path.CURVE3
            yield (end, under), Path.CURVE3
        else:
            yield (end, under), Path.LINETO
