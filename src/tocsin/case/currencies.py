"""Currencies: the codes of ISO 4217, and the range of the yearly exchange rate where it is on record.

`currencies.csv` lists the currencies of states in ISO 4217, lists one (current) and three (withdrawn), without metals, funds
and units of account. XTS, the standard's code for tests, may stand for a made-up currency. Names: Unicode CLDR. Ranges: the
lowest and highest yearly mean of local currency per US dollar in the data set `exchange_rates` (US Federal Reserve, H.10).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from tocsin.errors import InputError
from tocsin.translation import message

SIGNS = MappingProxyType(
    {
        "Mex$": "MXN", "US$": "USD", "AU$": "AUD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "NT$": "TWD", "TT$": "TTD",
        "A$": "AUD", "C$": "CAD", "S$": "SGD", "R$": "BRL", "G$": "GYD", "J$": "JMD", "N$": "NAD",
        "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₹": "INR", "₽": "RUB", "₺": "TRY", "₴": "UAH",
        "₦": "NGN", "₪": "ILS", "₫": "VND", "฿": "THB", "₱": "PHP",
    }
)  # fmt: skip
"""Signs and the codes that they mean mostly; longer ones come first. Of signs with several meanings, ¥ is also the yuan's."""
_ALIASES = {
    "YEN": "JPY", "WON": "KRW", "RMB": "CNY", "CNH": "CNY", "YUAN": "CNY", "NTD": "TWD", "NT": "TWD", "EURO": "EUR",
    "STG": "GBP", "UKP": "GBP", "US": "USD", "DOLLAR": "USD", "HKS": "HKD", "RUBLE": "RUB", "RBL": "RUB", "DM": "DEM",
    "원": "KRW", "ウォン": "KRW", "엔": "JPY", "円": "JPY", "위안": "CNY", "元": "CNY", "人民元": "CNY",
    "달러": "USD", "미달러": "USD", "ドル": "USD", "米ドル": "USD", "유로": "EUR", "ユーロ": "EUR",
    **{sign.upper(): code for sign, code in SIGNS.items()},
}  # fmt: skip
"""What people write for a currency, and its code."""

RATES_FROM = "US Federal Reserve, H.10"
"""Source of the ranges of rates."""


@dataclass(frozen=True)
class RateRange:
    """The lowest and the highest yearly mean of local currency per US dollar from `first_year` to `last_year`."""

    low: float
    high: float
    first_year: int
    last_year: int


@cache
def _rows() -> MappingProxyType[str, RateRange | None]:
    text = (files("tocsin.case") / "currencies.csv").read_text(encoding="utf-8")
    rows = {}
    for row in csv.DictReader(text.splitlines()):
        years = (row["first_year"], row["last_year"])
        rows[row["code"]] = RateRange(float(row["low"]), float(row["high"]), *map(int, years)) if row["low"] else None
    return MappingProxyType(rows)


def is_currency(code: str) -> bool:
    """Return whether ISO 4217 has the currency of a state by this code."""
    return code in _rows()


def rate_range(code: str) -> RateRange | None:
    """Return the range of a currency's yearly exchange rate; None if it is not on record here."""
    return _rows().get(code)


def check_currency(code: str) -> str:
    """Return a code of ISO 4217; raises InputError, with the code that was probably meant, for any other text."""
    if not is_currency(code):
        raise InputError(message("{code} is not a currency of ISO 4217", code=repr(code)), remedy=currency_remedy(code))
    return code


def currency_of(word: str) -> str | None:
    """Return the code that a code, sign or name of a currency stands for: "yen" is JPY; None if there is none."""
    return _ALIASES.get(word.upper()) or (word.upper() if is_currency(word.upper()) else None)


def currency_remedy(word: str) -> str:
    """Return the remedy for what is not a currency: the code that the word stands for, or a general advice."""
    code = currency_of(word)
    if code:
        return message("did you mean `{code}`?", code=code)
    return message("write the code of ISO 4217, three capital letters, such as JPY or USD")
