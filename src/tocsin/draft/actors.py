"""Find the states and organisations that a sentence names, also by adjective, capital, institution or head of state."""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType

from tocsin.draft.spans import Span
from tocsin.rhetoric.words import fold, state_names

KINDS = ("name", "adjective", "capital", "institution", "leader")
"""Kinds of names in `states.csv` that stand for a state."""
ORGANISATIONS = (
    "NATO", "EU", "UN", "ASEAN", "BRICS", "OPEC", "IMF", "ECOWAS", "SADC", "CSTO", "OAS", "WTO", "G7", "G20", "GCC", "AUKUS", "IAEA", "WHO",
)  # fmt: skip
_FULL_NAMES = MappingProxyType(
    {
        "european union": "EU",
        "brussels": "EU",
        "united nations": "UN",
        "atlantic alliance": "NATO",
        "african union": "AU",
        "arab league": "LAS",
        "world bank": "WB",
    }
)
_NOT_NAMES = frozenset({"victoria", "san jose", "georgetown", "us"})
"""Phrases of `states.csv` that name a state only in some texts."""
_WORDS_TOO = frozenset({"male", "polish"})
"""Names that are common words; as the first word of a sentence they name no state."""
_AMERICA = re.compile(
    r"\bU\.S\.(?:A\.)?|\bUSA?\b|\bUnited States(?: of America)?\b|(?<!South )(?<!Latin )(?<!North )(?<!Central )\bAmerica\b(?!n)"
)
_OTHER_AMERICA = re.compile(r"\b(?:South|Latin|North|Central)[\s-]$")
"""What stands before `American` where it is not the United States."""
_KOREA = re.compile(r"\b(South|North) Korea(?:ns?)?\b|\b(ROK|DPRK)\b")
_BRITAIN = re.compile(r"\bU\.K\.|\bUK\b|\b(?:Great )?Britain\b|\bBritish\b|\bUnited Kingdom\b")
_WORD = re.compile(r"[A-Za-z]+(?:-(?=[A-Z])[A-Za-z]+)*")


@cache
def _phrases() -> tuple[MappingProxyType[str, tuple[tuple[str, str, int, int], ...]], int]:
    """Return the states of each phrase, as (ISO code, kind, first year, last year), and the most words of a phrase."""
    phrases = {
        phrase: tuple((name.iso, name.kind, name.first, name.last) for name in names if name.kind in KINDS)
        for phrase, names in state_names().items()
        if phrase not in _NOT_NAMES
    }
    filled = {phrase: names for phrase, names in phrases.items() if names}
    return MappingProxyType(filled), max(len(phrase.split()) for phrase in filled)


def find_actors(text: str, year: int | None = None) -> tuple[tuple[str, Span], ...]:
    """Return what a sentence names: the ISO code of a state or the short name of an organisation, each with its first place.

    A name counts only where it is written with a capital. The name of a leader counts in and around the years of office.

    Args:
        text: the sentence.
        year: year of the article; None admits the leaders of any year.
    """
    folded = fold(text)
    if len(folded) != len(text):  # letters with accents of two characters: places would shift
        folded = text
    found = [*_by_pattern(folded), *_organisations(folded)]
    words = list(_WORD.finditer(folded))
    phrases, longest = _phrases()
    index = 0
    while index < len(words):
        for length in range(min(longest, len(words) - index), 0, -1):
            start, end = words[index].start(), words[index + length - 1].end()
            phrase = re.sub(r"[^a-z]+", " ", folded[start:end].lower())
            is_first = index == 0 and length == 1
            names = () if is_first and phrase in _WORDS_TOO else phrases.get(phrase, ())
            codes = _meant(names, year, is_first=is_first)
            if phrase in ("american", "americans") and _OTHER_AMERICA.search(folded[:start]):
                codes = []
            if codes and all(word.group()[0].isupper() or length > 2 for word in words[index : index + length]):
                found += [(code, Span(start, end, text[start:end])) for code in codes]
                index += length - 1
                break
        index += 1
    first: dict[str, Span] = {}
    for code, span in sorted(found, key=lambda item: item[1].start):
        first.setdefault(code, span)
    return tuple(first.items())


def names_state(word: str) -> bool:
    """Return whether a word names a state by its name, an adjective, its capital or an institution."""
    names = _phrases()[0].get(word.lower(), ())
    return any(kind != "leader" for _, kind, _, _ in names) or bool(
        _BRITAIN.fullmatch(word) or _AMERICA.fullmatch(word)
    )


def _meant(names: tuple[tuple[str, str, int, int], ...], year: int | None, *, is_first: bool) -> list[str]:
    """Return the states of a phrase; a leader's surname as the first word is left out, because it may be a common word."""
    return [
        iso
        for iso, kind, first, last in names
        if kind != "leader" or (not is_first and (year is None or first - 1 <= year <= last + 12))
    ]


def _by_pattern(text: str) -> list[tuple[str, Span]]:
    found = [("USA", Span(*match.span(), match.group())) for match in _AMERICA.finditer(text)]
    found += [("GBR", Span(*match.span(), match.group())) for match in _BRITAIN.finditer(text)]
    for match in _KOREA.finditer(text):
        code = "KOR" if match[1] == "South" or match[2] == "ROK" else "PRK"
        found.append((code, Span(*match.span(), match.group())))
    return found


def _organisations(text: str) -> list[tuple[str, Span]]:
    found = [(name, Span(*m.span(), m.group())) for name in ORGANISATIONS for m in re.finditer(rf"\b{name}\b", text)]
    for phrase, name in _FULL_NAMES.items():
        found += [(name, Span(*m.span(), m.group())) for m in re.finditer(rf"\b{phrase.title()}\b", text)]
    return found


def is_state(code: str) -> bool:
    """Return whether what `find_actors` gives is a state, not an organisation."""
    return code not in ORGANISATIONS and code not in _FULL_NAMES.values()


def states_of(actors: tuple[tuple[str, Span], ...]) -> tuple[str, ...]:
    """Return the ISO codes of the states among the actors."""
    return tuple(code for code, _ in actors if is_state(code))
