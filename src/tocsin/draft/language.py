"""Tell the language of an article: `tocsin draft` reads English, and splits Korean and Japanese into sentences."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from tocsin.errors import InputError
from tocsin.translation import message, template

SCRIPTS = {
    "HANGUL": template("Korean"), "HIRAGANA": template("Japanese"), "KATAKANA": template("Japanese"), "CJK": template("Chinese or Japanese"), "CYRILLIC": template("Cyrillic letters"), "ARABIC": template("Arabic letters"),
    "HEBREW": template("Hebrew"), "DEVANAGARI": template("Devanagari letters"), "THAI": template("Thai"), "GREEK": template("Greek"), "BENGALI": template("Bengali"), "GEORGIAN": template("Georgian"),
    "ARMENIAN": template("Armenian"),
}  # fmt: skip
"""What a reader calls the letters of each script, by the first word of their Unicode names."""
MAX_FOREIGN = 0.25
"""Largest share of letters beyond the Latin script in an English text: it may quote names."""
MIN_ENGLISH = 0.12
"""Least share of common English words in an English text."""
FUNCTION_WORDS = frozenset(
    [
        "the", "of", "and", "to", "that", "which", "this", "with", "from", "by", "its", "it", "are", "were", "have", "has",
        "had", "been", "will", "would", "not", "but", "they", "their", "his", "than", "when", "who", "more", "also", "after",
        "before", "about", "between", "into", "most", "since", "could", "should", "there", "these", "those", "because",
        "while", "where", "what", "how", "we", "our", "you", "does", "did", "do", "if", "only", "other", "some", "any",
        "both", "such", "through", "during", "against", "year", "years", "last", "said", "first", "new",
    ]
)  # fmt: skip
"""Common words of English that are rare in other languages."""
SAMPLE = 200_000
"""Characters of a text that are looked at."""


SPLIT = {"HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja"}
"""Languages of articles that are split into sentences but not read, by the script that shows them."""


def article_language(text: str, name: str) -> str:
    """Return the language of an article: `en`, `ko` or `ja`.

    Args:
        text: its running text.
        name: of its file, for messages.

    Raises:
        InputError: if it is in another language; the message names the script where that shows the language.
    """
    script = foreign_script(text)
    if script is None and _english_share(text) >= MIN_ENGLISH:
        return "en"
    if script in SPLIT:
        return SPLIT[script]
    raise InputError(
        message("the article is written in {language}", language=message(SCRIPTS[script]))
        if script
        else message("the article does not seem to be English, Korean or Japanese"),
        file=name,
        remedy=message("translate it into English, Korean or Japanese first, or begin the case without it"),
    )


def foreign_script(text: str) -> str | None:
    """Return the script of the letters of a text if many are not Latin, as a key of `SCRIPTS`; None for a Latin text."""
    letters = [letter for letter in text[:SAMPLE] if letter.isalpha()]
    foreign = [letter for letter in letters if ord(letter) > 0x24F]
    if not letters or len(foreign) <= MAX_FOREIGN * len(letters):
        return None
    scripts = Counter(unicodedata.name(letter, "?").split()[0] for letter in foreign)
    # kana decide for Japanese, whose letters are mostly Chinese characters
    for script in ("HIRAGANA", "KATAKANA"):
        if scripts[script] > 0.05 * len(foreign):
            return script
    return next((script for script, _ in scripts.most_common() if script in SCRIPTS), None)


def _english_share(text: str) -> float:
    words = re.findall(r"[^\W\d_]+", text[:SAMPLE].lower())
    return sum(word in FUNCTION_WORDS for word in words) / max(1, len(words))
