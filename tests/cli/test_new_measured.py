"""`tocsin new` with the public data sets: pacts, reach, forces and spending as known on the day of the case."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner, Result
from openpyxl.styles import Font
from tests.cli.test_measure import put_in_cache
from tests.data.test_readers import cached as cached
from tests.data.test_readers import own_cached as own_cached

import tocsin.data.readers as readers
from tocsin.assessment.run import assess
from tocsin.case import Case, load
from tocsin.case.lint import lint
from tocsin.case.reasons import counted
from tocsin.cli import main
from tocsin.cli.new_money import SERIES, Last, Money
from tocsin.data.fetch import import_file
from tocsin.data.registry import source
from tocsin.measures import computing, readings

once = cache(readers.read)
"""Reads each data set once for all tests of this module."""

PAIRS = {
    "july": ("Germany", "UK", "1914-06-27"),
    "kuwait": ("Iraq", "Kuwait", "1990-08-01"),
    "himalaya": ("CHN", "India", "2024-06-30"),
    "horn": ("Ethiopia", "Eritrea", "2024-06-30"),
}
HELPERS = {
    "july": (("JPN",), ("AUH",)),
    "kuwait": ((), ()),
    "himalaya": ((), ("PRK",)),
    "horn": ((), ("DZA",)),
}

SILENT = ("himalaya", "horn")
"""Pairs with a state whose spending is not known: North Korea since 2002, Eritrea since 2012."""


@pytest.fixture
def data(cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the real data sets into the cache, each read once."""
    del cached
    for name in ("nmc", "states", "distance", "capitals", "false_dyads", "atop_dyads", "atop_members"):
        once(name)
    monkeypatch.setattr(readers, "read", once)
    for module in (
        computing,
        readings,
    ):  # imported above: a module imported while `read` is replaced would keep the replacement
        monkeypatch.setattr(module, "read", once)


def new(folder: Path, challenger: str, target: str, day: str, *options: str, answers: str = "") -> Result:
    given = ("--title", "Why?", "--challenger", challenger, "--target", target, "--as-of", day)
    return CliRunner().invoke(main, ["new", str(folder), *given, *options], input=answers)


def measured(case: Case) -> dict[str, str]:
    """Return the measure behind each stated input, by name."""
    return {name: belief.from_ or "" for name, belief in case.beliefs.items() if not belief.is_default}


# --- the four pairs --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_gets_a_case_that_agrees_with_its_data_and_knows_nothing_later(tmp_path: Path, name: str) -> None:
    done = new(tmp_path / name, *PAIRS[name])
    assert done.exit_code == 0, done.output
    case = load(tmp_path / name)
    assert str(case.as_of) == PAIRS[name][2]
    assert (case.theatres["main"].protectors, case.theatres["main"].backers) == HELPERS[name]
    expected = ("the template's text", "take stored estimates", "estimates rest on years after")
    assert [notice.message for notice in lint(case) if not any(part in notice.message for part in expected)] == []
    years = [int(year) for text in measured(case).values() for year in re.findall(r"/(\d{4})", text)]
    assert years and max(years) < case.as_of.year
    assert counted(case)["judged"] == counted(case)["no reason"] == 0
    assert counted(case)["template"] == (1 if name in SILENT else 0)


@pytest.mark.slow
@pytest.mark.numeric
@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("name", PAIRS)
def test_the_case_of_a_pair_can_be_assessed(tmp_path: Path, name: str) -> None:
    new(tmp_path / name, *PAIRS[name])
    (claim,) = assess(load(tmp_path / name), seed=1, draws=16).claims
    assert claim.verdict in ("cannot tell", "holds", "fails")


# --- pacts -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("data")
def test_helpers_are_those_bound_by_a_pact_on_the_day_and_the_others_are_named(tmp_path: Path) -> None:
    done = new(tmp_path / "c", *PAIRS["july"])
    assert "Bound to defend United Kingdom by a defence pact on 1914-06-27: Japan." in done.output
    assert "Also bound to defend Germany, and left out: Italy, Romania." in done.output
    case = load(tmp_path / "c")
    assert case.values == {"pact.JPN.GBR": True, "pact.AUH.DEU": True}
    assert case.facts["pact.JPN.GBR"].from_ == "measure/pacts/GBR,JPN/1914/owed_by_2"


