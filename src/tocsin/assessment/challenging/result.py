"""The results of a challenge: frozen values that the terminal, the brief and the JSON show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from tocsin.assessment.result import Basis, Verdict
from tocsin.translation import Said

Kind: TypeAlias = Literal[
    "source", "fact", "judgement", "estimate", "record", "discount", "pressure", "type", "rival", "control"
]
"""What is changed: a source left out, a fact left out or given another value or an end of its range, a judged input at an end of its
range, another stored estimate, the record of past years left out, another discount factor, pressure from payoffs instead of history, one type
of challenger alone, a rival's inputs, a control left out."""

ERRORS = 2.0
"""Standard errors that a move must exceed to count."""

SMALLEST = 0.01
"""Smallest move of a probability that counts: printed percentages show no less."""

_LADDER: Mapping[Verdict, int] = {
    "holds": 2, "partly": 1, "disputed": 0, "cannot tell": 0, "not tested": 0, "fails": -2,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a claim's tests give: its verdict, those of its parts, and their probabilities with standard errors.

    The part of a claim without parts is empty; "together" is that enough parts hold. Reasons say why a part has no probability.
    """

    verdict: Verdict
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    probabilities: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    reasons: Mapping[str, Said] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One change, and what it does to a claim.

    Attributes:
        kind: what is changed.
        of: its key in the case: a source, a fact, an input, an argument, a control; a theatre, a type or a number.
        says: what is changed, in words.
        settings: the settings that repeat it with `--set`, (name, value); empty if no setting does.
        before, after: the claim's verdict without and with the change.
        parts: the parts whose own verdict changes: (part, verdict without, verdict with).
        part: the part of the claim that moves most; empty for the whole claim.
        probability: of this part or claim with the change; None if facts decide it or nothing does.
        change: that probability minus the one without the change, between -1 and 1; None if either is missing.
        error: standard error of `change`, >= 0; None with it.
        basis: what decides the claim.
        why: why the claim, or the first part that turns, has no probability with the change; empty if it has one or the verdict says it.
    """

    kind: Kind
    of: str
    says: Said
    settings: tuple[tuple[str, str], ...] = ()
    before: Verdict
    after: Verdict
    parts: tuple[tuple[str, Verdict, Verdict], ...] = ()
    part: str = ""
    probability: float | None = None
    change: float | None = None
    error: float | None = None
    basis: Basis = "model"
    why: Said = ""

    @property
    def turns(self) -> bool:
        """Return whether the verdict changes."""
        return self.after != self.before

    @property
    def matters(self) -> bool:
        """Return whether a verdict changes, that of a part included, or a probability moves by more than its error."""
        if self.turns or self.parts:
            return True
        if self.change is None or self.error is None:
            return False
        return abs(self.change) > max(ERRORS * self.error, SMALLEST)

    @property
    def rank(self) -> tuple[float, ...]:
        """Return the sort key, the worst first: how far the verdict falls or rises, then the move of the probability."""
        steps = abs(_LADDER[self.after] - _LADDER[self.before])
        turned = (-float(self.turns), -float(steps), -float(len(self.parts)))
        return (*turned, -float(self.matters), -abs(self.change or 0.0))

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {
            "kind": self.kind, "of": self.of, "says": str(self.says), "set": dict(self.settings),
            "before": self.before, "after": self.after,
            "parts": {part: {"before": before, "after": after} for part, before, after in self.parts},
            "part": self.part or None, "probability": self.probability,
            "change": self.change, "error": self.error, "turns": self.turns, "matters": self.matters, "why": str(self.why) or None,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Untestable:
    """A change that could not be made, or whose effect could not be computed.

    Attributes:
        kind, of, says: as in `Row`.
        why: the reason, a sentence.
    """

    kind: Kind
    of: str
    says: Said
    why: Said

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {"kind": self.kind, "of": self.of, "says": str(self.says), "why": str(self.why)}


@dataclass(frozen=True, kw_only=True)
class ControlMargin:
    """A control that the measure of a claim passes or fails, and by how much.

    Attributes:
        event, name: its key, and its name for readers.
        positive: whether it must register; if not, it must not.
        measure: the quantity and its theatre, such as "risk@korea".
        exceeds: share of worlds in which its effect exceeds the threshold, in [0, 1].
        passes: whether it does what it must.
        margin: how far that share is beyond the edge from which the control passes, in [-1, 1]; None if types of challenger disagree, so
            that the control does not register although the share is beyond the edge.
    """

    event: str
    name: Said
    positive: bool
    measure: str
    exceeds: float
    passes: bool
    margin: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {
            "event": self.event, "name": str(self.name), "positive": self.positive, "measure": self.measure,
            "exceeds": self.exceeds, "passes": self.passes, "margin": self.margin,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ClaimChallenge:
    """A claim and all that was tried against it.

    Attributes:
        id, says: as in the case.
        verdict, words: as they stand, see `result.ClaimResult`.
        basis: what decides it.
        parts: its parts with their verdicts as they stand; empty for a claim without parts.
        in_run: what stands otherwise in the stored run, which has other draws: (part, verdict there, verdict here), with an empty part for
            the whole claim; empty if nothing does, or no run is stored.
        rows: the changes, the worst first.
        untestable: what could not be tested, and why.
        controls: the controls of its measures.
        skipped: changes for which the games would have cost too much.
        expected: largest move of a probability that the solved worlds let one expect of the skipped changes; None if there are none.
    """

    id: str
    says: str
    verdict: Verdict
    words: Said
    basis: Basis
    parts: tuple[tuple[str, Verdict], ...] = ()
    in_run: tuple[tuple[str, Verdict, Verdict], ...] = ()
    rows: tuple[Row, ...] = ()
    untestable: tuple[Untestable, ...] = ()
    controls: tuple[ControlMargin, ...] = ()
    skipped: int = 0
    expected: float | None = None

    @property
    def mattered(self) -> tuple[Row, ...]:
        """Return the changes that matter."""
        return tuple(row for row in self.rows if row.matters)

    @property
    def did_not(self) -> tuple[Row, ...]:
        """Return the changes that do not matter."""
        return tuple(row for row in self.rows if not row.matters)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {
            "id": self.id, "says": self.says, "verdict": self.verdict, "words": str(self.words), "basis": self.basis,
            "otherwise_in_run": {part: {"run": there, "here": here} for part, there, here in self.in_run},
            "rows": [row.to_dict() for row in self.rows],
            "untestable": [item.to_dict() for item in self.untestable],
            "controls": [item.to_dict() for item in self.controls],
            "skipped": self.skipped, "expected": self.expected,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """The challenged claims of a case.

    Attributes:
        case, title: id and title of the case.
        sha256: of the case.
        settings: the inputs set for this run, (name, value).
        seed: of all draws.
        draws: worlds drawn for the claims as they stand; 0 without games.
        worlds: worlds in which changed games are solved again; 0 without games.
        claims: in the order of the case.
        complete: whether nothing was interrupted.
        seconds: the time it took.
    """

    case: str
    title: str
    sha256: str
    settings: tuple[tuple[str, str], ...]
    seed: int
    draws: int
    worlds: int
    claims: tuple[ClaimChallenge, ...]
    complete: bool = True
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict; the time is left out, so that equal runs are equal."""
        return {
            "case": self.case, "title": self.title, "sha256": self.sha256, "set": dict(self.settings),
            "seed": self.seed, "draws": self.draws, "worlds": self.worlds, "complete": self.complete,
            "claims": [claim.to_dict() for claim in self.claims],
        }  # fmt: skip
