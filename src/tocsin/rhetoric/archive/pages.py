"""The text of web pages. Nothing of a page is ever run, and only text is kept."""

from __future__ import annotations

from typing import Any

LARGE = 3_000_000
"""Characters from which a page's text is taken as a whole: looking for the main part of it would take minutes."""


def page(html: str) -> dict[str, Any]:
    """Title, text, date and address of a page: its main text where that can be told from the rest, else all of it."""
    found: dict[str, Any] = {}
    if len(html) < LARGE:
        import trafilatura

        document: Any = trafilatura.bare_extraction(
            html, with_metadata=True, date_extraction_params={"extensive_search": False, "original_date": True}
        )
        found = document.as_dict() if document else {}
    return {
        "title": found.get("title") or _title(html),
        "text": found.get("text") or text_of(html),
        "date": found.get("date"),
        "address": found.get("url"),
    }


def text_of(html: str) -> str:
    """All text of a piece of markup, without scripts and styles."""
    tree = _tree(html)
    if tree is None:
        return ""
    for element in list(tree.iter("script", "style", "noscript", "template")):
        element.drop_tree()
    return " ".join(tree.text_content().split())


def _title(html: str) -> str:
    tree = _tree(html[:100_000])
    title = None if tree is None else tree.find(".//title")
    return "" if title is None else " ".join((title.text_content() or "").split())


def _tree(html: str) -> Any:
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    if not html.strip():
        return None
    try:
        data = html.replace("\0", "").encode("utf-8", "replace")
        return document_fromstring(data, parser=HTMLParser(encoding="utf-8", huge_tree=True, no_network=True))
    except etree.ParserError:
        return None
