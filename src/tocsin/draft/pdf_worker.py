"""Print the lines of a PDF file as JSON; `tocsin.draft.pdf` runs this file as a process of its own.

A hostile file can make any PDF library loop or fill the memory. A process can be ended from outside, and it has its own memory limit.
This file imports nothing of tocsin, so the process starts fast. Standard input is the PDF file. Standard output is one JSON object:
`lines` (a list for each page of `[text, height of the baseline, font size]`) and `repaired`, or else `refused` with the name of a reason.
"""

from __future__ import annotations

import io
import json
import logging
import math
import sys
from contextlib import suppress
from typing import Any

MAX_PAGES = 300
"""Most pages of an article."""
MAX_TEXT = 1_000_000
"""Most characters of text: 2,000 sentences, the most of a draft, have fewer."""
MAX_MEMORY = 2_000_000_000
"""Most bytes of address space."""
Line = tuple[str, float, float]


class RefusedError(Exception):
    """The file is refused; the message is the name of the reason."""


class _Records(logging.Handler):
    """Count what the library reports instead of printing it."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += record.levelno >= logging.WARNING


class _Page:
    """Collect the text of a page in lines.

    Attributes:
        lines: the finished lines: text, height of the baseline in points, font size in points.
        characters: number of characters that the page has given.
    """

    def __init__(self, room: int) -> None:
        self.lines: list[Line] = []
        self.characters = 0
        self._room = room
        self._text = ""
        self._start = (0.0, 0.0)

    def add(self, text: str, matrix: list[float], text_matrix: list[float], _font: Any, size: float) -> None:
        """Take a piece of text with its place; the library calls this in the order of the file."""
        self.characters += len(text)
        if self.characters > self._room:
            raise RefusedError("large")
        a, b = matrix, text_matrix
        height = b[4] * a[1] + b[5] * a[3] + a[5]
        scale = math.hypot(b[2] * a[0] + b[3] * a[2], b[2] * a[1] + b[3] * a[3])
        if not math.isfinite(height) or not math.isfinite(size * scale):
            raise RefusedError("damaged")
        for index, piece in enumerate(text.split("\n")):
            if index:
                self.end_line()
            if piece.strip() and not self._text.strip():
                self._start = (height, abs(size) * scale)
            self._text += piece

    def end_line(self) -> None:
        """Finish the current line; a blank line is left out."""
        if self._text.strip():
            self.lines.append((self._text, *self._start))
        self._text = ""


def limit_memory() -> None:
    """Limit the address space of this process, where the system can."""
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def read_lines(data: bytes) -> list[list[Line]]:
    """Return the lines of each page.

    Raises:
        RefusedError: if the file is encrypted, or has too many pages or too much text.
        Exception: any other error of the library means a damaged file.
    """
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise RefusedError("encrypted")
    if len(reader.pages) > MAX_PAGES:
        raise RefusedError("pages")
    pages, room = [], MAX_TEXT
    for sheet in reader.pages:
        page = _Page(room)
        sheet.extract_text(visitor_text=page.add)
        page.end_line()
        room -= page.characters
        pages.append(page.lines)
    return pages


def answer(data: bytes) -> dict[str, Any]:
    """Return what this process prints."""
    from pypdf.errors import LimitReachedError

    records = _Records()
    logging.getLogger("pypdf").addHandler(records)
    logging.getLogger("pypdf").propagate = False
    try:
        return {"lines": read_lines(data), "repaired": records.count > 0}
    except RefusedError as error:
        return {"refused": str(error)}
    except (LimitReachedError, MemoryError, RecursionError):
        return {"refused": "complex"}
    except Exception:  # noqa: BLE001 - the library documents that a damaged file may raise any exception
        return {"refused": "damaged"}


if __name__ == "__main__":
    limit_memory()
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)
