"""In every language the word of a likelihood is that of the band of the number beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assessment.code_words import CLAIM_WORDS, CONFIDENCE_WORDS
from tocsin.assessment.result import Basis
from tocsin.assessment.words import SCALE, VERDICT_WORDS, phrase
from tocsin.report.wording import comes_true_with, holds_with, is_likely
from tocsin.translation import LANGUAGES, Translator

PAGE = Path(__file__).parents[2] / "docs" / "languages.md"
BOUNDS = {
    "below 5 %": (0, 4), "5% 미만": (0, 4), "5%未満": (0, 4), "<1 %": (0, 0), "1% 미만": (0, 0), "1%未満": (0, 0),
    "above 95 %": (96, 100), "95% 초과": (96, 100), "95%超": (96, 100), ">99 %": (100, 100), "99% 초과": (100, 100), "99%超": (100, 100),
}  # fmt: skip
"""The percentages that a text without a figure of its own stands for, in each language."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", [dict(SCALE), VERDICT_WORDS, CLAIM_WORDS, CONFIDENCE_WORDS])
def test_every_word_is_translated_and_no_two_are_the_same(language: str, table: dict[object, str]) -> None:
    translator = Translator(language=language)
    words = [translator.plain(word) for word in table.values()]
    assert translator.missing == set()
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("language", LANGUAGES)
@given(probability=st.floats(0.0, 1.0), basis=st.sampled_from(["model", "estimate", "facts"]))
def test_the_word_agrees_with_the_number_in_brackets(language: str, probability: float, basis: Basis) -> None:
    translator = Translator(language=language)
    said = translator.plain(phrase(probability, basis))
    word, number = re.fullmatch(r"(.+?) ?[(（](.+)[)）]", said).groups()  # type: ignore[union-attr]
    low, high = BOUNDS.get(number) or (int(re.sub(r"\D", "", number)),) * 2
    for value in (low, high):
        assert word == translator.plain(next(band for edge, band in SCALE if value < edge))
    for sentence in (is_likely, holds_with, comes_true_with):
        assert number in translator.plain(sentence(probability, basis))
        assert word in translator.plain(sentence(probability, basis))


def test_the_page_on_languages_shows_the_bands() -> None:
    text = PAGE.read_text(encoding="utf-8")
    edges = [0, *(edge for edge, _ in SCALE)]
    for (edge, word), low in zip(SCALE, edges, strict=False):
        cells = [Translator(language=language).plain(word) for language in LANGUAGES]
        assert f"| {low}–{min(edge - 1, 100)} | {' | '.join(cells)} |" in text
