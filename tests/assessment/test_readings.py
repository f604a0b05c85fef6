"""What facts show about a test: the facts that it reads, and the comparison that decides it, with its numbers."""

from __future__ import annotations

import math
import operator
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.translation.leaves import untranslated

from tocsin.assessment.amounts import amount
from tocsin.assessment.facts_result import FactRead
from tocsin.assessment.readings import facts_read, shown
from tocsin.assessment.requests import truth_by_facts
from tocsin.assessment.versions import key_in_words
from tocsin.case import Case
from tocsin.case.compiled import Test
from tocsin.case.language import parse
from tocsin.case.units import ONE, parse_unit
from tocsin.case.values import parse_value


def case_of(facts: dict[str, str], **fields: Any) -> Case:
    """Return what tests of facts read of a case: facts by key, as written."""
    written = {
        key: SimpleNamespace(value=value, unit="", date="2026-01", source=("book",), expected=None, others=())
        for key, value in facts.items()
    }
    values = {key: parse_value(value) for key, value in facts.items()}
    actors = {"JPN": SimpleNamespace(name="Japan"), "PRK": SimpleNamespace(name="North Korea")}
    return cast(Case, SimpleNamespace(facts=written, values=values, actors=actors, **fields))


def settled(case: Case, test: Test) -> bool | None:
    """Return whether a test holds by the facts alone; None if they leave it open or undefined."""
    truth = truth_by_facts(case, test)
    return None if math.isnan(truth) else bool(truth)


FACTS = {
    "sites": "60 ships", "limit": "90 ships", "none": "0 ships", "third": "1", "three": "3", "share": "66 %", "war": "false",
    "eased.JPN.sanctions_2014": "true", "starts": "2026-04-01", "budget.JPN": "9035.3 JPY bn", "budget.old": "8700.5 JPY bn",
    "fx": "155.915 JPY per USD", "reported": "57.7 USD bn", "near": "0.99996", "term": "18 months", "loss": "-0.11",
}  # fmt: skip


