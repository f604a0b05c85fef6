"""Split a headline into words, and load the phrases of the lexicon and the names of states."""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

MAX_CHARACTERS = 2_000
"""Characters of a text that are read; headlines are shorter."""
_SOUTH = re.compile(r"\b(?:south|s\.?)\s?korea(n?)(s?)\b|\brepublic of korea\b")
_NORTH = re.compile(r"\bdemocratic people'?s republic of korea\b")
_ROK = re.compile(r"\brok\b")
_AMERICA = re.compile(
    r"\bu\.\s?s\.?(?:a\.)?(?![a-z])|\bunited states(?: of america)?\b|\busa\b"
    r"|(?<!latin )(?<!south )(?<!north )(?<!central )\bamerica\b"
)
_WATER = re.compile(r"\bnuclear[- ](polluted|contaminated|tainted)\b")
"""Contaminated water is no nuclear weapon."""
_INSTITUTE = re.compile(r"\binstitute (?:for|of) [a-z']+(?: state)? studies\b")
"""The state that an institute of the DPRK studies is part of its name."""
_HONORIFICS = re.compile(
    r"^\s*(?:(?:the|respected|dear|great|beloved|fatherly|comrade|marshal|supreme leader|general secretary)\s+)+(?=kim (?:jong|il)\b)"
)
_DATE = re.compile(r"\[(?:juche ?)?[\d. ]+\]\s*$")
_WORD = re.compile(r"[a-z0-9_]+")
_APOSTROPHES = re.compile(r"['\u2018\u2019`\u00b4]s?\b|['\u2018\u2019`\u00b4]")


def fold(text: str) -> str:
    """Return the part of a text that is read, with letters without accents and plain apostrophes."""
    text = text[:MAX_CHARACTERS]
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFKD", text.replace("\u2019", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def tokens(text: str) -> list[str]:
    """Return the words of a text in lower case, without possessive endings, honorifics of the leader and a date in brackets at its end.

    South Korea and the United States become one word each.
    """
    lower = fold(text).lower()
    # a test for a substring is many times faster than a pattern that does not match
    if "korea" in lower:
        lower = _SOUTH.sub(r"skorea\1\2", _NORTH.sub("dprk", lower))
    if "rok" in lower:
        lower = _ROK.sub("skorea", lower)
    if "u." in lower or "united" in lower or "usa" in lower or "america" in lower:
        lower = _AMERICA.sub(" usa_ ", lower)
    if "nuclear" in lower:
        lower = _WATER.sub(r"\1", lower)
    if "institute" in lower:
        lower = _INSTITUTE.sub("institute", lower)
    if "kim" in lower:
        lower = _HONORIFICS.sub("", lower)
    if "]" in lower:
        lower = _DATE.sub("", lower)
    return _WORD.findall(_APOSTROPHES.sub("", lower))


@cache
def lexicon() -> MappingProxyType[str, tuple[str, ...]]:
    """Return the groups of each phrase, such as `tone.denounce`, `theme.history`, `implied.JPN`."""
    data = tomllib.loads((files("tocsin.rhetoric") / "lexicon.toml").read_text(encoding="utf-8"))
    groups_of: dict[str, dict[str, None]] = {}
    for block, groups in data.items():
        for group, phrases in groups.items():
            for phrase in phrases:
                groups_of.setdefault(phrase, {})[f"{block}.{group}"] = None
    return MappingProxyType({phrase: tuple(groups) for phrase, groups in groups_of.items()})


class StateName(NamedTuple):
    """What a phrase names.

    Attributes:
        iso: code of the state.
        kind: `name`, `adjective`, `capital`, `leader`, `minister`, `institution`, `place`, `epithet`, `weapon`, `alliance` or `other`.
        first, last: the years of prominence of a person; 0 and 9999 where unknown or open.
    """

    iso: str
    kind: str
    first: int
    last: int

    def holds(self, year: int | None) -> bool:
        """Return whether the phrase means this state in a year. If the year is unknown, it does."""
        return year is None or self.first - BEFORE <= year <= self.last + AFTER


BEFORE, AFTER = 1, 12
"""State media name a person this many years before the first and after the last year of prominence."""


@cache
def state_names() -> MappingProxyType[str, tuple[StateName, ...]]:
    """Return what each phrase of `states.csv` names."""
    names: dict[str, list[StateName]] = {}
    text = (files("tocsin.rhetoric") / "states.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        first, last = int(row["from"] or 0), int(row["to"] or 9999)
        names.setdefault(row["word"], []).append(StateName(row["iso"], row["kind"], first, last))
    return MappingProxyType({phrase: tuple(meanings) for phrase, meanings in names.items()})


@cache
def longest_phrases() -> MappingProxyType[str, int]:
    """Return, by first word, the number of words of the longest phrase that begins with it."""
    lengths: dict[str, int] = {}
    for phrase in (*lexicon(), *state_names()):
        first, *rest = phrase.split()
        lengths[first] = max(lengths.get(first, 0), 1 + len(rest))
    return MappingProxyType(lengths)


@cache
def known_words() -> frozenset[str]:
    """Return the words of the lexicon and of the names of states."""
    return frozenset(word for phrase in (*lexicon(), *state_names()) for word in phrase.split())
