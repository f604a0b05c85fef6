"""Texts read as English strings, and render in another language from their templates and values."""

from __future__ import annotations

import copy
import datetime
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from pydantic import BaseModel
from tests.translation.support import Marked

from tocsin.translation import (
    Said,
    Text,
    Translator,
    clause,
    clip,
    day,
    in_sentences,
    key_words,
    listed,
    message,
    message_in,
    plural,
    scaled,
    sentence,
)
from tocsin.translation.stored_text import STORED, from_data, to_data

WORDS = {
    ("", "Of {claims}, {share} hold."): "{claims} 가운데 {share:이} 옳다.",
    ("", "{count} claim"): "주장 {count}건",
    ("", "{number} %"): "{number}%",
    ("list", "{first} and {after}"): "{first:과} {after}",
    ("list", "{first}, {after}"): "{first}, {after}",
    ("sentences", "{first} {after}"): "{first} {after}",
    ("verdict", "holds"): "옳음",
}
KOREAN = Translator(language="ko", words=WORDS)


def example() -> Text:
    return message(
        "Of {claims}, {share} hold.",
        claims=plural("{count} claim", "{count} claims", 1200),
        share=message("{number} %", number=40),
    )


def test_a_text_is_its_english_sentence() -> None:
    assert example() == "Of 1,200 claims, 40 % hold."
    assert plural("{count} claim", "{count} claims", 1) == "1 claim"
    assert Translator().plain(example()) == str(example())


def test_a_translation_orders_the_values_as_it_likes_and_asks_for_particles() -> None:
    assert KOREAN.plain(example()) == "주장 1,200건 가운데 40%가 옳다."
    assert KOREAN.missing == set()


def test_equal_english_words_differ_by_context() -> None:
    assert KOREAN.plain(message_in("verdict", "holds")) == "옳음"
    assert KOREAN.plain(message("holds")) == "holds"


def test_what_nobody_translated_stands_in_english_and_is_counted() -> None:
    translator = Translator(language="ko", words=WORDS)
    said = message("Nobody wrote {what}.", what=message("{number} %", number=5))
    assert translator.plain(said) == "Nobody wrote 5%."
    assert translator.html(said) == '<span lang="en">Nobody wrote 5%.</span>'
    assert translator.missing == {"Nobody wrote {what}."}


def test_a_text_in_the_language_of_the_reader_needs_no_translation() -> None:
    texts = {"서울이 멀어진다.": "", "Seoul drifts.": ""}
    for language, own, missing in (("ko", "en", "Seoul drifts."), ("en", "ko", "서울이 멀어진다.")):
        translator = Translator(language=language, own=own, texts=texts)
        for text in texts:
            translator.html(text)
        assert translator.missing == {missing}


def test_texts_of_a_case_come_from_its_translations_and_are_marked_where_one_is_missing() -> None:
    translator = Translator(language="ko", words=WORDS, texts={"Japan arms.": "일본이 무장한다.", "Seoul drifts.": ""})
    assert translator.html("Japan arms.") == "일본이 무장한다."
    assert translator.html("Seoul drifts.") == '<span lang="en">Seoul drifts.</span>'
    assert translator.missing == {"Seoul drifts."}
    assert translator.plain(clip("Japan arms.", 5)) == "일본이 무장한다"


def test_a_passage_in_another_script_has_its_language_in_html() -> None:
    page = Translator()
    assert page.html("KCNA, 조선중앙통신, 2026") == 'KCNA, <span lang="ko">조선중앙통신</span>, 2026'
    assert page.html("防衛白書を読む") == '<span lang="ja">防衛白書を読む</span>'
    assert Translator(language="ko", own="ko").html("평양 Pyongyang") == '평양<span lang="en"> Pyongyang</span>'


def test_keys_have_names_of_the_case_in_another_language() -> None:
    assert key_words("strait_of_x") == "strait of x"
    assert Translator(language="ja", names={"korea": "朝鮮半島"}).plain(key_words("korea")) == "朝鮮半島"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "7 January 2026"), ("ko", "2026년 1월 7일"), ("ja", "2026年1月7日")]
)
def test_days_are_written_as_the_language_writes_them(language: str, said: str) -> None:
    assert Translator(language=language).plain(day(datetime.date(2026, 1, 7))) == said


@pytest.mark.parametrize(
    ("digits", "exponent", "english", "korean", "japanese"),
    [
        ("9.04", 12, "9.04 trillion", "9조 400억", "9兆400億"),
        ("57.7", 9, "57.7 billion", "577억", "577億"),
        ("1.1705", 6, "1.1705 million", "117만 500", "117万500"),
        ("−3", 9, "−3 billion", "−30억", "−30億"),
        ("1,170.5", 12, "1,170.5 trillion", "1170조 5000억", "1170兆5000億"),
        ("12,345", 12, "12,345 trillion", "12,345조", "12,345兆"),
        ("9.0000005", 6, "9.0000005 million", "900만 0.5", "900万0.5"),
    ],
)
def test_large_numbers_have_the_words_of_the_language(
    digits: str, exponent: int, english: str, korean: str, japanese: str
) -> None:
    number = scaled(digits, exponent)
    said = [Translator(language=language).plain(number) for language in ("en", "ko", "ja")]
    assert [number, *said] == [english, english, korean, japanese]


