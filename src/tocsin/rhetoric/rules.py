"""What the codebook's marks say of a headline: the states mentioned, and tone and speaker by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from tocsin.rhetoric.words import MAX_CHARACTERS, lexicon, longest, tokens


class Mention(NamedTuple):
    """A state that a headline brings to mind: its ISO code, the place of the first word of it, and of the last."""

    iso: str
    first: int
    last: int


class Reading(NamedTuple):
    """A headline read with the lexicon: its words, the groups of phrases with the first phrase of each and its place, the states
    mentioned, those that a word may stand for though it does not name them, and the tone and the speaker that the rules give."""

    words: Sequence[str]
    groups: Mapping[str, tuple[int, str]]
    mentions: Sequence[Mention]
    implied: Sequence[Mention]
    tone: int
    speaker: str


def read(text: str) -> Reading:
    """A headline read with the lexicon."""
    words = tokens(text)
    phrases, longest_by = lexicon(), longest()
    groups: dict[str, tuple[int, str]] = {}
    mentions: list[Mention] = []
    implied: list[Mention] = []
    for at, word in enumerate(words):
        if word not in longest_by:
            continue
        for length in range(1, min(longest_by[word], len(words) - at) + 1):
            phrase = word if length == 1 else " ".join(words[at : at + length])
            for group in phrases.get(phrase, ()):
                if group.startswith("state."):
                    mentions.append(Mention(group[6:], at, at + length - 1))
                elif group.startswith("implied."):
                    implied.append(Mention(group[8:], at, at + length - 1))
                else:
                    groups.setdefault(group, (at, phrase))
    speaker = attributed(text) or speaker_by_rule(words, groups, mentions)
    return Reading(words, groups, mentions, implied, tone_by_rule(groups), speaker)


def tone_by_rule(groups: Mapping[str, tuple[int, str]]) -> int:
    """The codebook's order: denunciation, threat or abuse; criticism or demand; praise; else neutral."""
    named = groups.keys()
    if named & {"tone.denounce", "tone.abuse", "tone.threat"}:
        return -2
    if named & {"tone.criticise", "tone.demand"} or ("tone.negative" in groups and "tone.friendly" not in groups):
        return -1
    return 1 if "tone.friendly" in groups else 0


_NEWSPAPERS = {"rodong", "minju", "paper", "papers", "newspaper", "newspapers", "sinmun"}
_SPEECH = {
    "denounce", "condemn", "blast", "slam", "assail", "flay", "flail", "accuse", "demand", "urge", "call", "criticise", "criticize",
    "censure", "protest", "oppose", "support", "hail", "praise", "reject", "refute", "warn", "vow", "express", "congratulate",
    "greet", "clarify", "hit", "brand", "lash", "lambast", "ridicule", "dismiss", "rebuke", "welcome", "laud", "extol",
}  # fmt: skip
"""Verbs by which someone speaks, in their plain form."""


_OUGHT = {"should", "must", "cannot"}


@lru_cache(maxsize=65_536)
def speaks(word: str) -> str:
    """`active` for a verb of speech in the present, `passive` in the past, else an empty text."""
    if word in _SPEECH or (word.endswith("s") and (word[:-1] in _SPEECH or word[:-2] in _SPEECH)):
        return "active"
    past = word.endswith("ed") and (word[:-2] in _SPEECH or word[:-1] in _SPEECH or word[:-3] in _SPEECH)
    return "passive" if past or word == "hit" or word == "slammed" else ""


MAX_NAME = 6
"""Words that the name of a speaker behind a colon has at most."""


def attributed(text: str) -> str:
    """The speaker by a name behind the last colon, and that it stands there; empty where none does."""
    before, colon, name = text[:MAX_CHARACTERS].rpartition(":")
    words = tokens(name)
    if not colon or not before.strip() or not 0 < len(words) <= MAX_NAME:
        return ""
    if any(word in _NEWSPAPERS for word in words):
        return "newspaper behind"
    if "kcna" in words:
        return "kcna behind"
    groups = {group for word in words for group in lexicon().get(word, ())}
    return "official behind" if "speaker.official" in groups else "foreign behind"


def speaker_by_rule(words: Sequence[str], groups: Mapping[str, tuple[int, str]], mentions: Sequence[Mention]) -> str:
    """The speaker by the codebook's marks, and the mark: who begins the headline, stands behind `by` and `in`, sends."""
    if not words:
        return "kcna"
    if words[0] == "kcna":
        return "kcna"
    if words[0] in _NEWSPAPERS or (
        "by" in words and any(one == "by" and two in _NEWSPAPERS for one, two in pairwise(words))
    ):
        return "newspaper"
    if "speaker.contact" in groups and ("from" in words or "kim" in words) and words[0] != "kim":
        return "official sends" if "koreans" in words else "foreign sends"
    if words[0] in ("greetings", "message", "congratulations", "condolences"):
        return "official sends"
    spoken = {speaks(word) for word in words}
    places = {mention.first for mention in mentions}
    if "passive" in spoken:
        behind = any(words[place - 1] in ("in", "by") for place in places if place)
        if behind or words[-1] in ("abroad", "countries", "organizations") or "overseas" in words:
            return "foreign"
    if (0 in places or words[0] in ("foreign", "world", "overseas")) and "active" in spoken and not _OUGHT & set(words):
        return "foreign speaks"
    if groups.get("speaker.official", (99, ""))[0] <= 3:
        if "active" in spoken or words[-1] == "statement":
            return "official speaks"
        return "official on" if "on" in words else "official"
    return "kcna"
