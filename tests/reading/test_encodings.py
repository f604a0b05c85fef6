"""Encodings: texts are decoded rightly or refused, and bytes that do not fit are counted."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.reading import encodings
from tocsin.reading.encodings import MAX_BAD, Decoded, decode, decode_any, detect_encoding
from tocsin.reading.guessing import MIN_SHARES, SYLLABLES

KOREAN, JAPANESE = "일본은 군국주의 책동을 걷어치워야 한다", "これは日本のニュースです"
CHINESE = "外交部发言人就日本防卫预算答记者问,日本防卫预算连续十四年创历史新高"
TAIWAN = "外交部發言人就日本防衛預算答記者問"
RUSSIAN = "Комментарий официального представителя МИД России о военном бюджете Японии"
ENGLISH = "Japan’s Record Military Budget Denounced"
PAGE = "<html><head><title>{0}</title></head><body><p>{0} (KCNA) -- {0} F-35A, NATO.</p></body></html>"
DOCS = Path(__file__).resolve().parents[2] / "docs/archive.md"


def decoded(data: bytes, declared: str | None = None) -> Decoded:
    result = decode_any(data, declared)
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", KOREAN), ("utf-8-sig", JAPANESE), ("utf-16", KOREAN), ("utf-32", JAPANESE), ("cp949", KOREAN), ("euc_kr", KOREAN),
        ("euc_jp", JAPANESE), ("shift_jis", JAPANESE), ("ascii", "Japan"), ("gbk", CHINESE), ("gb18030", CHINESE), ("cp1252", ENGLISH),
        ("cp1252", "Nordkorea verurteilt Japans Rüstung – Erklärung des Außenministeriums"), ("latin-1", "Le Japon accélère sa remilitarisation"),
        ("latin-1", "Declaración del portavoz: Japón acelera la militarización"), ("cp1252", "Declarações do porta-voz: ação, não palavras"),
        ("cp949", "NATO가 F-35전투기를 일본에 배비하려고 하고있다"), ("cp949", f"id,title\n1,{ENGLISH.replace('’', ' ')}\n2,{KOREAN}\n"),
    ],
)  # fmt: skip
def test_a_text_is_decoded_without_a_declaration(encoding: str, text: str) -> None:
    assert decoded(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("big5", TAIWAN), ("cp1251", RUSSIAN), ("koi8-r", RUSSIAN), ("mac-roman", ENGLISH * 3), ("cp1250", "Łódź, žluťoučký kůň, Świętokrzyskie"),
        ("cp949", "일본"), ("gbk", "日本"), ("iso8859-7", "Η Ιαπωνία επιταχύνει"),
    ],
)  # fmt: skip
def test_a_text_whose_letters_show_no_encoding_is_refused(encoding: str, text: str) -> None:
    assert decode_any(text.encode(encoding)) is None


@pytest.mark.parametrize("text", [KOREAN, PAGE.format(KOREAN)])
@pytest.mark.parametrize(
    "declared",
    ["iso-8859-1", "utf-8", "windows-1252", "x-windows-949", "ks_c_5601-1987", "euc-kr", "gb2312", None, "nonsense"],
)
def test_korean_is_read_whatever_the_file_declares(text: str, declared: str | None) -> None:
    assert decoded(text.encode("cp949"), declared).text == text


def test_a_declaration_counts_unless_the_letters_contradict_it() -> None:
    assert decoded("日本".encode("euc_jp"), "EUC-JP").text == "日本"
    assert decoded("日本の".encode("iso2022_jp"), "iso-2022-jp").text == "日本の"
    assert decoded(KOREAN.encode("iso2022_kr"), "iso-2022-kr").text == KOREAN
    assert decoded(KOREAN.encode(), "euc-kr").text == KOREAN
    assert decoded(RUSSIAN.encode("cp1251"), "windows-1251").text == RUSSIAN
    assert decoded(TAIWAN.encode("big5"), "big5").text == TAIWAN
    assert decoded("Þór á Íslandi".encode("latin-1"), "iso-8859-1").text == "Þór á Íslandi"
    assert decode_any(RUSSIAN.encode("cp1251"), "iso-8859-1") is None
    assert decode_any(TAIWAN.encode("big5"), "windows-1252") is None


def test_a_guess_and_a_wrong_declaration_are_reported() -> None:
    assert decoded(KOREAN.encode("cp949"), "euc-kr").encoding.note == ""
    assert "no encoding declared; read as EUC-KR (CP949)" in decoded(KOREAN.encode("cp949")).encoding.note
    assert "declared as utf-8; read as EUC-KR" in decoded(KOREAN.encode("cp949"), "utf-8").encoding.note
    assert "read as Windows-1252" in decoded(ENGLISH.encode("cp1252")).encoding.note


@pytest.mark.parametrize("text", [KOREAN * 3, PAGE.format(KOREAN), PAGE.format("Japan")])
@pytest.mark.parametrize(
    ("encoding", "declared"), [("utf-8", "utf-8"), ("utf-8", None), ("cp949", "euc-kr"), ("cp949", None)]
)
def test_a_bad_byte_is_replaced_and_counted(text: str, encoding: str, declared: str | None) -> None:
    result = decoded(text.encode(encoding) + b"\xff", declared)
    assert result.text == text + "\ufffd"
    assert result.encoding.replaced == 1 and "in 1 place, in line 1" in result.encoding.note


def test_more_bad_bytes_than_the_stated_share_refuse_a_text() -> None:
    assert MAX_BAD == (1 / 1000, 1 / 50)
    assert decoded(b"a" * 3_000 + b"\xff \xff \xff").encoding.replaced == 3
    assert decode_any(b"a" * 2_000 + b"\xff \xff \xff") is None
    assert decoded((KOREAN * 10).encode() + b"\xff \xff \xff").encoding.replaced == 3


@pytest.mark.parametrize("half", [b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xed\xa0\xbd\xed\xb8\x80"])
@pytest.mark.parametrize("text", ["title", f"title\n{ENGLISH}", f"title\n{KOREAN}", "title\né"])
@pytest.mark.parametrize("declared", [None, "euc-kr", "cp1252"])
def test_half_a_surrogate_pair_in_utf_8_is_replaced_and_counted(half: bytes, text: str, declared: str | None) -> None:
    result = decoded(text.encode() + b"\na" + half + b"b\n", declared)
    assert result.text == f"{text}\na{chr(0xFFFD) * len(half)}b\n"
    line = text.count("\n") + 2
    assert result.encoding.name == "utf-8" and result.encoding.replaced == len(half)
    assert f"not UTF-8 replaced by \ufffd in {len(half)} places, first in line {line}" in result.encoding.note


def test_half_a_surrogate_pair_at_the_end_of_a_piece_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "_CHUNK", 4)
    for blanks in range(5):
        assert decoded(b" " * blanks + b"\xed\xa0\x80 \n").encoding.name == "utf-8"


def test_a_replacement_character_of_the_text_itself_is_not_counted() -> None:
    assert decoded("a\ufffdb".encode()).encoding.replaced == 0


def test_letters_late_in_a_large_file_are_judged() -> None:
    text = "id,title\n" + "1,plain words\n" * 200_000 + f"2,{KOREAN}\n"
    assert decoded(text.encode("cp949")).text == text
    line = "plain words " * 200_000 + KOREAN
    assert decoded(line.encode("cp949")).text == line


def test_the_documentation_states_the_shares_of_the_code() -> None:
    docs = " ".join(DOCS.read_text(encoding="utf-8").split())
    assert f"at least {MIN_SHARES['cp949']:.0%}".replace("%", " %") in docs
    assert f"{len(SYLLABLES)} most frequent syllables" in docs
    assert (
        f"{MIN_SHARES['gb18030']:.0%}".replace("%", " %") in docs
        and f"{MIN_SHARES['cp932']:.0%}".replace("%", " %") in docs
    )
    assert (
        f"one character in {1 / MAX_BAD[0]:,.0f}" in docs
        and f"one in {1 / MAX_BAD[1]:.0f} of those beyond ASCII" in docs
    )


@given(st.binary(max_size=200), st.sampled_from([None, "euc-kr", "undefined", "utf-16", "cp1252", "hz", "iso-2022-kr"]))
def test_no_bytes_break_the_detection(data: bytes, declared: str | None) -> None:
    encoding = detect_encoding(io.BytesIO(data), declared)
    result = decode_any(data, declared)
    assert (encoding is None) == (result is None)
    if result is not None:
        result.text.encode("utf-8")


@pytest.mark.parametrize(
    "declared", ["undefined", "idna", "unicode_escape", "rot13", "zip", "punycode", "x" * 30, "utf-7"]
)
def test_a_declaration_that_is_no_encoding_of_texts_is_ignored(declared: str) -> None:
    assert decoded(KOREAN.encode("cp949"), declared).text == KOREAN


def test_titles_of_new_year_addresses_are_read_as_korean(shared: Path) -> None:
    import polars as pl

    addresses = pl.read_parquet(shared / "data/dprk_newyear_speeches_ko.parquet")["text_ko"]
    titles = [text[start : start + 24] for text in addresses for start in range(0, len(text) - 24, 400)]
    titles = [title for title in titles if sum("가" <= char <= "힣" for char in title) >= 16]
    results = [decode_any(title.encode("cp949", "ignore")) for title in titles]
    right = sum(result is not None and result.encoding.name == "cp949" for result in results)
    assert len(titles) > 1_000 and right >= 0.99 * len(titles)


def test_the_case_reader_takes_only_utf_8() -> None:
    assert decode("\ufeffa".encode(), "x.csv") == "a"
    with pytest.raises(InputError, match=r"x\.csv:1: UTF-16 text(.|\n)*UTF-8"):
        decode("a,b".encode("utf-16"), "x.csv")
    with pytest.raises(InputError, match=r"x\.csv:2:3: not UTF-8"):
        decode(b"a\nb,\xff", "x.csv")
