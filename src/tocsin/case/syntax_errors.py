"""Say what is wrong with a test that does not parse, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches

from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from tocsin.case.quantities import QUANTITIES
from tocsin.errors import InputError
from tocsin.translation import Text, message

_HINTS = (
    (re.compile(r"(<|>|==|!=|<=|>=)"), message("put brackets around a comparison inside another")),
    (re.compile(r"=>"), message("write >=")),
    (re.compile(r"=<"), message("write <=")),
    (re.compile(r"=(?!=)"), message("write == for equality")),
    (re.compile("[$€£¥₩]"), message("write the code of the currency after the number, such as 3 USD")),
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
_SHOWN = 40
"""Characters of a test that a message repeats."""
_TAKE_NAMES = ("fact", "input", "abs", "P")
_NEVER_FIRST = ("if", "when", "that", "and", "or")
_LINKS = ("and", "or", "not", "within", "threshold")
_WORDS_BACK = 3
"""Words before the place of an error that may be misspelt: two words after a number pass for its unit."""
_COMPARISONS = {
    ">": ("greater", "larger", "more", "higher", "above", "over", "exceeds"),
    "<": ("less", "smaller", "fewer", "lower", "below", "under"),
    ">=": ("at least",),
    "<=": ("at most",),
    "==": ("is", "equals", "equal"),
}
_COMPARED = re.compile(
    rf"(?:is\s+)?({'|'.join(words for some in _COMPARISONS.values() for words in some)})\b", re.IGNORECASE
)
_SIGN = re.compile(r"[<>=!]=?")
_SIGN_AT_END = re.compile(r"[<>=!+*/-]\s*\Z")
_SIGNS = "()<>=,+-*/|%"
_LAST_WORD = re.compile(r"\b([A-Za-z_]+)\s*\Z")
_FIRST_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
_OPEN_NAME = re.compile(r"\b(?:fact|input)\s*\(\s*[A-Za-z][\w.@-]*\s*\Z")
_DIGITS_AT_END = re.compile(r"(?<![\w.])\d{1,3}\Z")
_GROUPS = re.compile(r"(?:,\d{3})+(?!\d)")
_QUOTED = re.compile(r"([\"'])([A-Za-z][A-Za-z0-9_.\-]*)\1")
_FIRST_OF = re.compile(r"first_of\s*\(\s*[^\s,()]+\s*,\s*\Z")
_AGGREGATE = re.compile(r"(sum|mean|max|min|growth|change|known|break_in)\s*\(\s*\Z")
_BARE = re.compile(r"\bseries\s*\([^()]*\Z")


def syntax_error(text: str, error: UnexpectedInput) -> InputError:
    """Return the error of a test that does not parse, with `column` and a remedy; it quotes the text before the place."""
    if isinstance(error, UnexpectedEOF) or (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        return _too_short(text, error)
    position = error.pos_in_stream or 0
    before, rest = text[:position], text[position:]
    quoted = _QUOTED.match(rest)
    if quoted is not None:
        return InputError(
            message("the name {name} is in quotes", name=quoted[0]),
            column=position + 1,
            remedy=message("write {name}: only a text with which a fact is compared has quotes", name=quoted[2]),
        )
    shown = (rest.split() or [rest])[0][:_SHOWN]
    if not before.strip():
        wrong = message("a test cannot begin with {text}", text=f"`{shown}`")
    else:
        wrong = message("{text} cannot follow {before}", text=f"`{shown}`", before=f"`{_end_of(before)}`")
    return InputError(wrong, column=position + 1, remedy=_remedy(before, rest, error))


def _too_short(text: str, error: UnexpectedInput) -> InputError:
    column = len(text) + 1
    if not text.strip():
        return InputError(
            message("the test is empty"), column=column, remedy=message("write a comparison, such as fact(KEY) > 3")
        )
    wrong = message("the test ends too soon, after {before}", before=f"`{_end_of(text)}`")
    names = _names(error)
    if "RPAR" in names:
        return InputError(wrong, column=column, remedy=message("write the closing bracket, or go on before it"))
    return InputError(wrong, column=column, remedy=message("finish it: {remedy}", remedy=_expected(text, names)))


def _end_of(text: str) -> str:
    """Return the end of a text, at a word if it is cut."""
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else "…" + text[-_SHOWN:].partition(" ")[2]


def _names(error: UnexpectedInput) -> frozenset[str]:
    """Return the tokens of the grammar that may stand at the place of an error."""
    if isinstance(error, UnexpectedToken):
        return frozenset(error.accepts or error.expected)
    return frozenset(error.allowed or ()) if isinstance(error, UnexpectedCharacters) else frozenset()


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
    return (
        _bracket(before, rest)
        or _plain(rest)
        or _hint(before, rest)
        or _word(before, rest)
        or _expected(before, _names(error))
    )


def _bracket(before: str, rest: str) -> Text | None:
    """Return the remedy for brackets that are missing, or of another kind."""
    if rest[0] in "[]{}":
        return message("write round brackets ( )")
    if opened := _OPEN_NAME.search(before):
        if rest[0].isalnum():
            return message("close the bracket after {name}; a name has no spaces", name=f"`{opened[0].strip()}`")
        return message("close the bracket after {name}", name=f"`{opened[0].strip()}`")
    if before.strip().lower() in _NEVER_FIRST:
        return message("leave out {text}", text=before.strip())
    head, argument = _LAST_WORD.search(before), _FIRST_WORD.match(rest)
    if head is not None and argument is not None and (head[1] in _TAKE_NAMES or head[1] in QUANTITIES):
        return message("write {text}", text=f"{head[1]}({argument[0]})")
    if rest[0] == ")" and before.count("(") == before.count(")"):
        return message("take out this bracket, or open one before it")
    return None


def _plain(rest: str) -> Text | None:
    """Return the remedy for a full-width sign, as Korean, Japanese and Chinese keyboards write it."""
    plain = unicodedata.normalize("NFKC", rest[0])
    return message("write {text}", text=plain) if plain != rest[0] and plain in _SIGNS else None


def _hint(before: str, rest: str) -> str | None:
    if _SIGN_AT_END.search(before) and _SIGN.match(rest):
        return message("take out one of the two signs")
    return next((remedy for pattern, remedy in _HINTS if pattern.match(rest)), None)


def _word(before: str, rest: str) -> Text | None:
    """Return the remedy for a word that is nearly one of the test language, or that says a comparison in English."""
    first = _FIRST_WORD.match(rest)
    if first is not None and (signs := _COMPARED.match(rest)):
        return message(
            "write {text}", text=next(sign for sign, words in _COMPARISONS.items() if signs[1].lower() in words)
        )
    words = ([first[0]] if first else []) + re.findall(r"[A-Za-z_]+", before)[-_WORDS_BACK:][::-1]
    for word in words:
        if word not in _LINKS and (near := get_close_matches(word.lower(), _LINKS, n=1, cutoff=0.6)):
            return message("did you mean {names}?", names=f"`{near[0]}`")
    return None


def _expected(before: str, names: frozenset[str]) -> Text:
    """Return in words what may stand after a part of a test."""
    for name, remedy in _NEXT:
        if name in names:
            return remedy
    part = re.split(r"\b(?:and|or)\b", before)[-1]
    if "OF" in names and "within" in part:
        return message("write `of` and the value that it is near to: a within 2 days of b")
    if "COMPARE" in names:
        return _AFTER_COMPARISON if _SIGN.search(part) else _AFTER_VALUE
    if "BAR" in names:
        return message("write + between events that happen together, a comma before the next part, or )")
    if "NUMBER" in names:
        return message("write a value: a number, fact(KEY), input(NAME) or a quantity such as loss(EVENTS)")
    if "WORD" in names:
        return message("write a name")
    if "RPAR" in names:
        return message("write )")
    return message("see the test language in the documentation")


_NEXT = (
    ("FACT_ID", message("write the key of a fact, such as fact(budget.2024)")),
    ("INPUT_ID", message("write the name of a belief, such as input(growth)")),
    ("SPAN", message("write the first and the last year, such as 2010..2020")),
)
_AFTER_VALUE = message("compare it with something, such as > 3, or calculate on with + - * /")
_AFTER_COMPARISON = message("join the next comparison with `and` or `or`, or end the test before it")
