"""`tocsin rhetoric add | search | show | export`: the archive of statements."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from tocsin.rhetoric.archive.bringing import Summary
    from tocsin.rhetoric.archive.reading import Remark
    from tocsin.rhetoric.archive.shown import Snippet
    from tocsin.rhetoric.archive.statement import Statement
    from tocsin.rhetoric.archive.store import Archive, Where

_FILE = click.Path(path_type=Path)
_archive = click.option(
    "--archive",
    "archive_file",
    type=_FILE,
    help="The archive's file [default: TOCSIN_ARCHIVE, or one in your data folder].",
)
_DAY = click.DateTime(["%Y-%m-%d"])
_RUNGS = click.Choice(["commentary", "newspaper", "ministry", "leader"])
_AUDIENCES = click.Choice(["home", "foreign"])
MAX_SHOWN = 5
"""Remarks of a kind that are shown one by one, where nothing was lost."""


def _filters(command: Any) -> Any:
    for option in (
        click.option("--audience", type=_AUDIENCES),
        click.option("--rung", type=_RUNGS),
        click.option("--language", help="ISO 639-1: en, ko, ja."),
        click.option("--outlet", help="Short name: kcna, rodong."),
        click.option("--to", "last", type=_DAY, help="Last day, YYYY-MM-DD."),
        click.option(
            "--from", "first", type=_DAY, help="First day, YYYY-MM-DD. A day asked for leaves out what has none."
        ),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILES|FOLDER|FEED...")
@_archive
@click.option("--outlet", help="Of all that is added, where it does not say so itself.")
@click.option("--language", help="Likewise, ISO 639-1: en, ko, ja.")
@click.option("--audience", type=_AUDIENCES, help="Likewise.")
@click.option("--rung", type=_RUNGS, help="Likewise.")
@click.option("--json", "json_file", type=_FILE, help="Also write here what became of the rows, with every remark.")
def add(sources: tuple[str, ...], archive_file: Path | None, json_file: Path | None, **given: str | None) -> None:
    """Add statements to the archive: HTML pages, CSV, TSV, JSON, JSONL or Parquet tables, RSS or Atom feeds, whole folders of them.

    A feed may be an https address; nothing else uses the network. Tables have columns title (or headline), text, date, outlet,
    language, audience, rung, translation, address (or url), id; all but one of the first two may be missing. What the archive has
    already is passed over, so that adding the same again after a break goes on where it stopped.

    Exit status: 0 all was taken, 1 some rows or files were not (they are listed), 2 nothing could be read.

    \b
    tocsin rhetoric add statements.csv pages/ https://example.org/feed.xml
    """
    import json

    from tocsin.files import write_all
    from tocsin.rhetoric.archive.bringing import Summary, bring_in
    from tocsin.rhetoric.archive.outlets import language_named
    from tocsin.rhetoric.archive.reading import Given
    from tocsin.rhetoric.archive.store import default_file, open_archive

    if given["language"] and not (language := language_named(given["language"])):
        raise InputError(f"--language {given['language']} is no language", remedy="write an ISO 639-1 code: en, ko, ja")
    known = Given(
        today=dt.datetime.now(tz=dt.UTC).date(), **given | ({"language": language} if given["language"] else {})
    )
    summary, file = Summary(), archive_file or default_file()
    with open_archive(file, writing=True) as archive, _progress() as bars:
        tasks: dict[str, TaskID] = {}

        def move(name: str, more: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(Path(name).name, total=None)
            bars.advance(tasks[name], more)

        try:
            bring_in(archive, sources, known, summary, move)
        except KeyboardInterrupt:
            bars.stop()
            click.echo(_said(file, summary))
            click.echo("tocsin: stopped; what was added is kept, adding the same again goes on from there", err=True)
            sys.exit(130)
    click.echo(_said(file, summary))
    if json_file:
        write_all({json_file: json.dumps(_as_data(summary), ensure_ascii=False, indent=1) + "\n"})
    sys.exit(summary.exit_code)


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}: {task.completed:,.0f} statements", markup=False))
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _said(file: Path, summary: Summary) -> str:
    lines = [
        f"{file}: {summary.added:,} added, {summary.known:,} known before; "
        f"{summary.alike:,} of the new say nearly what another does"
    ]
    for kind, count in sorted(summary.counts.items(), key=lambda each: -each[1]):
        lines.append(
            f"{count:,} {kind}: {_places(summary.remarks[kind][:MAX_SHOWN])}{' …' if count > MAX_SHOWN else ''}"
        )
    if summary.lost:
        lines.append(f"{len(summary.lost):,} not taken:")
        lines += [f"  {_place(each)}: {each.why}" for each in summary.lost]
    return _for_terminal("\n".join(lines))


def _places(remarks: list[Remark]) -> str:
    """Files with the rows in them."""
    rows: dict[str, list[str]] = {}
    for each in remarks:
        rows.setdefault(each.file, []).extend([] if each.row is None else [f"{each.row:,}"])
    return "; ".join(f"{file}:{' '.join(some)}" if some else file for file, some in rows.items())


def _place(remark: Remark) -> str:
    return remark.file if remark.row is None else f"{remark.file}:{remark.row}"


def _for_terminal(text: str) -> str:
    from tocsin.rhetoric.archive.shown import printable

    return printable(text, lines=True)


def _as_data(summary: Summary) -> dict[str, Any]:
    remarks = {kind: [vars(each) for each in some] for kind, some in summary.remarks.items()}
    counts = {"added": summary.added, "known": summary.known, "alike": summary.alike, "files": summary.files}
    return counts | {"lost": [vars(each) for each in summary.lost], "counts": summary.counts, "remarks": remarks}


@click.command()
@click.argument("words", nargs=-1, required=True)
@_archive
@_filters
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--count", "only_count", is_flag=True, help="Print only how many there are.")
@click.option("--json", "json_file", type=_FILE, help="Also write them here.")
def search(
    words: tuple[str, ...],
    archive_file: Path | None,
    limit: int,
    only_count: bool,
    json_file: Path | None,
    **asked: Any,
) -> None:
    """Find statements that have every one of WORDS, in any script, the latest first. Words in quotes are found as they stand.

    \b
    tocsin rhetoric search militarism '"record budget"' --from 2024-01-01
    tocsin rhetoric search 일본 군국주의 --rung ministry
    """
    import json

    from tocsin.files import write_all
    from tocsin.rhetoric.archive.export import as_row
    from tocsin.rhetoric.archive.store import default_file, open_archive

    text = " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words)
    with open_archive(archive_file or default_file()) as archive:
        where = _where(archive, asked)
        if only_count:
            click.echo(f"{archive.count(text, where):,}")
            return
        found = archive.search(text, where, limit=limit)
    _print(found, text)
    if json_file:
        rows = [as_row(each) | {"snippet": _bracketed(each, text)} for each in found]
        write_all({json_file: json.dumps(rows, ensure_ascii=False, indent=1) + "\n"})


def _where(archive: Archive, asked: dict[str, Any]) -> Where:
    from tocsin.rhetoric.archive.outlets import language_named, outlet_named
    from tocsin.rhetoric.archive.store import Where

    first, last = (asked[name].date() if asked[name] else None for name in ("first", "last"))
    if first and last and first > last:
        raise InputError(f"--from {first} is after --to {last}", remedy="put the earlier day first")
    outlet, language = asked["outlet"], asked["language"]
    if outlet:
        known = outlet_named(outlet)
        outlet = known.name if known else outlet
        there = archive.outlets()
        if outlet.casefold() not in {each.casefold() for each in there}:
            raise InputError(
                f"the archive has nothing of the outlet `{outlet}`",
                remedy=did_you_mean(outlet, there) if there else "leave --outlet out",
            )
    if language and not (language := language_named(language)):
        raise InputError(f"--language {asked['language']} is no language", remedy="write an ISO 639-1 code: en, ko, ja")
    return Where(first, last, outlet, language, asked["rung"], asked["audience"])


def _bracketed(found: Statement, words: str) -> str | None:
    from tocsin.rhetoric.archive.shown import body

    piece = body(found, words)
    return piece.marked() if piece else None


def _print(found: list[Statement], words: str) -> None:
    """On a terminal as a table, the hits in colour; else a line of each, and a line of its text, the hits in brackets."""
    from rich.console import Console

    from tocsin.rhetoric.archive.shown import body, printable, title

    if not found:
        click.echo("nothing found")
    elif (console := Console()).is_terminal:
        console.print(_table(found, words))
    else:
        for each in found:
            known = (each.id, each.date or "no day", each.outlet or "-", each.rung or "-")
            click.echo("  ".join(printable(str(part)) for part in known) + f"  {title(each, words).marked()}")
            if piece := body(each, words):
                click.echo(f"    {piece.marked()}")


def _table(found: list[Statement], words: str) -> Any:
    from rich.table import Table
    from rich.text import Text

    from tocsin.rhetoric.archive.shown import body, printable, title

    table = Table(box=None, pad_edge=False)
    for name in ("number", "day", "outlet", "rung"):
        table.add_column(name, no_wrap=True)
    table.add_column("statement")
    for each in found:
        known = (str(each.id), str(each.date or "-"), each.outlet or "-", each.rung or "-")
        said = _coloured(title(each, words), "bold")
        if piece := body(each, words):
            said = Text("\n").join([said, _coloured(piece, "")])
        table.add_row(*(Text(printable(part)) for part in known), said)
    return table


def _coloured(piece: Snippet, style: str) -> Any:
    from rich.text import Text

    text = Text(piece.text, style=style)
    for first, end in piece.hits:
        text.stylize("bold yellow", first, end)
    return text


@click.command()
@click.argument("number", type=int)
@_archive
def show(number: int, archive_file: Path | None) -> None:
    """A statement of the archive, whole, by the NUMBER that `search` prints, and what says nearly the same."""
    from tocsin.rhetoric.archive.export import as_row
    from tocsin.rhetoric.archive.shown import printable
    from tocsin.rhetoric.archive.store import default_file, open_archive

    with open_archive(archive_file or default_file()) as archive:
        found = archive.get(number)
        others = archive.alike(found)
    for name, value in as_row(found).items():
        if value is not None and name not in ("text", "translation", "alike"):
            click.echo(f"{name}: {printable(str(value))}")
    for heading, text in (("", found.text), ("translation:\n", found.translation)):
        if text:
            click.echo(f"\n{heading}{printable(text, lines=True)}")
    if others:
        click.echo("\nnearly the same:")
        for each in others:
            known = (each.id, each.date or "no day", each.outlet or "-", each.title)
            click.echo("  " + "  ".join(printable(str(part)) for part in known))


@click.command()
@click.argument("words", nargs=-1)
@click.option("-o", "--output", type=_FILE, required=True, help="FILE.csv, .json, .jsonl, .parquet or .html.")
@_archive
@_filters
def export(words: tuple[str, ...], output: Path, archive_file: Path | None, **asked: Any) -> None:
    """Write the statements of the archive to a file, or those that have every one of WORDS; all but HTML can be added again and give
    the same statements.

    \b
    tocsin rhetoric export -o all.jsonl
    tocsin rhetoric export 일본 --from 2024-01-01 -o japan.html
    """
    from tocsin.rhetoric.archive.export import export as write
    from tocsin.rhetoric.archive.export import writer_for
    from tocsin.rhetoric.archive.store import default_file, open_archive

    writer_for(output)
    text = " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words)
    with open_archive(archive_file or default_file()) as archive:
        count = write(archive.statements(_where(archive, asked), words=text), output)
    click.echo(f"{output}: {count:,} statements")


def commands() -> tuple[click.Command, ...]:
    """The commands of the archive."""
    return add, search, show, export
