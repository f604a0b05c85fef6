"""Find the beliefs of a case that rest on one fit, so that they are drawn with its correlation."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tocsin.case.origin import differing_estimate, is_estimate
from tocsin.case.schema import JoinedCase


@dataclass(frozen=True)
class JointBeliefs:
    """Two or more beliefs that rest on one fit.

    Attributes:
        names: of the beliefs, in the order of the case.
        loadings: for each belief, on the independent factors of the fit; the correlation of two beliefs is the inner product.
    """

    names: tuple[str, ...]
    loadings: tuple[tuple[float, ...], ...]


def joint_beliefs(case: JoinedCase) -> tuple[JointBeliefs, ...]:
    """Return the groups of beliefs that rest on one fit.

    A belief belongs to a group if it has the distribution of its estimate. With a distribution of its own it does not.
    """
    groups: dict[tuple[str, str], dict[str, tuple[float, ...]]] = defaultdict(dict)
    for name, belief in case.beliefs.items():
        if belief.from_ is None or not is_estimate(belief.from_):
            continue
        # imported here: only cases that name an estimate need it
        from tocsin.evidence.reference import estimate

        stored = estimate(belief.from_)
        if stored.joint is not None and not differing_estimate(belief.from_, belief.is_):
            groups[stored.name, stored.joint.fit][name] = stored.joint.loadings
    return tuple(JointBeliefs(tuple(group), tuple(group.values())) for group in groups.values() if len(group) > 1)
