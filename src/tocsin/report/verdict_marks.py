"""The look of each verdict: a colour, a line style and a sign, so that no reader depends on one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from tocsin.assessment.result import Verdict
from tocsin.plots.style import PAPER


@dataclass(frozen=True)
class Mark:
    """The look of one verdict.

    Attributes:
        name: short name that can be part of an id.
        colour: of text and lines; its contrast with white is at least 4.5 to 1.
        dash: SVG dash pattern of arrows; empty for a solid line.
        width: line width of arrows.
        sign: SVG of the sign in a 16 by 16 box; it inherits `color`.
    """

    name: str
    colour: str
    dash: str
    width: float
    sign: str


_DISC = '<circle cx="8" cy="8" r="6.6" fill="{0}" stroke="currentColor" stroke-width="1.5"/>'
_RING = _DISC.format(PAPER)
_LINES = ' fill="none" stroke="{0}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>'

MARKS: Mapping[Verdict, Mark] = {
    "holds": Mark(
        "holds",
        "#106145",
        "",
        2.2,
        _DISC.format("currentColor") + '<path d="M4.7 8.4l2.3 2.3 4.3-5"' + _LINES.format(PAPER),
    ),
    "partly": Mark(
        "partly",
        "#9a6011",
        "12 3",
        1.7,
        _RING + '<path d="M8 1.4a6.6 6.6 0 0 0 0 13.2z" fill="currentColor"/>',
    ),
    "fails": Mark(
        "fails",
        "#7f080e",
        "6 3.5",
        1.7,
        '<path d="M1.4 1.4h13.2v13.2H1.4z" fill="currentColor"/><path d="M5 5l6 6M11 5l-6 6"' + _LINES.format(PAPER),
    ),
    "disputed": Mark(
        "disputed",
        "#703d96",
        "9 3 2 3",
        1.6,
        _RING + '<path d="M5 6.4h6M5 9.6h6M9.8 4.2l-3.6 7.6"' + _LINES.format("currentColor"),
    ),
    "cannot tell": Mark(
        "cannot-tell",
        "#343f49",
        "2 3.5",
        1.7,
        _RING + '<path d="M6 6.3a2 2 0 1 1 2.8 1.8c-.6.3-.8.7-.8 1.4M8 11.7v.1"' + _LINES.format("currentColor"),
    ),
    "not tested": Mark(
        "not-tested",
        "#636f78",
        "1 4",
        1.4,
        f'<circle cx="8" cy="8" r="6.6" fill="{PAPER}" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.6 2"/>',
    ),
}
"""The mark of each verdict, in the order of legends.

Any two colours differ by at least 15 in CIEDE2000, also as people without one kind of cones see them (model of Machado et al. 2009).
"""


def sprite() -> Markup:
    """Return a hidden SVG that defines the sign of each verdict once, as `#sign-NAME`."""
    signs = "".join(f'<symbol id="sign-{m.name}" viewBox="0 0 16 16">{m.sign}</symbol>' for m in MARKS.values())
    return Markup(f'<svg class="sprite" aria-hidden="true" focusable="false"><defs>{signs}</defs></svg>')
