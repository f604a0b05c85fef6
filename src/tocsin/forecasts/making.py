"""Make the forecasts of a case from what was known on the opening day of each question."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import gammaincinv

from tocsin import __version__
from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.words import EVENT_WORDS, VERDICT_WORDS, percent
from tocsin.case import Case
from tocsin.case.chances import compares_chance
from tocsin.case.distributions import parse
from tocsin.case.forecast_blocks import (
    DAYS_PER_YEAR,
    Assessed,
    Forecast,
    Judged,
    ReferenceClass,
    Resolves,
    opening_day,
    parse_count,
)
from tocsin.case.origin import as_distribution
from tocsin.errors import InputError, use_one_of
from tocsin.forecasts.events import EventDays, read_event_table, read_register
from tocsin.forecasts.rate import Chance, Record, against_event, share_of
from tocsin.forecasts.record import (
    FORMAT,
    CaseOfForecast,
    ChanceRecord,
    DataUsed,
    ForecastRecord,
    QuestionRecord,
    ResolvesRecord,
)
from tocsin.reading import file_inside
from tocsin.translation import message

if TYPE_CHECKING:
    from tocsin.evidence.reference import Estimate

NODES = 200
"""Quantiles over which a rate is averaged."""
DIGITS = 6
"""Decimals of a probability."""
Kind = Literal["rate", "share", "judged", "estimate", "assessed"]
Reader = Callable[[Resolves], EventDays]


@dataclass(frozen=True)
class Made:
    """A probability with what it rests on."""

    kind: Kind
    forecast: ChanceRecord
    base: ChanceRecord | None
    data: tuple[DataUsed, ...] = ()
    seed: int | None = None
    marks: tuple[str, ...] = ()


def make_forecasts(
    case: Case, made: date, *, assessment: AssessmentRecord | None = None, reader: Reader | None = None
) -> ForecastRecord:
    """Return the forecasts of a case.

    Args:
        case: with a block `forecasts`.
        made: the day on which they are made.
        assessment: of the same case, for questions that ask it.
        reader: of the events that answer a question; by default from the cache and the case's folder.

    Raises:
        InputError: if the case asks nothing, or a question needs an assessment that is missing or of another case.
        SolveError: if a data set is not in the cache, or too short before the opening day.
    """
    if not case.forecasts:
        raise InputError(
            message("the case `{case}` has no forecasts", case=case.id),
            remedy=message("ask about dated events in a block `forecasts:` of case.yaml (see docs/forecasts.md)"),
        )
    maker = _Maker(case, made, assessment, reader or _reader(case))
    return ForecastRecord(
        format=FORMAT,
        case=CaseOfForecast(id=case.id, title=case.title, as_of=case.as_of, sha256=case.sha256),
        made=made,
        version=__version__,
        questions=tuple(maker.question(key, forecast) for key, forecast in case.forecasts.items()),
    )


def _reader(case: Case) -> Reader:
    def read(resolves: Resolves) -> EventDays:
        if resolves.register_ is not None:
            return read_register(resolves.register_, resolves.where)
        assert resolves.table is not None
        return read_event_table(file_inside(case.folder, resolves.table), resolves.table, resolves.where)

    return read


class _Maker:
    def __init__(self, case: Case, made: date, assessment: AssessmentRecord | None, reader: Reader) -> None:
        self.case, self.made, self.assessment, self.reader = case, made, assessment, reader

    def question(self, key: str, forecast: Forecast) -> QuestionRecord:
        """Return a question with its forecast."""
        opens = opening_day(forecast, self.case.as_of)
        result = self._made(key, forecast, opens)
        return QuestionRecord(
            id=key,
            asks=forecast.asks,
            opens=opens,
            due=forecast.due,
            kind=result.kind,
            forecast=result.forecast,
            base=result.base if forecast.base is None else _class(forecast.base, _days(forecast, opens)),
            resolves=_resolves(forecast.resolves),
            data=result.data,
            seed=result.seed,
            marks=(*self._marks(opens), *result.marks),
            note=forecast.note,
        )

    def _marks(self, opens: date) -> Sequence[str]:
        if self.made <= opens:
            return ()
        return (f"made on {self.made}, {(self.made - opens).days} days after its opening day",)

    def _made(self, key: str, forecast: Forecast, opens: date) -> Made:
        made, days = forecast.probability, _days(forecast, opens)
        if made.rate is not None:
            return self._rate(forecast.resolves, opens, days)
        if made.share is not None:
            return Made("share", _class(made.share, days), None)
        if made.judged is not None:
            return Made("judged", _judged(made.judged), None)
        if made.estimate is not None:
            return _estimated(made.estimate, opens, days)
        assert made.assessed is not None
        return self._assessed(key, made.assessed, days)

    def _rate(self, resolves: Resolves, opens: date, days: int) -> Made:
        events = self.reader(resolves).until(opens)
        result = Record(events).forecast(opens, days)
        calendar = f"the calendar has {percent(result.calendar)} of the weight"
        how = (
            f"decayed record of {len(events.days)} days with an event in {events.name}, half-life {_years(result.half_life)}; "
            f"{calendar}"
        )
        base = f"{result.hits} of {result.windows} windows of {days} days had one in the last ten years"
        marks = []
        if events.remains is not None:
            marks.append(
                f"{events.name} is a copy that runs to {events.remains}; entries before may have been revised since"
            )
        if events.last < opens:
            marks.append(
                f"{events.name} ends on {events.last}, {(opens - events.last).days} days before the opening day"
            )
        used = DataUsed(name=events.name, until=events.last, remains=events.remains, sha256=events.sha256)
        return Made("rate", _record(result.chance, how), _record(result.recent, base), (used,), marks=tuple(marks))

    def _assessed(self, key: str, assessed: Assessed, days: int) -> Made:
        assessment = self.assessment
        if assessment is None:
            raise InputError(
                message("forecast `{key}` needs an assessment of the case", key=key),
                remedy=message(
                    "run `tocsin assess {case} --json assessment.json` and give --assessment assessment.json",
                    case=self.case.id,
                ),
            )
        if assessment.case.sha256 != self.case.sha256 or assessment.run.settings:
            raise InputError(
                message(
                    "the assessment is of another version of the case `{case}`, or of changed inputs", case=self.case.id
                ),
                remedy=message("assess the case as it is, without --set, and give that file"),
            )
        day = date.fromisoformat(assessment.case.as_of)
        used = DataUsed(name="assessment", until=day, remains=None, sha256=assessment.case.sha256)
        if assessed.claim is not None:
            if any(compares_chance(test) for test in self.case.tests[assessed.claim].values()):
                raise InputError(
                    message(
                        "forecast `{key}`: the test of claim `{claim}` compares a chance, so the claim has no probability of the event",
                        key=key,
                        claim=assessed.claim,
                    ),
                    remedy=message('write `chance: "..."` in the claim in place of `holds`'),
                )
            return Made("assessed", _claimed(assessment, assessed.claim), None, (used,), assessment.run.seed)
        forecast, base = _yearly(assessment, str(assessed.theatre), str(assessed.event), days)
        return Made("assessed", forecast, base, (used,), assessment.run.seed)


def _days(forecast: Forecast, opens: date) -> int:
    return (forecast.due - opens).days


def _record(chance: Chance, how: str) -> ChanceRecord:
    values = {name: round(getattr(chance, name), DIGITS) for name in ("probability", "low", "high")}
    return ChanceRecord(**values, how=how)


def _resolves(resolves: Resolves) -> ResolvesRecord:
    where = {column: tuple(values) for column, values in resolves.where.items()}
    if resolves.register_ is not None:
        return ResolvesRecord(kind="register", what=resolves.register_, where=where)
    if resolves.table is not None:
        return ResolvesRecord(kind="table", what=resolves.table, where=where)
    return ResolvesRecord(kind="manual", what=str(resolves.manual))


def _class(reference: ReferenceClass, days: int) -> ChanceRecord:
    """Return the probability in a reference class under Jeffreys' prior: of a case, or of an event within `days` of its years."""
    count = parse_count(reference.count)
    how = f"{reference.count.strip()}: {reference.of}"
    if not count.in_years:
        return _record(share_of(count.events, count.size), how)
    shape, window = count.events + 0.5, days / DAYS_PER_YEAR
    mean = -math.expm1(-float(against_event(np.array(shape), np.array(count.size), np.array(window))))
    low, high = (-math.expm1(-float(gammaincinv(shape, level)) / count.size * window) for level in (0.05, 0.95))
    return _record(Chance(mean, low, high), how)


