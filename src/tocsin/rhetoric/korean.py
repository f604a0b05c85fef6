"""Korean titles coded by lexicon: the codebook's marks, no learned model, since no labelled Korean titles are known.

What it gives is a first sorting: it has no probabilities, reads no syntax (whom a harsh word is meant for is taken to be every
state named), and its marks were written from general knowledge of the outlets' language, never measured.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, NamedTuple

from tocsin.errors import InputError

LEAST = 0.3
"""Share of a title's letters that are Hangul from which it is read as Korean."""
Marks = Mapping[str, Sequence[str]]


class KoreanCoding(NamedTuple):
    """What a Korean title is coded as; see `coder.Coding`. `words` are the marks found."""

    target: tuple[str, ...]
    tone: int
    speaker: str
    theme: tuple[str, ...]
    words: tuple[str, ...]


def is_korean(title: str) -> bool:
    """Whether a title is written in Hangul."""
    if title.isascii():  # most are, and looking at every letter would take longer than coding
        return False
    letters = [char for char in title if char.isalpha()]
    return sum("\uac00" <= char <= "\ud7a3" for char in letters) > LEAST * len(letters)


def code_korean(titles: Sequence[str]) -> list[KoreanCoding]:
    """Codes of Korean titles, in their order.

    Raises:
        InputError: if the optional kiwipiepy, which tells words from parts of words, is not installed.
    """
    return [_coded(title, words) for title, words in zip(titles, _words(titles), strict=True)]


def _words(titles: Sequence[str]) -> list[frozenset[str]]:
    """The words of each title by themselves, without particles and endings."""
    try:
        return [frozenset(token.form for token in tokens) for tokens in _analyser().tokenize(list(titles))]
    except ModuleNotFoundError as error:
        raise InputError("Korean titles need kiwipiepy", remedy="pip install 'tocsin[korean]'") from error


@cache
def _analyser() -> Any:
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=1)


@cache
def _lexicon() -> Mapping[str, Marks]:
    data = tomllib.loads((files("tocsin.rhetoric") / "korean.toml").read_text(encoding="utf-8"))
    return MappingProxyType(data)


def _coded(title: str, words: frozenset[str]) -> KoreanCoding:
    found = {block: _found(title, words, marks) for block, marks in _lexicon().items()}
    tone = next(
        (value for name, value in (("hostile", -2), ("critical", -1), ("friendly", 1)) if name in found["tone"]), 0
    )
    speaker = next((name for name in ("newspaper", "official", "foreign") if name in found["speaker"]), "kcna")
    themes = sorted(found["theme"], key=lambda name: found["theme"][name][0])
    marks = dict.fromkeys(mark for block in found.values() for _, mark in block.values())
    return KoreanCoding(tuple(sorted(found["target"])), tone, speaker, tuple(themes) or ("other",), tuple(marks))


def _found(title: str, words: frozenset[str], marks: Marks) -> dict[str, tuple[int, str]]:
    """The groups that have a mark in a title: where the first of it stands, and the mark."""
    groups: dict[str, tuple[int, str]] = {}
    for group, some in marks.items():
        places = [(title.find(mark), mark) for mark in some if mark in title and (len(mark) > 1 or mark in words)]
        if places:
            groups[group] = min(places)
    return groups
