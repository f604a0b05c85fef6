"""A small case of facts alone with two rival explanations, whose posteriors a reader can compute by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.facts_only import facts_only

from tocsin.case import Case

EXPLANATIONS = """\
explanations:
  queue:
    what: why ships wait
    claims: [C2]
    article: strike
    of:
      strike: {says: The crews strike., name: a strike}
      crowding: {says: Too many ships came., name: too many ships, argues: [R1]}
    priors:
      author: {chances: {strike: 0.8, crowding: 0.2}, by: tests, why: the op-ed says so}
      sceptic: {chances: {strike: 0.1, crowding: 0.9}, by: tests, why: the opposite}
    observations:
      many: {says: At least fifty ships wait., seen: "fact(ships.waiting) >= 50 ships", chances: {strike: 0.4, crowding: 0.8},
             by: tests, why: crowding fills the roads}
      banners: {says: A strike is reported., seen: "fact(strike)", chances: {strike: 0.75, crowding: 0.05}, by: tests, why: strikes are seen}
      letters: {says: The crews say so later., chances: {strike: 0.9, crowding: 0.1}, by: tests, why: nobody has asked}
claims:
"""


def rivals_case(folder: Path, *, replace: Mapping[str, str] | None = None) -> Case:
    """Load the case; `replace` changes its text, each old text must occur."""
    text = EXPLANATIONS
    others = {}
    for old, new in (replace or {}).items():
        if old in text:
            text = text.replace(old, new)
        else:
            others[old] = new
    return facts_only(folder, replace={"claims:\n": text, **others})
