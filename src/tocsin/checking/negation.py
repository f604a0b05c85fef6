"""Turn the denial in a sentence into the statement that it denies: "has not doubled" into "has doubled"."""

from __future__ import annotations

import re

NEGATED = re.compile(r"\b(?:not|never|cannot|no longer)\b|n't\b", re.IGNORECASE)
"""Words of a denial."""
_AUXILIARY = re.compile(r"\b(has|have|had|was|were|is|are|must|will)(?: not|n't)\b", re.IGNORECASE)
_DO = re.compile(r"\b(did|does|do)(?: not|n't) (?P<verb>[a-z]+)\b", re.IGNORECASE)
_PAST = {
    "have": "had", "spend": "spent", "rise": "rose", "grow": "grew", "fall": "fell", "shrink": "shrank", "go": "went",
    "make": "made", "hold": "held", "stand": "stood", "keep": "kept", "fight": "fought", "take": "took", "come": "came",
    "leave": "left", "lose": "lost", "lead": "led", "become": "became", "begin": "began", "cut": "cut", "hit": "hit",
    "carry": "carried", "drop": "dropped", "commit": "committed",
}  # fmt: skip
"""Past forms of verbs that are irregular."""


def affirmed(core: str) -> str | None:
    """Return what a sentence with one denial denies; None if it has no denial that can be read.

    Args:
        core: a sentence without times and money, as `take_apart` gives it.
    """
    text, count = _AUXILIARY.subn(r"\1", core)
    text, more = _DO.subn(_without_do, text)
    return text if count + more == 1 and not NEGATED.search(text) else None


def _without_do(match: re.Match[str]) -> str:
    verb = match["verb"].lower()
    match match[1].lower():
        case "did":
            return _PAST.get(verb) or (f"{verb}d" if verb.endswith("e") else f"{verb}ed")
        case "does":
            return "has" if verb == "have" else f"{verb}s"
        case _:
            return verb
