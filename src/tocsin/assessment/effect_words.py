"""Say which inputs move a quantity, and how the effect of events divides among their parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from tocsin.assessment.words import percent
from tocsin.case.events import EventPart
from tocsin.translation import Text, in_commas, message, message_in

PART_WORDS: Mapping[EventPart, Text] = MappingProxyType(
    {
        "money": message_in("part of events", "money"),
        "law": message_in("part of events", "law"),
        "alliance": message_in("part of events", "alliances"),
        "other": message_in("part of events", "other inputs"),
    }
)


class BandLike(Protocol):
    """The 5 % and 95 % points over worlds; None where they are missing."""

    @property
    def p05(self) -> float | None:
        """Return the 5 % point."""

    @property
    def p95(self) -> float | None:
        """Return the 95 % point."""


class PartLike(Protocol):
    """The share of a part of events, as its record."""

    @property
    def part(self) -> EventPart:
        """Return the part."""

    @property
    def mean(self) -> float | None:
        """Return its mean over worlds."""

    @property
    def band(self) -> BandLike:
        """Return its band over worlds."""


class EffectLike(Protocol):
    """The effect of events with its parts, as its record."""

    @property
    def events(self) -> Sequence[str]:
        """Return the events."""

    @property
    def given(self) -> Sequence[str]:
        """Return what is given."""

    @property
    def theatre(self) -> str:
        """Return the theatre."""

    @property
    def quantity(self) -> str:
        """Return the quantity."""

    @property
    def mean(self) -> float | None:
        """Return the mean over worlds."""

    @property
    def parts(self) -> Sequence[PartLike]:
        """Return the parts."""


class DriverLike(Protocol):
    """An input with its share, as a result or as its record."""

    @property
    def input(self) -> str:
        """Return the name of the belief."""

    @property
    def share(self) -> float:
        """Return its share of the variance."""

    @property
    def low(self) -> float:
        """Return the lower end of the interval of the share."""

    @property
    def high(self) -> float:
        """Return the upper end of the interval of the share."""


def parts_sentence(effect: EffectLike, shown: Callable[[str], str] = str) -> Text:
    """Return how an effect divides among its parts: "loss(plan + amendment in korea): 0.028 in the mean; of it, law 0.020 (0.00003 to 0.08), ..."

    Args:
        effect: the effect.
        shown: prints a name of the test language.
    """
    return message(
        "The effect {effect} is {whole} in the mean over worlds; of it, {parts} (in brackets: nine of ten worlds).",
        effect=shown(effect_name(effect)),
        whole=_number(effect.mean),
        parts=in_commas(
            message(
                "{part} {mean} ({low} to {high})",
                part=PART_WORDS[part.part],
                mean=_number(part.mean),
                low=_number(part.band.p05),
                high=_number(part.band.p95),
            )
            for part in effect.parts
        ),
    )


def effect_name(effect: EffectLike) -> str:
    """Return an effect in the test language: "loss(plan + amendment | seoul_steps_back in korea)"."""
    given = f" | {' + '.join(effect.given)}" if effect.given else ""
    return f"{effect.quantity}({' + '.join(effect.events)}{given} in {effect.theatre})"


def moved_by(driver: DriverLike, shown: Callable[[str], str] = str) -> Text:
    """Return how much of the variance of a quantity an input explains: "strike_instability 15 % (12 % to 19 %)"."""
    return message(
        "{input} {share} ({low} to {high})",
        input=shown(driver.input),
        share=percent(driver.share),
        low=percent(driver.low),
        high=percent(driver.high),
    )


def _number(value: float | None) -> Text:
    return message("missing") if value is None else Text(f"{value:.2g}")
