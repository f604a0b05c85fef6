"""The author and the day of a web page, wherever the page states them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.draft.article import article_of
from tocsin.draft.bylines import page_author

TEXT = "The strait was closed in 2019, and the traders lost their ships. " * 12


def page(head: str = "", body: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>A closed strait</title>{head}</head><body><article><h1>A closed strait</h1>"
        f"{body}<p>{TEXT}</p></article></body></html>"
    )


def data(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta name="author" content="Ana Prueba">', ""),
        ('<meta property="article:author" content="By Ana Prueba">', ""),
        ("<META CONTENT='Ana Prueba' NAME=parsely-author>", ""),
        (data(author="Ana Prueba"), ""),
        (data(author={"@type": "Person", "name": "Ana Prueba"}), ""),
        (data(**{"@graph": [{"@type": "WebPage"}, {"author": [{"name": "Ana Prueba"}]}]}), ""),
        ("", '<p class="byline">By Ana Prueba</p>'),
        ("", '<a rel="author" href="/ana">Ana Prueba</a>'),
        ("", '<div class="article-meta"><span itemprop="author">Ana Prueba</span></div>'),
        ("", '<p class="byline">By Ana Prueba | 3 May 2021</p>'),
        ('<meta name="author" content="https://example.org/ana">', '<p class="byline">by Ana Prueba</p>'),
        ('<meta name="author" content="admin">', '<p class="byline">by Ana Prueba</p>'),
        ('<script type="application/ld+json">{"author": </script>', '<p class="byline">by Ana Prueba</p>'),
    ],
)
def test_the_author_is_read_from_head_data_and_marks(head: str, body: str) -> None:
    assert article_of(page(head, body).encode(), "a.html", ".html").author == "Ana Prueba"


def test_several_authors_are_listed_once_each() -> None:
    head = data(author=[{"name": "Ana Prueba"}, {"name": "Bo Example"}, {"name": "Ana Prueba"}])
    assert page_author(page(head)) == "Ana Prueba, Bo Example"


@pytest.mark.parametrize(
    "body",
    [
        "",
        '<div class="author-bio">Ana Prueba writes on ports.</div>',
        '<p class="byline">Staff</p>',
        '<p class="byline">12 May 2021</p>',
        '<p class="byline">ana@example.org</p>',
    ],
)
def test_what_is_no_name_is_no_author(body: str) -> None:
    assert page_author(page("", body)) is None


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta property="article:published_time" content="2021-05-03T08:00:00Z">', ""),
        (data(datePublished="2021-05-03"), ""),
        ("", '<time datetime="2021-05-03">3 May 2021</time>'),
    ],
)
def test_the_day_is_read_from_meta_data_and_time(head: str, body: str) -> None:
    assert str(article_of(page(head, body).encode(), "a.html", ".html").day) == "2021-05-03"


@given(st.text(max_size=300))
def test_any_page_gives_a_name_or_none(text: str) -> None:
    name = page_author(page(f'<meta name="author" content="{text}">', f'<p class="byline">{text}</p>'))
    assert name is None or (name.isprintable() and len(name) <= 700)


def test_deep_data_do_no_harm() -> None:
    deep = '<script type="application/ld+json">' + '{"a":' * 5_000 + "1" + "}" * 5_000 + "</script>"
    assert page_author(page(deep)) is None
