"""The JSON of an assessment (format tocsin-assessment/1), written and read by pydantic."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from tocsin.assessment.claim_record import BandRecord, ClaimRecord, Record, Share, SpanRecord, rounded, shares
from tocsin.assessment.effects_record import EventPartsRecord, QuantityDriversRecord
from tocsin.assessment.health_result import BaseRate, Health, PressureLevel, TypeFit
from tocsin.assessment.ladder import LadderRow, ladder
from tocsin.assessment.other_models_record import OtherModelsRecord
from tocsin.assessment.outside_result import OutsideView
from tocsin.assessment.result import Alarm, Assessment, ControlRow, RunRecord
from tocsin.assessment.rivals.record import ArgumentRecord, RivalSetRecord
from tocsin.translation import Said

if TYPE_CHECKING:
    from tocsin.case.schema import Case

FORMAT: Literal["tocsin-assessment/1"] = "tocsin-assessment/1"
OPTIONAL = (
    "controls", "ladder", "alarm", "outside", "other_models", "explanations", "arguments", "quantity_drivers", "event_parts",
    "defaults",
)  # fmt: skip
"""Parts of the JSON that a case may not have."""


class CaseRecord(Record):
    """Which case was run."""

    id: str
    title: str
    as_of: str
    sha256: str


class DataRecord(Record):
    """A file or measured value that the run rests on."""

    name: str
    sha256: str


class GamesRecord(Record):
    """The claims that use a game and those that facts, estimates and records decide; untested claims are in neither list."""

    used_for: tuple[str, ...]
    not_needed_for: tuple[str, ...]


class RunOfRecord(Record):
    """How it was run."""

    seed: int
    draws: int
    settings: dict[str, str] = Field(alias="set")
    variants: tuple[str, ...] = ()
    models: tuple[str, ...]
    data: tuple[DataRecord, ...]
    versions: dict[str, str]
    effective_draws: float | None
    seconds: float


class QuantityRecord(Record):
    """The 5 %, 50 % and 95 % points of a quantity in one model; missing is null."""

    id: str
    model: str
    unit: str
    p05: float | None
    p50: float | None
    p95: float | None


class AlarmRecord(Record):
    """How likely alarm is before and after a statement."""

    rung: str
    events: tuple[str, ...]
    ratio: BandRecord
    before: SpanRecord
    after: SpanRecord


class ControlRecord(Record):
    """What a control changes in a quantity, beside a threshold of the tests; for a `ratio`, both are factors above 1."""

    event: str
    name: str
    positive: bool
    quantity: str
    actor: str
    year: int | None
    rung: str | None
    theatre: str
    given: tuple[str, ...]
    alike: str | None
    threshold: float
    ratio: bool
    effect: BandRecord
    exceeds: Share
    registers: bool


class RungRecord(Record):
    """What an event does to the challenger: `dent`, a share of all that deterrence costs it; fears for its aim and its survival.

    `delay` counts years, `fall` and `struck` are rises of probabilities.
    """

    event: str
    name: str
    control: bool
    dent: BandRecord
    delay: BandRecord
    fall: BandRecord
    struck: BandRecord


class FitRecord(Record):
    """How well a challenger type makes the record of a theatre; see `health_result.TypeFit`."""

    theatre: str
    type: str
    recorded: dict[str, Share]
    after: dict[str, Share]
    predictive: dict[str, Share]
    weight: Share
    by_evidence: Share
    possible: bool
    by_error: Share


class BaseRiskRecord(Record):
    """The risk of an advance within the horizon, in the model and as past years imply it."""

    theatre: str
    years: int
    model: BandRecord
    record: BandRecord


class BaseRateRecord(Record):
    """How often an event is expected as things stand; `record` is null if the record cannot tell. See `health_result.BaseRate`."""

    theatre: str
    event: str
    years: int
    model: BandRecord
    mean: Share
    own: Share
    record: BandRecord | None
    rivals: BandRecord


class RetrospectRecord(Record):
    """How often past years were expected to see pressure, and how often they did; see `expected.Retrospect`."""

    expected: Share
    recorded: Share
    distance: float


class PressureRecord(Record):
    """What history lets one expect of the pressure in a first year, and what the worlds make of it; see `health_result.PressureLevel`."""

    theatre: str
    type: str
    expected: BandRecord
    mean: Share
    source: str
    origin: Said
    before: Share
    after: Share
    effective_draws: float
    reached: bool
    past: RetrospectRecord | None


class FindingRecord(Record):
    """Something about the run that weakens its verdicts, in a sentence, and the claims concerned."""

    kind: str
    text: Said
    claims: tuple[str, ...]


class HealthRecord(Record):
    """How far the run can be trusted; numbers are null without a game."""

    effective_draws: float | None
    settled: Share | None
    settled_by: dict[str, Share]
    fits: tuple[FitRecord, ...]
    pressure: tuple[PressureRecord, ...] = ()
    base_risk: BaseRiskRecord | None
    base_rates: tuple[BaseRateRecord, ...]
    findings: tuple[FindingRecord, ...]


class OutsideRecord(Record):
    """What followed past cases like an event; see `outside_result.OutsideView`."""

    event: str
    reference: str
    claims: tuple[str, ...]
    actor: str
    other: str
    years: int
    noun: Said
    sentence: Said
    recent: bool
    rate: BandRecord
    yes: int
    cases: int
    similar: Share
    others: Said
    more: BandRecord
    inside: Share | None
    inside_recorded: Share | None
    inside_more: float | None
    left_out: int


class DefaultRecord(Record):
    """An input that the case does not give: its default, where that comes from, and what it says. `from` is null for a judged range."""

    input: str
    is_: str = Field(alias="is")
    from_: str | None = Field(alias="from")
    unit: str
    why: str


class AssessmentRecord(Record):
    """A whole assessment.

    The fields of `OPTIONAL` are left out of the JSON where the case has none.
    """

    format: Literal["tocsin-assessment/1"]
    case: CaseRecord
    run: RunOfRecord
    games: GamesRecord
    quantities: tuple[QuantityRecord, ...]
    claims: tuple[ClaimRecord, ...]
    health: HealthRecord
    controls: tuple[ControlRecord, ...] = ()
    ladder: tuple[RungRecord, ...] = ()
    alarm: AlarmRecord | None = None
    outside: tuple[OutsideRecord, ...] = ()
    other_models: tuple[OtherModelsRecord, ...] = ()
    explanations: tuple[RivalSetRecord, ...] = ()
    arguments: tuple[ArgumentRecord, ...] = ()
    quantity_drivers: tuple[QuantityDriversRecord, ...] = ()
    event_parts: tuple[EventPartsRecord, ...] = ()
    defaults: tuple[DefaultRecord, ...] = ()

    @classmethod
    def of(cls, assessment: Assessment) -> AssessmentRecord:
        """Record an assessment: the same seed gives the same record, except for `run.seconds`."""
        # imported here: reading a record needs no numerical library
        from tocsin.assessment.requests import claims_using_games, claims_without_games

        case = assessment.case
        return cls(
            format=FORMAT,
            case=CaseRecord(id=case.id, title=case.title, as_of=case.as_of.isoformat(), sha256=case.sha256),
            run=_run(assessment.run),
            games=GamesRecord(
                used_for=claims_using_games(case, assessment.settled),
                not_needed_for=claims_without_games(case, assessment.settled),
            ),
            quantities=tuple(
                QuantityRecord(id=row.id, model=row.model, unit=row.unit, **BandRecord.of(row.band).model_dump())
                for row in assessment.quantities
            ),
            claims=tuple(map(ClaimRecord.of, assessment.claims)),
            health=_health(assessment.health),
            controls=tuple(_control(row) for row in assessment.controls),
            ladder=tuple(_rung(row) for row in ladder(assessment)),
            alarm=_alarm(assessment.alarm) if assessment.alarm else None,
            outside=tuple(map(_outside, assessment.outside)),
            other_models=tuple(map(OtherModelsRecord.of, assessment.other_models)),
            explanations=tuple(map(RivalSetRecord.of, assessment.rivals.sets)),
            arguments=tuple(map(ArgumentRecord.of, assessment.rivals.arguments)),
            quantity_drivers=tuple(map(QuantityDriversRecord.of, assessment.quantity_drivers)),
            event_parts=tuple(map(EventPartsRecord.of, assessment.event_parts)),
            defaults=_defaults(case),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        data = self.model_dump(mode="json", by_alias=True)
        for name in OPTIONAL:
            if not data[name]:
                del data[name]
        return data

    def to_json(self) -> str:
        """Return the text of the JSON file."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False) + "\n"


