"""Take the paragraphs out of a PDF file: lines as printed are joined, page numbers and running heads are left out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tocsin.draft import pdf_worker
from tocsin.draft.formats import Document
from tocsin.errors import InputError
from tocsin.translation import Text, message

MAX_SECONDS = 30.0
"""Longest time for reading a file."""
EDGE = 3
"""Lines at the top and at the bottom of a page that may be running heads."""
WIDE_GAP = 1.3
"""Line spacing, in usual spacings, above which a paragraph begins."""
USUAL = 0.25
"""Quantile of all spacings that counts as usual: headings and short paragraphs have many wide ones."""
OTHER_SIZE = 1.1
"""Ratio of two font sizes from which they count as different."""
AS_TEXT = message("save it as text and draft that")
REFUSALS: MappingProxyType[str, tuple[Text, Text]] = MappingProxyType(
    {
        "encrypted": (
            message("the PDF file is encrypted"),
            message("save it without encryption, or save it as text"),
        ),
        "pages": (
            message("the PDF file has more than {most} pages", most=pdf_worker.MAX_PAGES),
            message("save the pages of the article as a file"),
        ),
        "large": (
            message("the PDF file has more than {most} characters of text", most=f"{pdf_worker.MAX_TEXT:,}"),
            message("draft a part of it"),
        ),
        "complex": (message("the PDF file is too complex to read"), AS_TEXT),
        "damaged": (message("the PDF file is damaged"), message("save it again, or save it as text")),
    }
)
"""Message and remedy for each reason that the worker gives."""


@dataclass(frozen=True)
class Line:
    """A printed line: its text, the height of its baseline and its font size in points, and whether it begins a page."""

    text: str
    height: float
    size: float
    begins_page: bool = False


def pdf_document(data: bytes, name: str) -> Document:
    """Return the paragraphs of a PDF file, in the order in which the file prints them; a scan has none.

    Raises:
        InputError: if the file is encrypted, damaged, too large or too complex, or takes longer than `MAX_SECONDS`.
    """
    result = _run_worker(data, name)
    if "refused" in result:
        problem, remedy = REFUSALS[result["refused"]]
        raise InputError(problem, file=name, remedy=remedy)
    pages = [[_line(*line) for line in page] for page in result["lines"]]
    blank = sum(not page for page in pages)
    notes: list[str] = []
    if 0 < blank < len(pages):
        notes.append(
            message(
                "{blank} of {count} pages have no text; a scanned page needs OCR first", blank=blank, count=len(pages)
            )
        )
    if result["repaired"]:
        notes.append(message("the PDF file has faults; text may be missing or wrong"))
    return Document(join_lines(_without_heads(pages)), notes=tuple(notes))


def _run_worker(data: bytes, name: str) -> dict[str, Any]:
    """Return what `tocsin.draft.pdf_worker` prints; its own warnings are dropped."""
    command = [sys.executable, "-P", str(Path(pdf_worker.__file__))]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program; the file is only its input
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=MAX_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            message("the PDF file takes longer than {most} s", most=f"{MAX_SECONDS:g}"),
            file=name,
            remedy=AS_TEXT,
        ) from None
    try:
        result: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise InputError(
            message("the PDF reader stopped with status {status}", status=done.returncode),
            file=name,
            remedy=AS_TEXT,
        ) from None
    return result


_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)} | {0: " "}


def _line(text: str, height: float, size: float) -> Line:
    """Return a line with plain letters; half a surrogate pair becomes a question mark."""
    plain = text.translate(_LIGATURES).encode("utf-8", "replace").decode("utf-8")
    return Line(" ".join(plain.split()), height, round(size, 1))


# --- running heads and page numbers --------------------------------------------------------------------------------

_PAGE_NUMBER = re.compile(r"(?:page\s+)?[-–—|\s]*\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE)


def _without_heads(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """Return the lines of all pages without page numbers and lines that several pages repeat at the same place."""
    tops = _repeated([page[:EDGE] for page in pages])
    bottoms = _repeated([page[-EDGE:] for page in pages])
    lines: list[Line] = []
    for page in pages:
        body = list(page)
        _strip(body, 0, tops)
        _strip(body, -1, bottoms)
        lines += [Line(line.text, line.height, line.size, index == 0) for index, line in enumerate(body)]
    return lines


def _strip(body: list[Line], end: int, repeated: set[tuple[str, int]]) -> None:
    for _ in range(EDGE):
        if body and (_PAGE_NUMBER.fullmatch(body[end].text) or _masked(body[end]) in repeated):
            del body[end]


def _repeated(edges: Sequence[Sequence[Line]]) -> set[tuple[str, int]]:
    """Return the lines, without their digits, that stand at the same height at an edge of two pages or more."""
    counts = Counter(key for edge in edges for key in {_masked(line) for line in edge})
    return {key for key, count in counts.items() if count > 1}


def _masked(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "0", line.text), round(line.height)


# --- paragraphs ----------------------------------------------------------------------------------------------------

_END_MARK = re.compile(r"[.!?…:][\"'”’)\]]*$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"(?<!\S)([\"'“‘(\[]*)([^\W\d_]+)-$")
_REST = re.compile(r"[^\W\d_]+")


def join_lines(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the paragraphs that printed lines make up.

    A paragraph begins after a gap wider than usual and where the font size changes. At the top of a page or column it begins if the line
    before ends a sentence. A line in lower case goes on with the sentence before it, whatever the gap.

    A hyphen at the end of a line is removed if the joined word occurs elsewhere in the text. It is also removed if both parts are in
    lower case and the hyphenated word does not occur elsewhere. Otherwise the hyphen stays: `Franco-Prussian`, `NATO-led`, `mid-1990s`.
    """
    usual = _usual_spacing(lines)
    words = frozenset(word.lower() for line in lines for word in _WORD.findall(line.text))
    return tuple(_paragraphs(lines, lambda before, line: _begins(before, line, usual), words))


