"""Read a headline by the codebook's rules: the states it mentions, its tone and its speaker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from tocsin.rhetoric.words import MAX_CHARACTERS, lexicon, longest_phrases, state_names, tokens


class Mention(NamedTuple):
    """A state that a headline mentions or implies: its ISO code, and the indices of the first and last word that do so."""

    iso: str
    first: int
    last: int


class Reading(NamedTuple):
    """A headline as the lexicon reads it.

    Attributes:
        text: the headline.
        words: the words of the headline.
        groups: for each group of the lexicon in the headline, the index of its first phrase and that phrase.
        mentions: states that words name.
        implied: states that words may stand for without naming them.
        tone, speaker: the codes by the codebook's rules.
    """

    text: str
    words: Sequence[str]
    groups: Mapping[str, tuple[int, str]]
    mentions: Sequence[Mention]
    implied: Sequence[Mention]
    tone: int
    speaker: str


_PROPER = frozenset({"name", "adjective", "capital", "leader", "minister"})
"""A longer phrase of these kinds hides the shorter ones in it, as `equatorial guinea` hides `guinea`."""


def read(text: str, year: int | None = None) -> Reading:
    """Return a headline as the lexicon reads it.

    Args:
        text: the headline.
        year: its year, which decides whom a name means; None if unknown.
    """
    words = tokens(text)
    phrases, names, lengths = lexicon(), state_names(), longest_phrases()
    groups: dict[str, tuple[int, str]] = {}
    mentions: list[tuple[Mention, str]] = []
    implied: list[Mention] = []
    for start, word in enumerate(words):
        if word not in lengths:
            continue
        for length in range(1, min(lengths[word], len(words) - start) + 1):
            phrase = word if length == 1 else " ".join(words[start : start + length])
            for group in phrases.get(phrase, ()):
                if group.startswith("implied."):
                    implied.append(Mention(group[8:], start, start + length - 1))
                else:
                    groups.setdefault(group, (start, phrase))
            if phrase in names:
                mentions += [
                    (Mention(name.iso, start, start + length - 1), name.kind)
                    for name in names[phrase]
                    if name.holds(year)
                ]
    shown = _longest(mentions)
    speaker = attributed_speaker(text) or speaker_by_rule(words, groups, shown)
    return Reading(text, words, groups, shown, implied, tone_by_rule(groups), speaker)


def _longest(mentions: Sequence[tuple[Mention, str]]) -> list[Mention]:
    """Return the mentions that no longer proper name contains."""
    long = [mention for mention, kind in mentions if mention.last > mention.first and kind in _PROPER]
    if not long:
        return [mention for mention, _ in mentions]
    return [
        one
        for one, _ in mentions
        if not any(other.first <= one.first and one.last <= other.last and one[1:] != other[1:] for other in long)
    ]


def tone_by_rule(groups: Mapping[str, tuple[int, str]]) -> int:
    """Return the tone, -2 to 1, in the codebook's order: denunciation, threat or abuse; criticism or demand; praise; else neutral."""
    present = groups.keys()
    if present & {"tone.denounce", "tone.abuse", "tone.threat"}:
        return -2
    if present & {"tone.criticise", "tone.demand"} or ("tone.negative" in groups and "tone.friendly" not in groups):
        return -1
    return 1 if "tone.friendly" in groups else 0


_NEWSPAPERS = {"rodong", "minju", "paper", "papers", "newspaper", "newspapers", "sinmun"}
_SPEECH = {
    "denounce", "condemn", "blast", "slam", "assail", "flay", "flail", "accuse", "demand", "urge", "call", "criticise", "criticize",
    "censure", "protest", "oppose", "support", "hail", "praise", "reject", "refute", "warn", "vow", "express", "congratulate",
    "greet", "clarify", "hit", "brand", "lash", "lambast", "ridicule", "dismiss", "rebuke", "welcome", "laud", "extol",
}  # fmt: skip
"""Verbs of speech in their base form."""
_OBLIGATION = {"should", "must", "cannot"}


@lru_cache(maxsize=65_536)
def voice_of(word: str) -> str:
    """Return `active` for a verb of speech in the present tense, `passive` in the past tense, else an empty string."""
    if word in _SPEECH or (word.endswith("s") and (word[:-1] in _SPEECH or word[:-2] in _SPEECH)):
        return "active"
    past = word.endswith("ed") and (word[:-2] in _SPEECH or word[:-1] in _SPEECH or word[:-3] in _SPEECH)
    return "passive" if past or word == "hit" or word == "slammed" else ""


