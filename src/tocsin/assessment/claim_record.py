"""The records of claims in the JSON of an assessment, and what they are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from tocsin.assessment.facts_result import FactRead, OutcomeResult
from tocsin.assessment.figures_result import Band
from tocsin.assessment.result import (
    Basis,
    ClaimResult,
    Curve,
    Driver,
    Flip,
    Likelihood,
    Move,
    PartResult,
    Region,
    Rule,
    Search,
    Verdict,
)
from tocsin.assessment.world_count import WorldCount
from tocsin.translation import Said

DIGITS = 6
"""Significant digits of a quantity."""

Share = Annotated[float, Field(ge=0, le=1)]


class Record(BaseModel):
    """Base of all records: frozen, with finite numbers."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, allow_inf_nan=False)


class WorldsRecord(Record):
    """In how many solved worlds a claim holds, fails and is defined, and the effective number of these draws."""

    holds: int = Field(ge=0)
    fails: int = Field(ge=0)
    of: int = Field(ge=0)
    effective: float = Field(ge=0)

    @classmethod
    def of_count(cls, count: WorldCount) -> WorldsRecord:
        """Record a count of worlds."""
        return cls(holds=count.holds, fails=count.fails, of=count.of, effective=round(count.effective, 1))

    def count(self) -> WorldCount:
        """Return the count of worlds."""
        return WorldCount(holds=self.holds, fails=self.fails, of=self.of, effective=self.effective)


class SpanRecord(Record):
    """A probability with the range over models and swept thresholds, its standard error, and the worlds behind it if games alone decide."""

    low: Share
    mid: Share
    high: Share
    error: float = Field(ge=0)
    worlds: WorldsRecord | None = None

    @classmethod
    def of(cls, probability: Likelihood) -> SpanRecord:
        """Record a probability with four decimals."""
        numbers = {name: round(getattr(probability, name), 4) for name in ("low", "mid", "high", "error")}
        return cls(**numbers, worlds=WorldsRecord.of_count(probability.worlds) if probability.worlds else None)


class BandRecord(Record):
    """The 5 %, 50 % and 95 % points over worlds; missing is null."""

    p05: float | None
    p50: float | None
    p95: float | None

    @classmethod
    def of(cls, band: Band) -> BandRecord:
        """Record the points with six significant digits."""
        return cls(**dict(zip(("p05", "p50", "p95"), map(rounded, band), strict=True)))


class DriverRecord(Record):
    """An input that moves a claim, with its shares of the variance of the claim's margin; see `result.Driver`."""

    input: str
    share: float = Field(ge=0)
    low: float = Field(ge=0)
    high: float = Field(ge=0)
    first: float
    total: float

    @classmethod
    def of(cls, driver: Driver) -> DriverRecord:
        """Record a driver with four decimals."""
        numbers = {name: round(getattr(driver, name), 4) for name in ("share", "low", "high", "first", "total")}
        return cls(input=driver.input, **numbers)


class MoveRecord(Record):
    """A move of one input from its median."""

    input: str
    start: float | None = Field(alias="from")
    to: float | None
    quantile: Share

    @classmethod
    def of(cls, move: Move) -> MoveRecord:
        """Record a move."""
        return cls(input=move.input, start=rounded(move.start), to=rounded(move.to), quantile=round(move.quantile, 4))


class FlipRecord(Record):
    """A move of one input or of two, and what it makes of a claim; see `result.Flip`."""

    moves: tuple[MoveRecord, ...]
    verdict: Verdict
    part: str = ""
    probability: Share | None
    reason: Said = ""
    worlds: int = Field(ge=0, default=0)

    @classmethod
    def of(cls, flip: Flip) -> FlipRecord:
        """Record a flip with four decimals."""
        return cls(
            moves=tuple(map(MoveRecord.of, flip.moves)),
            verdict=flip.verdict,
            part=flip.part,
            probability=None if flip.probability is None else round(flip.probability, 4),
            reason=flip.reason,
            worlds=flip.worlds,
        )


class SearchRecord(Record):
    """How far the search for flips went; see `result.Search`."""

    ends: int = Field(ge=0)
    tried: int = Field(ge=0)
    idle: int = Field(ge=0, default=0)
    nearest: FlipRecord | None
    unsure: int = Field(ge=0, default=0)
    worlds: int = Field(ge=0, default=0)

    @classmethod
    def of(cls, search: Search) -> SearchRecord:
        """Record a search."""
        return cls(
            ends=search.ends,
            tried=search.tried,
            idle=search.idle,
            nearest=FlipRecord.of(search.nearest) if search.nearest else None,
            unsure=search.unsure,
            worlds=search.worlds,
        )


class LimitRecord(Record):
    """The limits of an input in a box of worlds; null where the box is open."""

    input: str
    low: float | None
    high: float | None


