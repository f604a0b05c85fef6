"""Find the quantities of a run by what a test or a reader calls them: `p_war()`, `p_war`, `risk_by(2030 in taiwan)`."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WRITTEN = re.compile(r"(?P<name>[a-z_]+)\s*(?:\((?P<inside>[^()]*)\))?\s*(?:@\s*(?P<theatre>\w+))?")
_IN = re.compile(r"(?:^|\s)in\s+(\w+)\s*$")
FIRST_CALENDAR_YEAR = 1000
"""Smaller numbers are years counted from the day of the case."""


def named_quantities(ids: Sequence[str], name: str, year: int) -> list[str]:
    """Return the quantities that a name means: one, or the same of each theatre if it says none; none if it is unknown.

    Args:
        ids: names of the quantities: "loss(plan)", "p_war@taiwan", "risk_by(2030)@taiwan".
        name: as written in a test, or as in `ids`.
        year: of the day of the case.
    """
    known = {_without_spaces(item): item for item in ids}
    if (exact := _without_spaces(name)) in known:
        return [known[exact]]
    written = _WRITTEN.fullmatch(name.strip())
    if written is None:
        return []
    inside, theatre = written["inside"] or "", written["theatre"]
    if match := _IN.search(inside):
        inside, theatre = inside[: match.start()], match[1]
    arguments = [_year(_without_spaces(part), year) for part in inside.split(",") if part.strip()]
    base = f"{written['name']}({','.join(arguments)})" if arguments else written["name"]
    return [
        item
        for short, item in known.items()
        if short.partition("@")[0] == base and theatre in (None, short.partition("@")[2])
    ]


def _year(argument: str, today: int) -> str:
    counted = argument.isdecimal() and int(argument) < FIRST_CALENDAR_YEAR
    return str(today + int(argument)) if counted else argument


def _without_spaces(name: str) -> str:
    return "".join(name.split())
