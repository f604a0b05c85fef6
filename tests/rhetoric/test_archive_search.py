"""Searching: every script, against a plain scan; filters; what is shown of what was found."""

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
from tests.rhetoric.archived import filled

from tocsin.errors import InputError
from tocsin.rhetoric.archive.shown import printable, snippet
from tocsin.rhetoric.archive.statement import Statement
from tocsin.rhetoric.archive.store import Where, open_archive
from tocsin.rhetoric.archive.terms import plain

KOREAN, JAPANESE, LATIN = "일본군국주의헌법", "日本軍国主義憲法のカタか", "aé1 "
TEXTS = st.text(st.sampled_from(KOREAN + JAPANESE + LATIN + "·、ｶﾞㅎ\u3099\u1112\u1161\u11ab　\n"), max_size=30)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(TEXTS, min_size=1, max_size=12, unique=True),
    st.text(st.sampled_from(KOREAN + JAPANESE), min_size=1, max_size=4),
)
@example(["か\u3099き", "がき", "日 本", "日本"], "日本")
def test_queries_in_korean_and_japanese_find_what_a_plain_scan_finds(
    tmp_path_factory: pytest.TempPathFactory, some: list[str], asked: str
) -> None:
    said = [Statement(f"t{at}", text) for at, text in enumerate(some)]
    with filled(tmp_path_factory.mktemp("archive") / "a.db", said) as archive:
        ours = {each.text for each in archive.search(asked, limit=100)}
        assert ours == {text for text in some if plain(asked) in plain(text)}
        assert archive.count(asked) == len(ours)


def test_every_pair_of_letters_in_real_korean_speeches_is_found(shared: Path, tmp_path: Path) -> None:
    import polars as pl

    said = pl.read_parquet(shared / "data" / "dprk_newyear_speeches_ko.parquet")["text_ko"].to_list()
    scanned = [plain(text) for text in said]
    chance = random.Random(1)
    with filled(tmp_path / "a.db", [Statement("t", text) for text in said]) as archive:
        whole = "".join(scanned)
        for at in chance.sample(range(len(whole) - 2), 300):
            asked = whole[at : at + 2]
            if all("가" <= letter <= "힣" for letter in asked):
                ours = sorted(plain(each.text) for each in archive.search(asked, limit=100))
                assert ours == sorted(text for text in scanned if asked in text), asked


def test_every_word_must_occur_and_nothing_asked_for_is_a_command(tmp_path: Path) -> None:
    said = [
        Statement("Japan's budget", "a record budget", dt.date(2001, 1, 2)),
        Statement("Japan", "budget of record", dt.date(2002, 1, 2)),
    ]
    with filled(tmp_path / "a.db", said) as archive:
        assert len(archive.search("japan budget")) == 2
        assert [each.date for each in archive.search('"record budget"')] == [dt.date(2001, 1, 2)]
        assert [each.date for each in archive.search("“Record  BUDGET”")] == [dt.date(2001, 1, 2)]
        assert [each.date for each in archive.search("japan", limit=1)] == [dt.date(2002, 1, 2)]
        assert [each.date for each in archive.search("japan", Where(last=dt.date(2001, 12, 31)))] == [
            dt.date(2001, 1, 2)
        ]
        for hostile in ("japan' OR 'x", "japan NOT budget", "title:japan", "japan*", "NEAR(japan)", "'; DROP TABLE x"):
            archive.search(hostile)
        for empty in ("", "   ", '""', "!!!", "👍"):
            with pytest.raises(InputError, match="nothing to search"):
                archive.search(empty)
        for bad, why in (('"japan', "not closed"), ("x " * 600, "1,000")):
            with pytest.raises(InputError, match=why):
                archive.search(bad)


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_asked_for_breaks_the_search(tmp_path_factory: pytest.TempPathFactory, asked: str) -> None:
    with filled(tmp_path_factory.mktemp("archive") / "a.db", [Statement("일본 x", asked)]) as archive:
        try:
            there = archive.search(asked)
        except InputError:
            return
        assert snippet(asked, asked).text is not None
        assert len(there) == 1 or '"' in asked.translate({8220: 34, 8221: 34, 8222: 34}) or "*" in asked


