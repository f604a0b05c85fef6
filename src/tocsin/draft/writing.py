"""Write a draft as the text of `case.yaml`: sentences by hash and short quote, and claims that ask for tests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tocsin.case.reasons import TEMPLATE
from tocsin.case.types import has_words, is_blank
from tocsin.data.codes import by_code
from tocsin.data.names import TODAY, name_of
from tocsin.draft.actors import is_state
from tocsin.draft.decide import what_decides
from tocsin.draft.drafting import Draft, ReadSentence
from tocsin.draft.flags import FLAG_KINDS, Flag, Reading
from tocsin.draft.main_claims import main_claims
from tocsin.draft.sentences import MAX_QUOTE, short_quote
from tocsin.tables import printable

HALF_WORDS = 6
"""Most words of a half, or of a flag, that are stored."""
MAX_TITLE = 300
NO_WORDS = "..."
"""Stands for words that show nothing."""
HEAD = """# A draft by `tocsin draft`. Each sentence that may be checked is proposed as a claim, without a test.
# Write each claim in your own words. Give it a test (`holds`), or say why it has none (`untested`). Delete claims that do not matter.
# `tocsin lint` lists what still has the template's text ("{mark}"). docs/case-format.md describes every block.
# The block `sentences` at the end shows what was found in each sentence: it quotes at most twelve words, and rules can be wrong.
"""


def case_text(draft: Draft, *, case_id: str, title: str, as_of: date) -> str:
    """Return the text of `case.yaml`.

    Args:
        draft: the article as read.
        case_id: id of the case.
        title: of the case.
        as_of: its date.
    """
    lines = [
        HEAD.format(mark=TEMPLATE) + "format: tocsin/1",
        f"id: {_quoted(case_id)}",
        f"title: {_quoted(_in_words(title[:MAX_TITLE], case_id))}",
        f"as_of: {as_of}",
        f"summary: {_quoted(f'What the article argues, in a few plain sentences ({TEMPLATE}).')}",
        *_article(draft),
        *_actors(draft),
        "",
        "claims:",
    ]
    claims = [claim for sentence in draft.claims for claim in _claims_of(sentence, as_of)]
    for number, claim in enumerate(claims, start=1):
        lines += _claim(f"C{number}", claim)
    lines += ["", *_questions(draft, claims), "", "sentences:"]
    for sentence in draft.sentences:
        lines += _sentence(sentence)
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return a text as YAML between double quotes: the escapes of JSON are also YAML's."""
    return json.dumps(printable(text), ensure_ascii=False)