@pytest.mark.parametrize(
    ("test", "holds", "text"),
    [
        ("fact(sites) > 90 ships", False, "60 ships, not above 90"),
        ("fact(sites) > 50 ships", True, "60 ships, above 50"),
        ("fact(sites) == 90 ships", False, "60 ships, not 90"),
        ("90 ships < fact(sites)", False, "60 ships, not above 90"),
        ("fact(sites) >= 60 ships", True, "60 ships, at least 60"),
        ("fact(sites) > 60 ships", False, "60 ships, not above 60"),
        ("fact(none) > 0", False, "0 ships, not above 0"),
        ("fact(share) < 50 %", False, "66 %, not below 50 %"),
        ("fact(share) < 0.5", False, "66 %, not below 50 %"),
        ("fact(term) > 2 years", False, "18 months, not above 24 months"),
        ("fact(loss) < 0", True, "−0.11, below 0"),
        ("fact(starts) <= 2026-01-06", False, "1 April 2026, after 6 January 2026"),
        ("fact(starts) > 2026-01-06", True, "1 April 2026, after 6 January 2026"),
        ("fact(budget.JPN) > fact(budget.old)", True, "9.0353 trillion JPY, above 8.7005 trillion JPY"),
        ("fact(budget.JPN) - fact(budget.old) > 0", True, "334.8 billion JPY, above 0"),
        ("fact(budget.JPN) / fact(budget.old) > 1.5", False, "1.038, not above 1.5"),
        ("fact(three) / fact(three) == 1", True, "1, equal to 1"),
        ("fact(third) / fact(three) != 0.3333", True, "33.333 %, not 33.33 %"),
        ("fact(third) / fact(three) < fact(three) / fact(third)", True, "0.3333, below 3"),
        ("fact(third) / fact(three) < 1", True, "33.33 %, below 100 %"),
        ("0.25 < fact(third) / fact(three)", True, "33.33 %, above 25 %"),
        ("fact(near) >= 1", False, "0.99996, below 1"),
        ("abs(fact(budget.JPN) - 9.04e12 JPY) < 0.005e12 JPY", True, "9.0353 trillion JPY, within 5 billion JPY of 9.04 trillion JPY"),
        ("abs(9.04 JPY trn - fact(budget.JPN)) > 5 JPY bn", False, "9.0353 trillion JPY, not more than 5 billion JPY from 9.04 trillion JPY"),
        ("abs(fact(budget.JPN) / fact(fx) / fact(reported) - 1) < 0.01", True, "57.95 billion USD, within 1 % of 57.7 billion USD"),
        ("abs(fact(budget.JPN) / fact(fx) / fact(reported) - 1) < 0.004335", False, "57.9502 billion USD, not within 0.4335 % of 57.7 billion USD"),
        ("abs(fact(share) - 66.67 %) < 5 %", True, "66 %, within 5 percentage points of 66.67 %"),
        ("abs(fact(share) - 67 %) < 1 %", False, "66 %, not within 1 percentage point of 67 %"),
        ("abs(fact(share) - 50 %) > 2.5 %", True, "66 %, more than 2.5 percentage points from 50 %"),
        ("abs(fact(share) / 66.67 % - 1) < 5 %", True, "66 %, within 5 % of 66.67 %"),
        ("fact(eased.JPN.sanctions_2014)", True, "eased Japan sanctions 2014: true"),
        ("not fact(eased.JPN.sanctions_2014)", False, "eased Japan sanctions 2014: true"),
        ("fact(war)", False, "war: false"),
        ("fact(war) == true", False, "war: false"),
        ("(1 > 2) == (2 > 3)", True, "true"),
        ("fact(war) == fact(eased.JPN.sanctions_2014)", False, "war: false; eased Japan sanctions 2014: true"),
        ("fact(sites) > 90 ships and fact(share) > 50 %", False, "sites: 60 ships, not above 90"),
        ("fact(sites) > 50 ships and fact(share) > 50 %", True, "sites: 60 ships, above 50; share: 66 %, above 50 %"),
        ("fact(sites) > 90 ships or fact(share) > 50 %", True, "share: 66 %, above 50 %"),
        ("fact(sites) > 90 ships or fact(war)", False, "sites: 60 ships, not above 90; war: false"),
        ("not (fact(sites) > 50 ships and fact(war))", True, "war: false"),
        ("not (fact(sites) > 50 ships)", False, "60 ships, above 50"),
        ("fact(budget.JPN) / fact(fx) > 1 USD bn and fact(war)", False, "war: false"),
        ("fact(budget.JPN) / fact(fx) > 1 USD trn and not fact(war)", False, "budget Japan / fx: 57.95 billion USD, not above 1 trillion USD"),
    ],
)  # fmt: skip
def test_facts_show_the_numbers_that_decide(test: str, holds: bool, text: str) -> None:
    case, compiled = case_of(FACTS), Test(parse(test))
    assert settled(case, compiled) is holds
    assert shown(case, compiled) == text
    assert (
        untranslated(
            shown(case, compiled),
            {*(actor.name for actor in case.actors.values()), *(key_in_words(case, key) for key in FACTS)},
        )
        == []
    )


def test_a_threshold_is_shown_in_its_unit() -> None:
    from tocsin.case.typing_rules import resolved

    unit = parse_unit("%")
    node = resolved(parse("fact(share) > threshold"), case_of(FACTS, beliefs={}), unit)
    assert shown(case_of(FACTS), Test(node, (50.0, 70.0), 70.0)) == "66 %, not above 70 %"


@pytest.mark.parametrize(
    ("test", "text"),
    [
        ("fact(sites) / fact(none) > 1", "it divides by none, which is 0"),
        ("1 / (fact(three) - 3) == 2", "it divides by three − 3, which is 0"),
        ("fact(war) or fact(sites) / fact(none) > 1", "it divides by none, which is 0"),
    ],
)
def test_a_division_by_zero_is_named(test: str, text: str) -> None:
    case, compiled = case_of(FACTS), Test(parse(test))
    assert settled(case, compiled) is None
    assert shown(case, compiled) == text


MODEL = "risk(rise) > 0.5"


