"""Say in one sentence what would turn a verdict, or how near the nearest move comes to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from types import MappingProxyType
from typing import Protocol

from tocsin.assessment.result import MEDIAN, Basis, Verdict
from tocsin.assessment.words import NOT_THERE, UNSEEN, figure, part_words, percent
from tocsin.translation import Text, in_sentences, listed, message, plural

THEN: Mapping[Verdict, Text] = MappingProxyType(
    {
        "holds": message("it then holds"),
        "fails": message("it then fails"),
        "partly": message("it then holds only in part"),
        "disputed": message("models then disagree about it"),
        "cannot tell": message("it is then undecided"),
    }
)


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
    def probability(self) -> float | None:
        """Return the probability with them."""

    @property
    def reason(self) -> str:
        """Return why nothing can be told with them."""

    @property
    def worlds(self) -> int:
        """Return in how many worlds games were solved again."""


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

    @property
    def unsure(self) -> int:
        """Return how many of the tried ends seemed to turn the verdict but did not surely do so."""

    @property
    def worlds(self) -> int:
        """Return in how many worlds games were solved again."""


class ClaimLike(Protocol):
    """A claim, as a result or as its record."""

    @property
    def words(self) -> str:
        """Return how it was decided, in a few words."""

    @property
    def basis(self) -> Basis:
        """Return what decides it."""

    @property
    def parts(self) -> Sequence[PartLike]:
        """Return its parts."""

    @property
    def flips(self) -> Sequence[FlipLike]:
        """Return its flips."""

    @property
    def search(self) -> SearchLike | None:
        """Return how far the search for them went."""


class PartLike(Protocol):
    """A part, as a result or as its record."""

    @property
    def words(self) -> str:
        """Return how it was decided, in a few words."""


def turning_sentences(claim: ClaimLike, meaning: Callable[[str], str]) -> list[Text]:
    """Return what turns a claim's verdict, how far the search for that went, and what a control kept from it.

    Args:
        claim: the claim.
        meaning: what an input means, by name.
    """
    texts = [flip_sentence(flip, meaning) for flip in claim.flips]
    if claim.search is not None and not any(len(flip.moves) == 1 for flip in claim.flips):
        texts.append(search_sentence(claim.search, claim.basis, meaning))
    if any(item.words in (UNSEEN, NOT_THERE) for item in (claim, *claim.parts)):
        texts.append(message("No search was made for an input that lets its measure pass the control."))
    return texts


def flip_sentence(flip: FlipLike, meaning: Callable[[str], str]) -> Text:
    """Return what turns a verdict: "The smallest change found of one input that turns it: reach is 0.2 instead of 0.5; it then fails."

    The sentence leaves open that a larger change, another input or the other direction turns it too. It says in how many worlds games were
    solved again.

    Args:
        flip: the moves and what they make of the verdict.
        meaning: what an input means, by name.
    """
    conditions = listed(_condition(move, meaning) for move in flip.moves)
    then = (
        message("{then}: {reason}", then=THEN[flip.verdict], reason=flip.reason) if flip.reason else THEN[flip.verdict]
    )
    if len(flip.moves) == 1:
        text = message(
            "The smallest change found of one input that turns it: {conditions}; {then}.",
            conditions=conditions,
            then=then,
        )
    else:
        text = message(
            "The smallest joint change found of two inputs that turns it: {conditions}; {then}.",
            conditions=conditions,
            then=then,
        )
    return in_sentences(text, _solved_again(flip.worlds))


def _solved_again(worlds: int) -> Text:
    if not worlds:
        return Text()
    return plural(
        "Its games were solved again in {count} world.", "Its games were solved again in {count} worlds.", worlds
    )


def _condition(move: MoveLike, meaning: Callable[[str], str]) -> Text:
    values = {"input": meaning(move.input), "value": _number(move.to), "median": _number(move.start)}
    if move.quantile == MEDIAN:
        return message("{input} is certain to be {median} (its median)", input=values["input"], median=values["median"])
    return message("{input} is {value} instead of {median}", **values)


def search_sentence(search: SearchLike, basis: Basis, meaning: Callable[[str], str]) -> Text:
    """Return that no single move was found that turns a verdict, how much was tried, and which move comes nearest."""
    if not search.ends:
        return message("It reads no uncertain input.")
    if search.idle == search.ends:
        return message("No single input turns it: each bears only on tests that cannot turn it.")
    if not search.tried:
        return message("No other value was tried, since each needs too many games.")
    left = search.ends - search.idle
    if search.unsure:
        summary = message(
            "None of the {tried} ends of ranges tried, of {number}, surely turns it; {count} may.",
            tried=search.tried,
            number=left,
            count=search.unsure,
        )
    elif search.tried < left:
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
    nearest = _nearest(search.nearest, basis, meaning) if search.nearest else ""
    return in_sentences(summary, _in_few(search.worlds), nearest)


def _in_few(worlds: int) -> Text:
    """Return what a search in a few worlds leaves open; empty if no game was solved again."""
    if not worlds:
        return Text()
    return plural(
        "The games were solved again in {count} world, so an end that just turns it may be missed.",
        "The games were solved again in {count} worlds, so an end that just turns it may be missed.",
        worlds,
    )


def _nearest(flip: FlipLike, basis: Basis, meaning: Callable[[str], str]) -> Text:
    """Return which end of a range comes nearest to turning a verdict, and the probability there."""
    (move,) = flip.moves
    assert flip.probability is not None
    chance: str = figure(flip.probability, basis)
    if flip.part:
        chance = message("{part} is at {chance}", part=part_words(flip.part), chance=chance)
    values = {"input": meaning(move.input), "value": _number(move.to), "median": _number(move.start), "chance": chance}
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


def _number(value: float | None) -> Text:
    return message("missing") if value is None else Text(f"{value:.3g}")
