"""`tocsin measure` and `tocsin.measure` on real data sets: tables, files, drawings, and invalid requests."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from tests.data.test_readers import cached as cached
from tests.data.test_readers import own_cached as own_cached

from tocsin.cli import main, measuring
from tocsin.data.registry import source
from tocsin.measures.catalogue import MEASURES

STATES = {"states": "JPN,KOR", "pairs": "JPN,KOR,USA", "sides": "KOR+USA,PRK+CHN", "three": "KOR,USA,PRK"}
AVAILABLE = [name for name, measure in MEASURES.items() if all(source(item).sha256 for item in measure.sources)]


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["measure", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_a_measure_is_printed_or_written(cached: Path, tmp_path: Path) -> None:
    code, output = run("cinc", "--states", "JPN,PRK", "--years", "2001:2002")
    assert code == 0
    assert (
        "note: PRK 2002: not comparable with the year before; missing components: milex, the year before: none"
        in output
    )
    assert run("cinc", "--years", "2001:2002", "-o", tmp_path / "cinc.parquet")[0] == 0
    written = pl.read_parquet(tmp_path / "cinc.parquet")
    japan = written.filter(pl.col("code") == "JPN", pl.col("year") == 2001)["cinc"].item()
    assert str(japan)[:8] in output


def test_a_terminal_shows_an_aligned_table_cut_to_its_first_rows(cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "is_terminal", lambda: True)
    monkeypatch.setattr(measuring, "MAX_PRINTED", 3)
    code, output = run("cinc", "--states", "JPN,PRK", "--years", "2001:2002")
    assert code == 0
    assert re.search(r"^ +731 +2002 +0\.0123497 .* milex +PRK$", output, re.MULTILINE)
    assert "1 more rows: write them to a file" in output and "0.0485" not in output


def test_alliances_among_the_six(cached: Path, tmp_path: Path) -> None:
    code, output = run(
        "alliances", "--states", "USA,JPN,KOR,PRK,CHN,RUS", "--years", "2018", "-o", tmp_path / "ties.csv"
    )
    assert code == 0 and "15 rows" in output
    ties = pl.read_csv(tmp_path / "ties.csv")
    pacts = {
        tuple(pair)
        for pair in ties.filter(pl.max_horizontal("owed_by_1", "owed_by_2") == 3).select("code1", "code2").rows()
    }
    assert pacts == {("USA", "JPN"), ("USA", "ROK"), ("CHN", "PRK")}
    treaty = ties.filter(pl.col("code1") == "USA", pl.col("code2") == "JPN").row(0, named=True)
    assert treaty["owed_by_1"] > treaty["owed_by_2"]  # Japan need not defend the United States
    assert ties["s"].is_between(-1, 1).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cincc"], "did you mean `cinc`"),
        (["cinc", "--years", "2022:1990"], "is not a span of years"),
        (["cinc", "--years", "2030"], "no data for 2030"),
        (["cinc", "-o", "x.xlsx"], "not a CSV, Parquet or SVG"),
        (["alliances", "--states", "JPN"], "two or more states"),
        (["balance", "--states", "JPN,KOR,PRK"], "two sides, such as KOR+USA,PRK"),
        (["balance", "--states", "JPN+KOR,KOR"], "no state on both"),
        (["balance"], "two sides, such as KOR+USA,PRK"),
        (["lean", "--states", "KOR,USA"], "a state, a partner and a rival"),
        (["cinc", "--states", "JPN+KOR"], "name states"),
        (["reach", "--with", "half=far"], "'far' is not a number"),
        (["reach", "--with", "half=-1"], "give a number from 1 to"),
        (["cinc", "--with", "half=9"], "this measure has no inputs"),
        (["cinc", "-o", "all.svg"], "a figure shows at most"),
        (["cinc", "--states", "Atlantis"], "unknown state"),
    ],
)
def test_an_invalid_request_is_explained(cached: Path, arguments: list[str], message: str) -> None:
    code, output = run(*arguments)
    assert code == 2
    assert message in output


def test_a_missing_data_set_is_named_with_the_command_that_gets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    code, output = run("cinc")
    assert (code, "tocsin data get nmc" in output) == (1, True)


@pytest.mark.parametrize("name", AVAILABLE)
def test_every_measure_is_printed_written_and_drawn(cached: Path, tmp_path: Path, name: str) -> None:
    arguments = (name, "--states", STATES[MEASURES[name].subject])
    code, output = run(*arguments, "--years", "1995:2010")
    assert code == 0, output
    for suffix in ("csv", "parquet", "svg"):
        code, output = run(*arguments, "--years", "1995:2010", "-o", tmp_path / f"a.{suffix}")
        if MEASURES[name].rate is not None and suffix == "svg":
            assert code == 2 and "cannot be drawn" in output and "governments" in output
        else:
            assert code == 0, output
    table = pl.read_parquet(tmp_path / "a.parquet")
    assert table.height == pl.read_csv(tmp_path / "a.csv").height > 0
    key = [item for item in ("state", "state1", "state2", "year", "start", "date", "camp") if item in table.columns]
    assert not table.select(key).is_duplicated().any()
    if "year" in table.columns:
        assert table["year"].is_between(1995, 2010).all()
    if MEASURES[name].rate is not None:
        return
    drawing = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert drawing.startswith("<?xml") and MEASURES[name].title.split()[-1] in drawing


def test_without_a_name_every_measure_is_listed() -> None:
    code, output = run()
    assert code == 0
    for name, measure in MEASURES.items():
        assert name in output and " ".join(measure.sources) in output


def test_undirected_pairs_are_listed_once_with_the_lower_number_first(cached: Path, tmp_path: Path) -> None:
    for name in ("alliances", "pacts", "votes", "positions", "alignment"):
        run(name, "--states", STATES["pairs"], "--years", "2000", "-o", tmp_path / "a.parquet")
        table = pl.read_parquet(tmp_path / "a.parquet")
        assert table.filter(pl.col("state1") >= pl.col("state2")).is_empty(), name


def test_spending_from_a_workbook_and_world_bank_indicators(own_cached: Path, shared: Path, tmp_path: Path) -> None:
    institute = pl.read_parquet(shared / "data" / "sipri_milex_1949_2024_focus.parquet")
    put_in_cache(institute, pl.read_parquet(shared / "data" / "worldbank_gdp.parquet"), tmp_path)
    code, output = run("spending", "--states", "JPN,KOR,PRK", "--years", "2000:2023", "-o", tmp_path / "a.parquet")
    assert code == 0, output
    table = pl.read_parquet(tmp_path / "a.parquet")
    japan = table.filter(pl.col("code") == "JPN", pl.col("year") == 2023).row(0, named=True)
    theirs = institute.filter(
        pl.col("country") == "Japan", pl.col("year") == 2023, pl.col("measure") == "current_usd_m"
    )
    assert japan["market"] / 1e6 == pytest.approx(theirs["value"].item(), rel=0.02)
    assert japan["ppp"] > japan["military"] > japan["market"]
    north = table.filter(pl.col("code") == "PRK")
    assert north["military"].null_count() == north.height  # no World Bank data: missing, not zero
    code, output = run("balance_spending", "--states", "JPN+KOR,PRK", "--years", "2010:2018")
    assert code == 0
    assert all(",," in line for line in output.splitlines()[1:])  # no share if a member has no data
    code, output = run("stock", "--states", "JPN", "--with", "depreciation=0.1", "-o", tmp_path / "a.parquet")
    assert code == 0, output
    stocks, spent = pl.read_parquet(tmp_path / "a.parquet"), table.filter(pl.col("code") == "JPN")
    both = stocks.sort("year").with_columns(before=pl.col("stock").shift(1)).join(spent, on="year").drop_nulls("before")
    assert both.height > 20
    assert (both["stock"] - 0.9 * both["before"] - both["military"]).abs().max() <= 1e-6 * both["stock"].max()  # type: ignore[operator]


SUCCESSORS = (
    ("USSR", 1987, 1990), ("Russia", 1987, 1990), ("Russia", 1992, 2000), ("Germany", 1980, 2000), ("German DR", 1980, 1989),
    ("Yemen", 1990, 2000), ("Yemen, North", 1980, 1989), ("Yugoslavia", 1980, 1991), ("Serbia", 1997, 2010), ("Viet Nam", 1985, 2000),
    ("Czechoslovakia", 1980, 1992), ("Czechia", 1993, 2000), ("Slovakia", 1993, 2000), ("Ethiopia", 1980, 2000), ("Eritrea", 1993, 2000),
    ("Sudan", 1980, 2010), ("South Sudan", 2006, 2010), ("Korea, South", 1980, 2000), ("Korea, North", 1980, 2000), ("China", 1989, 2000),
    ("Taiwan", 1980, 2000), ("Congo, DR", 1990, 2000), ("Congo, Republic", 1990, 2000), ("Türkiye", 1990, 2000), ("Eswatini", 1990, 2000),
    ("United States of America", 1980, 2010),
)  # fmt: skip
"""Rows of a workbook: SIPRI's names of states with other neighbours in time, and their first and last years."""


