"""Say in words how well rival explanations fit, and how arguments are tested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from tocsin.assessment.rivals.result import MIN_MOVE, MIN_RATIO, STRONG_RATIO, WEAK_RATIO
from tocsin.assessment.words import percent, plain, whole
from tocsin.case.rival_blocks import Reader
from tocsin.translation import Text, clip, in_commas, in_semicolons, key_words, message, message_in

READER_WORDS: Mapping[Reader, Text] = {
    "neutral": message_in("reader", "neutral reader"),
    "author": message_in("reader", "the article's author"),
    "sceptic": message_in("reader", "sceptic"),
}
"""Whose probabilities they are."""
MAX_WORDS = 40
"""Words of an item in a sentence about it."""
LARGEST = 1000.0
"""Likelihood ratios print as figures up to this number."""


class SightLike(Protocol):
    """A sight or its record."""

    @property
    def state(self) -> str:
        """Return whether it was seen."""

    @property
    def share(self) -> float | None:
        """Return the share of draws in which it was."""

    @property
    def late(self) -> bool:
        """Return whether it became known after the day of the case."""


class ItemLike(Protocol):
    """An item or its record."""

    @property
    def says(self) -> str:
        """Return its text."""

    @property
    def sight(self) -> SightLike:
        """Return whether it was seen."""

    @property
    def group(self) -> str:
        """Return its group; empty if there is none."""

    @property
    def diagnostic(self) -> bool:
        """Return whether it tells at least two explanations apart."""

    @property
    def moved(self) -> Mapping[str, float]:
        """Return by how much it moves the probability of each explanation."""

    @property
    def information(self) -> float | None:
        """Return its expected information in bits; None if the answer is known."""


def item_remarks(item: ItemLike) -> list[Text]:
    """Return whether an item was seen, its group, and how to read its ratios."""
    remarks = [sight_text(item.sight)]
    if item.group:
        remarks.append(message("group “{group}”", group=key_words(item.group)))
    if item.sight.share is None:
        remarks.append(message("if it were seen:"))
    elif not item.diagnostic:
        remarks.append(message("tells none of them apart"))
    return remarks


def item_notes(items: Iterable[ItemLike], names: Mapping[str, str], uncertainty: float) -> list[Text]:
    """Return which item moves a neutral reader most, and which unknown one would tell the explanations apart best.

    Args:
        items: of one set.
        names: explanation -> few words.
        uncertainty: entropy of the neutral reader's probabilities in bits.
    """
    items = list(items)
    notes: list[Text] = []
    moves = [(size, item, key) for item in items for key, size in item.moved.items() if abs(size) >= MIN_MOVE]
    if moves:
        size, first, key = max(moves, key=lambda move: abs(move[0]))
        notes.append(moved_text(clip(first.says, MAX_WORDS), sight_text(first.sight), names[key], 100.0 * size))
    known = [(item.information, item) for item in items if item.information is not None]
    if known and uncertainty > 0.0:
        bits, best = max(known, key=lambda pair: pair[0])
        notes.append(next_text(clip(best.says, MAX_WORDS), bits / uncertainty))
    return notes


def sight_text(sight: SightLike) -> Text:
    """Return whether something was seen."""
    if sight.state == "unknown":
        return message("nobody can know yet")
    if sight.state == "disputed":
        return message("sources disagree about it, so it does not count")
    if sight.state == "undefined":
        return message("undefined, so it does not count")
    if sight.state == "estimated":
        share = percent(sight.share or 0.0)
        known = message("so in {share} of the draws of an estimate", share=share)
    else:
        known = message("seen") if sight.state == "seen" else message("not seen")
    return message("{seen}, known only after the day of the case", seen=known) if sight.late else known


def times(ratio: float) -> str:
    """Return a ratio of at least 1 with two significant digits: "3.5", "28", "over 1000"."""
    return plain(ratio, 2) if ratio < LARGEST else f"{LARGEST:,.0f}+"


def ratio_text(ratio: float) -> Text:
    """Return how much likelier an item is under one explanation than under another, in words and as a figure; ratio > 0."""
    size = float(f"{max(ratio, 1.0 / ratio):.2g}")  # as printed, so that words and figure never disagree
    if size < WEAK_RATIO:
        return message("about as likely")
    number = times(size)
    if ratio > 1.0:
        if size >= STRONG_RATIO:
            return message("far likelier ({number} times)", number=number)
        if size >= MIN_RATIO:
            return message("likelier ({number} times)", number=number)
        return message("somewhat likelier ({number} times)", number=number)
    if size >= STRONG_RATIO:
        return message("far less likely ({number} times)", number=number)
    if size >= MIN_RATIO:
        return message("less likely ({number} times)", number=number)
    return message("somewhat less likely ({number} times)", number=number)


def argument_ratio_text(low: float, mid: float, high: float) -> Text:
    """Return how much likelier what was seen is if an argument is right than if it is wrong."""
    if plain(low, 2) == plain(high, 2):
        return message("{ratio} times as likely if the argument is right as if it is wrong", ratio=plain(mid, 2))
    return message(
        "{ratio} times as likely if the argument is right as if it is wrong ({low} to {high})",
        ratio=plain(mid, 2),
        low=plain(low, 2),
        high=plain(high, 2),
    )


def belief_text(name: str, mean: float, low: float, high: float) -> Text:
    """Return what a reader believes of an explanation: "a strike 12 % (5 to 20 %)"."""
    if percent(low) == percent(high):
        return message("{explanation} {share}", explanation=name, share=percent(mean))
    return message(
        "{explanation} {share} ({range})", explanation=name, share=percent(mean), range=whole_range(low, high)
    )


def whole_range(low: float, high: float) -> Text:
    """Return the range between two probabilities in whole per cent: "5 to 20 %", "<1 to 12 %"."""
    ends = [("<1" if end < 1 else ">99" if end > 99 else str(end)) for end in (whole(low), whole(high))]
    return message("{low} to {high} %", low=ends[0], high=ends[1])


def readers_text(beliefs: Mapping[Reader, float]) -> Text:
    """Return what each reader believes of one explanation: "neutral reader 20 %, author 55 %, sceptic 6 %"."""
    return in_commas(
        message("{reader} {share}", reader=READER_WORDS[reader], share=percent(mean))
        for reader, mean in beliefs.items()
    )


def group_text(group: str, items: int, low: float, mid: float, high: float) -> Text:
    """Return how many independent items a group of two or more dependent ones amounts to."""
    effective = plain(items / (1.0 + (items - 1) * mid), 2)
    number, ends = plain(mid, 2), (plain(low, 2), plain(high, 2))
    strength: str = number
    if ends[0] != ends[1]:
        strength = message("{number} ({low} to {high})", number=number, low=ends[0], high=ends[1])
    if effective == "1":
        return message(
            "{items} items of the group “{group}” depend on each other: with a correlation of {strength} they count as one.",
            items=str(items),
            group=group,
            strength=strength,
        )
    return message(
        "{items} items of the group “{group}” depend on each other: with a correlation of {strength} they count as {effective} independent ones.",
        items=str(items),
        group=group,
        strength=strength,
        effective=effective,
    )


def moved_text(item: str, seen: Text, explanation: str, points: float) -> Text:
    """Return which item moves a neutral reader most; points > 0 raise the probability of the explanation."""
    if points > 0:
        return message(
            "For a neutral reader “{item}” ({seen}) weighs most: it raises “{explanation}” by {points} points.",
            item=item,
            seen=seen,
            explanation=explanation,
            points=f"{points:.0f}",
        )
    return message(
        "For a neutral reader “{item}” ({seen}) weighs most: it lowers “{explanation}” by {points} points.",
        item=item,
        seen=seen,
        explanation=explanation,
        points=f"{-points:.0f}",
    )


def next_text(item: str, share: float) -> Text:
    """Return which unknown item would tell the explanations apart best; `share` of the uncertainty that it removes."""
    return message(
        "What would tell them apart best is not known yet: “{item}”. The answer would remove {share} of a neutral reader’s uncertainty on average.",
        item=item,
        share=percent(share),
    )


def since_text(beliefs: Iterable[Text]) -> Text:
    """Return what a neutral reader believes with the items that became known after the day of the case."""
    return message(
        "With what became known after the day of the case, a neutral reader holds: {beliefs}. No verdict uses this.",
        beliefs=in_semicolons(beliefs),
    )


NOT_TESTED = message("Not tested: it makes no prediction and sets no input.")


def makes_text(what: str, name: str) -> Text:
    """Return which explanation an argument makes."""
    return message("It explains {what} by “{explanation}”.", what=what, explanation=name)


def sets_text(inputs: Iterable[str]) -> Text:
    """Return which inputs an argument sets."""
    return message("If it is right, these inputs change: {inputs}.", inputs=in_commas(inputs))


def predicts_text(prediction: str, observed: Text) -> Text:
    """Return what an argument predicts, and what was seen of it."""
    return message("It predicts “{prediction}”: {said}.", prediction=prediction, said=observed)
