"""Values of facts: truth values, quantities, days and texts.

A text must be one beyond doubt: what looks like a number, money or a missing value is refused, unless its unit is `text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from tocsin.case.currencies import currency_remedy, is_currency
from tocsin.case.types import is_blank, parse_day
from tocsin.case.units import (
    BOOL,
    DATE,
    ONE,
    TEXT,
    Quantity,
    Unit,
    exact,
    parse_exact,
    parse_quantity,
    parse_unit,
    without_count_of,
)
from tocsin.errors import InputError
from tocsin.translation import message

WORDS = ("truth", "date", "text")
"""Units of values that are not quantities."""

_MISSING = frozenset(
    (
        "n/a", "n.a.", "n.a", "na", "#n/a", "#na", "nan", "null", "none", "nil", "nd", "n.d.", "n.d", "tbd",
        "tba", "missing", "unknown", "-", "--", "---", ".", "..", "...", "?", "??", "*",
        "\u2013", "\u2014", "\u2026", "\u2212", "no data", "not available", "not applicable", "not known",
    )
)  # fmt: skip
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_SIGNS = "$¥€£₩₽₹￥元円원"
_AMOUNT = re.compile(rf"[{_SIGNS}]\s*[.\d]|\d\s*[{_SIGNS}]|\b([A-Z]{{3}})\s*[.\d]")
_DIGITS = re.compile(r"[-+\u2212]?\.?[0-9]")

Value = Quantity | bool | date | str


def is_missing(text: str) -> bool:
    """Return whether a text stands for a missing value: a blank, "n/a", a dash."""
    return is_blank(text) or text.strip().lower() in _MISSING


def parse_value(raw: str | float | bool, unit: str = "") -> Value:
    """Return the value of a fact: a truth value, a quantity, a day or a text.

    `unit` is the separate unit column of a table: a unit, or `date`, `text`, `truth`.

    Raises:
        InputError: if the value does not fit its unit, is blank, or is a text that looks like a number or like no value.
    """
    if isinstance(raw, bool):
        if unit not in ("", "truth"):
            raise InputError(
                message("a truth value has no unit `{unit}`", unit=unit),
                remedy=message("remove the unit, or write a number"),
            )
        return raw
    if isinstance(raw, (int, float)):
        if unit in WORDS:
            raise InputError(
                message("a number is not a {unit}", unit=unit),
                remedy=message("quote the value, or write the unit of the number"),
            )
        number = Fraction(raw) if isinstance(raw, int) else exact(raw)
        return Quantity(number, parse_unit(unit) if unit else ONE)
    text = raw.strip()
    if is_blank(text):
        raise InputError(message("the value is blank"), remedy=message("leave out a fact whose value is missing"))
    if unit == "text":
        return text
    if unit == "truth" or (not unit and text.lower() in ("true", "false")):
        return _truth(text)
    if unit == "date" or (not unit and _DAY.match(text)):
        return parse_day(text)
    if text.lower() in _MISSING:
        raise InputError(
            message("{text} stands for a missing value", text=repr(text)),
            remedy=message("leave out a fact whose value is missing"),
        )
    if unit:
        return _in_unit(text, unit)
    return parse_quantity(text) if _DIGITS.match(text) else _checked_text(text)


def looks_like_money(text: str) -> bool:
    """Return whether a text has a number beside the sign or the code of a currency: "G$21.9bn", "about EUR 5"."""
    amount = _AMOUNT.search(text)
    return amount is not None and (
        amount[1] is None or is_currency(amount[1]) or "did you" in currency_remedy(amount[1])
    )


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise InputError(message("{text} is not a truth value", text=repr(text)), remedy=message("write true or false"))
    return text.lower() == "true"


def _in_unit(text: str, unit: str) -> Quantity:
    parsed = parse_unit(unit)
    try:
        number = parse_exact(text)
    except InputError as error:
        if _quantity(text) is None:
            raise error
        raise InputError(
            message("{text} has a unit, and `unit` is {unit}", text=repr(text), unit=repr(unit)),
            remedy=message("write the unit once"),
        ) from None
    return Quantity(number, parsed)


def _checked_text(text: str) -> str:
    """Return a text; raises InputError for one that is not a text beyond doubt."""
    if looks_like_money(text):
        raise InputError(
            message("{text} looks like money", text=repr(text)),
            remedy=message('write the number, then the code: "9.04 JPY trn"; for a text, unit: text'),
        )
    if not text[0].isalpha():
        raise InputError(
            message("{text} is neither a number nor clearly a text", text=repr(text)),
            remedy=message('write e.g. "9.04 JPY trn"; for a text, unit: text'),
        )
    for match in re.finditer(r"(?<!\w)[-+\u2212]?\.?[0-9]", text):
        quantity = _quantity(text[match.start() :])
        if quantity is not None and quantity.unit != ONE:
            raise InputError(
                message("{text} ends in a quantity", text=repr(text)),
                remedy=message('write "{quantity}" and give a range; for a text, unit: text', quantity=str(quantity)),
            )
    return text


def _quantity(text: str) -> Quantity | None:
    try:
        return parse_quantity(text)
    except InputError:
        return None


def unit_of(value: Value) -> Unit:
    """Return the unit of a fact's value; truth values, days and texts have units of their own."""
    if isinstance(value, Quantity):
        return value.unit
    if isinstance(value, bool):
        return BOOL
    return DATE if isinstance(value, date) else TEXT


def distinct(values: Iterable[Value]) -> list[Value]:
    """Return values without those that equal an earlier one; 1200 k equals 1.2 m."""
    return list(
        {(value.base if isinstance(value, Quantity) else value): value for value in reversed([*values])}.values()
    )[::-1]


def as_written(raw: str | float | bool, unit: str) -> str:
    """Return the value of a fact as a text, as written and with its unit: "9035.3 JPY bn", "true", "2026-04-01"."""
    if isinstance(raw, bool) or unit == "truth":
        return str(raw).lower()
    if unit == "text" or (not unit and isinstance(raw, str) and not _DIGITS.match(raw.strip())):
        return str(raw)
    return without_count_of(str(raw) if unit in ("", "1", "date") else f"{raw} {unit}")
