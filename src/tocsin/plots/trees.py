"""The tree of a game as a picture: from the root at the left to the ends at the right, payoffs in columns beside them.

Everything is placed in inches. A branch leaves its node slanting and runs level into the next one; its action stands
above the level part, the next decision's player below. Subtrees never share a row, so that nothing written can meet.
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
from tocsin.games.efg.game import Entry, Number, SetKey, named
from tocsin.plots.style import INK, LINE, PAPER, SOFT, colour_of, marker_of, plot_style
from tocsin.plots.svg import one_line, text_width, to_svg

Point: TypeAlias = tuple[float, float]

MAX_NODES, MAX_PLAYERS = 400, 20
"""The largest tree that is drawn."""

SIZE, MARK = 7.5, 7.0
"""Of letters and of nodes, points."""

ROW, ROW_WITH_RESULTS = 0.32, 0.44
"""From one end to the next, inches; more where a node on the way has payoffs, which stand below its name."""

SLANT, STEEPEST, MAX_SLANT, LANE = 0.26, 12.0, 0.8, 0.08
"""Inches: the slanting part of a branch; how much it may rise for each inch that it goes right, until that part is as wide
as it may be; more of it for each information set whose line must go around other nodes."""

GAP, MARGIN, LEAST_WIDTH = 0.12, 0.2, 4.6
"""Inches: between texts; around all; of all."""

LONGEST, LONGEST_NAME, LONGEST_TITLE = 26, 16, 90
"""Characters of a label, of a player's name, of a title."""


def tree_svg(game: ExtensiveGame, *, file: str | None = None) -> str:
    """The tree of a game as SVG; `file` is its name, for errors.

    Raises:
        InputError: if it has more nodes or players than can be drawn.
    """
    for count, most, things in ((len(game.nodes), MAX_NODES, "nodes"), (len(game.players), MAX_PLAYERS, "players")):
        if count > most:
            raise InputError(
                f"the game has {count:,} {things}", file=file, remedy=f"draw one, or a part of it, of at most {most}"
            )
    with plot_style():
        return _Drawing(game).svg()


