"""From tests to verdicts: what each claim comes to in the ensemble."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tocsin.assess.ensemble import Ensemble, theatres_of
from tocsin.assess.evaluate import Evaluator, read_by_facts, with_alike
from tocsin.assess.result import ClaimResult, Likelihood, PartResult, Verdict
from tocsin.assess.situations import Model
from tocsin.assess.verdicts import combined, confidence, decide, in_words
from tocsin.case.language import parse
from tocsin.case.nodes import Call, Node, calls, uses_threshold
from tocsin.case.schema import Case, Claim, Part, Threshold


@dataclass(frozen=True)
class Test:
    """One test of a claim, or of a part of it: parsed, with the thresholds over which it is swept."""

    node: Node
    thresholds: tuple[float, ...]
    central: float | None
    alike: str | None

    @classmethod
    def of(cls, text: str, threshold: Threshold | None, alike: str | None) -> Test:
        """Parse a test."""
        node = parse(text)
        swept = threshold is not None and uses_threshold(node)
        return cls(
            with_alike(node, alike) if alike else node,
            threshold.values if threshold and swept else (),
            threshold.central if threshold and swept else None,
            alike,
        )

    @property
    def plain(self) -> Node:
        """The same test with each input as it was judged."""
        return with_alike(self.node, None)


@dataclass(frozen=True)
class Tested:
    """What a test comes to: probability by model and by threshold, pooled; `None` for a test read off facts."""

    verdict: Verdict
    probability: Likelihood | None
    by_model: Mapping[str, float]
    by_threshold: tuple[tuple[float, float], ...]
    note: str = ""


def tests_of(claim: Claim) -> dict[str, Test]:
    """The tests of a claim by part ("" for a claim without parts)."""
    if claim.holds:
        return {"": Test.of(claim.holds, claim.threshold, claim.alike)}
    return {
        name: Test.of(part.holds, part.threshold or claim.threshold, claim.alike)
        for name, part in (claim.parts or {}).items()
        if part.holds
    }


def calls_of(case: Case) -> tuple[Call, ...]:
    """Every quantity that the case's claims ask for, under identical judgements and not, where both matter."""
    found: list[Call] = []
    for claim in case.claims.values():
        for test in tests_of(claim).values():
            found.extend(calls(test.node))
            if test.alike:
                found.extend(calls(test.plain))
    return tuple(dict.fromkeys(found))


def share(ensemble: Ensemble, model: Model, node: Node, threshold: float | None) -> float:
    """The share of worlds of one model in which a test holds."""
    weights = ensemble.weight(model.type, theatres_of(ensemble.case, [node]))
    evaluator = Evaluator(ensemble.case, ensemble.reader(model), weights, threshold)
    return float(np.clip(np.sum(weights * evaluator.holds(node)), 0.0, 1.0))


def pooled(case: Case, by_type: Mapping[str, float]) -> float:
    """Shares of the types pooled with the case's stated weights."""
    return float(sum(case.types[kind].weight * value for kind, value in by_type.items()))


@dataclass(frozen=True)
class Judge:
    """Decides tests.

    Attributes:
        central: the ensemble at the central discount factor.
        swept: smaller ones at the other discount factors.
    """

    central: Ensemble
    swept: Mapping[float, Ensemble]

    @property
    def case(self) -> Case:
        """The case."""
        return self.central.case

    def judge(self, test: Test) -> Tested:
        """What a test comes to."""
        if read_by_facts(test.node):
            held = bool(Evaluator(self.case, None, np.ones(1), test.central).holds(test.node)[0])
            return Tested("holds" if held else "fails", None, {}, ())
        found = self._judge(test, test.node)
        if test.alike and found.verdict != "holds":
            plain = self._judge(test, test.plain)
            if plain.verdict == "holds":
                why = "It holds as judged but not with identical judgements for both: only the judgements part them."
                return Tested("not tested", None, {}, (), why)
        return found

    def _judge(self, test: Test, node: Node) -> Tested:
        case, central = self.case, self.case.discount.central
        by_threshold = tuple((value, self._pooled(central, node, value)) for value in test.thresholds)
        by_model: dict[str, float] = {}
        for discount in (central, *self.swept):
            for kind in case.types:
                model = Model(kind, discount)
                by_model[model.label(case)] = share(self.ensemble(discount), model, node, test.central)
        mid = pooled(case, {kind: by_model[kind] for kind in case.types})
        spread = [mid, *by_model.values(), *(value for _, value in by_threshold)]
        likelihood = Likelihood(low=min(spread), mid=mid, high=max(spread))
        return Tested(decide(mid, by_model.values()), likelihood, by_model, by_threshold)

    def ensemble(self, discount: float) -> Ensemble:
        """The ensemble at a discount factor."""
        return self.central if discount == self.case.discount.central else self.swept[discount]

    def effective(self, tests: Iterable[Test]) -> float:
        """The least effective number of draws over the theatres and types on which some tests rest, in the main ensemble."""
        asked = {theatres_of(self.case, [test.node]) for test in tests if not read_by_facts(test.node)}
        return min((self.central.effective(theatres) for theatres in asked), default=np.inf)

    def _pooled(self, discount: float, node: Node, threshold: float | None) -> float:
        ensemble = self.ensemble(discount)
        by_type = {kind: share(ensemble, Model(kind, discount), node, threshold) for kind in self.case.types}
        return pooled(self.case, by_type)


