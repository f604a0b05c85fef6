"""Draw this program's own SVG in pixels without a browser.

It knows what `report` draws by hand: lines, circles, rectangles, polygons, paths, texts and nested drawings; lengths in user units or in
per cent. Charts of matplotlib need it not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tocsin.plots.png import to_png
from tocsin.plots.style import plot_style

PIXELS = 96.0
"""User units in an inch."""
POINTS = 72.0 / PIXELS
"""Points in a user unit."""
ARC_STEP = math.pi / 24
"""Angle of the pieces of which arcs are made."""


@dataclass(frozen=True)
class _Frame:
    """Where a drawing lies on the picture: its corner, its scale, its size in its own units, and the current colour."""

    x: float
    y: float
    scale: float
    width: float
    height: float
    colour: str = "#000000"

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.x + self.scale * x, self.y + self.scale * y


def svg_size(svg: str) -> tuple[float, float]:
    """Return the width and height of a drawing in user units."""
    box = [float(value) for value in parsed(svg).get("viewBox").split()]
    return box[2], box[3]


def svg_to_png(svg: str, width: int) -> bytes:
    """Return a drawing as PNG.

    Args:
        svg: the drawing; its root has a `viewBox` that begins at (0, 0).
        width: of the picture in pixels, > 0.
    """
    from matplotlib.figure import Figure

    across, down = svg_size(svg)
    with plot_style(lines__scale_dashes=False):
        figure = Figure(figsize=(across / PIXELS, down / PIXELS), dpi=width * PIXELS / across)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        axes.set_xlim(0, across)
        axes.set_ylim(down, 0)
        _draw(axes, parsed(svg), _Frame(0.0, 0.0, 1.0, across, down))
        return to_png(figure)


def parsed(svg: str) -> Any:
    """Return the root element of a drawing."""
    from lxml import etree

    return etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))


# --- elements ------------------------------------------------------------------------------------------------------


def _draw(axes: Any, element: Any, frame: _Frame) -> None:
    """Draw what an element contains."""
    for child in element:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "svg":
            _draw(axes, child, _nested(child, frame))
        elif name in ("a", "g"):
            _draw(axes, child, frame)
        elif name == "text":
            _text(axes, child, frame)
        elif name in _SHAPES:
            _shape(axes, child, frame, _SHAPES[name](child, frame))


def _nested(element: Any, frame: _Frame) -> _Frame:
    x, y = _length(element, "x", frame.width), _length(element, "y", frame.height)
    width = _length(element, "width", frame.width, frame.width)
    height = _length(element, "height", frame.height, frame.height)
    box = element.get("viewBox")
    inner = [float(value) for value in box.split()][2:] if box else [width, height]
    scale = frame.scale * min(width / inner[0], height / inner[1])
    colour = re.search(r"color:\s*(#\w+)", element.get("style", ""))
    left, top = frame.at(x, y)
    return _Frame(left, top, scale, inner[0], inner[1], colour[1] if colour else frame.colour)


def _length(element: Any, name: str, whole: float, default: float = 0.0) -> float:
    text = element.get(name)
    if text is None:
        return default
    return whole * float(text[:-1]) / 100 if text.endswith("%") else float(text)


def _paint(element: Any, name: str, frame: _Frame, default: str) -> str:
    value = str(element.get(name, default))
    return frame.colour if value == "currentColor" else value


def _shape(axes: Any, element: Any, frame: _Frame, path: Any) -> None:
    from matplotlib.patches import PathPatch

    stroke = _paint(element, "stroke", frame, "none")
    width = float(element.get("stroke-width", 1)) * POINTS * (frame.scale if frame.scale < 1 else 1.0)
    dashes = tuple(float(part) * POINTS for part in re.split(r"[ ,]+", element.get("stroke-dasharray", "")) if part)
    style: Any = (0, dashes * (1 + len(dashes) % 2)) if dashes else "-"
    fill = _paint(element, "fill", frame, "#000000")
    axes.add_patch(
        PathPatch(
            path,
            facecolor=fill,
            edgecolor=stroke,
            linewidth=width if stroke != "none" else 0.0,
            linestyle=style,
            alpha=float(element.get("stroke-opacity", 1)),
            capstyle=element.get("stroke-linecap", "butt"),
            joinstyle="round",
            clip_on=False,
        )
    )


def _text(axes: Any, element: Any, frame: _Frame) -> None:
    x, y = frame.at(_length(element, "x", frame.width), _length(element, "y", frame.height))
    axes.text(
        x,
        y,
        "".join(element.itertext()),
        fontsize=float(element.get("font-size", 12)) * POINTS * frame.scale,
        fontweight=element.get("font-weight", "normal"),
        color=_paint(element, "fill", frame, "#000000"),
        ha={"middle": "center", "end": "right"}.get(element.get("text-anchor", "start"), "left"),
        va="baseline",
        clip_on=False,
    )


# --- shapes --------------------------------------------------------------------------------------------------------


def _line(element: Any, frame: _Frame) -> Any:
    x1, x2 = (_length(element, name, frame.width) for name in ("x1", "x2"))
    y1, y2 = (_length(element, name, frame.height) for name in ("y1", "y2"))
    return _polyline([frame.at(x1, y1), frame.at(x2, y2)], closed=False)


def _circle(element: Any, frame: _Frame) -> Any:
    from matplotlib.path import Path

    x, y = frame.at(_length(element, "cx", frame.width), _length(element, "cy", frame.height))
    return Path.circle((x, y), float(element.get("r")) * frame.scale)


def _rect(element: Any, frame: _Frame) -> Any:
    left, top, wide, tall = (float(element.get(name, 0)) for name in ("x", "y", "width", "height"))
    r = min(float(element.get("rx", 0)), wide / 2, tall / 2)
    corners = (
        (left + wide - r, top + r, -math.pi / 2),
        (left + wide - r, top + tall - r, 0.0),
        (left + r, top + tall - r, math.pi / 2),
        (left + r, top + r, math.pi),
    )
    points = [
        frame.at(x + r * math.cos(start + turn), y + r * math.sin(start + turn))
        for x, y, start in corners
        for turn in ([0.0] if r == 0 else [math.pi / 16 * step for step in range(9)])
    ]
    return _polyline(points, closed=True)


def _polygon(element: Any, frame: _Frame) -> Any:
    pairs = [pair.split(",") for pair in element.get("points").split()]
    return _polyline([frame.at(float(x), float(y)) for x, y in pairs], closed=True)


def _polyline(points: list[tuple[float, float]], *, closed: bool) -> Any:
    from matplotlib.path import Path

    codes = [Path.MOVETO, *[Path.LINETO] * (len(points) - 1)]
    return Path([*points, points[0]], [*codes, Path.CLOSEPOLY]) if closed else Path(points, codes)


# --- paths ---------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)")
_COUNTS = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "A": 7}


@dataclass(frozen=True)
class _Pen:
    """The pen of a path: where it is, and where the present piece began."""

    x: float = 0.0
    y: float = 0.0
    start: tuple[float, float] = (0.0, 0.0)


def _path(element: Any, frame: _Frame) -> Any:
    from matplotlib.path import Path

    vertices: list[tuple[float, float]] = []
    codes: list[int] = []
    pen = _Pen()
    for command, values in _commands(element.get("d")):
        points, code, pen = _step(command, values, pen)
        if command in "Zz":
            points, code = [pen.start], int(Path.CLOSEPOLY)
            pen = replace(pen, x=pen.start[0], y=pen.start[1])
        vertices += [frame.at(*point) for point in points]
        codes += [code] * len(points)
    return Path(vertices, codes)


def _commands(text: str) -> Iterator[tuple[str, list[float]]]:
    """Yield the commands of a path with their numbers; numbers without a command repeat the one before."""
    tokens = _TOKEN.findall(text)
    index, command = 0, "M"
    while index < len(tokens):
        if tokens[index].isalpha():
            command = tokens[index]
            index += 1
        count = _COUNTS.get(command.upper(), 0)
        yield command, [float(token) for token in tokens[index : index + count]]
        index += count
        command = {"M": "L", "m": "l"}.get(command, command)


def _step(command: str, values: list[float], pen: _Pen) -> tuple[list[tuple[float, float]], int, _Pen]:
    """Return the points of a command, their code and the pen after it."""
    from matplotlib.path import Path

    name, relative = command.upper(), command.islower()
    dx, dy = (pen.x, pen.y) if relative else (0.0, 0.0)
    if name == "Z":
        return [], int(Path.CLOSEPOLY), pen
    if name == "A":
        end = (values[5] + dx, values[6] + dy)
        points = _arc((pen.x, pen.y), end, values[0], large=bool(values[3]), sweep=bool(values[4]))
        return points, int(Path.LINETO), replace(pen, x=end[0], y=end[1])
    if name == "H":
        points = [(values[0] + dx, pen.y)]
    elif name == "V":
        points = [(pen.x, values[0] + dy)]
    else:
        points = [(values[index] + dx, values[index + 1] + dy) for index in range(0, len(values), 2)]
    code = {"M": Path.MOVETO, "Q": Path.CURVE3, "C": Path.CURVE4}.get(name, Path.LINETO)
    x, y = points[-1]
    return points, int(code), _Pen(x, y, (x, y) if name == "M" else pen.start)


def _arc(
    start: tuple[float, float], end: tuple[float, float], radius: float, *, large: bool, sweep: bool
) -> list[tuple[float, float]]:
    """Return points on a circle's arc, see SVG 1.1, appendix F.6.5."""
    half = math.dist(start, end) / 2
    radius = max(radius, half)
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    height = math.sqrt(max(radius**2 - half**2, 0.0)) * (1 if large != sweep else -1)
    ux, uy = ((end[0] - start[0]) / (2 * half), (end[1] - start[1]) / (2 * half)) if half else (0.0, 0.0)
    centre = (middle[0] - height * uy, middle[1] + height * ux)
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    turn = math.atan2(end[1] - centre[1], end[0] - centre[0]) - first
    if sweep and turn <= 0:
        turn += 2 * math.pi
    elif not sweep and turn >= 0:
        turn -= 2 * math.pi
    count = max(2, math.ceil(abs(turn) / ARC_STEP))
    return [
        (centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle))
        for angle in (first + turn * step / count for step in range(1, count + 1))
    ]


_SHAPES = {"line": _line, "circle": _circle, "rect": _rect, "polygon": _polygon, "path": _path}