class RegionRecord(Record):
    """A box of worlds in which a claim fails; see `result.Region`."""

    limits: tuple[LimitRecord, ...]
    coverage: Share
    density: Share
    mass: Share

    @classmethod
    def of(cls, region: Region) -> RegionRecord:
        """Record a box with four decimals of its shares."""
        limits = tuple(
            LimitRecord(input=name, low=rounded(low), high=rounded(high)) for name, (low, high) in region.limits.items()
        )
        shares = {name: round(min(getattr(region, name), 1.0), 4) for name in ("coverage", "density", "mass")}
        return cls(limits=limits, **shares)


class PointRecord(Record):
    """The probability at one threshold."""

    threshold: float
    probability: Share


class CurveRecord(Record):
    """The probability by threshold, and where the verdict changes."""

    points: tuple[PointRecord, ...]
    turns: tuple[float, ...]
    unit: str
    means: Said

    @classmethod
    def of(cls, curve: Curve) -> CurveRecord:
        """Record a curve."""
        points = [PointRecord(threshold=at, probability=round(value, 4)) for at, value in curve.points]
        return cls(points=tuple(points), turns=curve.turns, unit=curve.unit, means=curve.means)


class FactRecord(Record):
    """A fact that a test read."""

    key: str
    value: Said
    date: str
    sources: tuple[str, ...]
    expected: str

    @classmethod
    def of(cls, fact: FactRead) -> FactRecord:
        """Record a fact."""
        return cls(key=fact.key, value=fact.value, date=fact.date, sources=fact.sources, expected=fact.expected)


class OutcomeRecord(Record):
    """What happened later, with the Brier score of the forecast if it has one."""

    key: str
    says: str
    happened: bool
    date: str
    sources: tuple[str, ...]
    note: str
    brier: Share | None

    @classmethod
    def of(cls, outcome: OutcomeResult, brier: float | None) -> OutcomeRecord:
        """Record an outcome with its score."""
        return cls(
            key=outcome.key,
            says=outcome.says,
            happened=outcome.happened,
            date=outcome.date,
            sources=outcome.sources,
            note=outcome.note,
            brier=None if brier is None else round(brier, 4),
        )


class DecidedRecord(Record):
    """What a claim and a part have in common: the verdict and what decided it."""

    says: str
    verdict: Verdict
    words: Said
    basis: Basis
    probability: SpanRecord | None
    turnable: bool
    by_model: dict[str, Share]
    curve: CurveRecord | None
    read: tuple[FactRecord, ...]
    shown: Said
    note: Said


class PartRecord(DecidedRecord):
    """The result of one part of a claim."""

    name: str
    essential: bool

    @classmethod
    def of(cls, part: PartResult) -> PartRecord:
        """Record a part."""
        return cls(name=part.name, essential=part.essential, **_tested(part))


class ClaimRecord(DecidedRecord):
    """The result of one claim."""

    id: str
    kind: str
    rule: Rule
    confidence: str
    limits: tuple[Said, ...]
    drivers: tuple[DriverRecord, ...]
    flips: tuple[FlipRecord, ...]
    search: SearchRecord | None = None
    failing: RegionRecord | None = None
    leaves: tuple[RegionRecord, ...] = ()
    sources: tuple[str, ...]
    rivals: tuple[str, ...]
    against: tuple[str, ...]
    parts: tuple[PartRecord, ...]
    due: str
    outcomes: tuple[OutcomeRecord, ...]

    @classmethod
    def of(cls, claim: ClaimResult) -> ClaimRecord:
        """Record a claim."""
        return cls(
            id=claim.id,
            kind=claim.kind,
            rule=claim.rule,
            confidence=claim.confidence,
            limits=claim.limits,
            drivers=tuple(map(DriverRecord.of, claim.drivers)),
            flips=tuple(map(FlipRecord.of, claim.flips)),
            search=SearchRecord.of(claim.search) if claim.search else None,
            failing=RegionRecord.of(claim.failing) if claim.failing else None,
            leaves=tuple(map(RegionRecord.of, claim.leaves)),
            sources=claim.sources,
            rivals=claim.rivals,
            against=(claim.against,) if claim.against else (),
            parts=tuple(map(PartRecord.of, claim.parts)),
            due=claim.due,
            outcomes=tuple(OutcomeRecord.of(outcome, claim.brier(outcome)) for outcome in claim.outcomes),
            **_tested(claim),
        )


def _tested(result: ClaimResult | PartResult) -> dict[str, Any]:
    """Return the fields of a `DecidedRecord`."""
    return {
        "says": result.says,
        "verdict": result.verdict,
        "words": result.words,
        "basis": result.basis,
        "probability": SpanRecord.of(result.probability) if result.probability else None,
        "turnable": result.turnable,
        "by_model": shares(result.by_model),
        "curve": CurveRecord.of(result.curve) if result.curve else None,
        "read": tuple(map(FactRecord.of, result.read)),
        "shown": result.shown,
        "note": result.note,
    }


def rounded(value: float) -> float | None:
    """Return six significant digits; missing is None."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def shares(values: Mapping[str, float]) -> dict[str, float]:
    """Return probabilities with four decimals."""
    return {name: round(value, 4) for name, value in values.items()}
