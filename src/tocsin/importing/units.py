"""Read units as people write them: "US$ m.", "million yen", "% of GDP", "Constant (2022) US$ m.", "frigates".

A text that is no unit of money, time or measure is a count: `count of frigates`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tocsin.case.currencies import SIGNS, currency_of, is_currency
from tocsin.case.units import BASES, COUNT_OF, PREFIXES, alias_of, parse_unit
from tocsin.errors import InputError
from tocsin.importing.remarks import CellError
from tocsin.translation import message

_GUESSED = {"$": "USD", "¥": "JPY", "£": "GBP", "₩": "KRW"}
"""Signs of several currencies, and the one that is taken."""
_PLURALS = {
    "dollars": "DOLLAR",
    "euros": "EURO",
    "rubles": "RUBLE",
    "roubles": "RUBLE",
    "rouble": "RUBLE",
    "yuans": "YUAN",
    "renminbi": "RMB",
}
_SCALES = {
    "mio": "m",
    "mill": "m",
    "mrd": "bn",
    "mld": "bn",
    "mia": "bn",
    "bio": "trn",
    "조": "trn",
    "兆": "trn",
    "천": "k",
    "千": "k",
}
"""Words of other languages for a prefix, beside those that `tocsin.case.units` knows."""
_EAST_ASIAN = re.compile(
    r"(조|兆|억|億|백만|百万|만|万|천|千)?\s*(원|円|엔|元|위안|달러|미달러|유로|ドル|ユーロ|ウォン)\Z"
)
_PRICES = re.compile(
    r"constant\s*\(?([12]\d{3})\)?|\(?\bconstant\)?\s*\(?([12]\d{3})\)?|(?:in|at|of|,)?\s*\(?([12]\d{3})\)?\s+prices|\bof\s+([12]\d{3})\b"
    r"|\b([12]\d{3})\s+(?=US|[A-Z]{3}\b|[$€£¥₩])|\bconstant\b.*?\b([12]\d{3})\b",
    re.IGNORECASE,
)
_FILLERS = frozenset(("in", "of", "current", "prices", "constant", "at", "nominal", "and"))
_BRACKETS = re.compile(r"[(\[]([^)\]]+)[)\]]")
_LAST_WORDS = re.compile(r"(?:,|\bin\b)\s+([^,]+?)(?:\s+[12]\d{3})?\Z")
_SQUARE = re.compile(r"\b(?:sq\.? ?)(km|m)\b|\b(km|m)[2²](?!\w)", re.IGNORECASE)
_NO_UNITS = frozenset(
    (
        "nominal", "real", "current", "constant", "total", "estimate", "estimated", "estimates", "est", "est.", "provisional", "net", "gross",
        "average", "mean", "annual", "cumulative", "confirmed", "approx", "approx.", "revised", "preliminary", "all", "official",
    )
)  # fmt: skip
"""Words in brackets that say something else than the unit."""
_PLAIN_NUMBERS = ("count", "counts", "number", "numbers", "no", "#", "n", "ratio", "index")
_TIMES = r"(?:year|yr|annum|month|day)s?\b"
_TYPO = message("two words for a unit of money, and no currency")


@dataclass(frozen=True)
class ReadUnit:
    """A unit of a case, and how it was read.

    Attributes:
        text: the unit in the notation of a case.
        note: what the unit does not say: "of GDP".
        counted: the things that are counted, if the text is no unit of money or measure; else empty.
        guessed: a sign of several currencies and the one taken, "$ as USD"; else empty.
    """

    text: str
    note: str = ""
    counted: str = ""
    guessed: str = ""


def unit_of_title(title: str) -> str:
    """Return the unit in the name of a column or a line above a table: "Spending (USD bn) 2023", "Share in %".

    It is blank if there is none. Words in brackets may be what is counted; words after "in" or a comma only a unit of money or measure.
    """
    if (
        (match := _BRACKETS.search(title))
        and match[1].strip().lower() not in _NO_UNITS
        and not match[1].strip().isdigit()
    ):
        return match[1].strip()
    match = _LAST_WORDS.search(title)
    if match is None:
        return ""
    try:
        unit = read_unit(match[1])
    except CellError:
        return ""
    return "" if unit.counted or unit.text == "1" else match[1].strip()


def combined_unit(column: str, title: str) -> str:
    """Return the unit of a row from its column of units and the name of the value's column, either of which may be blank.

    Raises:
        CellError: if the two contradict each other.
    """
    if not column or not title or column in ("text", "date", "truth"):
        return column or title
    own, named = read_unit(column), read_unit(title)
    if own.text == named.text or named.counted:
        return column
    if named.text in PREFIXES and not any(word in PREFIXES for word in own.text.split()):
        return f"{own.text} {named.text}" if " per " not in own.text else f"{named.text} {own.text}"
    raise CellError(
        message("a unit in its column and another one in the header"),
        message("write the unit once"),
        f"{column}, {title}",
    )


@lru_cache(maxsize=4096)
def read_unit(text: str) -> ReadUnit:
    """Return a unit in the notation of a case.

    Args:
        text: as written; blank for a plain number.

    Raises:
        CellError: if it cannot be read.
    """
    text = " ".join(text.replace("\u00a0", " ").split()).strip(" .")
    text = _SQUARE.sub(lambda match: f"square {(match[1] or match[2]).lower()}", text)
    if not text or text.lower() in _PLAIN_NUMBERS:
        return ReadUnit("1")
    try:
        parse_unit(text)
        return ReadUnit(text)
    except InputError as error:
        refused = error
    if share := re.fullmatch(r"(?:%|per ?cent|percent|pct)(?:\s+(.+))?", text, re.IGNORECASE):
        return ReadUnit("%", share[1] or "")
    if east := _EAST_ASIAN.match(text):
        text = f"{currency_of(east[2])} {_east_asian_scale(east[1] or '')}".strip()
    if (money := _money(text)) is not None:
        return money
    if "did you mean" in (refused.remedy or "") and any(word.isupper() and len(word) > 2 for word in text.split()):
        raise CellError(refused.message, refused.remedy or "")
    return _count(text)


def _east_asian_scale(word: str) -> str:
    if word in ("억", "億", "만", "万"):
        raise CellError(
            message("a scale of ten thousands or of hundred millions"), message("write the number in m, bn or trn")
        )
    return "m" if word in ("백만", "百万") else word


def _money(text: str) -> ReadUnit | None:
    """Return money with its scale, price year and time; None if no currency is named."""
    above, below = _per(text)
    year = next((group for match in [_PRICES.search(above)] if match for group in match.groups() if group), "")
    if year:
        above = above.replace(year, " ")
    guessed = next((sign for sign in SIGNS if sign in above), "")
    for sign in SIGNS:
        above = above.replace(sign, f" {currency_of(sign)} ")
    words = [word.strip(".") for word in re.findall(r"[^\W_]+\.?", above)]
    words = [word for word in words if word.lower() not in _FILLERS]
    codes, scales, rest = _sorted(words)
    if not codes:
        if len(words) > 1 and scales and any(re.fullmatch("[A-Z]{3}", word) for word in rest):
            raise CellError(_TYPO, message("write the code of the currency (ISO 4217), such as JPY bn"))
        return None
    if len(codes) > 1 or len(scales) > 1 or rest:
        raise CellError(
            message("a unit with a currency and other words"),
            message(
                'write e.g. "USD m", "JPY bn of 2023" or "EUR per year"; for another kind of money, "count of bn international dollars"'
            ),
        )
    parts = [*codes, *scales, *([f"of {year}"] if year else []), *([f"per {below}"] if below else [])]
    sign = message("{sign} as {currency}", sign=guessed, currency=_GUESSED[guessed]) if guessed in _GUESSED else ""
    return ReadUnit(_checked(" ".join(parts)), guessed=sign)


def _sorted(words: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the currencies among some words, the prefixes, and the rest, each once."""
    codes: dict[str, None] = {}
    scales: dict[str, None] = {}
    rest = []
    for word in words:
        code = currency_of(_PLURALS.get(word.lower(), word))
        prefix = _prefix(word)
        if code is not None and (is_currency(word) or not word.islower() or len(word) > 2):
            codes[code] = None
        elif prefix in PREFIXES:
            scales[prefix] = None
        else:
            rest.append(word)
    return list(codes), list(scales), rest


