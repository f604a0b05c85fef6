"""What a claim rests on: the facts and inputs that its tests read, the theatres and the spending of its games, and the sources behind all."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.assessment.challenging.bench import Bench
from tocsin.assessment.challenging.changes import paid
from tocsin.assessment.challenging.leaving_out import sources_of
from tocsin.assessment.reads import Trace
from tocsin.assessment.requests import theatres_of
from tocsin.case.blocks import AUTHOR
from tocsin.case.distributions import fact_of
from tocsin.case.nodes import facts
from tocsin.case.schema import Case


@dataclass(frozen=True)
class ClaimReads:
    """What a claim rests on, each sorted or in the order of the case.

    Attributes:
        facts, beliefs: that its tests read, by name or through games.
        of_record: inputs that only the record of past years reads.
        behind: facts whose value one of these inputs takes, without those that its tests read too.
        theatres: of its games.
        sources: behind its facts, measured inputs and spending.
    """

    facts: tuple[str, ...]
    beliefs: tuple[str, ...]
    of_record: tuple[str, ...]
    behind: tuple[str, ...]
    theatres: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def judged(self) -> tuple[str, ...]:
        """Return all inputs whose judgement bears on the claim."""
        return (*self.beliefs, *self.of_record)


def reads_of(bench: Bench, name: str) -> ClaimReads:
    """Return what a claim rests on; of parts without a probability only the facts, since no input can turn them."""
    case = bench.claims
    blocked = bench.blocked(name)
    tests = [test for part, test in case.tests[name].items() if part not in blocked]
    beliefs = frozenset[str]().union(*map(bench.reads.of, tests))
    theatres = tuple(sorted({key for test in bench.modelled(name) for key in theatres_of(case, [test.node])}))
    recorded = _read_by_record(bench, theatres) - beliefs if theatres else frozenset[str]()
    keys = frozenset[str]().union(*(facts(test.node) for test in case.tests[name].values()))
    behind = {fact for belief in beliefs | recorded if (fact := fact_of(case.beliefs[belief].is_)) is not None}
    return ClaimReads(
        facts=tuple(sorted(keys)),
        beliefs=tuple(belief for belief in case.beliefs if belief in beliefs),
        of_record=tuple(belief for belief in case.beliefs if belief in recorded),
        behind=tuple(sorted(behind - keys)),
        theatres=theatres,
        sources=sources_of(case, keys, beliefs, paid(beliefs)),
    )


def _read_by_record(bench: Bench, theatres: tuple[str, ...]) -> frozenset[str]:
    """Return the inputs that the record's likelihood reads."""
    from tocsin.assessment.ensemble import base_scenario
    from tocsin.models.coercion.history import log_likelihood

    names: set[str] = set()
    for ensemble in bench.judge.central.values():
        for theatre, kind in ensemble.records:
            if theatre in theatres:
                base = base_scenario(bench.claims, theatre, kind)
                trace = Trace(ensemble.worlds.draws)
                log_likelihood(bench.claims, ensemble.solutions[base], trace, ensemble.pasts.get(base))
                names |= trace.read
    return frozenset(names)


def is_marked(case: Case, fact: str) -> bool:
    """Return whether a fact is flagged in the case, or only recalled."""
    entry = case.facts[fact]
    return entry.flag not in (None, AUTHOR) or entry.confidence == "recalled"
