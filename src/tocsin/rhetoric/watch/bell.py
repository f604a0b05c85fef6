"""Add what is new to an archive, judge its latest weeks, and ring."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.errors import InputError
from tocsin.rhetoric.archive import Defaults, ImportSummary, open_archive
from tocsin.rhetoric.triggers import Trigger
from tocsin.rhetoric.watch.counted import LANGUAGE, OUTLET, Counted, count_statements, countable, end_of_stored
from tocsin.rhetoric.watch.coverage import MIN_WEEKS, gaps, whole_output
from tocsin.rhetoric.watch.judging import Judgement, judge, target_level
from tocsin.rhetoric.watch.learning import Learned, learn
from tocsin.rhetoric.watch.ledger import Ledger, one_at_a_time
from tocsin.translation import message

FORMAT = "tocsin-alarm/1"
RECENT = 8
"""Weeks before today that are judged; older ones are history."""
MAX_STATEMENTS = 10
"""Largest number of statements that an alarm lists."""


@dataclass(frozen=True)
class Settings:
    """What to watch.

    Attributes:
        archive: file of the archive.
        sources: files, folders, or addresses of feeds.
        events: target -> events that may trigger words about it. Its keys are the targets.
        rate: probability that a week rings for any target if nothing unusual happens.
        defaults: attributes of statements that do not state them.
        today: day of the run; see `pyongyang_today`.
        fetch: whether addresses may be fetched.
        seed: seed of chains and samples.
    """

    archive: Path
    sources: tuple[str, ...]
    events: Mapping[str, Sequence[Trigger]]
    rate: float
    defaults: Defaults
    today: dt.date
    fetch: bool = False
    seed: int = 1


@dataclass
class Report:
    """What happened in a run.

    Attributes:
        summary: what happened to the sources; judged: number of weeks judged; rung: number of alarms.
        notes: what the user should know and was not told before.
    """

    summary: ImportSummary = field(default_factory=ImportSummary)
    judged: int = 0
    rung: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """Return 0 if everything was read, 1 if something was lost, 2 if nothing could be read."""
        if not self.summary.lost:
            return 0
        return 1 if self.summary.added + self.summary.known else 2


def pyongyang_today() -> dt.date:
    """Return today's date in Pyongyang, where the days and weeks of the series end."""
    return dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=9))).date()


def watch(settings: Settings, ring: Callable[[Mapping[str, Any]], None]) -> Report:
    """Add what is new in the sources to the archive, judge the weeks that changed, and ring.

    An alarm is recorded before it rings, and marked as rung after `ring` has returned. So a killed run loses no alarm: the next run
    rings. Only a kill between `ring` and the mark lets an alarm ring twice.

    Args:
        settings: what to watch.
        ring: called with the record of each alarm; it must have written it when it returns.

    Raises:
        InputError: if a source is an address and fetching is not allowed, or the archive cannot be used.
        SolveError: if another run watches the archive, or a prediction fails.
    """
    if not settings.fetch and (address := next(filter(_is_address, settings.sources), None)):
        raise InputError(
            message("an address, and nothing is fetched without --fetch"),
            file=address,
            remedy=message("give --fetch, or saved files"),
        )
    report = Report()
    with one_at_a_time(settings.archive):
        counted = _add(settings, report)
        with Ledger(settings.archive) as ledger:
            try:
                _judge_recent(settings, counted, ledger, report)
            finally:  # recorded alarms ring even if a prediction fails
                for key, record in ledger.pending():
                    ring(record)
                    ledger.mark_rung(key)
                    report.rung += 1
    return report


def _is_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _add(settings: Settings, report: Report) -> Counted:
    with open_archive(settings.archive, writing=True) as archive:
        before = countable(archive, settings.today).height
        archive.add_files(settings.sources, settings.defaults, summary=report.summary)
        table = countable(archive, settings.today)
    if missing := report.summary.added - (table.height - before):
        report.notes.append(
            f"{missing} of the {report.summary.added} added statements are not counted: only headlines of {OUTLET} in {LANGUAGE} "
            f"count, each once a day, from {end_of_stored()} to {settings.today}; name the outlet of statements that name none with --outlet"
        )
    return count_statements(table, tuple(settings.events))


