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
from collections.abc import Iterable, Mapping, Sequence

_EAST = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\U00020000-\U000323af"
)
_PIECE = re.compile(rf"[{_EAST}]+|[^\W_{_EAST}]+")
_IS_EAST = re.compile(rf"[{_EAST}]")
_ATTRIBUTE, _LETTER = "\ue000", "\ue001"
"""First characters of terms that are not words; no word contains them."""


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


def pieces(text: str) -> list[str]:
    """Return the words of a normalized text, and its runs of Han, kana and Hangul letters."""
    return _PIECE.findall(text)


def expression(parts: Sequence[str], *, is_prefix: bool = False) -> str:
    """Return a regular expression that finds pieces that follow one another in a normalized text.

    Args:
        parts: pieces.
        is_prefix: the last piece may go on.
    """
    letter = rf"[^\W_{_EAST}]"
    whole = [piece if _IS_EAST.match(piece) else rf"(?<!{letter}){piece}(?!{letter})" for piece in parts]
    if is_prefix and not _IS_EAST.match(parts[-1]):
        whole[-1] = rf"(?<!{letter}){parts[-1]}{letter}*"
    return r"[\W_]*".join(whole)


def phrase(parts: Sequence[str], *, is_prefix: bool = False) -> str:
    """Return a query of the index for pieces that follow one another, as in `expression`."""
    if len(parts) == 1 and len(parts[0]) == 1 and _IS_EAST.match(parts[0]):
        return f'"{_LETTER}{parts[0]}"'
    result: list[str] = []
    for piece in parts[:-1]:
        # The next piece ends the run, so the last letter stands alone in the index.
        result += [f'"{term}"' for term in terms(piece)]
    last = parts[-1]
    if not _IS_EAST.match(last):
        result.append(f'"{last}"*' if is_prefix else f'"{last}"')
    elif len(last) == 1:
        result.append(f'"{last}"*')
    else:
        result += [f'"{last[index : index + 2]}"' for index in range(len(last) - 1)]
    return " + ".join(result)
