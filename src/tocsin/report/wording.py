"""Words and numbers in print: lists, shortened texts, percentages, and probabilities with their words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from tocsin.assessment.figures_result import Band
from tocsin.assessment.ladder import DAYS
from tocsin.assessment.result import LARGEST_RISE, Basis
from tocsin.assessment.words import HIGHEST, LOWEST, game_percent, phrase, plain, whole, words

_LEADING = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "than", "that", "the", "to", "with"]
)
"""Words that cannot end a shortened text."""


def clip(text: str, max_words: int) -> str:
    """Return a text without its full stop, cut to `max_words` with an ellipsis."""
    parts = text.split()
    if len(parts) > max_words:
        kept = parts[:max_words]
        while len(kept) > 1 and kept[-1].lower() in _LEADING:
            kept.pop()
        return " ".join(kept).rstrip(".,;:") + " …"
    text = " ".join(parts)
    return text if text.endswith("..") else text.removesuffix(".")


def clause(text: str, max_words: int) -> str:
    """Return a text as `clip` does, but cut at the end of a clause where one ends early enough."""
    cut = clip(text, max_words)
    if not cut.endswith(" …"):
        return cut
    ends = [index for index, word in enumerate(cut.split()[:-1], start=1) if word[-1] in ".,;:"]
    return f"{' '.join(cut.split()[: ends[-1]]).rstrip('.,;:')} …" if ends and ends[-1] >= 0.6 * max_words else cut


def listed(items: Iterable[str]) -> str:
    """Return items as a list in prose: "a", "a and b", "a, b and c"."""
    names = list(items)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def in_runs(names: Sequence[str], order: Sequence[str]) -> str:
    """Return names as a list in prose in which three or more neighbours of an order become one run: "C1, C3 to C6 and C9"."""
    runs: list[list[str]] = []
    for name, after in zip(order, [None, *order], strict=False):
        if name in names:
            if runs and runs[-1][-1] == after:
                runs[-1].append(name)
            else:
                runs.append([name])
    return listed(text for run in runs for text in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else run))


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with its noun: "1 claim", "2 claims"."""
    return f"{number} {one if number == 1 else several or one + 's'}"


def readable(key: str) -> str:
    """Return a key of the case as words."""
    return key.replace("_", " ")


# --- numbers -------------------------------------------------------------------------------------------------------


def aim_share(value: float) -> str:
    """Return a share in per cent: two significant digits, one below 0.01 %; "unknown" for NaN."""
    if not math.isfinite(value):
        return "unknown"
    if abs(value) < 5e-8:
        return "0 %"
    text = f"{100 * value:.2g}" if abs(value) >= 1e-4 else f"{100 * value:.1g}"
    text = f"{float(text):.0f}" if "e+" in text else f"{float(text):.7f}".rstrip("0") if "e" in text else text
    return text.replace("-", "\N{MINUS SIGN}") + " %"


def aim_band(band: Band) -> str:
    """Return the median and range of a share of the aim: "0.053 % (0.0018 % to 1.5 %)"."""
    return with_range(aim_share(band[0]), aim_share(band[1]), aim_share(band[2]))


def with_range(low: str, mid: str, high: str) -> str:
    """Return a median with its range in brackets, or one text where all three are the same."""
    return mid if low == mid == high else f"{mid} ({low} to {high})"


def percentage(value: float) -> str:
    """Return a probability of the game as a whole percentage, see `words.game_percent`; "unknown" for NaN."""
    return game_percent(min(max(value, 0.0), 1.0)) if math.isfinite(value) else "unknown"


def percentage_band(band: Band) -> str:
    """Return the median and range of a probability of the game: "38 % (6 % to above 95 %)"."""
    low, mid, high = map(percentage, band)
    return with_range(low, mid, high)


