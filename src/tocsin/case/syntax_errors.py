"""Say what is wrong with a test that does not parse, and what to write instead."""

from __future__ import annotations

import re

from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from tocsin.errors import InputError
from tocsin.translation import in_commas, message

_HINTS = (
    (re.compile(r"(<|>|==|!=|<=|>=)"), message("put brackets around a comparison inside another")),
    (re.compile(r"=(?!=)"), message("write == for equality")),
    (re.compile(r"&&?"), message("write and")),
    (re.compile(r"\|\|"), message("write or")),
    (re.compile(r"!(?!=)"), message("write not")),
    (re.compile(r"\^|\*"), message("there is no power operator: multiply")),
    (re.compile("[≤⩽]"), message("write <=")),
    (re.compile("[≥⩾]"), message("write >=")),
    (re.compile("≠"), message("write !=")),
    (re.compile("[×·∙]"), message("write *")),
    (re.compile("[÷∕]"), message("write /")),
    (re.compile("[“”‘’]"), message("write straight quotes")),
    (re.compile("[\"']"), message("close the text with the quote with which it begins")),
)
_DIGITS_AT_END = re.compile(r"(?<![\w.])\d{1,3}\Z")
_GROUPS = re.compile(r"(?:,\d{3})+(?!\d)")
_QUOTED = re.compile(r"([\"'])([A-Za-z][A-Za-z0-9_.\-]*)\1")
_FIRST_OF = re.compile(r"first_of\s*\(\s*[^\s,()]+\s*,\s*\Z")
_AGGREGATE = re.compile(r"(sum|mean|max|min|growth|change|known|break_in)\s*\(\s*\Z")
_BARE = re.compile(r"\bseries\s*\([^()]*\Z")


def syntax_error(text: str, error: UnexpectedInput) -> InputError:
    """Return the error of a test that does not parse, with `column` and a remedy."""
    if isinstance(error, UnexpectedEOF) or (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        return InputError(
            message("the test ends too soon"), column=len(text) + 1, remedy=message("close the brackets or finish it")
        )
    position = error.pos_in_stream or 0
    rest = text[position:]
    quoted = _QUOTED.match(rest)
    if quoted is not None:
        return InputError(
            message("the name {name} is in quotes", name=quoted[0]),
            column=position + 1,
            remedy=message("write {name}: only a text with which a fact is compared has quotes", name=quoted[2]),
        )
    shown = rest.split()[0] if rest.split() else rest
    return InputError(
        message("the test does not parse at {text}", text=repr(shown[:30])),
        column=position + 1,
        remedy=_remedy(text[:position], rest, error),
    )


def _remedy(before: str, rest: str, error: UnexpectedInput) -> str:
    if (head := _DIGITS_AT_END.search(before)) and (groups := _GROUPS.match(rest)):
        return message("write {number}: a number has no commas", number=head[0] + groups[0].replace(",", ""))
    function = _AGGREGATE.search(before)
    if function is not None and not rest.startswith("series"):
        return message(
            "write {function}(series(KEY, FIRST..LAST)); `abs`, `+` and comparisons take single numbers",
            function=function[1],
        )
    if _FIRST_OF.search(before):
        return message('write the kind of event in quotes: first_of(REGISTER, "KIND")')
    bare = _BARE.search(before)
    if bare is not None and not _AGGREGATE.search(before[: bare.start()]):
        return message("write what is to be computed, such as sum(series(KEY, FIRST..LAST))")
    hint = next((remedy for pattern, remedy in _HINTS if pattern.match(rest)), None)
    return hint or _expected(error)


_WORDS = {
    "OR": "or", "AND": "and", "NOT": "not", "COMPARE": message("a comparison"), "PLUS": "+", "MINUS": "-", "TIMES": "*",
    "OVER": "/", "BAR": "|", "RPAR": ")", "LPAR": "(", "COMMA": ",", "NUMBER": message("a number"), "WORD": message("a name"),
    "FACT_ID": message("the id of a fact"), "INPUT_ID": message("the name of a belief"), "$END": message("the end"), "UNIT": message("a unit"),
    "IN": "in", "ALIKE": "alike", "TYPE": "type", "DATE": message("a day"), "TEXT": message("a text in quotes"), "YEAR": message("a year"),
    "SPAN": message("a span of years such as 2010..2020"), "WITHIN": "within", "OF": "of", "SERIES": "series",
}  # fmt: skip


def _expected(error: UnexpectedInput) -> str:
    names: set[str] = set()
    if isinstance(error, UnexpectedToken):
        names = set(error.accepts or error.expected)
    elif isinstance(error, UnexpectedCharacters):
        names = set(error.allowed or ())
    words = sorted({_WORDS[name] for name in names if name in _WORDS})
    if not words:
        return message("see the test language in the documentation")
    return message("expected {words}", words=in_commas(words))
