"""The account: its likelihood is the negative binomial, its parts add up, and it recovers simulated effects."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import get_args

import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest
from benchmarks.forecast import Forecast, forecast, until, without_parts
from click.testing import CliRunner
from scipy.stats import nbinom, poisson
from tests.rhetoric.simulated import EFFECTS, Simulated, simulated
from tests.support import seeded

from tocsin.cli import main
from tocsin.errors import InputError
from tocsin.mcmc import BLOCK, CHAINS, MAX_R_HAT, MIN_EFFECTIVE, mixing
from tocsin.rhetoric import account
from tocsin.rhetoric.accounts.account import Account
from tocsin.rhetoric.accounts.cache import cache_fit, cached_fit
from tocsin.rhetoric.accounts.fit import Fit, fit
from tocsin.rhetoric.accounts.later import LaterLevel, compare_level
from tocsin.rhetoric.accounts.model import arrays, log_likelihood, log_mean, parts
from tocsin.rhetoric.accounts.shares import shares, shares_of, trigger_factors, variation, weekly_parts
from tocsin.rhetoric.accounts.summary import TableName
from tocsin.rhetoric.triggers import WINDOWS, triggers

pytestmark = pytest.mark.numeric


@pytest.fixture(scope="module")
def fitted() -> Fit:
    return fit(simulated(seed=seeded(4)).design, seed=seeded(1))


def test_the_likelihood_is_that_of_the_negative_binomial() -> None:
    random = np.random.default_rng(seeded(0))
    counts, means, size = random.poisson(4, (30, 3)), random.gamma(2, 2, (30, 3)), np.array([0.5, 2.0, 9.0])
    above = jnp.asarray((counts[None] > np.arange(40)[:, None, None]).sum(axis=1))
    ours = [log_likelihood(jnp.asarray(counts), jnp.log(mean), jnp.asarray(size), above) for mean in (means, means + 1)]
    theirs = [nbinom.logpmf(counts, size, size / (size + mean)).sum() for mean in (means, means + 1)]
    assert float(ours[1] - ours[0]) == pytest.approx(theirs[1] - theirs[0], abs=1e-9)


def test_the_log_mean_is_the_sum_of_the_parts(fitted: Fit) -> None:
    data = arrays(fitted.design)
    draw = {name: jnp.asarray(value[3]) for name, value in fitted.values.items()}
    rate = parts(data, draw)
    summed = data["offset"][:, None] + rate.level + rate.calendar + rate.triggers.sum(axis=1) + rate.carry
    assert np.asarray(log_mean(data, draw)) == pytest.approx(np.asarray(summed), abs=1e-9)


def test_shares_add_up_and_the_response_is_what_triggers_add(fitted: Fit) -> None:
    weekly = weekly_parts(fitted)
    total = fitted.design.counts.sum(axis=1)
    all_shares = shares(weekly, total, np.ones(total.size, dtype=bool))
    summed = all_shares.ritual + all_shares.response.sum(axis=-1) + all_shares.unexplained
    assert summed == pytest.approx(np.ones(summed.size))
    quiet = MappingProxyType({**fitted.values, "triggers": 0 * fitted.values["triggers"]})
    data = arrays(fitted.design)
    for draw in (0, 7):
        values = {name: jnp.asarray(value[draw]) for name, value in fitted.values.items()}
        carry = parts(data, values).carry
        rate = parts(data, {name: jnp.asarray(value[draw]) for name, value in quiet.items()})
        without = jnp.exp(data["offset"][:, None] + rate.level + rate.calendar + carry).sum(axis=1)
        mean = jnp.exp(log_mean(data, values)).sum(axis=1)
        assert weekly.response[draw].sum(axis=0) == pytest.approx(np.asarray(mean - without), abs=1e-9)
    assert sum(variation(weekly, total, np.ones(total.size, dtype=bool)).values()) == pytest.approx(1.0)
    by_group = [shares_of(weekly, fitted.design.counts, group) for group in range(len(fitted.design.groups))]
    ritual = sum(group.items * group.ritual for group in by_group)
    assert ritual == pytest.approx(all_shares.items * all_shares.ritual)


def test_two_classes_in_the_same_weeks_share_one_response(fitted: Fit) -> None:
    one = fitted.design
    both = replace(one, classes=("law", "copy"), triggers=np.concatenate([one.triggers] * 2, axis=1))
    halves = np.concatenate([fitted.values["triggers"] / 2] * 2, axis=1)
    doubled = replace(fitted, design=both, values=MappingProxyType({**fitted.values, "triggers": halves}))
    single, split = weekly_parts(fitted).response, weekly_parts(doubled).response
    assert split.sum(axis=1) == pytest.approx(single.sum(axis=1), abs=1e-9)
    assert split[:, 0] == pytest.approx(split[:, 1], abs=1e-12)


def test_simulated_effects_are_recovered(fitted: Fit) -> None:
    effects = np.log(trigger_factors(fitted)[:, 0])
    assert np.abs((effects.mean(axis=0) - EFFECTS) / effects.std(axis=0)).max() < 5.0
    assert effects.std(axis=0).max() < 0.5
    assert (effects[:, 1] <= 0.0).mean() < 0.1


def test_the_reported_shares_have_mixed_like_the_levels_and_effects(fitted: Fit) -> None:
    total = fitted.design.counts.sum(axis=1)
    all_shares = shares(weekly_parts(fitted), total, np.ones(total.size, dtype=bool))
    draws = {
        "ritual": all_shares.ritual,
        "response": all_shares.response[:, 0],
        "unexplained": all_shares.unexplained,
    }
    result = mixing({name: share.reshape(CHAINS, -1) for name, share in draws.items()})
    assert result.effective >= MIN_EFFECTIVE and result.r_hat <= MAX_R_HAT


def test_an_exact_interval_covers_nine_tenths_of_small_whole_numbers() -> None:
    random = np.random.default_rng(seeded(8))
    drawn, observed = random.poisson(0.7, (4000, 3000)), random.poisson(0.7, 3000)
    predicted = Forecast(np.ones_like(drawn, dtype=float), np.ones_like(drawn, dtype=float), drawn)
    assert predicted.within(observed).mean() == pytest.approx(0.9, abs=0.01)
    low, high = predicted.interval()
    # an interval of whole numbers holds more than 0.9
    assert ((observed >= low) & (observed <= high)).mean() == pytest.approx(poisson.cdf(2, 0.7), abs=0.02)
    assert predicted.within(np.full(3000, 40)).max() == 0.0  # a value that occurs in no draw


def test_forecasts_cover_later_weeks(fitted: Fit) -> None:
    long = simulated(seed=seeded(4), weeks=260).design
    predicted = forecast(fitted, long, seed=seeded(2))
    observed = long.counts[fitted.design.weeks.size :].sum(axis=1)
    low, high = predicted.interval()
    # the level of the new year is one random step for all its weeks, so many weeks may be off together
    assert ((observed < low) | (observed > high)).mean() < 0.5
    below = (predicted.items.sum(axis=1) <= observed.sum()).mean()
    assert below > 0.001
    assert 1.0 - below > 0.001
    assert predicted.items.mean() == pytest.approx(predicted.mean.mean(), rel=0.05)
    assert predicted.log_score(observed).mean() > predicted.log_score(observed * 0 + 60).mean() + 1


def test_a_design_can_be_cut_short_and_lose_parts(fitted: Fit) -> None:
    whole = fitted.design
    short = until(whole, whole.years[1])
    assert short.years == whole.years[:2] and short.stride.size == 1
    assert short.weeks.tolist() == whole.weeks[whole.year <= 1].tolist() and len(short.counts) == len(short.triggers)
    plain = without_parts(whole, calendar=False, triggers=False)
    assert (plain.calendar.shape[1], plain.season.shape[1], plain.triggers.shape[1]) == (0, 0, 0)
    assert (plain.occasions, plain.classes, plain.dosed) == ((), (), ())


def test_a_posterior_is_cached_for_exactly_one_series_and_seed(
    fitted: Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path))
    assert cached_fit(fitted.design, fitted.seed) is None
    cache_fit(fitted)
    cached = cached_fit(fitted.design, fitted.seed)
    assert cached is not None and cached.mixing == fitted.mixing
    assert (cached.values["level"] == fitted.values["level"]).all()
    assert cached_fit(fitted.design, fitted.seed + 1) is None
    assert cached_fit(replace(fitted.design, offset=fitted.design.offset + 1e-9), fitted.seed) is None
    (file,) = (tmp_path / "accounts").iterdir()
    data = file.read_bytes()
    for broken in (b"broken", b"", data[:100], data[: len(data) // 2]):
        file.write_bytes(broken)
        assert cached_fit(fitted.design, fitted.seed) is None


def test_a_short_series_and_daily_counts_are_refused() -> None:
    days = [dt.date(2001, 1, 1) + dt.timedelta(days=day) for day in range(30)]
    counts = pl.DataFrame(
        {"from": days, "days": 1, "output": 9, "theme": "other", "rung": "commentary", "tone": -1, "items": 1},
        schema_overrides={"days": pl.Int64, "output": pl.Int64, "tone": pl.Int64, "items": pl.Int64},
    )
    events = pl.DataFrame({"date": ["2001-01-03"], "actor": ["JPN"], "category": ["law"]})
    occasion = pl.DataFrame({"month_day": ["08-15"], "occasion": ["it"]})
    with pytest.raises(InputError, match="daily"):
        account(events, counts=counts, anniversaries=occasion)
    weekly_counts = counts.with_columns(
        pl.Series("from", [days[0] + dt.timedelta(days=7 * week) for week in range(30)])
    )
    with pytest.raises(InputError, match="30 weeks with output"):
        account(events, counts=weekly_counts, anniversaries=occasion)


def write_tables(series: Simulated, folder: Path) -> None:
    for name in ("events", "counts", "anniversaries"):
        getattr(series, name).write_csv(folder / f"{name}.csv")


def test_an_account_reports_all_its_figures_and_reads_files_like_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path / "cache"))
    series = simulated(seed=seeded(4))
    result = account(series.events, counts=series.counts, anniversaries=series.anniversaries, seed=seeded(1))
    figures = result.to_dict()
    assert json.loads(json.dumps(figures)) == figures
    median = {share["part"]: share["p50"] for share in figures["shares"]}
    assert median["ritual"] + median["response"] + median["unexplained"] == pytest.approx(1, abs=0.02)
    assert [effect["window"] for effect in figures["effects"]] == ["before", "at", "after"]
    assert figures["items"] == series.design.counts.sum()
    probabilities = [week["probability"] for week in figures["unusual"]]
    assert len(probabilities) == 10 and probabilities == sorted(probabilities)
    assert figures["diagnostics"]["effective_draws"] >= MIN_EFFECTIVE
    assert figures["diagnostics"]["draws_per_chain"] <= 8 * BLOCK

    write_tables(series, tmp_path)
    again = account(
        tmp_path / "events.csv",
        counts=str(tmp_path / "counts.csv"),
        anniversaries=tmp_path / "anniversaries.csv",
        seed=seeded(1),
    )
    assert again.to_dict() | {"run": None} == figures | {"run": None}
    assert again.seconds == 0.0 < result.seconds


def test_the_command_writes_what_the_function_returns(
    fitted: Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path / "cache"))
    cache_fit(fitted)
    series = simulated(seed=seeded(4))
    result = account(series.events, counts=series.counts, anniversaries=series.anniversaries, seed=fitted.seed)
    write_tables(series, tmp_path)
    command = ["rhetoric", "account", "--seed", str(fitted.seed), "--json", str(tmp_path / "account.json")]
    for name in ("events", "counts", "anniversaries"):
        command += [f"--{name}", str(tmp_path / f"{name}.csv")]
    run = CliRunner().invoke(main, [*command, "--figures", str(tmp_path / "figures")], catch_exceptions=False)
    assert run.exit_code == 0 and run.stdout.startswith(str(result))
    assert json.loads((tmp_path / "account.json").read_text(encoding="utf-8")) == result.to_dict()
    assert {file.stem for file in (tmp_path / "figures").glob("*.svg")} == {"years", "weeks", "events", "calendar"}


def test_the_tables_of_an_account_are_flat(fitted: Fit) -> None:
    series = simulated(seed=seeded(4))
    used = triggers(series.events, "JPN")
    result = Account("JPN", (), fitted, weekly_parts(fitted), used, None, 0.0)
    shares_ = result.frame()
    assert shares_.columns == ["part", "p05", "p50", "p95"]
    assert shares_["part"].to_list() == ["ritual", "baseline", "calendar", "response", "response.law", "unexplained"]
    effects = result.frame("effects")
    assert effects.select("first_week", "last_week").rows() == list(WINDOWS.values())
    by_theme = result.frame("by_theme")
    assert by_theme.height == 6 * len(fitted.design.groups)
    assert result.frame("dose").columns[0] == "class" and result.frame("dose").is_empty()
    for name in get_args(TableName):
        assert not any(type_.is_nested() for type_ in result.frame(name).schema.values()), name
    assert "critical items about JPN" in str(result) and "<table" in result._repr_html_()


def test_a_later_time_is_compared_with_the_level_of_the_last_year(fitted: Fit) -> None:
    def compared(items: int) -> LaterLevel:
        weeks = [dt.date(2010, 1, 4) + dt.timedelta(days=7 * week) for week in range(10)]
        rows = {"from": weeks, "output": 100, "tone": -1, "items": items}
        return compare_level(fitted, pl.DataFrame(rows), seed=seeded(1))

    usual = round(compared(0).expected / 10)
    same, more = compared(usual), compared(4 * usual)
    assert np.quantile(same.ratio, 0.05) < 1 < np.quantile(same.ratio, 0.95)
    assert np.quantile(more.ratio, 0.05) > 1 and more.above < 0.05
    early = pl.DataFrame({"from": [dt.date(2001, 1, 1)], "output": [9], "tone": [-1], "items": [1]})
    with pytest.raises(InputError, match="must begin after"):
        compare_level(fitted, early, seed=1)
