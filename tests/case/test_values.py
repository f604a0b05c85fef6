"""Values of facts: what is no number, no money and no text beyond doubt is refused, with the remedy that works."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from babel.core import get_global
from tests.support import CASE, FACTS, minimal_case, write_case

from tocsin.case import load
from tocsin.case.currencies import is_currency, rate_range
from tocsin.case.units import parse_quantity, parse_unit
from tocsin.case.values import parse_value
from tocsin.errors import CaseErrors, InputError


@pytest.mark.parametrize("text", ["\u22125 JPY bn", "-5 JPY bn"])
def test_the_typographic_minus_is_a_minus(text: str) -> None:
    assert parse_value(text) == parse_quantity("-5 JPY bn")
    assert parse_value("\u22125", "JPY bn") == parse_quantity("-5 JPY bn")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("¥9.04 trn", "looks like money"),
        ("$5 bn", "looks like money"),
        ("NT$5 bn", "looks like money"),
        ("JPY 9.04 trn", "looks like money"),
        ("YEN 9.04 trn", "looks like money"),
        ("€5", "looks like money"),
        ("about 9 JPY trn", "ends in a quantity"),
        ("ca. 9 %", "ends in a quantity"),
        ("some 300 k persons", "ends in a quantity"),
        ("(5 JPY bn)", "neither a number nor clearly a text"),
        ("~9", "neither a number nor clearly a text"),
        ("\u20135", "neither a number nor clearly a text"),
        ("＋5", "neither a number nor clearly a text"),
        ("９.04 JPY trn", "neither a number nor clearly a text"),
        ("#REF!", "neither a number nor clearly a text"),
        ("n/a", "stands for a missing value"),
        ("N/A", "stands for a missing value"),
        ("#N/A", "stands for a missing value"),
        ("NaN", "stands for a missing value"),
        ("NULL", "stands for a missing value"),
        ("-", "stands for a missing value"),
        ("\u2014", "stands for a missing value"),
        ("?", "stands for a missing value"),
        ("not available", "stands for a missing value"),
        ("", "blank"),
        ("  ", "blank"),
        ("\u200b", "blank"),
        ("\u3164", "blank"),
        ("9.04 YEN trn", "unknown unit"),
        ("9999-12-31", "not a year from 1000 to 2200"),
    ],
)
def test_what_is_no_value_is_never_a_text(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_value(text)
    assert message in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text", ["engaging", "more work with Washington and Tokyo", "FY2026", "Plan of 2022", "見直し", "G7"]
)
def test_a_text_stays_a_text(text: str) -> None:
    assert parse_value(text) == text


@pytest.mark.parametrize("text", ["about 9 JPY trn", "¥9.04 trn", "“a quotation”"])
def test_the_unit_text_makes_any_text_a_text(text: str) -> None:
    assert parse_value(text, "text") == text


@pytest.mark.parametrize("text", ["true", "TRUE", "True"])
def test_a_truth_value_is_read_in_every_case_of_letters(text: str) -> None:
    assert parse_value(text) is True
    assert parse_value(text.lower().replace("true", "FALSE"), "truth") is False


@pytest.mark.parametrize(
    ("value", "unit", "message", "remedy"),
    [
        (True, "JPY bn", "a truth value has no unit", "remove the unit"),
        (True, "text", "a truth value has no unit", "remove the unit"),
        (5, "date", "a number is not a date", "quote the value"),
        (5.5, "text", "a number is not a text", "quote the value"),
        ("5 JPY bn", "JPY bn", "has a unit", "once"),
        ("n/a", "JPY bn", "stands for a missing value", "leave out"),
        ("five", "JPY bn", "is not a number", "digits"),
    ],
)
def test_a_value_that_does_not_fit_its_unit_is_refused(
    value: str | float | bool, unit: str, message: str, remedy: str
) -> None:
    with pytest.raises(InputError) as caught:
        parse_value(value, unit)
    assert message in caught.value.message
    assert remedy in (caught.value.remedy or "")


# --- units and currencies -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "remedy"),
    [
        ("YEN bn", "did you mean `JPY bn`?"),
        ("jpy bn", "did you mean `JPY bn`?"),
        ("RMB", "did you mean `CNY`, or with a prefix `CNY bn`?"),
        ("¥ trn", "did you mean `JPY trn`?"),
        ("GDP", "ISO 4217"),
        ("SAM", "ISO 4217"),
        ("AND", "write `and` in small letters"),
        ("CNH", "did you mean `CNY`, or with a prefix `CNY bn`?"),
        ("persons per yr", "write `persons per year`"),
        ("per annum", "write `per year`"),
        ("JPY billion", "write `JPY bn`"),
        ("USD mn", "write `USD m`"),
        ("people", "write `persons`"),
        ("pct", "write `%`"),
        ("missile", "`missiles`"),
    ],
)
def test_an_unknown_unit_is_refused_with_the_one_that_is_meant(unit: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_unit(unit)
    assert remedy in (caught.value.remedy or "")


def test_currencies_are_those_of_the_standard() -> None:
    assert all(map(is_currency, ("JPY", "USD", "KRW", "KPW", "CNY", "TWD", "RUB", "EUR", "DEM", "SUR", "XTS")))
    assert not any(map(is_currency, ("YEN", "GDP", "SAM", "AND", "BTC", "XXX", "XAU", "jpy", "")))
    codes = [code for code in get_global("all_currencies") if is_currency(code)]
    assert len(codes) == 255, "a code of the table is unknown to Unicode CLDR"


def test_the_range_of_a_rate_is_that_of_the_record() -> None:
    yen = rate_range("JPY")
    assert yen is not None
    assert (yen.low, yen.high) == (79.7, 347.8)  # yearly means of 2012 and 1971
    assert (yen.first_year, yen.last_year) == (1971, 2025)
    assert rate_range("KPW") is None


@pytest.mark.parametrize("code", ["YEN", "GDP", "SAM", "AND"])
@pytest.mark.parametrize("place", ["actor", "fact", "rates", "spending"])
def test_only_currencies_of_the_standard_are_accepted(tmp_path: Path, code: str, place: str) -> None:
    folder = write_case(tmp_path)
    file, old, new = {
        "actor": ("case.yaml", "BET: {name: Beta}", f"BET: {{name: Beta, currency: {code}}}"),
        "fact": ("case.yaml", "12 USD bn", f"12 {code} bn"),
        "rates": ("rates.csv", "XTS", code),
        "spending": ("spending.csv", "XTS", code),
    }[place]
    path = folder / file
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CaseErrors) as caught:
        load(folder)
    words = "small letters" if code == "AND" and place != "actor" else {"YEN": "`JPY"}.get(code, "ISO 4217")
    assert words in (caught.value.problems[0].remedy or "") or place in ("actor", "rates")
    assert code in caught.value.problems[0].message


# --- in a case ------------------------------------------------------------------------------------------

FACT = 'value: "12 USD bn", date: 2024-03-01'
TYPES = "revisionist: {weight: 0.5, by: tests, why: even}\n  security: {weight: 0.5"


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        (FACT, 'value: "12 USD bn", range: "60 to 40", date: 2024-03-01', "is reversed: 60 to 40", "lower end first"),
        (FACT, 'value: "12 USD bn", range: "20 to 2 USD bn", date: 2024-03-01', "is reversed", "lower end first"),
        (FACT, 'value: true, unit: "JPY bn", date: 2024-03-01', "truth value has no unit `JPY bn`", "remove the unit"),
        (FACT, 'value: "n/a", date: 2024-03-01', "missing value", "leave out"),
        (FACT, 'value: "12 USD bn", date: 9999-01-01', "9999 is not a year", "check the year"),
        (FACT, 'value: "12 USD bn", date: 9999', "9999 is not a year", "check the year"),
        (FACT, 'value: "12 USD bn", date: "0001"', "1 is not a year", "check the year"),
        (FACT, 'value: "12 USD bn", date: March 2024', "is not a date", "YYYY-MM-DD"),
        ("as_of: 2024-06-30", "as_of: 9999-06-30", "9999 is not a year", "check the year"),
        ('toppling: {is: "beta(0.3 to 0.8)", unit: "1", by: tests', 'toppling: {is: "beta(0.3 to 0.8)", unit: "1", by: "  "', "shows nothing", "can see"),
        ('toppling: {is: "beta(0.3 to 0.8)", unit: "1", by: tests, why: range', 'toppling: {is: "beta(0.3 to 0.8)", unit: "1", by: tests, why: "\u200b"', "shows nothing", "can see"),
        ('toppling: {is: "beta(0.3 to 0.8)", unit: "1", by: tests, why: range', 'toppling: {is: "beta(0.3 to 0.8)", unit: "1", by: tests, why: "\u3164\ufeff"', "shows nothing", "can see"),
        ('toppling: {is: "beta(0.3 to 0.8)", unit: "1", by: tests', 'toppling: {is: "beta(0.3 to 0.8)", unit: "1", by: "-"', "'-' has no letter and no digit", "write it in words"),
        ('toppling: {is: "beta(0.3 to 0.8)", unit: "1", by: tests, why: range', 'toppling: {is: "beta(0.3 to 0.8)", unit: "1", by: tests, why: "."', "'.' has no letter", "write it in words"),
        (TYPES, TYPES.replace("even", '"?! …"'), "'?! …' has no letter", "write it in words"),
        ("ALF: {name: Alpha}", 'ALF: {name: "---"}', "'---' has no letter", "write it in words"),
        (TYPES, TYPES.replace("0.5", "0", 1).replace("security: {weight: 0.5", "security: {weight: 1"), "has weight 0", "leave the type out"),
        ("swept: [0.88, 0.92, 0.96]", "swept: [0.88, 0.96]", "lacks the central discount factor, 0.92", "add it"),
        ("grade: B2", "grade: good", "good", "a letter from A to F"),
        ("ALF: {name: Alpha}", "ALF: {name: Alpha, colour: red}", "red", "six hexadecimal digits"),
        ("id: minimal", "id: Minimal Case", "Minimal Case", "lower-case letters"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_words(tmp_path: Path, old: str, new: str, message: str, remedy: str) -> None:
    assert old in CASE
    with pytest.raises(CaseErrors) as caught:
        minimal_case(tmp_path, replace={old: new})
    problem = next(p for p in caught.value.problems if message in p.message)
    assert remedy in (problem.remedy or "")
    assert problem.line
    assert "^" not in str(problem) and "\\d" not in str(problem)


@pytest.mark.parametrize("cell", ["n/a", "#N/A", "¥9.04 trn", "\u200b"])
def test_a_cell_without_a_value_is_refused(tmp_path: Path, cell: str) -> None:
    folder = write_case(tmp_path)
    (folder / "facts.csv").write_text(FACTS.replace("500000,persons", f"{cell},"))
    with pytest.raises(CaseErrors) as caught:
        load(folder)
    assert caught.value.problems[0].line == 2
    assert caught.value.problems[0].file == "facts.csv"


def test_a_source_that_shows_nothing_is_refused_in_a_table(tmp_path: Path) -> None:
    folder = write_case(tmp_path)
    path = folder / "spending.csv"
    path.write_text(path.read_text().replace("outturn,book", "outturn,\u200b", 1))
    with pytest.raises(CaseErrors) as caught:
        load(folder)
    assert "shows nothing" in caught.value.problems[0].message
    assert (caught.value.problems[0].file, caught.value.problems[0].line) == ("spending.csv", 2)


@pytest.mark.parametrize("year", ["9999", "999", "0001", "２０２３"])
def test_a_year_that_no_case_can_mean_is_refused_in_a_table(tmp_path: Path, year: str) -> None:
    folder = write_case(tmp_path)
    path = folder / "spending.csv"
    path.write_text(path.read_text().replace("GAM,2023", f"GAM,{year}"))
    with pytest.raises(CaseErrors, match="not a year"):
        load(folder)


def test_a_minus_of_word_processors_is_read_in_a_distribution(tmp_path: Path) -> None:
    case = minimal_case(tmp_path, replace={'"uniform(-0.004 to -0.0005)"': '"uniform(\u22120.004 to \u22120.0005)"'})
    assert case.distributions["cost.condemn"].quantile([0.05, 0.95]) == pytest.approx([-0.004, -0.0005])
    assert parse_quantity("\u22121.8 %").base == Fraction(-18, 1000)