def _judge_recent(settings: Settings, counted: Counted, ledger: Ledger, report: Report) -> None:
    """Judge the recent weeks of the archive that changed since they were judged, and record their alarms."""
    since = _since(settings, counted)
    known = counted.covered_weeks(settings.today)
    if 0 < known < MIN_WEEKS and ledger.is_new("few weeks"):
        report.notes.append(
            f"only {known} covered week{'s' * (known > 1)} of the last year {'are' if known > 1 else 'is'} known; until there are {MIN_WEEKS}, only an extreme week rings"
        )
    for target in settings.events:
        unjudged = gaps(counted.counts[target], settings.today)
        begun = set(counted.counts[target]["from"])
        report.notes += [
            str(gap)
            for week, gap in unjudged.items()
            if week >= since and (week in begun or gap.kind != "open") and ledger.is_new(f"gap {week} {gap.kind}")
        ]
        watched = Watched(settings, target, counted.without_gaps(target, settings.today))
        for week in watched.counts.filter(pl.col("from") >= since)["from"].unique().sort():
            output = whole_output(watched.counts, week) if week in unjudged else None
            key, mark = f"{week} {target}", watched.fingerprint(week)
            if (week in unjudged and output is None) or ledger.is_judged(key, mark):
                continue
            judgement = watched.judge(week, output)
            ledger.record(key, mark, _alarm(judgement, counted) if judgement.rings else None)
            report.judged += 1


class Watched:
    """A target with the weekly counts, without gaps, and the events that decide on its weeks."""

    def __init__(self, settings: Settings, target: str, counts: pl.DataFrame) -> None:
        self.target, self.counts, self.today, self.seed = target, counts, settings.today, settings.seed
        self.events = [event for event in settings.events[target] if event.date <= settings.today]
        self.level = target_level(settings.rate, len(settings.events))
        self._learned: dict[int, Learned] = {}

    def fingerprint(self, week: dt.date) -> str:
        """Return a hash of all that decides on a week."""
        end = week + dt.timedelta(weeks=1)
        known = sorted(str((event.date, event.group)) for event in self.events if event.date < end)
        is_open = self.today < end
        parts = (self.counts.filter(pl.col("from") < end).write_csv(), known, self.level, is_open)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def judge(self, week: dt.date, usual_output: float | None) -> Judgement:
        """Judge a week; see `judging.judge`."""
        learned = self.learned(week.isocalendar().year)
        return judge(
            learned, self.counts, self.events, week, level=self.level, usual_output=usual_output, seed=self.seed
        )

    def learned(self, year: int) -> Learned:
        """Return what the weeks before a year tell; see `learning.learn`."""
        if year not in self._learned:
            self._learned[year] = learn(self.counts, self.target, year, self.events, seed=self.seed)
        return self._learned[year]


def _since(settings: Settings, counted: Counted) -> dt.date:
    """Return the first week to judge: the archive's first, but no earlier than `RECENT` weeks ago."""
    monday = settings.today - dt.timedelta(days=settings.today.weekday())
    earliest = counted.coded["date"].min() if counted.coded.height else dt.date.max
    assert isinstance(earliest, dt.date)
    return max(earliest - dt.timedelta(days=earliest.weekday()), monday - dt.timedelta(weeks=RECENT))


def _alarm(judgement: Judgement, counted: Counted) -> dict[str, Any]:
    numbers = counted.statements(judgement.target, judgement.week)
    return {
        "format": FORMAT,
        "id": f"{judgement.week} {judgement.target}",
        "reason": judgement.reason,
        **judgement.to_dict(),
        "statements": numbers[:MAX_STATEMENTS],
    }
