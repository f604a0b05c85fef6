"""The records, in the JSON of an assessment, of what moves quantities and of the parts of events."""

from __future__ import annotations

from tocsin.assessment.claim_record import BandRecord, DriverRecord, Record, rounded
from tocsin.assessment.figures_result import EventParts, PartShare
from tocsin.assessment.result import QuantityDrivers
from tocsin.case.events import EventPart


class QuantityDriversRecord(Record):
    """The inputs that move a quantity; see `result.QuantityDrivers`."""

    id: str
    drivers: tuple[DriverRecord, ...]

    @classmethod
    def of(cls, row: QuantityDrivers) -> QuantityDriversRecord:
        """Record the drivers of a quantity."""
        return cls(id=row.id, drivers=tuple(map(DriverRecord.of, row.drivers)))


class PartShareRecord(Record):
    """What one part of events adds to their effect; see `figures_result.PartShare`."""

    part: EventPart
    changes: tuple[str, ...]
    mean: float | None
    band: BandRecord

    @classmethod
    def of(cls, share: PartShare) -> PartShareRecord:
        """Record the share of a part."""
        return cls(part=share.part, changes=share.changes, mean=rounded(share.mean), band=BandRecord.of(share.band))


class EventPartsRecord(Record):
    """The effect of events, shared out among their parts; see `figures_result.EventParts`."""

    events: tuple[str, ...]
    given: tuple[str, ...]
    theatre: str
    quantity: str
    claims: tuple[str, ...]
    mean: float | None
    band: BandRecord
    parts: tuple[PartShareRecord, ...]

    @classmethod
    def of(cls, row: EventParts) -> EventPartsRecord:
        """Record an effect with its parts."""
        return cls(
            events=row.events,
            given=row.given,
            theatre=row.theatre,
            quantity=row.quantity,
            claims=row.claims,
            mean=rounded(row.mean),
            band=BandRecord.of(row.band),
            parts=tuple(map(PartShareRecord.of, row.parts)),
        )
