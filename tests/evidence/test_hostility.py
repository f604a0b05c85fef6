"""The hostility filter: sums against direct sums, closed forms, recovery of parameters, and no use of the future."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.data.test_readers import cached as cached
from tests.support import seeded

from tocsin.cli import main
from tocsin.data.readers import read
from tocsin.errors import InputError
from tocsin.evidence.hostility.filter import Sums, chance, gamma
from tocsin.evidence.hostility.fit import _scored, fit
from tocsin.evidence.hostility.parameters import Parameters
from tocsin.evidence.hostility.reading import row_at
from tocsin.evidence.hostility.record import Record, decayed, decayed_slope, pair_numbers, record
from tocsin.evidence.hostility.series import series
from tocsin.evidence.reference import estimate
from tocsin.evidence.store import load_result, refit

pytestmark = pytest.mark.numeric

TRUTH = Parameters(strength=2.0, mean=0.1, began=0.7, against=0.15, going=0.2, half_life=3.0)


def simulated(pairs: int, years: int, seed: int, truth: Parameters = TRUTH) -> Record:
    """Return a record in which both sides of each pair begin disputes at the rates of the filter; a dispute lasts its year."""
    rng = np.random.default_rng(seed)
    numbers = np.array([(2 * pair + side, 2 * pair + 1 - side) for pair in range(pairs) for side in (0, 1)])
    other = np.arange(2 * pairs).reshape(-1, 2)[:, ::-1].ravel()
    began = np.zeros((2 * pairs, years))
    going = np.zeros_like(began)
    for year in range(years):
        past = (began, began[other], going, np.ones_like(began))
        sums = Sums(*(decayed(values, truth.half_life)[:, year] for values in past))
        began[:, year] = rng.uniform(size=2 * pairs) < chance(sums, truth)
        going[:, year] = np.maximum(began[:, year], began[other, year])
    return Record(numbers, 1900, began, began[other], going, np.ones_like(began))


def years_of(record: Record, until: int | None = None) -> tuple[pl.DataFrame, np.ndarray]:
    """Return every year of every pair, before `until` if that is given, and whether a dispute was begun."""
    pairs, years = record.began[:, : None if until is None else until - record.first].shape
    cases = pl.DataFrame({
        "challenger": np.repeat(record.pairs[:, 0], years),
        "target": np.repeat(record.pairs[:, 1], years),
        "year": np.tile(record.first + np.arange(years), pairs),
    })  # fmt: skip
    return cases, record.began[:, :years].ravel().astype(int)


@settings(deadline=None, max_examples=30)
@given(
    events=st.lists(st.integers(0, 1), min_size=1, max_size=40),
    half_life=st.floats(0.5, 30.0),
)
def test_the_filter_equals_a_direct_sum(events: list[int], half_life: float) -> None:
    sums = decayed(np.array([events], dtype=float), half_life)[0]
    assert sums.shape == (len(events) + 1,)
    for year in range(len(events) + 1):
        direct = sum(2.0 ** (-(year - 1 - s) / half_life) * events[s] for s in range(year))
        assert sums[year] == pytest.approx(direct, abs=1e-12)


def test_the_slope_of_the_sums_is_that_of_differences() -> None:
    events = np.random.default_rng(seeded(1)).integers(0, 2, (3, 50)).astype(float)
    step = 1e-5
    high, low = (decayed(events, 4.0 * np.exp(sign * step)) for sign in (1, -1))
    assert decayed_slope(events, 4.0) == pytest.approx((high - low) / (2 * step), abs=1e-7)


def test_the_rate_is_the_stated_mean_and_the_chance_that_of_gamma_poisson_draws() -> None:
    sums = Sums(*(np.array([value]) for value in (1.5, 0.5, 2.0, 3.0)))
    shape, rate = gamma(sums, TRUTH)
    assert shape / rate == pytest.approx((2.0 * 0.1 + 0.7 * 1.5 + 0.15 * 0.5 + 0.2 * 2.0) / (2.0 + 3.0))
    draws = np.random.default_rng(seeded(2)).gamma(shape, 1.0 / rate, size=400_000)
    assert chance(sums, TRUTH)[0] == pytest.approx(np.mean(-np.expm1(-draws)), abs=0.002)


def test_without_a_record_the_mean_holds_and_uncovered_years_lead_back_to_it() -> None:
    began, covered = np.zeros((1, 60)), np.zeros((1, 60))
    began[0, :10], covered[0, :10] = 1.0, 1.0
    sums = Sums(decayed(began, 3.0), np.zeros((1, 61)), np.zeros((1, 61)), decayed(covered, 3.0))
    shape, rate = gamma(sums, TRUTH)
    mean = shape / rate
    assert mean[0, 0] == pytest.approx(TRUTH.mean)
    assert (
        mean[0, 10] > 0.4 and np.all(np.diff(mean[0, 10:]) < 0) and mean[0, -1] == pytest.approx(TRUTH.mean, rel=1e-3)
    )


def test_slopes_of_the_likelihood_are_those_of_differences() -> None:
    history = simulated(20, 40, seeded(3))
    scored = _scored(history, *years_of(history))
    point = TRUTH.logs + 0.1
    slopes = scored(point)[1].sum(axis=0)
    for index, slope in enumerate(slopes):
        step = np.zeros(6)
        step[index] = 1e-5
        difference = (scored(point + step)[0] - scored(point - step)[0]).sum() / 2e-5
        assert slope == pytest.approx(difference, rel=1e-5, abs=1e-5)


def test_parameters_of_simulated_pairs_come_back_within_their_errors() -> None:
    history = simulated(300, 80, seeded(4))
    cases, begun = years_of(history)
    fitted = fit(history, cases, begun, with_errors=True)
    errors = np.sqrt(np.diag(fitted.covariance))
    assert (np.abs(fitted.parameters.logs - TRUTH.logs) < 4.0 * errors).all()
    assert errors[[1, 2, 5]].max() < 0.3 and fitted.events == begun.sum() and fitted.cases == len(begun)


def test_nothing_of_a_year_or_later_enters_its_forecast() -> None:
    one = simulated(40, 60, seeded(5))
    rng = np.random.default_rng(seeded(6))
    later = slice(45, None)
    parts = {name: getattr(one, name).copy() for name in ("began", "against", "going", "covered")}
    for values in parts.values():
        values[:, later] = rng.permuted(values[:, later], axis=1)
    two = Record(one.pairs, one.first, **parts)
    chances = []
    for history in (one, two):
        parameters = fit(history, *years_of(history, until=1945)).parameters
        chances.append(chance(history.sums(parameters.half_life), parameters)[:, :46])
    assert np.array_equal(chances[0], chances[1])


def test_the_record_of_korea_is_that_of_the_disputes(cached: Path) -> None:
    del cached
    mids = read("mid_dyads")
    recorded = record(mids, read("states"), [(731, 732), (732, 731), (731, 732)])
    assert recorded.pairs.tolist() == [[731, 732], [732, 731]] and (recorded.first, recorded.last) == (1816, 2014)
    begun = mids.filter(
        pl.col("state1") == 731, pl.col("state2") == 732, pl.col("onset") == 1, pl.col("originator1") == 1,
        pl.col("originator2") == 1, pl.col("initiating_side1") == 1,
    )  # fmt: skip
    years = np.flatnonzero(recorded.began[0]) + recorded.first
    assert set(years.tolist()) == set(begun["year"]) and np.array_equal(recorded.began[0], recorded.against[1])
    assert np.flatnonzero(recorded.covered[0])[0] + recorded.first == 1949 and recorded.covered[0, -1] == 1.0
    with pytest.raises(InputError, match="no record of disputes for 2016"):
        recorded.rows(pl.DataFrame({"challenger": [731], "target": [732], "year": [2016]}))


def test_both_orders_of_two_states_are_one_cluster() -> None:
    cases = pl.DataFrame({"challenger": [2, 365, 2], "target": [365, 2, 710], "year": [1950, 1951, 1952]})
    assert pair_numbers(cases).tolist() == [0, 0, 1]


# --- the stored result and the command -----------------------------------------------------------------------------


def test_the_stored_result_is_what_the_data_give(cached: Path) -> None:
    del cached
    stored, made = (result.figures.to_dict() for result in (load_result("hostility"), refit("hostility")))
    assert stored["pairs"] == made["pairs"] and stored["since"] == made["since"]
    assert stored["logs"] == pytest.approx(made["logs"], abs=1e-4)
    assert stored["covariance"] == pytest.approx(made["covariance"], abs=1e-4)


def test_the_stored_rate_is_that_of_the_series_in_the_year_after_the_data(cached: Path) -> None:
    del cached
    tables = {name: read(name) for name in ("mid_dyads", "mid_disputes", "rivalries_tss", "states")}
    for challenger, target in (("PRK", "KOR"), ("JPN", "CHN"), ("CHE", "NZL")):
        years = series(tables, challenger, target)
        assert years.years[-1] == 2015
        row = row_at(load_result("hostility"), f"{challenger}/{target}/2015")
        later = series(tables, challenger, target, until=2060)
        assert later.years[-1] == 2060 and np.array_equal(later.chance[: len(years.chance)], years.chance)
        assert (
            len(set(np.sign(np.diff(later.chance[-45:])))) == 1
        )  # back to a pair without a record, from above or from below
        # the stored interval is wider: it covers the parameters too
        assert row.p05 <= years.low[-1] + 0.01 and row.p95 >= years.high[-1] - 0.02
        assert row.p05 < row.p50 < row.p95 < 1.6 * years.high[-1]


def test_years_without_data_lead_back_to_a_pair_without_a_record() -> None:
    korea, strangers = (
        [row_at(load_result("hostility"), f"{pair}/{year}") for year in (2015, 2020, 2030, 2060)]
        for pair in ("PRK/KOR", "CHE/NZL")
    )
    highs = [row.p95 for row in korea]
    assert highs == sorted(highs, reverse=True) and korea[0].p50 > 5 * strangers[0].p50
    assert korea[-1].p95 == pytest.approx(strangers[-1].p95, rel=0.05)
    assert strangers[-1].p95 > strangers[0].p95  # a quiet record fades too


def test_a_belief_may_name_the_hostility_of_two_states() -> None:
    estimated = estimate("evidence/hostility/PRK/KOR/2026")
    assert (estimated.unit, estimated.family) == (
        "per year",
        "lognormal",
    ) and 0 < estimated.low < estimated.middle < estimated.high
    assert estimate("evidence/hostility/North Korea/South Korea/2026").middle == estimated.middle
    assert "ends in 2014" in estimated.describe()


@pytest.mark.parametrize(
    ("key", "message", "remedy"),
    [
        ("PRK/KOR", "no estimate 'PRK/KOR'", "evidence/hostility/PRK/KOR/2025"),
        ("PRK/KOR/soon", "no estimate", "PRK/KOR/2025"),
        ("PRK/KOR/2010", "from 2015 on, not in 2010", "tocsin evidence hostility PRK KOR --year 2010"),
        ("PRK/KOR/99999", "says nothing of 99999", "2100"),
        ("PRK/Franec/2020", "unknown state `Franec`", "France"),
        ("PRK/PRK/2020", "cannot be hostile to itself", "two states"),
    ],
)
def test_wrong_keys_are_refused_with_a_remedy(key: str, message: str, remedy: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        estimate(f"evidence/hostility/{key}")
    assert remedy in str(refused.value.remedy)


def test_the_command_shows_the_years_and_draws_them(cached: Path, tmp_path: Path) -> None:
    del cached
    figure = tmp_path / "h.svg"
    run = CliRunner().invoke(main, ["evidence", "hostility", "PRK", "South Korea", "--figure", str(figure)])
    assert run.exit_code == 0, run.output
    assert "North Korea towards South Korea" in run.output and "2010" in run.output and "2015" in run.output
    assert figure.read_text(encoding="utf-8").startswith("<")
    for other, remedy in {"Franec": "France", "PRK": "name two states"}.items():
        refused = CliRunner().invoke(main, ["evidence", "hostility", "PRK", other])
        assert refused.exit_code == 2 and remedy in refused.output
    assert "one went on" in run.output and "the last 15 of 67 years" in run.output and "Palmer" in run.output
    later = CliRunner().invoke(main, ["evidence", "hostility", "PRK", "KOR", "--year", "2026"])
    assert later.exit_code == 0 and "no data" in later.output and "The data end in 2014" in later.output
    refused = CliRunner().invoke(main, ["evidence", "hostility", "PRK", "KOR", "--year", "99999"])
    assert refused.exit_code == 2 and "up to 2100" in refused.output
    past = CliRunner().invoke(main, ["evidence", "hostility", "DEU", "FRA", "--year", "1914"])
    assert past.exit_code == 0 and re.search(r"1914 +\d+ % +0\.\d+ to 0\.\d+", past.output)
    early = CliRunner().invoke(main, ["evidence", "hostility", "PRK", "KOR", "--year", "1900"])
    assert early.exit_code == 2 and "from 1949 to 2015" in early.output


def test_the_command_names_missing_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    run = CliRunner().invoke(main, ["evidence", "hostility", "PRK", "KOR"])
    assert run.exit_code == 1 and "tocsin data get mid_dyads" in run.output
