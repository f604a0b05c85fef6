"""Records of a back-test: scores of every forecaster by outcome and kind of past case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from tocsin.evidence.past.kinds import GENERAL, IMMEDIATE, SELECTED
from tocsin.evidence.results import DataSource

FORMAT = "tocsin-backtest/2"
FIRST_DECADE = 1920
"""The first decade that is predicted; earlier years are only learned from."""
UNSETTLED = "its games do not settle"
"""Why a case that was played is left out."""


class Bin(NamedTuple):
    """Cases with similar predictions.

    Attributes:
        predicted: mean predicted probability.
        observed: share of the cases with the outcome.
        cases: how many there are.
    """

    predicted: float
    observed: float
    cases: int


@dataclass(frozen=True)
class Score:
    """How well a forecaster predicted an outcome.

    Attributes:
        forecaster: its name.
        log_score: mean log probability of what was observed; 0 is best.
        gain, gain_se: by how much the log score exceeds the constant's, and the standard error, clustered by pair of states.
        over_record, over_record_se: the same over the pair's record alone.
        brier: mean squared error, 0 to 1; 0 is best.
        auc: probability that a case with the outcome has a higher prediction than one without; 0.5 is chance.
        auc_low, auc_high: its 90 % interval, from a standard error clustered by pair of states.
        areas: the same probability among some cases only, by name, see `scores.areas`; None if all or none of these have the outcome.
        calibration: fifths of the cases, in the order of their predictions.
    """

    forecaster: str
    log_score: float
    gain: float
    gain_se: float
    over_record: float
    over_record_se: float
    brier: float
    auc: float
    auc_low: float
    auc_high: float
    areas: Mapping[str, float | None]
    calibration: tuple[Bin, ...]

    @classmethod
    def from_dict(cls, score: Mapping[str, Any]) -> Score:
        """Return the score that `to_dict` wrote."""
        return cls(**{**score, "calibration": tuple(Bin(*part) for part in score["calibration"])})

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return vars(self) | {"areas": dict(self.areas), "calibration": [list(part) for part in self.calibration]}


@dataclass(frozen=True)
class Outcome:
    """Predictions of one outcome.

    Attributes:
        name: of the outcome.
        cases: how many cases are predicted.
        observed: how many of them had the outcome.
        mean_predicted: the model's mean probability.
        scores: of every forecaster.
        weights: of the members of the pool, learned from all their forecasts.
        best: the member with the best log score.
        pool_over_best, pool_over_best_se: by how much the pool's log score exceeds it, and the standard error.
    """

    name: str
    cases: int
    observed: int
    mean_predicted: float
    scores: tuple[Score, ...]
    weights: Mapping[str, float]
    best: str
    pool_over_best: float
    pool_over_best_se: float

    @classmethod
    def from_dict(cls, outcome: Mapping[str, Any]) -> Outcome:
        """Return the outcome that `to_dict` wrote."""
        return cls(**{**outcome, "scores": tuple(Score.from_dict(score) for score in outcome["scores"])})

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return vars(self) | {"scores": [score.to_dict() for score in self.scores], "weights": dict(self.weights)}

    def score(self, forecaster: str) -> Score:
        """Return the score of a forecaster."""
        return next(score for score in self.scores if score.forecaster == forecaster)


@dataclass(frozen=True)
class Kind:
    """Predictions of one kind of past cases.

    Attributes:
        name: a key of `kinds.OUTCOMES`.
        cases: how many cases there are, those before `FIRST_DECADE` included.
        left_out: how many cases were left out, by reason.
        outcomes: the predicted outcomes.
    """

    name: str
    cases: int
    left_out: Mapping[str, int]
    outcomes: tuple[Outcome, ...]

    @classmethod
    def from_dict(cls, kind: Mapping[str, Any]) -> Kind:
        """Return the kind that `to_dict` wrote."""
        outcomes = tuple(Outcome.from_dict(outcome) for outcome in kind["outcomes"])
        return cls(kind["kind"], kind["cases"], kind["left_out"], outcomes)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {
            "kind": self.name,
            "cases": self.cases,
            "left_out": dict(self.left_out),
            "outcomes": [outcome.to_dict() for outcome in self.outcomes],
        }


@dataclass(frozen=True)
class Backtest:
    """A back-test with its data.

    Attributes:
        made: its date, YYYY-MM-DD.
        version: of the program that made it.
        worlds: in how many worlds each case is played.
        seed: of the worlds.
        data: the data sets.
        kinds: the kinds of past cases.
    """

    made: str
    version: str
    worlds: int
    seed: int
    data: tuple[DataSource, ...]
    kinds: tuple[Kind, ...]

    @classmethod
    def from_dict(cls, result: Mapping[str, Any]) -> Backtest:
        """Return the back-test that `to_dict` wrote."""
        data = tuple(DataSource(**row) for row in result["data"])
        kinds = tuple(Kind.from_dict(kind) for kind in result["kinds"])
        return cls(result["made"], result["version"], result["worlds"], result["seed"], data, kinds)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {
            "format": FORMAT,
            "made": self.made,
            "version": self.version,
            "worlds": self.worlds,
            "seed": self.seed,
            "data": [vars(row) for row in self.data],
            "kinds": [kind.to_dict() for kind in self.kinds],
        }

    def outcome(self, kind: str, name: str) -> Outcome:
        """Return the predictions of an outcome of one kind of past cases."""
        (outcomes,) = (part.outcomes for part in self.kinds if part.name == kind)
        return next(outcome for outcome in outcomes if outcome.name == name)


# --- in words --------------------------------------------------------------------------------------------------------

OUTCOMES_IN_WORDS: Mapping[tuple[str, str], str] = {
    (GENERAL, "press"): "a rival begins a dispute within the year",
    (GENERAL, "war"): "a rival begins a dispute that comes to war",
    (SELECTED, "press"): "a rival begins a dispute within the year",
    (SELECTED, "war"): "a rival begins a dispute that comes to war",
    (IMMEDIATE, "reciprocate"): "the target acts in return",
    (IMMEDIATE, "firm"): "the target neither loses nor yields",
    (IMMEDIATE, "war"): "the dispute comes to war",
}
HEADERS = (
    "forecaster",
    "log score",
    "gain over the constant (se)",
    "gain over the record (se)",
    "Brier score",
    "AUC (90 % interval)",
)
"""Names of the columns of `score_rows`."""


def heading(kind: str, outcome: Outcome) -> str:
    """Return what was predicted, how often it was observed and the model's mean probability."""
    first, _, rest = kind.partition(",")
    return (
        f"{first.capitalize()} deterrence{',' * bool(rest)}{rest}, {OUTCOMES_IN_WORDS[kind, outcome.name]}: {outcome.observed:,} of "
        f"{outcome.cases:,} cases since {FIRST_DECADE}; the model's mean probability is {outcome.mean_predicted:.1%}"
    )


