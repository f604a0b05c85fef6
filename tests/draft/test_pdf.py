"""Reading PDF files: printed lines become paragraphs, and bad files are refused in bounded time."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draft.pdf_files import FONT, block, pages_of, pdf_of, stream

from tocsin.draft import pdf, pdf_worker
from tocsin.draft.article import article_of
from tocsin.draft.pdf import Line, join_lines
from tocsin.errors import InputError

BODY = "The army grew by 12 percent since 2014, and the\nnavy did not. It has more tanks than its\nneighbours have."
JOINED = BODY.replace("\n", " ")


def paragraphs(*contents: bytes) -> tuple[str, ...]:
    return article_of(pages_of(*contents), "a.pdf").paragraphs


def encrypted(password: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pages_of(block(BODY)))))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def printed(*texts: str) -> tuple[str, ...]:
    """Return the paragraphs of lines at equal distances in one size."""
    return join_lines([Line(text, -12.0 * index, 10.0) for index, text in enumerate(texts)])


def test_title_byline_day_and_headings_are_separated_by_gaps_and_sizes() -> None:
    head = block("A race to arm", top=760, size=18) + block("By Ana Example\n\n12 March 2025", top=735)
    article = article_of(
        pages_of(head + block(f"{BODY}\n\nA heading in between\n\nThe navy shrank.", top=690)), "a.pdf"
    )
    assert (article.title, article.author) == ("A race to arm", "Ana Example")
    assert str(article.day) == "2025-03-12"
    assert article.paragraphs == (JOINED, "The navy shrank.")
    assert article.notes == ()


def test_line_spacing_is_measured_in_font_sizes() -> None:
    body = [Line(text, -24.0 * index, 12.0) for index, text in enumerate(["The army", "Guard of 1950", "Corps grew."])]
    notes = [Line(text, -100.0 - 16.0 * index, 8.0) for index, text in enumerate(["A note", "In Small Print."])]
    assert join_lines(body + notes) == ("The army Guard of 1950 Corps grew.", "A note In Small Print.")


def test_a_heading_in_another_size_is_separate_without_a_gap() -> None:
    content = block(BODY) + block("A heading", top=664, size=12) + block("The navy shrank.", top=652)
    assert paragraphs(content) == (JOINED, "The navy shrank.")


def test_a_sentence_continues_over_pages_without_running_heads_and_page_numbers() -> None:
    first, second = BODY.split(" It has ")
    pages = [
        block("Example Quarterly 2025", top=770) + block(body) + block(f"Page {number} of 2", top=30)
        for number, body in ((1, f"{first} It has"), (2, second))
    ]
    assert paragraphs(*pages) == (JOINED,)


def test_the_same_words_at_other_places_of_two_pages_are_text() -> None:
    pages = block(f"{BODY}\nIt is large."), block("It is large.\nThe navy was not as large as it had been.", top=650)
    assert " ".join(paragraphs(*pages)).count("It is large.") == 2


def test_two_columns_are_read_one_after_the_other() -> None:
    left = "The army grew by 12 percent\nsince 2014, and the navy was"
    right = "smaller than it had been.\nIt has more tanks than ships."
    assert paragraphs(block(left) + block(right, left=330)) == (
        "The army grew by 12 percent since 2014, and the navy was smaller than it had been. It has more tanks than ships.",
    )


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (("more tanks and de-", "fences than"), "more tanks and defences than"),
        (("a well-", "known army, and a well-known navy"), "a well-known army, and a well-known navy"),
        (("the state-of-the-", "art ship"), "the state-of-the-art ship"),
        (("the Franco-", "Prussian war"), "the Franco-Prussian war"),
        (("the NATO-", "led force"), "the NATO-led force"),
        (("the China-", "led bank"), "the China-led bank"),
        (("Govern-", "ment, then government"), "Government, then government"),
        (("a 12-", "month term"), "a 12-month term"),
        (("in the mid-", "1990s"), "in the mid-1990s"),
        (("the army -", "and the navy"), "the army - and the navy"),
        (("more de\u00ad", "fences"), "more defences"),
        (("more de\u2010", "fences"), "more defences"),
        (("more “de-", "fences”"), "more “defences”"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_goes_only_where_the_word_was_broken(lines: tuple[str, ...], joined: str) -> None:
    assert printed(*lines) == (joined,)


def test_many_short_lines_are_joined_in_linear_time() -> None:
    start = time.monotonic()
    assert len(printed(*["a-"] * 200_000)) == 1
    assert time.monotonic() - start < 5


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12), min_size=1, max_size=30))
def test_joining_lines_drops_nothing_but_hyphens(texts: list[str]) -> None:
    def letters(items: tuple[str, ...] | list[str]) -> str:
        return "".join(letter for item in items for letter in item if letter not in " -\u2010")

    assert letters(printed(*texts)) == letters(texts)


def test_ligatures_become_letters() -> None:
    assert pdf._line("the \ufb01rst e\ufb00ort\0of \ud800 it", 0.0, 1.0).text == "the first effort of ? it"


def test_a_scan_has_no_text_and_a_file_with_some_scanned_pages_says_so() -> None:
    with pytest.raises(InputError, match="no text in it") as caught:
        article_of(pages_of(b"0 0 100 100 re f", b"0 0 100 100 re f"), "a.pdf")
    assert "OCR" in str(caught.value.remedy)
    article = article_of(pages_of(block(BODY), b"0 0 100 100 re f", b""), "a.pdf")
    assert article.notes == ("2 of 3 pages have no text; a scanned page needs OCR first",)


def test_a_file_that_the_library_repaired_is_read_with_a_note(capfd: pytest.CaptureFixture[str]) -> None:
    whole = pages_of(block(BODY))
    article = article_of(whole.replace(b"startxref\n", b"startxref\n1"), "a.pdf")
    assert article.paragraphs == (JOINED,)
    assert article.notes == ("the PDF file has faults; text may be missing or wrong",)
    assert capfd.readouterr() == ("", "")


def bomb() -> bytes:
    return pages_of(zlib.compress(b" " * 100_000_000, 1), extra=b"/Filter /FlateDecode")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lambda: encrypted("secret"), "encrypted"),
        (lambda: encrypted(""), "encrypted"),
        (lambda: pages_of(block(BODY))[:400], "damaged"),
        (lambda: b"%PDF-1.7\n...", "damaged"),
        (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 1000, "damaged"),
        (lambda: b"%PDF-1.7\n" + b"<<" * 2_000_000 + b"\nstartxref\n9\n%%EOF", "damaged"),
        (lambda: pdf_of([b"null"]), "damaged"),
        (lambda: pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"]), "damaged"),
        (lambda: pdf_of([b"<< /A " * 50_000 + b"1" + b" >>" * 50_000]), "damaged"),
        (lambda: pages_of(b"[" * 200_000 + b"]" * 200_000 + b" TJ"), "too complex"),
        (bomb, "too complex"),
        (lambda: pages_of(b"BT /F1 10 Tf 1 0 0 1 0 " + b"9" * 400 + b" Tm (army) Tj ET"), "too complex"),
        (lambda: pages_of(block("It was a line that goes on. " * 40_000)), "more than 1,000,000 characters"),
        (lambda: pages_of(*[block("It was a page.")] * (pdf_worker.MAX_PAGES + 1)), "more than 300 pages"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_with_a_remedy(
    data: Callable[[], bytes], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match=words) as caught:
        article_of(data(), "a.pdf")
    assert (caught.value.file, bool(caught.value.remedy)) == ("a.pdf", True)
    assert capfd.readouterr() == ("", "")


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_SECONDS", 1.0)
    content = b"BT /F1 10 Tf (" + b"army " * 12_000_000 + b") Tj ET"
    data = pages_of(zlib.compress(content, 1), extra=b"/Filter /FlateDecode")
    start = time.monotonic()
    with pytest.raises(InputError, match="takes longer than 1 s"):
        article_of(data, "a.pdf")
    assert time.monotonic() - start < 10


def test_a_worker_that_dies_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "worker.py").write_text("raise SystemExit(3)\n")
    monkeypatch.setattr(pdf_worker, "__file__", str(tmp_path / "worker.py"))
    with pytest.raises(InputError, match="stopped with status 3"):
        article_of(pages_of(block(BODY)), "a.pdf")


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_a_place_that_is_no_number_is_refused(value: float) -> None:
    page = pdf_worker._Page(100)
    places: list[tuple[list[float], float]] = [
        ([1, 0, 0, 1, 0, value], 10),
        ([1, 0, 0, value, 0, 0], 10),
        ([1, 0, 0, 1, 0, 0], value),
    ]
    for matrix, size in places:
        with pytest.raises(pdf_worker.RefusedError, match="damaged"):
            page.add("army", matrix, [1, 0, 0, 1, 0, 0], None, size)


def test_a_form_that_repeats_its_text_too_often_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    form = stream(
        b"BT /F1 10 Tf (" + b"army " * 100 + b") Tj ET", b"/Subtype /Form /BBox [0 0 9 9] /Resources " + FONT.encode()
    )
    page = b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>"
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    data = pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, stream(b"/X Do " * 20), form])
    assert pdf_worker.answer(data)["lines"] != [[]]
    monkeypatch.setattr(pdf_worker, "MAX_TEXT", 5_000)
    assert pdf_worker.answer(data) == {"refused": "large"}
