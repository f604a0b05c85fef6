"""A small case of facts alone, and the same with estimates but without a game."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tocsin.case import Case, load

FACTS_ONLY = """\
format: tocsin/1
id: op-ed
title: Is the port as busy as the op-ed says?
as_of: 2024-06-30
summary: A small made-up op-ed on a port.
sources:
  authority: {cite: "Port authority, yearbook 2024", grade: A1}
  paper: {cite: "A made-up paper, 2 May 2024", grade: C3}
facts:
  boxes.2023: {value: "1.2e6", date: 2024-02-01, source: authority, confidence: confirmed}
  boxes.2013: {value: "6e5", date: 2014-02-01, source: authority, confidence: confirmed}
  ships.waiting: {value: "60 ships", date: 2024-05-02, source: [authority, paper], confidence: medium}
  strike: {value: false, date: 2024-06-01, source: paper, confidence: medium}
arguments:
  R1: {against: [C1], says: Other ports grew faster., sources: paper, confidence: medium}
claims:
  C1: {says: Trade has doubled in ten years., kind: fact, sentence: 1, sources: [authority], rivals: [R1],
       holds: "fact(boxes.2023) >= 2 * fact(boxes.2013)"}
  C2: {says: "Ninety ships wait, and nobody strikes.", kind: fact, sentence: 2, sources: [authority],
       parts: {ninety: {says: Ninety ships wait., holds: "fact(ships.waiting) >= 90 ships"},
               calm: {says: Nobody strikes., holds: "not fact(strike)"}}}
  C3: {says: The mayor wants it so., kind: motive, untested: {needs: [interviews], why: nobody has asked}}
questions:
  busy: {asks: Is the port busy?, claims: [C1, C2, C3]}
"""

ESTIMATES = """\
regimes:
  ALF.alignment: {actor: ALF, kind: alignment, firm: aligned, loose: engaging, now: aligned}
  BET.alignment: {actor: BET, kind: alignment, firm: aligned, loose: engaging, now: aligned}
beliefs:
  loosens.ALF.alignment: {is: "rate(9 in 20)", unit: per year, source: authority, why: changes on record}
  loosens.BET.alignment: {is: "rate(1 in 40)", unit: per year, source: authority, why: changes on record}
actors:
  ALF: {name: Alpha}
  BET: {name: Beta}
claims:
  E1: {says: Alpha turns more often than Beta., kind: comparative, sources: [authority],
       holds: "input(loosens.ALF.alignment) > input(loosens.BET.alignment)"}
"""


def write_facts_only(folder: Path, *, replace: Mapping[str, str] | None = None) -> Path:
    """Write the case of facts alone into `folder`, which is created if it does not exist, and return it.

    Args:
        folder: where to write.
        replace: texts of the case, each of which must occur in it, and their replacements.
    """
    text = FACTS_ONLY
    for old, new in (replace or {}).items():
        if old not in text:
            raise ValueError(f"{old!r} does not occur in the case")
        text = text.replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return folder


def facts_only(folder: Path, *, replace: Mapping[str, str] | None = None) -> Case:
    """Load the case of `write_facts_only`."""
    return load(write_facts_only(folder, replace=replace))


def with_estimates(folder: Path) -> Case:
    """Load the same case with estimates from records, a claim that compares them, and no game."""
    return facts_only(folder, replace={"claims:\n": ESTIMATES})