def _judged(judged: Judged) -> ChanceRecord:
    distribution = parse(judged.is_, low=0.0, high=1.0)
    low, high = (float(value) for value in distribution.quantile((0.05, 0.95)))
    return _record(Chance(distribution.mean, low, high), f"{judged.is_}, judged by {judged.by}: {judged.why}")


def _estimated(text: str, opens: date, days: int) -> Made:
    """Return the chance of an event within `days`, whose yearly rate a stored estimate gives with its uncertainty."""
    from tocsin.evidence.reference import estimate, reach
    from tocsin.evidence.store import load_result

    stored, years = estimate(text), days / DAYS_PER_YEAR
    rate = parse(as_distribution(stored), low=0.0)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    mean = float(-np.expm1(-rate.quantile((nodes + 1.0) / 2.0) * years) @ weights / 2.0)
    low, high = (-math.expm1(-float(value) * years) for value in rate.quantile((0.05, 0.95)))
    complete, last = reach(stored.name)
    used = DataUsed(
        name=text.strip(),
        until=date(last, 12, 31),
        remains=None,
        sha256=hashlib.sha256(json.dumps(load_result(stored.name).to_dict(), sort_keys=True).encode()).hexdigest(),
    )
    marks = [f"limits of evidence/{stored.name}: {stored.limits}"]
    if date(complete, 12, 31) < opens:
        ends = "ends in" if complete == last else "is complete only to"
        marks.insert(0, f"the record behind evidence/{stored.name} {ends} {complete}, before the opening day")
    how = f"{text.strip()}: {_rate_of(text, stored)}"
    return Made("estimate", _record(Chance(mean, low, high), how), None, (used,), marks=tuple(marks))


