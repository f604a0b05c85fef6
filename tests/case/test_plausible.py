"""Lint gives a notice where money suggests a misprint, and none where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import RATES, SPENDING, write_case

from tocsin.case import load
from tocsin.case.lint import Notice, lint
from tocsin.case.plausible import money_findings
from tocsin.errors import CaseErrors

YEN = """\
JPY,2019,109,0.97,103,book
JPY,2020,106.8,0.98,102,book
JPY,2021,109.8,0.98,100,book
JPY,2022,131.5,0.99,97,book
JPY,2023,140.5,1,95,book
"""


def notices(folder: Path, *, rates: str = RATES + YEN, spending: str = SPENDING) -> list[Notice]:
    """The notices of lint about the minimal case with these tables that a sound table does not get."""
    write_case(folder)
    (folder / "rates.csv").write_text(rates, encoding="utf-8")
    (folder / "spending.csv").write_text(spending, encoding="utf-8")
    case = load(folder)
    known = {message for _, message, _ in money_findings(case)}
    return [notice for notice in lint(case) if notice.message in known]


def test_sound_money_gets_no_notice(tmp_path: Path) -> None:
    assert notices(tmp_path) == []


SPENDING_FAULTS = [
    (
        "GAM,2022,record,21,USD bn",
        "GAM,2022,record,21000,USD bn",
        10,
        "spending of GAM in 2022 (21000 USD bn) is 1,050 times",
    ),
    ("GAM,2022,record,21,USD bn", "GAM,2022,record,21,USD trn", 10, "1,050 times that of 2021"),
    ("GAM,2022,record,21,USD bn", "GAM,2022,record,21,USD m", 10, "is 1/952 of"),
    ("BET,2022,record,1010,XTS bn", "BET,2022,record,1010,USD bn", 3, "spending of BET in 2022 (1010 USD bn) is"),
    ("BET,2022,record,1010,XTS bn", "BET,2022,record,1010,JPY bn", 3, "is in JPY, most of its rows are in XTS"),
    ("BET,2024,rise,1300", "BET,2024,rise,13000", 7, "spending of BET in 2024 (13000 XTS bn)"),
    ("GAM,2022,record,21,", "GAM,2022,record,0,", 10, "spending of GAM in 2022 on path `record` is 0"),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), SPENDING_FAULTS)
def test_spending_that_jumps_gets_a_notice(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in SPENDING
    given = notices(tmp_path, spending=SPENDING.replace(old, new))
    matching = [notice for notice in given if message in notice.message]
    assert matching, [notice.message for notice in given]
    assert (matching[0].file, matching[0].line) == ("spending.csv", line)
    assert matching[0].remedy


@pytest.mark.parametrize("prefix", ["trn", "k"])
def test_a_whole_path_in_the_wrong_prefix_gets_a_notice(tmp_path: Path, prefix: str) -> None:
    given = notices(tmp_path, spending=SPENDING.replace("USD bn", f"USD {prefix}"))
    (notice,) = [notice for notice in given if "comes to" in notice.message]
    assert notice.message.startswith("spending of GAM in 2021 on path `record`")
    assert notice.message.endswith("billion dollars" if prefix == "trn" else "under a million dollars")


RATE_FAULTS = [
    ("JPY,2022,131.5", "JPY,2022,0.0076", "yearly means were 79.7 to 347.8 in 1971-2025", "not dollars per JPY"),
    (
        "JPY,2022,131.5",
        "JPY,2022,13150",
        "per_usd of JPY is 13150 in 2022; yearly means were 79.7 to 347.8 in 1971-2025 (US Federal Reserve, H.10)",
        "seems 100 times too large",
    ),
    (
        "JPY,2022,131.5",
        "JPY,2022,13150",
        "the market rate of JPY changes more than threefold in a year: to 120 times in 2022, to 1/94 in 2023",
        "digits",
    ),
    ("JPY,2022,131.5", "JPY,2022,1.315", "per_usd of JPY is 1.315 in 2022", "seems 100 times too small"),
    (
        "XTS,2022,130",
        "XTS,2022,13000",
        "the market rate of XTS changes more than threefold in a year: to 118 times in 2022, to 1/93 in 2023",
        "digits",
    ),
    (
        "XTS,2021,110,0.95,90",
        "XTS,2021,110,95,90",
        "the GDP deflator of XTS changes more than threefold in a year: to 1/98 in 2022",
        "digits",
    ),
    ("XTS,2023,140,1,95", "XTS,2023,140,104,95", "the deflator of XTS in the price year 2023 is 104, not 1", "divide"),
    ("XTS,2022,130,0.97,92", "XTS,2022,130,0.97,0.02", "ppp and per_usd of XTS in 2022 differ", "per dollar"),
    ("USD,2022,1,0.96,1", "USD,2022,2,0.96,1", "per_usd of USD is 2 in 2022, but a dollar is 1 dollar", "write 1"),
    ("USD,2022,1,0.96,1", "USD,2022,1,0.96,1.2", "ppp of USD is 1.2 in 2022", "write 1"),
]


@pytest.mark.parametrize(("old", "new", "message", "remedy"), RATE_FAULTS)
def test_a_rate_that_no_year_has_seen_gets_a_notice(
    tmp_path: Path, old: str, new: str, message: str, remedy: str
) -> None:
    assert old in RATES + YEN
    given = notices(tmp_path, rates=(RATES + YEN).replace(old, new))
    matching = [notice for notice in given if message in notice.message]
    assert matching, [notice.message for notice in given]
    assert remedy in (matching[0].remedy or "")
    assert matching[0].file == "rates.csv"


def test_rates_the_wrong_way_round_in_every_year_get_one_notice(tmp_path: Path) -> None:
    turned = "".join(
        ",".join([*row.split(",")[:2], f"{1 / float(row.split(',')[2]):.6f}", *row.split(",")[3:]]) + "\n"
        for row in YEN.splitlines()
    )
    given = [notice.message for notice in notices(tmp_path, rates=RATES + turned) if "yearly means" in notice.message]
    assert len(given) == 1
    assert "is 0.009174 in 2019, 0.009363 in 2020, 0.009107 in 2021 and so on in 2 more;" in given[0]


def test_a_deflator_that_never_changes_gets_a_notice(tmp_path: Path) -> None:
    rows = "".join(f"KPW,{year},900,1,800,book\n" for year in range(2019, 2024))
    (notice,) = notices(tmp_path, rates=RATES + rows)
    assert notice.message == "the deflator of KPW is 1 in all of 5 years"


def test_a_range_outside_its_years_is_wider(tmp_path: Path) -> None:
    assert notices(tmp_path, rates=RATES + "JPY,1960,360,0.2,200,book\n") == []


def test_spending_below_zero_is_an_error(tmp_path: Path) -> None:
    folder = write_case(tmp_path)
    (folder / "spending.csv").write_text(SPENDING.replace("GAM,2022,record,21", "GAM,2022,record,\u221221"))
    with pytest.raises(CaseErrors, match="negative spending"):
        load(folder)
