"""The currencies that sentences name, and where the data set of exchange rates has them."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from tocsin.case.currencies import is_currency
from tocsin.checking.bounds import NUMBER, parse_number
from tocsin.errors import InputError

COUNTRIES = {
    "AUD": "Australia", "BRL": "Brazil", "CAD": "Canada", "CNY": "China", "DKK": "Denmark", "EUR": "Euro",
    "HKD": "Hong Kong", "INR": "India", "JPY": "Japan", "MYR": "Malaysia", "MXN": "Mexico", "NZD": "New Zealand",
    "NOK": "Norway", "SGD": "Singapore", "ZAR": "South Africa", "KRW": "South Korea", "LKR": "Sri Lanka",
    "SEK": "Sweden", "CHF": "Switzerland", "TWD": "Taiwan", "THB": "Thailand", "GBP": "United Kingdom",
    "VES": "Venezuela", "DEM": "Germany", "FRF": "France", "ITL": "Italy", "ESP": "Spain", "NLG": "Netherlands",
    "BEF": "Belgium", "ATS": "Austria", "PTE": "Portugal", "FIM": "Finland", "GRD": "Greece", "IEP": "Ireland",
}  # fmt: skip
"""The country by which `exchange_rates_monthly` lists each currency."""

_NOUNS = {
    "dollar": ("USD",), "yen": ("JPY",), "won": ("KRW",), "euro": ("EUR",), "pound": ("GBP",), "yuan": ("CNY",),
    "renminbi": ("CNY",), "rupee": ("INR", "LKR", "PKR"), "real": ("BRL",), "reais": ("BRL",), "rand": ("ZAR",),
    "peso": ("MXN", "ARS", "CLP", "COP", "PHP"), "krona": ("SEK", "ISK"), "krone": ("NOK", "DKK"), "baht": ("THB",),
    "ringgit": ("MYR",), "bolivar": ("VES",), "franc": ("CHF", "FRF", "BEF"), "mark": ("DEM",), "zloty": ("PLN",),
    "ruble": ("RUB",), "rouble": ("RUB",), "lira": ("TRY", "ITL"), "shekel": ("ILS",), "forint": ("HUF",),
    "koruna": ("CZK",), "hryvnia": ("UAH",), "rupiah": ("IDR",), "dong": ("VND",), "naira": ("NGN",), "taka": ("BDT",),
    "peseta": ("ESP",), "guilder": ("NLG",), "drachma": ("GRD",), "escudo": ("PTE",), "riyal": ("SAR", "QAR"),
    "rial": ("IRR", "OMR"), "dirham": ("AED", "MAD"), "shilling": ("KES", "TZS", "UGX"), "birr": ("ETB",),
    "markka": ("FIM",), "leu": ("RON",), "lev": ("BGN",), "tenge": ("KZT",),
}  # fmt: skip
"""What currencies are called, and the codes that a name may mean; the first of dollar and pound is meant alone."""
_KINDS = {
    "us": "USD", "american": "USD", "canadian": "CAD", "australian": "AUD", "new zealand": "NZD", "hong kong": "HKD",
    "singapore": "SGD", "taiwan": "TWD", "new taiwan": "TWD", "swiss": "CHF", "french": "FRF", "belgian": "BEF",
    "mexican": "MXN", "argentine": "ARS", "chilean": "CLP", "colombian": "COP", "philippine": "PHP", "indian": "INR",
    "sri lankan": "LKR", "pakistani": "PKR", "swedish": "SEK", "norwegian": "NOK", "danish": "DKK", "icelandic": "ISK",
    "turkish": "TRY", "italian": "ITL", "german": "DEM", "deutsche": "DEM", "japanese": "JPY", "korean": "KRW",
    "south korean": "KRW", "british": "GBP", "chinese": "CNY", "brazilian": "BRL", "south african": "ZAR",
    "thai": "THB", "malaysian": "MYR", "venezuelan": "VES", "spanish": "ESP", "dutch": "NLG", "greek": "GRD",
    "portuguese": "PTE", "irish": "IEP", "russian": "RUB", "polish": "PLN", "saudi": "SAR", "iranian": "IRR",
}  # fmt: skip
_ADJECTIVE = r"[a-z]+(?:ese|an|i|ish|ine|ic)"
"""A nationality that `_KINDS` may lack: the currency is then refused by name, and not the whole sentence."""
_SYMBOLS = {"us$": "USD", "nt$": "TWD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₹": "INR"}
_PLURALS = {"kronor": "krona", "kroner": "krone", "kronas": "krona", "pounds sterling": "pound", "sterling": "pound"}


def _any(words: object) -> str:
    return "|".join(re.escape(word) for word in sorted(map(str, words), key=len, reverse=True))  # type: ignore[call-overload]


@cache
def _codes() -> tuple[str, ...]:
    text = (files("tocsin.case") / "currencies.csv").read_text(encoding="utf-8")
    return tuple(row["code"] for row in csv.DictReader(text.splitlines()))


def currency_pattern() -> str:
    """Return a regular expression of the names and codes of currencies; codes count in capitals only."""
    kinds = f"(?:(?:{_any(_KINDS)}|{_ADJECTIVE}) )?"
    nouns = f"(?:{_any(_PLURALS)}|(?:{_any(_NOUNS)})(?:s|es)?)"
    return rf"(?:{kinds}{nouns}|(?-i:{'|'.join(_codes())}))"


def money_pattern() -> str:
    """Return a regular expression of an amount of money."""
    return rf"(?:(?:{_any(_SYMBOLS)}) ?{NUMBER}|{NUMBER} (?:of )?{currency_pattern()})"


def find_currency(text: str) -> str:
    """Return the ISO code of a currency by its name, symbol or code.

    Raises:
        InputError: if the name is unknown or may mean several currencies.
    """
    word = " ".join(text.split())
    if is_currency(word):
        return word
    low = word.lower()
    if low in _SYMBOLS:
        return _SYMBOLS[low]
    for kind in sorted(_KINDS, key=len, reverse=True):
        if low.startswith(f"{kind} "):
            return _KINDS[kind]
    noun = _PLURALS.get(low, low)
    noun = next((name for name in (noun, noun.removesuffix("s"), noun.removesuffix("es")) if name in _NOUNS), "")
    if not noun:
        raise InputError(f"unknown currency {text!r}", remedy="write its name or its ISO code, such as JPY")
    if len(codes := _NOUNS[noun]) > 1:
        raise InputError(f"{text!r} may mean several currencies", remedy=f"write the ISO code: {', '.join(codes)}")
    return codes[0]


def parse_money(text: str) -> tuple[float, float, str]:
    """Return an amount, the half unit of its last significant digit, and the ISO code of its currency.

    Raises:
        InputError: if the text is no amount of a known currency.
    """
    before = re.match(rf"({_any(_SYMBOLS)}) ?(.*)", text.strip(), re.IGNORECASE)
    if before:
        return *parse_number(before[2]), find_currency(before[1])
    match = re.fullmatch(rf"({NUMBER}) (?:of )?({currency_pattern()})", text.strip(), re.IGNORECASE)
    if match is None:
        raise InputError(f"{text!r} is not an amount of money", remedy="write it as 12.5 billion dollars")
    return *parse_number(match[1]), find_currency(match[2])
