"""What changed between two stored runs, what that did, and which change can have done it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tocsin.errors import InputError
from tocsin.runs.inputs import InputChange, input_changes
from tocsin.runs.reach import Reach
from tocsin.runs.results import (
    ClaimChange,
    ExplanationChange,
    QuantityChange,
    claim_changes,
    explanation_changes,
    quantity_changes,
)
from tocsin.runs.verifying import changed_versions

if TYPE_CHECKING:
    from tocsin.case.schema import Case
    from tocsin.runs.about import About
    from tocsin.runs.store import StoredRun

CODE = "code"
Kind = Literal["one", "several", "nothing", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Cause:
    """What can have changed a claim.

    Attributes:
        kind: "one" change, "several" that cannot be separated, "nothing" that its test reads, or "unknown" since a case cannot be read.
        names: of the changes: labels of inputs, `code`, `seed`, `draws`.
        weights: whether they move it only through the weights of worlds or the controls, since its test reads none of them.
    """

    kind: Kind
    names: tuple[str, ...] = ()
    weights: bool = False


@dataclass(frozen=True, kw_only=True)
class RunDifference:
    """Two runs side by side.

    Attributes:
        before, after: the runs.
        inputs: changed values of the cases, with settings; empty if a case cannot be read.
        files: name -> (digest before, digest after) of each file of the case that differs; empty text if there is none.
        measured: names of values from data sets that differ.
        versions: name -> (before, after) of each version that differs; "code" is the program itself.
        origin: "seed" and "draws" with their values, if they differ.
        claims: each claim that differs, with what can have changed it.
        quantities: those that differ, the largest change first.
        explanations: those whose probability differs for some reader.
        claims_compared, quantities_compared: how many both runs have.
        unread: why a case cannot be read; empty if both can.
    """

    before: StoredRun
    after: StoredRun
    inputs: tuple[InputChange, ...]
    files: Mapping[str, tuple[str, str]]
    measured: tuple[str, ...]
    versions: Mapping[str, tuple[str, str]]
    origin: Mapping[str, tuple[int, int]]
    claims: tuple[tuple[ClaimChange, Cause], ...]
    quantities: tuple[QuantityChange, ...]
    explanations: tuple[ExplanationChange, ...]
    claims_compared: int
    quantities_compared: int
    unread: str = ""


def compare_runs(before: StoredRun, after: StoredRun) -> RunDifference:
    """Return what differs between two runs. Claims of two cases are compared by their ids.

    Raises:
        InputError: if a run is damaged, or from another version that cannot be read.
    """
    one, other = before.about, after.about
    records = before.record, after.record
    cases, unread = _cases(before, after)
    changes = input_changes(*cases) if cases else ()
    measured = tuple(
        name for name in {**one.measured, **other.measured} if one.measured.get(name) != other.measured.get(name)
    )
    versions = changed_versions(_versions(one), _versions(other))
    pairs = {"seed": (one.origin.seed, other.origin.seed), "draws": (one.origin.draws, other.origin.draws)}
    origin = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    judge = _Judge(cases, [*changes, *_measured_changes(measured)], [*origin, *([CODE] if versions else [])])
    quantities = [{(row.id, row.model) for row in record.quantities} for record in records]
    return RunDifference(
        before=before,
        after=after,
        inputs=changes,
        files=_files(one, other),
        measured=measured,
        versions=versions,
        origin=origin,
        claims=tuple((change, judge.cause(change)) for change in claim_changes(*records)),
        quantities=quantity_changes(*records),
        explanations=explanation_changes(*records),
        claims_compared=len(one.verdicts.keys() & other.verdicts.keys()),
        quantities_compared=len(quantities[0] & quantities[1]),
        unread=unread,
    )


def _cases(before: StoredRun, after: StoredRun) -> tuple[tuple[Case, Case] | None, str]:
    """Return the cases of both runs, or why one cannot be read."""
    try:
        return (before.load_case(), after.load_case()), ""
    except InputError as error:
        return None, error.message


def _versions(about: About) -> dict[str, str]:
    return {**about.origin.versions, CODE: about.origin.code}


def _measured_changes(names: Sequence[str]) -> list[InputChange]:
    """Return values of data sets that differ as changes of inputs. The store has only their hashes.

    A name without a dot is a whole block, such as `discount`.
    """
    parts = (name.partition(".") for name in names)
    return [
        InputChange(block=block, name=name, field="from", before=None, after=None, tested=True)
        for block, _, name in parts
    ]


def _files(one: About, other: About) -> dict[str, tuple[str, str]]:
    return {
        name: (one.files.get(name, ""), other.files.get(name, ""))
        for name in {**one.files, **other.files}
        if one.files.get(name) != other.files.get(name)
    }


class _Judge:
    """Says which changes can have changed a claim."""

    def __init__(self, cases: tuple[Case, Case] | None, changes: Sequence[InputChange], general: Sequence[str]) -> None:
        self._reaches = tuple(map(Reach, cases)) if cases else ()
        self._changes = [change for change in changes if change.tested]
        self._general = general

    def cause(self, claim: ClaimChange) -> Cause:
        """Return what can have changed a claim; what its test reads comes before what only weights worlds."""
        if not self._reaches:
            return Cause(kind="unknown")
        changes = [item for item in self._changes if item.block != "sources" or claim.same_verdict]
        read = self._labels([item for item in changes if self._any("reads", item, claim)])
        weighted = self._labels([item for item in changes if self._any("weighted", item, claim)])
        names = dict.fromkeys([*read, *weighted, *self._general])
        if not names:
            return Cause(kind="nothing")
        weights = not read and not self._general
        return Cause(kind="one" if len(names) == 1 else "several", names=tuple(names), weights=weights)

    def _any(self, how: Literal["reads", "weighted"], change: InputChange, claim: ClaimChange) -> bool:
        return any(getattr(reach, how)(change, claim.claim, claim.part) for reach in self._reaches)

    def _labels(self, changes: Sequence[InputChange]) -> list[str]:
        return list(dict.fromkeys(change.label for change in changes))
