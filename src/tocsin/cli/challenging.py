"""`tocsin challenge`: change what claims rest on, one thing at a time, and print what that does, the worst first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.guard import apart
from tocsin.cli.languages import language_option, translator_of
from tocsin.cli.output import emit, say
from tocsin.cli.settings import settings_of

if TYPE_CHECKING:
    from tocsin.assessment.challenging.result import Challenge
    from tocsin.assessment.challenging.run import Challenger
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
@click.option("--seed", default=1, show_default=True, help="Random seed; the same seed gives the same result.")
@click.option("--set", "settings", multiple=True, metavar="INPUT=VALUE", help="Override an input first. Repeatable.")
@language_option
@click.option("--quiet", is_flag=True, help="Print no progress.")
def challenge(
    case: Path,
    claims: tuple[str, ...],
    *,
    everything: bool,
    json_file: Path | None,
    seed: int,
    settings: tuple[str, ...],
    language: str,
    quiet: bool,
) -> None:
    """Challenge CASE: what if it is wrong about something?

    The command leaves out each source that a claim reads, puts each judged input at the low and the high end of its range, takes other
    stored estimates and discount factors, lets each rival argument set its inputs, and leaves out each control. It prints what changes the
    verdict, then what moves the probability, the worst first; then what could not be tested, and why.

    Without CLAIM, all claims are challenged. A claim of facts takes no time, one of games up to a minute on two cores. Ctrl-C prints
    what is done.

    \b
    tocsin challenge japan-buildup C12
    tocsin challenge japan-buildup C02 C17 --all
    tocsin challenge my-case --json challenge.json
    """
    from tocsin.assessment.challenging.run import challenger
    from tocsin.case import load
    from tocsin.cli.running import STDOUT, check_targets

    loaded = load(case)
    translator = translator_of(loaded, language)
    if json_file is not None and json_file != STDOUT:
        check_targets(loaded, [json_file])
    asked = challenger(loaded, claims, seed=seed, settings=_settings(settings))
    hidden = quiet or json_file == STDOUT

    def put(result: Challenge) -> None:
        _put(result, translator, json_file, everything=everything)

    try:
        put(_challenged(asked, translator, hidden=hidden))
    except KeyboardInterrupt:
        put(asked.so_far())
        raise


def _settings(pairs: tuple[str, ...]) -> Mapping[str, str] | None:
    return settings_of(pairs) if pairs else None


def _put(result: Challenge, translator: Translator, json_file: Path | None, *, everything: bool) -> None:
    """Print a challenge, or write it as JSON."""
    import json

    from tocsin.assessment.challenging.words import challenge_text
    from tocsin.cli.running import STDOUT
    from tocsin.files import write_all

    text = json.dumps(result.to_dict(), indent=1, ensure_ascii=False) + "\n"
    if json_file == STDOUT:
        emit(text)
        return
    if json_file is not None:
        write_all({json_file: text})
    say(translator.plain(challenge_text(result, everything=everything)))


def _challenged(asked: Challenger, translator: Translator, *, hidden: bool) -> Challenge:
    """Challenge with a bar and the time left for each stage; none where there is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = Console(stderr=True, quiet=hidden)
    columns = (
        TextColumn("{task.description:<24}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=hidden or not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(translator.plain(stage), total=1.0)
            bars.update(tasks[stage], completed=done)

        return apart(lambda: asked.run(show))
