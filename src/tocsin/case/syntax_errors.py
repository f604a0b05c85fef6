"""Say what is wrong with a test that does not parse, and what to write instead."""

from __future__ import annotations

import re

from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from tocsin.errors import InputError

_HINTS = (
    (re.compile(r"(<|>|==|!=|<=|>=)"), "put brackets around a comparison inside another"),
    (re.compile(r"=(?!=)"), "write == for equality"),
    (re.compile(r"&&?"), "write and"),
    (re.compile(r"\|\|"), "write or"),
    (re.compile(r"!(?!=)"), "write not"),
    (re.compile(r"\^|\*"), "there is no power operator: multiply"),
    (re.compile("[≤⩽]"), "write <="),
    (re.compile("[≥⩾]"), "write >="),
    (re.compile("≠"), "write !="),
    (re.compile("[×·∙]"), "write *"),
    (re.compile("[÷∕]"), "write /"),
    (re.compile("[“”‘’]"), "write straight quotes"),
    (re.compile("[\"']"), "close the text with the quote with which it begins"),
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
        return InputError("the test ends too soon", column=len(text) + 1, remedy="close the brackets or finish it")
    position = error.pos_in_stream or 0
    rest = text[position:]
    quoted = _QUOTED.match(rest)
    if quoted is not None:
        return InputError(
            f"the name {quoted[0]} is in quotes",
            column=position + 1,
            remedy=f"write {quoted[2]}: only a text with which a fact is compared has quotes",
        )
    shown = rest.split()[0] if rest.split() else rest
    return InputError(
        f"the test does not parse at {shown[:30]!r}", column=position + 1, remedy=_remedy(text[:position], rest, error)
    )


def _remedy(before: str, rest: str, error: UnexpectedInput) -> str:
    if (head := _DIGITS_AT_END.search(before)) and (groups := _GROUPS.match(rest)):
        return f"write {head[0]}{groups[0].replace(',', '')}: a number has no commas"
    function = _AGGREGATE.search(before)
    if function is not None and not rest.startswith("series"):
        return f"write {function[1]}(series(KEY, FIRST..LAST)); `abs`, `+` and comparisons take single numbers"
    if _FIRST_OF.search(before):
        return 'write the kind of event in quotes: first_of(REGISTER, "KIND")'
    bare = _BARE.search(before)
    if bare is not None and not _AGGREGATE.search(before[: bare.start()]):
        return "write what is to be computed, such as sum(series(KEY, FIRST..LAST))"
    hint = next((remedy for pattern, remedy in _HINTS if pattern.match(rest)), None)
    return hint or _expected(error)


_WORDS = {
    "OR": "or", "AND": "and", "NOT": "not", "COMPARE": "a comparison", "PLUS": "+", "MINUS": "-", "TIMES": "*",
    "OVER": "/", "BAR": "|", "RPAR": ")", "LPAR": "(", "COMMA": ",", "NUMBER": "a number", "WORD": "a name",
    "FACT_ID": "the id of a fact", "INPUT_ID": "the name of a belief", "$END": "the end", "UNIT": "a unit",
    "IN": "in", "ALIKE": "alike", "TYPE": "type", "DATE": "a day", "TEXT": "a text in quotes", "YEAR": "a year",
    "SPAN": "a span of years such as 2010..2020", "WITHIN": "within", "OF": "of", "SERIES": "series",
}  # fmt: skip


def _expected(error: UnexpectedInput) -> str:
    names: set[str] = set()
    if isinstance(error, UnexpectedToken):
        names = set(error.accepts or error.expected)
    elif isinstance(error, UnexpectedCharacters):
        names = set(error.allowed or ())
    words = sorted({_WORDS[name] for name in names if name in _WORDS})
    return "expected " + ", ".join(words) if words else "see the test language in the documentation"
