"""The result of an estimate of the crisis game with hidden types: as JSON, frame, text and HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tocsin.evidence.estimate import Provenance, outcome_frame
from tocsin.evidence.signalling.fit import SignalFit
from tocsin.evidence.signalling.game import OUTCOMES
from tocsin.tables import html_table


@dataclass(frozen=True)
class SignallingResult:
    """An estimate of the crisis game with hidden types.

    Attributes:
        fit: the estimate.
        provenance: what it rests on.
    """

    fit: SignalFit
    provenance: Provenance

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict, with what the estimate rests on."""
        fit, games = self.fit, self.fit.games
        return {
            "coefficients": fit.coefficient_rows(),
            "loglik": fit.loglik,
            "n": int(games.counts.sum()),
            "games": len(games.counts),
            "converged": fit.converged,
            "warnings": list(fit.warnings),
            "seconds": fit.seconds,
            "outcomes": {name: int(count) for name, count in zip(OUTCOMES, games.counts.sum(axis=0), strict=True)},
            "left_out": {name: list(rows) for name, rows in games.cases.missing.items()},
            "covariance": fit.covariance_rows(),
            "start": fit.start,
            "games_with_several_equilibria": int((fit.equilibria > 1).sum()),
            "rows": [
                {"row": int(row), "resist": float(resist), "firm": float(firm), "equilibria": int(number)}
                for row, resist, firm, number in zip(games.rows, fit.resist, fit.firm, fit.equilibria, strict=True)
            ],
        } | self.provenance.to_dict()

    def frame(self) -> pl.DataFrame:
        """Return one row for each coefficient: utility, term, estimate, se, z."""
        return self.fit.frame()

    def probabilities(self) -> pl.DataFrame:
        """Return the probability of each outcome in each game: `row`, then a column for each outcome."""
        return outcome_frame(self.fit.games.rows, self.fit.log_probabilities(), OUTCOMES)

    def summary(self) -> str:
        """Return the estimate as a text table and a few lines."""
        fit, counts = self.fit, self.fit.games.counts
        resist, firm = np.average(np.column_stack([fit.resist, fit.firm]), axis=0, weights=counts.sum(axis=1))
        return "\n".join(
            [
                fit.table(fit.standard_errors, "se"),
                f"log likelihood {fit.loglik:.5f} (at the pseudo-likelihood start {fit.start:.5f}), {int(counts.sum()):,} plays "
                f"of {len(counts):,} games, {fit.seconds:.1f} s",
                f"on average, B resists a challenge with probability {resist:.2f}; A then stands firm with probability {firm:.2f}",
                *fit.warning_lines(),
            ]
        )

    def _repr_html_(self) -> str:
        return html_table(f"Crisis game with hidden types: log likelihood {self.fit.loglik:.3f}", self.frame())
