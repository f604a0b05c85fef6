"""Play the rate on the past of a register: a question on the first of every month, answered from the days before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tocsin.errors import SolveError
from tocsin.forecasts.events import EventDays
from tocsin.forecasts.rate import Record
from tocsin.forecasts.scoring import Scores, score
from tocsin.translation import message

DAYS = 30
"""Length of a window."""
FIRST, LAST = 1996, 2025
"""Years of the questions. The last is the last full year before the day of the founding case: what came later is for scoring its forecasts."""


@dataclass(frozen=True)
class PastQuestion:
    """A question of the past: whether an event came within `DAYS` days after `opens`, by each forecaster, and what happened.

    `plain` is the rate without the calendar, `constant` the share of all earlier windows with an event, `recent` that of the last ten years.
    """

    opens: date
    rate: float
    plain: float
    constant: float
    recent: float
    happened: bool


@dataclass(frozen=True)
class Replay:
    """The rate on a register's past: its questions, and the scores of the rate, with and without the calendar, and of the recent share, all against the constant.

    `over_recent` are those of the rate against the recent share.
    """

    name: str
    cite: str
    sha256: str
    questions: tuple[PastQuestion, ...]
    rate: Scores
    plain: Scores
    recent: Scores
    over_recent: Scores


def months(events: EventDays) -> tuple[date, ...]:
    """Return the first of every month of the years of the questions whose window ends within a list of events."""
    every = (date(year, month, 1) for year in range(FIRST, LAST + 1) for month in range(1, 13))
    return tuple(day for day in every if (events.last - day).days >= DAYS)


def replay(events: EventDays, progress: Callable[[], object] = lambda: None) -> Replay:
    """Return the rate on the past of a list of events; `progress` is called after each question.

    Raises:
        SolveError: if the list is too short before the first question, or does not reach beyond it.
    """
    if not months(events):
        raise SolveError(
            message("`{name}` ends before the first question of {day}", name=events.name, day=str(FIRST)),
            remedy=message("use a list that reaches further"),
        )
    record, questions = Record(events), []
    for opens in months(events):
        questions.append(_question(record, events, opens))
        progress()
    happened = [item.happened for item in questions]
    rate, constant, recent = ([getattr(item, name) for item in questions] for name in ("rate", "constant", "recent"))
    years = [item.opens.year for item in questions]
    return Replay(
        name=events.name,
        cite=events.cite,
        sha256=events.sha256,
        questions=tuple(questions),
        rate=score(rate, constant, happened, years),
        plain=score([item.plain for item in questions], constant, happened, years),
        recent=score(recent, constant, happened, years),
        over_recent=score(rate, recent, happened, years),
    )


def _question(record: Record, events: EventDays, opens: date) -> PastQuestion:
    result = record.forecast(opens, DAYS)
    happened = any(0 < (day - opens).days <= DAYS for day in events.days)
    return PastQuestion(
        opens=opens,
        rate=result.chance.probability,
        plain=result.plain,
        constant=result.constant.probability,
        recent=result.recent.probability,
        happened=happened,
    )
