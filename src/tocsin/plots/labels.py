"""Labels at the right ends of lines, moved apart where they would overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

LEADER = 10.0
"""Length in points of the lines from ends to labels that are moved apart."""


def label_ends(
    axis: Any,
    labels: Sequence[tuple[float, str, str]],
    x: float,
    *,
    gap: float,
    top: float = math.inf,
    offset: float = 4,
    size: float = 8,
) -> None:
    """Write labels beside the ends of lines; a label that is moved apart from others gets a line to its end.

    Args:
        axis: matplotlib axes.
        labels: height of the line's end, text and colour.
        x: where the lines end.
        gap: smallest distance between labels, in data units.
        top: highest position of a label.
        offset: distance from `x` in points.
        size: font size in points.
    """
    from matplotlib.transforms import offset_copy

    ordered = sorted(labels, key=lambda label: label[0])
    heights: list[float] = []
    for rank, (value, _, _) in enumerate(ordered):
        highest = top - gap * (len(ordered) - 1 - rank)
        heights.append(max(min(value, highest), heights[-1] + gap if heights else -math.inf))
    moved = [abs(y - value) > gap / 3 for y, (value, _, _) in zip(heights, ordered, strict=True)]
    beside = offset_copy(axis.transData, axis.get_figure(), x=offset + LEADER * any(moved), units="points")
    for y, far, (value, text, colour) in zip(heights, moved, ordered, strict=True):
        leader = {
            "arrowstyle": "-",
            "color": colour,
            "lw": 0.5,
            "shrinkA": 2,
            "shrinkB": 1,
            "relpos": (0, 0.5),
            "patchA": None,
        }
        axis.annotate(
            text, (x, value), xytext=(x, y), textcoords=beside, va="center", color=colour, fontsize=size,
            arrowprops=leader if far else None, annotation_clip=False,
        )  # fmt: skip
