"""Take the paragraphs out of plain text, Markdown, HTML and Word documents; nothing in them is run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from tocsin.draft.headers import head_lines
from tocsin.errors import InputError
from tocsin.translation import message, template

Kind = Literal["text", "markdown", "html", "docx", "pdf"]
MAX_UNPACKED = 50_000_000
"""Most bytes of a part of a Word document."""
DOCUMENTS = {".pdf": template("PDF document"), ".docx": template("Word document")}
"""Endings of names that promise a format which shows in the first bytes of a file."""
LONG_LINE = 100
"""Mean length of lines from which each line of a text without blank lines is a paragraph."""


@dataclass(frozen=True)
class Document:
    """The paragraphs of a file, in order, with headings, what the file says about itself, and notes on the reading."""

    paragraphs: tuple[str, ...]
    title: str | None = None
    author: str | None = None
    day: date | None = None
    outlet: str | None = None
    url: str | None = None
    notes: tuple[str, ...] = ()


def kind_of(data: bytes, name: str, suffix: str) -> Kind:
    """Return the format of a file by its first bytes, and by its ending for Markdown and web pages.

    Raises:
        InputError: if the file is empty or in a format that is not read; the remedy says how to convert it.
    """
    head = data[:2048].lstrip()
    if not data.strip():
        raise InputError(
            message("the file is empty"), file=name, remedy=message("name a file with the text of the article")
        )
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith((b"{\\rtf", b"\xd0\xcf\x11\xe0")):
        raise InputError(
            message("an old Word or RTF file is not read"), file=name, remedy=message("save it as .docx or as text")
        )
    if head.startswith(b"PK\x03\x04"):
        return "docx"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"RIFF", b"\x7fELF", b"\x1f\x8b")):
        raise not_text(name)
    if suffix in DOCUMENTS:
        raise InputError(
            message(
                "the file is no {kind}, although its name ends in {suffix}",
                kind=message(DOCUMENTS[suffix]),
                suffix=suffix,
            ),
            file=name,
            remedy=message("save it again in the program that made it, or save it as text"),
        )
    lower = head.lower().removeprefix(b"\xef\xbb\xbf")
    if suffix in (".html", ".htm", ".xhtml") or re.match(
        rb"<!doctype html|<html|<\?xml[^>]*>\s*<(?:!doctype )?html", lower
    ):
        return "html"
    return "markdown" if suffix in (".md", ".markdown") else "text"


def not_text(name: str) -> InputError:
    """Return the error for a file that is a picture, a program or other binary data."""
    return InputError(
        message("not a text but binary data"),
        file=name,
        remedy=message("name a text, Markdown, HTML, .docx or PDF file"),
    )


# --- plain text and Markdown ---------------------------------------------------------------------------------------


def text_document(text: str) -> Document:
    """Return the paragraphs of a plain text: blocks between blank lines, or long lines if no line is blank."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").strip("\ufeff\n ").split("\n")
    filled = [line for line in lines if line.strip()]
    if len(filled) == len(lines) and sum(map(len, lines)) >= LONG_LINE * len(lines):
        return Document(tuple(_spaced(line) for line in lines))
    blocks = (
        [_spaced(line) for line in block.split("\n") if line.strip()] for block in _BLANK_LINES.split("\n".join(lines))
    )
    return Document(tuple(paragraph for block in blocks for paragraph in head_lines(block)))


_BLANK_LINES = re.compile(r"\n[ \t]*\n")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]+)\](?:\([^)\n]*\)|\[[^\]\n]*\])")
_FOOTNOTE = re.compile(r"\[\^[^\]\n]+\]:?")
_EMPHASIS = re.compile(r"(?<![\w*_])(\*{1,3}|_{1,3})(?=\S)([^*_\n]+)(?<=\S)\1(?!\w)")
_TABLE_OR_RULE = re.compile(r"^(?:[ \t]*\|.*|[ \t]*(?:[-*_][ \t]*){3,})$", re.MULTILINE)
_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+", re.MULTILINE)


