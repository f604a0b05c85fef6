"""The common look of all drawings: colours, markers, dash patterns and matplotlib settings."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, suppress
from functools import cache
from pathlib import Path
from typing import Any

INK, SOFT, LINE, PAPER, ACCENT = "#17202a", "#4d5862", "#c9ccd1", "#ffffff", "#a3182c"
"""Text, secondary text, rules, background and the one accent; every text colour passes WCAG AA on the background."""

BLUE = "#1f4e79"
COLOURS = (BLUE, ACCENT, "#9e5e12", "#0c7c5a", "#381950")
"""Colours of series: the hues of Okabe and Ito (2008), "Color Universal Design", darkened until they are legible as text.

Any two differ by at least 10 in CIEDE2000, also as people without one kind of cones see them (model of Machado et al. 2009).
"""
MARKERS = ("o", "s", "^", "P", "D", "v", "X")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.5)), (0, (6, 1.5, 1.5, 1.5)))
"""Cycles of 5, 7 and 4: the lengths share no divisor, so that combinations repeat as late as possible."""


def plot_style(**overrides: Any) -> AbstractContextManager[None]:
    """Return a context that sets matplotlib's rcParams for a figure.

    Args:
        overrides: further rcParams; write the dot in a name as `__`.
    """
    import matplotlib as mpl

    settings: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": "tocsin",
        "text.parse_math": False,  # a dollar sign in a label is a dollar sign
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
    return mpl.rc_context(settings | {name.replace("__", "."): value for name, value in overrides.items()})


_JAPANESE = frozenset({"Noto Sans CJK JP", "Yu Gothic", "Hiragino Sans"})
"""Fonts with the Japanese forms of characters that Korean and Japanese share."""
FONTS = (
    "DejaVu Sans", "Noto Sans CJK KR", "Noto Sans CJK JP", "NanumGothic", "Malgun Gothic", "Apple SD Gothic Neo", "Yu Gothic", "Hiragino Sans", "Arial Unicode MS",
)  # fmt: skip
"""Fonts for pictures in pixels, in order; the first that has a character draws it."""


_EAST_ASIAN_FILES = re.compile(r"cjk|malgun|applesdgothic|yugoth|hiragino|nanum|arial ?unicode", re.IGNORECASE)


def installed_fonts(language: str = "en") -> tuple[str, ...]:
    """Return those of `FONTS` that are installed; the first comes with matplotlib, then those for the language."""
    first, *others = _installed_fonts()
    return (first, *sorted(others, key=lambda name: name not in _JAPANESE)) if language == "ja" else (first, *others)


@cache
def _installed_fonts() -> tuple[str, ...]:
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {font.fname for font in fontManager.ttflist}
    for path in findSystemFonts():
        if path not in known and _EAST_ASIAN_FILES.search(Path(path).name):
            with suppress(
                OSError, RuntimeError
            ):  # matplotlib's list may be older than a font; a broken font is left out
                fontManager.addfont(path)
    installed = {font.name for font in fontManager.ttflist}
    return tuple(name for name in FONTS if name in installed)


def colour_of(index: int) -> str:
    """Return the colour of a player, line or action by its index."""
    return COLOURS[index % len(COLOURS)]


def marker_of(index: int) -> str:
    """Return the marker of a player or line by its index."""
    return MARKERS[index % len(MARKERS)]


def dash_of(index: int) -> Any:
    """Return the dash pattern of a line or action by its index."""
    return DASHES[index % len(DASHES)]


def show_chances(axis: Any, title: str, bottom: float) -> None:
    """Give an axis of probabilities over time its scale in per cent, its grid and its title.

    Args:
        axis: of matplotlib.
        title: what it shows.
        bottom: lower end of the scale, below 0 where marks stand under the line of 0.
    """
    axis.set_ylim(bottom, 1)
    axis.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
    axis.set_title(title, loc="left", fontsize=8.5)
    axis.grid(axis="y")