def _per(text: str) -> tuple[str, str]:
    """Return the parts of a unit before and after "per", "/" or "a year"."""
    match = re.fullmatch(rf"(.+?)(?:\s+per\s+|\s*/\s*(?={_TIMES})|\s+(?:a|each)\s+(?={_TIMES}))(.+)", text)
    if match is None:
        return text, ""
    below = match[2].strip(" .")
    return match[1], alias_of(below) or below


def _count(text: str) -> ReadUnit:
    """Return the unit of counted things, in the words of the table."""
    above, below = _per(text)
    words = list(re.findall(r"[^\W_][\w-]*", above))
    if not words or re.search(r"\d", above) or not re.fullmatch(r"[\w\s().,'’&/-]+", above):
        raise CellError(
            message("a unit that cannot be read"),
            message("write a currency, a word of the documentation's units, or what is counted"),
        )
    scales = [_prefix(word) for word in words if _is_scale(word)]
    if len(scales) == 1 and all(_is_scale(word) or word.lower() in _FILLERS for word in words):
        return ReadUnit(scales[0])
    things = [word for word in words if not _is_scale(word) and word.lower() not in ("of", "number")] or words
    base = _base(things[0]) if len(things) == 1 else None
    if base is not None and base not in PREFIXES:
        known = " ".join([*scales[:1], base])
        return ReadUnit(_checked(f"{known} per {below}" if below else known))
    unit = " ".join([COUNT_OF, *scales[:1], *things])
    return ReadUnit(_checked(f"{unit} per {below}" if below else unit), counted=" ".join(things))


def _base(word: str) -> str | None:
    """Return the unit of a case that a word is or stands for; None if it is none."""
    return word if word in BASES else alias_of(word)


def _is_scale(word: str) -> bool:
    """Return whether a word scales a count; single letters may be anything else: "t" is also a tonne."""
    return len(word) > 2 and _prefix(word) in PREFIXES


def _prefix(word: str) -> str:
    """Return the prefix that a word stands for, else the word in small letters."""
    return word if word in PREFIXES else alias_of(word) or _SCALES.get(word.lower()) or word.lower()


def _checked(unit: str) -> str:
    try:
        parse_unit(unit)
    except InputError as error:
        raise CellError(
            message("a unit that cannot be read"), error.remedy or message("write a unit of the case format")
        ) from None
    return unit
