"""Find the states and organisations that a sentence names, also by adjective, capital, institution or head of state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from types import MappingProxyType

from tocsin.draft.existence import code_in, former_names
from tocsin.draft.spans import Span
from tocsin.draft.verb_words import FINITE_VERB, is_finite
from tocsin.rhetoric.words import fold, state_names

FORMER = "former "
"""Before the kind of a name that counts in its own years only."""
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
_CAPITALS = r"[A-Z][a-z]+(?:\s[A-Z][a-z]+)?"
"""A name of one or two words with capitals."""
_WORD = re.compile(r"[A-Za-z]+(?:-(?=[A-Z])[A-Za-z]+)*")


@cache
def _phrases() -> tuple[MappingProxyType[str, tuple[tuple[str, str, int, int], ...]], int]:
    """Return the states of each phrase, as (ISO code, kind, first year, last year), and the most words of a phrase."""
    phrases = {
        phrase: tuple((name.iso, name.kind, name.first, name.last) for name in names if name.kind in KINDS)
        for phrase, names in state_names().items()
        if phrase not in _NOT_NAMES
    }
    for phrase, spells in former_names().items():
        former = tuple((spell.code, FORMER + spell.kind, spell.first, spell.last) for spell in spells)
        phrases[phrase] = (*phrases.get(phrase, ()), *former)
    filled = {phrase: names for phrase, names in phrases.items() if names}
    return MappingProxyType(filled), max(len(phrase.split()) for phrase in filled)


def find_actors(text: str, year: int | None = None) -> tuple[tuple[str, Span], ...]:
    """Return who acts in a sentence: the ISO code of a state or the short name of an organisation, each with its first place.

    A name counts only where it is written with a capital. A capital city counts only where it acts for its state (see `_acts`). The
    name of a leader counts in and around the years of office.

    Args:
        text: the sentence.
        year: year of the article; a state that did not exist then is left out. None admits the states and leaders of any year.
    """
    return _first_places((code, span) for code, span, is_place in _named(text, year) if not is_place)


def find_states(text: str, year: int | None = None) -> tuple[str, ...]:
    """Return the ISO codes of the states that a sentence names, also by a capital city that is a mere place."""
    named = _first_places((code, span) for code, span, _ in _named(text, year))
    return tuple(code for code, _ in named if is_state(code))


def _first_places(named: Iterable[tuple[str, Span]]) -> tuple[tuple[str, Span], ...]:
    first: dict[str, Span] = {}
    for code, span in sorted(named, key=lambda item: item[1].start):
        first.setdefault(code, span)
    return tuple(first.items())


def _named(text: str, year: int | None) -> Iterator[tuple[str, Span, bool]]:
    """Yield each state and organisation that a sentence names, with its place, and whether it is a capital city that does not act."""
    folded = fold(text)
    if len(folded) != len(text):  # letters with accents of two characters: places would shift
        folded = text
    for iso, span in (*_by_pattern(folded), *_organisations(folded)):
        if code := code_in(iso, year):
            yield code, span, False
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
                is_place = all(kind.endswith("capital") for _, kind, _, _ in names) and not _acts(folded, start, end)
                for code in codes:
                    yield code, Span(start, end, text[start:end]), is_place
                index += length - 1
                break
        index += 1


_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|near|from|to|outside|inside|through|around|over|of|for|on|onto|into|via|across|towards?|about|under|beyond|between|among|than|like)"
    rf"\s+(?:(?:the|central|downtown|nearby)\s+)?(?:{_CAPITALS},?\s+(?:and|or)\s+|{_CAPITALS},\s+)*\Z"
)
"""A preposition of place before a capital city, also before the first of several."""
_AGENT_BEFORE = re.compile(rf"\b(?:by|with|against)\s+(?:{_CAPITALS},?\s+and\s+)*\Z")
"""What makes a capital city the agent or the other party: a treaty with Hanoi."""
_OWNS = re.compile(
    r"['’](?:s\b|(?=\s))(?!\s+(?:streets?|airports?|suburbs?|outskirts|centre|center|downtown|port|harbou?r|metro|university|stadium|squares?)\b)"
)
_LED = re.compile(r"-(?:backed|led|brokered|funded|sponsored|imposed|approved|aligned|controlled|run)\b")
_PREDICATE = re.compile(
    rf"(?:,?\s+(?:and|or|nor)\s+{_CAPITALS}|,\s+{_CAPITALS}(?=,))*,?(?:\s+(?:which|who|also|then|now|later|soon|never|still|even|already|twice|once|alone|again|[a-z]+ly))*\s+"
)
"""What may stand between a capital city and its verb: other cities, `which`, adverbs."""
_SAYS = re.compile(
    r"(?:insist|denie|argue|warn|object|agree|urge|reject|accuse|announce|condemn|hesitate|respond|replie|seek|admit|accept|claim|promise|vow|oppose|decide|concede|retaliate)s\b"
    r"|(?:sought|lent|fled|forbade)\b"
)
"""Verbs that may stand without an object, beside those of `FINITE_VERB`."""
_NEW_CLAUSE = re.compile(r"(?:,\s+(?:and|but|while|whereas|yet|so)|;|—|–)\s+\Z")
_BETWEEN = re.compile(
    r"\b(?:relations|ties|talks|negotiations|pact|treaty|deal|agreement|alliance|war|dispute|conflict|rivalry|tensions?|truce|ceasefire|trade)\s+between"
    rf"\s+(?:{_CAPITALS}\s+and\s+)?\Z",
    re.IGNORECASE,
)


def _acts(text: str, start: int, end: int) -> bool:
    """Return whether a capital city stands for its state: as the subject of a verb, with a possessive, or as the other party (`with`, `by`)."""
    before, after = text[:start], text[end:]
    if _OWNS.match(after) or _LED.match(after) or _AGENT_BEFORE.search(before) or _BETWEEN.search(before):
        return True
    if _PLACE_BEFORE.search(before) and not _NEW_CLAUSE.search(before):
        return False
    link = _PREDICATE.match(after)
    rest = after[link.end() :] if link else ""
    verb = FINITE_VERB.match(rest)
    return bool((verb and is_finite(verb)) or _SAYS.match(rest))


def names_state(word: str) -> bool:
    """Return whether a word names a state by its name, an adjective, its capital or an institution."""
    names = _phrases()[0].get(word.lower(), ())
    return any(kind != "leader" and not kind.startswith(FORMER) for _, kind, _, _ in names) or bool(
        _BRITAIN.fullmatch(word) or _AMERICA.fullmatch(word)
    )


def _meant(names: tuple[tuple[str, str, int, int], ...], year: int | None, *, is_first: bool) -> list[str]:
    """Return the states of a phrase; a leader's surname as the first word is left out, because it may be a common word."""
    meant = []
    for iso, kind, first, last in names:
        if kind.startswith(FORMER):
            holds = year is not None and first <= year <= last
        else:
            holds = kind != "leader" or (not is_first and (year is None or first - 1 <= year <= last + 12))
        code = code_in(iso, year) if holds else None
        meant += [code] if code else []
    return list(dict.fromkeys(meant))


def _by_pattern(text: str) -> list[tuple[str, Span]]:
    spans = [("USA", Span(*match.span(), match.group())) for match in _AMERICA.finditer(text)]
    spans += [("GBR", Span(*match.span(), match.group())) for match in _BRITAIN.finditer(text)]
    for match in _KOREA.finditer(text):
        code = "KOR" if match[1] == "South" or match[2] == "ROK" else "PRK"
        spans.append((code, Span(*match.span(), match.group())))
    return spans


def _organisations(text: str) -> list[tuple[str, Span]]:
    spans = [(name, Span(*m.span(), m.group())) for name in ORGANISATIONS for m in re.finditer(rf"\b{name}\b", text)]
    for phrase, name in _FULL_NAMES.items():
        spans += [(name, Span(*m.span(), m.group())) for m in re.finditer(rf"\b{phrase.title()}\b", text)]
    return spans


def is_state(code: str) -> bool:
    """Return whether what `find_actors` gives is a state, not an organisation."""
    return code not in ORGANISATIONS and code not in _FULL_NAMES.values()
