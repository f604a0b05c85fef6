"""Forecasts of acts: only the past enters them, scores in closed form, and the test's rate and power on simulated acts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from benchmarks.foretell import power, stored_words
from click.testing import CliRunner
from scipy.stats import t as student
from tests.data.test_readers import cached as cached
from tests.support import seeded

from tocsin.cli import main
from tocsin.errors import InputError
from tocsin.plots.foretelling import foretelling_svg
from tocsin.rhetoric.acts import KINDS, act_days
from tocsin.rhetoric.foretell.baseline import HALF_LIVES, calendar_columns, exercises, record_columns
from tocsin.rhetoric.foretell.forward import ALL, BOTH, CONSTANT, FORECASTERS, Sample, forecast
from tocsin.rhetoric.foretell.results import Foretelling, stored_foretelling
from tocsin.rhetoric.foretell.run import TARGETS, sample
from tocsin.rhetoric.foretell.scores import added, score, together, verdict_of
from tocsin.rhetoric.foretell.words import Words, expected_items, word_columns
from tocsin.rhetoric.series import stored_counts
from tocsin.scores import auc, clustered_mean, log_probabilities

pytestmark = pytest.mark.numeric


@pytest.fixture(scope="module")
def words() -> Words:
    return stored_words()


def invented(words: Words, seed: int = 3) -> Sample:
    """Return forecasts of acts at random days, about five a year."""
    random = np.random.default_rng(seeded(seed))
    every = np.arange(np.datetime64("1993-01-01"), np.datetime64("2015-01-01"))
    days = every[random.random(every.size) < 5 / 365]
    return sample(words, dict.fromkeys(KINDS, days), "any act", 30)


def days_of(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[D]")


def shuffled_after(counts: Mapping[str, pl.DataFrame], first: dt.date) -> dict[str, pl.DataFrame]:
    """Return weekly counts in which the weeks from `first` on have changed places."""
    random = np.random.default_rng(seeded(8))
    weeks = next(iter(counts.values()))["from"].unique().sort()
    late = weeks.filter(weeks >= first)
    moved = dict(zip(late, late.sample(fraction=1.0, shuffle=True, seed=int(random.integers(1000))), strict=True))
    return {
        target: table.with_columns(pl.col("from").replace_strict(moved, default=pl.col("from"))).sort("from")
        for target, table in counts.items()
    }


def test_permuting_the_future_leaves_the_forecasts_of_a_day_unchanged(words: Words) -> None:
    # the change lies within a year, so that neither the year's fit nor the day's columns may see it
    change = dt.date(2007, 6, 4)
    random = np.random.default_rng(seeded(4))
    every = np.arange(np.datetime64("1993-01-01"), np.datetime64("2015-01-01"))
    acts = every[random.random(every.size) < 5 / 365]
    later = np.sort(random.choice(every[every >= np.datetime64(change)], size=120, replace=False))
    changed = np.concatenate([acts[acts < np.datetime64(change)], later])
    counts = {target: stored_counts(target) for target in TARGETS}
    other_words = word_columns(shuffled_after(counts, change))

    one = sample(words, dict.fromkeys(KINDS, acts), "any act", 14)
    other = sample(other_words, dict.fromkeys(KINDS, changed), "any act", 14)

    until = one.days <= np.datetime64(change)
    assert (one.words[~until] != other.words[~until]).mean() > 0.5  # the change is no trifle
    for columns in ("calendar", "record", "words"):
        assert (getattr(one, columns)[until] == getattr(other, columns)[until]).all()
    first, second = (forecast(until_year(item, "2008-01-01"), (CONSTANT, BOTH, ALL)) for item in (one, other))
    same = one.days[first.rows] <= np.datetime64(change)
    assert same.sum() > 250
    for name, probability in first.probabilities.items():
        assert probability[same] == pytest.approx(second.probabilities[name][same], abs=1e-12), name
        assert name == CONSTANT or not np.allclose(probability[~same], second.probabilities[name][~same])


def until_year(item: Sample, end: str) -> Sample:
    """Return the forecasts before a day."""
    early = item.days < np.datetime64(end)
    return replace(
        item,
        days=item.days[early],
        happened=item.happened[early],
        calendar=item.calendar[early],
        record=item.record[early],
        words=item.words[early],
    )


def test_outcomes_that_are_open_when_the_year_begins_are_not_learned(words: Words) -> None:
    one = invented(words)
    past = one.days[one.past(2005)]
    assert past.max() + one.horizon <= np.datetime64("2005-01-01") < past.max() + one.horizon + 7
    open_at_new_year = (one.years == 2004) & ~one.past(2005)
    other = replace(one, happened=np.where(open_at_new_year, 1 - one.happened, one.happened))
    first, second = (forecast(item, (BOTH, ALL)) for item in (one, other))
    of_2005 = one.years[first.rows] == 2005
    for name in (BOTH, ALL):
        assert (first.probabilities[name][of_2005] == second.probabilities[name][of_2005]).all()
        assert (first.probabilities[name] != second.probabilities[name]).any()


def test_an_act_on_the_day_is_an_outcome_and_no_record(words: Words) -> None:
    monday = words.days[words.known][400]
    one = sample(words, dict.fromkeys(KINDS, np.array([monday])), "any act", 14)
    assert one.days[one.happened == 1].tolist() == [(monday - 7).item(), monday.item()]
    before = record_columns(np.array([monday]), days_of(), days_of())
    assert (record_columns(np.array([monday]), np.array([monday]), np.array([monday])) == before).all()
    assert (record_columns(np.array([monday + 1]), np.array([monday]), days_of()) != before).any()


def test_the_record_halves_in_a_half_life() -> None:
    day = days_of("2001-01-01")
    columns = record_columns(day, day - HALF_LIVES[0], days_of())
    assert columns[0, 0] == pytest.approx(np.log1p(0.5))
    assert columns[0, -1] == pytest.approx(np.log(HALF_LIVES[0]))
    assert columns[0, -2] == 0 and record_columns(day, day - 14, days_of())[0, -2] == 1


def test_the_calendar_knows_yearly_exercises_of_that_year_only() -> None:
    # the second half of August has one, spring has one at another time since 2002
    august, april_2001, april_2003 = days_of("2005-08-18"), days_of("2001-04-13"), days_of("2003-04-13")
    assert [calendar_columns(day, 14)[0, -1] for day in (august, april_2001, april_2003)] == [1.0, 1.0, 0.0]
    assert exercises()["first_year"].min() == 1994


def test_the_expectation_is_the_share_of_the_year_before() -> None:
    weeks = np.arange(np.datetime64("1998-01-05"), np.datetime64("1999-03-01"), 7)
    items, output = np.full(weeks.size, 4.0), np.full(weeks.size, 80.0)
    output[:52] = 40.0
    expected = expected_items(weeks, items, output)
    assert np.isnan(expected[:39]).all()
    assert expected[52] == pytest.approx(80.0 * (52 * 4 + 0.5) / (52 * 40))


def test_a_yearly_peak_of_words_is_expected_after_some_years() -> None:
    weeks = np.arange(np.datetime64("1998-01-05"), np.datetime64("2006-01-01"), 7)
    august = np.array([str(week)[5:] >= "08-09" and str(week)[5:] <= "08-15" for week in weeks])
    items = np.where(august, 24.0, 8.0)
    expected = expected_items(weeks, items, np.full(weeks.size, 80.0))
    last = np.flatnonzero(august)[-1]
    assert expected[last] > 1.8 * np.median(expected[-40:])


def test_missing_weeks_are_missing_and_not_silent(words: Words) -> None:
    gap = [dt.date(2005, 3, 7), dt.date(2005, 3, 14)]
    counts = {target: stored_counts(target).filter(~pl.col("from").is_in(gap)) for target in TARGETS}
    holed = word_columns(counts)
    lost = holed.days[~holed.known & words.known]
    assert [str(day) for day in lost] == ["2005-03-14", "2005-03-21", "2005-03-28", "2005-04-04", "2005-04-11"]
    # a silent week is not missing: its counts are 0
    silent = counts | {"JPN": stored_counts("JPN").with_columns(items=pl.lit(0))}
    assert (word_columns(silent).columns[600] != holed.columns[600]).any()


def test_probabilities_are_those_of_a_penalised_logit(words: Words) -> None:
    one = invented(words)
    forecasts = forecast(one, FORECASTERS)
    assert set(forecasts.probabilities) == set(FORECASTERS)
    for probability in forecasts.probabilities.values():
        assert ((probability > 0) & (probability < 1)).all()
    past = one.happened[one.past(2002)]
    assert forecasts.probabilities[CONSTANT][0] == pytest.approx((past.sum() + 0.5) / (past.size + 1))


def test_scores_have_their_closed_forms() -> None:
    happened, years = np.array([1, 0, 0, 1]), np.array([2001, 2001, 2002, 2002])
    predicted, constant = np.array([0.8, 0.4, 0.1, 0.3]), np.full(4, 0.5)
    result = score("x", predicted, constant, happened, years, seed=1)
    assert result.log_score == pytest.approx(np.log([0.8, 0.6, 0.9, 0.3]).mean())
    assert result.gain == pytest.approx(result.log_score - np.log(0.5))
    assert result.brier == pytest.approx((0.04 + 0.16 + 0.01 + 0.49) / 4)
    assert result.auc == pytest.approx(0.75)
    assert np.isnan(auc(predicted, np.zeros(4)))
    assert log_probabilities(np.array([0.2, 0.2]), np.array([1, 0])) == pytest.approx(np.log([0.2, 0.8]))


def test_a_standard_error_counts_years_and_not_forecasts() -> None:
    values, years = np.array([1.0, 3.0, 5.0]), np.array([2001, 2002, 2003])
    mean, error = clustered_mean(values, years)
    assert (mean, error) == pytest.approx((3.0, 2.0 / np.sqrt(3)))
    assert clustered_mean(np.repeat(values, 52), np.repeat(years, 52)) == pytest.approx((mean, error))


def test_the_adjusted_fall_is_that_of_clark_and_west() -> None:
    random = np.random.default_rng(seeded(2))
    happened, years = random.integers(0, 2, 300), np.repeat(np.arange(2001, 2011), 30)
    small, large = random.uniform(0.1, 0.9, 300), random.uniform(0.1, 0.9, 300)
    result = added(small, large, happened, years)
    falls = 2 * (happened - small) * (large - small)
    mean, error = clustered_mean(falls, years)
    assert (result.adjusted, result.adjusted_se) == pytest.approx((mean, error))
    assert result.p_value == pytest.approx(student.sf(mean / error, 9))
    assert result.brier == pytest.approx(((small - happened) ** 2 - (large - happened) ** 2).mean())


def test_the_same_forecast_adds_nothing() -> None:
    result = added(np.full(10, 0.3), np.full(10, 0.3), np.arange(10) % 2, np.arange(10) // 2)
    assert (result.gain, result.adjusted, result.verdict) == (0.0, 0.0, "nothing that these data can show")


def test_the_verdict_follows_a_fixed_rule() -> None:
    nothing = "nothing that these data can show"
    assert [verdict_of(p, ratio) for p, ratio in ((0.049, 1.8), (0.06, 1.7), (0.17, 1.0), (0.4, 0.9))] == [
        "clear", "a hint", "a hint", nothing,
    ]  # fmt: skip
    assert together([0.02, 0.5, 0.9]) == pytest.approx(0.06) and together([0.6, 0.7]) == 1.0


def test_kinds_of_acts_add_up() -> None:
    tests = pl.DataFrame({"date": ["2006-07-05", "1990-05"]})
    provocations = pl.DataFrame(
        {
            "date": [dt.date(2006, 7, 4), dt.date(2006, 10, 9), dt.date(2010, 3, 26)],
            "type": ["Missile Provocation", "Nuclear Provocation", "Other Provocation"],
        }
    )
    missiles, others, both = (act_days(tests, provocations, kind) for kind in KINDS)
    assert missiles == {dt.date(2006, 7, 4), dt.date(2006, 7, 5)}
    assert others == {dt.date(2006, 10, 9), dt.date(2010, 3, 26)}
    assert both == missiles | others == act_days(tests, provocations)


def test_a_kind_without_an_act_is_refused(words: Words) -> None:
    with pytest.raises(InputError, match="no act of the kind `missile tests` between 1998"):
        sample(words, dict.fromkeys(KINDS, days_of("1990-01-01")), "missile tests", 14)


@pytest.mark.slow
def test_words_that_carry_much_are_found_and_words_that_carry_nothing_are_not(words: Words) -> None:
    # with the rates of docs/words-and-acts.md this fails by chance in fewer than 1 of 300 runs
    none, double = (power(words, effect, 14, 5, seed=seeded(1)) for effect in (1.0, 2.0))
    assert none.clear <= 0.4 and double.clear >= 0.2
    assert double.gain > none.gain


@pytest.mark.slow
@pytest.mark.parametrize("horizon", [14, 30])
def test_the_rate_of_false_findings_is_nominal_and_the_power_is_the_stated_one(words: Words, horizon: int) -> None:
    none, double = (power(words, effect, horizon, 120, seed=seeded(5)) for effect in (1.0, 2.0))
    assert none.clear <= 0.11  # a rate of 5 % gives more than 13 of 120 with a probability of 0.5 %
    assert none.gained <= 0.05
    assert double.clear >= 0.55  # a power of 70 % gives fewer than 66 of 120 with a probability of 0.02 %


def test_the_stored_result_is_the_one_that_its_figures_give() -> None:
    stored = stored_foretelling()
    assert Foretelling.from_dict(json.loads(json.dumps(stored.to_dict()))) == stored
    assert stored.p_value == together([trial.added.p_value for trial in stored.trials])
    years = np.array([int(day[:4]) for day in stored.days])
    for trial in stored.trials:
        outcomes, without, with_words = map(np.array, (trial.outcomes, trial.without, trial.with_words))
        again = added(without, with_words, outcomes, years)
        assert again.gain == pytest.approx(trial.added.gain, abs=2e-4)
        assert again.p_value == pytest.approx(trial.added.p_value, abs=0.02)
        assert again.verdict == trial.added.verdict
        assert sum(row.happened for row in trial.years) == trial.happened == outcomes.sum()


def test_the_figure_names_every_test_and_the_verdict() -> None:
    stored = stored_foretelling()
    svg = foretelling_svg(stored)
    assert all(f"{trial.kind} within {trial.horizon} days" in svg for trial in stored.trials)
    assert stored.verdict in svg.lower()
    assert svg == foretelling_svg(stored)


def test_without_data_the_command_names_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    result = CliRunner().invoke(main, ["rhetoric", "foretell"])
    assert result.exit_code == 1
    assert "run `tocsin data get missile_tests provocations`" in result.stderr


def test_a_picture_that_is_no_svg_is_refused_before_the_work() -> None:
    result = CliRunner().invoke(main, ["rhetoric", "foretell", "--figure", "picture.png"])
    assert result.exit_code == 2 and "picture.svg" in result.stderr


@pytest.mark.slow
def test_the_command_gives_the_stored_result(cached: Path, tmp_path: Path) -> None:
    file, figure = tmp_path / "foretell.json", tmp_path / "foretell.svg"
    result = CliRunner().invoke(main, ["rhetoric", "foretell", "--json", str(file), "--figure", str(figure)])
    assert result.exit_code == 0, result.output
    again, stored = Foretelling.from_dict(json.loads(file.read_text())), stored_foretelling()
    assert replace(again, made=stored.made, trials=()) == replace(stored, trials=())
    for new, old in zip(again.trials, stored.trials, strict=True):
        assert new.outcomes == old.outcomes
        assert new.added.gain == pytest.approx(old.added.gain, abs=1e-3)
    assert f"All {len(stored.trials)} tests together" in result.output
    assert figure.read_text() == foretelling_svg(again)
