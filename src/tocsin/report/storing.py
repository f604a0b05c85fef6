"""Put an assessment together for the store of runs: its record, the whole of it, its worlds, its sketch, and the answers to the case's questions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.assessment.stored import to_json
from tocsin.report.sentences import questions
from tocsin.runs.store import ASSESSMENT, SKETCH, WORLDS, NewRun

if TYPE_CHECKING:
    from tocsin.assessment.record import AssessmentRecord
    from tocsin.assessment.result import Assessment
    from tocsin.runs.copies import CaseCopy


def new_run(
    assessment: Assessment,
    record: AssessmentRecord,
    copy: CaseCopy,
    *,
    draws: int,
    brief: Path | None = None,
    note: str = "",
) -> NewRun:
    """Return a run that `store_run` stores.

    Args:
        assessment: of the case.
        record: of the assessment.
        copy: the files of the case, taken when it was loaded.
        draws: worlds requested.
        brief: its brief, if one is written.
        note: of the user.
    """
    case = assessment.case
    return NewRun(
        record=record,
        draws=draws,
        copy=copy,
        summary=case.summary,
        questions=tuple((question.asks, question.text) for question in questions(assessment)),
        brief="" if brief is None else str(brief.absolute()),
        folder=str(case.folder.absolute()),
        parts=_parts(assessment),
        note=note,
    )


def _parts(assessment: Assessment) -> dict[str, bytes]:
    parts = {ASSESSMENT: to_json(assessment)}
    if assessment.sketch is not None:
        parts[SKETCH] = assessment.sketch
    if assessment.worlds is not None:
        # imported here: a case without games needs no table of worlds
        from tocsin.assessment.world_table import to_parquet

        parts[WORLDS] = to_parquet(assessment.worlds)
    return parts
