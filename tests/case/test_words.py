"""The shared tables of currency words and number words agree with CLDR, with arithmetic, and with the readers that use them."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest
from babel.numbers import get_territory_currencies

from tocsin.case.currencies import SIGNS, currency_of, is_currency
from tocsin.case.currency_words import (
    code_alone,
    code_among,
    code_in_state,
    currency_words,
    plural_of,
    singular_of,
    word_forms,
)
from tocsin.case.number_words import DENOMINATORS, MAGNITUDES, NUMBER_WORDS
from tocsin.checking.bounds import parse_number, parse_percent
from tocsin.checking.currencies import find_currency, parse_money
from tocsin.data.codes import by_code
from tocsin.draft.amounts import find_amounts
from tocsin.errors import InputError

ROWS = list(
    csv.DictReader((files("tocsin.case") / "currency_words.csv").read_text(encoding="utf-8").splitlines())
)  # fmt: skip


def iso2(state: str) -> str:
    return "HK" if state == "HKG" else next(entry.iso2 for entry in by_code()[state] if entry.iso2)


@pytest.mark.parametrize("row", [row for row in ROWS if not row["last_year"]], ids=lambda row: row["code"])
def test_a_word_names_the_present_currency_of_its_states(row: dict[str, str]) -> None:
    for state in row["states"].split():
        listed = get_territory_currencies(iso2(state)) or []
        assert row["code"] in listed, state


@pytest.mark.parametrize("row", [row for row in ROWS if row["last_year"]], ids=lambda row: row["code"])
def test_a_withdrawn_currency_was_tender_in_its_last_year(row: dict[str, str]) -> None:
    from datetime import date

    day = date(int(row["last_year"]), 6, 30)
    assert row["code"] in get_territory_currencies(iso2(row["states"]), day, day)


def test_every_code_is_one_of_iso_4217_and_every_meaning_is_listed_once() -> None:
    assert [row for row in ROWS if not is_currency(row["code"])] == []
    pairs = [(row["word"], row["code"]) for row in ROWS]
    assert len(pairs) == len(set(pairs))
    assert all(sum(one.is_alone for one in meanings) <= 1 for meanings in currency_words().values())


@pytest.mark.parametrize("word", word_forms())
def test_every_form_leads_to_a_listed_word_and_back(word: str) -> None:
    listed = singular_of(word)
    assert listed in currency_words()
    assert singular_of(plural_of(str(listed))) == listed


def test_a_sign_has_the_same_code_everywhere() -> None:
    for sign, code in SIGNS.items():
        assert currency_of(sign) == find_currency(sign) == code
        (amount,) = find_amounts(f"It cost {sign}5 million in all.")
        assert amount.unit == code


@pytest.mark.parametrize(
    ("word", "state", "code"),
    [
        ("dollar", "LBR", "LRD"),
        ("franc", "BEL", "BEF"),
        ("mark", "DEU", "DEM"),
        ("yen", "JPN", "JPY"),
        ("dollar", "CHE", None),
        ("lira", "ITA", "ITL"),
    ],
)
def test_an_adjective_decides(word: str, state: str, code: str | None) -> None:
    assert code_in_state(word, state) == code


def test_a_word_without_a_state_means_the_only_or_the_main_currency() -> None:
    assert (code_alone("dollar"), code_alone("yen"), code_alone("peso"), code_alone("lira")) == (
        "USD",
        "JPY",
        None,
        None,
    )
    assert (code_among("lira", ()), code_among("lira", ("ITA",)), code_among("peso", ("ARG", "FRA"))) == (
        "TRY",
        "ITL",
        "ARS",
    )
    assert code_among("rupee", ("IND", "PAK")) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Omani rials", "OMR"),
        ("Guyanese dollars", "GYD"),
        ("North Korean won", "KPW"),
        ("Deutsche marks", "DEM"),
        ("pounds sterling", "GBP"),
        ("Czech koruna", "CZK"),
        ("Papua New Guinean kina", "PGK"),
        ("West African francs", None),
        ("Swiss dollars", None),
    ],
)
def test_both_readers_give_one_code_to_the_words_of_an_amount(text: str, code: str | None) -> None:
    amounts = [amount.unit for amount in find_amounts(f"It cost 5 million {text}.") if amount.is_money]
    if code is None:
        assert amounts == []
        with pytest.raises(InputError, match="unknown currency"):
            parse_money(f"5 million {text}")
    else:
        assert amounts == [code]
        assert parse_money(f"5 million {text}")[2] == code


def test_common_words_are_no_money_without_a_magnitude() -> None:
    assert [amount.unit for amount in find_amounts("He saw 12 real dangers and won 50 marks.")] == ["dangers", "marks"]
    assert [amount.unit for amount in find_amounts("It cost 50 million marks.", (), ("DEU",))] == ["DEM"]


def test_number_words_are_what_arithmetic_says() -> None:
    assert sorted(set(NUMBER_WORDS.values())) == list(range(1, 100))
    assert NUMBER_WORDS["twenty-one"] == NUMBER_WORDS["twenty one"] == 21
    assert (NUMBER_WORDS["eleven"], NUMBER_WORDS["nineteen"], NUMBER_WORDS["ninety"]) == (11, 19, 90)
    for word, value in NUMBER_WORDS.items():
        assert parse_number(word)[0] == value
    for word, value in MAGNITUDES.items():
        assert parse_number(f"2.5 {word}")[0] == pytest.approx(2.5 * value)
        assert parse_number(f"two {word}")[0] == 2 * value
    for word, parts in DENOMINATORS.items():
        assert parse_percent(f"one {word}")[0] == pytest.approx(100 / parts)