def test_a_phrase_does_not_reach_over_the_border_of_title_and_text(tmp_path: Path) -> None:
    said = Statement("ends here", "begins there", translation="and 일본")
    with filled(tmp_path / "a.db", [said, Statement("국", "주의")]) as archive:
        assert archive.count('"here begins"') == 0 and archive.count("here begins") == 1
        assert archive.count("국주") == 0 and archive.count("일본") == 1


def test_filters_and_words_give_what_a_scan_gives(tmp_path: Path) -> None:
    said = list(statements(600))
    filters = [
        Where(rung="leader"), Where(language="ko", rung="newspaper"), Where(outlet="MINJU"), Where(audience="home"),
        Where(dt.date(2011, 1, 1), dt.date(2015, 6, 30), outlet="kcna"), Where(audience="foreign", language="en"),
    ]  # fmt: skip
    with filled(tmp_path / "a.db", said) as archive:
        for where in filters:
            meant = {each.hash for each in said if _fits(each, where)}
            assert {each.hash for each in archive.statements(where)} == meant
            assert archive.count(where=where) == len(meant)
            for words in ("e0", "e0 e1", "가나"):
                having = {each.hash for each in said if _fits(each, where) and _has(each, words)}
                assert {each.hash for each in archive.search(words, where, limit=1_000)} == having
                assert {each.hash for each in archive.statements(where, words=words)} == having
        assert archive.outlets() == sorted({each.outlet for each in said if each.outlet})


def _fits(said: Statement, where: Where) -> bool:
    asked = [(where.outlet, said.outlet), (where.language, said.language), (where.rung, said.rung)]
    same = all(one is None or one.lower() == other for one, other in [*asked, (where.audience, said.audience)])
    day = said.date
    return same and day is not None and (where.first or day) <= day <= (where.last or day)


def _has(said: Statement, words: str) -> bool:
    both = f"{said.title} {said.text}"
    return all(word in both if word[0] > "z" else word in both.split() for word in words.split())


def test_what_was_asked_for_is_marked_where_it_stands() -> None:
    assert snippet("a" * 200 + " Japan " + "b" * 200, "japan").marked().count("[Japan]") == 1
    assert snippet("short", "other").marked() == "short"
    assert (
        snippet("일본의 日本は ＪＡＰＡＮ japanese", "본의 日本 japan").marked() == "일[본의] [日本]は [JAPAN] japanese"
    )
    assert snippet("the record\nbudget", '"record budget"').marked() == "the [record budget]"
    assert snippet("İstanbul straße", "straße").text == unicodedata.normalize("NFKC", "İstanbul straße")


@given(st.text(), st.sampled_from(["a", "일본", '"a b"', "本", "ab c"]))
def test_marks_lie_within_what_is_shown(text: str, asked: str) -> None:
    piece = snippet(text, asked)
    ends = [place for hit in piece.hits for place in hit]
    assert ends == sorted(ends) and all(0 <= place <= len(piece.text) for place in ends)
    assert piece.marked().replace("[", "").replace("]", "") == piece.text.replace("[", "").replace("]", "")


@given(st.text())
def test_nothing_shown_can_steer_a_terminal(text: str) -> None:
    for char in printable(text, lines=True):
        assert char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@pytest.mark.slow
def test_a_million_statements_are_searched_within_a_tenth_of_a_second(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.db", writing=True) as archive:
        assert archive.add(statements(1_000_000)).added == 1_000_000
    for what, words in QUERIES:
        for name, where in FILTERS:
            spent = []
            for _ in range(3):
                begun = time.perf_counter()
                with open_archive(tmp_path / "a.db") as archive:
                    archive.search(words, where)
                spent.append(time.perf_counter() - begun)
            assert min(spent) < 0.1, (what, name, spent)
