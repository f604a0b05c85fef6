"""Measure alignment: the similarity of two states' commitments or votes.

Three coefficients are computed for all dyads of a year at once. State i has position a_ik on item k (a possible ally, a
vote), a whole number from 0 to c. Items have weights w_k. The disagreement is d(a, b) = |a - b| or (a - b)^2, at most
d_max, over the items on which both states are present:

    S_ij     = 1 - 2 D_ij / d_max                                  (Signorino and Ritter, ISQ 43, 1999, eq. 4)
    kappa_ij = 1 - D_ij / sum over p, q of m_i(p) m_j(q) d(p, q)   (Cohen 1960, 1968)
    pi_ij    = 1 - D_ij / sum over p, q of n(p) n(q) d(p, q)       (Scott 1955)

D_ij is the weighted mean disagreement. m_i and m_j are the shares of each position among the items on which both are
present. n is the mean of m_i and m_j. Kappa and pi correct for chance agreement (Haege, Political Analysis 19,
2011, with squared distances). Kappa averages 0 over all permutations of one state's positions; pi does so only if both
states have the same shares. If both states always hold the same single position, kappa and pi are missing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.measures.columns import require
from tocsin.translation import message

Distance: TypeAlias = Literal["absolute", "squared"]

DEFENCE, NEUTRAL, NONAGGRESSION, NONE = 3, 2, 1, 0
"""Ranks of an alliance: defence or offence; neutrality or consultation; non-aggression; no alliance."""

YES, ABSTAIN, NO = 2, 1, 0
"""Votes as positions."""


@dataclass(frozen=True)
class Similarity:
    """Coefficients for every pair of n states, (n, n), symmetric; nan if missing.

    Attributes:
        s: in [-1, 1].
        kappa, pi: at most 1.
        items: total weight of the items on which both states are present.
    """

    s: np.ndarray
    kappa: np.ndarray
    pi: np.ndarray
    items: np.ndarray


def similarity(
    positions: np.ndarray, top: int, *, weights: np.ndarray | None = None, distance: Distance = "absolute"
) -> Similarity:
    """Return the similarity of every pair of states.

    Args:
        positions: (n, K) whole numbers from 0 to `top`, nan if a state is absent.
        top: the highest position, 1 or more.
        weights: (K,) of the items, not negative; equal if None.
        distance: absolute or squared differences of positions.

    Raises:
        ValueError: if a position is outside the scale or not whole, or a weight is negative.
    """
    present = np.isfinite(positions)
    filled = np.where(present, positions, 0.0)
    if (filled < 0).any() or (filled > top).any() or (filled != np.round(filled)).any():
        raise ValueError(f"positions must be whole numbers from 0 to {top}, or nan")
    weight = np.ones(positions.shape[1]) if weights is None else np.asarray(weights, dtype=float)
    if not (weight >= 0).all():
        raise ValueError("weights must not be negative")
    # counts[p] (n, n): weight of the items on which i has position p and j is present
    attended = (present * weight).astype(float)
    items = attended @ present.T.astype(float)
    counts = [((filled == p) & present) @ attended.T for p in range(top + 1)]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = _disagreement(filled, present, attended, counts, distance) / items
        shares = [count / items for count in counts]
        chance_kappa = _expected([(share, share.T) for share in shares], distance)
        means = [(share + share.T) / 2 for share in shares]
        chance_pi = _expected([(share, share) for share in means], distance)
        kappa, pi = (np.where(chance > 1e-12, 1.0 - mean / chance, np.nan) for chance in (chance_kappa, chance_pi))
    return Similarity(s=1.0 - 2.0 * mean / _size(top, distance), kappa=kappa, pi=pi, items=items)


def _size(gap: int, distance: Distance) -> float:
    return float(gap if distance == "absolute" else gap * gap)


def _disagreement(
    filled: np.ndarray, present: np.ndarray, attended: np.ndarray, counts: list[np.ndarray], distance: Distance
) -> np.ndarray:
    """Return the sum of weighted disagreements (n, n) over the items on which both states are present."""
    if distance == "squared":
        squares = (filled * filled) @ attended.T
        total: np.ndarray = squares + squares.T - 2.0 * (filled * attended) @ filled.T
        return total
    # |a - b| is the number of thresholds that only one of them reaches
    total = np.zeros((len(filled), len(filled)))
    reached = np.zeros_like(total)
    for threshold in range(len(counts) - 1, 0, -1):
        reached = reached + counts[threshold]
        above = ((filled >= threshold) & present).astype(float)
        total += reached + reached.T - 2.0 * (above * attended) @ above.T
    return total


def _expected(shares: list[tuple[np.ndarray, np.ndarray]], distance: Distance) -> np.ndarray:
    """Return the expected disagreement (n, n) of independent positions, given both states' shares of each position."""
    total = np.zeros_like(shares[0][0])
    for p, (first, _) in enumerate(shares):
        for q, (_, second) in enumerate(shares):
            if p != q:
                total += _size(abs(p - q), distance) * first * second
    return total


# --- alliances -----------------------------------------------------------------------------------------------------


