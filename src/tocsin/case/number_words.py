"""Numbers, magnitudes and denominators in English words, for all that read prose; each reader has its own grammar."""

from __future__ import annotations

from types import MappingProxyType

_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

NUMBER_WORDS = MappingProxyType(
    {
        **{
            f"{tens}{join}{one}": 10 * number + digit
            for number, tens in enumerate(_TENS, 2)
            for digit, one in enumerate(_ONES, 1)
            for join in ("-", " ")
        },
        **{word: number for number, word in enumerate([*_ONES[1:], *_TEENS], 2)},
        **{word: 10 * number for number, word in enumerate(_TENS, 2)},
        "one": 1,
    }
)
"""Words of the numbers from 1 to 99; longer words come first, so that patterns prefer them."""

MAGNITUDES = MappingProxyType(
    {
        "lakh crore": 10**12, "hundred thousand": 10**5, "hundred million": 10**8, "hundred billion": 10**11, "thousand billion": 10**12,
        "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "lakh": 10**5, "crore": 10**7,
        "mln": 10**6, "mn": 10**6, "bln": 10**9, "bn": 10**9, "trn": 10**12, "tn": 10**12,
    }
)  # fmt: skip
"""Words that multiply a number; longer words come first."""
LETTERS = MappingProxyType({"k": 10**3, "m": 10**6, "b": 10**9})
"""Letters that multiply a number in digits."""

DENOMINATORS = MappingProxyType(
    {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
)
"""Words below the line of a fraction, in the singular."""

ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
    "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip
"""Words of the ranks from 1 to 20, in order."""
