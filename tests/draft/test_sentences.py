"""Splitting text into sentences: abbreviations, initials, decimals, quotations."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.draft.sentences import MAX_QUOTE, Sentence, short_quote, split_sentences


@pytest.mark.parametrize(
    "parts",
    [
        ("The U.S. Army left.", "It came back."),
        ("He lives in the U.S.", "The move was sudden."),
        ("Gen. Park and Mr. Lee met at 9 a.m. on Jan. 6.", "They agreed."),
        ("Output rose 3.5 percent.", "Prices fell 0.2 percent."),
        ("J. R. Smith wrote it.", "No. 7 was sunk."),
        ("“We won,” he said.", "“It is over.”", "Nobody cheered."),
        ("Why now?", "Because they can!", "So be it."),
        ("It waited ... and waited.", "Then it struck."),
        ("Trade (mostly oil, etc.) fell.", "Wages did not."),
        ("The firm is Example Inc.", "It sells arms to the U.K. and others."),
        ("Is it “war”?", "Yes."),
    ],
)
def test_sentences_end_where_a_reader_ends_them(parts: tuple[str, ...]) -> None:
    assert tuple(sentence.text for sentence in split_sentences([" ".join(parts)])) == parts


@pytest.mark.parametrize(
    "parts",
    [
        ("예산은 2.5% 늘었다.", "“전쟁이다!”라고 그는 말했다.", "왜 지금인가?", "U.S. 동맹이 답이다."),
        ("予算は9兆400億円だ。", "「準備だ。許せない。」と伝えた。", "なぜ今なのか？！", "答えは（おそらく。）ない。"),
        ("「終わらない。", "括弧が閉じていない。"),
    ],
)
def test_korean_and_japanese_sentences_end_where_a_reader_ends_them(parts: tuple[str, ...]) -> None:
    between = " " if "예산" in parts[0] else ""
    assert tuple(sentence.text for sentence in split_sentences([between.join(parts)])) == parts


def test_a_long_paragraph_without_blanks_is_split_in_a_moment() -> None:
    assert len(split_sentences(["「あ」" * 50_000 + "い。" * 50_000])) == 50_000


def test_a_quote_of_japanese_counts_two_characters_as_a_word() -> None:
    assert short_quote("北朝鮮は日本を恐れている。", 3) == "北朝鮮は日本 ..."
    assert short_quote("北朝鮮は", 2) == "北朝鮮は"


def test_a_question_within_a_sentence_does_not_end_it() -> None:
    assert len(split_sentences(["“Why?” he asked, and left."])) == 1


def test_paragraphs_end_sentences_and_numbers_run_through() -> None:
    sentences = split_sentences(["One thing. Another", "A third."])
    assert [(sentence.number, sentence.text) for sentence in sentences] == [
        (1, "One thing."), (2, "Another"), (3, "A third."),
    ]  # fmt: skip


@given(st.lists(st.text(max_size=80), max_size=6))
def test_no_letter_is_lost_or_repeated(paragraphs: list[str]) -> None:
    letters = [c for text in paragraphs for c in text if c.isalpha()]
    assert [c for sentence in split_sentences(paragraphs) for c in sentence.text if c.isalpha()] == letters


def test_the_hash_is_that_of_the_text_and_blanks_do_not_change_it() -> None:
    one, other = (split_sentences([text])[0] for text in ("The  army\ngrew.", "The army grew."))
    assert one.hash == other.hash == hashlib.sha256(b"The army grew.").hexdigest()[:16]


@given(st.text(max_size=300))
def test_a_quote_has_at_most_twelve_words_and_no_control_characters(text: str) -> None:
    quote = Sentence(1, text).quote
    assert len(quote.removesuffix(" ...").split()) <= MAX_QUOTE
    assert quote.isprintable()


def test_a_short_quote_shows_that_it_is_cut() -> None:
    assert short_quote("one two three", 2) == "one two ..."
    assert short_quote("one two", 2) == "one two"
