"""Runs of the store for export, each with its case."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.errors import InputError
from tocsin.export.run import Run
from tocsin.translation import message

if TYPE_CHECKING:
    from tocsin.assessment.record import AssessmentRecord
    from tocsin.case.schema import Case
    from tocsin.runs.store import StoredRun


def run_of_store(run: StoredRun, unchanged: Case | None = None) -> Run:
    """Return a stored run.

    Args:
        run: to export.
        unchanged: its case, if that is at hand; else it is read from the store.

    Raises:
        InputError: if neither the case nor its copy gives the values of the run.
    """
    from tocsin.assessment.challenging.stored import PART
    from tocsin.runs.store import ASSESSMENT, SKETCH, WORLDS

    case = unchanged or case_of_run(run)
    if case is None:
        run.load_case()  # says why, unless a data set gives another value now
        raise InputError(
            message("the data sets in the cache give other values than in the run {name}", name=run.name),
            remedy=message("see `tocsin verify {name}`", name=run.name),
        )
    return Run(
        record=run.record,
        case=with_settings(case, run.record),
        summary=run.about.summary,
        questions=run.about.questions,
        made=run.days[-1] if run.days else None,
        stored=run.part(ASSESSMENT),
        stored_worlds=run.part(WORLDS),
        stored_sketch=run.part(SKETCH),
        stored_challenge=run.part(PART),
    )


def case_of_run(run: StoredRun) -> Case | None:
    """Return the case of a stored run, without its settings: from its folder, else from the store; None if its values have changed."""
    try:
        return unchanged_case(run.about.origin.sha256, [run.folder or None, run.case_file])
    except InputError:  # damaged
        return None


def unchanged_case(sha256: str, paths: Iterable[str | Path | None]) -> Case | None:
    """Return the case of this hash at the first place that has it."""
    from tocsin.case import load

    for path in paths:
        if path is None or not Path(path).exists():
            continue
        with suppress(InputError):  # edited meanwhile
            case = load(path)
            if case.sha256 == sha256:
                return case
    return None


def with_settings(case: Case, record: AssessmentRecord) -> Case:
    """Return a case with the settings of a run."""
    from tocsin.case.override import override

    return override(case, record.run.settings) if record.run.settings else case
