"""The measures that follow a number in English, and the nouns that are counted."""

from __future__ import annotations

import re
from types import MappingProxyType

from tocsin.draft.spans import Span

_MEASURES = {
    "percentage points": r"percentage[\s-]points?", "basis points": r"basis[\s-]points?", "%": r"(?:%|per\s?cent\b|percent\b|pct\b)", "times": r"times\b",
    "square km": r"(?:square|sq\.?)[\s-](?:kilomet(?:er|re)s?|km)\b", "square miles": r"square[\s-]miles?\b",
    "km": r"(?:kilomet(?:er|re)s?|kms?)\b", "nautical miles": r"nautical[\s-]miles?\b", "miles": r"miles?\b", "m": r"met(?:er|re)s?\b", "feet": r"(?:feet|foot)\b",
    "hectares": r"hectares?\b", "acres": r"acres?\b", "barrels per day": r"barrels\s+(?:per|a)\s+day\b|bpd\b", "barrels": r"barrels?\b",
    "cubic m": r"cubic[\s-]met(?:er|re)s?\b", "tonnes": r"(?:metric[\s-]tons?|tonnes?)\b", "tons": r"tons?\b", "kg": r"(?:kilograms?|kg)\b",
    "GW": r"(?:gigawatts?|GW)\b", "MW": r"(?:megawatts?|MW)\b", "TWh": r"(?:terawatt[\s-]hours?|TWh)\b", "people": r"strong\b", "degrees": r"degrees\b",
    "years": r"(?:years?\b|yrs\b)", "decades": r"decades?\b", "months": r"months?\b", "weeks": r"weeks?\b", "days": r"days?\b", "hours": r"hours?\b", "minutes": r"minutes?\b",
}  # fmt: skip
MEASURES = MappingProxyType(
    {unit: re.compile(rf"[\s-]?(?:{pattern})", re.IGNORECASE) for unit, pattern in _MEASURES.items()}
)
"""Pattern of what follows a number, by unit; more special units come first."""

PLURALS = frozenset(
    [
        "people", "men", "women", "children", "troops", "personnel", "police", "aircraft", "spacecraft", "staff", "cattle",
        "sheep", "fish", "offspring", "civilians", "infantry", "artillery",
    ]
)  # fmt: skip
"""Nouns that are counted in a form without s."""
_STOPS = frozenset(
    [
        "of", "in", "on", "at", "to", "for", "from", "by", "with", "and", "or", "but", "nor", "that", "which", "who", "whom",
        "whose", "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "do", "does", "did", "will",
        "would", "can", "could", "may", "might", "must", "should", "than", "as", "if", "when", "while", "after", "before",
        "since", "until", "during", "because", "per", "a", "an", "the", "this", "these", "those", "its", "their", "his",
        "her", "our", "my", "your", "it", "they", "he", "she", "we", "you", "i", "not", "more", "less", "up", "down", "out",
        "over", "under", "into", "between", "among", "against", "without", "within", "about", "each", "every", "all", "both",
        "so", "then", "there", "here", "where", "how", "what",
    ]
)  # fmt: skip
"""Words that end a noun phrase."""
_NO_NOUNS = frozenset(
    [
        "was", "is", "has", "does", "this", "its", "us", "his", "less", "always", "perhaps", "besides", "towards",
        "afterwards", "thus", "plus", "versus", "across", "others", "apiece", "overseas",
    ]
)  # fmt: skip
_WORD = re.compile(r"[\s-]+(?=[\w-]*[A-Za-z])(\w[\w'’-]*)")
MAX_WORDS = 4
"""Most words between a number and the noun that it counts, the noun included."""


def counted_noun(text: str, end: int) -> Span | None:
    """Return the plural noun that a number counts, from the words after it; None if there is none."""
    for _ in range(MAX_WORDS):
        match = _WORD.match(text, end)
        if match is None or match[1].lower() in _STOPS:
            return None
        word, end = match[1].lower(), match.end()
        if word in PLURALS or (
            word.endswith("s") and not word.endswith(("ss", "us", "is", "'s", "’s", "ous")) and word not in _NO_NOUNS
        ):
            noun = match[1] if match[1][0].isupper() and match[1][1:].islower() else word
            return Span(match.start(1), match.end(), noun)
    return None
