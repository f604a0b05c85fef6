"""Series count every item once, keep what is missing apart from nothing, and do not mind the order of their rows."""

from __future__ import annotations

import datetime as dt
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
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
    days = [FIRST + dt.timedelta(days=int(str(each["day"]))) for each in items]
    columns = {name: [each[name] for each in items] for name in ("target", "tone", "speaker", "theme")}
    return pl.DataFrame({"date": days, "headline": ["Spokesman says"] * len(items), **columns})


@given(st.lists(rows, min_size=1, max_size=60), st.sampled_from(["day", "week"]), st.randoms())
def test_items_about_the_target_are_counted_once_in_any_order(
    items: list[dict[str, object]], every: Every, random: Random
) -> None:
    coded = table(items)
    found = tally(coded, "JPN", every)
    about = coded.filter(pl.col("target").str.contains("JPN"))
    assert found["items"].sum() == about.height
    assert found.unique("from")["output"].sum() == coded.height
    assert found.unique("from")["days"].sum() == coded["date"].n_unique()
    random.shuffle(items)
    assert tally(table(items), "JPN", every).equals(found)


def test_a_week_with_output_and_no_item_is_nought_and_one_without_output_is_missing() -> None:
    items: list[dict[str, object]] = [
        {"day": day, "target": "KOR", "tone": -1, "speaker": "kcna", "theme": "other"} for day in (0, 21)
    ]
    items.append({"day": 22, "target": "JPN", "tone": -1, "speaker": "kcna", "theme": "other"})
    found = tally(table(items), "JPN")
    assert found["from"].to_list() == [FIRST, FIRST + dt.timedelta(days=21)]
    assert found["items"].to_list() == [0, 1]
    series = by_theme(found)
    assert series.output.tolist() == [1, 0, 0, 2]
    assert series.counts[[0, 3], 0].tolist() == [0, 1]


def test_the_first_theme_counts_and_rare_ones_are_counted_together() -> None:
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


def test_a_leader_speaks_at_his_own_rung() -> None:
    coded = table([{"day": 0, "target": "JPN", "tone": -1, "speaker": "official", "theme": "other"}] * 2)
    said = coded.with_columns(headline=pl.Series(["Kim Jong Il warns Japan", "Ministry warns Japan"]))
    assert set(tally(said, "JPN")["rung"]) == {"leader", "ministry"}


def test_counts_come_with_the_program_for_three_targets_and_no_other() -> None:
    for target in ("JPN", "KOR", "USA"):
        weekly = stored_counts(target)
        assert by_theme(weekly).weeks.size == 926
        assert (weekly["days"].max(), weekly["from"].min()) == (7, dt.date(1996, 12, 30))
    with pytest.raises(InputError, match="only for JPN, KOR, USA"):
        stored_counts("FRA")
