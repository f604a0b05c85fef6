"""The verdict of a claim with beliefs moved: its probabilities change by as much as they do in a few worlds read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from tocsin.assessment.moved import OpenTests, Seen
from tocsin.assessment.result import ClaimResult, Likelihood, PartResult, Verdict
from tocsin.assessment.verdicts import ERRORS, Part, combined, decide, wanted_together
from tocsin.assessment.words import FAILS, HOLDS


@dataclass(frozen=True)
class Outlook:
    """The probabilities of a claim's tests, by type.

    Attributes:
        tests: part -> type -> probability.
        together: type -> probability that enough tests hold; empty if the claim does not depend on it.
        size: type -> effective number of worlds.
    """

    tests: Mapping[str, Mapping[str, float]]
    together: Mapping[str, float]
    size: Mapping[str, float]

    @classmethod
    def of(cls, open_tests: OpenTests, seen: Mapping[str, Seen]) -> Outlook:
        """Return the probabilities of tests from where they hold, by type."""
        tests = {part: {kind: one.probability(part) for kind, one in seen.items()} for part in open_tests.tests}
        together = {kind: one.together(open_tests) for kind, one in seen.items()} if open_tests.together else {}
        return cls(tests, together, {kind: one.size for kind, one in seen.items()})

    @property
    def known(self) -> bool:
        """Return whether every probability is a number."""
        return bool(
            np.all(np.isfinite([value for row in (*self.tests.values(), self.together) for value in row.values()]))
        )


@dataclass(frozen=True)
class Moved:
    """What beliefs moved make of a claim: its verdict, and by part the verdict and the probability.

    The part of a claim without parts is empty; "together" is that enough parts hold.
    """

    verdict: Verdict
    verdicts: Mapping[str, Verdict]
    probabilities: Mapping[str, float]


TOGETHER = "together"


def moved(
    result: ClaimResult, before: Outlook, after: Outlook, pool: Mapping[str, float], errors: float = ERRORS
) -> Moved:
    """Return what beliefs moved make of a claim.

    The reported probabilities, pooled and by model, change by the difference between two readings in the same few worlds. The difference is
    taken nearer to 0 by some of its standard errors, so that chance seldom turns a verdict.

    Args:
        result: the claim as it stands.
        before, after: without and with the move.
        pool: weight of each type.
        errors: standard errors by which the difference is reduced.
    """

    def turn(
        now: Likelihood, by_model: Mapping[str, float], part: Mapping[str, float], base: Mapping[str, float]
    ) -> tuple[Verdict, float]:
        change = {kind: _reduced(part[kind] - base[kind], errors, after.size[kind]) for kind in part}
        mid = now.mid + sum(pool.get(kind, 1.0) * value for kind, value in change.items())
        models = [value + change.get(name.partition(",")[0], 0.0) for name, value in by_model.items()]
        mid, *models = (float(np.clip(value, 0.0, 1.0)) for value in (mid, *models))
        return decide(mid, models), mid

    if not result.parts:
        assert result.probability is not None
        verdict, mid = turn(result.probability, result.by_model, after.tests[""], before.tests[""])
        return Moved(verdict, {"": verdict}, {"": mid})
    verdicts: dict[str, Verdict] = {part.name: part.verdict for part in result.parts}
    probabilities: dict[str, float] = {}
    for part in result.parts:
        if part.name in after.tests and part.probability is not None:
            verdicts[part.name], probabilities[part.name] = turn(
                part.probability, part.by_model, after.tests[part.name], before.tests[part.name]
            )
    joint: Verdict | None = None
    if after.together:
        now, by_model = joint_likelihood(result, before, pool)
        joint, probabilities[TOGETHER] = turn(now, by_model, after.together, before.together)
    states = [_state(part, verdicts[part.name]) for part in result.parts]
    whole = combined(result.rule, states, joint)
    return Moved(whole, verdicts | ({TOGETHER: joint} if joint else {}), probabilities)


def joint_likelihood(
    result: ClaimResult, before: Outlook, pool: Mapping[str, float]
) -> tuple[Likelihood, Mapping[str, float]]:
    """Return the probability that enough parts hold and the same by model: as reported, or as read in the few worlds."""
    if result.probability is not None:
        return result.probability, result.by_model
    mid = sum(pool.get(kind, 1.0) * value for kind, value in before.together.items())
    return Likelihood(low=mid, mid=mid, high=mid), before.together


def _reduced(change: float, errors: float, size: float) -> float:
    """Return a change of a share, nearer to 0 by some standard errors: those of the share of worlds that change sides."""
    error = np.sqrt(max(abs(change) * (1.0 - abs(change)), 1.0 / size) / size)
    return float(np.sign(change) * max(abs(change) - errors * error, 0.0))


def _state(part: PartResult, verdict: Verdict) -> Part:
    return Part(name=part.name, verdict=verdict, basis=part.basis, essential=part.essential)


def asks_together(result: ClaimResult) -> int | None:
    """Return how many of the open parts of a claim must hold together; None if its verdict does not depend on it."""
    wanted = wanted_together(result.rule, [_state(part, part.verdict) for part in result.parts])
    undecided: Iterable[PartResult] = (part for part in result.parts if part.basis in ("estimate", "model"))
    return None if any(part.probability is None for part in undecided) else wanted


def to_edge(probability: float, verdict: str) -> float:
    """Return how far a probability is from the nearest edge of its verdict; infinite for a verdict that it does not decide alone."""
    low, high = FAILS / 100.0, HOLDS / 100.0
    gaps = {
        "holds": probability - high,
        "fails": low - probability,
        "cannot tell": min(probability - low, high - probability),
    }
    return max(gaps[verdict], 0.0) if verdict in gaps else np.inf
