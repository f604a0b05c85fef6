"""Searching in every script, compared with a plain scan; filters; excerpts of the matches."""

from __future__ import annotations

import datetime as dt
import random
import time
import unicodedata
from pathlib import Path

import pytest
from benchmarks.archive import FILTERS, QUERIES, statements
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.rhetoric.archived import make_archive

from tocsin.errors import InputError
from tocsin.rhetoric.archive import Filter, Statement, open_archive
from tocsin.rhetoric.archive.snippets import snippet
from tocsin.rhetoric.archive.terms import normalize
from tocsin.tables import printable

KOREAN, JAPANESE, LATIN = "일본군국주의헌법", "日本軍国主義憲法のカタか", "aé1 "
TEXTS = st.text(st.sampled_from(KOREAN + JAPANESE + LATIN + "·、ｶﾞㅎ\u3099\u1112\u1161\u11ab　\n"), max_size=30)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(TEXTS, min_size=1, max_size=12, unique=True),
    st.text(st.sampled_from(KOREAN + JAPANESE), min_size=1, max_size=4),
)
@example(["か\u3099き", "がき", "日 本", "日本"], "日本")
def test_korean_and_japanese_queries_find_what_a_plain_scan_finds(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], words: str
) -> None:
    stored = [Statement(f"t{index}", text) for index, text in enumerate(texts)]
    with make_archive(tmp_path_factory.mktemp("archive") / "a.db", stored) as archive:
        matches = {statement.text for statement in archive.search(words, limit=100)}
        assert matches == {text for text in texts if normalize(words) in normalize(text)}
        assert archive.count(words) == len(matches)


def test_every_pair_of_letters_in_real_korean_speeches_is_found(shared: Path, tmp_path: Path) -> None:
    import polars as pl

    texts = pl.read_parquet(shared / "data" / "dprk_newyear_speeches_ko.parquet")["text_ko"].to_list()
    scanned = [normalize(text) for text in texts]
    generator = random.Random(1)
    with make_archive(tmp_path / "a.db", [Statement("t", text) for text in texts]) as archive:
        whole = "".join(scanned)
        for start in generator.sample(range(len(whole) - 2), 300):
            words = whole[start : start + 2]
            if all("가" <= letter <= "힣" for letter in words):
                result = archive.search(words, limit=100, variants=False)
                matches = sorted(normalize(statement.text) for statement in result)
                assert matches == sorted(text for text in scanned if words in text), words


