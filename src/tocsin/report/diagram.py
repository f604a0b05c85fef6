"""The diagram: states as boxes, and one arrow for each question and pair of states, signed with a verdict.

Verdicts differ by the sign in the label, the line style and the colour. The challenger stands at the left and the state
that most claims are about (the hub) at the right, the others above and below. The drawing is narrow enough for a phone.
All positions follow from the case alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup, escape

from tocsin.assessment.result import Assessment, ClaimResult
from tocsin.assessment.words import VERDICT_WORDS
from tocsin.case.inputs import bound_to_both
from tocsin.plots.style import INK, PAPER, SOFT
from tocsin.plots.svg import cells, fitted, text_width
from tocsin.plots.wide_text import wrapped
from tocsin.report.claim_states import states_of
from tocsin.report.verdict_marks import MARKS
from tocsin.translation import Text, Translator, message, message_in, plural

WIDTH, HEIGHT = 400.0, 370.0
CHIP_W, CHIP_H, GAP = 68.0, 31.0, 5.0
NODE_W, NODE_H = 104.0, 44.0
WORD = 10.5
"""Size of a verdict's letters where they fit."""
ROLE, ROLE_LINE, ROLE_CELLS = 11.5, 11.5, 17
"""Size of a role's letters, height of its lines, and how many Latin characters stand on one."""
MAX_ARROWS, MAX_PER_ROW = 9, 3


@dataclass(frozen=True)
class Diagram:
    """The diagram, and how many claims it does not show because they are about one state or none, or lack space."""

    svg: Markup
    undrawn: int


@dataclass
class _Node:
    """A box: its actor, its centre and its height."""

    key: str
    x: float
    y: float
    height: float = NODE_H


@dataclass
class _Arrow:
    """The claims of one question about one pair of states; the first gives direction and sign. (x, y) is the label's centre."""

    number: int
    asks: str
    source: str
    sink: str
    claims: list[ClaimResult]
    x: float = 0.0
    y: float = 0.0

    @property
    def pair(self) -> frozenset[str]:
        return frozenset((self.source, self.sink))


@dataclass(frozen=True)
class _Hubs:
    """The states between which most arrows run: the challenger, and the one that shares most with it."""

    challenger: str
    other: str

    def joins(self, arrow: _Arrow) -> bool:
        """Return whether an arrow runs between the two."""
        return arrow.pair == {self.challenger, self.other}


def diagram(assessment: Assessment, translator: Translator) -> Diagram | None:
    """Draw the questions between the states, with the words of a translator; None if no claim of a question is about two states."""
    arrows = _arrows(assessment)
    if not arrows:
        return None
    hubs = _hubs(assessment, arrows)
    nodes, drawn = _place_nodes(assessment, arrows, hubs)
    _place_labels(drawn, nodes, hubs)
    body = [_line(arrow, nodes, hubs) for arrow in drawn]
    body += [_box(assessment, node, translator, filled=node.key == hubs.challenger) for node in nodes.values()]
    body += [_label(arrow, translator) for arrow in drawn]
    title = translator.plain(message("The states and the questions between them"))
    shown = {claim.id for arrow in drawn for claim in arrow.claims}
    return Diagram(
        Markup(
            f'<svg class="diagram" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="group" '
            f'aria-label="{escape(title)}">{"".join(body)}</svg>'
        ),
        len(assessment.claims) - len(shown),
    )


def _arrows(assessment: Assessment) -> list[_Arrow]:
    """Return one arrow for each question and pair of states, at most `MAX_ARROWS`, those of most claims first."""
    grouped: dict[tuple[int, frozenset[str]], _Arrow] = {}
    for number, question in enumerate(assessment.case.questions.values(), start=1):
        for name in dict.fromkeys(question.claims):
            pair = states_of(assessment.case, name)
            if pair is None or pair[1] is None:
                continue
            new = _Arrow(number, question.asks, pair[0], pair[1], [])
            grouped.setdefault((number, new.pair), new).claims.append(assessment.claim(name))
    ranked = sorted(grouped.values(), key=lambda arrow: -len(arrow.claims))[:MAX_ARROWS]
    return sorted(ranked, key=lambda arrow: arrow.number)


