"""The test language: trees, units and theatres, and refusals."""

from __future__ import annotations

import contextlib
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.case import Case
from tocsin.case.language import parse
from tocsin.case.nodes import (
    Binary,
    Call,
    Day,
    Fact,
    Input,
    Node,
    Number,
    Probability,
    Threshold,
    Truth,
    Unary,
    calls,
    facts,
    inputs,
    uses_threshold,
    year_offset,
)
from tocsin.case.typing_rules import resolved, unit_of_node
from tocsin.case.units import BOOL, ONE, PER_YEAR, STRENGTH, Unit, parse_unit
from tocsin.errors import InputError


def check(node: Node, case: Case) -> Unit:
    return unit_of_node(resolved(node, case), case, case.values, None)


def n(value: float) -> Number:
    return Number(Fraction(value))


TREES: list[tuple[str, Node]] = [
    ("1 < \u22122", Binary("<", n(1), n(-2))),
    ("1 + 2 * 3 < 4", Binary("<", Binary("+", n(1), Binary("*", n(2), n(3))), n(4))),
    ("1 - 2 - 3 == 0", Binary("==", Binary("-", Binary("-", n(1), n(2)), n(3)), n(0))),
    ("(1 + 2) * 3 > 4", Binary(">", Binary("*", Binary("+", n(1), n(2)), n(3)), n(4))),
    ("-threshold < 1", Binary("<", Unary("-", Threshold()), n(1))),
    (
        "true or false and not true",
        Binary("or", Truth(True), Binary("and", Truth(False), Unary("not", Truth(True)))),
    ),
    ("not 1 < 2", Unary("not", Binary("<", n(1), n(2)))),
    ("9.04e12 JPY", Number(Fraction(9_040_000_000_000), parse_unit("JPY"))),
    ("2 % + 3 bn", Binary("+", Number(Fraction(2), parse_unit("%")), Number(Fraction(3), parse_unit("bn")))),
    ("5 USD bn per year or true", Binary("or", Number(Fraction(5), parse_unit("USD bn per year")), Truth(True))),
    (
        "2025-12-26 < fact(a.b-c.2026-01-06)",
        Binary("<", Day(date(2025, 12, 26)), Fact("a.b-c.2026-01-06")),
    ),
    ("abs(input(stake.USA@taiwan))", Unary("abs", Input("stake.USA@taiwan"))),
    ("P(risk() > 0.1)", Probability(Binary(">", Call("risk"), Number(Fraction(1, 10))))),
    ("loss(plan)", Call("loss", events=("plan",))),
    ("loss(PRK, plan)", Call("loss", actor="PRK", events=("plan",))),
    ("loss(plan + amendment | drift)", Call("loss", events=("plan", "amendment"), given=("drift",))),
    ("risk(| a + b)", Call("risk", given=("a", "b"))),
    (
        "pillar(JPN, plan | drift in taiwan alike both)",
        Call(
            "pillar",
            actor="JPN",
            events=("plan",),
            given=("drift",),
            theatre="taiwan",
            alike="both",
        ),
    ),
    ("pillar(JPN, in taiwan)", Call("pillar", actor="JPN", theatre="taiwan")),
    ("pillar_by(2030, JPN, plan)", Call("pillar_by", actor="JPN", year=2030, events=("plan",))),
    ("risk_by(5)", Call("risk_by", year=5)),
    ("pull(KOR.alignment, plan)", Call("pull", regime="KOR.alignment", events=("plan",))),
    ("best_alone(press, plan)", Call("best_alone", instrument="press", events=("plan",))),
    ("hazard(KOR.alignment, leave)", Call("hazard", regime="KOR.alignment", way="leave")),
]


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_text_means_its_tree(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "column", "message", "remedy"),
    [
        ("loss(plan) = 3", 12, "cannot follow", "write =="),
        ("loss(plan) > 1 && true", 16, "cannot follow", "write and"),
        ("loss('plan') > 1", 6, "the name 'plan' is in quotes", "write plan"),
        ("loss(plan) ≤ 1", 12, "cannot follow", "write <="),
        ("loss(plan) ≥ 1", 12, "cannot follow", "write >="),
        ("loss(plan) ≠ 1", 12, "cannot follow", "write !="),
        ("loss(plan) × 2 > 1", 12, "cannot follow", "write *"),
        ("loss(plan) > 1 AND true", 16, "unknown unit", "write `and` in small letters"),
        ("fact(x) > 9 YEN bn", 13, "unknown unit", "did you mean `JPY bn`?"),
        ("loss(plan) > 2 ** 3", 17, "cannot follow", "no power"),
        ("loss(plan", 10, "ends too soon, after `loss(plan`", "write the closing bracket"),
        ("", 1, "the test is empty", "write a comparison"),
        ("fact(x", 7, "ends too soon, after `fact(x`", "write the closing bracket"),
        ("fact(x) >", 10, "ends too soon, after `fact(x) >`", "write a value: a number, fact(KEY)"),
        ("fact(x) within 3", 17, "ends too soon", "write `of` and the value"),
        ("fact(x) 3", 9, "`3` cannot follow `fact(x)`", "compare it with something"),
        ("fact(x) > 3 fact(y) > 2", 17, "`(y)` cannot follow `fact(x) > 3 fact`", "join the next comparison"),
        ("fact(x) > 3 adn fact(y) > 2", 21, "cannot follow", "did you mean `and`?"),
        ("fact(x) > 3 AND fact(y) > 2", 21, "cannot follow", "did you mean `and`?"),
        ("fact(x) withn 3 of 4", 9, "`withn` cannot follow `fact(x)`", "did you mean `within`?"),
        ("fact(x) is greater than 3", 9, "`is` cannot follow `fact(x)`", "write >"),
        ("fact(x) at most 3", 9, "`at` cannot follow", "write <="),
        ("fact(x) is 3", 9, "`is` cannot follow", "write =="),
        ("fact(x) => 3", 9, "`=>` cannot follow", "write >="),
        ("fact(x) > > 3", 11, "`>` cannot follow `fact(x) >`", "take out one of the two signs"),
        ("fact(x > 3", 8, "`>` cannot follow `fact(x`", "close the bracket after `fact(x`"),
        ("fact(x y) > 3", 8, "`y)` cannot follow `fact(x`", "a name has no spaces"),
        ("fact x > 3", 6, "`x` cannot follow `fact`", "write fact(x)"),
        ("loss plan > 3", 6, "`plan` cannot follow `loss`", "write loss(plan)"),
        ("fact[x] > 3", 5, "`[x]` cannot follow `fact`", "write round brackets ( )"),
        ("fact(x) > 3)", 12, "`)` cannot follow", "take out this bracket"),
        ("if fact(x) > 3", 4, "`fact(x)` cannot follow `if`", "leave out if"),
        ("fact() > 3", 6, "`)` cannot follow `fact(`", "write the key of a fact"),
        ("input() > 3", 7, "`)` cannot follow `input(`", "write the name of a belief"),
        ("fact(x) ＞ 3", 9, "`＞` cannot follow `fact(x)`", "write >"),
        ("fact（x） > 3", 5, "`（x）` cannot follow `fact`", "write ("),
        ("fact(x) > $3", 11, "`$3` cannot follow", "such as 3 USD"),
        ("loss(plan and drift) > 0", 11, "`and` cannot follow `loss(plan`", "write + between events"),
        ("loss(plan + ) > 0", 13, "`)` cannot follow `loss(plan +`", "write a name"),
        ("팩트(x) > 3", 1, "a test cannot begin with `팩트(x)`", "write a value"),
        (
            " > ".join(["fact(long_name)"] * 5) + " 3",
            89,
            "`3` cannot follow `…> fact(long_name) > fact(long_name)`",
            "join",
        ),
        ("pul(plan) > 0", 1, "unknown quantity", "did you mean `pull`?"),
        ("fear(plan) > 0", 1, "unknown quantity", "write `loss`"),
        ("fear_aim(plan) > 0", 1, "unknown quantity", "write `loss_aim`"),
        ("fear_survival(plan) > 0", 1, "unknown quantity", "write `loss_survival`"),
        ("pull(plan + drift) > 0", 1, "needs a regime first", "pull(REGIME"),
        ("risk_by(JPN) > 0", 9, "needs a year first", "risk_by(YEAR"),
        ("risk_by(2.5) > 0", 9, "not a year", "whole year"),
        ("1e308 * 1e308 * 1e308 > 1", 1, "'1e308' is not a number of at most 1e+18 in size", "check the digits"),
        ("risk(plan) > 1e-400", 14, "'1e-400' is too near 0", "check the exponent"),
        ("best_alone(pres) > 0", 12, "not an instrument", "press"),
        ("risk(rise in strait type security) > 0", 21, "cannot choose a type", "leave out type"),
        ("hazard(X.y, go) > 0", 13, "neither leave nor return", "leave, return"),
        ("hazard(X.y, leave, plan) > 0", 20, "too many arguments", "hazard(REGIME"),
        ("loss(A, b, c) > 0", 12, "too many arguments", "loss("),
        ("loss(plan + plan) > 0", 13, "named twice", "once"),
        ("loss(plan in a in b) > 0", 16, "given twice", "once"),
        ("loss(3) > 0", 6, "not an event", "EVENTS"),
        ("3 foos > 0", 3, "unknown unit", "use one of"),
        ("1e30 > 0", 1, "not a number of at most", "digits"),
        ("2025-02-30 < 2025-03-01", 1, "not a day", "YYYY"),
        ("__import__(os)", 1, "a test cannot begin with `__import__(os)`", "write a value"),
        ("(" * 41 + "1" + ")" * 41, 41, "nested more than 40", "split"),
        ("1" + " + 1" * 45, None, "operations deep", "split"),
        ("-" * 1999 + "x", None, "", ""),
        ("not " * 400 + "true", None, "operations deep", "split"),
        ("1" * 2001, 1, "more than 2000", "split"),
    ],
)
def test_invalid_tests_are_refused_with_their_column(text: str, column: int | None, message: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert message in caught.value.message
    assert remedy in (caught.value.remedy or "")
    assert caught.value.column is not None
    if column is not None:
        assert caught.value.column == column


@given(st.text(max_size=60))
def test_any_text_parses_or_is_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        parse(text)


pieces = st.sampled_from(
    [
        "loss",
        "risk",
        "(",
        ")",
        "+",
        "|",
        ",",
        "in",
        "plan",
        "JPN",
        "1",
        "2 %",
        "<",
        "and",
        "not",
        "P",
        "threshold",
    ]
)


@given(st.lists(pieces, max_size=30))
def test_any_words_parse_or_are_refused(words: list[str]) -> None:
    with contextlib.suppress(InputError):
        parse(" ".join(words))


def test_quantities_facts_and_inputs_of_a_test_are_listed() -> None:
    node = parse("loss(rise) > threshold and fact(a.b) > 0 or input(precision) > loss(rise)")
    assert calls(node) == {Call("loss", events=("rise",))}
    assert facts(node) == {"a.b"}
    assert inputs(node) == {"precision"}
    assert uses_threshold(node)


def test_years_count_from_as_of_or_by_the_calendar() -> None:
    assert year_offset(2030, date(2026, 1, 7)) == 4
    assert year_offset(4, date(2026, 1, 7)) == 4


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("loss(ALF, rise) > 0", BOOL),
        ("P(risk() > 0.2)", ONE),
        ("strength(BET, rise)", STRENGTH),
        ("strength(BET) / strength(ALF)", ONE),
        ("ratio(rise) > 1", BOOL),
        ("hazard(GAM.alignment, leave)", PER_YEAR),
        ("input(growth.ALF)", PER_YEAR),
        ("fact(budget.BET.2024) / 2 USD", ONE),
        ("fact(budget.BET.2024) > 0", BOOL),
        ("fact(said.ALF.budget) == true", BOOL),
        ("fact(said.ALF.budget) and true", BOOL),
        ("pillar_all(GAM) + 3 %", ONE),
        ("strength_at(0, BET) > strength_at(2034, BET)", BOOL),
        ("pillar(BET in strait alike both)", ONE),
    ],
)
def test_units_follow_from_the_parts(case: Case, text: str, unit: object) -> None:
    result = check(parse(text), case)
    assert result.base == getattr(unit, "base", unit)


