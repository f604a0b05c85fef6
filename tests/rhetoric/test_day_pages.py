"""Pages that hold all items of a day become one statement for each item."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rhetoric.archived import read_all, run

from tocsin.rhetoric.archive import Statement
from tocsin.rhetoric.archive.day_pages import read_day_page

HEAD = "<html><head><title>NEWS From Agency - Oct. 27, 2004</title></head><body><b>calendar&gt;&gt;October 27. 2004 Juche 93</b><hr>"
INDEX = "<ul><li>Budget denounced<li>Gift received</ul><hr>"
FOOT = "<hr><i>Copyright (C) All Rights Reserved.</i></body></html>"
FILLER = (
    "The authorities have recently decided to raise the budget, and this is a dangerous move that goes on for a while."
)
ITEMS = [
    f"<p><a name='0'></a><b>Budget denounced</b><p>   Pyongyang, October 27 (KCNA) -- {FILLER}<p>More of it.",
    f"<p><a name='1'></a><b>Gift received</b><p>   Pyongyang, October 26 (KCNA) -- {FILLER}",
]


def read(tmp_path: Path, source: str) -> list[Statement]:
    (tmp_path / "27.htm").write_text(source, encoding="utf-8")
    return read_all(tmp_path / "27.htm")[0]


def test_a_page_of_a_day_gives_its_items_with_title_text_day_and_outlet(tmp_path: Path) -> None:
    first, second = read(tmp_path, HEAD + INDEX + "<hr>".join(ITEMS) + FOOT)
    assert (first.title, second.title) == ("Budget denounced", "Gift received")
    assert first.text == f"Pyongyang, October 27 (KCNA) -- {FILLER}\nMore of it."
    assert second.text.startswith("Pyongyang, October 26 (KCNA) --") and "Copyright" not in second.text
    assert {(one.date, one.outlet, one.language) for one in (first, second)} == {(dt.date(2004, 10, 27), "kcna", "en")}


def test_the_items_of_a_page_with_an_address_have_different_addresses(tmp_path: Path) -> None:
    link = "<link rel=canonical href='http://www.kcna.co.jp/item/2004/200410/news10/27.htm'></head>"
    statements = read(tmp_path, HEAD.replace("</head>", link) + INDEX + "<hr>".join(ITEMS) + FOOT)
    assert [str(one.address)[-9:] for one in statements] == ["/27.htm#0", "/27.htm#1"]


def test_three_datelines_divide_a_page_without_rules(tmp_path: Path) -> None:
    third = "<p><b>Embassy Opened in U.S.</b><br>Pyongyang, October 27 (KCNA) -- It opened.<p>A photo (KCNA) shows it."
    head = HEAD.replace("<hr>", "")
    foot = FOOT.replace("<hr>", "<p>")
    statements = read(tmp_path, head + ITEMS[0] + ITEMS[1] + third + foot)
    assert [one.title for one in statements] == ["Budget denounced", "Gift received", "Embassy Opened in U.S."]
    assert statements[0].text == f"Pyongyang, October 27 (KCNA) -- {FILLER}\nMore of it."
    assert statements[2].text.endswith("A photo (KCNA) shows it.")
    assert {(one.date, one.outlet) for one in statements} == {(dt.date(2004, 10, 27), "kcna")}
    assert len(read(tmp_path, head + ITEMS[0] + ITEMS[1] + foot)) == 1


def test_datelines_below_sentences_divide_nothing() -> None:
    paragraphs = "".join(f"<p>Pyongyang, October {day} (KCNA) -- {FILLER}" for day in (25, 26, 27, 28))
    assert read_day_page(f"<h1>A week in review</h1>{paragraphs}") is None


def test_items_without_a_dateline_are_kept(tmp_path: Path) -> None:
    bare = f"<p><b>Slogans</b><p>{FILLER}"
    short = "<p><b>Correction</b><p>Read 5 for 6."
    statements = read(tmp_path, HEAD + "<hr>".join([ITEMS[0], short, ITEMS[1], bare]) + FOOT)
    assert [one.title for one in statements] == ["Budget denounced", "Correction", "Gift received", "Slogans"]
    assert statements[3].text == FILLER


def test_korean_and_japanese_datelines_divide_a_page(tmp_path: Path) -> None:
    korean = "<h3>군국주의를 규탄</h3><p>(평양 10월 27일발 조선중앙통신) 본문이다.<hr><h3>선물</h3><p>(평양 10월 26일발 조선중앙통신) 본문."
    assert [(one.title, one.outlet) for one in read(tmp_path, korean)] == [
        ("군국주의를 규탄", "kcna"),
        ("선물", "kcna"),
    ]
    japanese = (
        "<b>防衛費</b><p>【平壌10月27日発朝鮮中央通信】本文。<hr><b>贈り物</b><p>【平壌10月27日発朝鮮中央通信】本文。"
    )
    assert [one.title for one in read(tmp_path, japanese)] == ["防衛費", "贈り物"]


def test_other_pages_with_rules_stay_whole() -> None:
    assert read_day_page(HEAD + ITEMS[0] + FOOT) is None
    assert read_day_page(HEAD + "".join(ITEMS) + FOOT) is None  # no rule divides them
    assert read_day_page(f"<b>a</b><p>{FILLER}<hr><b>b</b><p>On October 27 (Monday) - {FILLER}") is None
    assert read_day_page("") is None


def test_a_page_of_a_day_without_a_day_is_doubtful(tmp_path: Path) -> None:
    source = "<hr>".join(f"<b>Item {index}</b><p>Pyongyang, October 27 (KCNA) -- {FILLER}" for index in range(5))
    (tmp_path / "27.htm").write_text(source)
    code, output = run("add", tmp_path / "27.htm", "--archive", tmp_path / "a.db")
    assert code == 1 and "of 5 rows 5 have no day" in output


def test_the_shared_page_of_a_day_gives_four_items(shared: Path) -> None:
    statements, _ = read_all(shared / "faults" / "rhetoric" / "html" / "27.htm")
    assert len(statements) == len({one.title for one in statements}) == 4
    assert {one.date for one in statements} == {dt.date(2004, 10, 27)} and all(one.text for one in statements)
    for name in ("kcna_detail.html", "rodong_2025.html", "yonhap.html", "nhk.html"):
        assert len(read_all(shared / "faults" / "rhetoric" / "html" / name)[0]) == 1


@given(st.text(st.sampled_from("<hr>b/ aPyongyang, October 27 (KCNA) -- \n"), max_size=200))
def test_no_page_breaks_the_division(source: str) -> None:
    for text in (source, HEAD + "<hr>".join([*ITEMS, source]) + FOOT):
        page = read_day_page(text)
        assert page is None or len(page.items) >= 2


@pytest.mark.parametrize(
    "title", ["9 March 2024", "KCNA 9 March 2024", "News of 9 March 2024 | KCNA", "KCNA - March 9, 2024"]
)
@pytest.mark.parametrize("dateline", ["Pyongyang, March 9 (KCNA) --", "Pyongyang (KCNA) --", "(KCNA) --"])
def test_the_title_of_a_day_page_gives_its_items_their_day(title: str, dateline: str, tmp_path: Path) -> None:
    items = "<hr>".join(f"<p><b>{name}</b><p>{dateline} {FILLER}" for name in ("Budget denounced", "Gift received"))
    statements = read(tmp_path, f"<html><title>{title}</title><body><hr>{items}<hr></body></html>")
    assert [(one.title, one.date, one.outlet) for one in statements] == [
        ("Budget denounced", dt.date(2024, 3, 9), "kcna"), ("Gift received", dt.date(2024, 3, 9), "kcna"),
    ]  # fmt: skip


def test_a_bracket_that_names_no_outlet_is_no_dateline() -> None:
    items = "<hr>".join(f"<p><b>{name}</b><p>Seoul (see below) -- {FILLER}" for name in ("One", "Two"))
    assert read_day_page(f"<title>9 March 2024</title><hr>{items}<hr>") is None
