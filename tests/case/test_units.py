"""Units: algebra, round trips, refusals."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.case.units import (
    COUNTED,
    DATE,
    ONE,
    PER_YEAR,
    PREFIXES,
    Quantity,
    Unit,
    exact,
    parse_number,
    parse_quantity,
    parse_unit,
)
from tocsin.case.values import parse_value, unit_of
from tocsin.errors import InputError

parts = st.builds(
    lambda prefix, base: f"{base} {prefix}".strip(),
    st.sampled_from(["", *PREFIXES]),
    st.sampled_from(["JPY", "USD", *COUNTED]),
)
units = st.builds(
    lambda above, below: parse_unit(f"{above} per {below}" if below else above),
    parts,
    st.sampled_from(["", "year", "persons", "USD"]),
)
values = st.floats(-1e8, 1e8, allow_nan=False)


@given(units)
def test_a_unit_reads_back_as_it_is_written(unit: Unit) -> None:
    assert parse_unit(str(unit)) == unit


@given(units, units)
def test_dividing_undoes_multiplying(a: Unit, b: Unit) -> None:
    assert a * b / b == a
    assert a * b == b * a
    assert (a / a).like(ONE)


@given(values, values, units)
def test_like_quantities_add_in_either_order(x: float, y: float, unit: Unit) -> None:
    a, b = Quantity(exact(x) / unit.scale, unit), Quantity(exact(y) / unit.scale, unit)
    assert a + b == b + a
    assert a + b - b == a


@given(values)
def test_a_quantity_reads_back_as_it_is_written(x: float) -> None:
    quantity = Quantity(exact(x), parse_unit("USD bn per year"))
    assert parse_quantity(str(quantity)) == quantity


def test_prefixes_are_scales() -> None:
    assert parse_quantity("9035.3 JPY bn").base == parse_quantity("9.0353e12 JPY").base
    assert parse_quantity("1.2 m persons").base == 1.2e6
    assert parse_quantity("3 %").base == Fraction(3, 100)
    assert parse_quantity("12,345.5 USD").base == 12345.5
    assert parse_unit("per year") == PER_YEAR


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("9 JPYY", "unknown unit", "use one of"),
        ("9 person", "unknown unit", "persons"),
        ("9 JPY USD", "not one base", "JPY bn"),
        ("9 JPY per", "ends in `per`", "per year"),
        ("9 points", "may mean 1 or 0.01", '"1" or "%"'),
        ("9,04 JPY", "not a number", "digits"),
        ("1e19", "not a number of at most", "digits"),
        ("1e12 JPY trn", "larger than 1e+18", "prefix"),
        ("nan", "does not begin with a number", "write"),
        ("", "does not begin with a number", "write"),
    ],
)
def test_invalid_quantities_are_refused(text: str, message: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_quantity(text)
    assert message in caught.value.message
    assert remedy in (caught.value.remedy or "")


@pytest.mark.parametrize(
    ("unit", "remedy"),
    [
        ("원", "did you mean `KRW`, or with a prefix `KRW bn`?"),
        ("엔", "did you mean `JPY`, or with a prefix `JPY bn`?"),
        ("달러", "did you mean `USD`, or with a prefix `USD bn`?"),
        ("유로", "did you mean `EUR`, or with a prefix `EUR bn`?"),
        ("위안", "did you mean `CNY`, or with a prefix `CNY bn`?"),
        ("ドル", "did you mean `USD`, or with a prefix `USD bn`?"),
        ("won", "did you mean `KRW`, or with a prefix `KRW bn`?"),
        ("YEN bn per year", "did you mean `JPY bn per year`?"),
        ("원 per year", "did you mean `KRW per year`?"),
        ("조 원", "did you mean `KRW trn`?"),
        ("兆円", "did you mean `JPY trn`?"),
        ("억원", "divide the number by 10 and write `KRW bn`"),
        ("万元", "divide the number by 100 and write `CNY m`"),
        ("KRW bnn", "did you mean `KRW bn`?"),
        ("bnn", "did you mean `bn`?"),
        ("KRW billion", "write `KRW bn`"),
        ("KRW bnn per aeon", "did you mean `bn`?"),
    ],
)
def test_the_remedy_for_a_unit_of_money_is_the_whole_unit_with_its_code(unit: str, remedy: str) -> None:
    for act in (lambda: parse_unit(unit), lambda: parse_value("5", unit)):
        with pytest.raises(InputError) as caught:
            act()
        assert caught.value.remedy == remedy


@pytest.mark.parametrize(("written", "case_unit", "factor"), [("조 원", "KRW trn", 10**12), ("억 원", "KRW bn", 10**8)])
def test_the_remedy_for_an_east_asian_scale_keeps_the_amount(written: str, case_unit: str, factor: int) -> None:
    with pytest.raises(InputError) as caught:
        parse_unit(written)
    remedy = str(caught.value.remedy)
    divided = re.search(r"by (\d+)", remedy)
    assert f"`{case_unit}`" in remedy
    assert parse_unit(case_unit).scale / int(divided[1] if divided else 1) == factor


def test_incompatible_units_cannot_be_added_compared_or_converted() -> None:
    yen, dollars = parse_quantity("1 JPY"), parse_quantity("1 USD")
    for act in (lambda: yen + dollars, lambda: yen < dollars, lambda: yen.to(parse_unit("USD"))):
        with pytest.raises(InputError, match="incompatible units"):
            act()


def test_values_of_facts_are_truths_days_texts_or_quantities() -> None:
    assert parse_value(True) is True
    assert parse_value("true") is True
    assert parse_value("2025-12-26") == date(2025, 12, 26)
    assert unit_of(parse_value("2025-12-26")) == DATE
    assert parse_value("engaging") == "engaging"
    assert parse_value("5", "k persons") == Quantity(Fraction(5), parse_unit("k persons"))
    with pytest.raises(InputError):
        parse_value("2025-13-26")
    with pytest.raises(InputError):
        parse_number("1e999")


@pytest.mark.parametrize(
    ("text", "written", "words"),
    [
        ("count of incursions", "count of incursions", "incursions"),
        ("count of fishing vessels per year", "count of fishing vessels per year", "fishing vessels per year"),
        ("count of k sorties", "count of sorties k", "sorties k"),
        ("count of ships", "ships", "ships"),
        ("USD m of 2023", "USD m of 2023", "USD m of 2023"),
        ("USD bn of 2023 per year", "USD bn of 2023 per year", "USD bn of 2023 per year"),
    ],
)
def test_counts_and_price_years_are_units(text: str, written: str, words: str) -> None:
    unit = parse_unit(text)
    assert (str(unit), unit.words) == (written, words)
    assert parse_unit(str(unit)) == unit


def test_counts_and_price_years_are_alike_only_with_themselves() -> None:
    frigates, incursions = parse_unit("count of frigates"), parse_unit("count of incursions")
    assert (
        not frigates.like(incursions) and not frigates.like(parse_unit("1")) and not frigates.like(parse_unit("ships"))
    )
    constant, nominal = parse_unit("USD m of 2023"), parse_unit("USD m")
    assert not constant.like(nominal) and not constant.like(parse_unit("USD m of 2022"))
    assert constant.like(parse_unit("USD bn of 2023"))
    assert parse_unit("count of UAV").currency is None and constant.currency is None


@pytest.mark.parametrize(
    "text",
    [
        "count of",
        "count of USD",
        "count of %",
        "count of years",
        "count of 5",
        "ships of 2020",
        "USD of 99",
        "USD per year of 2023",
        "of 2023",
    ],
)
def test_other_counts_and_price_years_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_unit(text)