def test_spending_of_successor_states_has_the_number_of_the_year(own_cached: Path, tmp_path: Path) -> None:
    rows = [
        (country, year, measure, unit * (1.0 if country == "Russia" and year < 1991 else 100.0))
        for country, first, last in SUCCESSORS
        for year in range(first, last + 1)
        for measure, unit in (("current_usd_m", 1.0), ("lcu_cy", 1e6))
    ]
    institute = pl.DataFrame(rows, schema=["country", "year", "measure", "value"], orient="row")
    columns = ("gdp_cur_lcu", "gdp_cur_usd", "gdp_const_lcu", "ppp_lcu_per_intl")
    bank = pl.DataFrame(
        [(iso, year, *[1.0] * 4) for iso in ("RUS", "DEU", "SRB", "YEM", "USA", "CZE") for year in range(1980, 2024)],
        schema=["iso3c", "year", *columns],
        orient="row",
    )
    put_in_cache(institute, bank, tmp_path)
    assert run("spending_stated", "-o", tmp_path / "stated.parquet")[0] == 0
    stated = pl.read_parquet(tmp_path / "stated.parquet")
    assert stated.height == sum(last - first + 1 for _, first, last in SUCCESSORS) - 4  # Russia beside the Soviet Union
    assert not stated.select("state", "year").is_duplicated().any()
    first_and_last = stated.group_by("code").agg(pl.col("year").min(), last=pl.col("year").max())
    years = {code: (first, last) for code, first, last in first_and_last.rows()}
    expected = {
        "RUS": (1987, 2000), "GFR": (1980, 1989), "GMY": (1990, 2000), "GDR": (1980, 1989), "YEM": (1990, 2000), "YAR": (1980, 1989),
        "YUG": (1980, 2010), "DRV": (1985, 2000), "CZE": (1980, 1992), "CZR": (1993, 2000), "SLO": (1993, 2000), "ETH": (1980, 2000),
        "ERI": (1993, 2000), "SUD": (1980, 2010), "SSD": (2006, 2010), "ROK": (1980, 2000), "PRK": (1980, 2000), "CHN": (1989, 2000),
        "TAW": (1980, 2000), "DRC": (1990, 2000), "CON": (1990, 2000), "TUR": (1990, 2000), "SWA": (1990, 2000), "USA": (1980, 2010),
    }  # fmt: skip
    assert years == expected
    assert stated.filter(pl.col("code") == "RUS", pl.col("year") < 1991)["dollars"].to_list() == [100e6] * 4
    code, output = run(
        "spending", "--states", "RUS,Serbia,DEU,YEM", "--years", "1985:2010", "-o", tmp_path / "a.parquet"
    )
    assert code == 0 and "GFR and GMY 2001-2010: no data in `sipri_spending`" in output
    spent = pl.read_parquet(tmp_path / "a.parquet").drop_nulls("military")
    assert dict(spent.group_by("code").agg(pl.col("year").min()).rows()) == {
        "RUS": 1992,
        "YUG": 1997,
        "GFR": 1985,
        "GMY": 1990,
        "YEM": 1990,
    }
    code, output = run("spending", "--states", "USA", "--years", "1955:1990", "-o", tmp_path / "a.parquet")
    banks = "`wb_product_native`, `wb_product_real`, `wb_ppp`, `wb_rate`"
    assert code == 0 and f"note: 1955-1959: nothing from {banks}, which begin in 1960" in output
    code, output = run("stock", "--states", "Russia,SRB", "-o", tmp_path / "a.parquet")
    assert code == 0 and set(pl.read_parquet(tmp_path / "a.parquet")["code"]) == {"RUS", "YUG"}
    code, output = run("balance_spending", "--states", "RUS,USA", "--years", "1995")
    assert code == 0 and output.splitlines()[-1].startswith("1995,0.5,0.5,0.5")


