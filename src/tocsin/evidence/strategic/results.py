"""The result of a strategic estimate with all that was requested beside it: as JSON, frame, text and HTML."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from tocsin.evidence.estimate import Provenance, finite, outcome_frame
from tocsin.evidence.strategic.bayes import LeftOutDifference, Posterior, left_out
from tocsin.evidence.strategic.effects import Effect
from tocsin.evidence.strategic.fit import Fit
from tocsin.evidence.strategic.predictions import probabilities
from tocsin.evidence.strategic.quality import Quality, Vuong, quality
from tocsin.evidence.strategic.resampling import Bootstrap
from tocsin.evidence.tables import number_rows
from tocsin.tables import html_table, significant, text_table

LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class StrategicResult:
    """An estimate of a strategic model.

    Attributes:
        fit: the estimate.
        provenance: what it rests on.
        effects: marginal effects of columns.
        vuong: test against another model of the same cases.
        bootstrap: estimates of bootstrap samples.
        posterior: draws of the coefficients.
        left_out: comparison with the other model's posterior on cases left out.
    """

    fit: Fit
    provenance: Provenance
    effects: tuple[Effect, ...] = ()
    vuong: Vuong | None = None
    bootstrap: Bootstrap | None = None
    posterior: Posterior | None = None
    left_out: LeftOutDifference | None = None

    @cached_property
    def quality(self) -> Quality:
        """How well the model predicts the outcomes of its own cases."""
        return quality(self.fit.log_probabilities(), self.fit.sample.outcome)

    @property
    def _outcomes(self) -> tuple[str, ...]:
        return self.fit.sample.specification.game.outcomes

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict, with what the estimate rests on."""
        fit, cases = self.fit, self.fit.sample
        return {
            "coefficients": self._coefficients(),
            "loglik": fit.loglik,
            "n": len(cases.outcome),
            "converged": fit.converged,
            "warnings": list(fit.warnings),
            "seconds": fit.seconds,
            "seconds_compiling": fit.seconds_compiling,
            "outcomes": {label: int((cases.outcome == index).sum()) for index, label in enumerate(self._outcomes)},
            "left_out": {name: list(rows) for name, rows in cases.cases.missing.items()},
            "covariance": fit.covariance_rows(),
            "errors": "clustered" if cases.specification.cluster else "curvature",
            "fit": _quality_dict(self.quality),
            "bootstrap": self.bootstrap.to_dict() if self.bootstrap else None,
            "posterior": _posterior_dict(self.posterior) if self.posterior else None,
            "effects": {effect.column: _effect_rows(effect, self._outcomes) for effect in self.effects},
            "against": asdict(self.vuong) if self.vuong else None,
            "against_left_out": self.left_out.to_dict() if self.left_out else None,
        } | self.provenance.to_dict()

    def _coefficients(self) -> list[dict[str, Any]]:
        rows = self.fit.coefficient_rows()
        if self.bootstrap:
            for row, error in zip(rows, self.bootstrap.standard_errors, strict=True):
                row["bootstrap_se"] = float(error)
        if self.posterior:
            for row, low, middle, high in zip(rows, *self.posterior.quantiles(*LEVELS), strict=True):
                row["posterior"] = {"p05": float(low), "p50": float(middle), "p95": float(high)}
        return rows

    def frame(self) -> pl.DataFrame:
        """Return one row for each coefficient.

        Columns: utility, term, estimate, se, z; with a bootstrap `bootstrap_se`; with a posterior its 5 %, 50 % and 95 % points as
        `posterior_p05`, `posterior_p50` and `posterior_p95`.
        """
        frame = self.fit.frame()
        if self.bootstrap:
            frame = frame.with_columns(bootstrap_se=pl.Series(self.bootstrap.standard_errors))
        if self.posterior:
            low, middle, high = map(pl.Series, self.posterior.quantiles(*LEVELS))
            frame = frame.with_columns(posterior_p05=low, posterior_p50=middle, posterior_p95=high)
        return frame

    def probabilities(self, table: pl.DataFrame | None = None) -> pl.DataFrame:
        """Return the probability of each outcome in each case: `row`, then a column for each outcome.

        Args:
            table: other cases with the columns of the formulas; None for the cases of the estimate. Means, spreads and levels of
                factors are those of the estimate, and the subset is not applied. A row without a value has no probabilities (null).

        Raises:
            InputError: if a column is absent or holds a level or type of value that the estimate does not know.
        """
        if table is None:
            return outcome_frame(self.fit.sample.rows, self.fit.log_probabilities(), self._outcomes)
        return probabilities(self.fit, number_rows(table))

    def summary(self) -> str:
        """Return the estimate as a text table and a few lines."""
        fit = self.fit
        errors, heading = (
            (self.bootstrap.standard_errors, "bootstrap se") if self.bootstrap else (fit.standard_errors, "se")
        )
        penalised = "penalised " if fit.sample.specification.penalty != "none" else ""
        lines = [
            fit.table(errors, heading),
            f"{penalised}log likelihood {fit.loglik:.5f}, {len(fit.sample.outcome):,} cases, {fit.seconds:.2f} s",
            _quality_text(self.quality),
        ]
        if self.bootstrap and self.bootstrap.failed:
            lines.append(
                f"{self.bootstrap.failed} bootstrap samples have no estimate and are left out, so their errors are too small"
            )
        if self.posterior:
            lines.append(_posterior_text(self.posterior, fit.labels()))
        lines += [_effect_text(effect, self._outcomes) for effect in self.effects]
        if self.vuong:
            lines.append(_vuong_text(self.vuong))
        if self.left_out:
            difference, error = self.left_out.difference, self.left_out.standard_error
            lines.append(f"leave-one-out log score: {difference:+.2f} relative to the other model (se {error:.2f})")
        return "\n".join([*lines, *fit.warning_lines()])

    def _repr_html_(self) -> str:
        return html_table(f"Strategic model: log likelihood {self.fit.loglik:.3f}", self.frame())


