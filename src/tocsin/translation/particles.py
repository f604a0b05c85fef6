"""Korean particles, whose form depends on the sound that ends the word before them."""

from __future__ import annotations

import re

PARTICLES = {"은": ("은", "는"), "이": ("이", "가"), "을": ("을", "를"), "과": ("과", "와"), "으로": ("으로", "로")}
"""Particle by its form after a consonant, with both its forms."""
_READ = {
    "0": "영",
    "1": "일",
    "2": "이",
    "3": "삼",
    "4": "사",
    "5": "오",
    "6": "육",
    "7": "칠",
    "8": "팔",
    "9": "구",
    "%": "퍼센트",
}
"""How digits and the sign of per cent are read aloud."""
_BRACKET = re.compile(r"\s*\([^()]*\)\s*\Z")
_TAG = re.compile(r"<[^>]*>")


def with_particle(word: str, particle: str) -> str:
    """Return a word with its particle: 한국은, 미국과, 62%가.

    What stands in brackets at the end is not read aloud, nor are quotation marks, tags and the mark that ends an isolated text. After a word whose sound is unknown, such as
    one in Latin letters, both forms stand: Tokyo은(는).
    """
    closed, open_ = PARTICLES[particle]
    final = _final(_BRACKET.sub("", _TAG.sub("", word)).rstrip("”’\"'`」』…. \u2069"))
    if final is None:
        return f"{word}{closed}({open_})"
    # 로 also follows the consonant ㄹ
    return word + (open_ if final == 0 or (particle == "으로" and final == _RIEUL) else closed)


_NIEUN, _RIEUL, _MIEUM = 4, 8, 16
"""Numbers of final consonants."""
_SPELLED = re.compile(r"(?:^|[^A-Za-z])(?:[A-Z]+|(?<=\d)[a-z])\Z")
"""The end of a code such as C12b or ICD, whose letters are read one by one."""


def _final(word: str) -> int | None:
    """Return the number of the final consonant of a word, 0 if it ends in a vowel, None if its sound is unknown."""
    if not word:
        return None
    last = _READ.get(word[-1], word[-1])[-1]
    if _SPELLED.search(word):  # read letter by letter: 엘, 엠, 엔 and 알 end in a consonant
        return {"L": _RIEUL, "R": _RIEUL, "M": _MIEUM, "N": _NIEUN}.get(last.upper(), 0)
    return (ord(last) - 0xAC00) % 28 if "가" <= last <= "힣" else None