@pytest.mark.usefixtures("data")
def test_states_bound_to_both_sides_help_neither_and_are_named(tmp_path: Path) -> None:
    done = new(tmp_path / "c", *PAIRS["kuwait"])
    assert "Bound to defend both sides, and left out: Somalia, Djibouti" in done.output
    assert "Iraq is itself bound to defend Kuwait." in done.output


@pytest.mark.usefixtures("data")
def test_a_named_protector_without_a_pact_is_said_and_stands_in_the_file(tmp_path: Path) -> None:
    done = new(tmp_path / "c", *PAIRS["kuwait"], "--protector", "USA")
    assert "Without a defence pact with Kuwait on 1990-08-01: United States." in done.output
    case = load(tmp_path / "c")
    assert case.values["pact.USA.KWT"] is False
    assert not [notice for notice in lint(case) if "differs" in notice.message]
    assert "shadow" not in measured(case), "the United States has nuclear weapons"


@pytest.mark.usefixtures("data")
def test_nobody_is_an_answer_although_a_pact_exists(tmp_path: Path) -> None:
    done = new(tmp_path / "c", *PAIRS["july"], "--protector", "nobody", "--backer", "Nobody")
    assert done.exit_code == 0
    theatre = load(tmp_path / "c").theatres["main"]
    assert (theatre.protectors, theatre.backers) == ((), ())
    assert "Also bound to defend United Kingdom, and left out: Japan." in done.output


@pytest.mark.usefixtures("data")
def test_questions_propose_the_helpers_that_pacts_bind(tmp_path: Path) -> None:
    command = ["new", str(tmp_path / "c"), "--as-of", "1914-06-27"]
    done = CliRunner().invoke(main, command, input="Why?\nGermany\nUK\n\nTurkey\n")
    assert "empty: JPN (Japan), by defence pact; or nobody" in done.output
    assert "empty: AUH (Austria-Hungary), by defence pact; or nobody" in done.output
    theatre = load(tmp_path / "c").theatres["main"]
    assert (theatre.protectors, theatre.backers) == (("JPN",), ("TUR",))


# --- reach and weapons -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("data")
def test_reach_comes_from_distance_and_a_neighbour_has_all_of_its_force(tmp_path: Path) -> None:
    new(tmp_path / "c", *PAIRS["july"])
    july = load(tmp_path / "c")
    far, near = (july.distributions[f"reach.{actor}"].quantile([0.0, 1.0]) for actor in ("JPN", "DEU"))
    assert far[1] < near[0] < near[1] < 1.0
    new(tmp_path / "d", *PAIRS["himalaya"])
    assert "reach.CHN" not in measured(load(tmp_path / "d"))


@pytest.mark.usefixtures("data")
def test_a_protector_next_to_the_target_agrees_with_its_measure(tmp_path: Path) -> None:
    new(tmp_path / "c", "Russia", "Poland", "2015-06-30", "--protector", "Germany", "--backer", "nobody")
    case = load(tmp_path / "c")
    assert case.distributions["reach.DEU"].quantile([1.0])[0] == pytest.approx(1.0)
    assert not [notice for notice in lint(case) if "differs" in notice.message]


@pytest.mark.usefixtures("data")
def test_only_a_case_with_a_nuclear_power_has_its_shadow(tmp_path: Path) -> None:
    new(tmp_path / "c", "Argentina", "UK", "1982-04-01", "--protector", "nobody", "--backer", "nobody")
    assert "shadow" not in measured(load(tmp_path / "c"))
    new(tmp_path / "d", *PAIRS["july"])
    case = load(tmp_path / "d")
    assert (case.beliefs["shadow"].is_, case.beliefs["shadow"].source) == ("fixed(0)", ("nuclear",))


@pytest.mark.usefixtures("data")
def test_before_distances_are_known_reach_keeps_its_default(tmp_path: Path) -> None:
    done = new(tmp_path / "c", "France", "Spain", "1820-01-01")
    case = load(tmp_path / "c")
    assert "Netherlands" in done.output and case.theatres["main"].protectors == ("NLD",)
    assert case.beliefs["reach.NLD"].is_default
    assert not [notice for notice in lint(case) if "differs" in notice.message]


