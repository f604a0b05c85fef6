"""Challenges that are stored beside runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tocsin.assessment.challenging.stored import PART, beside, from_json, joined
from tocsin.errors import InputError
from tocsin.runs.store import StoredRun, stored_runs

if TYPE_CHECKING:
    from tocsin.assessment.challenging.result import Challenge
    from tocsin.case.schema import Case


def run_of(case: Case, settings: Mapping[str, str]) -> StoredRun | None:
    """Return the newest stored run of a case with the same settings; None if there is none that can be read."""
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
    data = run.part(PART)
    if data is None:
        return None
    try:
        return from_json(data)
    except InputError:
        return None


def compared(run: StoredRun, challenge: Challenge) -> Challenge:
    """Return a challenge with what stands otherwise in a run; as it is if the run is damaged."""
    try:
        return beside(challenge, run.record)
    except InputError:
        return challenge


def with_earlier(run: StoredRun, challenge: Challenge, case: Case) -> Challenge:
    """Return a challenge with the claims of an earlier one of the same run that it lacks."""
    return joined(challenge_of(run), challenge, tuple(case.claims))
