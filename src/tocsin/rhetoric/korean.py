"""Code Korean titles by lexicon, because no labelled Korean titles exist to learn from.

The codes help to sort titles; they have no probabilities. Syntax is ignored: a harsh word counts against every state named. The marks
come from general knowledge of the outlets' language, and nobody has measured their accuracy.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, NamedTuple

from tocsin.errors import InputError
from tocsin.translation import message

MIN_HANGUL = 0.3
"""A title with a larger share of Hangul among its letters is Korean."""
Marks = Mapping[str, Sequence[str]]


class KoreanCoding(NamedTuple):
    """The codes of a Korean title; see `coder.Coding`. `words` are the marks in it."""

    target: tuple[str, ...]
    tone: int
    speaker: str
    theme: tuple[str, ...]
    words: tuple[str, ...]


def is_korean(title: str) -> bool:
    """Return whether a title is written in Hangul."""
    if title.isascii():  # most titles are, and a test of every letter would take longer than coding
        return False
    letters = [char for char in title if char.isalpha()]
    return sum("\uac00" <= char <= "\ud7a3" for char in letters) > MIN_HANGUL * len(letters)


def code_korean(titles: Sequence[str]) -> list[KoreanCoding]:
    """Return the codes of Korean titles.

    Raises:
        InputError: if the optional kiwipiepy, which splits Korean into words, is not installed.
    """
    return [_coded(title, words) for title, words in zip(titles, _words(titles), strict=True)]


def _words(titles: Sequence[str]) -> list[frozenset[str]]:
    """Return the words of each title without particles and endings."""
    try:
        return [frozenset(token.form for token in tokens) for tokens in _analyser().tokenize(list(titles))]
    except ModuleNotFoundError as error:
        raise InputError(
            message("Korean titles need kiwipiepy"),
            remedy=message("run `pip install 'tocsin[korean]'`"),
        ) from error


@cache
def _analyser() -> Any:
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=1)


@cache
def _lexicon() -> Mapping[str, Marks]:
    data = tomllib.loads((files("tocsin.rhetoric") / "korean.toml").read_text(encoding="utf-8"))
    return MappingProxyType(data)


def _coded(title: str, words: frozenset[str]) -> KoreanCoding:
    groups = {block: _matches(title, words, marks) for block, marks in _lexicon().items()}
    tone = next(
        (value for name, value in (("hostile", -2), ("critical", -1), ("friendly", 1)) if name in groups["tone"]), 0
    )
    speaker = next((name for name in ("newspaper", "official", "foreign") if name in groups["speaker"]), "kcna")
    themes = sorted(groups["theme"], key=lambda name: groups["theme"][name][0])
    marks = dict.fromkeys(mark for block in groups.values() for _, mark in block.values())
    return KoreanCoding(tuple(sorted(groups["target"])), tone, speaker, tuple(themes) or ("other",), tuple(marks))


def _matches(title: str, words: frozenset[str], marks: Marks) -> dict[str, tuple[int, str]]:
    """Return the position of the first mark and the mark, for each group with a mark in the title."""
    first: dict[str, tuple[int, str]] = {}
    for group, group_marks in marks.items():
        matches = [
            (title.find(mark), mark) for mark in group_marks if mark in title and (len(mark) > 1 or mark in words)
        ]
        if matches:
            first[group] = min(matches)
    return first
