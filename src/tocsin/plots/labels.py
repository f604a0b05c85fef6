"""Labels at the right ends of lines, moved apart where they would overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any


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
    """Write labels beside the ends of lines.

    Args:
        axis: matplotlib axes.
        labels: height of the line's end, text and colour.
        x: where the lines end.
        gap: smallest distance between labels, in data units.
        top: highest position of a label.
        offset: distance from `x` in points.
        size: font size in points.
    """
    ordered = sorted(labels, key=lambda label: label[0])
    y = -math.inf
    for rank, (value, text, colour) in enumerate(ordered):
        highest = top - gap * (len(ordered) - 1 - rank)
        y = max(min(value, highest), y + gap)
        axis.annotate(
            text, (x, y), xytext=(offset, 0), textcoords="offset points", va="center", color=colour, fontsize=size,
            annotation_clip=False,
        )  # fmt: skip
