"""Read an article sentence by sentence: what it claims, what is in it, and what an editor checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tocsin.draft.actors import find_actors, find_states
from tocsin.draft.amounts import find_amounts
from tocsin.draft.article import Article
from tocsin.draft.checkable import THRESHOLD, checkable_probabilities
from tocsin.draft.comparisons import find_comparisons
from tocsin.draft.dates import find_dates
from tocsin.draft.flags import Flag, Reading, find_flags, halves
from tocsin.draft.kinds import kind_of
from tocsin.draft.language import foreign_script
from tocsin.draft.sentences import Sentence, split_sentences
from tocsin.draft.spans import Span
from tocsin.errors import InputError
from tocsin.translation import message

MAX_SENTENCES = 2_000
"""Most sentences of an article: a case of more would be larger than a case file may be."""
MAX_CHARACTERS = 1_000
"""Characters of a sentence that rules read: a longer piece is no prose."""


@dataclass(frozen=True, kw_only=True)
class ReadSentence:
    """A sentence with what the rules found in it.

    Attributes:
        sentence: its number and text.
        checkable: probability that it states something that can be checked; None if it is not English.
        reading: kind, amounts, dates, states.
        actors: ISO codes of states and names of organisations.
        comparisons: words that compare.
        flags: what an editor checks.
        halves: its two claims as read, if it makes two.
    """

    sentence: Sentence
    checkable: float | None
    reading: Reading
    actors: tuple[str, ...]
    comparisons: tuple[Span, ...]
    flags: tuple[Flag, ...]
    halves: tuple[Reading, Reading] | None

    @property
    def is_claim(self) -> bool:
        """Return whether it is proposed as a claim: it is checkable, has a flag, or is more than a fact or a comparison. No question is."""
        if self.checkable is None or is_question(self.sentence.text):
            return False
        return self.checkable >= THRESHOLD or bool(self.flags) or self.reading.kind not in ("fact", "comparative")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An article with its sentences as read, and the day from which its dates count, None if it is unknown."""

    article: Article
    day: date | None
    sentences: tuple[ReadSentence, ...]

    @property
    def claims(self) -> tuple[ReadSentence, ...]:
        """Return the sentences that are proposed as claims; in another language than English, where no rule chooses, all but questions."""
        if self.article.language != "en":
            return tuple(sentence for sentence in self.sentences if not is_question(sentence.sentence.text))
        return tuple(sentence for sentence in self.sentences if sentence.is_claim)


def draft_of(article: Article, day: date | None = None) -> Draft:
    """Return an article's sentences as read.

    Args:
        article: the article.
        day: its day, if it is given; otherwise the day that the article states.

    Raises:
        InputError: if the article has more than `MAX_SENTENCES` sentences, or no sentence can be proposed as a claim.
    """
    day = day or article.day
    sentences = split_sentences(article.paragraphs)
    if len(sentences) > MAX_SENTENCES:
        raise InputError(
            message(
                "{count} sentences are more than {most}, the most of one case",
                count=f"{len(sentences):,}",
                most=f"{MAX_SENTENCES:,}",
            ),
            file=article.name,
            remedy=message("draft it in parts, such as chapter by chapter"),
        )
    made = Draft(article=article, day=day, sentences=_read_all(sentences, day))
    if not made.claims:
        raise InputError(
            message("none of {count} sentences can be proposed as a claim", count=len(sentences)),
            file=article.name,
            remedy=message("write the claims by hand: `tocsin new` makes a case without an article"),
        )
    return made


def _read_all(sentences: Sequence[Sentence], day: date | None) -> tuple[ReadSentence, ...]:
    """Return all sentences as read; the classifier knows English alone and reads no other."""
    english = {
        sentence.number: text
        for sentence in sentences
        if foreign_script(text := sentence.text[:MAX_CHARACTERS]) is None
    }
    chances = dict(zip(english, checkable_probabilities(list(english.values())), strict=True))
    return tuple(read_sentence(sentence, chances.get(sentence.number), day) for sentence in sentences)


def read_sentence(sentence: Sentence, checkable: float | None, day: date | None = None) -> ReadSentence:
    """Return a sentence with what the rules find in it; see `ReadSentence`. They read English: one without `checkable` stays unread."""
    text = sentence.text[:MAX_CHARACTERS]
    if checkable is None:
        return _unread(sentence, Reading(text=text, kind="fact", day=day))
    reading, actors = _reading(text, day)
    is_statement = not is_question(text)
    both = halves(text) if is_statement else None
    return ReadSentence(
        sentence=sentence,
        checkable=checkable,
        reading=reading,
        actors=actors,
        comparisons=find_comparisons(text),
        flags=find_flags(reading) if is_statement else (),
        halves=None if both is None else (_reading(both[0].text, day)[0], _reading(both[1].text, day)[0]),
    )


def _unread(sentence: Sentence, reading: Reading) -> ReadSentence:
    return ReadSentence(
        sentence=sentence, checkable=None, reading=reading, actors=(), comparisons=(), flags=(), halves=None
    )


def _reading(text: str, day: date | None) -> tuple[Reading, tuple[str, ...]]:
    """Return what the checks read of a text, and its actors."""
    year = day.year if day else None
    states = find_states(text, year)
    dates = find_dates(text, day)
    amounts = find_amounts(text, dates, states)
    reading = Reading(text=text, kind=kind_of(text)[0], amounts=amounts, dates=dates, states=states, day=day)
    return reading, tuple(code for code, _ in find_actors(text, year))


def is_question(text: str) -> bool:
    """Return whether a sentence ends with a question mark; a question claims nothing."""
    return text.rstrip("\"'”’)」』）").endswith(("?", "？"))
