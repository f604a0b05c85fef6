"""The commands of `tocsin data`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.output import emit, say, warn
from tocsin.errors import SolveError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from tocsin.data.registry import Source


@click.group()
def data() -> None:
    """List, download, check and cite public data sets.

    Tocsin ships no data set, and only `get` downloads one. Files go to your cache folder, or to the folder in the environment
    variable TOCSIN_DATA. Without a network, download a file elsewhere and `import` it.

    \b
    tocsin data list
    tocsin data get nmc states atop_dyads
    tocsin data import nmc ~/Downloads/cow_nmc.rda
    """


@data.command("list")
def list_() -> None:
    """List the data sets: name, years covered, whether cached, content."""
    from tocsin.data.cache import cache_path
    from tocsin.data.registry import sources
    from tocsin.tables import text_table

    rows = [
        (
            source.name,
            f"{source.years[0]}-{source.years[1]}",
            "cached" if cache_path(source).is_file() else "-",
            source.what,
        )
        for source in sources().values()
    ]
    say(text_table(("", "", "", ""), rows))


@data.command()
@click.argument("name")
def show(name: str) -> None:
    """Show the record of the data set NAME: content, citation, terms, years, address, checksum, path."""
    from tocsin.data.cache import cache_path, pin, status
    from tocsin.data.registry import source
    from tocsin.tables import text_table

    record = source(name)
    known = pin(record)
    cached = {
        "absent": "not in the cache",
        "intact": str(cache_path(record)),
        "broken": f"{cache_path(record)} is broken; run `tocsin data get {name}`",
    }
    rows = {
        "name": name,
        "content": record.what,
        "cite": record.cite,
        "terms": record.licence,
        "years": f"{record.years[0]} to {record.years[1]}; outside them there is no data, which does not mean zero",
        "publisher": record.official,
        "download": record.address or "download it yourself, then run `tocsin data import`",
        "sha256": known.sha256 + (f", recorded {known.since}" if known.since else "")
        if known
        else "recorded at download",
        "bytes": f"{known.bytes:,}" if known else "recorded at download",
        "cache": cached[status(record)],
    }
    say(text_table(("", ""), [(f"{label}:", text) for label, text in rows.items()]))


@data.command()
@click.argument("names", nargs=-1, required=True)
@click.option(
    "--offline", is_flag=True, help="Download nothing; report what is missing. TOCSIN_OFFLINE=1 does the same."
)
def get(names: Sequence[str], offline: bool) -> None:
    """Download the data sets NAMES, or `all`, into the cache.

    Intact files are not downloaded again. An interrupted download resumes. Every file is checked against its pinned checksum.
    Data sets that their publisher updates have none: the checksum of each download is recorded, and the command says if it differs
    from the one before. `all` leaves out the data sets that you must download yourself.

    \b
    tocsin data get nmc un_votes un_roll_calls
    tocsin data get all
    """
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    from tocsin.data.fetch import download
    from tocsin.data.registry import source, sources

    downloadable = [item for item in sources().values() if item.address]
    wanted = downloadable if "all" in names else [source(name) for name in dict.fromkeys(names)]
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    failed = False
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        for item in wanted:
            bar = bars.add_task(item.name, total=item.bytes)
            try:
                _stored(item, partial(download, offline=offline, progress=partial(_update, bars, bar)))
            except SolveError as error:
                warn(error.text())  # continue: the others may still succeed
                failed = True
            bars.remove_task(bar)
    if failed:
        sys.exit(SolveError.exit_code)


def _stored(record: Source, store: Callable[[Source], Path]) -> None:
    """Store the file of a data set, print its path, and say if it differs from the file recorded before."""
    from tocsin.data.cache import difference, pin

    before = pin(record)
    say(str(store(record)))
    if changed := difference(before, pin(record)):
        say(f"{record.name}: {changed}", err=True)


def _update(bars: Progress, bar: TaskID, have: int, expected: int) -> None:
    bars.update(bar, completed=have, total=expected or None)


@data.command()
def verify() -> None:
    """Check the files in the cache against their checksums.

    Exit status: 0 all are intact, 1 a file is broken."""
    from tocsin.data.cache import cache_folder, statuses
    from tocsin.data.registry import sources

    by_name = statuses(sources().values())
    broken = [name for name, status in by_name.items() if status == "broken"]
    intact = sum(status == "intact" for status in by_name.values())
    for name in broken:
        say(f"{name}: broken; run `tocsin data get {name}`")
    say(f"{cache_folder()}: {intact} intact, {len(broken)} broken, {len(by_name) - intact - len(broken)} absent")
    if broken:
        sys.exit(1)


@data.command("import")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
def import_(name: str, file: Path) -> None:
    """Copy FILE, which you downloaded, into the cache.

    FILE must be the file of the data set NAME; its checksum or content is checked. It may have the size in the registry, or 200 MiB
    where the registry states none. If the publisher has updated it since the last time, the command says so."""
    from tocsin.data.fetch import import_file
    from tocsin.data.registry import source

    _stored(source(name), partial(import_file, file=file))


@data.command()
@click.argument("name")
@click.option("--to", "format_", type=click.Choice(["text", "bibtex", "csl"]), default="text", show_default=True)
def cite(name: str, format_: str) -> None:
    """Print the works to cite for NAME, a data set or a case.

    Name a case by its folder, its case.yaml, or the name of a shipped case. BibTeX and CSL-JSON are for reference managers. For a case
    they also have the case itself, and its last run if that is stored and the case has not changed since.

    \b
    tocsin data cite nmc
    tocsin data cite japan-buildup --to bibtex > japan-buildup.bib"""
    from tocsin.cli.citing import cited, plain
    from tocsin.export.references import to_bibtex, to_csl

    if format_ == "text":
        say(plain(name))
    else:
        emit((to_bibtex if format_ == "bibtex" else to_csl)(cited(name)))
