"""One estimate out of a kept result, by the text that a case writes: evidence/NAME/KEY/..., the keys as `tocsin evidence show` has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tocsin.errors import InputError, did_you_mean
from tocsin.evidence.store import KINDS, shipped

START = "evidence/"


@dataclass(frozen=True)
class Estimate:
    """An estimate with its uncertainty.

    Attributes:
        name: of the result.
        text: the reference.
        low, middle, high: 5 %, 50 % and 95 % points.
        unit, family: of these, and of the distribution that stands for them.
        cases: how many it rests on.
        made: when, YYYY-MM-DD.
        what, model, limits, cite: of the result, in words.
    """

    name: str
    text: str
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

    def said(self) -> str:
        """Where it comes from, in a sentence or two."""
        return f"Estimated from {self.cases} cases ({self.cite}), {self.what}: {self.model}; made {self.made}. {self.limits}"


def estimate(text: str) -> Estimate:
    """The estimate that a `from` names.

    Raises:
        InputError: if it names none.
    """
    name, _, key = text.strip().removeprefix(START).partition("/")
    if name not in KINDS:
        raise InputError(f"{text!r} names no kept result", remedy=did_you_mean(name, KINDS))
    kept = shipped(name)
    rows = {path_of(row): row for row in kept["figures"]["estimated"]}
    if key not in rows:
        raise InputError(f"{text!r} names no estimate of {name}", remedy=did_you_mean(key, rows))
    row = rows[key]
    return Estimate(
        name=name,
        text=text,
        low=row["p05"],
        middle=row["p50"],
        high=row["p95"],
        unit=kept["unit"],
        family=kept["family"],
        cases=row.get("cases", kept["figures"]["cases"]),
        made=kept["made"],
        what=kept["what"],
        model=kept["model"],
        limits=kept["limits"],
        cite="; ".join(dict.fromkeys(each["cite"] for each in kept["data"])),
    )


def path_of(row: dict[str, Any]) -> str:
    """What an estimate is of, as a path: all its texts, spaces as underscores."""
    return "/".join(value.replace(" ", "_") for value in row.values() if isinstance(value, str))
