"""What `tocsin` prints without a command: the purpose, the answers of the last run, the next commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.errors import InputError
from tocsin.translation import Translator, message, row

if TYPE_CHECKING:
    from tocsin.runs.about import About
    from tocsin.runs.store import StoredRun

THESIS = message(
    "Tocsin runs a strategic argument as a model. Facts come with sources, judgements with authors, and states meet in a game. Every claim "
    "of the argument gets a verdict: how probable it is, what that depends on, and what would change it. Tocsin takes no side."
)
FOUNDING = message(
    "The founding case asks why North Korea fears Japan's military build-up. A commentary of January 2026 answers: a capable Japan, free of "
    "its limits and allied with Washington, would wreck Kim's long-run aims."
)


def welcome(language: str) -> str:
    """Return what `tocsin` prints without a command."""
    run = _last_readable()
    if run is None:
        next_commands = (
            row(2, ("tocsin assess japan-buildup", 30), message("run the founding case and write its brief")),
            row(2, ("tocsin new my-case", 30), message("begin a case of your own")),
            row(2, ("tocsin --help", 30), message("list all commands")),
        )
        head = (THESIS, "", FOUNDING, "", message("No case has been run yet. Next:"))
        return _filled(Translator(language=language), [*head, *next_commands])
    return _filled(_translator(run, language), [THESIS, "", *_last_lines(run.about), "", *_next_commands(run)])


def _last_readable() -> StoredRun | None:
    """Return the newest run that is not damaged."""
    from tocsin.runs.store import stored_runs

    for run in stored_runs():
        try:
            _ = run.about
        except InputError:
            continue
        return run
    return None


def _translator(run: StoredRun, language: str) -> Translator:
    """Return the translator of a run's case if it is at hand."""
    from tocsin.cli.languages import translator_of
    from tocsin.export.stored import case_of_run

    return translator_of(case_of_run(run) if language != "en" else None, language)


def _last_lines(about: About) -> Iterator[str]:
    """Yield the last run: its case, and the case's questions with their answers."""
    yield row(0, message("The last run: {title} (as of {day})", title=about.title, day=about.as_of))
    yield row(2, about.summary)
    yield ""
    for asks, answer in about.questions:
        yield row(2, asks)
        yield row(4, answer)


def _next_commands(run: StoredRun) -> Iterator[str]:
    first = f"tocsin show {next(iter(run.about.verdicts), 'NAME')}"
    yield message("Next:")
    if Path(run.brief).exists():
        yield row(2, message("open {file}", file=run.brief))
    else:
        again = message("write the brief again: {file} does not exist", file=run.brief)
        yield row(2, ("tocsin assess CASE", 22), again)
    yield row(2, ("tocsin show", 22), message("list its claims and quantities"))
    yield row(2, (first, 22), message("show one of them, what it depends on and what would change it"))
    yield row(2, ("tocsin --help", 22), message("list all commands"))


def _filled(translator: Translator, lines: Iterable[str]) -> str:
    """Return lines in the language of the translator, those of prose broken to the width of a page."""
    from textwrap import fill

    filled = []
    for line in lines:
        text = translator.plain(line)
        indent = text[: len(text) - len(text.lstrip())]
        filled.append(fill(text, width=WIDTH, initial_indent="", subsequent_indent=indent))
    return "\n".join(filled)


WIDTH = 116
"""Characters of a line of prose."""
