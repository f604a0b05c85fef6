"""Running a case from the command line: progress, files, summary."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.last import remember
from tocsin.errors import InputError

if TYPE_CHECKING:
    from rich.progress import TaskID

    from tocsin.assess.result import Assessment
    from tocsin.case.schema import Case

STDOUT = Path("-")


def run_case(
    case: Path,
    json_file: Path | None,
    brief: Path | None,
    *,
    seed: int,
    draws: int,
    settings: Mapping[str, str],
    quiet: bool,
) -> None:
    """Load, assess, write; nothing is written unless all of it can be.

    Args:
        case: folder or file of the case.
        json_file: where the assessment goes as JSON; `-` for standard output, and then nothing else is printed there.
        brief: where the brief goes; `<case id>.html` in the working folder if not given.
        seed, draws, settings: as in `tocsin.assess`.
        quiet: print nothing but errors.

    Raises:
        InputError: bad input, or a file that cannot be written.
        SolveError: a game has no finite solution.
    """
    from tocsin.case import load

    loaded = load(case)
    target = brief or Path(f"{loaded.id}.html")
    data_file = None if json_file == STDOUT else json_file
    check_targets(loaded, [file for file in (target, data_file) if file is not None])
    assessment = _assess(loaded, seed, draws, settings, quiet)
    from tocsin.assess import to_json
    from tocsin.files import write_all
    from tocsin.report.brief import render

    data = to_json(assessment)
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    files = {target: render(assessment)}
    write_all({data_file: text, **files} if data_file is not None else files)
    remember(data, summary=loaded.summary, questions=_questions(assessment), brief=target)
    if json_file == STDOUT:
        click.echo(text, nl=False)
    elif not quiet:
        click.echo(_summary(assessment, target, data_file))


# --- files ---------------------------------------------------------------------------------------------------------


def check_targets(case: Case, files: list[Path]) -> None:
    """Refuse files that cannot be written, before a long run ends in an error. Nothing is made.

    Raises:
        InputError: if two are one, one is a folder or a file of the case, or its folder cannot be written.
    """
    known = {(case.folder / name).resolve() for name in ("case.yaml", *(name for name, _ in case.data_hashes))}
    places = [file.resolve() for file in files]
    if len(set(places)) < len(places):
        raise InputError("--json and --brief name one file", file=str(files[0]), remedy="name two")
    for file, place in zip(files, places, strict=True):
        if place.is_dir():
            raise InputError("this is a folder", file=str(file), remedy="name a file in it")
        if place in known:
            raise InputError("this is a file of the case", file=str(file), remedy="name another file")
        above = next(folder for folder in place.parents if folder.exists())
        if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
            raise InputError(f"cannot write in {above}", file=str(file), remedy="name another folder")


# --- running -------------------------------------------------------------------------------------------------------


def _assess(case: Case, seed: int, draws: int, settings: Mapping[str, str], quiet: bool) -> Assessment:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from tocsin.assess import assess

    console = Console(stderr=True, quiet=quiet)
    columns = (
        TextColumn("{task.description:<16}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=1.0)
            bars.update(tasks[stage], completed=done)

        return assess(case, seed=seed, draws=draws, settings=settings, progress=tell)


def _questions(assessment: Assessment) -> list[tuple[str, str]]:
    from tocsin.report.brief import questions

    return [(question["asks"], question["short"]) for question in questions(assessment)]


def _summary(assessment: Assessment, brief: Path, json_file: Path | None) -> str:
    lines = [assessment.case.title, ""]
    lines += [
        f"  {claim.id:<5} {claim.verdict:<12} {_how(claim.verdict, claim.words):<32} {_short(claim.says)}"
        for claim in assessment.claims
    ]
    run = assessment.run
    lines += ["", f"{run.draws} draws ({run.effective_draws:.0f} effective), seed {run.seed}, {run.seconds:.0f} s"]
    if run.settings:
        lines.append("set:   " + ", ".join(f"{name}={value}" for name, value in run.settings))
    if json_file is not None:
        lines.append(f"data:  {json_file}")
    lines.append(f"brief: {brief}")
    return "\n".join(lines)


def _how(verdict: str, words: str) -> str:
    return "" if words == verdict else words


def _short(text: str) -> str:
    return text if len(text) <= 70 else text[:67].rsplit(" ", 1)[0] + " ..."
