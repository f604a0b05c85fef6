"""Comparisons of pillars with one another: they say who carries more of a whole, and need a whole that is worth sharing out.

Where the defenders together hardly lower the risk, each pillar is next to nothing, and which one is larger is noise. A test that names a
least lead, as a threshold or a number, asks for an amount and not for a share: it is no such comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tocsin.assessment.comparisons import ORDERS, difference, with_numbers
from tocsin.case.compiled import Test
from tocsin.case.nodes import Binary, Call, Node, Threshold, calls, walk
from tocsin.case.schema import Case

DIVIDED_FROM = 0.05
"""Pillars are shares of a whole only if the defenders together lower the revision risk by more than this."""

WHOLE = "deterred"
"""The quantity that is the whole of the pillars of the protectors."""
PILLARS = ("pillar", "pillar_all", "pillar_by", WHOLE)


def pillars_compared(case: Case, comparison: Node) -> tuple[Call, ...]:
    """Return the pillars that a node compares with one another; empty if it compares none, or compares their lead with a number."""
    if not isinstance(comparison, Binary) or comparison.op not in ORDERS:
        return ()
    pillars = tuple(dict.fromkeys(call for call in calls(comparison) if call.name in PILLARS))
    if len(pillars) < 2 or any(isinstance(node, Threshold) for node in walk(comparison)):
        return ()
    test = with_numbers(case, Test(comparison))
    total = difference(test.node, test) if isinstance(test.node, Binary) else None
    return pillars if total is None or not total.constant else ()


def compares_pillars(case: Case, node: Node) -> bool:
    """Return whether a test, in any of its parts, compares pillars with one another."""
    return any(pillars_compared(case, part) for part in walk(node))


def is_worth_sharing(case: Case, pillars: tuple[Call, ...], read: Callable[[Call], np.ndarray]) -> np.ndarray:
    """Return in which worlds (D,) the whole of at least one of some pillars exceeds `DIVIDED_FROM`; `read` gives a quantity."""
    return np.any([_whole(case, pillar, read) > DIVIDED_FROM for pillar in pillars], axis=0)


def _whole(case: Case, pillar: Call, read: Callable[[Call], np.ndarray]) -> np.ndarray:
    """Return v(all) - v(none), which is the sum of the Shapley values of all players."""
    if pillar.name == WHOLE:
        return read(pillar)
    form = case.forms[str(pillar.theatre)]
    players = form.defenders if pillar.name == "pillar_all" else form.protectors
    return np.sum([read(replace(pillar, actor=actor)) for actor in players], axis=0)
