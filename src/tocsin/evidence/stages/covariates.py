"""Compute what is known of two states at 1 January of a year, in the units in which it enters payoffs.

A share is its excess over the share in the world at all times, with `PRIOR_CASES` cases at the latter added. So a pair without a record has
the value 0. Counts enter as log(1 + count).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.special import logit

from tocsin.evidence.hostility.filter import chance
from tocsin.evidence.hostility.parameters import Parameters
from tocsin.evidence.stages.history import TYPES, History

PRIOR_CASES, WORLD_CASES = 1.0, 10.0
"""Cases added to a pair's or a state's share, and to the world's."""
ANSWERED, YIELDED, FOUGHT = 0.5, 0.1, 0.05
"""Rounded shares at all times: of disputes that were answered, of ends in which the target yielded, and of answers that came to war."""
FLOOR = 1e-3


class Places(NamedTuple):
    """Where cases lie in a `History`: rows of the pair, of the pair in reverse and of the two states, and columns of the years."""

    pair: np.ndarray
    reverse: np.ndarray
    challenger: np.ndarray
    target: np.ndarray
    year: np.ndarray


def covariates(cases: pl.DataFrame, past: History, hostility: Parameters) -> dict[str, np.ndarray]:
    """Return every covariate of cases, (cases,) each, by its name.

    Args:
        cases: as from `samples.past_cases`.
        past: the record of all their pairs.
        hostility: parameters of the hostility filter.

    Raises:
        InputError: if a year lies before the record or more than a year after it.
    """
    pair, year = past.record.rows(cases)
    reverse, _ = past.record.rows(cases.select(challenger="target", target="challenger", year="year"))
    challenger, target = past.state_rows[pair].T
    places = Places(pair, reverse, challenger, target, year)
    return {
        **_hostility(past, hostility, places),
        **_conduct(past, places),
        **_quarrels(past, places),
        **_world(past, year),
        **{name: past.types[pair, year, index] for index, name in enumerate(TYPES)},
        "rivalry": past.rivals[pair, year],
        **_strength(cases),
    }


def _hostility(past: History, hostility: Parameters, places: Places) -> dict[str, np.ndarray]:
    sums = past.record.sums(hostility.half_life)
    ways = {"hostility": places.pair, "hostility in return": places.reverse}
    return {
        name: logit(chance(type(sums)(*(values[rows, places.year] for values in sums)), hostility))
        for name, rows in ways.items()
    }


def _conduct(past: History, places: Places) -> dict[str, np.ndarray]:
    """Return how the two sides acted in earlier disputes."""
    at, back = (places.pair, places.year), (places.reverse, places.year)

    def elsewhere(name: str) -> np.ndarray:
        """Return the count over the other states that began disputes with the target."""
        return np.asarray(past.state_sums[name, 1][places.target, places.year] - getattr(past, name)[at])

    return {
        "answered": excess_share(past.answered[at], past.begun[at], ANSWERED),
        "challenger answered": excess_share(past.answered[back], past.begun[back], ANSWERED),
        "answered others": excess_share(elsewhere("answered"), elsewhere("begun"), ANSWERED),
        "yielded": excess_share(past.yielded[at], past.judged[at], YIELDED),
        "yielded to others": excess_share(elsewhere("yielded"), elsewhere("judged"), YIELDED),
        "force": np.log1p(past.forced[at] + past.forced[back]),
        "war": np.log1p(past.fought[at] + past.fought[back]),
    }


def _quarrels(past: History, places: Places) -> dict[str, np.ndarray]:
    """Return disputes of the two sides with other states."""
    forth, back = past.recent[places.pair, places.year], past.recent[places.reverse, places.year]

    def others(side: int, state: np.ndarray, own: np.ndarray) -> np.ndarray:
        return np.asarray(np.log1p(np.maximum(past.state_sums["recent", side][state, places.year] - own, 0.0)))

    return {
        "challenger began others": others(0, places.challenger, forth),
        "target began others": others(0, places.target, back),
        "others against challenger": others(1, places.challenger, back),
        "others against target": others(1, places.target, forth),
    }


def _world(past: History, year: np.ndarray) -> dict[str, np.ndarray]:
    """Return how often disputes began in the world of late, and how often they came to war or the target yielded."""

    def log_odds(some: np.ndarray, among: np.ndarray, prior: float) -> np.ndarray:
        share = prior + excess_share(some.sum(axis=0), among.sum(axis=0), prior, WORLD_CASES)
        return np.asarray(logit(share)[year])

    return {
        "world disputes": np.log(past.world[year] + FLOOR),
        "world wars": log_odds(past.fought, past.answered, FOUGHT),
        "world yields": log_odds(past.yielded, past.judged, YIELDED),
    }


def excess_share(some: np.ndarray, among: np.ndarray, prior: float, cases: float = PRIOR_CASES) -> np.ndarray:
    """Return by how much the share of `some` in `among` exceeds the prior share, with a number of cases at the latter added."""
    return np.asarray((some - prior * among) / (among + cases))


FORCES: Mapping[str, Callable[[pl.DataFrame], np.ndarray]] = {
    "strength": lambda cases: cases["ratio"].to_numpy(),
    "evenness": lambda cases: -np.abs(cases["ratio"].to_numpy()),
    "distance": lambda cases: np.log1p(cases["distance"].to_numpy() / 1000.0),
    "helpers": lambda cases: cases["helped"].to_numpy(),
    "major challenger": lambda cases: cases["major_challenger"].to_numpy(),
    "major target": lambda cases: cases["major_target"].to_numpy(),
    "nuclear": lambda cases: cases["nuclear"].to_numpy(),
    "pact": lambda cases: cases["pact"].to_numpy(),
}
"""Covariates from the columns that `roles.with_roles` adds."""


def _strength(cases: pl.DataFrame) -> dict[str, np.ndarray]:
    return {name: np.asarray(of(cases), dtype=float) for name, of in FORCES.items()}