@pytest.mark.parametrize(
    ("text", "column", "message", "remedy"),
    [
        ("strength(BET) > 3", 15, "incompatible units", "its unit"),
        ("fact(budget.BET.2024) > 3 XTS", 23, "incompatible units", "same kind of unit"),
        ("loss(rise) + strength(BET) > 0", 12, "incompatible units", "same kind of unit"),
        ("fact(budget.BET.2042) > 3 USD", 1, "unknown fact", "budget.BET.2024"),
        ("input(precison) > 3", 1, "unknown belief", "precision"),
        ("loss(ALF, ris) > 0", 1, "unknown event", "rise"),
        ("loss(BET, rise) > 0", 1, "not defined for `BET`", "name ALF"),
        ("risk(BET) > 0.1", 1, "not defined for `BET`", "name ALF"),
        ("loss(ALF) > 0.1", 1, "without an event is always 0", "name an event"),
        ("risk(ALF + rise) > 0.1", 1, "unknown event `ALF`", "rise"),
        ("risk(XXX) > 0.1", 1, "unknown event `XXX`", "rise"),
        ("loss(XXX, rise) > 0", 1, "unknown actor", "ALF"),
        ("pillar(GAM, rise) > 0", 1, "not defined for `GAM`", "name BET"),
        ("loss() > 0", 1, "without an event is always 0", "name an event"),
        ("pull(GAM.alignmant) > 0", 1, "unknown regime", "GAM.alignment"),
        ("risk(in strat) > 0", 1, "unknown theatre", "strait"),
        ("risk(alike bot) > 0", 1, "unknown group", "both"),
        ("risk_by(11) > 0", 1, "outside the horizon", "1 to 10"),
        ("risk_by(2024) > 0", 1, "outside the horizon", "2025 to 2034"),
        ("p_war_by(2035) > 0.1", 1, "outside the horizon", "2025 to 2034"),
        ("p_war_by(rise) > 0.1", 10, "needs a year first", "p_war_by(YEAR"),
        ("risk_by(4) > 0", 1, "not computed for year 4", "ask for year 5, 10, or add it to the theatre's `milestones`"),
        ("loss(rise) > threshold", 14, "has none", "add threshold"),
        ("loss(rise) and true", 12, "needs a truth", "compare"),
        ("P(loss(rise)) > 0", 1, "needs a truth", "compare"),
        ("not loss(rise)", 1, "needs a truth", "compare"),
        ("true < false", 6, "no order", "=="),
        ("2024-01-01 < 3", 12, "incompatible units", "same kind of unit"),
        ("2024-01-01 < 0", 12, "incompatible units", "same kind of unit"),
        ("-true", 1, "needs numbers", "compare"),
    ],
)
def test_unknown_names_and_incompatible_units_are_refused(
    case: Case, text: str, column: int, message: str, remedy: str
) -> None:
    with pytest.raises(InputError) as caught:
        check(parse(text), case)
    assert message in caught.value.message
    assert remedy in (caught.value.remedy or "")
    assert caught.value.column == column


def test_a_number_may_count_what_a_fact_of_the_case_counts() -> None:
    counts = frozenset({"incursions", "fishing vessels"})
    assert parse("fact(x) > 300 incursions", counts) == parse("fact(x) > 300 count of incursions")
    assert parse("fact(x) > 3 fishing_vessels per year", counts) == parse(
        "fact(x) > 3 count of fishing vessels per year"
    )
    money = parse("5 USD m of 2023 > fact(x) and fact(y) > 1", counts)
    assert money == parse("(5 USD m of 2023 > fact(x)) and (fact(y) > 1)")
    with pytest.raises(InputError, match="unknown unit 'incursion'"):
        parse("fact(x) > 300 incursion", counts)
