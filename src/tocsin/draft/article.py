"""Read an article from a file or from standard input: its paragraphs, title, day and outlet."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tocsin.draft import formats
from tocsin.draft.headers import Header, split_header
from tocsin.draft.language import article_language
from tocsin.draft.pdf import pdf_document
from tocsin.errors import InputError
from tocsin.reading.encodings import decode_any, unknown_encoding
from tocsin.reading.sources import read_bytes, too_large
from tocsin.translation import message

MAX_BYTES = 5_000_000
"""Largest article."""
STANDARD_INPUT = "standard input"
NOT_READ = {
    "ko": message(
        "the article is Korean: it is split into sentences, and no rule reads them. Choose the claims yourself"
    ),
    "ja": message(
        "the article is Japanese: it is split into sentences, and no rule reads them. Choose the claims yourself"
    ),
}
"""What a reader should know about an article in another language than English, by language."""


@dataclass(frozen=True, kw_only=True)
class Article:
    """An article as read.

    Attributes:
        name: of its file, for messages.
        paragraphs: the running text without headings, each on one line, at least one.
        title: its title; None if the article shows none.
        day: day of publication; None if the article states none.
        author, outlet, url: as the article states them, or None.
        sha256: hash of its bytes.
        notes: what the reader should know about the reading, such as a guessed encoding.
        language: `en`, `ko` or `ja`; the rules read English alone.
    """

    name: str
    paragraphs: tuple[str, ...]
    title: str | None
    day: date | None
    author: str | None
    outlet: str | None
    url: str | None
    sha256: str
    notes: tuple[str, ...] = ()
    language: str = "en"


def read_article(path: Path) -> Article:
    """Return the article in a file: text, Markdown, HTML, .docx or PDF; `-` is standard input.

    Raises:
        InputError: if the file cannot be read, is larger than `MAX_BYTES`, is in a format or a language that is not read, or has no text.
    """
    name = STANDARD_INPUT if str(path) == "-" else str(path)
    data = _standard_input() if name == STANDARD_INPUT else read_bytes(path, name, MAX_BYTES)
    return article_of(data, name, path.suffix.lower())


def article_of(data: bytes, name: str, suffix: str = "") -> Article:
    """Return the article in some bytes; see `read_article`.

    Args:
        data: the whole file.
        name: of the file, for messages.
        suffix: ending of its name, such as `.md`; decides only between plain text and Markdown.
    """
    kind = formats.kind_of(data, name, suffix)
    notes: tuple[str, ...] = ()
    if kind == "docx":
        document = formats.docx_document(data, name)
    elif kind == "pdf":
        document = pdf_document(data, name)
        notes = document.notes
    else:
        decoded = decode_any(data)
        if decoded is None:
            raise unknown_encoding(name)
        if "\0" in decoded.text:
            raise formats.not_text(name)
        note = decoded.encoding.note
        notes = (note,) if note else ()
        document = formats.READERS[kind](decoded.text)
    paragraphs, header = split_header(document.paragraphs)
    whole = " ".join(paragraphs)
    if not any(letter.isalpha() for letter in whole):
        raise InputError(
            message("no text in it"), file=name, remedy=message("name a file with running text; a scan needs OCR first")
        )
    language = article_language(whole, name)
    if language != "en":
        notes = (*notes, NOT_READ[language])
    return _joined(document, paragraphs, header, name, data, notes, language)


def _joined(
    document: formats.Document,
    paragraphs: tuple[str, ...],
    header: Header,
    name: str,
    data: bytes,
    notes: tuple[str, ...],
    language: str,
) -> Article:
    return Article(
        name=name,
        paragraphs=paragraphs,
        title=document.title or header.title,
        day=document.day or header.day,
        author=document.author or header.author,
        outlet=document.outlet,
        url=document.url,
        sha256=hashlib.sha256(data).hexdigest(),
        notes=notes,
        language=language,
    )


def _standard_input() -> bytes:
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_large(STANDARD_INPUT, MAX_BYTES)
    return data
