"""Mutated pages and dates: nothing breaks the readers, and they report nothing that the input does not say."""

from __future__ import annotations

import datetime as dt
import html
import re
import time
from random import Random

import pytest
from tests.rhetoric.test_dates import FORMS, NAMED

from tocsin.rhetoric.archive.dates import DateReading, read_date
from tocsin.rhetoric.archive.pages import read_page
from tocsin.rhetoric.archive.titles import plain_title, same_letters

SEED = 20_261_128
FIRST = dt.date(1997, 1, 1)
MAX_SECONDS = 10.0
"""For one small page, on a busy machine."""
PIECES = (
    "<", ">", "</", "<!--", "-->", "<h1>", "</h1>", "<title>", "</title>", "<p class=date>", "<time datetime='", "<meta name=date content='", "'>", "<center>", "<b>",
    "<div class='title'>", "</div>", "<script type='application/ld+json'>", '{"headline": "', '"}', "</script>", "&lt;b&gt;", "&#", "&amp;", " | ", " > ", " - ", "_", "[", "]", "(", ")",
    "KCNA", "로동신문", "론평", "주체", "年", "2024", "03/04/2011", "March", "Thursday", "Updated", "\0", "\u202e", "\ufeff", "\ud7ff", "일", "\n", " ", "x" * 300,
)  # fmt: skip
PAGES = (
    "<html><head><title>Rodong Sinmun &gt; Editorial &gt; Japan Will Pay</title><meta property='og:url' content='http://x.kp/20161228-05ee.html'></head><body><h1>Japan Will"
    " Pay</h1><p class='date'>Date: 03/04/2011 | Source: KCNA</p><p>The authorities decided to raise the budget on May 3, 1947, and so on.</p></body></html>",
    "<html><head><title>로동신문</title></head><body><div id='article-date'>주체113(2024)년 3월 9일 토요일 [사진있음]</div><p class='TitleP'>재침야망에 들뜬 일본</p><p>최근 일본당국이"
    " 사상 최대규모의 군사비를 책정하였다.</p></body></html>",
    "<HTML><HEAD><TITLE>NEWS From KCNA - Oct. 27, 2004</TITLE></HEAD><BODY><b>calendar&gt;&gt;October 27. 2004 Juche 93</b><hr><b>Moves denounced</b><p>Text of it</BODY>",
    "<!DOCTYPE html><html><head><title>来年度の防衛費 過去最大 | NHK | 予算案</title><script type='application/ld+json'>{\"headline\": \"防衛費\", \"datePublished\": \"2025-12-26\"}"
    "</script></head><body><article><h1>来年度の防衛費 過去最大</h1><time datetime='2025-12-26T10:52'>2025年12月26日 10時52分</time><p>政府は決定した。</p></article></body></html>",
)  # fmt: skip


def mutated(text: str, random: Random, pieces: tuple[str, ...] = PIECES) -> str:
    """Return a text with one to six slices cut, doubled, moved or replaced."""
    for _ in range(random.randint(1, 6)):
        first = random.randrange(len(text) + 1)
        last = min(len(text), first + random.choice((0, 1, 3, 20, 200)))
        cut = text[first:last]
        other = random.randrange(len(text) + 1)
        text = {
            "cut": text[:first] + text[last:],
            "double": text[:last] + cut * random.choice((2, 50)) + text[last:],
            "move": text[:other] + cut + text[other:],
            "insert": text[:first] + random.choice(pieces) + text[first:],
            "end": text[:last],
        }[random.choice(("cut", "double", "move", "insert", "insert", "end"))]
    return text


def check_page(source: str) -> None:
    start = time.perf_counter()
    result = read_page(source)
    assert time.perf_counter() - start < MAX_SECONDS, source
    letters = iter(same_letters(html.unescape(html.unescape(source))))
    assert all(letter in letters for letter in same_letters(result.title)), source
    assert plain_title(result.title) == result.title, source
    if isinstance(result.date, dt.date):
        assert names(source, result.date), source


def check_date(text: str) -> None:
    reading = read_date(text)
    assert isinstance(reading, DateReading) and (reading.date is None) == bool(reading.problem), text
    if reading.date is not None:
        assert names(text, reading.date), text


def names(text: str, day: dt.date) -> bool:
    """Return whether a text holds the day, the month and the year of a date, as numbers or as the name of the month."""
    digits = "".join(re.findall(r"\d", plain_title(text)))
    years = (str(day.year), str(day.year - 1911), str(day.year % 100))
    month = str(day.month) in digits or NAMED[day.month - 1][:3].lower() in text.lower()
    return month and str(day.day) in digits and any(year in digits for year in years)


def pages_are_read(count: int) -> None:
    random = Random(SEED)
    for _ in range(count):
        check_page(mutated(random.choice(PAGES), random))


def dates_are_read(count: int) -> None:
    random = Random(SEED)
    pieces = (
        "1",
        "20",
        "(",
        ")",
        "[",
        "]",
        " ",
        ".",
        "/",
        "-",
        ":",
        "년",
        "日",
        "Juche",
        "May",
        "Fri",
        "updated",
        "T",
        "Z",
        "am",
        "一",
        "年",
    )
    for _ in range(count):
        form = random.choice(FORMS)(FIRST + dt.timedelta(days=random.randrange(10_900)))
        check_date(mutated(form, random, pieces))


def test_mutated_pages_and_dates_break_no_reader() -> None:
    pages_are_read(150)
    dates_are_read(5_000)


@pytest.mark.slow
def test_many_mutated_pages_break_no_reader() -> None:
    pages_are_read(9_000)


@pytest.mark.slow
def test_many_mutated_dates_break_no_reader() -> None:
    dates_are_read(400_000)
