"""The parts of the brief that a reader may choose. The first page is always there: no other part says the answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tocsin.errors import InputError, did_you_mean
from tocsin.translation import Text, message

PARTS: Mapping[str, Text] = MappingProxyType(
    {
        "claims": message("The questions, claim by claim"),
        "switches": message("What if? Change the conditions"),
        "charts": message("Charts"),
        "challenge": message("What if it is wrong? The claims challenged"),
        "limits": message("What is proved, and how reliable the rest is"),
        "rivals": message("Rival explanations, and what others argue"),
        "appendix": message("Uncertain inputs, facts, sources, and how to repeat the run"),
    }
)
"""Each part with its title, in the order of the brief."""
ALL, FIRST_PAGE = frozenset(PARTS), frozenset[str]()
ON_SLIDES = frozenset({"claims", "charts", "rivals"})
"""Parts of which slides show the claims and the figures; the others are tables."""


def chosen_parts(text: str) -> frozenset[str]:
    """Return the parts that a text names: "all", "first" for the first page alone, or names with commas between them.

    Raises:
        InputError: if there is no such part.
    """
    if text in ("all", "first"):
        return ALL if text == "all" else FIRST_PAGE
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in PARTS:
            remedy = did_you_mean(name, ("all", "first", *PARTS))
            raise InputError(message("the brief has no part `{name}`", name=name), remedy=remedy)
    return frozenset(names)