# --- history ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("data")
def test_the_record_of_disputes_stands_beside_a_present_game_and_not_a_past_one(tmp_path: Path) -> None:
    texts = {}
    for name in ("horn", "july"):
        new(tmp_path / name, *PAIRS[name])
        texts[name] = (tmp_path / name / "case.yaml").read_text(encoding="utf-8")
    assert "their disputes to 2014: evidence/hostility/ETH/ERI/2024." in texts["horn"]
    assert "disputes a year" not in texts["july"]


# --- forces and money ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("data")
def test_forces_and_spending_are_those_of_the_last_year_before_the_day(tmp_path: Path) -> None:
    done = new(tmp_path / "c", *PAIRS["july"])
    beliefs = load(tmp_path / "c").beliefs
    rows = once("nmc").filter(pl.col("state") == 255, pl.col("year") == 1913).row(0, named=True)
    assert beliefs["personnel.DEU"].is_ == f"fixed({1000 * rows['milper']:.0f})"
    assert beliefs["personnel.DEU"].from_ == "measure/components/DEU/1913/personnel"
    # thousands of pounds, at the gold parity
    assert beliefs["spending.DEU"].is_ == f"fixed({rows['milex'] * 1e3 * 4.8665 / 1e9:.4g})"
    assert "1913" in beliefs["spending.DEU"].why and "market rates" in beliefs["spending.DEU"].why
    assert "market rates" in done.output
    assert "market rates" in (tmp_path / "c" / "case.yaml").read_text(encoding="utf-8").partition("beliefs:")[0]


@pytest.mark.usefixtures("data")
def test_spending_that_ended_long_ago_is_unknown_and_not_zero(tmp_path: Path) -> None:
    done = new(tmp_path / "c", *PAIRS["horn"])
    assert re.search(r"The spending of Eritrea is not known: the last figure is .* USD bn in 2011", done.output)
    case = load(tmp_path / "c")
    low, high = case.distributions["spending.ERI"].quantile([0.05, 0.95])
    assert 0 < low < 0.078 < high and high / low > 4
    assert "last figure" in case.beliefs["spending.ERI"].why


@pytest.fixture
def sipri(data: None, own_cached: Path, tmp_path: Path) -> None:
    """Put a workbook with made-up figures of three states, in millions, into a cache of the test's own: other tests share the usual one."""
    del data, own_cached
    figures = {"China": (200_000.0, 250_000.0), "India": (50_000.0, 70_000.0), "Ethiopia": (400.0, 500.0)}
    book = openpyxl.Workbook()
    for name in ("Current US$", "Constant (2023) US$"):
        sheet = book.create_sheet(name)
        sheet.append(["Country", 2010, 2022])
        for country, values in figures.items():
            sheet.append([country, *(value * (1.5 if "Constant" in name else 1.0) for value in values)])
    current = book["Current US$"]
    current.append(["Korea, North", 1000.0, 1600.0])
    for cell in current[current.max_row]:
        cell.font = Font(color="FFFF0000")
    file = tmp_path / "workbook" / "milex.xlsx"
    file.parent.mkdir()
    book.save(file)
    import_file(source("sipri_spending"), file)


@pytest.mark.usefixtures("sipri")
def test_real_money_of_sipri_comes_before_current_money_at_market_rates(tmp_path: Path) -> None:
    done = new(tmp_path / "c", *PAIRS["himalaya"], "--backer", "nobody")
    case = load(tmp_path / "c")
    assert case.beliefs["spending.IND"].is_ == "fixed(105)"
    assert case.beliefs["spending.IND"].from_ == "measure/spending_stated/IND/2022/real_dollars"
    assert "dollars of 2023" in case.beliefs["spending.IND"].why and "dollars of 2023" in done.output
    assert not [notice for notice in lint(case) if "differs" in notice.message]


