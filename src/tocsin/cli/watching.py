"""`tocsin watch`: ring when state media say more than one expects."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.bars import Bars
from tocsin.cli.guard import apart
from tocsin.cli.output import say
from tocsin.errors import InputError
from tocsin.translation import message

if TYPE_CHECKING:
    from tocsin.rhetoric.watch.bell import Report
    from tocsin.rhetoric.watch.replay import Replay

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("sources", nargs=-1, metavar="[FEEDS|FOLDER|FILES]...")
@click.option("--fetch", is_flag=True, help="Allow to fetch the addresses among FEEDS. Nothing else uses the network.")
@click.option(
    "--archive",
    "archive_file",
    type=_FILE,
    help="File of the archive [default: TOCSIN_ARCHIVE, or archive.db in your data folder].",
)
@click.option("--outlet", help="Outlet of statements that name none.")
@click.option(
    "--target",
    "targets",
    multiple=True,
    help="ISO code or name of a state to watch words about. Repeatable. [default: all with stored counts]",
)
@click.option(
    "--events",
    type=_FILE,
    help="Table of dated events with columns date, actor, category [default: those of the shipped case japan-buildup].",
)
@click.option(
    "--rate",
    type=click.FloatRange(0.0001, 0.2),
    default=0.02,
    show_default=True,
    help="Share of uneventful weeks in which it may ring, over all targets and rungs together.",
)
@click.option("--json-lines", is_flag=True, help="Print each alarm as one line of JSON.")
@click.option("--replay", metavar="FIRST:LAST", help="Judge the weeks of past years instead, from the stored counts.")
@click.option("--seed", default=1, show_default=True, help="Seed of the chains and samples.")
def watch(sources: tuple[str, ...], replay: str | None, **options: Any) -> None:
    """Ring when state media say more about a state than calendar, events and the weeks before lead one to expect.

    FEEDS are addresses of feeds (with --fetch), or files and folders of saved pages, feeds or tables, as for `tocsin rhetoric add`. The
    command adds what is new to the archive, codes it, and judges the weeks of the last two months that are over and covered. An alarm
    is one sentence on standard output. Each alarm is printed once. Without an alarm nothing is printed there, so it suits cron.

    Only the English service of the Korean Central News Agency is counted. The first run of a year fits the account, about a minute for
    each target; later runs read it from the cache.

    Exit status: 0 everything was read, with or without an alarm; 1 something could not be read (it is listed on standard error), or a
    computation failed; 2 nothing could be read, or bad input.

    \b
    tocsin watch pages/
    tocsin watch https://example.org/feed.xml --fetch --json-lines
    tocsin watch --replay 2011:2014
    """
    if replay is None:
        sys.exit(_watch(sources, options))
    if sources:
        raise InputError(
            message("--replay with FEEDS"), remedy=message("leave out one of them: a replay reads the stored counts")
        )
    _replay(replay, options)


def _watch(sources: tuple[str, ...], options: Mapping[str, Any]) -> int:
    from tocsin.rhetoric.archive import Defaults
    from tocsin.rhetoric.archive.database import default_file
    from tocsin.rhetoric.watch.bell import Settings, pyongyang_today
    from tocsin.rhetoric.watch.bell import watch as run
    from tocsin.rhetoric.watch.events import watch_events

    if not sources:
        raise InputError(
            message("nothing to watch"),
            remedy=message("name feeds, files or folders: `tocsin watch pages/`"),
        )
    settings = Settings(
        archive=options["archive_file"] or default_file(),
        sources=sources,
        events=watch_events(options["targets"], options["events"]),
        rate=options["rate"],
        defaults=Defaults(outlet=options["outlet"]).resolved(),
        today=pyongyang_today(),
        fetch=options["fetch"],
        seed=options["seed"],
    )

    def ring(alarm: Mapping[str, Any]) -> None:
        say(json.dumps(alarm) if options["json_lines"] else f"alarm: {alarm['reason']}")

    report = apart(lambda: run(settings, ring))
    _print_notes(report)
    return report.exit_code


def _print_notes(report: Report) -> None:
    for note in report.notes:
        say(f"note: {note}", err=True)
    for remark in report.summary.lost:
        row = "" if remark.row is None else f":{remark.row}"
        say(f"not added: {remark.file}{row}: {remark.why}", err=True)


def _replay(text: str, options: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from tocsin.data.readers import read
    from tocsin.measures.request import parse_years
    from tocsin.rhetoric.series import stored_counts
    from tocsin.rhetoric.watch.events import watch_events
    from tocsin.rhetoric.watch.replay import acts_of, replay
    from tocsin.rhetoric.watch.tables import replay_text

    try:
        years = parse_years(text)
    except InputError as error:
        remedy = message("write FIRST:LAST, such as 2011:2014, or a year")  # years that the stored counts have
        raise InputError(error.message, remedy=remedy) from error
    acts = acts_of(read("missile_tests"), read("provocations"))
    events = watch_events(options["targets"], options["events"])
    counts = {target: stored_counts(target) for target in events}
    with Progress(console=Console(stderr=True)) as bar:
        bars, rate, seed = Bars(bar, "weeks about {}"), options["rate"], options["seed"]
        result: Replay = apart(lambda: replay(counts, events, acts, years, rate=rate, seed=seed, progress=bars))
    if options["json_lines"]:
        for alarm in result.alarms:
            say(json.dumps({**alarm.to_dict(), "reason": alarm.reason}))
    else:
        say(replay_text(result))
