"""The operators of a query, and the spellings that a search joins."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rhetoric.archived import make_archive, run

from tocsin.errors import InputError
from tocsin.rhetoric.archive import Archive, Statement
from tocsin.rhetoric.archive.queries import MAX_PHRASES, parse_query
from tocsin.rhetoric.archive.spellings import MAX_SPELLINGS, spellings

TITLES = [
    "Japan budget",
    "China budget",
    "Japan militarism",
    "militaristic Korea",
    "Japan Korea budget record",
    "demilitarise",
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with make_archive(tmp_path_factory.mktemp("archive") / "a.db", [Statement(title) for title in TITLES]) as opened:
        yield opened


def found(archive: Archive, words: str) -> set[str]:
    return {statement.title for statement in archive.search(words, limit=1_000)}


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("militar*", {"Japan militarism", "militaristic Korea"}), ("MILITAR*", {"Japan militarism", "militaristic Korea"}),
        ('"japan milit*"', {"Japan militarism"}), ("militar", set()), ("militarism OR China", {"Japan militarism", "China budget"}),
        ("budget Japan OR China", {"Japan budget", "China budget", "Japan Korea budget record"}),
        ("budget AND (Japan OR China)", {"Japan budget", "China budget", "Japan Korea budget record"}),
        ("(budget China) OR militar*", {"China budget", "Japan militarism", "militaristic Korea"}),
        ("Japan NOT budget", {"Japan militarism"}), ("Japan AND NOT budget", {"Japan militarism"}),
        ("NOT budget Japan", {"Japan militarism"}), ("budget NOT (Korea OR China)", {"Japan budget"}),
        ("budget NOT Korea NOT China", {"Japan budget"}), ("'budget record'", {"Japan Korea budget record"}),
        ("“budget record”", {"Japan Korea budget record"}), ("‘budget record’", {"Japan Korea budget record"}),
        ("«budget record» OR militarism", {"Japan Korea budget record", "Japan militarism"}), ("'record budget'", set()),
        ('"OR"', set()), ('japan "AND" budget', set()), ("militarism | China", {"Japan militarism", "China budget"}),
        ("militarism || China", {"Japan militarism", "China budget"}), ("Japan && militarism", {"Japan militarism"}),
        ("Japan & budget NOT Korea", {"Japan budget"}), ("budget (Japan | China)", {"Japan budget", "China budget", "Japan Korea budget record"}),
    ],
)  # fmt: skip
def test_operators_do_what_people_expect(archive: Archive, words: str, titles: set[str]) -> None:
    assert found(archive, words) == titles


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("japan -budget", "write NOT"), ("+japan budget", "every word must occur"), ("japan or china", "`or` is searched as a word"),
        ("japan and china", "`and` is searched"), ("NEAR(japan budget)", "`NEAR` is not"), ("japan NEAR china", "`NEAR` is not"),
        ("title:japan", "--outlet"), ("rung:leader", "--rung"), ("wom?n", "`?`"), ("japan~", "`~`"), ("mil*m", "only at the end"),
        ("*ism", "only at the end"), ('"milit* japan"', "only at the end"),
    ],
)  # fmt: skip
def test_a_sign_that_is_no_operator_is_named(archive: Archive, words: str, note: str) -> None:
    assert any(note in text for text in archive.search(words).notes)


@pytest.mark.parametrize(
    "words", ["japan's budget", "F-15", "9/11", "kim jong-un", "militar*", "why?", "A.B.", "일본*", "*"]
)
def test_ordinary_words_get_no_note(archive: Archive, words: str) -> None:
    try:
        assert archive.search(words).notes == ()
    except InputError as error:
        assert "nothing to search" in error.message


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("OR", "`OR` has no word beside it"), ("japan OR", "`OR`"), ("OR japan", "`OR`"), ("japan NOT", "`NOT`"), ("AND japan", "`AND`"),
        ("japan AND OR china", "`OR`"), ("japan OR !!!", "`OR`"), ("NOT japan", "no word is asked for"), ("(japan OR china", "no partner"),
        ("japan |", "`OR`"), ("(japan AND)", "`AND`"), ("japan OR china)", "no partner"), ("(" * 30 + "a OR b" + ")" * 30, "too deep"), ("() OR ()", "`OR`"),
    ],
)  # fmt: skip
def test_an_operator_or_parenthesis_without_a_partner_is_refused(archive: Archive, words: str, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        archive.search(words)


def test_the_command_line_prints_notes_and_takes_a_quoted_query(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_ARCHIVE", str(tmp_path / "a.db"))
    make_archive(tmp_path / "a.db", [Statement(title) for title in TITLES] + [Statement("로동신문")]).close()
    assert run("search", "militarism OR China", "--count") == (0, "2\n")
    assert run("search", "militarism", "OR", "China", "--count") == (0, "2\n")
    assert run("search", "budget", "Japan OR China", "--count") == (0, "3\n")
    assert run("search", "budget record", "--count") == (0, "1\n")
    assert run("search", "japan | tokyo", "--count") == (0, "3\n") == run("search", "japan || tokyo", "--count")
    assert run("search", "japan && budget", "--count") == (0, "2\n")
    assert run("search", "japan", "or", "china", "--count") == (
        0,
        "note: `or` is searched as a word; the operators are OR, AND and NOT in capitals\n0\n",
    )
    code, output = run("search", "militar*")
    assert code == 0 and "[militarism]" in output and "[militaristic]" in output
    assert run("search", "노동", "--count") == (0, "1\n")
    assert run("search", "노동", "--count", "--no-variants") == (0, "0\n")
    assert "1 statements" in run("export", "노동", "-o", tmp_path / "o.csv")[1]
    assert "0 statements" in run("export", "노동", "--no-variants", "-o", tmp_path / "o.csv")[1]


LOWER_CASE = "note: `{}` is searched as a word; the operators are OR, AND and NOT in capitals\n"


@pytest.mark.parametrize(
    ("query", "output"),
    [
        ("japan or china", f"{LOWER_CASE.format('or')}0\n"), ("japan not korea", f"{LOWER_CASE.format('not')}0\n"),
        ("japan and korea", "1\n"), ("japan budget", "2\n"),
        ("japan NEAR china", 'note: `NEAR` is not an operator; use a "phrase in quotes"\n0\n'),
        ("japan -korea", "note: `-` is not an operator; write NOT before a word to exclude it\n2\n"),
    ],
)  # fmt: skip
def test_a_phrase_of_the_command_line_that_looks_like_an_expression_gets_a_note(
    query: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_ARCHIVE", str(tmp_path / "a.db"))
    titles = [*TITLES[:5], "Peace talks of Japan and Korea", "Japan-Korea ties", "A Japan budget"]
    make_archive(tmp_path / "a.db", [Statement(title) for title in titles]).close()
    assert run("search", query, "--count") == (0, output)


def test_a_query_without_a_word_after_its_operator_is_refused_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_ARCHIVE", str(tmp_path / "a.db"))
    make_archive(tmp_path / "a.db", [Statement("Japan")]).close()
    code, output = run("search", "Japan AND")
    assert code == 2 and "`AND` has no word beside it" in output


@pytest.mark.parametrize("command", ["search", "export"])
def test_a_query_that_begins_with_a_dash_names_the_remedy_and_the_remedy_works(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_ARCHIVE", str(tmp_path / "a.db"))
    make_archive(tmp_path / "a.db", [Statement("Korea and Japan militarism")]).close()
    more = ("-o", tmp_path / "o.csv") if command == "export" else ()
    code, output = run(command, *more, "-Japan militar*")
    assert code == 2 and "`-` is not an operator. Write NOT before a word" in " ".join(output.split())
    assert "-- '-WORD ...'" in " ".join(output.split())
    code, output = run(command, *more, "--", "-Japan militar*")
    assert code == 0 and "note: `-` is not an operator" in output
    code, output = run(command, *more, "--outlets", "kcna", "x")
    assert code == 2 and "No such option" in output and "--outlet" in output


WORDS = ["a", "b", "c", "d"]


def _queries() -> st.SearchStrategy[tuple[str, object]]:
    """Return a strategy of queries, each with the tree that it means."""
    words = st.sampled_from(WORDS).map(lambda word: (word, word))
    return st.recursive(
        words,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda two: (f"({two[0][0]} OR {two[1][0]})", ("or", two[0][1], two[1][1]))),
            st.tuples(inner, inner).map(
                lambda two: (f"({two[0][0]} {two[1][0]} AND a)", ("and", two[0][1], two[1][1], "a"))
            ),
            st.tuples(inner, inner).map(lambda two: (f"({two[0][0]} NOT {two[1][0]})", ("not", two[0][1], two[1][1]))),
        ),
        max_leaves=6,
    )


def _holds(tree: object, words: set[str]) -> bool:
    if isinstance(tree, str):
        return tree in words
    assert isinstance(tree, tuple)
    values = [_holds(part, words) for part in tree[1:]]
    return any(values) if tree[0] == "or" else all(values) if tree[0] == "and" else values[0] and not values[1]


@pytest.fixture(scope="module")
def subsets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    texts = [" ".join(some) for size in range(1, 5) for some in itertools.combinations(WORDS, size)]
    with make_archive(tmp_path_factory.mktemp("archive") / "a.db", [Statement(text) for text in texts]) as opened:
        yield opened


@settings(max_examples=100, deadline=None)
@given(_queries())
def test_any_query_finds_what_its_meaning_says(subsets: Archive, query: tuple[str, object]) -> None:
    words, tree = query
    everything = {statement.title for statement in subsets.statements()}
    assert found(subsets, words) == {title for title in everything if _holds(tree, set(title.split()))}


# --- spellings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("미사일", "미싸일"), ("노동", "로동"), ("역사", "력사"), ("노동신문", "로동신문"), ("조선노동당", "조선로동당"), ("여성노동자", "녀성로동자"),
        ("연례", "년례"), ("이명박", "리명박"), ("임수경", "림수경"), ("비율", "비률"), ("대열", "대렬"), ("규율", "규률"), ("영변", "녕변"),
        ("탱크", "땅크"), ("러시아", "로씨야"), ("안전보장이사회", "안전보장리사회"), ("낙랑", "락랑"), ("합동군사연습", "합동군사련습"),
        ("軍國主義", "军国主义"), ("軍國主義", "軍国主義"), ("軍国主義", "军国主义"), ("歷史", "歴史"), ("历史", "歷史"), ("戦争", "戰爭"), ("發射", "発射"),
        ("國", "国"), ("國防費", "国防费"), ("廣島", "広島"), ("澤", "沢"),
    ],
)  # fmt: skip
def test_spellings_are_joined_in_both_directions_unless_switched_off(tmp_path: Path, one: str, other: str) -> None:
    stored = [Statement(f"x{one}y"), Statement(f"x {other} y"), Statement("일본 日本")]
    with make_archive(tmp_path / "a.db", stored) as archive:
        for word in (one, other):
            assert len(archive.search(word)) == archive.count(word) == 2, word
            assert archive.count(word, variants=False) == 1, word
            assert len(list(archive.statements(words=word, variants=False))) == 1
        rows = archive.search(one).to_dicts()
        assert len(rows) == 2
    from tocsin.rhetoric.archive.snippets import snippet

    assert snippet(f"x {other} y", one).bracketed() == f"x [{other}] y"
    assert snippet(f"x {other} y", one, variants=False).bracketed() == f"x {other} y"


@pytest.mark.parametrize(
    "word",
    [
        "이란",
        "이라고",
        "나토",
        "인민",
        "영국",
        "우리는",
        "이는",
        "일본",
        "항로",
        "나라",
        "노력",
        "이",
        "유엔",
        "격렬",
        "主",
        "japan",
    ],
)
def test_other_words_have_one_spelling(word: str) -> None:
    assert spellings([word]) == (((word,),), False)


def test_a_phrase_joins_the_spellings_of_all_its_words(tmp_path: Path) -> None:
    stored = [
        Statement("《로동신문》 력사"),
        Statement("노동신문 역사"),
        Statement("역사 노동신문"),
        Statement("노동신문, 력사의"),
    ]
    with make_archive(tmp_path / "a.db", stored) as archive:
        assert archive.count('"노동신문 역사"') == 3
        assert archive.count('"노동신문 역사"', variants=False) == 1


def test_a_phrase_with_too_many_spellings_is_searched_in_some_and_says_so(tmp_path: Path) -> None:
    phrase = "國軍戰爭發總變邊廣澤"
    options, more = spellings([phrase])
    assert len(options) == MAX_SPELLINGS and more and options[0] == (phrase,)
    with make_archive(tmp_path / "a.db", [Statement(phrase)]) as archive:
        result = archive.search(phrase)
        assert len(result) == 1 and "64 are searched" in result.notes[0]
        many = archive.search(" ".join([phrase, *("軍國主義" + chr(0x4E00 + index) for index in range(80))]))
        assert any("more than" in note for note in many.notes)
    assert parse_query(" ".join(["國" * 9] * 99)).expression.count(" OR ") <= MAX_PHRASES


SIMPLE = {"国": "國", "军": "軍", "义": "義", "会": "會"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.sampled_from("国國军軍义義会會日本主"), max_size=8), min_size=1, max_size=8, unique=True),
    st.text(st.sampled_from("国國军軍义義会會日主"), min_size=1, max_size=4),
)
def test_a_search_with_variants_finds_what_a_scan_of_one_form_finds(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], words: str
) -> None:
    def folded(text: str) -> str:
        return "".join(SIMPLE.get(letter, letter) for letter in text)

    stored = [Statement(f"t{index}", text) for index, text in enumerate(texts)]
    with make_archive(tmp_path_factory.mktemp("archive") / "a.db", stored) as archive:
        matches = {statement.text for statement in archive.search(words, limit=100)}
    assert matches == {text for text in texts if folded(words) in folded(text)}


@given(st.text(st.characters(categories=["Lo"]), min_size=1, max_size=12))
def test_the_own_spelling_always_comes_first(word: str) -> None:
    options, _ = spellings([word])
    assert options[0] == (word,) and len(set(options)) == len(options) <= MAX_SPELLINGS
