"""Running a case from the command line: progress, files, summary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.last import remember
from tocsin.errors import InputError

if TYPE_CHECKING:
    from tocsin.assess.result import Assessment


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
    """Load, assess, write; nothing is written unless all of it can be."""
    from tocsin.case import load

    loaded = load(case)
    target = brief or Path(f"{loaded.id}.html")
    for file in (target, json_file):
        if file is not None:
            _check(file)
    assessment = _assess(loaded, seed, draws, settings, quiet)
    from tocsin.assess import to_json
    from tocsin.report.brief import render, write_whole

    page, data = render(assessment), to_json(assessment)
    if json_file is not None:
        write_whole(json_file, json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    write_whole(target, page)
    remember(data, _questions(assessment), target)
    if not quiet:
        click.echo(_summary(assessment, target, json_file))


def _check(file: Path) -> None:
    """Make the folder of a file that will be written, so that a long run does not end in an error."""
    if file.is_dir():
        raise InputError(f"{file} is a folder", remedy="name a file in it")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make {file.parent}: {error.strerror}", remedy="name another folder") from error


def _assess(case: object, seed: int, draws: int, settings: Mapping[str, str], quiet: bool) -> Assessment:
    from typing import cast

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from tocsin.assess import assess
    from tocsin.case import Case

    console = Console(stderr=True, quiet=quiet)
    columns = (
        TextColumn("{task.description:<16}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bars:
        tasks: dict[str, object] = {}

        def tell(stage: str, done: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=1.0)
            bars.update(tasks[stage], completed=done)  # type: ignore[arg-type]

        return assess(cast(Case, case), seed=seed, draws=draws, settings=settings, progress=tell)


def _questions(assessment: Assessment) -> list[tuple[str, str]]:
    from tocsin.report.brief import questions

    return [(question["asks"], question["short"]) for question in questions(assessment)]


def _summary(assessment: Assessment, brief: Path, json_file: Path | None) -> str:
    lines = [assessment.case.title, ""]
    lines += [
        f"  {claim.id:<5} {claim.verdict:<12} {claim.words:<36} {_short(claim.says)}" for claim in assessment.claims
    ]
    run = assessment.run
    lines += ["", f"{run.draws} draws ({run.effective_draws:.0f} effective), seed {run.seed}, {run.seconds:.0f} s"]
    if json_file is not None:
        lines.append(f"data:  {json_file}")
    lines.append(f"brief: {brief}")
    return "\n".join(lines)


def _short(text: str) -> str:
    return text if len(text) <= 70 else text[:67].rsplit(" ", 1)[0] + " ..."
