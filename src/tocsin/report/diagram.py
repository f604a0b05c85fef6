"""The diagram of the first page: states as boxes, claims as arrows.

Verdicts differ by the sign in the label, the line style and the colour. The challenger stands at the left and the state
that most claims are about (the hub) at the right. Both are tall, so that each arrow meets them at its own height. All
positions follow from the case alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from markupsafe import Markup, escape

from tocsin.assessment.result import Assessment, ClaimResult
from tocsin.plots.style import INK, SOFT
from tocsin.report.claim_states import states_of
from tocsin.report.verdict_marks import MARKS

WIDTH = 780.0
CHIP_W, CHIP_H, GAP = 62.0, 21.0, 4.0
NODE_W, NODE_H = 124.0, 48.0


@dataclass(frozen=True)
class Diagram:
    """The diagram and the claims that it could not show.

    Attributes:
        svg: inline SVG.
        undrawn: ids of claims that name no state.
    """

    svg: Markup
    undrawn: tuple[str, ...]


@dataclass
class _Node:
    """A box: its actor, its centre and height, and the claims about this state alone."""

    key: str
    x: float
    y: float
    height: float = NODE_H
    alone: list[ClaimResult] = field(default_factory=list)


@dataclass
class _Arrow:
    """A claim from one state to another, and the centre of its label."""

    claim: ClaimResult
    source: str
    sink: str
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True)
class _Graph:
    """The claims by what they connect, and the two states between which most arrows run."""

    arrows: list[_Arrow]
    alone: dict[str, list[ClaimResult]]
    undrawn: tuple[str, ...]
    challenger: str
    hub: str
    height: float

    def joins_hubs(self, arrow: _Arrow) -> bool:
        """Return whether an arrow runs between challenger and hub."""
        return {arrow.source, arrow.sink} == {self.challenger, self.hub}


def diagram(assessment: Assessment) -> Diagram:
    """Draw the claims between the states."""
    graph = _graph(assessment)
    nodes = _place_nodes(assessment, graph)
    _place_labels(graph, nodes)
    body = [_line(arrow, nodes, graph) for arrow in graph.arrows]
    body += [_box(assessment, node, node.key == graph.challenger) for node in nodes.values()]
    body += [_label(arrow.claim, arrow.x, arrow.y) for arrow in graph.arrows]
    body += [_label(claim, *centre) for node in nodes.values() for claim, centre in _docked(node)]
    title = "The states and the claims between them"
    return Diagram(
        Markup(
            f'<svg class="diagram" viewBox="0 0 {WIDTH:.0f} {graph.height:.0f}" role="group" aria-label="{title}">'
            f"{''.join(body)}</svg>"
        ),
        graph.undrawn,
    )


def _graph(assessment: Assessment) -> _Graph:
    arrows: list[_Arrow] = []
    alone: dict[str, list[ClaimResult]] = {}
    undrawn: list[str] = []
    for claim in assessment.claims:
        pair = states_of(assessment.case, claim.id)
        if pair is None:
            undrawn.append(claim.id)
        elif pair[1] is None:
            alone.setdefault(pair[0], []).append(claim)
        else:
            arrows.append(_Arrow(claim, pair[0], pair[1]))
    challenger = assessment.case.theatres[assessment.case.main].challenger
    hub = _hub(assessment, arrows, challenger)
    shared = sum({arrow.source, arrow.sink} == {challenger, hub} for arrow in arrows)
    rows = max(shared, math.ceil(len(assessment.claims) / 3))
    return _Graph(arrows, alone, tuple(undrawn), challenger, hub, max(260.0, rows * (CHIP_H + GAP) + 150.0))


def _hub(assessment: Assessment, arrows: Sequence[_Arrow], challenger: str) -> str:
    """Return the state that shares most arrows with the challenger, else the target."""
    shared = Counter(
        arrow.sink if arrow.source == challenger else arrow.source
        for arrow in arrows
        if challenger in (arrow.source, arrow.sink)
    )
    return shared.most_common(1)[0][0] if shared else assessment.case.theatres[assessment.case.main].target


def _place_nodes(assessment: Assessment, graph: _Graph) -> dict[str, _Node]:
    """Place the two hubs at the sides and the other states in a row above and a row below."""
    theatre = assessment.case.theatres[assessment.case.main]
    members = [theatre.challenger, theatre.target, *theatre.protectors, *theatre.backers]
    touched = [actor for arrow in graph.arrows for actor in (arrow.source, arrow.sink)]
    shown = list(dict.fromkeys([*members, *touched, *graph.alone]))
    degree = Counter(touched)
    left, right = NODE_W / 2 + 4, WIDTH - NODE_W / 2 - 4
    nodes = {
        hub: _Node(hub, x, graph.height / 2, max(NODE_H, 11.0 * degree[hub]))
        for hub, x in ((graph.challenger, left), (graph.hub, right))
    }
    others = [actor for actor in shown if actor not in (graph.challenger, graph.hub)]
    bottom = sorted(others, key=lambda actor: (actor != theatre.target, shown.index(actor)))[: len(others) // 2]
    top = [actor for actor in others if actor not in bottom]
    for row, y in ((top, NODE_H / 2 + 4), (bottom, graph.height - NODE_H / 2 - 4)):
        for index, actor in enumerate(row):
            across = (index + 1) / (len(row) + 1)
            nodes[actor] = _Node(actor, left + 60 + across * (right - left - 120), y)
    for actor, claims in graph.alone.items():
        nodes[actor].alone = claims
    return nodes


# --- label positions -----------------------------------------------------------------------------------------------


def _place_labels(graph: _Graph, nodes: Mapping[str, _Node]) -> None:
    """Stack the labels between the hubs; put the others midway between their states, then move them apart."""
    middle = [arrow for arrow in graph.arrows if graph.joins_hubs(arrow)]
    middle.sort(key=lambda arrow: arrow.source != graph.challenger)
    for index, arrow in enumerate(middle):
        arrow.x = WIDTH / 2
        arrow.y = graph.height / 2 + _stacked(index, len(middle))
    free = [arrow for arrow in graph.arrows if not graph.joins_hubs(arrow)]
    pairs: dict[frozenset[str], list[_Arrow]] = {}
    for arrow in free:
        pairs.setdefault(frozenset((arrow.source, arrow.sink)), []).append(arrow)
    for pair, arrows in pairs.items():
        a, b = (nodes[key] for key in sorted(pair))
        for index, arrow in enumerate(arrows):
            shift = _stacked(index, len(arrows))
            arrow.x, arrow.y = (a.x + b.x) / 2 + 0.4 * shift, (a.y + b.y) / 2 + shift
    _push_apart(free, middle, nodes, graph.height)


def _stacked(index: int, count: int) -> float:
    """Return the distance of a label from the middle of a stack of labels."""
    return (index - (count - 1) / 2) * (CHIP_H + GAP)


def _push_apart(free: Sequence[_Arrow], fixed: Sequence[_Arrow], nodes: Mapping[str, _Node], height: float) -> None:
    """Move each free label to the nearest position that nothing else takes; if there is none, it stays."""
    taken = [(arrow.x, arrow.y, CHIP_W, CHIP_H) for arrow in fixed]
    taken += [(node.x, node.y, NODE_W, node.height) for node in nodes.values()]
    taken += [(x, y, CHIP_W, CHIP_H) for node in nodes.values() for _, (x, y) in _docked(node)]
    for arrow in free:
        for dx, dy in _spiral():
            x, y = arrow.x + dx, arrow.y + dy
            inside = CHIP_W / 2 <= x <= WIDTH - CHIP_W / 2 and CHIP_H / 2 <= y <= height - CHIP_H / 2
            if inside and not any(
                abs(x - ox) < (CHIP_W + wide) / 2 + GAP - 0.1 and abs(y - oy) < (CHIP_H + tall) / 2 + GAP - 0.1
                for ox, oy, wide, tall in taken
            ):
                arrow.x, arrow.y = x, y
                break
        taken.append((arrow.x, arrow.y, CHIP_W, CHIP_H))


@cache
def _spiral() -> tuple[tuple[float, float], ...]:
    """Return offsets from a label's first position, the nearest first."""
    steps = [(7.0 * across, 5.0 * down) for across in range(-50, 51) for down in range(-60, 61)]
    return tuple(sorted(steps, key=lambda step: (math.hypot(*step), step)))


