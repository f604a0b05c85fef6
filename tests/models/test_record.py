"""The probability of a record in the worlds of the model: closed forms, and how often a true record is called impossible."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom
from tests.support import seeded

from tocsin.case.record_blocks import History
from tocsin.models.coercion.history import counted, predictive, record_log_likelihood

pytestmark = pytest.mark.numeric

IMPOSSIBLE = 0.01


def record(years: int, wars: int, press: int, concessions: int, weight: float = 1.0) -> History:
    return History(
        years=years,
        wars=wars,
        press=press,
        concessions=concessions,
        weight=weight,
        source=("x",),
        by="y",
        why="z",
    )


def one_world(war: float, press: float, concede: float) -> dict[str, np.ndarray]:
    return {"war": np.array([[war]]), "press": np.array([[press]]), "concede": np.array([[concede]])}


def normalised(logs: np.ndarray) -> np.ndarray:
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def test_in_one_world_it_is_twice_the_smaller_binomial_tail() -> None:
    tails = predictive(record(40, 1, 12, 2), one_world(0.05, 0.2, 0.5), np.ones(1))
    assert tails["war"] == pytest.approx(min(2 * binom.cdf(1, 40, 0.05), 1.0), rel=1e-9)
    assert tails["press"] == pytest.approx(2 * binom.sf(11, 39, 0.2), rel=1e-9)
    assert tails["concede"] == pytest.approx(2 * binom.cdf(2, 12, 0.5), rel=1e-9)


def test_a_past_year_of_weight_a_quarter_tells_a_quarter_as_much() -> None:
    whole, quarter = record(10, 1, 4, 2), record(40, 4, 16, 8, weight=0.25)
    world = one_world(0.02, 0.9, 0.1)
    assert predictive(quarter, world, np.ones(1)) == pytest.approx(predictive(whole, world, np.ones(1)))
    assert record_log_likelihood(quarter, world) == pytest.approx(record_log_likelihood(whole, world))


def test_worlds_are_averaged_by_their_weights() -> None:
    worlds = {name: np.array([[0.1, 0.3]]) for name in ("war", "press", "concede")}
    tails = predictive(record(20, 6, 6, 6), worlds, np.array([0.25, 0.75]))
    upper = 0.25 * binom.sf(5, 20, 0.1) + 0.75 * binom.sf(5, 20, 0.3)
    lower = 0.25 * binom.cdf(6, 20, 0.1) + 0.75 * binom.cdf(6, 20, 0.3)
    assert tails["war"] == pytest.approx(min(2 * min(upper, lower), 1.0), rel=1e-9)


def test_a_count_that_could_not_occur_has_no_probability() -> None:
    assert set(predictive(record(20, 0, 0, 0), one_world(0.01, 0.01, 0.5), np.ones(1))) == {"war", "press"}
    assert predictive(record(20, 0, 5, 1, weight=0.0), one_world(0.01, 0.5, 0.5), np.ones(1)) == {}
    years = {name: (years.happened, years.possible) for name, years in counted(record(20, 2, 5, 1)).items()}
    assert years == {"war": (2, 20), "press": (5, 18), "concede": (1, 5)}


def test_a_rate_far_from_the_record_is_impossible_and_one_near_it_is_not() -> None:
    history = record(72, 0, 39, 3, weight=0.25)  # pressure in 54 % of years
    assert min(predictive(history, one_world(0.0, 0.16, 0.08), np.ones(1)).values()) < IMPOSSIBLE
    assert min(predictive(history, one_world(0.0, 0.45, 0.08), np.ones(1)).values()) > 0.3


@pytest.mark.parametrize(("years", "spell"), [(72, 4), (72, 1), (24, 2)])
def test_records_that_the_worlds_themselves_make_are_seldom_called_impossible(years: int, spell: int) -> None:
    """Draw a world, let it make a record in independent spells of years, and weight all worlds by that record."""
    random = np.random.default_rng(seeded(7))
    worlds = {
        "war": random.beta(0.3, 30, (1, 400)),
        "press": random.beta(1.0, 1.5, (1, 400)),
        "concede": random.beta(0.7, 5, (1, 400)),
    }
    spells, alarms, runs = years // spell, 0, 2_000
    for _ in range(runs):
        world = random.integers(400)
        wars = random.binomial(spells, worlds["war"][0, world])
        press = random.binomial(spells - wars, worlds["press"][0, world])
        concessions = random.binomial(press, worlds["concede"][0, world])
        history = record(years, spell * wars, spell * press, spell * concessions, weight=1 / spell)
        weights = normalised(record_log_likelihood(history, worlds))
        alarms += min(predictive(history, worlds, weights).values()) < IMPOSSIBLE
    assert alarms / runs <= IMPOSSIBLE


def test_worlds_that_all_lie_far_from_the_record_cannot_make_it_even_when_weighted_by_it() -> None:
    random = np.random.default_rng(seeded(3))
    worlds = {
        "war": np.zeros((1, 400)),
        "press": random.uniform(0.01, 0.2, (1, 400)),
        "concede": random.beta(0.7, 5, (1, 400)),
    }
    history = record(72, 0, 39, 3, weight=0.25)
    weights = normalised(record_log_likelihood(history, worlds))
    assert predictive(history, worlds, weights)["press"] < IMPOSSIBLE
    near = record(72, 0, 12, 1, weight=0.25)
    weights = normalised(record_log_likelihood(near, worlds))
    assert predictive(near, worlds, weights)["press"] > 0.1


# --- records by year ----------------------------------------------------------------------------------------------------


def dated(**changes: object) -> History:
    given = {"years": 4, "first": 2000, "wars": 0, "press": (2000, 2001), "concessions": 0, "weight": 0.5}
    return History.model_validate(given | changes | {"source": "x", "by": "y", "why": "z"})


def test_listed_years_are_scored_at_their_own_probabilities() -> None:
    history = dated(concessions=(2001,))
    press, concede, war = (
        np.array(values)[:, None] for values in ([0.9, 0.8, 0.2, 0.1], [0.3, 0.4, 0.5, 0.6], [0.01, 0.02, 0.03, 0.04])
    )
    expected = np.log([0.9, 0.8, 0.8, 0.9, 0.7, 0.4, 0.99, 0.98, 0.97, 0.96]).sum()
    result = record_log_likelihood(history, {"war": war, "press": press, "concede": concede})
    assert result == pytest.approx(0.5 * expected)


def test_a_number_of_years_is_scored_at_the_mean_over_the_years_in_which_it_was_possible() -> None:
    history = dated(concessions=1, clashes=1)
    concede = np.array([0.3, 0.5, 0.9, 0.9])[:, None]
    result = record_log_likelihood(history, {"concede": concede, "clash": concede})
    assert result == pytest.approx(0.5 * 2 * (np.log(0.4) + np.log(0.6)))


def test_a_year_of_war_is_no_year_of_possible_pressure() -> None:
    history = dated(wars=(2003,))
    years = counted(history)
    assert (years["press"].possible, list(years["press"].eligible)) == (3, [True, True, True, False])


def test_a_model_that_knows_which_years_had_pressure_fits_a_listed_record_better_than_one_that_knows_the_mean() -> None:
    history = dated()
    sharp, flat = np.array([0.9, 0.9, 0.1, 0.1])[:, None], np.full((4, 1), 0.5)
    assert record_log_likelihood(history, {"press": sharp}) > record_log_likelihood(history, {"press": flat})
    number = dated(press=2)
    assert record_log_likelihood(number, {"press": sharp}) == pytest.approx(
        record_log_likelihood(number, {"press": flat})
    )
