"""Score probabilities against what was observed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from tocsin.backtest.results import Bin, Score
from tocsin.scores import auc, log_probabilities

BINS = 5
NINETY = 1.645
"""Standard errors on either side of a 90 % interval."""
DORMANT = 10
"""Quiet years after which a pair counts as dormant."""


@dataclass(frozen=True)
class Scorer:
    """The observations and the predictions with which forecasters are compared; arrays are (cases,).

    Attributes:
        observed: 1 if the outcome was observed, else 0.
        constant, record: log probabilities that the constant and the pair's record give to what was observed.
        pairs: number of the pair of states.
        years: the year.
        quiet: years since the pair's last dispute; nan if it had none.
    """

    observed: np.ndarray
    constant: np.ndarray
    record: np.ndarray
    pairs: np.ndarray
    years: np.ndarray
    quiet: np.ndarray

    def score(self, forecaster: str, predicted: np.ndarray) -> Score:
        """Return the scores of a forecaster's probabilities, (cases,)."""
        logs = log_probabilities(predicted, self.observed)
        area, error = auc(predicted, self.observed), auc_error(predicted, self.observed, self.pairs)
        return Score(
            forecaster=forecaster,
            log_score=float(logs.mean()),
            gain=float((logs - self.constant).mean()),
            gain_se=self._error(logs - self.constant),
            over_record=float((logs - self.record).mean()),
            over_record_se=self._error(logs - self.record),
            brier=float(((predicted - self.observed) ** 2).mean()),
            auc=area,
            auc_low=max(area - NINETY * error, 0.0),
            auc_high=min(area + NINETY * error, 1.0),
            areas=self.areas(predicted),
            calibration=tuple(
                Bin(float(predicted[part].mean()), float(self.observed[part].mean()), int(part.size))
                for part in np.array_split(np.argsort(predicted, kind="stable"), BINS)
                if part.size
            ),
        )

    def areas(self, predicted: np.ndarray) -> dict[str, float | None]:
        """Return the area under the ROC curve among some cases only; None if all or none of these have the outcome.

        Within pairs and within years, only cases of one pair of states or of one year are compared. The other cases are grouped by the
        pair's earlier disputes: none, the last one `DORMANT` or more years ago, or a later one.
        """
        dormant = self.quiet >= DORMANT
        groups = {
            "no earlier dispute": np.isnan(self.quiet),
            f"{DORMANT} quiet years or more": dormant,
            "later dispute": ~dormant & ~np.isnan(self.quiet),
        }
        by_group = {"within pairs": grouped_auc(predicted, self.observed, self.pairs)}
        by_group["within years"] = grouped_auc(predicted, self.observed, self.years)
        by_group |= {name: auc(predicted[rows], self.observed[rows]) for name, rows in groups.items()}
        return {name: None if np.isnan(area) else area for name, area in by_group.items()}

    def difference(self, one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
        """Return by how much the log score of one forecast exceeds that of another, and the standard error."""
        gains = log_probabilities(one, self.observed) - log_probabilities(other, self.observed)
        return float(gains.mean()), self._error(gains)

    def _error(self, gains: np.ndarray) -> float:
        """Return the standard error of a mean, clustered by pair of states."""
        sums = np.bincount(self.pairs, weights=gains - gains.mean())
        return float(np.sqrt((sums**2).sum()) / len(gains))


def auc_error(predicted: np.ndarray, observed: np.ndarray, clusters: np.ndarray) -> float:
    """Return the standard error of the area under the ROC curve, clustered (Obuchowski 1997, Biometrics 53, eq. 4).

    A case with the outcome contributes the share of the cases without it that have lower predictions, ties counted half, and a case without
    it the share of those with it that have higher ones. The error is nan if all cases have the outcome, or none.
    """
    with_it, without = observed == 1, observed != 1
    hits, misses = int(with_it.sum()), int(without.sum())
    if not hits or not misses:
        return float("nan")
    ranks = rankdata(predicted)
    parts = np.empty(len(observed))
    parts[with_it] = (ranks[with_it] - rankdata(predicted[with_it])) / misses
    parts[without] = 1.0 - (ranks[without] - rankdata(predicted[without])) / hits
    area = float(parts[with_it].mean())
    sums = np.bincount(clusters, weights=(parts - area) / np.where(with_it, hits, misses))
    return float(np.sqrt((sums**2).sum()))


def grouped_auc(predicted: np.ndarray, observed: np.ndarray, groups: np.ndarray) -> float:
    """Return the area under the ROC curve if only cases of one group are compared; nan if none can be."""
    right, compared = 0.0, 0
    for rows in np.split(np.argsort(groups, kind="stable"), np.flatnonzero(np.diff(np.sort(groups))) + 1):
        hits = int(observed[rows].sum())
        pairs = hits * (len(rows) - hits)
        if pairs:
            right += auc(predicted[rows], observed[rows]) * pairs
            compared += pairs
    return right / compared if compared else float("nan")
