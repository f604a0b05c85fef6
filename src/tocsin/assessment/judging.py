"""Judge tests: by the facts, by estimates, or by the solved games."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tocsin.assessment import estimates
from tocsin.assessment.curves import Voice, curve
from tocsin.assessment.evaluate import Evaluator
from tocsin.assessment.judgements import Outcome, Shuffled, settled_by
from tocsin.assessment.model_names import RECALLED
from tocsin.assessment.reads import Reads
from tocsin.assessment.requests import (
    Theatres,
    basis_of,
    by_theatres,
    calls_in,
    compares_with_zero,
    reads_derived,
    theatres_of,
    truth_by_facts,
)
from tocsin.assessment.result import Basis, Curve, Likelihood, Verdict
from tocsin.assessment.shares import UNDEFINED, Check, Checks, Share
from tocsin.assessment.sharing import DIVIDED_FROM, compares_pillars
from tocsin.assessment.situations import central_models
from tocsin.assessment.thresholds_in_words import meaning
from tocsin.assessment.verdicts import MIN_EFFECTIVE, decide, in_words, turnable
from tocsin.assessment.versions import Version, disputed_facts, key_in_words, parted, versions
from tocsin.assessment.words import SOURCES_DISAGREE, TOO_FEW, UNSETTLED, joined, percent
from tocsin.assessment.world_count import WorldCount
from tocsin.case.compiled import Test
from tocsin.case.nodes import Call, Node, Probability, inputs, walk
from tocsin.case.schema import Case
from tocsin.errors import InputError
from tocsin.translation import Text, in_commas, in_sentences, message, plural

if TYPE_CHECKING:
    from tocsin.assessment.controls import ControlFinding, ControlRuns
    from tocsin.assessment.ensemble import Ensembles
    from tocsin.assessment.situations import Model


MEAN_CHANCE = message("The probability is the mean chance over worlds, not the share of worlds in which a test holds.")
"""What the probability of a claim with a `chance` is."""
REPEATS = message("repeats a judgement")
NOTHING = Text()


@dataclass(frozen=True, kw_only=True)
class Tested:
    """The result of a test.

    Attributes:
        verdict: see `verdicts`.
        basis: what decides it.
        probability: pooled over models; None if facts decide the test or nothing can.
        by_model: model -> probability at the central threshold.
        curve: the probability by threshold; None if the test reads no threshold.
        reason: why the test cannot be decided, in a few words; empty if the probability decides.
        note: the same in a sentence, and other remarks.
    """

    verdict: Verdict
    basis: Basis
    probability: Likelihood | None = None
    by_model: Mapping[str, float] = field(default_factory=dict)
    curve: Curve | None = None
    reason: Text = NOTHING
    note: Text = NOTHING

    @property
    def words(self) -> Text:
        """Return the reason, or the probability in words."""
        if self.verdict == "not tested":
            return message("not tested: {reason}", reason=self.reason)
        return self.reason or in_words(self.verdict, self.probability, self.basis, self.by_model.values())

    @property
    def turnable(self) -> bool:
        """Return whether the sampling error could turn the verdict."""
        return self.probability is not None and turnable(self.probability)


@dataclass(frozen=True)
class ModelShares:
    """In which share of worlds enough of several checks hold, by model.

    Attributes:
        shares: model -> share; those at the central discount factor are named after the type. Without games, the only name is empty.
        left_out: a note on each model that is left out, since its games do not settle.
    """

    shares: Mapping[str, Share]
    left_out: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Judge:
    """Decides tests.

    Attributes:
        case: the case whose tests are decided.
        seed: of the samples for tests without a game.
        central: the ensembles at the central discount factor; empty if no test needs a game.
        paired: the same with fewer worlds.
        swept: the worlds of `paired` at the other discount factors. Their difference from `paired` is added to the central result:
            both use the same worlds, so most of the sampling error cancels.
        controls: the controls of the case, measured in `central`; None if there are no games.
    """

    case: Case
    seed: int
    central: Ensembles = field(default_factory=dict)
    paired: Ensembles = field(default_factory=dict)
    swept: Mapping[float, Ensembles] = field(default_factory=dict)
    controls: ControlRuns | None = None

    def judge(self, test: Test) -> Tested:
        """Decide one test: by each value that sources give of its facts, and all of them must lead to the same verdict."""
        ways = versions(self.case, test.node)
        if len(ways) == 1:
            return self._judge(test)
        results = [replace(self, case=way.case)._judge(test) for way in ways]
        facts = [key_in_words(self.case, key) for key in disputed_facts(self.case, test.node)]
        return _by_sources(results, ways, facts)

    def _judge(self, test: Test) -> Tested:
        match basis_of(self.case, test):
            case "facts":
                return _by_facts(truth_by_facts(self.case, test))
            case "estimate":
                return self._estimated(test)
            case _:
                return self._modelled(test)

    def together(self, tests: Mapping[str, Test], wanted: int, essential: Collection[str] = ()) -> Tested:
        """Decide whether at least `wanted` of several tests hold together, the essential ones among them; facts decide none of them."""
        return self._decided([Check.of(test, essential=name in essential) for name, test in tests.items()], wanted)

    def swept_calls(self) -> dict[Theatres, tuple[Call, ...]]:
        """Return the quantities that bear on a verdict at other discount factors, by theatres: those of tests that can be decided."""
        tests = [test for claim in self.case.tests.values() for test in claim.values()]
        modelled = [test for test in tests if basis_of(self.case, test) == "model"]
        return calls_in(self.case, [test for test in modelled if self._may_decide(test)])

    def _may_decide(self, test: Test) -> bool:
        ways = (replace(self, case=way.case) for way in versions(self.case, test.node))
        return any(judge.undecidable(test) is None for judge in ways)

    def effective(self, tests: Iterable[Test]) -> float:
        """Return the smallest effective number of draws behind some tests, in the central ensembles; infinite without games."""
        groups = by_theatres(self.case, tests)
        return min((self.central[theatres].effective() for theatres in groups), default=np.inf)

    def _drawn(self, test: Test) -> float:
        """Return the effective number of draws behind a test of the games, those in which they have not settled included."""
        return self.central[theatres_of(self.case, [test.node])].drawn()

    def pooled(self, checks: Checks, ensembles: Ensembles, wanted: int) -> float:
        """Return the probability that enough checks hold, pooled over challenger types at the central discount factor."""
        if not checks.modelled:
            return checks.share(ensembles, None, wanted).probability
        return self._mean(
            {model.type: checks.share(ensembles, model, wanted).probability for model in central_models(self.case)}
        )

    def by_model(self, checks: Checks, wanted: int) -> ModelShares:
        """Return the shares of worlds in which enough checks hold, by model."""
        if not checks.modelled:
            return ModelShares({"": checks.share({}, None, wanted)})
        left_out = self._left_out(checks)
        shares = {model.type: checks.share(self.central, model, wanted) for model in central_models(self.case)}
        for model in self._swept_models():
            if model not in left_out:
                central = replace(model, discount=self.case.discounting.central)
                new = checks.share(self.swept[model.discount], model, wanted)
                old = checks.share(self.paired, central, wanted)
                shares[model.label(self.case)] = shares[model.type].moved(new, old)
        if any(self._recalls(theatre) for theatres in checks.modelled for theatre in theatres):
            for model in central_models(self.case):
                shares[f"{model.type}{RECALLED}"] = checks.share(self._sure, model, wanted)
        return ModelShares(shares, tuple(left_out.values()))

    # --- one test ------------------------------------------------------------------------------------------------

    def _estimated(self, test: Test) -> Tested:
        for part in _with_inner(test):
            if names := self._repeated_by_estimate(part):
                return _repeats(self.case, names)
        result = self._decided([Check.of(test)], 1)
        if self._only_as_judged(test, result):
            return _only_judgements()
        result = self._with_thresholds(test, result)
        if reads_derived(test.node):
            return result
        read = estimates.outcome(self.case, test, self.seed).draws
        judged = sorted(name for name in read if name in self._judged)
        return replace(result, note=joined(result.note, _against(judged)))

    def _repeated_by_estimate(self, test: Test) -> tuple[str, ...]:
        """Return the judged inputs that a test without a game only repeats; nothing if others bear on its outcome."""
        outcome = estimates.outcome(self.case, test, self.seed)
        judged = tuple(sorted(name for name in outcome.draws if name in self._judged))
        evidence = [name for name in outcome.draws if name not in judged]
        if judged and not reads_derived(test.node) and not self._rests_on(test, outcome, evidence):
            return judged
        return settled_by([outcome], judged)

    def _rests_on(self, test: Test, outcome: Outcome, evidence: Collection[str]) -> bool:
        """Return whether the outcome of a test without a game changes with its evidence."""
        try:
            other = estimates.outcome(self.case, test, self.seed, evidence)
        except InputError:  # a published game does not admit the other values
            return True
        return not np.array_equal(outcome.truth, other.truth, equal_nan=True)

    def _only_as_judged(self, test: Test, result: Tested) -> bool:
        """Return whether a test with a group of identical judgements holds only without them."""
        if not test.alike or result.verdict == "holds":
            return False
        return self._decided([Check(test, test.plain, test.central)], 1).verdict == "holds"

    def _modelled(self, test: Test) -> Tested:
        if (undecidable := self.undecidable(test)) is not None:
            return undecidable
        result = self._decided([Check.of(test)], 1)
        if self._only_as_judged(test, result):
            return _only_judgements()
        for part in _with_inner(test):
            if names := self._repeated_by_games(test, part.node):
                return _repeats(self.case, names)
        swept = replace(
            self._with_thresholds(test, result), note=joined(result.note, MEAN_CHANCE if test.chance else "")
        )
        finding = self.controls.unseen(test) if self.controls else None
        return unseen(finding, swept.curve) if finding else swept

    def undecidable(self, test: Test) -> Tested | None:
        """Return the result of a test of the games that no probability can decide; None if one may."""
        if compares_with_zero(self.case, test):
            return _no_least_effect()
        notes = (_unsettled(self.central, model, [test.node]) for model in central_models(self.case))
        note, count = next(filter(None, notes), Text()), self.effective([test])
        if note and (count >= MIN_EFFECTIVE or self._drawn(test) >= MIN_EFFECTIVE):
            return Tested(verdict="cannot tell", basis="model", reason=UNSETTLED, note=note)
        return _too_few(count, weighted=bool(self.case.history)) if count < MIN_EFFECTIVE else None

    def _with_thresholds(self, test: Test, result: Tested) -> Tested:
        """Return the result with the probability by threshold, and with the range over the swept values."""
        if result.probability is None:
            return result
        swept = curve(test, self._voices(test), meaning(self.case, test))
        if swept is None:
            return result
        spread = [result.probability.low, result.probability.high, *(share for _, share in swept.points)]
        ranged = replace(result.probability, low=min(spread), high=max(spread))
        return replace(result, probability=ranged, curve=swept)

    def _voices(self, test: Test) -> tuple[Voice, ...]:
        """Return the models whose worlds decide a test, at the central discount factor."""
        if basis_of(self.case, test) == "estimate":
            return (Voice(1.0, estimates.evaluator(self.case, test, self.seed)),)
        ensemble = self.central[theatres_of(self.case, [test.node])]
        return tuple(
            Voice(
                self.case.types[model.type].weight,
                Evaluator(self.case, ensemble.reader(model), ensemble.weight(model.type)),
            )
            for model in central_models(self.case)
        )

    def _repeated_by_games(self, test: Test, node: Node) -> tuple[str, ...]:
        """Return the judged inputs that a test of the games, or a part of it, only repeats; nothing if the games bear on its outcome."""
        outcomes = self._outcomes(test, node)
        judged = tuple(sorted(name for name in inputs(node) if name in self._judged))
        if judged and len(judged) == len(inputs(node)) and _varies(outcomes):
            without = self._outcomes(test, node, shuffled=True)
            pairs = zip(outcomes, without, strict=True)
            if all(_alike(one.truth, other.truth) for one, other in pairs):
                return judged
        return settled_by(outcomes, self._judged)

    def _outcomes(self, test: Test, node: Node, *, shuffled: bool = False) -> list[Outcome]:
        """Return where a test of the games, or a part of it, holds by challenger type; `shuffled`, with games of other worlds."""
        ensemble, outcomes = self.central[theatres_of(self.case, [test.node])], []
        for voice in self._voices(test):
            evaluator = voice.at(test.central)
            if shuffled and evaluator.source is not None:
                evaluator = replace(evaluator, source=Shuffled(evaluator.source))
            truth = np.broadcast_to(evaluator.truth(node), evaluator.weights.shape)
            outcomes.append(Outcome(ensemble.worlds.draws, truth, evaluator.weights, voice.weight))
        return outcomes

    @cached_property
    def reads(self) -> Reads:
        """Return what finds the beliefs that tests read."""
        return Reads(self.case)

    @cached_property
    def _judged(self) -> tuple[str, ...]:
        return tuple(name for name, belief in self.case.beliefs.items() if belief.is_judged)

    # --- several checks ------------------------------------------------------------------------------------------

    def _decided(self, checks: Sequence[Check], wanted: int) -> Tested:
        grouped = self._checks(checks)
        models = self.by_model(grouped, wanted)
        shares = models.shares
        basis: Basis = "model" if grouped.modelled else "estimate"
        central = {kind: shares[kind] for kind in self.case.types} if grouped.modelled else shares
        by_model = {name: share.probability for name, share in shares.items()}
        shared = any(compares_pillars(self.case, check.node) for check in checks)
        undefined = self._mean({kind: share.undefined for kind, share in central.items()})
        if not np.all(np.isfinite(list(by_model.values()))):
            return _undefined(undefined, basis, shared)
        if undefined > UNDEFINED:
            holds = self._mean({kind: share.holds for kind, share in central.items()})
            if decide(holds, ()) != decide(min(holds + undefined, 1.0), ()):
                return _undefined(undefined, basis, shared)
        mid = self._mean({kind: share.probability for kind, share in central.items()})
        ends = (mid, *by_model.values())
        error = self._mean({kind: share.error for kind, share in central.items()})
        return Tested(
            verdict=decide(mid, by_model.values()),
            basis=basis,
            probability=Likelihood(
                low=min(ends), mid=mid, high=max(ends), error=error, worlds=self._count(grouped, wanted)
            ),
            by_model=by_model if grouped.modelled else {},
            note=joined(_undefined(undefined, basis, shared).note if undefined > UNDEFINED else "", *models.left_out),
        )

    def _count(self, checks: Checks, wanted: int) -> WorldCount | None:
        """Return in how many worlds enough checks hold, over the challenger types that have weight."""
        models = [model for model in central_models(self.case) if self.case.types[model.type].weight > 0]
        return checks.count(self.central, models, wanted)

    def _checks(self, checks: Iterable[Check]) -> Checks:
        return Checks.of(self.case, checks, self.seed)

    def _mean(self, by_type: Mapping[str, float]) -> float:
        """Return the mean over challenger types, weighted as the case says; without types, the only value."""
        return by_type[""] if "" in by_type else pooled(self.case, by_type)

    def _swept_models(self) -> Iterator[Model]:
        for discount in self.swept:
            yield from (replace(model, discount=discount) for model in central_models(self.case))

    def _left_out(self, checks: Checks) -> dict[Model, Text]:
        """Return the models at other discount factors in which the games of some checks do not settle, each with a note."""
        notes = {}
        for model in self._swept_models():
            for group in checks.modelled.values():
                if note := _unsettled(self.swept[model.discount], model, [check.node for check in group]):
                    notes[model] = in_sentences(note, message("The range leaves this out."))
        return notes

    @cached_property
    def _sure(self) -> Ensembles:
        """Return the central ensembles, weighted by the records without what is only recalled."""
        return {theatres: ensemble.without_recalled() for theatres, ensemble in self.central.items()}

    def _recalls(self, theatre: str) -> bool:
        record = self.case.history.get(theatre)
        return record is not None and record.recalled is not None


def _unsettled(ensembles: Ensembles, model: Model, tests: Sequence[Node]) -> Text:
    from tocsin.assessment.settling import unsettled  # imported here: it loads the engine

    return unsettled(ensembles, model, tests)


def pooled(case: Case, by_type: Mapping[str, float]) -> float:
    """Return the mean over challenger types, weighted as the case says."""
    return float(sum(case.types[kind].weight * value for kind, value in by_type.items()))


def _with_inner(test: Test) -> Iterator[Test]:
    """Yield a test, then the tests whose probability it reads, as tests of their own."""
    yield test
    for node in walk(test.node):
        if isinstance(node, Probability):
            yield replace(test, node=node.x)


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Return whether two outcomes agree in all worlds in which both are defined."""
    known = np.isfinite(one) & np.isfinite(other)
    return np.array_equal(one[known], other[known])


