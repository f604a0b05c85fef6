"""Split a headline into words, and load the phrases of the lexicon."""

from __future__ import annotations

import csv
import re
import tomllib
from functools import cache
from importlib.resources import files
from types import MappingProxyType

MAX_CHARACTERS = 2_000
"""Characters of a text that are read; headlines are shorter."""
_SOUTH = re.compile(r"\b(?:south|s\.?)\s?korea(n?)(s?)\b")
_AMERICA = re.compile(r"\bu\.\s?s\.?(?:a\.)?(?![a-z])|\bunited states\b")
_WORD = re.compile(r"[a-z0-9_]+")
_APOSTROPHES = re.compile(r"['\u2018\u2019`\u00b4]s?\b|['\u2018\u2019`\u00b4]")


def tokens(text: str) -> list[str]:
    """Return the words of a text in lower case, without possessive endings; South Korea and the United States become one word each."""
    lower = text[:MAX_CHARACTERS].lower()
    # a test for a substring is many times faster than a pattern that does not match
    if "korea" in lower:
        lower = _SOUTH.sub(r"skorea\1\2", lower)
    if "u." in lower or "united" in lower:
        lower = _AMERICA.sub(" usa_ ", lower)
    return _WORD.findall(_APOSTROPHES.sub("", lower))


@cache
def lexicon() -> MappingProxyType[str, tuple[str, ...]]:
    """Return the groups of each phrase, such as `tone.denounce`, `theme.history`, `state.JPN`."""
    data = tomllib.loads((files("tocsin.rhetoric") / "lexicon.toml").read_text(encoding="utf-8"))
    groups_of: dict[str, dict[str, None]] = {}
    for block, groups in data.items():
        head = "state" if block == "mentions" else block
        for group, phrases in groups.items():
            for phrase in phrases:
                groups_of.setdefault(phrase, {})[f"{head}.{group}"] = None
    states = (files("tocsin.rhetoric") / "states.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(states.splitlines()):
        groups_of.setdefault(row["word"], {})[f"state.{row['iso']}"] = None
    return MappingProxyType({phrase: tuple(groups) for phrase, groups in groups_of.items()})


@cache
def longest_phrases() -> MappingProxyType[str, int]:
    """Return, by first word, the number of words of the longest phrase that begins with it."""
    lengths: dict[str, int] = {}
    for phrase in lexicon():
        first, *rest = phrase.split()
        lengths[first] = max(lengths.get(first, 0), 1 + len(rest))
    return MappingProxyType(lengths)
