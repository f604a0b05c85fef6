"""Read numbers as people write them: 1,234.5 and 1.234,5 and 1 234,5 and 1'234.5.

`1,234` alone may be 1234 or 1.234. Other numbers of the table decide, or else the user; nothing is guessed.
"""

from __future__ import annotations

import re
from typing import Literal

Decimal = Literal[".", ","]
Form = Literal["plain", ".", ",", "either", "bad"]

NUMBER = re.compile(
    r"(?:[0-9]{1,3}(?:[ '’][0-9]{3})+(?![0-9])|[0-9][0-9.,]*|\.[0-9]+)(?:[.,][0-9]+)?(?:[eE][-+]?[0-9]+)?"
)
"""A number without its sign; the spaces in it group thousands."""
_GROUPS = {
    ".": re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"),
    ",": re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+"),
}
"""Whole numbers with grouped thousands, by the decimal mark; with a comma also in the Indian way, 12,34,567."""


def form_of(text: str) -> Form:
    """Return which decimal mark a number shows.

    Returns:
        "plain" if it has no separator, "." or "," if it can have only this decimal mark, "either" if both are possible, "bad" if neither is.
    """
    point, comma = plain_number(text, "."), plain_number(text, ",")
    if point is None and comma is None:
        return "bad"
    if point is None:
        return ","
    if comma is None:
        return "."
    return "plain" if point == comma else "either"


def plain_number(text: str, decimal: Decimal) -> str | None:
    """Return a number with a decimal point and no grouping; None if it is none with this decimal mark."""
    digits, mark, exponent = _parted(text)
    grouped = re.sub("[ '’]", "", digits)
    whole, point, part = grouped.rpartition(decimal) if decimal in grouped else (grouped, "", "")
    other = "," if decimal == "." else "."
    if decimal in whole or other in part:
        return None
    if other in whole:
        if digits != grouped or not _GROUPS[decimal].fullmatch(whole):
            return None
        whole = whole.replace(other, "")
    return f"{whole or '0'}{'.' if point and part else ''}{part}{mark}{exponent}"


def _parted(text: str) -> tuple[str, str, str]:
    match = re.search("[eE]", text)
    return (text[: match.start()], "e", text[match.end() :]) if match else (text, "", "")
