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


EVERYTHING = {
    "by: tests, why: crowding fills the roads": "by: tests, why: crowding fills the roads, group: port",
    "by: tests, why: strikes are seen": "by: tests, why: strikes are seen, group: port",
    "{strike: 0.4, crowding: 0.8}": '{strike: "beta(0.2 to 0.6)", crowding: "beta(0.6 to 0.9)"}',
    "      letters:": """\
      slow: {says: Unloading takes days., seen: "fact(unloading) > 3", chances: {strike: 0.2, crowding: 0.7}, by: tests, why: later}
      calm: {says: The sea is calm., seen: "fact(ships.waiting) > 0", chances: {strike: 0.5, crowding: 0.5}, by: tests, why: it says nothing}
      even: {says: The count is disputed., seen: "fact(boxes.2013) > 5.5e5", chances: {strike: 0.5, crowding: 0.9}, by: tests, why: x}
      letters:""",
    "claims:\n": "    groups: {port: {strength: \"uniform(0.2, 0.6)\", by: tests, why: one clerk wrote both}}\nclaims:\n",
    "  strike: {value: false": "  unloading: {value: 5, date: 2024-09-01, source: paper, confidence: medium}\n  strike: {value: false",
    "source: authority, confidence: confirmed}\n  ships": 'source: authority, confidence: confirmed, others: [{value: "5e5", source: paper, confidence: low, flag: x}]}\n  ships',
    "arguments:\n": """\
arguments:
  R2: {against: [C1], says: The yearbook errs., sources: paper, confidence: low, predicts: {says: Fewer ships come., seen: "fact(unloading) > 9",
       right: "beta(0.5 to 0.9)", wrong: 0.3, by: tests, why: an error would show}}
  R3: {against: [C1], says: The port is full., sources: paper, confidence: low, sets: {strike: true}}
  R4: {against: [C3], says: Nobody can know., sources: paper, confidence: low}
  R5: {against: [C3], says: Wait and see., sources: paper, confidence: low, predicts: {says: The mayor speaks., right: 0.9, wrong: 0.2, by: tests, why: x}}
""",
}  # fmt: skip
"""Changes of the case that give it a group, ranges, a late item, a disputed one, one that tells nothing, and arguments of each kind."""


def full_rivals_case(folder: Path) -> Case:
    """Load the case with all that a set of explanations and an argument can have."""
    return rivals_case(folder, replace=EVERYTHING)
