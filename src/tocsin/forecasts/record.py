"""The file of a forecast (format tocsin-forecast/1), and the seal by which a later change is found.

The seal is the SHA-256 of the file's text with an empty seal. It protects against a change, not against a forger: anyone can write a
file and seal it, and no seal proves when a file was made or by whom. Publish the seal, or commit the file, on the day.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tocsin.assessment.claim_record import Share
from tocsin.errors import InputError
from tocsin.reading import decode, read_bytes
from tocsin.translation import message

FORMAT: Literal["tocsin-forecast/1"] = "tocsin-forecast/1"
REMEDY = message("name a file that `tocsin forecast CASE` wrote")


class ForecastPart(BaseModel):
    """Base of all parts of a forecast file: frozen, with finite numbers and no unknown keys."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False, extra="forbid")


class CaseOfForecast(ForecastPart):
    """The case that asks."""

    id: str
    title: str
    as_of: date
    sha256: str


class ChanceRecord(ForecastPart):
    """A probability with its 90 % interval, and how it was made."""

    probability: Share
    low: Share
    high: Share
    how: str


class DataUsed(ForecastPart):
    """Data that a probability rests on: what was used of them ends on the day `until`.

    `remains` is the last day in the same file, if it goes on after `until`.
    """

    name: str
    until: date
    remains: date | None
    sha256: str


class ResolvesRecord(ForecastPart):
    """What answers the question: a register of events, a table, or what a person looks for."""

    kind: Literal["register", "table", "manual"]
    what: str
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class QuestionRecord(ForecastPart):
    """A question with its forecast; `marks` are reasons to trust it less."""

    id: str
    asks: str
    opens: date
    due: date
    kind: Literal["rate", "share", "judged", "estimate", "assessed"]
    forecast: ChanceRecord
    base: ChanceRecord | None
    resolves: ResolvesRecord
    data: tuple[DataUsed, ...]
    seed: int | None
    marks: tuple[str, ...]
    note: str


class ForecastRecord(ForecastPart):
    """A whole forecast file, without its seal."""

    format: Literal["tocsin-forecast/1"]
    case: CaseOfForecast
    made: date
    version: str
    questions: tuple[QuestionRecord, ...]

    @property
    def seal(self) -> str:
        """Return the SHA-256 of the file with an empty seal."""
        return _digest(self._text())

    def sealed(self) -> str:
        """Return the text of the file with its seal."""
        return _with_seal(self._text(), "", self.seal)

    def _text(self) -> str:
        data = {**self.model_dump(mode="json"), "seal": ""}
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def read_forecast(file: Path) -> ForecastRecord:
    """Return the forecast in a file.

    Raises:
        InputError: if the file cannot be read, is no forecast, or does not match its seal.
    """
    shown = str(file)
    text = decode(read_bytes(file, shown), shown)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(message("not JSON: {error}", error=str(error)), file=shown, remedy=REMEDY) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InputError(message("not a forecast"), file=shown, remedy=REMEDY)
    seal = data.pop("seal", None)
    if not isinstance(seal, str) or _digest(_with_seal(text, seal, "")) != seal:
        raise InputError(
            message("its content does not match its seal: the file was changed after it was made"),
            file=shown,
            remedy=message("restore the file as it was written; a forecast that was changed cannot be scored"),
        )
    try:
        return ForecastRecord.model_validate_json(json.dumps(data))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(
            message("not a complete forecast ({where}: {error})", where=where, error=first["msg"]),
            file=shown,
            remedy=REMEDY,
        ) from None


def _with_seal(text: str, old: str, new: str) -> str:
    """Return the text of a file with another seal; the seal is its last value."""
    head, separator, tail = text.rpartition(f'"seal": "{old}"')
    return f'{head}"seal": "{new}"{tail}' if separator else text


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