def _listed(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _article(draft: Draft) -> Iterator[str]:
    article = draft.article
    title = _in_words((article.title or "")[:MAX_TITLE], f"untitled article ({TEMPLATE})")
    outlet = _in_words(article.outlet or "", f"outlet ({TEMPLATE})")
    author = f"{article.author}, " if article.author else ""
    url = f", url: {_quoted(article.url)}" if article.url else ""
    if draft.day is not None:
        by = f", author: {_quoted(article.author)}" if article.author else ""
        yield ""
        yield f"article: {{title: {_quoted(title)}, outlet: {_quoted(outlet)}, date: {draft.day}{by}{url}}}"
    when = f", {draft.day}" if draft.day else ""
    yield ""
    yield "# The letter of a grade rates the source (A reliable, F cannot be judged), the digit the item (1 confirmed, 6 cannot be judged)."
    yield "sources:"
    yield f"  article: {{cite: {_quoted(f'{author}{title}, {outlet}{when}')}, grade: F6{url},"
    yield f"    note: {_quoted(f'SHA-256 of the file as read: {article.sha256}')}}}"


def _actors(draft: Draft) -> Iterator[str]:
    codes = dict.fromkeys(code for sentence in draft.claims for code in sentence.actors if is_state(code))
    if codes:
        yield ""
        yield "actors:"
    for code in codes:
        yield f"  {code}: {{name: {_quoted(name_of(code))}{_cow(code, draft.day)}}}"


def _cow(code: str, day: date | None) -> str:
    """Return the key of a state's COW code on a day, today's if it is None; empty if it has none."""
    year = TODAY if day is None else day.year
    number = next((entry.state for entry in by_code().get(code, ()) if entry.holds(year, year) and entry.state), None)
    return f", cow: {number}" if number else ""


def _names(codes: Sequence[str]) -> list[str]:
    return [name_of(code) if is_state(code) else code for code in codes]


@dataclass(frozen=True)
class _Claim:
    """A claim as it is written: a sentence, or one half of it.

    Attributes:
        sentence: where it stands.
        says: its first words.
        reading: the sentence or the half as read.
        due: by when a forecast is to come true.
        parts: its two halves; empty for one claim.
    """

    sentence: ReadSentence
    says: str
    reading: Reading
    due: str | None
    parts: tuple[Reading, ...] = ()


def _claims_of(sentence: ReadSentence, as_of: date) -> Iterator[_Claim]:
    """Yield the claims of a sentence: one, or a claim for each half if the two are not due on the same day."""
    quote = sentence.sentence.quote
    halves = sentence.halves or ()
    if len({_due(half, as_of) for half in halves}) > 1:
        for half in halves:
            yield _Claim(sentence, short_quote(half.text, MAX_QUOTE // 2), half, _due(half, as_of))
    else:
        due = _due(halves[0] if halves else sentence.reading, as_of)
        reading = replace(sentence.reading, kind="forecast") if due else sentence.reading
        yield _Claim(sentence, quote, reading, due, tuple(halves))


def _claim(key: str, claim: _Claim) -> Iterator[str]:
    sentence, names = claim.sentence, _names(claim.sentence.actors)
    yield f"  {key}:"
    yield f"    says: {_quoted(_in_words(claim.says))}"
    yield f"    kind: {claim.reading.kind}"
    yield f"    sentence: {sentence.sentence.number}"
    if claim.parts:
        yield "    parts:"
        for name, half in zip(("first", "second"), claim.parts, strict=True):
            yield f"      {name}: {{says: {_quoted(_in_words(short_quote(half.text, HALF_WORDS)))}, {_untested(half, names)}}}"
    else:
        yield f"    {_untested(claim.reading, names)}"
    if claim.due:
        yield f"    due: {claim.due}"
    yield "    sources: [article]"
    if sentence.flags:
        checks = "; ".join(f"{FLAG_KINDS[flag.kind]} (`{_on(flag)}`)" for flag in sentence.flags)
        yield f"    note: {_quoted(f'To check: {checks}.')}"


def _untested(reading: Reading, names: Sequence[str]) -> str:
    why = f"{TEMPLATE}: write a test, or say why there is none"
    return f"untested: {{needs: [{_quoted(what_decides(reading, names))}], why: {_quoted(why)}}}"


def _in_words(text: str, other: str = TEMPLATE) -> str:
    """Return a text that a case takes as words; `other` if it shows no letter and no digit."""
    shown = printable(text)
    return shown if has_words(shown) else other


def _on(flag: Flag) -> str:
    quote = short_quote(flag.span.text, HALF_WORDS)
    return NO_WORDS if is_blank(quote) else quote


def _due(reading: Reading, as_of: date) -> str | None:
    """Return the last date of a forecast, if it is not before `as_of`."""
    if reading.kind != "forecast" or not reading.dates:
        return None
    last = reading.dates[-1].last
    return last if last >= as_of.isoformat()[: len(last)] else None


def _questions(draft: Draft, claims: Sequence[_Claim]) -> Iterator[str]:
    """Yield the main claims as questions, in the order of the article; see `main_claims`."""
    chosen = main_claims(draft)
    yield "# Proposed by shared words: causes and forecasts that repeat most words of the title and the text. Choose the questions yourself."
    yield "questions:"
    numbers = [claim.sentence.sentence.number for claim in claims]
    for index, sentence in enumerate(chosen, start=1):
        keys = [f"C{at}" for at, number in enumerate(numbers, start=1) if number == sentence.sentence.number]
        asks = f"Is it right? “{sentence.sentence.quote}” ({TEMPLATE})"
        yield f"  Q{index}: {{asks: {_quoted(asks)}, claims: [{', '.join(keys)}]}}"


def _sentence(sentence: ReadSentence) -> Iterator[str]:
    reading, quote = sentence.reading, sentence.sentence.quote
    yield f"  {sentence.sentence.number}:"
    yield f"    hash: {_quoted(sentence.sentence.hash)}"
    yield f"    quote: {_quoted(NO_WORDS if is_blank(quote) else quote)}"
    if sentence.checkable is None:
        return
    yield f"    checkable: {sentence.checkable:.2f}"
    yield f"    kind: {reading.kind}"
    found = {
        "actors": list(sentence.actors),
        "amounts": [str(amount) for amount in reading.amounts],
        "dates": [span.iso for span in reading.dates],
        "comparisons": [short_quote(span.text, HALF_WORDS) for span in sentence.comparisons],
    }
    for key, texts in found.items():
        if texts:
            yield f"    {key}: {_listed(texts)}"
    if sentence.flags:
        yield "    flags:"
    for flag in sentence.flags:
        place = f"at: [{flag.span.start}, {flag.span.end}]"
        yield f"      - {{kind: {flag.kind}, on: {_quoted(_on(flag))}, {place}, why: {_quoted(flag.why)}}}"
