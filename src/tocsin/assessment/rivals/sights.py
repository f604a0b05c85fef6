"""Decide by the facts of a case whether an observation was seen; nobody asserts it."""

from __future__ import annotations

import numpy as np

from tocsin.assessment.estimates import truth
from tocsin.assessment.requests import truth_by_facts
from tocsin.assessment.rivals.result import Sight
from tocsin.assessment.versions import versions
from tocsin.case.checks_dates import is_late
from tocsin.case.compiled import Test
from tocsin.case.distributions import fact_of
from tocsin.case.nodes import Node, facts, inputs, reads_only_facts
from tocsin.case.schema import Case
from tocsin.reading import Loc


def sight_of(case: Case, loc: Loc, seed: int) -> Sight:
    """Return whether an observation or a prediction was seen.

    Where sources disagree about a fact and so about the item, it does not count. Where the test reads inputs, it was seen in the share of
    their draws in which the test holds.

    Args:
        case: the case.
        loc: path of the item in the file.
        seed: of the draws of the inputs.
    """
    node = case.rivals.tests.get(loc)
    if node is None:
        return Sight(state="unknown", share=None)
    read = tuple(sorted(facts(node) | _facts_of_inputs(case, node)))
    late = any(is_late(case, key) for key in read)
    shares = {_share(version.case, node, seed) for version in versions(case, node)}
    if None in shares:
        return Sight(state="undefined", share=None, late=late, facts=read)
    if len(shares) > 1:
        return Sight(state="disputed", share=None, late=late, facts=read)
    share = float(shares.pop() or 0.0)
    if inputs(node):
        return Sight(state="estimated", share=share, late=late, facts=read)
    return Sight(state="seen" if share else "not seen", share=share, late=late, facts=read)


def _share(case: Case, node: Node, seed: int) -> float | None:
    """Return the share of draws in which a test holds; None where it is undefined in some."""
    by_facts = reads_only_facts(node)
    holds = truth_by_facts(case, Test(node)) if by_facts else truth(case, Test(node), None, seed)
    return None if np.isnan(holds).any() else float(np.mean(holds))


def _facts_of_inputs(case: Case, node: Node) -> frozenset[str]:
    """Return the facts whose values the inputs of a test take."""
    keys = (fact_of(case.beliefs[name].is_) for name in inputs(node))
    return frozenset(key for key in keys if key is not None)