def _varies(outcomes: Iterable[Outcome]) -> bool:
    """Return whether a test holds in some worlds and fails in others."""
    known = [outcome.truth[np.isfinite(outcome.truth)] for outcome in outcomes]
    return len(np.unique(np.concatenate(known))) > 1 if known else False


# --- tests that no probability decides -----------------------------------------------------------------------------


def _by_facts(truth: float) -> Tested:
    """Return the result of a test that only facts decide."""
    if np.isnan(truth):
        note = message("The test is undefined: it divides by zero, or a fact that it needs is missing.")
        return Tested(verdict="cannot tell", basis="facts", reason=message("undefined"), note=note)
    return Tested(verdict="holds" if truth else "fails", basis="facts")


def _by_sources(results: Sequence[Tested], ways: Sequence[Version], facts: Sequence[str]) -> Tested:
    """Return the result of a test from those by each value that sources give."""
    first, named = results[0], in_commas(facts)
    if all(result.verdict == first.verdict for result in results):
        alike = message("The sources disagree about {facts}; all of them lead to this verdict.", facts=named)
        return replace(first, note=joined(first.note, alike))
    split = parted([(way, result.verdict) for way, result in zip(ways, results, strict=True)])
    note = message("The sources disagree about {facts}: {verdicts}.", facts=named, verdicts=split)
    return Tested(verdict="disputed", basis=first.basis, reason=SOURCES_DISAGREE, note=note)


