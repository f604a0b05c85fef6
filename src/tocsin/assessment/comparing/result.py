"""What a comparison of cases, variants and stored runs says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tocsin.assessment.result import Basis, ClaimResult, Verdict
from tocsin.translation import Said

if TYPE_CHECKING:
    from tocsin.case.schema import Case

NOTICEABLE = 2.0
"""Standard errors from which a difference is more than chance: 19 times in 20 chance alone gives less."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A case to compare: with its inputs as they are, or with those of a variant; or a run that was stored.

    Attributes:
        name: how the page calls it; no two items have one name.
        case: with the settings of the variant.
        stored: the claims of a stored run, which is not run again; None for a case.
        why: what its variant is for; empty for others.
    """

    name: str
    case: Case
    stored: tuple[ClaimResult, ...] | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A claim in one item.

    Attributes:
        verdict: see `verdicts`.
        words: the probability in words, or how the verdict was reached.
        basis: what decides the claim.
        probability: central, in [0, 1]; None if the verdict has none.
        error: its standard error; None without a probability.
    """

    verdict: Verdict
    words: Said
    basis: Basis
    probability: float | None = None
    error: float | None = None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The probability of a claim in one item minus that in the first item.

    Attributes:
        value: in [-1, 1].
        error: its standard error; 0 if the claim reads nothing in which the items differ.
        paired: whether both were read in the same worlds.
    """

    value: float
    error: float
    paired: bool

    @property
    def noticeable(self) -> bool:
        """Return whether chance alone hardly makes such a difference."""
        return self.value != 0.0 and abs(self.value) >= NOTICEABLE * self.error


@dataclass(frozen=True, kw_only=True)
class Row:
    """One claim, or one part of a claim, in all items.

    Attributes:
        claim: id of the claim.
        part: name of the part; empty for the claim itself.
        says: what it says, in the first item that has it.
        cells: by item; None where an item does not have the claim.
        differences: by item, from the first one; None for the first, and where one of the two has no probability.
        others: what it says in items that say something else, as (number of the item from 1, text).
        hangs_on: by item, what differs from the first item and bears on the claim, such as `regimes.KOR.alignment`; empty for the first.
    """

    claim: str
    part: str = ""
    says: str
    cells: tuple[Cell | None, ...]
    differences: tuple[Difference | None, ...]
    hangs_on: tuple[tuple[str, ...], ...]
    others: tuple[tuple[int, str], ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the claim or part, as in `tocsin show`."""
        return f"{self.claim}.{self.part}" if self.part else self.claim

    @property
    def kind(self) -> Literal["verdict", "probability", "missing", "same"]:
        """Return in what the items that have the claim differ.

        That is the verdict, the probability by more than chance, or neither; "missing" if only one item has the claim.
        """
        verdicts = [cell.verdict for cell in self.cells if cell]
        if len(verdicts) < 2:
            return "missing"
        if len(set(verdicts)) > 1:
            return "verdict"
        return "probability" if any(item and item.noticeable for item in self.differences) else "same"

    @property
    def pairs(self) -> tuple[tuple[Cell | None, Difference | None], ...]:
        """Return the cell and the difference of each item."""
        return tuple(zip(self.cells, self.differences, strict=True))

    @property
    def bearing(self) -> tuple[str, ...]:
        """Return what differs between any item and the first and bears on the claim, sorted."""
        return tuple(sorted({name for names in self.hangs_on for name in names}))

    @property
    def largest(self) -> float:
        """Return the largest difference, in [0, 1]."""
        return max((abs(item.value) for item in self.differences if item), default=0.0)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One item of a comparison.

    Attributes:
        name: as in `Item`.
        case: id of the case.
        title: of the case.
        settings: inputs that differ from the case, as (name, text).
        sha256: hash of the case.
        stored: whether it is a stored run.
        why: what its variant is for; empty for others.
    """

    name: str
    case: str
    title: str
    settings: tuple[tuple[str, str], ...]
    sha256: str
    stored: bool
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Claims in several items, those that differ first.

    Attributes:
        items: at least two; differences are from the first.
        rows: claims and their parts: first those with different verdicts, then those with a noticeable difference, the largest first.
        seed: of the worlds.
        draws: worlds drawn; 0 if no item has a game that was solved.
        effective_draws: the smallest over items, theatres and types; None without games.
        seconds: wall-clock time.
    """

    items: tuple[Compared, ...]
    rows: tuple[Row, ...]
    seed: int
    draws: int
    effective_draws: float | None
    seconds: float
