"""`tocsin.measure`: the result, and the forms in which states, years and inputs may be given."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.data.test_readers import cached as cached

from tocsin.data.readers import read
from tocsin.errors import InputError
from tocsin.measures import measure


def test_a_result_has_a_tidy_frame_notes_title_sources_and_html(cached: Path) -> None:
    result = measure("cinc", states="JPN,PRK", years="2001:2002")
    assert result.frame.select("code", "year").rows() == [("PRK", 2001), ("PRK", 2002), ("JPN", 2001), ("JPN", 2002)]
    assert len(result.notes) == 1 and "PRK 2002" in result.notes[0]
    assert result.title == "Capability index (CINC), with bounds if components are missing"
    assert [source.name for source in result.sources] == ["nmc"]
    html = result._repr_html_()
    assert "<strong>Capability index" in html and "Singer, Bremer and Stuckey 1972" in html and "PRK 2002" in html


def test_states_and_years_may_be_text_or_values(cached: Path) -> None:
    text = measure("balance", states="KOR+USA,PRK+CHN", years="2010")
    values = measure("balance", states=["732+USA", "731+CHN"], years=2010)
    assert text.frame.equals(values.frame)
    assert text.title.endswith("KOR+USA against PRK+CHN")
    pair = measure("cinc", states=[740], years=(2001, 2002))
    assert pair.frame.equals(measure("cinc", states="JPN", years="2001:2002").frame)


def test_inputs_are_numbers_by_name(cached: Path) -> None:
    near = measure("reach", states="USA,CHN", years=2000, half=1000.0).frame["reaching"]
    far = measure("reach", states="USA,CHN", years=2000, half=4000.0).frame["reaching"]
    assert (near < far).all()
    with pytest.raises(InputError, match="unknown input `name`"):
        measure("reach", states="USA,CHN", name=1.0)
    with pytest.raises(InputError, match="half=nan is out of range"):
        measure("reach", states="USA,CHN", half=float("nan"))


def test_a_list_becomes_text_in_the_flat_frame(cached: Path) -> None:
    frame = measure("cinc", states="PRK", years=2002).flat_frame()
    assert frame["missing"].to_list() == ["milex"]


def test_years_without_data_are_refused(cached: Path) -> None:
    with pytest.raises(InputError, match="no data for 1946-1990"):  # neither was a member of the United Nations
        measure("positions", states="PRK,KOR", years="1946:1990")
    with pytest.raises(InputError, match="no data for 2030"):
        measure("cinc", states="PRK", years=2030)


def test_no_state_has_two_rows_in_a_year(cached: Path) -> None:
    for name in ("turnover", "cinc", "components"):
        assert not measure(name).frame.select("state", "year").is_duplicated().any(), name


def test_spending_before_1914_is_in_pounds_and_counts_in_gold_dollars(cached: Path) -> None:
    frame = measure("components", states="GBR", years="1900:1920").frame.sort("year")
    published = read("nmc").filter(pl.col("state") == 200, pl.col("year").is_between(1900, 1920)).sort("year")
    stated = (1000 * published["milex"]).to_list()
    in_pounds = [year < 1914 for year in frame["year"]]
    parity = 4.8665  # dollars of gold to the pound
    assert frame["spending"].to_list() == pytest.approx(
        [parity * value if pounds else value for value, pounds in zip(stated, in_pounds, strict=True)]
    )
    assert frame["spending_pounds"].to_list() == [
        value if pounds else None for value, pounds in zip(stated, in_pounds, strict=True)
    ]


def test_leaders_of_a_state_and_of_its_successor_are_counted_in_one_row(cached: Path) -> None:
    serbia = measure("turnover", states="SRB", years=2006).frame
    assert serbia.select("state", "leaders", "turnover", "first", "last").rows() == [
        (345, 2, True, "YUG-2003", "SER-2006")
    ]
    others = measure("turnover", states="RUS,DEU,CSK,CZE,YEM", years="1989:1993").frame
    union = others.filter(pl.col("code").is_in(["GFR", "GMY"])).select("year", "code", "turnover")
    assert union.rows() == [(1990 + n, "GMY", False) for n in range(4)] + [(1989, "GFR", False)]
    assert others.filter(pl.col("code") == "RUS", pl.col("year") == 1991).height == 1


def test_each_state_of_a_side_counts_in_its_years_and_a_union_once(cached: Path) -> None:
    years = "1988:1992"
    joined, named = (measure("balance", states=sides, years=years).frame for sides in ("DEU,USA", "GFR+DEU,USA"))
    assert joined.equals(named)
    assert joined["year"].to_list() == [1988, 1989, 1990, 1991, 1992]
    for state, span in (("260", (1988, 1989)), ("255", (1990, 1992))):
        alone = measure("balance", states=f"{state},USA", years=span).frame
        assert joined.filter(pl.col("year").is_between(*span)).equals(alone)
    with_east = measure("balance", states="GFR+GDR+DEU,USA", years=years).frame
    shares = zip(joined["high"], with_east["high"], strict=True)
    assert [east > west for west, east in shares] == [True, True, False, False, False]
