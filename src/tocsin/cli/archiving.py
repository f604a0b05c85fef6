"""`tocsin rhetoric add | search | show | export`: the archive of statements."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.errors import InputError

if TYPE_CHECKING:
    from tocsin.rhetoric.archive.reading import Found, Given, Remark
    from tocsin.rhetoric.archive.statement import Statement
    from tocsin.rhetoric.archive.store import Added, Archive, Where

_FILE = click.Path(path_type=Path)
_archive = click.option(
    "--archive",
    "archive_file",
    type=_FILE,
    help="The archive's file [default: TOCSIN_ARCHIVE, or one in your data folder].",
)
_DAY = click.DateTime(["%Y-%m-%d"])
_RUNGS = click.Choice(["commentary", "newspaper", "ministry", "leader"])
MOST_SHOWN = 5
"""Remarks of a kind that are shown one by one."""


def _filters(command: Any) -> Any:
    for option in (
        click.option("--rung", type=_RUNGS),
        click.option("--language", help="ISO 639-1: en, ko, ja."),
        click.option("--outlet", help="Short name: kcna, rodong."),
        click.option("--to", "last", type=_DAY, help="Last day."),
        click.option("--from", "first", type=_DAY, help="First day."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILES|FOLDER|FEED...")
@_archive
@click.option("--outlet", help="Of all that is added, where it does not say so itself.")
@click.option("--language", help="Likewise, ISO 639-1: en, ko, ja.")
@click.option("--audience", type=click.Choice(["home", "foreign"]), help="Likewise.")
@click.option("--rung", type=_RUNGS, help="Likewise.")
def add(sources: tuple[str, ...], archive_file: Path | None, **given: str | None) -> None:
    """Add statements to the archive: HTML pages, CSV, TSV, JSON, JSONL or Parquet tables, RSS or Atom feeds, whole folders of them.

    A feed may be an https address; nothing else uses the network. Tables have columns title (or headline), text, date, outlet,
    language, audience, rung, translation, address (or url), id; all but the first two may be missing. What the archive has already
    is passed over, so that adding the same again after a break goes on where it stopped.

    \b
    tocsin rhetoric add statements.csv pages/ https://example.org/feed.xml
    """
    from tocsin.rhetoric.archive.reading import Given
    from tocsin.rhetoric.archive.store import Added, default_file, open_archive

    known = Given(today=dt.datetime.now(tz=dt.UTC).date(), **given)
    total, remarks, read = Added(), list["Remark"](), 0
    with open_archive(archive_file or default_file(), writing=True) as archive:
        for source in _expanded(sources):
            try:
                done = _add_one(archive, source, known, remarks)
            except InputError as error:
                click.echo(str(error), err=True)
                continue
            total, read = total + done, read + 1
        _summary(archive.file, total, remarks)
    if not read:
        raise InputError("nothing could be read", remedy="see the messages above")


def _expanded(sources: tuple[str, ...]) -> Iterator[str]:
    from tocsin.rhetoric.archive.reading import readable

    for source in sources:
        if "://" not in source and Path(source).is_dir():
            yield from map(str, readable(Path(source)))
        else:
            yield source


def _add_one(archive: Archive, source: str, known: Given, remarks: list[Remark]) -> Added:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from tocsin.rhetoric.archive.store import Added

    done = Added()
    columns = (SpinnerColumn(), TextColumn("{task.description}: {task.completed:,.0f} statements"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(Path(source).name, total=None)
        for chunk in archive.add(_statements(_read(source, known), remarks)):
            done += chunk
            progress.advance(task, chunk.added + chunk.known)
    return done


def _read(source: str, known: Given) -> Iterator[Found]:
    from tocsin.rhetoric.archive.reading import read, read_feed

    if source.startswith(("http://", "https://")):
        from tocsin.data.fetch import fetched

        return read_feed(source, fetched(source), known)
    return read(Path(source), known)


def _statements(found: Iterator[Found], remarks: list[Remark]) -> Iterator[Statement]:
    from tocsin.rhetoric.archive.statement import Statement

    for each in found:
        if isinstance(each, Statement):
            yield each
        else:
            remarks.append(each)


def _summary(file: Path, total: Added, remarks: list[Remark]) -> None:
    click.echo(
        f"{file}: {total.added:,} added, {total.known:,} known before, {total.alike:,} say nearly what another does"
    )
    if total.reused:
        some = ", ".join(total.reused[:MOST_SHOWN])
        click.echo(f"{len(total.reused):,} under a source's name that has another text too; both are kept: {some}")
    for (why, lost), count in Counter((remark.why, remark.lost) for remark in remarks).most_common():
        rows = [f"{remark.file}:{remark.row}" for remark in remarks if (remark.why, remark.lost) == (why, lost)]
        click.echo(
            f"{count:,} {'not taken' if lost else 'taken'}: {why}: {', '.join(rows[:MOST_SHOWN])}{' …' if count > MOST_SHOWN else ''}"
        )


@click.command()
@click.argument("words", nargs=-1, required=True)
@_archive
@_filters
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--count", "only_count", is_flag=True, help="Print only how many there are.")
@click.option("--json", "json_file", type=_FILE, help="Write them here.")
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
    tocsin rhetoric search 일본 군국주의
    """
    import json

    from tocsin.report.files import write_all
    from tocsin.rhetoric.archive.export import as_row
    from tocsin.rhetoric.archive.store import default_file, open_archive

    text = " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words)
    with open_archive(archive_file or default_file()) as archive:
        if only_count:
            click.echo(f"{archive.count(text, _where(asked)):,}")
            return
        found = archive.search(text, _where(asked), limit=limit)
    for each in found:
        _print(each, text)
    if not found:
        click.echo("nothing found")
    if json_file:
        write_all({json_file: json.dumps([as_row(each) for each in found], ensure_ascii=False, indent=1) + "\n"})


