"""Series count every item once in any order of rows, and distinguish missing periods from zeros."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from random import Random

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tocsin.cli import main
from tocsin.errors import InputError
from tocsin.rhetoric.inputs import dated_headlines
from tocsin.rhetoric.series import Every, by_theme, stored_counts, tally

FIRST = dt.date(2001, 1, 1)  # a Monday

rows = st.fixed_dictionaries(
    {
        "day": st.integers(0, 40),
        "target": st.sampled_from(["JPN", "JPN;USA", "KOR", ""]),
        "tone": st.sampled_from([-2, -1, 0, 1]),
        "speaker": st.sampled_from(["kcna", "newspaper", "official", "foreign"]),
        "theme": st.sampled_from(["history", "history;other", "territory", "other"]),
    }
)


def table(items: list[dict[str, object]]) -> pl.DataFrame:
    days = [FIRST + dt.timedelta(days=int(str(item["day"]))) for item in items]
    columns = {name: [item[name] for item in items] for name in ("target", "tone", "speaker", "theme")}
    return pl.DataFrame({"date": days, "headline": ["Spokesman says"] * len(items), **columns})


@given(st.lists(rows, min_size=1, max_size=60), st.sampled_from(["day", "week"]), st.randoms())
def test_items_about_the_target_are_counted_once_in_any_order(
    items: list[dict[str, object]], every: Every, random: Random
) -> None:
    coded = table(items)
    counts = tally(coded, "JPN", every)
    about = coded.filter(pl.col("target").str.contains("JPN"))
    assert counts["items"].sum() == about.height
    assert counts.unique("from")["output"].sum() == coded.height
    assert counts.unique("from")["days"].sum() == coded["date"].n_unique()
    random.shuffle(items)
    assert tally(table(items), "JPN", every).equals(counts)


def test_a_week_without_items_is_zero_and_a_week_without_output_is_missing() -> None:
    items: list[dict[str, object]] = [
        {"day": day, "target": "KOR", "tone": -1, "speaker": "kcna", "theme": "other"} for day in (0, 21)
    ]
    items.append({"day": 22, "target": "JPN", "tone": -1, "speaker": "kcna", "theme": "other"})
    counts = tally(table(items), "JPN")
    assert counts["from"].to_list() == [FIRST, FIRST + dt.timedelta(days=21)]
    assert counts["items"].to_list() == [0, 1]
    series = by_theme(counts)
    assert series.output.tolist() == [1, 0, 0, 2]
    assert series.counts[[0, 3], 0].tolist() == [0, 1]


def test_the_first_theme_counts_and_rare_themes_are_one_group() -> None:
    many = [{"day": 1, "target": "JPN", "tone": -1, "speaker": "kcna", "theme": "history;other"}] * 99
    rare = [{"day": 1, "target": "JPN", "tone": -2, "speaker": "newspaper", "theme": "territory"}]
    friendly = [{"day": 1, "target": "JPN", "tone": 1, "speaker": "kcna", "theme": "territory"}]
    weekly = tally(table([*many, *rare, *friendly]), "JPN")
    series = by_theme(weekly)
    assert series.groups == ("history", "rest")
    assert series.counts.tolist() == [[99, 1]]
    assert by_theme(weekly, themes=["territory"]).counts.tolist() == [[1]]
    assert weekly["rung"].unique().sort().to_list() == ["commentary", "newspaper"]
    with pytest.raises(InputError, match="no critical items"):
        by_theme(weekly, themes=["abduction"])


def test_a_leader_has_a_rung_of_his_own() -> None:
    coded = table([{"day": 0, "target": "JPN", "tone": -1, "speaker": "official", "theme": "other"}] * 2)
    by_leader = coded.with_columns(headline=pl.Series(["Kim Jong Il warns Japan", "Ministry warns Japan"]))
    assert set(tally(by_leader, "JPN")["rung"]) == {"leader", "ministry"}
    by_sister = coded.with_columns(headline=pl.Series(["Statement of Vice Director Kim Yo Jong", "Kim Yo Jong visits"]))
    assert set(tally(by_sister, "JPN")["rung"]) == {"leader", "ministry"}


def test_counts_are_stored_for_three_targets_only() -> None:
    for target in ("JPN", "KOR", "USA"):
        weekly = stored_counts(target)
        assert by_theme(weekly).weeks.size == 926
        assert (weekly["days"].max(), weekly["from"].min()) == (7, dt.date(1996, 12, 30))
    with pytest.raises(InputError, match="only for JPN, KOR, USA"):
        stored_counts("FRA")


def test_the_command_counts_a_file_of_headlines(tmp_path: Path) -> None:
    file, counts = tmp_path / "headlines.csv", tmp_path / "counts.csv"
    headlines = ["Japan's military expansion under fire", "Juche idea study group meets"]
    pl.DataFrame({"date": ["2001-01-02", "2001-01-03"], "headline": headlines}).write_csv(file)
    run = CliRunner().invoke(main, ["rhetoric", "series", str(file), "-o", str(counts)])
    assert (run.exit_code, run.output) == (0, f"{counts}: 2 headlines counted by week\n")
    assert pl.read_csv(counts).select("from", "days", "output", "rung", "tone", "items").rows() == [
        ("2001-01-01", 2, 2, "commentary", -2, 1)
    ]


@pytest.mark.parametrize(
    "form", ["2001-01-02 00:00:00", "2001-01-02T00:00:00Z", "2001.01.02", "[2001.01.02.]", "(Juche90.1.2.)"]
)
def test_headlines_may_have_dates_in_any_form(tmp_path: Path, form: str) -> None:
    file = tmp_path / "headlines.csv"
    file.write_text(f"date,headline\n{form},a\n13/01/2001,b\n")
    assert dated_headlines(file)["date"].to_list() == [dt.date(2001, 1, 2), dt.date(2001, 1, 13)]


@pytest.mark.parametrize(
    ("date", "problem"),
    [
        ("", "date '': no date"), ("1/2/2001", "date '1/2/2001': ambiguous date"), ("1026-01-06", "date '1026-01-06': date before 1900"),
        ("2205-01-01", "date '2205-01-01': date in the future"), ("Friday 2001-01-02", "the weekday contradicts the date"),
    ],
)  # fmt: skip
def test_a_missing_or_doubtful_date_of_a_headline_is_refused_with_its_line(
    tmp_path: Path, date: str, problem: str
) -> None:
    file = tmp_path / "headlines.csv"
    file.write_text(f"date,headline\n2001-01-02,a\n{date},b\nyesterday,c\n")
    run = CliRunner().invoke(main, ["rhetoric", "series", str(file)])
    assert run.exit_code == 2 and f"{file}:3: " in run.output
    assert problem in run.output and "(such dates in 2 rows)" in run.output
