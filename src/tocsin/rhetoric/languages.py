"""Tell the titles that the coder can read from those that it cannot."""

from __future__ import annotations

import re

from tocsin.rhetoric.korean import is_korean

_LATIN_WORD = re.compile(r"[A-Za-z]{2}")
MIN_LATIN = 0.5
"""A title with a larger share of Latin letters among its letters counts as English."""


def is_readable(title: str) -> bool:
    """Return whether a title has words in English or Korean, so that its codes mean something.

    Titles in other scripts, without letters, or empty are not readable. Other languages in Latin letters count as English.
    """
    if title.isascii():
        return bool(_LATIN_WORD.search(title))
    letters = [char for char in title if char.isalpha()]
    latin = sum(char.isascii() for char in letters)
    return is_korean(title) or (latin > MIN_LATIN * len(letters) and bool(_LATIN_WORD.search(title)))
