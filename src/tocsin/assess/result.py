"""What an assessment is: plain, frozen values that the report prints and the JSON repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import polars as pl

    from tocsin.case.schema import Case

Verdict: TypeAlias = Literal["holds", "fails", "partly", "disputed", "cannot tell", "not tested"]
Band: TypeAlias = tuple[float, float, float]
"""5 %, 50 % and 95 % points over worlds."""


@dataclass(frozen=True, kw_only=True)
class Likelihood:
    """A pooled probability with its range over models and thresholds."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Driver:
    """An input and its share of the variance that inputs explain in the claim's margin."""

    input: str
    share: float


@dataclass(frozen=True, kw_only=True)
class Flip:
    """The least move of one input, from its median, that turns a verdict; `quantile` is where it ends."""

    input: str
    start: float
    to: float
    quantile: float


@dataclass(frozen=True, kw_only=True)
class PartResult:
    """One part of a claim."""

    name: str
    says: str
    verdict: Verdict
    probability: Likelihood | None
    note: str


@dataclass(frozen=True, kw_only=True)
class ClaimResult:
    """A claim with its verdict.

    Attributes:
        id, kind, says, sentence, mechanism: as in the case.
        verdict: see `verdicts`.
        words: the verdict's probability in words with the number in brackets, or how else it was decided.
        probability: pooled over models; `None` where facts decide or nothing was tested.
        confidence: high, moderate or low; capped by the grade of the sources.
        by_model: model -> probability at the central threshold.
        by_threshold: (threshold, pooled probability).
        drivers, flips: what the probability hangs on, and what would turn the verdict.
        sources, rivals: keys of the case; against: what would count against the claim.
        parts: results of the parts, where the claim has any.
        note: what was not tested and why, and remarks.
    """

    id: str
    kind: str
    says: str
    sentence: int | None
    mechanism: str
    verdict: Verdict
    words: str
    probability: Likelihood | None
    confidence: str
    by_model: Mapping[str, float] = field(default_factory=dict)
    by_threshold: tuple[tuple[float, float], ...] = ()
    drivers: tuple[Driver, ...] = ()
    flips: tuple[Flip, ...] = ()
    sources: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    against: str = ""
    parts: tuple[PartResult, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class QuantityRow:
    """One quantity over the worlds of one model (or pooled)."""

    id: str
    label: str
    model: str
    unit: str
    band: Band


@dataclass(frozen=True, kw_only=True)
class FearRow:
    """Fear of one event: total and its parts, and the share of worlds in which it is below 0."""

    event: str
    label: str
    total: Band
    aim: Band
    survival: Band
    negative: float


@dataclass(frozen=True, kw_only=True)
class RiskRow:
    """Revision risk when only some defenders act."""

    members: tuple[str, ...]
    band: Band


@dataclass(frozen=True, kw_only=True)
class PillarRow:
    """A defender's Shapley contribution to what deters, in points of revision risk; share where it can be divided."""

    theatre: str
    scene: str
    with_target: bool
    actor: str
    band: Band
    share: float | None


@dataclass(frozen=True, kw_only=True)
class PullRow:
    """How far the challenger's influence loosens a regime, or holds back a posture."""

    regime: str
    started: str
    band: Band
    fair: bool


@dataclass(frozen=True, kw_only=True)
class FanYear:
    """Where the aim stands by the end of a year: mean chances over worlds; they sum to 1."""

    scene: str
    year: int
    levels: tuple[float, ...]
    won: float
    fallen: float


@dataclass(frozen=True, kw_only=True)
class SpendingLine:
    """Real spending of an actor on one path, price-year money of the force, billions: band by year."""

    actor: str
    path: str
    years: tuple[int, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, kw_only=True)
class HistoryRow:
    """The record of a theatre against what worlds of one type say, before and after conditioning."""

    theatre: str
    type: str
    recorded: Mapping[str, float]
    before: Mapping[str, float]
    after: Mapping[str, float]
    effective_draws: float
    log_evidence: float


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What the pictures show."""

    spending: tuple[SpendingLine, ...]
    money: str
    fear: tuple[FearRow, ...]
    risk: tuple[RiskRow, ...]
    pillar: tuple[PillarRow, ...]
    pull: tuple[PullRow, ...]
    fan: tuple[FanYear, ...]
    history: tuple[HistoryRow, ...]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One combination of the switches and what it gives: quantity -> band."""

    spending: str
    regimes: Mapping[str, str]
    values: Mapping[str, Band]


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """What is needed to repeat the run."""

    seed: int
    draws: int
    settings: tuple[tuple[str, str], ...]
    models: tuple[str, ...]
    data: tuple[tuple[str, str], ...]
    versions: Mapping[str, str]
    effective_draws: float
    settled: float
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """A case, run: its record, quantities, claims with verdicts, figures and scenes."""

    case: Case
    run: RunRecord
    quantities: tuple[QuantityRow, ...]
    claims: tuple[ClaimResult, ...]
    figures: Figures
    scenes: tuple[Scene, ...]

    def claim(self, name: str) -> ClaimResult:
        """A claim by its id.

        Raises:
            KeyError: if there is none.
        """
        return next((claim for claim in self.claims if claim.id == name), None) or _missing(name)

    def frame(self, name: Literal["claims", "quantities", "drivers", "flips", "parts"]) -> pl.DataFrame:
        """A tidy table of the assessment, one row an item.

        Raises:
            KeyError: if there is no table of that name.
        """
        from tocsin.assess.frames import frame

        return frame(self, name)


def _missing(name: str) -> ClaimResult:
    raise KeyError(f"no claim {name!r}")