def _too_few(count: float, *, weighted: bool) -> Tested:
    few = plural(
        "Too few worlds: there is {count} effective draw, and a verdict needs {needed}. Ask for more draws.",
        "Too few worlds: there are {count} effective draws, and a verdict needs {needed}. Ask for more draws.",
        round(count),
        needed=MIN_EFFECTIVE,
    )
    check = message(
        "If that does not help, the record of past years and the beliefs may contradict each other: `tocsin lint --record` says where."
    )
    note = in_sentences(few, check if weighted else "")
    return Tested(verdict="cannot tell", basis="model", reason=TOO_FEW, note=note)


def _undefined(share: float, basis: Basis, shared: bool) -> Tested:
    """Return the result of a test that is undefined in too many worlds; `shared` says whether it compares pillars with one another."""
    if shared:
        note = message(
            "The test is undefined in {share} of worlds: it divides by zero there, a quantity has no value, a game has not settled, "
            "or all defenders together lower the risk by {points} points or less, next to nothing to share out.",
            share=percent(share),
            points=f"{100 * DIVIDED_FROM:.0f}",
        )
    else:
        note = message(
            "The test is undefined in {share} of worlds: it divides by zero there, a quantity has no value, or a game has not settled.",
            share=percent(share),
        )
    reason = message("undefined in {share} of worlds", share=percent(share))
    return Tested(verdict="cannot tell", basis=basis, reason=reason, note=note)


