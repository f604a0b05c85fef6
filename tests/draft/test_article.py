"""Reading an article: formats, encodings, what stands above the text, and what is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from tocsin.draft.article import MAX_BYTES, article_of, read_article
from tocsin.errors import InputError

BODY = "The army grew by 12 percent since 2014. It has more tanks than its neighbours have."
HEADED = f"A race to arm\n\nBy Ana Example\n\n12 March 2025\n\n{BODY}\n\nA heading in between\n\nThe navy shrank."
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word_document(*paragraphs: str, title: str = "", extra: str = "") -> bytes:
    runs = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "word/document.xml", f'{extra}<w:document xmlns:w="{WORD}"><w:body>{runs}</w:body></w:document>'
        )
        if title:
            core = f'<c:p xmlns:c="c" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></c:p>'
            archive.writestr("docProps/core.xml", core)
    return out.getvalue()


def test_title_byline_day_and_headings_are_no_sentences() -> None:
    article = article_of(HEADED.encode(), "a.txt")
    assert (article.title, article.author, article.day) == ("A race to arm", "Ana Example", date(2025, 3, 12))
    assert article.paragraphs == (BODY, "The navy shrank.")


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_title_byline_and_day_may_stand_line_by_line(gap: str) -> None:
    article = article_of(f"A race{gap}to arm{gap}By Ana Example{gap}12 March 2025\n\n{BODY}".encode(), "a.txt")
    assert (article.author, article.day) == ("Ana Example", date(2025, 3, 12))
    assert article.title == ("A race to arm" if gap == "\n" else "A race")
    assert article.paragraphs == (BODY,)


def test_lines_of_a_paragraph_are_joined_and_a_dateline_is_left_out() -> None:
    article = article_of(b"WARSAW, March 12 (Agency) \xe2\x80\x94 The army\ngrew in the east.\n\nIt is large.", "a.txt")
    assert article.paragraphs == ("The army grew in the east.", "It is large.")


def test_markdown_loses_its_marks_code_tables_and_links() -> None:
    text = (
        "---\ntitle: A race\ndate: 2025-03-12\n---\n# Ignored, because the front matter names it\n\n"
        "The **army** [grew](https://example.org/a) by *12* percent[^1].\n\n```\ncode that is not read.\n```\n\n"
        "| a | table |\n| --- | --- |\n\n- The first item is here.\n- The second item is there.\n\n> A quote that is kept.\n\n<!-- A comment.\n\nIt goes on. -->\n"
    )
    article = article_of(text.encode(), "a.md", ".md")
    assert (article.title, article.day) == ("A race", date(2025, 3, 12))
    assert article.paragraphs == (
        "The army grew by 12 percent.", "The first item is here.", "The second item is there.", "A quote that is kept.",
    )  # fmt: skip


def test_a_page_gives_its_main_text_title_day_and_site() -> None:
    paragraphs = "".join(
        f"<p>{BODY} This is paragraph {n} of the text that the page was made for.</p>" for n in range(5)
    )
    page = (
        "<!doctype html><html><head><title>A race to arm | Example Times</title>"
        '<meta property="og:title" content="A race to arm"><meta property="og:site_name" content="Example Times">'
        '<meta property="article:published_time" content="2025-03-12T08:00:00Z"></head>'
        f"<body><nav><a href='/'>Home</a></nav><script>alert(1)</script><article><h1>A race to arm</h1>{paragraphs}</article></body></html>"
    )
    article = article_of(page.encode(), "a.html", ".html")
    assert (article.title, article.day, article.outlet) == ("A race to arm", date(2025, 3, 12), "Example Times")
    assert len(article.paragraphs) == 5
    assert "alert" not in " ".join(article.paragraphs)


def test_a_word_document_gives_its_paragraphs_and_title() -> None:
    article = article_of(word_document(BODY, "The navy &amp; the air force shrank.", title="A race"), "a.docx")
    assert article.title == "A race"
    assert article.paragraphs == (BODY, "The navy & the air force shrank.")


def test_entities_of_a_word_document_are_not_resolved() -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "boom boom boom boom"><!ENTITY b "&a;&a;&a;&a;">]>'
    article = article_of(word_document(BODY, "It was &b;.", extra=bomb), "a.docx")
    assert "boom" not in " ".join(article.paragraphs)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_found(encoding: str) -> None:
    text = f"{BODY} The café in São Tomé is open, and the naïve waited there for the others."
    assert "café in São Tomé" in article_of(text.encode(encoding), "a.txt").paragraphs[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b" \n\n ", "the file is empty"),
        (b"%PDF-1.7\n...", "save it as text"),
        (b"{\\rtf1 text}", "save it as .docx or as text"),
        (b"\xd0\xcf\x11\xe0old", "save it as .docx or as text"),
        (b"\x89PNG\r\n\x1a\n\0\0", "binary data"),
        (b"text with a \0 byte in it and nothing else to see", "binary data"),
        (b"PK\x03\x04 cut off", "a broken archive"),
        (b"12 34 5678 ... 90\n\n---", "a scan needs OCR"),
        ("中国批评日本增加国防预算。朝鲜也表示反对。".encode(), "written in Chinese or Japanese"),
        ("Россия увеличила военные расходы в два раза за десять лет.".encode(), "Cyrillic"),
        (b"Le gouvernement a augmente le budget de la defense, et les deputes ont vote la loi sans debat.", "not seem to be English"),
        (b"Die Regierung hat den Haushalt der Bundeswehr verdoppelt, weil sie einen Krieg in Europa befuerchtet.", "not seem to be English"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_refused_with_a_remedy(data: bytes, words: str) -> None:
    with pytest.raises(InputError) as caught:
        article_of(data, "a.txt")
    assert words in str(caught.value)
    assert caught.value.remedy
    assert caught.value.file == "a.txt"


KOREAN = "방위비가 다시 늘었다\n\n2026년 1월 7일\n\n북한은 예산을 비난했다. 왜 지금인가?\n\n일본도 예산을 올렸다."
JAPANESE = "防衛費はなぜ増えるのか\n\n2026年1月7日\n\n北朝鮮は予算を非難した。なぜ今なのか？\n\n日本も予算を増やした。"


@pytest.mark.parametrize(
    ("text", "language", "title"),
    [(KOREAN, "ko", "방위비가 다시 늘었다"), (JAPANESE, "ja", "防衛費はなぜ増えるのか")],
)
def test_a_korean_or_japanese_article_has_its_title_day_and_paragraphs(text: str, language: str, title: str) -> None:
    article = article_of(text.encode(), "a.txt")
    assert (article.language, article.title, article.day) == (language, title, date(2026, 1, 7))
    assert len(article.paragraphs) == 2
    assert "no rule reads them" in article.notes[-1]


DATED_TITLES = [
    (KOREAN, "2026년 1월 7일의 경고"),
    (KOREAN, "2026년 1월 7일, 북한은 왜 움직였나"),
    (KOREAN, "2026-01-07 담화를 읽는다"),
    (JAPANESE, "1945年8月15日の記憶"),
    (JAPANESE, "なぜ2026年1月6日なのか"),
]
DAY_LINES = [
    (KOREAN, "입력 2026.01.07. 오전 3:00"),
    (KOREAN, "2026-01-07 09:30"),
    (KOREAN, "국제부 기자 | 기사입력 2026년 1월 7일 (수) 09:30 | 최종수정 2026년 1월 8일 10시 5분"),
    (JAPANESE, "2026年1月7日(水)午前5時00分 配信"),
    (JAPANESE, "2026年1月7日付 朝刊"),
    (JAPANESE, "公開日時：2026/1/7 5:00 更新：2026/1/8 6:00"),
]


@pytest.mark.parametrize(("text", "title"), DATED_TITLES)
def test_a_korean_or_japanese_title_may_name_a_day(text: str, title: str) -> None:
    _, *rest = text.split("\n")
    article = article_of("\n".join((title, *rest)).encode(), "a.txt")
    assert (article.title, article.day) == (title, date(2026, 1, 7))
    alone = article_of("\n\n".join((title, *text.split("\n\n")[2:])).encode(), "a.txt")
    assert (alone.title, alone.day) == (title, None)


@pytest.mark.parametrize(("text", "line"), DAY_LINES)
@pytest.mark.parametrize("above", [True, False])
def test_a_line_of_a_day_with_its_label_and_hour_is_no_title(text: str, line: str, above: bool) -> None:
    title, _, *rest = text.split("\n\n")
    article = article_of("\n\n".join((line, title, *rest) if above else (title, line, *rest)).encode(), "a.txt")
    assert (article.title, article.day) == (title, date(2026, 1, 7))
    assert len(article.paragraphs) == 2


def test_a_day_that_is_none_is_no_day_of_the_article() -> None:
    assert article_of(KOREAN.replace("1월", "13월").encode(), "a.txt").day is None


def test_an_archive_that_is_no_word_document_and_a_broken_one_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "text")
    for data, words in ((out.getvalue(), "no Word document"), (word_document("a</w:t>"), "broken Word document")):
        with pytest.raises(InputError, match=words):
            article_of(data, "a.docx")


def test_more_than_five_megabytes_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"The army grew. " * (MAX_BYTES // 15 + 1))
    with pytest.raises(InputError, match="larger than 5 MB"):
        read_article(file)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.txt"):
        with pytest.raises(InputError):
            read_article(path)