def counts(kind: Kind) -> str:
    """Return how many cases there are, and how many were left out for each reason."""
    left_out = "; ".join(f"{count:,} ({reason})" for reason, count in kind.left_out.items())
    return f"{kind.name.capitalize()}: {kind.cases:,} cases. Left out: {left_out}."


def score_rows(outcome: Outcome) -> list[tuple[str, ...]]:
    """Return the scores of every forecaster as text, in the columns of `HEADERS`."""
    return [
        (
            score.forecaster,
            f"{score.log_score:.4f}",
            f"{score.gain:+.4f} ({score.gain_se:.4f})",
            f"{score.over_record:+.4f} ({score.over_record_se:.4f})",
            f"{score.brier:.4f}",
            f"{score.auc:.2f} ({score.auc_low:.2f} to {score.auc_high:.2f})",
        )
        for score in outcome.scores
    ]


def pool_sentence(outcome: Outcome) -> str:
    """Return how the pool compares with its best member, and the weights of its members."""
    weights = "; ".join(f"{name}: {weight:.2f}" for name, weight in outcome.weights.items())
    return (
        f"Gain of the pool over its best member ({outcome.best}): {outcome.pool_over_best:+.4f} ({outcome.pool_over_best_se:.4f}). "
        f"Weights in the pool: {weights}."
    )


def area_rows(outcome: Outcome) -> list[tuple[str, ...]]:
    """Return the areas under the ROC curve among some cases, a row for each forecaster; see `area_headers`."""
    return [
        (score.forecaster, *("-" if area is None else f"{area:.2f}" for area in score.areas.values()))
        for score in outcome.scores
    ]


def area_headers(outcome: Outcome) -> tuple[str, ...]:
    """Return the names of the columns of `area_rows`."""
    return ("forecaster", *outcome.scores[0].areas)
