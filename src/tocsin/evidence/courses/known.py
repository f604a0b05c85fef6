"""Say what is known of two states at 1 January of years after the data: what the record holds fades, forces and rivalry stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import logit

from tocsin.data.names import find_code, name_of
from tocsin.errors import InputError
from tocsin.evidence.courses.estimate import PAIR_FIELDS, SINCE, STATE_FIELDS
from tocsin.evidence.hostility.filter import Sums, chance
from tocsin.evidence.hostility.parameters import Parameters
from tocsin.evidence.results import Result
from tocsin.evidence.stages.covariates import ANSWERED, FOUGHT, WORLD_CASES, excess_share
from tocsin.evidence.stages.estimate import WITHIN
from tocsin.evidence.stages.history import HALF_LIFE, RECENT, TYPES
from tocsin.translation import message

LAST_YEAR = 2100


@dataclass(frozen=True)
class Known:
    """What is known of a challenger and a target in some years.

    Attributes:
        challenger, target: codes of the states.
        after: (years,) years since 1 January after the data, 0 or more.
        pair, back: the stored values of the pair and of the pair in reverse, see `estimate.PAIR_FIELDS`.
        states: those of the challenger and of the target, see `estimate.STATE_FIELDS`.
        world: disputes of all states that the target answered, and those of them that came to war.
    """

    challenger: str
    target: str
    after: np.ndarray
    pair: Mapping[str, float]
    back: Mapping[str, float]
    states: tuple[Mapping[str, float], Mapping[str, float]]
    world: tuple[float, float]

    def sums(self, half_life: float, *, back: bool = False) -> Sums:
        """Return the sums of the hostility filter, (years,) each; `back` for the pair in reverse."""
        values, left = self.back if back else self.pair, 2.0 ** (-self.after / half_life)
        return Sums(*(values[name] * left for name in PAIR_FIELDS[: len(Sums._fields)]))

    def columns(self, hostility: Parameters) -> dict[str, np.ndarray]:
        """Return the covariates of the models but the forces, (years,) each, as `stages.covariates` gives them.

        Args:
            hostility: parameters of the hostility filter.
        """
        left, recent = 2.0 ** (-self.after / HALF_LIFE), 2.0 ** (-self.after / RECENT)
        one, other = self.states
        ways = {"hostility": False, "hostility in return": True}
        counted = {
            "answered": (self.pair["answered"], self.pair["begun"]),
            "challenger answered": (self.back["answered"], self.back["begun"]),
            "answered others": (other["answered"] - self.pair["answered"], other["begun"] - self.pair["begun"]),
        }
        answered, fought = (count * left for count in self.world)
        constant = {
            **{name: self.pair[name] for name in (*TYPES, "rivalry")},
            "distance": np.log1p(self.pair["distance"] / 1000.0),
            "major challenger": one["major"],
            "major target": other["major"],
        }
        return {
            **{name: logit(chance(self.sums(hostility.half_life, back=way), hostility)) for name, way in ways.items()},
            **{name: excess_share(some * left, among * left, ANSWERED) for name, (some, among) in counted.items()},
            "force": np.log1p((self.pair["forced"] + self.back["forced"]) * left),
            "challenger began others": np.log1p(max(one["begins"] - self.pair["recent"], 0.0) * recent),
            "others against target": np.log1p(max(other["suffers"] - self.pair["recent"], 0.0) * recent),
            "world wars": logit(FOUGHT + excess_share(fought, answered, FOUGHT, WORLD_CASES)),
            **{name: np.full(len(self.after), float(value)) for name, value in constant.items()},
        }


@dataclass(frozen=True)
class Stored:
    """The stored result, read."""

    result: Result

    @cached_property
    def first(self) -> int:
        """Return the year after the data."""
        return int(self._number("year")[0])

    def known(self, challenger: str, target: str, years: np.ndarray) -> Known:
        """Return what is known of two states in some years.

        Args:
            challenger, target: codes, COW numbers or names.
            years: (years,) calendar years.

        Raises:
            InputError: if a state is not known, both are the same, a year is not after the data, or the pair is not stored.
        """
        one, other = find_code(challenger), find_code(target)
        if one == other:
            raise InputError(
                message("{state} cannot begin a dispute with itself", state=one), remedy=message("name two states")
            )
        if outside := [year for year in years.tolist() if not self.first <= year <= LAST_YEAR]:
            raise InputError(
                message(
                    "the models that ship with the program speak of {first} to {last}, not of {year}",
                    first=self.first,
                    last=LAST_YEAR,
                    year=int(outside[0]),
                ),
                remedy=message("name {year} or a later year", year=self.first),
            )
        pairs, states = (self._texts(name) for name in ("pairs", "states"))
        if f"{one}/{other}" not in pairs:
            raise InputError(
                message(
                    "no record of {state} and {other}: neither a dispute nor a rivalry in the {count} years before {year}, or forces not known",
                    state=name_of(one),
                    other=name_of(other),
                    count=SINCE,
                    year=self.first,
                ),
                remedy=message("name two other states"),
            )
        answered, fought = self._number("world")
        return Known(
            challenger=one,
            target=other,
            after=np.asarray(years, dtype=float) - self.first,
            pair=_named(PAIR_FIELDS, pairs[f"{one}/{other}"]),
            back=_named(PAIR_FIELDS, pairs[f"{other}/{one}"]),
            states=(_named(STATE_FIELDS, states[one]), _named(STATE_FIELDS, states[other])),
            world=(answered, fought),
        )

    def moments(self, model: str) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and scale of the columns of a model in the past."""
        mean, scale = np.array(self._number(f"{model} moments")).reshape(2, -1)
        return mean, scale

    def numbers(self, model: str, prefix: str = "") -> tuple[np.ndarray, np.ndarray]:
        """Return the normal numbers of a model, and their covariance; `prefix` selects those whose name begins with it."""
        rows = [
            row
            for row in self.result.figures.estimated
            if row.labels["model"] == model and row.joint is not None and row.labels["of"].startswith(prefix)
        ]
        rows = rows if prefix else [row for row in rows if ": " not in row.labels["of"]]
        loadings = np.array([row.joint.loadings for row in rows if row.joint is not None])
        spread = np.array([(row.p95 - row.p05) / WITHIN for row in rows])
        return np.array([row.p50 for row in rows]), np.outer(spread, spread) * (loadings @ loadings.T)

    def hostility(self) -> Parameters:
        """Return the parameters of the hostility filter."""
        return Parameters.of_logs(self._number("hostility"))

    def counted_wars(self) -> tuple[float, float]:
        """Return how many disputes begun in years of rivalry came to war, and how many did not."""
        wars, peace = self._number("wars")
        return wars, peace

    def _number(self, name: str) -> list[float]:
        value = self.result.figures.details[name]
        return [float(value)] if isinstance(value, int | float) else [float(part) for part in value]

    def _texts(self, name: str) -> Mapping[str, str]:
        value = self.result.figures.details[name]
        assert isinstance(value, Mapping)
        return value


def _named(fields: tuple[str, ...], text: str) -> dict[str, float]:
    return dict(zip(fields, map(float, text.split()), strict=True))
