"""Korean and Japanese texts in figures: their width, and lines that break where they may."""

from __future__ import annotations

import re
import textwrap
import unicodedata

_TOKEN = re.compile(
    r"\s*(?:[（「『【〈《]*[\u3040-\u30ff\u3400-\u9fff\uff01-\uff60][、。，．）」』】〉》！？ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ]*|[^\s\u3040-\u30ff\u3400-\u9fff]+)"
)
"""What stays on one line: a word, or a character of Japanese with the marks that may not begin a line."""


def cells(text: str) -> int:
    """Return the width of a text in columns: one for a Latin character, two for a Korean or Japanese one."""
    return sum(2 if _is_wide(char) else 1 for char in text)


def wrapped(text: str, columns: int) -> list[str]:
    """Return a text in lines of at most so many columns, as long as no word is longer than a line."""
    if not any(map(_is_wide, text)):
        return textwrap.wrap(text, columns)
    lines = [""]
    for token in _TOKEN.findall(text):
        if lines[-1] and cells(lines[-1] + token) > columns:
            lines.append("")
        lines[-1] += token if lines[-1] else token.lstrip()
    return [line for line in lines if line]


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"
