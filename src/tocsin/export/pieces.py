"""Cut a tall picture into pieces that are readable on slides."""

from __future__ import annotations

import io

import numpy as np

from tocsin.plots.png import COMPRESSION

TALL = 0.85
"""Height of a picture in widths above which its letters are too small on a slide."""
QUIET = 6
"""Rows of equal pixels at which a picture can be cut: nothing but upright lines passes there."""


def pieces(png: bytes) -> list[bytes]:
    """Return a picture as one piece, or as two if it is tall: cut between its rows where that is nearest to the middle.

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
    made = []
    for top, end in ((0, cut), (cut, image.height)):
        buffer = io.BytesIO()
        image.crop((0, top, image.width, end)).save(buffer, format="png", compress_level=COMPRESSION)
        made.append(buffer.getvalue())
    return made


def _quiet_place(pixels: np.ndarray) -> int | None:
    """Return the row nearest to the middle around which all rows are equal; None if there is none in the middle third.

    Args:
        pixels: (height, width, colours).
    """
    height = pixels.shape[0]
    same = np.all(pixels[1:] == pixels[:-1], axis=(1, 2))
    runs = np.convolve(same, np.ones(QUIET), mode="valid") == QUIET
    places = np.flatnonzero(runs) + QUIET // 2
    places = places[np.abs(places - height / 2) <= height / 6]
    return None if places.size == 0 else int(places[np.argmin(np.abs(places - height / 2))])
