"""Checks of figures: changes without base or price basis, and amounts in two currencies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from tocsin.draft.amounts import AmountSpan
from tocsin.draft.flags.flag import Flag, Reading
from tocsin.draft.rates import rate_note
from tocsin.translation import Text, message

_CHANGE = re.compile(
    r"\b(?:doubled|tripled|trebled|quadrupled|halved|(?:will|would|shall|may|might|could|can|should|must|to)\s+(?:(?:more\s+than|\w+ly|almost|again|soon)\s+)?(?:double|triple|treble|quadruple|halve)\b(?!-)|(?:more\s+than\s+|nearly\s+|almost\s+)?(?:double|triple|halve)(?=\s+(?:its|their|his|her|the|defen[cs]e|military|spending))"
    r"|(?:rose|risen|rising|grew|grown|increased?|increases|increasing|climbed|jumped|surged|soared|expanded|raised|fell|fallen|dropped|declined?|decreased|shrank|shrunk|plunged|cut|slashed|reduced|(?<=, )(?:up|down)|(?<=is )(?:up|down)|(?<=was )(?:up|down)|(?<=are )(?:up|down))"
    r"(?:\s+(?:[\w'’-]+\s+){0,5}?)?(?:\s?by\s+)?(?:more\s+than\s+|about\s+|nearly\s+|almost\s+|over\s+|some\s+|roughly\s+|only\s+|just\s+|an?\s+)?(?=\d[\d.,]*\s?(?:%|per\s?cent|percent)|\d+-?fold|tenfold|\w+fold\b|half\b|a\s+(?:third|quarter|fifth|tenth)\b|(?:one|two|three)[\s-](?:thirds?|quarters?|fifths?)))",
    re.IGNORECASE,
)
_BASE = re.compile(
    r"\b(?:since|from|between|compared\s+(?:with|to)|over\s+(?:the\s+)?(?:past|last|previous|same|next|two|three|four|five|ten|\w+\s+years|\d+)|in\s+(?:the\s+)?(?:past|last|just|only|under|less\s+than)?\s*(?:two|three|four|five|six|ten|a|\d+)\s+(?:years?|months?|decades?)|"
    r"year[\s-]on[\s-]year|year[\s-]over[\s-]year|(?:a|per|each|every)\s+year|annually|within|than\s+(?:in|a|the)|during|earlier|in\s+(?:a|one)\s+(?:year|decade|generation)|last\s+year|previous|in\s+\d{4}|on\s+the\s+year|that\s+year|in\s+two\s+decades|by\s+20\d\d|this\s+year)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\b(?:spending|budgets?|expenditures?|outlays?|exports?|imports?|trade|gdp|economy|incomes?|wages?|salar(?:y|ies)|revenues?|aid|debt|pensions?|sales|investments?|costs?|subsid(?:y|ies)|funding|"
    r"remittances|tax(?:es)?|pay|loans?|turnover|profits?|lending|output)\b|[$€£¥₩₹]",
    re.IGNORECASE,
)
_PRICE_BASIS = re.compile(
    r"\b(?:nominal(?:ly)?|in\s+cash\s+terms|current\s+prices|constant(?:[\s-]price|\s+\d{4})|(?:at|in)\s+\d{4}\s+(?:prices|dollars|euros|pounds)|inflation-adjusted|adjusted\s+for\s+inflation|after\s+inflation|share\s+of|percent\s+of|per\s+cent\s+of|% of|of\s+gdp|in\s+volume|tonnes?|barrels)\b",
    re.IGNORECASE,
)
_REAL = re.compile(
    r"\bin\s+real\s+terms\b|\breal[\s-]terms\b|\breal\s+(?:growth|increase|rise|wages|spending|gdp|incomes?)\b",
    re.IGNORECASE,
)
_DEFLATOR = re.compile(
    r"\b(?:deflator|consumer\s+prices?|cpi|(?:at|in)\s+(?:constant\s+)?\d{4}\s+(?:prices|dollars|euros|pounds|yen|rupees)|constant\s+\d{4}|\d{4}\s+prices)\b",
    re.IGNORECASE,
)


def no_base(reading: Reading) -> Iterator[Flag]:
    """Yield a change that names no base period, or a change of money that does not say at which prices."""
    if reading.kind in ("counterfactual",):
        return
    match = _CHANGE.search(reading.text)
    real = _REAL.search(reading.text)
    if real and not _DEFLATOR.search(reading.text):
        why = message("`real` needs a deflator and the year of its prices; both answers may differ.")
        yield reading.flag("no_base", *real.span(), why)
        return
    if match is None:
        return
    end = match.start() + len(match.group().rstrip())
    has_base = bool(_BASE.search(reading.text)) or bool(reading.dates)
    lacks_prices = _MONEY.search(reading.text) and not _PRICE_BASIS.search(reading.text) and not real
    if not has_base:
        why = message("the change names no year from which it is measured.")
        yield reading.flag("no_base", match.start(), end, why)
    elif lacks_prices:
        why = message("the change does not say whether it is nominal or real, and with which deflator.")
        yield reading.flag("no_base", *match.span(), why)


_SAME_MONEY = re.compile(
    r"(?:\s+(?:an?|per|each)\s+\w+)?\s*(?:\(|\[|,\s*or\b|or\b|—|–|,|equal(?:s|\s+to)?|worth|equivalent\s+to|which\s+is|i\.e\.)\s*(?:or\s+|just\s+)?(?:about|around|roughly|some|nearly|almost|approximately|only|just|over|more\s+than|less\s+than|under|equivalent\s+to|worth|at\s+the\s+time)?\s*(?:about\s+)?\Z",
    re.IGNORECASE,
)


def two_currencies(reading: Reading) -> Iterator[Flag]:
    """Yield two amounts in two currencies of which one restates the other, with the exchange rate that they imply."""
    money = [amount for amount in reading.amounts if amount.is_money]
    for first, second in pairwise(money):
        if first.unit != second.unit and _SAME_MONEY.match(reading.text[first.end : second.start]):
            yield reading.flag("two_currencies", first.start, second.end, _rate_words(reading, first, second))


def _rate_words(reading: Reading, first: AmountSpan, second: AmountSpan) -> Text:
    dated = [span for span in reading.dates if not span.iso.startswith("FY")]
    year = dated[0].first_year if dated else reading.day.year if reading.day else None
    return rate_note(first, second, year)
