"""Numbers and comparisons as sentences write them: "more than 30 %", "about 12.5 billion", "nearly doubled"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tocsin.case.number_words import DENOMINATORS, LETTERS, MAGNITUDES, NUMBER_WORDS, ORDINALS
from tocsin.errors import InputError
from tocsin.translation import message

Comparison: TypeAlias = Literal["is", "about", "nearly", ">", ">=", "<", "<="]

ABOUT = 0.05
"""Largest relative difference of "about"."""
NEARLY = 0.1
"""Largest relative difference of "nearly", from below."""
CLOSE = 0.01
"""Largest relative difference at which a measured quantity is as stated without the word about."""

SMALL = {
    **NUMBER_WORDS, "zero": 0, "hundred": 100, "no": 0, "a": 1, "an": 1, "once": 1, "twice": 2, "thrice": 3,
}  # fmt: skip
"""Whole numbers in words."""
SCALES = {**MAGNITUDES, "m": LETTERS["m"], "k": LETTERS["k"]}

_COMPARISONS: dict[str, Comparison] = {
    **dict.fromkeys(("more than", "over", "above", "greater than", "larger than", "in excess of"), ">"),
    **dict.fromkeys(("at least", "no less than", "no fewer than", "not less than"), ">="),
    **dict.fromkeys(("less than", "under", "below", "fewer than", "smaller than"), "<"),
    **dict.fromkeys(("at most", "no more than", "not more than", "up to"), "<="),
    **dict.fromkeys(("about", "around", "roughly", "some", "approximately", "circa", "close to"), "about"),
    **dict.fromkeys(("nearly", "almost"), "nearly"),
    **dict.fromkeys(("exactly", "precisely", "only", "just"), "is"),
}  # fmt: skip

COMPARISON = "(?:" + "|".join(sorted(_COMPARISONS, key=len, reverse=True)) + ")"
"""Regular expression of the words that compare."""
DIGITS = r"[0-9][0-9,]*(?:\.[0-9]+)?"
_TENS = "|".join(word for word, value in NUMBER_WORDS.items() if value >= 20 and value % 10 == 0)
_ONES = "|".join(word for word, value in NUMBER_WORDS.items() if value < 10)
_BELOW = "|".join(sorted((word for word, value in SMALL.items() if value < 20 or value == 100), key=len, reverse=True))
_SMALL_WORDS = f"(?:{_TENS})(?:[- ](?:{_ONES}))?|{_BELOW}"
_MAGNITUDE = "|".join(sorted(MAGNITUDES, key=len, reverse=True))
NUMBER = rf"(?:{DIGITS}(?: ?(?:{_MAGNITUDE}|m|k)\b)?|(?:{_SMALL_WORDS})\b(?: (?:{_MAGNITUDE})\b)?)"
"""Regular expression of a number in digits or words."""

_FRACTIONS = {
    **{
        f"{top}{join}{bottom}{'s' if number > 1 else ''}": 100.0 * number / parts
        for bottom, parts in DENOMINATORS.items()
        for top, number in {"a": 1, "an": 1, "one": 1, **{word: NUMBER_WORDS[word] for word in ("two", "three", "four", "nine")}}.items()
        for join in (" ", "-")
        if number < parts
    },
    "half": 50.0,
}  # fmt: skip
FRACTION = "(?:" + "|".join(sorted(_FRACTIONS, key=len, reverse=True)) + ")"
"""Regular expression of a share in words."""
MANIFOLD = {word: number for word, number in NUMBER_WORDS.items() if number > 1 and " " not in word}
"""Words before "-fold", and their numbers."""


@dataclass(frozen=True)
class Bound:
    """A comparison with a number.

    Attributes:
        comparison: how; "is" allows for the rounding of the number as written.
        value: the number.
        slack: half a unit of its last digit; of whole numbers that end in zeros, at most a twentieth of the number.
    """

    comparison: Comparison
    value: float
    slack: float = 0.0

    def holds(self, value: float) -> bool:
        """Return whether a number satisfies the comparison."""
        size = abs(self.value)
        near = 1e-12 * size
        match self.comparison:
            case ">":
                return value > self.value
            case ">=":
                return value >= self.value
            case "<":
                return value < self.value
            case "<=":
                return value <= self.value
            case "about":
                return abs(value - self.value) <= ABOUT * size + near
            case "nearly":
                return (1 - NEARLY) * size - near <= value < self.value
            case _:
                return abs(value - self.value) <= self.slack + near


def written(left: str, bound: Bound, right: str) -> str:
    """Return a bound in the language of cases.

    Args:
        left: what is compared, such as "{0}".
        bound: the comparison.
        right: what follows the bound's number: a unit or a factor, such as " USD" or " * {0}".
    """
    if bound.comparison in (">", ">=", "<", "<="):
        return f"{left} {bound.comparison} {bound.value:.12g}{right}"
    low, high, upper = bound.value - bound.slack, bound.value + bound.slack, "<="
    if bound.comparison == "about":
        low, high = (1 - ABOUT) * bound.value, (1 + ABOUT) * bound.value
    if bound.comparison == "nearly":
        low, high, upper = (1 - NEARLY) * bound.value, bound.value, "<"
    if low == high:
        return f"{left} == {low:.12g}{right}"
    return f"{left} >= {low:.12g}{right} and {left} {upper} {high:.12g}{right}"


def parse_comparison(text: str | None) -> Comparison:
    """Return the comparison that words express; "is" for none."""
    return _COMPARISONS[text.strip().lower()] if text else "is"


def parse_number(text: str) -> tuple[float, float]:
    """Return a number in digits or words, and the half unit of its last significant digit.

    Raises:
        InputError: if the text is not a number.
    """
    word = " ".join(text.lower().split())
    if match := re.fullmatch(rf"({_SMALL_WORDS})(?: ({_MAGNITUDE}))?", word):
        factor = SCALES[match[2]] if match[2] else 1
        return float(SMALL[match[1]] * factor), 0.5 * factor if match[2] else 0.0
    match = re.fullmatch(rf"({DIGITS}) ?([a-z ]*)", word)
    if match is None or (match[2] and match[2] not in SCALES):
        raise InputError(
            message("{text} is not a number", text=repr(text)),
            remedy=message('write it in digits, such as "12.5 billion"'),
        )
    digits = match[1]
    if not re.fullmatch(r"\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        raise InputError(
            message("{text} is not a number", text=repr(digits)),
            remedy=message("write commas between thousands only, and a point before decimals"),
        )
    scale = float(SCALES[match[2]]) if match[2] else 1.0
    value = float(digits.replace(",", "")) * scale
    return value, _slack(digits.replace(",", ""), value, scale)


def _slack(digits: str, value: float, scale: float) -> float:
    whole, _, decimals = digits.partition(".")
    if decimals:
        return 0.5 * 10.0 ** -len(decimals) * scale
    zeros = len(whole) - len(whole.rstrip("0"))
    return max(0.5 * scale, min(0.5 * 10.0**zeros * scale, ABOUT * value))


def parse_percent(text: str) -> tuple[float, float]:
    """Return the number of per cent in a text such as "30 %", "thirty percent" or "a third", and its slack.

    Raises:
        InputError: if the text is none.
    """
    word = text.strip().lower()
    if word in _FRACTIONS:
        return _FRACTIONS[word], ABOUT * _FRACTIONS[word]
    return parse_number(word.removesuffix("%").removesuffix("per cent").removesuffix("percent").strip())


def parse_manifold(text: str) -> float:
    """Return the factor of a text such as "threefold" or "3.5-fold"."""
    word = text.strip().lower().removesuffix("fold").rstrip("-")
    return float(MANIFOLD[word]) if word in MANIFOLD else float(word.replace(",", ""))


def parse_measured(comparison: str | None, number: tuple[float, float]) -> Bound:
    """Return a bound on a measured quantity: "is" allows for the rounding of the number, and for `CLOSE` of it."""
    value, slack = number
    return Bound(parse_comparison(comparison), value, max(slack, CLOSE * value))


def parse_bound(comparison: str | None, number: str) -> Bound:
    """Return the bound that a comparison and a number express.

    Raises:
        InputError: if the number is none.
    """
    value, slack = parse_number(number)
    return Bound(parse_comparison(comparison), value, slack)


def parse_count(comparison: str | None, number: str) -> Bound:
    """Return a bound on a count, which "is" compares exactly."""
    bound = parse_bound(comparison, number)
    return Bound(bound.comparison, bound.value, 0.0)


def parse_ordinal(text: str) -> int:
    """Return the rank that "third", "3rd" or "14th" names.

    Raises:
        InputError: if the text is neither.
    """
    word = text.strip().lower().rstrip("-")
    if word in ORDINALS:
        return ORDINALS.index(word) + 1
    match = re.fullmatch(r"(\d{1,3})(?:st|nd|rd|th)", word)
    if match is None or int(match[1]) == 0:
        raise InputError(
            message("{text} is not a rank", text=repr(text)), remedy=message('write it as "third" or "3rd"')
        )
    return int(match[1])
