"""Events and anniversaries become weekly columns; overlapping windows count once, and unused events are listed by reason."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.rhetoric.triggers import WINDOWS, Trigger, columns, stored_anniversaries, triggers

WEEKS = np.arange(np.datetime64("2001-01-01"), np.datetime64("2003-12-29"), 7)
NONE = pl.DataFrame({"month_day": [], "occasion": []}, schema={"month_day": pl.String, "occasion": pl.String})


def event(day: dt.date, group: str = "law", size: float = float("nan")) -> Trigger:
    return Trigger(day, group, size)


@settings(deadline=None)
@given(st.lists(st.dates(dt.date(2001, 3, 1), dt.date(2003, 9, 1)), min_size=1, max_size=8))
def test_a_week_in_the_windows_of_several_events_counts_once(days: list[dt.date]) -> None:
    result = columns(WEEKS, NONE, [event(day) for day in days])
    for window, (first, last) in enumerate(WINDOWS.values()):
        mondays = {
            np.datetime64(day - dt.timedelta(days=day.weekday())) + 7 * lag
            for day in days
            for lag in range(first, last + 1)
        }
        expected = np.array([week in mondays for week in WEEKS], dtype=float)
        assert result.triggers[:, 0, window].tolist() == expected.tolist()


@given(st.sampled_from(["01-01", "12-24", "08-15", "12-20/12-27", "03-01"]))
def test_an_occasion_covers_its_share_of_each_week(text: str) -> None:
    result = columns(WEEKS, pl.DataFrame({"month_day": [text], "occasion": ["it"]}), [])
    first, _, last = text.partition("/")
    for week, share in zip(WEEKS.astype(object), result.calendar[:, 0], strict=True):
        days = [week + dt.timedelta(days=day) for day in range(7)]
        near = 0
        for day in days:
            for year in (day.year - 1, day.year, day.year + 1):
                begin = dt.date.fromisoformat(f"{year}-{first}") - dt.timedelta(days=0 if last else 3)
                end = dt.date.fromisoformat(f"{year}-{last or first}") + dt.timedelta(days=0 if last else 3)
                near += begin <= day <= end
        assert share == pytest.approx(near / 7)


def test_only_events_of_the_target_with_a_known_day_are_used() -> None:
    events = pl.DataFrame(
        {
            "date": ["2001-05-01", "2001-06-01", "2001-07-01", "2001-08-01", "2001-09-01", "2001-10-01"],
            "actor": ["JPN", "JPN;USA", "KOR", "JPN", "PRK", "JPN"],
            "category": ["law", "law", "law", "law", "dprk_nuclear_test", "picnic"],
            "precision": ["day", "day", "day", "month", "day", "day"],
            "confidence": ["confirmed", "medium", "confirmed", "confirmed", "confirmed", "confirmed"],
        }
    )
    result = triggers(events, "JPN")
    assert [used.group for used in result.used] == ["law", "law", "own_tests"]
    assert dict(result.left_out) == {
        "JPN has no part in it": 1,
        "its day is not known": 1,
        "category picnic is of no class": 1,
    }
    confirmed = triggers(events, "JPN", confirmed=True)
    assert len(confirmed.used) == 2 and confirmed.left_out["its date is not confirmed"] == 1


def test_the_dose_of_a_week_is_its_largest_active_step() -> None:
    days = [dt.date(2001, 3, 5) + dt.timedelta(days=70 * step) for step in range(5)]
    result = columns(WEEKS, NONE, [event(day, size=size) for day, size in zip(days, (1, 2, 3, 4, 5), strict=True)])
    assert result.dosed == (0,)
    spread = np.std([1, 2, 3, 4, 5])
    first = int(np.flatnonzero(np.datetime64("2001-03-05") == WEEKS)[0])
    assert result.dose[first - 1, 0] == 0
    assert result.dose[first : first + 6, 0] == pytest.approx((1 - 3) / spread)
    assert result.dose[first + 6, 0] == 0
    few = columns(WEEKS, NONE, [event(day, size=1.0) for day in days])
    assert few.dosed == () and few.dose.shape == (WEEKS.size, 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"date": "1/5/2001"}, "date '1/5/2001': ambiguous date"),
        ({"date": "Monday 1 May 2001"}, "the weekday contradicts the date"),
        ({"date": None}, "date '': no date"),
        ({"date": "2205-01-01"}, "date in the future"),
        ({"date": "1026-01-06"}, "date before 1900"),
        ({"size": "large"}, "is not a number"),
    ],
)
def test_a_bad_event_is_reported_with_file_and_line(change: dict[str, str | None], message: str) -> None:
    good = {"date": "2001-05-01", "actor": "JPN", "category": "law", "size": "1"}
    events = pl.DataFrame([good, good | change])
    with pytest.raises(InputError, match=message) as caught:
        triggers(events, "JPN", file="events.csv")
    assert (caught.value.file, caught.value.line) == ("events.csv", 3)


def test_a_missing_column_and_an_impossible_day_are_reported() -> None:
    with pytest.raises(InputError, match="no column `actor`"):
        triggers(pl.DataFrame({"date": ["2001-05-01"]}), "JPN")
    for text in ("02-30", "13-01", "someday", "12-31/01-02"):
        with pytest.raises(InputError, match="not a day of every year"):
            columns(WEEKS, pl.DataFrame({"month_day": [text], "occasion": ["it"]}), [])


def test_the_stored_anniversaries_have_sources() -> None:
    table = stored_anniversaries()
    assert table.height == 24
    assert columns(WEEKS, table, []).calendar.shape == (WEEKS.size, 24)
    assert all(table["source"].str.len_chars() > 0)


def test_capitals_and_names_of_actors_and_categories_do_not_matter() -> None:
    events = pl.DataFrame(
        {"Date": ["2001-05-01"] * 3, " Actor ": ["Japan", "jpn; USA", "UNSC"], "CATEGORY": ["Law", "law ", "law"]}
    )
    result = triggers(events, "JPN")
    assert [trigger.group for trigger in result.used] == ["law", "law"]
    assert dict(result.left_out) == {"JPN has no part in it": 1}
