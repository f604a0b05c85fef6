"""Large numbers in words: by thousands in English, by ten thousands in Korean and Japanese."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

ENGLISH: Mapping[int, str] = MappingProxyType({6: "million", 9: "billion", 12: "trillion"})
"""Words of powers of ten."""
_EAST_ASIAN = {"ko": ("만", "억", "조"), "ja": ("万", "億", "兆")}
_GROUP = 10_000


def scaled_words(digits: str, exponent: int, language: str) -> str:
    """Return a number times a power of ten in words: "9.04 trillion", "9조 400억", "9兆400億".

    Args:
        digits: the number as printed in English, such as "1,170.5" or "\N{MINUS SIGN}57.7".
        exponent: of the power of ten, one of `ENGLISH`.
        language: code of the language.
    """
    if language not in _EAST_ASIAN:
        return f"{digits} {ENGLISH[exponent]}"
    value = Decimal(digits.replace(",", "").replace("\N{MINUS SIGN}", "-")).scaleb(exponent)
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    rest, fraction = divmod(abs(value), 1)
    parts: list[str] = []
    number = int(rest)
    for word in ("", *_EAST_ASIAN[language]):
        number, group = divmod(number, _GROUP) if word != _EAST_ASIAN[language][-1] else (0, number)
        if group or (fraction and not word):
            end = f"{fraction.normalize():f}".removeprefix("0") if fraction and not word else ""
            parts.insert(0, f"{group:,}{word}" if group >= _GROUP else f"{group}{end}{word}")
    return sign + (" " if language == "ko" else "").join(parts)
