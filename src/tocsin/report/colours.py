"""The colours of inline drawings as CSS variables, so that a drawing follows the page's light or dark scheme.

Files that stand alone keep the colours of `plots.style`, which are those of the light scheme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

from tocsin.plots.style import ACCENT, BLUE, INK, LINE, PAPER, SOFT
from tocsin.report.verdict_marks import MARKS

VARIABLES: Mapping[str, str] = {
    INK: "ink", SOFT: "soft", LINE: "line", PAPER: "paper", ACCENT: "accent", BLUE: "blue",
    **{mark.colour: mark.name for mark in MARKS.values()},
}  # fmt: skip
"""Each colour of a drawing in the light scheme, and the variable of the style sheet that holds it."""

_COLOUR = re.compile(r"((?:fill|stroke|color)(?:=\"|:\s?))(#[0-9a-f]{6})\b")


def on_page(svg: Markup) -> Markup:
    """Return a drawing of this program with its colours as variables of the page.

    Raises:
        KeyError: if a colour is not one of `VARIABLES`; it could not be read in the dark scheme.
    """
    return Markup(_COLOUR.sub(lambda match: f"{match[1]}var(--{VARIABLES[match[2]]})", svg))