def _rate_of(text: str, stored: Estimate) -> str:
    """Return in words which yearly rate a stored estimate is."""
    from tocsin.data.names import find_code, name_of

    parts = text.strip().split("/")
    if stored.name != "hostility" or len(parts) != 5:
        return stored.what.partition(";")[0]
    challenger, target = (name_of(find_code(part)) for part in parts[2:4])
    return f"rate of disputes begun by {challenger} with {target} in {parts[4]}"


def _claimed(assessment: AssessmentRecord, key: str) -> ChanceRecord:
    """Return the probability of a claim, no nearer to 0 or 1 than half a draw of those that count: fewer draws cannot know more."""
    claim = next(claim for claim in assessment.claims if claim.id == key)
    if claim.probability is None:
        raise InputError(
            message(
                "claim `{key}` has no probability in the assessment ({verdict})",
                key=key,
                verdict=VERDICT_WORDS[claim.verdict],
            ),
            remedy=message("ask about another claim"),
        )
    span, draws = claim.probability, assessment.run.effective_draws
    least = 0.0 if draws is None else min(0.5 / draws, 0.5)
    mid, low, high = (min(max(value, least), 1.0 - least) for value in (span.mid, span.low, span.high))
    swept = "models and thresholds" if claim.curve else "models"
    return _record(Chance(mid, low, high), f"claim {key} in the assessment; low and high over {swept}")


def _yearly(
    assessment: AssessmentRecord, theatre: str, event: str, days: int
) -> tuple[ChanceRecord, ChanceRecord | None]:
    """Return the chance of an event within `days`, in the model and as the theatre's record implies it, each from a yearly one."""
    row = next((row for row in assessment.health.base_rates if (row.theatre, row.event) == (theatre, event)), None)
    if row is None:
        known = {item.event for item in assessment.health.base_rates if item.theatre == theatre}
        raise InputError(
            message("the assessment has no yearly rate of `{event}` in `{theatre}`", event=event, theatre=theatre),
            remedy=use_one_of(known),
        )
    years = days / DAYS_PER_YEAR

    def within(yearly: float | None) -> float:
        return -math.expm1(years * math.log1p(-(yearly or 0.0)))

    model = Chance(within(row.mean), within(row.model.p05), within(row.model.p95))
    forecast = _record(
        model,
        f"{EVENT_WORDS[event]} in the theatre {theatre}: mean over the worlds of the assessment, as a record would count it",
    )
    if row.record is None:
        return forecast, None
    record = Chance(within(row.record.p50), within(row.record.p05), within(row.record.p95))
    return forecast, _record(record, f"{EVENT_WORDS[event]} in the record of the theatre")


def _years(years: float) -> str:
    return f"{years * 12:.0f} months" if years < 2 else f"{years:.1f} years"
