"""What the argument screen shows of an article: its sentences with what the draft finds in them; and tests from data sets."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

from tocsin.case.types import parse_day
from tocsin.checking.case_test import as_test
from tocsin.checking.run import check
from tocsin.draft.article import Article, article_of
from tocsin.draft.blocks import article_block, article_source, claim_blocks, sentence_block
from tocsin.draft.drafting import ReadSentence, draft_of
from tocsin.errors import InputError, SolveError
from tocsin.reading import read_yaml
from tocsin.tables import printable
from tocsin.translation import Translator, message
from tocsin.workbench.desk import Desk

PASTED = "the pasted text"


def article_view(desk: Desk, name: str, file: str, text: str, translator: Translator) -> dict[str, Any]:
    """Return an article sentence by sentence, with what the draft finds, as its language words it; nothing of it is stored.

    Args:
        desk: the case, whose date says which forecasts are still to come.
        name: of the file.
        file: its bytes in base64; empty for a pasted text.
        text: the pasted text.
        translator: of what the program notes about the reading.

    Raises:
        InputError: if it is no article that the draft reads.
    """
    made = draft_of(_article(name, file, text))
    as_of = _as_of(desk) or made.day or date.today()
    return {
        "title": printable(made.article.title or ""),
        "day": None if made.day is None else str(made.day),
        "notes": [translator.plain(note) for note in made.article.notes],
        "article": article_block(made),
        "source": article_source(made),
        "sentences": [_sentence(sentence, as_of, made.article.language) for sentence in made.sentences],
    }


def _article(name: str, file: str, text: str) -> Article:
    if text:
        return article_of(text.encode("utf-8"), PASTED, ".txt")
    shown = printable(PurePath(name).name) or "the file"
    try:
        data = base64.b64decode(file, validate=True)
    except binascii.Error:
        raise InputError(
            message("the file did not arrive whole"), file=shown, remedy=message("open it again")
        ) from None
    return article_of(data, shown, PurePath(name).suffix.lower())


def _as_of(desk: Desk) -> date | None:
    """Return the date of the case; None if the case has errors there."""
    try:
        return parse_day(str(read_yaml(desk.draft().text, desk.file.name).data["as_of"]))
    except (InputError, KeyError):
        return None


def _sentence(sentence: ReadSentence, as_of: date, language: str) -> dict[str, Any]:
    return {
        "number": sentence.sentence.number,
        "text": printable(sentence.sentence.text),
        "proposed": sentence.is_claim,
        "block": sentence_block(sentence, language),
        "claims": list(claim_blocks(sentence, as_of, language)),
    }


def measured_test(desk: Desk, says: str) -> dict[str, Any]:
    """Return the test of a sentence from the data sets in the cache: the sources and facts that the case lacks, and the claim.

    Raises:
        InputError: if the sentence fits no form, the data do not decide it, or the case has another fact of the same name.
    """
    try:
        test = read_yaml(as_test([check(says)], date.today()), "test").data
    except SolveError as error:
        raise InputError(error.message, remedy=error.remedy) from None
    case = read_yaml(desk.draft().text, desk.file.name).data
    (claim,) = test["claims"].values()
    return {
        "sources": _lacking(case, test, "sources"),
        "facts": _lacking(case, test, "facts"),
        "test": {key: claim[key] for key in ("holds", "parts") if key in claim},
        "cites": claim["sources"],
    }


def _lacking(case: Mapping[str, Any], test: Mapping[str, Any], block: str) -> dict[str, Any]:
    """Return the items of a block of the test that the case does not have.

    Raises:
        InputError: if the case has another fact under a key of the test.
    """
    items = case.get(block)
    known = items if isinstance(items, Mapping) else {}
    other = [key for key, item in test[block].items() if block == "facts" and key in known and known[key] != item]
    if other:
        raise InputError(
            message("the case has another fact `{key}`", key=other[0]),
            remedy=message("remove that fact, or write the test by hand"),
        )
    return {key: item for key, item in test[block].items() if key not in known}
