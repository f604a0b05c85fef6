"""Decide claims: evaluate their tests in the ensembles and turn probabilities into verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from itertools import groupby
from typing import TypeAlias

import numpy as np

from tocsin.assessment.ensemble import Ensembles, Theatres, theatres_of
from tocsin.assessment.evaluate import Evaluator, both
from tocsin.assessment.result import ClaimResult, Likelihood, PartResult, Verdict
from tocsin.assessment.situations import Model
from tocsin.assessment.verdicts import MIN_EFFECTIVE, combined, confidence, decide, in_words
from tocsin.assessment.words import percent
from tocsin.case.claim_blocks import Claim, Part
from tocsin.case.compiled import Test
from tocsin.case.nodes import Call, Fact, Node, calls, reads_only_facts, walk
from tocsin.case.override import AUTHOR
from tocsin.case.schema import Case


@dataclass(frozen=True)
class Tested:
    """The result of a test.

    Attributes:
        verdict: see `verdicts`.
        probability: pooled over models; None if facts decide the test or nothing can.
        by_model, by_threshold: the probability by model, and pooled by threshold.
        reason: why the test cannot be decided, in a few words; empty if the probability decides.
        note: the same in a sentence, and other remarks.
    """

    verdict: Verdict
    probability: Likelihood | None = None
    by_model: Mapping[str, float] = field(default_factory=dict)
    by_threshold: tuple[tuple[float, float], ...] = ()
    reason: str = ""
    note: str = ""

    @property
    def words(self) -> str:
        """Return the reason, or the probability in words."""
        return self.reason or in_words(self.verdict, self.probability)


def tests_by_theatres(case: Case, tests: Iterable[Test]) -> dict[Theatres, list[Test]]:
    """Group the tests that need a model by the theatres they ask about."""
    modelled = [(theatres_of(case, [test.node]), test) for test in tests if not reads_only_facts(test.node)]
    ordered = sorted(modelled, key=lambda pair: pair[0])
    return {theatres: [test for _, test in group] for theatres, group in groupby(ordered, key=lambda pair: pair[0])}


def calls_of(case: Case) -> dict[Theatres, tuple[Call, ...]]:
    """Return the quantities that claims ask for, by theatres.

    A test with `alike` needs them with identical judgements and without.
    """
    tests = [test for claim in case.tests.values() for test in claim.values()]
    grouped: dict[Theatres, tuple[Call, ...]] = {}
    for theatres, group in tests_by_theatres(case, tests).items():
        nodes = [node for test in group for node in ((test.node, test.plain) if test.alike else (test.node,))]
        grouped[theatres] = tuple(dict.fromkeys(call for node in nodes for call in calls(node)))
    return grouped


Check: TypeAlias = tuple[Node, float | None]
"""A test and its threshold."""


@dataclass(frozen=True)
class Share:
    """The shares of worlds in which a test holds and in which it is undefined, each in [0, 1]."""

    holds: float
    undefined: float

    @property
    def probability(self) -> float:
        """Return the share that holds among the worlds in which the test is defined; nan if there are none."""
        defined = 1.0 - self.undefined
        return float(np.clip(self.holds / defined, 0.0, 1.0)) if defined > UNDEFINED else np.nan

    def moved(self, new: Share, old: Share) -> Share:
        """Return this share plus the difference between two others."""
        holds = float(np.clip(self.holds + new.holds - old.holds, 0.0, 1.0))
        undefined = float(np.clip(self.undefined + new.undefined - old.undefined, 0.0, 1.0 - holds))
        return Share(holds, undefined)


UNDEFINED = 1e-9
"""Smallest share of worlds that counts: sums of weights err by less."""


def share(ensembles: Ensembles, model: Model, checks: Iterable[Check]) -> Share:
    """Return the share of worlds of one model in which several tests hold together.

    Worlds are weighted by the records of the theatres that a test asks about, so tests of different theatres use different worlds.
    They are assumed independent given the challenger type.
    """
    case = next(iter(ensembles.values())).case
    groups: dict[Theatres, list[Check]] = {}
    for check in checks:
        groups.setdefault(theatres_of(case, [check[0]]), []).append(check)
    holds = possible = 1.0
    for theatres, group in groups.items():
        ensemble = ensembles[theatres]
        weights, reader = ensemble.weight(model.type), ensemble.reader(model)
        truth = reduce(both, [Evaluator(case, reader, weights, threshold).truth(node) for node, threshold in group])
        holds *= float(np.clip(np.sum(weights * (truth == 1.0)), 0.0, 1.0))
        possible *= float(np.clip(np.sum(weights * (truth != 0.0)), 0.0, 1.0))
    return Share(holds, max(possible - holds, 0.0))


def pooled(case: Case, by_type: Mapping[str, float]) -> float:
    """Return the mean over challenger types, weighted as the case says."""
    return float(sum(case.types[kind].weight * value for kind, value in by_type.items()))


@dataclass(frozen=True)
class Judge:
    """Decides tests.

    Attributes:
        case: the case whose tests are decided.
        central: the ensembles at the central discount factor.
        paired: the same with fewer worlds.
        swept: the worlds of `paired` at the other discount factors. Their difference from `paired` is added to the central result:
            both use the same worlds, so most of the sampling error cancels.
    """

    case: Case
    central: Ensembles
    paired: Ensembles
    swept: Mapping[float, Ensembles]

    @cached_property
    def sure(self) -> Ensembles:
        """Return the central ensembles, weighted by the records without what is only recalled."""
        return {theatres: ensemble.without_recalled() for theatres, ensemble in self.central.items()}

    def share(self, model: Model, checks: Sequence[Check]) -> Share:
        """Return the share of worlds of one model in which several tests hold together."""
        base = Model(model.type, self.case.discounting.central)
        total = share(self.central, base, checks)
        if model.discount == base.discount:
            return total
        return total.moved(share(self.swept[model.discount], model, checks), share(self.paired, base, checks))

    def judge(self, test: Test) -> Tested:
        """Decide one test."""
        if reads_only_facts(test.node):
            return _by_facts(float(Evaluator(self.case, None, np.ones(1), test.central).truth(test.node)[0]))
        result = self._judge(test, test.node)
        if test.alike and result.verdict != "holds":
            plain = self._judge(test, test.plain)
            if plain.verdict == "holds":
                why = "It holds as judged, but not with identical judgements for both: only the judgements make the difference."
                return Tested("not tested", note=why)
        return result

    def _judge(self, test: Test, node: Node) -> Tested:
        if (count := self.effective([test])) < MIN_EFFECTIVE:
            return _too_few(count, weighted=bool(self.case.history))
        by_threshold = tuple(
            (value, probability)
            for value in test.thresholds
            if np.isfinite(probability := self._central([(node, value)]))
        )
        return self.together([(node, test.central)], by_threshold)

    def together(self, checks: Sequence[Check], by_threshold: tuple[tuple[float, float], ...] = ()) -> Tested:
        """Decide whether several tests hold together."""
        shares = self._by_model(checks)
        by_model = {model: item.probability for model, item in shares.items()}
        undefined = pooled(self.case, {kind: shares[kind].undefined for kind in self.case.types})
        if not np.all(np.isfinite(list(by_model.values()))):
            return _undefined(undefined)
        mid = pooled(self.case, {kind: by_model[kind] for kind in self.case.types})
        spread = [mid, *by_model.values(), *(value for _, value in by_threshold)]
        likelihood = Likelihood(low=min(spread), mid=mid, high=max(spread))
        verdict = decide(mid, by_model.values())
        if undefined <= UNDEFINED:
            return Tested(verdict, likelihood, by_model, by_threshold)
        holds = pooled(self.case, {kind: shares[kind].holds for kind in self.case.types})
        if decide(holds, ()) != decide(min(holds + undefined, 1.0), ()):
            return _undefined(undefined)
        return Tested(verdict, likelihood, by_model, by_threshold, note=_undefined(undefined).note)

    def _by_model(self, checks: Sequence[Check]) -> dict[str, Share]:
        """Return the shares by model; those by type at the central discount factor are named after the type."""
        shares = {
            model.label(self.case): self.share(model, checks)
            for discount in (self.case.discounting.central, *self.swept)
            for model in (Model(kind, discount) for kind in self.case.types)
        }
        if any(self._recalls(theatre) for node, _ in checks for theatre in theatres_of(self.case, [node])):
            for kind in self.case.types:
                without = share(self.sure, Model(kind, self.case.discounting.central), checks)
                shares[f"{kind}, without what is only recalled"] = without
        return shares

    def _recalls(self, theatre: str) -> bool:
        record = self.case.history.get(theatre)
        return record is not None and record.recalled is not None

    def _central(self, checks: Sequence[Check]) -> float:
        central = self.case.discounting.central
        shares = {kind: share(self.central, Model(kind, central), checks).probability for kind in self.case.types}
        return pooled(self.case, shares)

    def effective(self, tests: Iterable[Test]) -> float:
        """Return the smallest effective number of draws behind some tests, in the central ensembles."""
        groups = tests_by_theatres(self.case, tests)
        return min((self.central[theatres].effective() for theatres in groups), default=np.inf)


def _by_facts(truth: float) -> Tested:
    """Return the result of a test that only facts decide."""
    if np.isnan(truth):
        return Tested("cannot tell", reason="undefined", note="The test is undefined: it divides by zero.")
    return Tested("holds" if truth else "fails")


def _too_few(count: float, *, weighted: bool) -> Tested:
    check = (
        " If that does not help, check the record of past years and the beliefs against each other." if weighted else ""
    )
    note = f"Too few worlds: there are {count:.0f} effective draws, and a verdict needs {MIN_EFFECTIVE}. Ask for more draws.{check}"
    return Tested("cannot tell", reason="too few worlds", note=note)


def _undefined(share: float) -> Tested:
    note = f"The test is undefined in {percent(share)} of worlds: it divides by zero there, or a quantity has no value."
    return Tested("cannot tell", reason=f"undefined in {percent(share)} of worlds", note=note)


def decide_claim(judge: Judge, name: str, claim: Claim) -> ClaimResult:
    """Decide one claim, without its drivers and flips."""
    case = judge.case
    effective_draws = judge.effective(case.tests[name].values())
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
    test = case.tests[name][""]
    tested = judge.judge(test)
    return replace(
        result,
        verdict=tested.verdict,
        words=tested.words,
        probability=tested.probability,
        by_model=tested.by_model,
        by_threshold=tested.by_threshold,
        confidence=confidence(case, claim, effective_draws, [tested.probability] if tested.probability else ()),
        note=_joined(tested.note, claim.note, _without_flagged(case, {"": test}, {"": tested.verdict})),
    )


def _of_parts(judge: Judge, result: ClaimResult, claim: Claim, effective_draws: float) -> ClaimResult:
    tests = judge.case.tests[result.id]
    tested = {name: judge.judge(test) for name, test in tests.items()}
    parts = tuple(_part(name, part, tested.get(name)) for name, part in (claim.parts or {}).items())
    verdict = combined([part.verdict for part in parts])
    modelled = {name: item for name, item in tested.items() if item.probability}
    reasons = [item.reason for item in tested.values() if item.reason]
    joint = None
    if modelled and not reasons:
        joint = judge.together([(tests[name].node, tests[name].central) for name in modelled])
    by_model = joint.by_model if joint else {}
    ranges = [item.probability for item in (joint, *modelled.values()) if item and item.probability]
    held = sum(part.verdict == "holds" for part in parts)
    words = in_words(verdict, joint.probability if joint else None)
    if verdict == "cannot tell" and reasons:
        words = reasons[0]
    elif verdict == "partly":
        words = f"{held} of {len(parts)} parts {'holds' if held == 1 else 'hold'}"
    elif verdict == "disputed":
        words = "models disagree on a part"
    return replace(
        result,
        verdict=verdict,
        words=words,
        probability=joint.probability if joint else None,
        by_model=by_model,
        confidence=confidence(judge.case, claim, effective_draws, ranges),
        parts=parts,
        note=_joined(claim.note, _without_flagged(judge.case, tests, {part.name: part.verdict for part in parts})),
    )


def _without_flagged(case: Case, tests: Mapping[str, Test], verdicts: Mapping[str, Verdict]) -> str:
    """Say what the verdict is without the facts that the case flags; empty if the tests read none of them."""
    flagged = {name: _flagged(case, test.node) for name, test in tests.items()}
    facts = sorted({key for keys in flagged.values() for key in keys})
    if not facts:
        return ""
    left = combined(["not tested" if flagged.get(name) else verdict for name, verdict in verdicts.items()])
    return f"Without the flagged facts ({', '.join(facts)}), the verdict is: {left}."


def _flagged(case: Case, node: Node) -> list[str]:
    facts = [part.id for part in walk(node) if isinstance(part, Fact)]
    return [key for key in facts if case.facts[key].flag not in (None, AUTHOR)]


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