MAX_NAME = 10
"""Largest number of words in a speaker's name after a colon."""
_OFFICIAL = ("speaker.official", "speaker.leader")
_ACTIONS = {
    "sends": "kcna sends",
    "sent": "kcna sends",
    "send": "kcna sends",
    "receives": "receives",
    "received": "receives",
}
_TO_DPRK = {"dprk", "kim", "korean", "premier"}


def attributed_speaker(text: str) -> str:
    """Return the speaker named after the last colon, with the mark `behind`, or an empty string if there is none."""
    before, colon, name = text[:MAX_CHARACTERS].rpartition(":")
    if not colon or not before.strip():
        return ""
    words = tokens(name)
    if not 0 < len(words) <= MAX_NAME:
        return ""
    if any(word in _NEWSPAPERS for word in words):
        return "newspaper behind"
    if "kcna" in words:
        return "kcna behind"
    official = "dprk" in words or any(_is_official(words, start) for start in range(len(words)))
    return "official behind" if official else "foreign behind"


def _is_official(words: Sequence[str], start: int) -> bool:
    """Return whether a phrase for officials of the DPRK begins at a word."""
    length = longest_phrases().get(words[start], 0)
    phrases = (" ".join(words[start : start + number]) for number in range(1, length + 1))
    return any(group in _OFFICIAL for phrase in phrases for group in lexicon().get(phrase, ()))


def speaker_by_rule(words: Sequence[str], groups: Mapping[str, tuple[int, str]], mentions: Sequence[Mention]) -> str:
    """Return the speaker and its mark, by who begins the headline, who follows `by` or `in`, and who sends a message."""
    if not words or words[0] == "kcna":
        return "kcna"
    if words[0] in _NEWSPAPERS or (
        "by" in words and any(one == "by" and two in _NEWSPAPERS for one, two in pairwise(words))
    ):
        return "newspaper"
    return (
        _leader_acts(words, groups)
        or _sender(words, groups, mentions)
        or _behind_by(words, mentions)
        or _first_speaker(words, groups, mentions)
    )


def _leader_acts(words: Sequence[str], groups: Mapping[str, tuple[int, str]]) -> str:
    """Return the speaker of a headline that begins with a leader who sends or receives a message or makes a speech."""
    start, phrase = groups.get("speaker.leader", (99, ""))
    if start > 1:
        return ""
    verb = next((word for word in words[start + len(phrase.split()) :][:2] if word in _ACTIONS), "")
    if verb:
        mark = _ACTIONS[verb]
        if mark != "receives":
            return mark
        return "foreign received" if "speaker.contact" in groups else "kcna receives"
    return "official speech" if {"speech", "address"} & set(words) else ""


def _sender(words: Sequence[str], groups: Mapping[str, tuple[int, str]], mentions: Sequence[Mention]) -> str:
    """Return the speaker of a headline about a gift or a message."""
    if (
        "speaker.contact" in groups
        and {"sends", "sent"} & set(words)
        and any(not mention.first for mention in mentions)
    ):
        return "foreign gives"
    if "speaker.contact" in groups and ("from" in words or "kim" in words) and words[0] != "kim":
        return "official sends" if "koreans" in words else "foreign sends"
    if words[0] in ("greetings", "message", "congratulations", "condolences", "congratulatory"):
        to_us = any(one == "to" and two in _TO_DPRK for one, two in pairwise(words))
        return "foreign writes to DPRK" if to_us else "official sends"
    return ""


def _behind_by(words: Sequence[str], mentions: Sequence[Mention]) -> str:
    """Return the speaker that follows `by` or `in` after a verb of speech in the past tense."""
    passive = next((index for index, word in enumerate(words) if voice_of(word) == "passive"), None)
    if passive is None:
        return ""
    after = [index + 1 for index in range(passive, len(words) - 1) if words[index] == "by"]
    if any(words[index] == "dprk" or _is_official(words, index) for index in after):
        return "official by"
    follows = any(words[mention.first - 1] in ("in", "by") for mention in mentions if mention.first)
    if follows or words[-1] in ("abroad", "countries", "organizations") or "overseas" in words:
        return "foreign"
    return ""


def _first_speaker(words: Sequence[str], groups: Mapping[str, tuple[int, str]], mentions: Sequence[Mention]) -> str:
    """Return the speaker that begins the headline."""
    starts = {mention.first for mention in mentions}
    active = any(voice_of(word) == "active" for word in words)
    if (0 in starts or words[0] in ("foreign", "world", "overseas")) and active and not _OBLIGATION & set(words):
        return "foreign speaks"
    if words[0] in ("statement", "press", "memorandum") and "statement" in words[:2]:
        return "official statement"
    if groups.get("speaker.official", (99, ""))[0] <= 3:
        if active or words[-1] == "statement":
            return "official speaks"
        return "official on" if "on" in words else "official"
    return "kcna"
