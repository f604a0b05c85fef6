"""Count how often camps of the program's own table of governments lost office, without data frames.

`tocsin lint` compares the rates of a case with this table, and data frames take longer to load than all other checks together.
`tocsin.measures.politics` counts the same in any table. Both agree, which a test holds.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from tocsin.data.codes import state_of
from tocsin.data.governments import FILE, GAP_DAYS, OWN_UNTIL
from tocsin.measures.reference import Reading, Reference


@dataclass(frozen=True)
class _Spell:
    """A time in office of one camp; `end` is None if it is still in office."""

    camp: str
    start: date
    end: date | None


def own_rate(reference: Reference) -> Reading | None:
    """Return the rate of exits that a reference names; None for any other reference, and for a camp that the table lacks."""
    request = reference.request
    if reference.name != "exits" or reference.column is not None or set(reference.where) != {"camp"}:
        return None
    (state,) = request.states if len(request.states) == 1 else (None,)
    first, last = date(request.first, 1, 1), date(request.last, 12, 31)
    spells = [
        spell
        for spell in (_own_spells().get(state, ()) if state is not None else ())
        if spell.camp == reference.where["camp"] and spell.start <= last and (spell.end or OWN_UNTIL) >= first
    ]
    if not spells:
        return None
    ended = sum(spell.end is not None and first <= spell.end <= last for spell in spells)
    days = sum((min(spell.end or OWN_UNTIL, last) - max(spell.start, first)).days for spell in spells)
    return Reading(value=float(ended), year=request.last, unit="", at_risk=days / 365.25)


@cache
def _own_spells() -> dict[int, tuple[_Spell, ...]]:
    """Return the spells of the table by state: consecutive governments of one camp, merged."""
    text = (files("tocsin.data") / FILE).read_text(encoding="utf-8")
    governments: dict[int, list[_Spell]] = {}
    for row in csv.DictReader(text.splitlines()):
        state, start = state_of(row["iso"], OWN_UNTIL.year), date.fromisoformat(row["start"])
        if state is not None and start <= OWN_UNTIL:
            end = date.fromisoformat(row["end"]) if row["end"] else None
            governments.setdefault(state, []).append(_Spell(row["camp"], start, end))
    return {state: tuple(_merged(sorted(rows, key=lambda row: row.start))) for state, rows in governments.items()}


def _merged(governments: list[_Spell]) -> Iterator[_Spell]:
    """Yield the spells of the governments of a state, which are in order of time."""
    open_spell: _Spell | None = None
    for index, row in enumerate(governments):
        ends = [row.end] if row.end is not None and row.end <= OWN_UNTIL else []
        ends += [after.start for after in governments[index + 1 : index + 2]]
        end = min(ends, default=None)
        before = open_spell
        if before is not None and before.end is not None:
            if before.camp == row.camp and (row.start - before.end).days <= GAP_DAYS:
                open_spell = _Spell(row.camp, before.start, end)
                continue
            yield before
        open_spell = _Spell(row.camp, row.start, end)
    if open_spell is not None:
        yield open_spell
