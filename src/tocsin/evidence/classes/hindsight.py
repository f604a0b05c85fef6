"""What a class shows to a case of an earlier day: only the cases whose windows had ended by then.

The rates are counted again from the listed cases. Those that rest on more than the list says, such as the rate after a recent dispute, are
left out. Intervals allow for cases of one pair that go together, not for those of one state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from tocsin.evidence.classes.figures import ALL, CASES_OF, CLUSTERED, MORE_THAN, SIMILAR
from tocsin.evidence.classes.rates import Arm, Interval, clustered_jeffreys, difference
from tocsin.evidence.classes.stored import CaseRow, Rate, StoredClass
from tocsin.evidence.classes.windows import OPEN, YES
from tocsin.intervals import jeffreys

_PAIR = re.compile(r"(?P<name>.+?) (?P<year>\d{4}): (?P<outcome>yes|no|open)(?:; |$)")
"""A similar pair in the list: "India against Pakistan 1964: no"."""


def known_in(stored: StoredClass, year: int) -> tuple[StoredClass | None, int]:
    """Return a class with the cases whose windows ended before a year, and how many closed cases are left out.

    The class is the stored one if none is left out, and None if no closed case remains.
    """
    ended = [row for row in stored.cases if _ended(row, stored, year)]
    closed = [row for row in stored.cases if row[stored.main] != OPEN]
    left_out = len(closed) - sum(row[stored.main] != OPEN for row in ended)
    if not left_out:
        return stored, 0
    if left_out == len(closed):
        return None, left_out
    rates = {(outcome, of): rate for outcome in stored.definition.outcomes for of, rate in _rates(ended, outcome)}
    rates |= {(stored.main, of): rate for of, rate in _with_similar(stored, ended, year)}
    figures = replace(stored.result.figures, listed=tuple(ended))
    return replace(stored, result=replace(stored.result, figures=figures), rates=rates), left_out


def _ended(row: CaseRow, stored: StoredClass, year: int) -> bool:
    return int(str(row["year"])) + stored.definition.years < year


def _rates(rows: Sequence[CaseRow], outcome: str) -> Iterator[tuple[str, Rate]]:
    closed = [row for row in rows if row[outcome] != OPEN]
    if not closed:
        return
    happened = np.array([row[outcome] == YES for row in closed], dtype=float)
    pairs = np.array([str(row["pair"]) for row in closed])
    hits, count = float(happened.sum()), len(closed)
    for of, interval in ((ALL, jeffreys(hits, count)), (CLUSTERED, clustered_jeffreys(happened, (pairs,)))):
        yield of, Rate(hits, count, hits / count, interval[0], interval[2])


def _with_similar(stored: StoredClass, rows: Sequence[CaseRow], year: int) -> Iterator[tuple[str, Rate]]:
    """Yield the comparison of the main outcome with similar pairs whose windows had ended too."""
    used: list[tuple[CaseRow, list[re.Match[str]]]] = []
    for row in rows:
        pairs = [pair for pair in _PAIR.finditer(str(row["similar"])) if pair["outcome"] != OPEN]
        ended = [pair for pair in pairs if int(pair["year"]) + stored.definition.years < year]
        if row[stored.main] != OPEN and ended:
            used.append((row, ended))
    if not used:
        return
    count = len(used)
    names = np.array([str(row["pair"]) for row, _ in used])
    cases = Arm(
        np.array([row[stored.main] == YES for row, _ in used], dtype=float), np.full(count, 1.0 / count), (names,)
    )
    weighted = [(pair, 1.0 / (len(group) * count)) for _, group in used for pair in group]
    others = Arm(
        np.array([pair["outcome"] == YES for pair, _ in weighted], dtype=float),
        np.array([weight for _, weight in weighted]),
        (np.array([pair["name"] for pair, _ in weighted]),),
    )
    for of, arm in ((CASES_OF + SIMILAR, cases), (SIMILAR, others)):
        yield of, _of_arm(arm)
    yield MORE_THAN + SIMILAR, _of_difference(difference(cases, others), count)


def _of_arm(arm: Arm) -> Rate:
    low, _, high = arm.interval
    return Rate(round(arm.share * arm.happened.size, 2), arm.happened.size, arm.share, low, high)


def _of_difference(interval: Interval, count: int) -> Rate:
    low, gap, high = interval
    return Rate(None, count, gap, low, high)
