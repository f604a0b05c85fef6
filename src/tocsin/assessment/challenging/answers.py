"""What a change makes of a claim: read from a decision, or carried over from a few worlds in which its games were solved again.

The probability of a test of the games is the reported one plus the difference between two readings in the same few worlds, without and with
the change. Its standard error is that of a difference in the same worlds, see `pairing.influence`. A verdict takes the difference nearer to 0
by two of its standard errors, so that chance seldom turns it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tocsin.assessment.challenging.bench import Bench
from tocsin.assessment.challenging.changes import Change, ChangedJudge
from tocsin.assessment.challenging.result import ERRORS, Answer, Row
from tocsin.assessment.challenging.seeing import Sighted, sights
from tocsin.assessment.judging import Tested
from tocsin.assessment.pairing.influence import Placed, fewest, influence, paired_error, placed, pooled
from tocsin.assessment.requests import basis_of, theatres_of
from tocsin.assessment.result import Basis, ClaimResult, PartResult, Verdict
from tocsin.assessment.shares import Check, Checks, enough
from tocsin.assessment.situations import central_models
from tocsin.assessment.verdicts import Part, combined, decide, wanted_together
from tocsin.case.compiled import Test
from tocsin.case.schema import Case
from tocsin.errors import SolveError
from tocsin.translation import message

if TYPE_CHECKING:
    from tocsin.assessment.ensemble import Ensembles

TOGETHER = "together"


@dataclass(frozen=True)
class Shift:
    """By how much probabilities change, with standard errors, by type of challenger; and the error of the pooled change."""

    change: Mapping[str, float]
    error: Mapping[str, float]
    pooled_error: float

    def reduced(self, kind: str, errors: float) -> float:
        """Return the change of one type, nearer to 0 by some standard errors."""
        value = self.change[kind]
        return float(np.sign(value) * max(abs(value) - errors * self.error[kind], 0.0))


def answer(result: ClaimResult) -> Answer:
    """Return the verdict and the probabilities of a decided claim."""
    verdicts: dict[str, Verdict] = {part.name: part.verdict for part in result.parts}
    numbers = {part.name: (part.probability.mid, part.probability.error) for part in result.parts if part.probability}
    if result.probability is not None:
        numbers[""] = (result.probability.mid, result.probability.error)
    decided: list[tuple[str, ClaimResult | PartResult]] = [(part.name, part) for part in result.parts] or [("", result)]
    reasons = {name: item.words for name, item in decided if item.verdict == "cannot tell" and item.probability is None}
    return Answer(verdict=result.verdict, verdicts=verdicts, probabilities=numbers, reasons=reasons)


def row(change: Change, basis: Basis, before: Answer, after: Answer, errors: Mapping[str, float]) -> Row:
    """Return what a change does to a claim: the part that moves most, those whose verdict turns first.

    Args:
        change: the change.
        basis: of the claim.
        before, after: the claim without and with it.
        errors: standard errors of the changes of probabilities by part; those of both answers where it has none.
    """
    moves = {
        part: after.probabilities[part][0] - before.probabilities[part][0]
        for part in after.probabilities
        if part in before.probabilities
    }
    parts = tuple(
        (part, before.verdicts[part], now) for part, now in after.verdicts.items() if now != before.verdicts[part]
    )
    turned = [part for part, _, _ in parts]
    ranked = sorted(moves, key=lambda part: (part != "" and part not in turned, -abs(moves[part]), part))
    part = ranked[0] if ranked else turned[0] if turned else ""
    error = None
    if part in moves:
        both = (before.probabilities[part][1], after.probabilities[part][1])
        error = errors.get(part, float(np.hypot(*both)))
    return Row(
        kind=change.kind,
        of=change.of,
        says=change.says,
        settings=change.settings,
        before=before.verdict,
        after=after.verdict,
        parts=parts,
        part=part,
        probability=after.probabilities[part][0] if part in after.probabilities else None,
        change=moves.get(part),
        error=error,
        basis=basis,
        why=after.reasons.get(turned[0] if turned else "", ""),
    )


# --- games solved again ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Carrier:
    """Carries the answer of a claim over to a change whose games were solved again in a few worlds.

    Attributes:
        bench: the claims as they stand.
        judge: decides the tests that no game decides, in the changed case.
        before, after: the same worlds without and with the change.
        only_types: whether the models at other discount factors have no voice with the change.
    """

    bench: Bench
    judge: ChangedJudge
    before: Ensembles
    after: Ensembles
    only_types: bool = False

    @property
    def case(self) -> Case:
        """Return the changed case with these claims alone."""
        return self.judge.case

    def answer(self, name: str) -> tuple[Answer, dict[str, float]]:
        """Return the answer of a claim with the change, and the standard errors of its changes by part."""
        result = self.bench.results[name]
        tests = self.case.tests[name]
        if not result.parts:
            verdict, number, error = self._turned(result, name, {"": Check.of(tests[""])}, 1)
            return Answer(verdict=verdict, probabilities=number), error
        verdicts: dict[str, Verdict] = {}
        numbers: dict[str, tuple[float, float]] = {}
        errors: dict[str, float] = {}
        for part in result.parts:
            if part.name not in tests:
                verdicts[part.name] = part.verdict
                continue
            test = tests[part.name]
            verdicts[part.name], number, error = self._turned(part, name, {part.name: Check.of(test)}, 1)
            numbers |= number
            errors |= error
        states = [self._state(part, name, verdicts[part.name]) for part in result.parts]
        joint, number, error = self._jointly(result, states)
        verdict = combined(result.rule, states, joint)
        return Answer(verdict=verdict, verdicts=verdicts, probabilities=numbers | number), errors | error

    def _state(self, part: PartResult, name: str, verdict: Verdict) -> Part:
        test = self.case.tests[name].get(part.name)
        basis: Basis = "nothing" if verdict == "not tested" or test is None else basis_of(self.case, test)
        return Part(name=part.name, verdict=verdict, basis=basis, essential=part.essential)

    def _turned(
        self, now: ClaimResult | PartResult, name: str, checks: Mapping[str, Check], wanted: int
    ) -> tuple[Verdict, dict[str, tuple[float, float]], dict[str, float]]:
        """Return the verdict of one test with the change, its probability and the standard error of the change."""
        ((key, check),) = checks.items()
        test = check.test
        if self.judge.lost(test) or basis_of(self.case, test) != "model":
            return _as_decided(key, self.judge.judge(test))
        stood = self.bench.claims.tests[name][key]
        as_is = self.bench.unseen.get(stood, now)
        if as_is.probability is None or (stood in self.bench.unseen and not self._sees(stood)):
            return now.verdict, {}, {}
        moved = self._shift(name, [key], wanted)
        verdict, mid = self._decided(as_is.probability.mid, as_is.by_model, moved)
        error = moved.pooled_error
        return verdict, {key: (mid, float(np.hypot(as_is.probability.error, error)))}, {key: error}

    def _sees(self, test: Test) -> bool:
        """Return whether the measure of a test sees all of its controls with the change."""
        theatres = theatres_of(self.bench.claims, [test.node])
        worlds = Sighted(self.bench.judge.central, self.before, self.after)
        before, after = (
            {model.type: model for model in central_models(case)} for case in (self.bench.claims, self.case)
        )
        for sight in sights(self.bench.claims, test):
            shares, old, new = {}, {}, {}
            for kind in before:
                full, first, then = worlds.groups(theatres, sight, {"before": before[kind], "after": after[kind]})
                shares[kind] = enough([full], 1).probability
                old[kind], new[kind] = {theatres: first}, {theatres: then}
            verdict, _ = self._decided(self._mean(shares), shares, shift(old, new, 1, self._pool))
            if (verdict == "holds") != sight.positive:
                return False
        return True

    def _mean(self, shares: Mapping[str, float]) -> float:
        return sum(self._pool[kind] * value for kind, value in shares.items())

    def _jointly(
        self, result: ClaimResult, states: Sequence[Part]
    ) -> tuple[Verdict | None, dict[str, tuple[float, float]], dict[str, float]]:
        """Return whether enough parts hold together with the change; None if the verdict does not depend on it."""
        wanted = wanted_together(result.rule, states)
        modelled = [state.name for state in states if state.basis in ("estimate", "model")]
        known = {part.name for part in result.parts if part.probability is not None}
        if wanted is None or not known.issuperset(modelled):
            return None, {}, {}
        before = self.bench.together(result.id, tuple(modelled), wanted)
        if before.probability is None:
            return None, {}, {}
        moved = self._shift(result.id, modelled, wanted)
        verdict, mid = self._decided(before.probability.mid, before.by_model, moved)
        if result.probability is None:
            return verdict, {}, {}
        error = moved.pooled_error
        return verdict, {"": (mid, float(np.hypot(before.probability.error, error)))}, {"": error}

    @property
    def _pool(self) -> Mapping[str, float]:
        return {kind: shape.weight for kind, shape in self.case.types.items()}

    def _decided(self, mid: float, by_model: Mapping[str, float], moved: Shift) -> tuple[Verdict, float]:
        """Return the verdict with the reduced change, and the probability with the whole of it."""

        def models(errors: float) -> dict[str, float]:
            return {kind: moved.reduced(kind, errors) for kind in moved.change}

        whole, reduced = models(0.0), models(ERRORS)
        shown, sure = self._mean(whole), self._mean(reduced)
        voiced = {name: value for name, value in by_model.items() if not self.only_types or name in reduced}
        voices = [_share(value + reduced.get(name.partition(",")[0], 0.0)) for name, value in voiced.items()]
        return decide(_share(mid + sure), voices), _share(mid + shown)

    def _shift(self, name: str, parts: Sequence[str], wanted: int) -> Shift:
        essential = (
            {part.name for part in self.bench.results[name].parts if part.essential} if len(parts) > 1 else set()
        )
        old, new = (
            Checks.of(case, [Check.of(case.tests[name][part], essential=part in essential) for part in parts], seed)
            for case, seed in ((self.bench.claims, self.bench.judge.seed), (self.case, self.bench.judge.seed))
        )
        before, after = (
            {model.type: placed(checks, worlds, model) for model in central_models(checks.case)}
            for checks, worlds in ((old, self.before), (new, self.after))
        )
        result = shift(before, after, wanted, self._pool)
        if not np.all(np.isfinite([*result.change.values()])):
            raise SolveError(message("the test is then undefined in all worlds"), remedy=message("move the input less"))
        return result


def shift(before: Mapping[str, Placed], after: Mapping[str, Placed], wanted: int, pool: Mapping[str, float]) -> Shift:
    """Return by how much the probability changes that at least `wanted` tests hold.

    Args:
        before, after: where the tests hold without and with the change, by type of challenger; groups with one key share their worlds.
        wanted: how many tests must hold.
        pool: weights of the types.
    """
    then, now = ({kind: influence(groups, wanted) for kind, groups in by_type.items()} for by_type in (before, after))
    worlds = {kind: min(fewest(before[kind]), fewest(after[kind])) for kind in before}
    first, last = (pooled([(pool[kind], bears) for kind, bears in by_type.items()]) for by_type in (then, now))
    return Shift(
        change={kind: _probability(after[kind], wanted) - _probability(before[kind], wanted) for kind in before},
        error={kind: paired_error(then[kind], now[kind], worlds[kind]) for kind in before},
        pooled_error=paired_error(first, last, min(worlds.values())),
    )


def _probability(groups: Placed, wanted: int) -> float:
    return enough(list(groups.values()), wanted).probability


def _as_decided(key: str, tested: Tested) -> tuple[Verdict, dict[str, tuple[float, float]], dict[str, float]]:
    if tested.probability is None:
        return tested.verdict, {}, {}
    return tested.verdict, {key: (tested.probability.mid, tested.probability.error)}, {}


def _share(value: float) -> float:
    return float(np.clip(value, 0.0, 1.0))
