"""The verdicts that a claim can reach if some of its tests came out otherwise.

A move that changes only tests whose outcome does not matter cannot turn the verdict, whatever it makes of them. So it need not be solved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement, product

import numpy as np

from tocsin.assessment.moved import OpenTests, Seen
from tocsin.assessment.outlook import TOGETHER, Outlook, joint_likelihood
from tocsin.assessment.result import ClaimResult, PartResult, Verdict
from tocsin.assessment.verdicts import Part, combined, decide

TESTED: tuple[Verdict, ...] = ("holds", "fails", "disputed", "cannot tell")
"""The verdicts that a test can have."""


def reachable(
    result: ClaimResult,
    open_tests: OpenTests,
    seen: Mapping[str, Seen],
    free: Collection[str],
    pool: Mapping[str, float],
) -> frozenset[Verdict]:
    """Return every verdict that a claim may have if some of its parts come out in any way, and the others as they are.

    Parts that the games leave undecided count as free: a move may decide them. The result may hold verdicts that no move reaches, but it
    leaves none out.

    Args:
        result: the claim as it stands.
        open_tests: its tests.
        seen: where they hold, by type, see `Trials.see`.
        free: the parts that may come out in any way; that of a claim without parts is empty.
        pool: weight of each type.
    """
    if not result.parts:
        return frozenset(TESTED if free else (result.verdict,))
    loose = {*free, *_undecided(result)}
    joint: Sequence[Verdict | None] = (None,)
    if _undecided(result):
        joint = (None, *TESTED)
    elif open_tests.together:
        joint = tuple(_joint(result, open_tests, seen, loose, pool))
    return frozenset(
        combined(result.rule, parts, together)
        for parts in _outcomes(result.parts, loose)
        for together in (joint if _all_decided(parts, loose) else (None, *joint))
    )


def _all_decided(parts: Sequence[Part], loose: Collection[str]) -> bool:
    """Return whether no loose part is undecided; one that is may have no probability, and then the claim has none."""
    return not any(part.name in loose and part.verdict in ("cannot tell", "disputed") for part in parts)


def mattering(result: ClaimResult, open_tests: OpenTests, free: Collection[str]) -> frozenset[str]:
    """Return those of some parts whose outcome can matter to the verdict, whatever the other free and undecided parts come to.

    Args:
        result: the claim as it stands.
        open_tests: its tests.
        free: the parts that may come out in any way; that of a claim without parts is empty.
    """
    if not result.parts or open_tests.together:
        return frozenset(free)
    loose = {*free, *_undecided(result)}
    joint = (None, *TESTED) if _undecided(result) else (None,)

    def matters(name: str) -> bool:
        (part,) = (part for part in result.parts if part.name == name)
        others = [other for other in result.parts if other is not part]
        return any(
            len({combined(result.rule, [*rest, _part(part, verdict)], together) for verdict in TESTED}) > 1
            for rest in _outcomes(others, loose)
            for together in joint
        )

    return frozenset(filter(matters, free))


def keeps_verdict(result: ClaimResult, loose: Collection[str]) -> bool:
    """Return whether a claim has its verdict whatever some of its parts come to.

    Args:
        result: the claim.
        loose: the parts that may come out in any way; the empty name is that of a claim without parts, or of whether enough parts hold together.
    """
    if not result.parts:
        return "" not in loose
    joint: Sequence[Verdict | None] = (None, *TESTED)
    if result.probability is not None and not loose:
        joint = (decide(result.probability.mid, result.by_model.values()),)
    verdicts = {combined(result.rule, parts, one) for parts in _outcomes(result.parts, loose) for one in joint}
    return verdicts == {result.verdict}


def _undecided(result: ClaimResult) -> list[str]:
    """Return the parts that the games leave undecided."""
    return [part.name for part in result.parts if part.basis == "model" and part.probability is None]


def pivotal(result: ClaimResult, verdicts: Mapping[str, Verdict]) -> frozenset[str]:
    """Return the parts, or `TOGETHER`, of which another verdict alone would give the claim another verdict than it has.

    Args:
        result: the claim as it stands.
        verdicts: of each part, and of `TOGETHER` if the claim depends on it; that of a claim without parts is empty.
    """
    if not result.parts:
        return frozenset(verdicts)

    def turns(name: str, other: Verdict) -> bool:
        changed = {**verdicts, name: other}
        parts = [_part(part, changed[part.name]) for part in result.parts]
        return combined(result.rule, parts, changed.get(TOGETHER)) != result.verdict

    return frozenset(name for name in verdicts if any(turns(name, other) for other in TESTED))


def _outcomes(parts: Sequence[PartResult], loose: Collection[str]) -> Iterator[list[Part]]:
    """Yield the parts with each outcome of the loose ones; the rules tell only essential parts from the others."""
    fixed = [_part(part, part.verdict) for part in parts if part.name not in loose]
    essential = [part for part in parts if part.name in loose and part.essential]
    others = [part for part in parts if part.name in loose and not part.essential]
    for first in product(TESTED, repeat=len(essential)):
        for second in combinations_with_replacement(TESTED, len(others)):
            pairs = zip([*essential, *others], [*first, *second], strict=True)
            yield [*fixed, *(_part(part, verdict) for part, verdict in pairs)]


def _part(part: PartResult, verdict: Verdict) -> Part:
    return Part(name=part.name, verdict=verdict, basis=part.basis, essential=part.essential)


def _joint(
    result: ClaimResult,
    open_tests: OpenTests,
    seen: Mapping[str, Seen],
    loose: Collection[str],
    pool: Mapping[str, float],
) -> Iterator[Verdict]:
    """Yield the verdicts that the probability that enough parts hold may have, between those with all loose parts false and true."""
    before = Outlook.of(open_tests, seen)
    now, by_model = joint_likelihood(result, before, pool)
    ends = []
    for value in (0.0, 1.0):
        after = {kind: _with(one, loose, value).together(open_tests) for kind, one in seen.items()}
        change = {kind: after[kind] - before.together[kind] for kind in after}
        mid = now.mid + sum(pool.get(kind, 1.0) * change[kind] for kind in change)
        models = [chance + change.get(name.partition(",")[0], 0.0) for name, chance in by_model.items()]
        ends.append(np.clip([mid, *models], 0.0, 1.0))
    (low, *lows), (high, *highs) = ends
    at_ends = {decide(low, ()), decide(high, ())}
    yield from at_ends
    if at_ends == {"fails", "holds"}:
        yield "cannot tell"
    if "holds" in {decide(value, ()) for value in highs} and "fails" in {decide(value, ()) for value in lows}:
        yield "disputed"


def _with(seen: Seen, loose: Collection[str], value: float) -> Seen:
    """Return where tests hold if loose ones have a truth value in all worlds, and the others where they are undefined."""
    truths = {
        part: np.full(truth.shape, value) if part in loose else np.where(np.isnan(truth), value, truth)
        for part, truth in seen.truths.items()
    }
    return replace(seen, truths=truths)
