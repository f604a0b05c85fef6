"""Words and numbers in print: percentages, times, and probabilities with their words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tocsin.assessment.figures_result import Band
from tocsin.assessment.ladder import DAYS
from tocsin.assessment.result import LARGEST_RISE, Basis
from tocsin.assessment.words import HIGHEST, LOWEST, game_percent, in_percent, phrase, plain, whole, words
from tocsin.translation import Text, listed, message, message_in, plural, template


def in_runs(names: Sequence[str], order: Sequence[str]) -> Text:
    """Return names as a list in prose in which three or more neighbours of an order become one run: "C1, C3 to C6 and C9".

    Numbered names are neighbours only if their numbers are, so that no reader counts a name that a run does not hold.
    """
    runs: list[list[str]] = []
    for name, before in zip(order, [None, *order], strict=False):
        if name in names:
            if runs and runs[-1][-1] == before and _reads_on(before, name):
                runs[-1].append(name)
            else:
                runs.append([name])
    return listed(
        text
        for run in runs
        for text in ([message("{low} to {high}", low=run[0], high=run[-1])] if len(run) > 2 else run)
    )


def _reads_on(before: str, name: str) -> bool:
    """Return whether a reader expects a name after another: the next number, or no number in either."""
    (stem, number), (other, following) = _numbered(before), _numbered(name)
    if number and following:
        return stem == other and int(following) == int(number) + 1
    return not number and not following


def _numbered(name: str) -> tuple[str, str]:
    """Return a name without the digits at its end, and these digits."""
    stem = name.rstrip("0123456789")
    return stem, name[len(stem) :]


UNKNOWN = message("unknown")


# --- numbers -------------------------------------------------------------------------------------------------------


def aim_share(value: float) -> Text:
    """Return a share in per cent: two significant digits, one below 0.01 %; "unknown" for NaN."""
    if not math.isfinite(value):
        return UNKNOWN
    if abs(value) < 5e-8:
        return in_percent("0")
    text = f"{100 * value:.2g}" if abs(value) >= 1e-4 else f"{100 * value:.1g}"
    text = f"{float(text):.0f}" if "e+" in text else f"{float(text):.7f}".rstrip("0") if "e" in text else text
    return in_percent(text.replace("-", MINUS))


def aim_band(band: Band) -> Text:
    """Return the median and range of a share of the aim: "0.053 % (0.0018 % to 1.5 %)"."""
    return with_range(aim_share(band[0]), aim_share(band[1]), aim_share(band[2]))


def with_range(low: Text, mid: Text, high: Text) -> Text:
    """Return a median with its range in brackets, or one text where all three are the same."""
    return mid if low == mid == high else message("{mid} ({low} to {high})", low=low, mid=mid, high=high)


def percentage(value: float) -> Text:
    """Return a probability of the game as a whole percentage, see `words.game_percent`; "unknown" for NaN."""
    return game_percent(min(max(value, 0.0), 1.0)) if math.isfinite(value) else UNKNOWN


def percentage_band(band: Band) -> Text:
    """Return the median and range of a probability of the game: "38 % (6 % to above 95 %)"."""
    low, mid, high = map(percentage, band)
    return with_range(low, mid, high)


def out_of_hundred(probability: float, basis: Basis) -> Text:
    """Return a share of worlds as a natural frequency, by what decides: "94 of 100"; of games "fewer than 5 of 100" at least."""
    bound, number = _natural(probability, basis)
    if bound == "fewer":
        return message("fewer than {number} of 100", number=number)
    if bound == "more":
        return message("more than {number} of 100", number=number)
    return message("{number} of 100", number=number)


def of_what(probability: float, basis: Basis) -> Text:
    """Return a share as a natural frequency with what it is a share of: worlds of the games, or draws of an estimate."""
    share = out_of_hundred(probability, basis)
    if basis == "estimate":
        return message("estimate: {share}", share=share)
    return message("{share} worlds", share=share)


def in_hundred(probability: float, basis: Basis) -> Text:
    """Return the same without the hundred, for the second of two shares: "94", "fewer than 5"."""
    bound, number = _natural(probability, basis)
    if bound == "fewer":
        return message_in("of 100 worlds", "fewer than {number}", number=number)
    if bound == "more":
        return message_in("of 100 worlds", "more than {number}", number=number)
    return message_in("of 100 worlds", "{number}", number=number)


def _natural(probability: float, basis: Basis) -> tuple[Literal["fewer", "more", ""], int]:
    """Return a natural frequency out of 100, by what decides, and whether the share is less or more than that."""
    number = whole(min(max(probability, 0.0), 1.0))
    low, high = (LOWEST, HIGHEST) if basis == "model" else (1, 99)
    if number < low:
        return "fewer", low
    return ("more", high) if number > high else ("", number)


def points(value: float) -> Text:
    """Return a difference of probabilities in percentage points with one decimal; "unknown" for NaN."""
    if not math.isfinite(value):
        return UNKNOWN
    rounded = round(100 * value, 1)
    return Text(f"{rounded:+.1f}".replace("-", MINUS) if rounded else "0.0")


def points_band(band: Band) -> Text:
    """Return the median and range of a difference of probabilities: "+1.0 points (−7.9 to +17.0)"."""
    low, mid, high = map(points, band)
    return message("{mid} points ({low} to {high})", low=low, mid=mid, high=high)


def points_text(value: float) -> Text:
    """Return the size of a difference of probabilities: "0.45 points"; "unknown" for NaN."""
    return _signed_points(abs(value), "") if math.isfinite(value) else UNKNOWN


def _signed_points(size: float, sign: str) -> Text:
    number = plain(100 * size, 2)
    one = message("{number} point", number=f"{sign}{number}")
    return one if number == "1" else message("{number} points", number=f"{sign}{number}")


UNDER_AN_HOUR = message("less than an hour")
MINUS = "\N{MINUS SIGN}"
WEEK = 7
"""Days. A step that a game of years moves by less is called no later."""


def time_text(days: float) -> Text:
    """Return a time in the largest unit of which there are two: "7 months", "4 days", "less than an hour"; the sign is ignored."""
    size = abs(days)
    if math.isnan(size):
        return UNKNOWN
    if math.isinf(size):
        return message("for ever")
    if size * 24 < 1:
        return UNDER_AN_HOUR
    if (years := size / DAYS) >= 2:
        return plural("{count} year", "{count} years", round(years))
    if (months := size / DAYS * 12) >= 2:
        return plural("{count} month", "{count} months", round(months))
    if size >= 2:
        return plural("{count} day", "{count} days", round(size))
    return plural("{count} hour", "{count} hours", max(round(size * 24), 1))


def is_moved(years: float) -> bool:
    """Return whether a step moves by a week or more, or by an unknown time."""
    return not abs(DAYS * years) < WEEK


def delay_text(years: float) -> Text:
    """Return by how much a step comes later: "3 months later", "2 days sooner", "no later" within a week, "unknown" for NaN."""
    if math.isnan(years):
        return UNKNOWN
    if not is_moved(years):
        return message("no later")
    time = time_text(DAYS * years)
    return message("{time} later", time=time) if years > 0 else message("{time} sooner", time=time)


def rise_text(value: float) -> Text:
    """Return a difference of probabilities in points, with its sign: "+0.03 points", "under 0.001 points"; "unknown" for NaN."""
    if not math.isfinite(value):
        return UNKNOWN
    if abs(value) < 1e-5:
        return message("under {number} points", number="0.001") if value else message("{number} points", number="0")
    return _signed_points(abs(value), "+" if value > 0 else MINUS)


def amount(value: float) -> Text:
    """Return an amount with three significant digits and without exponent: "1,170"."""
    return Text(f"{float(f'{value:.3g}'):,g}")


def spending_rise(value: float) -> Text:
    """Return a proportional rise of spending in per cent; "none" below 0.05 %.

    It is read off a curve through few solved rises and errs by some 5 % of itself, so from 50 % on it is rounded to steps of 5.
    """
    if math.isinf(value):
        return message("over {number} %", number=f"{100 * LARGEST_RISE:.0f}")
    if value < 0.0005:
        return message_in("rise", "none")
    if value >= 0.5:
        return in_percent(f"{5 * round(20 * value)}")
    return in_percent(f"{100 * value:.1f}" if value < 0.1 else f"{100 * value:.0f}")


# --- probabilities in sentences ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Predicates:
    """The predicates of a sentence with a likelihood, by how its words are built: "likely", "an even chance", "almost no chance"."""

    likely: str
    chance: str
    almost_no_chance: str

    def of(self, probability: float, basis: Basis) -> Text:
        """Return the predicate for a probability, by what decides."""
        verbal, text = words(probability), phrase(probability, basis)
        if not verbal.endswith("chance"):
            return message(self.likely, likely=text)
        return message(self.almost_no_chance if verbal.startswith("almost") else self.chance, chance=text)


IS_LIKELY = Predicates(template("is {likely}"), template("has a {chance}"), template("has {chance}"))
HOLDS_WITH = Predicates(
    template("is {likely} to hold"), template("has a {chance} of holding"), template("has {chance} of holding")
)
COMES_TRUE_WITH = Predicates(
    template("is {likely} to come true"),
    template("has a {chance} of coming true"),
    template("has {chance} of coming true"),
)


def is_likely(probability: float, basis: Basis) -> Text:
    """Return the predicate, by what decides: "is likely (62 %)" or "has almost no chance (below 5 %)"."""
    return IS_LIKELY.of(probability, basis)


def holds_with(probability: float, basis: Basis) -> Text:
    """Return the predicate, by what decides: "is likely (62 %) to hold" or "has almost no chance (below 5 %) of holding"."""
    return HOLDS_WITH.of(probability, basis)


def comes_true_with(probability: float, basis: Basis) -> Text:
    """Return the predicate of a forecast's chance: "is likely (62 %) to come true"."""
    return COMES_TRUE_WITH.of(probability, basis)