def _hubs(assessment: Assessment, arrows: Sequence[_Arrow]) -> _Hubs:
    theatre = assessment.case.theatres[assessment.case.main]
    shared: Counter[str] = Counter()
    for arrow in arrows:
        if theatre.challenger in arrow.pair:
            shared[arrow.sink if arrow.source == theatre.challenger else arrow.source] += len(arrow.claims)
    return _Hubs(theatre.challenger, shared.most_common(1)[0][0] if shared else theatre.target)


def _place_nodes(
    assessment: Assessment, arrows: Sequence[_Arrow], hubs: _Hubs
) -> tuple[dict[str, _Node], list[_Arrow]]:
    """Place the hubs at the sides, the others in a row above and a row below; return also the arrows whose states are drawn."""
    theatre = assessment.case.theatres[assessment.case.main]
    touched = Counter(actor for arrow in arrows for actor in arrow.pair)
    members = [actor for actor in (theatre.target, *theatre.protectors, *theatre.backers) if actor in touched]
    others = [actor for actor in dict.fromkeys([*members, *touched]) if actor not in (hubs.challenger, hubs.other)]
    others = others[: 2 * MAX_PER_ROW]
    bottom = sorted(others, key=lambda actor: (actor != theatre.target, others.index(actor)))[: len(others) // 2]
    top = [actor for actor in others if actor not in bottom]
    left, right = NODE_W / 2 + 2, WIDTH - NODE_W / 2 - 2
    joined = sum(hubs.joins(arrow) for arrow in arrows)
    tall = max(NODE_H, joined * (CHIP_H + GAP))
    nodes = {hub: _Node(hub, x, HEIGHT / 2, tall) for hub, x in ((hubs.challenger, left), (hubs.other, right))}
    for row, y in ((top, NODE_H / 2 + 2), (bottom, HEIGHT - NODE_H / 2 - 2)):
        for index, actor in enumerate(row):
            across = index / (MAX_PER_ROW - 1) if len(row) == MAX_PER_ROW else (index + 0.5) / len(row)
            nodes[actor] = _Node(actor, left + across * (right - left), y)
    return nodes, [arrow for arrow in arrows if arrow.pair <= set(nodes)]


# --- label positions -----------------------------------------------------------------------------------------------


def _place_labels(arrows: Sequence[_Arrow], nodes: Mapping[str, _Node], hubs: _Hubs) -> None:
    """Stack the labels between the hubs; put the others midway between their states, then move them apart."""
    middle = [arrow for arrow in arrows if hubs.joins(arrow)]
    for index, arrow in enumerate(middle):
        arrow.x, arrow.y = WIDTH / 2, HEIGHT / 2 + _stacked(index, len(middle))
    free = [arrow for arrow in arrows if not hubs.joins(arrow)]
    pairs: dict[frozenset[str], list[_Arrow]] = {}
    for arrow in free:
        pairs.setdefault(arrow.pair, []).append(arrow)
    for pair, group in pairs.items():
        a, b = (nodes[key] for key in sorted(pair))
        across, down = b.x - a.x, b.y - a.y
        size = math.hypot(across, down) or 1.0
        for index, arrow in enumerate(group):
            shift = (index - (len(group) - 1) / 2) * (CHIP_W + GAP)
            arrow.x = (a.x + b.x) / 2 - shift * down / size
            arrow.y = (a.y + b.y) / 2 + shift * across / size
    _push_apart(free, middle, nodes)


def _stacked(index: int, count: int) -> float:
    """Return the distance of a label from the middle of a stack of labels."""
    return (index - (count - 1) / 2) * (CHIP_H + GAP)


def _push_apart(free: Sequence[_Arrow], fixed: Sequence[_Arrow], nodes: Mapping[str, _Node]) -> None:
    """Move each free label to the nearest position that nothing else takes and whose line meets no other box; else it stays."""
    taken = [(arrow.x, arrow.y, CHIP_W, CHIP_H) for arrow in fixed]
    taken += [(node.x, node.y, NODE_W, node.height) for node in nodes.values()]
    for arrow in free:
        for dx, dy in _spiral():
            x, y = arrow.x + dx, arrow.y + dy
            inside = CHIP_W / 2 <= x <= WIDTH - CHIP_W / 2 and CHIP_H / 2 <= y <= HEIGHT - CHIP_H / 2
            if inside and not any(
                abs(x - ox) < (CHIP_W + wide) / 2 + GAP - 0.1 and abs(y - oy) < (CHIP_H + tall) / 2 + GAP - 0.1
                for ox, oy, wide, tall in taken
            ):
                if _meets_box(arrow, (x, y), nodes):
                    continue
                arrow.x, arrow.y = x, y
                break
        taken.append((arrow.x, arrow.y, CHIP_W, CHIP_H))


def _meets_box(arrow: _Arrow, label: tuple[float, float], nodes: Mapping[str, _Node]) -> bool:
    """Return whether the curve between two states through a label meets the box of a third."""
    ends = [(nodes[key].x, nodes[key].y) for key in (arrow.source, arrow.sink)]
    others = [node for key, node in nodes.items() if key not in arrow.pair]
    for t in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        # a quadratic curve whose middle is the label
        x, y = (
            (1 - t) * (1 - 2 * t) * a + 4 * t * (1 - t) * middle + t * (2 * t - 1) * b
            for a, middle, b in zip(ends[0], label, ends[1], strict=True)
        )
        if any(abs(x - node.x) < NODE_W / 2 and abs(y - node.y) < node.height / 2 for node in others):
            return True
    return False


@cache
def _spiral() -> tuple[tuple[float, float], ...]:
    """Return offsets from a label's first position, the nearest first."""
    steps = [(4.0 * across, 4.0 * down) for across in range(-50, 51) for down in range(-50, 51)]
    return tuple(sorted(steps, key=lambda step: (math.hypot(*step), step)))


# --- drawing -------------------------------------------------------------------------------------------------------


def _line(arrow: _Arrow, nodes: Mapping[str, _Node], hubs: _Hubs) -> str:
    mark = MARKS[arrow.claims[0].verdict]
    source, sink = nodes[arrow.source], nodes[arrow.sink]
    path, tip, way = (_flow if hubs.joins(arrow) else _bow)(arrow, source, sink)
    dash = f' stroke-dasharray="{mark.dash}"' if mark.dash else ""
    (x, y), (ux, uy) = tip, way
    head = " ".join(
        f"{a:.1f},{b:.1f}"
        for a, b in (
            (x, y),
            (x - 9 * ux - 4 * uy, y - 9 * uy + 4 * ux),
            (x - 9 * ux + 4 * uy, y - 9 * uy - 4 * ux),
        )
    )
    return (
        f'<path d="{path}" fill="none" stroke="{mark.colour}" stroke-width="{mark.width}"{dash}/>'
        f'<polygon points="{head}" fill="{mark.colour}"/>'
    )


_Way = tuple[str, tuple[float, float], tuple[float, float]]
"""The path of a line, the tip of its arrow head, and the direction at the tip."""


def _flow(arrow: _Arrow, source: _Node, sink: _Node) -> _Way:
    """Return a level line between the hubs at the height of its label."""
    way = 1.0 if sink.x > source.x else -1.0
    x1, x2 = source.x + way * NODE_W / 2, sink.x - way * NODE_W / 2
    return f"M{x1:.1f},{arrow.y:.1f} L{x2 - way * 7:.1f},{arrow.y:.1f}", (x2, arrow.y), (way, 0.0)


def _bow(arrow: _Arrow, source: _Node, sink: _Node) -> _Way:
    """Return a curve from box to box through the label."""
    control = (2 * arrow.x - (source.x + sink.x) / 2, 2 * arrow.y - (source.y + sink.y) / 2)
    start, stop = _edge(source, control), _edge(sink, control)
    bend = (2 * arrow.x - (start[0] + stop[0]) / 2, 2 * arrow.y - (start[1] + stop[1]) / 2)
    dx, dy = stop[0] - bend[0], stop[1] - bend[1]
    size = math.hypot(dx, dy) or 1.0
    ux, uy = dx / size, dy / size
    path = f"M{start[0]:.1f},{start[1]:.1f} Q{bend[0]:.1f},{bend[1]:.1f} {stop[0] - 7 * ux:.1f},{stop[1] - 7 * uy:.1f}"
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


def _box(assessment: Assessment, node: _Node, translator: Translator, *, filled: bool) -> str:
    name = translator.plain(assessment.case.actors[node.key].name)
    roles = wrapped(translator.plain(_role(assessment, node.key)), ROLE_CELLS)
    fill, text, second = (INK, PAPER, PAPER) if filled else (PAPER, INK, SOFT)
    top, left = node.y - node.height / 2, node.x - NODE_W / 2
    size = 14 if cells(name) <= 11 else 12 if cells(name) <= 14 else 10
    base = node.y + 5 - 7 * len(roles)
    below = (
        f'<text x="{node.x:.1f}" y="{base + 3.5 + ROLE_LINE * line:.1f}" text-anchor="middle" font-size="{ROLE:g}" '
        f'fill="{second}">{escape(role)}</text>'
        for line, role in enumerate(roles, start=1)
    )
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{NODE_W:.0f}" height="{node.height:.1f}" rx="3" fill="{fill}" '
        f'stroke="{INK}" stroke-width="1.4"/>'
        f'<text x="{node.x:.1f}" y="{base:.1f}" class="state" font-size="{size}" text-anchor="middle" font-weight="bold" fill="{text}">'
        f"{escape(fitted(name, 19))}</text>{''.join(below)}"
    )