@pytest.mark.usefixtures("data", "own_cached")
def test_spending_at_military_rates_comes_first_where_the_world_bank_has_prices(tmp_path: Path) -> None:
    countries = ("Germany", "Japan", "United States of America")
    rows = [
        (country, year, measure, unit * 300.0)
        for country in countries
        for year in range(1991, 2002)
        for measure, unit in (("current_usd_m", 1.0), ("lcu_cy", 1e6))
    ]
    institute = pl.DataFrame(rows, schema=["country", "year", "measure", "value"], orient="row")
    prices = {"gdp_cur_lcu": 2.0, "gdp_cur_usd": 1.0, "gdp_const_lcu": 2.0, "ppp_lcu_per_intl": 1.0}
    bank = pl.DataFrame(
        [(iso, year, *prices.values()) for iso in ("DEU", "JPN", "USA") for year in range(1991, 2024)],
        schema=["iso3c", "year", *prices],
        orient="row",
    )
    put_in_cache(institute, bank, tmp_path)
    new(tmp_path / "c", "Japan", "Germany", "2001-06-30", "--protector", "nobody", "--backer", "nobody")
    case = load(tmp_path / "c")
    # 300 million at 2 to the dollar in the market and 1 in purchasing power: 0.15 to 0.3 billion, and half way in logs
    assert case.beliefs["spending.DEU"].from_ == "measure/spending/DEU/2000/military"
    value = case.distributions["spending.DEU"].quantile([0.5])[0]
    assert value == pytest.approx(0.3 / 2**0.5, rel=1e-3)
    assert not [notice for notice in lint(case) if "differs" in notice.message]


@pytest.mark.usefixtures("sipri")
def test_a_figure_that_sipri_calls_highly_uncertain_counts_as_unknown(tmp_path: Path) -> None:
    new(tmp_path / "c", *PAIRS["himalaya"])
    case = load(tmp_path / "c")
    assert "in another data set is 2 USD bn in 2001" in case.beliefs["spending.PRK"].why
    assert case.beliefs["spending.CHN"].from_ == "measure/spending_stated/CHN/2022/real_dollars"


@pytest.mark.usefixtures("sipri")
def test_of_two_series_that_with_more_states_counts_for_all(tmp_path: Path) -> None:
    new(tmp_path / "c", "Ethiopia", "Kenya", "2024-06-30", "--protector", "nobody", "--backer", "nobody")
    origins = measured(load(tmp_path / "c"))
    assert [origins[f"spending.{code}"] for code in ("ETH", "KEN")] == [
        f"measure/components/{code}/2022/spending" for code in ("ETH", "KEN")
    ]


def _money(**figures: dict[int, Last]) -> Money:
    return Money(SERIES[-1], figures.get("last", {}), figures.get("elsewhere", {}), 2020)


def test_a_figure_of_another_data_set_gives_a_wider_range_than_one_of_the_same() -> None:
    old = Last(2.0, 2010, "", is_old=True)
    same, other = _money(last={1: old}).wide(1, None), _money(elsewhere={1: old}).wide(1, None)
    assert same is not None and other is not None
    assert same.distribution == f"lognormal({2 * 0.96**10:.3g} to {2 * 1.11**10:.3g})"
    assert other.distribution == f"lognormal({0.6 * 2 * 0.96**10:.3g} to {2 * 2 * 1.11**10:.3g})"
    assert "another data set" in other.why and "another" not in same.why


@pytest.mark.usefixtures("data")
def test_without_any_figure_soldiers_cost_what_they_cost_elsewhere() -> None:
    soldiers = Last(100_000.0, 2020, "", is_old=False)
    wide = _money().wide(1, soldiers)
    assert wide is not None
    low, high = map(float, re.findall(r"[\d.]+", wide.distribution))
    assert 0.1 < low < 1 < 10 < high < 100
    assert _money().wide(1, None) is None


def test_without_data_forces_are_a_template_and_the_user_learns_what_to_get(tmp_path: Path) -> None:
    done = new(tmp_path / "c", *PAIRS["july"], "--protector", "France")
    assert done.exit_code == 0
    assert "run `tocsin data get atop_dyads" in done.output
    assert counted(load(tmp_path / "c"))["template"] == 6


# --- the day ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "says"), [("1914-13-01", "is not a day"), ("yesterday", "is not a day"), ("1700-01-01", "no case"), ("2999-01-01", "no case")]
)  # fmt: skip
def test_a_day_outside_the_data_is_refused(tmp_path: Path, day: str, says: str) -> None:
    done = new(tmp_path / "c", "Germany", "UK", day)
    assert done.exit_code == 2
    assert says in done.stderr
    assert not (tmp_path / "c").exists()


def test_a_name_means_the_state_that_had_it_on_the_day(tmp_path: Path) -> None:
    new(tmp_path / "c", "Russia", "West Germany", "1985-06-30", "--protector", "USA")
    actors = load(tmp_path / "c").actors
    assert {key: actor.cow for key, actor in actors.items()} == {"RUS": 365, "GFR": 260, "USA": 2}
