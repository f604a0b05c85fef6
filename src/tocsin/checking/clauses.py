"""Take a sentence apart: its time, the kind of money it names, and the rest, which a form must match."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tocsin.errors import InputError
from tocsin.translation import message

MAX_LENGTH = 300
"""Characters of a sentence."""

Money: TypeAlias = Literal["dollars", "native", "real", "ppp"]
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_FILLERS = r"\b(?:now|today|currently|already|still|alone)\b,?"
"""Words that say nothing a data set could decide; a sentence without a year is read to the end of the data."""
_MONTH = "|".join([*MONTHS, "sept", *(month[:3] for month in MONTHS)])
_YEAR = r"(\d{4})"
_TIMES: tuple[tuple[str, str], ...] = (
    ("span", rf"\b(?:between|from)(?: the years?)? {_YEAR} (?:and|to|until|till|through) {_YEAR}\b"),
    ("span", rf"\b(?:in|over|during)? ?(?:the years )?{_YEAR} ?(?:-|–|to) ?{_YEAR}\b"),
    ("decade", r"\b(?:in|during|over|throughout) the (\d{3}0)s\b"),
    ("month", rf"\b(?:in|during|as of) ({_MONTH})\.?,? {_YEAR}\b"),
    ("since", rf"\b(?:ever )?since {_YEAR}\b"),
    ("before", rf"\bbefore {_YEAR}\b"),
    ("after", rf"\bafter {_YEAR}\b"),
    ("in", rf"\b(?:in|during|for|as of|of) {_YEAR}\b"),
)
_MONEY: tuple[tuple[tuple[Money, ...], str], ...] = (
    (("ppp",), r"\b(?:at|in|by) (?:purchasing[- ]power(?: parit(?:y|ies))?|ppp)(?: terms| dollars| rates)?(?!\w)"),
    (("real",), r"\b(?:in real terms|(?:at|in) constant (?:prices|dollars)|adjusted for inflation|after inflation)\b"),
    (("native",), r"\bin (?:local currency|(?:its|their) own currency|national currency)\b"),
    (("dollars", "native"), r"\b(?:in nominal terms|(?:at|in) current prices|in cash terms)\b"),
    (("dollars",), r"\b(?:in (?:current |us |u\.s\. )?dollars|at market (?:exchange )?rates)\b"),
)  # fmt: skip


@dataclass(frozen=True)
class Time:
    """Years that a sentence names.

    Attributes:
        kind: in, month, span, since, before or after. A decade is a span.
        first, last: the years; equal unless a span.
        month: 1 to 12; 0 unless a month.
    """

    kind: str
    first: int
    last: int
    month: int = 0


@dataclass(frozen=True)
class Clauses:
    """A sentence taken apart.

    Attributes:
        sentence: as written, without control characters.
        core: the sentence without times, money and full stop.
        times: in the order of `_TIMES`.
        money: kinds of money that the sentence names; empty if none.
    """

    sentence: str
    core: str
    times: tuple[Time, ...]
    money: tuple[Money, ...]

    def time(self, *kinds: str) -> Time | None:
        """Return the first time of one of the kinds; None if there is none."""
        return next((time for time in self.times if time.kind in kinds), None)


def take_apart(sentence: str) -> Clauses:
    """Return a sentence's clauses.

    Raises:
        InputError: if the text is empty, too long, holds control characters, is not in Latin letters, or names years in
            reverse.
    """
    clean = _clean(sentence)
    core, times = " ".join(re.sub(_FILLERS, " ", clean.rstrip(" .!"), flags=re.IGNORECASE).split()), []
    for kind, pattern in _TIMES:
        while match := re.search(pattern, core, re.IGNORECASE):
            times.append(_time(kind, match))
            core = _without(core, match)
    money: tuple[Money, ...] = ()
    for kinds, pattern in _MONEY:
        if match := re.search(pattern, core, re.IGNORECASE):
            money = (*money, *kinds)
            core = _without(core, match)
    return Clauses(clean, core, tuple(times), tuple(dict.fromkeys(money)))


def _without(text: str, match: re.Match[str]) -> str:
    return re.sub(r" +([,'])", r"\1", " ".join(f"{text[: match.start()]} {text[match.end() :]}".split())).strip(" ,;")


def _time(kind: str, match: re.Match[str]) -> Time:
    if kind == "month":
        month = next(index for index, name in enumerate(MONTHS, 1) if name.startswith(match[1][:3].lower()))
        return Time(kind, int(match[2]), int(match[2]), month)
    first = int(match[1])
    if kind == "decade":
        return Time("span", first, first + 9)
    last = int(match[2]) if kind == "span" else first
    if last < first:
        raise InputError(
            message("the years are reversed: {first} comes after {last}", first=first, last=last),
            remedy=message("write {last} before {first}", last=last, first=first),
        )
    return Time(kind, first, last)


def _clean(sentence: str) -> str:
    if len(sentence) > MAX_LENGTH:
        raise InputError(
            message(
                "the sentence has {count} characters, more than {limit}",
                count=f"{len(sentence):,}",
                limit=MAX_LENGTH,
            ),
            remedy=message("check one short sentence at a time"),
        )
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") and char not in "\t\n\r" for char in sentence):
        raise InputError(message("the sentence holds control characters"), remedy=message("write it in plain text"))
    text = (
        unicodedata.normalize("NFKC", sentence).replace("’", "'").replace("‘", "'").replace("−", "-").replace("—", "-")
    )
    text = " ".join(text.split())
    letters = [char for char in text if char.isalpha()]
    if not letters:
        raise InputError(
            message("there is no sentence"),
            remedy=message('write one, such as "Poland doubled its defence spending since 2014"'),
        )
    if sum("LATIN" in unicodedata.name(char, "") for char in letters) < 0.8 * len(letters):
        raise InputError(
            message("the sentence is not in English"),
            remedy=message("write it in English, with names in Latin letters"),
        )
    return text
