"""Bayes' rule over rival explanations, with items that may depend on each other.

With items i in groups g, the log posterior of an explanation h is, up to a constant,

    log prior(h) + sum over g of sum over i in g of log P(i | h) / (1 + (n_g - 1) r_g)

A group of n items with correlation r counts as n / (1 + (n - 1) r) independent items, the design effect of Kish, Survey Sampling (1965),
section 5.4: at 0 the likelihoods multiply, at 1 the group counts as one item, the geometric mean of its items. An item that has the same chance
under all explanations tells nothing and does not count towards n.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """An item that counts.

    Attributes:
        name: its key.
        logs: log likelihood of what was seen under each explanation, (explanations, draws).
        group: its group; empty if it depends on no other item.
    """

    name: str
    logs: Floats
    group: str = ""

    @property
    def tells(self) -> bool:
        """Return whether its likelihood differs between explanations in any draw."""
        return bool(np.any(self.logs != self.logs[0]))


def log_likelihood(chance: Floats, share: float) -> Floats:
    """Return the log likelihood of an item seen in a share of draws: log(share p + (1 - share)(1 - p)).

    It is log p if it was seen and log(1 - p) if not. In between it is the rule for uncertain evidence of Pearl, Probabilistic Reasoning
    (1988), section 2.2.2, with `share` as the chance that it is true before any explanation is considered.

    Args:
        chance: p, the chance to see it, in (0, 1).
        share: in [0, 1].
    """
    return np.asarray(np.log(share * chance + (1.0 - share) * (1.0 - chance)))


def effective_items(items: int, strength: Floats | float) -> Floats | float:
    """Return how many independent items a group of dependent ones amounts to, n / (1 + (n - 1) r)."""
    return items / (1.0 + (items - 1) * strength)


def posterior(prior: Floats, evidence: Sequence[Evidence], strengths: Mapping[str, Floats]) -> Floats:
    """Return the probability of each explanation, (explanations, draws); each column sums to one.

    Args:
        prior: (explanations,), summing to one.
        evidence: the items that count.
        strengths: correlation within each group, (draws,).
    """
    draws = evidence[0].logs.shape[1] if evidence else 1
    with np.errstate(divide="ignore"):  # a prior of 0 stays 0
        logs = np.repeat(np.log(prior)[:, None], draws, axis=1)
    for item in sorted(evidence, key=lambda item: item.name):  # the same sum in any order
        logs = logs + item.logs * weight_of(item, evidence, strengths)
    logs = logs - np.max(logs, axis=0)
    shares = np.exp(logs)
    return np.asarray(shares / np.sum(shares, axis=0))


def weight_of(item: Evidence, evidence: Sequence[Evidence], strengths: Mapping[str, Floats]) -> Floats | float:
    """Return the weight of an item's log likelihood: one over the design effect of its group."""
    if not item.group or not item.tells:
        return 1.0
    size = group_size(item.group, evidence)
    return effective_items(size, strengths[item.group]) / size


def group_size(group: str, evidence: Sequence[Evidence]) -> int:
    """Return how many items of a group tell explanations apart."""
    return sum(other.group == group and other.tells for other in evidence)


def expected_information(belief: Floats, chances: Floats) -> float:
    """Return the expected information of an item about the explanations in bits: the mutual information.

    It is H(s) - sum over h of P(h) H(p_h), with H the entropy of a yes or no and s the chance to see the item. Shannon, Bell System
    Technical Journal 27 (1948).

    Args:
        belief: probability of each explanation, (explanations, draws).
        chances: chance to see the item under each, (explanations, draws).
    """
    seen = np.sum(belief * chances, axis=0)
    return float(max(np.mean(_entropy(seen) - np.sum(belief * _entropy(chances), axis=0)), 0.0))


def entropy(belief: Floats) -> float:
    """Return the entropy of the probabilities of explanations (explanations, draws) in bits, on average over draws."""
    positive = np.where(belief > 0.0, belief, 1.0)
    return float(np.mean(-np.sum(belief * np.log2(positive), axis=0)))


def _entropy(p: Floats) -> Floats:
    """Return the entropy of a yes or no in bits; 0 < p < 1."""
    return np.asarray(-(p * np.log2(p) + (1.0 - p) * np.log2(1.0 - p)))
