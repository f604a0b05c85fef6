"""Lists of dated events: selection, days that are not known, how far a list reaches, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tocsin.errors import InputError
from tocsin.forecasts.events import EventDays, event_days, read_event_table, read_register

ROWS = pl.DataFrame(
    {
        "date": ["2020-01-05", "2020-03-01", "2020-03-01", "2020-05", "2021-02-10"],
        "kind": ["fire", "test", "fire", "test", "talks"],
        "place": ["sea", "sea", None, "land", "land"],
    }
)


def days(where: dict[str, list[str]]) -> EventDays:
    return event_days(ROWS, where, name="events.csv", cite="tests", sha256="", first=None)


def test_a_day_counts_once_and_the_list_reaches_to_its_last_event_of_any_kind() -> None:
    fire = days({"kind": ["fire"]})
    assert fire.days == (date(2020, 1, 5), date(2020, 3, 1))
    assert (fire.first, fire.last) == (date(2020, 1, 5), date(2021, 2, 10))
    assert days({"kind": ["fire", "test"]}).days == (date(2020, 1, 5), date(2020, 3, 1))
    assert days({"kind": ["fire"], "place": ["sea"]}).days == (date(2020, 1, 5),)


def test_an_event_whose_day_is_not_known_is_no_day_and_is_not_lost() -> None:
    assert days({"kind": ["test"]}).undated == ("2020-05",)


def test_a_cut_list_says_how_far_the_whole_one_ran() -> None:
    cut = days({}).until(date(2020, 5, 20))
    assert cut.days == (date(2020, 1, 5), date(2020, 3, 1))
    assert (cut.last, cut.remains) == (date(2020, 5, 20), date(2021, 2, 10))
    assert cut.undated == ()  # part of May lies after the cut
    assert days({}).until(date(2020, 6, 1)).undated == ("2020-05",)
    assert days({}).until(date(2022, 1, 1)).remains is None


@pytest.mark.parametrize(
    ("where", "message", "remedy"),
    [
        ({"knd": ["fire"]}, "unknown column `knd`", "did you mean `kind`"),
        ({"kind": ["fires"]}, "no event has kind `fires`", "did you mean `fire`"),
    ],
)
def test_a_selection_that_names_nothing_is_refused(where: dict[str, list[str]], message: str, remedy: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        days(where)
    assert remedy in str(error.value.remedy)


def test_a_data_set_without_dated_events_is_no_register() -> None:
    with pytest.raises(InputError, match="unknown register of dated events `nmc`"):
        read_register("nmc", {})


def test_a_text_that_is_no_date_is_refused_with_its_row(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("date,kind\n2020-01-05,fire\n5 March 2020,fire\n")
    with pytest.raises(InputError, match="'5 March 2020' in row 2 is not a date"):
        read_event_table(file, "events.csv", {})


def test_a_table_without_events_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("date,kind\n")
    with pytest.raises(InputError, match=r"events\.csv: the table has no events"):
        read_event_table(file, "events.csv", {})
