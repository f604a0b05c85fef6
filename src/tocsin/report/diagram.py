"""The states as a diagram whose arrows are the claims.

A verdict is told apart by the sign in the label, by the style of the line and by colour. Hubs (the challenger at the
left, the state that most claims are about at the right) are drawn tall, so that every arrow has a port of its own; all
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
from tocsin.report.between import between
from tocsin.report.marks import MARKS

WIDTH = 780.0
CHIP_W, CHIP_H, GAP = 58.0, 21.0, 4.0
NODE_W, NODE_H = 124.0, 48.0


@dataclass(frozen=True)
class Drawing:
    """The diagram and what it could not show.

    Attributes:
        svg: inline SVG.
        undrawn: ids of claims that name no state.
    """

    svg: Markup
    undrawn: tuple[str, ...]


@dataclass
class _Node:
    key: str
    x: float
    y: float
    height: float = NODE_H
    alone: list[ClaimResult] = field(default_factory=list)


@dataclass
class _Arrow:
    claim: ClaimResult
    source: str
    sink: str
    x: float = 0.0
    y: float = 0.0


def diagram(assessment: Assessment) -> Drawing:
    """Draw the claims between the states."""
    arrows, alone, undrawn = _sorted(assessment)
    challenger = assessment.case.theatres[assessment.case.main].challenger
    hub = _hub(assessment, arrows, challenger)
    middle = [arrow for arrow in arrows if {arrow.source, arrow.sink} == {challenger, hub}]
    rows = max(len(middle), math.ceil(len(assessment.claims) / 3))
    height = max(260.0, rows * (CHIP_H + GAP) + 150.0)
    nodes = _place(assessment, arrows, alone, challenger, hub, height)
    _place_chips(arrows, nodes, challenger, hub, height)
    body = [_line(arrow, nodes, challenger, hub) for arrow in arrows]
    body += [_box(assessment, node, node.key == challenger) for node in nodes.values()]
    body += [_chip(arrow.claim, arrow.x, arrow.y) for arrow in arrows]
    body += [_chip(claim, *place) for node in nodes.values() for claim, place in _docked(node)]
    title = "The states and the claims between them"
    return Drawing(
        Markup(
            f'<svg class="diagram" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="group" aria-label="{title}">'
            f"{''.join(body)}</svg>"
        ),
        undrawn,
    )


def _sorted(assessment: Assessment) -> tuple[list[_Arrow], dict[str, list[ClaimResult]], tuple[str, ...]]:
    arrows: list[_Arrow] = []
    alone: dict[str, list[ClaimResult]] = {}
    undrawn: list[str] = []
    for claim in assessment.claims:
        pair = between(assessment.case, claim.id)
        if pair is None:
            undrawn.append(claim.id)
        elif pair[1] is None:
            alone.setdefault(pair[0], []).append(claim)
        else:
            arrows.append(_Arrow(claim, pair[0], pair[1]))
    return arrows, alone, tuple(undrawn)


def _hub(assessment: Assessment, arrows: Sequence[_Arrow], challenger: str) -> str:
    """The state that shares most arrows with the challenger, else the target."""
    often: Counter[str] = Counter()
    for arrow in arrows:
        if challenger in (arrow.source, arrow.sink):
            often[arrow.sink if arrow.source == challenger else arrow.source] += 1
    return often.most_common(1)[0][0] if often else assessment.case.theatres[assessment.case.main].target


def _place(
    assessment: Assessment,
    arrows: Sequence[_Arrow],
    alone: Mapping[str, list[ClaimResult]],
    challenger: str,
    hub: str,
    height: float,
) -> dict[str, _Node]:
    theatre = assessment.case.theatres[assessment.case.main]
    members = [theatre.challenger, theatre.target, *theatre.protectors, *theatre.backers]
    touched = [actor for arrow in arrows for actor in (arrow.source, arrow.sink)]
    shown = list(dict.fromkeys([*members, *touched, *alone]))
    degree = Counter(touched)
    others = [actor for actor in shown if actor not in (challenger, hub)]
    left, right = NODE_W / 2 + 4, WIDTH - NODE_W / 2 - 4
    nodes = {
        challenger: _Node(challenger, left, height / 2, max(NODE_H, 11.0 * degree[challenger])),
        hub: _Node(hub, right, height / 2, max(NODE_H, 11.0 * degree[hub])),
    }
    bottom = sorted(others, key=lambda actor: (actor not in (theatre.target,), shown.index(actor)))[: len(others) // 2]
    top = [actor for actor in others if actor not in bottom]
    for row, y in ((top, NODE_H / 2 + 4), (bottom, height - NODE_H / 2 - 4)):
        for place, actor in enumerate(row):
            across = (place + 1) / (len(row) + 1)
            nodes[actor] = _Node(actor, left + 60 + across * (right - left - 120), y)
    for actor, claims in alone.items():
        nodes[actor].alone = claims
    return nodes


# --- where the labels go -------------------------------------------------------------------------------------------


def _place_chips(
    arrows: Sequence[_Arrow], nodes: Mapping[str, _Node], challenger: str, hub: str, height: float
) -> None:
    middle = [arrow for arrow in arrows if {arrow.source, arrow.sink} == {challenger, hub}]
    middle.sort(key=lambda arrow: arrow.source != challenger)
    for place, arrow in enumerate(middle):
        arrow.x = WIDTH / 2
        arrow.y = height / 2 + (place - (len(middle) - 1) / 2) * (CHIP_H + GAP)
    pairs: dict[frozenset[str], list[_Arrow]] = {}
    for arrow in arrows:
        if arrow not in middle:
            pairs.setdefault(frozenset((arrow.source, arrow.sink)), []).append(arrow)
    for pair, found in pairs.items():
        a, b = (nodes[key] for key in sorted(pair))
        for place, arrow in enumerate(found):
            off = (place - (len(found) - 1) / 2) * (CHIP_H + GAP)
            arrow.x, arrow.y = (a.x + b.x) / 2 + 0.4 * off, (a.y + b.y) / 2 + off
    _push_apart([arrow for arrow in arrows if arrow not in middle], middle, nodes, height)


def _push_apart(free: Sequence[_Arrow], fixed: Sequence[_Arrow], nodes: Mapping[str, _Node], height: float) -> None:
    """Give each free label the place nearest to its own that nothing else takes; if none is left, it stays."""
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
    """Offsets from a label's own place, the nearest first."""
    steps = [(7.0 * across, 5.0 * down) for across in range(-50, 51) for down in range(-60, 61)]
    return tuple(sorted(steps, key=lambda step: (math.hypot(*step), step)))