def _where(asked: dict[str, Any]) -> Where:
    from tocsin.rhetoric.archive.store import Where

    first, last = (asked[name].date() if asked[name] else None for name in ("first", "last"))
    return Where(first, last, asked["outlet"], asked["language"], asked["rung"])


def _print(found: Statement, words: str) -> None:
    from tocsin.rhetoric.archive.export import printable, snippet

    head = "  ".join(str(each) for each in (found.id, found.date or "no day", found.outlet or "-", found.rung or "-"))
    click.echo(f"{click.style(head, dim=True)}  {click.style(printable(found.title), bold=True)}")
    if found.text:
        click.echo(f"    {printable(snippet(found.text, words))}")


@click.command()
@click.argument("number", type=int)
@_archive
def show(number: int, archive_file: Path | None) -> None:
    """A statement of the archive, whole, by the NUMBER that `search` prints, and what says nearly the same."""
    from tocsin.rhetoric.archive.export import as_row, printable
    from tocsin.rhetoric.archive.store import default_file, open_archive

    with open_archive(archive_file or default_file()) as archive:
        found = archive.get(number)
        others = archive.alike(found)
    for name, value in as_row(found).items():
        if value is not None and name != "text":
            click.echo(f"{name}: {printable(str(value))}")
    if found.text:
        click.echo(f"\n{printable(found.text, lines=True)}")
    if others:
        click.echo("\nnearly the same:")
        for each in others:
            click.echo(f"  {each.id}  {each.date or 'no day'}  {printable(each.title)}")


@click.command()
@click.option("-o", "--output", type=_FILE, required=True, help="FILE.csv, .json, .jsonl, .parquet or .html.")
@_archive
@_filters
def export(output: Path, archive_file: Path | None, **asked: Any) -> None:
    """Write the statements of the archive to a file; all but HTML can be added again and give the same statements."""
    from tocsin.report.files import write_all
    from tocsin.rhetoric.archive.export import exported
    from tocsin.rhetoric.archive.store import default_file, open_archive

    with open_archive(archive_file or default_file()) as archive:
        found = list(archive.statements(_where(asked)))
    write_all({output: exported(found, output)})
    click.echo(f"{output}: {len(found):,} statements")


def commands() -> tuple[click.Command, ...]:
    """The commands of the archive."""
    return add, search, show, export
