"""Decide claims: evaluate their tests in the ensembles and turn probabilities into verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import TypeAlias

import numpy as np

from tocsin.assessment.ensemble import Ensembles, Theatres, theatres_of
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.result import ClaimResult, Likelihood, PartResult, Verdict
from tocsin.assessment.situations import Model
from tocsin.assessment.verdicts import combined, confidence, decide, in_words
from tocsin.case.compiled import Test
from tocsin.case.nodes import Call, Fact, Node, calls, reads_only_facts, walk
from tocsin.case.override import AUTHOR
from tocsin.case.schema import Case, Claim, Part


@dataclass(frozen=True)
class Tested:
    """The result of a test: verdict, and probability pooled, by model and by threshold (None if facts decide it)."""

    verdict: Verdict
    probability: Likelihood | None
    by_model: Mapping[str, float]
    by_threshold: tuple[tuple[float, float], ...]
    note: str = ""


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


def share(ensembles: Ensembles, model: Model, checks: Iterable[Check]) -> float:
    """Return the share of worlds of one model in which several tests hold together.

    Worlds are weighted by the records of the theatres that a test asks about, so tests of different theatres use different worlds.
    They are assumed independent given the challenger type.
    """
    case = next(iter(ensembles.values())).case
    groups: dict[Theatres, list[Check]] = {}
    for check in checks:
        groups.setdefault(theatres_of(case, [check[0]]), []).append(check)
    total = 1.0
    for theatres, group in groups.items():
        ensemble = ensembles[theatres]
        weights, reader = ensemble.weight(model.type), ensemble.reader(model)
        held = [Evaluator(case, reader, weights, threshold).holds(node) for node, threshold in group]
        total *= float(np.clip(np.sum(weights * np.all(np.broadcast_arrays(*held), axis=0)), 0.0, 1.0))
    return total


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

    def share(self, model: Model, checks: Sequence[Check]) -> float:
        """Return the share of worlds of one model in which several tests hold together."""
        base = Model(model.type, self.case.discount.central)
        total = share(self.central, base, checks)
        if model.discount != base.discount:
            total += share(self.swept[model.discount], model, checks) - share(self.paired, base, checks)
        return float(np.clip(total, 0.0, 1.0))

    def judge(self, test: Test) -> Tested:
        """Decide one test."""
        if reads_only_facts(test.node):
            held = bool(Evaluator(self.case, None, np.ones(1), test.central).holds(test.node)[0])
            return Tested("holds" if held else "fails", None, {}, ())
        result = self._judge(test, test.node)
        if test.alike and result.verdict != "holds":
            plain = self._judge(test, test.plain)
            if plain.verdict == "holds":
                why = "It holds as judged, but not with identical judgements for both: only the judgements make the difference."
                return Tested("not tested", None, {}, (), why)
        return result

    def _judge(self, test: Test, node: Node) -> Tested:
        by_threshold = tuple((value, self._central([(node, value)])) for value in test.thresholds)
        return self.together([(node, test.central)], by_threshold)

    def together(self, checks: Sequence[Check], by_threshold: tuple[tuple[float, float], ...] = ()) -> Tested:
        """Decide whether several tests hold together."""
        by_model = {
            model.label(self.case): self.share(model, checks)
            for discount in (self.case.discount.central, *self.swept)
            for model in (Model(kind, discount) for kind in self.case.types)
        }
        if any(self._recalls(theatre) for node, _ in checks for theatre in theatres_of(self.case, [node])):
            for kind in self.case.types:
                without = share(self.sure, Model(kind, self.case.discount.central), checks)
                by_model[f"{kind}, without what is only recalled"] = without
        mid = pooled(self.case, {kind: by_model[kind] for kind in self.case.types})
        spread = [mid, *by_model.values(), *(value for _, value in by_threshold)]
        likelihood = Likelihood(low=min(spread), mid=mid, high=max(spread))
        return Tested(decide(mid, by_model.values()), likelihood, by_model, by_threshold)

    def _recalls(self, theatre: str) -> bool:
        record = self.case.history.get(theatre)
        return record is not None and record.recalled is not None

    def _central(self, checks: Sequence[Check]) -> float:
        central = self.case.discount.central
        return pooled(self.case, {kind: share(self.central, Model(kind, central), checks) for kind in self.case.types})

    def effective(self, tests: Iterable[Test]) -> float:
        """Return the smallest effective number of draws behind some tests, in the central ensembles."""
        groups = tests_by_theatres(self.case, tests)
        return min((self.central[theatres].effective() for theatres in groups), default=np.inf)


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
        words=in_words(tested.verdict, tested.probability),
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
    joint = judge.together([(tests[name].node, tests[name].central) for name in modelled]) if modelled else None
    by_model = joint.by_model if joint else {}
    ranges = [item.probability for item in (joint, *modelled.values()) if item and item.probability]
    held = sum(part.verdict == "holds" for part in parts)
    words = in_words(verdict, joint.probability if joint else None)
    if verdict == "partly":
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
