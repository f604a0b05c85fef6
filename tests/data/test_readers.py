"""Originals as tables: equal to other conversions, and refused if they are not what the registry declares."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from tocsin.data.cache import cache_path, record_pin
from tocsin.data.formats import read_frame
from tocsin.data.readers import as_table, read
from tocsin.data.registry import source
from tocsin.data.tables import TABLES
from tocsin.errors import InputError, SolveError

CONVERTED = {
    "nmc": ("cow_nmc", {"milex": "milex", "upop": "upop", "cinc": "published"}),
    "states": ("cow_states", {"stateabb": "code", "styear": "first", "endyear": "last"}),
    "majors": ("cow_majors", {"styear": "first"}),
    "atop_dyads": ("atop_alliance_ddy", {"atop_defense": "defence", "atop_consul": "consultation"}),
    "distance": ("cow_mindist", {"mindist": "distance"}),
    "mid_dyads": ("cow_mid_dirdisps", {"hostlev1": "hostility1", "disponset": "onset"}),
    "gml_dyads": ("gml_dirdisp", {"hostlev2": "hostility2"}),
    "leaders": ("archigos", {"leader": "leader", "startdate": "start"}),
    "contiguity": ("cow_contdir", {"conttype": "contiguity", "stdate": "start"}),
    "capitals": ("cow_capitals", {"lat": "latitude"}),
    "mid_dyad_years": ("cow_mid_ddydisps", {"hostlev": "hostility", "maxdur": "most_days"}),
    "gml_dyad_years": ("gml_mid_ddydisps", {"recip": "reciprocated"}),
    "gml_disputes": ("gml_mid_disps", {"hostlev": "hostility", "mindur": "least_days"}),
    "wars": ("cow_war_inter", {"sidea1": "side1", "outcome2": "outcome2"}),
    "trade": ("cow_trade_sy", {"imports": "imports"}),
    "conflicts": ("ucdp_acd", {"intensity_level": "intensity"}),
    "rivalries_tss": ("tss_rivalries", {"start": "first"}),
    "icb_actors": ("icb2_v15_actor", {"gravty": "gravity"}),
    "icb_dyads": ("icb_dyad_v15", {"statea": "state1"}),
    "atop_members": ("atop4_member", {"member": "state", "defense": "defence"}),
    "atop_alliances": ("atop4_alliance", {"begyr": "begin_year"}),
    "missile_tests": ("dprk_missile_tests", {"apogee_km": "apogee", "distance_km": "distance"}),
    "troops": ("us_troops_country_year", {"troops_ad": "troops"}),
    "exchange_rates_monthly": ("fx_monthly", {"lcu_per_usd": "rate"}),
    "un_votes": ("unga_votes", {"rcid": "resolution"}),
    "un_roll_calls": ("unga_roll_calls", {"session": "session", "date": "date"}),
}


def fill(shared: Path, folder: Path) -> None:
    """Link every original into the folder of the cache."""
    table = (shared / "data" / "raw" / "SOURCES.csv").read_text(encoding="utf-8")
    originals = {row["sha256"]: shared / "data" / "raw" / row["file"] for row in csv.DictReader(table.splitlines())}
    for name in TABLES:
        if (pinned := source(name).sha256) is not None:
            (folder / cache_path(source(name)).name).symlink_to(originals[pinned])
    # the only set that the samples of past cases need and whose original is not at hand
    disputes = source("mid_disputes")
    pl.read_parquet(shared / "data" / "cow_mid5_mida.parquet").write_csv(cache_path(disputes))
    record_pin(disputes, cache_path(disputes))


@pytest.fixture
def cached(shared: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the shared data folder. The originals lie in one cache for all tests, so that each is read once: none may change it."""
    folder = tmp_path_factory.getbasetemp() / "originals"
    monkeypatch.setenv("TOCSIN_DATA", str(folder))
    if not folder.exists():
        folder.mkdir()
        fill(shared, folder)
    return shared / "data"


