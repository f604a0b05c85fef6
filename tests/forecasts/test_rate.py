"""The chance of an event from a decayed record: closed forms, direct sums, the interval, and no look into the future."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from scipy import integrate, stats
from tests.forecasts.lists import FIRST, OPENS, listed, random_days

from tocsin.errors import SolveError
from tocsin.forecasts.rate import HALF_LIVES, PRIOR_DAYS, PRIOR_RATES, WEIGHTS, Record, against_event, share_of


@pytest.mark.parametrize(("shape", "rate", "exposure"), [(0.3, 400.0, 30.0), (2.5, 90.0, 30.0), (40.0, 1000.0, 90.0)])
def test_the_chance_is_that_of_a_poisson_count_whose_rate_is_gamma(shape: float, rate: float, exposure: float) -> None:
    none, _ = integrate.quad(
        lambda daily: np.exp(-daily * exposure) * stats.gamma.pdf(daily, shape, scale=1 / rate), 0, np.inf
    )
    chance = 1 - float(np.exp(-against_event(np.array(shape), np.array(rate), np.array(exposure))))
    assert chance == pytest.approx(1 - none, rel=1e-6)
    assert chance == pytest.approx(1 - stats.nbinom.pmf(0, shape, rate / (rate + exposure)), rel=1e-12)


def test_the_share_of_a_class_is_jeffreys_posterior() -> None:
    chance = share_of(3, 20)
    assert chance.probability == pytest.approx(3.5 / 21)
    assert (chance.low, chance.high) == pytest.approx(stats.beta(3.5, 17.5).ppf([0.05, 0.95]))


def test_decayed_sums_are_those_of_a_direct_count() -> None:
    days = random_days(1)
    record = Record(listed(days))
    index = (OPENS - FIRST).days
    for row, years in enumerate(HALF_LIVES):
        memory = [0.5 ** ((OPENS - day).days / (365.25 * years)) for day in days]
        assert record.events_decayed[row, index] == pytest.approx(sum(memory), rel=1e-9)
        covered = sum(0.5 ** (age / (365.25 * years)) for age in range(index + 1))
        assert record.days_decayed[row, index].sum() == pytest.approx(covered, rel=1e-9)


def test_the_forecast_is_the_mean_over_the_grid_weighed_by_earlier_windows() -> None:
    # written out with loops, without the calendar's combinations
    events = listed(random_days(2, share=0.004))
    record, length = Record(events), 90
    starts = list(range((OPENS - FIRST).days - length, 729, -length))[::-1]
    points = [*starts, (OPENS - FIRST).days]
    total = scored = 0.0
    for row, _ in enumerate(HALF_LIVES):
        for prior in PRIOR_DAYS:
            for yearly in PRIOR_RATES:
                for weight in WEIGHTS:
                    chances = []
                    for point in points:
                        shape = prior * yearly / 365.25 + weight * record.events_decayed[row, point]
                        rate = prior + record.days_decayed[row, point].sum()
                        chances.append(1 - (rate / (rate + length)) ** shape)
                    likelihood = 1.0
                    for point, chance in zip(starts, chances[:-1], strict=True):
                        likelihood *= chance if record.daily[point + 1 : point + length + 1].any() else 1 - chance
                    total, scored = total + likelihood, scored + likelihood * chances[-1]
    assert record.forecast(OPENS, length).plain == pytest.approx(scored / total, rel=1e-9)


def test_nothing_after_the_opening_day_changes_a_forecast() -> None:
    last = OPENS + timedelta(days=700)
    days = random_days(3, last=last)
    past = tuple(day for day in days if day <= OPENS)
    before = Record(listed(past)).forecast(OPENS, 30)
    rng = np.random.default_rng(4)
    for _ in range(3):
        future = {OPENS + timedelta(days=int(ahead)) for ahead in rng.integers(1, 700, size=60)}
        events = listed({*past, *future}, last=last)
        assert Record(events).forecast(OPENS, 30) == before
        assert Record(events.until(OPENS)).forecast(OPENS, 30) == before


def test_an_event_before_the_opening_day_does_change_it() -> None:
    days = random_days(3, share=0.005)
    before = Record(listed(days)).forecast(OPENS, 30).chance.probability
    assert Record(listed({*days, OPENS})).forecast(OPENS, 30).chance.probability > before


def test_the_interval_holds_the_share_of_a_steady_process_and_narrows_with_its_record() -> None:
    true = 1 - 0.98**30
    inside, widths = 0, []
    for seed in range(20):
        chance = Record(listed(random_days(seed))).forecast(OPENS, 30).chance
        inside += chance.low <= true <= chance.high
        widths.append(chance.high - chance.low)
    assert inside >= 16
    first = date(1984, 1, 1)
    longer = Record(listed(random_days(0, first=first), first=first)).forecast(OPENS, 30).chance
    assert longer.high - longer.low < np.mean(widths)


def test_bursts_give_a_shorter_half_life_than_a_steady_process() -> None:
    years = [FIRST + timedelta(days=index) for index in range((OPENS - FIRST).days)]
    bursts = [day for index, day in enumerate(years) if index // 365 % 4 == 0 and index % 7 == 0]
    steady = Record(listed(random_days(6))).forecast(OPENS, 30).half_life
    assert Record(listed(bursts)).forecast(OPENS, 30).half_life < 0.6 < steady


def test_the_calendar_has_weight_only_where_months_differ() -> None:
    months = [FIRST + timedelta(days=index) for index in range((OPENS - FIRST).days)]
    summer = [day for day in months if day.month in (7, 8) and day.day % 5 == 0]
    seasonal = Record(listed(summer)).forecast(OPENS, 30)
    assert seasonal.calendar > 0.95
    assert seasonal.chance.probability > 0.8
    assert Record(listed(random_days(5))).forecast(OPENS, 30).calendar < 0.6


def test_days_after_the_end_of_a_list_count_neither_way() -> None:
    days, later = random_days(1), OPENS + timedelta(days=400)
    at_end, long_after = Record(listed(days)).forecast(OPENS, 30), Record(listed(days)).forecast(later, 30)
    silent = Record(listed(days, last=later)).forecast(later, 30)
    assert silent.chance.probability < long_after.chance.probability
    assert long_after.constant == at_end.constant
    assert long_after.chance.high - long_after.chance.low > at_end.chance.high - at_end.chance.low


def test_a_list_that_is_too_short_gives_no_rate() -> None:
    first = date(2021, 12, 1)
    events = listed(random_days(1, first=first), first=first)
    with pytest.raises(SolveError, match="covers only 7 windows of 30 days"):
        Record(events).forecast(OPENS, 30)
