"""Say in one sentence what would turn a verdict, or how near the nearest move comes to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Protocol

from tocsin.assessment.result import Basis, Verdict
from tocsin.assessment.words import figure, percent

STANDS: Mapping[Verdict, str] = {
    "holds": "It holds",
    "fails": "It fails",
    "partly": "It holds only in part",
    "disputed": "Models disagree about it",
    "cannot tell": "It stays undecided",
}
THEN: Mapping[Verdict, str] = {
    "holds": "it then holds",
    "fails": "it then fails",
    "partly": "it then holds only in part",
    "disputed": "models then disagree about it",
    "cannot tell": "it is then undecided",
}


class MoveLike(Protocol):
    """A move of one input, as a result or as its record."""

    @property
    def input(self) -> str:
        """Return the name of the belief."""

    @property
    def start(self) -> float | None:
        """Return its median."""

    @property
    def to(self) -> float | None:
        """Return the value that it gets."""

    @property
    def quantile(self) -> float:
        """Return the quantile of this value."""


class FlipLike(Protocol):
    """A flip, as a result or as its record."""

    @property
    def moves(self) -> Sequence[MoveLike]:
        """Return its moves."""

    @property
    def verdict(self) -> Verdict:
        """Return the verdict with them."""

    @property
    def part(self) -> str:
        """Return the part concerned; empty for the whole claim."""

    @property
    def probability(self) -> float:
        """Return the probability with them."""


class SearchLike(Protocol):
    """A search, as a result or as its record."""

    @property
    def ends(self) -> int:
        """Return the number of ends."""

    @property
    def tried(self) -> int:
        """Return how many of them were tried."""

    @property
    def nearest(self) -> FlipLike | None:
        """Return the nearest miss."""


def flip_sentence(verdict: Verdict, flip: FlipLike, meaning: Callable[[str], str]) -> str:
    """Return what would turn a verdict: "It holds unless the share of force (Japan) is below 0.2 instead of 0.5; it then fails."

    Args:
        verdict: as it stands.
        flip: the moves and what they make of it.
        meaning: what an input means, by name.
    """
    conditions = " and ".join(_condition(move, meaning) for move in flip.moves)
    return f"{STANDS[verdict]} unless {conditions}; {THEN[flip.verdict]}."


def _condition(move: MoveLike, meaning: Callable[[str], str]) -> str:
    side = "below" if move.quantile < 0.5 else "above"
    return f"{meaning(move.input)} is {side} {_number(move.to)} instead of {_number(move.start)}"


def search_sentence(search: SearchLike, basis: Basis, meaning: Callable[[str], str]) -> str:
    """Return that no single move was found that turns a verdict, how much was tried, and which move comes nearest."""
    if not search.ends:
        return "It reads no uncertain input."
    if not search.tried:
        return "No move was tried: each would take too many games."
    said = (
        f"No single input turns it: all {search.ends} ends of ranges were tried."
        if search.tried == search.ends
        else f"None of the {search.tried} ends of ranges tried, of {search.ends}, turns it."
    )
    if search.nearest is None:
        return said
    (move,) = search.nearest.moves
    part = f"{search.nearest.part.replace('_', ' ')} is at " if search.nearest.part else ""
    end = "lower" if move.quantile < 0.5 else "upper"
    return (
        f"{said} The nearest is the {end} end of {meaning(move.input)}, {_number(move.to)} instead of {_number(move.start)}: "
        f"{part}{figure(search.nearest.probability, basis)}."
    )


def region_sentence(
    limits: Mapping[str, tuple[float | None, float | None]],
    density: float,
    coverage: float,
    meaning: Callable[[str], str],
) -> str:
    """Return in which worlds a claim fails: "It fails in 80 % of the worlds in which reach is below 0.3: 60 % of all in which it fails."

    Args:
        limits: input -> smallest and largest value; infinite or None where there is no limit.
        density, coverage: see `result.Region`.
        meaning: what an input means, by name.
    """
    sides = []
    for name, (low, high) in limits.items():
        for value, side in ((low, "above"), (high, "below")):
            if value is not None and isfinite(value):
                sides.append(f"{meaning(name)} is {side} {_number(value)}")
    return (
        f"It fails in {percent(density)} of the worlds in which {' and '.join(sides)}: "
        f"{percent(coverage)} of all in which it fails."
    )


def _number(value: float | None) -> str:
    return "missing" if value is None else f"{value:.3g}"
