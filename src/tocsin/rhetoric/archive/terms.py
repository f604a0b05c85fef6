"""How text becomes what is searched for: words of Latin and like scripts, overlapping pairs of Han, kana and Hangul letters.

The full-text index has no tokenizer that finds a word of two Chinese, Japanese or Korean letters. So a run of such letters is
stored as its overlapping pairs and its last letter: every run of two letters or more is then found as a phrase of pairs, and no
phrase reaches over the end of a run. Single letters are stored apart, each once: looking for all pairs that begin with one would
take long. What a statement is (outlet, language, audience, rung) is stored as terms too, so that asking for it costs no reading.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from tocsin.errors import InputError

_EAST = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\U00020000-\U000323af"
)
_PIECE = re.compile(rf"[{_EAST}]+|[^\W_{_EAST}]+")
_IS_EAST = re.compile(rf"[{_EAST}]")
_QUOTED = re.compile(r'"([^"]*)"|([^\s"]+)')
_CURLY = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"'})
_MARK, _LETTER = "\ue000", "\ue001"
"""Begin the terms that are no words; no word can hold them."""
MAX_LETTERS = 1_000
"""What may be asked for at once."""


def plain(text: str) -> str:
    """Text as it is compared: compatibility forms made one (NFKC), lower case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def terms(text: str) -> list[str]:
    """The terms of a text in its order."""
    found: list[str] = []
    for piece in _PIECE.findall(plain(text)):
        if _IS_EAST.match(piece):
            found += [piece[at : at + 2] for at in range(len(piece))]
        else:
            found.append(piece)
    return found


def letters(found: set[str]) -> list[str]:
    """For each Han, kana or Hangul letter of these terms, the term by which it is found alone."""
    return [_LETTER + letter for letter in sorted({term[0] for term in found if _IS_EAST.match(term)})]


def marks(values: Mapping[str, str | None]) -> list[str]:
    """The terms that say what a statement is; upper and lower case are one."""
    return [_MARK + name + plain(value).encode().hex() for name, value in values.items() if value is not None]


def asked(text: str) -> list[str]:
    """What is asked for, apart: each word, and what stands in quotes as it stands.

    Raises:
        InputError: if nothing is asked for, too much, or a quote is not closed.
    """
    text = text.translate(_CURLY)
    if len(text) > MAX_LETTERS:
        raise InputError(f"more than {MAX_LETTERS:,} letters to search for", remedy="ask for fewer words")
    if text.count('"') % 2:
        raise InputError("a quote is not closed", remedy='write "a phrase" with a quote at either end')
    found = [quoted or bare for quoted, bare in _QUOTED.findall(text)]
    kept = list(dict.fromkeys(each for each in found if _PIECE.search(plain(each))))
    if not kept:
        raise InputError("nothing to search for", remedy='give words, or a "phrase in quotes"')
    return kept


def query(text: str) -> str:
    """What is asked for, as a query of the full-text index. All that comes from the user stands in quotes, so none of it is a command.

    Raises:
        InputError: as `asked`.
    """
    return " AND ".join(_phrase(each) for each in asked(text))


def pattern(text: str) -> re.Pattern[str]:
    """What is asked for, as it is met in a text made `plain`.

    Raises:
        InputError: as `asked`.
    """
    return re.compile("|".join(_met(each) for each in sorted(asked(text), key=len, reverse=True)))


def _met(text: str) -> str:
    pieces = _PIECE.findall(plain(text))
    whole = [each if _IS_EAST.match(each) else rf"(?<![^\W_{_EAST}]){each}(?![^\W_{_EAST}])" for each in pieces]
    return r"[\W_]*".join(whole)


def _phrase(text: str) -> str:
    """Pieces that stand one after another."""
    pieces = _PIECE.findall(plain(text))
    if len(pieces) == 1 and len(pieces[0]) == 1 and _IS_EAST.match(pieces[0]):
        return f'"{_LETTER}{pieces[0]}"'
    found: list[str] = []
    for piece in pieces[:-1]:
        # what follows in the text ends a run, as the letter by itself tells
        found += [f'"{term}"' for term in terms(piece)]
    last = pieces[-1]
    if not _IS_EAST.match(last):
        found.append(f'"{last}"')
    elif len(last) == 1:
        found.append(f'"{last}"*')
    else:
        found += [f'"{last[at : at + 2]}"' for at in range(len(last) - 1)]
    return " + ".join(found)