def _role(assessment: Assessment, key: str) -> Text:
    """Return the role of a state in the main theatre; empty if it has none."""
    theatre = assessment.case.theatres[assessment.case.main]
    if key in bound_to_both(theatre):
        return message_in("role", "protector of both sides")
    if key in theatre.backers:
        return message_in("role", "backer")
    if key in theatre.protectors:
        return message_in("role", "protector")
    if key == theatre.target:
        return message_in("role", "target")
    return message_in("role", "challenger") if key == theatre.challenger else Text()


def _label(arrow: _Arrow, translator: Translator) -> str:
    """Return a label: the verdict's sign, the question's number and the verdict, linked to the question."""
    verdict = arrow.claims[0].verdict
    mark = MARKS[verdict]
    left, top = arrow.x - CHIP_W / 2, arrow.y - CHIP_H / 2
    dash = f' stroke-dasharray="{mark.dash}"' if mark.dash and mark.name in ("not-tested", "cannot-tell") else ""
    word = translator.plain(VERDICT_WORDS[verdict])
    spoken = translator.plain(
        message(
            "{number} {question} {verdict}; {claims}",
            number=arrow.number,
            question=arrow.asks,
            verdict=VERDICT_WORDS[verdict],
            claims=plural("{count} claim", "{count} claims", len(arrow.claims)),
        )
    )
    width, space = 72.0 * text_width(word, WORD), CHIP_W - 3.0
    size = WORD if width <= space else WORD * space / width
    bold = f'font-weight="bold" fill="{mark.colour}"'
    return (
        f'<a href="#question-{arrow.number}" aria-label="{escape(spoken)}">'
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{CHIP_W:.0f}" height="{CHIP_H:.0f}" rx="11" fill="{PAPER}" '
        f'stroke="{mark.colour}" stroke-width="1.4"{dash}/>'
        f'<svg x="{arrow.x - 15:.1f}" y="{top + 3:.1f}" width="14" height="14" viewBox="0 0 16 16" '
        f'style="color:{mark.colour}">{mark.sign}</svg>'
        f'<text x="{arrow.x + 4:.1f}" y="{top + 14.4:.1f}" font-size="13.5" {bold}>{arrow.number}</text>'
        f'<text x="{arrow.x:.1f}" y="{top + 26:.1f}" text-anchor="middle" font-size="{size:.1f}" {bold}>{escape(word)}</text></a>'
    )
