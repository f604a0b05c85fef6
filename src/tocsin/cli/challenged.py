"""Challenges beside runs for commands: where they go, the brief with them, and what `tocsin show` prints of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.cli.output import warn
from tocsin.errors import InputError
from tocsin.translation import Text, message, row

if TYPE_CHECKING:
    from tocsin.assessment.challenging.result import Challenge
    from tocsin.case.schema import Case
    from tocsin.runs.store import StoredRun

SHOWN = 3
"""Changes of a claim that `tocsin show` prints."""


def keep(run: StoredRun, whole: Challenge) -> bool:
    """Store a challenge beside a run; if the store cannot be written, say so, and return that it is not stored."""
    from tocsin.assessment.challenging.stored import PART, to_json
    from tocsin.runs.store import add_part

    try:
        add_part(run, PART, to_json(whole))
    except InputError as error:
        warn(message("the challenge is not stored for `tocsin show`: {problem}", problem=error.text()))
        return False
    return True


def where_stored(run: StoredRun, challenge: Challenge) -> Text:
    """Return beside which run a challenge is stored, and how to see it again."""
    command = f"tocsin show {challenge.claims[0].id} --run {run.name}"
    return message("stored beside the run {run}: `{command}`", run=run.name, command=command)


def check_brief(file: Path | None) -> None:
    """Check that a brief gets no name of another format.

    Raises:
        InputError: if its name ends in another way than that of a page.
    """
    if file is not None and file.suffix.lower() not in ("", ".html", ".htm"):
        raise InputError(
            message("the brief is written as HTML only"),
            file=str(file),
            remedy=message("name it {name}", name=f"{file.stem}.html"),
        )


def brief_with(run: StoredRun, case: Case, challenge: Challenge, language: str) -> str:
    """Return the brief of a run with the page on its challenge.

    Raises:
        InputError: if the run is damaged.
    """
    from tocsin.assessment.stored import from_json
    from tocsin.report.brief import render
    from tocsin.runs.store import ASSESSMENT, SKETCH

    data = run.part(ASSESSMENT)
    if data is None:
        raise InputError(
            message("the stored run {name} is damaged", name=run.name), remedy=message("run `tocsin assess` again")
        )
    assessment = replace(from_json(data, case), sketch=run.part(SKETCH))
    return render(assessment, language=language, challenge=challenge)


def need_run(case: Case, settings: Mapping[str, str], source: Path) -> StoredRun:
    """Return the run whose brief gets the page.

    Raises:
        InputError: if none is stored.
    """
    from tocsin.runs.challenges import run_of

    run = run_of(case, settings)
    if run is None:
        options = "".join(f" --set {name}={value}" for name, value in settings.items())
        raise InputError(
            message("no run of this case with these settings is stored, so there is no brief"),
            remedy=message("run {command} first, or leave out --brief", command=f"`tocsin assess {source}{options}`"),
        )
    return run


def worst_lines(run: StoredRun, name: str) -> Iterator[str]:
    """Yield what changes a claim most, if it was challenged."""
    from tocsin.assessment.challenging.words import cannot_without, differs_from_run, effect, split
    from tocsin.runs.challenges import challenge_of

    result = challenge_of(run)
    claims = result.claims if result is not None else ()
    claim = next((item for item in claims if item.id.lower() == name.strip().lower()), None)
    if claim is None or not claim.rows:
        return
    turned, sunk, moved = split(claim)
    if claim.in_run:
        yield row(2, differs_from_run(claim))
    yield row(2, message("challenged, the worst first:"))
    yield from (row(4, effect(item)) for item in [*turned, *moved][:SHOWN])
    if sunk:
        yield row(4, cannot_without(sunk))
    if not claim.mattered:
        yield row(4, message("Nothing that was tried changes it."))
