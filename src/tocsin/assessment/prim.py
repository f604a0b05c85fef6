"""Find the worlds in which something happens: boxes by the patient rule induction method, and a small tree.

PRIM (Friedman and Fisher, Statistics and Computing 9, 1999) starts with all worlds. Again and again it peels a small share of the worlds in the
box off one end of one input: the peel after which the event is most frequent in the box. Of the boxes on the way, the one with the largest
harmonic mean of coverage and density is returned (both as in Bryant and Lempert, Technological Forecasting and Social Change 77, 2010):

    coverage    share of the worlds with the event that lie in the box
    density     share of the worlds in the box that have the event
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tocsin.assessment.result import Region
from tocsin.assessment.weighting import effective

PEEL, MIN_MASS = 0.05, 0.05
"""Share of the worlds in a box that is peeled off, and the smallest share of all worlds in a box."""

MIN_EVENTS = 10.0
"""Smallest effective number of worlds with the event for a box: where a single world fails, any box around it has a perfect coverage."""

LEAVES, MIN_LEAF = 4, 0.05
"""Most leaves of a tree, and the smallest share of all worlds in a leaf."""


def merit(region: Region) -> float:
    """Return the harmonic mean of coverage and density."""
    total = region.coverage + region.density
    return 2.0 * region.coverage * region.density / total if total > 0.0 else 0.0


def peeled(inputs: Mapping[str, np.ndarray], event: np.ndarray, weights: np.ndarray) -> list[Region]:
    """Return the boxes on the way of PRIM, from all worlds to the smallest box.

    Args:
        inputs: name -> (D,) values.
        event: (D,) whether it happens in each world.
        weights: (D,), which sum to one.

    Returns:
        At least one box; none if the event happens in no world.
    """
    names, inside = list(inputs), np.ones(len(event), dtype=bool)
    whole = float(np.sum(weights * event))
    if whole == 0.0:
        return []
    limits: dict[str, tuple[float, float]] = {}
    path = [_region(limits, inside, event, weights, whole)]
    while True:
        options = []
        for order, name in enumerate(names):
            for upper in (False, True):
                limit, left = _peel(inputs[name], inside, weights, upper)
                mass = float(np.sum(weights[left]))
                if limit is None or mass < MIN_MASS:
                    continue
                density = float(np.sum(weights[left] * event[left])) / mass
                options.append((density, name in limits, -order, upper, name, limit, left))
        if not options:
            return path
        _, _, _, upper, name, limit, inside = max(options, key=lambda option: option[:4])
        low, high = limits.get(name, (-np.inf, np.inf))
        limits = limits | {name: (low, limit) if upper else (limit, high)}
        path.append(_region(limits, inside, event, weights, whole))


def _peel(values: np.ndarray, inside: np.ndarray, weights: np.ndarray, upper: bool) -> tuple[float | None, np.ndarray]:
    """Return the new limit of an input after a peel, and the worlds left; no limit if it has one value in the box."""
    boxed = values[inside]
    order = np.argsort(-boxed if upper else boxed, kind="stable")
    ranked, heft = boxed[order], weights[inside][order]
    before = np.cumsum(heft) - heft
    count = int(np.searchsorted(before, PEEL * (np.sum(heft) - np.mean(heft)) + 1e-12, side="right"))
    while count < len(ranked) and ranked[count] == ranked[count - 1]:
        count += 1
    if count >= len(ranked):
        return None, inside
    limit = float(ranked[count - 1] + ranked[count]) / 2.0
    return limit, inside & (values <= limit if upper else values >= limit)


def _region(
    limits: Mapping[str, tuple[float, float]], inside: np.ndarray, event: np.ndarray, weights: np.ndarray, whole: float
) -> Region:
    mass, hit = float(np.sum(weights[inside])), float(np.sum(weights[inside] * event[inside]))
    # sums of the same weights in another order may exceed one another by rounding
    return Region(limits=limits, coverage=min(hit / whole, 1.0), density=min(hit / mass, 1.0), mass=mass)


def box(inputs: Mapping[str, np.ndarray], event: np.ndarray, weights: np.ndarray) -> Region | None:
    """Return the box on the way of PRIM with the largest harmonic mean of coverage and density; arguments as in `peeled`.

    Limits that add nothing are dropped again: those without which the harmonic mean is no smaller. None if the event happens in fewer
    than `MIN_EVENTS` worlds or in all.
    """
    hits = weights * event
    if not hits.any() or effective(hits / np.sum(hits)) < MIN_EVENTS:
        return None
    path = peeled(inputs, event, weights)
    if path[0].density >= 1.0:
        return None
    best = max(path, key=merit)
    whole = float(np.sum(weights * event))
    for name in list(best.limits):
        fewer = {other: limit for other, limit in best.limits.items() if other != name}
        inside = np.all(
            [_within(inputs[other], limit) for other, limit in fewer.items()] or [np.ones(len(event), bool)], axis=0
        )
        region = _region(fewer, inside, event, weights, whole)
        best = region if merit(region) >= merit(best) else best
    return best


def _within(values: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    return (values >= limits[0]) & (values <= limits[1])


def leaves(inputs: Mapping[str, np.ndarray], event: np.ndarray, weights: np.ndarray) -> list[Region]:
    """Return the leaves of a small classification tree (Breiman and others 1984) as boxes, the densest first; arguments as in `peeled`.

    None if the event happens in no world.
    """
    from sklearn.tree import DecisionTreeClassifier

    whole = float(np.sum(weights * event))
    if whole == 0.0:
        return []
    names = list(inputs)
    tree = DecisionTreeClassifier(max_leaf_nodes=LEAVES, min_weight_fraction_leaf=MIN_LEAF, random_state=0)
    tree.fit(np.stack([inputs[name] for name in names], axis=1), event, sample_weight=weights)
    regions, open_nodes = [], [(0, dict[str, tuple[float, float]]())]
    while open_nodes:
        node, limits = open_nodes.pop()
        left, right = int(tree.tree_.children_left[node]), int(tree.tree_.children_right[node])
        if left < 0:
            every = [_within(inputs[name], limit) for name, limit in limits.items()] or [np.ones(len(event), bool)]
            regions.append(_region(limits, np.all(every, axis=0), event, weights, whole))
            continue
        name, at = names[int(tree.tree_.feature[node])], float(tree.tree_.threshold[node])
        low, high = limits.get(name, (-np.inf, np.inf))
        open_nodes += [(left, limits | {name: (low, at)}), (right, limits | {name: (np.nextafter(at, np.inf), high)})]
    return sorted(regions, key=lambda region: -region.density)
