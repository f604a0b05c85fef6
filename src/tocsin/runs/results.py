"""What differs between the results of two runs: claims, quantities, and everything else in their records."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.assessment.claim_record import ClaimRecord, PartRecord, SpanRecord
    from tocsin.assessment.record import AssessmentRecord, QuantityRecord
    from tocsin.case.rival_blocks import Reader

    Decided = ClaimRecord | PartRecord

BAND = 1.96
"""Standard errors within which a difference of two independent estimates lies in 95 of 100 repetitions."""
LABELS = (
    ("id", "model"),
    ("name",),
    ("key",),
    ("input",),
    ("event", "theatre", "type", "quantity", "actor", "year", "claim", "part", "kind", "threshold"),
)
"""Fields that name an item of a list: those of the first line of which it has any."""
CODES = {"verdict", "confidence", "basis", "rule", "turnable", "registers", "reached", "possible"}
"""Fields with a word that is a result, not a text about one."""


@dataclass(frozen=True, kw_only=True)
class ClaimChange:
    """A claim or part whose verdict, probability or confidence differs.

    Attributes:
        claim, part: its name; `part` is empty for a claim.
        before, after: its results; None if a run does not have it.
    """

    claim: str
    part: str
    before: Decided | None
    after: Decided | None

    @property
    def name(self) -> str:
        """Return its name as `tocsin show` takes it."""
        return f"{self.claim}.{self.part}" if self.part else self.claim

    @property
    def moved(self) -> float | None:
        """Return by how much the probability moved, in [-1, 1]; None if a run has none."""
        spans = self._spans()
        return None if spans is None else spans[1].mid - spans[0].mid

    @property
    def error(self) -> float | None:
        """Return the standard error of this difference as if the runs were independent; None without probabilities."""
        spans = self._spans()
        return None if spans is None else math.hypot(spans[0].error, spans[1].error)

    @property
    def same_verdict(self) -> bool:
        """Return whether verdict and probability are the same, so that only the confidence or a range differs."""
        return (
            self.before is not None
            and self.after is not None
            and self.before.verdict == self.after.verdict
            and not self.moved
        )

    @property
    def within_error(self) -> bool:
        """Return whether the probability moved by no more than independent samples of one case may differ.

        With the same seed the worlds of two runs are alike, so a true change can be smaller than this.
        """
        return bool(self.moved) and self.error is not None and abs(self.moved or 0.0) <= BAND * self.error

    def _spans(self) -> tuple[SpanRecord, SpanRecord] | None:
        if self.before is None or self.after is None or not self.before.probability or not self.after.probability:
            return None
        return self.before.probability, self.after.probability


@dataclass(frozen=True, kw_only=True)
class QuantityChange:
    """A quantity of one model whose points over worlds differ; a run may lack it."""

    id: str
    model: str
    unit: str
    before: QuantityRecord | None
    after: QuantityRecord | None

    @property
    def size(self) -> float:
        """Return the change of the median relative to the wider of the two 90 % ranges; infinite if a run lacks the quantity."""
        if self.before is None or self.after is None or self.before.p50 is None or self.after.p50 is None:
            return math.inf
        change = abs(self.after.p50 - self.before.p50)
        width = max(_width(self.before), _width(self.after))
        if not change:
            return 0.0
        return change / width if width else math.inf


def _width(row: QuantityRecord) -> float:
    return 0.0 if row.p05 is None or row.p95 is None else row.p95 - row.p05


def claim_changes(before: AssessmentRecord, after: AssessmentRecord) -> tuple[ClaimChange, ...]:
    """Return the claims and parts whose verdict, probability or confidence differs, in the order of the later run."""
    first, second = dict(_decided(before)), dict(_decided(after))
    names = [*second, *(name for name in first if name not in second)]
    changes = (
        ClaimChange(claim=claim, part=part, before=first.get((claim, part)), after=second.get((claim, part)))
        for claim, part in names
    )
    return tuple(change for change in changes if _judged(change.before) != _judged(change.after))


def _decided(record: AssessmentRecord) -> Iterator[tuple[tuple[str, str], Decided]]:
    for claim in record.claims:
        yield (claim.id, ""), claim
        for part in claim.parts:
            yield (claim.id, part.name), part


def _judged(result: Decided | None) -> tuple[object, ...] | None:
    if result is None:
        return None
    span = result.probability
    numbers = None if span is None else (span.low, span.mid, span.high)
    return (result.verdict, numbers, getattr(result, "confidence", ""))


def quantity_changes(before: AssessmentRecord, after: AssessmentRecord) -> tuple[QuantityChange, ...]:
    """Return the quantities whose points differ, the largest change of the median relative to its spread first."""
    first, second = ({(row.id, row.model): row for row in record.quantities} for record in (before, after))
    changes = []
    for key in dict.fromkeys([*second, *first]):
        one, other = first.get(key), second.get(key)
        if one != other:
            known = other or one
            assert known is not None
            changes.append(QuantityChange(id=known.id, model=known.model, unit=known.unit, before=one, after=other))
    return tuple(sorted(changes, key=lambda change: -change.size))


@dataclass(frozen=True, kw_only=True)
class ExplanationChange:
    """The probability of an explanation that differs, for one reader.

    Attributes:
        name, key: of the set and of the explanation in it.
        reader: whose prior it has: "author", "neutral" or "sceptic".
        before, after: probability in [0, 1] after what was seen; None if a run does not have it.
    """

    name: str
    key: str
    reader: Reader
    before: float | None
    after: float | None


def explanation_changes(before: AssessmentRecord, after: AssessmentRecord) -> tuple[ExplanationChange, ...]:
    """Return the explanations whose probability differs for some reader, in the order of the later run."""
    first, second = dict(_believed(before)), dict(_believed(after))
    return tuple(
        ExplanationChange(name=key[0], key=key[1], reader=key[2], before=first.get(key), after=second.get(key))
        for key in dict.fromkeys([*second, *first])
        if first.get(key) != second.get(key)
    )


def _believed(record: AssessmentRecord) -> Iterator[tuple[tuple[str, str, Reader], float]]:
    for rivals in record.explanations:
        for reader, beliefs in rivals.posteriors.items():
            for key, posterior in beliefs.items():
                yield (rivals.name, key, reader), posterior.mean


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A value in the JSON of two runs that differs; None where a run has no such value.

    `where` is its path with the names of items: `claims.C12.drivers.stake.KOR.share`.
    """

    where: str
    before: Any
    after: Any
    is_text: bool


