"""Take the text out of markup; nothing in it is ever run."""

from __future__ import annotations

import html
import re

_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|title)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
INLINE = (
    "a", "abbr", "acronym", "b", "big", "bdi", "cite", "code", "del", "em", "font", "i", "ins", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "wbr",
)  # fmt: skip
"""Tags that do not end a line."""
_TAG = r"(?:[\s/](?:[^<>\"']|\"[^\"]{0,2000}\"|'[^']{0,2000}')*+)?>"
_INLINE_TAG = re.compile(rf"</?(?:{'|'.join(INLINE)}){_TAG}", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"<[a-z/!?](?:[^<>\"']|\"[^\"]{0,2000}\"|'[^']{0,2000}')*+>", re.IGNORECASE)
_BROKEN_TAG = re.compile(r"<[a-z/!?][^<>]{0,2000}(?:>|(?=<)|\Z)", re.IGNORECASE)


def markup_text(source: str) -> str:
    """Return all text of some markup, one line for each block, without scripts and styles; takes linear time."""
    shown = _HIDDEN.sub(" ", source)
    shown = _BLOCK_TAG.sub("\n", _INLINE_TAG.sub("", shown))
    shown = html.unescape(_BROKEN_TAG.sub("\n", shown)) if "<" in shown else html.unescape(shown)
    lines = (" ".join(line.split()) for line in shown.split("\n"))
    return "\n".join(line for line in lines if line)
