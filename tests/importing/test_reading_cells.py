"""Numbers, dates, units, values and keys are read as they stand, and never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importing.support import grouped

from tocsin.importing.cells import read_value, without_marks
from tocsin.importing.dates import read_date
from tocsin.importing.keys import key_of, slug
from tocsin.importing.numbers import Decimal as Mark
from tocsin.importing.numbers import form_of, plain_number
from tocsin.importing.remarks import CellError, Remark
from tocsin.importing.remarks import grouped as by_cause
from tocsin.importing.sources import SourceBook
from tocsin.importing.units import combined_unit, read_unit, unit_of_title


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("1,234", "either"), ("1.234", "either"), ("1,234.5", "."), ("1.234,5", ","), ("12,5", ","), ("0.123", "."), ("0,123", ","),
        ("1234.567", "."), ("1,234,567", "."), ("1.234.567", ","), ("12,34,567", "."), ("1 234,567", ","), ("1'234.567", "."),
        ("1.2.3", "bad"), ("1,2,3", "bad"), ("12", "plain"), ("1 234", "plain"),
    ],
)  # fmt: skip
def test_a_number_shows_its_decimal_mark_or_leaves_it_open(text: str, form: str) -> None:
    assert form_of(text) == form


@given(
    whole=st.integers(0, 10**12),
    part=st.integers(0, 999),
    marks=st.sampled_from([(",", "."), (".", ","), (" ", ","), (" ", "."), ("'", "."), ("’", ",")]),
)
def test_a_number_that_this_test_writes_is_read_back(whole: int, part: int, marks: tuple[str, Mark]) -> None:
    value = Decimal(whole) + Decimal(part).scaleb(-3)
    read = plain_number(grouped(value, *marks), marks[1])
    assert read is not None and Decimal(read) == value


@given(st.text(alphabet="0123456789.,' eE+-", max_size=20))
def test_no_number_has_a_value_that_its_digits_do_not_give(text: str) -> None:
    marks: tuple[Mark, ...] = (".", ",")
    for mark in marks:
        read = plain_number(text, mark)
        if read is not None:
            assert "".join(filter(str.isdigit, read)).lstrip("0") == "".join(filter(str.isdigit, text)).lstrip("0")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2024", "2024"), ("2024-03", "2024-03"), ("2024/3/5", "2024-03-05"), ("5 March 2024", "2024-03-05"), ("Mar-24", "2024-03"),
        ("FY24", "2024"), ("13/05/2024", "2024-05-13"), ("05/13/2024", "2024-05-13"), ("05.03.2024", "2024-03-05"),
        ("03/03/2024", "2024-03-03"), ("2015/2024", "2015/2024"), ("2015–24", "2015/2024"), ("2023/24", "2023/2024"),
        ("H2 2024", "2024-07/2024-12"), ("2024年3月5日", "2024-03-05"), ("2010 to 2012", "2010/2012"),
        ("1 Jan 2020 - 3 Feb 2021", "2020-01-01/2021-02-03"), ("5-Mar-71", "1971-03-05"), ("2024-11/12", "2024-11/2024-12"), ("2024-03-05/09", "2024-03-05/2024-03-09"),
    ],
)  # fmt: skip
def test_dates_of_every_kind_are_read(text: str, read: str) -> None:
    assert read_date(text, None).text == read


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("03/05/2024", "exchanged"), ("2011/12", "two years or a month"), ("2024-02-30", "no day"), ("2024-02-03/30", "no day"), ("2024-12/11", "does not end"), ("early 2024", "not a date"),
        ("3000", "after 2200"), ("2024/2015", "does not end after"), ("Q4 24", "not a date"), ("H3 2024", "not a date"),
    ],
)  # fmt: skip
def test_a_date_that_may_be_two_or_none_is_refused(text: str, cause: str) -> None:
    with pytest.raises(CellError) as caught:
        read_date(text, None)
    assert cause in caught.value.cause


def test_the_order_of_day_and_month_is_taken_where_it_is_given() -> None:
    assert read_date("03/05/2024", "dmy").text == "2024-05-03"
    assert read_date("03/05/2024", "mdy").text == "2024-03-05"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("US$ m.", "USD m"), ("A$ bn", "AUD bn"), ("CA$ m", "CAD m"), ("million yen", "JPY m"), ("% of GDP", "%"), ("Constant (2022) US$ m.", "USD m of 2022"),
        ("million USD of 2023", "USD m of 2023"), ("USD millions, 2023 prices", "USD m of 2023"), ("constant 2023 USD", "USD of 2023"),
        ("USD bn of 2023 per year", "USD bn of 2023 per year"), ("frigates", "count of frigates"), ("nm", "count of nm"),
        ("incursions/year", "count of incursions per year"), ("thousand troops", "k persons"), ("bn €", "EUR bn"), ("Mrd EUR", "EUR bn"),
        ("조원", "KRW trn"), ("t", "count of t"), ("ships", "ships"), ("", "1"), ("count", "1"), ("USD m (constant 2023)", "USD m of 2023"),
        ("USD m (current)", "USD m"), ("percent of GDP", "%"), ("launchers/missiles", "count of launchers missiles"), ("persons per year", "persons per year"),
    ],
)  # fmt: skip
def test_units_are_read_as_written_and_other_things_are_counted(text: str, unit: str) -> None:
    assert read_unit(text).text == unit


@pytest.mark.parametrize("text", ["JPN bn", "2015=100", "억원", "USD EUR", "USD m bn"])
def test_a_unit_that_cannot_be_read_is_no_count(text: str) -> None:
    with pytest.raises(CellError):
        read_unit(text)


@pytest.mark.parametrize(
    ("cell", "column", "value", "unit"),
    [
        ("$4.5bn", "", "4.5", "USD bn"), ("12.5%", "", "12.5", "%"), ("60 ships", "", "60", "ships"), ("−3.5", "", "-3.5", "1"),
        ("３５", "", "35", "1"), ("yes", "", "true", "truth"), ("2024-03-05", "", "2024-03-05", "date"), ("classified", "", "classified", "text"),
        ("12%", "%", "12", "%"), ("5 (USD m)", "", "5", "USD m"), ("45 (est.)", "", "45", "1"), ("007", "text", "007", "text"),
        ("Tier 1; high", "category", "Tier 1; high", "text"), ("10.4 million", "votes", "10.4", "m votes"), ("3 bn", "USD", "3", "bn USD"),
        ("2 thousand", "barrels per day", "2", "count of k barrels per day"), ("5", "km²", "5", "count of square km"), ("5 sq km", "", "5", "count of square km"),
    ],
)  # fmt: skip
def test_values_of_every_kind_are_read(cell: str, column: str, value: str, unit: str) -> None:
    read = read_value(cell, column, None)
    assert read is not None and (read.text, read.unit) == (value, unit)


@pytest.mark.parametrize(
    "cell",
    [
        "~500",
        "10-15",
        "500+",
        "(123)",
        "<5",
        "12 of 15",
        "3rd Fleet",
        "15 at most",
        "=SUM(A1:A3)",
        "#DIV/0!",
        "1.2.3",
        "1,234",
        "½",
        "5 to 6",
    ],
)
def test_what_is_not_one_exact_number_is_refused(cell: str) -> None:
    for unit in ("", "ships"):
        with pytest.raises(CellError):
            read_value(cell, unit, None)


@pytest.mark.parametrize("cell", ["G$21.9bn", "about $5m", "some EUR 5"])
def test_money_that_cannot_be_read_is_no_text(cell: str) -> None:
    with pytest.raises(CellError, match="money"):
        read_value(cell, "", None)


@pytest.mark.parametrize("cell", ["", "n/a", "N/A", "..", "-", "–", "no data", "n/a*", ". .", "n / a"])
def test_a_missing_value_is_none_and_never_zero(cell: str) -> None:
    assert read_value(cell, "ships", None) is None


def test_a_cell_and_its_column_must_not_name_two_units() -> None:
    with pytest.raises(CellError):
        read_value("5 km", "ships", None)
    for cell, column in (("5 million", "%"), ("5 million", "bn votes"), ("5 m", "ships"), ("5 million", "1")):
        with pytest.raises(CellError):
            read_value(cell, column, None)
    read = read_value("$5", "USD m", None)
    assert (
        read is not None
        and read.unit == "USD m"
        and read.reading is not None
        and "as the latter" in read.reading.guessed
    )


@pytest.mark.parametrize(
    ("cell", "text"), [("1,234*", "1,234"), ("*12", "12"), ("12¹²", "12"), ("12[a]", "12"), ("12(1)", "12"), ("x", "x")]
)
def test_footnote_marks_are_no_digits(cell: str, text: str) -> None:
    assert without_marks(cell)[0] == text


def test_hangul_and_accents_become_latin_keys() -> None:
    assert slug("일본 예산") == "ilbon_yesan"
    assert slug("Größe (Łódź)") == "Grosse_Lodz"
    assert slug("日本") == ""
    assert key_of(["budget.JPN.FY2026"], "t") == "budget.JPN.FY2026"
    assert key_of(["2024", "Åland"], "t") == "t.2024.Aland"


def test_citations_become_keys_and_known_ones_are_found_again() -> None:
    book = SourceBook({"mod": "Ministry of Defence, 2024"})
    assert book.keys("ministry of defence, 2024") == ("mod",)
    assert book.keys("mod; Kim (2020), https://example.org/a") == ("mod", "kim_example_org_2020")
    assert book.keys("Kim (2020), https://example.org/a") == ("kim_example_org_2020",)
    assert book.new["kim_example_org_2020"].url == "https://example.org/a"
    assert book.keys("국방부") == ("gukbangbu",)
    assert book.keys("mod2; \x08") == ("mod2",)
    assert book.keys("日本") == ("source",) and book.keys("中国") == ("source_2",)


def test_remarks_are_grouped_by_cause_with_three_rows_and_a_count() -> None:
    text = by_cause(Remark("no date", "write one", row, f"cell {row}") for row in range(2, 300))
    assert text == ["no date: row 2 ('cell 2'), row 3 ('cell 3'), row 4 ('cell 4') and 295 more\n  remedy: write one"]


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Spending (USD bn) 2023", "USD bn"), ("Spending (nominal)", ""), ("Spending (2023)", ""), ("Share in %", "%"), ("Budget, JPY trn", "JPY trn"),
        ("Patrols (sorties)", "sorties"), ("Year in office", ""), ("Troops in thousands", "thousands"), ("Value", ""),
    ],
)  # fmt: skip
def test_the_name_of_a_column_may_have_the_unit(title: str, unit: str) -> None:
    assert unit_of_title(title) == unit


def test_a_column_of_units_and_the_header_are_read_together() -> None:
    assert combined_unit("EUR", "millions") == "EUR m"
    assert combined_unit("", "USD bn") == "USD bn"
    assert combined_unit("EUR bn", "EUR bn") == "EUR bn"
    for column, title in (("EUR", "USD"), ("EUR bn", "millions"), ("ships", "%")):
        with pytest.raises(CellError):
            combined_unit(column, title)
