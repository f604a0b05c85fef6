"""Find the places of a web page that hold its headline, day, address and the name of its site."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

MAX_PLACES = 60
"""Places of each kind that are looked at."""
MAX_HEADLINE = 500
MAX_LINES = 3
"""Lines of a heading that may be the headline; more follow if its tag is never closed."""
MAX_STEPS = 2_000
"""Starts and ends of tags in a headline."""
PARAGRAPH = 200
"""Letters from which a text is a paragraph and no headline."""
_TITLE_WORDS = frozenset({"title", "titlep", "headline", "subject", "newstitle", "articletitle", "maintitle"})
_NO_TITLE_WORDS = frozenset(
    {"site", "section", "sub", "subtitle", "related", "widget", "sidebar", "side", "nav", "menu", "list", "category", "logo", "footer", "breadcrumb", "other", "next", "prev", "recent", "popular", "top"}
)  # fmt: skip
_DATE_WORDS = frozenset(
    {"date", "time", "datetime", "pubdate", "published", "publish", "posted", "calendar", "timestamp", "regdate", "newsdate", "postdate", "writedate", "day"}
)  # fmt: skip
_NO_DATE_WORDS = frozenset(
    {
        "update",
        "updated",
        "modified",
        "last",
        "revised",
        "today",
        "now",
        "clock",
        "current",
        "related",
        "expire",
        "expires",
    }
)
_BLOCKS = ("article", "div", "h1", "h2", "h3", "h4", "header", "li", "ol", "p", "section", "table", "td", "time", "ul")
_SITE_WORDS = frozenset({"logo", "brand", "masthead", "site", "sitename"})
_PUBLISHED = frozenset(
    {
        "article:published_time", "og:article:published_time", "og:published_time", "published_time", "datepublished", "pubdate", "publishdate", "publish-date",
        "publish_date", "publication_date", "article_date_original", "originalpublicationdate", "parsely-pub-date", "sailthru.date", "dc.date.issued",
        "dcterms.issued", "dc.date", "dcterms.date", "dc.date.created", "dcterms.created", "date",
    }
)  # fmt: skip
_TITLE_METAS = ("og:title", "twitter:title", "dc.title", "dcterms.title", "articletitle")
_SITE_METAS = ("og:site_name", "application-name", "apple-mobile-web-app-title", "sitename")
_JSON_TITLE = re.compile(r'"headline"\s*:\s*("(?:[^"\\]|\\.){1,2000}")')
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"\\]{1,100})"')


@dataclass
class Layout:
    """Texts of a page by their place, each kind in the order of the page.

    Attributes:
        headings: first-level headings; is_main tells which ones stand in the main part.
        blocks: elements that the layout marks as a title.
        emphasised: second-level or centred or bold lines before the first paragraph.
        metas: titles that the head of the page states.
        title: the title of the document.
        sites: names of the site.
        published: days of publication that the head states.
        dates: texts of each element marked as a date or time: what its attribute states, if anything, and what it shows.
        addresses: addresses that the page states as its own.
    """

    headings: list[str] = field(default_factory=list)
    is_main: list[bool] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    emphasised: list[str] = field(default_factory=list)
    metas: list[str] = field(default_factory=list)
    title: str = ""
    sites: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    dates: list[tuple[str, ...]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


def read_layout(source: str) -> Layout:
    """Return the places of a page; all are empty if it cannot be parsed."""
    import lxml.html
    from lxml import etree

    layout = Layout()
    parser = lxml.html.HTMLParser(encoding="utf-8")
    try:
        tree = lxml.html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return layout
    before_text = True
    for element in tree.iter(etree.Element):
        if not isinstance(element.tag, str):
            continue
        _head(layout, element)
        _dates(layout, element)
        _titles(layout, element, before_text)
        before_text &= max(len((text or "").strip()) for text in (element.text, element.tail)) < PARAGRAPH
    return layout


def _head(layout: Layout, element: Any) -> None:
    """Take what the head of the page states."""
    if element.tag == "meta":
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        content = (element.get("content") or "").strip()
        if content and name in _PUBLISHED:
            layout.published.append(content)
        elif content and name in _TITLE_METAS:
            layout.metas.append(content)
        elif content and name in _SITE_METAS:
            layout.sites.append(content)
        elif name in ("og:url", "twitter:url"):
            layout.addresses.append(content)
    elif element.tag == "link" and "canonical" in (element.get("rel") or "").lower().split():
        layout.addresses.insert(0, (element.get("href") or "").strip())
    elif element.tag == "title" and not layout.title:
        layout.title = element.text_content()
    elif element.tag == "script" and "ld+json" in (element.get("type") or ""):
        text = element.text or ""
        layout.published += _JSON_DATE.findall(text)[:1]
        with suppress(ValueError):
            layout.metas += [json.loads(match, strict=False) for match in _JSON_TITLE.findall(text)[:1]]


def _dates(layout: Layout, element: Any) -> None:
    """Take the text of an element marked as a date or time of publication."""
    words = _words(element)
    if len(layout.dates) >= MAX_PLACES or words & _NO_DATE_WORDS or element.get("itemprop") == "dateModified":
        return
    if element.tag == "time" or words & _DATE_WORDS or element.get("itemprop") == "datePublished":
        stated = (element.get("datetime") or element.get("content") or "").strip()
        if texts := tuple(filter(None, (stated, _text(element)))):
            layout.dates.append(texts)


def _titles(layout: Layout, element: Any, before_text: bool) -> None:
    """Take the text of an element that may be the headline, or the name of the site."""
    words = _words(element)
    if words & _SITE_WORDS and len(layout.sites) < MAX_PLACES:
        layout.sites += filter(None, [_text(element)])
        return
    if element.tag == "h1" and len(layout.headings) < MAX_PLACES:
        if lines := _lines(element)[:MAX_LINES]:
            is_home = any(link.get("href") in ("/", "./", "index.html") for link in element.iter("a"))
            parents = list(element.iterancestors())
            if is_home or any(_words(parent) & _SITE_WORDS for parent in parents):
                layout.sites += lines
            else:
                layout.headings += lines
                layout.is_main += [any(parent.tag in ("article", "main") for parent in parents)] * len(lines)
    elif words & _TITLE_WORDS and not words & _NO_TITLE_WORDS and len(layout.blocks) < MAX_PLACES:
        layout.blocks += _lines(element)[:MAX_LINES]
    elif before_text and len(layout.emphasised) < MAX_PLACES and _is_emphasised(element) and _is_one_line(element):
        layout.emphasised += filter(None, [_text(element)])


def _is_one_line(element: Any) -> bool:
    """Return whether an element holds no other block."""
    return next(element.iterdescendants(*_BLOCKS), None) is None


def _is_emphasised(element: Any) -> bool:
    if element.tag in ("h2", "h3", "h4", "b", "strong", "center"):
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    return (element.get("align") or "").lower() == "center" or "text-align:center" in style


def _words(element: Any) -> frozenset[str]:
    """Return the words of an element's class and id, in lower case."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:500]
    return frozenset(word.lower() for word in re.findall(r"[A-Z]?[a-z]+(?:P(?![a-z]))?|[A-Z]+", names))


def _text(element: Any) -> str:
    """Return the text of an element in one line; empty if it is too long for a headline."""
    return " ".join(_lines(element))


def _lines(element: Any) -> list[str]:
    """Return the lines of an element; none if it is too long for a headline."""
    from lxml import etree

    text = ""
    for step, (event, node) in enumerate(etree.iterwalk(element, events=("start", "end"))):
        piece = (node.text if event == "start" else node.tail if node is not element else "") or ""
        if node.tag in _BLOCKS:
            text += "\n"
        elif node.tag == "br":
            text += " "
        if event == "end" or (isinstance(node.tag, str) and node.tag not in ("script", "style")):
            text += re.sub(r"\s+", " ", piece)
        if len(text) > 4 * MAX_HEADLINE or step > MAX_STEPS:
            return []
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return [line for line in lines if line] if len(text) <= 2 * MAX_HEADLINE else []
