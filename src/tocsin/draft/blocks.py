"""What a draft puts into a case, as plain values: the article, its source, its sentences by hash and short quote, and claims without tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tocsin.case.reasons import MARKS
from tocsin.case.sentence_blocks import ARTICLE_SOURCE
from tocsin.case.types import has_words, is_blank
from tocsin.data.names import name_in
from tocsin.draft.actors import is_state
from tocsin.draft.decide import what_decides
from tocsin.draft.drafting import Draft, ReadSentence
from tocsin.draft.flags import FLAG_KINDS, Flag, Reading
from tocsin.draft.sentences import MAX_QUOTE, short_quote
from tocsin.tables import printable
from tocsin.translation import Text, Translator, in_semicolons, message

HALF_WORDS = 6
"""Most words of a half, or of a flag, that are stored."""
MAX_TITLE = 300
NO_WORDS = "..."
"""Stands for words that show nothing."""
GRADES = message(
    "The letter of a grade rates the source (A official, F cannot be judged), the digit the item (1 seen in two places, 6 not seen)."
)
"""What a new case says of grades above its sources, as docs/case-facts.md defines them."""


def no_test(language: str) -> str:
    """Return why a new claim is not tested, in the language of the case."""
    why = message("{mark}: write a test, or say why there is none", mark=MARKS[language])
    return Translator(language=language).plain(why)


def empty_claim(language: str) -> dict[str, Any]:
    """Return a claim that has no words and no test yet, in the language of the case."""
    mark = MARKS[language]
    return {"says": mark, "kind": "fact", "untested": {"needs": [mark], "why": no_test(language)}}


def in_words(text: str, other: str) -> str:
    """Return a text that a case takes as words; `other` if it shows no letter and no digit."""
    shown = printable(text)
    return shown if has_words(shown) else other


def article_block(draft: Draft) -> dict[str, str] | None:
    """Return the block `article`; None if the day of the article is unknown."""
    article = draft.article
    if draft.day is None:
        return None
    block = {"title": _title(draft), "outlet": _outlet(draft), "date": str(draft.day)}
    if article.author:
        block["author"] = printable(article.author)
    return block | _address(draft)


def article_source(draft: Draft) -> dict[str, str]:
    """Return the article as a source, with the hash of its file. Its grade is the one of a source that nobody has judged."""
    article = draft.article
    note = message("SHA-256 of the file as read: {hash}", hash=article.sha256)
    author = f"{article.author}, " if article.author else ""
    when = f", {draft.day}" if draft.day else ""
    return {
        "cite": printable(f"{author}{_title(draft)}, {_outlet(draft)}{when}"),
        "grade": "F6",
        **_address(draft),
        "note": _written(note, article.language),
    }


def _title(draft: Draft) -> str:
    language = draft.article.language
    untitled = message("untitled article ({mark})", mark=MARKS[language])
    return in_words((draft.article.title or "")[:MAX_TITLE], _written(untitled, language))


def _outlet(draft: Draft) -> str:
    language = draft.article.language
    return in_words(draft.article.outlet or "", _written(message("outlet ({mark})", mark=MARKS[language]), language))


def _written(text: str, language: str) -> str:
    return printable(Translator(language=language).plain(text))


def _address(draft: Draft) -> dict[str, str]:
    return {"url": printable(draft.article.url)} if draft.article.url else {}


def sentence_block(sentence: ReadSentence, language: str) -> dict[str, Any]:
    """Return a sentence as the block `sentences` has it: its hash, at most `MAX_QUOTE` words, and what the rules found.

    Args:
        sentence: of the article.
        language: of the article, in which the reasons of flags are written.
    """
    reading, quote = sentence.reading, sentence.sentence.quote
    block: dict[str, Any] = {"hash": sentence.sentence.hash, "quote": NO_WORDS if is_blank(quote) else quote}
    if sentence.checkable is None:
        return block
    readings = {
        "actors": list(sentence.actors),
        "amounts": [str(amount) for amount in reading.amounts],
        "dates": [span.iso for span in reading.dates],
        "comparisons": [short_quote(span.text, HALF_WORDS) for span in sentence.comparisons],
        "flags": [
            {
                "kind": flag.kind,
                "on": _on(flag),
                "at": [flag.span.start, flag.span.end],
                "why": _written(flag.why, language),
            }
            for flag in sentence.flags
        ],
    }
    block |= {"checkable": round(sentence.checkable, 2), "kind": reading.kind}
    return block | {key: items for key, items in readings.items() if items}


@dataclass(frozen=True)
class _Piece:
    """What a claim is about: a sentence, or one half of it.

    Attributes:
        says: its first words.
        reading: the sentence or the half as read.
        due: by when a forecast is to come true.
        parts: its two halves; empty for one claim.
    """

    says: str
    reading: Reading
    due: str | None
    parts: tuple[Reading, ...] = ()


def claim_blocks(sentence: ReadSentence, as_of: date, language: str) -> Iterator[dict[str, Any]]:
    """Yield the claims that a sentence makes: one, or a claim for each half if the two are not due on the same day. None has a test.

    Args:
        sentence: of the article.
        as_of: date of the case; a forecast is due then or later.
        language: of the article, in which what a claim needs is written.
    """
    names = [name_in(code, language) if is_state(code) else code for code in sentence.actors]
    for piece in _pieces(sentence, as_of):
        claim = {
            "says": in_words(piece.says, MARKS[language]),
            "kind": piece.reading.kind,
            "sentence": sentence.sentence.number,
        }
        if piece.parts:
            claim["parts"] = {
                name: {
                    "says": in_words(short_quote(half.text, HALF_WORDS), MARKS[language]),
                    "untested": _untested(half, names, language),
                }
                for name, half in zip(("first", "second"), piece.parts, strict=True)
            }
        else:
            claim["untested"] = _untested(piece.reading, names, language)
        if piece.due:
            claim["due"] = piece.due
        claim["sources"] = [ARTICLE_SOURCE]
        if sentence.flags:
            claim["note"] = _written(_to_check(sentence.flags), language)
        yield claim


def _to_check(flags: Sequence[Flag]) -> Text:
    """Return what an editor checks in a sentence, each with the words that show it."""
    checks = [message("{kind} (`{words}`)", kind=message(FLAG_KINDS[flag.kind]), words=_on(flag)) for flag in flags]
    return message("To check: {checks}.", checks=in_semicolons(checks))


def _pieces(sentence: ReadSentence, as_of: date) -> Iterator[_Piece]:
    halves = sentence.halves or ()
    if len({_due(half, as_of) for half in halves}) > 1:
        for half in halves:
            yield _Piece(short_quote(half.text, MAX_QUOTE // 2), half, _due(half, as_of))
    else:
        due = _due(halves[0] if halves else sentence.reading, as_of)
        reading = replace(sentence.reading, kind="forecast") if due else sentence.reading
        yield _Piece(sentence.sentence.quote, reading, due, tuple(halves))


def _untested(reading: Reading, names: Sequence[str], language: str) -> dict[str, Any]:
    return {"needs": [_written(what_decides(reading, names), language)], "why": no_test(language)}


def _on(flag: Flag) -> str:
    quote = printable(short_quote(flag.span.text, HALF_WORDS))
    return NO_WORDS if is_blank(quote) else quote


def _due(reading: Reading, as_of: date) -> str | None:
    """Return the last date of a forecast, if it is not before `as_of`."""
    if reading.kind != "forecast" or not reading.dates:
        return None
    last = reading.dates[-1].last
    return last if last >= as_of.isoformat()[: len(last)] else None