def _docked(node: _Node) -> list[tuple[ClaimResult, tuple[float, float]]]:
    """Claims about one state alone stand in a column below it, or above where there is no room."""
    up = node.y > 250 and node.height == NODE_H
    sign = -1 if up else 1
    start = node.y + sign * (node.height / 2 + GAP + CHIP_H / 2)
    return [(claim, (node.x, start + sign * at * (CHIP_H + GAP))) for at, claim in enumerate(node.alone)]


# --- drawing -------------------------------------------------------------------------------------------------------


def _line(arrow: _Arrow, nodes: Mapping[str, _Node], challenger: str, hub: str) -> str:
    mark = MARKS[arrow.claim.verdict]
    source, sink = nodes[arrow.source], nodes[arrow.sink]
    if {arrow.source, arrow.sink} == {challenger, hub}:
        path, tip, way = _flow(arrow, source, sink)
    else:
        path, tip, way = _bow(arrow, source, sink)
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


def _flow(arrow: _Arrow, source: _Node, sink: _Node) -> _Way:
    """Level at both ends and at the label: a bundle that opens between two hubs."""
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
    """Where on a hub's side an arrow docks: its label's height, drawn in to the hub's."""
    return node.y + max(-1.0, min(1.0, (y - node.y) / max(node.y - 40.0, 1.0))) * (node.height / 2 - 6.0)


def _bow(arrow: _Arrow, source: _Node, sink: _Node) -> _Way:
    """A curve from box to box through the label."""
    control = (2 * arrow.x - (source.x + sink.x) / 2, 2 * arrow.y - (source.y + sink.y) / 2)
    start, stop = _edge(source, control), _edge(sink, control)
    bend = (2 * arrow.x - (start[0] + stop[0]) / 2, 2 * arrow.y - (start[1] + stop[1]) / 2)
    dx, dy = stop[0] - bend[0], stop[1] - bend[1]
    size = math.hypot(dx, dy) or 1.0
    ux, uy = dx / size, dy / size
    path = f"M{start[0]:.1f},{start[1]:.1f} Q{bend[0]:.1f},{bend[1]:.1f} {stop[0] - 6 * ux:.1f},{stop[1] - 6 * uy:.1f}"
    return path, stop, (ux, uy)


def _edge(node: _Node, towards: tuple[float, float]) -> tuple[float, float]:
    """Where the line from a box's middle towards a point leaves the box."""
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


def _chip(claim: ClaimResult, x: float, y: float) -> str:
    """A label: the verdict's sign and the claim's id, leading to the claim."""
    mark = MARKS[claim.verdict]
    left, top = x - CHIP_W / 2, y - CHIP_H / 2
    dash = f' stroke-dasharray="{mark.dash}"' if mark.dash and mark.name in ("not-tested", "cannot-tell") else ""
    return (
        f'<a href="#{escape(claim.id)}" aria-label="{escape(claim.id)}, {mark.said}: {escape(claim.says)}">'
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{CHIP_W:.0f}" height="{CHIP_H:.0f}" rx="10.5" fill="#fff" '
        f'stroke="{mark.colour}" stroke-width="1.3"{dash}/>'
        f'<svg x="{left + 5:.1f}" y="{top + 3.5:.1f}" width="14" height="14" viewBox="0 0 16 16" '
        f'style="color:{mark.colour}">{mark.sign}</svg>'
        f'<text x="{left + 23:.1f}" y="{y + 4.3:.1f}" class="chip" fill="{mark.colour}">{escape(claim.id)}</text></a>'
    )