def test_lists_read_as_prose_and_long_texts_are_cut() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert KOREAN.plain(listed(["미국", "일본", "한국"])) == "미국, 일본과 한국"
    assert clip("One two three four.", 3) == "One two three …"
    assert clip("One two.", 3) == "One two"
    assert clip("One two ...", 3) == "One two ..."
    assert clip("A loss of a part of the whole.", 5) == "A loss of a part …"
    assert clip("A loss of a part of the whole.", 4) == "A loss …"


@pytest.mark.parametrize(
    ("text", "words", "cut"),
    [
        ("It feels fear, and shows it.", 9, "It feels fear, and shows it"),
        ("It feels that old fear, and it shows it.", 7, "It feels that old fear …"),
        ("In 1997, part of what it said was habit.", 6, "In 1997, part of what it …"),
    ],
)
def test_a_quotation_is_cut_at_a_clause_that_ends_late_enough(text: str, words: int, cut: str) -> None:
    assert clause(text, words) == cut


def test_japanese_is_cut_by_characters() -> None:
    translator = Translator(
        language="ja", texts={"It is long, and it goes on.": "これは長い文であり、まだまだ続いていく文である。"}
    )
    assert translator.plain(clause("It is long, and it goes on.", 5)) == "これは長い文であり…"


def test_japanese_without_a_stop_is_cut_after_a_particle() -> None:
    translator = Translator(language="ja", texts={"It tilts.": "日本の増強は朝鮮半島とその周辺の軍事バランスを傾ける"})
    assert translator.plain(clip("It tilts.", 7)) == "日本の増強は朝鮮半島とその周辺の…"


def test_sentences_get_a_capital_and_the_stop_of_their_language() -> None:
    assert sentence("by the facts") == "By the facts."
    assert sentence("") == ""
    assert Translator(language="ja", texts={"so": "そのとおり"}).plain(sentence("so")) == "そのとおり。"
    assert Translator(language="ja").plain(sentence("so")) == "So."
    assert in_sentences("A.", "", "B.") == "A. B."


@given(st.text(), st.text())
def test_html_escapes_every_value(says: str, name: str) -> None:
    shown = Translator().html(message("{says} of {name}", says=says, name=clip(name, 3)))
    bare = str(shown).replace('<span lang="ko">', "").replace('<span lang="ja">', "").replace("</span>", "")
    assert not set("<>\"'") & set(bare)


def test_markup_passes_as_it_is() -> None:
    link = Markup('<a href="#C1">C1</a>')
    assert Translator().html(message("See {claim} & more", claim=link)) == 'See <a href="#C1">C1</a> &amp; more'


TEXTS = [
    example(),
    listed(["a", example(), clip("One two three", 2)]),
    sentence(clause("one two", 9)),
    key_words("a_b"),
    day(datetime.date(2026, 1, 7)),
    scaled("57.7", 9),
    message_in("verdict", "holds"),
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_survives_storing_copying_and_pickling(text: Text) -> None:
    for again in (
        from_data(json.loads(json.dumps(to_data(text)))),
        copy.deepcopy(text),
        pickle.loads(pickle.dumps(text)),
    ):
        assert type(again) is type(text)
        assert str(again) == str(text)
        assert to_data(again) == to_data(text)
        assert KOREAN.plain(again) == KOREAN.plain(text)


class Result(BaseModel):
    note: Said


def test_a_text_without_a_template_survives_storing_and_pickling() -> None:
    assert to_data(Text("12")) == "12"
    assert pickle.loads(pickle.dumps(Text("12"))) == "12"


def test_json_holds_the_english_and_a_stored_run_the_template() -> None:
    result = Result(note=example())
    assert json.loads(result.model_dump_json()) == {"note": "Of 1,200 claims, 40 % hold."}
    again = Result.model_validate_json(result.model_dump_json(context={STORED: True}))
    assert KOREAN.plain(again.note) == "주장 1,200건 가운데 40%가 옳다."
    assert Result.model_json_schema()["properties"]["note"]["type"] == "string"


@pytest.mark.parametrize("data", [None, [], {"message": 1}, {"joined": "and"}, {"day": 3}])
def test_what_is_no_text_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="not a text"):
        from_data(data)


def test_a_message_marks_all_its_words() -> None:
    assert Translator(language="ko", words=Marked()).plain(plural("{count} claim", "{count} claims", 2)) == "⟦2 claim⟧"
