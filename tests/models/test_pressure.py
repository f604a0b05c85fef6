"""Worlds weighted by the pressure that history lets one expect: what it replaces, which way it moves, and a simulated truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.support import minimal_case, seeded

from tocsin.assessment.ensemble import Ensemble, base_scenario, conditioned
from tocsin.assessment.sampling import look
from tocsin.assessment.weighting import normalised
from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.case.override import override
from tocsin.case.pressure import ExpectedPressure, expected_pressure, looking_back
from tocsin.case.record_blocks import History, Years
from tocsin.evidence.hostility.parameters import Parameters, parameters_of
from tocsin.evidence.hostility.remembered import Retrospect, remembered
from tocsin.evidence.store import load_result
from tocsin.models.coercion.history import (
    log_likelihood,
    present_pressure,
    present_probabilities,
    record_log_likelihood,
    record_probabilities,
)
from tocsin.models.coercion.solve import Solution, glance

pytestmark = pytest.mark.numeric

RECORD = "years: 50, wars: 0, press: 20, concessions: 4, weight: 0.25"
LISTED = "first: 1974, years: 50, wars: 0, press: [1975, 1976, 2001, 2020, 2022], concessions: 1, weight: 0.25"
WIDE = {
    RECORD: LISTED,
    '  stray: {is: "beta(0.2 to 0.7)"': '  stray: {is: "uniform(0, 0.9)"',
    "  cost.press:": '  hostility: {is: "uniform(-0.1, 0.2)", unit: "1", by: tests, why: range}\n  cost.press:',
}
WORLDS = 400


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("wide"), replace=WIDE)


@pytest.fixture(scope="module")
def draws(case: Case) -> dict[str, np.ndarray]:
    return draw(case, seed=seeded(4), draws=WORLDS).draws


@pytest.fixture(scope="module")
def solution(case: Case, draws: dict[str, np.ndarray]) -> Solution:
    game = base_scenario(case, "strait", "revisionist")
    return glance(case, (game,), draws)[game]


def by_history(case: Case, press: Years | None = None) -> Case:
    """Return the case with its pressure by history, and with other years of pressure if they are given."""
    case = override(case, {"pressure.strait": "history"})
    if press is None:
        return case
    record = case.history["strait"].model_copy(update={"press": press, "concessions": 0})
    return case.model_copy(update={"history": {"strait": record}})


def weighted(case: Case, solution: Solution, draws: dict[str, np.ndarray]) -> float:
    """Return the mean chance of pressure in the first year over weighted worlds."""
    weights = normalised(log_likelihood(case, solution, draws))
    return float(np.sum(weights * present_pressure(case, solution, draws)))


# --- what it replaces ----------------------------------------------------------------------------------------------------


def test_the_level_takes_the_place_of_the_years_of_pressure(
    case: Case, solution: Solution, draws: dict[str, np.ndarray]
) -> None:
    on, yearly = by_history(case), record_probabilities(case, solution, draws)
    record = case.history["strait"]
    assert set(yearly) == {"war", "press", "concede"}
    rest = record_log_likelihood(record, {name: yearly[name] for name in ("war", "concede")})
    expected = expected_pressure(on, "strait")
    assert expected is not None
    level = expected.chance.log_density(present_pressure(case, solution, draws))
    assert np.array_equal(log_likelihood(on, solution, draws), rest + level)
    assert np.array_equal(log_likelihood(case, solution, draws), record_log_likelihood(record, yearly))


def test_switched_off_the_weights_are_the_old_ones(
    case: Case, solution: Solution, draws: dict[str, np.ndarray]
) -> None:
    off = override(by_history(case), {"pressure.strait": "payoffs"})
    assert np.array_equal(log_likelihood(off, solution, draws), log_likelihood(case, solution, draws))
    assert not np.array_equal(log_likelihood(by_history(case), solution, draws), log_likelihood(case, solution, draws))


def test_the_chance_is_that_of_the_first_year_as_a_record_counts_it(
    case: Case, solution: Solution, draws: dict[str, np.ndarray]
) -> None:
    recorded, own = present_probabilities(case, solution, draws)
    pressure = present_pressure(case, solution, draws)
    assert np.array_equal(pressure, recorded["press"])
    assert pressure == pytest.approx(own["press"] + (1 - own["press"]) * draws["stray"], rel=1e-12)


def test_without_a_record_the_level_alone_weights_the_worlds(tmp_path: Path) -> None:
    known = {"ALF: {name: Alpha}": "ALF: {name: Alpha, cow: 731}", "GAM: {name: Gamma}": "GAM: {name: Gamma, cow: 732}"}
    case = minimal_case(tmp_path, replace=WIDE | known)
    bare = override(case.model_copy(update={"history": {}}), {"pressure.strait": "history"})
    draws = draw(bare, seed=seeded(4), draws=16).draws
    game = base_scenario(bare, "strait", "revisionist")
    solution = glance(bare, (game,), draws)[game]
    expected = expected_pressure(bare, "strait")
    assert expected is not None and expected.source == "disputes"
    level = expected.chance.log_density(present_pressure(bare, solution, draws))
    assert np.array_equal(log_likelihood(bare, solution, draws), level)


# --- which way it moves ----------------------------------------------------------------------------------------------------


def test_more_recent_pressure_makes_pressure_likelier(
    case: Case, solution: Solution, draws: dict[str, np.ndarray]
) -> None:
    records = ((1975,), (1975, 2015), (1975, 2015, 2022), (1975, 2015, 2020, 2022, 2023))
    chances = [weighted(by_history(case, press), solution, draws) for press in records]
    assert np.all(np.diff(chances) > 0)
    assert chances[-1] > chances[0] + 0.05


def test_the_same_years_count_more_the_later_they_are(
    case: Case, solution: Solution, draws: dict[str, np.ndarray]
) -> None:
    chances = [weighted(by_history(case, (year, year + 1)), solution, draws) for year in (2002, 2012, 2018, 2022)]
    assert np.all(np.diff(chances) > 0)


# --- a simulated truth -----------------------------------------------------------------------------------------------------


def simulated(random: np.random.Generator, truth: Parameters) -> tuple[History, float]:
    """Return a record that remembers, year by year, and the true chance of its next year."""
    years, press = range(1974, 2024), [1974]
    for year in years[1:]:
        chance = remembered(range(1974, year), press, (), year, truth)
        if random.random() < random.beta(chance.pressure, chance.quiet):
            press.append(year)
    last = remembered(years, press, (), 2024, truth)
    text = {"first": 1974, "years": 50, "wars": 0, "press": tuple(press), "concessions": 0, "weight": 0.25}
    record = History.model_validate(text | {"source": "record", "by": "y", "why": "z"})
    return record, float(random.beta(last.pressure, last.quiet))


def with_record(case: Case, record: History) -> Case:
    """Return the case with its pressure by history and another record."""
    return by_history(case).model_copy(update={"history": {"strait": record}})


def test_the_range_of_a_simulated_record_holds_its_true_chance_nine_times_in_ten(case: Case) -> None:
    random, truth = np.random.default_rng(seeded(12)), parameters_of(load_result("hostility"))
    held, misjudged, runs = 0, 0, 300
    for _ in range(runs):
        record, chance = simulated(random, truth)
        expected, past = (read(with_record(case, record), "strait") for read in (expected_pressure, looking_back))
        assert isinstance(expected, ExpectedPressure)
        low, _, high = expected.chance.band
        held += low <= chance <= high
        misjudged += isinstance(past, Retrospect) and past.fails
    assert misjudged / runs <= 0.04  # 0.01, within four standard errors
    assert 0.83 <= held / runs <= 0.97  # 0.9, within four standard errors


def test_worlds_weighted_by_a_simulated_record_recover_its_chance(
    case: Case, solution: Solution, draws: dict[str, np.ndarray]
) -> None:
    random, truth = np.random.default_rng(seeded(11)), parameters_of(load_result("hostility"))
    for _ in range(12):
        record, _chance = simulated(random, truth)
        on = with_record(case, record)
        expected = expected_pressure(on, "strait")
        assert expected is not None
        low, _, high = expected.chance.band
        assert low <= weighted(on, solution, draws) <= high


# --- wherever records give weights -----------------------------------------------------------------------------------------


def ensemble(case: Case, discount: float | None = None) -> Ensemble:
    worlds = draw(case, seed=seeded(4), draws=16)
    return conditioned(case, ("strait",), worlds, np.zeros(16), discount=discount)


def test_every_place_that_weights_by_the_record_uses_the_level(case: Case) -> None:
    on = by_history(case)
    first = look(on, draw(on, seed=seeded(4), draws=16))
    for discount in (0.92, 0.96):
        built = ensemble(on, discount)
        for weighted_by in (built, built.with_past(), built.without_recalled()):
            for (theatre, kind), logs in weighted_by.records.items():
                solution = built.solutions[base_scenario(on, theatre, kind, discount)]
                assert np.array_equal(logs, log_likelihood(on, solution, built.worlds.draws))
    off = look(case, draw(case, seed=seeded(4), draws=16))
    assert all(not np.array_equal(first.records[key], off.records[key]) for key in first.records)


def test_recalled_years_of_pressure_are_left_out_of_the_level_too(tmp_path: Path) -> None:
    recalled = LISTED + ", recalled: {press: [2020, 2022]}"
    on = by_history(minimal_case(tmp_path, replace=WIDE | {RECORD: recalled}))
    built = ensemble(on)
    sure = built.without_recalled()
    fewer = by_history(on, (1975, 1976, 2001))
    fewer = fewer.model_copy(
        update={"history": {"strait": fewer.history["strait"].model_copy(update={"concessions": 1})}}
    )
    for (theatre, kind), logs in sure.records.items():
        solution = built.solutions[base_scenario(on, theatre, kind)]
        assert logs == pytest.approx(log_likelihood(fewer, solution, built.worlds.draws), rel=1e-12)
