"""Hold stored results: estimates with their percentiles, the counts behind them, and their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, TypeAlias

from tocsin.intervals import jeffreys

if TYPE_CHECKING:
    import numpy as np

Detail: TypeAlias = float | Sequence[float] | Mapping[str, str]


@dataclass(frozen=True)
class Joint:
    """How an estimate correlates with the others of its fit: the correlation of two is the inner product of their loadings.

    Attributes:
        fit: name of the fit, the same for all estimates that have a known correlation.
        loadings: on the fit's independent standard normal factors; the sum of their squares is 1.
    """

    fit: str
    loadings: tuple[float, ...]

    @classmethod
    def from_dict(cls, joint: Mapping[str, Any]) -> Joint:
        """Return what `to_dict` wrote."""
        return cls(joint["fit"], tuple(joint["loadings"]))

    def to_dict(self) -> dict[str, str | list[float]]:
        """Return a JSON-ready dict."""
        return {"fit": self.fit, "loadings": list(self.loadings)}


@dataclass(frozen=True)
class EstimateRow:
    """One estimate of a result.

    Attributes:
        labels: what is estimated, by field, such as {"state": "KOR", "exits": "any"}.
        p05, p50, p95: its 5th, 50th and 95th percentiles.
        cases: number of cases it uses; None if it uses all cases of the result.
        joint: its correlation with other estimates; None if that is not known.
        family: family of the distribution that stands for it in a case; None if it is that of the result.
    """

    labels: Mapping[str, str]
    p05: float
    p50: float
    p95: float
    cases: int | None = None
    joint: Joint | None = None
    family: str | None = None

    @classmethod
    def from_draws(
        cls, labels: Mapping[str, str], draws: np.ndarray, *, digits: int = 4, cases: int | None = None
    ) -> EstimateRow:
        """Return the estimate with the percentiles of draws, rounded to `digits` decimals."""
        import numpy as np  # imported here: reading a stored result needs none of it

        low, middle, high = (round(float(value), digits) for value in np.quantile(draws, np.array([5, 50, 95]) / 100.0))
        return cls(labels, low, middle, high, cases)

    @classmethod
    def normal(
        cls, labels: Mapping[str, str], mean: float, factors: np.ndarray, *, fit: str, cases: int | None = None
    ) -> EstimateRow:
        """Return an estimate whose distribution is normal.

        Args:
            labels: what is estimated.
            mean: its mean.
            factors: its effects of the independent standard normal factors of the fit; their norm is its standard deviation.
            fit: name of the fit.
            cases: number of cases it uses.
        """
        import numpy as np

        spread = float(np.linalg.norm(factors))
        low, middle, high = (round(NormalDist(mean, spread).inv_cdf(share), 4) for share in (0.05, 0.5, 0.95))
        loadings = tuple(round(float(value), 6) for value in factors / spread)
        return cls(labels, low, middle, high, cases, Joint(fit, loadings))

    @classmethod
    def rate(cls, labels: Mapping[str, str], events: int, cases: int) -> EstimateRow:
        """Return the posterior of a probability under Jeffreys' prior, given the number of events in a number of cases."""
        low, middle, high = (round(point, 6) for point in jeffreys(events, cases))
        return cls(labels, low, middle, high, cases)

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> EstimateRow:
        """Return the estimate that `to_dict` wrote. Every string but the family is a label."""
        labels = {name: value for name, value in row.items() if isinstance(value, str) and name != "family"}
        joint = Joint.from_dict(row["joint"]) if "joint" in row else None
        return cls(labels, row["p05"], row["p50"], row["p95"], row.get("cases"), joint, row.get("family"))

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        cases = {} if self.cases is None else {"cases": self.cases}
        family = {} if self.family is None else {"family": self.family}
        joint = {} if self.joint is None else {"joint": self.joint.to_dict()}
        return {**self.labels, **cases, "p05": self.p05, "p50": self.p50, "p95": self.p95, **family, **joint}

    def path(self, fields: Sequence[str]) -> str:
        """Return the row's labels of these fields, in the given order, as a path without spaces. Fields it lacks are skipped."""
        return "/".join(self.labels[name].replace(" ", "_") for name in fields if name in self.labels)


@dataclass(frozen=True)
class NotLearned:
    """A quantity that the cases do not determine.

    Attributes:
        what: the quantity.
        of: the player or group that it belongs to.
        why: the reason.
    """

    what: str
    of: str
    why: str


@dataclass(frozen=True)
class StoredFigures:
    """The numbers of a result.

    Attributes:
        counted: counts behind the estimates, a row each.
        estimated: the estimates.
        diagnostics: seed and number of draws, and how well the chains mixed.
        cases: number of cases the result uses.
        not_learned: quantities that the cases do not determine; None if the result has no such list.
        listed: the cases, a row each, if the result lists them.
        details: further numbers by name.
    """

    counted: tuple[Mapping[str, str | int | float], ...]
    estimated: tuple[EstimateRow, ...]
    diagnostics: Mapping[str, str | int | float]
    cases: int
    not_learned: tuple[NotLearned, ...] | None = None
    listed: tuple[Mapping[str, str | int | float | None], ...] = ()
    details: Mapping[str, Detail] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, figures: Mapping[str, Any]) -> StoredFigures:
        """Return the figures that `to_dict` wrote."""
        rest = dict(figures)
        counted = tuple(rest.pop("counted"))
        estimated = tuple(EstimateRow.from_dict(row) for row in rest.pop("estimated"))
        unlearned = rest.pop("not_learned", None)
        not_learned = None if unlearned is None else tuple(NotLearned(**row) for row in unlearned)
        listed = tuple(rest.pop("listed", ()))
        return cls(counted, estimated, rest.pop("diagnostics"), rest.pop("cases"), not_learned, listed, rest)

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        unlearned = {} if self.not_learned is None else {"not_learned": [asdict(row) for row in self.not_learned]}
        return {
            "counted": [dict(row) for row in self.counted],
            "estimated": [row.to_dict() for row in self.estimated],
            **unlearned,
            **self.details,
            "diagnostics": dict(self.diagnostics),
            "cases": self.cases,
            **({"listed": [dict(row) for row in self.listed]} if self.listed else {}),
        }


@dataclass(frozen=True)
class DataSource:
    """A data set that a result uses.

    Attributes:
        source: its name in the registry.
        cite: the citation.
        sha256: checksum of the file; None if the registry pins no release.
    """

    source: str
    cite: str
    sha256: str | None


@dataclass(frozen=True)
class Result:
    """A result with its model, data and limits.

    Attributes:
        name: its name.
        what: what it estimates, in words.
        model: the model and the module that has it.
        limits: what the estimates do not cover.
        unit: unit of the estimates: "1" or "per year".
        family: family of the distribution that stands for an estimate in a case.
        data: the data sets.
        made: date of the estimation, YYYY-MM-DD.
        version: version of the program that made it.
        figures: the numbers.
    """

    name: str
    what: str
    model: str
    limits: str
    unit: str
    family: str
    data: tuple[DataSource, ...]
    made: str
    version: str
    figures: StoredFigures

    @classmethod
    def from_dict(cls, result: Mapping[str, Any]) -> Result:
        """Return the result that `to_dict` wrote."""
        data = tuple(DataSource(**row) for row in result["data"])
        return cls(**{**result, "data": data, "figures": StoredFigures.from_dict(result["figures"])})

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {**vars(self), "data": [asdict(row) for row in self.data], "figures": self.figures.to_dict()}
