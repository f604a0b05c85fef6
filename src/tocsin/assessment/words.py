"""Estimative words and the numbers that belong to them.

The scale is that of Intelligence Community Directive 203 (2015), applied to the whole percentage that is printed, lower
edge inclusive, so that a word and the number beside it never disagree.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.assessment.result import Basis
    from tocsin.assessment.world_count import WorldCount

SCALE = (
    (5, "almost no chance"),
    (20, "very unlikely"),
    (45, "unlikely"),
    (55, "roughly even chance"),
    (80, "likely"),
    (95, "very likely"),
    (101, "almost certain"),
)
"""Upper edge in per cent (exclusive) and word."""

SOURCES_DISAGREE = "sources disagree"
"""Why a test has no verdict that holds by one source and fails by another."""
TOO_FEW = "too few worlds"
"""Why a claim with too few effective draws has no verdict."""
UNSETTLED = "its games do not settle"
"""Why a claim whose games settle in too few worlds has no verdict."""
UNSEEN, NOT_THERE = "this measure would not have seen it", "this measure sees what is not there"
"""What a control that fails says of a claim: a positive one does not register, a negative one does."""

HOLDS, FAILS = 55, 45
"""A claim holds from the first percentage and fails below the second."""


LOWEST, HIGHEST = 5, 95
"""No probability of a game prints as a figure below the first percentage or above the second. It is a share of modelled worlds,
and worlds that nobody can observe have no score. So nothing has earned a finer figure."""


def whole(probability: float) -> int:
    """Return the printed percentage, halves rounded up; 0 <= probability <= 1.

    Raises:
        ValueError: outside [0, 1] or not a number.
    """
    if not 0.0 <= probability <= 1.0:
        raise ValueError(f"{probability!r} is not a probability")
    return math.floor(round(100.0 * probability, 9) + 0.5)


def percent(probability: float) -> str:
    """Return a probability or share that data or arithmetic give, as printed: "<1 %" and ">99 %" instead of 0 and 100."""
    number = whole(probability)
    if number == 0:
        return "<1 %"
    return ">99 %" if number == 100 else f"{number} %"


def game_percent(probability: float) -> str:
    """Return a probability that a game gives, as printed: "below 5 %" and "above 95 %" beyond these limits."""
    number = whole(probability)
    if number < LOWEST:
        return f"below {LOWEST} %"
    return f"above {HIGHEST} %" if number > HIGHEST else f"{number} %"


def figure(probability: float, basis: Basis) -> str:
    """Return the probability of a claim as printed, by what decides the claim."""
    return game_percent(probability) if basis == "model" else percent(probability)


def figure_range(low: float, high: float, basis: Basis) -> str:
    """Return the range between two probabilities of a claim, "below 5 % to 62 %"; one figure where both ends print alike."""
    ends = dict.fromkeys((figure(low, basis), figure(high, basis)))
    return " to ".join(ends)


def in_worlds(count: WorldCount | None) -> str:
    """Return that a claim holds "in none of 512 worlds" or "in all of 512 worlds"; empty in any other case, and if nothing was counted.

    Where worlds have unequal weights, the effective number of draws stands in brackets.
    """
    if count is None or not count.of or (count.holds and count.fails):
        return ""
    equal = round(count.effective) == count.of
    text = f"in {'all' if count.holds else 'none'} of {count.of:,} world{'' if count.of == 1 else 's'}"
    return text if equal else f"{text} ({effective_text(count.effective)})"


def plain(value: float, digits: int = 6) -> str:
    """Return a number with at most so many significant digits and without exponent: "0.00000001"."""
    text = f"{Decimal(f'{value:.{digits}g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def fine_percent(rate: float) -> str:
    """Return a rate as a percentage with two significant digits: "22 %", "1.3 %", "0.016 %"."""
    return f"{plain(100.0 * rate, 2)} %"


def percent_range(low: float, high: float) -> str:
    """Return the range between two rates: "0.27 to 3.2 %"."""
    return f"{plain(100.0 * low, 2)} to {fine_percent(high)}"


EVENT_WORDS = {
    "war": "a war",
    "press": "pressure",
    "concede": "a concession, in a year of pressure",
    "clash": "a clash, in a year of pressure",
    "conquest": "a conquest",
}
"""The events of a record, in words."""


def effective_text(draws: float) -> str:
    """Return a number of effective draws with its noun: "1 effective draw"."""
    return f"{draws:.0f} effective draw{'' if round(draws) == 1 else 's'}"


def words(probability: float) -> str:
    """Return the estimative words for a probability."""
    number = whole(probability)
    return next(word for edge, word in SCALE if number < edge)


def phrase(probability: float, basis: Basis) -> str:
    """Return words with the number in brackets, by what decides the claim: "likely (62 %)"."""
    return f"{words(probability)} ({figure(probability, basis)})"


def with_shown(how: str, shown: str) -> str:
    """Return how a verdict was reached, with what the facts show: "by the facts: 60, not above 90"."""
    return f"{how}: {shown}" if shown else how


_ENDS = ".!?:;…”)"
"""Marks after which a further sentence needs no full stop."""


def joined(*texts: str) -> str:
    """Return sentences one after the other, without the empty ones."""
    parts = [text.strip() for text in texts if text.strip()]
    ended = [part if part[-1] in _ENDS else f"{part}." for part in parts[:-1]]
    return " ".join([*ended, *parts[-1:]])