def _docked(node: _Node) -> list[tuple[ClaimResult, tuple[float, float]]]:
    """Return the labels of claims about one state alone: in a column below it, or above it near the bottom."""
    up = node.y > 250 and node.height == NODE_H
    sign = -1 if up else 1
    start = node.y + sign * (node.height / 2 + GAP + CHIP_H / 2)
    return [(claim, (node.x, start + sign * row * (CHIP_H + GAP))) for row, claim in enumerate(node.alone)]


# --- drawing -------------------------------------------------------------------------------------------------------


def _line(arrow: _Arrow, nodes: Mapping[str, _Node], graph: _Graph) -> str:
    mark = MARKS[arrow.claim.verdict]
    source, sink = nodes[arrow.source], nodes[arrow.sink]
    path, tip, way = (_flow if graph.joins_hubs(arrow) else _bow)(arrow, source, sink)
    dash = f' stroke-dasharray="{mark.dash}"' if mark.dash else ""
    (x, y), (ux, uy) = tip, way
    head = " ".join(
        f"{a:.1f},{b:.1f}"
        for a, b in (
            (x, y),
            (x - 8 * ux - 3.6 * uy, y - 8 * uy + 3.6 * ux),
            (x - 8 * ux + 3.6 * uy, y - 8 * uy - 3.6 * ux),
        )
    )
    return (
        f'<path d="{path}" fill="none" stroke="{mark.colour}" stroke-width="{mark.width}"{dash}/>'
        f'<polygon points="{head}" fill="{mark.colour}"/>'
    )


_Way = tuple[str, tuple[float, float], tuple[float, float]]
"""The path of a line, the tip of its arrow head, and the direction at the tip."""


