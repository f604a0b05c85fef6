"""Where worlds and medians rank the costs of events differently."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from tocsin.assessment.bands import Weighted, band, mean
from tocsin.assessment.situations import central_models

if TYPE_CHECKING:
    from tocsin.assessment.ensemble import Ensemble
    from tocsin.case.nodes import Call

Values = Mapping[str, np.ndarray]
"""A quantity (D,) in each world, by type of challenger; nan where it is undefined."""


def costlier_events(ensemble: Ensemble, calls: Mapping[str, Call]) -> dict[str, dict[str, float]]:
    """Return the same as `costlier_than` for events whose costs are read from solved games, each with its call."""
    models = central_models(ensemble.case)
    costs = {
        event: {model.type: ensemble.reader(model).read(call) for model in models} for event, call in calls.items()
    }
    return costlier_than(ensemble, costs)


def costlier_than(ensemble: Weighted, costs: Mapping[str, Values]) -> dict[str, dict[str, float]]:
    """Return for each event those that cost less than it in more than half of the worlds, although their median cost is higher.

    Each median is taken over all worlds for itself. If worlds fall into groups with small and with large costs, as those of two types of
    challenger may, medians lie between the groups and can rank two events against most worlds.

    Args:
        ensemble: weights the worlds of each type.
        costs: of each event.

    Returns:
        By event, the cheaper events with the pooled share of worlds in which the event costs more, in (0.5, 1].
    """
    medians = {event: _median(ensemble, cost) for event, cost in costs.items()}
    pairs: dict[str, dict[str, float]] = {event: {} for event in costs}
    for one, other in permutations(costs, 2):
        if medians[one] < medians[other] and (share := _share_above(ensemble, costs[one], costs[other])) > 0.5:
            pairs[one][other] = share
    return pairs


def _median(ensemble: Weighted, cost: Values) -> float:
    return band(ensemble, lambda model: cost[model.type])[1]


def _share_above(ensemble: Weighted, one: Values, other: Values) -> float:
    """Return the pooled share of worlds in which one cost is above another; nan if a type has no world with both."""
    total = 0.0
    for kind, values in one.items():
        above = np.where(np.isnan(values - other[kind]), np.nan, values > other[kind])
        total += ensemble.case.types[kind].weight * mean(above, ensemble.weight(kind))
    return total
