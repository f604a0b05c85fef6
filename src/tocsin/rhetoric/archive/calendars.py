"""Convert years of the Juche calendar, Japanese eras and the Republic of China, and Chinese numerals."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class _Era(NamedTuple):
    """An era: the year before its year 1, its first day and its last."""

    zero: int
    first: dt.date
    last: dt.date = dt.date.max


_JUCHE = _Era(1911, dt.date(1912, 1, 1))
_ERAS: Mapping[str, _Era] = MappingProxyType(
    {
        **dict.fromkeys(("juche", "주체", "主体", "主體", "チュチェ"), _JUCHE),
        **dict.fromkeys(("民國", "民国"), _Era(1911, dt.date(1912, 1, 1))),
        **dict.fromkeys(("reiwa", "令和"), _Era(2018, dt.date(2019, 5, 1))),
        **dict.fromkeys(("heisei", "平成"), _Era(1988, dt.date(1989, 1, 8), dt.date(2019, 4, 30))),
        **dict.fromkeys(("showa", "昭和"), _Era(1925, dt.date(1926, 12, 25), dt.date(1989, 1, 7))),
        **dict.fromkeys(("taisho", "大正"), _Era(1911, dt.date(1912, 7, 30), dt.date(1926, 12, 24))),
    }
)
ERA = rf"(?P<era>{'|'.join(_ERAS)})\s?(?P<era_year>\d{{1,3}})"
"""Pattern of an era and its year, in lower case and Arabic numerals."""
_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_NUMERAL = re.compile(r"(?<!\d)[〇○零一二三四五六七八九十]+(?=\s?[年月日号號])")


def era_year(era: str, number: int, month: int, day: int) -> int | None:
    """Return the Gregorian year of a day in year `number` of an era, or None if the era has no such day."""
    known = _ERAS[era]
    try:
        date = dt.date(known.zero + number, month, day)
    except ValueError:
        return None
    return date.year if known.first <= date <= known.last else None


def arabic_numerals(text: str) -> str:
    """Return a text with the Chinese numerals of its years, months and days in Arabic; the first year of an era is 1."""
    text = re.sub(r"(?<=[和成正國国])元年", "1年", text)
    return _NUMERAL.sub(lambda match: _value(match[0]), text)


def _value(numeral: str) -> str:
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return "".join(str(_DIGITS[char]) for char in numeral)
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return numeral
    return str(10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0))
