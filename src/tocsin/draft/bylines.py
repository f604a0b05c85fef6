"""Find the author of a web page: in its head, its JSON-LD data, or what the layout marks as the author."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

MAX_SOURCE = 1_000_000
"""Characters of a page that are searched."""
MAX_NAME = 100
MAX_AUTHORS = 6
MAX_DEPTH = 20
"""Levels of JSON-LD data that are searched."""
_METAS = frozenset(
    {
        "author",
        "article:author",
        "og:article:author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "byl",
    }
)
_MARKS = re.compile(
    r"\b(?:byline|by-line|author|authors|author-name|article-author|byline__name|contributor)\b", re.IGNORECASE
)
_NOT_MARKS = re.compile(r"bio|card|box|avatar|image|photo|related|comment|social|follow|links?\b|count", re.IGNORECASE)
_BY = re.compile(r"^\s*(?:(?:words|written|story|opinion|analysis)\s+)?by[\s:]+", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .,'’&-])*")
_NOT_A_NAME = frozenset(
    {"admin", "administrator", "staff", "editor", "guest", "author", "webmaster", "by", "none", "null", "undefined"}
)


def page_author(source: str) -> str | None:
    """Return the author or authors of a web page, as it states them; None if it states none.

    The order is: JSON-LD (`author` of the article), `meta` elements of the head, and elements marked `itemprop="author"`, `rel="author"`
    or by a class such as `byline`. Addresses, dates and words such as `admin` are no names.

    Args:
        source: the page.
    """
    import lxml.html
    from lxml import etree

    parser = lxml.html.HTMLParser(encoding="utf-8")
    try:
        tree = lxml.html.document_fromstring(source[:MAX_SOURCE].encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    # what the layout marks may be any word; a name there has two at least
    for texts, words in ((_in_data(tree), 1), (_in_head(tree), 1), (_in_text(tree), 2)):
        names = list(dict.fromkeys(name for text in texts if (name := _name(text)) and len(name.split()) >= words))
        if names:
            return ", ".join(names[:MAX_AUTHORS])
    return None


def _in_data(tree: Any) -> Iterator[str]:
    """Yield the authors that JSON-LD data give to the article; broken data give none."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _authors(data, 0)


def _authors(data: Any, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        return
    if isinstance(data, list):
        for item in data:
            yield from _authors(item, depth + 1)
    elif isinstance(data, dict):
        if "author" in data:
            yield from _names(data["author"], depth + 1)
        else:
            for value in data.values():
                yield from _authors(value, depth + 1)


def _names(author: Any, depth: int) -> Iterator[str]:
    """Yield the names of an author of JSON-LD: a text, an object with a name, or a list of these."""
    if isinstance(author, str):
        yield author
    elif isinstance(author, dict):
        yield from _names(author.get("name"), depth + 1)
    elif isinstance(author, list) and depth < MAX_DEPTH:
        for one in author:
            yield from _names(one, depth + 1)


def _in_head(tree: Any) -> Iterator[str]:
    for element in tree.iter("meta"):
        name = (element.get("name") or element.get("property") or element.get("itemprop") or "").strip().lower()
        if name in _METAS:
            yield element.get("content") or ""


def _in_text(tree: Any) -> Iterator[str]:
    """Yield the text of the elements that name the author; the outermost of nested ones counts, and none after a few."""
    count = 0
    for element in tree.iter("a", "address", "span", "div", "p", "li"):
        words = f"{element.get('class') or ''} {element.get('id') or ''}"
        stated = element.get("itemprop") == "author" or "author" in (element.get("rel") or "").lower().split()
        if stated or (_MARKS.search(words) and not _NOT_MARKS.search(words)):
            yield " ".join(element.text_content()[: 5 * MAX_NAME].split())
            count += 1
        if count >= MAX_AUTHORS:
            return


def _name(text: str) -> str | None:
    """Return a name without `By` and without what follows it, such as a date; None if the text is no name."""
    plain = " ".join(_BY.sub("", " ".join(text.split())).split())
    match = _NAME.match(plain)
    if match is None or "//" in plain or "@" in plain:
        return None
    name = re.split(r",?\s+(?:Published|Updated|Posted|Last)\b", match.group())[0].strip(" ,.&-")
    return name if 3 <= len(name) <= MAX_NAME and name.lower() not in _NOT_A_NAME else None