def _repeats(case: Case, names: Sequence[str]) -> Tested:
    if all(case.beliefs[name].is_default for name in names):
        note = message("The result would only repeat default ranges of the program: {inputs}.", inputs=in_commas(names))
    else:
        note = message("The result would only repeat what was judged: {inputs}.", inputs=in_commas(names))
    return Tested(verdict="not tested", basis="nothing", reason=REPEATS, note=note)


def _only_judgements() -> Tested:
    note = message(
        "It holds as judged, but not with identical judgements for both: only the judgements make the difference."
    )
    return Tested(verdict="not tested", basis="nothing", reason=REPEATS, note=note)


def unseen(finding: ControlFinding, swept: Curve | None) -> Tested:
    """Return the result of a test whose measure fails a control; it keeps its curve, but no probability."""
    return Tested(verdict="cannot tell", basis="model", curve=swept, reason=finding.words, note=finding.note)


def _no_least_effect() -> Tested:
    note = message(
        "The test compares a computed quantity with exactly 0, which numerical noise can pass. "
        "State the least effect that counts, as a `threshold` or a number."
    )
    return Tested(verdict="not tested", basis="nothing", reason=message("needs a least effect"), note=note)


def _against(judged: Sequence[str]) -> str:
    if not judged:
        return ""
    return message("It compares an estimate with a judgement: {inputs}.", inputs=in_commas(judged))
