"""The run that comes with a shipped case, so that its verdicts can be read before anything is solved.

`verdicts.json` beside the case holds the whole assessment with the hash of the case that it belongs to. It counts only for that very case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from tocsin.assessment.stored import StoredAssessment, beside, stored_form
from tocsin.data.shipped import is_shipped
from tocsin.translation.stored_text import STORED

if TYPE_CHECKING:
    from tocsin.assessment.result import Assessment
    from tocsin.case.schema import Case

VERDICTS = "verdicts.json"


class ShippedRun(BaseModel):
    """The file.

    Attributes:
        case: SHA-256 of the case, see `Case.sha256`.
        assessment: of that case.
    """

    model_config = ConfigDict(ser_json_inf_nan="constants")

    format: Literal["tocsin-shipped-run/1"] = "tocsin-shipped-run/1"
    case: str
    assessment: StoredAssessment


def shipped_text(assessment: Assessment) -> str:
    """Return the text of the file for an assessment."""
    run = ShippedRun(case=assessment.case.sha256, assessment=stored_form(assessment))
    return run.model_dump_json(context={STORED: True}) + "\n"


def shipped_assessment(case: Case) -> Assessment | None:
    """Return the assessment that comes with a shipped case; None if there is none or it belongs to another state of the case."""
    if not is_shipped(case.folder):
        return None
    try:
        run = ShippedRun.model_validate_json((case.folder / VERDICTS).read_bytes())
    except (OSError, ValidationError):
        return None
    return beside(run.assessment, case) if run.case == case.sha256 else None
