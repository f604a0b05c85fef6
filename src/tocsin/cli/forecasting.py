"""`tocsin forecast` and `tocsin score`: forecasts of dated events, and how they turned out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.output import say
from tocsin.errors import InputError
from tocsin.translation import message

if TYPE_CHECKING:
    from collections.abc import Sequence

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("case", type=_FILE)
@click.option("-o", "--output", type=_FILE, help="Write the forecast to this new file [default: <case id>-<day>.json].")
@click.option(
    "--assessment", type=_FILE, help="The case's assessment (`tocsin assess --json`), where a question asks it."
)
def forecast(case: Path, output: Path | None, assessment: Path | None) -> None:
    """Write what CASE expects of dated events. CASE is a folder, its case.yaml, or the name of a shipped case.

    The questions are those of the block `forecasts` of the case. Nothing after the opening day of a question is used. The file carries
    a seal, by which `tocsin score` finds a later change. The seal does not prove who made the file, or when: publish it on the day.

    \b
    tocsin forecast japan-buildup --assessment out.json
    tocsin forecast my-case -o forecasts/2026-01-07.json
    """
    from datetime import date

    from tocsin.case import load
    from tocsin.cli.showing import read_assessment
    from tocsin.files import check_outputs, write_all
    from tocsin.forecasts.making import make_forecasts
    from tocsin.forecasts.words import forecast_text

    loaded, today = load(case), date.today()
    file = output or Path(f"{loaded.id}-{today}.json")
    check_outputs([file], [assessment] if assessment else [])
    if file.is_file():
        raise InputError(
            message("a forecast is never overwritten"), file=str(file), remedy=message("name another file with -o")
        )
    read = None if assessment is None else read_assessment(assessment)
    record = make_forecasts(loaded, today, assessment=read)
    write_all({file: record.sealed()})
    say(f"{forecast_text(record)}\n{file}: sealed {record.seal}")


@click.command()
@click.argument("file", type=_FILE, required=False)
@click.option(
    "--events",
    "files",
    type=_FILE,
    multiple=True,
    help="Answers given by hand (question,happened,date,source,note), or a later copy of a table of the case. Repeatable.",
)
@click.option(
    "--past",
    "registers",
    multiple=True,
    metavar="REGISTER",
    help="Instead of a FILE: score the rate on a register's past. Repeatable.",
)
def score(file: Path | None, files: tuple[Path, ...], registers: tuple[str, ...]) -> None:
    """Resolve and score a forecast FILE that `tocsin forecast` wrote.

    A question that is due is resolved from its register in the cache, from a later copy of its table, or from answers given by hand.
    What the register does not reach is not known; it does not count as no.

    With --past, questions of 30 days are put on the first of every month from 1996 to 2025 and answered from the days before it.

    \b
    tocsin score japan-buildup-2026-01-07.json --events answers.csv
    tocsin score --past provocations --past missile_tests
    """
    if (file is None) == (not registers):
        raise InputError(
            message("give either a forecast FILE or --past"),
            remedy=message("see `tocsin score --help`"),
        )
    if file is None:
        if files:
            raise InputError(
                message("--events answers the questions of a FILE"), remedy=message("leave it out with --past")
            )
        _score_past(registers)
    else:
        _score_file(file, files)


def _score_file(file: Path, files: tuple[Path, ...]) -> None:
    from datetime import date

    from tocsin.forecasts.events import read_event_table, read_register
    from tocsin.forecasts.record import read_forecast
    from tocsin.forecasts.resolving import resolve_all, split_files
    from tocsin.forecasts.words import score_text

    record, today = read_forecast(file), date.today()
    answers, tables = split_files(files, record.questions, today)
    resolutions = resolve_all(
        record.questions,
        answers,
        registers=read_register,
        tables=lambda name, where: read_event_table(tables[name], name, where),
        given=tables,
        today=today,
    )
    say(score_text(record, resolutions))


def _score_past(registers: Sequence[str]) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from tocsin.forecasts.events import read_register
    from tocsin.forecasts.replay import months, replay
    from tocsin.forecasts.words import LEGEND, replay_text

    lists = {name: read_register(name, {}) for name in registers}
    with Progress(console=Console(stderr=True)) as bar:
        tasks = {name: bar.add_task(name, total=len(months(events))) for name, events in lists.items()}
        texts = [replay_text(replay(events, partial(bar.advance, tasks[name]))) for name, events in lists.items()]
    say("\n\n".join([*texts, LEGEND]))
