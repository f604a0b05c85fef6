"""Estimative words and the numbers that belong to them.

The scale is that of Intelligence Community Directive 203 (2015), applied to the whole percentage that is printed, lower
edge inclusive, so that a word and the number beside it never disagree.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from tocsin.translation import Text, in_commas, in_sentences, key_words, listed, message, message_in, plural, sentence

if TYPE_CHECKING:
    from tocsin.assessment.result import Basis, Verdict
    from tocsin.assessment.world_count import WorldCount

SCALE = (
    (5, message("almost no chance")),
    (20, message("very unlikely")),
    (45, message("unlikely")),
    (55, message("roughly even chance")),
    (80, message("likely")),
    (95, message("very likely")),
    (101, message("almost certain")),
)
"""Upper edge in per cent (exclusive) and word."""

VERDICT_WORDS: Mapping[Verdict, Text] = MappingProxyType(
    {
        "holds": message_in("verdict", "holds"),
        "partly": message_in("verdict", "partly"),
        "fails": message_in("verdict", "fails"),
        "disputed": message_in("verdict", "disputed"),
        "cannot tell": message_in("verdict", "cannot tell"),
        "not tested": message_in("verdict", "not tested"),
    }
)
"""Each verdict as the word that a reader sees."""

SOURCES_DISAGREE = message("sources disagree")
"""Why a test has no verdict that holds by one source and fails by another."""
TOO_FEW = message("too few worlds")
"""Why a claim with too few effective draws has no verdict."""
UNSETTLED = message("its games do not settle")
"""Why a claim whose games settle in too few worlds has no verdict."""
UNSEEN = message("this measure would miss such an effect")
NOT_THERE = message("this measure sees what is not there")
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


def in_percent(number: str) -> Text:
    """Return a number with the sign of per cent."""
    return message("{number} %", number=number)


def percent(probability: float) -> Text:
    """Return a probability or share that data or arithmetic give, as printed: "<1 %" and ">99 %" instead of 0 and 100."""
    number = whole(probability)
    if number == 0:
        return message("<{number} %", number=1)
    return message(">{number} %", number=99) if number == 100 else in_percent(f"{number}")


def game_percent(probability: float) -> Text:
    """Return a probability that a game gives, as printed: "below 5 %" and "above 95 %" beyond these limits."""
    number = whole(probability)
    if number < LOWEST:
        return message("below {number} %", number=LOWEST)
    return message("above {number} %", number=HIGHEST) if number > HIGHEST else in_percent(f"{number}")


def figure(probability: float, basis: Basis) -> Text:
    """Return the probability of a claim as printed, by what decides the claim."""
    return game_percent(probability) if basis == "model" else percent(probability)


def figure_range(low: float, high: float, basis: Basis) -> Text:
    """Return the range between two probabilities of a claim, "below 5 % to 62 %"; one figure where both ends print alike."""
    return spanned(figure(low, basis), figure(high, basis))


def spanned(low: Text, high: Text) -> Text:
    """Return a range, "below 5 % to 62 %"; one text where both ends print alike."""
    return low if low == high else message("{low} to {high}", low=low, high=high)


def in_worlds(count: WorldCount | None) -> str:
    """Return that a claim holds "in none of 512 worlds" or "in all of 512 worlds"; empty in any other case, and if nothing was counted.

    Where worlds have unequal weights, the effective number of draws stands in brackets.
    """
    if count is None or not count.of or (count.holds and count.fails):
        return ""
    if count.holds:
        text = plural("in all of {count} world", "in all of {count} worlds", count.of)
    else:
        text = plural("in none of {count} world", "in none of {count} worlds", count.of)
    if round(count.effective) == count.of:
        return text
    return message("{worlds} ({effective})", worlds=text, effective=effective_text(count.effective))


def plain(value: float, digits: int = 6) -> str:
    """Return a number with at most so many significant digits and without exponent: "0.00000001"."""
    text = f"{Decimal(f'{value:.{digits}g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def fine_percent(rate: float) -> Text:
    """Return a rate as a percentage with two significant digits: "22 %", "1.3 %", "0.016 %"."""
    return in_percent(plain(100.0 * rate, 2))


def percent_range(low: float, high: float) -> Text:
    """Return the range between two rates: "0.27 to 3.2 %"."""
    return message("{low} to {high} %", low=plain(100.0 * low, 2), high=plain(100.0 * high, 2))


EVENT_WORDS = {
    "war": message("a war"),
    "press": message_in("event", "pressure"),
    "concede": message("a concession, in a year of pressure"),
    "clash": message("a clash, in a year of pressure"),
    "conquest": message("a conquest"),
}
"""The events of a record, in words."""


def effective_text(draws: float) -> Text:
    """Return a number of effective draws with its noun: "1 effective draw"."""
    return plural("{count} effective draw", "{count} effective draws", round(draws))


def words(probability: float) -> Text:
    """Return the estimative words for a probability."""
    number = whole(probability)
    return next(word for edge, word in SCALE if number < edge)


def phrase(probability: float, basis: Basis) -> Text:
    """Return words with the number in brackets, by what decides the claim: "likely (62 %)"."""
    return message("{words} ({number})", words=words(probability), number=figure(probability, basis))


BY_THE_FACTS = message("by the facts")


def part_words(name: str) -> Text:
    """Return the key of a part of a claim as words in quotation marks, since it stands in sentences that are not about the key."""
    return message("“{part}”", part=key_words(name))


def with_shown(how: str, shown: str) -> str:
    """Return how a verdict was reached, with what the facts show: "by the facts: 60, not above 90"."""
    return message("{how}: {shown}", how=how, shown=shown) if shown else how


_ENDS = ".!?:;…”)"
"""Marks after which a further sentence needs no full stop."""


def joined(*texts: str) -> Text:
    """Return sentences one after the other, without the empty ones."""
    parts = [text if isinstance(text, Text) else text.strip() for text in texts if text.strip()]
    ended = [part if part[-1] in _ENDS else sentence(part) for part in parts[:-1]]
    return in_sentences(*ended, *parts[-1:])


def settings_text(settings: Iterable[tuple[str, str]], variants: Sequence[str]) -> Text:
    """Return how a run differs from its case, by its variants and by inputs set; empty if it does not."""
    inputs = [f"{name}={value}" for name, value in settings]
    if not inputs:
        return Text()
    if variants:
        return message(
            "This run is not of the case as it stands: it is with {variants}, which sets {inputs}.",
            variants=listed(variants),
            inputs=in_commas(inputs),
        )
    return message("This run is not of the case as it stands: it sets {inputs}.", inputs=in_commas(inputs))