def decide_claim(judge: Judge, name: str, claim: Claim) -> ClaimResult:
    """The result of one claim, without drivers and flips."""
    case = judge.case
    effective_draws = judge.effective(tests_of(claim).values())
    result = ClaimResult(
        id=name,
        kind=claim.kind,
        says=claim.says,
        sentence=claim.sentence,
        mechanism=claim.mechanism,
        verdict="not tested",
        words="not tested",
        probability=None,
        confidence=confidence(case, claim, effective_draws, ()),
        sources=claim.sources,
        rivals=claim.rivals,
        against=claim.counts_against,
        note=claim.note,
    )
    if claim.untested:
        return replace(result, note=_joined(_needs(claim.untested.needs, claim.untested.why), claim.note))
    if claim.parts:
        return _of_parts(judge, result, claim, effective_draws)
    tested = judge.judge(tests_of(claim)[""])
    return replace(
        result,
        verdict=tested.verdict,
        words=in_words(tested.verdict, tested.probability),
        probability=tested.probability,
        by_model=tested.by_model,
        by_threshold=tested.by_threshold,
        confidence=confidence(case, claim, effective_draws, tested.by_model.values()),
        note=_joined(tested.note, claim.note),
    )


def _of_parts(judge: Judge, result: ClaimResult, claim: Claim, effective_draws: float) -> ClaimResult:
    tests = tests_of(claim)
    tested = {name: judge.judge(test) for name, test in tests.items()}
    parts = tuple(_part(name, part, tested.get(name)) for name, part in (claim.parts or {}).items())
    verdict = combined([part.verdict for part in parts])
    modelled = {name: found for name, found in tested.items() if found.probability}
    joint = _together(judge, [tests[name] for name in modelled])
    by_model = joint.by_model if joint else {}
    held = sum(part.verdict == "holds" for part in parts)
    words = in_words(verdict, joint.probability if joint else None)
    if verdict == "partly":
        words = f"{held} of {len(parts)} parts hold"
    elif verdict == "disputed":
        words = "models disagree on a part"
    return replace(
        result,
        verdict=verdict,
        words=words,
        probability=joint.probability if joint else None,
        by_model=by_model,
        confidence=confidence(judge.case, claim, effective_draws, by_model.values()),
        parts=parts,
    )


def _together(judge: Judge, tests: Sequence[Test]) -> Tested | None:
    """The probability that all model-decided parts hold at once; `None` without any."""
    if not tests:
        return None
    case = judge.case
    by_model: dict[str, float] = {}
    for discount in (case.discount.central, *judge.swept):
        for kind in case.types:
            by_model[Model(kind, discount).label(case)] = _joint(judge, Model(kind, discount), tests)
    mid = pooled(case, {kind: by_model[kind] for kind in case.types})
    likelihood = Likelihood(low=min(by_model.values()), mid=mid, high=max(by_model.values()))
    return Tested(decide(mid, by_model.values()), likelihood, by_model, ())


def _joint(judge: Judge, model: Model, tests: Iterable[Test]) -> float:
    listed = tuple(tests)
    ensemble = judge.ensemble(model.discount)
    weights = ensemble.weight(model.type, theatres_of(ensemble.case, [test.node for test in listed]))
    held = np.ones(ensemble.worlds.size, dtype=bool)
    for test in listed:
        held &= Evaluator(ensemble.case, ensemble.reader(model), weights, test.central).holds(test.node)
    return float(np.clip(np.sum(weights * held), 0.0, 1.0))


def _part(name: str, part: Part, tested: Tested | None) -> PartResult:
    if tested is None:
        needed = part.untested
        why = _needs(needed.needs, needed.why) if needed else ""
        return PartResult(
            name=name, says=part.says, verdict="not tested", probability=None, note=_joined(why, part.note)
        )
    return PartResult(
        name=name,
        says=part.says,
        verdict=tested.verdict,
        probability=tested.probability,
        note=_joined(tested.note, part.note),
    )


def _needs(needs: Iterable[str], why: str) -> str:
    return f"Needs {', '.join(needs)}: {why}"


def _joined(*texts: str) -> str:
    return " ".join(text.strip() for text in texts if text.strip())
