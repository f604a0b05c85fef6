"""What pictures share: one style, labels from any file made safe, players and actions told apart, SVG as text."""

from __future__ import annotations

import io
import unicodedata
import warnings
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tocsin.errors import InputError
from tocsin.report.marks import ACCENT, INK, LINE, PAPER, SOFT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HUES = ("#1f4e79", ACCENT, "#8a5a00", "#1b5e3f", "#553a7a")
SIGNS = ("o", "s", "^", "P", "D", "v", "X")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.5)), (0, (6, 1.5, 1.5, 1.5)))
"""Colours, markers and dash patterns; the numbers of them have no divisor in common, so that together they last."""


def style(**own: Any) -> AbstractContextManager[None]:
    """Settings of matplotlib under which a figure is made, and those that are its own, a dot in their names written `__`.

    A dollar sign is a dollar sign.
    """
    import matplotlib as mpl

    settings: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": "tocsin",
        "text.parse_math": False,
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],
        "font.size": 8,
        "text.color": INK,
        "axes.edgecolor": SOFT,
        "axes.linewidth": 0.7,
        "axes.labelcolor": SOFT,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "grid.color": LINE,
        "grid.linewidth": 0.6,
        "xtick.color": SOFT,
        "ytick.color": SOFT,
        "xtick.major.size": 3,
        "ytick.major.size": 0,
    }
    return mpl.rc_context(settings | {name.replace("__", "."): value for name, value in own.items()})


def hue(place: int) -> str:
    """Colour of the player or action at a place, from 0."""
    return HUES[place % len(HUES)]


def sign(place: int) -> str:
    """Marker of the player at a place, from 0."""
    return SIGNS[place % len(SIGNS)]


def dash(place: int) -> Any:
    """Dash pattern of the action at a place, from 0."""
    return DASHES[place % len(DASHES)]


def clean(text: str, most: int) -> str:
    """A label on one line of at most so many characters, an ellipsis for the rest; what cannot be printed is a space."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def width(text: str, size: float) -> float:
    """About how wide a line of text is, inches, at a size in points; rather more than less."""
    return sum(map(_em, text)) * size / 72


def _em(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    return 0.8 if char.isupper() or char in "mw%@&" else 0.62


def check_svg(file: Path) -> None:
    """Refuse a file that is not named as SVG.

    Raises:
        InputError: if it does not end in .svg.
    """
    if file.suffix.lower() != ".svg":
        raise InputError(
            "pictures of games are drawn as SVG alone",
            file=str(file),
            remedy=f"name it {file.stem or 'picture'}.svg; a browser prints it as PDF",
        )


def as_svg(figure: Figure, title: str) -> str:
    """The file's text: letters kept as text, the same figure giving the same bytes."""
    buffer = io.StringIO()
    with warnings.catch_warnings():
        # a script that DejaVu lacks is kept as text and left to the fonts of whoever looks at it
        warnings.simplefilter("ignore", UserWarning)
        figure.savefig(buffer, format="svg", facecolor=PAPER, metadata={"Title": title, "Date": None, "Creator": None})
    return buffer.getvalue()
