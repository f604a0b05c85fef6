"""Challenges stored beside runs: where they go, and what `tocsin show` prints of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.errors import InputError
from tocsin.translation import message, row

if TYPE_CHECKING:
    from tocsin.assessment.challenging.result import Challenge
    from tocsin.case.schema import Case
    from tocsin.runs.store import StoredRun

SHOWN = 3
"""Changes of a claim that `tocsin show` prints."""


def run_of(case: Case, settings: Mapping[str, str]) -> StoredRun | None:
    """Return the newest stored run of a case with the same settings; None if there is none that can be read."""
    from tocsin.runs.store import stored_runs

    for run in stored_runs(case.id):
        try:
            origin = run.about.origin
        except InputError:  # damaged
            continue
        if origin.sha256 == case.sha256 and origin.settings == dict(settings):
            return run
    return None


def challenge_of(run: StoredRun) -> Challenge | None:
    """Return the challenge stored beside a run; None if there is none, or none that this version can read."""
    from tocsin.assessment.challenging.stored import PART, from_json

    data = run.part(PART)
    if data is None:
        return None
    try:
        return from_json(data)
    except InputError:
        return None


def keep(run: StoredRun, challenge: Challenge, case: Case) -> Challenge:
    """Store a challenge beside a run, with the claims of an earlier one that it lacks, and return both together.

    Raises:
        InputError: if it cannot be written.
    """
    from tocsin.assessment.challenging.stored import PART, joined, to_json
    from tocsin.runs.store import add_part

    whole = joined(challenge_of(run), challenge, tuple(case.claims))
    add_part(run, PART, to_json(whole))
    return whole


def brief_with(run: StoredRun, case: Case, challenge: Challenge, language: str) -> str:
    """Return the brief of a run with the page on its challenge.

    Raises:
        InputError: if the run is damaged.
    """
    from tocsin.assessment.stored import from_json
    from tocsin.report.brief import render
    from tocsin.runs.store import ASSESSMENT

    data = run.part(ASSESSMENT)
    if data is None:
        raise InputError(f"the run {run.name} is damaged", remedy="run `tocsin assess` again")
    return render(from_json(data, case), language=language, challenge=challenge)


def need_run(case: Case, settings: Mapping[str, str], source: Path) -> StoredRun:
    """Return the run whose brief gets the page.

    Raises:
        InputError: if none is stored.
    """
    run = run_of(case, settings)
    if run is None:
        options = "".join(f" --set {name}={value}" for name, value in settings.items())
        raise InputError(
            "no run of this case with these settings is stored, so there is no brief",
            remedy=f"run `tocsin assess {source}{options}` first, or leave out --brief",
        )
    return run


def worst_lines(run: StoredRun, name: str) -> Iterator[str]:
    """Yield what changes a claim most, if it was challenged."""
    from tocsin.assessment.challenging.words import cannot_without, effect, split

    result = challenge_of(run)
    claims = result.claims if result is not None else ()
    claim = next((item for item in claims if item.id.lower() == name.strip().lower()), None)
    if claim is None or not claim.rows:
        return
    turned, sunk, moved = split(claim)
    yield row(2, message("challenged, the worst first:"))
    yield from (row(4, effect(item)) for item in [*turned, *moved][:SHOWN])
    if sunk:
        yield row(4, cannot_without(sunk))
    if not claim.mattered:
        yield row(4, message("Nothing that was tried changes it."))
