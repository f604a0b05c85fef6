"""`tocsin rhetoric add | search | show | export`: the archive of statements."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.output import say, warn
from tocsin.translation import message

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.table import Table
    from rich.text import Text

    from tocsin.rhetoric.archive import Archive, Filter, ImportSummary, Remark, SearchResult, Statement
    from tocsin.rhetoric.archive.doubts import Doubt
    from tocsin.rhetoric.archive.snippets import Snippet

_FILE = click.Path(path_type=Path)
_archive = click.option(
    "--archive",
    "archive_file",
    type=_FILE,
    help="File of the archive [default: TOCSIN_ARCHIVE, or archive.db in your data folder].",
)


class _Day(click.DateTime):
    """A day, written YYYY-MM-DD."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the day; fail in words, without the pattern of the parser."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is not a day: write YYYY-MM-DD, e.g. 2025-12-26", param, ctx)


_DAY = _Day(["%Y-%m-%d"])
_RUNGS = click.Choice(["commentary", "newspaper", "ministry", "leader"])
_AUDIENCES = click.Choice(["home", "foreign"])
MAX_SHOWN = 5
"""Largest number of remarks of one kind whose files and rows are printed."""


def _filters(command: Any) -> Any:
    for option in (
        click.option("--audience", type=_AUDIENCES),
        click.option("--rung", type=_RUNGS),
        click.option("--language", help="ISO 639-1 code: en, ko, ja."),
        click.option("--outlet", help="Short name: kcna, rodong."),
        click.option("--to", "last", type=_DAY, help="Last date, YYYY-MM-DD."),
        click.option(
            "--from",
            "first",
            type=_DAY,
            help="First date, YYYY-MM-DD. --from and --to leave out statements without a date.",
        ),
    ):
        command = option(command)
    return command


def _filter(first: dt.datetime | None, last: dt.datetime | None, **attributes: str | None) -> Filter:
    from tocsin.rhetoric.archive import Filter

    return Filter(first.date() if first else None, last.date() if last else None, **attributes)


_variants = click.option(
    "--variants/--no-variants",
    default=True,
    show_default=True,
    help="Search also the spellings of the other Korea and the other forms of Chinese characters.",
)


