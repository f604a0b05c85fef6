"""Say in one sentence what would turn a verdict, or how near the nearest move comes to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from types import MappingProxyType
from typing import Protocol

from tocsin.assessment.result import Basis, Verdict
from tocsin.assessment.words import figure, part_words, percent
from tocsin.translation import Text, in_sentences, listed, message

THEN: Mapping[Verdict, Text] = MappingProxyType(
    {
        "holds": message("it then holds"),
        "fails": message("it then fails"),
        "partly": message("it then holds only in part"),
        "disputed": message("models then disagree about it"),
        "cannot tell": message("it is then undecided"),
    }
)


MEDIAN = 0.5
"""The quantile of the median: a move to it takes away that the input is uncertain, and no more."""

NOTHING = 1e-12
"""Share of a median that is next to nothing: the computed end of a range from 0 may differ from 0 by that much."""


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
    def idle(self) -> int:
        """Return how many of them cannot turn the verdict."""

    @property
    def nearest(self) -> FlipLike | None:
        """Return the nearest miss."""


def flip_sentence(flip: FlipLike, meaning: Callable[[str], str]) -> Text:
    """Return what turns a verdict: "The smallest change found of one input that turns it: reach is below 0.2 instead of 0.5; it then fails."

    The sentence leaves open that a larger change, another input or the other direction turns it too.

    Args:
        flip: the moves and what they make of the verdict.
        meaning: what an input means, by name.
    """
    values = {"conditions": listed(_condition(move, meaning) for move in flip.moves), "then": THEN[flip.verdict]}
    if len(flip.moves) == 1:
        return message("The smallest change found of one input that turns it: {conditions}; {then}.", **values)
    return message("The smallest joint change found of two inputs that turns it: {conditions}; {then}.", **values)


def _condition(move: MoveLike, meaning: Callable[[str], str]) -> Text:
    values = {"input": meaning(move.input), "value": _value(move), "median": _number(move.start)}
    if move.quantile in (0.0, 1.0):
        return message("{input} is {value} instead of {median}", **values)
    if move.quantile == MEDIAN:
        return message("{input} is certain to be {median} (its median)", input=values["input"], median=values["median"])
    if move.quantile < MEDIAN:
        return message("{input} is below {value} instead of {median}", **values)
    return message("{input} is above {value} instead of {median}", **values)


def search_sentence(search: SearchLike, basis: Basis, meaning: Callable[[str], str]) -> Text:
    """Return that no single move was found that turns a verdict, how much was tried, and which move comes nearest."""
    if not search.ends:
        return message("It reads no uncertain input.")
    if search.idle == search.ends:
        return message("No single input turns it: each bears only on tests that cannot turn it.")
    if not search.tried:
        return message("No other value was tried, since each needs too many games.")
    left = search.ends - search.idle
    if search.tried < left:
        summary = message(
            "None of the {tried} ends of ranges tried, of {number}, turns it.", tried=search.tried, number=left
        )
    elif search.idle:
        summary = message(
            "No single input turns it at an end of its range: {tried} ends were tried, and {idle} bear only on tests that cannot turn it.",
            tried=search.tried,
            idle=search.idle,
        )
    else:
        summary = message(
            "No single input turns it at an end of its range: all {number} ends were tried.", number=search.ends
        )
    return in_sentences(summary, _nearest(search.nearest, basis, meaning)) if search.nearest else summary


def _nearest(flip: FlipLike, basis: Basis, meaning: Callable[[str], str]) -> Text:
    """Return which end of a range comes nearest to turning a verdict, and the probability there."""
    (move,) = flip.moves
    chance: str = figure(flip.probability, basis)
    if flip.part:
        chance = message("{part} is at {chance}", part=part_words(flip.part), chance=chance)
    values = {"input": meaning(move.input), "value": _value(move), "median": _number(move.start), "chance": chance}
    if move.quantile < MEDIAN:
        return message("The nearest is the lower end of {input}, {value} instead of {median}: {chance}.", **values)
    return message("The nearest is the upper end of {input}, {value} instead of {median}: {chance}.", **values)


def region_sentence(
    limits: Mapping[str, tuple[float | None, float | None]],
    density: float,
    coverage: float,
    meaning: Callable[[str], str],
) -> Text:
    """Return in which worlds a claim fails: "It fails in 80 % of the worlds in which reach is below 0.3: 60 % of all in which it fails."

    Args:
        limits: input -> smallest and largest value; infinite or None where there is no limit.
        density, coverage: see `result.Region`.
        meaning: what an input means, by name.
    """
    sides = []
    for name, (low, high) in limits.items():
        above, below = low is not None and isfinite(low), high is not None and isfinite(high)
        if above and below:
            ends = {"low": _number(low), "high": _number(high)}
            sides.append(message("{input} is between {low} and {high}", input=meaning(name), **ends))
        elif above:
            sides.append(message("{input} is above {value}", input=meaning(name), value=_number(low)))
        elif below:
            sides.append(message("{input} is below {value}", input=meaning(name), value=_number(high)))
    return message(
        "It fails in {density} of the worlds in which {limits}: {coverage} of all in which it fails.",
        density=percent(density),
        limits=listed(sides),
        coverage=percent(coverage),
    )


def _value(move: MoveLike) -> Text:
    """Return the value that an input gets; next to nothing beside its median is 0, as at an end of a range from 0."""
    nothing = move.to is not None and move.start is not None and abs(move.to) < NOTHING * abs(move.start)
    return _number(0.0 if nothing else move.to)


def _number(value: float | None) -> Text:
    return message("missing") if value is None else Text(f"{value:.3g}")