@pytest.fixture
def own_cached(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the shared data folder; the originals lie in a cache of the test's own, which it may change."""
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    fill(shared, tmp_path)
    return shared / "data"


def test_every_table_is_read_with_its_types_and_keys(cached: Path) -> None:
    for name, table in TABLES.items():
        if source(name).sha256 is None:
            continue
        data = read(name)
        numbered = {"row": pl.UInt32} if table.keys == ("row",) else {}
        assert data.schema == numbered | {column.name: column.dtype for column in table.columns}
        assert data.height > 10
        assert not data.select(table.keys).is_duplicated().any()


@pytest.mark.parametrize("name", CONVERTED)
def test_values_equal_those_of_other_conversions(cached: Path, name: str) -> None:
    file, columns = CONVERTED[name]
    data, expected = read(name), pl.read_parquet(cached / f"{file}.parquet")
    assert data.height == expected.height
    for original, here in columns.items():
        theirs = expected[original]
        if theirs.dtype.is_numeric():
            gap = (data[here].cast(pl.Float64).sort() - theirs.cast(pl.Float64).sort()).abs()
            assert gap.null_count() == theirs.null_count()
            assert (gap.max() or 0.0) <= 1e-4  # type: ignore[operator]
        else:
            assert sorted(data[here].cast(pl.String).to_list()) == sorted(theirs.cast(pl.String).to_list())


def test_missing_is_null_and_never_zero(cached: Path) -> None:
    korea = read("nmc").filter(pl.col("state") == 731, pl.col("year") >= 2002)
    assert korea["milex"].null_count() == korea.height > 20
    assert read("mid_dyads")["fatality1"].min() == 0
    assert read("mid_dyads")["fatality1"].null_count() > 0


def swapped(table: pl.DataFrame) -> pl.DataFrame:
    """Return the table with the two sides swapped: state1 with state2, and every other column of a side."""
    pairs = [name[:-1] for name in table.columns if name.endswith("1") and f"{name[:-1]}2" in table.columns]
    names = {f"{stem}{a}": f"{stem}{b}" for stem in pairs for a, b in (("1", "2"), ("2", "1"))}
    return table.rename(names).select(table.columns)


DIRECTED = ("contiguity", "false_dyads", "mid_dyads", "mid_dyad_years", "gml_dyads", "gml_dyad_years")


@pytest.mark.parametrize("name", DIRECTED)
def test_directed_tables_agree_in_both_directions(cached: Path, name: str) -> None:
    table = read(name)
    assert table.join(swapped(table), on=table.columns, how="anti", nulls_equal=True).is_empty()


def test_alliances_are_listed_in_both_directions_and_seldom_bind_one_side_only(cached: Path) -> None:
    ties = read("atop_dyads")
    assert ties.join(swapped(ties), on=["state1", "state2", "year"], how="anti").is_empty()
    one_sided = ties.join(swapped(ties), on=ties.columns, how="anti")
    assert 0 < one_sided.height < 0.01 * ties.height


def test_undirected_tables_hold_each_pair_once(cached: Path) -> None:
    for name, key in {"distance": ["state1", "state2", "year"], "rivalries_td": ["state1", "state2", "first"]}.items():
        table = read(name)
        assert table.join(swapped(table), on=key, how="semi").is_empty()


def _original(**changes: pl.Series) -> pl.DataFrame:
    frame = pl.DataFrame({"ccode": [2.0, 2.0], "styear": [1900.0, 1950.0], "endyear": [1940.0, 2016.0]})
    return frame.with_columns(**changes)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (_original().drop("endyear"), "no column `endyear`"),
        (_original(ccode=pl.Series(["a", "b"])), "value of the wrong type"),
        (_original(styear=pl.Series([1900.0, 1900.0])), "missing or duplicated"),
        (_original(ccode=pl.Series([2.0, None])), "missing or duplicated"),
    ],
)
def test_another_version_is_refused(frame: pl.DataFrame, message: str) -> None:
    with pytest.raises(SolveError, match=message):
        as_table(source("majors"), frame)


def test_years_outside_coverage_are_refused(cached: Path) -> None:
    original = read_frame(cache_path(source("nmc")), "rda").with_columns(year=pl.lit(2023.0) + pl.int_range(pl.len()))
    with pytest.raises(SolveError, match="years outside its coverage, 1816 to 2022"):
        as_table(source("nmc"), original)


def test_a_missing_source_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    with pytest.raises(SolveError, match="run `tocsin data get nmc`"):
        read("nmc")
    with pytest.raises(InputError, match="no reader for `kcna_2011`"):
        read("kcna_2011")


def test_a_file_is_read_once_and_refused_once_it_is_broken(own_cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read("majors")
    monkeypatch.setattr("tocsin.data.readers.tidy", lambda *_: pytest.fail("read again"))
    assert read("majors") is first
    file = cache_path(source("majors"))
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content[:-1])
    with pytest.raises(SolveError, match="broken in the cache"):
        read("majors")
