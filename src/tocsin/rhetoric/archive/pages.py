"""Extract the headline, text and day of web pages; nothing in them is ever run."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tocsin.rhetoric.archive.dates import AMBIGUOUS, NO_DATE, OLD, WRONG_ERA, WRONG_WEEKDAY, DateReading, read_date
from tocsin.rhetoric.archive.layouts import Layout, read_layout
from tocsin.rhetoric.archive.markup import markup_text
from tocsin.rhetoric.archive.titles import SiteNames, heading, headline, longest_part, plain_title, same_letters

LARGE = 1_000_000
"""Characters from which a page is not searched for its main text, because that would be slow."""
LINES_BEFORE, LINES_AFTER = 6, 200
"""Lines around the headline that may be the day of publication."""
MAX_LINE = 150
_BRACKET_AT_END = re.compile(r"[\[(]([^\[\]()]{6,60})[\])]$")
_TELLING = (AMBIGUOUS, WRONG_WEEKDAY, WRONG_ERA, OLD)
"""Problems of a line near the headline that show what is wrong with the day of the page."""


@dataclass(frozen=True)
class Page:
    """What a web page says.

    Attributes:
        title: the headline without names of the site and its sections; empty if the page has none.
        text: the main text if it can be distinguished from the rest.
        date: day of publication, or the text that should name it but names no one day; None if the page states none.
        address: as the page states it.
        is_large: the text is all text, because the page is too large for a search of the main text.
    """

    title: str
    text: str
    date: dt.date | str | None
    address: str | None
    is_large: bool


def read_page(source: str) -> Page:
    """Return the content of a web page."""
    is_large = len(source) >= LARGE
    layout, whole = read_layout(source[:LARGE]), markup_text(source)
    address = next((text for text in layout.addresses if _is_web_address(text)), None)
    title = _headline(layout, SiteNames.of([*layout.sites, *_host_names(address)]))
    return Page(
        title=title,
        text=(None if is_large else _main_text(source)) or whole,
        date=_date(layout, whole[:LARGE].split("\n"), title),
        address=address,
        is_large=is_large,
    )


def _main_text(source: str) -> str | None:
    """Return trafilatura's main text, or None."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # the import reports broken pages itself
    try:
        document: Any = trafilatura.bare_extraction(source)
    except Exception:  # noqa: BLE001 - whatever a broken page does to the library, its whole text can still be read
        return None
    return document.text if document else None


def _is_web_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://")) and text.isprintable() and " " not in text


def _host_names(address: str | None) -> list[str]:
    """Return the host of an address and the parts of its name, which may be the name of the site."""
    try:
        host = urlsplit(address or "").hostname or ""
    except ValueError:
        return []
    return [host, *(part for part in host.split(".") if len(part) > 2)]


# --- headline -------------------------------------------------------------------------------------------------------------


def _headline(layout: Layout, names: SiteNames) -> str:
    """Return the headline of a page.

    The first choice is the longest text that stands in the page as a heading or title and in the title of the document; then a
    heading, the title of the document, and what the layout marks as a title or emphasises before the text.
    """
    headings, blocks, emphasised = (
        _headlines(texts, names) for texts in (layout.headings, layout.blocks, layout.emphasised)
    )
    titles = [text for title in (*layout.metas, layout.title) if (text := headline(title, names))]
    stated = [same_letters(title) for title in (*layout.metas, layout.title)]
    agreeing = [
        text for text in (*headings, *blocks, *emphasised) if any(same_letters(text) in title for title in stated)
    ]
    if agreeing and len(best := max(agreeing, key=len)) * 2 >= len(titles[0] if titles else ""):
        return best
    main = _headlines((text for text, is_main in zip(layout.headings, layout.is_main, strict=True) if is_main), names)
    for choices in (main, headings, titles, blocks, emphasised):
        # a text that is only a small part of the title is the name of a site
        if text := next((text for text in choices if text not in agreeing), ""):
            return text
    return longest_part(layout.title, names)


def _headlines(texts: Iterable[str], names: SiteNames) -> list[str]:
    """Return the headlines in some texts; one that is just a site, a section or a date has none."""
    plain = [plain_title(text) for text in texts]
    return [
        heading(text, names) or text
        for text in plain
        if len(same_letters(text)) > 1 and not (names.is_site(text) or names.is_section(text))
    ]


# --- day ------------------------------------------------------------------------------------------------------------------


def _date(layout: Layout, lines: list[str], title: str) -> dt.date | str | None:
    """Return the day of publication: as the head of the page states it, as marked nearest to the headline, or as a line of its own."""
    at = next((index for index, line in enumerate(lines) if title and title in line), 0)
    marked = sorted(layout.dates, key=lambda texts: _distance(texts[-1], lines, at))
    in_heading = [match[1] for text in (*layout.headings, *layout.blocks) if (match := _BRACKET_AT_END.search(text))]
    texts = [
        *layout.published,
        *(piece for texts in marked for text in texts for piece in text.split("|")),
        *in_heading,
    ]
    first_problem = ""
    options: tuple[dt.date, ...] = ()
    for text, reading in _readings(texts, lines, at):
        if reading.date:
            return reading.date if reading.date in (options or (reading.date,)) else first_problem
        if reading.problem in (WRONG_WEEKDAY, WRONG_ERA):
            return text
        if reading.options and not options:
            first_problem, options = text, reading.options
        elif reading.problem != NO_DATE:
            first_problem = first_problem or text
    return first_problem or None


def _readings(texts: list[str], lines: list[str], at: int) -> Iterator[tuple[str, DateReading]]:
    """Yield what the texts that state a day say, and then what the lines near the headline say that consist of a day, nearest first."""
    for text in texts:
        yield text, read_date(text)
    first = max(0, at - LINES_BEFORE)
    near = sorted(enumerate(lines[first : at + LINES_AFTER], start=first), key=lambda item: abs(item[0] - at))
    for _, line in near:
        if len(line) <= MAX_LINE and sum(map(str.isdecimal, line)) >= 3 and not line.isdecimal():
            for piece in line.split("|"):
                reading = read_date(piece)
                if reading.date or reading.problem in _TELLING:
                    yield piece, reading


def _distance(text: str, lines: list[str], at: int) -> int:
    """Return the number of lines between the headline and the nearest line that holds a text."""
    return min((abs(index - at) for index, line in enumerate(lines) if text in line), default=len(lines))
