"""Find the estimate that a case names: `evidence/NAME/KEY`, with keys as `tocsin evidence show NAME` prints them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.errors import InputError, did_you_mean
from tocsin.evidence.results import EstimateRow, Result
from tocsin.evidence.store import KINDS, load_result

START = "evidence/"


@dataclass(frozen=True)
class Estimate:
    """An estimate with its uncertainty.

    Attributes:
        name: name of its result.
        low, middle, high: 5th, 50th and 95th percentiles.
        unit: unit of the percentiles.
        family: family of the distribution that stands for the estimate.
        cases: number of cases it uses.
        made: date of the estimation, YYYY-MM-DD.
        what, model, limits, cite: those of its result, in words.
    """

    name: str
    low: float
    middle: float
    high: float
    unit: str
    family: str
    cases: int
    made: str
    what: str
    model: str
    limits: str
    cite: str

    def describe(self) -> str:
        """Return the origin of the estimate, in a few sentences."""
        return (
            f"Estimated from {self.cases} cases ({self.cite}), {self.what}: {self.model}; made {self.made}. "
            f"{self.limits}"
        )


def estimate(text: str) -> Estimate:
    """Return the estimate that the `from` of a belief names.

    Raises:
        InputError: if there is no such result or estimate.
    """
    name, _, key = text.strip().removeprefix(START).partition("/")
    if name not in KINDS:
        raise InputError(f"no stored result {text!r}", remedy=did_you_mean(name, KINDS))
    result = load_result(name)
    rows = rows_by_path(result)
    if key not in rows:
        raise InputError(f"no estimate {text!r} in the result {name}", remedy=did_you_mean(key, rows))
    row = rows[key]
    return Estimate(
        name=name,
        low=row.p05,
        middle=row.p50,
        high=row.p95,
        unit=result.unit,
        family=result.family,
        cases=result.figures.cases if row.cases is None else row.cases,
        made=result.made,
        what=result.what,
        model=result.model,
        limits=result.limits,
        cite="; ".join(dict.fromkeys(item.cite for item in result.data)),
    )


def rows_by_path(result: Result) -> Mapping[str, EstimateRow]:
    """Return the estimates of a result by the path that follows `evidence/NAME/` in a case."""
    return {row.path(KINDS[result.name].key): row for row in result.figures.estimated}
