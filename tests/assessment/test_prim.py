"""Boxes and trees of worlds: planted regions, the numbers of another program, and what coverage and density mean."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.assessment.flip_words import region_sentence
from tocsin.assessment.prim import box, leaves, peeled

pytestmark = pytest.mark.numeric

EMA = [
    (1.0, 0.22, 1.0), (0.977273, 0.226316, 0.95), (0.954545, 0.232687, 0.9025), (0.931818, 0.239766, 0.855),
    (0.909091, 0.246914, 0.81), (0.909091, 0.260586, 0.7675), (0.897727, 0.271478, 0.7275), (0.897727, 0.286232, 0.69),
    (0.886364, 0.29771, 0.655), (0.875, 0.310484, 0.62), (0.863636, 0.323404, 0.5875), (0.863636, 0.340807, 0.5575),
    (0.863636, 0.36019, 0.5275), (0.852273, 0.375, 0.5), (0.852273, 0.394737, 0.475), (0.852273, 0.416667, 0.45),
    (0.829545, 0.426901, 0.4275), (0.829545, 0.450617, 0.405), (0.818182, 0.470588, 0.3825), (0.818182, 0.496552, 0.3625),
    (0.806818, 0.518248, 0.3425), (0.795455, 0.538462, 0.325), (0.795455, 0.569106, 0.3075), (0.795455, 0.603448, 0.29),
    (0.795455, 0.636364, 0.275), (0.795455, 0.673077, 0.26), (0.795455, 0.714286, 0.245), (0.795455, 0.752688, 0.2325),
    (0.795455, 0.795455, 0.22), (0.795455, 0.843373, 0.2075), (0.795455, 0.897436, 0.195), (0.795455, 0.945946, 0.185),
    (0.772727, 0.971429, 0.175), (0.75, 1.0, 0.165),
]  # fmt: skip
"""Coverage, density and mass on the way of ema_workbench 2.5.3 (Prim with the objective ORIGINAL, peel_alpha and mass_min 0.05) for the
data below, up to density 1, from where all peels are equally good."""


def planted(size: int = 400) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    points = rng.random((size, 4))
    event = ((points[:, 0] > 0.6) & (points[:, 2] < 0.45)) | (rng.random(size) < 0.05)
    return dict(zip("abcd", points.T, strict=True)), event, np.full(size, 1 / size)


def test_the_way_of_prim_is_that_of_another_program() -> None:
    path = peeled(*planted())
    ours = [(region.coverage, region.density, region.mass) for region in path[: len(EMA)]]
    assert np.array(ours) == pytest.approx(np.array(EMA), abs=1e-6)


def test_the_box_is_the_planted_one() -> None:
    region = box(*planted(4000))
    assert region is not None
    assert set(region.limits) == {"a", "c"}
    assert region.limits["a"] == pytest.approx((0.6, np.inf), abs=0.03)
    assert region.limits["c"] == pytest.approx((-np.inf, 0.45), abs=0.03)
    assert region.density > 0.9


def test_coverage_and_density_are_shares_of_the_weights_in_the_box() -> None:
    inputs, event, _ = planted()
    weights = np.random.default_rng(2).gamma(2.0, size=400)
    weights /= weights.sum()
    for region in (*peeled(inputs, event, weights), *leaves(inputs, event, weights)):
        inside = np.all(
            [(inputs[name] >= low) & (inputs[name] <= high) for name, (low, high) in region.limits.items()], axis=0
        )
        inside = np.broadcast_to(inside, event.shape)
        assert region.mass == pytest.approx(np.sum(weights[inside]))
        assert region.density == pytest.approx(np.sum((weights * event)[inside]) / region.mass)
        assert region.coverage == pytest.approx(np.sum((weights * event)[inside]) / np.sum(weights * event))


def test_the_leaves_of_a_tree_are_all_worlds_and_the_densest_is_the_planted_box() -> None:
    regions = leaves(*planted(4000))
    assert sum(region.mass for region in regions) == pytest.approx(1.0)
    assert sum(region.coverage for region in regions) == pytest.approx(1.0)
    assert set(regions[0].limits) == {"a", "c"}
    assert regions[0].density > 0.9


def test_an_event_that_never_or_always_happens_has_no_box() -> None:
    inputs, event, weights = planted()
    assert box(inputs, np.zeros(400, dtype=bool), weights) is None
    assert leaves(inputs, np.zeros(400, dtype=bool), weights) == []
    assert box(inputs, np.ones(400, dtype=bool), weights) is None
    still = box({"a": np.ones(400)}, event, weights)
    assert still is not None and still.limits == {} and still.coverage == pytest.approx(1.0)


def test_a_few_worlds_make_no_box() -> None:
    inputs, _, weights = planted()
    for few, known in ((1, False), (9, False), (30, True)):
        event = np.zeros(400, dtype=bool)
        event[np.argsort(inputs["a"])[:few]] = True
        assert (box(inputs, event, weights) is not None) == known


def test_two_limits_of_one_input_are_one_condition() -> None:
    said = region_sentence({"reach": (0.1, 0.3)}, 0.8, 0.6, str)
    assert said.startswith("It fails in 80 % of the worlds in which reach is between 0.1 and 0.3:")


def test_a_box_is_one_sentence() -> None:
    said = region_sentence({"reach": (-np.inf, 0.3), "price": (2.0, np.inf)}, 0.8, 0.6, str)
    assert said == (
        "It fails in 80 % of the worlds in which reach is below 0.3 and price is above 2: 60 % of all in which it fails."
    )