# --- places --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """Where each node stands, by its place in the file.

    Attributes:
        columns: 0 for the root, the more the further right.
        rows: ends on whole numbers from 0 downwards, other nodes midway between the first and last that follow.
    """

    columns: tuple[int, ...]
    rows: tuple[float, ...]


def layout(game: ExtensiveGame) -> Layout:
    """Places of all nodes: in one column two of them are at least one row apart."""
    below = game.children()
    rows = [0.0] * len(below)
    ends = [place for place, after in enumerate(below) if not after]
    for row, place in enumerate(ends):
        rows[place] = float(row)
    for place in reversed(range(len(below))):
        if after := below[place]:
            rows[place] = (rows[after[0]] + rows[after[-1]]) / 2
    return Layout(tuple(_columns(game, below)), tuple(rows))


def _columns(game: ExtensiveGame, below: Sequence[Sequence[int]]) -> list[int]:
    """Every node right of the one before it; the decisions of a set in one column, if all sets can have that at once."""
    least: dict[SetKey, int] = {}
    for _ in range(len(game.sets) + 1):
        columns = _right_of_parents(game, below, least)
        furthest: dict[SetKey, int] = {}
        for node, column in zip(game.nodes, columns, strict=True):
            if node.moves is not None and node.moves[0] != 0:
                furthest[node.moves] = max(column, furthest.get(node.moves, 0))
        if furthest == least:
            return columns
        least = furthest
    return _right_of_parents(game, below, {})


def _right_of_parents(game: ExtensiveGame, below: Sequence[Sequence[int]], least: Mapping[SetKey, int]) -> list[int]:
    columns = [0] * len(below)
    for place, node in enumerate(game.nodes):
        if node.moves is not None:
            columns[place] = max(columns[place], least.get(node.moves, 0))
        for after in below[place]:
            columns[after] = columns[place] + 1
    return columns


# --- words ---------------------------------------------------------------------------------------------------------


def number_text(number: Number) -> str:
    """A number as the file writes it, or six digits of it where that is long."""
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
    """One picture: what is written in it, how wide that is, where it goes."""

    def __init__(self, game: ExtensiveGame) -> None:
        self.game = game
        self.below = game.children()
        self.places = layout(game)
        self.players = [one_line(name, LONGEST_NAME) for name in named(game.players)]
        self.title = one_line(game.title, LONGEST_TITLE) or "game"
        self.actions = {key: self._actions(key) for key in game.sets}
        self.members: dict[SetKey, list[int]] = {}
        for place, node in enumerate(game.nodes):
            if node.moves is not None and node.moves[0] != 0:
                self.members.setdefault(node.moves, []).append(place)
        self.adds = any(node.moves is not None and node.outcome for node in game.nodes)

    def svg(self) -> str:
        from matplotlib.figure import Figure

        wide, tall = self._size()
        figure = Figure(figsize=(wide, tall))
        axis = figure.add_axes((0, 0, 1, 1), xlim=(0, wide), ylim=(tall, 0))
        axis.axis("off")
        self._head(axis)
        for key, members in self.members.items():
            if len(members) > 1:
                self._join(axis, key, members)
        for place, node in enumerate(self.game.nodes):
            self._branches(axis, place, node)
            if node.moves is None:
                self._end(axis, place, node)
            else:
                self._decision(axis, place, node, node.moves)
        return to_svg(figure, self.title)

    # --- what is written -------------------------------------------------------------------------------------------

    def _actions(self, key: SetKey) -> list[str]:
        moves = self.game.sets[key]
        names = [one_line(name, LONGEST) for name in named(moves.actions)]
        if not moves.chances:
            return names
        return [f"{name}  {number_text(chance)}" for name, chance in zip(names, moves.chances, strict=True)]

    def _name(self, node: Entry, key: SetKey) -> str:
        """Who moves at a node, at which information set, and the labels of both."""
        who = f"{self.players[key[0] - 1]} {key[1]}" if key[0] else "chance"
        labels = dict.fromkeys(filter(None, (self.game.sets[key].label, node.label)))
        return who + (f": {one_line(' / '.join(labels), LONGEST)}" if labels else "")

    def _added(self, node: Entry) -> str:
        """Payoffs on the way."""
        if not node.outcome:
            return ""
        result = self.game.outcomes[node.outcome]
        return f"{_payoff_tuple(result.payoffs)} {one_line(result.label, LONGEST)}".rstrip()

    def _payoffs(self, node: Entry) -> list[str]:
        if not node.outcome:
            return ["0"] * len(self.players)
        return [number_text(payoff) for payoff in self.game.outcomes[node.outcome].payoffs]

    def _end_label(self, node: Entry) -> str:
        result = self.game.outcomes.get(node.outcome)
        return one_line((result.label if result else "") or node.label, LONGEST)

    # --- where it goes ---------------------------------------------------------------------------------------------

    def _size(self) -> Point:
        wide = max(LEAST_WIDTH, self._right, 2 * MARGIN + text_width(self.title, 11))
        return wide, self._y(max(self.places.rows)) + self._row / 2 + MARGIN

    @cached_property
    def _row(self) -> float:
        return ROW_WITH_RESULTS if self.adds else ROW

    @cached_property
    def _lanes(self) -> dict[SetKey, int]:
        """Sets whose line must go around other nodes, each with a lane of its own in their column."""
        found: dict[SetKey, int] = {}
        taken: dict[int, int] = {}
        for key, members in self.members.items():
            if any(self._others_between(upper, lower, key) for upper, lower in pairwise(members)):
                column = self.places.columns[members[0]]
                found[key] = taken[column] = taken.get(column, 0) + 1
        return found

    def _others_between(self, upper: int, lower: int, key: SetKey) -> bool:
        columns, rows = self.places.columns, self.places.rows
        return any(
            columns[place] == columns[upper] and rows[upper] < rows[place] < rows[lower] and node.moves != key
            for place, node in enumerate(self.game.nodes)
        )

    @cached_property
    def _columns(self) -> list[float]:
        """Where the nodes of each column stand."""
        written = [GAP] * (max(self.places.columns) + 1)
        for place, node in enumerate(self.game.nodes):
            if node.moves is None:
                continue
            column = self.places.columns[place]
            lines = (self._name(node, node.moves), self._added(node))
            written[column] = max(written[column], *(text_width(line, SIZE) + GAP for line in lines))
            labels = (text_width(action, SIZE) + 2 * GAP for action in self.actions[node.moves])
            written[column + 1] = max(written[column + 1], *labels)
        at, found = MARGIN, []
        for column, wide in enumerate(written):
            at += wide
            found.append(at)
            at += self._slants[column]
        return found

    @cached_property
    def _slants(self) -> list[float]:
        """How wide the slanting part of the branches from each column is."""
        columns, rows = self.places.columns, self.places.rows
        found = [SLANT] * (max(columns) + 1)
        for place, after in enumerate(self.below):
            rise = max((abs(rows[child] - rows[place]) for child in after), default=0.0) * self._row
            found[columns[place]] = max(found[columns[place]], min(rise / STEEPEST, MAX_SLANT))
        for key, lane in self._lanes.items():
            column = columns[self.members[key][0]]
            found[column] = max(found[column], SLANT + LANE * lane)
        return found

    @cached_property
    def _table(self) -> list[float]:
        """Right edges of the columns of payoffs, one a player."""
        at, found = self._columns[-1] + GAP, []
        ends = [self._payoffs(node) for node in self.game.nodes if node.moves is None]
        for place, name in enumerate(self.players):
            head = text_width(name, SIZE) + 2 * GAP
            at += 2 * GAP + max(head, *(text_width(payoffs[place], SIZE + 0.5) for payoffs in ends))
            found.append(at)
        return found

    @property
    def _right(self) -> float:
        labels = max(text_width(self._end_label(node), SIZE) for node in self.game.nodes if node.moves is None)
        return (self._table or self._columns)[-1] + GAP + labels + MARGIN

    def _y(self, row: float) -> float:
        return self._top + row * self._row

    @cached_property
    def _top(self) -> float:
        return 1.1 + 0.2 * (len(self._legend_lines) - 1)

    def _at(self, place: int) -> Point:
        return self._columns[self.places.columns[place]], self._y(self.places.rows[place])

    # --- head ------------------------------------------------------------------------------------------------------

    @cached_property
    def _legend_lines(self) -> list[str]:
        """What is to be known, as lines under the title."""
        found = []
        if any(len(members) > 1 for members in self.members.values()):
            found.append("dashed: decisions of one information set, which the player cannot tell apart")
        if self.adds:
            found.append("+ (...): payoffs on the way, which count at every end behind")
        return found or [""]

    def _head(self, axis: Any) -> None:
        axis.text(MARGIN, 0.28, self.title, fontsize=11, fontweight="bold", va="center")
        for line, text in enumerate(self._legend_lines):
            axis.text(MARGIN, 0.5 + 0.2 * line, text, fontsize=SIZE, color=SOFT, va="center")
        head = self._top - 0.3
        for place, (name, x) in enumerate(zip(self.players, self._table, strict=True)):
            axis.text(x, head, name, fontsize=SIZE, color=colour_of(place), fontweight="bold", ha="right", va="center")
            self._marker(axis, (x - text_width(name, SIZE) * 1.08 - GAP, head), place)

    def _marker(self, axis: Any, at: Point, player: int) -> None:
        axis.plot([at[0]], [at[1]], marker_of(player), color=colour_of(player), ms=MARK, mec=PAPER, mew=0.6, zorder=4)

    # --- body ------------------------------------------------------------------------------------------------------

    def _branches(self, axis: Any, place: int, node: Entry) -> None:
        x, y = self._at(place)
        bend = x + self._slants[self.places.columns[place]]
        for after, action in zip(self.below[place], self.actions[node.moves] if node.moves else (), strict=True):
            end, level = self._at(after)
            axis.plot([x, bend, end], [y, level, level], color=SOFT, lw=0.9, zorder=1, solid_joinstyle="round")
            axis.text(bend + GAP / 2, level - 0.035, action, fontsize=SIZE, va="bottom", zorder=5)

    def _decision(self, axis: Any, place: int, node: Entry, key: SetKey) -> None:
        x, y = self._at(place)
        colour = colour_of(key[0] - 1) if key[0] else SOFT
        if key[0]:
            self._marker(axis, (x, y), key[0] - 1)
        else:
            axis.plot([x], [y], "o", color=INK, mfc=PAPER, ms=MARK - 1, mew=1.1, zorder=4)
        for line, text in enumerate((self._name(node, key), self._added(node))):
            axis.text(
                x - GAP / 2, y + 0.045 + 0.125 * line, text, fontsize=SIZE, color=INK if line else colour,
                ha="right", va="top", zorder=5,
            )  # fmt: skip

    def _end(self, axis: Any, place: int, node: Entry) -> None:
        x, y = self._at(place)
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

    def _join(self, axis: Any, key: SetKey, members: Sequence[int]) -> None:
        """A dashed line from each decision of a set to the next, its id `set-PLAYER-NUMBER`."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        steps = [step for upper, lower in pairwise(members) for step in self._way(upper, lower, key)]
        path = Path([point for point, _ in steps], [code for _, code in steps])
        dashes = (0, (6, 2) if self._lanes.get(key, 1) % 2 == 0 else (3, 2))
        line = PathPatch(path, fill=False, edgecolor=colour_of(key[0] - 1), lw=1.2, ls=dashes, zorder=2)
        line.set_gid(f"set-{key[0]}-{key[1]}")
        axis.add_patch(line)

    def _way(self, upper: int, lower: int, key: SetKey) -> Iterator[tuple[Point, Any]]:
        """Straight down; around other nodes in the column; bent where the set spans columns."""
        from matplotlib.path import Path

        (x, y), (end, under) = self._at(upper), self._at(lower)
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
