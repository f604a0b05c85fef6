"""Spells of leaders, camps and alignment: by hand, as published, and without data."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data.test_readers import cached as cached

import tocsin.measures.computing  # noqa: F401 - imported before `read` is replaced, or it would keep the replacement
from tocsin.data.governments import OWN_UNTIL, own_governments, parlgov_governments
from tocsin.data.readers import read
from tocsin.errors import InputError
from tocsin.measures.own_exits import own_rate
from tocsin.measures.politics import alignment_spells, camp_exits, camp_spells, leader_years, lean, shifts, turnovers
from tocsin.measures.readings import Readings
from tocsin.measures.reference import parse

UNTIL = date(2020, 1, 1)


def governments(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [(1, camp, date.fromisoformat(start), date.fromisoformat(end) if end else None) for camp, start, end in rows],
        schema={"state": pl.Int32, "camp": pl.String, "start": pl.Date, "end": pl.Date},
        orient="row",
    )


def spells(*rows: tuple[str, str, str | None]) -> list[tuple[str, str, str | None, int]]:
    result = camp_spells(governments(*rows), UNTIL)
    return [
        (camp, str(start), str(end) if end else None, count)
        for camp, start, end, count in result.select("camp", "start", "end", "governments").rows()
    ]


def test_governments_of_one_camp_are_one_spell_and_the_last_is_in_progress() -> None:
    assert spells(("a", "2000-01-01", None), ("a", "2004-01-01", None), ("b", "2008-01-01", None)) == [
        ("a", "2000-01-01", "2008-01-01", 2),
        ("b", "2008-01-01", None, 1),
    ]


def test_a_short_gap_does_not_end_a_spell_and_a_long_one_does() -> None:
    short = spells(("a", "2000-01-01", "2002-01-01"), ("a", "2002-06-01", None))
    long = spells(("a", "2000-01-01", "2002-01-01"), ("a", "2010-06-01", None))
    assert short == [("a", "2000-01-01", None, 2)]
    assert long == [("a", "2000-01-01", "2002-01-01", 1), ("a", "2010-06-01", None, 1)]
    assert turnovers(
        camp_spells(governments(("a", "2000-01-01", "2002-01-01"), ("b", "2010-06-01", None)), UNTIL)
    ).is_empty()


def test_nothing_after_the_last_day_covered_counts() -> None:
    assert spells(("a", "2000-01-01", "2021-01-01"), ("b", "2021-01-01", None)) == [("a", "2000-01-01", None, 1)]


def test_governments_that_overlap_are_refused() -> None:
    with pytest.raises(InputError, match="starts on 2001-01-01, before the previous one ended"):
        spells(("a", "2000-01-01", "2002-01-01"), ("b", "2001-01-01", None))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 300)), min_size=1, max_size=12))
def test_spells_follow_without_gaps_and_camps_alternate(steps: list[tuple[str, int]]) -> None:
    day, rows = date(1990, 1, 1), []
    for camp, days in steps:
        rows.append((camp, day.isoformat(), None))
        day += timedelta(days=days)
    result = camp_spells(governments(*rows), UNTIL)
    assert result["governments"].sum() == len(steps)
    assert result["end"][-1] is None
    for before, after in zip(result.iter_rows(named=True), result.slice(1).iter_rows(named=True), strict=False):
        assert before["end"] == after["start"]
        assert before["camp"] != after["camp"]
    assert turnovers(result).height == result.height - 1


def test_seoul_turned_over_five_times_since_1988_and_tokyo_twice_since_1996() -> None:
    changes = turnovers(camp_spells(own_governments(), OWN_UNTIL))
    assert changes.filter(pl.col("state") == 732)["year"].to_list() == [1998, 2008, 2017, 2022, 2025]
    assert changes.filter(pl.col("state") == 740)["year"].to_list() == [2009, 2012]
    assert own_governments()["source"].null_count() == 0


def test_leaders_by_year_as_published(cached: Path) -> None:
    published = pl.read_parquet(cached / "archigossums.parquet")
    result = leader_years(read("leaders")).filter(pl.col("year") >= 1870)
    both = published.join(result, left_on=["gwcode", "year"], right_on=["state", "year"], how="full", coalesce=True)
    assert both.height == published.height == result.height
    for theirs, ours in (
        ("n_leaders", "leaders"),
        ("leadertransition", "turnover"),
        ("jan1obsid", "first"),
        ("dec31obsid", "last"),
    ):
        assert both.filter(pl.col(theirs) != pl.col(ours).cast(both[theirs].dtype)).is_empty(), theirs
    # the published column marks a turnover year as irregular if any of its leaders ever left irregularly; ours if one did that year
    ever = read("leaders").filter(pl.col("exit") == "Irregular").select("spell")
    years = read("leaders").select(
        "spell", "state", year=pl.int_ranges(pl.col("start").dt.year(), pl.col("end").dt.year() + 1)
    )
    someone = (
        years.explode("year")
        .join(ever, on="spell")
        .select("state", "year")
        .unique()
        .with_columns(ever=pl.lit(value=True))
    )
    both = both.join(someone, left_on=["gwcode", "year"], right_on=["state", "year"], how="left")
    explained = pl.col("ever").fill_null(value=False) & pl.col("turnover")
    assert both.filter((pl.col("irregular") == 1) != explained).is_empty()


def test_lean_is_the_difference_of_two_closenesses_in_any_order_of_states() -> None:
    near = pl.DataFrame(
        {"state1": [1, 2, 1, 2], "state2": [2, 3, 3, 4], "year": [2000] * 4, "value": [0.9, 0.4, 0.2, 0.7]}
    )
    assert lean(near, partner=1, rival=3).rows() == [(2, 2000, pytest.approx(0.5))]
    assert lean(near, partner=3, rival=1).rows() == [(2, 2000, pytest.approx(-0.5))]


def test_spells_of_alignment_end_when_the_side_changes_or_data_are_missing() -> None:
    leans = pl.DataFrame(
        {"state": [1] * 5, "year": [2000, 2001, 2002, 2005, 2006], "lean": [0.1, 0.3, -0.2, -0.1, 0.0]}
    )
    assert alignment_spells(leans).rows() == [
        (1, "partner", 2000, 2001, False),
        (1, "rival", 2002, 2002, True),
        (1, "rival", 2005, 2005, False),
        (1, "between", 2006, 2006, True),
    ]


def test_shifts_at_turnovers_compare_means_of_known_years() -> None:
    changes = pl.DataFrame({"state": [1, 1, 1], "year": [2000, 2003, 2030], "before": "a", "after": "b"})
    series = pl.DataFrame(
        {"state": 1, "year": [1997, 1998, 1999, 2000, 2001, 2002, 2004], "value": [9.0, 1, 3, 50, 6, None, 8]}
    )
    result = shifts(changes, series, window=2)
    assert result.select("value_before", "value_after", "years_before", "years_after", "move").rows() == [
        (2.0, 6.0, 2, 1, 4.0),
        (6.0, 8.0, 1, 1, 2.0),
        (None, None, 0, 0, None),
    ]
    with pytest.raises(ValueError, match="at least one year"):
        shifts(changes, series, window=0)


def test_cabinets_by_the_prime_ministers_party(cached: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    joined = pl.read_parquet(cached / "parlgov_cabinet_parties.parquet")
    tables = {
        "parlgov_countries": joined.select("country", "iso3c").unique().drop_nulls().rename({"country": "country", "iso3c": "iso"}),
        "parlgov_cabinets": joined.select("cabinet", "country", name="cabinet_name", start=pl.col("start_date").str.to_date(), caretaker="caretaker").unique("cabinet"),
        "parlgov_cabinet_parties": joined.select("cabinet", "party", leads="pm"),
        "parlgov_parties": joined.select("party", short="name_short", name="name_english").unique("party"),
    }  # fmt: skip
    monkeypatch.setattr("tocsin.data.readers.read", tables.__getitem__)
    japan = camp_spells(parlgov_governments().filter(pl.col("state") == 740), date(2021, 12, 31))
    recent = japan.filter(pl.col("start") >= date(1993, 1, 1)).select("camp", "start").rows()
    assert [camp for camp, _ in recent] == ["JNP", "JRP", "JSP", "LDP", "DPJ", "LDP"]
    assert recent[-2:] == [("DPJ", date(2009, 9, 16)), ("LDP", date(2012, 12, 26))]


def test_exits_count_ends_and_time_in_office_between_two_days() -> None:
    spells = camp_spells(
        pl.DataFrame(
            {
                "state": [1, 1, 1, 1],
                "camp": ["a", "b", "a", "a"],
                "start": [date(2000, 1, 1), date(2004, 1, 1), date(2008, 1, 1), date(2012, 1, 1)],
                "end": [None, None, date(2011, 1, 1), None],
            }
        ),
        date(2016, 1, 1),
    )
    result = camp_exits(spells, date(2002, 1, 1), date(2020, 12, 31))
    assert result.select("camp", "ended").rows() == [("a", 1), ("b", 1)]  # the vacancy of 2011 did not end a spell
    years = dict(result.select("camp", "years").rows())
    # 2002 to 2004, then 2008 to 2016: the vacancy of a year lies within one spell and counts; the last spell is in progress
    assert years["b"] == pytest.approx(1461 / 365.25)
    assert years["a"] == pytest.approx((730 + 2922) / 365.25)


@given(st.integers(1990, 2030), st.integers(0, 30))
def test_exits_of_two_periods_sum_to_those_of_both(middle: int, length: int) -> None:
    spells = camp_spells(own_governments(), OWN_UNTIL)
    first, cut, last = date(1988, 1, 1), date(middle, 12, 31), date(middle + length + 1, 12, 31)
    parts = pl.concat([camp_exits(spells, first, cut), camp_exits(spells, date(middle + 1, 1, 1), last)])
    whole = camp_exits(spells, first, last)
    summed = parts.group_by("state", "camp").agg(pl.col("ended").sum(), pl.col("years").sum()).sort("state", "camp")
    assert summed["ended"].to_list() == whole["ended"].to_list()
    # the day between the periods belongs to neither
    assert (summed["years"] - whole["years"]).abs().max() <= 1.01 / 365.25  # type: ignore[operator]


@pytest.mark.parametrize(
    ("first", "last"), [(1900, 2026), (1988, 2026), (1996, 2026), (2000, 2010), (2009, 2009), (2024, 2025)]
)
def test_rates_from_the_own_table_are_those_of_the_measure(first: int, last: int) -> None:
    compared = 0
    for state, camp in own_governments().select("state", "camp").unique().iter_rows():
        reference = parse(f"measure/exits/{state}/{first}:{last}?camp={camp}")
        try:
            expected = Readings().read(reference, until=last)
        except InputError:
            assert own_rate(reference) is None
            continue
        compared += 1
        own = own_rate(reference)
        assert own is not None and (own.value, own.year) == (expected.value, expected.year)
        assert own.at_risk == pytest.approx(expected.at_risk, rel=1e-12)
    assert compared


@pytest.mark.parametrize(
    "text",
    [
        "measure/exits/FRA/1990:2020?camp=PS",
        "measure/exits/KOR/1990:2020/years?camp=liberal",
        "measure/turnover/KOR/2000",
    ],
)
def test_other_references_have_no_rate_in_the_own_table(text: str) -> None:
    assert own_rate(parse(text)) is None