def leaves(before: AssessmentRecord, after: AssessmentRecord) -> tuple[Leaf, ...]:
    """Return every value that differs, except for what describes the run: its seconds, versions and hashes, and
    the variants whose inputs `set` lists."""
    first, second = (dict(_flat(_result(record), ())) for record in (before, after))
    return tuple(
        Leaf(
            where=".".join(path),
            before=first.get(path),
            after=second.get(path),
            is_text=path[-1] not in CODES and _texts(first.get(path), second.get(path)),
        )
        for path in dict.fromkeys([*first, *second])
        if first.get(path) != second.get(path)
    )


def _result(record: AssessmentRecord) -> dict[str, Any]:
    data = record.to_dict()
    for name in ("seconds", "versions", "data", "variants"):
        del data["run"][name]
    del data["case"]["sha256"]
    return data


def _texts(one: object, other: object) -> bool:
    return isinstance(one, str) and isinstance(other, str)


def _flat(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the values of nested data with their paths; an empty list or mapping is a value too."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _flat(item, (*path, str(key)))
    elif isinstance(value, list) and value:
        names = [_label(item) for item in value]
        alike = len(set(names)) < len(names) or "" in names
        for index, item in enumerate(value):
            yield from _flat(item, (*path, str(index) if alike else names[index]))
    else:
        yield path, str(value) if isinstance(value, (list, dict)) else value


def _label(item: Any) -> str:
    """Return what names an item of a list; empty if nothing does."""
    if not isinstance(item, dict):
        return ""
    labels = (
        "/".join(str(item[key]) for key in keys if isinstance(item.get(key), str | int | float)) for keys in LABELS
    )
    return next(filter(None, labels), "")