def out_of_hundred(probability: float, basis: Basis) -> str:
    """Return a share of worlds as a natural frequency, by what decides: "94 of 100"; of games "fewer than 5 of 100" at least."""
    number = whole(min(max(probability, 0.0), 1.0))
    low, high = (LOWEST, HIGHEST) if basis == "model" else (1, 99)
    if number < low:
        return f"fewer than {low} of 100"
    return f"more than {high} of 100" if number > high else f"{number} of 100"


def points(value: float) -> str:
    """Return a difference of probabilities in percentage points with one decimal; "unknown" for NaN."""
    return f"{100 * value:+.1f}".replace("-", "\N{MINUS SIGN}") if math.isfinite(value) else "unknown"


def points_band(band: Band) -> str:
    """Return the median and range of a difference of probabilities: "+1.0 points (−7.9 to +17.0)"."""
    return f"{points(band[1])} points ({points(band[0])} to {points(band[2])})"


def points_text(value: float) -> str:
    """Return the size of a difference of probabilities: "0.45 points"; "unknown" for NaN."""
    if not math.isfinite(value):
        return "unknown"
    size = plain(100 * abs(value), 2)
    return f"{size} point{'' if size == '1' else 's'}"


UNDER_AN_HOUR = "less than an hour"
MINUS = "\N{MINUS SIGN}"
WEEK = 7
"""Days. A step that a game of years moves by less is called no later."""


def time_text(days: float) -> str:
    """Return a time in the largest unit of which there are two: "7 months", "4 days", "less than an hour"; the sign is ignored."""
    size = abs(days)
    if math.isnan(size):
        return "unknown"
    if math.isinf(size):
        return "for ever"
    if size * 24 < 1:
        return UNDER_AN_HOUR
    for unit, count in (("year", size / DAYS), ("month", size / DAYS * 12), ("day", size)):
        if count >= 2:
            return counted(round(count), unit)
    return counted(max(round(size * 24), 1), "hour")


def is_moved(years: float) -> bool:
    """Return whether a step moves by a week or more, or by an unknown time."""
    return not abs(DAYS * years) < WEEK


def delay_text(years: float) -> str:
    """Return by how much a step comes later: "3 months later", "2 days sooner", "no later" within a week, "unknown" for NaN."""
    if math.isnan(years):
        return "unknown"
    if not is_moved(years):
        return "no later"
    return f"{time_text(DAYS * years)} {'later' if years > 0 else 'sooner'}"


def rise_text(value: float) -> str:
    """Return a difference of probabilities in points, with its sign: "+0.03 points", "under 0.001 points"; "unknown" for NaN."""
    if not math.isfinite(value):
        return "unknown"
    if abs(value) < 1e-5:
        return "under 0.001 points" if value else "0 points"
    return f"{'+' if value > 0 else MINUS}{points_text(value)}"


def amount(value: float) -> str:
    """Return an amount with three significant digits and without exponent: "1,170"."""
    return f"{float(f'{value:.3g}'):,g}"


def spending_rise(value: float) -> str:
    """Return a proportional rise of spending in per cent; "none" below 0.05 %."""
    if math.isinf(value):
        return f"over {100 * LARGEST_RISE:.0f} %"
    if value < 0.0005:
        return "none"
    return f"{100 * value:.1f} %" if value < 0.1 else f"{100 * value:.0f} %"


# --- probabilities in sentences ------------------------------------------------------------------------------------


def is_likely(probability: float, basis: Basis) -> str:
    """Return the predicate, by what decides: "is likely (62 %)" or "has almost no chance (below 5 %)"."""
    text = phrase(probability, basis)
    if not words(probability).endswith("chance"):
        return f"is {text}"
    return f"has {text}" if text.startswith("almost") else f"has a {text}"


def holds_with(probability: float, basis: Basis) -> str:
    """Return the predicate, by what decides: "is likely (62 %) to hold" or "has almost no chance (below 5 %) of holding"."""
    return is_likely(probability, basis) + (" of holding" if words(probability).endswith("chance") else " to hold")
