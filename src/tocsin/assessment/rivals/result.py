"""Define the results of weighing rival explanations: frozen values that the brief and the JSON show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tocsin.assessment.figures_result import Band
from tocsin.case.rival_blocks import Reader

State: TypeAlias = Literal["seen", "not seen", "estimated", "disputed", "undefined", "unknown"]
"""Whether an item was seen: by the facts; in a share of the draws of an estimate; by some sources alone; or nobody can know yet."""
COUNTED: tuple[State, ...] = ("seen", "not seen", "estimated")
"""States of items that count."""
WEAK_RATIO, MIN_RATIO, STRONG_RATIO = 1.5, 3.0, 20.0
"""Likelihood ratios from which an item tells something apart, counts as evidence by itself, and counts as strong.

Kass and Raftery, Journal of the American Statistical Association 90 (1995), section 3.2, call 3 to 20 positive and 20 or more strong. Below 3
an item is worth no more than a mention, but several together may weigh. The first value is a convention of this program.
"""
MIN_MOVE = 0.01
"""Change of a probability, one point, from which an item tells something apart although no ratio does: a convention of this program."""


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Whether something was seen.

    Attributes:
        state: see `State`.
        share: share of draws in which it was, in [0, 1]; 1 or 0 by the facts; None if it does not count.
        late: whether it rests on facts dated after the day of the case.
        facts: keys of the facts that it rests on.
    """

    state: State
    share: float | None
    late: bool = False
    facts: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Return whether it is evidence on the day of the case."""
        return self.share is not None and not self.late


@dataclass(frozen=True, kw_only=True)
class Item:
    """An observation beside the explanations.

    Attributes:
        name, says: its key and text in the case.
        sight: whether it was seen.
        group: its group of dependent items; empty if there is none.
        ratios: 5, 50 and 95 % points of the likelihood of what was seen under each explanation, divided by that under the article's.
            Without a sight that counts they are those of seeing it.
        spread: the largest ratio of the medians of two explanations, at least 1.
        moved: by how much the item moves the probability of each explanation for the neutral reader; empty unless it counts.
        information: expected information about the explanations for the neutral reader in bits; None if the answer is known.
    """

    name: str
    says: str
    sight: Sight
    group: str = ""
    ratios: Mapping[str, Band]
    spread: float
    moved: Mapping[str, float] = field(default_factory=dict)
    information: float | None = None

    @property
    def diagnostic(self) -> bool:
        """Return whether the item tells at least two explanations apart: by its ratio as printed, or by what it moves."""
        return float(f"{self.spread:.2g}") >= WEAK_RATIO or self.largest_move >= MIN_MOVE

    @property
    def largest_move(self) -> float:
        """Return by how much the item moves, up or down, the probability that it moves most, in [0, 1]; 0 unless it counts."""
        return max(map(abs, self.moved.values()), default=0.0)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Items that depend on each other.

    Attributes:
        name: its key.
        items: how many of its items count and tell explanations apart at all.
        strength: 5, 50 and 95 % points of their correlation.
        effective: how many independent items they amount to, at the median strength.
    """

    name: str
    items: int
    strength: Band
    effective: float


@dataclass(frozen=True, kw_only=True)
class Posterior:
    """What a reader believes of one explanation.

    Attributes:
        prior: before the items, in [0, 1].
        mean: after them, on average over the draws of the chances; the means of all explanations sum to one.
        band: the 5, 50 and 95 % points over these draws.
    """

    prior: float
    mean: float
    band: Band


@dataclass(frozen=True, kw_only=True)
class ExplanationRow:
    """An explanation: key, few words, text, the arguments that make it."""

    key: str
    name: str
    says: str
    argues: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RivalResult:
    """A set of explanations after what was seen.

    Attributes:
        name, what: its key, and what is explained.
        claims: that it bears on.
        article: key of the explanation that the article gives.
        explanations: in the order of the case.
        items: those that count first, by what they move beside all others and with the weights of their groups; then late ones, by spread;
            then those not yet known, by expected information.
        posteriors: reader -> explanation -> what is known on the day of the case.
        since: the same with the facts dated later; empty if there are none.
        groups: those with items that count.
        uncertainty: entropy of the neutral reader's probabilities in bits, on average over draws.
    """

    name: str
    what: str
    claims: tuple[str, ...]
    article: str
    explanations: tuple[ExplanationRow, ...]
    items: tuple[Item, ...]
    posteriors: Mapping[Reader, Mapping[str, Posterior]]
    since: Mapping[Reader, Mapping[str, Posterior]] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    uncertainty: float


@dataclass(frozen=True, kw_only=True)
class ArgumentResult:
    """How an argument is tested.

    Attributes:
        key: of the argument.
        explanations: (set, explanation) that it makes, where an item tells that explanation from another.
        sets: inputs that it sets.
        text: the argument in plain words.
        bears_on: claims that name it, and those that it names.
        values: value of each input that it sets, as written for `--set`.
        says: what it predicts by itself; empty if nothing.
        sight: whether that was seen; None without a prediction.
        ratio: 5, 50 and 95 % points of the likelihood ratio of the argument, right against wrong; None unless its sight is known.
    """

    key: str
    explanations: tuple[tuple[str, str], ...] = ()
    sets: tuple[str, ...] = ()
    text: str = ""
    bears_on: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    says: str = ""
    sight: Sight | None = None
    ratio: Band | None = None

    @property
    def tested(self) -> bool:
        """Return whether the argument predicts anything or sets an input."""
        return bool(self.explanations or self.sets or self.says)


@dataclass(frozen=True, kw_only=True)
class Rivals:
    """What rival explanations and arguments come to; empty if a case has none."""

    sets: tuple[RivalResult, ...] = ()
    arguments: tuple[ArgumentResult, ...] = ()