@pytest.mark.parametrize(
    ("test", "holds", "text"),
    [
        (f"fact(sites) > 90 ships and {MODEL}", False, "sites: 60 ships, not above 90"),
        (f"{MODEL} or fact(sites) > 50 ships", True, "sites: 60 ships, above 50"),
        (f"not ({MODEL} and fact(war))", True, "war: false"),
        (f"fact(sites) > 50 ships and {MODEL}", None, ""),
        (f"not (fact(war) or {MODEL})", None, ""),
        (MODEL, None, ""),
        ("input(stake) > 1 and fact(sites) > 50 ships", None, ""),
        ("P(fact(sites) > 50 ships) > 0.5", True, "60 ships, above 50"),
        (f"P(fact(war) and {MODEL}) > 0", False, "war: false"),
    ],
)
def test_facts_alone_may_settle_a_test_that_also_asks_a_model(test: str, holds: bool | None, text: str) -> None:
    case, compiled = case_of(FACTS), Test(parse(test))
    assert settled(case, compiled) is holds
    assert shown(case, compiled) == text


def test_the_facts_of_a_test_are_listed_once_each_as_written_with_date_and_sources() -> None:
    node = parse("fact(budget.JPN) > fact(budget.old) and fact(budget.JPN) > 0 and fact(war)")
    read = facts_read(case_of(FACTS), node)
    assert [fact.key for fact in read] == ["budget.JPN", "budget.old", "war"]
    assert read[0] == FactRead(key="budget.JPN", value="9035.3 JPY bn", date="2026-01", sources=("book",))
    assert read[2].value == "false"


def test_a_fact_about_a_thing_to_come_says_when_it_is_due() -> None:
    case = case_of(FACTS)
    case.facts["sites"].expected = "2030"  # type: ignore[misc]
    (fact,) = facts_read(case, parse("fact(sites) > 1 ships"))
    assert (fact.date, fact.expected) == ("2026-01", "2030")


def test_a_key_is_put_in_words_with_the_names_of_actors() -> None:
    assert key_in_words(case_of({}), "said.PRK.2026-01-06.on_JPN") == "said North Korea 2026-01-06 on Japan"


DECIMALS = st.decimals("-1e14", "1e14", allow_nan=False, allow_infinity=False, places=9)
OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}


def as_number(text: str) -> Fraction:
    """Return the number that a printed amount in dollars says."""
    digits, *size = text.replace("−", "-").replace(",", "").split()
    scale = {"million": 10**6, "billion": 10**9, "trillion": 10**12}
    return Fraction(Decimal(digits)) * scale.get(size[0] if size else "", 1)


@given(x=DECIMALS, y=st.one_of(DECIMALS, st.none()), gap=st.integers(-9, 9), op=st.sampled_from(sorted(OPERATORS)))
def test_the_printed_numbers_always_show_the_outcome(x: Decimal, y: Decimal | None, gap: int, op: str) -> None:
    other = x + gap * Decimal("1e-9") if y is None else y
    case = case_of({"x": f"{x:f} USD", "y": f"{other:f} USD"})
    left, right = shown(case, Test(parse(f"fact(x) * 1 {op} fact(y) * 1"))).split(", ", 1)
    right, _, by = right.partition(", by ")
    words = right.split()
    number = " ".join(
        words[next(i for i, word in enumerate(words) if word.strip("−").replace(",", "")[:1].isdigit()) :]
    )
    if by:  # the two differ so little that the text states the difference
        assert as_number(by) > 0
        assert x != other
    else:
        assert OPERATORS[op](as_number(left), as_number(number)) is OPERATORS[op](x, other)
        assert (left.removesuffix(" USD") == number.removesuffix(" USD")) is (x == other)


@pytest.mark.parametrize(
    ("x", "text"),
    [("1.0000000000001", "1.0000000000001, above 1"), (f"1.{'0' * 29}1", "1.000, above 1, by 1e−30")],
)
def test_two_numbers_that_differ_late_are_told_apart(x: str, text: str) -> None:
    assert shown(case_of({"x": x}), Test(parse("fact(x) > 1"))) == text


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        ("0", "USD", "0 USD"),
        ("28500", "persons", "28,500 persons"),
        ("123456.7", "1", "123,457"),
        ("123456789", "persons", "123.5 million persons"),
        ("12e15", "JPY", "12,000 trillion JPY"),
        ("0.000123456789", "1", "0.0001235"),
        ("1e-12", "1", "1e−12"),
        ("0.05", "per year", "0.05 per year"),
        ("0.125", "%", "12.5 %"),
    ],
)
def test_an_amount_is_printed_in_full_if_it_is_short(number: str, unit: str, text: str) -> None:
    assert amount(Fraction(Decimal(number)), parse_unit(unit) if unit != "1" else ONE, 4).text == text
