"""Sentences and forms: every example fits its kind, times and money are taken out, and unsafe or foreign text is refused."""

from __future__ import annotations

import contextlib
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.checking.clauses import take_apart
from tocsin.checking.currencies import parse_money
from tocsin.checking.forms import FORMS, SLOTS, match_sentence, nearest
from tocsin.checking.run import CHECKERS
from tocsin.errors import InputError

EXAMPLES = [(form.kind, example) for form in FORMS for example in form.examples]


def test_an_unknown_currency_is_named() -> None:
    with pytest.raises(InputError) as caught:
        parse_money("500 million Ruritanian dollars")
    assert "unknown currency 'Ruritanian dollars'" in caught.value.message and "ISO code" in str(caught.value.remedy)
    assert parse_money("500 million Canadian dollars")[2] == "CAD"


def test_every_kind_has_a_checker_and_an_example() -> None:
    assert {form.kind for form in FORMS} == set(CHECKERS)
    assert all(form.examples and form.patterns for form in FORMS)


def test_every_kind_is_in_the_documentation() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "check.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z ]+) \| (.+?) \| .*`|^\| ([a-z ]+) \| (.+?) \| (?:as|four)", page, re.MULTILINE)
    listed = {kind or other: example or last for kind, example, other, last in rows}
    assert set(listed) == {form.kind for form in FORMS}
    assert all(match_sentence(example).kind == kind for kind, example in listed.items())


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_an_example_fits_its_kind(kind: str, example: str) -> None:
    assert match_sentence(example).kind == kind
    assert match_sentence(f"  {example.upper() if '%' in example else example}. ").kind == kind


@pytest.mark.parametrize(
    ("sentence", "kinds", "years", "core"),
    [
        ("In 2010, Peru had 3 soldiers", ["in"], (2010, 2010), "Peru had 3 soldiers"),
        ("Peru had 3 soldiers from 1990 to 2000", ["span"], (1990, 2000), "Peru had 3 soldiers"),
        ("Peru had 3 soldiers in the 1990s", ["span"], (1990, 1999), "Peru had 3 soldiers"),
        ("Peru had 3 soldiers in 1990-2000", ["span"], (1990, 2000), "Peru had 3 soldiers"),
        ("Peru had 3 soldiers ever since 1990", ["since"], (1990, 1990), "Peru had 3 soldiers"),
        ("Peru had 3 soldiers in Sept. 2001", ["month"], (2001, 2001), "Peru had 3 soldiers"),
        ("Peru had 3 soldiers", [], None, "Peru had 3 soldiers"),
    ],
)  # fmt: skip
def test_times_are_taken_out(sentence: str, kinds: list[str], years: tuple[int, int] | None, core: str) -> None:
    clauses = take_apart(sentence)
    assert [item.kind for item in clauses.times] == kinds
    assert clauses.core == core
    if years:
        assert (clauses.times[0].first, clauses.times[0].last) == years


def test_a_month_is_a_number() -> None:
    clause = take_apart("It was so in May 2015").times[0]
    assert (clause.first, clause.month) == (2015, 5)


@pytest.mark.parametrize(
    ("words", "money"),
    [
        ("in real terms", ("real",)),
        ("adjusted for inflation", ("real",)),
        ("in dollars", ("dollars",)),
        ("in its own currency", ("native",)),
        ("at purchasing power parity", ("ppp",)),
        ("in nominal terms", ("dollars", "native")),
    ],
)
def test_money_is_taken_out(words: str, money: tuple[str, ...]) -> None:
    clauses = take_apart(f"Peru doubled its defence spending {words} since 2000")
    assert clauses.money == money
    assert clauses.core == "Peru doubled its defence spending"


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("", "there is no sentence"),
        ("   \n", "there is no sentence"),
        ("2014 2015 !!!", "there is no sentence"),
        ("x" * 301, "301 characters, more than 300"),
        ("Peru doubled\x1b[31m its army since 2000", "control characters"),
        ("Peru \u202edoubled its army since 2000", "control characters"),
        ("Peru doubled its army\x00 since 2000", "control characters"),
        ("Польша удвоила свои военные расходы", "is not in English"),
        ("日本は防衛費を倍増した", "is not in English"),
        ("Peru doubled its army between 2010 and 2000", "the years are reversed: 2010 comes after 2000"),
        ("Polen hat seine Verteidigungsausgaben verdoppelt", "no form fits"),
        ("Peru is a wonderful country", "no form fits"),
        ("doubled its army since 2000", "no form fits"),
        ("Robert'); DROP TABLE states;-- doubled its army since 2000", "no form fits"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_screen(sentence: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        match_sentence(sentence)
    assert refused.value.exit_code == 2
    assert refused.value.remedy
    assert len(str(refused.value)) < 1000


def test_the_nearest_forms_share_words_with_the_sentence() -> None:
    assert nearest("The alliance of Peru and Chile ended long ago")[0].startswith("The defence pact between")
    assert "disputes" in nearest("Peru and Chile had so many disputes")[0]


WORDS = st.sampled_from(
    [
        "a",
        "the",
        "of",
        "and",
        "in",
        "since",
        "2000",
        "more",
        "than",
        "had",
        "was",
        "military",
        "spending",
        "Peru",
        "Chile",
        "3",
        "%",
        "times",
        "disputes",
        "between",
        "to",
        "'",
        ",",
        "with",
        "army",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=60))
def test_no_text_takes_long(words: list[str]) -> None:
    start = time.perf_counter()
    with contextlib.suppress(InputError):
        match_sentence(" ".join(words)[:300])
    assert time.perf_counter() - start < 2.0


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=320))
def test_any_text_is_matched_or_refused(text: str) -> None:
    try:
        match_sentence(text)
    except InputError as error:
        assert str(error)


def test_no_slot_matches_nothing() -> None:
    assert [name for name, pattern in SLOTS.items() if re.fullmatch(pattern, "")] == []