def _quality_dict(fitted: Quality) -> dict[str, Any]:
    return {
        "log_score": fitted.log_score,
        "reduction_in_loss": finite(fitted.reduction),
        "brier": fitted.brier,
        "calibration": [{"foretold": a, "happened": b, "cases": n} for a, b, n in fitted.calibration],
    }


def _posterior_dict(chains: Posterior) -> dict[str, Any]:
    scores = left_out(chains)
    return {
        "prior": chains.sample.specification.penalty,
        "draws": int(chains.draws.shape[0] * chains.draws.shape[1]),
        **chains.mixing.to_dict(),
        "seed": chains.seed,
        "seconds": chains.seconds,
        "left_out_score": scores.total,
        "left_out_error": scores.standard_error,
        "left_out_shaky": scores.unreliable,
    }


def _effect_rows(effect: Effect, outcomes: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"outcome": label, "change": float(change), "se": float(error)}
        for label, change, error in zip(outcomes, effect.change, effect.standard_error, strict=True)
    ]


def _quality_text(fitted: Quality) -> str:
    if not np.isfinite(fitted.reduction):
        return "all cases have the same outcome, so the model has nothing to predict"
    return f"log loss {fitted.reduction:.1%} below that of the outcomes' shares; Brier score {fitted.brier:.3f}"


def _posterior_text(chains: Posterior, labels: list[str]) -> str:
    rows = [
        (label, *map(significant, values)) for label, values in zip(labels, chains.quantiles(*LEVELS).T, strict=True)
    ]
    mixing = chains.mixing
    return (
        text_table(("posterior", "5 %", "50 %", "95 %"), rows, right=(1, 2, 3))
        + f"\nchains: R-hat {mixing.r_hat:.4f}, at least {mixing.effective:.0f} effective draws, {chains.seconds:.0f} s"
    )


def _effect_text(effect: Effect, outcomes: tuple[str, ...]) -> str:
    rows = [
        (f"P({label})", significant(change), significant(error))
        for label, change, error in zip(outcomes, effect.change, effect.standard_error, strict=True)
    ]
    return text_table((f"mean change per unit of {effect.column}", "change", "se"), rows, right=(1, 2))


def _vuong_text(test: Vuong) -> str:
    nearer = "this model" if test.statistic > 0 else "the other model"
    return (
        f"Vuong: z {test.statistic:.2f}, p {test.p:.3f}; if either is closer to the truth, it is {nearer} "
        "(not valid if one model is a special case of the other)"
    )
