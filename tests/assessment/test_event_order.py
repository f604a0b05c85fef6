"""Medians over worlds and worlds themselves may rank two events differently; the run says where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from tests.support import minimal_case

from tocsin.assessment.event_order import costlier_than
from tocsin.case.schema import Case


@dataclass(frozen=True)
class Worlds:
    """Worlds of equal weight."""

    case: Case
    count: int

    def weight(self, kind: str) -> np.ndarray:
        return np.full(self.count, 1.0 / self.count)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return Worlds(minimal_case(tmp_path_factory.mktemp("case")), 5)


def both(worlds: Worlds, values: list[float]) -> dict[str, np.ndarray]:
    return {kind: np.array(values) for kind in worlds.case.types}


def test_an_event_that_costs_more_in_most_worlds_is_named_though_its_median_is_lower(worlds: Worlds) -> None:
    small, large = both(worlds, [1, 2, 5, 10, 20]), both(worlds, [0.5, 1.5, 6, 9, 19])
    pairs = costlier_than(worlds, {"small": small, "large": large})
    assert pairs == {"small": {"large": pytest.approx(0.8)}, "large": {}}


def test_medians_that_rank_as_most_worlds_do_are_not_named(worlds: Worlds) -> None:
    pairs = costlier_than(worlds, {"a": both(worlds, [1, 2, 3, 4, 5]), "b": both(worlds, [0, 1, 2, 9, 9])})
    assert pairs == {"a": {}, "b": {}}


def test_half_of_the_worlds_are_not_most_and_undefined_worlds_do_not_count(worlds: Worlds) -> None:
    nan = float("nan")
    one, other = both(worlds, [1, 2, 5, 8, nan]), both(worlds, [0, 1, 6, 9, 7])
    assert costlier_than(worlds, {"one": one, "other": other})["one"] == {}
    more = both(worlds, [1, 2, nan, 8, nan])
    assert costlier_than(worlds, {"one": more, "other": other})["one"] == {"other": pytest.approx(2 / 3)}
