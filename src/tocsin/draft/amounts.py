"""Find the amounts in a sentence: money, shares, measures and counts with what they count."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tocsin.case.number_words import DENOMINATORS, LETTERS, MAGNITUDES, NUMBER_WORDS
from tocsin.case.units import as_decimal
from tocsin.draft.actors import names_state
from tocsin.draft.dates import MONTHS
from tocsin.draft.money_words import CODES, CURRENCY_AFTER, CURRENCY_BEFORE, currency_after, currency_before, is_money
from tocsin.draft.spans import Span, is_free
from tocsin.draft.unit_words import MEASURES, counted_noun

PERCENT = "%"


@dataclass(frozen=True)
class AmountSpan(Span):
    """An amount in a sentence.

    Attributes:
        value: the number, exactly as written, with its magnitude: 4.5 billion is 4,500,000,000.
        unit: a currency of ISO 4217, `%`, `percentage points`, a measure such as `km`, or the noun that is counted; empty for a bare number.
        is_money: whether the unit is a currency.
    """

    value: Fraction
    unit: str
    is_money: bool = False

    def __str__(self) -> str:
        exact = self.value.denominator == 1 or self.value * 10**6 % 1 == 0
        number = as_decimal(self.value).removesuffix(".0") if exact else f"{float(self.value):.4g}"
        is_one = self.value == 1 and self.unit in MEASURES and self.unit != "times"
        return f"{number} {self.unit.removesuffix('s') if is_one else self.unit}".strip()


_DIGITS = r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d+(?:\.\d+)?"
_WORDS = "|".join(NUMBER_WORDS)
_MAGNITUDE = "|".join(MAGNITUDES)
_NUMBER = re.compile(
    rf"(?<![\w.,:/])(?:(?P<digits>{_DIGITS})(?![\d:]|/\d|(?:st|nd|rd|th)\b)"
    rf"|(?P<half>[Hh]alf\s+a)(?=[\s-](?:{_MAGNITUDE}|dozen)\b)"
    rf"|(?P<word>(?i:{_WORDS}))\b(?!-?(?:fold|thirds|quarters|fifths|third|quarter|fifth)\b)"
    rf"|(?P<article>[Aa]n?)(?=\s(?:{_MAGNITUDE}|dozen)\b(?!s)))"
)
_SCALE = re.compile(rf"[\s-]?(?P<scale>{_MAGNITUDE}|dozen)\b(?!s)|(?P<letter>[mkbKMB]|tn)\b", re.IGNORECASE)
_AND_REST = re.compile(rf"\s+(?:and\s+)?(?P<rest>{_WORDS})\b(?:\s+(?P<scale>thousand))?", re.IGNORECASE)
_FRACTION = re.compile(
    r"\b(?:(?P<tops>one|two|three|four|nine)[\s-](?P<bottoms>thirds|quarters|fifths|fourths|tenths|(?<=-)(?:third|quarter|fifth|tenth))\b"
    r"|(?P<top>an?|one)\s+(?P<bottom>third|quarter|fifth|fourth|tenth|half)(?=\s+(?:of|less|more|fewer|smaller|larger|higher|lower|as|in|since|between|over|from|to|after|by|when|and|is|are|was|were|has|had)\b|[.,;)])"
    r"|(?<!first )(?<!second )(?<!other )(?<!latter )(?<!better )(?<!last )(?P<half>half)(?=\s+(?:of|its|the|their|his|her|our|that|all|as)\b))",
    re.IGNORECASE,
)
_RATIO = re.compile(
    rf"\b(?P<part>{_WORDS}|\d+)\s+(?:out\s+of|in)\s+(?:every\s+)?(?P<whole>{_WORDS}|\d{{1,3}})\b(?!\s*(?:years|months|days|weeks|%|percent))",
    re.IGNORECASE,
)
_FOLD = re.compile(
    rf"\b(?P<word>{_WORDS}|\d+(?:\.\d+)?)-?fold\b|\b(?P<twice>[Tt]wice)(?=\s+(?:as|the|that|its|their|what)\b)",
    re.IGNORECASE,
)
_LABELS = re.compile(
    r"\b(?:Articles?|Sections?|Chapters?|Resolutions?|No\.|Nos\.|Number|Type|Annex|Appendix|Title|Page|Psalm|Protocol|Highway|Route|Phase|Tier|Level|Clause|Channel|Flight|Boeing|Airbus|Group)[\s-]$"
)
_NAME_BEFORE = re.compile(r"(?<=[\w,] )(?P<name>[A-Z]\w*[A-Za-z])[\s-]$")
"""A capitalised word within a sentence, to which a number may belong, as in `Leopard 2`."""
_ANAPHORA = re.compile(r"\b(?:the|these|those|other|first|last|any)\s+$", re.IGNORECASE)
WINDOW = 40
"""Characters before a number that decide what it is."""
MAX_REFERENCE = 10
"""Largest number that refers to things named before, as in `the two leaders`, or belongs to a name."""
_JOIN = re.compile(r"\s*(?:-|–|—|to|and|or)\s*\Z")
_CLOCK = re.compile(r"\s?(?:a\.m|p\.m|am\b|pm\b|o['’]clock)")


def find_amounts(text: str, taken: Sequence[Span] = (), states: Collection[str] = ()) -> tuple[AmountSpan, ...]:
    """Return the amounts in a sentence, in order.

    Args:
        text: the sentence.
        taken: the dates in it, whose numbers are no amounts.
        states: ISO codes of the states that the sentence names. They decide what an ambiguous word such as `rupees` means.
    """
    spans: list[AmountSpan] = []
    for amount in (*_shares(text), *_numbers(text, states)):
        if is_free(amount.start, amount.end, [*taken, *spans]):
            spans.append(amount)
    return tuple(_with_range_units(text, sorted(spans, key=lambda span: span.start)))


def _shares(text: str) -> Iterator[AmountSpan]:
    """Yield fractions and ratios as percentages, and multiples."""
    for match in _FRACTION.finditer(text):
        top = (match["tops"] or match["top"] or "one").lower()
        bottom = (match["bottoms"] or match["bottom"] or "half").lower()
        share = Fraction(NUMBER_WORDS.get(top, 1), DENOMINATORS[bottom.removesuffix("s")])
        yield AmountSpan(*match.span(), match.group(), 100 * share, PERCENT)
    for match in _RATIO.finditer(text):
        part, whole = (_small(match[name]) for name in ("part", "whole"))
        if 0 < part < whole:
            yield AmountSpan(*match.span(), match.group(), 100 * part / whole, PERCENT)
    for match in _FOLD.finditer(text):
        value = Fraction(2) if match["twice"] else _small(match["word"])
        yield AmountSpan(*match.span(), match.group(), value, "times")


def _small(word: str) -> Fraction:
    return Fraction(NUMBER_WORDS.get(word.lower(), 0)) or Fraction(word)


def _numbers(text: str, states: Collection[str]) -> Iterator[AmountSpan]:
    for match in _NUMBER.finditer(text):
        value, end, scaled = _value(text, match)
        before = CURRENCY_BEFORE.search(_before(text, match))
        start = match.start() - len(before.group()) if before else match.start()
        if before:
            code = currency_before(before.group(), states)
            end += _extent(CODES, text, end)
            yield AmountSpan(start, end, text[start:end], value, code, is_money=True)
            continue
        amount = _with_unit(text, match, (value, end, scaled), states)
        if amount is not None and _counts(text, match, amount, scaled=scaled):
            yield amount


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - WINDOW) : match.start()]


def _extent(pattern: re.Pattern[str], text: str, end: int) -> int:
    match = pattern.match(text, end)
    return match.end() - end if match else 0


def _value(text: str, match: re.Match[str]) -> tuple[Fraction, int, bool]:
    """Return the number at a match with its magnitude, where it ends, and whether it has a magnitude."""
    if match["digits"]:
        value = Fraction(match["digits"].replace(",", ""))
    elif match["half"]:
        value = Fraction(1, 2)
    else:
        value = Fraction(1) if match["article"] else Fraction(NUMBER_WORDS[match["word"].lower()])
    end, scaled = match.end(), False
    while scale := _SCALE.match(text, end):
        if scale["letter"] and (
            match["digits"] is None or (scale["letter"] == "m" and not CURRENCY_BEFORE.search(_before(text, match)))
        ):
            break
        word = (scale["scale"] or scale["letter"]).lower()
        value *= 12 if word == "dozen" else LETTERS.get(word) or MAGNITUDES[word]
        end, scaled = scale.end(), True
    if scaled and not match["digits"] and (rest := _AND_REST.match(text, end)):
        value += NUMBER_WORDS[rest["rest"].lower()]
        value *= 1000 if rest["scale"] else 1
        end = rest.end()
    return value, end, scaled


def _with_unit(
    text: str, match: re.Match[str], number: tuple[Fraction, int, bool], states: Collection[str]
) -> AmountSpan | None:
    """Return the amount with the unit that follows; None if the number tells the time of day.

    Args:
        text: the sentence.
        match: the number in it.
        number: what `_value` returns.
        states: named in the sentence.
    """
    start, (value, end, scaled) = match.start(), number
    if _CLOCK.match(text, end):
        return None
    money = CURRENCY_AFTER.match(text, end)
    if money and is_money(money, scaled=scaled):
        code = currency_after(money.group(), states)
        return AmountSpan(
            start, money.end(), text[start : money.end()], value, code, is_money=len(code) == 3 and code.isupper()
        )
    for unit, pattern in MEASURES.items():
        if measure := pattern.match(text, end):
            return AmountSpan(start, measure.end(), text[start : measure.end()], value, unit)
    noun = counted_noun(text, end)
    if noun is not None:
        return AmountSpan(start, noun.end, text[start : noun.end], value, noun.text)
    return AmountSpan(start, end, text[start:end], value, "")


def _counts(text: str, match: re.Match[str], amount: AmountSpan, *, scaled: bool) -> bool:
    """Return whether a number is an amount, and not part of a name, a pronoun or a reference to things named before."""
    before = _before(text, match)
    if match["word"] and not scaled:
        if match["word"].lower() == "one":
            return amount.unit in MEASURES and amount.unit != "times"
        return bool(amount.unit) and not (amount.value <= MAX_REFERENCE and _ANAPHORA.search(before))
    if match["digits"] and not scaled and amount.unit not in MEASURES:
        return not (before.endswith(("-", "–")) and not before[:-1][-1:].isdigit()) and not _is_label(before, amount)
    return True


def _is_label(before: str, amount: AmountSpan) -> bool:
    """Return whether a number is part of a name that ends before it, as in `Article 5` or `Leopard 2 tanks`."""
    if _LABELS.search(before):
        return True
    name = _NAME_BEFORE.search(before)
    if name is None or name["name"].lower() in MONTHS or names_state(name["name"]):
        return False
    return not amount.unit or amount.value <= MAX_REFERENCE


def _with_range_units(text: str, spans: Sequence[AmountSpan]) -> list[AmountSpan]:
    """Return the amounts with the units and magnitudes that the two ends of a range share, as in `20 to 30 percent`."""
    amounts = list(spans)
    for index in range(len(amounts) - 1):
        first, second = amounts[index : index + 2]
        if not _JOIN.match(text[first.end : second.start]):
            continue
        if first.is_money and not second.unit:
            second = replace(second, unit=first.unit, is_money=True)
        if second.unit and (not first.unit or (first.is_money and first.unit == second.unit)):
            value = first.value * _shared_scale(first, second)
            first = replace(first, unit=second.unit, is_money=second.is_money, value=value)
        amounts[index : index + 2] = first, second
    return amounts


def _shared_scale(amount: AmountSpan, following: AmountSpan) -> int:
    """Return the magnitude that the first number of a range takes from the second: `3 to 5 billion` is 3 billion to 5 billion."""
    if re.search(rf"{_MAGNITUDE}|\d[mkb]\b", amount.text, re.IGNORECASE):
        return 1
    words = re.findall(rf"\b(?:{_MAGNITUDE})\b", following.text, re.IGNORECASE)
    return MAGNITUDES[words[-1].lower()] if words and amount.value < 1000 else 1
