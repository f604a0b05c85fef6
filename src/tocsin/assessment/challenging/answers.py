"""What a change makes of a claim: read from a decision, or carried over from a few worlds in which its games were solved again.

The probability of a test of the games is the reported one plus the difference between two readings in the same few worlds, without and with
the change. Each world counts in the difference by its weight in either reading, so its standard error is that of a difference of two weighted
means over the same worlds (the influence of each world, Hampel 1974). A verdict takes the difference nearer to 0 by two of its standard
errors, so that chance seldom turns it.
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
from tocsin.assessment.requests import basis_of, theatres_of
from tocsin.assessment.result import Basis, ClaimResult, PartResult, Verdict
from tocsin.assessment.shares import Check, Checks, Group, enough
from tocsin.assessment.situations import central_models
from tocsin.assessment.verdicts import Part, combined, decide, wanted_together
from tocsin.case.compiled import Test
from tocsin.case.schema import Case
from tocsin.errors import SolveError

if TYPE_CHECKING:
    from tocsin.assessment.ensemble import Ensembles

TOGETHER = "together"


@dataclass(frozen=True)
class Shift:
    """By how much probabilities change, with standard errors, by type of challenger."""

    change: Mapping[str, float]
    error: Mapping[str, float]

    def reduced(self, kind: str, errors: float) -> float:
        """Return the change of one type, nearer to 0 by some standard errors."""
        value = self.change[kind]
        return float(np.sign(value) * max(abs(value) - errors * self.error[kind], 0.0))

    def pooled_error(self, pool: Mapping[str, float]) -> float:
        """Return the standard error of the pooled change; types share their worlds, so their errors may add up."""
        return sum(pool[kind] * value for kind, value in self.error.items())


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
        shift = self._shift(name, [key], wanted)
        verdict, mid = self._decided(as_is.probability.mid, as_is.by_model, shift)
        error = shift.pooled_error(self._pool)
        return verdict, {key: (mid, float(np.hypot(as_is.probability.error, error)))}, {key: error}

    def _sees(self, test: Test) -> bool:
        """Return whether the measure of a test sees all of its controls with the change."""
        theatres = theatres_of(self.bench.claims, [test.node])
        worlds = Sighted(self.bench.judge.central, self.before, self.after)
        before, after = (
            {model.type: model for model in central_models(case)} for case in (self.bench.claims, self.case)
        )
        for sight in sights(self.bench.claims, test):
            shares, shifts, errors = {}, {}, {}
            for kind in before:
                full, first, then = worlds.groups(theatres, sight, {"before": before[kind], "after": after[kind]})
                shares[kind] = enough([full], 1).probability
                shifts[kind], errors[kind] = difference([first], [then], 1)
            verdict, _ = self._decided(self._mean(shares), shares, Shift(shifts, errors))
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
        before = self._joint_before(result, modelled, wanted)
        if wanted is None or before is None or before.probability is None:
            return None, {}, {}
        shift = self._shift(result.id, modelled, wanted)
        verdict, mid = self._decided(before.probability.mid, before.by_model, shift)
        if result.probability is None:
            return verdict, {}, {}
        error = shift.pooled_error(self._pool)
        return verdict, {"": (mid, float(np.hypot(before.probability.error, error)))}, {"": error}

    def _joint_before(self, result: ClaimResult, names: Sequence[str], wanted: int | None) -> Tested | None:
        tests = {name: self.bench.claims.tests[result.id][name] for name in names}
        by_name = {part.name: part for part in result.parts}
        if wanted is None or any(by_name[name].probability is None for name in names):
            return None
        return self.bench.judge.together(tests, wanted, {name for name in names if by_name[name].essential})

    @property
    def _pool(self) -> Mapping[str, float]:
        return {kind: shape.weight for kind, shape in self.case.types.items()}

    def _decided(self, mid: float, by_model: Mapping[str, float], shift: Shift) -> tuple[Verdict, float]:
        """Return the verdict with the reduced change, and the probability with the whole of it."""

        def models(errors: float) -> dict[str, float]:
            return {kind: shift.reduced(kind, errors) for kind in shift.change}

        whole, reduced = models(0.0), models(ERRORS)
        pooled = {name: sum(self._pool[kind] * value for kind, value in one.items())
                  for name, one in (("whole", whole), ("reduced", reduced))}  # fmt: skip
        voiced = {name: value for name, value in by_model.items() if not self.only_types or name in reduced}
        voices = [_share(value + reduced.get(name.partition(",")[0], 0.0)) for name, value in voiced.items()]
        return decide(_share(mid + pooled["reduced"]), voices), _share(mid + pooled["whole"])

    def _shift(self, name: str, parts: Sequence[str], wanted: int) -> Shift:
        essential = (
            {part.name for part in self.bench.results[name].parts if part.essential} if len(parts) > 1 else set()
        )
        old, new = (
            Checks.of(case, [Check.of(case.tests[name][part], essential=part in essential) for part in parts], seed)
            for case, seed in ((self.bench.claims, self.bench.judge.seed), (self.case, self.bench.judge.seed))
        )
        change, error = {}, {}
        before, after = (
            {model.type: model for model in central_models(case)} for case in (self.bench.claims, self.case)
        )
        for kind in before:
            first = [old.solved(self.before, before[kind], theatres) for theatres in old.modelled]
            then = [new.solved(self.after, after[kind], theatres) for theatres in new.modelled]
            change[kind], error[kind] = difference((*old.estimated, *first), (*new.estimated, *then), wanted)
        if not np.all(np.isfinite([*change.values()])):
            raise SolveError("the test is then undefined in all worlds", remedy="move the input less")
        return Shift(change, error)


def difference(before: Sequence[Group], after: Sequence[Group], wanted: int) -> tuple[float, float]:
    """Return by how much the probability that enough tests hold changes, and its standard error; groups of one place share their worlds."""
    change = enough(after, wanted).probability - enough(before, wanted).probability
    squares = [_influence(old, new) for old, new in zip(before, after, strict=True)]
    floor = max(1.0 / min(group.effective for group in (*before, *after)), 0.0)
    return float(change), float(max(np.sqrt(sum(squares)), floor))


def _influence(before: Group, after: Group) -> float:
    """Return the variance of the change of a weighted share over the same worlds."""

    def parts(group: Group) -> np.ndarray:
        if len(group.truths) > 1:
            held = np.all([truth == 1.0 for truth in group.truths], axis=0).astype(float)
        else:
            held = np.broadcast_to(np.asarray(group.truths[0], dtype=float), group.weights.shape)
        known = np.isfinite(held)
        inside = np.where(known, group.weights, 0.0)
        total = float(np.sum(inside))
        if total == 0.0:
            return np.zeros(len(held))
        inside = inside / total
        values = np.where(known, held, 0.0)
        return np.asarray(inside * (values - float(np.sum(inside * values))))

    return float(np.sum((parts(after) - parts(before)) ** 2))


def _as_decided(key: str, tested: Tested) -> tuple[Verdict, dict[str, tuple[float, float]], dict[str, float]]:
    if tested.probability is None:
        return tested.verdict, {}, {}
    return tested.verdict, {key: (tested.probability.mid, tested.probability.error)}, {}


def _share(value: float) -> float:
    return float(np.clip(value, 0.0, 1.0))