def test_a_side_counts_germany_in_each_year(own_cached: Path, tmp_path: Path) -> None:
    years = {"Germany": range(1960, 1993), "United States of America": range(1960, 1993), "Japan": range(1985, 1991)}
    institute = pl.DataFrame(
        [
            (country, year, measure, unit * (100.0 if country == "Germany" else 300.0))
            for country, span in years.items()
            for year in span
            for measure, unit in (("current_usd_m", 1.0), ("lcu_cy", 1e6))
        ],
        schema=["country", "year", "measure", "value"],
        orient="row",
    )
    columns = ("gdp_cur_lcu", "gdp_cur_usd", "gdp_const_lcu", "ppp_lcu_per_intl")
    bank = pl.DataFrame(
        [(iso, year, *[1.0] * 4) for iso in ("DEU", "USA", "JPN") for year in range(1960, 2024)],
        schema=["iso3c", "year", *columns],
        orient="row",
    )
    put_in_cache(institute, bank, tmp_path)
    for sides in ("DEU,USA", "GFR+DEU,USA"):
        code, output = run("balance_spending", "--states", sides, "--years", "1960:1992", "-o", tmp_path / "a.parquet")
        assert code == 0, output
        assert pl.read_parquet(tmp_path / "a.parquet")["share"].to_list() == pytest.approx([0.25] * 33)
    assert (
        run("balance_spending", "--states", "DEU+JPN,USA", "--years", "1988:1992", "-o", tmp_path / "a.parquet")[0] == 0
    )
    shares = pl.read_parquet(tmp_path / "a.parquet")
    assert shares["share"].is_null().to_list() == [False] * 3 + [True] * 2  # Japan is a state without data from 1991
    assert shares["silent"].to_list() == [[], [], [], [740], [740]]


