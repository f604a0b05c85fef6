"""Lists of made-up events, and a case that asks about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from tests.facts_only import write_facts_only

from tocsin.case import Case, load
from tocsin.forecasts.events import EventDays

FORECASTS = """\
forecasts:
  calls_30:
    asks: Will a ship call at the port within 30 days?
    due: 2024-07-30
    resolves: {table: calls.csv, where: {kind: ship}}
    probability: {rate: {}}
  strike_90:
    asks: Will the dockers strike within 90 days?
    due: 2024-09-28
    resolves: {manual: "a strike reported by a paper"}
    probability: {share: {count: 3 in 20 years, of: years of the port with a strike, source: paper}}
    base: {count: 1 in 40 cases, of: quarters of other ports, source: paper}
  mayor_90:
    asks: Will the mayor resign within 90 days?
    due: 2024-09-28
    resolves: {manual: "a resignation reported by a paper"}
    probability: {judged: {is: "beta(0.1 to 0.4)", by: tests, why: range}}
"""
FIRST, OPENS = date(2010, 1, 1), date(2024, 6, 30)


def listed(
    days: Iterable[date], *, first: date = FIRST, last: date = OPENS, undated: tuple[str, ...] = ()
) -> EventDays:
    """Return a list of events that covers `first` to `last`."""
    return EventDays(
        name="calls", cite="tests", sha256="0" * 64, days=tuple(sorted(days)), undated=undated, first=first, last=last
    )


def random_days(seed: int, *, first: date = FIRST, last: date = OPENS, share: float = 0.02) -> tuple[date, ...]:
    """Return days with an event, each with the same chance."""
    length = (last - first).days + 1
    chosen = np.flatnonzero(np.random.default_rng(seed).random(length) < share)
    return tuple(first + timedelta(days=int(index)) for index in chosen)


def write_case(folder: Path, *, days: Iterable[date], forecasts: str = FORECASTS) -> Path:
    """Write the case of facts alone with questions about a table of calls, and return its folder."""
    write_facts_only(folder)
    file = folder / "case.yaml"
    file.write_text(file.read_text(encoding="utf-8") + forecasts, encoding="utf-8")
    write_calls(folder / "calls.csv", days)
    return folder


def write_calls(file: Path, days: Iterable[date]) -> None:
    """Write a table of ships that called, with a barge on the first and the last day."""
    rows = [f"{FIRST},barge", *(f"{day},ship" for day in days)]
    file.write_text("\n".join(["date,kind", *rows]) + "\n", encoding="utf-8")


def asking(folder: Path, *, days: Iterable[date], forecasts: str = FORECASTS) -> Case:
    """Load the case of `write_case`."""
    return load(write_case(folder, days=days, forecasts=forecasts))
