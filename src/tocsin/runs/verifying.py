"""Run a stored run again from its own files, and compare the numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin.runs.results import ClaimChange, Leaf, QuantityChange, claim_changes, leaves, quantity_changes

if TYPE_CHECKING:
    from tocsin.assessment.result import Assessment
    from tocsin.case.schema import Case
    from tocsin.runs.store import StoredRun

Assess = Callable[["Case", int, int, Mapping[str, str]], "Assessment"]
"""Assesses a case with a seed, draws and settings."""


@dataclass(frozen=True, kw_only=True)
class Verification:
    """A stored run beside its repetition.

    Attributes:
        run: the stored run.
        claims, quantities: those that differ.
        others: other values that differ, without texts.
        texts: texts that differ.
        claims_compared, quantities_compared: how many both runs have.
        versions: name -> (stored, present) of each version that differs; "code" is the program itself.
        measured: names of values that data sets give otherwise now.
    """

    run: StoredRun
    claims: tuple[ClaimChange, ...]
    quantities: tuple[QuantityChange, ...]
    others: tuple[Leaf, ...]
    texts: tuple[Leaf, ...]
    claims_compared: int
    quantities_compared: int
    versions: Mapping[str, tuple[str, str]]
    measured: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Return whether all numbers and verdicts of the record are the same."""
        return not (self.claims or self.quantities or self.others)


def verify(run: StoredRun, assess: Assess) -> Verification:
    """Run the stored case again with the stored seed, draws and settings.

    Args:
        run: a stored run.
        assess: how to assess, see `tocsin.assess`.

    Raises:
        InputError: if the run or its case is damaged, or from another version that cannot be read.
        SolveError: if a game has no finite solution now.
    """
    from tocsin.assessment.record import AssessmentRecord

    before, origin = run.record, run.about.origin
    case = run.written_case()
    if run.is_damaged():  # in a file that is not compared
        raise run.unreadable()
    after = AssessmentRecord.of(assess(case, origin.seed, origin.draws, origin.settings))
    claims, quantities, values = claim_changes(before, after), quantity_changes(before, after), leaves(before, after)
    known = tuple(f"claims.{change.claim}." for change in claims)
    others = (leaf for leaf in values if not leaf.is_text and not leaf.where.startswith(("quantities.", *known)))
    return Verification(
        run=run,
        claims=claims,
        quantities=quantities,
        others=tuple(others),
        texts=tuple(leaf for leaf in values if leaf.is_text),
        claims_compared=len({claim.id for claim in before.claims} & {claim.id for claim in after.claims}),
        quantities_compared=len(
            {(row.id, row.model) for row in before.quantities} & {(row.id, row.model) for row in after.quantities}
        ),
        versions=version_changes(run, after.run.versions),
        measured=_measured(run, dict(case.data_hashes)),
    )


def version_changes(run: StoredRun, versions: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return the versions that differ from the present ones, and "code" if the program differs."""
    from tocsin.runs.about import code_hash

    origin, code = run.about.origin, code_hash()
    return changed_versions({**origin.versions, "code": origin.code}, {**versions, "code": code})


def changed_versions(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return name -> (before, after) of each version that differs; "code", a hash, is cut to its first digits.

    A library that one of the runs did not use has no version there, and is left out.
    """
    shown = {name: (before[name], after[name]) for name in before if name in after}
    return {
        name: (one[:8], other[:8]) if name == "code" else (one, other)
        for name, (one, other) in shown.items()
        if one != other
    }


def _measured(run: StoredRun, hashes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name, known in run.about.measured.items() if hashes.get(name) != known)