class _Searching(click.Command):
    """A command that takes a query, which may begin with a dash."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line; for a word with one dash in front, name the remedy."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.option_name.startswith("--"):
                raise
            raise click.UsageError(
                f"there is no option {error.option_name}, and `-` is not an operator. Write NOT before a word to exclude it, "
                f"or -- before a query that begins with a dash: {ctx.command_path} -- '-WORD ...'",
                ctx,
            ) from error


def _query(words: tuple[str, ...]) -> str:
    """Return the words of the command line as one query; a word with spaces becomes a phrase unless it has operators."""
    from tocsin.rhetoric.archive.queries import has_operator

    return " ".join(
        word if " " not in word or '"' in word else f"({word})" if has_operator(word) else f'"{word}"' for word in words
    )


def _print_notes(words: tuple[str, ...], count: int, *, variants: bool) -> None:
    """Print what the user should know about a query that finds `count` statements."""
    from tocsin.rhetoric.archive.queries import has_operator, parse_query, phrase_notes
    from tocsin.tables import printable

    notes = list(parse_query(_query(words), variants=variants).notes) if words else []
    for word in words:
        if " " in word and '"' not in word and not has_operator(word):
            notes += phrase_notes(word, has_results=count > 0)
    for note in dict.fromkeys(notes):
        say(printable(f"note: {note}"), err=True)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILES|FOLDER|FEED...")
@_archive
@click.option("--outlet", help="Outlet of statements that name none.")
@click.option("--language", help="Language of statements that name none; ISO 639-1 code: en, ko, ja.")
@click.option("--audience", type=_AUDIENCES, help="Audience of statements that name none.")
@click.option("--rung", type=_RUNGS, help="Rung of statements that name none.")
@click.option("--yes", is_flag=True, help="Add files even if they were probably misread.")
@click.option("--json", "json_file", type=_FILE, help="Also write a summary with all remarks to this file, as JSON.")
def add(
    sources: tuple[str, ...],
    archive_file: Path | None,
    json_file: Path | None,
    *,
    yes: bool,
    **attributes: Any,
) -> None:
    """Add statements to the archive from pages, tables or feeds.

    Pages are HTML. Tables are CSV, TSV, JSON, JSONL or Parquet. Feeds are RSS, Atom or JSON. A folder may hold any of them.
    A feed may be an https address; nothing else uses the network. Tables have the columns title (or headline), text, date, outlet,
    language, audience, rung, translation, address (or url) and id. A title or a text is required. Statements
    already in the archive are skipped, so an interrupted command continues when you repeat it.

    A file was probably misread if more than 5 % of its rows, and at least five, lack a day or are the same as an earlier row. The
    HTML pages of one command count together. On a
    terminal the command asks whether to add it; elsewhere it is not added unless you give --yes.

    Exit status: 0 everything was added, 1 some rows or files were not added (they are listed), 2 nothing could be read.

    \b
    tocsin rhetoric add statements.csv pages/ https://example.org/feed.xml
    """
    import json

    from tocsin.files import write_all
    from tocsin.rhetoric.archive import Defaults, ImportSummary
    from tocsin.rhetoric.archive.database import default_file

    defaults = Defaults(**attributes).resolved()
    file, summary, interrupted = archive_file or default_file(), ImportSummary(), False
    try:
        with _open_to_write(file) as archive:
            with _progress() as progress:
                archive.add_files(sources, defaults, summary=summary, progress=progress, accept_doubtful=yes)
            for accepted in _accepted(summary):
                with _progress() as progress:
                    archive.add_files(
                        accepted.sources, defaults, summary=summary, progress=progress, accept_doubtful=True
                    )
    except (KeyboardInterrupt, click.Abort):  # a question raises the second
        interrupted = True
    say(_summary_text(file, summary))
    if interrupted:
        warn(message("interrupted; the statements added so far are stored; repeat the command to continue"))
        sys.exit(130)
    if json_file:
        write_all({json_file: json.dumps(summary.to_dict(), ensure_ascii=False, indent=1) + "\n"})
    sys.exit(summary.exit_code)


def _open_to_write(file: Path) -> Archive:
    """Open an archive to add statements; say so if it had to be brought to this version."""
    from tocsin.rhetoric.archive import open_archive
    from tocsin.tables import printable

    copied: list[int] = []
    with _progress() as progress:

        def upgrading(more: int) -> None:
            copied.append(more)
            progress(f"{file.name} (upgrade)", more)

        archive = open_archive(file, writing=True, upgrading=upgrading)
    if copied:
        say(printable(f"{file}: upgraded to this version of Tocsin; all {sum(copied):,} statements are kept"), err=True)
    return archive


def _accepted(summary: ImportSummary) -> Iterator[Doubt]:
    """Yield the doubtful files that the user wants to add all the same; ask only on a terminal."""
    from tocsin.tables import printable

    for doubt in list(summary.doubtful) if _can_ask() else ():
        say(printable(f"{doubt.file}: {doubt.message}"), err=True)
        if click.confirm("Add it all the same?", default=False, err=True):
            summary.withdraw(doubt)
            yield doubt


def _can_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


@contextmanager
def _progress() -> Iterator[Callable[[str, int], None]]:
    """Yield a function that shows on the terminal how many statements of a source were read."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}: {task.completed:,.0f} statements", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(name: str, more: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(Path(name).name, total=None)
            bars.advance(tasks[name], more)

        yield advance


def _summary_text(file: Path, summary: ImportSummary) -> str:
    from tocsin.tables import printable

    lines = [
        f"{file}: {summary.added:,} added, {summary.known:,} already stored; "
        f"{summary.alike:,} of the new ones are near-duplicates"
    ]
    for kind, count in sorted(summary.counts.items(), key=lambda item: -item[1]):
        more = " …" if count > MAX_SHOWN else ""
        shown = summary.remarks[kind][:MAX_SHOWN]
        files = "" if shown[0].row is not None else " file:" if count == 1 else " files:"
        lines.append(f"{count:,}{files} {kind}: {_places(shown)}{more}")
    if summary.lost:
        lines.append(f"{len(summary.lost):,} not added:")
        lines += [f"  {_places([remark])}: {remark.why}" for remark in summary.lost]
    return printable("\n".join(lines), lines=True)


def _places(remarks: list[Remark]) -> str:
    """Return the files of remarks with their rows."""
    rows: dict[str, list[str]] = {}
    for remark in remarks:
        rows.setdefault(remark.file, []).extend([] if remark.row is None else [f"{remark.row}"])
    return "; ".join(f"{file}:{' '.join(some)}" if some else file for file, some in rows.items())


@click.command(cls=_Searching)
@click.argument("words", nargs=-1, required=True)
@_archive
@_filters
@_variants
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="Print at most this many statements."
)
@click.option("--count", "only_count", is_flag=True, help="Print only the number of matches.")
@click.option("--json", "json_file", type=_FILE, help="Also write the matches to this file, as JSON.")
def search(
    words: tuple[str, ...],
    archive_file: Path | None,
    limit: int,
    only_count: bool,
    json_file: Path | None,
    variants: bool,
    **filters: Any,
) -> None:
    """Find statements that contain all WORDS, in any script, latest first.

    Words in quotation marks are searched as a phrase. `militar*` finds all words that begin so. OR, AND and NOT in capitals are
    operators, and parentheses group; OR joins its two neighbours first. Between spaces `|` means OR and `&` means AND. Other signs are
    not operators. Write -- before a query that begins with a dash.

    \b
    tocsin rhetoric search militarism "record budget" --from 2024-01-01
    tocsin rhetoric search 'militar* (Japan OR Tokyo) NOT Korea'
    tocsin rhetoric search 일본 군국주의 --rung ministry
    """
    import json

    from tocsin.files import write_all
    from tocsin.rhetoric.archive import open_archive

    query = _query(words)
    with open_archive(archive_file) as archive:
        if only_count:
            count = archive.count(query, _filter(**filters), variants=variants)
            _print_notes(words, count, variants=variants)
            say(f"{count:,}")
            return
        result = archive.search(query, _filter(**filters), limit=limit, variants=variants)
    _print_notes(words, len(result.statements), variants=variants)
    _print(result)
    if json_file:
        write_all({json_file: json.dumps(result.to_dicts(), ensure_ascii=False, indent=1) + "\n"})


