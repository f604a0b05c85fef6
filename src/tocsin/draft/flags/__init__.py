"""Flag what an editor checks in a sentence; each flag names the words that it fired on and says why."""

from __future__ import annotations

from tocsin.draft.flags.flag import FLAG_KINDS, Flag, Reading
from tocsin.draft.flags.halves import halves, two_claims
from tocsin.draft.flags.money import no_base, two_currencies
from tocsin.draft.flags.time import fiscal_year, forecasts
from tocsin.draft.flags.words import motives, one_cause, superlatives, universals

CHECKS = (superlatives, universals, no_base, two_currencies, fiscal_year, motives, one_cause, forecasts, two_claims)

__all__ = ["FLAG_KINDS", "Flag", "Reading", "find_flags", "halves"]


def find_flags(reading: Reading) -> tuple[Flag, ...]:
    """Return the flags of a sentence, in the order of their words."""
    flags = [flag for check in CHECKS for flag in check(reading)]
    return tuple(sorted(flags, key=lambda flag: (flag.span.start, flag.kind)))
