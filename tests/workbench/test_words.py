"""The words of the screens are complete in every language."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

from tocsin.translation import LANGUAGES
from tocsin.workbench.words import WORDS, words

SOURCE = Path(__file__).parents[2] / "frontend" / "src"


TEXT = r'"((?:[^"\\]|\\.)*)"'


def literals(pattern: str) -> list[str]:
    """Return the texts that match the groups of a pattern in the source of the screens."""
    source = "\n".join(file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.ts*"))
    return [text.replace('\\"', '"') for match in re.finditer(pattern, source) for text in match.groups()]


def used() -> set[str]:
    """Return the texts that the screens take: the literals of `t`, those marked by `word`, and both of `plural`."""
    return {*literals(rf"\b(?:t|word)\(\s*{TEXT}"), *literals(rf"\bplural\(\s*{TEXT},\s*{TEXT}")}


def test_the_screens_use_these_words_and_no_others() -> None:
    assert used() == set(WORDS)


def test_each_word_is_listed_once() -> None:
    assert [word for word, count in Counter(WORDS).items() if count > 1] == []


def test_a_count_before_a_noun_has_a_text_for_one() -> None:
    alone = literals(rf"\b(?:t|word)\(\s*{TEXT}")
    assert [text for text in alone if re.search(r"\{count\} (?:other )?[a-z]+s\b", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_of_values_stay(language: str) -> None:
    for english, said in words(language).items():
        assert sorted(name for _, name, _, _ in Formatter().parse(said) if name) == sorted(
            name for _, name, _, _ in Formatter().parse(english) if name
        )


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_word_is_translated(language: str) -> None:
    same = [english for english, said in words(language).items() if said == english]
    assert same == ["YAML"]
