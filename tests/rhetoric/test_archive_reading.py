"""Reading pages, feeds and tables: all rows are imported or reported, and no content is run."""

from __future__ import annotations

import datetime as dt
import json
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rhetoric.archived import TODAY, read_all

from tocsin.errors import InputError
from tocsin.rhetoric.archive import reading
from tocsin.rhetoric.archive.markup import markup_text
from tocsin.rhetoric.archive.outlets import detect_language, find_outlet, language_code, outlet_at
from tocsin.rhetoric.archive.reading import Defaults, Parsed, Remark
from tocsin.rhetoric.archive.tables import escape_cell, unescape_cell

SLOW_FIXTURE = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# --- encodings -----------------------------------------------------------------------------------------------------------

KOREAN = "일본은 군국주의 책동을 걷어치워야 한다"


@pytest.mark.parametrize("name", ["bad.csv", "bad.jsonl", "bad.json", "bad.html"])
def test_a_file_in_an_unknown_encoding_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"title\n\xff\xfd\xfa\x80\x81")
    with pytest.raises(InputError, match=rf"{name}: unknown encoding(.|\n)*UTF-8"):
        read_all(tmp_path / name)


@pytest.mark.slow
def test_a_bad_byte_at_the_end_of_a_large_file_is_replaced_and_reported(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"title\n" + b"row\n" * 300_000 + b"last\xff\n")
    items = list(reading.read_file(file, Defaults(today=TODAY)))
    assert isinstance(items[0], Remark) and "not UTF-8 replaced" in items[0].why and not items[0].lost
    assert isinstance(items[-2], Parsed) and items[-2].statement.title == "last\ufffd"
    file.write_bytes(b"title\n" + b"row\n" * 600 + b"\xff\n" * 600)
    with pytest.raises(InputError, match="unknown encoding"):
        next(reading.read_file(file, Defaults(today=TODAY)))


# --- tables --------------------------------------------------------------------------------------------------------------


