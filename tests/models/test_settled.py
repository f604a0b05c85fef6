"""The stationary ends of the founding case: settled almost everywhere, and the same wherever the search begins."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from tests.support import seeded

from tocsin.assessment.worlds import draw
from tocsin.case import Case, load
from tocsin.models.coercion.blocks import Cores, Packed
from tocsin.models.coercion.ends import End, Pool, find_ends
from tocsin.models.coercion.prepare import prepare
from tocsin.models.coercion.scenario import Scenario

pytestmark = pytest.mark.numeric

ANOTHER = 1e-3
"""Two settled ends whose values differ by more than this, in the player's own stake, are two equilibria."""


@pytest.fixture(scope="module")
def case() -> Case:
    return load("japan-buildup")


def ends_from_three_starts(
    case: Case, base: Scenario, draws: dict[str, np.ndarray]
) -> Iterator[tuple[End, np.ndarray]]:
    """Yield the ends that the base game reaches from the status quo for ever, from nothing and from noise, with their values in stakes."""
    packed = Packed.of(prepare(case, base, draws))
    stakes, usual = packed.stakes(()), np.array(packed.status_quo(()))
    noise = stakes * np.random.default_rng(seeded(1)).normal(size=usual.shape)
    for start in (usual, np.zeros_like(usual), noise):
        pool = Pool(packed, (), start, np.zeros(packed.size, dtype=int))
        with Cores() as cores:
            (end,) = find_ends(cores, [pool], lambda: None)
        yield end, end.values / stakes


def check_starts(case: Case, discount: float, worlds: int) -> None:
    """Check that 95 % of each base game's worlds settle from each start, and that 99 % of these reach the same end from all three."""
    draws = draw(case, seed=seeded(5), draws=worlds).draws
    for theatre in case.theatres:
        for kind in case.types:
            base = Scenario(theatre=theatre, type=kind, discount=discount)
            ends, values = zip(*ends_from_three_starts(case, base, draws), strict=True)
            for end in ends:
                assert np.mean(end.settled) >= 0.95, f"{theatre}, {kind}: {np.mean(end.settled):.3f} settle"
            settled = np.all([end.settled for end in ends], axis=0)
            apart = np.max([np.abs(other - values[0]) for other in values[1:]], axis=(0, 1, 2, 3))[settled]
            count = int(np.sum(apart > ANOTHER))
            assert count <= 0.01 * len(apart), f"{theatre}, {kind}: {count} of {len(apart)} worlds have another end"


def test_base_games_reach_the_same_end_from_three_starts(case: Case) -> None:
    check_starts(case, case.discounting.central, 256)


PATIENT = "over Taiwan 82 % of the revisionist's worlds settle, and in each theatre a type has another end in 1 to 2 % of the settled ones"


@pytest.mark.slow
@pytest.mark.parametrize(
    "discount",
    [0.88, 0.92, pytest.param(0.96, marks=pytest.mark.xfail(reason=PATIENT, raises=AssertionError, strict=True))],
)
def test_base_games_reach_the_same_end_in_many_worlds_at_every_discount_factor(case: Case, discount: float) -> None:
    assert discount in case.discounting.swept
    check_starts(case, discount, 1024)
