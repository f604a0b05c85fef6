"""Data sets from the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.errors import SolveError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@click.group()
def data() -> None:
    """Public data sets: what there is, downloads into your cache, checks, citations.

    Nothing of them comes with the program, and nothing is downloaded unless you say `get`. Files lie in your cache folder,
    or in TOCSIN_DATA. Without a network: download elsewhere and `import`.

    \b
    tocsin data list
    tocsin data get nmc states atop_dyads
    tocsin data import nmc ~/Downloads/cow_nmc.rda
    """


@data.command("list")
def list_() -> None:
    """List every data set: name, years covered, whether it is in the cache, what it holds."""
    from tocsin.data.cache import place
    from tocsin.data.registry import sources

    wide = max(map(len, sources()))
    for source in sources().values():
        mark = "cached" if place(source).is_file() else "-"
        click.echo(f"{source.name:{wide}}  {source.years[0]}-{source.years[1]}  {mark:6}  {source.what}")


@data.command()
@click.argument("name")
def show(name: str) -> None:
    """Show all that is known of NAME: what, whom to cite, terms, years, address, checksum, where it is."""
    from tocsin.data.cache import pin, place, state
    from tocsin.data.registry import source

    found = source(name)
    known = pin(found)
    there = {
        "absent": "not in the cache",
        "whole": str(place(found)),
        "broken": f"{place(found)}, but broken: get it again",
    }
    rows = {
        "what": found.what,
        "cite": found.cite,
        "terms": found.licence,
        "years": f"{found.years[0]} to {found.years[1]}; outside them nothing is known, which is not nothing",
        "maker": found.official,
        "from": found.address or "download it yourself, then `tocsin data import`",
        "sha256": known.sha256 + (f", recorded {known.since}" if known.since else "") if known else "recorded at first",
        "bytes": f"{known.bytes:,}" if known else "recorded at first",
        "cache": there[state(found)],
    }
    click.echo("\n".join(f"{label + ':':8}{text}" for label, text in {"name": name, **rows}.items()))


@data.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--offline", is_flag=True, help="Download nothing; say what is missing. TOCSIN_OFFLINE=1 does the same.")
def get(names: Sequence[str], offline: bool) -> None:
    """Download NAMES into the cache, or `all`; what is there and whole stays.

    A download that broke off goes on where it was. Every file is checked against its pinned checksum, or, where its maker
    goes on working at it, read once and held to what it was. `all` leaves out what you must download yourself.

    \b
    tocsin data get nmc un_votes un_roll_calls
    tocsin data get all
    """
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    from tocsin.data.fetch import get as fetch
    from tocsin.data.registry import source, sources

    everything = [each for each in sources().values() if each.address]
    wanted = everything if "all" in names else [source(name) for name in dict.fromkeys(names)]
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    failed: list[SolveError] = []
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        for each in wanted:
            bar = bars.add_task(each.name, total=each.bytes)
            try:
                click.echo(str(fetch(each, offline=offline, progress=partial(_move, bars, bar))))
            except SolveError as error:
                failed.append(error)  # the others can be had all the same
            bars.remove_task(bar)
    if failed:
        raise SolveError("\n".join(str(error) for error in failed))


def _move(bars: Progress, bar: TaskID, have: int, whole: int) -> None:
    bars.update(bar, completed=have, total=whole or None)


@data.command()
def verify() -> None:
    """Check every file of the cache against its checksum; exit status 1 if one is broken."""
    from tocsin.data.cache import folder
    from tocsin.data.cache import states as states_of
    from tocsin.data.registry import sources

    states = states_of(sources().values())
    broken = [name for name, found in states.items() if found == "broken"]
    whole = sum(found == "whole" for found in states.values())
    for name in broken:
        click.echo(f"{name}: broken; run `tocsin data get {name}`")
    click.echo(f"{folder()}: {whole} whole, {len(broken)} broken, {len(states) - whole - len(broken)} not there")
    if broken:
        sys.exit(1)


@data.command("import")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
def import_(name: str, file: Path) -> None:
    """Put FILE, downloaded by hand, into the cache as NAME, if it is the right file."""
    from tocsin.data.fetch import bring_in
    from tocsin.data.registry import source

    click.echo(str(bring_in(source(name), file)))


@data.command()
@click.argument("name")
def cite(name: str) -> None:
    """Whom to cite for NAME, a data set or a case (its folder or case.yaml)."""
    from tocsin.data.registry import source, sources

    if name not in sources() and Path(name).exists():
        from tocsin.case import load
        from tocsin.case.origin import origins, rests_on

        case = load(Path(name))
        for key, each in case.sources.items():
            click.echo(f"{key}: {each.cite}")
        for set_ in dict.fromkeys(need for _, text in origins(case) for need in rests_on(text)):
            click.echo(f"{set_}: {source(set_).cite}. {source(set_).what}")
    else:
        found = source(name)
        click.echo(f"{found.cite}. {found.what}. {found.official} (terms: {found.licence})")
