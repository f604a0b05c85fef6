"""The actors as a diagram whose arrows are the claims, marked by verdict in shape and words as well as colour."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from tocsin.assess.result import Assessment, ClaimResult

WIDTH, HEIGHT, RADIUS = 760, 470, 46
MARKS: Mapping[str, tuple[str, str, str]] = {
    "holds": ("#2c5f2d", "", "✓"),
    "fails": ("#8b1a1a", "8 4", "✕"),
    "partly": ("#8a5a00", "12 3 3 3", "◐"),
    "disputed": ("#5b3a76", "4 3", "≠"),
    "cannot tell": ("#55554f", "2 4", "?"),
    "not tested": ("#8a8a83", "1 5", "–"),
}
"""Verdict -> colour, dash, mark."""


@dataclass(frozen=True)
class _Arrow:
    claim: ClaimResult
    source: str
    sink: str


def diagram(assessment: Assessment) -> Markup:
    """An inline SVG: actors on a ring, one arrow a claim between the first two actors that its test or text names."""
    places = _places(assessment)
    arrows = [arrow for claim in assessment.claims if (arrow := _arrow(assessment, claim)) is not None]
    seen: dict[tuple[str, str], int] = {}
    drawn = []
    for arrow in arrows:
        pair = (min(arrow.source, arrow.sink), max(arrow.source, arrow.sink))
        seen[pair] = seen.get(pair, 0) + 1
        drawn.append(_draw(arrow, places, seen[pair]))
    nodes = [_node(assessment, actor, place) for actor, place in places.items()]
    title = "The actors and the claims between them"
    text = "; ".join(f"{arrow.claim.id} {arrow.source} to {arrow.sink}: {arrow.claim.verdict}" for arrow in arrows)
    return Markup(
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="diagram-title diagram-desc">'
        f'<title id="diagram-title">{escape(title)}</title><desc id="diagram-desc">{escape(text)}</desc>'
        f"{''.join(drawn)}{''.join(nodes)}</svg>"
    )


def _places(assessment: Assessment) -> dict[str, tuple[float, float]]:
    theatre = assessment.case.theatres[assessment.case.main]
    ring = [theatre.challenger, *theatre.backers, *theatre.protectors, theatre.target]
    ring += [actor for actor in assessment.case.actors if actor not in ring]
    step = 2 * math.pi / len(ring)
    return {
        actor: (
            WIDTH / 2 + (WIDTH / 2 - 90) * math.cos(math.pi + place * step),
            HEIGHT / 2 + (HEIGHT / 2 - 62) * math.sin(math.pi + place * step),
        )
        for place, actor in enumerate(ring)
    }


def _arrow(assessment: Assessment, claim: ClaimResult) -> _Arrow | None:
    """From the challenger (or the first actor named) to the next actor that the claim's sentence names."""
    found = _named(assessment, claim.says)
    if not found:
        return None
    challenger = assessment.case.theatres[assessment.case.main].challenger
    if len(found) == 1:
        return None if found[0] == challenger else _Arrow(claim, challenger, found[0])
    return _Arrow(claim, found[0], found[1])


def _named(assessment: Assessment, text: str) -> list[str]:
    """The actors that a text names, by name, key or capital, in order."""
    places = {
        key: min((text.find(word) for word in _names(key, actor.name) if word in text), default=-1)
        for key, actor in assessment.case.actors.items()
    }
    return [key for key, place in sorted(places.items(), key=lambda item: item[1]) if place >= 0]


_CAPITALS = {
    "North Korea": ("Pyongyang",), "South Korea": ("Seoul",), "Japan": ("Tokyo",), "United States": ("Washington",),
    "China": ("Beijing",), "Taiwan": ("Taipei",), "Russia": ("Moscow",),
}  # fmt: skip
"""Capitals by which states are called in prose."""


def _names(key: str, name: str) -> tuple[str, ...]:
    return (name, key, *_CAPITALS.get(name, ()))


def _draw(arrow: _Arrow, places: Mapping[str, tuple[float, float]], count: int) -> str:
    colour, dash, mark = MARKS[arrow.claim.verdict]
    (x1, y1), (x2, y2) = places[arrow.source], places[arrow.sink]
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    side = (-1 if count % 2 else 1) * (count // 2) * 30.0
    start, stop = (x1 + ux * RADIUS, y1 + uy * RADIUS), (x2 - ux * (RADIUS + 8), y2 - uy * (RADIUS + 8))
    bend = ((start[0] + stop[0]) / 2 - uy * side * 1.6, (start[1] + stop[1]) / 2 + ux * side * 1.6)
    label = (
        0.25 * start[0] + 0.5 * bend[0] + 0.25 * stop[0],
        0.25 * start[1] + 0.5 * bend[1] + 0.25 * stop[1],
    )
    ex, ey = stop[0] - bend[0], stop[1] - bend[1]
    norm = math.hypot(ex, ey) or 1.0
    ex, ey = ex / norm, ey / norm
    tip = (stop[0] + 8 * ex, stop[1] + 8 * ey)
    head = " ".join(
        f"{x:.1f},{y:.1f}" for x, y in (tip, (stop[0] - 4 * ey, stop[1] + 4 * ex), (stop[0] + 4 * ey, stop[1] - 4 * ex))
    )
    return (
        f'<g><path d="M{start[0]:.1f},{start[1]:.1f} Q{bend[0]:.1f},{bend[1]:.1f} {stop[0]:.1f},{stop[1]:.1f}" '
        f'fill="none" stroke="{colour}" stroke-width="1.5" stroke-dasharray="{dash}"/>'
        f'<polygon points="{head}" fill="{colour}"/>'
        f'<rect x="{label[0] - 24:.1f}" y="{label[1] - 9:.1f}" width="48" height="17" rx="3" fill="#fff" stroke="{colour}"/>'
        f'<text x="{label[0]:.1f}" y="{label[1] + 4:.1f}" text-anchor="middle" font-size="11" fill="{colour}">'
        f"{escape(arrow.claim.id)} {mark}</text></g>"
    )


def _node(assessment: Assessment, actor: str, place: tuple[float, float]) -> str:
    name = assessment.case.actors[actor].name
    words = name.split(" ", 1)
    lines = "".join(
        f'<tspan x="{place[0]:.1f}" dy="{0 if at == 0 else 14}">{escape(word)}</tspan>' for at, word in enumerate(words)
    )
    top = place[1] + (4 if len(words) == 1 else -3)
    return (
        f'<circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="{RADIUS}" fill="#fbfaf6" stroke="#1d1d1b" stroke-width="1.4"/>'
        f'<text x="{place[0]:.1f}" y="{top:.1f}" text-anchor="middle" font-size="12.5" fill="#1d1d1b">{lines}</text>'
    )
