"""SVG output: labels made safe, text measured, figures written as text."""

from __future__ import annotations

import io
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.errors import InputError
from tocsin.plots.style import PAPER
from tocsin.tables import printable
from tocsin.translation import message

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def one_line(text: str, max_chars: int) -> str:
    """Return a label on one line, cut to `max_chars` with an ellipsis; unprintable characters become spaces."""
    line = printable(text)
    return line if len(line) <= max_chars else line[: max_chars - 1].rstrip() + "…"


def cells(text: str) -> int:
    """Return the width of a line in Latin characters; one of Korean, Japanese or Chinese is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def fitted(text: str, max_cells: int) -> str:
    """Return a line cut to a width in Latin characters, with an ellipsis if it is longer."""
    if cells(text) <= max_cells:
        return text
    end = next(end for end in range(len(text), -1, -1) if cells(text[:end]) < max_cells)
    return text[:end] + "…"


def text_width(text: str, size: float) -> float:
    """Return the approximate width of a line of text in inches, rather too wide than too narrow.

    Args:
        text: the line.
        size: font size in points.
    """
    return sum(map(_em, text)) * size / 72


def _em(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    return 0.8 if char.isupper() or char in "mw%@&" else 0.62


def check_svg_name(file: Path) -> None:
    """Check that a file name ends in .svg or has no ending, as a device does.

    Raises:
        InputError: if it does not.
    """
    if file.suffix.lower() not in ("", ".svg"):
        raise InputError(
            message("drawings are written as SVG only"),
            file=str(file),
            remedy=message("name it {name}; a browser prints it as PDF", name=f"{file.stem or 'picture'}.svg"),
        )


def to_svg(figure: Figure, title: str) -> str:
    """Return a figure as SVG with selectable text; the same figure always gives the same bytes."""
    buffer = io.StringIO()
    with any_script():
        figure.savefig(buffer, format="svg", facecolor=PAPER, metadata={"Title": title, "Date": None, "Creator": None})
    return buffer.getvalue()


@contextmanager
def any_script() -> Iterator[None]:
    """Draw text in any script without a warning: it stays text, which the viewer's fonts show, and is not drawn here."""
    with warnings.catch_warnings():
        for message in (r"Glyph .* missing from", "Matplotlib currently does not support .* natively"):
            warnings.filterwarnings("ignore", message, UserWarning)
        yield
