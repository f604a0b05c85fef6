"""How often the base games of a case settle, before a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from tocsin.assessment.ensemble import base_scenario, conditioned
from tocsin.assessment.settling import BASE_GAMES
from tocsin.assessment.weighting import effective
from tocsin.assessment.words import effective_text, percent
from tocsin.assessment.worlds import draw
from tocsin.case.lint import Notice
from tocsin.case.schema import Case
from tocsin.translation import Text, message

WORLDS = 512


@dataclass(frozen=True)
class SettledWorlds:
    """How often the base games of a theatre settle for a challenger type.

    Attributes:
        theatre, type: the theatre and the challenger type.
        share: of the worlds, as they are drawn.
        by_weight: of the weight that the record gives them, on which a verdict depends; 0 if no game settles.
        effective: effective draws behind `by_weight`.
    """

    theatre: str
    type: str
    share: float
    by_weight: float
    effective: float

    @property
    def enough(self) -> bool:
        """Return whether a verdict is possible."""
        return self.by_weight >= BASE_GAMES

    @property
    def text(self) -> Text:
        """Return the row in words."""
        return message(
            "base games of `{theatre}` for the type `{type}` settle in {share} of {worlds} worlds, "
            "{by_weight} by weight ({effective})",
            theatre=self.theatre,
            type=self.type,
            share=percent(self.share),
            worlds=WORLDS,
            by_weight=percent(self.by_weight),
            effective=effective_text(self.effective),
        )


def settled_worlds(case: Case) -> tuple[SettledWorlds, ...]:
    """Solve the base games of `WORLDS` worlds and return how often they settle, for each theatre and challenger type."""
    worlds, rows = draw(case, seed=1, draws=WORLDS), []
    for theatre in case.theatres:
        ensemble = conditioned(case, (theatre,), worlds, np.zeros(WORLDS))
        for kind in case.types:
            settled = ensemble.solutions[base_scenario(case, theatre, kind)].settled
            weights = ensemble.weight(kind) if settled.any() else None
            rows.append(
                SettledWorlds(
                    theatre=theatre,
                    type=kind,
                    share=float(np.mean(settled)),
                    by_weight=0.0 if weights is None else ensemble.settled(kind),
                    effective=0.0 if weights is None else effective(weights),
                )
            )
    return tuple(rows)


def settled_notices(case: Case, rows: Iterable[SettledWorlds]) -> Iterator[Notice]:
    """Yield a notice for each theatre and challenger type whose base games settle too seldom for a verdict."""
    for row in rows:
        if row.enough:
            continue
        place = case.place("theatres", row.theatre)
        yield Notice(
            message("the {settled}, and a verdict needs {least}", settled=row.text, least=percent(BASE_GAMES)),
            file=place.file if place else None,
            line=place.line if place else None,
            column=place.column if place else None,
            remedy=message(
                "lower `precision` or raise `levels`; with few effective draws, a run with more draws may settle it"
            ),
        )
