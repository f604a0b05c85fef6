"""The currencies that sentences name, and where the data set of exchange rates has them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from tocsin.case.currencies import SIGNS, is_currency
from tocsin.case.currency_words import (
    code_alone,
    code_in_state,
    currency_words,
    singular_of,
    split_adjective,
    word_forms,
)
from tocsin.checking.bounds import NUMBER, parse_number
from tocsin.errors import InputError
from tocsin.translation import in_commas, message

COUNTRIES = {
    "AUD": "Australia", "BRL": "Brazil", "CAD": "Canada", "CNY": "China", "DKK": "Denmark", "EUR": "Euro",
    "HKD": "Hong Kong", "INR": "India", "JPY": "Japan", "MYR": "Malaysia", "MXN": "Mexico", "NZD": "New Zealand",
    "NOK": "Norway", "SGD": "Singapore", "ZAR": "South Africa", "KRW": "South Korea", "LKR": "Sri Lanka",
    "SEK": "Sweden", "CHF": "Switzerland", "TWD": "Taiwan", "THB": "Thailand", "GBP": "United Kingdom",
    "VES": "Venezuela", "DEM": "Germany", "FRF": "France", "ITL": "Italy", "ESP": "Spain", "NLG": "Netherlands",
    "BEF": "Belgium", "ATS": "Austria", "PTE": "Portugal", "FIM": "Finland", "GRD": "Greece", "IEP": "Ireland",
}  # fmt: skip
"""The country by which `exchange_rates_monthly` lists each currency."""
_SIGNS = {sign.lower(): code for sign, code in SIGNS.items()}

_ADJECTIVE = "(?:[a-z.]+ ){0,3}?"
"""Words before a currency's name: one that is no nationality is refused by name, and not the whole sentence."""


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _codes() -> tuple[str, ...]:
    text = (files("tocsin.case") / "currencies.csv").read_text(encoding="utf-8")
    return tuple(row["code"] for row in csv.DictReader(text.splitlines()))


@cache
def currency_pattern() -> str:
    """Return a regular expression of the names and codes of currencies; codes count in capitals only."""
    return rf"(?:{_ADJECTIVE}(?:{'|'.join(word_forms())})(?:s|es)?|(?-i:{'|'.join(_codes())}))"


@cache
def money_pattern() -> str:
    """Return a regular expression of an amount of money."""
    return rf"(?:(?:{_any(SIGNS)}) ?{NUMBER}|{NUMBER} (?:of )?{currency_pattern()})"


def find_currency(text: str) -> str:
    """Return the ISO code of a currency by its name, symbol or code.

    Raises:
        InputError: if the name is unknown or may mean several currencies.
    """
    word = " ".join(text.split())
    if is_currency(word):
        return word
    if sign := _SIGNS.get(word.lower()):
        return sign
    state, name = split_adjective(word)
    noun = singular_of(name)
    code = None if noun is None else code_in_state(noun, state) if state else code_alone(noun)
    if code:
        return code
    if noun is None or state:
        raise InputError(
            message("unknown currency {name}", name=repr(text)),
            remedy=message("write its name or its ISO code, such as JPY"),
        )
    listed = in_commas(one.code for one in currency_words()[noun])
    raise InputError(
        message("{text} may mean several currencies", text=repr(text)),
        remedy=message("write the ISO code: {codes}", codes=listed),
    )


def parse_money(text: str) -> tuple[float, float, str]:
    """Return an amount, the half unit of its last significant digit, and the ISO code of its currency.

    Raises:
        InputError: if the text is no amount of a known currency.
    """
    before = re.match(rf"({_any(SIGNS)}) ?(.*)", text.strip(), re.IGNORECASE)
    if before:
        return *parse_number(before[2]), find_currency(before[1])
    match = re.fullmatch(rf"({NUMBER}) (?:of )?({currency_pattern()})", text.strip(), re.IGNORECASE)
    if match is None:
        raise InputError(
            message("{text} is not an amount of money", text=repr(text)),
            remedy=message('write it as "12.5 billion dollars"'),
        )
    return *parse_number(match[1]), find_currency(match[2])
