"""Parse queries: words, phrases in quotes, `word*`, OR, AND, NOT and parentheses. `|` or `||` means OR, `&` or `&&` means AND.

Every word must occur. OR joins its two neighbours before that, so `budget Japan OR China` asks for `budget` and one of the two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from tocsin.errors import InputError
from tocsin.rhetoric.archive.spellings import MAX_SPELLINGS, spellings
from tocsin.rhetoric.archive.terms import expression, normalize, phrase, pieces
from tocsin.translation import message

MAX_LETTERS = 1_000
"""Longest query."""
MAX_DEPTH = 20
"""Deepest parentheses."""
MAX_PHRASES = 512
"""Most spellings of a whole query."""
OPERATORS = MappingProxyType({"OR": "OR", "|": "OR", "||": "OR", "AND": "AND", "&": "AND", "&&": "AND", "NOT": "NOT"})
"""Operators, and the signs that stand for them between spaces."""
_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"'})
_PAIRS = re.compile(
    r"(?<!\S)'([^'\"]+)'(?!\S)|\u2018([^\u2018\u2019\"]+)\u2019|«([^«»\"]+)»|「([^「」\"]+)」|『([^『』\"]+)』|《([^《》\"]+)》"
)
"""Other quotation marks, which come in pairs."""
_WORDS = re.compile(r'"([^"]*)"|([^\s"]+)')
_GROUPS = re.compile(r'"([^"]*)"|([()])|([^\s"()]+)')
_NOT_OPERATORS = (
    (re.compile(r"^-\w"), "`-` is not an operator; write NOT before a word to exclude it"),
    (re.compile(r"^\+\w"), "`+` is not an operator; every word must occur"),
    (re.compile(r"^(?:or|and|not)$"), "`{0}` is searched as a word; the operators are OR, AND and NOT in capitals"),
    (re.compile(r"^NEAR\b"), "`NEAR` is not an operator; use a \"phrase in quotes\""),
    (re.compile(r"^(?:in)?(?:title|text|outlet|source|date|language|lang|rung|audience|site|url):", re.IGNORECASE), "`:` is not an operator; filter with --outlet, --language, --rung, --audience, --from and --to"),
    (re.compile(r"\w\?\w|\w~"), "`?` and `~` are not operators; `*` at the end of a word stands for any letters"),
)  # fmt: skip
_STAR_INSIDE, _STAR_NOTE = re.compile(r"\*.*\w"), "`*` counts only at the end of a word or phrase"


class _Token(NamedTuple):
    text: str
    is_operator: bool = False


@dataclass(frozen=True)
class Query:
    """A parsed query.

    Attributes:
        expression: in the syntax of the full-text index; it quotes all user input, so no input acts as an operator there.
        pattern: finds the words and phrases in a normalized text; None matches nothing.
        notes: what the user should know, such as signs that are not operators.
    """

    expression: str
    pattern: re.Pattern[str]
    notes: tuple[str, ...]


@lru_cache(maxsize=64)
def parse_query(text: str, *, variants: bool = True) -> Query:
    """Return a parsed query.

    Args:
        text: as the user wrote it.
        variants: search all spellings of a word (see `spellings`), not only the one given.

    Raises:
        InputError: if the query is empty or too long, or a quote, parenthesis or operator has no partner.
    """
    if len(text) > MAX_LETTERS:
        raise InputError(
            message("the query has more than {count} letters", count=f"{MAX_LETTERS:,}"),
            remedy=message("use fewer words"),
        )
    text = _PAIRS.sub(lambda match: f'"{next(filter(None, match.groups()))}"', text.translate(_QUOTES))
    if text.count('"') % 2:
        raise InputError(message("a quote is not closed"), remedy=message('write "a phrase" with a quote at both ends'))
    parser = _Parser(_tokens(text), variants=variants)
    whole = parser.group(0)
    if parser.index < len(parser.tokens):
        raise _open_parenthesis()
    if not parser.expressions:
        raise InputError(message("nothing to search for"), remedy=message('give words or a "phrase in quotes"'))
    expressions = sorted(parser.expressions, key=len, reverse=True)
    return Query(whole, re.compile("|".join(expressions)), tuple(dict.fromkeys([*_notes(text), *parser.notes])))


def has_operator(text: str) -> bool:
    """Return whether an operator stands between words of a text."""
    return any(bare in OPERATORS for _, _, bare in _GROUPS.findall(text))


def phrase_notes(text: str, *, has_results: bool) -> tuple[str, ...]:
    """Return what the user should know about a text that is searched as a phrase, such as signs that are not operators.

    Args:
        text: the phrase, without quotes.
        has_results: whether the search finds something; then `and`, `or` and `not` need no note, since a phrase may contain them.
    """
    searched = re.sub(r"(?<!\S)(?:or|and|not)(?!\S)", "", text) if has_results else text
    return tuple(dict.fromkeys(_notes(searched)))


def _tokens(text: str) -> list[_Token]:
    if not has_operator(text):
        return [_Token(quoted or bare) for quoted, bare in _WORDS.findall(text)]
    return [
        _Token(quoted or mark or OPERATORS.get(bare, bare), is_operator=bool(mark) or bare in OPERATORS)
        for quoted, mark, bare in _GROUPS.findall(text)
    ]


def _notes(text: str) -> list[str]:
    parts = _WORDS.findall(text)
    notes = [note.format(bare) for _, bare in parts for form, note in _NOT_OPERATORS if form.search(bare)]
    return notes + [_STAR_NOTE for part in parts if _STAR_INSIDE.search("".join(part))]


@dataclass
class _Parser:
    """Turns tokens into an expression of the index, and collects the patterns of all words that may occur."""

    tokens: Sequence[_Token]
    variants: bool
    index: int = 0
    expressions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    phrases: int = 0

    def group(self, depth: int) -> str:
        """Return the expression up to the end or a closing parenthesis."""
        if depth > MAX_DEPTH:
            raise InputError(message("the parentheses are too deep"), remedy=message("use fewer parentheses"))
        wanted: list[str] = []
        excluded: list[str] = []
        while self.index < len(self.tokens) and not self._next_is(")"):
            if self._take("AND") and not wanted:
                raise _misplaced("AND")
            if self._take("NOT"):
                excluded.append(self._either(depth, excluded=True))
            else:
                wanted.append(self._either(depth, excluded=False))
        wanted, excluded = ([part for part in dict.fromkeys(parts) if part] for parts in (wanted, excluded))
        if excluded and not wanted:
            raise InputError(
                message("NOT excludes words, but no word is asked for"), remedy=message("write a word before NOT")
            )
        return " NOT ".join([f"({' AND '.join(wanted)})", *excluded]) if wanted else ""

    def _either(self, depth: int, *, excluded: bool) -> str:
        """Return the expression of a word or group and those that OR joins to it."""
        parts = [self._atom(depth, excluded=excluded)]
        while self._take("OR"):
            parts.append(self._atom(depth, excluded=excluded))
        if len(parts) > 1 and not all(parts):
            raise _misplaced("OR")
        return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"

    def _atom(self, depth: int, *, excluded: bool) -> str:
        if self.index == len(self.tokens):
            raise _misplaced(self.tokens[-1].text)
        token = self.tokens[self.index]
        if token.is_operator and token.text != "(":
            before = self.tokens[self.index - 1].text if token.text == ")" and self.index else "("
            raise _misplaced(token.text if before == "(" else before)
        self.index += 1
        if not token.is_operator:
            return self._phrase(token.text, excluded=excluded)
        outside = len(self.expressions)
        inner = self.group(depth + 1)
        if not self._take(")"):
            raise _open_parenthesis()
        if excluded:
            del self.expressions[outside:]
        return f"({inner})" if inner else ""

    def _phrase(self, text: str, *, excluded: bool) -> str:
        parts = pieces(normalize(text))
        if not parts:
            return ""
        is_prefix = text.endswith("*")
        options, more = spellings(parts) if self.variants else ((tuple(parts),), False)
        if self.phrases + len(options) > MAX_PHRASES:
            options, more = options[:1], True
        self.phrases += len(options)
        if more:
            self.notes.append(
                f"`{text[:40]}` has more than {MAX_SPELLINGS} spellings; only {len(options)} are searched"
            )
        if not excluded:
            self.expressions += [expression(option, is_prefix=is_prefix) for option in options]
        joined = " OR ".join(phrase(option, is_prefix=is_prefix) for option in options)
        return f"({joined})"

    def _next_is(self, operator: str) -> bool:
        return self.index < len(self.tokens) and self.tokens[self.index] == _Token(operator, is_operator=True)

    def _take(self, operator: str) -> bool:
        """Return whether an operator comes next, and go past it."""
        is_next = self._next_is(operator)
        self.index += is_next
        return is_next


def _misplaced(operator: str) -> InputError:
    return InputError(
        message("`{operator}` has no word beside it that it could join or exclude", operator=operator),
        remedy=message(
            'write `Japan OR China`, `Japan NOT China`, or "{operator}" in quotes to search for it', operator=operator
        ),
    )


def _open_parenthesis() -> InputError:
    return InputError(
        message("a parenthesis has no partner"), remedy=message("write ( and ) around a group, or quote the phrase")
    )