def _paragraphs(lines: Sequence[Line], begins: Callable[[Line, Line], bool], words: frozenset[str]) -> Iterator[str]:
    pieces: list[str] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before is not None and begins(before, line):
            yield "".join(pieces)
            pieces = []
        if pieces:
            pieces[-1] = _before_next(pieces[-1], line.text, words)
        pieces.append(line.text)
    if pieces:
        yield "".join(pieces)


def _usual_spacing(lines: Sequence[Line]) -> float:
    """Return the usual distance of two lines below each other, in font sizes; 0 if there are none."""
    pairs = ((before.height - line.height, before, line) for before, line in pairwise(lines))
    spacings = sorted(gap / line.size for gap, before, line in pairs if gap > 0 and before.size == line.size > 0)
    return spacings[int(USUAL * len(spacings))] if spacings else 0.0


def _begins(before: Line, line: Line, usual: float) -> bool:
    """Return whether a line begins a paragraph."""
    small, large = sorted((before.size, line.size))
    if large > OTHER_SIZE * small:
        return True
    ended = _END_MARK.search(before.text) is not None
    if not ended and line.text[:1].islower():
        return False
    gap = before.height - line.height
    if line.begins_page or gap <= 0:
        return ended
    return usual > 0 and gap > WIDE_GAP * usual * line.size


def _before_next(line: str, following: str, words: frozenset[str]) -> str:
    """Return a line as it stands before the next one: with a space behind it, or with its hyphen as it is or removed."""
    if line.endswith("\u00ad"):
        return line[:-1]
    line = line[:-1] + "-" if line.endswith("\u2010") else line
    if not (line.endswith("-") and line[-2:-1].isalnum()):
        return f"{line} "
    head, rest = _BROKEN.search(line), _REST.match(following)
    if head is None or rest is None:
        return line
    whole, hyphenated = (head[2] + rest[0]).lower(), f"{head[2]}-{rest[0]}".lower()
    lower = head[2].islower() and rest[0].islower()
    return line[:-1] if whole in words or (lower and hyphenated not in words) else line
