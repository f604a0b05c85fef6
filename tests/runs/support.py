"""Shared by the tests of stored runs: a run to store."""

from __future__ import annotations

from collections.abc import Mapping

from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.run import assess
from tocsin.assessment.stored import to_json
from tocsin.case import Case
from tocsin.runs.copies import CaseCopy, copy_case
from tocsin.runs.store import ASSESSMENT, WORLDS, NewRun, StoredRun, store_run
from tocsin.translation import Said

FILES = {"case.yaml": b"id: made-up\n", "facts/a.csv": b"key\n"}


def new_run(
    record: AssessmentRecord, *, summary: str = "", questions: tuple[tuple[Said, Said], ...] = (), brief: str = ""
) -> NewRun:
    """Return a run of a record, with files that are those of no case."""
    copy = CaseCopy(main="case.yaml", files=FILES)
    draws = record.run.draws
    return NewRun(record=record, draws=draws, copy=copy, summary=summary, questions=questions, brief=brief)


def stored(
    case: Case,
    *,
    seed: int = 1,
    draws: int = 2048,
    settings: Mapping[str, str] | None = None,
    note: str = "",
    worlds: bytes | None = None,
) -> StoredRun:
    """Assess a case and store the run, as `tocsin assess` does.

    Args:
        case: without games, so that this takes milliseconds.
        seed, draws, settings, note: of the run.
        worlds: bytes in place of a table of worlds, which such a case has not.
    """
    assessment = assess(case, seed=seed, draws=draws, settings=settings)
    parts = {ASSESSMENT: to_json(assessment)} | ({} if worlds is None else {WORLDS: worlds})
    record = AssessmentRecord.of(assessment)
    folder = str(case.folder)
    return store_run(NewRun(record=record, draws=draws, copy=copy_case(case), folder=folder, parts=parts, note=note))
