"""Words of a headline, and the phrases of the lexicon."""

from __future__ import annotations

import csv
import re
import tomllib
from functools import cache
from importlib.resources import files
from types import MappingProxyType

MAX_CHARACTERS = 2_000
"""A headline is no longer; what follows in a longer text is not read."""
_SOUTH = re.compile(r"\b(?:south|s\.?)\s?korea(n?)(s?)\b")
_AMERICA = re.compile(r"\bu\.\s?s\.?(?:a\.)?(?![a-z])|\bunited states\b")
_WORD = re.compile(r"[a-z0-9_]+")
_APOSTROPHES = re.compile(r"['\u2018\u2019`\u00b4]s?\b|['\u2018\u2019`\u00b4]")


def tokens(text: str) -> list[str]:
    """The words of a text in lower case: possessives cut, South Korea and the United States each one word."""
    lower = text[:MAX_CHARACTERS].lower()
    # looking for a piece first is many times faster than a pattern that is not there
    if "korea" in lower:
        lower = _SOUTH.sub(r"skorea\1\2", lower)
    if "u." in lower or "united" in lower:
        lower = _AMERICA.sub(" usa_ ", lower)
    return _WORD.findall(_APOSTROPHES.sub("", lower))


@cache
def lexicon() -> MappingProxyType[str, tuple[str, ...]]:
    """Groups of each phrase: `tone.denounce`, `theme.history`, `state.JPN`, ..."""
    data = tomllib.loads((files("tocsin.rhetoric") / "lexicon.toml").read_text(encoding="utf-8"))
    found: dict[str, dict[str, None]] = {}
    for block, groups in data.items():
        head = "state" if block == "mentions" else block
        for group, phrases in groups.items():
            for phrase in phrases:
                found.setdefault(phrase, {})[f"{head}.{group}"] = None
    states = (files("tocsin.rhetoric") / "states.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(states.splitlines()):
        found.setdefault(row["word"], {})[f"state.{row['iso']}"] = None
    return MappingProxyType({phrase: tuple(groups) for phrase, groups in found.items()})


@cache
def longest() -> MappingProxyType[str, int]:
    """By a phrase's first word, the most words that a phrase beginning so has."""
    found: dict[str, int] = {}
    for phrase in lexicon():
        first, *rest = phrase.split()
        found[first] = max(found.get(first, 0), 1 + len(rest))
    return MappingProxyType(found)
