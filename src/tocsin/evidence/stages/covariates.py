"""Compute what is known at 1 January of a year of two states, in the units in which it enters payoffs.

Shares are those of decayed counts, with `PRIOR_CASES` cases at the world's long-run share added, so that a pair without a record has that
share. Decayed counts enter as log(1 + count).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.special import logit

from tocsin.evidence.hostility.filter import Parameters, chance
from tocsin.evidence.hostility.record import Sums, decayed
from tocsin.evidence.stages.history import TYPES, History, Known

HALF_LIFE = 10.0
"""Years after which a past dispute counts half as evidence of how a state acts in disputes."""
RECENT = 5.0
"""The same for a state's quarrels with others, and for the world."""
PRIOR_CASES, WORLD_CASES = 1.0, 10.0
ANSWERED, YIELDED, FOUGHT = 0.5, 0.1, 0.05
"""Shares that a pair without a record is given: of disputes answered, of ends in which the target yielded, and of answers that came to war."""
FLOOR = 1e-3


class Places(NamedTuple):
    """Where cases lie in a `History`: rows of the pair, of the pair in reverse and of the two states, and columns of the years."""

    pair: np.ndarray
    reverse: np.ndarray
    challenger: np.ndarray
    target: np.ndarray
    year: np.ndarray


def covariates(cases: pl.DataFrame, past: History, hostility: Parameters) -> dict[str, np.ndarray]:
    """Return every covariate of cases, (cases,) each, by the names in `specification.TABLE`.

    Args:
        cases: as from `samples.past_cases`.
        past: the record of all their pairs.
        hostility: parameters of the hostility filter.
    """
    pair, year = past.record.rows(cases)
    reverse, _ = past.record.rows(cases.select(challenger="target", target="challenger", year="year"))
    places = Places(pair, reverse, *past.state_rows[pair].T, year)
    return {
        **_hostility(past, hostility, places),
        **_conduct(past, places),
        **_quarrels(past, places),
        **_world(past, places),
        **{name: past.types[pair, year, index] for index, name in enumerate(TYPES)},
        "rivalry": past.rivals[pair, year],
        **_strength(cases),
    }


def _hostility(past: History, hostility: Parameters, places: Places) -> dict[str, np.ndarray]:
    sums = past.record.sums(hostility.half_life)
    ways = {"hostility": places.pair, "hostility in return": places.reverse}
    return {
        name: logit(chance(Sums(*(values[rows, places.year] for values in sums)), hostility))
        for name, rows in ways.items()
    }


def _conduct(past: History, places: Places) -> dict[str, np.ndarray]:
    """Return how the two sides acted in earlier disputes."""
    at, back = (places.pair, places.year), (places.reverse, places.year)
    begun, answered, judged, yielded, fought, forced = (
        known.decayed(HALF_LIFE)
        for known in (past.begun, past.answered, past.judged, past.yielded, past.fought, past.forced)
    )

    def elsewhere(values: np.ndarray) -> np.ndarray:
        """Return the sums over the other states that had a dispute with the target."""
        return np.asarray(past.by_state(values, 1)[places.target, places.year] - values[at])

    return {
        "answered": _share(answered[at], begun[at], ANSWERED),
        "challenger answered": _share(answered[back], begun[back], ANSWERED),
        "answered others": _share(elsewhere(answered), elsewhere(begun), ANSWERED),
        "yielded": _share(yielded[at], judged[at], YIELDED),
        "yielded to others": _share(elsewhere(yielded), elsewhere(judged), YIELDED),
        "force": np.log1p(forced[at] + forced[back]),
        "war": np.log1p(fought[at] + fought[back]),
    }


def _quarrels(past: History, places: Places) -> dict[str, np.ndarray]:
    """Return disputes of the two sides with other states."""
    began = decayed(past.record.began, RECENT)
    firsts, seconds = past.by_state(began, 0), past.by_state(began, 1)
    at, back = (places.pair, places.year), (places.reverse, places.year)

    def log_others(total: np.ndarray, own: np.ndarray) -> np.ndarray:
        return np.asarray(np.log1p(np.maximum(total - own, 0.0)))

    return {
        "challenger began others": log_others(firsts[places.challenger, places.year], began[at]),
        "target began others": log_others(firsts[places.target, places.year], began[back]),
        "others against challenger": log_others(seconds[places.challenger, places.year], began[back]),
        "others against target": log_others(seconds[places.target, places.year], began[at]),
    }


def _world(past: History, places: Places) -> dict[str, np.ndarray]:
    """Return how often disputes began in the world of late, and how often they came to war or the target yielded."""
    rate = decayed(past.world, RECENT) / np.maximum(decayed(np.ones_like(past.world), RECENT), 1.0)

    def log_odds(some: Known, among: Known, prior: float) -> np.ndarray:
        counts = [known.decayed(HALF_LIFE).sum(axis=0)[places.year] for known in (some, among)]
        return np.asarray(logit(prior + _share(counts[0], counts[1], prior, WORLD_CASES)))

    return {
        "world disputes": np.log(rate[0, places.year] + FLOOR),
        "world wars": log_odds(past.fought, past.answered, FOUGHT),
        "world yields": log_odds(past.yielded, past.judged, YIELDED),
    }


def _share(some: np.ndarray, among: np.ndarray, prior: float, cases: float = PRIOR_CASES) -> np.ndarray:
    """Return by how much the share of `some` in `among` exceeds the prior share, with a number of cases at the latter added."""
    return np.asarray((some - prior * among) / (among + cases))


def _strength(cases: pl.DataFrame) -> Mapping[str, np.ndarray]:
    ratio = cases["ratio"].to_numpy()
    return {
        "strength": ratio,
        "evenness": -np.abs(ratio),
        "distance": np.log1p(cases["distance"].to_numpy() / 1000.0),
        "helpers": cases["helped"].to_numpy(),
        "major challenger": cases["major_challenger"].cast(pl.Float64).to_numpy(),
        "major target": cases["major_target"].cast(pl.Float64).to_numpy(),
        "nuclear": cases["nuclear"].cast(pl.Float64).to_numpy(),
        "pact": cases["pact"].cast(pl.Float64).to_numpy(),
    }
