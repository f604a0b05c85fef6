"""Split texts and queries into terms of the full-text index.

Words of Latin and similar scripts are terms. Runs of Han, kana and Hangul letters become overlapping pairs.

SQLite's tokenizers do not find a word of two Chinese, Japanese or Korean letters. So the index stores a run of such letters as its
overlapping pairs and its last letter. Every run of two or more letters is then a phrase of pairs, and no phrase extends past the
end of a run. The index also stores each letter once, because a search for all pairs that begin with it would be slow. Outlet,
language, audience and rung are terms too, so that filters need not read the statements.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from tocsin.errors import InputError

_EAST = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\U00020000-\U000323af"
)
_PIECE = re.compile(rf"[{_EAST}]+|[^\W_{_EAST}]+")
_IS_EAST = re.compile(rf"[{_EAST}]")
_QUOTED = re.compile(r'"([^"]*)"|([^\s"]+)')
_CURLY = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"'})
_ATTRIBUTE, _LETTER = "\ue000", "\ue001"
"""First characters of terms that are not words; no word contains them."""
MAX_LETTERS = 1_000
"""Longest query."""


def normalize(text: str) -> str:
    """Return a text in lower case and compatibility form (NFKC), so that equal words are equal strings."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def terms(text: str) -> list[str]:
    """Return the terms of a text in its order."""
    result: list[str] = []
    for piece in _PIECE.findall(normalize(text)):
        if _IS_EAST.match(piece):
            result += [piece[index : index + 2] for index in range(len(piece))]
        else:
            result.append(piece)
    return result


def letter_terms(words: Iterable[str]) -> list[str]:
    """Return the terms that find single Han, kana or Hangul letters, for all such letters at the start of `words`."""
    return [_LETTER + letter for letter in sorted({word[0] for word in words if _IS_EAST.match(word)})]


def attribute_terms(values: Mapping[str, str | None]) -> list[str]:
    """Return the terms that find attributes of a statement, such as its outlet, in upper or lower case."""
    return [_ATTRIBUTE + name + normalize(value).encode().hex() for name, value in values.items() if value is not None]


def parse_query(text: str) -> list[str]:
    """Return the distinct words and quoted phrases of a query.

    Raises:
        InputError: if the query is empty or too long, or a quote is not closed.
    """
    text = text.translate(_CURLY)
    if len(text) > MAX_LETTERS:
        raise InputError(f"the query has more than {MAX_LETTERS:,} letters", remedy="use fewer words")
    if text.count('"') % 2:
        raise InputError("a quote is not closed", remedy='write "a phrase" with a quote at both ends')
    parts = [quoted or bare for quoted, bare in _QUOTED.findall(text)]
    result = list(dict.fromkeys(part for part in parts if _PIECE.search(normalize(part))))
    if not result:
        raise InputError("nothing to search for", remedy='give words or a "phrase in quotes"')
    return result


def index_query(text: str) -> str:
    """Return a query in the syntax of the full-text index. It quotes all user input, so no input acts as an operator.

    Raises:
        InputError: see `parse_query`.
    """
    return " AND ".join(_phrase(part) for part in parse_query(text))


def pattern(text: str) -> re.Pattern[str]:
    """Return a regular expression that finds the parts of a query in a normalized text.

    Raises:
        InputError: see `parse_query`.
    """
    return re.compile("|".join(_expression(part) for part in sorted(parse_query(text), key=len, reverse=True)))


def _expression(text: str) -> str:
    pieces = _PIECE.findall(normalize(text))
    whole = [piece if _IS_EAST.match(piece) else rf"(?<![^\W_{_EAST}]){piece}(?![^\W_{_EAST}])" for piece in pieces]
    return r"[\W_]*".join(whole)


def _phrase(text: str) -> str:
    """Return a query for pieces that follow one another."""
    pieces = _PIECE.findall(normalize(text))
    if len(pieces) == 1 and len(pieces[0]) == 1 and _IS_EAST.match(pieces[0]):
        return f'"{_LETTER}{pieces[0]}"'
    result: list[str] = []
    for piece in pieces[:-1]:
        # The next piece ends the run, so the last letter stands alone in the index.
        result += [f'"{term}"' for term in terms(piece)]
    last = pieces[-1]
    if not _IS_EAST.match(last):
        result.append(f'"{last}"')
    elif len(last) == 1:
        result.append(f'"{last}"*')
    else:
        result += [f'"{last[index : index + 2]}"' for index in range(len(last) - 1)]
    return " + ".join(result)
