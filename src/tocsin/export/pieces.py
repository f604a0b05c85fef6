"""Cut a tall picture into pieces that are readable on slides."""

from __future__ import annotations

import io

import numpy as np

from tocsin.plots.png import COMPRESSION

TALL = 0.72
"""Height of a picture in widths above which its smallest letters are below 9 points on a slide."""
QUIET = 6
"""Rows of equal pixels at which a picture can be cut: nothing but upright lines passes there."""
LONG = 0.8
"""Share of the longest run of equal rows from which a run counts as about as long."""


def pieces(png: bytes) -> list[bytes]:
    """Return a picture as one piece, or as several if it is tall: cut between its rows where that is nearest to the middle.

    A tall picture in which no place is quiet stays whole.

    Args:
        png: the picture.
    """
    from PIL import Image

    image = Image.open(io.BytesIO(png))
    if image.height <= TALL * image.width:
        return [png]
    cut = _quiet_place(np.asarray(image.convert("RGB"), dtype=np.int16))
    if cut is None:
        return [png]
    made: list[bytes] = []
    for top, end in ((0, cut), (cut, image.height)):
        buffer = io.BytesIO()
        image.crop((0, top, image.width, end)).save(buffer, format="png", compress_level=COMPRESSION)
        made += pieces(buffer.getvalue())
    return made


def _quiet_place(pixels: np.ndarray) -> int | None:
    """Return the middle of the longest run of equal rows in the middle third; None if no run is long enough.

    The longest runs lie between the rows of a picture, shorter ones between the lines of a text. If several runs are about as
    long, the one nearest to the middle counts.

    Args:
        pixels: (height, width, colours).
    """
    height = pixels.shape[0]
    same = np.all(pixels[1:] == pixels[:-1], axis=(1, 2))
    edges = np.flatnonzero(np.diff(np.concatenate(([False], same, [False]))))
    starts, sizes = edges[::2], edges[1::2] - edges[::2]
    places = starts + sizes // 2
    open_ = (sizes >= QUIET) & (np.abs(places - height / 2) <= height / 6)
    if not open_.any():
        return None
    places, sizes = places[open_], sizes[open_]
    long = places[sizes >= LONG * sizes.max()]
    return int(long[np.argmin(np.abs(long - height / 2))])
