"""The command `tocsin draft`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.output import say, spoken
from tocsin.translation import Text, in_lines, message, message_in, plural

if TYPE_CHECKING:
    from tocsin.draft.drafting import Draft


@click.command()
@click.argument("article", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write the case to this folder [default: the article's name].",
)
@click.option("--date", "day", metavar="YYYY-MM-DD", help="Day of the article [default: as the article states it].")
@click.option("--title", help="Title of the case [default: the article's].")
def draft(article: Path, output: Path | None, day: str | None, title: str | None) -> None:
    """Draft a case from ARTICLE: a text, Markdown, HTML, .docx or PDF file, or - for standard input.

    The article is read sentence by sentence, offline and by fixed rules. Sentences that may be checked become claims without tests. The
    case stores a hash and at most twelve words of each sentence. The rules read English. An article in Korean or Japanese is split into
    sentences, and each but a question becomes a claim.

    \b
    tocsin draft op-ed.html -o my-case
    tocsin draft op-ed.pdf
    tocsin draft op-ed.txt --date 2025-08-01 --title "Is the build-up enough?"
    """
    from datetime import date

    from tocsin.case.types import parse_day
    from tocsin.draft.article import read_article
    from tocsin.draft.drafting import draft_of
    from tocsin.draft.writing import case_text
    from tocsin.errors import InputError
    from tocsin.files import check_outputs, write_all
    from tocsin.runs.names import new_id

    read = read_article(article)
    folder = output or Path("article-draft" if str(article) == "-" else article.stem or "article-draft")
    if folder.exists():
        raise InputError(message("it exists already"), file=str(folder), remedy=message("name a new folder with -o"))
    given = parse_day(day) if day else None
    file = folder / "case.yaml"
    check_outputs([file])
    made = draft_of(read, given)
    key = new_id(folder)
    write_all(
        {file: case_text(made, case_id=key, title=title or made.article.title or key, as_of=made.day or date.today())}
    )
    say(summary(made, file))


def summary(made: Draft, file: Path) -> Text:
    """Return what was drafted, in a few lines: counts of sentences, claims and flags by kind."""
    from shlex import quote

    from tocsin.case.game_tests import GAME_KINDS

    head = message(
        "{file}: {number} sentences, {claims} proposed as claims",
        file=str(file),
        number=len(made.sentences),
        claims=len(made.claims),
    )
    notes = [message("note: {note}", note=note) for note in _notes(made)]
    folder = quote(str(file.parent))
    after = [message("next: write the claims in your own words, then `tocsin lint {folder}`", folder=folder)]
    if any(sentence.reading.kind in GAME_KINDS for sentence in made.claims):
        after.append(
            message("for claims of causes and of what will come, `tocsin new {folder}` adds a game", folder=folder)
        )
    return in_lines([head, *notes, "", _table(made), "", *_rates(made), *after])


def _notes(made: Draft) -> Iterator[str]:
    """Yield what the reader should know about the reading of the article."""
    yield from made.article.notes
    if made.day is None:
        yield message("the article states no day; as_of is today. Give --date to read dates such as `last year`")
    foreign = sum(sentence.checkable is None for sentence in made.sentences)
    if foreign and made.article.language == "en":
        yield plural(
            "{count} sentence is not English, and no rule read it",
            "{count} sentences are not English, and no rule read them",
            foreign,
        )


def _table(made: Draft) -> str:
    """Return the numbers of claims and flags by kind as a table."""
    from collections import Counter

    from tocsin.assessment.code_words import CLAIM_WORDS
    from tocsin.draft.flags import FLAG_KINDS
    from tocsin.tables import text_table

    kinds = Counter(sentence.reading.kind for sentence in made.claims)
    flags = Counter(flag.kind for sentence in made.sentences for flag in sentence.flags)
    claims, flagged = message_in("column", "claims"), message_in("column", "flags")
    rows: list[tuple[str, str, int]] = [(claims, CLAIM_WORDS[kind], count) for kind, count in kinds.most_common()]
    rows += [(flagged, message(FLAG_KINDS[kind]), flags[kind]) for kind in FLAG_KINDS if flags[kind]]
    names = ("", spoken(message_in("column", "kind")), spoken(message_in("column", "number")))
    return text_table(names, [(spoken(what), spoken(kind), count) for what, kind, count in rows], right=(2,))


MAX_RATES = 10
"""Most implied exchange rates that are printed; the case has all."""


def _rates(made: Draft) -> list[str]:
    """Return the exchange rates that amounts in two currencies imply, a line for each sentence."""
    rates = [
        message("sentence {number}: {reason}", number=sentence.sentence.number, reason=flag.why)
        for sentence in made.sentences
        for flag in sentence.flags
        if flag.kind == "two_currencies"
    ]
    return [*rates[:MAX_RATES], ""] if rates else []
