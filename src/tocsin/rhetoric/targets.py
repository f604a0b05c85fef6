"""Find the code of a state that headlines can be about."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files

from tocsin.errors import InputError, did_you_mean
from tocsin.rhetoric.rules import read


@cache
def known_targets() -> frozenset[str]:
    """Return the codes that the coder can give as targets."""
    folder = files("tocsin.rhetoric")
    names = csv.DictReader((folder / "states.csv").read_text(encoding="utf-8").splitlines())
    lexicon = tomllib.loads((folder / "lexicon.toml").read_text(encoding="utf-8"))
    implied = {iso for block in ("mentions", "implied") for iso in lexicon.get(block, {})}
    return frozenset({row["iso"] for row in names} | implied) - {"PRK"}


def target_code(text: str) -> str:
    """Return the code of a target, given its ISO code or its English name, in upper or lower case.

    Raises:
        InputError: if the coder knows no such state, or the state is North Korea, which is never a target.
    """
    wanted = text.strip()
    if wanted.upper() in known_targets():
        return wanted.upper()
    reading = read(wanted)
    meant = {
        mention.iso for mention in reading.mentions if (mention.first, mention.last) == (0, len(reading.words) - 1)
    }
    if len(meant) == 1:
        return meant.pop()
    if wanted.upper() in ("PRK", "DPRK", "NORTH KOREA"):
        raise InputError("North Korea is never a target of its own media", remedy="name another state, for example JPN")
    remedy = did_you_mean(wanted.title(), [*_names(), *known_targets()])
    raise InputError(f"unknown target {wanted!r}", remedy=f"{remedy} Or write an ISO code, such as KOR.")


@cache
def _names() -> tuple[str, ...]:
    text = (files("tocsin.rhetoric") / "states.csv").read_text(encoding="utf-8")
    words = (row["word"].title() for row in csv.DictReader(text.splitlines()))
    joined = ("Skorea", "Usa_")  # names that the coder writes as one word
    return ("South Korea", "United States", *(word for word in words if not word.startswith(joined)))
