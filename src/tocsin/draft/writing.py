"""Write a draft as the text of `case.yaml`, with comments that say what to do next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from tocsin.case.reasons import MARKS
from tocsin.case.sentence_blocks import ARTICLE_SOURCE
from tocsin.data.codes import by_code
from tocsin.data.names import TODAY, name_in
from tocsin.draft.actors import is_state
from tocsin.draft.blocks import (
    GRADES,
    MAX_TITLE,
    article_block,
    article_source,
    claim_blocks,
    empty_claim,
    in_words,
    sentence_block,
)
from tocsin.draft.drafting import Draft
from tocsin.draft.main_claims import main_claims
from tocsin.tables import printable
from tocsin.translation import Text, Translator, message


def case_text(draft: Draft, *, case_id: str, title: str, as_of: date, proposes: bool = True) -> str:
    """Return the text of `case.yaml`, in the language of the article.

    Args:
        draft: the article as read.
        case_id: id of the case.
        title: of the case.
        as_of: its date.
        proposes: whether sentences become claims and questions; else one claim without words stands for those that the reader chooses.
    """
    language = draft.article.language
    translator = Translator(language=language)
    claims = (
        [claim for sentence in draft.claims for claim in claim_blocks(sentence, as_of, language)]
        if proposes
        else [{**empty_claim(language), "sources": [ARTICLE_SOURCE]}]
    )
    summary = message("What the article argues, in a few plain sentences ({mark}).", mark=MARKS[language])
    lines = [
        *(f"# {translator.plain(line)}" for line in _head(MARKS[language], proposes)),
        "format: tocsin/1",
        f"id: {_quoted(case_id)}",
        f"title: {_quoted(in_words(title[:MAX_TITLE], case_id))}",
        *([f"language: {language}"] if language != "en" else []),
        f"as_of: {as_of}",
        f"summary: {_quoted(translator.plain(summary))}",
        *_article(draft, translator),
        *_actors(draft),
        "",
        "claims:",
        *(line for number, claim in enumerate(claims, start=1) for line in _claim(f"C{number}", claim)),
        "",
        *([*_questions(draft, claims, translator), ""] if proposes else []),
        "sentences:",
    ]
    for sentence in draft.sentences:
        lines += _sentence(sentence.sentence.number, sentence_block(sentence, language))
    return "\n".join(lines) + "\n"


def _head(mark: str, proposes: bool) -> tuple[Text, ...]:
    """Return what the case says above its blocks, a line each."""
    return (
        message("A draft by `tocsin draft`. Each sentence that may be checked is proposed as a claim, without a test.")
        if proposes
        else message(
            "A draft of an article. Make claims of the sentences that matter; one claim without words stands for them."
        ),
        message(
            "Write each claim in your own words. Give it a test (`holds`), or say why it has none (`untested`). Delete claims that do not matter."
        ),
        message(
            "`tocsin lint` lists what still has the template's text (“{mark}”). docs/case-format.md describes every block.",
            mark=mark,
        ),
        message(
            "The block `sentences` at the end shows what was found in each sentence: it quotes at most twelve words, and rules can be wrong."
        ),
    )


def _quoted(text: str) -> str:
    """Return a text as YAML between double quotes: the escapes of JSON are also YAML's."""
    return json.dumps(printable(text), ensure_ascii=False)


def _listed(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _pairs(values: Mapping[str, str], plain: Sequence[str]) -> str:
    """Return keys with their texts, quoted but for some plain ones, separated by commas."""
    return ", ".join(f"{key}: {text if key in plain else _quoted(text)}" for key, text in values.items())


def _article(draft: Draft, translator: Translator) -> Iterator[str]:
    block = article_block(draft)
    if block is not None:
        yield ""
        yield f"article: {{{_pairs(block, ('date',))}}}"
    source = article_source(draft)
    note = source.pop("note")
    yield ""
    yield f"# {translator.plain(GRADES)}"
    yield "sources:"
    yield f"  {ARTICLE_SOURCE}: {{{_pairs(source, ('grade',))},"
    yield f"    note: {_quoted(note)}}}"


def _actors(draft: Draft) -> Iterator[str]:
    codes = dict.fromkeys(code for sentence in draft.claims for code in sentence.actors if is_state(code))
    if codes:
        yield ""
        yield "actors:"
    for code in codes:
        yield f"  {code}: {{name: {_quoted(name_in(code, draft.article.language))}{_cow(code, draft.day)}}}"


def _cow(code: str, day: date | None) -> str:
    """Return the key of a state's COW code on a day, today's if it is None; empty if it has none."""
    year = TODAY if day is None else day.year
    number = next((entry.state for entry in by_code().get(code, ()) if entry.holds(year, year) and entry.state), None)
    return f", cow: {number}" if number else ""


def _claim(key: str, claim: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {key}:"
    yield f"    says: {_quoted(claim['says'])}"
    yield f"    kind: {claim['kind']}"
    if "sentence" in claim:
        yield f"    sentence: {claim['sentence']}"
    if "parts" in claim:
        yield "    parts:"
        for name, part in claim["parts"].items():
            yield f"      {name}: {{says: {_quoted(part['says'])}, {_untested(part['untested'])}}}"
    else:
        yield f"    {_untested(claim['untested'])}"
    if "due" in claim:
        yield f"    due: {claim['due']}"
    yield f"    sources: [{', '.join(claim['sources'])}]"
    if "note" in claim:
        yield f"    note: {_quoted(claim['note'])}"


def _untested(block: Mapping[str, Any]) -> str:
    return f"untested: {{needs: {_listed(block['needs'])}, why: {_quoted(block['why'])}}}"


def _questions(draft: Draft, claims: Sequence[Mapping[str, Any]], translator: Translator) -> Iterator[str]:
    """Yield the main claims as questions, in the order of the article; see `main_claims`."""
    chosen = message(
        "Proposed by shared words: causes and forecasts that repeat most words of the title and the text. Choose the questions yourself."
    )
    yield f"# {translator.plain(chosen)}"
    yield "questions:"
    for index, sentence in enumerate(main_claims(draft), start=1):
        keys = [f"C{at}" for at, claim in enumerate(claims, start=1) if claim["sentence"] == sentence.sentence.number]
        asks = message(
            "Is it right? “{quote}” ({mark})", quote=sentence.sentence.quote, mark=MARKS[translator.language]
        )
        yield f"  Q{index}: {{asks: {_quoted(translator.plain(asks))}, claims: [{', '.join(keys)}]}}"


def _sentence(number: int, block: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {number}:"
    yield f"    hash: {_quoted(block['hash'])}"
    yield f"    quote: {_quoted(block['quote'])}"
    if "checkable" in block:
        yield f"    checkable: {block['checkable']:.2f}"
        yield f"    kind: {block['kind']}"
    for key in ("actors", "amounts", "dates", "comparisons"):
        if key in block:
            yield f"    {key}: {_listed(block[key])}"
    if "flags" in block:
        yield "    flags:"
    for flag in block.get("flags", ()):
        position = f"at: [{flag['at'][0]}, {flag['at'][1]}]"
        yield f"      - {{kind: {flag['kind']}, on: {_quoted(flag['on'])}, {position}, why: {_quoted(flag['why'])}}}"
