"""Alignment: how alike two states' commitments or votes are.

Three coefficients of the same disagreement, for all dyads of a year at once. With positions a_ik of state i on item k (a
third state to which it may be bound, a vote), on a scale of whole numbers from 0 to c, weights w_k, and the disagreement
d(a, b) = |a - b| or (a - b)^2 of at most d_max, both states present on item k,

    S_ij     = 1 - 2 D_ij / d_max                                  (Signorino and Ritter, ISQ 43, 1999, eq. 4)
    kappa_ij = 1 - D_ij / sum over p, q of m_i(p) m_j(q) d(p, q)   (Cohen 1960, 1968)
    pi_ij    = 1 - D_ij / sum over p, q of n(p) n(q) d(p, q)       (Scott 1955)

where D_ij is the weighted mean disagreement, m_i and m_j the shares of each position among the items on which both are
present, and n their mean. The latter two take out what two states with such habits would agree on by chance (Haege, Political
Analysis 19, 2011, who takes squared distances for them): kappa is 0 on average over all rearrangements of one state's
positions, pi if both have the same habits. Where all that both ever do is one and the same, chance explains everything and
they are missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.measure.columns import require

Distance: TypeAlias = Literal["absolute", "squared"]

DEFENCE, NEUTRAL, NONAGGRESSION, NONE = 3, 2, 1, 0
"""Ranks of an alliance: defence or offence; neutrality or consultation; non-aggression; none."""

YES, ABSTAIN, NO = 2, 1, 0
"""Votes as positions."""


@dataclass(frozen=True)
class Similarity:
    """Coefficients of every pair of n states, (n, n), symmetric; nan where missing.

    Attributes:
        s, kappa, pi: in [-1, 1] for S; at most 1 for the others.
        items: weight of the items on which both are present.
    """

    s: np.ndarray
    kappa: np.ndarray
    pi: np.ndarray
    items: np.ndarray


def similarity(
    positions: np.ndarray, most: int, *, weights: np.ndarray | None = None, distance: Distance = "absolute"
) -> Similarity:
    """Similarity of every pair of states.

    Args:
        positions: (n, K) whole numbers from 0 to `most`, nan where a state is absent.
        most: the top of the scale, 1 or more.
        weights: (K,) of the items, not negative; all alike if not given.
        distance: how disagreement is measured.

    Raises:
        ValueError: if a position is off the scale or not whole, or a weight is negative.
    """
    present = np.isfinite(positions)
    held = np.where(present, positions, 0.0)
    if (held < 0).any() or (held > most).any() or (held != np.round(held)).any():
        raise ValueError(f"positions must be whole numbers from 0 to {most}, or nan")
    weight = np.ones(positions.shape[1]) if weights is None else np.asarray(weights, dtype=float)
    if not (weight >= 0).all():
        raise ValueError("weights must not be negative")
    # shares[p] (n, n): among the items that j attends too, the weight of those on which i holds p
    attended = (present * weight).astype(float)
    items = attended @ present.T.astype(float)
    counts = [((held == p) & present) @ attended.T for p in range(most + 1)]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = _disagreement(held, present, attended, counts, most, distance) / items
        shares = [count / items for count in counts]
        chance_kappa = _expected([(share, share.T) for share in shares], distance)
        both = [(share + share.T) / 2 for share in shares]
        chance_pi = _expected([(share, share) for share in both], distance)
        kappa, pi = (np.where(chance > 1e-12, 1.0 - mean / chance, np.nan) for chance in (chance_kappa, chance_pi))
    return Similarity(s=1.0 - 2.0 * mean / _size(most, distance), kappa=kappa, pi=pi, items=items)


def _size(gap: int, distance: Distance) -> float:
    return float(gap if distance == "absolute" else gap * gap)


def _disagreement(
    held: np.ndarray, present: np.ndarray, attended: np.ndarray, counts: list[np.ndarray], most: int, distance: Distance
) -> np.ndarray:
    """Sum of weighted disagreements (n, n), over the items on which both are present."""
    if distance == "squared":
        squares = (held * held) @ attended.T
        total: np.ndarray = squares + squares.T - 2.0 * (held * attended) @ held.T
        return total
    # |a - b| is the number of thresholds that one reaches and the other does not
    total = np.zeros((len(held), len(held)))
    reached = np.zeros_like(total)
    for threshold in range(most, 0, -1):
        reached = reached + counts[threshold]
        above = ((held >= threshold) & present).astype(float)
        total += reached + reached.T - 2.0 * (above * attended) @ above.T
    return total


def _expected(shares: list[tuple[np.ndarray, np.ndarray]], distance: Distance) -> np.ndarray:
    """Disagreement to be expected of independent positions with such shares (first's, second's), (n, n)."""
    total = np.zeros_like(shares[0][0])
    for p, (first, _) in enumerate(shares):
        for q, (_, second) in enumerate(shares):
            if p != q:
                total += _size(abs(p - q), distance) * first * second
    return total


# --- alliances -----------------------------------------------------------------------------------------------------


def alliance_ranks(obligations: pl.DataFrame) -> pl.DataFrame:
    """Obligations of dyad-years (columns state1, state2, year, defence, offence, neutrality, nonaggression, consultation;
    0 or 1) as one rank each: column `rank`."""
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


def alliance_similarity(members: pl.DataFrame, ranks: pl.DataFrame, *, distance: Distance = "absolute") -> pl.DataFrame:
    """Similarity of alliance portfolios of every dyad and year.

    A portfolio holds the ranks of what a state owes to all members of the system that year, which one-sided treaties make
    differ from what it is owed; its tie to itself counts as defence, as in Signorino and Ritter 1999.

    Args:
        members: columns `state`, `year`: who is in the system.
        ranks: columns `state1`, `state2`, `year`, `rank` from 0 to 3, of what state1 owes to state2; directed dyads not
            named have no tie, so members must not reach beyond the years that the ties cover.
        distance: how disagreement is measured.

    Returns:
        Columns state1 < state2, year, s, kappa, pi; missing coefficients are null.

    Raises:
        InputError: if a column is missing.
    """
    require(members, ("state", "year"))
    require(ranks, ("state1", "state2", "year", "rank"))
    ties = dict(ranks.partition_by("year", as_dict=True).items())
    found = []
    for (year,), some in sorted(members.partition_by("year", as_dict=True).items()):
        states = np.unique(some["state"].to_numpy())
        positions = np.zeros((len(states), len(states)))
        if (tie := ties.get((year,))) is not None:
            first, second = (_places(states, tie[name].to_numpy()) for name in ("state1", "state2"))
            known = (first >= 0) & (second >= 0)
            np.maximum.at(positions, (first[known], second[known]), tie["rank"].to_numpy()[known])
        np.fill_diagonal(positions, DEFENCE)
        found.append(_rows(states, int(year), similarity(positions, DEFENCE, distance=distance)))
    return pl.concat(found) if found else _rows(np.array([], dtype=int), 0, similarity(np.zeros((0, 1)), DEFENCE))


# --- votes ---------------------------------------------------------------------------------------------------------


def vote_similarity(votes: pl.DataFrame, *, distance: Distance = "absolute") -> pl.DataFrame:
    """Similarity of votes of every dyad and year.

    Args:
        votes: columns `state`, `year`, `resolution`, `vote` (2 yes, 1 abstain, 0 no); who did not vote has no row.
        distance: how disagreement is measured.

    Returns:
        Columns state1 < state2, year, s, kappa, pi, `agreement` = 1 - mean |a - b| / 2 and `items`, the votes that both cast.
        Pairs that never voted together have null coefficients.

    Raises:
        InputError: if a column is missing, or a state votes twice on a resolution.
    """
    require(votes, ("state", "year", "resolution", "vote"))
    if votes.select("state", "resolution").is_duplicated().any():
        raise InputError("a state votes twice on a resolution", remedy="keep one vote of each state and resolution")
    found = []
    for (year,), some in sorted(votes.partition_by("year", as_dict=True).items()):
        states, items = (np.unique(some[name].to_numpy()) for name in ("state", "resolution"))
        positions = np.full((len(states), len(items)), np.nan)
        places = (_places(values, some[name].to_numpy()) for values, name in ((states, "state"), (items, "resolution")))
        positions[*places] = some["vote"].to_numpy()
        each = similarity(positions, YES, distance=distance)
        plain = each if distance == "absolute" else similarity(positions, YES)
        found.append(_rows(states, int(year), each, agreement=(1.0 + plain.s) / 2.0, items=each.items))
    return pl.concat(found)


def _places(values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Where each of `wanted` stands in sorted `values`; -1 where it does not."""
    if not len(values):
        return np.full(len(wanted), -1)
    places = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
    return np.where(values[places] == wanted, places, -1)


def _rows(states: np.ndarray, year: int, each: Similarity, **more: np.ndarray) -> pl.DataFrame:
    first, second = np.triu_indices(len(states), k=1)
    columns = {"s": each.s, "kappa": each.kappa, "pi": each.pi, **more}
    return pl.DataFrame(
        {"state1": states[first], "state2": states[second], "year": np.full(len(first), year)}
        | {name: values[first, second] for name, values in columns.items()},
        nan_to_null=True,
    )
