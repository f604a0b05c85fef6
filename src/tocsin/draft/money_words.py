"""The signs, codes and names of currencies in prose, and their codes of ISO 4217; the words are in `tocsin.case.currency_words`."""

from __future__ import annotations

import re
from collections.abc import Collection

from tocsin.case.currencies import SIGNS
from tocsin.case.currency_words import (
    code_among,
    code_in_state,
    currency_adjectives,
    plural_of,
    singular_of,
    split_adjective,
    word_forms,
)

CODE_LIST = [
    "USD", "EUR", "GBP", "JPY", "CNY", "RMB", "KRW", "INR", "PKR", "AUD", "CAD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN",
    "CZK", "HUF", "RON", "BGN", "RUB", "UAH", "TRY", "ILS", "ZAR", "NGN", "KES", "EGP", "ETB", "GHS", "BRL", "MXN", "ARS",
    "CLP", "COP", "PEN", "PHP", "IDR", "MYR", "SGD", "THB", "VND", "TWD", "HKD", "SAR", "AED", "QAR", "KWD", "IRR", "IQD",
    "BDT", "LKR", "NPR", "KZT", "GEL", "AMD", "AZN", "RSD", "ISK",
]  # fmt: skip
"""Codes that texts write beside numbers."""
_RUPEE = r"\b(?:Rs\.?|Re\.)"
CURRENCY_BEFORE = re.compile(
    rf"(?:{'|'.join(rf'(?<![A-Za-z]){re.escape(sign)}' for sign in SIGNS)}|{_RUPEE}|\b(?:{'|'.join(CODE_LIST)}))\s?\Z"
)
"""A sign or code at the end of the text before a number."""
CODES = re.compile(rf"\s?(?:{'|'.join(CODE_LIST)})\b")
"""A code after an amount that has a sign already, as in `$5 billion USD`."""
_ADJECTIVES = "|".join(map(re.escape, sorted(currency_adjectives(), key=len, reverse=True)))
CURRENCY_AFTER = re.compile(
    rf"[\s-]?(?:{'|'.join(CODE_LIST)})\b|[\s-](?:(?P<adjective>(?i:{_ADJECTIVES}))\s+)?(?P<name>{'|'.join(map(re.escape, word_forms()))})(?:s|es)?\b"
)
"""A code or name after a number, with the adjective of its state."""
_COMMON = ("real", "mark", "dram", "colon", "sterling")
"""Names that are common words too."""


def is_money(match: re.Match[str], *, scaled: bool) -> bool:
    """Return whether a match of `CURRENCY_AFTER` is money: `two real threats` and `50 marks` are not, `50 million marks` is.

    Args:
        match: the match.
        scaled: whether the number before it has a magnitude.
    """
    return scaled or not match["name"] or bool(match["adjective"]) or match["name"] not in _COMMON


def currency_before(sign: str, states: Collection[str]) -> str:
    """Return the code of a sign or code before a number; `rupees` for a rupee that no named state decides."""
    plain = sign.strip()
    if plain in SIGNS:
        # the yen's sign is also the yuan's
        return "CNY" if plain == "¥" and "CHN" in states and "JPN" not in states else SIGNS[plain]
    if plain.startswith("R") and plain.rstrip(".") in ("Rs", "Re"):
        return code_among("rupee", states) or plural_of("rupee")
    return {"RMB": "CNY"}.get(plain, plain)


def currency_after(words: str, states: Collection[str]) -> str:
    """Return the code that a code or name after a number means; the plural of the name if no state decides it."""
    plain = words.strip(" -")
    if plain in CODE_LIST:
        return {"RMB": "CNY"}.get(plain, plain)
    state, name = split_adjective(plain)
    singular = singular_of(name)
    if singular is None:
        return plain
    if state:
        return code_in_state(singular, state) or plain
    return code_among(singular, states) or plural_of(singular)