def markdown_document(text: str) -> Document:
    """Return the paragraphs of a Markdown text without its marks; code, tables and images are left out."""
    text = text.replace("\r\n", "\n").lstrip("\ufeff\n")
    front = _FRONT_MATTER.match(text)
    values = dict(re.findall(r"^(title|date):[ \t]*[\"']?(.+?)[\"']?[ \t]*$", front[1], re.MULTILINE)) if front else {}
    body = _TABLE_OR_RULE.sub("", _COMMENT.sub("", _FENCE.sub("", text[front.end() :] if front else text)))
    headings = _HEADING.findall(body)
    body = re.sub(r"^[ \t]*>[ \t]?", "", body, flags=re.MULTILINE)
    body = _ITEM.sub("\n", _HEADING.sub(r"\n\n\1\n\n", body))
    body = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", _FOOTNOTE.sub("", _LINK.sub(r"\1", _IMAGE.sub("", body)))))
    return Document(
        paragraphs=text_document(re.sub(r"`([^`\n]+)`", r"\1", body)).paragraphs,
        title=values.get("title") or (_spaced(headings[0]) if headings else None),
        day=_iso_day(values.get("date", "")),
    )


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _spaced(text: str) -> str:
    return " ".join(text.split())


# --- HTML ----------------------------------------------------------------------------------------------------------


def html_document(text: str) -> Document:
    """Return the paragraphs of a web page's main text, its title, author and day; see `tocsin.rhetoric.archive.pages`."""
    from tocsin.draft.bylines import page_author
    from tocsin.rhetoric.archive.pages import read_page

    page = read_page(text)
    site = re.search(
        r"<meta[^>]{0,200}property=[\"']og:site_name[\"'][^>]{0,200}content=[\"']([^\"'<>]{1,100})[\"']",
        text,
        re.IGNORECASE,
    )
    lines = [_spaced(line) for line in page.text.split("\n")]
    return Document(
        paragraphs=tuple(line for line in lines if line and line != page.title),
        title=page.title or None,
        author=page_author(text),
        day=page.date if isinstance(page.date, date) else None,
        outlet=_spaced(site[1]) if site else None,
        url=page.address,
    )


READERS: MappingProxyType[str, Callable[[str], Document]] = MappingProxyType(
    {"text": text_document, "markdown": markdown_document, "html": html_document}
)
"""Readers of decoded texts, by format."""


# --- Word ----------------------------------------------------------------------------------------------------------

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def docx_document(data: bytes, name: str) -> Document:
    """Return the paragraphs of a Word document (.docx), without deleted text, notes and pictures.

    Raises:
        InputError: if the archive is broken, too large when unpacked, or no Word document.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "word/document.xml" not in names:
                raise InputError(
                    message("an archive, but no Word document"),
                    file=name,
                    remedy=message("save it as .docx or as text"),
                )
            body = _part(archive, "word/document.xml", name)
            core = _part(archive, "docProps/core.xml", name) if "docProps/core.xml" in names else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise InputError(
            message("a broken archive: {error}", error=str(error)),
            file=name,
            remedy=message("save it again, or save it as text"),
        ) from None
    title = core.findtext(f".//{_TITLE}") if core is not None else None
    paragraphs = (_spaced("".join(_pieces(paragraph))) for paragraph in body.iter(f"{_WORD}p"))
    return Document(tuple(text for text in paragraphs if text), title=_spaced(title or "") or None)


def _part(archive: zipfile.ZipFile, part: str, name: str) -> Any:
    """Return the root of an XML part; its size is checked while it is unpacked, and no entity is resolved."""
    from lxml import etree

    with archive.open(part) as stream:
        data = stream.read(MAX_UNPACKED + 1)
    if len(data) > MAX_UNPACKED:
        raise InputError(
            message("the document unpacks to more than 50 MB"), file=name, remedy=message("save it as text")
        )
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise InputError(
            message("a broken Word document: {error}", error=error.msg),
            file=name,
            remedy=message("save it again, or as text"),
        ) from None


def _pieces(paragraph: Any) -> Iterator[str]:
    for node in paragraph.iter(f"{_WORD}t", f"{_WORD}tab", f"{_WORD}br"):
        yield (node.text or "") if node.tag == f"{_WORD}t" else " "