def alliance_ranks(obligations: pl.DataFrame) -> pl.DataFrame:
    """Return the obligations of each dyad-year as one column `rank`.

    Args:
        obligations: columns state1, state2, year, defence, offence, neutrality, nonaggression, consultation (0 or 1).
    """
    require(obligations, ("state1", "state2", "year", *_OBLIGATIONS))
    rank = (
        pl.when((pl.col("defence") == 1) | (pl.col("offence") == 1))
        .then(DEFENCE)
        .when((pl.col("neutrality") == 1) | (pl.col("consultation") == 1))
        .then(NEUTRAL)
        .when(pl.col("nonaggression") == 1)
        .then(NONAGGRESSION)
        .otherwise(NONE)
    )
    return obligations.select("state1", "state2", "year", rank=rank)


_OBLIGATIONS = ("defence", "offence", "neutrality", "nonaggression", "consultation")


def alliance_similarity(
    members: pl.DataFrame, ranks: pl.DataFrame, *, distance: Distance = "absolute", among: Collection[int] = ()
) -> pl.DataFrame:
    """Return the similarity of alliance portfolios for every dyad and year.

    A state's portfolio holds the ranks of its obligations to all members of the system that year. One-sided treaties
    make these differ from the obligations owed to it. Its tie to itself counts as defence, as in Signorino and Ritter
    1999.

    Args:
        members: columns `state`, `year`: the members of the system.
        ranks: columns `state1`, `state2`, `year`, `rank` (0 to 3), the obligation of state1 to state2. A dyad without a
            row has no tie, so `members` must not extend beyond the years of `ranks`.
        distance: absolute or squared differences of ranks.
        among: numbers of states whose dyads with each other are returned; those of all states by default.

    Returns:
        Columns state1 < state2, year, s, kappa, pi; missing coefficients are null.

    Raises:
        InputError: if a column is missing.
    """
    require(members, ("state", "year"))
    require(ranks, ("state1", "state2", "year", "rank"))
    owing = ranks.filter(pl.col("state1").is_in(list(among))) if among else ranks
    ties = dict(owing.partition_by("year", as_dict=True).items())
    frames = []
    for (year,), rows in sorted(members.partition_by("year", as_dict=True).items()):
        states = np.unique(rows["state"].to_numpy())
        wanted = np.flatnonzero(np.isin(states, list(among))) if among else np.arange(len(states))
        if len(wanted) < 2:
            continue
        positions = np.zeros((len(wanted), len(states)))
        if (tie := ties.get((year,))) is not None:
            first, second = (
                _indices(states[wanted], tie["state1"].to_numpy()),
                _indices(states, tie["state2"].to_numpy()),
            )
            known = (first >= 0) & (second >= 0)
            np.maximum.at(positions, (first[known], second[known]), tie["rank"].to_numpy()[known])
        positions[np.arange(len(wanted)), wanted] = DEFENCE
        frames.append(_pairs(states[wanted], int(year), similarity(positions, DEFENCE, distance=distance)))
    return pl.concat(frames) if frames else _pairs(np.array([], dtype=int), 0, similarity(np.zeros((0, 1)), DEFENCE))


# --- votes ---------------------------------------------------------------------------------------------------------


def vote_similarity(votes: pl.DataFrame, *, distance: Distance = "absolute") -> pl.DataFrame:
    """Return the similarity of votes for every dyad and year.

    Args:
        votes: columns `state`, `year`, `resolution`, `vote` (2 yes, 1 abstain, 0 no); no row if the state did not vote.
        distance: absolute or squared differences of votes.

    Returns:
        Columns state1 < state2, year, s, kappa, pi, `agreement` = 1 - mean |a - b| / 2 and `items`, the number of
        resolutions on which both voted. Pairs that never voted on the same resolution have null coefficients.

    Raises:
        InputError: if a column is missing, or a state votes twice on a resolution.
    """
    require(votes, ("state", "year", "resolution", "vote"))
    if votes.select("state", "resolution").is_duplicated().any():
        raise InputError(
            message("a state votes twice on a resolution"), remedy=message("keep one vote per state and resolution")
        )
    frames = []
    for (year,), rows in sorted(votes.partition_by("year", as_dict=True).items()):
        states, items = (np.unique(rows[name].to_numpy()) for name in ("state", "resolution"))
        positions = np.full((len(states), len(items)), np.nan)
        cells = (_indices(values, rows[name].to_numpy()) for values, name in ((states, "state"), (items, "resolution")))
        positions[*cells] = rows["vote"].to_numpy()
        coefficients = similarity(positions, YES, distance=distance)
        absolute = coefficients if distance == "absolute" else similarity(positions, YES)
        agreement = (1.0 + absolute.s) / 2.0
        frames.append(_pairs(states, int(year), coefficients, agreement=agreement, items=coefficients.items))
    return pl.concat(frames)


def _indices(values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the index of each of `wanted` in the sorted `values`, or -1."""
    if not len(values):
        return np.full(len(wanted), -1)
    indices = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
    return np.where(values[indices] == wanted, indices, -1)


def _pairs(states: np.ndarray, year: int, coefficients: Similarity, **more: np.ndarray) -> pl.DataFrame:
    """Return one row for each pair of states."""
    first, second = np.triu_indices(len(states), k=1)
    columns = {"s": coefficients.s, "kappa": coefficients.kappa, "pi": coefficients.pi, **more}
    return pl.DataFrame(
        {"state1": states[first], "state2": states[second], "year": np.full(len(first), year)}
        | {name: values[first, second] for name, values in columns.items()},
        nan_to_null=True,
    )