def test_every_word_must_occur_and_no_word_is_an_operator(tmp_path: Path) -> None:
    stored = [
        Statement("Japan's budget", "a record budget", dt.date(2001, 1, 2)),
        Statement("Japan", "budget of record", dt.date(2002, 1, 2)),
    ]
    with make_archive(tmp_path / "a.db", stored) as archive:
        assert len(archive.search("japan budget")) == 2
        assert [statement.date for statement in archive.search('"record budget"')] == [dt.date(2001, 1, 2)]
        assert [statement.date for statement in archive.search("“Record  BUDGET”")] == [dt.date(2001, 1, 2)]
        assert [statement.date for statement in archive.search("japan", limit=1)] == [dt.date(2002, 1, 2)]
        assert [statement.date for statement in archive.search("japan", Filter(last=dt.date(2001, 12, 31)))] == [
            dt.date(2001, 1, 2)
        ]
        for hostile in ("japan' OR 'x", "japan NOT budget", "title:japan", "japan*", "NEAR(japan)", "'; DROP TABLE x"):
            archive.search(hostile)
        for empty in ("", "   ", '""', "!!!", "👍"):
            with pytest.raises(InputError, match="nothing to search"):
                archive.search(empty)
        for wrong, message in (('"japan', "not closed"), ("x " * 600, "1,000")):
            with pytest.raises(InputError, match=message):
                archive.search(wrong)


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_breaks_the_search(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    with make_archive(tmp_path_factory.mktemp("archive") / "a.db", [Statement("일본 x", words)]) as archive:
        try:
            result = archive.search(words)
        except InputError:
            return
        assert snippet(words, words).text is not None
        assert len(result) == 1 or '"' in words.translate({8220: 34, 8221: 34, 8222: 34}) or "*" in words


def test_a_phrase_does_not_extend_from_title_to_text(tmp_path: Path) -> None:
    statement = Statement("ends here", "begins there", translation="and 일본")
    with make_archive(tmp_path / "a.db", [statement, Statement("국", "주의")]) as archive:
        assert archive.count('"here begins"') == 0 and archive.count("here begins") == 1
        assert archive.count("국주") == 0 and archive.count("일본") == 1


def test_filters_and_words_give_what_a_scan_gives(tmp_path: Path) -> None:
    everything = list(statements(600))
    filters = [
        Filter(rung="leader"), Filter(language="ko", rung="newspaper"), Filter(outlet="MINJU"), Filter(audience="home"),
        Filter(dt.date(2011, 1, 1), dt.date(2015, 6, 30), outlet="kcna"), Filter(audience="foreign", language="en"),
    ]  # fmt: skip
    with make_archive(tmp_path / "a.db", everything) as archive:
        for filter in filters:
            expected = {statement.hash for statement in everything if _passes(statement, filter)}
            assert {statement.hash for statement in archive.statements(filter)} == expected
            assert archive.count(filter=filter) == len(expected)
            for words in ("e0", "e0 e1", "가나"):
                matching = {
                    statement.hash for statement in everything if _passes(statement, filter) and _has(statement, words)
                }
                assert {statement.hash for statement in archive.search(words, filter, limit=1_000)} == matching
                assert {statement.hash for statement in archive.statements(filter, words=words)} == matching
        assert archive.outlets() == sorted({statement.outlet for statement in everything if statement.outlet})


def _passes(statement: Statement, filter: Filter) -> bool:
    pairs = [(filter.outlet, statement.outlet), (filter.language, statement.language), (filter.rung, statement.rung)]
    same = all(
        wanted is None or wanted.lower() == value for wanted, value in [*pairs, (filter.audience, statement.audience)]
    )
    day = statement.date
    return same and day is not None and (filter.first or day) <= day <= (filter.last or day)


def _has(statement: Statement, words: str) -> bool:
    content = f"{statement.title} {statement.text}"
    return all(word in content if word[0] > "z" else word in content.split() for word in words.split())


def test_matches_are_marked() -> None:
    assert snippet("a" * 200 + " Japan " + "b" * 200, "japan").bracketed().count("[Japan]") == 1
    assert snippet("short", "other").bracketed() == "short"
    assert (
        snippet("일본의 日本は ＪＡＰＡＮ japanese", "본의 日本 japan").bracketed()
        == "일[본의] [日本]は [JAPAN] japanese"
    )
    assert snippet("the record\nbudget", '"record budget"').bracketed() == "the [record budget]"
    assert snippet("İstanbul straße", "straße").text == unicodedata.normalize("NFKC", "İstanbul straße")


@given(st.text(), st.sampled_from(["a", "일본", '"a b"', "本", "ab c"]))
def test_marks_lie_within_the_excerpt(text: str, words: str) -> None:
    piece = snippet(text, words)
    ends = [end for hit in piece.hits for end in hit]
    assert ends == sorted(ends) and all(0 <= end <= len(piece.text) for end in ends)
    assert piece.bracketed().replace("[", "").replace("]", "") == piece.text.replace("[", "").replace("]", "")


@given(st.text())
def test_no_printed_text_can_control_a_terminal(text: str) -> None:
    for char in printable(text, lines=True):
        assert char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@pytest.mark.slow
def test_a_million_statements_are_searched_within_a_tenth_of_a_second(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.db", writing=True) as archive:
        assert archive.add(statements(1_000_000)).added == 1_000_000
    for what, words in QUERIES:
        for name, filter in FILTERS:
            seconds = []
            for _ in range(3):
                start = time.perf_counter()
                with open_archive(tmp_path / "a.db") as archive:
                    archive.search(words, filter)
                seconds.append(time.perf_counter() - start)
            assert min(seconds) < 0.1, (what, name, seconds)