def _print(result: SearchResult) -> None:
    """Print a coloured table on a terminal; elsewhere two lines for each statement, with brackets around the matches."""
    from rich.console import Console

    from tocsin.rhetoric.archive.snippets import text_snippet, title_snippet

    if not result.statements:
        say("no match")
    elif (console := Console()).is_terminal:
        console.print(_table(result))
    else:
        for statement in result:
            title = title_snippet(statement, result.words, variants=result.variants).bracketed()
            say("  ".join([*_attributes(statement, "no date"), title]))
            if piece := text_snippet(statement, result.words, variants=result.variants):
                say(f"    {piece.bracketed()}")


def _attributes(statement: Statement, no_date: str) -> list[str]:
    from tocsin.tables import printable

    values = (statement.id, statement.date or no_date, statement.outlet or "-", statement.rung or "-")
    return [printable(str(value)) for value in values]


def _table(result: SearchResult) -> Table:
    from rich.table import Table
    from rich.text import Text

    from tocsin.rhetoric.archive.snippets import text_snippet, title_snippet

    table = Table(box=None, pad_edge=False)
    for name in ("number", "date", "outlet", "rung"):
        table.add_column(name, no_wrap=True)
    table.add_column("statement")
    for statement in result:
        content = _coloured(title_snippet(statement, result.words, variants=result.variants), "bold")
        if piece := text_snippet(statement, result.words, variants=result.variants):
            content = Text("\n").join([content, _coloured(piece, "")])
        table.add_row(*(Text(value) for value in _attributes(statement, "-")), content)
    return table


def _coloured(piece: Snippet, style: str) -> Text:
    from rich.text import Text

    text = Text(piece.text, style=style)
    for first, end in piece.hits:
        text.stylize("bold yellow", first, end)
    return text


@click.command()
@click.argument("number", type=int)
@_archive
def show(number: int, archive_file: Path | None) -> None:
    """Show a whole statement, by the NUMBER that `search` prints, and list its near-duplicates."""
    from tocsin.rhetoric.archive import open_archive
    from tocsin.tables import printable

    with open_archive(archive_file) as archive:
        statement = archive.get(number)
        others = archive.near_duplicates(statement)
    for name, value in statement.to_dict().items():
        if value is not None and name not in ("text", "translation", "alike"):
            say(f"{name}: {printable(str(value))}")
    for heading, text in (("", statement.text), ("translation:\n", statement.translation)):
        if text:
            say(f"\n{heading}{printable(text, lines=True)}")
    if others:
        say("\nnear-duplicates:")
        for other in others:
            values = (other.id, other.date or "no date", other.outlet or "-", other.title)
            say("  " + "  ".join(printable(str(value)) for value in values))


@click.command(cls=_Searching)
@click.argument("words", nargs=-1)
@click.option(
    "-o", "--output", type=_FILE, required=True, help="File to write: .csv, .json, .jsonl, .parquet or .html."
)
@_archive
@_filters
@_variants
def export(words: tuple[str, ...], output: Path, archive_file: Path | None, *, variants: bool, **filters: Any) -> None:
    """Write the statements of the archive to a file, or only those that contain all WORDS.

    `tocsin rhetoric add` reads all formats except HTML back as the same statements.

    \b
    tocsin rhetoric export -o all.jsonl
    tocsin rhetoric export 일본 --from 2024-01-01 -o japan.html
    """
    from tocsin.rhetoric.archive import open_archive

    query = _query(words)
    with open_archive(archive_file) as archive:
        count = archive.export(output, _filter(**filters), words=query, variants=variants)
    _print_notes(words, count, variants=variants)
    say(f"{output}: {count:,} statements")


def commands() -> tuple[click.Command, ...]:
    """Return the commands of the archive."""
    return add, search, show, export
