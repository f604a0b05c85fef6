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


def used() -> set[str]:
    """Return the texts that the screens take: the literals of `t`, and those marked by `word`."""
    source = "\n".join(file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.ts*"))
    said = re.findall(r'\b(?:t|word)\(\s*"((?:[^"\\]|\\.)*)"', source)
    return {text.replace('\\"', '"') for text in said}


def test_the_screens_use_these_words_and_no_others() -> None:
    assert used() == set(WORDS)


def test_each_word_is_listed_once() -> None:
    assert [word for word, count in Counter(WORDS).items() if count > 1] == []


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
