"""A statement, and what makes two of them the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, fields

AUDIENCES = ("home", "foreign")
RUNGS = ("commentary", "newspaper", "ministry", "leader")


@dataclass(frozen=True)
class Statement:
    """Something said.

    Attributes:
        title, text: as they were published; either may be empty, not both.
        date: day of publication; None where it is not known.
        outlet: short name, `kcna`; language: ISO 639-1, `en`; None where not known.
        audience: one of `AUDIENCES`; rung: one of `RUNGS`; None where not known.
        translation: into English; address: where it was published; source_id: the source's own name for it, not unique.
        id: its number in an archive, 0 outside one.
        alike: number of the first statement in the archive that says nearly the same; its own where there is none.
    """

    title: str
    text: str = ""
    date: dt.date | None = None
    outlet: str | None = None
    language: str | None = None
    audience: str | None = None
    rung: str | None = None
    translation: str | None = None
    address: str | None = None
    source_id: str | None = None
    id: int = 0
    alike: int = 0

    @property
    def hash(self) -> str:
        """Of outlet, day, title and text, letter by letter: two statements with the same are one. 32 hexadecimal digits."""
        day = None if self.date is None else self.date.isoformat()
        parts = json.dumps([self.outlet, day, self.title, self.text])
        return hashlib.sha256(parts.encode("ascii")).hexdigest()[:32]


COLUMNS = tuple(field.name for field in fields(Statement))
"""Columns of a statement written as a table."""
