"""Split paragraphs in English, Korean or Japanese into sentences, and name each by its hash and a short quote."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin.tables import printable

MAX_QUOTE = 12
"""Most words of a sentence that a case stores: the text belongs to its author."""
HASH = 16
"""Hexadecimal digits of the stored hash."""

TITLES = frozenset(
    [
        "mr", "mrs", "ms", "dr", "prof", "gen", "lt", "col", "maj", "sgt", "capt", "cpt", "adm", "brig", "cmdr", "rev", "hon",
        "sen", "rep", "gov", "pres", "amb", "st", "mt", "ft", "fr", "sr", "supt", "insp", "vs", "v", "cf", "viz", "eg", "ie",
        "ca", "approx", "fig", "figs", "p", "pp", "vol", "ed", "eds", "art", "sec", "ch", "no", "nos", "op", "al", "messrs",
    ]
)  # fmt: skip
"""Abbreviations that do not end a sentence."""
MAY_END = frozenset(
    [
        "u.s", "u.k", "u.n", "e.u", "d.c", "u.s.a", "u.s.s.r", "a.m", "p.m", "inc", "corp", "ltd", "co", "jr", "etc", "ph.d",
        "b.c", "a.d", "est", "dept", "govt", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
        "dec", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    ]
)  # fmt: skip
"""Abbreviations that may also be the last word of a sentence."""
STARTERS = frozenset(
    [
        "The", "It", "In", "But", "And", "He", "She", "They", "We", "I", "You", "That", "This", "These", "Those", "If",
        "When", "While", "As", "At", "On", "For", "With", "From", "By", "Yet", "So", "Then", "There", "Its", "His", "Her",
        "Our", "Their", "A", "An", "No", "Not", "What", "Who", "How", "Why", "Where", "After", "Before", "Since", "Because",
        "Although", "Though", "Even", "Both", "Some", "Many", "Most", "All", "Each", "Every", "One", "Two", "Three", "Last",
        "Now", "Today", "To", "Nor", "Or", "Such", "Still", "Only", "Under", "Over", "During", "Until", "Unless", "Once",
        "Here", "Meanwhile", "However", "Moreover", "Nevertheless", "Thus", "Hence", "Instead", "Indeed", "Officials",
        "Analysts", "Critics",
    ]
)  # fmt: skip
"""Words that begin a sentence and seldom follow an abbreviation within one."""
WINDOW = 60
"""Characters on either side of a mark that decide whether a sentence ends there."""
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]*[^\s\"'“‘(\[])")
_MARKS, _OPENING, _CLOSING = "。！？", "「『（", "」』）"
"""Marks that end a sentence in Japanese, where no blank follows, and what encloses a quotation or a remark."""
_WORD = re.compile(r"[「『（]*[\u3040-\u30ff\u3400-\u9fff々]{1,2}[、。！？」』）]*|[^\s\u3040-\u30ff\u3400-\u9fff々]+")
"""A word of a quote. Japanese has no blanks between words: two of its characters count as one."""
_LAST_WORD = re.compile(r"[^\s\"'“‘(\[—–-]+$")
_INITIALS = re.compile(r"(?:[A-Z]\.)*[A-Z]")


@dataclass(frozen=True)
class Sentence:
    """A sentence of an article.

    Attributes:
        number: from 1, in the order of the article.
        text: the whole sentence on one line. It is never stored.
    """

    number: int
    text: str

    @property
    def hash(self) -> str:
        """Return the first `HASH` hexadecimal digits of the SHA-256 of the normalised text."""
        return hashlib.sha256(unicodedata.normalize("NFC", self.text).encode("utf-8", "replace")).hexdigest()[:HASH]

    @property
    def quote(self) -> str:
        """Return the first `MAX_QUOTE` words."""
        return short_quote(self.text)


def short_quote(text: str, words: int = MAX_QUOTE) -> str:
    """Return the first words of a text, with ` ...` if there are more, without control characters."""
    shown = " ".join(printable(text).split())
    ends = [word.end() for word in _WORD.finditer(shown)]
    return shown if len(ends) <= words else shown[: ends[words - 1]] + " ..."


def split_sentences(paragraphs: Sequence[str]) -> tuple[Sentence, ...]:
    """Return the sentences of some paragraphs, numbered from 1; pieces without a letter are left out."""
    texts = [text for paragraph in paragraphs for text in _split(" ".join(paragraph.split()))]
    return tuple(Sentence(number, text) for number, text in enumerate(texts, start=1))


def _split(paragraph: str) -> Iterator[str]:
    start = 0
    for end in sorted({*_ends_before_blanks(paragraph), *_ends_without_blanks(paragraph)}):
        yield from _with_letters(paragraph[start:end])
        start = end
    yield from _with_letters(paragraph[start:])


def _ends_before_blanks(paragraph: str) -> Iterator[int]:
    return (match.end() for match in _END.finditer(paragraph) if _ends(paragraph, match))


def _ends_without_blanks(paragraph: str) -> Iterator[int]:
    """Yield the ends of Japanese sentences. A mark in a quotation or a remark ends none, unless these are not all closed."""
    closed = sum(map(paragraph.count, _OPENING)) == sum(map(paragraph.count, _CLOSING))
    depth = 0
    for index, letter in enumerate(paragraph, start=1):
        depth += closed * ((letter in _OPENING) - (letter in _CLOSING))
        if letter in _MARKS and depth == 0 and paragraph[index : index + 1] not in tuple(_MARKS):
            yield index


def _with_letters(text: str) -> Iterator[str]:
    if any(letter.isalpha() for letter in text):
        yield text.strip()


def _ends(paragraph: str, match: re.Match[str]) -> bool:
    """Return whether a sentence ends at a mark that blanks follow."""
    following = paragraph[match.end() : match.end() + WINDOW].lstrip().lstrip("\"'“‘([")
    first = following[:1]
    if first.islower():
        return False
    mark = match.group().rstrip("\"'”’)]")
    if mark != ".":
        return True
    last = _LAST_WORD.search(paragraph[max(0, match.start() - WINDOW) : match.start()])
    if last is None:
        return False
    return _word_ends(last.group(), following, has_quote=match.group() != mark)


def _word_ends(word: str, following: str, *, has_quote: bool) -> bool:
    """Return whether a full stop after a word ends the sentence, by the word and the text that follows."""
    plain = word.lower().rstrip("'’s").rstrip(".") if word.endswith(("'s", "’s")) else word.lower()
    first = following[:1]
    next_word = re.match(r"[\w'’-]*", following)
    starts = next_word is not None and next_word.group() in STARTERS
    if plain in ("no", "nos"):
        return not first.isdigit()
    if plain in TITLES or plain == "":
        return False
    if plain in MAY_END:
        return starts
    if word.isdigit() and len(word) <= 2:
        return starts  # the number of an item in a list, or a number at the end
    if _INITIALS.fullmatch(word) and not has_quote:
        return (starts and word != "I") or word == "I"
    return True