def test_lost_and_doubtful_rows_are_reported(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text(
        "title,date,rung,mood\nA,2011-01-02,leader,\n,2011-01-02,,\nB,03/04/2011,,\nC,2099-01-01,king,\nD,,,,extra\nE\n",
        encoding="utf-8",
    )
    statements, remarks = read_all(file)
    assert [(statement.title, statement.date, statement.rung) for statement in statements] == [
        ("A", dt.date(2011, 1, 2), "leader"), ("B", None, None), ("C", dt.date(2099, 1, 1), None), ("E", None, None),
    ]  # fmt: skip
    assert [(remark.row, remark.why) for remark in remarks if remark.lost] == [
        (3, "neither title nor text"),
        (6, "5 cells for 4 columns"),
    ]
    doubts = {(remark.row, remark.why[:20]) for remark in remarks if not remark.lost}
    assert doubts == {
        (4, "ambiguous date: day "), (5, "date in the future"), (5, "unknown rung ignored"), (7, "fewer cells than col"),
        (7, "no date"), (None, "ignored columns: moo"),
    }  # fmt: skip


def test_a_quote_that_is_never_closed_is_reported_with_the_lines_it_swallows(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text('title,date\nA,2011-01-02\n"B,2011-01-02\nC,2011-01-02\n', encoding="utf-8")
    statements, remarks = read_all(file)
    assert [statement.title for statement in statements] == ["A"]
    [lost] = [remark for remark in remarks if remark.lost]
    assert lost.row == 3 and "to line 4" in lost.why


def test_markup_text_many_lines_in_a_cell_and_rows_are_counted_by_line(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text('title,text\r\nA,"one\r\ntwo"\r\n,\r\n"B ""b""",x\r\n', encoding="utf-8", newline="")
    statements, remarks = read_all(file)
    assert [(statement.title, statement.text) for statement in statements] == [("A", "one\r\ntwo"), ('B "b"', "x")]
    assert [remark.row for remark in remarks if remark.lost] == [4]


def test_invalid_lines_of_jsonl_are_reported(tmp_path: Path) -> None:
    lines = tmp_path / "x.jsonl"
    deep = "[" * 100_000
    lines.write_text(
        f'{{"title": "A"}}\nnot json\n[1]\n{{"headline": "B", "text": 5}}\n{{"title": {{"a": 1}}}}\n{deep}\n\n{{"title": "\\ud800x\\u0000"}}\n',
        encoding="utf-8",
    )
    statements, remarks = read_all(lines)
    assert [(statement.title, statement.text) for statement in statements] == [
        ("A", ""),
        ("B", "5"),
        ("\ufffdx\ufffd", ""),
    ]
    assert [remark.row for remark in remarks if remark.lost] == [2, 3, 5, 6]
    assert any(remark.row == 8 and "surrogate" in remark.why for remark in remarks)


def test_json_and_parquet_give_rows(tmp_path: Path) -> None:
    rows = [{"Title": "A", "LANG": "kr", "url": "http://www.kcna.kp/x", "id": 7}, "no", {"headline": "B"}]
    (tmp_path / "x.json").write_text(json.dumps(rows), encoding="utf-8")
    statements, remarks = read_all(tmp_path / "x.json")
    first = statements[0]
    assert (first.title, first.language, first.outlet, first.source_id) == ("A", "ko", "kcna", "7")
    assert [remark.row for remark in remarks if remark.lost] == [2]
    table = pl.DataFrame(
        {"headline": ["A", None], "text": ["x", "y"], "date": [dt.datetime(2011, 5, 12, 8), None], "words": [1, 1]}
    )
    table.write_parquet(tmp_path / "x.parquet")
    statements, remarks = read_all(tmp_path / "x.parquet")
    assert [(statement.title, statement.text, statement.date) for statement in statements] == [
        ("A", "x", dt.date(2011, 5, 12)),
        ("", "y", None),
    ]
    assert any(remark.row is None and remark.why == "ignored columns: words" for remark in remarks)
    assert any(remark.row == 2 and remark.why == "no title" for remark in remarks)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.csv", b"", "no column title"), ("a.csv", b"year,text_ko\n1,2\n", "the columns are year, text_ko"), ("a.json", b"{", "not valid JSON"),
        ("a.json", b"[" * 100_000, "not valid JSON"), ("a.parquet", b"PAR1" + b"x" * 500 + b"PAR1", "not a Parquet"), ("a.parquet", b"", "not a Parquet"),
        ("a.xml", b"<html><body>no feed</body></html>", "not an RSS"), ("a.xml", b"", "not an RSS"), ("a.doc", b"x", "unknown format .doc"),
        ("a", b"x", "the file name has no ending"),
    ],
)  # fmt: skip
def test_an_unreadable_file_is_refused(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=why):
        read_all(tmp_path / name)


def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name in ("none.csv", "none.html", "none.parquet", "folder.csv"):
        with pytest.raises(InputError, match=r"cannot read: no such file|not a regular file but a folder"):
            read_all(tmp_path / name)


@SLOW_FIXTURE
@given(st.binary(max_size=300), st.sampled_from([".csv", ".tsv", ".json", ".jsonl", ".html", ".xml", ".parquet"]))
def test_no_bytes_break_a_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes, ending: str) -> None:
    file = tmp_path_factory.mktemp("file") / f"x{ending}"
    for prefix in (b"", b"title,text\n", b'{"title": ', b"<rss version='2.0'><channel><item><title>", b"PAR1"):
        file.write_bytes(prefix + data)
        try:
            read_all(file)
        except InputError:
            continue


@given(st.text())
def test_escaped_cells_begin_no_formula_and_can_be_unescaped(text: str) -> None:
    assert not escape_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unescape_cell(escape_cell(text)) == text


# --- pages and feeds -----------------------------------------------------------------------------------------------------

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\x1b[31m"
PAGE = """<html lang=en><head><title>Site | Spokesman</title><meta name=date content=2024-10-18>
<link rel=canonical href=http://www.kcna.kp/en/1></head><body><nav><a href=/>Home</a></nav><article><h1>FM Spokesman on Japan</h1>
<p>A spokesman for the Foreign Ministry said something that goes on for a while, so that it is main text.</p>
<p>And a second paragraph follows, of no less length, with <b>bold</b> words and &lt;tags&gt; spelt out.</p></article></body></html>"""


def test_a_page_gives_title_main_text_date_and_outlet(tmp_path: Path) -> None:
    (tmp_path / "p.html").write_text(PAGE, encoding="utf-8")
    [statement], _ = read_all(tmp_path / "p.html")
    assert "Spokesman" in statement.title and statement.date == dt.date(2024, 10, 18) and statement.outlet == "kcna"
    assert "with bold words and <tags>" in statement.text and "Home" not in statement.text
    assert (statement.rung, statement.audience) == ("ministry", "foreign")


def test_a_page_in_a_declared_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / "p.html").write_bytes(f"<meta charset='euc-kr'><title>{KOREAN}</title><p>{KOREAN * 9}".encode("cp949"))
    [statement], _ = read_all(tmp_path / "p.html")
    assert KOREAN in statement.text and statement.language == "ko"


def test_only_the_text_of_a_hostile_page_is_stored(tmp_path: Path) -> None:
    (tmp_path / "p.html").write_text(
        f"<html><title>T</title><body><p>Words{HOSTILE}<p>{'more words ' * 60}<div", encoding="utf-8"
    )
    [statement], _ = read_all(tmp_path / "p.html")
    assert "alert" not in statement.text and "more words" in statement.text


@SLOW_FIXTURE
@given(st.text(st.sampled_from("<>/ abcdiv script='\"&;!-\n\0일"), max_size=80))
def test_broken_pages_are_read_or_reported(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("page") / "p.html"
    file.write_text(text, encoding="utf-8")
    statements, remarks = read_all(file)
    assert len(statements) + sum(remark.lost for remark in remarks) == 1


def test_all_markup_text_markup_is_taken_without_scripts() -> None:
    assert markup_text("<head><title>x</title><body><p>a<b>b</b>c<p>d<br>e &amp; f < g") == "abc\nd\ne & f < g"
    assert (
        markup_text("<style>p{}</style><SCRIPT x='</script'>bad()</SCRIPT >ok<!-- no --><a title='a>b'>link</a>")
        == "ok link"
    )
    assert markup_text("plain, no markup 1 < 2") == "plain, no markup 1 < 2"


@pytest.mark.parametrize(
    "piece", ["<", "<a", '<a "', "<a b=\"c' ", "<!--", "<script ", "&", "<div>", "</script", "<a b='x"]
)
def test_hostile_markup_takes_linear_time(piece: str) -> None:
    start = time.perf_counter()
    markup_text(piece * (2_000_000 // len(piece)))
    assert time.perf_counter() - start < 10


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["<div><p>words of it ", "<p>words of it</p>\n", "일본 ", "<"])
def test_a_page_of_fifty_megabytes_is_read_and_cut_with_a_remark(tmp_path: Path, piece: str) -> None:
    file = tmp_path / "big.html"
    file.write_text("<html><title>Big</title><body>" + piece * (51_000_000 // len(piece.encode())), encoding="utf-8")
    assert file.stat().st_size > 50_000_000
    start = time.perf_counter()
    [statement], remarks = read_all(file)
    assert (
        statement.title == "Big"
        and piece.replace("<div><p>", "").replace("<p>", "").split("<")[0].strip() in statement.text
    )
    assert len(statement.text) == reading.MAX_TEXT and any("cut after 5,000,000" in remark.why for remark in remarks)
    assert time.perf_counter() - start < 60


def test_too_large_a_page_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    (tmp_path / "p.html").write_text("x" * 101)
    with pytest.raises(InputError, match=r"larger than 100 bytes(.|\n)*split"):
        read_all(tmp_path / "p.html")


def test_a_long_text_is_cut_with_a_remark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_TEXT", 10)
    (tmp_path / "x.csv").write_text("title,text\nA,12345678901\n")
    [statement], remarks = read_all(tmp_path / "x.csv")
    assert statement.text == "1234567890" and any("cut after 10" in remark.why for remark in remarks)


ITEM = """<item><title>Japan &lt;b&gt;denounced&lt;/b&gt;</title><link>http://www.rodong.rep.kp/en/1</link><description>&lt;p&gt;One
&lt;script&gt;x()&lt;/script&gt;&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;</description><pubDate>Thu, 12 May 2011 08:00:00 +0900</pubDate><guid>g1</guid></item>"""


def test_a_feed_gives_its_entries(tmp_path: Path) -> None:
    file = tmp_path / "f.xml"
    file.write_text(
        f"<rss version='2.0'><channel><title>c</title><language>en-us</language>{ITEM}</channel></rss>",
        encoding="utf-8",
    )
    [statement], _ = read_all(file)
    assert (statement.title, statement.text, statement.date) == ("Japan denounced", "One\nTwo", dt.date(2011, 5, 12))
    assert (statement.outlet, statement.rung, statement.audience) == ("rodong", "newspaper", "foreign")
    assert statement.source_id is not None and statement.language == "en"


def test_atom_feeds_and_broken_feeds_give_their_readable_entries(tmp_path: Path) -> None:
    entry = f"<entry><title>{KOREAN}</title><updated>2011-05-12T00:00:00Z</updated><id>1</id><content type='html'>&lt;p&gt;x</content></entry>"
    whole = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>f</title>{entry}</feed>"
    (tmp_path / "f.atom").write_text(whole, encoding="utf-8")
    [statement], _ = read_all(tmp_path / "f.atom")
    assert (statement.title, statement.date, statement.text, statement.language) == (
        KOREAN,
        dt.date(2011, 5, 12),
        "x",
        "ko",
    )
    (tmp_path / "g.atom").write_text(whole.replace("</feed>", "<entry><title>cut &bad; off"), encoding="utf-8")
    statements, remarks = read_all(tmp_path / "g.atom")
    assert KOREAN in {statement.title for statement in statements}
    assert any(remark.row is None and "broken" in remark.why for remark in remarks)


def test_entities_of_a_feed_are_not_expanded(tmp_path: Path) -> None:
    entities = "".join(f"<!ENTITY {chr(98 + at)} '{f'&{chr(97 + at)};' * 10}'>" for at in range(9))
    file = tmp_path / "f.xml"
    file.write_text(
        f"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>{entities}]><rss version='2.0'><channel><item><title>&j;</title></item></channel></rss>"
    )
    statements, _ = read_all(file)
    assert all(len(statement.title) < 100 for statement in statements)


# --- who speaks ----------------------------------------------------------------------------------------------------------


def test_outlets_are_found_by_address_and_name() -> None:
    rodong = outlet_at("http://www.rodong.rep.kp/en/index.php")
    assert rodong is not None and rodong.audience("ko") == "home" and rodong.audience("en") == "foreign"
    assert rodong.audience(None) is None
    assert find_outlet("Rodong Sinmun") == find_outlet("로동신문") == find_outlet("RODONG") == rodong
    assert outlet_at("http://evil.org/rodong.rep.kp") is None and outlet_at("http://[") is None
    assert outlet_at("http://notkcna.kp/") is None and find_outlet("Reuters") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("일본 군국", "ko"), ("日本の軍国", "ja"), ("日本军国主义" * 4, "zh"), ("防衛費増額", None), ("Japan", "en"), ("123", None), ("", None),
        ("El niño señaló la acción", None), ("Japan의 군국주의 책동을 규탄한다", "ko"), ("Россия", None),
    ],
)  # fmt: skip
def test_a_language_is_detected_if_its_script_decides(text: str, language: str | None) -> None:
    assert detect_language(text) == language


def test_languages_are_found_by_code_and_name() -> None:
    assert [language_code(name) for name in ("en-US", "English", "KR", "jp", "es", "", "klingon")] == [
        "en", "en", "ko", "ja", "es", None, None,
    ]  # fmt: skip
