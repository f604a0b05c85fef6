"""An answer as a ready test: a case that holds it loads, and its claims get the verdict of the answer."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tocsin.assessment.run import assess
from tocsin.case import load
from tocsin.checking.case_test import as_test
from tocsin.checking.data_sets import Library
from tocsin.checking.run import check
from tocsin.errors import InputError

HEAD = """\
format: tocsin/1
id: checked
title: Do the sentences hold?
as_of: 2026-01-01
summary: Sentences that were checked against data sets.
"""
TAIL = "questions:\n  all: {asks: Do they hold?, claims: [C1]}\n"
VERDICTS = {"true": "holds", "false": "fails"}


def written(tmp_path: Path, library: Library, *sentences: str) -> Path:
    text = as_test([check(sentence, library) for sentence in sentences], date(2025, 12, 31))
    (tmp_path / "case.yaml").write_text(HEAD + text + TAIL, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "sentence",
    [
        "Poland doubled its defence spending since 2000 in dollars",
        "Poland nearly doubled its defence spending between 2000 and 2003 in dollars",
        "Poland more than tripled its defence spending since 2000 in local currency",
        "Peru halved its defence spending between 2000 and 2004 in dollars",
        "Poland's defence spending rose by 60 % in real terms from 2000 to 2004",
        "Poland's defence spending rose by 50 % in real terms from 2000 to 2004",
        "Peru's defence spending was lower in 2004 than in 2000 in dollars",
        "Poland spent $20 million on defence in 2004",
        "Poland spent more than 20 million dollars on defence in 2004",
        "Poland spent 9 % of its GDP on defence in 2004",
        "Poland spent 90 million zloty on defence in 2004",
        "Poland spent more on defence than Peru and Chile together in 2003 in dollars",
        "Chile had at least 2.6 times as many soldiers as Peru in 2003",
        "Poland was the second largest military spender in 2003 in dollars",
        "The United States accounted for 76 % of world military spending in 2003 in dollars",
        "2 billion dollars was 220 billion yen in May 2021",
        "The United States must defend Poland in 1965",
        "Poland must defend the United States in 1965",
        "The United States had 3,000 troops in Poland in 2010",
        "North Korea launched one missile in 2017",
        "Peru used force against Chile in 1980",
        "The governing party of Japan changed twice between 2009 and 2013",
    ],
)
def test_a_claim_gets_the_verdict_of_the_answer(sentence: str, library: Library, tmp_path: Path) -> None:
    expected = check(sentence, library).verdict
    (claim,) = assess(load(written(tmp_path, library, sentence)), seed=1, draws=64).claims
    assert claim.says == sentence
    assert claim.verdict == VERDICTS[expected]


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("Poland doubled its defence spending since 2000", "partly"),
        ("Peru and Chile had 3 disputes between 1980 and 1995", "partly"),
        ("Peru and Chile had no disputes between 1985 and 1990", "holds"),
        ("Poland voted more often with Peru than with Chile in 2005", "holds"),
    ],
)
def test_readings_are_parts(sentence: str, verdict: str, library: Library, tmp_path: Path) -> None:
    (claim,) = assess(load(written(tmp_path, library, sentence)), seed=1, draws=64).claims
    assert claim.verdict == verdict


def test_several_answers_share_sources_and_facts(library: Library, tmp_path: Path) -> None:
    text = as_test(
        [
            check(sentence, library)
            for sentence in (
                "Poland spent more than 20 million dollars on defence in 2004",
                "Poland spent $20 million on defence in 2004",
                "Poland spent $20 million on defence in 2014",
            )
        ],
        date(2025, 12, 31),
    )
    assert text.count("grade:") == text.count("value:") == 1
    assert text.count("kind: fact") == 2  # the third has no answer


def dates(library: Library, sentence: str) -> set[str]:
    text = as_test([check(sentence, library)], date(2025, 12, 31))
    return set(re.findall(r"date: (\S+),", text))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Poland nearly doubled its defence spending between 2000 and 2003 in dollars", {"2000-12-31", "2003-12-31"}),
        ("Peru used force against Chile in 1980", {"1980-12-31"}),
        ("Peru and Chile had no disputes between 1985 and 1990", {"1990-12-31"}),
        ("2 billion dollars was 220 billion yen in May 2021", {"2021-12-31"}),
        ("The United States must defend Poland in 1965", {"1965-12-31"}),
        ("The non-aggression pact between Peru and Chile began in 2000", {"2000-12-31"}),
    ],
)
def test_a_fact_is_dated_at_the_end_of_the_year_that_it_speaks_of(
    sentence: str, expected: set[str], library: Library
) -> None:
    assert dates(library, sentence) == expected


def test_a_fact_about_a_year_in_progress_is_dated_today(library: Library) -> None:
    text = as_test([check("Poland spent $20 million on defence in 2004", library)], date(2004, 5, 6))
    assert "date: 2004-05-06," in text


def test_a_case_of_the_past_can_use_the_facts(library: Library, tmp_path: Path) -> None:
    folder = written(tmp_path, library, "Chile had at least 2.6 times as many soldiers as Peru in 2003")
    file = folder / "case.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("2026-01-01", "2004-01-01"), encoding="utf-8")
    (claim,) = assess(load(folder), seed=1, draws=64).claims
    assert claim.verdict in ("holds", "fails")


def test_no_answer_has_no_test(library: Library) -> None:
    with pytest.raises(InputError, match="no answer has a result"):
        as_test([check("Poland spent $20 million on defence in 2014", library)], date(2025, 12, 31))
