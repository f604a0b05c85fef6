"""`tocsin challenge`: change what claims rest on, one thing at a time, and print what that does, the worst first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.guard import apart
from tocsin.cli.languages import language_option, translator_of
from tocsin.cli.output import emit, say, warn
from tocsin.cli.settings import settings_of
from tocsin.translation import message, message_in, row

if TYPE_CHECKING:
    from tocsin.assessment.challenging.result import Challenge
    from tocsin.assessment.challenging.run import Challenger
    from tocsin.runs.store import StoredRun
    from tocsin.translation import Translator

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("case", type=_FILE)
@click.argument("claims", metavar="[CLAIM]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="List the changes that do not matter, too.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Also write the result to this file as JSON; - prints only the JSON.",
)
@click.option(
    "--brief",
    type=_FILE,
    help="Also write the brief of the last run of CASE to this file, with a page on the challenge.",
)
@click.option("--seed", default=1, show_default=True, help="Random seed; the same seed gives the same result.")
@click.option("--set", "settings", multiple=True, metavar="INPUT=VALUE", help="Override an input first. Repeatable.")
@language_option
@click.option("--quiet", is_flag=True, help="Print no progress.")
def challenge(case: Path, claims: tuple[str, ...], *, settings: tuple[str, ...], seed: int, **shown: Any) -> None:
    """Challenge CASE: what if it is wrong about something?

    The command leaves out each source that a claim reads, puts each judged input at the low and the high end of its range, takes other
    stored estimates and discount factors, lets each rival argument set its inputs, and leaves out each control. It prints what changes the
    verdict, then what moves the probability, the worst first; then what could not be tested, and why.

    Without CLAIM, all claims are challenged. A claim of facts takes no time, one of games one to three minutes on two cores. Ctrl-C prints
    what is done, and stores nothing. If a run of the case with the same settings is stored, the result is stored beside the newest, and
    `tocsin show CLAIM` prints the worst of it.

    \b
    tocsin challenge japan-buildup C12
    tocsin challenge japan-buildup C02 C17 --all
    tocsin challenge my-case --json challenge.json --brief brief.html
    """
    _run(case, claims, settings_of(settings), seed, Options(**shown))


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a challenge prints and writes; see the options of the command."""

    everything: bool
    json_file: Path | None
    brief: Path | None
    language: str
    quiet: bool


def _run(source: Path, claims: tuple[str, ...], settings: Mapping[str, str], seed: int, options: Options) -> None:
    from tocsin.assessment.challenging.run import challenger
    from tocsin.case import load
    from tocsin.cli.challenged import check_brief, need_run
    from tocsin.cli.running import STDOUT, check_targets
    from tocsin.runs.challenges import run_of

    check_brief(options.brief)
    loaded = load(source)
    translator = translator_of(loaded, options.language)
    check_targets(loaded, [file for file in (options.json_file, options.brief) if file not in (None, STDOUT)])
    job = challenger(loaded, claims, seed=seed, settings=settings)
    run = run_of(loaded, settings) if options.brief is None else need_run(loaded, settings, source)
    try:
        result = _challenged(job, translator, hidden=options.quiet or options.json_file == STDOUT)
    except KeyboardInterrupt:
        _interrupted(job, run, translator, options)
        raise
    _put(job, result, run, translator, options)


def _put(job: Challenger, result: Challenge, run: StoredRun | None, translator: Translator, options: Options) -> None:
    """Store a challenge beside its run, write its files, and print it."""
    import json

    from tocsin.assessment.challenging.words import challenge_text
    from tocsin.cli.challenged import brief_with, keep, where_stored
    from tocsin.cli.running import STDOUT
    from tocsin.files import write_all
    from tocsin.runs.challenges import compared, with_earlier

    result = result if run is None else compared(run, result)
    text = json.dumps(result.to_dict(), indent=1, ensure_ascii=False) + "\n"
    whole = result if run is None else with_earlier(run, result, job.case)
    stored = run is not None and keep(run, whole)
    files = {} if options.json_file in (None, STDOUT) else {options.json_file: text}
    if options.brief is not None and run is not None:
        files[options.brief] = brief_with(run, job.case, whole, options.language)
    write_all(files)
    if options.json_file == STDOUT:
        emit(text)
        return
    say(translator.plain(challenge_text(result, everything=options.everything)))
    if options.brief is not None and run is not None:
        say(translator.plain(row(0, message("brief: {file}", file=str(options.brief)))))
    if run is not None and stored:
        say(translator.plain(row(0, where_stored(run, result))))


def _interrupted(job: Challenger, run: StoredRun | None, translator: Translator, options: Options) -> None:
    """Print what is done, and that it is not stored; if nothing is done, say so and write no file."""
    from tocsin.runs.challenges import compared

    result = job.so_far() if run is None else compared(run, job.so_far())
    if any(claim.rows or claim.untestable for claim in result.claims):
        _put(job, result, None, translator, options)
    else:
        warn(message("interrupted before any change was made, so there is no result"))


def _challenged(job: Challenger, translator: Translator, *, hidden: bool) -> Challenge:
    """Challenge with a bar and the time left for each stage; none where there is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = Console(stderr=True, quiet=hidden)
    columns = (
        TextColumn("{task.description:<24}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn(translator.plain(message_in("time", "left:"))),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=hidden or not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(translator.plain(stage), total=1.0)
            bars.update(tasks[stage], completed=done)

        return apart(lambda: job.run(show))
