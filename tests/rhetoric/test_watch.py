"""The judgement of weeks: false alarms come at the stated rate, a surplus rings, and nothing later matters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import pytest
from tests.rhetoric.simulated import ANNIVERSARIES, Simulated, simulated
from tests.support import seeded

from tocsin.rhetoric.triggers import Trigger, triggers
from tocsin.rhetoric.watch.coverage import gaps
from tocsin.rhetoric.watch.judging import ALL, Judgement, judge, target_level
from tocsin.rhetoric.watch.learning import Learned, first_week, learn
from tocsin.rhetoric.watch.replay import Act, Replay, Share, acts_of
from tocsin.rhetoric.watch.tables import replay_text

pytestmark = pytest.mark.numeric

YEAR, LEVEL = 2004, 0.2


@dataclass(frozen=True)
class World:
    """A simulated series in which each theme is said by one rung, its events, and what was learned before `YEAR`."""

    counts: pl.DataFrame
    events: tuple[Trigger, ...]
    learned: Learned

    @property
    def weeks(self) -> list[dt.date]:
        return [week for week in self.counts["from"].unique().sort() if week >= first_week(YEAR)]

    def judge(self, week: dt.date, counts: pl.DataFrame | None = None, level: float = LEVEL) -> Judgement:
        return judge(self.learned, self.counts if counts is None else counts, self.events, week, level=level)


def world(seed: int) -> World:
    series: Simulated = simulated(seed)
    rung = pl.when(pl.col("theme") == "history").then(pl.lit("commentary")).otherwise(pl.lit("newspaper"))
    counts = series.counts.with_columns(rung=rung)
    events = triggers(series.events, "JPN").used
    return World(counts, events, learn(counts, "JPN", YEAR, events, anniversaries=ANNIVERSARIES, seed=seeded(1)))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOCSIN_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def one(cache: None) -> World:
    return world(seeded(4))


def assert_rate_is_stated(judgements: list[Judgement]) -> None:
    """Check the number of alarms against the model's own chances, within 4 standard errors, and these against the level."""
    chances = np.array([judgement.chance for judgement in judgements])
    rings = sum(judgement.rings for judgement in judgements)
    assert abs(rings - chances.sum()) < 4 * np.sqrt((chances * (1 - chances)).sum())
    assert chances.max() <= LEVEL and chances.mean() > 0.7 * LEVEL


@pytest.mark.slow
def test_without_a_surplus_a_year_rings_about_as_often_as_stated(one: World) -> None:
    assert_rate_is_stated([one.judge(week) for week in one.weeks])


@pytest.mark.slow
def test_false_alarms_come_at_the_stated_rate_in_many_series(cache: None) -> None:
    worlds = [world(seeded(seed)) for seed in range(20, 28)]
    judgements = [each.judge(week) for each in worlds for week in each.weeks]
    assert len(judgements) > 400
    assert_rate_is_stated(judgements)


def with_items(counts: pl.DataFrame, week: dt.date, items: int, rung: str = "commentary") -> pl.DataFrame:
    own = (pl.col("from") == week) & (pl.col("rung") == rung)
    return counts.with_columns(items=pl.when(own).then(pl.lit(items)).otherwise("items").cast(pl.Int64))


def test_a_surplus_rings_and_its_reason_names_week_target_and_count(one: World) -> None:
    week = one.weeks[30]
    judgement = one.judge(week, with_items(one.counts, week, 60), level=0.01)
    assert judgement.rings and judgement.count_items >= 60 > judgement.count_limit >= judgement.count_expected
    for part in (str(week), "JPN", f"{judgement.count_items} ", "are expected"):
        assert part in judgement.reason
    assert judgement.reason.count(". ") == 0  # one sentence


def test_a_surplus_of_one_rung_rings_by_that_rung(one: World) -> None:
    week = one.weeks[30]
    quiet = with_items(one.counts, week, 0)
    judgement = one.judge(week, with_items(quiet, week, 25, "newspaper"), level=0.01)
    assert judgement.rings and judgement.count == "newspaper"


def test_the_limit_is_the_largest_number_that_does_not_ring(one: World) -> None:
    week = one.weeks[12]
    loud = with_items(one.counts, week, 60)
    judgement = one.judge(week, loud, level=0.01)
    assert judgement.count in (ALL, "commentary")
    others = judgement.count_items - 60
    at, above = (
        one.judge(week, with_items(loud, week, judgement.count_limit - others + more), level=0.01) for more in (0, 1)
    )
    assert above.rings and (not at.rings or at.count != judgement.count)


def test_a_rung_that_never_spoke_rings_with_a_few_statements(one: World) -> None:
    week = one.weeks[8]
    row = pl.DataFrame(
        {
            "from": [week],
            "days": [7],
            "output": [100],
            "theme": ["history"],
            "rung": ["leader"],
            "tone": [-2],
            "items": [2],
        }
    )
    counts = pl.concat([with_items(one.counts, week, 0), row.select(one.counts.columns).cast(one.counts.schema)])
    judgement = one.judge(week, counts, level=0.01)
    assert judgement.rings and judgement.count == "rare"


