"""Facts are scaled, added and compared exactly: the unit in which a number is written never decides a test."""

from __future__ import annotations

import operator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import minimal_case

from tocsin.assessment.evaluate import Evaluator
from tocsin.case import Case
from tocsin.case.language import parse
from tocsin.case.units import PREFIXES, Quantity, as_decimal, exact, parse_quantity
from tocsin.case.values import parse_value
from tocsin.errors import CaseErrors

ENACTED = 'holds: "fact(budget.BET.2024) > 10 USD bn"'


def with_facts(folder: Path, values: dict[str, str], test: str, threshold: str = "") -> Case:
    """Load the minimal case with the facts `x0`, `x1`, ..., and a claim with this test of them."""
    written = "".join(f"  {name}: {{{value}, source: book, confidence: confirmed}}\n" for name, value in values.items())
    return minimal_case(folder, replace={"facts:\n": f"facts:\n{written}", ENACTED: f'holds: "{test}"{threshold}'})


def decided(case: Case) -> bool:
    """Whether the claim's test holds at its central threshold."""
    test = case.tests["C3"][""]
    return bool(Evaluator(case, None, np.ones(1), test.central).truth(test.node)[0])


@pytest.mark.parametrize(
    ("value", "test", "holds"),
    [
        ("8.47 JPY trn", "fact(x) == 8.47e12 JPY", True),
        ("65.9 KRW trn", "fact(x) <= 65900 KRW bn", True),
        ("1.8 %", "fact(x) == 0.018", True),
        ("1.1 %", "fact(x) > 0.011", False),
        ("0.3 %", "0.1 % + 0.2 % == fact(x)", True),
        ("0.3", "0.1 + 0.2 == fact(x)", True),
        ("0.3", "fact(x) - 0.1 - 0.2 == 0", True),
        ("1.1 USD k", "fact(x) / 11 USD == 100", True),
        ("7 %", "100 * fact(x) == 7", True),
        ("1 years", "12 months == fact(x)", True),
        ("365.25 days", "fact(x) == 1 years", True),
        ("-0.7 %", "abs(fact(x)) == 0.007", True),
        ("9007199254740993 JPY", "fact(x) == 9007199254740992 JPY", False),
        ("12 USD bn", "P(fact(x) == 12000 USD m) == 1", True),
    ],
)
def test_a_test_of_facts_is_decided_by_the_numbers_as_written(
    tmp_path: Path, value: str, test: str, holds: bool
) -> None:
    assert decided(with_facts(tmp_path, {"x": f'value: "{value}"'}, test)) is holds


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ('value: 8.47, unit: "JPY trn"', True),
        ('value: 8470, unit: "JPY bn"', True),
        ('value: 8470.1, unit: "JPY bn"', False),
    ],
)
def test_a_bare_number_with_a_unit_is_as_exact_as_a_text(tmp_path: Path, value: str, holds: bool) -> None:
    assert decided(with_facts(tmp_path, {"x": value}, "fact(x) == 8.47e12 JPY")) is holds


def test_whole_numbers_beyond_a_floats_precision_stay_whole(tmp_path: Path) -> None:
    case = with_facts(tmp_path, {"x": 'value: 9007199254740993, unit: "JPY"'}, "fact(x) == 9007199254740993 JPY")
    assert decided(case)


@pytest.mark.parametrize(
    ("unit", "values", "central", "holds"),
    [
        ("JPY trn", "[1, 8.47]", "8.47", True),
        ("JPY bn", "[1, 8470]", "8470", True),
        ("JPY bn", "[1, 8470.1]", "8470.1", False),
        ("JPY", "[1, 8.47e12]", "8.47e12", True),
    ],
)
def test_a_threshold_counts_in_its_unit(tmp_path: Path, unit: str, values: str, central: str, holds: bool) -> None:
    threshold = f', threshold: {{values: {values}, central: {central}, unit: "{unit}"}}'
    assert decided(with_facts(tmp_path, {"x": 'value: "8.47 JPY trn"'}, "fact(x) >= threshold", threshold)) is holds


def test_a_threshold_in_per_cent_is_a_share(tmp_path: Path) -> None:
    threshold = ', threshold: {values: [1, 1.8], central: 1.8, unit: "%"}'
    assert decided(with_facts(tmp_path, {"x": "value: 0.018"}, "fact(x) == threshold", threshold))


@pytest.mark.parametrize(
    ("value", "range_"),
    [
        ('value: "1.8 %"', "0.010 to 0.018"),
        ('value: "8.47 JPY trn"', "8470 to 8471 JPY bn"),
        ('value: "0.3 %"', "0.003 to 0.003"),
    ],
)
def test_a_value_at_the_end_of_its_range_lies_in_it(tmp_path: Path, value: str, range_: str) -> None:
    assert with_facts(tmp_path, {"x": f'{value}, range: "{range_}"'}, "fact(x) != fact(x)")