def put_in_cache(institute: pl.DataFrame, bank: pl.DataFrame, tmp_path: Path) -> None:
    """Import the workbook and the indicators in the publishers' layout, rebuilt from other conversions."""
    import json

    import openpyxl

    book = openpyxl.Workbook()
    for title, measure in (("Current US$", "current_usd_m"), ("Local currency calendar years", "lcu_cy")):
        rows = institute.filter(pl.col("measure") == measure).drop_nulls("value")
        wide = rows.pivot("year", index="country", values="value", sort_columns=True)
        sheet = book.create_sheet(title)
        sheet.append(["Country", *(int(year) for year in wide.columns[1:])])
        for row in wide.iter_rows():
            sheet.append(["..." if value is None else value for value in row])
    book.save(tmp_path / "milex.xlsx")
    files = {"sipri_spending": tmp_path / "milex.xlsx"}
    rate = pl.col("gdp_cur_lcu") / pl.col("gdp_cur_usd")
    columns = {"wb_product_native": "gdp_cur_lcu", "wb_product_real": "gdp_const_lcu", "wb_ppp": "ppp_lcu_per_intl"}
    for name, value in {**{name: pl.col(column) for name, column in columns.items()}, "wb_rate": rate}.items():
        response = [
            {"countryiso3code": iso, "date": str(year), "value": number}
            for iso, year, number in bank.select("iso3c", "year", value).rows()
        ]
        files[name] = tmp_path / f"{name}.json"
        files[name].write_text(json.dumps([{"pages": 1}, response]), encoding="utf-8")
    for name, file in files.items():
        result = CliRunner().invoke(main, ["data", "import", name, str(file)])
        assert result.exit_code == 0, result.output
