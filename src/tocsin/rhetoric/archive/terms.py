"""How text becomes what is searched for: words of Latin and like scripts, overlapping pairs of Han, kana and Hangul letters.

The full-text index has no tokenizer that finds a word of two Chinese, Japanese or Korean letters. So a run of such letters is
stored as its overlapping pairs and its last letter: every run of two letters or more is then found as a phrase of pairs, and a
single letter as the beginning of a pair.
"""

from __future__ import annotations

import re
import unicodedata

from tocsin.errors import InputError

_EAST = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3131-\u318e\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\U00020000-\U000323af"
)
_PIECE = re.compile(rf"[{_EAST}]+|[^\W{_EAST}]+")
_IS_EAST = re.compile(rf"[{_EAST}]")
_QUOTED = re.compile(r'"([^"]*)"|(\S+)')


def plain(text: str) -> str:
    """Text as it is compared: compatibility forms made one (NFKC), lower case."""
    return unicodedata.normalize("NFKC", text).casefold()


def indexed(text: str) -> str:
    """The terms of a text, parted by spaces, in its order."""
    found: list[str] = []
    for piece in _PIECE.findall(plain(text)):
        if _IS_EAST.match(piece):
            found += [piece[at : at + 2] for at in range(len(piece))]
        else:
            found.append(piece)
    return " ".join(found)


def query(text: str) -> str:
    """What is asked for, as a query of the full-text index: every word must occur, and what stands in quotes as it stands.

    Raises:
        InputError: if nothing is asked for.
    """
    asked = [phrase for quoted, bare in _QUOTED.findall(text) if (phrase := _phrase(quoted or bare))]
    if not asked:
        raise InputError("nothing to search for", remedy='give words, or a "phrase in quotes"')
    return " AND ".join(asked)


def _phrase(text: str) -> str:
    """Pieces that stand one after another. All that comes from the user stands in quotes, so none of it is a command."""
    pieces = _PIECE.findall(plain(text))
    terms: list[str] = []
    for at, piece in enumerate(pieces):
        last = at == len(pieces) - 1
        if not _IS_EAST.match(piece):
            terms.append(f'"{piece}"')
        elif len(piece) == 1:
            # a single letter begins the pair that it is in, or stands last in its run
            terms.append(f'"{piece}"' if not last else f'"{piece}"*')
        else:
            pairs = " ".join(piece[place : place + 2] for place in range(len(piece) - 1))
            # what follows in the text ends a run only with the letter by itself
            terms.append(f'"{pairs}"' if last else f'"{pairs} {piece[-1]}"')
    return " + ".join(terms)