def test_a_value_just_outside_its_range_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseErrors, match="outside its range"):
        with_facts(tmp_path, {"x": 'value: "1.8 %", range: "0.010 to 0.01799999999999999999"'}, "fact(x) > 0")


def with_draws(case: Case, draws: list[float]) -> Evaluator:
    return Evaluator(
        case, cast(Any, SimpleNamespace(draws={"spending.ALF": np.array(draws)})), np.full(len(draws), 0.5)
    )


def test_a_belief_counts_in_its_unit(tmp_path: Path) -> None:
    case = minimal_case(tmp_path, replace={ENACTED: 'holds: "input(spending.ALF) >= 8.47 USD bn per year"'})
    node = case.tests["C3"][""].node
    assert with_draws(case, [8.0, 9.0]).truth(node).tolist() == [0.0, 1.0]
    assert with_draws(case, [8.47, 8.47]).truth(node).tolist() == [1.0, 1.0]
    assert with_draws(case, [8.0, 9.0]).margin(node) == pytest.approx([-0.47e9, 0.53e9])


NO_CASE = cast(Case, None)
"""Numbers alone read nothing of a case."""

decimals = st.decimals(-(10**5), 10**5, allow_nan=False, allow_infinity=False, places=6)
prefixes = st.sampled_from(["", *PREFIXES])
OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def in_prefix(number: Decimal, prefix: str) -> str:
    """The same number of yen, written with a prefix."""
    return f"{number / PREFIXES.get(prefix, 1):f} JPY {prefix}"


@settings(deadline=None)
@given(decimals, decimals, prefixes, prefixes, st.sampled_from(sorted(OPERATORS)))
def test_units_never_change_a_comparison(x: Decimal, y: Decimal, one: str, two: str, sign: str) -> None:
    node = parse(f"{in_prefix(x, one)} {sign} {in_prefix(y, two)}")
    assert bool(Evaluator(NO_CASE, None, np.ones(1)).truth(node)[0]) is OPERATORS[sign](x, y)


@settings(deadline=None)
@given(decimals, decimals, prefixes, prefixes, prefixes)
def test_units_never_change_a_sum(x: Decimal, y: Decimal, one: str, two: str, three: str) -> None:
    node = parse(f"{in_prefix(x, one)} + {in_prefix(y, two)} - {in_prefix(x + y, three)} == 0 JPY")
    assert Evaluator(NO_CASE, None, np.ones(1)).truth(node).all()


@settings(deadline=None)
@given(decimals, decimals)
def test_a_share_equals_its_per_cent(x: Decimal, y: Decimal) -> None:
    node = parse(f"{x} % + {y} % == {(x + y) / 100:f}")
    assert Evaluator(NO_CASE, None, np.ones(1)).truth(node).all()


@settings(deadline=None)
@given(decimals, prefixes)
def test_quantities_order_by_their_amount(x: Decimal, prefix: str) -> None:
    written, plain = parse_quantity(in_prefix(x, prefix)), parse_quantity(f"{x} JPY")
    assert written <= plain and plain <= written
    assert written.base == plain.base == Fraction(x)
    assert written.to(plain.unit) == plain


@settings(deadline=None)
@given(st.floats(-1e15, 1e15))
def test_a_float_stands_for_its_shortest_decimal(x: float) -> None:
    assert float(exact(x)) == x
    assert parse_value(x) == parse_value(repr(x)) or x != x


@settings(deadline=None)
@given(decimals)
def test_a_number_is_written_out_in_full(x: Decimal) -> None:
    assert Fraction(as_decimal(Fraction(x))) == x


def test_a_number_without_an_end_is_written_to_the_precision_of_a_float() -> None:
    assert as_decimal(Fraction(1, 3)) == repr(1 / 3)
    assert as_decimal(Fraction(9007199254740993)) == "9007199254740993"
    assert str(Quantity(Fraction(1, 8))) == "0.125"


def test_a_number_with_a_huge_negative_exponent_is_refused_at_once() -> None:
    with pytest.raises(Exception, match="too near 0"):
        parse_quantity("1e-999999999 JPY")
    with pytest.raises(Exception, match="too near 0"):
        parse("1e-999999999 > 0")
    assert parse_quantity("0e-999999999 JPY").base == 0


def test_products_beyond_every_float_are_compared_without_an_error(tmp_path: Path) -> None:
    factors = " * ".join(["1e18"] * 30)
    assert decided(with_facts(tmp_path, {"x": "value: 1"}, f"fact(x) < {factors}"))
    beyond = parse(f"P(true) * {factors} > 0")
    assert np.isnan(Evaluator(NO_CASE, None, np.ones(1)).truth(beyond)).all()
