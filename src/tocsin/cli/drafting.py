"""The command `tocsin draft`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.output import say
from tocsin.translation import message

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


def summary(made: Draft, file: Path) -> str:
    """Return what was drafted, in a few lines: counts of sentences, claims and flags by kind."""
    from collections import Counter
    from shlex import quote

    from tocsin.case.game_tests import GAME_KINDS
    from tocsin.draft.flags import FLAG_KINDS
    from tocsin.tables import text_table

    kinds = Counter(sentence.reading.kind for sentence in made.claims)
    flags = Counter(flag.kind for sentence in made.sentences for flag in sentence.flags)
    lines = [f"{file}: {len(made.sentences)} sentences, {len(made.claims)} proposed as claims"]
    lines += [f"note: {note}" for note in made.article.notes]
    if made.day is None:
        lines.append("note: the article states no day; as_of is today. Give --date to read dates such as `last year`")
    foreign = sum(sentence.checkable is None for sentence in made.sentences)
    if foreign and made.article.language == "en":
        lines.append(
            f"note: {foreign} {'sentence is' if foreign == 1 else 'sentences are'} not English, and no rule read them"
        )
    rows: list[tuple[str, str, int]] = [("claims", kind, count) for kind, count in kinds.most_common()]
    rows += [("flags", FLAG_KINDS[kind], flags[kind]) for kind in FLAG_KINDS if flags[kind]]
    lines += ["", text_table(("", "kind", "number"), rows, right=(2,)), "", *_rates(made)]
    folder = quote(str(file.parent))
    lines.append(f"next: write the claims in your own words, then `tocsin lint {folder}`")
    if any(kind in GAME_KINDS for kind in kinds):
        lines.append(f"for claims of causes and of what will come, `tocsin new {folder}` adds a game")
    return "\n".join(lines)


MAX_RATES = 10
"""Most implied exchange rates that are printed; the case has all."""


def _rates(made: Draft) -> list[str]:
    """Return the exchange rates that amounts in two currencies imply, a line for each sentence."""
    rates = [
        f"sentence {sentence.sentence.number}: {flag.why}"
        for sentence in made.sentences
        for flag in sentence.flags
        if flag.kind == "two_currencies"
    ]
    return [*rates[:MAX_RATES], ""] if rates else []
