"""What a page needs to guess at once what a moved belief makes of the claim in focus, see `assessment.sketching`."""

from __future__ import annotations

from typing import Any

from tocsin.assessment.challenging.bench import Bench
from tocsin.assessment.sketching import Sketched, sketch_data


def sketch(bench: Bench, name: str) -> dict[str, Any]:
    """Return the solved worlds of a claim that games decide; tests whose measure misses a control are left out."""
    tests = []
    for part, test in bench.claims.tests[name].items():
        known = bench.tested[test].probability
        if known is not None and test in bench.modelled(name) and test not in bench.unseen:
            tests.append(Sketched(name, part, test, known.mid))
    return sketch_data(bench.claims, tests, bench.judge.central, bench.reads.of)


def unseen(bench: Bench, name: str) -> list[str]:
    """Return the parts of a claim that have no figure, as their measure misses a control."""
    return [part for part, test in bench.claims.tests[name].items() if test in bench.unseen]
