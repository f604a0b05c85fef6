"""The account: its likelihood is the negative binomial, its parts add up, what is put in is found again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest
from benchmarks.forecast import Forecast, forecast
from scipy.stats import nbinom, poisson
from tests.rhetoric.simulated import EFFECTS, simulated
from tests.support import seeded

from tocsin.errors import InputError
from tocsin.mcmc import BLOCK, CHAINS, MAX_R_HAT, MIN_EFFECTIVE, mixing
from tocsin.rhetoric.accounts.account import account
from tocsin.rhetoric.accounts.cache import cache_fit, cached_fit
from tocsin.rhetoric.accounts.fit import Fit, fit
from tocsin.rhetoric.accounts.model import arrays, log_likelihood, log_mean, parts
from tocsin.rhetoric.accounts.shares import shares, shares_of, trigger_factors, variation, weekly_parts

pytestmark = pytest.mark.numeric


@pytest.fixture(scope="module")
def fitted() -> Fit:
    return fit(simulated(seed=seeded(4)).design, seed=seeded(1))


def test_the_likelihood_is_that_of_the_negative_binomial() -> None:
    random = np.random.default_rng(seeded(0))
    counts, means, size = random.poisson(4, (30, 3)), random.gamma(2, 2, (30, 3)), np.array([0.5, 2.0, 9.0])
    above = jnp.asarray((counts[None] > np.arange(40)[:, None, None]).sum(axis=1))
    ours = [log_likelihood(jnp.asarray(counts), jnp.log(each), jnp.asarray(size), above) for each in (means, means + 1)]
    theirs = [nbinom.logpmf(counts, size, size / (size + each)).sum() for each in (means, means + 1)]
    assert float(ours[1] - ours[0]) == pytest.approx(theirs[1] - theirs[0], abs=1e-9)


def test_the_mean_in_one_product_is_the_sum_of_the_parts(fitted: Fit) -> None:
    data = arrays(fitted.design)
    draw = {name: jnp.asarray(value[3]) for name, value in fitted.values.items()}
    found = parts(data, draw)
    summed = data["offset"][:, None] + found.level + found.calendar + found.triggers.sum(axis=1) + found.carry
    assert np.asarray(log_mean(data, draw)) == pytest.approx(np.asarray(summed), abs=1e-9)


def test_shares_add_up_and_the_response_is_what_goes_when_triggers_are_removed(fitted: Fit) -> None:
    found = weekly_parts(fitted)
    total = fitted.design.counts.sum(axis=1)
    owed = shares(found, total, np.ones(total.size, dtype=bool))
    assert owed.ritual + owed.response.sum(axis=-1) + owed.unexplained == pytest.approx(np.ones(owed.ritual.size))
    quiet = MappingProxyType({**fitted.values, "triggers": 0 * fitted.values["triggers"]})
    data = arrays(fitted.design)
    for draw in (0, 7):
        values = {name: jnp.asarray(value[draw]) for name, value in fitted.values.items()}
        carry = parts(data, values).carry
        off = parts(data, {name: jnp.asarray(value[draw]) for name, value in quiet.items()})
        without = jnp.exp(data["offset"][:, None] + off.level + off.calendar + carry).sum(axis=1)
        whole = jnp.exp(log_mean(data, values)).sum(axis=1)
        assert found.response[draw].sum(axis=0) == pytest.approx(np.asarray(whole - without), abs=1e-9)
    assert sum(variation(found, total, np.ones(total.size, dtype=bool)).values()) == pytest.approx(1.0)
    by_group = [shares_of(found, fitted.design.counts, at) for at in range(len(fitted.design.groups))]
    assert sum(each.items * each.ritual for each in by_group) == pytest.approx(owed.items * owed.ritual)


def test_two_classes_in_the_same_weeks_share_one_response(fitted: Fit) -> None:
    one = fitted.design
    both = replace(
        one,
        classes=("law", "copy"),
        triggers=np.concatenate([one.triggers] * 2, axis=1),
    )
    halves = np.concatenate([fitted.values["triggers"] / 2] * 2, axis=1)
    doubled = replace(fitted, design=both, values=MappingProxyType({**fitted.values, "triggers": halves}))
    single, split = weekly_parts(fitted).response, weekly_parts(doubled).response
    assert split.sum(axis=1) == pytest.approx(single.sum(axis=1), abs=1e-9)
    assert split[:, 0] == pytest.approx(split[:, 1], abs=1e-12)


def test_what_is_put_in_is_found_again(fitted: Fit) -> None:
    effects = np.log(trigger_factors(fitted)[:, 0])
    assert np.abs((effects.mean(axis=0) - EFFECTS) / effects.std(axis=0)).max() < 5.0
    assert effects.std(axis=0).max() < 0.5
    assert (effects[:, 1] <= 0.0).mean() < 0.1


def test_the_shares_that_are_reported_have_mixed_as_the_levels_and_effects_have(fitted: Fit) -> None:
    total = fitted.design.counts.sum(axis=1)
    owed = shares(weekly_parts(fitted), total, np.ones(total.size, dtype=bool))
    parts_ = {"ritual": owed.ritual, "response": owed.response[:, 0], "unexplained": owed.unexplained}
    found = mixing({name: part.reshape(CHAINS, -1) for name, part in parts_.items()})
    assert found.effective >= MIN_EFFECTIVE and found.r_hat <= MAX_R_HAT


def test_an_interval_of_just_nine_tenths_covers_nine_tenths_of_few_whole_numbers() -> None:
    random = np.random.default_rng(seeded(8))
    drawn, seen = random.poisson(0.7, (4000, 3000)), random.poisson(0.7, 3000)
    predicted = Forecast(np.ones_like(drawn, dtype=float), np.ones_like(drawn, dtype=float), drawn)
    assert predicted.within(seen).mean() == pytest.approx(0.9, abs=0.01)
    low, high = predicted.interval()
    # whole numbers hold more than they must
    assert ((seen >= low) & (seen <= high)).mean() == pytest.approx(poisson.cdf(2, 0.7), abs=0.02)
    assert predicted.within(np.full(3000, 40)).max() == 0.0  # far outside, where no draw came to


def test_the_weeks_to_come_are_foreseen_about_as_often_as_said(fitted: Fit) -> None:
    long = simulated(seed=seeded(4), weeks=260).design
    predicted = forecast(fitted, long, seed=seeded(2))
    seen = long.counts[fitted.design.weeks.size :].sum(axis=1)
    low, high = predicted.interval()
    # the level of the new year is one step, common to all weeks: it may lie off, and the year's items with it
    assert ((seen < low) | (seen > high)).mean() < 0.5
    below = (predicted.items.sum(axis=1) <= seen.sum()).mean()
    assert below > 0.001
    assert 1.0 - below > 0.001
    assert predicted.items.mean() == pytest.approx(predicted.mean.mean(), rel=0.05)
    assert predicted.log_score(seen).mean() > predicted.log_score(seen * 0 + 60).mean() + 1


def test_a_posterior_is_kept_for_the_same_series_alone(
    fitted: Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path))
    assert cached_fit(fitted.design, fitted.seed) is None
    cache_fit(fitted)
    again = cached_fit(fitted.design, fitted.seed)
    assert again is not None and again.mixing == fitted.mixing
    assert (again.values["level"] == fitted.values["level"]).all()
    assert cached_fit(fitted.design, fitted.seed + 1) is None
    assert cached_fit(replace(fitted.design, offset=fitted.design.offset + 1e-9), fitted.seed) is None
    stored = next((tmp_path / "accounts").iterdir())
    whole = stored.read_bytes()
    for broken in (b"broken", b"", whole[:100], whole[: len(whole) // 2]):
        stored.write_bytes(broken)
        assert cached_fit(fitted.design, fitted.seed) is None


def test_too_short_a_series_and_daily_counts_are_refused() -> None:
    days = [dt.date(2001, 1, 1) + dt.timedelta(days=each) for each in range(30)]
    counts = pl.DataFrame(
        {"from": days, "days": 1, "output": 9, "theme": "other", "rung": "commentary", "tone": -1, "items": 1},
        schema_overrides={"days": pl.Int64, "output": pl.Int64, "tone": pl.Int64, "items": pl.Int64},
    )
    events = pl.DataFrame({"date": ["2001-01-03"], "actor": ["JPN"], "category": ["law"]})
    none = pl.DataFrame({"month_day": ["08-15"], "occasion": ["it"]})
    with pytest.raises(InputError, match="daily"):
        account(events, counts=counts, anniversaries=none)
    weekly_counts = counts.with_columns(pl.Series("from", [days[0] + dt.timedelta(days=7 * at) for at in range(30)]))
    with pytest.raises(InputError, match="30 weeks with output"):
        account(events, counts=weekly_counts, anniversaries=none)


def test_an_account_tells_all_its_parts_as_plain_values(monkeypatch: pytest.MonkeyPatch) -> None:
    made = simulated(seed=seeded(4))
    result = account(made.events, counts=made.counts, anniversaries=made.anniversaries, seed=seeded(1))
    plain = result.to_dict()
    shares_ = {each["part"]: each["p50"] for each in plain["shares"]}
    assert shares_["ritual"] + shares_["response"] + shares_["unexplained"] == pytest.approx(1, abs=0.02)
    assert [each["window"] for each in plain["effects"]] == ["before", "at", "after"]
    assert plain["items"] == made.design.counts.sum()
    assert len(plain["unusual"]) == 10 and plain["unusual"][0]["probability"] <= plain["unusual"][-1]["probability"]
    assert plain["diagnostics"]["effective_draws"] >= MIN_EFFECTIVE
    assert plain["diagnostics"]["draws_per_chain"] <= 8 * BLOCK
