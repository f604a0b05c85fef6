"""Store a whole assessment as text, and read it back beside its case. Exports use it, so that no case runs twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from tocsin.assessment.figures_result import EventParts, Figures, Scene
from tocsin.assessment.health_result import Health
from tocsin.assessment.other_models_result import OtherModels
from tocsin.assessment.outside_result import OutsideView
from tocsin.assessment.result import Alarm, Assessment, ClaimResult, ControlRow, QuantityDrivers, QuantityRow, RunRecord
from tocsin.assessment.rivals.result import Rivals
from tocsin.errors import InputError
from tocsin.translation import message
from tocsin.translation.stored_text import STORED

if TYPE_CHECKING:
    from tocsin.case.schema import Case


class StoredAssessment(BaseModel):
    """An assessment without its case and its worlds; see `Assessment` for the fields."""

    model_config = ConfigDict(ser_json_inf_nan="constants")

    run: RunRecord
    quantities: tuple[QuantityRow, ...]
    claims: tuple[ClaimResult, ...]
    figures: Figures
    scenes: tuple[Scene, ...]
    controls: tuple[ControlRow, ...]
    alarm: Alarm | None
    health: Health
    outside: tuple[OutsideView, ...]
    quantity_drivers: tuple[QuantityDrivers, ...] = ()  # earlier versions stored neither of these two
    event_parts: tuple[EventParts, ...] = ()
    other_models: tuple[OtherModels, ...]
    rivals: Rivals


def stored_form(assessment: Assessment) -> StoredAssessment:
    """Return an assessment without its case and its worlds."""
    return StoredAssessment(**{name: getattr(assessment, name) for name in StoredAssessment.model_fields})


def beside(stored: StoredAssessment, case: Case) -> Assessment:
    """Return a stored assessment beside its case; it has no worlds."""
    return Assessment(case=case, **{name: getattr(stored, name) for name in StoredAssessment.model_fields})


def to_json(assessment: Assessment) -> bytes:
    """Return an assessment without its case and its worlds as JSON; numbers are exact, missing ones are `NaN`, and texts keep their templates."""
    return stored_form(assessment).model_dump_json(context={STORED: True}).encode("utf-8")


def from_json(text: bytes, case: Case) -> Assessment:
    """Return the assessment of a case from its text; it has no worlds.

    Raises:
        InputError: if the text is not that of an assessment.
    """
    try:
        return beside(StoredAssessment.model_validate_json(text), case)
    except ValidationError:
        raise InputError(
            message("the stored run is damaged or from another version"), remedy=message("run `tocsin assess` again")
        ) from None