def _defaults(case: Case) -> tuple[DefaultRecord, ...]:
    return tuple(
        DefaultRecord(input=name, is_=belief.is_, from_=belief.from_, unit=belief.unit, why=belief.why)
        for name, belief in case.beliefs.items()
        if belief.is_default
    )


def versions(*libraries: str) -> dict[str, str]:
    """Return the versions of Python, tocsin and the libraries that the numbers depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in ("tocsin", *libraries)}}


def _run(run: RunRecord) -> RunOfRecord:
    return RunOfRecord(
        seed=run.seed,
        draws=run.draws,
        settings=dict(run.settings),
        variants=run.variants,
        models=run.models,
        data=tuple(DataRecord(name=name, sha256=digest) for name, digest in run.data),
        versions=dict(run.versions),
        effective_draws=None if run.effective_draws is None else rounded(run.effective_draws),
        seconds=round(run.seconds, 3),
    )


def _control(row: ControlRow) -> ControlRecord:
    values = {name: getattr(row, name) for name in ControlRecord.model_fields if name not in ("effect", "exceeds")}
    return ControlRecord(**values, effect=BandRecord.of(row.effect), exceeds=round(row.exceeds, 4))


def _rung(row: LadderRow) -> RungRecord:
    bands = {name: BandRecord.of(getattr(row, name)) for name in ("dent", "delay", "fall", "struck")}
    return RungRecord(event=row.event, name=row.name, control=row.role == "control", **bands)


def _alarm(alarm: Alarm) -> AlarmRecord:
    return AlarmRecord(
        rung=alarm.rung,
        events=alarm.events,
        ratio=BandRecord.of(alarm.ratio),
        before=SpanRecord.of(alarm.before),
        after=SpanRecord.of(alarm.after),
    )


def _outside(view: OutsideView) -> OutsideRecord:
    bands = {name: BandRecord.of(getattr(view, name)) for name in ("rate", "more")}
    chances = {
        name: None if value is None else round(value, 4) + 0.0
        for name in ("similar", "inside", "inside_recorded", "inside_more")
        for value in [getattr(view, name)]
    }
    rest = {name: getattr(view, name) for name in OutsideRecord.model_fields if name not in {*bands, *chances}}
    return OutsideRecord(**rest, **bands, **chances)


def _health(health: Health) -> HealthRecord:
    risk = health.base_risk
    return HealthRecord(
        effective_draws=None if health.effective is None else rounded(health.effective),
        settled=None if health.settled is None else round(health.settled, 4),
        settled_by=shares(health.settled_by),
        fits=tuple(_fit(fit) for fit in health.fits),
        pressure=tuple(_level(level) for level in health.pressure),
        base_risk=None
        if risk is None
        else BaseRiskRecord(
            theatre=risk.theatre,
            years=risk.years,
            model=BandRecord.of(risk.model),
            record=BandRecord.of(risk.record),
        ),
        base_rates=tuple(_rate(rate) for rate in health.base_rates),
        findings=tuple(
            FindingRecord(kind=finding.kind, text=finding.text, claims=finding.claims) for finding in health.findings
        ),
    )


def _fit(fit: TypeFit) -> FitRecord:
    return FitRecord(
        theatre=fit.theatre,
        type=fit.type,
        recorded=shares(fit.recorded),
        after=shares(fit.after),
        predictive=shares(fit.predictive),
        weight=round(fit.weight, 4),
        by_evidence=round(fit.by_evidence, 4),
        possible=fit.possible,
        by_error=round(fit.by_error, 4),
    )


def _level(level: PressureLevel) -> PressureRecord:
    return PressureRecord(
        theatre=level.theatre,
        type=level.type,
        expected=BandRecord.of(level.expected),
        mean=round(level.mean, 4),
        source=level.source,
        origin=level.origin,
        before=round(level.before, 4),
        after=round(level.after, 4),
        effective_draws=rounded(level.effective_draws),
        reached=level.reached,
        past=None
        if level.past is None
        else RetrospectRecord(
            expected=round(level.past.expected, 4),
            recorded=round(level.past.recorded, 4),
            distance=round(level.past.distance, 2),
        ),
    )


def _rate(rate: BaseRate) -> BaseRateRecord:
    return BaseRateRecord(
        theatre=rate.theatre,
        event=rate.event,
        years=rate.years,
        model=BandRecord.of(rate.model),
        mean=round(rate.mean, 6),
        own=round(rate.own, 6),
        record=None if rate.record is None else BandRecord.of(rate.record),
        rivals=BandRecord.of(rate.rivals),
    )
