"""The sketch of the brief: beliefs that a reader can move, and the tests that the page guesses again; see `assessment.sketching`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tocsin.assessment.result import Assessment
from tocsin.assessment.words import game_percent
from tocsin.report.table_rows import input_meaning
from tocsin.translation import Text, message


@dataclass(frozen=True)
class SketchRow:
    """A test that the page guesses.

    Attributes:
        claim: its id.
        says: what the claim says, or its part.
        now: the probability as it stands.
    """

    claim: str
    says: str
    now: Text


@dataclass(frozen=True)
class SketchPanel:
    """What the page shows.

    Attributes:
        beliefs: name and meaning of each belief that can be moved, those first that move most claims.
        rows: the tests, in the order of the data.
        data: see `assessment.sketching`.
    """

    beliefs: tuple[tuple[str, Text], ...]
    rows: tuple[SketchRow, ...]
    data: dict[str, Any]

    def to_dict(self, say: Callable[[Text], str]) -> dict[str, Any]:
        """Return the data and the words of the page's script; `say` returns a text in the reader's language."""
        about = message(
            "about {share} % (± {error}, {worlds} worlds)", share="{share}", error="{error}", worlds="{worlds}"
        )
        return {"data": self.data, "words": {"about": say(about), "few": say(message("too few worlds for a guess"))}}


def sketch_panel(assessment: Assessment) -> SketchPanel | None:
    """Return the sketch of an assessment; None if games decide none of its claims, or the run stored none."""
    if assessment.sketch is None:
        return None
    data = json.loads(assessment.sketch)
    if not data["inputs"]:
        return None
    moving = Counter[str]()
    for claim in assessment.claims:
        moving.update({driver.input: driver.share for driver in claim.drivers})
    names = sorted(data["inputs"], key=lambda name: -moving[name])
    return SketchPanel(
        beliefs=tuple((name, input_meaning(assessment.case, name)) for name in names),
        rows=tuple(_row(assessment, test) for test in data["tests"]),
        data=data,
    )


def _row(assessment: Assessment, test: dict[str, Any]) -> SketchRow:
    claim = assessment.claim(test["claim"])
    part = next((part for part in claim.parts if part.name == test["part"]), None)
    return SketchRow(claim.id, claim.says if part is None else part.says, game_percent(test["probability"]))
