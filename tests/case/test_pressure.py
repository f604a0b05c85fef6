"""What history lets one expect of the first year's pressure: where it comes from, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import beta, gamma
from tests.support import minimal_case

from tocsin.case import Case
from tocsin.case.lint import lint
from tocsin.case.override import override
from tocsin.case.pressure import ExpectedPressure, expected_pressure, looking_back, pressure_problems
from tocsin.errors import CaseErrors, InputError
from tocsin.evidence.hostility.expected import Rates
from tocsin.evidence.hostility.parameters import Parameters
from tocsin.evidence.hostility.reading import row_at
from tocsin.evidence.hostility.remembered import Remembered, remembered, retrospect
from tocsin.evidence.store import load_result

RECORD = "years: 50, wars: 0, press: 20, concessions: 4, weight: 0.25"
LISTED = "first: 1974, years: 50, wars: [1990], press: [1975, 1976, 2001, 2020, 2022], concessions: 1, weight: 0.25"
ON = {"horizon: 10,": "horizon: 10, pressure: history,"}
HOSTILITY = {
    "  cost.press:": '  hostility: {is: "uniform(-0.02, 0.04)", unit: "1", by: tests, why: range}\n  cost.press:'
}


def states(challenger: int, target: int) -> dict[str, str]:
    """Return replacements that make the challenger and the target states of the data, by COW number."""
    return {
        "ALF: {name: Alpha}": f"ALF: {{name: Alpha, cow: {challenger}}}",
        "GAM: {name: Gamma}": f"GAM: {{name: Gamma, cow: {target}}}",
    }


def stored_parameters() -> Parameters:
    logs: Any = load_result("hostility").figures.details["logs"]
    return Parameters.of_logs(logs)


def expected(case: Case) -> ExpectedPressure:
    result = expected_pressure(case, "strait")
    assert result is not None
    return result


def problem(folder: Path, changes: dict[str, str]) -> str:
    with pytest.raises(CaseErrors) as caught:
        minimal_case(folder, replace=changes)
    (only,) = caught.value.problems
    assert only.remedy
    return str(only)


# --- the distribution -------------------------------------------------------------------------------------------------


def by_hand(press: list[int], wars: list[int], first: int, last: int, year: int) -> tuple[float, float]:
    """Return the two parameters of the beta distribution, summed year by year."""
    parameters = stored_parameters()
    possible = [one for one in range(first, last + 1) if one not in wars]
    share = (len(press) + 0.5) / (len(possible) + 1)
    weight = {one: 0.5 ** ((year - 1 - one) / parameters.half_life) for one in possible}
    with_pressure = parameters.strength * share + sum(weight[one] for one in press)
    return with_pressure, parameters.strength + sum(weight.values()) - with_pressure


def test_a_listed_record_gives_the_beta_summed_by_hand(tmp_path: Path) -> None:
    result = expected(minimal_case(tmp_path, replace={RECORD: LISTED, **ON, **HOSTILITY}))
    known = beta(*by_hand([1975, 1976, 2001, 2020, 2022], [1990], 1974, 2023, 2024))
    assert result.source == "record" and "5 years of pressure" in result.origin
    assert result.chance.band == pytest.approx(known.ppf([0.05, 0.5, 0.95]), rel=1e-9)
    assert result.chance.mean == pytest.approx(known.mean(), rel=1e-12)
    points = np.array([0.01, 0.1, 0.3, 0.7, 0.99])
    # the density of the chance, times its slope in its log odds
    assert np.exp(result.chance.log_density(points)) == pytest.approx(
        known.pdf(points) * points * (1 - points), rel=1e-9
    )


def test_a_chance_of_nought_or_one_has_a_finite_density() -> None:
    for chance in (Rates(np.array([0.5, 3.0]), np.array([4.0, 9.0])), Remembered(2.0, 5.0)):
        assert np.isfinite(chance.log_density(np.array([0.0, 1.0]))).all()


def test_worlds_spread_evenly_in_log_odds_take_the_expected_distribution() -> None:
    result = Rates(np.array([0.5, 3.0]), np.array([4.0, 9.0]))
    odds = np.linspace(-60.0, 6.0, 400_001)
    chances = 1.0 / (1.0 + np.exp(-odds))
    weights = np.exp(result.log_density(np.clip(chances, 1e-300, None))) * (odds[1] - odds[0])
    within = chances > 1e-8
    cut = np.mean([gamma.cdf(1e-8, a, scale=1 / b) for a, b in ((0.5, 4.0), (3.0, 9.0))])
    assert np.sum(weights[within]) == pytest.approx(1.0 - cut, abs=1e-6)
    for point, share in zip(result.band, (0.05, 0.5, 0.95), strict=True):
        assert cut + np.sum(weights[within & (chances <= point)]) == pytest.approx(share, abs=1e-3)


def test_years_between_the_record_and_as_of_fade_towards_the_mean() -> None:
    press, parameters = range(1980, 2000), stored_parameters()
    later = [remembered(range(1950, 2000), press, (), year, parameters).mean for year in (2000, 2005, 2030, 2090)]
    assert np.all(np.diff(later) < 0)
    assert later[-1] == pytest.approx(20.5 / 51, rel=1e-6)


def test_looking_back_compares_each_year_with_the_years_before_it() -> None:
    parameters, press = stored_parameters(), (1990, 1991, 1994)
    past = retrospect(range(1990, 1996), press, (1993,), parameters)
    assert past is not None
    chances = []
    for year in (1991, 1992, 1994, 1995):
        wars = [1993] if year > 1993 else []
        a, b = by_hand([one for one in press if one < year], wars, 1990, year - 1, year)
        chances.append(a / (a + b))
    p = np.array(chances)
    assert past.expected == pytest.approx(p.mean(), rel=1e-12) and past.recorded == 0.5
    assert past.distance == pytest.approx((2 - p.sum()) / np.sqrt((p * (1 - p)).sum()), rel=1e-12)
    assert retrospect(range(1990, 1991), (1990,), (), parameters) is None


def test_a_past_that_the_rule_misjudges_gets_a_notice(tmp_path: Path) -> None:
    often = list(range(1990, 2024))  # rivals who turned for good
    changes = {
        **ON,
        **HOSTILITY,
        RECORD: f"first: 1974, years: 50, wars: 0, press: {often}, concessions: 1, weight: 0.25",
    }
    case = minimal_case(tmp_path / "often", replace=changes)
    past = looking_back(case, "strait")
    assert past is not None and past.fails and past.distance > 0
    (notice,) = (item for item in lint(case) if "misjudges the past of `strait`" in item.message)
    assert f"{past.expected:.0%} of the years, and {past.recorded:.0%} had it" in notice.message
    seldom = minimal_case(tmp_path / "seldom", replace={RECORD: LISTED, **ON, **HOSTILITY})
    assert not [item for item in lint(seldom) if "misjudges" in item.message]
    assert looking_back(override(case, {"pressure.strait": "payoffs"}), "strait") is None


# --- where it comes from ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("press", "said"), [("[]", "0 years of"), ("[2001]", "1 year of"), ("[2001, 2002]", "2 years of")]
)
def test_the_origin_counts_the_years(tmp_path: Path, press: str, said: str) -> None:
    listed = f"first: 1974, years: 50, wars: 0, press: {press}, concessions: 0, weight: 0.25"
    result = expected(minimal_case(tmp_path, replace={RECORD: listed, **ON, **HOSTILITY}))
    assert result.origin == f"{said} pressure on record, 1974 to 2023"


def test_by_default_nothing_is_expected(tmp_path: Path) -> None:
    assert expected_pressure(minimal_case(tmp_path), "strait") is None


def test_a_number_of_years_leaves_it_to_the_disputes_of_the_pair(tmp_path: Path) -> None:
    result = expected(minimal_case(tmp_path, replace={**states(731, 732), **ON, **HOSTILITY}))
    row = row_at(load_result("hostility"), "PRK/KOR/2024")
    assert result.source == "disputes" and result.origin == "the disputes between PRK and KOR"
    for rate, share in ((row.p05, 0.05), (row.p50, 0.5), (row.p95, 0.95)):
        assert isinstance(result.chance, Rates)
        below = gamma.cdf(rate, result.chance.shapes, scale=1 / result.chance.rates)
        assert np.mean(below) == pytest.approx(share, abs=0.02)


def test_a_pair_without_a_dispute_has_the_rate_of_rivals_and_says_so(tmp_path: Path) -> None:
    result = expected(minimal_case(tmp_path, replace={**states(20, 900), **ON, **HOSTILITY}))
    assert result.source == "no dispute" and "no dispute between CAN and AUS" in result.origin
    mean = stored_parameters().mean
    assert 0.5 * mean < -np.log1p(-result.chance.mean) < 1.1 * mean


# --- what is refused, and what gets a notice --------------------------------------------------------------------------


def test_states_that_are_not_in_the_data_are_refused(tmp_path: Path) -> None:
    text = problem(tmp_path, ON)
    assert "no history of pressure for `strait`: unknown state `ALF`" in text
    assert "pressure: payoffs" in text and "case.yaml:" in text


def test_a_year_before_the_end_of_the_data_needs_a_list(tmp_path: Path) -> None:
    case = minimal_case(tmp_path, replace={**states(731, 732), **ON})
    (refused,) = pressure_problems(case.model_copy(update={"as_of": date(2010, 6, 30)}))
    assert "gives rates from 2015 on, not in 2010" in refused.message and "list the years" in str(refused.remedy)


def test_another_word_is_refused(tmp_path: Path) -> None:
    assert "pressure" in problem(tmp_path, {"horizon: 10,": "horizon: 10, pressure: foo,"})


def test_without_hostility_and_stray_there_is_a_notice(tmp_path: Path) -> None:
    without = {'  stray: {is: "beta(0.2 to 0.7)", unit: "1", by: tests, why: range}\n': ""}
    bare = minimal_case(tmp_path / "bare", replace={RECORD: LISTED, **ON, **without})
    (notice,) = (item for item in lint(bare) if "hardly set" in item.message)
    assert "hostility@strait" in str(notice) and notice.line
    for name, more in (("stray", {}), ("hostility", {**HOSTILITY, **without})):
        whole = minimal_case(tmp_path / name, replace={RECORD: LISTED, **ON, **more})
        assert not [item for item in lint(whole) if "hardly set" in item.message or "hostility" in item.message]


# --- the switch -------------------------------------------------------------------------------------------------------


def test_a_run_may_switch_it_off_and_on(tmp_path: Path) -> None:
    case = minimal_case(tmp_path, replace={RECORD: LISTED, **HOSTILITY})
    assert expected_pressure(case, "strait") is None
    on = override(case, {"pressure.strait": "history"})
    assert expected(on).source == "record" and on.settings == (("pressure.strait", "history"),)
    assert expected_pressure(override(on, {"pressure.strait": "payoffs"}), "strait") is None


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("pressure.strait", "foo", "payoffs or on history"),
        ("pressure.channel", "history", "unknown theatre `channel`"),
        ("pressure.strait", "history", "no history of pressure for `strait`"),
        ("nothing", "1", "what pressure rests on (pressure.strait)"),
    ],
)
def test_a_wrong_setting_is_refused(tmp_path: Path, name: str, value: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        override(minimal_case(tmp_path), {name: value})
    assert message in f"{caught.value.message} {caught.value.remedy}"
