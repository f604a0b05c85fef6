"""Turn texts into keys of facts and sources."""

from __future__ import annotations

import re
import unicodedata

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,119}\Z")
_INITIALS = ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"]
_VOWELS = [
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]
_FINALS = [
    "",
    "k",
    "k",
    "k",
    "n",
    "n",
    "n",
    "t",
    "l",
    "k",
    "m",
    "l",
    "l",
    "l",
    "p",
    "l",
    "m",
    "p",
    "p",
    "t",
    "t",
    "ng",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
]
_HANGUL = 0xAC00
_SYLLABLES = 11_172


def slug(text: str) -> str:
    """Return a text as a part of a key: Latin letters and digits, joined by underscores; Hangul is romanized.

    The result is empty if the text has no such letter or digit. Romanization follows South Korea's rules of 2000 syllable by
    syllable, without the changes between syllables.
    """
    spelled = "".join(map(_latin, unicodedata.normalize("NFC", text)))
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return "_".join(re.findall(r"[A-Za-z0-9]+", plain))


def _latin(char: str) -> str:
    index = ord(char) - _HANGUL
    if not 0 <= index < _SYLLABLES:
        return {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae", "đ": "d"}.get(char, char)
    initial, rest = divmod(index, len(_VOWELS) * len(_FINALS))
    vowel, final = divmod(rest, len(_FINALS))
    return _INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]


def key_of(parts: list[str], stem: str) -> str:
    """Return the key of a fact from the cells that name it; empty if one of them has no letter or digit to write.

    Args:
        parts: cells of the columns of the key. A part that is a key already stays as it is.
        stem: name of the table; it comes first if the key would otherwise begin with a digit.
    """
    slugs = [part if KEY.match(part) else slug(part) for part in parts]
    if not all(slugs):
        return ""
    key = ".".join(slugs)
    return (key if key[0].isalpha() else f"{stem}.{key}")[:120]
