"""Read a headline by the codebook's rules: the states it mentions, its tone and its speaker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from tocsin.rhetoric.words import MAX_CHARACTERS, lexicon, longest_phrases, tokens


class Mention(NamedTuple):
    """A state that a headline mentions or implies: its ISO code, and the indices of the first and last word that do so."""

    iso: str
    first: int
    last: int


class Reading(NamedTuple):
    """A headline as the lexicon reads it.

    Attributes:
        words: the words of the headline.
        groups: for each group of the lexicon in the headline, the index of its first phrase and that phrase.
        mentions: states that words name.
        implied: states that words may stand for without naming them.
        tone, speaker: the codes by the codebook's rules.
    """

    words: Sequence[str]
    groups: Mapping[str, tuple[int, str]]
    mentions: Sequence[Mention]
    implied: Sequence[Mention]
    tone: int
    speaker: str


def read(text: str) -> Reading:
    """Return a headline as the lexicon reads it."""
    words = tokens(text)
    phrases, lengths = lexicon(), longest_phrases()
    groups: dict[str, tuple[int, str]] = {}
    mentions: list[Mention] = []
    implied: list[Mention] = []
    for start, word in enumerate(words):
        if word not in lengths:
            continue
        for length in range(1, min(lengths[word], len(words) - start) + 1):
            phrase = word if length == 1 else " ".join(words[start : start + length])
            for group in phrases.get(phrase, ()):
                if group.startswith("state."):
                    mentions.append(Mention(group[6:], start, start + length - 1))
                elif group.startswith("implied."):
                    implied.append(Mention(group[8:], start, start + length - 1))
                else:
                    groups.setdefault(group, (start, phrase))
    speaker = attributed_speaker(text) or speaker_by_rule(words, groups, mentions)
    return Reading(words, groups, mentions, implied, tone_by_rule(groups), speaker)


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


MAX_NAME = 6
"""Largest number of words in a speaker's name after a colon."""


def attributed_speaker(text: str) -> str:
    """Return the speaker named after the last colon, with the mark `behind`, or an empty string if there is none."""
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
    """Return the speaker and its mark, by who begins the headline, who follows `by` or `in`, and who sends a message."""
    if not words or words[0] == "kcna":
        return "kcna"
    if words[0] in _NEWSPAPERS or (
        "by" in words and any(one == "by" and two in _NEWSPAPERS for one, two in pairwise(words))
    ):
        return "newspaper"
    if "speaker.contact" in groups and ("from" in words or "kim" in words) and words[0] != "kim":
        return "official sends" if "koreans" in words else "foreign sends"
    if words[0] in ("greetings", "message", "congratulations", "condolences"):
        return "official sends"
    voices = {voice_of(word) for word in words}
    starts = {mention.first for mention in mentions}
    if "passive" in voices:
        follows = any(words[start - 1] in ("in", "by") for start in starts if start)
        if follows or words[-1] in ("abroad", "countries", "organizations") or "overseas" in words:
            return "foreign"
    if (
        (0 in starts or words[0] in ("foreign", "world", "overseas"))
        and "active" in voices
        and not _OBLIGATION & set(words)
    ):
        return "foreign speaks"
    if groups.get("speaker.official", (99, ""))[0] <= 3:
        if "active" in voices or words[-1] == "statement":
            return "official speaks"
        return "official on" if "on" in words else "official"
    return "kcna"