def _flow(arrow: _Arrow, source: _Node, sink: _Node) -> _Way:
    """Return a line between the hubs that is level at both ends and at the label."""
    way = 1.0 if sink.x > source.x else -1.0
    x1, y1 = source.x + way * NODE_W / 2, _port(source, arrow.y)
    x4, y4 = sink.x - way * NODE_W / 2, _port(sink, arrow.y)
    x2, x3 = arrow.x - way * CHIP_W / 2, arrow.x + way * CHIP_W / 2
    a, b = (x1 + x2) / 2, (x3 + x4) / 2
    path = (
        f"M{x1:.1f},{y1:.1f} C{a:.1f},{y1:.1f} {a:.1f},{arrow.y:.1f} {x2:.1f},{arrow.y:.1f} L{x3:.1f},{arrow.y:.1f} "
        f"C{b:.1f},{arrow.y:.1f} {b:.1f},{y4:.1f} {x4 - way * 6:.1f},{y4:.1f}"
    )
    return path, (x4, y4), (way, 0.0)


def _port(node: _Node, y: float) -> float:
    """Return the height at which an arrow meets a hub: that of its label, scaled to the hub's side."""
    return node.y + max(-1.0, min(1.0, (y - node.y) / max(node.y - 40.0, 1.0))) * (node.height / 2 - 6.0)


def _bow(arrow: _Arrow, source: _Node, sink: _Node) -> _Way:
    """Return a curve from box to box through the label."""
    control = (2 * arrow.x - (source.x + sink.x) / 2, 2 * arrow.y - (source.y + sink.y) / 2)
    start, stop = _edge(source, control), _edge(sink, control)
    bend = (2 * arrow.x - (start[0] + stop[0]) / 2, 2 * arrow.y - (start[1] + stop[1]) / 2)
    dx, dy = stop[0] - bend[0], stop[1] - bend[1]
    size = math.hypot(dx, dy) or 1.0
    ux, uy = dx / size, dy / size
    path = f"M{start[0]:.1f},{start[1]:.1f} Q{bend[0]:.1f},{bend[1]:.1f} {stop[0] - 6 * ux:.1f},{stop[1] - 6 * uy:.1f}"
    return path, stop, (ux, uy)


def _edge(node: _Node, towards: tuple[float, float]) -> tuple[float, float]:
    """Return where the line from a box's centre towards a point leaves the box."""
    dx, dy = towards[0] - node.x, towards[1] - node.y
    if dx == dy == 0:
        return node.x, node.y
    scale = min(
        NODE_W / 2 / abs(dx) if dx else math.inf,
        node.height / 2 / abs(dy) if dy else math.inf,
    )
    return node.x + dx * scale, node.y + dy * scale


def _box(assessment: Assessment, node: _Node, filled: bool) -> str:
    name = assessment.case.actors[node.key].name
    role = _role(assessment, node.key)
    fill, text, second = (INK, "#ffffff", "#dfe3e8") if filled else ("#ffffff", INK, SOFT)
    top, left = node.y - node.height / 2, node.x - NODE_W / 2
    size = 14.5 if len(name) <= 14 else 12.5 if len(name) <= 18 else 10.5
    shown = name if len(name) <= 22 else name[:21] + "…"
    below = f'<text x="{node.x:.1f}" y="{node.y + 14:.1f}" class="role" fill="{second}">{role}</text>' if role else ""
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{NODE_W:.0f}" height="{node.height:.1f}" rx="3" fill="{fill}" '
        f'stroke="{INK}" stroke-width="1.4"/>'
        f'<text x="{node.x:.1f}" y="{node.y + (-2 if role else 5):.1f}" class="state" font-size="{size}" fill="{text}">'
        f"{escape(shown)}</text>{below}"
    )


def _role(assessment: Assessment, key: str) -> str:
    theatre = assessment.case.theatres[assessment.case.main]
    roles = {theatre.challenger: "challenger", theatre.target: "target"}
    roles |= dict.fromkeys(theatre.protectors, "protector") | dict.fromkeys(theatre.backers, "backer")
    return roles.get(key, "")


def _label(claim: ClaimResult, x: float, y: float) -> str:
    """Return a label: the verdict's sign and the claim's number, linked to the claim."""
    mark = MARKS[claim.verdict]
    left, top = x - CHIP_W / 2, y - CHIP_H / 2
    dash = f' stroke-dasharray="{mark.dash}"' if mark.dash and mark.name in ("not-tested", "cannot-tell") else ""
    return (
        f'<a href="#{escape(claim.id)}" aria-label="{escape(claim.id)}, {mark.label}: {escape(claim.says)}">'
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{CHIP_W:.0f}" height="{CHIP_H:.0f}" rx="10.5" fill="#fff" '
        f'stroke="{mark.colour}" stroke-width="1.3"{dash}/>'
        f'<svg x="{left + 5:.1f}" y="{top + 3.5:.1f}" width="14" height="14" viewBox="0 0 16 16" '
        f'style="color:{mark.colour}">{mark.sign}</svg>'
        f'<text x="{left + 23:.1f}" y="{y + 4.3:.1f}" class="chip" fill="{mark.colour}">{escape(claim.id)}</text></a>'
    )
