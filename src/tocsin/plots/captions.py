"""Captions of drawings: a title above the axes and notes below, wrapped to the width of the figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tocsin.plots.style import SOFT
from tocsin.plots.svg import text_width

SIZE, WIDTH = 8.0, 7.4
"""Font size in points; width of the figure in inches."""

OVERESTIMATE = 1.2
"""How much `text_width` overestimates a line of prose."""


@dataclass(frozen=True)
class Caption:
    """The text of a figure.

    Attributes:
        title: what is measured.
        axis_label: label of the value axis; empty if it needs none.
        notes: lines below the axes: sources, years, inputs.
    """

    title: str
    axis_label: str
    notes: tuple[str, ...]


def blank_figure(caption: Caption, height: float) -> tuple[Any, Any]:
    """Return a figure with title and notes, and its axes.

    Args:
        caption: the text.
        height: approximate height of the axes in inches.
    """
    from matplotlib.figure import Figure

    notes = [line for text in caption.notes for line in _wrapped(text)]
    figure = Figure(figsize=(WIDTH, height + 0.5 + 0.15 * len(notes)), layout="constrained")
    figure.suptitle("\n".join(_wrapped(caption.title, 11)), x=0.01, ha="left", fontsize=11, fontweight="bold")
    figure.supxlabel("\n".join(notes), x=0.01, ha="left", fontsize=SIZE - 0.5, color=SOFT)
    return figure, figure.subplots()


def _wrapped(text: str, size: float = SIZE - 0.5) -> list[str]:
    """Return a text broken into lines that fit the figure."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size) > (WIDTH - 0.2) * OVERESTIMATE and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
