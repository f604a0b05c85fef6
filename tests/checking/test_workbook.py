"""SIPRI's workbook in the cache: its currencies, constant dollars and shares come first where it covers the sentence."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from tests.checking.small import small_tables

from tocsin.checking.data_sets import Library
from tocsin.checking.run import check
from tocsin.data.fetch import import_file
from tocsin.data.registry import source

SHEETS = {  # Poland in 2010 and 2020
    "Current US$": (10_000.0, 21_000.0),
    "Constant (2023) US$": (12_000.0, 18_000.0),
    "Share of GDP": (0.02, 0.03),
    "Local currency calendar years": (40e9, 60e9),
}


@pytest.fixture
def sipri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Return the small data sets without the World Bank's, and a workbook in the cache."""
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path / "cache"))
    book = openpyxl.Workbook()
    for name, values in SHEETS.items():
        sheet = book.create_sheet(name)
        sheet.append(["Country", "Currency", 2010, 2020])
        sheet.append(["Poland", "Zloty", *values])
    book.save(tmp_path / "milex.xlsx")
    import_file(source("sipri_spending"), tmp_path / "milex.xlsx")
    return Library({name: table for name, table in small_tables().items() if not name.startswith("wb_")})


def test_growth_is_read_in_the_workbooks_three_kinds_of_money(sipri: Library) -> None:
    answer = check("Poland doubled its defence spending between 2010 and 2020", sipri)
    assert {reading.name: reading.holds for reading in answer.readings} == {
        "current dollars": True,
        "current local currency": False,
        "constant dollars": False,
    }
    assert (answer.verdict, answer.data_end, answer.sources) == ("depends", 2020, ("sipri_spending",))
    assert answer.readings[2].figures[0].basis == "prices and market rates of 2023, consumer prices (SIPRI)"


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("Poland's defence spending rose by 50 % in real terms from 2010 to 2020", "true"),
        ("Poland spent 21 billion dollars on defence in 2020", "true"),
        ("Poland spent 60 billion zloty on defence in 2020", "true"),
        ("Poland spent more than 3 % of its GDP on defence in 2020", "false"),
        ("Poland spent 3 % of its GDP on defence in 2020", "true"),
    ],
)
def test_levels_and_shares(sentence: str, verdict: str, sipri: Library) -> None:
    answer = check(sentence, sipri)
    assert answer.verdict == verdict
    assert answer.sources == ("sipri_spending",)


def test_years_before_the_workbook_come_from_the_other_set(sipri: Library) -> None:
    answer = check("Poland doubled its defence spending between 2000 and 2004 in dollars", sipri)
    assert (answer.verdict, answer.sources) == ("true", ("nmc",))