def test_later_weeks_and_events_do_not_change_a_judgement(one: World) -> None:
    random = np.random.default_rng(seeded(3))
    week = one.weeks[20]
    before = one.judge(week)
    later = one.counts.filter(pl.col("from") > week)
    permuted = later.with_columns(items=pl.Series(random.permutation(later["items"].to_numpy())))
    counts = pl.concat([one.counts.filter(pl.col("from") <= week), permuted])
    end = week + dt.timedelta(weeks=1)
    events = [event for event in one.events if event.date < end] + [Trigger(end, "law", float("nan"))]
    learned = learn(counts, "JPN", YEAR, events, anniversaries=ANNIVERSARIES, seed=seeded(1))
    assert judge(learned, counts, events, week, level=LEVEL) == before


def test_a_year_that_is_louder_from_its_beginning_stops_ringing(one: World) -> None:
    tripled = one.counts.with_columns(
        items=pl.when(pl.col("from") >= first_week(YEAR)).then(pl.col("items") * 3).otherwise("items").cast(pl.Int64)
    )
    first, last = (sum(one.judge(week, tripled).rings for week in weeks) for weeks in (one.weeks[:4], one.weeks[-12:]))
    assert first >= 1 and last <= 9
    expected = np.mean([one.judge(week, tripled).expected for week in one.weeks[-4:]])
    assert expected > 1.5 * np.mean([one.judge(week).expected for week in one.weeks[-4:]])


def test_the_level_of_a_target_gives_the_rate_over_all() -> None:
    assert 1 - (1 - target_level(0.02, 3)) ** 3 == pytest.approx(0.02)
    assert target_level(0.05, 1) == pytest.approx(0.05)


def weekly(outputs: list[int], days: int = 7) -> pl.DataFrame:
    weeks = [dt.date(2024, 1, 1) + dt.timedelta(weeks=index) for index in range(len(outputs))]
    return pl.DataFrame({"from": weeks, "days": days, "output": outputs})


def test_weeks_that_are_open_empty_or_badly_covered_are_gaps() -> None:
    counts = weekly([100] * 10 + [20, 0, 100]).filter(pl.col("output") > 0)
    missing = gaps(counts, dt.date(2024, 3, 27))
    assert {str(week): gap.kind for week, gap in missing.items()} == {
        "2024-03-11": "output",
        "2024-03-18": "empty",
        "2024-03-25": "open",
    }
    assert {gap.kind for gap in gaps(weekly([100] * 3, days=4), dt.date(2024, 1, 22)).values()} == {"days", "open"}


def test_acts_are_joined_by_day_and_unknown_days_are_counted() -> None:
    tests = pl.DataFrame({"date": ["2013-05-18", "2013-05-18", "2013-06"], "missile": ["kn-02", "kn-02", None]})
    provocations = pl.DataFrame({"date": [dt.date(2013, 5, 18), None], "event": ["Launch", "Other"]})
    acts, undated = acts_of(tests, provocations)
    assert acts == (Act(dt.date(2013, 5, 18), "test of 2 kn-02; Launch"),) and undated == 2


def ringing(week: dt.date, *, rings: bool) -> Judgement:
    return Judgement(
        "JPN", week, 9, 2.0, 2.0, 0.0, 0.0, ALL, 9, 2.0, 5, "history", 0.001 if rings else 0.5, 0.01, 0.008
    )


def test_alarms_far_from_acts_are_false_and_others_are_not() -> None:
    weeks = [dt.date(2012, 1, 2) + dt.timedelta(weeks=index) for index in range(52)]
    judgements = tuple(ringing(week, rings=index in (5, 30)) for index, week in enumerate(weeks))
    acts = tuple(Act(weeks[index] + dt.timedelta(days=3), "test") for index in (8, 9))
    result = Replay(2012, 2012, 0.02, judgements, (), acts, 0)
    assert result.share(near=False) == Share(1, 41) and result.share(near=True) == Share(1, 11)
    assert [alarm.week for alarm in result.before(result.acts[0])] == [weeks[5]]
    assert result.warned() == Share(1, 1)  # the second act belongs to the run of the first
    # of the weeks 4 to 51, week 8 has an act, and 9 to 13 follow one; of the rest 6, 7 and 31 to 34 follow an alarm
    assert result.warned_anyway() == Share(6, 42)
    assert result.at_most(0.1) == Share(1, 41)
    assert result.chance() == pytest.approx(0.008)


def test_a_probability_that_the_samples_cannot_show_is_told_as_a_bound() -> None:
    alarm = ringing(dt.date(2012, 1, 2), rings=True)
    assert alarm.reason.endswith("is 0.001")
    assert replace(alarm, probability=1 / 20_001).reason.endswith("is below 0.0001")


def test_the_table_of_a_replay_says_which_weeks_each_share_is_of() -> None:
    week = dt.date(2012, 1, 2)
    text = replay_text(Replay(2012, 2012, 0.02, (ringing(week, rings=True),), (), (), 0))
    header = text.splitlines()[0]
    assert all(name in header for name in ("weeks that ring", "of weeks far from an act", "of weeks near an act"))
