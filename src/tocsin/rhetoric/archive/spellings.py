"""List the spellings of a word: those of North and South Korea, and the forms of Chinese characters.

North Korea writes the sounds r and n at the start of Chinese words (로동, 녀성) and South Korea drops or changes them (노동, 여성); North
Korea writes 렬 and 률 everywhere, South Korea 열 and 율 after a vowel or n. `spellings.csv` lists common words with such a sound, also
inside a longer word, and other words that the two spell differently (미싸일, 미사일); a row with two equal spellings is a word that keeps
its first sound. Any other word of two or more syllables may also begin with the other sound. `han_forms.txt` groups the forms of Chinese
characters (國, 国).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import islice, product
from types import MappingProxyType

MAX_SPELLINGS = 64
"""Most spellings of one word or phrase that are searched."""
_FIRST = "나라 낙락 난란 남람 납랍 낭랑 내래 냉랭 노로 녹록 논론 농롱 뇌뢰 누루 늑륵 능릉 약략 양량 여려 역력 연련 열렬 염렴 엽렵 영령 예례 요료 용룡 유류 육륙 윤륜 율률 융륭 이리 인린 임림 입립"
"""Pairs of a first syllable in the South and in the North."""
_INNER = {"열": "렬", "렬": "열", "율": "률", "률": "율"}
_ENDINGS = frozenset("는은이가을를의에도로와과며고다라지면나야여요기게께서든란만뿐까니자")
"""Syllables of particles and endings: a word that has nothing else after its first syllable is no Chinese word."""


def spellings(pieces: Iterable[str]) -> tuple[tuple[tuple[str, ...], ...], bool]:
    """Return the spellings of a phrase, its own first, and whether there are more than `MAX_SPELLINGS`.

    Args:
        pieces: the phrase as normalized runs of letters of one script.
    """
    options = [_of_piece(piece) for piece in pieces]
    result = tuple(dict.fromkeys(islice(product(*options), MAX_SPELLINGS + 1)))
    return result[:MAX_SPELLINGS], len(result) > MAX_SPELLINGS


def _of_piece(piece: str) -> tuple[str, ...]:
    parts: list[tuple[str, ...]] = []
    index = 0
    while index < len(piece):
        own, options = _at(piece, index)
        parts.append(options)
        index += len(own)
    joined = islice(product(*parts), MAX_SPELLINGS + 1)
    return tuple(dict.fromkeys("".join(choice) for choice in joined))


def _at(piece: str, index: int) -> tuple[str, tuple[str, ...]]:
    """Return the longest known word or the letter at an index, and its spellings, its own first."""
    words = _words()
    for length in range(min(_longest(), len(piece) - index), 1, -1):
        word = piece[index : index + length]
        if word in words:
            return word, words[word]
    letter = piece[index]
    if letter in _han():
        return letter, _han()[letter]
    if index == 0:
        return letter, (letter, _first()[letter]) if letter in _first() and _is_chinese(piece[1:]) else (letter,)
    return letter, (letter, _INNER[letter]) if letter in _INNER and _drops_sound(piece[index - 1]) else (letter,)


def _is_chinese(rest: str) -> bool:
    """Return whether a word with this rest after its first syllable may be Chinese."""
    return any("가" <= letter <= "힣" and letter not in _ENDINGS for letter in rest)


def _drops_sound(before: str) -> bool:
    """Return whether the South writes 열 and 율 after a syllable: it ends in a vowel or in n."""
    return "가" <= before <= "힣" and (ord(before) - ord("가")) % 28 in (0, 4)


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    text = (files("tocsin.rhetoric.archive") / "spellings.csv").read_text(encoding="utf-8")
    return _grouped((row["south"], row["north"]) for row in csv.DictReader(text.splitlines()))


@cache
def _longest() -> int:
    return max(map(len, _words()))


@cache
def _han() -> Mapping[str, tuple[str, ...]]:
    text = (files("tocsin.rhetoric.archive") / "han_forms.txt").read_text(encoding="utf-8")
    return _grouped(tuple(line) for line in text.splitlines() if not line.startswith("#"))


@cache
def _first() -> Mapping[str, str]:
    pairs = [(pair[0], pair[1]) for pair in _FIRST.split()]
    return MappingProxyType({**dict(pairs), **{north: south for south, north in pairs}})


def _grouped(groups: Iterable[tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Return the members of all groups of each member, itself first."""
    members: dict[str, dict[str, None]] = {}
    for group in groups:
        for member in group:
            members.setdefault(member, {member: None}).update(dict.fromkeys(group))
    return MappingProxyType({member: tuple(others) for member, others in members.items()})
